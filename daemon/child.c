#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"

enum { CHUNK = 65536, LOOK_MS = 10, NICENESS = 10 };

struct child {
	const struct child_job *job;
	pid_t pid;
	int in, out; /* our ends; -1 = closed */
	size_t written, read;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- starting ---- */

static int actions_fill(posix_spawn_file_actions_t *fa, int in, int out)
{
	int rc = posix_spawn_file_actions_adddup2(fa, in, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(fa, out, 1);
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(fa, 2, "/dev/null", O_WRONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(fa, 3);
	return rc;
}

/* The daemon blocks signals and ignores some; both would be inherited. */
static int attributes_fill(posix_spawnattr_t *at)
{
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	rc = posix_spawnattr_setsigmask(at, &none);
	if (rc == 0)
		rc = posix_spawnattr_setsigdefault(at, &all);
	if (rc == 0)
		rc = posix_spawnattr_setpgroup(at, 0);
	if (rc == 0)
		rc = posix_spawnattr_setflags(at, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
							  POSIX_SPAWN_SETPGROUP);
	return rc;
}

static int spawn(char *const *argv, int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	char path[4096], lang[] = "LANG=C.UTF-8";
	char *env[] = {path, lang, NULL};
	const char *ours = getenv("PATH");
	int rc;

	snprintf(path, sizeof path, "PATH=%s", ours ? ours : "/usr/local/bin:/usr/bin:/bin");
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&at);
	rc = actions_fill(&fa, in, out);
	if (rc == 0)
		rc = attributes_fill(&at);
	if (rc == 0)
		rc = posix_spawnp(pid, argv[0], &fa, &at, argv, env);
	posix_spawnattr_destroy(&at);
	posix_spawn_file_actions_destroy(&fa);
	return rc;
}

/* What posix_spawn cannot set. It may fail where rights are tight; the child is then only less modest. */
static void humble(pid_t pid)
{
	struct rlimit none = {0, 0};
	char path[64];
	int fd;

	prlimit(pid, RLIMIT_CORE, &none, NULL);
	setpriority(PRIO_PROCESS, (id_t)pid, NICENESS);
	snprintf(path, sizeof path, "/proc/%d/oom_score_adj", (int)pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		ssize_t n = write(fd, "1000", 4);

		(void)n;
		close(fd);
	}
}

static int start(struct child *c, struct err *err)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, rc;

	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		rc = errno;
	else
		rc = spawn(c->job->argv, in[0], out[1], &c->pid);
	close_end(&in[0]);
	close_end(&out[1]);
	c->in = in[1];
	c->out = out[0];
	if (rc != 0) {
		close_end(&c->in);
		close_end(&c->out);
		return err_set(err, ERR_NOT_FOUND, "%s cannot be started: %s", c->job->argv[0],
			       strerror(rc));
	}
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	fcntl(c->out, F_SETFL, O_NONBLOCK);
	humble(c->pid);
	return 0;
}

/* ---- talking ---- */

static bool told_to_quit(const struct child_job *job)
{
	struct pollfd p = {job->quit_fd, POLLIN, 0};

	return job->quit_fd >= 0 && poll(&p, 1, 0) > 0;
}

static void feed(struct child *c)
{
	struct str rest = str_sub(c->job->in, c->written, c->job->in.n);
	ssize_t n = rest.n ? write(c->in, rest.p, rest.n) : 0;

	if (n > 0)
		c->written += (size_t)n;
	/* A reader that has heard enough closes its end: EPIPE. */
	if (c->written == c->job->in.n || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&c->in);
}

static int listen_to(struct child *c, struct buf *out, struct err *err)
{
	ssize_t n;

	buf_reserve(out, CHUNK);
	n = read(c->out, out->p + out->n, CHUNK);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		close_end(&c->out);
		return 0;
	}
	out->n += (size_t)n;
	c->read += (size_t)n;
	if (c->read > c->job->out_max)
		return err_set(err, ERR_LIMIT, "%s writes more than %zu bytes", c->job->argv[0],
			       c->job->out_max);
	return 0;
}

static int late(const struct child *c, struct err *err)
{
	return err_set(err, ERR_BUSY, "%s did not end in time", c->job->argv[0]);
}

/* Until it has closed its output. */
static int talk(struct child *c, struct buf *out, struct err *err)
{
	int rc = 0;

	while (c->out >= 0 && rc == 0) {
		struct pollfd p[] = {
			{c->out, POLLIN, 0}, {c->in, POLLOUT, 0}, {c->job->quit_fd, POLLIN, 0}};

		if (poll(p, 3, LOOK_MS * 10) < 0 && errno != EINTR)
			return err_set(err, ERR_IO, "poll: %s", strerror(errno));
		if (p[1].revents)
			feed(c);
		if (p[0].revents)
			rc = listen_to(c, out, err);
		if (rc == 0 && c->out >= 0 && (p[2].revents || deadline_passed(&c->job->deadline)))
			rc = late(c, err);
	}
	return rc;
}

/* ---- ending ---- */

static int judge(const struct child *c, const siginfo_t *end, struct err *err)
{
	const char *name = c->job->argv[0];

	if (end->si_code != CLD_EXITED)
		return err_set(err, ERR_IO, "%s was ended by signal %d", name, end->si_status);
	if (end->si_status != 0)
		return err_set(err, ERR_IO, "%s ended with status %d", name, end->si_status);
	return 0;
}

/* It has closed its output and should be through in a moment. */
static int await(struct child *c, struct err *err)
{
	for (;;) {
		siginfo_t end = {0};

		/* Left as it is (WNOWAIT): its number stays taken until the group is gone. */
		if (waitid(P_PID, (id_t)c->pid, &end, WEXITED | WNOHANG | WNOWAIT) != 0)
			return err_set(err, ERR_IO, "waitid: %s", strerror(errno));
		if (end.si_pid)
			return judge(c, &end, err);
		if (told_to_quit(c->job) || deadline_passed(&c->job->deadline))
			return late(c, err);
		poll(NULL, 0, LOOK_MS);
	}
}

int child_run(const struct child_job *job, struct buf *out, struct err *err)
{
	struct child c = {.job = job, .in = -1, .out = -1};
	int rc = start(&c, err);

	if (rc != 0)
		return rc;
	rc = talk(&c, out, err);
	close_end(&c.in);
	close_end(&c.out);
	if (rc == 0)
		rc = await(&c, err);
	kill(-c.pid, SIGKILL);
	while (waitpid(c.pid, NULL, 0) < 0 && errno == EINTR)
		;
	return rc;
}

static bool is_program(const char *path)
{
	return access(path, X_OK) == 0;
}

bool child_exists(const char *program)
{
	const char *dirs = getenv("PATH");
	char path[4096];

	if (strchr(program, '/'))
		return is_program(program);
	for (dirs = dirs ? dirs : "/usr/local/bin:/usr/bin:/bin"; *dirs;) {
		int n = (int)strcspn(dirs, ":");

		snprintf(path, sizeof path, "%.*s/%s", n, dirs, program);
		if (is_program(path))
			return true;
		dirs += n + (dirs[n] == ':');
	}
	return false;
}
