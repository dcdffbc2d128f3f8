/* page_days.c - findings by day, a page for each year */
#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"
#include "web/html.h"
#include "web/page.h"

const char *page_days_name(int64_t day, char out[PAGE_DAYS_NAME])
{
	char date[CLOCK_TEXT];

	snprintf(out, PAGE_DAYS_NAME, "by-day-%.4s.html", clock_rfc3339(day, date));
	return out;
}

static void put_day(struct buf *out, const struct page_manner *m, const struct day_line *day)
{
	char date[CLOCK_TEXT];
	int64_t sum = 0;

	clock_rfc3339(day->at, date);
	page_row(out);
	buf_printf(out, "<a href=\"findings/%lld.html\"><time datetime=\"%.10s\">%.10s</time></a></th>", (long long)day->list,
		   date, date);
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

void page_days(struct buf *out, const struct days_page *p)
{
	static const enum word columns[] = { WORD_DAY, WORD_CRITICAL, WORD_HIGH, WORD_MEDIUM, WORD_LOW, WORD_DAYS_ALL, WORDS };
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
	page_table(out, &p->manner, "figures sorts", WORD_DAYS_CAPTION, columns);
	for (size_t i = p->n; i-- > 0;)
		put_day(out, &p->manner, &p->days[i]);
	page_table_end(out);
	put_years(out, p);
	html_close(out, &p->manner);
}
