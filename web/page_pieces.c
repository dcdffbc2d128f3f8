/* page_pieces.c - what the pages have in common */
#include "web/page.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "web/html.h"

enum { NAME = 120, ID_SHOWN = 8, NAME_BYTES = 8 }; /* characters shown of a text from outside, of an id; bytes of a name */

const char *const page_levels[OVERVIEW_LEVELS] = { "critical", "high", "medium", "low" };

const char *page_file(const struct page_manner *m, const char *kind, struct str name, char out[PAGE_NAME])
{
	const struct str pieces[] = { str_of(kind), m->organisation, m->audience->name, name };
	unsigned char digest[DIGEST_BYTES];
	char hex[2 * NAME_BYTES + 1];

	digest_pieces(pieces, sizeof(pieces) / sizeof(pieces[0]), digest);
	snprintf(out, PAGE_NAME, "%s.html", digest_hex(digest, NAME_BYTES, hex));
	return out;
}

enum word page_level_word(int level)
{
	static const enum word words[OVERVIEW_LEVELS] = { WORD_CRITICAL, WORD_HIGH, WORD_MEDIUM, WORD_LOW };

	return level >= 0 && level < OVERVIEW_LEVELS ? words[level] : WORD_NOISE;
}

enum word page_severity_word(int severity)
{
	const char *name = severity_name(severity);

	for (int i = 0; i < OVERVIEW_LEVELS; i++)
		if (strcmp(page_levels[i], name) == 0)
			return page_level_word(i);
	return WORD_NOISE;
}

void page_severity(struct buf *out, const struct page_manner *m, int severity)
{
	const char *name = severity_name(severity);

	buf_printf(out, "<span class=\"chip %s\">", name);
	say(out, m->words, page_severity_word(severity));
	buf_printf(out, " <b>%d</b></span>", severity);
}

static void put_quiet(struct buf *out, const struct page_manner *m, enum word word)
{
	buf_add(out, STR("<span class=\"quiet\">"));
	say(out, m->words, word);
	buf_add(out, STR("</span>"));
}

/* Characters of an RFC 3339 time that a precision vouches for. */
static int shown_of(int precision)
{
	static const int shown[] = { 0, 4, 10, 16, 19 };

	return precision > 0 && precision < 5 ? shown[precision] : 0;
}

void page_posted(struct buf *out, const struct page_manner *m, const struct finding *f)
{
	int shown = shown_of(f->posted_precision);
	char at[CLOCK_TEXT];

	if (!shown) {
		put_quiet(out, m, WORD_NOT_GIVEN);
		return;
	}
	clock_rfc3339(f->posted_at, at);
	buf_printf(out, "<time datetime=\"%.*s%s\">%.*s", shown, at, shown > 10 ? "Z" : "", shown < 10 ? shown : 10, at);
	if (shown > 10)
		buf_printf(out, "&nbsp;%.*s", shown - 11, at + 11);
	buf_add(out, STR("</time>"));
	if (shown > 10 && !f->posted_zone_known) {
		buf_add_char(out, ' ');
		put_quiet(out, m, WORD_ZONE_ASSUMED);
	}
}

void page_title(struct buf *out, const struct page_manner *m, const struct finding *f, size_t most)
{
	AUTO(buf) id = BUF_INIT(KIB(1));

	html_plain(&id, str_slice(f->public_id, 0, ID_SHOWN));
	if (audience_sees(m->audience, SEES_TEXTS) && str_trim(f->title).n)
		html_hostile(out, f->title, most);
	else if (audience_sees(m->audience, SEES_ADDRESSES) && f->url.n)
		html_url(out, str_slice(f->url, 0, most));
	else if (id.n)
		say_x(out, m->words, WORD_FINDING_CALLED, buf_str(&id));
	else
		say(out, m->words, WORD_UNTITLED);
}

void page_finding_link(struct buf *out, const struct page_manner *m, const struct finding *f, const char *below)
{
	page_severity(out, m, f->severity);
	buf_printf(out, " <a href=\"%sfinding/", below);
	html_plain(out, f->public_id);
	buf_add(out, STR(".html\">"));
	page_title(out, m, f, NAME);
	buf_add(out, STR("</a>"));
}

