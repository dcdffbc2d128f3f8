/* net_smtp.c - mail to the relay: curl speaks SMTP and writes MIME; here is what it is told, and what came of it */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mail_header.h"
#include "base/must.h"
#include "base/net_internal.h"

/* The command that was said last; its answer is the one that counts. */
enum step { STEP_GREETING, STEP_EHLO, STEP_STARTTLS, STEP_AUTH, STEP_MAIL, STEP_RCPT, STEP_DATA, STEP_TEXT, STEPS };

static const struct {
	const char *command; /* as curl says it; NULL where nothing is said */
	const char *words;
} steps[STEPS] = {
	[STEP_GREETING] = { NULL, "to the connection" },
	[STEP_EHLO] = { "EHLO ", "to our greeting" },
	[STEP_STARTTLS] = { "STARTTLS", "to STARTTLS" },
	[STEP_AUTH] = { "AUTH ", "to our name and password" },
	[STEP_MAIL] = { "MAIL ", "to the sender" },
	[STEP_RCPT] = { "RCPT ", "to the recipient" },
	[STEP_DATA] = { "DATA", "to the wish to send the text" },
	[STEP_TEXT] = { NULL, "to the text" },
};

struct mailing {
	curl_mime *mime;
	struct curl_slist *recipients;
	struct buf whole; /* of a sealed mail: headers and content as they go */
	size_t gone;	  /* of it */
	enum step step;
	bool over;   /* we take our leave; what is said then is not about the mail */
	bool greets; /* and sends nothing */
	bool more;   /* of an answer of several lines */
	bool secret; /* what we say next is a name or a password */
	int code;    /* of the last answer; 0 for none */
};

static void line_add(struct buf *dialogue, char sign, struct str line)
{
	line = str_trim(line);
	buf_printf(dialogue, "%c %.*s\n", sign, STR_ARG(line));
}

/* What we say: AUTH is shown without what follows the name of its mechanism, and so is all up to the relay's verdict. */
static void note_said(struct transfer *x, struct str line)
{
	struct mailing *m = x->mailing;
	struct str rest = line, word = { 0 };

	m->over |= str_starts(line, STR("QUIT"));
	m->code = m->over ? m->code : 0;
	for (int i = 0; i < STEPS; i++)
		if (!m->secret && steps[i].command && str_starts(line, str_of(steps[i].command)))
			m->step = (enum step)i;
	if (m->secret) {
		buf_add(&x->capture->request, STR("> (hidden)\n"));
	} else if (m->step == STEP_AUTH) {
		str_split(&rest, ' ', &word);
		str_split(&rest, ' ', &word);
		word = str_trim(word);
		buf_printf(&x->capture->request, "> AUTH %.*s%s\n", STR_ARG(word), rest.n ? " (hidden)" : "");
		m->secret = true;
	} else {
		line_add(&x->capture->request, '>', line);
	}
}

/* What the relay says: the answer to our last command, in one line or several. */
static void note_heard(struct transfer *x, struct str line)
{
	struct mailing *m = x->mailing;
	struct capture *c = x->capture;
	uint64_t code = 0;

	if (m->over)
		return;
	line = str_trim(line);
	if (str_number(str_slice(line, 0, 3), 599, &code) == 0)
		return;
	if (!m->more)
		buf_clear(&c->body);
	m->more = line.n > 3 && line.p[3] == '-';
	m->code = m->more ? 0 : (int)code;
	buf_printf(&c->body, "%s%.*s", c->body.n ? "\n" : "", STR_ARG(line));
	if (m->secret && code == 334)
		line = STR("334 (hidden)");
	else if (!m->more)
		m->secret = false;
	line_add(&c->request, '<', line);
	if (m->step == STEP_DATA && code == 354)
		m->step = STEP_TEXT, m->code = 0;
}

static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t n, void *context)
{
	struct transfer *x = context;
	struct str line = { bytes, n };

	(void)easy;
	if (x->capture && type == CURLINFO_HEADER_OUT)
		note_said(x, line);
	if (x->capture && type == CURLINFO_HEADER_IN)
		note_heard(x, line);
	return 0;
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
	(void)bytes, (void)context;
	return size * n;
}

static void set_up(struct transfer *x)
{
	curl_easy_setopt(x->easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_bytes);
	curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(x->easy, CURLOPT_SASL_IR, 1L);
	curl_easy_setopt(x->easy, CURLOPT_LOW_SPEED_LIMIT, 0L); /* a relay may think for long about what it got */
}

void net_set_blob(struct transfer *x, int option, struct str pem)
{
	struct curl_blob blob = { (void *)(uintptr_t)pem.p, pem.n, CURL_BLOB_COPY };

	curl_easy_setopt(x->easy, (CURLoption)option, pem.n ? &blob : NULL);
}

