/* chart.c - pictures of numbers: what all of them have, and bars and fields */
#include "web/chart.h"

#include "base/limits.h"
#include "web/chart_draw.h"
#include "web/html.h"

/* Pixels: of a picture of standing bars, the room for its scale above and for ticks below; of rows and cells. */
enum { HEIGHT = 150, ABOVE = 18, BELOW = 20, ROW = 34, BAR = 9, CELL = 18, CELLS_ABOVE = 16 };
enum { STEPS = 4, WHOLE = 10000 }; /* shades of a field; the width of a picture in its own measure */

void chart_at(struct buf *out, const char *name, int64_t share)
{
	buf_printf(out, " %s=\"%lld.%02lld%%\"", name, (long long)(share / 100), (long long)(share % 100));
}

void chart_cut(struct buf *out, struct str s, size_t most)
{
	struct str rest = s;
	uint32_t c;

	for (size_t i = 0; rest.n && i < most; i++) {
		size_t n = utf8_next(rest, &c);

		rest = str_slice(rest, n ? n : 1, rest.n);
	}
	html_plain(out, str_slice(s, 0, s.n - rest.n));
	if (rest.n)
		buf_add(out, STR("\xe2\x80\xa6"));
}

void chart_label(struct buf *out, struct str text, int y, int64_t width)
{
	buf_printf(out, "<svg y=\"%d\" height=\"18\"", y);
	chart_at(out, "width", width);
	buf_add(out, STR("><text y=\"13\">"));
	chart_cut(out, text, CHART_LABEL);
	buf_add(out, STR("</text></svg>"));
}

void chart_open(struct buf *out, const struct chart *c, int height)
{
	buf_printf(out,
		   "<svg class=\"picture\" role=\"img\" width=\"100%%\" height=\"%d\" aria-labelledby=\"%s-title\" "
		   "aria-describedby=\"%s-desc\"><title id=\"%s-title\">",
		   height, c->id, c->id, c->id);
	html_plain(out, c->title);
	buf_printf(out, "</title><desc id=\"%s-desc\">", c->id);
	html_plain(out, c->desc);
	buf_add(out, STR("</desc>\n"));
}

void chart_table(struct buf *out, const struct chart *c)
{
	buf_add(out, STR("</svg>\n<details><summary>"));
	say(out, c->words, WORD_CHART_TABLE);
	buf_add(out, STR("<span class=\"ear\">: "));
	html_plain(out, c->title);
	buf_add(out, STR("</span></summary>\n<table class=\"data\">\n<caption>"));
	html_plain(out, c->desc);
	buf_add(out, STR("</caption>\n<thead><tr><th scope=\"col\">"));
	html_plain(out, c->rows);
	buf_add(out, STR("</th>"));
}

void chart_head(struct buf *out, struct str name, bool is_number)
{
	buf_add(out, is_number ? STR("<th scope=\"col\" class=\"number\">") : STR("<th scope=\"col\">"));
	html_hostile(out, name, CHART_NAME);
	buf_add(out, STR("</th>"));
}

void chart_name(struct buf *out, struct str name, struct str href)
{
	if (href.n) {
		buf_add(out, STR("<a href=\""));
		html_plain(out, href);
		buf_add(out, STR("\">"));
	}
	html_hostile(out, name, CHART_NAME);
	if (href.n)
		buf_add(out, STR("</a>"));
}

void chart_body(struct buf *out)
{
	buf_add(out, STR("</tr></thead>\n<tbody>\n"));
}

void chart_close(struct buf *out)
{
	buf_add(out, STR("</tbody>\n</table>\n</details>\n"));
}

void chart_legend(struct buf *out, const struct chart_series *series, size_t n)
{
	buf_add(out, STR("<ul class=\"legend\">"));
	for (size_t i = 0; i < n; i++) {
		buf_printf(out,
			   "<li><svg class=\"key\" width=\"10\" height=\"10\" aria-hidden=\"true\"><rect class=\"%s\" "
			   "width=\"10\" height=\"10\" rx=\"2\"/></svg> ",
			   series[i].class_name);
		html_hostile(out, series[i].name, CHART_NAME);
		buf_add(out, STR("</li>"));
	}
	buf_add(out, STR("</ul>\n"));
}

