/* test_stamp.c - the head of the chain stamped by an authority on loopback that answers with `openssl ts` */
#include "tests/stored.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "desk/stamp.h"
#include "store/verify.h"

#define T(n) (INT64_C(1764129600000000) + (n))

/* How the authority behaves. */
enum manner { HONEST, CHUNKED, STALE, BROKEN, CUT, WRONG_TYPE, SILENT, EXPIRED };

struct authority {
	pid_t process;
	char url[64], ca[160];
	struct config config;
};

static void say(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t k = write(fd, bytes, n);

		if (k <= 0)
			_exit(1);
		bytes += k;
		n -= (size_t)k;
	}
}

/* The body of a request, into a file. */
static void hear(int fd, const char *path)
{
	static char text[65536];
	const char *body = NULL, *length;
	size_t n = 0, want = 0;
	FILE *file;

	while (!body || (size_t)(text + n - body) < want) {
		ssize_t k = read(fd, text + n, sizeof(text) - 1 - n);

		if (k <= 0)
			_exit(1);
		n += (size_t)k;
		text[n] = '\0';
		body = memmem(text, n, "\r\n\r\n", 4);
		length = strcasestr(text, "\r\nContent-Length:");
		if (body && !length)
			_exit(1);
		want = body ? strtoul(length + 17, NULL, 10) : 0;
		body = body ? body + 4 : NULL;
	}
	if (!strcasestr(text, "\r\nContent-Type: application/timestamp-query\r\n") || strncmp(text, "POST /tsa ", 10) != 0)
		_exit(1);
	file = fopen(path, "w");
	if (!file || fwrite(body, 1, want, file) != want || fclose(file) != 0)
		_exit(1);
}

static void answer(int fd, const char *folder, enum manner manner)
{
	AUTO(buf) reply = BUF_INIT(LIMIT_TIMESTAMP);
	AUTO(buf) text = BUF_INIT(2 * LIMIT_TIMESTAMP);
	char line[512];

	snprintf(line, sizeof(line),
		 "cd %s && %s openssl ts -reply -config tsa.cnf -queryfile query %s -out reply >/dev/null 2>&1", folder,
		 manner == STALE
			 ? "{ [ -e old ] || openssl ts -query -digest $(printf x | sha256sum | cut -c1-64) -sha256 -cert "
			   "-out old 2>/dev/null; cp old query; } &&"
			 : "",
		 manner == EXPIRED ? "-signer expired.pem -inkey expired.key" : "");
	if (system(line) != 0)
		_exit(1);
	snprintf(line, sizeof(line), "%s/reply", folder);
	if (file_read(line, &reply, NULL) < 0)
		_exit(1);
	buf_printf(&text, "HTTP/1.1 %s\r\nContent-Type: %s\r\n", manner == BROKEN ? "503 Service Unavailable" : "200 OK",
		   manner == WRONG_TYPE ? "text/html" : "application/timestamp-reply");
	if (manner == CHUNKED) {
		buf_printf(&text, "Transfer-Encoding: chunked\r\n\r\n%zx\r\n", reply.n);
		buf_add(&text, buf_str(&reply));
		buf_printf(&text, "\r\n0\r\n\r\n");
	} else {
		buf_printf(&text, "Content-Length: %zu\r\nConnection: close\r\n\r\n", manner == CUT ? reply.n - 9 : reply.n);
		buf_add(&text, str_slice(buf_str(&reply), 0, manner == CUT ? reply.n - 9 : reply.n));
	}
	say(fd, text.p, text.n);
}

static void authority_start(struct stored *b, enum manner manner, struct authority *t)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(at);
	char line[256];

	snprintf(line, sizeof(line), "[ -e %s/tsa.cnf ] || tests/authority/make %s", b->folder, b->folder);
	assert_int_equal(system(line), 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listener, 4), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	snprintf(t->url, sizeof(t->url), "http://127.0.0.1:%d/tsa", ntohs(at.sin_port));
	snprintf(t->ca, sizeof(t->ca), "%s/ca.pem", b->folder);
	t->config = (struct config){ .path = "watchdesk.yaml", .authority = t->url, .authority_ca = t->ca };
	if (manner == SILENT) { /* nobody listens any more */
		close(listener);
		t->process = 0;
		return;
	}
	t->process = fork();
	if (t->process == 0) {
		int fd = accept(listener, NULL, NULL);
		char query[160];

		snprintf(query, sizeof(query), "%s/query", b->folder);
		hear(fd, query);
		answer(fd, b->folder, manner);
		close(fd);
		_exit(0);
	}
	close(listener);
}

