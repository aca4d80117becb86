#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "web/assets.h"

/* What `command` prints when it reads these bytes; returns how much of `out` was filled. */
static size_t piped(const char *command, const unsigned char *bytes, size_t n, char *out,
		    size_t room)
{
	char file[] = "/tmp/kefu-asset-XXXXXX";
	int fd = mkstemp(file);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);

	char line[128];
	snprintf(line, sizeof(line), "%s < %s", command, file);
	FILE *pipe = popen(line, "r");
	assert_non_null(pipe);
	size_t got = fread(out, 1, room, pipe);
	assert_int_equal(pclose(pipe), 0);
	unlink(file);
	return got;
}

static void what_the_demo_page_asks_for_is_there(void **state)
{
	(void)state;
	static const char *const paths[] = {
		"/",	      "/demo.css", "/demo.js",	       "/favicon.svg",
		"/widget.js", "/voice.js", "/voice-worklet.js"};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct asset *a = asset_find(str_of(paths[i]));
		assert_non_null(a);
		assert_string_equal(a->path, paths[i]);
		assert_true(a->n > 0);
	}
	assert_string_equal(asset_find(STR("/"))->type, "text/html; charset=utf-8");
	assert_string_equal(asset_find(STR("/widget.js"))->type, "text/javascript; charset=utf-8");
}

static void only_an_exact_path_finds_an_asset(void **state)
{
	(void)state;
	assert_null(asset_find(STR("")));
	assert_null(asset_find(STR("/widget.js?v=1")));
	assert_null(asset_find(STR("/widget")));
	assert_null(asset_find(STR("/../widget.js")));
	assert_null(asset_find((struct str){"/widget.js\0", 11}));
}

static void the_gzip_bytes_unpack_to_the_plain_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *a = &asset_table[i];
		if (!a->gzip)
			continue;
		assert_true(a->gzip_n < a->n);
		char *plain = malloc(a->n + 1);
		assert_non_null(plain);
		assert_int_equal(piped("gzip -dc", a->gzip, a->gzip_n, plain, a->n + 1), a->n);
		assert_memory_equal(plain, a->bytes, a->n);
		free(plain);
	}
}

static void the_etag_is_the_start_of_the_sha256_in_quotes(void **state)
{
	(void)state;
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *a = &asset_table[i];
		char sum[65] = "";
		assert_int_equal(piped("sha256sum", a->bytes, a->n, sum, 64), 64);
		char tag[23];
		snprintf(tag, sizeof(tag), "\"%.20s\"", sum);
		assert_string_equal(a->etag, tag);
	}
}

static void the_widget_stays_under_20_kilobytes_on_the_wire(void **state)
{
	(void)state;
	const struct asset *widget = asset_find(STR("/widget.js"));
	assert_non_null(widget);
	assert_true(widget->gzip_n > 0);
	assert_true(widget->gzip_n < 20 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_demo_page_asks_for_is_there),
		cmocka_unit_test(only_an_exact_path_finds_an_asset),
		cmocka_unit_test(the_gzip_bytes_unpack_to_the_plain_ones),
		cmocka_unit_test(the_etag_is_the_start_of_the_sha256_in_quotes),
		cmocka_unit_test(the_widget_stays_under_20_kilobytes_on_the_wire),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
