#include "text/file.h"

#include <errno.h>
#include <unistd.h>

int file_read(int fd, size_t most, struct buf *out)
{
	buf_reserve(out, most + 1);
	while (most) {
		ssize_t got = read(fd, out->p + out->n, most);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERR_IO;
		if (got == 0)
			break;
		out->n += (size_t)got;
		most -= (size_t)got;
	}
	out->p[out->n] = '\0';
	return 0;
}
