/* Runs a fuzz target over its corpus as an ordinary test, where there is no libFuzzer: every file
 * of the folders given, whole and cut short at every byte (which is where parsers read too far). */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS_UP_TO = 4096 };

static size_t run_bytes(const uint8_t *data, size_t size)
{
	size_t runs = 0;

	for (size_t n = size < CUTS_UP_TO ? 0 : size; n <= size; n++, runs++) {
		/* A malloc of exactly n bytes, so that AddressSanitizer sees one byte too many. */
		uint8_t *copy = malloc(n ? n : 1);

		if (!copy)
			abort();
		memcpy(copy, data, n);
		LLVMFuzzerTestOneInput(copy, n);
		free(copy);
	}
	return runs;
}

static size_t run_file(const char *path)
{
	static uint8_t data[1 << 20];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (!f) {
		perror(path);
		exit(2);
	}
	n = fread(data, 1, sizeof data, f);
	fclose(f);
	return run_bytes(data, n);
}

static size_t run_folder(const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	size_t files = 0, runs = 0;

	if (!d) {
		perror(folder);
		exit(2);
	}
	while ((entry = readdir(d))) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		runs += run_file(path);
		files++;
	}
	closedir(d);
	if (!files) {
		fprintf(stderr, "%s: no inputs\n", folder);
		exit(1);
	}
	return runs;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s: %zu inputs\n", argv[i], run_folder(argv[i]));
	return argc < 2;
}
