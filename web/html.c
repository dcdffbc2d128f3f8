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
#include "crawler/zone.h"

enum place { IN_ELEMENT, IN_LINES, IN_PLAIN, IN_DATA };

/* UAX 9 2: characters that reorder what is shown, and those that show nothing and so hide in a name. */
static bool is_hidden(uint32_t c)
{
	return c == 0xad || c == 0x61c || c == 0x180e || (c >= 0x200b && c <= 0x200f && c != 0x200c && c != 0x200d) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff) || (c >= 0x80 && c < 0xa0) || (c >= 0xfdd0 && c <= 0xfdef) ||
	       (c & 0xfffe) == 0xfffe; /* noncharacters, which XML 1.0 2.2 and HTML forbid */
}

static void put_symbol(struct buf *out, uint32_t c)
{
	char symbol[4];

	buf_add(out, (struct str){ symbol, utf8_put(c == 0x7f ? 0x2421 : 0x2400 + c, symbol) });
}

static void put_code(struct buf *out, uint32_t c, enum place place)
{
	if (place == IN_PLAIN || place == IN_DATA)
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
	const char *entity = place == IN_DATA ? NULL : entity_of(c);

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

void html_data(struct buf *out, struct str s)
{
	put(out, s, IN_DATA);
}

void html_hostile(struct buf *out, struct str s, size_t most)
{
	buf_add(out, STR("<bdi>"));
	for (size_t i = 0; s.n && i < most; i++)
		s = str_slice(s, put_first(out, s, IN_ELEMENT), s.n);
	buf_add(out, s.n ? STR("\xe2\x80\xa6</bdi>") : STR("</bdi>"));
}

/* UTS 46 4: what a browser takes for the dot of a host name. */
static bool is_dot(struct str c)
{
	return str_eq(c, STR(".")) || str_eq(c, STR("\xe3\x80\x82")) || str_eq(c, STR("\xef\xbc\x8e")) ||
	       str_eq(c, STR("\xef\xbd\xa1"));
}

/* The bytes of a scheme that everything makes a link of, at the beginning of the text: "https://"; 0 for none. */
static size_t web_scheme(struct str s)
{
	size_t n = s.n > 4 && (s.p[4] == 's' || s.p[4] == 'S') ? 5 : 4;

	return str_eq_nocase(str_slice(s, 0, 4), STR("http")) && str_starts(str_slice(s, n, s.n), STR("://")) ? n + 3 : 0;
}

/* A character of a host, or of what may be a scheme: none that makes an address of it stands alone. */
static size_t put_host_char(struct buf *out, struct str s, bool before_scheme, enum place place)
{
	uint32_t c;
	size_t n = utf8_next(s, &c);
	bool breaks = n && (is_dot(str_slice(s, 0, n)) || c == '@' || (c == ':' && before_scheme));

	if (breaks)
		buf_add_char(out, '[');
	n = put_first(out, s, place);
	if (breaks)
		buf_add_char(out, ']');
	return n;
}

/* Whatever is an address in it, also behind another one's question mark, is none any more: copied too it leads nowhere. */
static void put_url(struct buf *out, struct str url, enum place place)
{
	bool in_host = true, before_scheme = true;

	for (url = str_slice(url, 0, LIMIT_URL); url.n;) {
		size_t n = web_scheme(url);
		bool is_other = str_starts(url, STR("://"));

		if (n) {
			buf_printf(out, "hxxp%.*s", (int)n - 4, url.p + 4);
		} else if (is_other) {
			n = 3;
			buf_add(out, STR("[:]//"));
		} else {
			in_host = in_host && !memchr("/?#\\", url.p[0], 4);
			n = in_host ? put_host_char(out, url, before_scheme, place) : put_first(out, url, place);
			url = str_slice(url, n, url.n);
			continue;
		}
		in_host = true;
		before_scheme = false;
		url = str_slice(url, n, url.n);
	}
}

void html_url(struct buf *out, struct str url)
{
	buf_add(out, STR("<bdi class=\"url\">"));
	put_url(out, url, IN_ELEMENT);
	buf_add(out, STR("</bdi>"));
}

void html_data_url(struct buf *out, struct str url)
{
	put_url(out, url, IN_DATA);
}

void html_time(struct buf *out, int64_t at_us)
{
	char at[CLOCK_TEXT];

	if (!at_us) {
		buf_add(out, STR("\xe2\x80\x93"));
		return;
	}
	clock_rfc3339(at_us, at);
	buf_printf(out, "<time datetime=\"%s\">%.10s&nbsp;%.5s</time>", at, at, at + 11);
}

void html_day(struct buf *out, int64_t at_us)
{
	char at[CLOCK_TEXT];

	clock_rfc3339(at_us, at);
	buf_printf(out, "<time datetime=\"%.10s\">%.10s</time>", at, at);
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

static struct str file_of(const char *path)
{
	const struct embed *file = embed_find(path);

	MUST(file);
	return file->content;
}

static void put_hash(struct buf *out, const char *directive, struct str content)
{
	unsigned char digest[DIGEST_BYTES];

	digest_sha256(content, digest);
	buf_printf(out, "%s 'sha256-", directive);
	html_base64(out, digest, sizeof(digest));
	buf_add(out, STR("'; "));
}

/* CSP 3: style and script are allowed by the SHA-256 of exactly what stands between their tags. */
static void put_policy(struct buf *out)
{
	buf_add(out, STR("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "));
	put_hash(out, "script-src", file_of("web/script.js"));
	put_hash(out, "style-src", file_of("web/style.css"));
	buf_add(out, STR("img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
			 "trusted-types 'none'\">\n"));
}

/* Where what the report says is for programs too. */
static void put_alternates(struct buf *out, struct str home)
{
	static const struct {
		const char *type, *name;
	} feeds[] = { { "application/atom+xml", "feed.atom.xml" }, { "application/feed+json", "feed.json" } };
	const struct str below = str_slice(home, 0, home.n - strlen("index.html"));

	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++)
		buf_printf(out, "<link rel=\"alternate\" type=\"%s\" href=\"%.*s%s\">\n", feeds[i].type, STR_ARG(below),
			   feeds[i].name);
}

static void put_head(struct buf *out, const struct html_frame *frame)
{
	buf_add(out, STR("<!DOCTYPE html>\n<html lang=\""));
	html_plain(out, frame->manner->words->language);
	buf_add(out, STR("\">\n<head>\n"));
	put_policy(out);
	buf_add(out,
		STR("<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
		    "<meta name=\"robots\" content=\"noindex\">\n<title>"));
	html_plain(out, frame->title);
	buf_add(out, STR("</title>\n"));
	if (frame->has_feeds && str_ends(str_of(frame->home), STR("index.html")))
		put_alternates(out, str_of(frame->home));
	buf_add(out, STR("<style>"));
	buf_add(out, file_of("web/style.css"));
	buf_add(out, STR("</style>\n</head>\n"));
}

static const char *const label_classes[] = { "tlp-clear", "tlp-green", "tlp-amber", "tlp-amber-strict", "tlp-red" };

/* TLP 2.0: the label stands in the header and the footer, in capitals, in its colour on black. */
static void put_label(struct buf *out, const struct page_manner *m)
{
	buf_printf(out, "<p class=\"tlp\">%s</p>\n", tlp_labels[m->audience->tlp]);
}

/* The way to the main pages, from one that stands in a report: an exhibit has none of them. */
static void put_navigation(struct buf *out, const struct html_frame *frame)
{
	static const struct {
		const char *page;
		enum word word;
		unsigned sees; /* an audience without it has no such page */
	} pages[] = {
		{ "findings.html", WORD_FINDINGS, 0 },	 { "assets.html", WORD_ASSETS, 0 },
		{ "campaigns.html", WORD_CAMPAIGNS, 0 }, { "sources.html", WORD_SOURCES, SEES_SOURCES },
		{ "takedowns.html", WORD_TAKEDOWNS, 0 }, { "about.html", WORD_ABOUT, 0 },
	};
	const struct page_manner *m = frame->manner;
	const struct str home = str_of(frame->home), index = STR("index.html");

	buf_add(out, STR("<nav aria-label=\""));
	html_plain(out, m->words->text[WORD_PAGES]);
	buf_printf(out, "\"><a class=\"brand\" href=\"%s\">watchdesk</a>", frame->home);
	for (size_t i = 0; str_ends(home, index) && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if ((m->audience->sees & pages[i].sees) != pages[i].sees)
			continue;
		buf_printf(out, " <a href=\"%.*s%s\">", STR_ARG(str_slice(home, 0, home.n - index.n)), pages[i].page);
		say(out, m->words, pages[i].word);
		buf_add(out, STR("</a>"));
	}
	buf_add(out, STR("</nav>\n"));
}

void html_open(struct buf *out, const struct html_frame *frame)
{
	const struct words *w = frame->manner->words;

	put_head(out, frame);
	buf_printf(out, "<body class=\"%s\">\n", label_classes[frame->manner->audience->tlp]);
	buf_add(out, STR("<a class=\"skip\" href=\"#main\">"));
	say(out, w, WORD_SKIP);
	buf_add(out, STR("</a>\n<header class=\"top\">\n"));
	if (frame->is_home)
		buf_add(out, STR("<p class=\"brand\">watchdesk</p>\n"));
	else
		put_navigation(out, frame);
	buf_add(out, STR("<p class=\"stamp\">"));
	html_hostile(out, frame->manner->organisation, 80);
	if (frame->now) {
		AUTO(buf) at = BUF_INIT(KIB(1));

		html_time(&at, frame->now);
		buf_add(out, STR(" <span class=\"dot\" aria-hidden=\"true\">\xc2\xb7</span> "));
		say_x(out, w, WORD_MADE, buf_str(&at));
	}
	buf_add(out, STR("</p>\n"));
	put_label(out, frame->manner);
	buf_add(out, STR("</header>\n<main id=\"main\" tabindex=\"-1\">\n"));
}

/* "(10:38)", or "(11-24 00:38)" where the desk has another day. */
static void put_wall_time(struct buf *out, struct str zone, int64_t at)
{
	char here[CLOCK_TEXT], there[CLOCK_TEXT];
	bool same;

	clock_rfc3339(at, here);
	clock_rfc3339(zone_wall_us(zone, at), there);
	same = memcmp(here, there, 10) == 0;
	buf_printf(out, " <span class=\"wall\">(%.5s%s%.5s)</span>", same ? there + 11 : there + 5, same ? "" : "&nbsp;",
		   same ? "" : there + 11);
}

/* The end of the <time> that begins here, with the "UTC" behind it. */
static size_t time_end(struct str page)
{
	ssize_t end = str_find(page, STR("</time>"));
	size_t n = end < 0 ? page.n : (size_t)end + 7;

	return n + (str_starts(str_slice(page, n, page.n), STR(" UTC")) ? 4 : 0);
}

/* Beside each time of day the same on the desk's wall. Only our calls write tags, so each <time> is one of ours. */
static void add_wall_times(struct buf *out, struct str zone)
{
	const struct str tag = STR("<time datetime=\"");
	AUTO(buf) page = BUF_INIT(out->max);
	struct str rest;
	ssize_t at;

	buf_add(&page, buf_str(out));
	buf_clear(out);
	for (rest = buf_str(&page); (at = str_find(rest, tag)) >= 0;) {
		struct str time = str_slice(rest, (size_t)at + tag.n, rest.n);
		size_t end = (size_t)at + time_end(str_slice(rest, (size_t)at, rest.n));
		int64_t us;

		time = str_slice(time, 0, (size_t)str_find(time, STR("\"")));
		buf_add(out, str_slice(rest, 0, end));
		if (memchr(time.p, 'T', time.n) && clock_read_rfc3339(time, &us))
			put_wall_time(out, zone, us);
		rest = str_slice(rest, end, rest.n);
	}
	buf_add(out, rest);
}

/* For the script, in the words of the report; a page without a table to sort needs neither. */
static void put_tools(struct buf *out, const struct words *w)
{
	if (str_find(buf_str(out), STR(" sorts\">")) < 0)
		return;
	buf_add(out, STR("<template id=\"tools\"><p class=\"tools\"><label>"));
	say(out, w, WORD_FILTER);
	buf_add(out, STR(" <input type=\"search\" autocomplete=\"off\"></label> <output></output> <label class=\"quiet\">"
			 "<input type=\"checkbox\"> "));
	say_x(out, w, WORD_KEYS, STR("<kbd>j</kbd> <kbd>k</kbd> <kbd>o</kbd> <kbd>/</kbd>"));
	buf_add(out, STR("</label></p></template>\n<script>"));
	buf_add(out, file_of("web/script.js"));
	buf_add(out, STR("</script>\n"));
}

static void put_foot(struct buf *out, const struct page_manner *m)
{
	buf_add(out, STR("</main>\n<footer>\n<p>"));
	say_x(out, m->words, WORD_FOOT_TIMES, STR("<code class=\"hidden-char\">U+202E</code>, \xe2\x90\x9b"));
	if (m->zone.n) {
		AUTO(buf) zone = BUF_INIT(KIB(1));

		buf_add_char(out, ' ');
		html_plain(&zone, m->zone);
		say_x(out, m->words, WORD_FOOT_ZONE, buf_str(&zone));
	}
	buf_add(out, STR("</p>\n<p>watchdesk " WATCHDESK_VERSION "</p>\n"));
	put_label(out, m);
	buf_add(out, STR("</footer>\n"));
}

void html_close(struct buf *out, const struct page_manner *m)
{
	put_foot(out, m);
	put_tools(out, m->words);
	buf_add(out, STR("</body>\n</html>\n"));
	if (m->zone.n)
		add_wall_times(out, m->zone);
}
