/* page_ways.c - ways to the findings: by severity, category, asset, source and day, with a page for the days of each year */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "web/html.h"
#include "web/page.h"

enum { LAST_DAYS = 31 };

const char *page_days_name(int64_t day, char out[PAGE_DAYS_NAME])
{
	char date[CLOCK_TEXT];

	snprintf(out, PAGE_DAYS_NAME, "by-day-%.4s.html", clock_rfc3339(day, date));
	return out;
}

static void put_day(struct buf *out, const struct page_manner *m, const struct day_line *day)
{
	int64_t sum = 0;

	page_row(out);
	buf_printf(out, "<a href=\"findings/%lld.html\">", (long long)day->list);
	html_day(out, day->at);
	buf_add(out, STR("</a></th>"));
	for (int i = 0; i < OVERVIEW_LEVELS; i++) {
		page_cell_number(out, m, page_level_word(i), day->n[i]);
		sum += day->n[i];
	}
	page_cell_number(out, m, WORD_DAYS_ALL, sum);
	page_row_end(out);
}

static void put_year(struct buf *out, int64_t day, const char *rel)
{
	char name[PAGE_DAYS_NAME], date[CLOCK_TEXT];

	if (day)
		buf_printf(out, "<a rel=\"%s\" href=\"%s\">%.4s</a> ", rel, page_days_name(day, name),
			   clock_rfc3339(day, date));
}

static void put_years(struct buf *out, const struct days_page *p)
{
	if (!p->newer && !p->older)
		return;
	buf_add(out, STR("<nav aria-label=\""));
	say(out, p->manner.words, WORD_DAYS_YEARS);
	buf_add(out, STR("\"><p>"));
	put_year(out, p->newer, "prev");
	put_year(out, p->older, "next");
	buf_add(out, STR("</p></nav>\n"));
}

static void put_days(struct buf *out, const struct page_manner *m, enum word caption, const struct day_line *days, size_t n)
{
	static const enum word columns[] = { WORD_DAY, WORD_CRITICAL, WORD_HIGH, WORD_MEDIUM, WORD_LOW, WORD_DAYS_ALL, WORDS };

	page_table(out, m, "figures sorts", caption, columns);
	while (n-- > 0)
		put_day(out, m, &days[n]);
	page_table_end(out);
}

void page_days(struct buf *out, const struct days_page *p)
{
	AUTO(buf) title = BUF_INIT(KIB(1));
	char year[CLOCK_TEXT];
	struct html_frame frame = { .manner = &p->manner, .home = "index.html" };

	clock_rfc3339(p->days[0].at, year);
	words_put_x(&title, p->manner.words, WORD_DAYS_TITLE, str_slice(str_of(year), 0, 4));
	frame.title = buf_str(&title);
	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	html_plain(out, buf_str(&title));
	buf_add(out, STR("</h1>\n"));
	put_days(out, &p->manner, WORD_DAYS_CAPTION, p->days, p->n);
	put_years(out, p);
	html_close(out, &p->manner);
}

/* ---- all ways ---- */

static void open_way(struct buf *out, const struct page_manner *m, const char *id, enum word name)
{
	page_section(out, id, word_of(m->words, name), 0);
	buf_add(out, STR("<ul class=\"links\">"));
}

static void close_way(struct buf *out)
{
	buf_add(out, STR("</ul>\n</section>\n"));
}

static void put_way(struct buf *out, const struct page_manner *m, const char *href, enum word word, int64_t n)
{
	buf_printf(out, "<li><a href=\"%s\">", href);
	say(out, m->words, word);
	buf_add(out, STR("</a>"));
	if (n >= 0) {
		buf_add(out, STR(" <span class=\"of\">"));
		html_number(out, n);
		buf_add(out, STR("</span>"));
	}
	buf_add(out, STR("</li>"));
}

