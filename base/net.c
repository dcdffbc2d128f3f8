/* net.c - HTTP exchanges: many at once, each with its ceilings; mail, bytes and cookies have files of their own */
#include "base/net.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/net_internal.h"
#include "base/tls.h"

const char *const net_failure_names[9] = { "ok", "DNS", "connect", "TLS", "HTTP", "timeout", "limit", "denied", "mail" };

_Static_assert(NET_ERROR >= CURL_ERROR_SIZE, "curl's sentence has to fit");

enum { CIRCUIT_NAME = 255 }; /* RFC 1929 2: a name of at most 255 bytes */

void net_failed(struct capture *c, enum net_failure failure, const char *text)
{
	if (c->failure != NET_OK)
		return;
	c->failure = failure;
	snprintf(c->failure_text, sizeof(c->failure_text), "%s", text);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct transfer *x = context;

	if (buf_add(&x->capture->body, (struct str){ bytes, size * n }) == 0)
		return size * n;
	net_failed(x->capture, NET_LIMIT, "the body is larger than the ceiling for one response");
	return 0;
}

/* Does it say more than once, and not the same, how long the body is? RFC 9112 6.3: then nobody knows, unless it has chunks. */
static bool has_two_lengths(struct str headers)
{
	bool chunked = exchange_header(headers, "Transfer-Encoding").n > 0;
	struct str line = { 0 }, name = { 0 }, first = { 0 }, value;

	while (str_split(&headers, '\n', &line)) {
		if (!str_split(&line, ':', &name) || !str_eq_nocase(name, STR("Content-Length")))
			continue;
		while (str_split(&line, ',', &value)) {
			value = str_trim(value);
			if (!chunked && first.p && !str_eq(first, value))
				return true;
			first = value;
		}
	}
	return false;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *context)
{
	struct transfer *x = context;
	struct str line = { bytes, size * n };

	if (str_starts(line, STR("HTTP/"))) /* after a 1xx response the real one begins */
		buf_clear(&x->capture->headers);
	x->head_bytes += line.n; /* of all of them: there is no end to 1xx responses either */
	if (x->head_bytes > LIMIT_HEADERS || buf_add(&x->capture->headers, line) < 0) {
		net_failed(x->capture, NET_LIMIT, "the headers are larger than the ceiling for one response");
		return 0;
	}
	if (str_trim(line).n == 0 && has_two_lengths(buf_str(&x->capture->headers))) {
		net_failed(x->capture, NET_HTTP, "the answer has two lengths, so that nobody knows where it ends");
		return 0;
	}
	return line.n;
}

/* May this exchange talk to this address? */
static bool is_allowed(struct transfer *x, const struct sockaddr *address)
{
	bool may_be_private = x->allow_private || x->proxied; /* a proxy is our own; what lies behind it is not seen here */

	if (address_is_public(address) || (may_be_private && address_is_private(address)))
		return true;
	net_failed(x->capture, NET_DENIED,
		   may_be_private ? "the address is link-local, reserved or otherwise nobody's site"
				  : "the address is private or reserved; allow_private lets a source reach its own host there");
	return false;
}

static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	if (!is_allowed(context, &address->addr))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* The request as it goes out; whatever else curl says of its work is not kept. */
static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t n, void *context)
{
	struct transfer *x = context;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT && x->capture)
		buf_add(&x->capture->request, (struct str){ bytes, n }); /* what we ask for is bounded by what we are given */
	return 0;
}

/* Who answers, as far as TLS shows it; the session is curl's, and there only while the connection is. */
static void note_tls(const struct transfer *x)
{
	const struct curl_tlssessioninfo *session = NULL;
	struct capture *c = x->capture;

	if (curl_easy_getinfo(x->easy, CURLINFO_TLS_SSL_PTR, &session) == CURLE_OK && session && session->internals &&
	    session->backend == CURLSSLBACKEND_OPENSSL)
		tls_describe(session->internals, c->tls, &c->chain, c->leaf);
}

/*
 * A connection may be one that another source, which may reach private addresses, has opened: ask again for each request. When
 * it turns out to be closed already the request is made again on a new one, so that the last one made counts.
 */
static int on_request(void *context, char *text, char *local, int port, int local_port)
{
	struct transfer *x = context;
	struct sockaddr_storage address;

	(void)local, (void)port, (void)local_port;
	if (!x->proxied)
		snprintf(x->capture->address, sizeof(x->capture->address), "%s", text);
	if (!x->mailing)
		buf_clear(&x->capture->request);
	if (x->mailing || str_starts(buf_str(&x->capture->url), STR("https:"))) /* a mail's may be by STARTTLS */
		note_tls(x);
	if (address_read(text, &address) && is_allowed(x, (const struct sockaddr *)&address))
		return CURL_PREREQFUNC_OK;
	return CURL_PREREQFUNC_ABORT;
}

