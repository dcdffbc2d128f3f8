/* chart_time.c - pictures of time: what happened where, and strips of what was seen */
#include "base/clock.h"
#include "web/chart_draw.h"
#include "web/html.h"

enum { LANE = 36, TICKS = 20, DOT = 5, STRIP = 18, BARE = 14 }; /* pixels: a place, the dates below, a dot, strips */
enum { EDGE = 150, WIDTH = 10000 }; /* shares of the width: beside the first and last dot; all of it */
#define TWO_DAYS (INT64_C(2) * 86400 * 1000000)

static int64_t share_of(const struct chart_time *t, int64_t at)
{
	int64_t span = t->until > t->from ? t->until - t->from : 1;

	at = at < t->from ? t->from : at > t->until ? t->until : at;
	return EDGE + (int64_t)((double)(at - t->from) / (double)span * (WIDTH - 2 * EDGE));
}

/* "2026-11-23", and with "09:38" where days are not enough to tell. */
static void put_date(struct buf *out, int64_t at, int64_t span)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at, text);
	buf_printf(out, "%.10s", text);
	if (span < TWO_DAYS)
		buf_printf(out, " %.5s", text + 11);
}

static void put_dates(struct buf *out, const struct chart_time *t, int y)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	for (int i = 0; i < 3; i++) {
		buf_printf(out, "<text class=\"scale%s\" text-anchor=\"%s\" x=\"%d%%\" y=\"%d\">", i == 1 ? " minor" : "",
			   anchors[i], i * 50, y);
		put_date(out, t->from + (t->until - t->from) / 2 * i, t->until - t->from);
		buf_add(out, STR("</text>"));
	}
}

static void put_event(struct buf *out, const struct chart_time *t, const struct chart_event *e)
{
	char at[CLOCK_TEXT];

	if (e->row >= t->n_rows)
		return;
	buf_printf(out, "<circle class=\"%s\" r=\"%d\" cy=\"%d\"", e->class_name, DOT, (int)e->row * LANE + 25);
	chart_at(out, "cx", share_of(t, e->at));
	clock_rfc3339(e->at, at);
	buf_printf(out, "><title>%.10s %.5s ", at, at + 11);
	chart_cut(out, e->kind, CHART_NAME);
	buf_add(out, STR(": "));
	chart_cut(out, e->what, CHART_NAME);
	buf_add(out, STR("</title></circle>\n"));
}

static void put_event_row(struct buf *out, const struct chart_time *t, const struct chart_event *e)
{
	if (e->row >= t->n_rows)
		return;
	buf_add(out, STR("<tr><th scope=\"row\">"));
	html_time(out, e->at);
	buf_add(out, STR("</th><td>"));
	html_hostile(out, t->rows[e->row], CHART_NAME);
	buf_add(out, STR("</td><td>"));
	html_hostile(out, e->kind, CHART_NAME);
	buf_add(out, STR("</td><td>"));
	chart_name(out, e->what, e->href);
	buf_add(out, STR("</td></tr>\n"));
}

void chart_timeline(struct buf *out, const struct chart *c, const struct chart_time *t)
{
	const struct words *w = c->words;

	chart_open(out, c, (int)t->n_rows * LANE + TICKS);
	for (size_t i = 0; i < t->n_rows; i++) {
		chart_label(out, t->rows[i], (int)i * LANE, WIDTH);
		buf_printf(out, "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n", (int)i * LANE + 25,
			   (int)i * LANE + 25);
	}
	for (size_t i = 0; i < t->n; i++)
		put_event(out, t, &t->events[i]);
	put_dates(out, t, (int)t->n_rows * LANE + 14);
	chart_table(out, c);
	chart_head(out, w->text[WORD_CHART_PLACE], false);
	chart_head(out, w->text[WORD_CHART_KIND], false);
	chart_head(out, w->text[WORD_CHART_WHAT], false);
	chart_body(out);
	for (size_t i = 0; i < t->n; i++)
		put_event_row(out, t, &t->events[i]);
	chart_close(out);
}

/* ---- a strip ---- */

/* Where the run of one kind that begins at cell `start` ends. */
static size_t run_end(const struct chart_spans *s, size_t start)
{
	size_t end = start + 1;

	while (end < s->n && s->cells[end] == s->cells[start])
		end++;
	return end;
}

static const struct chart_series *kind_of(const struct chart_spans *s, size_t i)
{
	return &s->kinds[s->cells[i] < s->n_kinds ? s->cells[i] : 0];
}

static void put_run(struct buf *out, const struct chart_spans *s, size_t start, size_t end)
{
	char from[CLOCK_TEXT], until[CLOCK_TEXT];

	clock_rfc3339(s->from + (int64_t)start * s->each, from);
	clock_rfc3339(s->from + (int64_t)end * s->each, until);
	buf_printf(out, "<g class=\"%s\"><title>%.10s %.5s \xe2\x80\x93 %.10s %.5s: ", kind_of(s, start)->class_name, from,
		   from + 11, until, until + 11);
	html_plain(out, kind_of(s, start)->name);
	buf_add(out, STR("</title>"));
	for (size_t i = start; i < end; i++) {
		int64_t x = (int64_t)i * WIDTH / (int64_t)s->n, step = WIDTH / (int64_t)s->n;

		buf_printf(out, "<rect height=\"%d\"", STRIP);
		chart_at(out, "x", x);
		chart_at(out, "width", step - step / 8);
		buf_add(out, STR("/>"));
	}
	buf_add(out, STR("</g>\n"));
}

static void put_run_row(struct buf *out, const struct chart_spans *s, size_t start, size_t end)
{
	buf_add(out, STR("<tr><th scope=\"row\">"));
	html_time(out, s->from + (int64_t)start * s->each);
	buf_add(out, STR("</th><td>"));
	html_time(out, s->from + (int64_t)end * s->each);
	buf_add(out, STR("</td><td>"));
	html_hostile(out, kind_of(s, start)->name, CHART_NAME);
	buf_add(out, STR("</td></tr>\n"));
}

void chart_strip(struct buf *out, const struct chart *c, const struct chart_spans *s)
{
	chart_open(out, c, STRIP);
	for (size_t i = 0; i < s->n; i = run_end(s, i))
		put_run(out, s, i, run_end(s, i));
	chart_table(out, c);
	chart_head(out, c->words->text[WORD_CHART_UNTIL], false);
	chart_head(out, c->words->text[WORD_CHART_KIND], false);
	chart_body(out);
	for (size_t i = 0; i < s->n; i = run_end(s, i))
		put_run_row(out, s, i, run_end(s, i));
	chart_close(out);
}

void chart_strip_bare(struct buf *out, const struct chart_spans *s)
{
	buf_printf(out, "<svg class=\"picture strip\" aria-hidden=\"true\" width=\"100%%\" height=\"%d\">", BARE);
	for (size_t i = 0; i < s->n; i = run_end(s, i)) {
		int64_t from = (int64_t)i * WIDTH / (int64_t)s->n, until = (int64_t)run_end(s, i) * WIDTH / (int64_t)s->n;

		buf_printf(out, "<rect class=\"%s\" height=\"%d\"", kind_of(s, i)->class_name, BARE);
		chart_at(out, "x", from);
		chart_at(out, "width", until - from);
		buf_add(out, STR("/>"));
	}
	buf_add(out, STR("</svg>"));
}
