/* test_net.c - each fault of the scripted site gives its own answer, ceilings hold, and the guard cannot be walked around */
#include "tests/support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/address.h"
#include "base/base64.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/net.h"
#include "crawler/chunks.h"

/* The site, and what talks to it. */
struct bench {
	pid_t site;
	char url[128], address[256];
	struct net *net;
	struct err err;
};

static int set_up(void **state)
{
	const char *program = getenv("SITE");
	struct bench *b = calloc(1, sizeof(*b));
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	b->site = fork();
	if (b->site == 0) {
		dup2(ends[1], 1);
		execl(program ? program : "build/gcc/site", "site", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	assert_true(read(ends[0], b->url, sizeof(b->url) - 1) > 8);
	b->url[strcspn(b->url, "\n")] = '\0';
	close(ends[0]);
	b->net = net_new(&b->err);
	assert_non_null(b->net);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	net_free(b->net);
	kill(b->site, SIGTERM);
	waitpid(b->site, NULL, 0);
	free(b);
	return 0;
}

/* A request for a path of the site; for an address of its own it begins with "http". */
static struct net_request request_for(struct bench *b, const char *path)
{
	snprintf(b->address, sizeof(b->address), "%s%s", strncmp(path, "http", 4) == 0 ? "" : b->url, path);
	return (struct net_request){ .url = str_of(b->address), .user_agent = STR("watchdesk-test"), .allow_private = true };
}

static struct capture *wait_for_one(struct bench *b)
{
	struct capture *c = NULL;

	while (!(c = net_next(b->net)))
		net_wait(b->net, NULL, 0, 1000);
	return c;
}

static struct capture *fetch(struct bench *b, const struct net_request *r)
{
	if (net_start(b->net, r, &b->err) < 0)
		fail_msg("%s", b->err.text);
	return wait_for_one(b);
}

static void each_fault_has_its_own_answer(void **state)
{
	static const struct {
		const char *why, *path;
		int status;
		enum net_failure failure;
	} rows[] = {
		{ "a page", "/archive", 200, NET_OK },
		{ "not there", "/no/such/page/at/all", 200, NET_OK }, /* a soft 404 is for the worker to see */
		{ "a thread that is not there", "/forum/thread/99", 404, NET_OK },
		{ "broken", "/fault/broken", 500, NET_OK },
		{ "too many requests", "/fault/always-busy", 429, NET_OK },
		{ "a redirect is not followed", "/fault/inside", 302, NET_OK },
		{ "less than was promised", "/fault/truncated", 200, NET_HTTP },
		{ "chunks, and no end", "/fault/cut", 200, NET_HTTP },
		{ "one huge header", "/fault/header", 200, NET_LIMIT },
		{ "nobody listens", "http://127.0.0.1:1/", 0, NET_CONNECT },
		{ "no such host (RFC 6761 6.4)", "http://nobody.invalid/", 0, NET_DNS },
		{ "link-local, whatever is allowed", "http://169.254.169.254/", 0, NET_DENIED },
		{ "the same, mapped to IPv6", "http://[::ffff:169.254.169.254]/", 0, NET_DENIED },
		{ "nobody's address", "http://0.0.0.0/", 0, NET_DENIED },
		{ "no scheme of ours", "file:///etc/hostname", 0, NET_HTTP },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_request r = request_for(b, rows[i].path);

		if (strstr(rows[i].path, "file:"))
			r.url = str_of(rows[i].path);
		{
			AUTO_FREE(capture) c = fetch(b, &r);

			if (c->failure != rows[i].failure || (rows[i].failure == NET_OK && c->status != rows[i].status))
				fail_msg("%s: %s, status %d: %s", rows[i].why, net_failure_names[c->failure], c->status,
					 c->failure_text);
			if (c->failure != NET_OK)
				assert_true(strlen(c->failure_text) > 10);
			assert_true(c->ended_at >= c->started_at);
		}
	}
}

static void a_bomb_stays_coded(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/fault/bomb");
	AUTO_FREE(capture) c = NULL;

	r.coded = true;
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_OK);
	assert_str(capture_header(c, "content-encoding"), "gzip");
	assert_true(c->body.n < MIB(1)); /* 128 MiB once opened, which is not ours to do */
	assert_memory_equal(c->body.p, "\x1f\x8b", 2);
}

static void an_exchange_is_kept_as_it_was_on_the_wire(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt?a=b");
	AUTO(buf) request = BUF_INIT(1000);
	AUTO_FREE(capture) c = NULL;
	struct exchange x;

	r.coded = true;
	r.etag = STR("\"tag\"");
	c = fetch(b, &r);
	x = capture_exchange(c);
	buf_printf(&request,
		   "GET /motd.txt?a=b HTTP/1.1\r\nHost: %s\r\nUser-Agent: watchdesk-test\r\nAccept: */*\r\nIf-None-Match: "
		   "\"tag\"\r\nAccept-Encoding: gzip, deflate\r\n\r\n",
		   b->url + strlen("http://"));
	assert_str(x.request, request.p);
	assert_true(str_starts(x.headers, STR("HTTP/1.1 200 OK\r\nDate: ")));
	assert_true(str_ends(x.headers, STR("\r\n\r\n")));
	assert_str(x.url, b->address);
	assert_str(x.protocol, "http/1.1");
	assert_str(x.address, "127.0.0.1");
	assert_str(x.tls, "");
	assert_int_equal(x.chain.n + x.leaf.n, 0);
	assert_int_equal(x.status, 200);
	assert_true(x.started_at <= x.ended_at);
	assert_true(x.clock.n > 5);
}

static void chunks_stay_chunks_and_their_end_is_found(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/fault/chunked");
	AUTO_FREE(capture) first = fetch(b, &r);
	AUTO_FREE(capture) second = fetch(b, &r); /* on the same connection, so that the end was where we took it to be */
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct str text;

	assert_int_equal(first->failure, NET_OK);
	assert_str(capture_header(first, "Transfer-Encoding"), "chunked");
	assert_str(capture_header(first, "X-Trailer"), "");
	assert_true(str_starts(buf_str(&first->body), STR("32;of=site\r\nVerse 1 of")));
	assert_true(str_ends(buf_str(&first->body), STR("\r\n0\r\nX-Trailer: the end\r\n\r\n")));
	assert_true(str_eq(buf_str(&first->body), buf_str(&second->body)));
	assert_int_equal(chunks_join(a, STR("chunked"), buf_str(&first->body), &text, &b->err), 1);
	assert_true(str_starts(text, STR("Verse 1 of a song about the harbour, sung in pieces.\nVerse 2")));
}

static void a_post_is_sent_and_the_next_request_is_none(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/echo"), plain;
	AUTO_FREE(capture) posted = NULL;
	AUTO_FREE(capture) after = NULL;

	r.post = (struct str){ "0\0\xff query", 9 };
	r.post_type = STR("application/timestamp-query");
	posted = fetch(b, &r);
	assert_int_equal(posted->status, 200);
	assert_true(str_eq(buf_str(&posted->body), r.post));
	assert_str(capture_header(posted, "Content-Type"), "application/timestamp-query");
	plain = request_for(b, "/motd.txt");
	after = fetch(b, &plain);
	assert_int_equal(after->status, 200);
	assert_true(str_starts(buf_str(&after->request), STR("GET ")));
	assert_int_equal(str_find(buf_str(&after->request), STR("Content-")), -1);
	r.post.n = LIMIT_POST + 1;
	assert_int_equal(net_start(b->net, &r, &b->err), E_LIMIT);
}

/* Certificates as tests/certificates makes them. */
struct certificates {
	char folder[64];
};

/* A server of openssl's with one of them. */
struct tls_server {
	pid_t pid;
	char url[64];
};

static const char serve_tls[] = "cd \"$0\" && exec openssl s_server -accept 127.0.0.1:0 -www -cert \"$1.pem\" -key \"$1.key\" "
				"-cert_chain ca.pem 2>/dev/null";

/* A shell with `script`, its standard output in `out`. */
static pid_t shell(const char *script, const char *folder, const char *name, int out)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(out, 1);
		execl("/bin/sh", "sh", "-c", script, folder, name, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void certificates_init(struct certificates *c)
{
	int status;

	strcpy(c->folder, "/tmp/watchdesk-test-XXXXXX");
	assert_non_null(mkdtemp(c->folder));
	assert_int_equal(waitpid(shell("exec tests/certificates \"$0\"", c->folder, "", 2), &status, 0) > 0 ? status : -1, 0);
}

static void certificates_release(struct certificates *c)
{
	file_remove_folder(c->folder, NULL);
}

/* One of its files, without the line's end that a pin has. */
static struct str certificates_read(struct arena *a, const struct certificates *c, const char *name)
{
	AUTO(buf) text = BUF_INIT(MIB(1));

	assert_int_equal(file_read(arena_printf(a, "%s/%s", c->folder, name).p, &text, NULL), 0);
	if (strstr(name, ".pin"))
		text.n--;
	return arena_copy(a, buf_str(&text));
}

static void tls_server_start(struct tls_server *s, const struct certificates *c, const char *name)
{
	char said[512] = { 0 };
	const char *port;
	size_t n = 0;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	s->pid = shell(serve_tls, c->folder, name, ends[1]);
	close(ends[1]);
	while (!(port = strstr(said, "ACCEPT 127.0.0.1:")) || !strchr(port, '\n')) {
		ssize_t got = read(ends[0], said + n, sizeof(said) - 1 - n);

		assert_true(got > 0);
		n += (size_t)got;
	}
	close(ends[0]);
	snprintf(s->url, sizeof(s->url), "https://%.*s/", (int)strcspn(port + 7, "\n"), port + 7);
}

static void tls_server_release(struct tls_server *s)
{
	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
}

/* The DER of the first certificate of a PEM file. */
static struct str first_der(struct arena *a, struct str pem)
{
	ssize_t from = str_find(pem, STR("-----BEGIN CERTIFICATE-----\n")), to = str_find(pem, STR("-----END"));
	struct err err = { 0 };
	struct str der;

	assert_true(from == 0 && to > 28);
	assert_int_equal(base64_decode(a, str_slice(pem, 28, (size_t)to), &der, &err), 0);
	return der;
}

static void a_tls_server_is_known_by_its_certificates(void **state)
{
	struct bench *b = *state;
	AUTO(certificates) certificates;
	AUTO(tls_server) server;
	AUTO_FREE(arena) a = arena_new(MIB(4));
	AUTO_FREE(capture) stranger = NULL;
	unsigned char digest[DIGEST_BYTES];
	struct net_request r;

	certificates_init(&certificates);
	tls_server_start(&server, &certificates, "good");
	r = request_for(b, server.url);
	stranger = fetch(b, &r);
	assert_int_equal(stranger->failure, NET_TLS); /* nobody knows this CA */
	assert_int_equal(stranger->request.n, 0);
	r.trust = certificates_read(a, &certificates, "ca.pem");
	for (int i = 0; i < 2; i++) { /* the second time the session is resumed: the server shows nothing, we know it still */
		AUTO_FREE(capture) c = fetch(b, &r);
		struct exchange x = capture_exchange(c);
		struct str second;

		if (c->failure != NET_OK)
			fail_msg("%s", c->failure_text);
		assert_true(str_starts(x.tls, STR("TLSv1.3 TLS_")));
		digest_sha256(first_der(a, x.chain), digest);
		assert_true(str_eq(x.leaf, (struct str){ (const char *)digest, sizeof(digest) }));
		second = str_slice(x.chain, 1 + (size_t)str_find(str_slice(x.chain, 1, x.chain.n), STR("-----BEGIN")),
				   x.chain.n);
		assert_true(str_eq(second, r.trust)); /* then the CA's, as it is in the file */
	}
	r.trust = (struct str){ 0 };
	{
		AUTO_FREE(capture) again = fetch(b, &r);

		assert_int_equal(again->failure, NET_TLS); /* what one request trusts another does not */
	}
}

/* On one connection where they may share it: what was right for the request before says nothing for the next. */
static void what_is_wrong_with_a_server_is_named(void **state)
{
	static const struct {
		const char *server, *trust, *pin, *wrong; /* NULL for no pin, and for nothing wrong */
	} rows[] = {
		{ "good", "ca.pem", NULL, NULL },
		{ "good", "ca.pem", "good.pin", NULL },
		{ "good", "ca.pem", "other.pin", "key is another one than pin: says" },
		{ "good", "ca.pem", "both", NULL },
		{ "good", "", "good.pin", "nobody who is known here vouches" }, /* a pin vouches for nobody */
		{ "good", "self.pem", NULL, "nobody who is known here vouches" },
		{ "good", "ca.pem", NULL, NULL },
		{ "good", "", NULL, "nobody who is known here vouches" },
		{ "expired", "ca.pem", NULL, "certificate has expired" },
		{ "other", "ca.pem", NULL, "for another host" },
		{ "self", "", NULL, "signed by nobody but itself" },
		{ "self", "ca.pem", NULL, "signed by nobody but itself" },
		{ "self", "self.pem", NULL, NULL },
	};
	struct bench *b = *state;
	AUTO(certificates) certificates;
	AUTO(tls_server) good;
	AUTO(tls_server) expired;
	AUTO(tls_server) other;
	AUTO(tls_server) self;
	AUTO_FREE(arena) a = arena_new(MIB(16));
	const struct tls_server *servers[] = { &good, &expired, &other, &self };
	static const char *const names[] = { "good", "expired", "other", "self" };

	certificates_init(&certificates);
	tls_server_start(&good, &certificates, "good");
	tls_server_start(&expired, &certificates, "expired");
	tls_server_start(&other, &certificates, "other");
	tls_server_start(&self, &certificates, "self");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t which = 0;
		struct net_request r;

		while (strcmp(names[which], rows[i].server) != 0)
			which++;
		r = request_for(b, servers[which]->url);
		if (rows[i].trust[0])
			r.trust = certificates_read(a, &certificates, rows[i].trust);
		if (rows[i].pin && strcmp(rows[i].pin, "both") == 0)
			r.pin = arena_printf(a, "%.*s;%.*s", STR_ARG(certificates_read(a, &certificates, "other.pin")),
					     STR_ARG(certificates_read(a, &certificates, "good.pin")));
		else if (rows[i].pin)
			r.pin = certificates_read(a, &certificates, rows[i].pin);
		{
			AUTO_FREE(capture) c = fetch(b, &r);

			if (c->failure != (rows[i].wrong ? NET_TLS : NET_OK) ||
			    (rows[i].wrong && (!strstr(c->failure_text, rows[i].wrong) || c->request.n)))
				fail_msg("row %zu, %s: %s: %s", i, rows[i].server, net_failure_names[c->failure],
					 c->failure_text);
		}
	}
}

/* A proxy of tests/proxy that leads to one port, and what it says of its connections. */
struct proxy {
	pid_t pid;
	char url[64], log[96];
};

static void proxy_start(struct proxy *p, const char *kind, const char *target, const struct certificates *c)
{
	AUTO(buf) script = BUF_INIT(1000);
	char port[16] = { 0 };
	int ends[2];

	snprintf(p->log, sizeof(p->log), "%s/%s.log", c->folder, kind);
	buf_printf(&script, "exec python3 tests/proxy %s %d %s", kind, atoi(strrchr(target, ':') + 1), p->log);
	assert_int_equal(pipe(ends), 0);
	p->pid = shell(script.p, "", "", ends[1]);
	close(ends[1]);
	assert_true(read(ends[0], port, sizeof(port) - 1) > 1);
	close(ends[0]);
	snprintf(p->url, sizeof(p->url), "%s://127.0.0.1:%d", strcmp(kind, "http") == 0 ? "http" : "socks5h", atoi(port));
}

static void proxy_release(struct proxy *p)
{
	kill(p->pid, SIGTERM);
	waitpid(p->pid, NULL, 0);
}

/* Connections that it was asked for. */
static size_t proxy_lines(const struct proxy *p)
{
	AUTO(buf) text = BUF_INIT(MIB(1));
	size_t n = 0;

	assert_int_equal(file_read(p->log, &text, NULL), 0);
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

/* Nobody can resolve this name: whoever reads the page has left that to the proxy. */
static void a_circuit_is_shared_with_no_other_and_a_proxy_is_told(void **state)
{
	static const struct {
		const char *circuit;
		size_t connections; /* until then */
	} rows[] = { { "one", 1 }, { "one", 1 }, { "two", 2 }, { "one", 2 }, { "two", 2 }, { "three", 3 } };
	struct bench *b = *state;
	AUTO(certificates) certificates;
	AUTO(proxy) proxy;

	certificates_init(&certificates);
	proxy_start(&proxy, "socks5", b->url, &certificates);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net_request r = request_for(b, "http://nobody.invalid/motd.txt");
		AUTO_FREE(capture) c = NULL;

		r.proxy = str_of(proxy.url);
		r.circuit = str_of(rows[i].circuit);
		r.allow_private = false; /* the proxy is, whatever lies behind it */
		c = fetch(b, &r);
		if (c->failure != NET_OK || c->status != 200)
			fail_msg("row %zu: %s", i, c->failure_text);
		assert_string_equal(c->address, proxy.url);
		assert_int_equal(proxy_lines(&proxy), rows[i].connections);
	}
	{
		struct net_request r = request_for(b, "http://nobody.invalid/motd.txt");
		AUTO_FREE(capture) c = fetch(b, &r);

		assert_int_equal(c->failure, NET_DNS); /* straight again, and on none of those connections */
	}
}

static void through_a_tunnel_what_is_recorded_is_the_sites(void **state)
{
	struct bench *b = *state;
	AUTO(certificates) certificates;
	AUTO(tls_server) server;
	AUTO(proxy) proxy;
	AUTO_FREE(arena) a = arena_new(MIB(4));
	AUTO_FREE(capture) c = NULL;
	AUTO_FREE(capture) stranger = NULL;
	struct net_request r;

	certificates_init(&certificates);
	tls_server_start(&server, &certificates, "good");
	proxy_start(&proxy, "http", strrchr(server.url, '/') - 6, &certificates);
	r = request_for(b, server.url);
	r.proxy = str_of(proxy.url);
	r.trust = certificates_read(a, &certificates, "ca.pem");
	c = fetch(b, &r);
	if (c->failure != NET_OK)
		fail_msg("%s", c->failure_text);
	assert_true(str_starts(buf_str(&c->request), STR("GET / HTTP/1.1\r\n"))); /* not CONNECT */
	assert_int_equal(str_find(buf_str(&c->headers), STR("X-Proxy")), -1);
	assert_string_equal(c->address, proxy.url);
	assert_true(c->chain.n > 0);
	r.trust = (struct str){ 0 };
	stranger = fetch(b, &r);
	assert_int_equal(stranger->failure, NET_TLS); /* who is in between is not trusted for it */
}

static void a_proxy_that_fails_is_named_as_such(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "http://nobody.invalid/motd.txt");
	AUTO_FREE(capture) c = NULL;

	r.proxy = STR("socks5h://127.0.0.1:1");
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_CONNECT);
	assert_non_null(strstr(c->failure_text, "proxy"));
}

