/* page_recognised.c - what was recognised in a text: data, words that were weighed, what was decoded */
#include "web/page.h"

#include "base/limits.h"
#include "classify/classify.h"
#include "store/quoted.h"
#include "web/html.h"

enum {
	NAME = 120, /* characters shown of a text from outside */
	SENTENCE = 400,
	WORDS_SHOWN = 5, /* of one kind of part */
	HITS_SHOWN = 14, /* rows; a dump of logins has hundreds of the same kind */
	PLACES_SHOWN = 6,
	LAYERS = 8,
};

static const char dot[] = " \xc2\xb7 ";

/* ---- data ---- */

static void put_confidence(struct buf *out, const struct page_manner *m, int confidence)
{
	static const enum word words[] = { WORD_LOW, WORD_MEDIUM, WORD_HIGH };

	say(out, m->words, confidence >= 0 && confidence < 3 ? words[confidence] : WORD_UNKNOWN);
}

/* Which rules there are is how the watch is done. */
static void put_rule(struct buf *out, const struct page_manner *m, const struct stored_hit *h)
{
	bool named = audience_sees(m->audience, SEES_SOURCES);

	if (!named && h->layer == 0)
		return;
	buf_add(out, STR("<span class=\"rule\">"));
	if (named)
		html_hostile(out, h->rule, NAME);
	if (named && h->layer > 0)
		buf_add(out, STR(", "));
	if (h->layer > 0)
		say_n(out, m->words, WORD_LAYER, h->layer);
	buf_add(out, STR("</span>"));
}

static void put_hit(struct buf *out, const struct page_manner *m, const struct stored_hit *h)
{
	bool samples = audience_sees(m->audience, SEES_SAMPLES);

	page_row(out);
	html_hostile(out, h->label, NAME);
	put_rule(out, m, h);
	buf_add(out, STR("</th>"));
	if (samples) {
		page_cell(out, m, WORD_SAMPLE, NULL);
		buf_add(out, STR("<code>"));
		html_hostile(out, h->masked, NAME);
		buf_add(out, STR("</code>"));
		page_cell_end(out);
	}
	page_cell(out, m, WORD_ASSET, NULL);
	if (h->asset.n)
		html_hostile(out, h->asset, NAME);
	else
		say(out, m->words, WORD_NONE);
	page_cell_end(out);
	page_cell(out, m, WORD_CONFIDENCE, NULL);
	put_confidence(out, m, h->confidence);
	page_cell_end(out);
	if (samples) {
		page_cell(out, m, WORD_WHY, NULL);
		html_hostile(out, h->why, SENTENCE);
		page_cell_end(out);
	}
	page_row_end(out);
}

/* Those that concern an asset come first: they are why somebody reads this. */
static void put_hits(struct buf *out, const struct page_manner *m, const struct finding_detail *d)
{
	static const enum word columns[] = { WORD_CHART_WHAT, WORD_SAMPLE, WORD_ASSET, WORD_CONFIDENCE, WORD_WHY, WORDS };
	static const enum word no_samples[] = { WORD_CHART_WHAT, WORD_ASSET, WORD_CONFIDENCE, WORDS };
	size_t shown = 0;

	if (!d->said.n_hits)
		return;
	page_section(out, "hits", word_of(m->words, WORD_HITS), d->said.n_hits);
	page_table(out, m, "hits", WORD_HITS_CAPTION, audience_sees(m->audience, SEES_SAMPLES) ? columns : no_samples);
	for (int strange = 0; strange < 2; strange++)
		for (size_t i = 0; i < d->said.n_hits && shown < HITS_SHOWN; i++)
			if ((d->said.hits[i].asset.n == 0) == strange && ++shown)
				put_hit(out, m, &d->said.hits[i]);
	page_table_end(out);
	page_further(out, m, d->said.n_hits - shown);
	buf_add(out, STR("</section>\n"));
}

/* ---- words ---- */

static struct str part_text(const struct finding_detail *d, const struct stored_part *p)
{
	if (p->layer != 0 || p->start < 0 || p->end < p->start)
		return (struct str){ 0 };
	return str_slice(d->text, (size_t)p->start, (size_t)p->end);
}

/* Is there an earlier part of the same kind, over the same words unless any will do? */
static bool came_before(const struct finding_detail *d, size_t i, bool any_words)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(d->said.parts[k].part, d->said.parts[i].part) &&
		    (any_words || str_eq_nocase(part_text(d, &d->said.parts[k]), part_text(d, &d->said.parts[i]))))
			return true;
	return false;
}

/* On one line: a line break in a table of words is nothing to be warned of. */
static void put_line(struct buf *out, struct str words)
{
	AUTO(buf) line = BUF_INIT(LIMIT_TEXT);

	words = str_slice(words, 0, (size_t)4 * NAME + 4); /* the rest is not shown */
	for (size_t i = 0; i < words.n; i++)
		buf_add_char(&line, words.p[i] == '\n' ? ' ' : words.p[i]);
	html_hostile(out, buf_str(&line), NAME);
}

/* All words of the kind of part `first`, each once. */
static void put_words(struct buf *out, const struct page_manner *m, const struct finding_detail *d, size_t first)
{
	size_t n = 0;

	for (size_t i = first; i < d->said.n_parts; i++) {
		if (!str_eq(d->said.parts[i].part, d->said.parts[first].part) || came_before(d, i, false))
			continue;
		if (n++ > 0)
			buf_add(out, str_of(dot));
		if (d->said.parts[i].layer > 0) {
			buf_add(out, STR("<span class=\"quiet\">"));
			say_n(out, m->words, WORD_LAYER, d->said.parts[i].layer);
			buf_add(out, STR("</span>"));
		} else {
			put_line(out, part_text(d, &d->said.parts[i]));
		}
		if (n == WORDS_SHOWN) {
			buf_add(out, STR(" \xe2\x80\xa6"));
			return;
		}
	}
}

