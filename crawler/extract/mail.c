/* mail.c - a mail taken apart */
#include "crawler/extract/mail.h"

#include <string.h>

#include "base/base64.h"
#include "base/limits.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/html.h"
#include "crawler/extract/text.h"

enum { BOUNDARY = 200 }; /* bytes; RFC 2046 5.1.1 allows 70 */

/* A line with its end, taken off the front; false when nothing is left. */
static bool take_line(struct str *rest, struct str *line)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	size_t n = end ? (size_t)(end - rest->p) + 1 : rest->n;

	*line = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->n);
	return n > 0;
}

static struct str without_end(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* The headers off the front of an entity, and the empty line behind them. */
static struct str take_headers(struct str *rest)
{
	struct str all = *rest, line;

	while (take_line(rest, &line))
		if (without_end(line).n == 0)
			return str_slice(all, 0, (size_t)(line.p - all.p));
	return all;
}

static bool is_folded(struct str line)
{
	return line.n && (line.p[0] == ' ' || line.p[0] == '\t');
}

struct str mail_header(struct arena *a, struct str headers, const char *name)
{
	struct str wanted = str_of(name), line, value = { 0 };
	const char *begin = NULL;
	size_t n = 0;
	char *out;

	while (take_line(&headers, &line)) {
		if (begin && !is_folded(line))
			break;
		if (!begin && line.n > wanted.n && line.p[wanted.n] == ':' &&
		    str_eq_nocase(str_slice(line, 0, wanted.n), wanted))
			begin = line.p + wanted.n + 1;
		if (begin)
			value = (struct str){ begin, (size_t)(line.p + line.n - begin) };
	}
	value = str_trim(value);
	out = arena_alloc(a, value.n + 1);
	for (size_t i = 0; i < value.n; i++) /* RFC 5322 2.2.3 */
		if (value.p[i] != '\r' && value.p[i] != '\n')
			out[n++] = value.p[i];
	return (struct str){ out, n };
}

static struct str lower(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = ascii_lower(s.p[i]);
	return (struct str){ out, s.n };
}

/* What stands before the parameters, in lower case. */
static struct str kind_of(struct arena *a, struct str value)
{
	struct str kind = { 0 };

	str_split(&value, ';', &kind);
	return lower(a, str_trim(kind));
}

/* One parameter off the front: up to a semicolon that stands in no quotation marks. */
static bool take_parameter(struct str *rest, struct str *out)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < rest->n && (quoted || rest->p[n] != ';'); n++) {
		if (quoted && rest->p[n] == '\\' && n + 1 < rest->n)
			n++;
		else if (rest->p[n] == '"')
			quoted = !quoted;
	}
	*out = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n + 1, rest->n);
	return out->n > 0 || rest->n > 0;
}

static struct str unquoted(struct arena *a, struct str value)
{
	char *out = arena_alloc(a, value.n + 1);
	size_t n = 0;

	if (value.n == 0 || value.p[0] != '"')
		return value;
	for (size_t i = 1; i < value.n && value.p[i] != '"'; i++) {
		i += value.p[i] == '\\' && i + 1 < value.n;
		out[n++] = value.p[i];
	}
	return (struct str){ out, n };
}

struct str mail_parameter(struct arena *a, struct str value, const char *name)
{
	struct str rest = value, one, wanted = str_of(name);

	take_parameter(&rest, &one); /* the kind */
	while (take_parameter(&rest, &one)) {
		ssize_t equals = str_find(one, STR("="));

		if (equals > 0 && str_eq_nocase(str_trim(str_slice(one, 0, (size_t)equals)), wanted))
			return unquoted(a, str_trim(str_slice(one, (size_t)equals + 1, one.n)));
	}
	return (struct str){ 0 };
}

struct str mail_address(struct str value)
{
	ssize_t open = str_find(value, STR("<"));
	struct str rest = open >= 0 ? str_slice(value, (size_t)open + 1, value.n) : value;
	ssize_t close = open >= 0 ? str_find(rest, STR(">")) : -1;

	return str_trim(close >= 0 ? str_slice(rest, 0, (size_t)close) : value);
}

/* Transfer codings (RFC 2045 6). */

static struct str from_quoted_printable(struct arena *a, struct str coded, bool word)
{
	char *out = arena_alloc(a, coded.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < coded.n; i++) {
		struct str rest = str_slice(coded, i + 1, coded.n);

		if (coded.p[i] == '=' && rest.n >= 2 && ascii_hex(rest.p[0]) >= 0 && ascii_hex(rest.p[1]) >= 0) {
			out[n++] = (char)(ascii_hex(rest.p[0]) << 4 | ascii_hex(rest.p[1]));
			i += 2;
		} else if (coded.p[i] == '=' && (str_starts(rest, STR("\r\n")) || str_starts(rest, STR("\n")))) {
			i += rest.p[0] == '\r' ? 2 : 1;
		} else {
			out[n++] = word && coded.p[i] == '_' ? ' ' : coded.p[i];
		}
	}
	return (struct str){ out, n };
}