/* n / whole of a length; whatever comes in, nothing overflows. */
static int64_t part_of(int64_t n, int64_t whole, int length)
{
	return (int64_t)((double)n / (double)whole * length);
}

/* ---- bars ---- */

static int64_t sum_of(const struct chart_bars *b, size_t i)
{
	int64_t sum = 0;

	for (size_t k = 0; k < b->n_series; k++)
		sum += b->bars[i].n[k];
	return sum;
}

static int64_t largest(const struct chart_bars *b)
{
	int64_t most = 1;

	for (size_t i = 0; i < b->n; i++)
		most = sum_of(b, i) > most ? sum_of(b, i) : most;
	return most;
}

/* 1, 2, 3, 4, 6, 8, 10, 20 ...: the next that is enough. */
static int64_t round_up(int64_t most)
{
	static const int steps[] = { 1, 2, 3, 4, 6, 8 };

	for (int64_t power = 1; power < INT64_MAX / 100; power *= 10)
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (power * steps[i] >= most)
				return power * steps[i];
	return most;
}

/* "2026-11-23: 3 critical, 1 low": what a pointer over it is told. */
static void put_tip(struct buf *out, const struct chart_bars *b, size_t i)
{
	const char *between = ": ";

	buf_add(out, STR("<title>"));
	chart_cut(out, b->bars[i].label, CHART_NAME);
	for (size_t k = 0; k < b->n_series; k++) {
		if (!b->bars[i].n[k])
			continue;
		buf_printf(out, "%s", between);
		html_number(out, b->bars[i].n[k]);
		buf_add_char(out, ' ');
		html_plain(out, b->series[k].name);
		between = ", ";
	}
	buf_add(out, STR("</title>"));
}

static void put_sums(struct buf *out, const struct chart_bars *b, size_t i)
{
	for (size_t k = 0; k < b->n_series; k++) {
		buf_add(out, STR("<td class=\"number\">"));
		html_number(out, b->bars[i].n[k]);
		buf_add(out, STR("</td>"));
	}
	if (b->n_series == 1)
		return;
	buf_add(out, STR("<td class=\"number\">"));
	html_number(out, sum_of(b, i));
	buf_add(out, STR("</td>"));
}

static void put_bars_table(struct buf *out, const struct chart *c, const struct chart_bars *b)
{
	chart_table(out, c);
	for (size_t k = 0; k < b->n_series; k++)
		chart_head(out, b->series[k].name, true);
	if (b->n_series > 1)
		chart_head(out, c->words->text[WORD_CHART_SUM], true);
	if (c->note.n)
		chart_head(out, c->note, false);
	chart_body(out);
	for (size_t i = 0; i < b->n; i++) {
		buf_add(out, STR("<tr><th scope=\"row\">"));
		chart_name(out, b->bars[i].label, b->bars[i].href);
		buf_add(out, STR("</th>"));
		put_sums(out, b, i);
		if (c->note.n) {
			buf_add(out, STR("<td>"));
			html_hostile(out, b->bars[i].note, CHART_NAME);
			buf_add(out, STR("</td>"));
		}
		buf_add(out, STR("</tr>\n"));
	}
	chart_close(out);
}

/* A line of the scale with its number. */
static void put_line(struct buf *out, int64_t n, int y)
{
	buf_printf(out, "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%d.5\" y2=\"%d.5\"/><text class=\"scale\" y=\"%d\">",
		   y, y, y - 4);
	html_number(out, n);
	buf_add(out, STR("</text>\n"));
}

/* The pieces of one standing bar, from the bottom up; what is there at all is seen. */
static void put_stack(struct buf *out, const struct chart_bars *b, size_t i, int64_t scale)
{
	int64_t step = WHOLE / (int64_t)b->n, x = (int64_t)i * WHOLE / (int64_t)b->n, top = (int64_t)(ABOVE + HEIGHT) * 100;

	for (size_t k = 0; k < b->n_series; k++) {
		int64_t height = part_of(b->bars[i].n[k], scale, HEIGHT * 100);

		if (b->bars[i].n[k] <= 0)
			continue;
		height = height < 200 ? 200 : height;
		top -= height;
		buf_printf(out, "<rect class=\"%s\"", b->series[k].class_name);
		chart_at(out, "x", x + step / 10);
		chart_at(out, "width", step * 8 / 10);
		buf_printf(out, " y=\"%lld.%02lld\" height=\"%lld.%02lld\"/>", (long long)(top / 100), (long long)(top % 100),
			   (long long)(height / 100), (long long)(height % 100));
	}
}

