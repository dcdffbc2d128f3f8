/* feed.c - findings for programs */
#include "web/feed.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/severity.h"
#include "web/html.h"

enum {
	TITLE = 300,	  /* characters shown of a text from outside */
	ENTRY = KIB(128), /* bytes that one finding takes at most: an address of LIMIT_URL, each of its bytes as six, and the
			     rest */
};

/* ---- pieces ---- */

static const struct words *tongue_of(const struct feed_facts *facts)
{
	return facts->manner->words;
}

/* The first characters of a text, wrong bytes counted as one each. */
static struct str first(struct str s, size_t most)
{
	struct str rest = s;
	uint32_t c;

	for (; most && rest.n; most--) {
		size_t n = utf8_next(rest, &c);

		rest = str_slice(rest, n ? n : 1, rest.n);
	}
	return str_slice(s, 0, s.n - rest.n);
}

/* A word of ours with a text from outside in the place of {x}; neither is escaped. */
static void put_said(struct buf *out, const struct words *w, enum word which, struct str x)
{
	struct str text = w->text[which];
	ssize_t at = str_find(text, STR("{x}"));

	buf_add(out, str_slice(text, 0, at < 0 ? text.n : (size_t)at));
	if (at < 0)
		return;
	html_data(out, x);
	buf_add(out, str_slice(text, (size_t)at + 3, text.n));
}

/* RFC 4122 3: "urn:uuid:00112233-4455-6677-8899-aabbccddeeff" of 32 hexadecimal digits. */
static void put_urn(struct buf *out, struct str hex)
{
	buf_printf(out, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex.p, hex.p + 8, hex.p + 12, hex.p + 16, hex.p + 20);
}

/* The feed's own id: another for each organisation and audience, and the same tomorrow. */
static void put_feed_urn(struct buf *out, const struct feed_facts *facts)
{
	const struct str pieces[] = { STR("watchdesk feed"), facts->manner->organisation, facts->manner->audience->name };
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];

	digest_pieces(pieces, 3, digest);
	digest[6] = (unsigned char)((digest[6] & 0x0f) | 0x80); /* RFC 9562 5.8: version 8, of our own making */
	digest[8] = (unsigned char)((digest[8] & 0x3f) | 0x80);
	put_urn(out, str_of(digest_hex(digest, DIGEST_BYTES, hex)));
}

static int64_t changed_of(const struct finding *f)
{
	return f->changed_at > f->found_at ? f->changed_at : f->found_at;
}

/* In a word of the report where it has one. */
static struct str name_of(const struct feed_facts *facts, enum page_names of, struct str stored)
{
	struct str word = page_name_text(facts->manner, of, stored);

	return word.n ? word : stored;
}

/* The same as page_title(), as data. */
static void put_title(struct buf *out, const struct feed_facts *facts, const struct finding *f)
{
	struct str title = str_trim(f->title);

	if (title.n)
		html_data(out, first(title, TITLE));
	else if (f->url.n)
		html_data_url(out, first(f->url, TITLE));
	else
		buf_printf(out, "%.*s%s%.*s", STR_ARG(name_of(facts, NAMES_CATEGORY, f->category)),
			   f->category.n && f->asset.n ? ": " : "", STR_ARG(f->asset));
}

static void put_line(struct buf *out, const struct feed_facts *facts, enum word which, struct str value)
{
	if (!value.n)
		return;
	put_said(out, tongue_of(facts), which, value);
	buf_add_char(out, '\n');
}

/* "2026-11-23T09:38:00Z", no more exactly than the site said; empty when it said nothing. */
static struct str posted_of(const struct finding *f, char at[CLOCK_TEXT])
{
	static const int shown[] = { 0, 4, 10, 16, 20 };
	int precision = f->posted_precision;

	clock_rfc3339(f->posted_at, at);
	return (struct str){ at, precision > 0 && precision < 5 ? (size_t)shown[precision] : 0 };
}