static void a_body_larger_than_was_allowed_is_broken_off(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/archive");
	AUTO_FREE(capture) c = NULL;

	r.max_bytes = 100;
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_LIMIT);
	assert_true(c->body.n <= 100);
}

static void what_has_not_changed_comes_back_as_304(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) first = fetch(b, &r);
	AUTO_FREE(capture) by_tag = NULL;
	AUTO_FREE(capture) by_date = NULL;

	assert_int_equal(first->status, 200);
	r.etag = capture_header(first, "ETag");
	by_tag = fetch(b, &r);
	assert_int_equal(by_tag->status, 304);
	assert_int_equal(by_tag->body.n, 0);
	r.etag = (struct str){ 0 };
	r.last_modified = capture_header(first, "Last-Modified");
	by_date = fetch(b, &r);
	assert_int_equal(by_date->status, 304);
}

static void cookies_are_kept_in_their_jar_and_in_no_other(void **state)
{
	struct bench *b = *state;
	struct net_jar *mine = net_jar_new(b->net), *other = net_jar_new(b->net);
	struct net_request r = request_for(b, "/cookies");
	AUTO_FREE(capture) first = NULL;
	AUTO_FREE(capture) again = NULL;
	AUTO_FREE(capture) strange = NULL;
	AUTO_FREE(capture) none = NULL;
	struct str lines;

	assert_int_equal(net_jar_changed(mine, &lines), 0);
	r.jar = mine;
	first = fetch(b, &r);
	assert_str(buf_str(&first->body), "\n");
	assert_int_equal(net_jar_changed(mine, &lines), 1);
	assert_true(str_find(lines, STR("marmalade")) > 0 && str_find(lines, STR("nutmeg")) > 0);
	assert_int_equal(net_jar_changed(mine, &lines), 0);
	again = fetch(b, &r);
	assert_true(str_find(buf_str(&again->body), STR("visit=marmalade")) >= 0);
	assert_true(str_find(buf_str(&again->body), STR("known=nutmeg")) >= 0);
	r.jar = other;
	strange = fetch(b, &r);
	assert_str(buf_str(&strange->body), "\n"); /* on the same connection */
	r.jar = NULL;
	none = fetch(b, &r);
	assert_str(buf_str(&none->body), "\n");
}