static void authority_end(struct authority *t)
{
	int status;

	if (t->process == 0)
		return;
	assert_int_equal(waitpid(t->process, &status, 0), t->process);
	assert_int_equal(status, 0);
}

static void tell(void *owner, const struct verify_problem *p)
{
	(void)owner;
	print_error("%s\n", p->text);
}

static void stamp_with(void **state, enum manner manner)
{
	struct stored *b = *state;
	struct verify_options o = { .found = tell };
	struct verify_result r;
	struct authority authority;
	struct custody_row *rows;
	struct stamped stamped;
	size_t n;

	stored_finding(b, "k", "a text", T(1));
	for (int i = 1; i <= 2; i++) {
		authority_start(b, manner, &authority);
		if (stamp_head(&authority.config, b->store, &stamped, &b->err) < 0)
			fail_msg("%s", b->err.text);
		authority_end(&authority);
		assert_int_equal(stamped.sequence, i);
		assert_true(llabs(stamped.says.at - clock_now_us()) < 60 * INT64_C(1000000));
	}
	o.authority_ca = authority.ca;
	OK(verify_store(b->store, &o, &r, &b->err));
	assert_int_equal(r.stamps, 2);
	assert_int_equal(r.unchecked, 0);
	OK(custody_list(b->store, &(struct custody_filter){ .act = STR("stamp") }, b->a, &rows, &n, &b->err));
	assert_int_equal(n, 2);
	assert_true(str_find(rows[0].entry.detail, STR("\"by\":\"CN=Test time-stamping\"")) > 0);
}

static void the_head_is_stamped_and_verifies(void **state)
{
	stamp_with(state, HONEST);
}

static void an_answer_in_chunks_is_one_too(void **state)
{
	stamp_with(state, CHUNKED);
}

static void an_authority_that_does_not_do_it_is_said_so_and_nothing_is_kept(void **state)
{
	static const struct {
		enum manner manner;
		int code;
		const char *says;
	} rows[] = {
		{ STALE, E_VERIFY, "the time-stamp does not stand" },
		{ BROKEN, E_NET, "it answered with HTTP status 503" },
		{ CUT, E_VERIFY, "is no time-stamp, or a part of one" },
		{ WRONG_TYPE, E_NET, "it answered with \"text/html\"" },
		{ SILENT, E_NET, "127.0.0.1" },
		{ EXPIRED, E_VERIFY, "certificate has expired" },
	};
	struct stored *b = *state;
	struct custody_head head;
	struct anchor *anchors;
	size_t n;

	stored_finding(b, "k", "a text", T(1));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct authority authority;

		authority_start(b, rows[i].manner, &authority);
		assert_int_equal(stamp_head(&authority.config, b->store, NULL, &b->err), rows[i].code);
		if (!strstr(b->err.text, rows[i].says) || !strstr(b->err.text, "the time-stamp authority http://127.0.0.1"))
			fail_msg("\"%s\" does not say \"%s\"", b->err.text, rows[i].says);
		authority_end(&authority);
	}
	OK(anchor_list(b->store, STR(""), b->a, &anchors, &n, &b->err));
	assert_int_equal(n, 0);
	assert_int_equal(custody_head(b->store, &head, &b->err), 1);
	assert_int_equal(head.sequence, 1);
}

static void without_an_authority_or_a_chain_there_is_nothing_to_stamp(void **state)
{
	struct stored *b = *state;
	const struct config none = { .path = "watchdesk.yaml" },
			    one = { .path = "watchdesk.yaml", .authority = "http://127.0.0.1:1/tsa", .authority_ca = "ca.pem" };

	assert_int_equal(stamp_head(&one, b->store, NULL, &b->err), E_USAGE);
	assert_non_null(strstr(b->err.text, "custody has no entry yet"));
	assert_int_equal(stamp_head(&none, b->store, NULL, &b->err), E_USAGE);
	assert_non_null(strstr(b->err.text, "names no time-stamp authority"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_is_stamped_and_verifies),
		cmocka_unit_test(an_answer_in_chunks_is_one_too),
		cmocka_unit_test(an_authority_that_does_not_do_it_is_said_so_and_nothing_is_kept),
		cmocka_unit_test(without_an_authority_or_a_chain_there_is_nothing_to_stamp),
	};

	return stored_run("time-stamps", tests, sizeof(tests) / sizeof(tests[0]));
}
