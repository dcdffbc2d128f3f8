/* extract_mail.c - a mail a file, or an mbox of many, as posts */
#include "crawler/extract/extract_local.h"

#include <string.h>

#include "base/limits.h"
#include "crawler/extract/answer.h"
#include "crawler/extract/mail.h"

enum { OVERLAP = 4096 }; /* bytes before the end of a piece in which the begin of a mail may be cut */

/* The end of the line that begins at `at`, behind its LF. */
static size_t line_end(struct str s, size_t at)
{
	const char *end = at < s.n ? memchr(s.p + at, '\n', s.n - at) : NULL;

	return end ? (size_t)(end - s.p) + 1 : s.n;
}

/* "Name:", or what a mailer quotes or folds there. */
static bool is_header(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] > ' ' && line.p[n] != ':' && line.p[n] != 0x7f)
		n++;
	return n > 0 && n < line.n && line.p[n] == ':';
}

/* A From_ line with headers behind it; in a text "From " begins a line too, but hardly two lines in such a row. */
static bool begins_at(struct str s, size_t at)
{
	struct str rest = str_slice(s, at, s.n);
	size_t next = line_end(s, at);

	return str_starts(rest, STR("From ")) && is_header(str_slice(s, next, line_end(s, next)));
}

/* The first mail that begins at `at` or behind it; the end when none does. RFC 4155: an empty line stands before it. */
static size_t find_mail(struct str s, size_t at)
{
	bool blank = true;

	while (at < s.n) {
		size_t end = line_end(s, at);

		if (blank && begins_at(s, at))
			return at;
		blank = str_trim(str_slice(s, at, end)).n == 0;
		at = end;
	}
	return s.n;
}

bool extract_is_mbox(struct str bytes)
{
	return begins_at(bytes, 0);
}

/* ">From " in an mbox is a line of the mail that began with "From ", however often it was quoted before. */
static struct str without_quotes(struct arena *a, struct str mail)
{
	char *out;
	size_t n = 0;

	if (str_find(mail, STR(">From ")) < 0)
		return mail;
	out = arena_alloc(a, mail.n);
	for (size_t at = 0, end; at < mail.n; at = end) {
		struct str line = str_slice(mail, at, end = line_end(mail, at));
		size_t marks = 0;

		while (marks < line.n && line.p[marks] == '>')
			marks++;
		if (marks && str_starts(str_slice(line, marks, line.n), STR("From ")))
			line = str_slice(line, 1, line.n);
		memcpy(out + n, line.p, line.n);
		n += line.n;
	}
	return (struct str){ out, n };
}

static struct str id_of(struct arena *a, struct str headers)
{
	return text_squeezed(a, mail_address(mail_header_text(a, headers, "Message-ID")), LIMIT_FIELD);
}

/* What the next mail overwrites is copied. */
static void keep_answer(struct piece *p, const struct mail *m, struct str bytes)
{
	struct arena *a = p->w->a;
	struct answer *out = arena_push(a, &p->w->out->answers, &p->w->out->n_answers, sizeof(*out));

	answer_of(a, m, bytes, out);
	p->text_bytes += out->text.n + out->quoted.n;
}

static void keep_mail(struct piece *p, struct str bytes, size_t at)
{
	struct work *w = p->w;
	struct post post = { 0 };
	struct str from;
	struct mail m;

	mail_read(w->a, w->scratch, bytes, &m);
	if (m.cut)
		piece_trouble(p, at, "a mail has more parts, or deeper ones, than are read");
	if (w->s->answers) {
		keep_answer(p, &m, bytes);
		return;
	}
	from = mail_header_text(w->a, m.headers, "From");
	post.key = id_of(w->a, m.headers);
	if (post.key.n == 0)
		post.key = extract_digest(w->a, bytes, (struct str){ 0 });
	post.author = from;
	post.author_id = mail_address(from);
	post.title = mail_header_text(w->a, m.headers, "Subject");
	post.text = m.text;
	post.quoted = m.quoted;
	extract_date(w, mail_header_text(w->a, m.headers, "Date"), 0, &post);
	piece_keep(p, &post, at);
}

static void read_mbox(struct piece *p)
{
	size_t at = find_mail(p->bytes, 0), end;

	for (; at < p->bytes.n; at = end) {
		size_t body = line_end(p->bytes, at);

		if (piece_is_full(p, at))
			return;
		end = find_mail(p->bytes, body);
		if (end == p->bytes.n && !p->last && at > 0) {
			piece_next(p, at);
			return;
		}
		keep_mail(p, without_quotes(p->w->a, str_slice(p->bytes, body, end)), at);
		piece_next(p, at); /* the last one may grow; it is read again then, as the same post */
	}
	if (!p->last) { /* no mail ends in this piece: what begins it, if it does, has been read */
		if (!p->inside && p->at.mode != LOCAL_INSIDE)
			piece_trouble(p, 0, "a mail is larger than is read at once: only its beginning was");
		piece_next(p, p->bytes.n > OVERLAP ? p->bytes.n - OVERLAP : p->bytes.n);
		p->inside = true;
	}
}

void extract_mails(struct piece *p)
{
	if (p->at.offset > 0 || extract_is_mbox(p->bytes)) {
		read_mbox(p);
		return;
	}
	keep_mail(p, p->bytes, 0);
	if (!p->last)
		piece_trouble(p, 0, "a mail is larger than is read at once: only its beginning was");
	p->next = 0; /* the file is one mail */
	p->last = true;
}

int extract_mailbox(struct work *w)
{
	struct piece p = { .w = w, .url = w->r->url, .bytes = w->r->body, .last = true };

	keep_mail(&p, p.bytes, 0);
	w->out->more = true;
	return 0;
}