static void transfer_set_up(struct transfer *x)
{
	CURL *e = x->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, x);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, x);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, x);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, x);
	curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(e, CURLOPT_DEBUGDATA, x);
	curl_easy_setopt(e, CURLOPT_VERBOSE, 1L); /* without it on_debug() is not called */
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_PROXY, ""); /* what the environment says is not the desk's decision */
	curl_easy_setopt(e, CURLOPT_NOPROXY, "");
	curl_easy_setopt(e, CURLOPT_SOCKS5_AUTH, CURLAUTH_BASIC);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* what a proxy says is not the site's answer */
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_TRANSFER_DECODING, 0L); /* the bytes as they come; curl still finds the end */
	curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)LIMIT_FETCH_MS);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_FETCH_MS / 3);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, (long)LIMIT_SLOW_BYTES);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)LIMIT_SLOW_SECONDS);
}

struct transfer *net_transfer_new(struct net *n)
{
	struct transfer *x = must_alloc(1, sizeof(*x));
	char *folder = NULL;

	x->net = n;
	x->easy = curl_easy_init();
	MUST(x->easy);
	transfer_set_up(x);
	if (!n->ca_folder && curl_easy_getinfo(x->easy, CURLINFO_CAPATH, &folder) == CURLE_OK && folder)
		n->ca_folder = strdup(folder);
	return x;
}

static struct transfer *transfer_take(struct net *n)
{
	struct transfer *x = n->idle;

	if (x) {
		n->idle = x->next;
		return x;
	}
	if (n->n_all == LIMIT_CONNECTIONS)
		return NULL;
	return n->all[n->n_all++] = net_transfer_new(n);
}

struct net *net_new(struct err *err)
{
	struct net *n = must_alloc(1, sizeof(*n));
	unsigned char secret[CIRCUIT_BYTES];

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(n->multi = curl_multi_init()) || !(n->clerk = curl_easy_init())) {
		err_set(err, E_FAULT, "libcurl does not start");
		free(n);
		return NULL;
	}
	curl_multi_setopt(n->multi, CURLMOPT_MAXCONNECTS, (long)LIMIT_CONNECTIONS);
	digest_random(secret, sizeof(secret));
	digest_hex(secret, sizeof(secret), n->password);
	return n;
}

static void transfer_free(struct net *n, struct transfer *x)
{
	curl_multi_remove_handle(n->multi, x->easy);
	if (x->mailing)
		net_mail_free(x);
	curl_easy_cleanup(x->easy);
	curl_slist_free_all(x->headers);
	capture_free(x->capture);
	free(x->mailing);
	free(x);
}

void net_free(struct net *n)
{
	struct transfer *collector;

	if (!n)
		return;
	for (size_t i = 0; i < n->n_all; i++)
		transfer_free(n, n->all[i]);
	if (n->postman)
		transfer_free(n, n->postman);
	collector = net_collect_release(n);
	if (collector)
		transfer_free(n, collector);
	while (n->n_senders)
		net_send_free(n, n->senders[0]);
	curl_easy_cleanup(n->clerk);
	net_jars_free(n);
	curl_multi_cleanup(n->multi);
	free(n->ca_folder);
	free(n);
}

/* A validator that a server sent comes back to it; whatever could end the line is not sent. */
static void add_header(struct transfer *x, const char *name, struct str value)
{
	AUTO(buf) line = BUF_INIT(4096);

	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
			return;
	if (value.n && buf_printf(&line, "%s: %.*s", name, STR_ARG(value)) == 0)
		x->headers = curl_slist_append(x->headers, line.p);
}

static struct capture *capture_new(const struct net_request *r)
{
	struct capture *c = must_alloc(1, sizeof(*c));

	*c = (struct capture){
		.owner = r->owner,
		.url = BUF_INIT(LIMIT_URL),
		.request = BUF_INIT(LIMIT_HEADERS),
		.headers = BUF_INIT(LIMIT_HEADERS),
		.body = BUF_INIT(r->max_bytes ? r->max_bytes : LIMIT_BODY),
		.chain = BUF_INIT(LIMIT_CHAIN),
		.started_at = clock_now_us(),
	};
	clock_state(c->clock);
	buf_add(&c->url, r->url);
	return c;
}

