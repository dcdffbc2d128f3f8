/* net_imap.c - mail out of a mailbox: curl connects, does TLS and signs in; from there on the few words of IMAP are ours */
/*
 * Of curl's own IMAP a fetch marks the mail as read (it asks for BODY[], and cannot be told BODY.PEEK[]), and a command of the
 * caller's has no literals: a line in a mail could then pass for the server's answer. So curl hands over the connection
 * (CURLOPT_CONNECT_ONLY). Here what a mail holds is counted and never looked at, and each command has a tag that nobody can
 * guess.
 */
#include "base/net_imap.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/must.h"
#include "base/net_internal.h"

enum {
	LINE = 1024, /* bytes of a line that are kept: what is asked for stands at its begin */
	TAG = 16,    /* 64 bits in hexadecimal */
};

/* What we say, in this order. */
enum step { STEP_SELECT, STEP_STORE, STEP_SEARCH, STEP_SIZE, STEP_FETCH, STEPS };

static const char *const step_words[STEPS] = {
	[STEP_SELECT] = "to the wish to open the folder", [STEP_STORE] = "to the mark that a mail was read",
	[STEP_SEARCH] = "to the question what is unread", [STEP_SIZE] = "to the question how large a mail is",
	[STEP_FETCH] = "to the wish to read a mail",
};

struct collecting {
	struct transfer *x;
	bool attached;	/* curl has the connection, or is at it */
	bool connected; /* signed in */
	bool kept;	/* ... since the mail before, and nothing was heard since */
	bool over;	/* the capture is ready */
	struct capture *ended;
	/* What is wanted. */
	struct buf server, folder;
	bool greet;
	uint64_t read_validity, read_uid; /* of the mail to be marked; 0 for none */
	int64_t until;			  /* steady us */
	/* What is said and heard. */
	enum step step;
	struct buf out;
	size_t sent, chatter;
	char tag[TAG + 1];
	char line[LINE];
	size_t n_line;
	bool long_line;	  /* its end was not kept */
	uint64_t literal; /* bytes of it still to come */
	bool body;	  /* they are the mail's */
	char heard[200];  /* the last line while curl signed in */
	/* What the server says of the folder and of the mail. */
	uint64_t validity, uid, size;
	bool has_body;
};

static struct str line_of(const struct collecting *s)
{
	return (struct str){ s->line, s->n_line };
}

/* curl's handle goes, and the connection with it. */
static void hang_up(struct net *n)
{
	struct collecting *s = n->collecting;

	if (s->attached)
		curl_multi_remove_handle(n->multi, s->x->easy);
	s->attached = s->connected = s->kept = false;
}

static void end(struct net *n)
{
	struct collecting *s = n->collecting;

	s->ended = s->x->capture;
	s->ended->ended_at = clock_now_us();
	s->x->capture = NULL;
	n->active--;
	s->kept = s->connected;
}

/* It is over, and the connection with it: nobody knows what would come next. */
static void give_up(struct net *n, enum net_failure failure, const char *text)
{
	buf_clear(&n->collecting->x->capture->body);
	net_failed(n->collecting->x->capture, failure, text);
	hang_up(n);
	end(n);
}

/* What the server said, as it may stand in a sentence. */
static void give_up_quoting(struct net *n, const char *what, struct str said)
{
	char text[sizeof(n->collecting->ended->failure_text)];
	int length = snprintf(text, sizeof(text), "%s: %.*s", what, (int)(said.n < 120 ? said.n : 120), said.p ? said.p : "");

	for (int i = 0; i < length && i < (int)sizeof(text) - 1; i++)
		if ((unsigned char)text[i] < ' ' || (unsigned char)text[i] >= 0x7f)
			text[i] = '?';
	give_up(n, NET_MAIL, text);
}

static void give_up_at_step(struct net *n, enum net_failure failure, const char *what)
{
	char text[160];

	snprintf(text, sizeof(text), "%s an answer %s", what, step_words[n->collecting->step]);
	give_up(n, failure, text);
}