/* curl wants strings that end. */
void net_set_text(struct transfer *x, int option, struct str text)
{
	AUTO(buf) z = BUF_INIT(LIMIT_URL);

	buf_add(&z, text);
	curl_easy_setopt(x->easy, (CURLoption)option, text.n ? z.p : NULL);
	if (z.p)
		explicit_bzero(z.p, z.cap); /* it may have been a password */
}

static void set_relay(const struct net *n, struct transfer *x, const struct net_mail *m)
{
	AUTO(buf) url = BUF_INIT(LIMIT_URL);
	long ms = m->timeout_ms ? (long)m->timeout_ms : LIMIT_MAIL_MS;

	buf_printf(&url, "%.*s/%.*s", STR_ARG(m->relay), STR_ARG(m->greeting));
	net_set_text(x, CURLOPT_URL, buf_str(&url));
	curl_easy_setopt(x->easy, CURLOPT_USE_SSL, (long)(m->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	net_set_text(x, CURLOPT_USERNAME, m->user);
	net_set_text(x, CURLOPT_PASSWORD, m->password);
	net_set_blob(x, CURLOPT_SSLCERT_BLOB, m->certificate);
	net_set_blob(x, CURLOPT_SSLKEY_BLOB, m->key);
	net_set_blob(x, CURLOPT_CAINFO_BLOB, m->trust);
	curl_easy_setopt(x->easy, CURLOPT_CAPATH, m->trust.n ? NULL : n->ca_folder);
	curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS, ms / 3);
	curl_easy_setopt(x->easy, CURLOPT_FRESH_CONNECT, (long)m->fresh);
}

static void add_text(curl_mime *mime, struct str text, const char *type)
{
	AUTO(buf) wire = BUF_INIT(3 * LIMIT_LETTER);
	curl_mimepart *part = curl_mime_addpart(mime);

	mail_text_put(&wire, text);
	curl_mime_data(part, wire.n ? wire.p : "", wire.n);
	curl_mime_type(part, type);
	curl_mime_encoder(part, "quoted-printable"); /* every relay carries it, also one without 8BITMIME */
}

static void add_file(curl_mime *mime, const struct net_mail_file *f)
{
	AUTO(buf) text = BUF_INIT(1024);
	curl_mimepart *part = curl_mime_addpart(mime);

	curl_mime_data(part, f->content.n ? f->content.p : "", f->content.n);
	buf_printf(&text, "%.*s", STR_ARG(f->name));
	curl_mime_filename(part, text.p);
	buf_clear(&text);
	buf_printf(&text, "%.*s", STR_ARG(f->type));
	curl_mime_type(part, text.p);
	curl_mime_encoder(part, "base64");
}

/* Text and HTML are the same in two forms; files stand beside them. */
static void set_content(struct transfer *x, const struct net_mail *m, const char *headers)
{
	curl_mime *texts = curl_mime_init(x->easy);

	MUST(texts);
	x->headers = curl_slist_append(NULL, headers);
	add_text(texts, m->text, "text/plain; charset=utf-8");
	if (m->html.n)
		add_text(texts, m->html, "text/html; charset=utf-8");
	x->mailing->mime = texts;
	if (m->n_files) {
		curl_mime *mixed = curl_mime_init(x->easy);
		curl_mimepart *part = curl_mime_addpart(mixed);

		MUST(curl_mime_subparts(part, texts) == CURLE_OK);
		curl_mime_type(part, "multipart/alternative");
		x->mailing->mime = mixed;
		for (size_t i = 0; i < m->n_files; i++)
			add_file(mixed, &m->files[i]);
	} else {
		x->headers = curl_slist_append(x->headers, "Content-Type: multipart/alternative");
	}
	curl_easy_setopt(x->easy, CURLOPT_MIMEPOST, x->mailing->mime);
}

/* The next piece of a sealed mail. */
static size_t on_read(char *room, size_t size, size_t n, void *context)
{
	struct mailing *m = context;
	size_t rest = m->whole.n - m->gone, piece = rest < size * n ? rest : size * n;

	memcpy(room, m->whole.p + m->gone, piece);
	m->gone += piece;
	return piece;
}

/* One part that is all of the mail (RFC 8551 3.3), which curl's MIME would put inside another. */
static void set_sealed(struct transfer *x, const struct net_mail *m, struct str headers)
{
	struct mailing *mailing = x->mailing;

	mailing->whole = (struct buf)BUF_INIT(4 * LIMIT_LETTER);
	buf_printf(&mailing->whole,
		   "%.*s\r\nMIME-Version: 1.0\r\n"
		   "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"\r\n"
		   "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n",
		   STR_ARG(headers));
	buf_add(&mailing->whole, m->sealed);
	curl_easy_setopt(x->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(x->easy, CURLOPT_READDATA, mailing);
	curl_easy_setopt(x->easy, CURLOPT_UPLOAD, 1L);
}

static void set_envelope(struct transfer *x, const struct net_mail *m)
{
	AUTO(buf) text = BUF_INIT(LIMIT_URL);

	buf_printf(&text, "<%.*s>", STR_ARG(m->headers.from));
	curl_easy_setopt(x->easy, CURLOPT_MAIL_FROM, text.p);
	buf_clear(&text);
	buf_printf(&text, "<%.*s>", STR_ARG(m->headers.to));
	x->mailing->recipients = curl_slist_append(NULL, text.p);
	curl_easy_setopt(x->easy, CURLOPT_MAIL_RCPT, x->mailing->recipients);
}

struct capture *net_capture_new(struct str url, void *owner, size_t most_said)
{
	struct capture *c = must_alloc(1, sizeof(*c));

	*c = (struct capture){
		.owner = owner,
		.url = BUF_INIT(LIMIT_URL),
		.request = BUF_INIT(most_said),
		.headers = BUF_INIT(1),
		.body = BUF_INIT(LIMIT_RELAY_WORDS),
		.chain = BUF_INIT(LIMIT_CHAIN),
		.started_at = clock_now_us(),
	};
	buf_add(&c->url, url);
	return c;
}

int net_mail(struct net *n, const struct net_mail *m, struct err *err)
{
	AUTO(buf) headers = BUF_INIT(LIMIT_HEADERS);
	struct transfer *x = n->postman;

	if (x && x->capture)
		return err_set(err, E_BUSY, "a mail is under way already");
	if (!m->greet && mail_headers_put(&headers, &m->headers, err) < 0)
		return err->code;
	if (!x) {
		x = n->postman = net_transfer_new(n);
		x->mailing = must_alloc(1, sizeof(*x->mailing));
		set_up(x);
	}
	*x->mailing = (struct mailing){ .greets = m->greet };
	x->capture = net_capture_new(m->relay, m->owner, LIMIT_DIALOGUE);
	x->capture->protocol = "smtp";
	x->allow_private = true; /* a relay is our own, and stands where the desk says */
	x->error[0] = '\0';
	set_relay(n, x, m);
	curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, m->greet ? "NOOP" : NULL);
	if (!m->greet) {
		set_envelope(x, m);
		if (m->sealed.n)
			set_sealed(x, m, buf_str(&headers));
		else
			set_content(x, m, headers.p);
	}
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
	MUST(curl_multi_add_handle(n->multi, x->easy) == CURLM_OK);
	n->active++;
	return 0;
}

/* Its answer is about this mail and no other: about the recipient, the size, the text. What it says of us may be mended. */
static bool is_about_the_mail(const struct mailing *m)
{
	return m->step == STEP_RCPT || m->step == STEP_DATA || m->step == STEP_TEXT || (m->step == STEP_MAIL && m->code == 552);
}

void net_mail_free(struct transfer *x)
{
	struct mailing *m = x->mailing;

	curl_easy_setopt(x->easy, CURLOPT_MIMEPOST, NULL);
	curl_easy_setopt(x->easy, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(x->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_mime_free(m->mime);
	buf_release(&m->whole);
	curl_slist_free_all(m->recipients);
	curl_slist_free_all(x->headers);
	x->headers = NULL;
	*m = (struct mailing){ 0 };
}

/* Why it did not go, where we know more than curl does. */
static void say_failure(struct capture *c, const struct mailing *m, CURLcode result)
{
	char text[sizeof(c->failure_text)];

	if (m->code >= 400) {
		snprintf(text, sizeof(text), "the relay answers %s: %.180s", steps[m->step].words, c->body.n ? c->body.p : "");
		net_failed(c, NET_MAIL, text);
	} else if (result == CURLE_USE_SSL_FAILED) {
		net_failed(c, NET_TLS,
			   "the relay offers no STARTTLS, so that everybody on the way could read the mail; `tls: none` sends "
			   "it all "
			   "the same");
	} else if (result == CURLE_RECV_ERROR || result == CURLE_SEND_ERROR || result == CURLE_GOT_NOTHING) {
		snprintf(text, sizeof(text), "the relay hung up instead of an answer %s", steps[m->step].words);
		net_failed(c, NET_MAIL, text);
	} else if (result == CURLE_OPERATION_TIMEDOUT && c->request.n) {
		snprintf(text, sizeof(text), "the relay took too long for an answer %s", steps[m->step].words);
		net_failed(c, NET_TIMEOUT, text);
	}
}

void net_mail_end(struct transfer *x, int result)
{
	const struct mailing *m = x->mailing;
	struct capture *c = x->capture;
	long connects = 0;

	curl_easy_getinfo(x->easy, CURLINFO_NUM_CONNECTS, &connects);
	c->reused = connects == 0;
	c->sent = m->greets ? result == CURLE_OK : m->step == STEP_TEXT && m->code / 100 == 2;
	c->status = c->sent || m->code >= 400 ? m->code : 0;
	c->refused = m->code / 100 == 5 && is_about_the_mail(m);
	if (!c->sent)
		say_failure(c, m, (CURLcode)result);
	if (m->code < 400 && !c->sent)
		buf_clear(&c->body);
}
