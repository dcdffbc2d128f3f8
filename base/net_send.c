/* net_send.c - bytes to a server that answers nothing: curl makes the connection and its TLS, we write, and look for a refusal
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "base/net_internal.h"

enum { NOTHING_SAID = 1024 };

struct sending {
	struct buf bytes;
	size_t sent;
	bool connected;
	bool may_refuse;     /* there is something that it could refuse behind our back */
	int64_t quiet_until; /* steady us; 0 while bytes are to be sent */
	int64_t until;	     /* for all of it */
};

static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
	(void)bytes, (void)context;
	return size * n;
}

static void set_up(const struct net *n, struct transfer *x, const struct net_bytes *b)
{
	curl_easy_setopt(x->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(x->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(x->easy, CURLOPT_SSL_ENABLE_ALPN, 0L); /* what follows is not HTTP */
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_bytes);
	curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, (long)LIMIT_CHANNEL_MS);
	curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_CHANNEL_MS);
	net_set_text(x, CURLOPT_URL, b->url);
	net_set_blob(x, CURLOPT_SSLCERT_BLOB, b->certificate);
	net_set_blob(x, CURLOPT_SSLKEY_BLOB, b->key);
	if (b->trust.n) {
		net_set_blob(x, CURLOPT_CAINFO_BLOB, b->trust);
		curl_easy_setopt(x->easy, CURLOPT_CAPATH, NULL);
	} else {
		curl_easy_setopt(x->easy, CURLOPT_CAPATH, n->ca_folder);
	}
}

int net_send(struct net *n, const struct net_bytes *b, struct err *err)
{
	struct transfer *x;

	if (n->n_senders == LIMIT_CHANNELS)
		return err_set(err, E_BUSY, "%d connections for bytes are under way already", LIMIT_CHANNELS);
	if (b->bytes.n > LIMIT_POST)
		return err_set(err, E_BAD, "%zu bytes to send, expected at most %zu", b->bytes.n, LIMIT_POST);
	x = net_transfer_new(n);
	x->sending = must_alloc(1, sizeof(*x->sending));
	*x->sending = (struct sending){ .bytes = BUF_INIT(LIMIT_POST + 1),
					.may_refuse = b->bytes.n || b->key.n,
					.until = clock_steady_us() + LIMIT_CHANNEL_MS * INT64_C(1000) };
	buf_add(&x->sending->bytes, b->bytes);
	x->capture = net_capture_new(b->url, b->owner, NOTHING_SAID);
	x->capture->protocol = "bytes";
	x->allow_private = true; /* a collector is our own, and stands where the desk says */
	set_up(n, x, b);
	MUST(curl_multi_add_handle(n->multi, x->easy) == CURLM_OK);
	n->senders[n->n_senders++] = x;
	n->active++;
	return 0;
}

bool net_send_connected(struct transfer *x, int result)
{
	x->sending->connected = result == CURLE_OK;
	return result != CURLE_OK;
}

static bool fails(struct transfer *x, enum net_failure failure, const char *words)
{
	net_failed(x->capture, failure, words);
	return true;
}

/* With TLS 1.3 who asks for a certificate says so only then. */
static bool hung_up(struct transfer *x)
{
	return x->capture->tls[0]
		       ? fails(x, NET_TLS, "the server hung up on our bytes: does it want a certificate, or another one?")
		       : fails(x, NET_CONNECT, "the server hung up on our bytes");
}

/* All is out. What comes back is not looked at; that the connection breaks is a refusal, that it is closed is none. */
static bool hear(struct transfer *x, int64_t now)
{
	struct sending *s = x->sending;
	char room[512];
	size_t got = 0;
	CURLcode result;

	if (!s->quiet_until)
		s->quiet_until = now + LIMIT_BYTES_QUIET_MS * INT64_C(1000);
	for (int i = 0; i < 64; i++) {
		result = curl_easy_recv(x->easy, room, sizeof(room), &got);
		if (result != CURLE_OK || got == 0)
			break;
	}
	if (result != CURLE_OK && result != CURLE_AGAIN)
		return hung_up(x);
	if (s->may_refuse && now < s->quiet_until && !(result == CURLE_OK && got == 0))
		return false;
	x->capture->sent = true;
	return true;
}

bool net_send_step(struct transfer *x)
{
	struct sending *s = x->sending;
	int64_t now = clock_steady_us();

	if (!s->connected)
		return false;
	while (s->sent < s->bytes.n) {
		size_t n = 0;
		CURLcode result = curl_easy_send(x->easy, s->bytes.p + s->sent, s->bytes.n - s->sent, &n);

		if (result == CURLE_AGAIN)
			return now > s->until && fails(x, NET_TIMEOUT, "the server takes no more bytes");
		if (result != CURLE_OK)
			return hung_up(x);
		s->sent += n;
	}
	return hear(x, now);
}

bool net_send_poll(const struct transfer *x, int *fd, short *events, int64_t *until_us)
{
	const struct sending *s = x->sending;
	curl_socket_t socket = CURL_SOCKET_BAD;

	if (!s->connected || curl_easy_getinfo(x->easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
	    socket == CURL_SOCKET_BAD)
		return false;
	*fd = socket;
	*events = (short)(POLLIN | (s->sent < s->bytes.n ? POLLOUT : 0));
	*until_us = s->quiet_until ? s->quiet_until : s->until;
	return true;
}

void net_send_free(struct net *n, struct transfer *x)
{
	curl_multi_remove_handle(n->multi, x->easy);
	curl_easy_cleanup(x->easy);
	capture_free(x->capture);
	buf_release(&x->sending->bytes);
	free(x->sending);
	free(x);
	for (size_t i = 0; i < n->n_senders; i++)
		if (n->senders[i] == x)
			n->senders[i] = n->senders[--n->n_senders];
}