/* Whom to trust. Curl looks into the system's folder of certificates beside those that it is given, unless it has none. */
static void set_trust(const struct net *n, struct transfer *x, const struct net_request *r)
{
	struct curl_blob trust = { (void *)(uintptr_t)r->trust.p, r->trust.n, CURL_BLOB_COPY };
	AUTO(buf) pin = BUF_INIT(LIMIT_URL);

	if (r->trust.n || x->trusts) {
		curl_easy_setopt(x->easy, CURLOPT_CAINFO_BLOB, r->trust.n ? &trust : NULL);
		curl_easy_setopt(x->easy, CURLOPT_CAPATH, r->trust.n ? NULL : n->ca_folder);
	}
	buf_add(&pin, r->pin);
	if (r->pin.n || x->pins)
		curl_easy_setopt(x->easy, CURLOPT_PINNEDPUBLICKEY, r->pin.n ? pin.p : NULL);
	x->trusts = r->trust.n > 0;
	x->pins = r->pin.n > 0;
}

/* What most requests do not have, taken back from those that had it. */
static void set_post(struct transfer *x, const struct net_request *r)
{
	if (r->post.n) {
		add_header(x, "Content-Type", r->post_type);
		curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE, (long)r->post.n);
		curl_easy_setopt(x->easy, CURLOPT_COPYPOSTFIELDS, r->post.p);
		if (r->put || x->puts)
			curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, r->put ? "PUT" : NULL);
	} else if (x->posts) {
		curl_easy_setopt(x->easy, CURLOPT_COPYPOSTFIELDS, NULL);
		curl_easy_setopt(x->easy, CURLOPT_HTTPGET, 1L);
		curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, NULL);
	}
	x->posts = r->post.n > 0;
	x->puts = r->post.n > 0 && r->put;
}

/* Headers that are the caller's own words. */
static void add_headers(struct transfer *x, struct str lines)
{
	AUTO(buf) z = BUF_INIT(LIMIT_URL);
	struct str line = { 0 };

	while (str_split(&lines, '\n', &line)) {
		buf_clear(&z);
		if (buf_add(&z, line) == 0 && line.n)
			x->headers = curl_slist_append(x->headers, z.p);
	}
	if (z.p)
		explicit_bzero(z.p, z.cap); /* it may have been a password */
}

/* Through a proxy, as one circuit, or straight again. */
static void set_proxy(const struct net *n, struct transfer *x, const struct net_request *r)
{
	AUTO(buf) proxy = BUF_INIT(LIMIT_URL);
	AUTO(buf) user = BUF_INIT(CIRCUIT_NAME + 1);
	bool named = r->proxy.n && r->circuit.n && r->circuit.n <= CIRCUIT_NAME;

	if (!r->proxy.n && !x->proxied)
		return;
	buf_add(&proxy, r->proxy);
	buf_add(&user, r->circuit);
	curl_easy_setopt(x->easy, CURLOPT_PROXY, proxy.p ? proxy.p : "");
	curl_easy_setopt(x->easy, CURLOPT_PROXYUSERNAME, named && str_starts(r->proxy, STR("socks5h:")) ? user.p : NULL);
	curl_easy_setopt(x->easy, CURLOPT_PROXYPASSWORD, named && str_starts(r->proxy, STR("socks5h:")) ? n->password : NULL);
	x->proxied = r->proxy.n > 0;
	curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, (long)(x->proxied ? LIMIT_PROXIED_MS : LIMIT_FETCH_MS));
	curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)(x->proxied ? LIMIT_PROXIED_MS * 2 / 3 : LIMIT_FETCH_MS / 3));
	snprintf(x->capture->address, sizeof(x->capture->address), "%.*s", STR_ARG(r->proxy));
}