static void put_tick(struct buf *out, struct str tick, int64_t x, int y)
{
	if (!tick.n)
		return;
	buf_printf(out, "<text class=\"scale\" text-anchor=\"%s\" y=\"%d\"",
		   x < 400    ? "start"
		   : x > 9600 ? "end"
			      : "middle",
		   y);
	chart_at(out, "x", x < 400 ? 0 : x > 9600 ? WHOLE : x);
	buf_add_char(out, '>');
	chart_cut(out, tick, CHART_LABEL);
	buf_add(out, STR("</text>"));
}

void chart_stacks(struct buf *out, const struct chart *c, const struct chart_bars *b)
{
	int64_t scale = round_up(largest(b));

	chart_legend(out, b->series, b->n_series);
	chart_open(out, c, ABOVE + HEIGHT + BELOW);
	put_line(out, scale, ABOVE);
	if (scale > 1)
		put_line(out, scale / 2, ABOVE + HEIGHT - (int)part_of(scale / 2, scale, HEIGHT));
	for (size_t i = 0; i < b->n; i++) {
		buf_add(out, STR("<g>"));
		if (sum_of(b, i) > 0)
			put_tip(out, b, i);
		put_stack(out, b, i, scale);
		put_tick(out, b->bars[i].tick, ((int64_t)i * 2 + 1) * WHOLE / ((int64_t)b->n * 2), ABOVE + HEIGHT + 15);
		buf_add(out, STR("</g>\n"));
	}
	buf_printf(out, "<line class=\"axis\" x1=\"0\" x2=\"100%%\" y1=\"%d.5\" y2=\"%d.5\"/>\n", ABOVE + HEIGHT,
		   ABOVE + HEIGHT);
	put_bars_table(out, c, b);
}

/* ---- bars that lie ---- */

static void put_pieces(struct buf *out, const struct chart_bars *b, size_t i, int y, int64_t scale)
{
	int64_t before = 0;

	buf_printf(out, "<rect class=\"bed\" width=\"100%%\" y=\"%d\" height=\"%d\"/>", y, BAR);
	for (size_t k = 0; k < b->n_series; k++) {
		int64_t x = part_of(before, scale, WHOLE), end = part_of(before + b->bars[i].n[k], scale, WHOLE);

		before += b->bars[i].n[k];
		if (b->bars[i].n[k] <= 0)
			continue;
		buf_printf(out, "<rect class=\"%s\" y=\"%d\" height=\"%d\"", b->series[k].class_name, y, BAR);
		chart_at(out, "x", x);
		chart_at(out, "width", end > x + 50 ? end - x : 50);
		buf_add(out, STR("/>"));
	}
}

static void put_row(struct buf *out, const struct chart_bars *b, size_t i, int64_t scale)
{
	int y = (int)i * ROW;

	buf_add(out, STR("<g>"));
	put_tip(out, b, i);
	chart_label(out, b->bars[i].label, y, 6800);
	buf_printf(out, "<text class=\"value\" text-anchor=\"end\" x=\"100%%\" y=\"%d\">", y + 13);
	if (b->bars[i].note.n)
		chart_cut(out, b->bars[i].note, CHART_LABEL);
	else
		html_number(out, sum_of(b, i));
	buf_add(out, STR("</text>"));
	put_pieces(out, b, i, y + 19, scale > 0 ? scale : 1);
	buf_add(out, STR("</g>\n"));
}

void chart_rows(struct buf *out, const struct chart *c, const struct chart_bars *b)
{
	int64_t scale = largest(b);

	if (b->n_series > 1)
		chart_legend(out, b->series, b->n_series);
	chart_open(out, c, (int)b->n * ROW);
	for (size_t i = 0; i < b->n; i++)
		put_row(out, b, i, b->shares ? sum_of(b, i) : scale);
	put_bars_table(out, c, b);
}