static void put_parts(struct buf *out, const struct page_manner *m, const struct finding_detail *d)
{
	static const enum word columns[] = { WORD_PART, WORD_WORDS, WORDS };

	if (!d->said.n_parts)
		return;
	page_section(out, "parts", word_of(m->words, WORD_PARTS), 0);
	page_table(out, m, "parts", WORD_PARTS_CAPTION, columns);
	for (size_t i = 0; i < d->said.n_parts; i++) {
		if (came_before(d, i, true) || str_eq(d->said.parts[i].part, STR(QUOTED_PART))) /* that is the whole text */
			continue;
		page_row(out);
		html_hostile(out, d->said.parts[i].part, NAME);
		buf_add(out, STR("</th>"));
		page_cell(out, m, WORD_WORDS, NULL);
		buf_add(out, STR("<span>"));
		put_words(out, m, d, i);
		buf_add(out, STR("</span>"));
		page_cell_end(out);
		page_row_end(out);
	}
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

/* ---- what was decoded ---- */

/* What was recognised in a layer, each label once. */
static size_t put_labels(struct buf *out, const struct finding_detail *d, int layer)
{
	size_t n = 0;

	for (size_t i = 0; i < d->said.n_hits; i++) {
		bool before = false;

		if (d->said.hits[i].layer != layer)
			continue;
		for (size_t k = 0; k < i; k++)
			before = before ||
				 (d->said.hits[k].layer == layer && str_eq(d->said.hits[k].label, d->said.hits[i].label));
		if (before || n >= WORDS_SHOWN)
			continue;
		if (n++ > 0)
			buf_add(out, str_of(dot));
		html_hostile(out, d->said.hits[i].label, NAME);
	}
	return n;
}

/* How many things were recognised in a layer. */
static int64_t times_of(const struct finding_detail *d, int layer)
{
	int64_t n = 0;

	for (size_t i = 0; i < d->said.n_hits; i++)
		n += d->said.hits[i].layer == layer;
	for (size_t i = 0; i < d->said.n_parts; i++)
		n += d->said.parts[i].layer == layer;
	return n;
}

/* A reason ends with "; in base64 of bytes 22 to 70" where its data were decoded from the layer above. */
static struct str place_of(const struct stored_hit *h)
{
	static const struct str mark = STR("; in ");
	struct str rest = h->why, place = { 0 };

	for (ssize_t at; (at = str_find(rest, mark)) >= 0;)
		place = rest = str_slice(rest, (size_t)at + mark.n, rest.n);
	return place;
}

static void put_places(struct buf *out, const struct finding_detail *d, int layer)
{
	size_t n = 0;

	for (size_t i = 0; i < d->said.n_hits && n < PLACES_SHOWN; i++) {
		struct str place = d->said.hits[i].layer == layer ? place_of(&d->said.hits[i]) : (struct str){ 0 };

		if (!place.n)
			continue;
		if (n++ > 0)
			buf_add(out, str_of(dot));
		html_hostile(out, place, NAME);
	}
	if (n == PLACES_SHOWN)
		buf_add(out, STR(" \xe2\x80\xa6"));
}

static void put_layer(struct buf *out, const struct page_manner *m, const struct finding_detail *d, int layer)
{
	page_row(out);
	say_n(out, m->words, WORD_LAYER, layer);
	buf_add(out, STR("</th>"));
	page_cell(out, m, WORD_RECOGNISED, NULL);
	buf_add(out, STR("<span>"));
	if (!put_labels(out, d, layer))
		say(out, m->words, WORD_PARTS);
	buf_add(out, STR("</span>"));
	page_cell_end(out);
	page_cell_number(out, m, WORD_RECOGNISED_TIMES, times_of(d, layer));
	page_cell(out, m, WORD_DECODED_FROM, NULL);
	buf_add(out, STR("<span>"));
	put_places(out, d, layer);
	buf_add(out, STR("</span>"));
	page_cell_end(out);
	page_row_end(out);
}

static void put_layers(struct buf *out, const struct page_manner *m, const struct finding_detail *d)
{
	static const enum word columns[] = { WORD_DECODED_TEXT, WORD_RECOGNISED, WORD_RECOGNISED_TIMES, WORD_DECODED_FROM,
					     WORDS };
	size_t n = 0;

	for (int layer = 1; layer < LAYERS; layer++)
		n += times_of(d, layer) > 0;
	if (!n)
		return;
	page_section(out, "layers", word_of(m->words, WORD_LAYERS), n);
	page_table(out, m, "layers", WORD_LAYERS_CAPTION, columns);
	for (int layer = 1; layer < LAYERS; layer++)
		if (times_of(d, layer))
			put_layer(out, m, d, layer);
	page_table_end(out);
	buf_add(out, STR("</section>\n"));
}

void page_recognised(struct buf *out, const struct page_manner *m, const struct finding_detail *d)
{
	put_hits(out, m, d);
	if (audience_sees(m->audience, SEES_TEXTS))
		put_parts(out, m, d);
	if (audience_sees(m->audience, SEES_SAMPLES))
		put_layers(out, m, d);
}