int net_start(struct net *n, const struct net_request *r, struct err *err)
{
	AUTO(buf) agent = BUF_INIT(1024);
	struct transfer *x;

	if (r->url.n == 0 || r->url.n > LIMIT_URL)
		return err_set(err, E_BAD, "an address of %zu bytes, expected 1 to %d", r->url.n, LIMIT_URL);
	if (r->post.n > LIMIT_POST)
		return err_set(err, E_LIMIT, "a request with a body of %zu bytes, expected at most %zu", r->post.n, LIMIT_POST);
	x = transfer_take(n);
	if (!x)
		return err_set(err, E_BUSY, "%d exchanges are under way already", LIMIT_CONNECTIONS);
	x->capture = capture_new(r);
	x->allow_private = r->allow_private;
	x->error[0] = '\0';
	x->head_bytes = 0;
	buf_add(&agent, r->user_agent);
	add_header(x, "If-None-Match", r->etag);
	add_header(x, "If-Modified-Since", r->last_modified);
	add_header(x, "Accept-Encoding", r->coded ? STR("gzip, deflate") : STR("identity"));
	add_header(x, "Accept", r->accept);
	add_header(x, "Accept-Language", r->language);
	net_jar_use(x, r->jar);
	set_proxy(n, x, r);
	set_trust(n, x, r);
	set_post(x, r);
	add_headers(x, r->headers);
	if (r->timeout_ms || x->timed)
		curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, (long)(r->timeout_ms ? r->timeout_ms : LIMIT_FETCH_MS));
	x->timed = r->timeout_ms > 0;
	curl_easy_setopt(x->easy, CURLOPT_URL, x->capture->url.p);
	curl_easy_setopt(x->easy, CURLOPT_USERAGENT, agent.p ? agent.p : "");
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
	MUST(curl_multi_add_handle(n->multi, x->easy) == CURLM_OK);
	n->active++;
	return 0;
}

size_t net_active(const struct net *n)
{
	return n->active;
}

/* What curl does not look after: connections for bytes. How many; none of them waits longer than it may. */
static size_t add_senders(const struct net *n, struct curl_waitfd *extra, int *timeout_ms)
{
	int64_t now = clock_steady_us(), until = 0;
	size_t added = 0;
	short events = 0;
	int fd = -1;

	for (size_t i = 0; i < n->n_senders; i++) {
		if (!net_send_poll(n->senders[i], &fd, &events, &until))
			continue;
		extra[added++] = (struct curl_waitfd){
			.fd = fd, .events = (short)(CURL_WAIT_POLLIN | (events & POLLOUT ? CURL_WAIT_POLLOUT : 0))
		};
		until = until > now ? (until - now) / 1000 + 1 : 0;
		*timeout_ms = until < *timeout_ms ? (int)until : *timeout_ms;
	}
	return added;
}

void net_wait(struct net *n, struct pollfd *fds, size_t n_fds, int timeout_ms)
{
	struct curl_waitfd extra[LIMIT_WORKERS + 8 + LIMIT_CHANNELS + 1];
	struct net_poll mailbox;
	size_t n_all = n_fds;
	int running;

	MUST(n_fds <= LIMIT_WORKERS + 8);
	for (size_t i = 0; i < n_fds; i++) {
		extra[i] = (struct curl_waitfd){ .fd = fds[i].fd };
		if (fds[i].events & POLLIN)
			extra[i].events |= CURL_WAIT_POLLIN;
		if (fds[i].events & POLLOUT)
			extra[i].events |= CURL_WAIT_POLLOUT;
	}
	n_all += add_senders(n, extra + n_all, &timeout_ms);
	if (net_collect_poll(n, &mailbox))
		extra[n_all++] = (struct curl_waitfd){
			.fd = mailbox.fd, .events = (short)(CURL_WAIT_POLLIN | (mailbox.out ? CURL_WAIT_POLLOUT : 0))
		};
	curl_multi_poll(n->multi, extra, (unsigned)n_all, timeout_ms, NULL);
	for (size_t i = 0; i < n_fds; i++) {
		fds[i].revents = 0;
		if (extra[i].revents & CURL_WAIT_POLLIN)
			fds[i].revents |= POLLIN;
		if (extra[i].revents & CURL_WAIT_POLLOUT)
			fds[i].revents |= POLLOUT;
	}
	curl_multi_perform(n->multi, &running);
	net_collect_go_on(n);
}

/* Which step failed, by curl's code. */
enum net_failure net_failure_of(int code)
{
	switch (code) {
	case CURLE_OK:
		return NET_OK;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return NET_DNS;
	case CURLE_COULDNT_CONNECT:
	case CURLE_PROXY:
		return NET_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_USE_SSL_FAILED:
		return NET_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		return NET_TIMEOUT;
	case CURLE_FILESIZE_EXCEEDED:
		return NET_LIMIT;
	default:
		return NET_HTTP;
	}
}

/* The name of ALPN's registry (RFC 7301). */
static const char *protocol_name(long version)
{
	switch (version) {
	case CURL_HTTP_VERSION_1_0:
		return "http/1.0";
	case CURL_HTTP_VERSION_1_1:
		return "http/1.1";
	case CURL_HTTP_VERSION_2_0:
		return "h2";
	case CURL_HTTP_VERSION_3:
		return "h3";
	default:
		return "";
	}
}