static void cookies_come_back_as_they_were_written_down(void **state)
{
	struct bench *b = *state;
	struct net_jar *before = net_jar_new(b->net), *after = net_jar_new(b->net);
	struct net_request r = request_for(b, "/cookies");
	AUTO_FREE(capture) set = NULL;
	AUTO_FREE(capture) sent = NULL;
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct str lines;

	r.jar = before;
	set = fetch(b, &r);
	assert_int_equal(net_jar_changed(before, &lines), 1);
	net_jar_fill(after, arena_copy(a, lines));
	r.jar = after;
	sent = fetch(b, &r);
	assert_true(str_find(buf_str(&sent->body), STR("visit=marmalade")) >= 0); /* the one of the visit as well */
	assert_true(str_find(buf_str(&sent->body), STR("known=nutmeg")) >= 0);
	net_jar_fill(after, (struct str){ 0 });
	{
		AUTO_FREE(capture) emptied = fetch(b, &r);

		assert_str(buf_str(&emptied->body), "\n");
	}
}

static void what_is_recorded_holds_no_cookie(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/cookies");
	AUTO_FREE(capture) first = NULL;
	AUTO_FREE(capture) c = NULL;

	r.jar = net_jar_new(b->net);
	first = fetch(b, &r);
	c = fetch(b, &r);
	assert_true(str_find(buf_str(&c->headers), STR("Set-Cookie: visit=*********; path=/; HttpOnly\r\n")) > 0);
	assert_true(str_find(buf_str(&c->headers), STR("Set-Cookie: known=******; Max-Age=86400\r\n")) > 0);
	assert_true(str_find(buf_str(&c->request), STR("visit=*********")) > 0);
	assert_true(str_find(buf_str(&c->request), STR("known=******")) > 0);
	assert_int_equal(str_find(buf_str(&c->request), STR("marmalade")), -1);
	assert_true(str_ends(buf_str(&c->request), STR("\r\n\r\n")));
}