void page_count_say(struct buf *out, const struct page_manner *m, int64_t n, enum word one, enum word many)
{
	say_n(out, m->words, n == 1 ? one : many, n);
}

void page_duration(struct buf *out, const struct page_manner *m, int64_t us)
{
	const int64_t minutes = us / 60000000, hours = minutes / 60;

	if (hours < 2)
		say_n(out, m->words, WORD_MINUTES, minutes);
	else if (hours < 48)
		say_n(out, m->words, WORD_HOURS, hours);
	else
		say_n(out, m->words, WORD_DAYS, hours / 24);
}

/* A heading, and how many it stands over; 0 for no number. */
static void put_heading(struct buf *out, const char *id, const char *text, size_t n)
{
	buf_printf(out, "<h2 id=\"%s\">", id);
	html_plain(out, str_of(text));
	if (n) {
		buf_add(out, STR(" <span class=\"of\">"));
		html_number(out, (int64_t)n);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</h2>\n"));
}

void page_section(struct buf *out, const char *id, const char *text, size_t n)
{
	buf_printf(out, "<section aria-labelledby=\"%s\">\n", id);
	put_heading(out, id, text, n);
}

void page_empty(struct buf *out, const struct page_manner *m, enum word word)
{
	buf_add(out, STR("<p class=\"empty\">"));
	say(out, m->words, word);
	buf_add(out, STR("</p>\n"));
}

void page_more(struct buf *out, const struct page_manner *m, const char *href, enum word word)
{
	buf_printf(out, "<p class=\"more\"><a href=\"%s\">", href);
	say(out, m->words, word);
	buf_add(out, STR("</a></p>\n"));
}

void page_fact_open(struct buf *out, const char *name)
{
	buf_add(out, STR("<div><dt>"));
	html_plain(out, str_of(name));
	buf_add(out, STR("</dt><dd>"));
}

void page_fact_close(struct buf *out)
{
	buf_add(out, STR("</dd></div>\n"));
}

void page_fact_text(struct buf *out, const char *name, struct str value)
{
	if (!value.n)
		return;
	page_fact_open(out, name);
	html_hostile(out, value, NAME);
	page_fact_close(out);
}

void page_fact_time(struct buf *out, const char *name, int64_t at)
{
	page_fact_open(out, name);
	html_time(out, at);
	page_fact_close(out);
}

void page_further(struct buf *out, const struct page_manner *m, size_t n)
{
	if (!n)
		return;
	buf_add(out, STR("<p class=\"gap\">"));
	page_count_say(out, m, (int64_t)n, WORD_FURTHER_ONE, WORD_FURTHER_MANY);
	buf_add(out, STR("</p>\n"));
}

void page_feeds(struct buf *out, const struct page_manner *m)
{
	static const struct {
		const char *href;
		enum word word;
	} feeds[] = { { "feed.atom.xml", WORD_FEED_ATOM },
		      { "feed.json", WORD_FEED_JSON },
		      { "findings.json", WORD_FEED_ROWS },
		      { "findings.csv", WORD_FEED_TABLE } };

	page_section(out, "feeds", word_of(m->words, WORD_FEEDS), 0);
	buf_add(out, STR("<ul class=\"links\">"));
	for (size_t i = 0; i < sizeof(feeds) / sizeof(feeds[0]); i++) {
		buf_printf(out, "<li><a href=\"%s\">", feeds[i].href);
		say(out, m->words, feeds[i].word);
		buf_add(out, STR("</a></li>"));
	}
	buf_add(out, STR("</ul>\n</section>\n"));
}

void page_fact_last(struct buf *out, const struct page_manner *m, enum word name, int64_t at)
{
	page_fact_open(out, word_of(m->words, name));
	if (at)
		html_time(out, at);
	else
		put_quiet(out, m, WORD_NEVER);
	page_fact_close(out);
}

/* ---- tables ---- */

/* Columns of numbers: their heads stand where their cells do. */
static bool is_of_numbers(enum word column)
{
	static const enum word columns[] = { WORD_CRITICAL,	WORD_HIGH,
					     WORD_MEDIUM,	WORD_LOW,
					     WORD_DAYS_ALL,	WORD_FINDINGS,
					     WORD_TEXTS,	WORD_SOURCES,
					     WORD_PURGED_TEXTS, WORD_PURGED_EVIDENCE,
					     WORD_PURGED_POSTS, WORD_RECOGNISED_TIMES,
					     WORD_HOST_PLACES,	WORD_HOST_ASKED,
					     WORD_HOST_REMOVED, WORD_HOST_RETURNED,
					     WORD_HOST_MEDIAN,	WORD_SOURCE_SEEN,
					     WORD_SOURCE_FOUND };

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (columns[i] == column)
			return true;
	return false;
}

void page_table(struct buf *out, const struct page_manner *m, const char *class_name, enum word caption,
		const enum word *columns)
{
	buf_printf(out, "<table class=\"cards %s\">\n<caption>", class_name);
	say(out, m->words, caption);
	buf_add(out, STR("</caption>\n<thead><tr>"));
	for (; *columns != WORDS; columns++) {
		buf_add(out, is_of_numbers(*columns) ? STR("<th scope=\"col\" class=\"number\">") : STR("<th scope=\"col\">"));
		say(out, m->words, *columns);
		buf_add(out, STR("</th>"));
	}
	buf_add(out, STR("</tr></thead>\n<tbody>\n"));
}

void page_row(struct buf *out)
{
	buf_add(out, STR("<tr><th scope=\"row\">"));
}

void page_cell(struct buf *out, const struct page_manner *m, enum word column, const char *class_name)
{
	buf_add(out, STR("<td data-label=\""));
	say(out, m->words, column);
	if (class_name)
		buf_printf(out, "\" class=\"%s", class_name);
	buf_add(out, STR("\">"));
}

void page_cell_end(struct buf *out)
{
	buf_add(out, STR("</td>"));
}

void page_row_end(struct buf *out)
{
	buf_add(out, STR("</tr>\n"));
}

void page_table_end(struct buf *out)
{
	buf_add(out, STR("</tbody>\n</table>\n"));
}

void page_cell_number(struct buf *out, const struct page_manner *m, enum word column, int64_t n)
{
	page_cell(out, m, column, "number");
	html_number(out, n);
	page_cell_end(out);
}

void page_cell_time(struct buf *out, const struct page_manner *m, enum word column, int64_t at)
{
	page_cell(out, m, column, "when");
	if (at)
		html_time(out, at);
	else
		put_quiet(out, m, WORD_NOT_YET);
	page_cell_end(out);
}

static void put_entry(struct buf *out, const struct page_manner *m, const struct entry *e)
{
	page_row(out);
	buf_printf(out, "%lld</th>", (long long)e->sequence);
	page_cell(out, m, WORD_ACT, NULL);
	page_name(out, m, NAMES_ACT, e->act);
	page_cell_end(out);
	if (audience_sees(m->audience, SEES_OPERATORS)) {
		page_cell(out, m, WORD_OPERATOR, NULL);
		html_hostile(out, e->operator_name, NAME);
		page_cell_end(out);
	}
	page_cell_time(out, m, WORD_WHEN, e->at);
	page_row_end(out);
}

void page_custody(struct buf *out, const struct page_manner *m, const struct custody_row *rows, size_t n, size_t most)
{
	static const enum word all[] = { WORD_ENTRY, WORD_ACT, WORD_OPERATOR, WORD_WHEN, WORDS },
			       unnamed[] = { WORD_ENTRY, WORD_ACT, WORD_WHEN, WORDS };

	if (!n || !audience_sees(m->audience, SEES_CUSTODY))
		return;
	page_section(out, "custody", word_of(m->words, WORD_CUSTODY), n);
	page_table(out, m, "entries", WORD_CUSTODY_CAPTION, audience_sees(m->audience, SEES_OPERATORS) ? all : unnamed);
	for (size_t i = n > most ? n - most : 0; i < n; i++)
		put_entry(out, m, &rows[i].entry);
	page_table_end(out);
	page_further(out, m, n > most ? n - most : 0);
	buf_add(out, STR("</section>\n"));
}
