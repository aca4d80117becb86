#include "unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text/file.h"

/* A nameless file with that text, read from its beginning. */
static int file_of(const char *text)
{
	char path[] = "/tmp/kefu-file-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void a_file_is_read_to_its_end_or_to_the_limit(void **state)
{
	struct buf b = {0};
	int fd = file_of("intents:\n");

	(void)state;
	assert_int_equal(file_read(fd, 100, &b), 0);
	assert_str(buf_view(&b), "intents:\n");
	assert_int_equal(b.p[b.n], 0);
	assert_int_equal(file_read(fd, 100, &b), 0); /* nothing is left */
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(file_read(fd, 3, &b), 0);
	assert_str(buf_view(&b), "intents:\nint");
	assert_int_equal(file_read(fd, 0, &b), 0);
	assert_str(buf_view(&b), "intents:\nint");
	close(fd);
	buf_done(&b);
}

static void what_comes_in_pieces_is_one_text(void **state)
{
	struct buf b = {0};
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		for (int i = 0; i < 50; i++) {
			if (write(ends[1], "0123456789", 10) != 10)
				_exit(1);
			usleep(200);
		}
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(file_read(ends[0], 1000, &b), 0);
	assert_int_equal(b.n, 500);
	assert_memory_equal(b.p + 490, "0123456789", 10);
	close(ends[0]);
	assert_true(wait(NULL) > 0);
	buf_done(&b);
}

static void why_it_cannot_be_read_is_told(void **state)
{
	struct buf b = {0};
	int folder = open("/tmp", O_RDONLY | O_DIRECTORY);

	(void)state;
	buf_cstr(&b, "before");
	assert_int_equal(file_read(folder, 10, &b), ERR_IO);
	assert_int_equal(errno, EISDIR);
	assert_str(buf_view(&b), "before");
	close(folder);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_to_its_end_or_to_the_limit),
		cmocka_unit_test(what_comes_in_pieces_is_one_text),
		cmocka_unit_test(why_it_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