static size_t on_heard(char *bytes, size_t size, size_t n, void *context)
{
	(void)bytes, (void)context;
	return size * n;
}

static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t n, void *context)
{
	struct transfer *x = context;
	struct str line = str_trim((struct str){ bytes, n });
	char *heard = x->net->collecting->heard;

	(void)easy;
	if (!x->capture || type != CURLINFO_HEADER_IN || line.n == 0)
		return 0;
	snprintf(heard, sizeof(x->net->collecting->heard), "%.*s", (int)(line.n < 150 ? line.n : 150), line.p);
	for (; *heard; heard++)
		if ((unsigned char)*heard < ' ' || (unsigned char)*heard >= 0x7f)
			*heard = '?';
	return 0;
}

static void set_text(struct transfer *x, CURLoption option, struct str text)
{
	AUTO(buf) z = BUF_INIT(LIMIT_URL);

	buf_add(&z, text);
	curl_easy_setopt(x->easy, option, text.n ? z.p : NULL);
	if (z.p)
		explicit_bzero(z.p, z.cap); /* it may have been a password */
}

static void set_up(const struct net *n, struct transfer *x, const struct net_mailbox *m)
{
	struct curl_blob trust = { (void *)(uintptr_t)m->trust.p, m->trust.n, CURL_BLOB_COPY };
	long ms = m->timeout_ms ? (long)m->timeout_ms : LIMIT_MAILBOX_MS;
	AUTO(buf) url = BUF_INIT(LIMIT_URL);

	buf_printf(&url, "%.*s/", STR_ARG(m->server));
	set_text(x, CURLOPT_URL, buf_str(&url));
	set_text(x, CURLOPT_USERNAME, m->user);
	set_text(x, CURLOPT_PASSWORD, m->password);
	set_text(x, CURLOPT_PINNEDPUBLICKEY, m->pin);
	curl_easy_setopt(x->easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_heard);
	curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl_easy_setopt(x->easy, CURLOPT_SASL_IR, 1L);
	curl_easy_setopt(x->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(x->easy, CURLOPT_USE_SSL, (long)(m->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl_easy_setopt(x->easy, CURLOPT_CAINFO_BLOB, m->trust.n ? &trust : NULL);
	curl_easy_setopt(x->easy, CURLOPT_CAPATH, m->trust.n ? NULL : n->ca_folder);
	curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS, ms / 3);
	curl_easy_setopt(x->easy, CURLOPT_LOW_SPEED_LIMIT, 0L); /* of a server that thinks the time is counted */
}

static struct capture *capture_of_mailbox(const struct net_mailbox *m)
{
	struct capture *c = must_alloc(1, sizeof(*c));

	*c = (struct capture){
		.owner = m->owner,
		.url = BUF_INIT(LIMIT_URL),
		.request = BUF_INIT(LIMIT_URL),
		.headers = BUF_INIT(LIMIT_HEADERS),
		.body = BUF_INIT(LIMIT_MAILBOX_MAIL),
		.chain = BUF_INIT(LIMIT_CHAIN),
		.protocol = "imap",
		.started_at = clock_now_us(),
	};
	clock_state(c->clock);
	buf_printf(&c->url, "%.*s/%.*s", STR_ARG(m->server), STR_ARG(m->folder));
	return c;
}

/* "validity.uid", with its quotation marks; of what is none, nothing is read. */
static void read_tag(struct str tag, uint64_t *validity, uint64_t *uid)
{
	struct str rest = str_slice(tag, 1, tag.n ? tag.n - 1 : 0), first = { 0 };

	*validity = *uid = 0;
	if (str_split(&rest, '.', &first) && (!str_number(first, UINT32_MAX, validity) || !str_number(rest, UINT32_MAX, uid)))
		*uid = 0;
}

static bool is_folder(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || (unsigned char)name.p[i] >= 0x7f || name.p[i] == '"' || name.p[i] == '\\')
			return false;
	return name.n > 0 && name.n < 500;
}

/* Say the next thing. */
static void say(struct collecting *s, enum step step)
{
	unsigned char random[TAG / 2];
	const unsigned long long uid = step == STEP_STORE ? s->read_uid : s->uid;

	digest_random(random, sizeof(random));
	digest_hex(random, sizeof(random), s->tag);
	s->step = step;
	buf_clear(&s->out);
	s->sent = 0;
	switch (step) {
	case STEP_SELECT:
		buf_printf(&s->out, "%s SELECT \"%.*s\"", s->tag, STR_ARG(buf_str(&s->folder)));
		break;
	case STEP_STORE:
		buf_printf(&s->out, "%s UID STORE %llu +FLAGS.SILENT (\\Seen)", s->tag, uid);
		break;
	case STEP_SEARCH:
		buf_printf(&s->out, "%s UID SEARCH UNSEEN UNDELETED", s->tag);
		break;
	case STEP_SIZE:
		buf_printf(&s->out, "%s UID FETCH %llu (UID RFC822.SIZE)", s->tag, uid);
		break;
	case STEP_FETCH:
		buf_printf(&s->out, "%s UID FETCH %llu (UID BODY.PEEK[]<0.%zu>)", s->tag, uid, (size_t)LIMIT_MAILBOX_MAIL);
		break;
	case STEPS:
		break;
	}
	buf_add(&s->out, STR("\r\n"));
}

static void begin_to_talk(struct collecting *s)
{
	s->n_line = s->chatter = 0;
	s->long_line = s->body = s->has_body = false;
	s->literal = s->validity = s->uid = s->size = 0;
	say(s, STEP_SELECT);
}

static void dial(struct net *n)
{
	struct collecting *s = n->collecting;

	s->heard[0] = s->x->error[0] = '\0';
	MUST(curl_multi_add_handle(n->multi, s->x->easy) == CURLM_OK);
	s->attached = true;
}

static struct collecting *collecting_new(struct net *n)
{
	struct collecting *s = must_alloc(1, sizeof(*s));

	*s = (struct collecting){ .x = net_transfer_new(n),
				  .server = BUF_INIT(LIMIT_URL),
				  .folder = BUF_INIT(LIMIT_FIELD),
				  .out = BUF_INIT(LIMIT_FIELD) };
	s->x->allow_private = true; /* a mailbox is our own, and stands where the desk says */
	return s;
}

int net_collect(struct net *n, const struct net_mailbox *m, struct err *err)
{
	struct collecting *s = n->collecting;

	if (!is_folder(m->folder))
		return err_set(err, E_BAD,
			       "the name of the mailbox's folder has characters that IMAP cannot carry as they are");
	if (s && (s->x->capture || s->ended))
		return err_set(err, E_BUSY, "the mailbox is being read already");
	if (!s)
		s = n->collecting = collecting_new(n);
	if (!str_eq(buf_str(&s->server), m->server))
		hang_up(n);
	buf_clear(&s->server);
	buf_clear(&s->folder);
	buf_add(&s->server, m->server);
	buf_add(&s->folder, m->folder);
	s->greet = m->greet;
	read_tag(m->read, &s->read_validity, &s->read_uid);
	s->until = clock_steady_us() + (m->timeout_ms ? m->timeout_ms : LIMIT_MAILBOX_MS) * 1000;
	s->x->capture = capture_of_mailbox(m);
	n->active++;
	if (s->connected) {
		begin_to_talk(s);
		return 0;
	}
	set_up(n, s->x, m);
	dial(n);
	return 0;
}

/* The number behind a word, as in "RFC822.SIZE 4711". */
static uint64_t number_behind(struct str line, struct str word)
{
	ssize_t at = str_find_nocase(line, word);
	struct str rest = str_slice(line, at < 0 ? line.n : (size_t)at + word.n, line.n);
	uint64_t number = 0;
	size_t digits = 0;

	while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
		digits++;
	return str_number(str_slice(rest, 0, digits), INT64_MAX, &number) ? number : 0;
}

/* The oldest: the order is the server's. The last number of a line whose end was not kept may be half of one. */
static void take_found(struct collecting *s)
{
	struct str rest = str_slice(line_of(s), strlen("* SEARCH"), s->n_line), word = { 0 };
	uint64_t uid = 0;

	while (str_split(&rest, ' ', &word))
		if (!(s->long_line && rest.n == 0) && str_number(word, UINT32_MAX, &uid) && uid && (!s->uid || uid < s->uid))
			s->uid = uid;
}

static bool is_fetched(const struct collecting *s)
{
	return str_starts(line_of(s), STR("* ")) && str_find_nocase(line_of(s), STR(" FETCH (")) > 0;
}

static void take_untagged(struct collecting *s)
{
	struct str line = line_of(s);

	if (s->step == STEP_SELECT && str_find_nocase(line, STR("[UIDVALIDITY ")) > 0)
		s->validity = number_behind(line, STR("[UIDVALIDITY "));
	if (s->step == STEP_SEARCH && line.n >= 8 && str_eq_nocase(str_slice(line, 0, 8), STR("* SEARCH")))
		take_found(s);
	if (s->step == STEP_SIZE && is_fetched(s) && number_behind(line, STR("UID ")) == s->uid)
		s->size = number_behind(line, STR("RFC822.SIZE "));
}

/* The mail as an exchange: the words of HTTP, and a protocol that says that it was none. */
static void put_mail(struct collecting *s)
{
	struct capture *c = s->x->capture;

	c->status = 200;
	c->answered_at = c->started_at;
	buf_printf(&c->headers, "HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\nETag: \"%llu.%llu\"\r\n",
		   (unsigned long long)s->validity, (unsigned long long)s->uid);
	if (s->size > c->body.n)
		buf_printf(&c->headers, "Content-Range: bytes 0-%zu/%llu\r\n", c->body.n ? c->body.n - 1 : 0,
			   (unsigned long long)s->size);
	buf_add(&c->headers, STR("\r\n"));
}

/* The folder is open: mark what is to be marked, and look for more. */
static void selected(struct net *n, struct str answer)
{
	struct collecting *s = n->collecting;

	if (str_find_nocase(answer, STR("[READ-ONLY]")) >= 0) {
		give_up(n, NET_MAIL,
			"the mailbox may only be looked at, so that nothing in it can be marked as read; give its user the "
			"right "
			"to");
	} else if (!s->validity) {
		give_up(n, NET_MAIL,
			"the mailbox has no UIDVALIDITY, so that no mail in it can be told from another (RFC 3501 2.3.1.1)");
	} else if (s->greet) {
		s->x->capture->status = 200;
		end(n);
	} else {
		say(s, s->read_uid && s->read_validity == s->validity ? STEP_STORE : STEP_SEARCH);
	}
}

static void searched(struct net *n)
{
	struct collecting *s = n->collecting;

	if (s->uid && s->uid == s->read_uid && s->validity == s->read_validity) {
		give_up(n, NET_MAIL,
			"the mailbox does not keep the mark that a mail was read, so that it would be read for ever");
	} else if (s->uid) {
		say(s, STEP_SIZE);
	} else {
		s->x->capture->status = 304;
		end(n);
	}
}

static void fetched(struct net *n)
{
	if (!n->collecting->has_body) {
		give_up(n, NET_MAIL, "the mailbox lists a mail as unread and does not give it");
		return;
	}
	put_mail(n->collecting);
	end(n);
}

static void answered(struct net *n, struct str answer)
{
	struct collecting *s = n->collecting;
	char what[120];

	if (!str_starts(answer, STR("OK"))) {
		snprintf(what, sizeof(what), "the mailbox answers %s", step_words[s->step]);
		give_up_quoting(n, what, answer);
		return;
	}
	switch (s->step) {
	case STEP_SELECT:
		selected(n, answer);
		break;
	case STEP_STORE:
		say(s, STEP_SEARCH);
		break;
	case STEP_SEARCH:
		searched(n);
		break;
	case STEP_SIZE:
		say(s, STEP_FETCH);
		break;
	case STEP_FETCH:
		fetched(n);
		break;
	case STEPS:
		break;
	}
}

/* A line that ends in {n} goes on behind so many bytes (RFC 3501 4.3). True when this one does. */
static bool takes_literal(struct net *n)
{
	struct collecting *s = n->collecting;
	struct str line = line_of(s);
	size_t open = line.n;
	uint64_t bytes;

	if (s->long_line || line.n < 3 || line.p[line.n - 1] != '}')
		return false;
	while (open > 0 && line.p[open - 1] != '{')
		open--;
	if (open == 0 || !str_number(str_slice(line, open, line.n - 1), INT64_MAX, &bytes))
		return false;
	s->body = s->step == STEP_FETCH && !s->has_body && is_fetched(s) && str_find_nocase(line, STR("BODY[]")) > 0;
	if (bytes > (s->body ? LIMIT_MAILBOX_MAIL : LIMIT_MAILBOX_CHATTER)) {
		give_up(n, NET_LIMIT, "the mailbox sends more of a mail than it was asked for");
		return true;
	}
	s->has_body |= s->body;
	s->literal = bytes;
	s->n_line = 0;
	memcpy(s->line, "* ", 2); /* its rest is no line of its own */
	s->n_line = 2;
	return true;
}

/* A line has ended. */
static void take_line(struct net *n)
{
	struct collecting *s = n->collecting;
	struct str line = line_of(s);

	while (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	s->n_line = line.n;
	if (takes_literal(n))
		return;
	if (line.n > TAG && str_starts(line, str_of(s->tag)) && line.p[TAG] == ' ')
		answered(n, str_slice(line, TAG + 1, line.n));
	else if (line.n >= 5 && str_eq_nocase(str_slice(line, 0, 5), STR("* BYE")))
		give_up_quoting(n, "the mailbox ends the conversation", str_slice(line, 5, line.n));
	else if (str_starts(line, STR("* ")))
		take_untagged(s);
	else if (!str_starts(line, STR("+ ")))
		give_up_quoting(n, "the mailbox says what is no IMAP, or told a wrong size of a mail", line);
	s->n_line = 0;
	s->long_line = false;
}

/* Bytes that came, until they are taken or it is over. */
static void take_bytes(struct net *n, struct str bytes)
{
	struct collecting *s = n->collecting;

	while (bytes.n && s->x->capture) {
		size_t part = 1;

		if (s->literal) {
			part = s->literal < bytes.n ? (size_t)s->literal : bytes.n;
			if (s->body)
				buf_add(&s->x->capture->body, str_slice(bytes, 0, part));
			s->literal -= part;
		} else if (++s->chatter > LIMIT_MAILBOX_CHATTER) {
			give_up(n, NET_LIMIT, "the mailbox says more than anybody asked for, without end");
		} else if (bytes.p[0] == '\n') {
			take_line(n);
		} else if (s->n_line < LINE) {
			s->line[s->n_line++] = bytes.p[0];
		} else {
			s->long_line = true;
		}
		bytes = str_slice(bytes, part, bytes.n);
	}
}

/* A connection that stood for a while may have died of that: once more, by a new one. */
static void lost(struct net *n)
{
	struct collecting *s = n->collecting;
	bool again = s->kept;

	if (!again) {
		give_up_at_step(n, NET_MAIL, "the mailbox hung up instead of");
		return;
	}
	hang_up(n);
	dial(n);
}

static CURLcode send_some(struct collecting *s)
{
	CURLcode result = CURLE_OK;
	size_t n = 0;

	while (result == CURLE_OK && s->sent < s->out.n) {
		result = curl_easy_send(s->x->easy, s->out.p + s->sent, s->out.n - s->sent, &n);
		s->sent += result == CURLE_OK ? n : 0;
	}
	return result == CURLE_AGAIN ? CURLE_OK : result;
}

/* Say and hear what can be said and heard without waiting. */
static void talk(struct net *n)
{
	struct collecting *s = n->collecting;
	char bytes[16384];

	while (s->x->capture && s->connected) {
		CURLcode result = send_some(s);
		size_t got = 0;

		if (result == CURLE_OK)
			result = curl_easy_recv(s->x->easy, bytes, sizeof(bytes), &got);
		if (result == CURLE_AGAIN)
			break;
		if (result != CURLE_OK || got == 0) {
			lost(n);
			return;
		}
		s->kept = false;
		take_bytes(n, (struct str){ bytes, got });
	}
	if (s->x->capture && s->connected && clock_steady_us() > s->until)
		give_up_at_step(n, NET_TIMEOUT, "the mailbox took too long for");
}

void net_collect_go_on(struct net *n)
{
	if (n->collecting && n->collecting->connected && n->collecting->x->capture)
		talk(n);
}

bool net_collect_poll(const struct net *n, struct net_poll *out)
{
	const struct collecting *s = n->collecting;
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (!s || !s->connected || !s->x->capture || curl_easy_getinfo(s->x->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK ||
	    fd == CURL_SOCKET_BAD)
		return false;
	*out = (struct net_poll){ fd, s->sent < s->out.n };
	return true;
}

/* Why curl did not get in, where we know more than it does. */
static void say_failure(struct collecting *s, CURLcode result)
{
	char text[256];

	if (result == CURLE_LOGIN_DENIED) {
		snprintf(text, sizeof(text), "the mailbox does not let us in with this name and password: %.150s", s->heard);
		net_failed(s->x->capture, NET_MAIL, text);
	} else if (result == CURLE_USE_SSL_FAILED) {
		net_failed(
			s->x->capture, NET_TLS,
			"the mailbox offers no STARTTLS, so that everybody on the way could read the password; use imaps://, "
			"or a server that does");
	} else if (result == CURLE_WEIRD_SERVER_REPLY) {
		net_failed(s->x->capture, NET_MAIL, "what answers there is no IMAP");
	} else if (result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR || result == CURLE_GOT_NOTHING) {
		net_failed(s->x->capture, NET_MAIL, "the mailbox broke off before it let us in");
	} else if (result == CURLE_OPERATION_TIMEDOUT && s->x->capture->address[0]) {
		snprintf(text, sizeof(text), "the mailbox took too long to let us in%s%.150s",
			 s->heard[0] ? "; the last that it said: " : "", s->heard);
		net_failed(s->x->capture, NET_TIMEOUT, text);
	}
}

bool net_collect_connected(struct net *n, int result)
{
	struct collecting *s = n->collecting;
	char *address = NULL;

	if (curl_easy_getinfo(s->x->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
		snprintf(s->x->capture->address, sizeof(s->x->capture->address), "%s", address);
	if (result != CURLE_OK) {
		say_failure(s, (CURLcode)result);
		s->attached = false; /* net.c takes it out */
		return false;
	}
	s->connected = true;
	begin_to_talk(s);
	talk(n);
	return true;
}

struct capture *net_collect_ended(struct net *n)
{
	struct capture *c = n->collecting ? n->collecting->ended : NULL;

	if (c)
		n->collecting->ended = NULL;
	return c;
}

bool net_collect_is(const struct net *n, const struct transfer *x)
{
	return n->collecting && n->collecting->x == x;
}

struct transfer *net_collect_release(struct net *n)
{
	struct collecting *s = n->collecting;
	struct transfer *x = s ? s->x : NULL;

	if (!s)
		return NULL;
	hang_up(n);
	capture_free(s->ended);
	buf_release(&s->server);
	buf_release(&s->folder);
	buf_release(&s->out);
	free(s);
	n->collecting = NULL;
	return x;
}