/* Why it failed, as a sentence; curl's own names a part of it, or nothing. Perhaps in `room`, which has `size` bytes. */
static const char *reason_of(const struct transfer *x, CURLcode code, char *room, size_t size)
{
	const char *told = x->error[0] ? x->error : curl_easy_strerror(code);
	long result = 0;

	curl_easy_getinfo(x->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return tls_problem(result);
	if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return "the server's key is another one than pin: says; somebody may be in between, or the key was changed";
	if (!x->proxied || (code != CURLE_COULDNT_CONNECT && code != CURLE_PROXY))
		return told;
	snprintf(room, size, "by way of the proxy %.80s: %.140s", x->capture->address, told);
	return room;
}

/* What curl knows of an exchange that is over. */
static void read_end(struct transfer *x)
{
	long status = 0, version = 0;
	curl_off_t first = 0;
	struct capture *c = x->capture;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(x->easy, CURLINFO_HTTP_VERSION, &version);
	c->protocol = protocol_name(version);
	c->status = (int)status;
	if (status && curl_easy_getinfo(x->easy, CURLINFO_STARTTRANSFER_TIME_T, &first) == CURLE_OK)
		c->answered_at = c->started_at + first;
	if (x->jar)
		net_jar_hide(c);
}

/* Ready for the next one. */
static void put_back(struct net *n, struct transfer *x)
{
	x->capture = NULL;
	n->active--;
	if (x->sending) {
		net_send_free(n, x);
		return;
	}
	if (x->mailing)
		net_mail_free(x);
	if (x->mailing || net_collect_is(n, x))
		return;
	if (x->jar)
		curl_easy_setopt(x->easy, CURLOPT_SHARE, NULL);
	curl_slist_free_all(x->headers);
	x->headers = NULL;
	x->jar = NULL;
	x->next = n->idle;
	n->idle = x;
}

/* Has it more to do, now that curl has done its part: to carry bytes, to read a mailbox? */
static bool goes_on(struct net *n, struct transfer *x, CURLcode result)
{
	if (net_collect_is(n, x))
		return net_collect_connected(n, (int)result);
	return x->sending && !net_send_connected(x, (int)result);
}

/* The next one that curl is done with; one that shall carry bytes has only begun then. */
static struct transfer *next_done(struct net *n, CURLcode *result)
{
	struct transfer *x = NULL;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(n->multi, &left))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		*result = m->data.result;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &x);
		if (!goes_on(n, x, *result))
			return x;
	}
	*result = CURLE_OK;
	for (size_t i = 0; i < n->n_senders; i++)
		if (net_send_step(n->senders[i]))
			return n->senders[i];
	return NULL;
}

struct capture *net_next(struct net *n)
{
	CURLcode result;
	struct transfer *x = next_done(n, &result);
	char reason[NET_ERROR];
	struct capture *c;

	if (!x)
		return net_collect_ended(n);
	c = x->capture;
	c->ended_at = clock_now_us();
	if (x->mailing)
		net_mail_end(x, (int)result);
	else if (!x->sending && !net_collect_is(n, x))
		read_end(x);
	if (result == CURLE_OUT_OF_MEMORY) /* what curl says of one header of more than 100 kB */
		net_failed(c, NET_LIMIT, "a header is larger than the ceiling for one response");
	if (result != CURLE_OK && !c->sent)
		net_failed(c, net_failure_of((int)result), reason_of(x, result, reason, sizeof(reason)));
	if (!x->sending)
		curl_multi_remove_handle(n->multi, x->easy);
	put_back(n, x);
	return c;
}

void capture_free(struct capture *c)
{
	if (!c)
		return;
	buf_release(&c->url);
	buf_release(&c->request);
	buf_release(&c->headers);
	buf_release(&c->body);
	buf_release(&c->chain);
	free(c);
}

struct str capture_header(const struct capture *c, const char *name)
{
	return exchange_header(buf_str(&c->headers), name);
}

void capture_drop_body(struct capture *c)
{
	c->bare |= c->body.n > 0;
	buf_release(&c->body);
}

struct exchange capture_exchange(const struct capture *c)
{
	return (struct exchange){
		.url = buf_str(&c->url),
		.request = buf_str(&c->request),
		.headers = buf_str(&c->headers),
		.body = buf_str(&c->body),
		.protocol = str_of(c->protocol),
		.address = str_of(c->address),
		.tls = str_of(c->tls),
		.chain = buf_str(&c->chain),
		.leaf = { (const char *)c->leaf, c->tls[0] ? DIGEST_BYTES : 0 },
		.clock = str_of(c->clock),
		.status = c->status,
		.bare = c->bare,
		.started_at = c->started_at,
		.ended_at = c->ended_at,
	};
}