/* RFC 2045 6.8: characters outside the alphabet are ignored. */
static struct str from_base64(struct arena *a, struct str coded)
{
	char *clean = arena_alloc(a, coded.n + 1);
	struct str out = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < coded.n && coded.p[i] != '='; i++)
		if (ascii_is_alnum(coded.p[i]) || coded.p[i] == '+' || coded.p[i] == '/')
			clean[n++] = coded.p[i];
	if (n % 4 == 1)
		n--; /* half a byte of what was cut off */
	while (n > 0 && base64_decode(a, (struct str){ clean, n }, &out, NULL) < 0)
		n--; /* the last character has bits that mean nothing */
	return out;
}

struct str mail_part_bytes(struct arena *a, const struct mail_part *part)
{
	if (str_eq(part->coding, STR("base64")))
		return from_base64(a, part->body);
	if (str_eq(part->coding, STR("quoted-printable")))
		return from_quoted_printable(a, part->body, false);
	return part->body;
}

/* Encoded words (RFC 2047). */

struct word {
	struct str charset, coding, text;
};

/* "=?utf-8?Q?caf=C3=A9?=" off the front; RFC 2231 5 allows a language behind the charset. */
static bool take_word(struct str *rest, struct word *out)
{
	struct str tail = str_slice(*rest, 2, rest->n);
	ssize_t end;

	if (!str_starts(*rest, STR("=?")) || !str_split(&tail, '?', &out->charset) || !str_split(&tail, '?', &out->coding))
		return false;
	end = str_find(tail, STR("?="));
	if (end < 0 || out->coding.n != 1 || !strchr("bBqQ", out->coding.p[0]))
		return false;
	out->text = str_slice(tail, 0, (size_t)end);
	*rest = str_slice(tail, (size_t)end + 2, tail.n);
	str_split(&out->charset, '*', &out->charset);
	return true;
}

static struct str word_bytes(struct arena *a, const struct word *w)
{
	return ascii_lower(w->coding.p[0]) == 'b' ? from_base64(a, w->text) : from_quoted_printable(a, w->text, true);
}

static struct str decoded_as(struct arena *a, struct str bytes, struct str label)
{
	struct charset charset = charset_of(bytes, arena_printf(a, "text/plain; charset=%.*s", STR_ARG(label)));

	return charset_decode(a, bytes, &charset);
}

/* Text that is being put together: bytes of one charset after the other. */
struct line {
	struct arena *a;
	struct buf *out;
	struct buf *bytes; /* of `charset`, not decoded yet: a character may be split between two words */
	struct str charset;
};

static void flush_words(struct line *l)
{
	if (l->bytes->n)
		buf_add(l->out, decoded_as(l->a, buf_str(l->bytes), l->charset));
	buf_clear(l->bytes);
}

/* Does nothing but white space stand before the next encoded word? It is not shown then (RFC 2047 6.2). */
static bool leads_to_word(struct str rest)
{
	struct word ignored;

	while (rest.n && ascii_is_space(rest.p[0]))
		rest = str_slice(rest, 1, rest.n);
	return str_starts(rest, STR("=?")) && take_word(&rest, &ignored);
}

static void decode_words(struct line *l, struct str rest)
{
	bool behind_word = false;

	while (rest.n) {
		struct word w;
		size_t n = 1;

		if (take_word(&rest, &w)) {
			if (!str_eq_nocase(w.charset, l->charset))
				flush_words(l);
			l->charset = w.charset;
			buf_add(l->bytes, word_bytes(l->a, &w));
			behind_word = true;
			continue;
		}
		while (n < rest.n && rest.p[n] != '=' && !ascii_is_space(rest.p[n]) && !ascii_is_space(rest.p[0]))
			n++;
		if (!(behind_word && ascii_is_space(rest.p[0]) && leads_to_word(rest))) {
			flush_words(l);
			buf_add(l->out, decoded_as(l->a, str_slice(rest, 0, n), (struct str){ 0 }));
			behind_word = false;
		}
		rest = str_slice(rest, n, rest.n);
	}
	flush_words(l);
}