static void a_jar_that_is_flooded_keeps_what_it_had(void **state)
{
	struct bench *b = *state;
	struct net_jar *jar = net_jar_new(b->net);
	struct net_request r = request_for(b, "/cookies");
	AUTO_FREE(capture) first = NULL;
	AUTO_FREE(capture) sent = NULL;
	struct str lines;

	r.jar = jar;
	first = fetch(b, &r);
	assert_int_equal(net_jar_changed(jar, &lines), 1);
	for (int i = 0; i < 3; i++) {
		struct net_request flood = request_for(b, "/cookies/40");
		AUTO_FREE(capture) c = NULL;

		flood.jar = jar;
		c = fetch(b, &flood);
		assert_int_equal(net_jar_changed(jar, &lines), i == 0);
	}
	r = request_for(b, "/cookies");
	r.jar = jar;
	sent = fetch(b, &r);
	assert_true(str_find(buf_str(&sent->body), STR("visit=marmalade")) >= 0);
	assert_true(str_find(buf_str(&sent->body), STR("c1-39=")) >= 0);
	assert_int_equal(str_find(buf_str(&sent->body), STR("c2-")), -1);
}

static void a_validator_that_would_end_its_line_is_not_sent(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) plain = fetch(b, &r);
	AUTO(buf) tag = BUF_INIT(200);
	AUTO_FREE(capture) c = NULL;

	buf_printf(&tag, "%.*s\r\nX-Injected: yes", STR_ARG(capture_header(plain, "ETag")));
	r.etag = buf_str(&tag);
	c = fetch(b, &r);
	assert_int_equal(c->status, 200); /* with the tag it would have been 304 */
}

