/* Runs a fuzz target once over every file of the folders and files named: how a corpus is an
 * ordinary test where libFuzzer is not built in. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	struct buf b = {0};
	char chunk[4096];
	size_t n;
	FILE *f = fopen(path, "rb");

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_put(&b, chunk, n);
	fclose(f);
	buf_reserve(&b, 1); /* so that an empty file has an address, too */
	LLVMFuzzerTestOneInput((const uint8_t *)b.p, b.n);
	buf_done(&b);
	return 1;
}

/* Files run; -1 when one could not be read. */
static int run_path(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int n = 0;

	if (!d)
		return run_file(path);
	while ((e = readdir(d))) {
		char file[4096];
		int rc;

		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof file, "%s/%s", path, e->d_name);
		rc = run_path(file);
		if (rc < 0) {
			closedir(d);
			return -1;
		}
		n += rc;
	}
	closedir(d);
	return n;
}

int main(int argc, char **argv)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		int rc = run_path(argv[i]);

		if (rc < 0)
			return 1;
		n += rc;
	}
	printf("%d inputs\n", n);
	return n ? 0 : 1; /* a corpus that is not there tests nothing */
}
