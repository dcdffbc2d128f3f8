/* net.c - HTTP exchanges: many at once, each with its ceilings */
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

const char *const net_failure_names[8] = { "ok", "DNS", "connect", "TLS", "HTTP", "timeout", "limit", "denied" };

/* One easy handle; kept and used again, because setting one up costs more than an exchange on loopback. */
struct exchange {
	CURL *easy;
	struct exchange *next; /* in the list of idle ones */
	struct curl_slist *headers;
	struct capture *capture;
	size_t max_bytes;
	bool allow_private;
	char error[CURL_ERROR_SIZE];
};

struct net {
	CURLM *multi;
	struct exchange *idle;
	struct exchange *all[LIMIT_CONNECTIONS];
	size_t n_all, active;
};

static void failed(struct capture *c, enum net_failure failure, const char *text)
{
	if (c->failure != NET_OK)
		return;
	c->failure = failure;
	snprintf(c->failure_text, sizeof(c->failure_text), "%s", text);
}

static size_t on_body(char *bytes, size_t size, size_t n, void *context)
{
	struct exchange *x = context;

	if (buf_add(&x->capture->body, (struct str){ bytes, size * n }) == 0)
		return size * n;
	failed(x->capture, NET_LIMIT, "the body is larger than the ceiling for one response");
	return 0;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *context)
{
	struct exchange *x = context;
	struct str line = { bytes, size * n };

	if (str_starts(line, STR("HTTP/"))) /* after a 1xx response the real one begins */
		buf_clear(&x->capture->headers);
	if (buf_add(&x->capture->headers, line) == 0)
		return line.n;
	failed(x->capture, NET_LIMIT, "the headers are larger than the ceiling for one response");
	return 0;
}

/* May this exchange talk to this address? */
static bool is_allowed(struct exchange *x, const struct sockaddr *address)
{
	if (address_is_public(address) || (x->allow_private && address_is_private(address)))
		return true;
	failed(x->capture, NET_DENIED,
	       x->allow_private ? "the address is link-local, reserved or otherwise nobody's site"
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

/* A connection may be one that another source, which may reach private addresses, has opened: ask again for each request. */
static int on_request(void *context, char *text, char *local, int port, int local_port)
{
	struct exchange *x = context;
	struct sockaddr_storage address;

	(void)local, (void)port, (void)local_port;
	snprintf(x->capture->address, sizeof(x->capture->address), "%s", text);
	if (address_read(text, &address) && is_allowed(x, (const struct sockaddr *)&address))
		return CURL_PREREQFUNC_OK;
	return CURL_PREREQFUNC_ABORT;
}

static void exchange_set_up(struct exchange *x)
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
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_PROXY, ""); /* what the environment says is not the desk's decision */
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)LIMIT_FETCH_MS);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_FETCH_MS / 3);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, (long)LIMIT_SLOW_BYTES);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)LIMIT_SLOW_SECONDS);
}

static struct exchange *exchange_take(struct net *n)
{
	struct exchange *x = n->idle;

	if (x) {
		n->idle = x->next;
		return x;
	}
	if (n->n_all == LIMIT_CONNECTIONS)
		return NULL;
	x = must_alloc(1, sizeof(*x));
	x->easy = curl_easy_init();
	MUST(x->easy);
	exchange_set_up(x);
	n->all[n->n_all++] = x;
	return x;
}

struct net *net_new(struct err *err)
{
	struct net *n = must_alloc(1, sizeof(*n));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(n->multi = curl_multi_init())) {
		err_set(err, E_FAULT, "libcurl does not start");
		free(n);
		return NULL;
	}
	curl_multi_setopt(n->multi, CURLMOPT_MAXCONNECTS, (long)LIMIT_CONNECTIONS);
	return n;
}

void net_free(struct net *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n_all; i++) {
		curl_multi_remove_handle(n->multi, n->all[i]->easy);
		curl_easy_cleanup(n->all[i]->easy);
		curl_slist_free_all(n->all[i]->headers);
		capture_free(n->all[i]->capture);
		free(n->all[i]);
	}
	curl_multi_cleanup(n->multi);
	free(n);
}

/* A validator that a server sent comes back to it; whatever could end the line is not sent. */
static void add_header(struct exchange *x, const char *name, struct str value)
{
	AUTO(buf) line = BUF_INIT(4096);

	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
			return;
	if (value.n && buf_printf(&line, "%s: %.*s", name, STR_ARG(value)) == 0)
		x->headers = curl_slist_append(x->headers, line.p);
}