/* What a reader of feeds sees of a finding: lines of plain text. */
static void put_content(struct buf *out, const struct feed_facts *facts, const struct finding *f)
{
	AUTO(buf) severity = BUF_INIT(64);
	AUTO(buf) url = BUF_INIT(6 * LIMIT_URL);
	char at[CLOCK_TEXT];

	buf_printf(&severity, "%.*s %d", STR_ARG(tongue_of(facts)->text[page_severity_word(f->severity)]), f->severity);
	html_data_url(&url, f->url);
	put_line(out, facts, WORD_FEED_SEVERITY, buf_str(&severity));
	put_line(out, facts, WORD_FEED_CATEGORY, name_of(facts, NAMES_CATEGORY, f->category));
	put_line(out, facts, WORD_FEED_ASSET, f->asset);
	put_line(out, facts, WORD_FEED_SOURCE, f->source);
	put_line(out, facts, WORD_FEED_AUTHOR, f->author);
	put_line(out, facts, WORD_FEED_ADDRESS, buf_str(&url));
	put_line(out, facts, WORD_FEED_POSTED, posted_of(f, at));
	put_line(out, facts, WORD_FEED_VERDICT,
		 str_eq(f->verdict, STR("none")) ? (struct str){ 0 } : name_of(facts, NAMES_VERDICT, f->verdict));
	put_line(out, facts, WORD_FEED_LABEL, str_of(tlp_labels[facts->manner->audience->tlp]));
}

/* ---- Atom ---- */

static void put_element(struct buf *out, const char *tag, struct str text)
{
	buf_printf(out, "<%s>", tag);
	html_plain(out, text);
	buf_printf(out, "</%s>\n", tag);
}

static void put_time_element(struct buf *out, const char *tag, int64_t at)
{
	char text[CLOCK_TEXT];

	put_element(out, tag, str_of(clock_rfc3339(at, text)));
}

static void put_term(struct buf *out, const char *scheme, struct str term)
{
	if (!term.n)
		return;
	buf_printf(out, "<category scheme=\"urn:watchdesk:%s\" term=\"", scheme);
	html_plain(out, term);
	buf_add(out, STR("\"/>\n"));
}

static void atom_add(const struct feed_facts *facts, struct buf *body, const struct finding *f)
{
	AUTO(buf) title = BUF_INIT(ENTRY);
	AUTO(buf) content = BUF_INIT(ENTRY);

	put_title(&title, facts, f);
	put_content(&content, facts, f);
	buf_add(body, STR("<entry>\n<id>"));
	put_urn(body, f->public_id);
	buf_add(body, STR("</id>\n"));
	put_element(body, "title", buf_str(&title));
	put_time_element(body, "updated", changed_of(f));
	put_time_element(body, "published", f->found_at);
	buf_add(body, STR("<link rel=\"alternate\" type=\"text/html\" href=\""));
	html_plain(body, facts->address);
	buf_printf(body, "finding/%.*s.html\"/>\n", STR_ARG(f->public_id));
	put_term(body, "severity", str_of(severity_name(f->severity)));
	put_term(body, "category", f->category);
	put_term(body, "asset", f->asset);
	buf_add(body, STR("<content type=\"text\">"));
	html_lines(body, buf_str(&content));
	buf_add(body, STR("</content>\n</entry>\n"));
}

static void atom_finish(const struct feed_facts *facts, struct str body, int64_t newest, struct buf *out)
{
	AUTO(buf) title = BUF_INIT(KIB(16));
	const char *label = tlp_labels[facts->manner->audience->tlp];

	put_said(&title, tongue_of(facts), WORD_FEED_TITLE, facts->manner->organisation);
	buf_add(out,
		STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\""));
	html_plain(out, tongue_of(facts)->language);
	buf_add(out, STR("\">\n<id>"));
	put_feed_urn(out, facts);
	buf_add(out, STR("</id>\n"));
	put_element(out, "title", buf_str(&title));
	put_element(out, "subtitle", str_of(label));
	put_time_element(out, "updated", newest);
	put_element(out, "rights", str_of(label));
	buf_add(out, STR("<author>\n"));
	put_element(out, "name", facts->manner->organisation.n ? facts->manner->organisation : STR("watchdesk"));
	buf_add(out, STR("</author>\n"));
	if (facts->address.n) {
		buf_add(out, STR("<link rel=\"self\" type=\"application/atom+xml\" href=\""));
		html_plain(out, facts->address);
		buf_add(out, STR("feed.atom.xml\"/>\n"));
	}
	buf_add(out, STR("<link rel=\"alternate\" type=\"text/html\" href=\""));
	html_plain(out, facts->address);
	buf_add(out, STR("index.html\"/>\n<generator version=\"" WATCHDESK_VERSION "\">watchdesk</generator>\n"));
	buf_add(out, body);
	buf_add(out, STR("</feed>\n"));
}

/* ---- JSON ---- */

