/* page_pictures.c - the pictures of the first page: when, about what, and how often it was right */
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "classify/classify.h"
#include "web/chart.h"
#include "web/html.h"

#define DAY_US INT64_C(86400000000)
enum { ROWS = 10, TICK = 7 }; /* rows of a picture that lies; days between two dates */

static struct chart chart_of(const struct page_manner *m, const char *id, enum word title, enum word desc, enum word rows)
{
	const struct str *text = m->words->text;

	return (struct chart){ .words = m->words, .id = id, .title = text[title], .desc = text[desc], .rows = text[rows] };
}

static void open_picture(struct buf *out, const struct page_manner *m, const char *id, enum word title)
{
	page_section(out, id, word_of(m->words, title), 0);
}

/* ---- by day ---- */

static const struct overview_day *day_at(const struct index_page *p, int64_t at)
{
	static const struct overview_day none;

	for (size_t i = 0; i < p->n_days; i++)
		if (p->days[i].at == at)
			return &p->days[i];
	return &none;
}

static void put_days(struct buf *out, const struct index_page *p)
{
	struct chart c = chart_of(&p->manner, "days-picture", WORD_DAYS_PICTURE, WORD_DAYS_PICTURE_DESC, WORD_DAY);
	struct chart_series series[OVERVIEW_LEVELS];
	struct chart_bar bars[PAGE_DAYS];
	char dates[PAGE_DAYS][CLOCK_TEXT];

	for (int i = 0; i < OVERVIEW_LEVELS; i++)
		series[i] = (struct chart_series){ page_levels[i], p->manner.words->text[page_level_word(i)] };
	for (int i = 0; i < PAGE_DAYS; i++) {
		int64_t at = (p->now / DAY_US - PAGE_DAYS + 1 + i) * DAY_US;
		const struct overview_day *day = day_at(p, at);
		struct str date = str_slice(str_of(clock_rfc3339(at, dates[i])), 0, 10);

		bars[i] = (struct chart_bar){ .label = date };
		if ((PAGE_DAYS - 1 - i) % TICK == 0)
			bars[i].tick = str_slice(date, 5, 10);
		for (int k = 0; k < OVERVIEW_LEVELS; k++)
			bars[i].n[k] = day->n[k];
	}
	open_picture(out, &p->manner, "days", WORD_DAYS_PICTURE);
	chart_stacks(out, &c,
		     &(struct chart_bars){ .series = series, .n_series = OVERVIEW_LEVELS, .bars = bars, .n = PAGE_DAYS });
	buf_add(out, STR("</section>\n"));
}

/* ---- by hour ---- */

static void put_hours(struct buf *out, const struct index_page *p)
{
	static const enum word weekdays[] = { WORD_MONDAY, WORD_TUESDAY,  WORD_WEDNESDAY, WORD_THURSDAY,
					      WORD_FRIDAY, WORD_SATURDAY, WORD_SUNDAY };
	struct chart c = chart_of(&p->manner, "hours-picture", WORD_HOURS_PICTURE, WORD_HOURS_PICTURE_DESC, WORD_HOUR);
	struct str days[7], hours[24];
	char names[24][4];

	for (int i = 0; i < 7; i++)
		days[i] = p->manner.words->text[weekdays[i]];
	for (int i = 0; i < 24; i++) {
		snprintf(names[i], sizeof(names[i]), "%02d", i);
		hours[i] = str_of(names[i]);
	}
	open_picture(out, &p->manner, "hours", WORD_HOURS_PICTURE);
	chart_heat(out, &c,
		   &(struct chart_field){
			   .rows = days, .columns = hours, .n_rows = 7, .n_columns = 24, .n = p->hours, .tick_every = 3 });
	buf_add(out, STR("</section>\n"));
}

/* ---- by asset ---- */

struct asset_row {
	struct str name;
	int64_t n[CATEGORIES], sum;
};

static int by_sum(const void *x, const void *y)
{
	const struct asset_row *a = x, *b = y;

	if (a->sum != b->sum)
		return a->sum > b->sum ? -1 : 1;
	return str_cmp(a->name, b->name);
}

/* The kinds come in the order of their assets. */
static size_t pivot(const struct index_page *p, struct asset_row *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_kinds; i++) {
		const struct overview_count *k = &p->kinds[i];

		if (n == 0 || !str_eq(rows[n - 1].name, k->asset))
			rows[n++] = (struct asset_row){ .name = k->asset };
		for (int c = 0; c < CATEGORIES; c++)
			if (str_eq(k->category, str_of(category_names[c])))
				rows[n - 1].n[c] += k->n;
		rows[n - 1].sum += k->n;
	}
	qsort(rows, n, sizeof(*rows), by_sum);
	return n;
}

