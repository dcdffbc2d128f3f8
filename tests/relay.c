/* relay.c - tests/mail_sink for unit tests */
#include "tests/relay.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support.h"

void relay_init(struct relay *r)
{
	*r = (struct relay){ .folder = "/tmp/watchdesk-test-XXXXXX" };
	assert_non_null(mkdtemp(r->folder));
}

void relay_certificates(const struct relay *r)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execl("tests/certificates", "certificates", r->folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void stop(struct relay *r)
{
	if (r->pid) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	r->pid = 0;
}

void relay_start(struct relay *r, const char *tls, const char *certificate, const char *more, const char *value)
{
	const char *program = r->program ? r->program : "tests/mail_sink", *scheme = r->program ? "imap" : "smtp";
	const char *arguments[12] = { program, r->folder, "--tls", tls };
	char pem[128], key[128], port[16] = { 0 };
	size_t n = 4;
	int ends[2];

	stop(r);
	assert_int_equal(pipe(ends), 0);
	snprintf(pem, sizeof(pem), "%s/%s.pem", r->folder, certificate ? certificate : "");
	snprintf(key, sizeof(key), "%s/%s.key", r->folder, certificate ? certificate : "");
	if (certificate) {
		arguments[n++] = "--certificate";
		arguments[n++] = pem;
		arguments[n++] = "--key";
		arguments[n++] = key;
	}
	arguments[n++] = more;
	arguments[n++] = value;
	r->pid = fork();
	if (r->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails ends it too */
		dup2(ends[1], 1);
		close(ends[0]);
		execv(program, (char *const *)(uintptr_t)arguments);
		_exit(127);
	}
	close(ends[1]);
	assert_true(read(ends[0], port, sizeof(port) - 1) > 1);
	close(ends[0]);
	snprintf(r->url, sizeof(r->url), "%s%s://127.0.0.1:%ld", scheme, str_ends(str_of(tls), STR("ps")) ? "s" : "",
		 strtol(port, NULL, 10));
}

void relay_mail(const struct relay *r, int n, struct buf *out)
{
	struct err err = { 0 };
	char path[128];

	snprintf(path, sizeof(path), "%s/%d.eml", r->folder, n);
	if (file_read(path, out, &err) < 0)
		fail_msg("%s", err.text);
}

void relay_release(struct relay *r)
{
	stop(r);
	file_remove_folder(r->folder, NULL);
}