/* A text from outside, with what hides in it shown. */
static void put_shown(struct json_writer *w, const char *key, struct str text)
{
	AUTO(buf) shown = BUF_INIT(ENTRY);

	html_data(&shown, text);
	if (shown.n)
		json_put_text(w, key, buf_str(&shown));
}

static void put_json_time(struct json_writer *w, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	json_put_text(w, key, str_of(clock_rfc3339(at, text)));
}

/* "ADDRESS" and the name of a file below it. */
static void put_json_address(struct json_writer *w, const char *key, const struct feed_facts *facts, const char *below,
			     struct str name, const char *ending)
{
	AUTO(buf) url = BUF_INIT(ENTRY);

	if (!facts->address.n)
		return;
	buf_printf(&url, "%.*s%s%.*s%s", STR_ARG(facts->address), below, STR_ARG(name), ending);
	json_put_text(w, key, buf_str(&url));
}

static struct json_writer next_of(struct buf *body)
{
	if (body->n)
		buf_add(body, STR(",\n"));
	return (struct json_writer){ .out = body };
}

static void put_label(struct json_writer *w, const struct feed_facts *facts)
{
	json_put_text(w, "tlp", str_of(tlp_labels[facts->manner->audience->tlp]));
}

static void json_add(const struct feed_facts *facts, struct buf *body, const struct finding *f)
{
	AUTO(buf) text = BUF_INIT(ENTRY);
	struct json_writer w = next_of(body);

	json_open(&w, NULL, '{');
	put_urn(&text, f->public_id);
	json_put_text(&w, "id", buf_str(&text));
	put_json_address(&w, "url", facts, "finding/", f->public_id, ".html");
	buf_clear(&text);
	put_title(&text, facts, f);
	json_put_text(&w, "title", buf_str(&text));
	buf_clear(&text);
	put_content(&text, facts, f);
	json_put_text(&w, "content_text", buf_str(&text));
	put_json_time(&w, "date_published", f->found_at);
	put_json_time(&w, "date_modified", changed_of(f));
	json_open(&w, "tags", '[');
	json_put_text(&w, NULL, str_of(severity_name(f->severity)));
	put_shown(&w, NULL, f->category);
	put_shown(&w, NULL, f->asset);
	json_close(&w, ']');
	json_close(&w, '}');
}

static void put_items(struct json_writer *w, const char *key, struct str body)
{
	json_open(w, key, '[');
	buf_add(w->out, STR("\n"));
	buf_add(w->out, body);
	json_close(w, ']');
}

static void json_finish(const struct feed_facts *facts, struct str body, int64_t newest, struct buf *out)
{
	AUTO(buf) title = BUF_INIT(KIB(16));
	struct json_writer w = { .out = out };

	(void)newest;
	put_said(&title, tongue_of(facts), WORD_FEED_TITLE, facts->manner->organisation);
	json_open(&w, NULL, '{');
	json_put_text(&w, "version", STR("https://jsonfeed.org/version/1.1"));
	json_put_text(&w, "title", buf_str(&title));
	json_put_text(&w, "language", tongue_of(facts)->language);
	put_json_address(&w, "home_page_url", facts, "", STR("index.html"), "");
	put_json_address(&w, "feed_url", facts, "", STR("feed.json"), "");
	json_open(&w, "authors", '[');
	json_open(&w, NULL, '{');
	json_put_text(&w, "name", facts->manner->organisation.n ? facts->manner->organisation : STR("watchdesk"));
	json_close(&w, '}');
	json_close(&w, ']');
	json_open(&w, "_watchdesk", '{');
	put_label(&w, facts);
	json_close(&w, '}');
	put_items(&w, "items", body);
	json_close(&w, '}');
	buf_add_char(out, '\n');
}

static void rows_add(const struct feed_facts *facts, struct buf *body, const struct finding *f)
{
	AUTO(buf) url = BUF_INIT(ENTRY);
	struct json_writer w = next_of(body);
	char posted[CLOCK_TEXT];

	(void)facts;
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", f->public_id);
	json_put_int(&w, "severity", f->severity);
	put_shown(&w, "category", f->category);
	put_shown(&w, "asset", f->asset);
	put_shown(&w, "language", f->language);
	put_shown(&w, "source", f->source);
	put_shown(&w, "title", first(f->title, TITLE));
	put_shown(&w, "author", first(f->author, TITLE));
	html_data_url(&url, f->url);
	put_shown(&w, "url", buf_str(&url));
	put_shown(&w, "posted", posted_of(f, posted));
	put_shown(&w, "verdict", f->verdict);
	put_shown(&w, "campaign", f->campaign);
	json_put_bool(&w, "reports", f->reports);
	put_json_time(&w, "found_at", f->found_at);
	put_json_time(&w, "changed_at", changed_of(f));
	json_close(&w, '}');
}