static void a_private_address_needs_leave(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) c = NULL;

	r.allow_private = false;
	c = fetch(b, &r);
	assert_int_equal(c->failure, NET_DENIED);
	assert_int_equal(c->status, 0);
	assert_non_null(strstr(c->failure_text, "allow_private"));
}

/* The first leaves its connection open; the second would find it. */
static void a_connection_that_one_may_use_is_not_lent_to_who_may_not(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");
	AUTO_FREE(capture) allowed = fetch(b, &r);
	AUTO_FREE(capture) denied = NULL;
	AUTO_FREE(capture) again = NULL;

	assert_int_equal(allowed->failure, NET_OK);
	r.allow_private = false;
	denied = fetch(b, &r);
	assert_int_equal(denied->failure, NET_DENIED);
	assert_int_equal(denied->status, 0);
	assert_int_equal(denied->body.n, 0);
	r.allow_private = true;
	again = fetch(b, &r);
	assert_int_equal(again->failure, NET_OK);
}

static void the_environment_names_no_proxy_for_us(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/motd.txt");

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	{
		AUTO_FREE(capture) c = fetch(b, &r);

		unsetenv("http_proxy");
		assert_int_equal(c->failure, NET_OK);
	}
}

static void as_many_at_once_as_the_ceiling_says_and_no_more(void **state)
{
	struct bench *b = *state;
	struct net_request r = request_for(b, "/archive");
	int owners[LIMIT_CONNECTIONS] = { 0 };

	for (int i = 0; i < LIMIT_CONNECTIONS; i++) {
		r.owner = &owners[i];
		assert_int_equal(net_start(b->net, &r, &b->err), 0);
	}
	assert_int_equal(net_active(b->net), LIMIT_CONNECTIONS);
	assert_int_equal(net_start(b->net, &r, &b->err), E_BUSY);
	for (int i = 0; i < LIMIT_CONNECTIONS; i++) {
		AUTO_FREE(capture) c = wait_for_one(b);

		assert_int_equal(c->failure, NET_OK);
		assert_int_equal(++*(int *)c->owner, 1); /* each comes back once, to its owner */
	}
	assert_int_equal(net_active(b->net), 0);
	assert_null(net_next(b->net));
	assert_int_equal(net_start(b->net, &r, &b->err), 0); /* there is room again; it is broken off at the end */
}

