/* mail_header.c - the headers of a mail */
#include "base/mail_header.h"

#include <string.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "base/utf8.h"

enum {
	COLUMNS = 76,	  /* of a line with an encoded word (RFC 2047 2) */
	WORD_FRAME = 12,  /* "=?UTF-8?B?" and "?=" */
	LONGEST_RUN = 60, /* without a blank; beyond it a line is not folded but encoded */
};

/* Characters that turn, hide or join what stands around them; in a line of text they have no honest use here. */
static bool is_unseen(uint32_t c)
{
	return c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static bool is_blank(uint32_t c)
{
	return c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029;
}

struct str mail_line(struct arena *a, struct str value, size_t most)
{
	struct str s = utf8_clean(a, value, &(size_t){ 0 });
	char *out = arena_alloc(a, s.n + 4), *end = out, *cut = out;
	size_t n = 0, length;
	uint32_t c = 0;

	for (size_t i = 0; i < s.n && (length = utf8_next(str_slice(s, i, s.n), &c)) > 0; i += length) {
		if (is_unseen(c) || (is_blank(c) && (end == out || end[-1] == ' ')))
			continue;
		if (n == most) {
			memcpy(cut, "\xe2\x80\xa6", 3);
			return (struct str){ out, (size_t)(cut - out) + 3 };
		}
		cut = end; /* before the last that fits: the ellipsis takes its place */
		n++;
		if (is_blank(c)) {
			*end++ = ' ';
		} else {
			memcpy(end, s.p + i, length);
			end += length;
		}
	}
	return str_trim((struct str){ out, (size_t)(end - out) });
}

/* Can it be folded at its blanks and be read as it is? */
static bool is_plain(struct str line)
{
	size_t run = 0;

	if (str_find(line, STR("=?")) >= 0)
		return false;
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] < ' ' || line.p[i] > '~' || (line.p[i] == ' ' && (run == 0 || i + 1 == line.n)))
			return false;
		run = line.p[i] == ' ' ? 0 : run + 1;
		if (run > LONGEST_RUN)
			return false;
	}
	return true;
}

static void put_folded(struct buf *out, size_t column, struct str line)
{
	struct str word = { 0 };

	for (bool first = true; str_split(&line, ' ', &word); first = false) {
		if (!first && column + 1 + word.n > COLUMNS) {
			buf_add(out, STR("\r\n"));
			column = 0;
		}
		if (!first)
			buf_add_char(out, ' ');
		buf_add(out, word);
		column += word.n + !first;
	}
}

/* As many whole characters as fit into `most` bytes; at least one. */
static struct str whole_characters(struct str s, size_t most)
{
	size_t n = 0, length;
	uint32_t c;

	while (n < s.n && (length = utf8_next(str_slice(s, n, s.n), &c)) > 0 && (n == 0 || n + length <= most))
		n += length;
	return str_slice(s, 0, n ? n : 1);
}

static void put_encoded(struct buf *out, size_t column, struct str line)
{
	while (line.n) {
		struct str piece = whole_characters(line, (COLUMNS - column - WORD_FRAME) / 4 * 3);
		AUTO(buf) coded = BUF_INIT(4 * COLUMNS);

		base64_encode(piece, &coded);
		buf_printf(out, "=?UTF-8?B?%.*s?=", STR_ARG(str_trim(buf_str(&coded))));
		line = str_slice(line, piece.n, line.n);
		if (line.n)
			buf_add(out, STR("\r\n "));
		column = 1;
	}
}

void mail_header_put(struct buf *out, const char *name, struct str line)
{
	size_t column = strlen(name) + 2;

	buf_printf(out, "%s: ", name);
	if (is_plain(line))
		put_folded(out, column, line);
	else
		put_encoded(out, column, line);
}

/* An address by the name that it has in a sentence. */
static int check_address(struct str address, const char *what, struct err *err)
{
	if (mailbox_is_one(address))
		return 0;
	return err_set(err, E_BAD, "the %s %.*s is no plain mail address; correct it where it was subscribed", what,
		       (int)(address.n < 100 ? address.n : 100), address.n ? address.p : "");
}

/* Is it a URI that can stand between brackets? */
static bool is_uri(struct str uri)
{
	for (size_t i = 0; i < uri.n; i++)
		if (uri.p[i] <= ' ' || uri.p[i] > '~' || memchr("<>,\"\\", uri.p[i], 5))
			return false;
	return uri.n > 0;
}

/* A URI of ours between brackets; nothing when it has what no URI has. */
static void put_uri(struct buf *out, const char *name, struct str uri)
{
	if (is_uri(uri))
		buf_printf(out, "\r\n%s:%s<%.*s>", name, uri.n > 50 ? "\r\n " : " ", STR_ARG(uri));
}

/* One way or several, in the order in which they are to be tried (RFC 2369 3); with https one click is enough (RFC 8058 3.1).
 */
static void put_unsubscribe(struct buf *out, struct str uris)
{
	struct str rest = uris, uri;
	bool begun = false, one_click = false;

	while (str_split(&rest, ' ', &uri)) {
		if (!is_uri(uri) || (!str_starts(uri, STR("https://")) && !str_starts(uri, STR("mailto:"))))
			continue;
		if (begun)
			buf_printf(out, ",\r\n <%.*s>", STR_ARG(uri));
		else
			put_uri(out, "List-Unsubscribe", uri);
		begun = true;
		one_click |= str_starts(uri, STR("https://"));
	}
	if (one_click)
		buf_add(out, STR("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"));
}

int mail_headers_put(struct buf *out, const struct mail_headers *h, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(4 * LIMIT_LETTER);
	char date[CLOCK_TEXT];

	if (check_address(h->from, "sender", err) < 0 || check_address(h->to, "recipient", err) < 0 ||
	    (h->reply_to.n && check_address(h->reply_to, "address for answers", err) < 0))
		return err->code;
	clock_http_date(h->date, date);
	buf_printf(out, "Date: %.25s +0000\r\n", date);
	mail_header_put(out, "From", h->from_name.n ? mail_line(a, h->from_name, 40) : (struct str){ 0 });
	buf_printf(out, "%s<%.*s>\r\nTo: <%.*s>\r\n", h->from_name.n ? " " : "", STR_ARG(h->from), STR_ARG(h->to));
	if (h->reply_to.n)
		buf_printf(out, "Reply-To: <%.*s>\r\n", STR_ARG(h->reply_to));
	mail_header_put(out, "Subject", mail_line(a, h->subject, LIMIT_SUBJECT));
	buf_printf(out, "\r\nMessage-ID: <%.*s@%.*s>", STR_ARG(h->message_id), STR_ARG(h->domain));
	if (h->references.n)
		buf_printf(out, "\r\nReferences: <%.*s@%.*s>\r\nIn-Reply-To: <%.*s@%.*s>", STR_ARG(h->references),
			   STR_ARG(h->domain), STR_ARG(h->references), STR_ARG(h->domain));
	put_uri(out, "List-Id", h->list_id);
	put_unsubscribe(out, h->unsubscribe);
	if (h->auto_submitted) /* the second keeps Exchange's notes of absence away, which do not read the first */
		buf_add(out, STR("\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply"));
	return out->full ? err_set(err, E_LIMIT, "the headers of a mail are too long") : 0;
}

void mail_text_put(struct buf *out, struct str text)
{
	struct str line = { 0 };

	while (str_split(&text, '\n', &line)) {
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		buf_add(out, line);
		buf_add(out, STR("\r\n"));
	}
}