void page_pictures_assets(struct buf *out, const struct index_page *p)
{
	struct chart c = chart_of(&p->manner, "assets-picture", WORD_ASSETS_PICTURE, WORD_ASSETS_PICTURE_DESC, WORD_ASSET);
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct asset_row *rows = arena_alloc(a, (p->n_kinds + 1) * sizeof(*rows));
	size_t n = pivot(p, rows), shown = n < ROWS ? n : ROWS;
	struct chart_series series[CATEGORIES];
	struct chart_bar bars[ROWS];

	open_picture(out, &p->manner, "assets", WORD_ASSETS_PICTURE);
	for (int i = 0; i < CATEGORIES; i++)
		series[i] = (struct chart_series){ category_names[i],
						   p->manner.words->text[WORD_CATEGORY_VIOLENCE + (enum word)i] };
	for (size_t i = 0; i < shown; i++) {
		char name[PAGE_NAME];

		bars[i] = (struct chart_bar){ .label = rows[i].name.n ? rows[i].name : p->manner.words->text[WORD_ASSET_NONE] };
		if (rows[i].name.n)
			bars[i].href = arena_printf(a, "asset/%s", page_asset_name(&p->manner, rows[i].name, name));
		for (int k = 0; k < CATEGORIES; k++)
			bars[i].n[k] = rows[i].n[k];
	}
	if (shown)
		chart_rows(out, &c, &(struct chart_bars){ .series = series, .n_series = CATEGORIES, .bars = bars, .n = shown });
	else
		page_empty(out, &p->manner, WORD_PICKED_EMPTY);
	if (p->links.assets)
		page_more(out, &p->manner, "assets.html", WORD_ASSETS_ALL);
	buf_add(out, STR("</section>\n"));
}

/* ---- how often it was right ---- */

bool page_shows_precision(const struct page_manner *m)
{
	return audience_sees(m->audience, SEES_SOURCES) && m->audience->least_severity <= FINDING_SEVERITY;
}

static int64_t judged(const struct precision *r)
{
	return r->confirmed + r->wrong;
}

static int by_judged(const void *x, const void *y)
{
	const struct precision *a = *(const struct precision *const *)x, *b = *(const struct precision *const *)y;

	if (judged(a) != judged(b))
		return judged(a) > judged(b) ? -1 : 1;
	return str_cmp(a->name, b->name);
}

static void put_precision(struct buf *out, const struct index_page *p)
{
	struct chart c = chart_of(&p->manner, "rules-picture", WORD_RULES_PICTURE, WORD_RULES_PICTURE_DESC, WORD_RULE);
	const struct chart_series series[] = { { "well", p->manner.words->text[WORD_CONFIRMED] },
					       { "wrong", p->manner.words->text[WORD_FALSE_POSITIVE] } };
	AUTO_FREE(arena) a = arena_new(MIB(4));
	const struct precision **rules = arena_alloc(a, (p->n_rules + 1) * sizeof(struct precision *));
	struct chart_bar bars[ROWS];
	size_t n = 0, shown;

	c.note = p->manner.words->text[WORD_PRECISION];
	for (size_t i = 0; i < p->n_rules; i++)
		if (judged(&p->rules[i]) > 0)
			rules[n++] = &p->rules[i];
	qsort(rules, n, sizeof(*rules), by_judged);
	shown = n < ROWS ? n : ROWS;
	for (size_t i = 0; i < shown; i++)
		bars[i] = (struct chart_bar){ .label = rules[i]->name,
					      .note = arena_printf(a, "%.0f %%  (%lld / %lld)", precision_value(rules[i]) * 100,
								   (long long)rules[i]->confirmed, (long long)judged(rules[i])),
					      .n = { rules[i]->confirmed, rules[i]->wrong } };
	open_picture(out, &p->manner, "rules", WORD_RULES_PICTURE);
	if (shown)
		chart_rows(out, &c,
			   &(struct chart_bars){ .series = series, .n_series = 2, .bars = bars, .n = shown, .shares = true });
	else
		page_empty(out, &p->manner, WORD_RULES_NONE);
	buf_add(out, STR("</section>\n"));
}

void page_pictures(struct buf *out, const struct index_page *p)
{
	buf_add(out, STR("<div class=\"pictures\">\n"));
	put_days(out, p);
	put_hours(out, p);
	if (page_shows_precision(&p->manner))
		put_precision(out, p);
	buf_add(out, STR("</div>\n"));
}