int net_start(struct net *n, const struct net_request *r, struct err *err)
{
	AUTO(buf) agent = BUF_INIT(1024);
	struct exchange *x;
	struct capture *c;

	if (r->url.n == 0 || r->url.n > LIMIT_URL)
		return err_set(err, E_BAD, "an address of %zu bytes, expected 1 to %d", r->url.n, LIMIT_URL);
	x = exchange_take(n);
	if (!x)
		return err_set(err, E_BUSY, "%d exchanges are under way already", LIMIT_CONNECTIONS);
	c = must_alloc(1, sizeof(*c));
	*c = (struct capture){
		.owner = r->owner, .url = BUF_INIT(LIMIT_URL), .headers = BUF_INIT(LIMIT_HEADERS), .started_at = clock_now_us()
	};
	c->body.max = x->max_bytes = r->max_bytes ? r->max_bytes : LIMIT_BODY;
	buf_add(&c->url, r->url);
	buf_add(&agent, r->user_agent);
	x->capture = c;
	x->allow_private = r->allow_private;
	x->error[0] = '\0';
	add_header(x, "If-None-Match", r->etag);
	add_header(x, "If-Modified-Since", r->last_modified);
	add_header(x, "Accept-Encoding", r->coded ? STR("gzip, deflate") : STR("identity"));
	curl_easy_setopt(x->easy, CURLOPT_URL, c->url.p);
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

void net_wait(struct net *n, struct pollfd *fds, size_t n_fds, int timeout_ms)
{
	struct curl_waitfd extra[LIMIT_WORKERS + 8];
	int running;

	MUST(n_fds <= sizeof(extra) / sizeof(extra[0]));
	for (size_t i = 0; i < n_fds; i++) {
		extra[i] = (struct curl_waitfd){ .fd = fds[i].fd };
		if (fds[i].events & POLLIN)
			extra[i].events |= CURL_WAIT_POLLIN;
		if (fds[i].events & POLLOUT)
			extra[i].events |= CURL_WAIT_POLLOUT;
	}
	curl_multi_poll(n->multi, extra, (unsigned)n_fds, timeout_ms, NULL);
	for (size_t i = 0; i < n_fds; i++) {
		fds[i].revents = 0;
		if (extra[i].revents & CURL_WAIT_POLLIN)
			fds[i].revents |= POLLIN;
		if (extra[i].revents & CURL_WAIT_POLLOUT)
			fds[i].revents |= POLLOUT;
	}
	curl_multi_perform(n->multi, &running);
}

/* Which step failed, by curl's code. */
static enum net_failure failure_of(CURLcode code)
{
	switch ((int)code) {
	case CURLE_OK:
		return NET_OK;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return NET_DNS;
	case CURLE_COULDNT_CONNECT:
		return NET_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return NET_TLS;
	case CURLE_OPERATION_TIMEDOUT:
		return NET_TIMEOUT;
	case CURLE_FILESIZE_EXCEEDED:
		return NET_LIMIT;
	default:
		return NET_HTTP;
	}
}

struct capture *net_next(struct net *n)
{
	struct exchange *x = NULL;
	struct capture *c;
	CURLMsg *m;
	int left;
	long status = 0;

	do
		m = curl_multi_info_read(n->multi, &left);
	while (m && m->msg != CURLMSG_DONE);
	if (!m)
		return NULL;
	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &x);
	curl_easy_getinfo(m->easy_handle, CURLINFO_RESPONSE_CODE, &status);
	c = x->capture;
	c->status = (int)status;
	c->ended_at = clock_now_us();
	if (m->data.result == CURLE_OUT_OF_MEMORY) /* what curl says of one header of more than 100 kB */
		failed(c, NET_LIMIT, "a header is larger than the ceiling for one response");
	if (m->data.result != CURLE_OK)
		failed(c, failure_of(m->data.result), x->error[0] ? x->error : curl_easy_strerror(m->data.result));
	curl_multi_remove_handle(n->multi, x->easy);
	curl_slist_free_all(x->headers);
	x->headers = NULL;
	x->capture = NULL;
	x->next = n->idle;
	n->idle = x;
	n->active--;
	return c;
}

void capture_free(struct capture *c)
{
	if (!c)
		return;
	buf_release(&c->url);
	buf_release(&c->headers);
	buf_release(&c->body);
	free(c);
}

struct str capture_header(const struct capture *c, const char *name)
{
	struct str rest = buf_str(&c->headers), line, found = { 0 }, wanted = str_of(name);

	while (str_split(&rest, '\n', &line)) {
		if (line.n > wanted.n && line.p[wanted.n] == ':' && str_eq_nocase(str_slice(line, 0, wanted.n), wanted))
			found = str_trim(str_slice(line, wanted.n + 1, line.n));
	}
	return found;
}