static void an_address_that_is_none_is_refused_at_once(void **state)
{
	struct bench *b = *state;
	char url[LIMIT_URL + 2];
	struct net_request r = { 0 };

	assert_int_equal(net_start(b->net, &r, &b->err), E_BAD);
	memset(url, 'x', sizeof(url));
	r.url = (struct str){ url, LIMIT_URL + 1 };
	assert_int_equal(net_start(b->net, &r, &b->err), E_BAD);
	assert_int_equal(net_active(b->net), 0);
}

enum place { PUBLIC, PRIVATE, CLOSED };

static void addresses_are_public_private_or_closed(void **state)
{
	static const struct {
		const char *text;
		enum place place;
	} rows[] = {
		{ "93.184.216.34", PUBLIC },
		{ "1.1.1.1", PUBLIC },
		{ "9.255.255.255", PUBLIC },
		{ "11.0.0.0", PUBLIC },
		{ "100.63.255.255", PUBLIC },
		{ "100.128.0.0", PUBLIC },
		{ "172.15.255.255", PUBLIC },
		{ "172.32.0.0", PUBLIC },
		{ "192.0.1.0", PUBLIC },
		{ "198.17.255.255", PUBLIC },
		{ "198.20.0.0", PUBLIC },
		{ "223.255.255.255", PUBLIC },
		{ "10.0.0.0", PRIVATE },
		{ "10.255.255.255", PRIVATE },
		{ "100.64.0.1", PRIVATE }, /* RFC 6598 */
		{ "100.127.255.255", PRIVATE },
		{ "127.0.0.1", PRIVATE },
		{ "127.255.255.255", PRIVATE },
		{ "172.16.0.1", PRIVATE },
		{ "172.31.255.255", PRIVATE },
		{ "192.168.255.255", PRIVATE },
		{ "0.0.0.0", CLOSED },
		{ "0.255.255.255", CLOSED },
		{ "169.254.0.1", CLOSED },
		{ "169.254.169.254", CLOSED }, /* cloud metadata */
		{ "192.0.0.1", CLOSED },
		{ "192.0.2.1", CLOSED },
		{ "192.88.99.1", CLOSED },
		{ "198.18.0.1", CLOSED },
		{ "198.19.255.255", CLOSED },
		{ "198.51.100.1", CLOSED },
		{ "203.0.113.255", CLOSED },
		{ "224.0.0.1", CLOSED },
		{ "240.0.0.1", CLOSED },
		{ "255.255.255.255", CLOSED },
		{ "2606:4700:4700::1111", PUBLIC },
		{ "2a00:1450:4001::1", PUBLIC },
		{ "2001:200::1", PUBLIC },
		{ "::1", PRIVATE },
		{ "fc00::1", PRIVATE },
		{ "fdff:ffff::1", PRIVATE },
		{ "::", CLOSED },
		{ "::2", CLOSED },
		{ "fe80::1", CLOSED },
		{ "febf::1", CLOSED },
		{ "fec0::1", CLOSED },
		{ "ff02::1", CLOSED },
		{ "2001:db8::1", CLOSED },
		{ "2001:db8:ffff::1", CLOSED },
		{ "2001:0:1:2::3", CLOSED }, /* Teredo */
		{ "2001:2::1", CLOSED },     /* benchmarks */
		{ "2001:10::1", CLOSED },    /* ORCHID */
		{ "3fff::1", CLOSED },	     /* RFC 9637 */
		{ "3fff:fff::1", CLOSED },
		{ "4000::1", CLOSED },
		{ "100::1", CLOSED }, /* discard */
		{ "::ffff:127.0.0.1", CLOSED },
		{ "::ffff:169.254.169.254", CLOSED },
		{ "::ffff:1.1.1.1", CLOSED },
		{ "::127.0.0.1", CLOSED },
		{ "64:ff9b::1.1.1.1", PUBLIC }, /* NAT64 leads to what it carries */
		{ "64:ff9b::10.0.0.1", CLOSED },
		{ "64:ff9b::169.254.169.254", CLOSED },
		{ "64:ff9b:1::1.1.1.1", CLOSED }, /* RFC 8215: local use */
		{ "2002:101:101::1", PUBLIC },	  /* 6to4 of 1.1.1.1 */
		{ "2002:7f00:1::1", CLOSED },
		{ "2002:a9fe:a9fe::1", CLOSED },
		{ "2002:c0a8:101::1", CLOSED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sockaddr_storage a;
		const struct sockaddr *p = (const struct sockaddr *)&a;

		assert_true(address_read(rows[i].text, &a));
		if (address_is_public(p) != (rows[i].place == PUBLIC) || address_is_private(p) != (rows[i].place == PRIVATE))
			fail_msg("%s: public %d, private %d", rows[i].text, address_is_public(p), address_is_private(p));
	}
}

static void what_is_no_address_is_not_read_and_not_public(void **state)
{
	static const char *const rows[] = { "",	     "1.2.3",	    "1.2.3.4.5", "256.1.1.1", "0x7f.1",
					    "127.1", "example.com", "::g",	 "1.1.1.1 " };
	struct sockaddr_storage a = { .ss_family = AF_UNIX };

	(void)state;
	assert_false(address_is_public((const struct sockaddr *)&a));
	assert_false(address_is_private((const struct sockaddr *)&a));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (address_read(rows[i], &a))
			fail_msg("\"%s\" was read", rows[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_fault_has_its_own_answer),
		TEST(a_bomb_stays_coded),
		TEST(an_exchange_is_kept_as_it_was_on_the_wire),
		TEST(chunks_stay_chunks_and_their_end_is_found),
		TEST(a_post_is_sent_and_the_next_request_is_none),
		TEST(a_tls_server_is_known_by_its_certificates),
		TEST(what_is_wrong_with_a_server_is_named),
		TEST(a_circuit_is_shared_with_no_other_and_a_proxy_is_told),
		TEST(through_a_tunnel_what_is_recorded_is_the_sites),
		TEST(a_proxy_that_fails_is_named_as_such),
		TEST(a_body_larger_than_was_allowed_is_broken_off),
		TEST(what_has_not_changed_comes_back_as_304),
		TEST(cookies_are_kept_in_their_jar_and_in_no_other),
		TEST(cookies_come_back_as_they_were_written_down),
		TEST(what_is_recorded_holds_no_cookie),
		TEST(a_jar_that_is_flooded_keeps_what_it_had),
		TEST(a_validator_that_would_end_its_line_is_not_sent),
		TEST(a_private_address_needs_leave),
		TEST(a_connection_that_one_may_use_is_not_lent_to_who_may_not),
		TEST(the_environment_names_no_proxy_for_us),
		TEST(as_many_at_once_as_the_ceiling_says_and_no_more),
		TEST(an_address_that_is_none_is_refused_at_once),
		cmocka_unit_test(addresses_are_public_private_or_closed),
		cmocka_unit_test(what_is_no_address_is_not_read_and_not_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