/* What it says in a buffer that comes from the arena too: nothing is lost when the arena is full. */
struct str mail_header_text(struct arena *a, struct str headers, const char *name)
{
	struct str value = str_slice(mail_header(a, headers, name), 0, 8 * LIMIT_FIELD);
	struct buf out = { .p = arena_alloc(a, 16 * LIMIT_FIELD), .cap = 16 * LIMIT_FIELD, .max = 16 * LIMIT_FIELD - 1 };
	struct buf bytes = { .p = arena_alloc(a, 16 * LIMIT_FIELD), .cap = 16 * LIMIT_FIELD, .max = 16 * LIMIT_FIELD - 1 };
	struct line l = { .a = a, .out = &out, .bytes = &bytes };

	if (str_find(value, STR("=?")) < 0)
		return text_squeezed(a, decoded_as(a, value, (struct str){ 0 }), LIMIT_FIELD);
	decode_words(&l, value);
	return text_squeezed(a, buf_str(&out), LIMIT_FIELD);
}

/* Parts (RFC 2046 5.1). */

/* A multipart that is open. */
struct level {
	struct str boundary;
	size_t alternative;
	bool nested;
};

struct walk {
	struct arena *a;
	struct mail *out;
	struct level levels[LIMIT_MAIL_DEPTH];
	size_t depth, alternatives;
	bool nested;		/* in a mail within the mail */
	struct mail_part *leaf; /* whose body is being read; NULL between parts */
};

static void open_multipart(struct walk *w, struct str content, bool alternative)
{
	struct str boundary = mail_parameter(w->a, content, "boundary");

	if (w->depth == LIMIT_MAIL_DEPTH || boundary.n == 0 || boundary.n > BOUNDARY) {
		w->out->cut |= w->depth == LIMIT_MAIL_DEPTH;
		return;
	}
	w->levels[w->depth] = (struct level){ boundary, w->depth ? w->levels[w->depth - 1].alternative : 0, w->nested };
	if (alternative)
		w->levels[w->depth].alternative = ++w->alternatives;
	w->depth++;
}

static struct str type_of(struct walk *w, struct str content)
{
	struct str type = kind_of(w->a, content);

	return type.n ? type : STR("text/plain"); /* RFC 2045 5.2 */
}

static void open_leaf(struct walk *w, struct str headers, struct str type, struct str content)
{
	if (w->out->n_parts >= LIMIT_MAIL_PARTS) {
		w->out->cut = true;
		return;
	}
	w->leaf = arena_push(w->a, &w->out->parts, &w->out->n_parts, sizeof(*w->leaf));
	*w->leaf = (struct mail_part){
		.type = type,
		.content = content,
		.coding = lower(w->a, mail_header(w->a, headers, "Content-Transfer-Encoding")),
		.disposition = kind_of(w->a, mail_header(w->a, headers, "Content-Disposition")),
		.nested = w->nested,
		.alternative = w->depth ? w->levels[w->depth - 1].alternative : 0,
	};
}

/* The headers of an entity say what follows: a part, parts, or a mail, whose headers come next. */
static void open_entity(struct walk *w, struct str *rest)
{
	for (int mails = 0;; mails++) {
		struct str headers = take_headers(rest);
		struct str content = mail_header(w->a, headers, "Content-Type"), type = type_of(w, content);

		w->leaf = NULL;
		if (str_eq(type, STR("message/rfc822")) && mails < LIMIT_MAIL_DEPTH) {
			w->nested = true;
			continue;
		}
		if (str_starts(type, STR("multipart/")))
			open_multipart(w, content, str_eq(type, STR("multipart/alternative")));
		else
			open_leaf(w, headers, type, content);
		return;
	}
}

/* The level whose delimiter this line is, from 1 on; 0 for none. A closing one has "--" behind the boundary. */
static size_t delimits(const struct walk *w, struct str line, bool *closing)
{
	line = without_end(line);
	if (!str_starts(line, STR("--")))
		return 0;
	line = str_slice(line, 2, line.n);
	for (size_t i = w->depth; i > 0; i--) {
		struct str boundary = w->levels[i - 1].boundary, tail = str_slice(line, boundary.n, line.n);

		if (!str_starts(line, boundary))
			continue;
		*closing = str_starts(tail, STR("--"));
		if (*closing || str_trim(tail).n == 0)
			return i;
	}
	return 0;
}

/* The line end before a delimiter belongs to it. */
static void end_leaf(struct walk *w)
{
	if (w->leaf)
		w->leaf->body = without_end(w->leaf->body);
	w->leaf = NULL;
}