static void rows_finish(const struct feed_facts *facts, struct str body, int64_t newest, struct buf *out)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	put_label(&w, facts);
	json_put_text(&w, "audience", facts->manner->audience->name);
	json_put_text(&w, "organisation", facts->manner->organisation);
	put_json_time(&w, "changed_at", newest);
	json_put_int(&w, "at_most", LIMIT_FEED_ROWS);
	json_put_bool(&w, "complete", facts->complete);
	put_items(&w, "findings", body);
	json_close(&w, '}');
	buf_add_char(out, '\n');
}

/* ---- a table ---- */

/*
 * RFC 4180 2: every field in quotes, quotes doubled. What a spreadsheet would take for a formula gets an apostrophe in front:
 * = + - @, the same at full width, a tab and a line end.
 */
static void put_field(struct buf *out, struct str text, bool last)
{
	static const char *const starts[] = {
		"=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
	};
	AUTO(buf) shown = BUF_INIT(ENTRY);

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(text, str_of(starts[i])))
			buf_add_char(&shown, '\'');
	html_data(&shown, text);
	buf_add_char(out, '"');
	for (size_t i = 0; i < shown.n; i++) {
		if (shown.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, shown.p[i]);
	}
	buf_add(out, last ? STR("\"\r\n") : STR("\","));
}

static void csv_add(const struct feed_facts *facts, struct buf *body, const struct finding *f)
{
	AUTO(buf) url = BUF_INIT(ENTRY);
	char severity[16], posted[CLOCK_TEXT], found[CLOCK_TEXT], changed[CLOCK_TEXT];

	snprintf(severity, sizeof(severity), "%d", f->severity);
	html_data_url(&url, f->url);
	put_field(body, str_of(tlp_labels[facts->manner->audience->tlp]), false);
	put_field(body, f->public_id, false);
	put_field(body, str_of(severity), false);
	put_field(body, f->category, false);
	put_field(body, f->asset, false);
	put_field(body, f->language, false);
	put_field(body, f->source, false);
	put_field(body, first(f->title, TITLE), false);
	put_field(body, first(f->author, TITLE), false);
	put_field(body, buf_str(&url), false);
	put_field(body, posted_of(f, posted), false);
	put_field(body, f->verdict, false);
	put_field(body, str_of(clock_rfc3339(f->found_at, found)), false);
	put_field(body, str_of(clock_rfc3339(changed_of(f), changed)), true);
}

static void csv_finish(const struct feed_facts *facts, struct str body, int64_t newest, struct buf *out)
{
	(void)facts;
	(void)newest;
	buf_add(out,
		STR("tlp,id,severity,category,asset,language,source,title,author,url,posted,verdict,found_at,changed_at\r\n"));
	buf_add(out, body);
}

/* ---- all of them ---- */

const struct feed_form feed_forms[FEED_FORMS] = {
	{ "feed.atom.xml", LIMIT_FEED_ENTRIES, atom_add, atom_finish },
	{ "feed.json", LIMIT_FEED_ENTRIES, json_add, json_finish },
	{ "findings.json", LIMIT_FEED_ROWS, rows_add, rows_finish },
	{ "findings.csv", LIMIT_FEED_ROWS, csv_add, csv_finish },
};

void feed_init(struct feed_writer *feed, const struct feed_form *form, const struct feed_facts *facts)
{
	*feed = (struct feed_writer){ .form = form, .facts = facts, .body = BUF_INIT(LIMIT_REPORT_FEED) };
}

bool feed_add(struct feed_writer *feed, const struct finding *f)
{
	struct finding seen = audience_finding(feed->facts->manner->audience, f);

	if (feed->n == feed->form->most || feed->body.n + ENTRY > feed->body.max)
		return false;
	feed->form->add(feed->facts, &feed->body, &seen);
	feed->newest = changed_of(f) > feed->newest ? changed_of(f) : feed->newest;
	return ++feed->n < feed->form->most;
}

void feed_finish(const struct feed_writer *feed, struct buf *out)
{
	feed->form->finish(feed->facts, buf_str(&feed->body), feed->newest, out);
}

void feed_release(struct feed_writer *feed)
{
	buf_release(&feed->body);
}