static void put_levels(struct buf *out, const struct ways_page *p)
{
	char href[48];

	open_way(out, &p->manner, "severities", WORD_BY_SEVERITY);
	for (int i = 0; i < OVERVIEW_LEVELS; i++) {
		snprintf(href, sizeof(href), "by-severity-%s.html", page_levels[i]);
		put_way(out, &p->manner, href, page_level_word(i), p->sums->levels[i]);
	}
	close_way(out);
}

static void put_categories(struct buf *out, const struct ways_page *p)
{
	char href[48];

	open_way(out, &p->manner, "categories", WORD_BY_CATEGORY);
	for (int i = 0; i < CATEGORIES; i++) {
		snprintf(href, sizeof(href), "by-category-%s.html", category_names[i]);
		put_way(out, &p->manner, href, (enum word)(WORD_CATEGORY_VIOLENCE + i), p->sums->categories[i]);
	}
	close_way(out);
}

static void put_sources(struct buf *out, const struct ways_page *p)
{
	if (!p->n_by_source || !audience_sees(p->manner.audience, SEES_SOURCES))
		return;
	open_way(out, &p->manner, "sources", WORD_SOURCES_MOST);
	for (size_t i = 0; i < p->n_by_source; i++) {
		buf_add(out, STR("<li>"));
		page_source_link(out, &p->manner, p->by_source[i].name, "");
		buf_add(out, STR(" <span class=\"of\">"));
		html_number(out, p->by_source[i].n);
		buf_add(out, STR("</span></li>"));
	}
	close_way(out);
}

static void put_places(struct buf *out, const struct ways_page *p)
{
	open_way(out, &p->manner, "places", WORD_BY_PLACE);
	put_way(out, &p->manner, "assets.html", WORD_ASSETS, -1);
	put_way(out, &p->manner, "campaigns.html", WORD_CAMPAIGNS, -1);
	if (audience_sees(p->manner.audience, SEES_SOURCES))
		put_way(out, &p->manner, "sources.html", WORD_SOURCES, -1);
	close_way(out);
}

/* The last days, and each year: years in which nothing was found have no page. */
static void put_time(struct buf *out, const struct ways_page *p)
{
	const size_t n = p->sums->n_days, shown = n < LAST_DAYS ? n : LAST_DAYS;
	char name[PAGE_DAYS_NAME], before[PAGE_DAYS_NAME] = "";

	page_section(out, "days", word_of(p->manner.words, WORD_BY_DAY), 0);
	if (shown)
		put_days(out, &p->manner, WORD_WAYS_DAYS, &p->sums->days[n - shown], shown);
	else
		page_empty(out, &p->manner, WORD_PICKED_EMPTY);
	buf_add(out, STR("<ul class=\"links\">"));
	for (size_t i = n; i-- > 0;) {
		if (strcmp(page_days_name(p->sums->days[i].at, name), before) == 0)
			continue;
		memcpy(before, name, sizeof(before));
		buf_printf(out, "<li><a href=\"%s\">%.4s</a></li>", name, name + strlen("by-day-"));
	}
	buf_add(out, STR("</ul>\n</section>\n"));
}

void page_ways(struct buf *out, const struct ways_page *p)
{
	const struct words *w = p->manner.words;
	const struct html_frame frame = {
		.manner = &p->manner, .title = w->text[WORD_FINDINGS], .home = "index.html", .has_feeds = true
	};
	char href[48];

	html_open(out, &frame);
	buf_add(out, STR("<h1>"));
	say(out, w, WORD_FINDINGS);
	buf_add(out, STR("</h1>\n"));
	snprintf(href, sizeof(href), "findings/%lld.html", (long long)p->lists);
	if (p->lists)
		page_more(out, &p->manner, href, WORD_WAYS_NEWEST);
	put_levels(out, p);
	put_categories(out, p);
	put_sources(out, p);
	put_places(out, p);
	put_time(out, p);
	page_feeds(out, &p->manner);
	html_close(out, &p->manner);
}