static void walk_parts(struct walk *w, struct str message)
{
	struct str rest = message, line;

	open_entity(w, &rest);
	while (take_line(&rest, &line)) {
		bool closing = false;
		size_t level = delimits(w, line, &closing);

		if (level) {
			end_leaf(w);
			w->depth = closing ? level - 1 : level;
			w->nested = w->levels[level - 1].nested;
			if (!closing)
				open_entity(w, &rest);
		} else if (w->leaf) {
			if (w->leaf->body.n == 0)
				w->leaf->body.p = line.p;
			w->leaf->body.n = (size_t)(line.p + line.n - w->leaf->body.p);
		}
	}
}

/* What is written in them. */

struct html_job {
	struct arena *a; /* the scratch */
	struct str html, text;
};

static int read_html(void *arg)
{
	struct html_job *job = arg;
	struct _xmlDoc *doc = NULL;
	const struct _xmlNode *root;
	int result = html_parse(job->a, job->html, &doc, NULL);

	if (result < 0)
		return result;
	root = tree_root(doc);
	if (root)
		job->text = text_of_element(job->a, root, LIMIT_TEXT, (struct text_options){ .links = true });
	return 0;
}

static bool html_text(struct arena *a, struct arena *scratch, struct str html, struct str *out)
{
	struct html_job job = { .a = scratch, .html = html };

	arena_clear(scratch);
	if (guarded(scratch, read_html, &job, NULL) < 0)
		return false;
	*out = arena_copy(a, job.text);
	return true;
}

static struct str part_text(struct arena *a, struct arena *scratch, const struct mail_part *part, struct mail *out)
{
	struct str bytes = mail_part_bytes(a, part), text;
	struct charset charset = charset_of(bytes, part->content.n ? part->content : STR("text/plain"));

	text = charset_decode(a, bytes, &charset);
	if (str_eq(part->type, STR("text/html")) && !html_text(a, scratch, text, &text)) {
		out->cut = true;
		return (struct str){ 0 };
	}
	return text;
}

/* HTML is read where its alternative in plain text is not there, or says nothing. */
static bool is_needed(const struct mail *m, size_t i)
{
	const struct mail_part *part = &m->parts[i];

	if (!str_eq(part->type, STR("text/html")))
		return str_eq(part->type, STR("text/plain")) || str_eq(part->type, STR("text/enriched"));
	if (str_eq(part->disposition, STR("attachment")))
		return false;
	for (size_t k = 0; k < m->n_parts && part->alternative; k++)
		if (m->parts[k].alternative == part->alternative && str_eq(m->parts[k].type, STR("text/plain")) &&
		    str_trim(m->parts[k].body).n)
			return false;
	return true;
}

/* Lines that begin with ">" go to `quoted`, one mark off; the others to `own`. Both have room for all of it. */
static void tell_apart(struct str text, struct buf *own, struct buf *quoted)
{
	struct str line;

	while (take_line(&text, &line)) {
		struct str words = without_end(line);
		struct buf *to = str_starts(words, STR(">")) ? quoted : own;

		if (to == quoted)
			words = str_slice(words, str_starts(words, STR("> ")) ? 2 : 1, words.n);
		buf_add(to, words);
		buf_add_char(to, '\n');
	}
}

static struct buf arena_buf(struct arena *a, size_t n)
{
	return (struct buf){ .p = arena_alloc(a, n + 1), .cap = n + 1, .max = n };
}

static void read_texts(struct arena *a, struct arena *scratch, struct mail *m)
{
	struct str *texts = arena_alloc(a, m->n_parts * sizeof(*texts) + 1);
	struct buf own, quoted;
	size_t room = 0;

	for (size_t i = 0; i < m->n_parts && room < 2 * LIMIT_TEXT; i++) {
		texts[i] = is_needed(m, i) ? part_text(a, scratch, &m->parts[i], m) : (struct str){ 0 };
		room += texts[i].n + 2;
	}
	own = arena_buf(a, room + 1);
	quoted = arena_buf(a, room + 1);
	for (size_t i = 0; i < m->n_parts; i++) {
		if (own.n && texts[i].n)
			buf_add_char(&own, '\n');
		tell_apart(texts[i], &own, &quoted);
	}
	m->text = text_cut(str_trim(buf_str(&own)), LIMIT_TEXT);
	m->quoted = text_cut(str_trim(buf_str(&quoted)), LIMIT_TEXT);
}

void mail_read(struct arena *a, struct arena *scratch, struct str message, struct mail *out)
{
	struct mail m = { 0 };
	struct walk w = { .a = a, .out = &m };
	struct str rest = message;

	m.headers = take_headers(&rest);
	walk_parts(&w, message);
	read_texts(a, scratch, &m);
	*out = m;
}
