/* html.c - pages that say only what we meant */
#include "web/html.h"

#include "web/page.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"

enum place { IN_ELEMENT, IN_LINES, IN_PLAIN };

/* UAX 9 2: characters that reorder what is shown, and those that show nothing and so hide in a name. */
static bool is_hidden(uint32_t c)
{
	return c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f && c != 0x200c && c != 0x200d) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff) || (c >= 0x80 && c < 0xa0);
}

static void put_symbol(struct buf *out, uint32_t c)
{
	char symbol[4];

	buf_add(out, (struct str){ symbol, utf8_put(c == 0x7f ? 0x2421 : 0x2400 + c, symbol) });
}

static void put_code(struct buf *out, uint32_t c, enum place place)
{
	if (place == IN_PLAIN)
		buf_printf(out, "[U+%04X]", (unsigned)c);
	else
		buf_printf(out, "<code class=\"hidden-char\">U+%04X</code>", (unsigned)c);
}

static const char *entity_of(uint32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void put_char(struct buf *out, uint32_t c, struct str bytes, enum place place)
{
	const char *entity = entity_of(c);

	if (entity)
		buf_add(out, str_of(entity));
	else if (place == IN_LINES && (c == '\n' || c == '\t'))
		buf_add(out, bytes);
	else if (c < 0x20 || c == 0x7f)
		put_symbol(out, c);
	else if (is_hidden(c))
		put_code(out, c, place);
	else
		buf_add(out, bytes);
}

/* The first character of `s`, written; its length in bytes. */
static size_t put_first(struct buf *out, struct str s, enum place place)
{
	uint32_t c = 0;
	size_t n = utf8_next(s, &c);

	if (n)
		put_char(out, c, str_slice(s, 0, n), place);
	else
		buf_add(out, STR(UTF8_REPLACEMENT));
	return n ? n : 1;
}

static void put(struct buf *out, struct str s, enum place place)
{
	while (s.n)
		s = str_slice(s, put_first(out, s, place), s.n);
}

void html_text(struct buf *out, struct str s)
{
	put(out, s, IN_ELEMENT);
}

void html_lines(struct buf *out, struct str s)
{
	put(out, s, IN_LINES);
}

void html_plain(struct buf *out, struct str s)
{
	put(out, s, IN_PLAIN);
}

void html_hostile(struct buf *out, struct str s, size_t most)
{
	buf_add(out, STR("<bdi>"));
	for (size_t i = 0; s.n && i < most; i++)
		s = str_slice(s, put_first(out, s, IN_ELEMENT), s.n);
	buf_add(out, s.n ? STR("\xe2\x80\xa6</bdi>") : STR("</bdi>"));
}

/* Where the host of a URL begins and ends; both 0 when there is none. */
static void find_host(struct str url, size_t *start, size_t *end)
{
	ssize_t at = str_find(url, STR("://"));

	*start = *end = at < 0 ? 0 : (size_t)at + 3;
	while (*start && *end < url.n && !memchr("/?#", url.p[*end], 3))
		(*end)++;
}

static void put_host(struct buf *out, struct str host)
{
	while (host.n) {
		if (host.p[0] == '.')
			buf_add(out, STR("[.]"));
		host = str_slice(host, host.p[0] == '.' ? 1 : put_first(out, host, IN_ELEMENT), host.n);
	}
}

void html_url(struct buf *out, struct str url)
{
	size_t start, end;

	url = str_slice(url, 0, LIMIT_URL);
	find_host(url, &start, &end);
	buf_add(out, STR("<bdi class=\"url\">"));
	if (start && str_starts(url, STR("http")))
		buf_add(out, STR("hxxp"));
	html_text(out, str_slice(url, start && str_starts(url, STR("http")) ? 4 : 0, start));
	put_host(out, str_slice(url, start, end));
	html_text(out, str_slice(url, end, url.n));
	buf_add(out, STR("</bdi>"));
}

void html_time(struct buf *out, int64_t at_us)
{
	char at[CLOCK_TEXT];

	if (!at_us) {
		buf_add(out, STR("never"));
		return;
	}
	clock_rfc3339(at_us, at);
	buf_printf(out, "<time datetime=\"%s\">%.10s&nbsp;%.5s</time>", at, at, at + 11);
}

void html_number(struct buf *out, int64_t n)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%lld", (long long)n);

	for (int i = 0; i < length; i++) {
		buf_add_char(out, digits[i]);
		if ((length - i) % 3 == 1 && i + 1 < length && digits[i] != '-')
			buf_add_char(out, ',');
	}
}

void html_base64(struct buf *out, const unsigned char *bytes, size_t n)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		unsigned three = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
				 (left > 2 ? bytes[i + 2] : 0);

		buf_add_char(out, alphabet[three >> 18]);
		buf_add_char(out, alphabet[three >> 12 & 63]);
		buf_add_char(out, left > 1 ? alphabet[three >> 6 & 63] : '=');
		buf_add_char(out, left > 2 ? alphabet[three & 63] : '=');
	}
}

/* CSP 3: a style is allowed by the SHA-256 of exactly what stands between its tags. */
static void put_policy(struct buf *out, struct str style)
{
	unsigned char digest[DIGEST_BYTES];

	digest_sha256(style, digest);
	buf_add(out, STR("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"));
	html_base64(out, digest, sizeof(digest));
	buf_add(out, STR("'; img-src data:; base-uri 'none'; form-action 'none'\">\n"));
}

static void put_head(struct buf *out, const struct html_frame *frame)
{
	const struct embed *style = embed_find("web/style.css");

	MUST(style);
	buf_add(out, STR("<!DOCTYPE html>\n<html lang=\""));
	html_plain(out, frame->manner->words->language);
	buf_add(out, STR("\">\n<head>\n"));
	put_policy(out, style->content);
	buf_add(out,
		STR("<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<meta name=\"robots\" content=\"noindex\">\n<title>"));
	html_plain(out, frame->title);
	buf_add(out, STR("</title>\n<style>"));
	buf_add(out, style->content);
	buf_add(out, STR("</style>\n</head>\n"));
}

void html_open(struct buf *out, const struct html_frame *frame)
{
	const struct words *w = frame->manner->words;

	put_head(out, frame);
	buf_add(out, STR("<body>\n<a class=\"skip\" href=\"#main\">"));
	say(out, w, WORD_SKIP);
	buf_add(out, STR("</a>\n<header class=\"top\">\n"));
	if (frame->is_home)
		buf_add(out, STR("<p class=\"brand\">watchdesk</p>\n"));
	else
		buf_printf(out, "<nav aria-label=\"Report\"><a class=\"brand\" href=\"%s\">watchdesk</a></nav>\n", frame->home);
	buf_add(out, STR("<p class=\"stamp\">"));
	html_hostile(out, frame->manner->organisation, 80);
	if (frame->now) {
		AUTO(buf) at = BUF_INIT(KIB(1));

		html_time(&at, frame->now);
		buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		say_x(out, w, WORD_MADE, buf_str(&at));
	}
	buf_add(out, STR("</p>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n"));
}

void html_close(struct buf *out, const struct page_manner *m)
{
	buf_add(out, STR("</main>\n<footer>\n<p>"));
	say_x(out, m->words, WORD_FOOT_TIMES, STR("<code class=\"hidden-char\">U+202E</code>, \xe2\x90\x9b"));
	buf_add(out, STR("</p>\n<p>watchdesk " WATCHDESK_VERSION "</p>\n</footer>\n</body>\n</html>\n"));
}