/* ---- a field ---- */

enum { MARGIN = 1000 }; /* of the width, for the labels of rows */

static int64_t darkest(const struct chart_field *f)
{
	int64_t most = 1;

	for (size_t i = 0; i < f->n_rows * f->n_columns; i++)
		most = f->n[i] > most ? f->n[i] : most;
	return most;
}

static void put_cell(struct buf *out, const struct chart_field *f, size_t row, size_t column, int64_t most)
{
	int64_t n = f->n[row * f->n_columns + column], step = (WHOLE - MARGIN) / (int64_t)f->n_columns;

	buf_printf(out, "<rect class=\"heat%lld\" y=\"%d\" height=\"%d\"",
		   (long long)(n > 0 ? 1 + part_of(n - 1, most, STEPS) : 0), CELLS_ABOVE + (int)row * CELL, CELL - 2);
	chart_at(out, "x", MARGIN + (int64_t)column * (WHOLE - MARGIN) / (int64_t)f->n_columns);
	chart_at(out, "width", step - step / 12);
	if (n <= 0) {
		buf_add(out, STR("/>"));
		return;
	}
	buf_add(out, STR("><title>"));
	html_plain(out, f->rows[row]);
	buf_add_char(out, ' ');
	html_plain(out, f->columns[column]);
	buf_add(out, STR(": "));
	html_number(out, n);
	buf_add(out, STR("</title></rect>"));
}

static void put_cells(struct buf *out, const struct chart_field *f)
{
	int64_t most = darkest(f);

	for (size_t i = 0; i < f->n_columns; i += f->tick_every ? f->tick_every : 1) {
		buf_add(out, STR("<text class=\"scale\" y=\"11\""));
		chart_at(out, "x", MARGIN + (int64_t)i * (WHOLE - MARGIN) / (int64_t)f->n_columns);
		buf_add_char(out, '>');
		html_plain(out, f->columns[i]);
		buf_add(out, STR("</text>"));
	}
	for (size_t row = 0; row < f->n_rows; row++) {
		buf_printf(out, "\n<text class=\"scale\" y=\"%d\">", CELLS_ABOVE + (int)row * CELL + 12);
		html_plain(out, f->rows[row]);
		buf_add(out, STR("</text>"));
		for (size_t column = 0; column < f->n_columns; column++)
			put_cell(out, f, row, column, most);
	}
}

/* "fewer [] [] [] [] more" */
static void put_shades(struct buf *out, const struct chart *c)
{
	buf_add(out, STR("<p class=\"legend\">"));
	say(out, c->words, WORD_CHART_FEWER);
	for (int i = 0; i <= STEPS; i++)
		buf_printf(out,
			   " <svg class=\"key\" width=\"10\" height=\"10\" aria-hidden=\"true\"><rect class=\"heat%d\" "
			   "width=\"10\" height=\"10\" rx=\"2\"/></svg>",
			   i);
	buf_add_char(out, ' ');
	say(out, c->words, WORD_CHART_MORE);
	buf_add(out, STR("</p>\n"));
}

void chart_heat(struct buf *out, const struct chart *c, const struct chart_field *f)
{
	put_shades(out, c);
	chart_open(out, c, CELLS_ABOVE + (int)f->n_rows * CELL);
	put_cells(out, f);
	chart_table(out, c);
	for (size_t row = 0; row < f->n_rows; row++)
		chart_head(out, f->rows[row], true);
	chart_body(out);
	for (size_t column = 0; column < f->n_columns; column++) {
		buf_add(out, STR("<tr><th scope=\"row\">"));
		html_hostile(out, f->columns[column], CHART_NAME);
		buf_add(out, STR("</th>"));
		for (size_t row = 0; row < f->n_rows; row++)
			buf_printf(out, "<td class=\"number\">%lld</td>", (long long)f->n[row * f->n_columns + column]);
		buf_add(out, STR("</tr>\n"));
	}
	chart_close(out);
}
