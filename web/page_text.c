/* page_text.c - the text of a finding with what was recognised in it */
#include "web/page.h"

#include <stdlib.h>

#include "base/limits.h"
#include "store/quoted.h"
#include "web/html.h"

enum {
	WHOLE = 65536,	/* a text up to here is shown whole */
	AROUND = 600,	/* bytes shown before and after a mark of a longer one */
	LONGEST = 4096, /* bytes shown of one mark there */
	OPENING = 4096, /* bytes shown of a longer text without a mark */
	MARKS = LIMIT_HITS + LIMIT_PARTS,
};

struct mark {
	size_t start, end;
	struct str label;
	struct str asset; /* that it concerns; empty for none */
	const char *kind; /* a class of style.css: a category, or "against" */
	bool is_part;
};

struct marks {
	struct mark items[MARKS];
	size_t n;
	bool any_ours; /* some concern an asset: a long text is then shown around those */
};

/* Which category the parts of a threat speak for, or that they speak against one; the others speak for violence. */
static const struct {
	const char *part, *kind;
} kinds[] = {
	{ "demand", "extortion" },  { "pressure", "extortion" },  { "hold", "extortion" },     { "deadline", "extortion" },
	{ "money", "extortion" },   { "sum", "extortion" },	  { "lever", "extortion" },    { "grip", "extortion" },
	{ "settle", "extortion" },  { "claim", "extortion" },	  { "penalty", "extortion" },  { "ultimatum", "extortion" },
	{ "or-else", "extortion" }, { "extortion", "extortion" }, { "leak-offer", "leak" },    { "leak-proof", "leak" },
	{ "dox-intent", "dox" },    { "dox-field", "dox" },	  { "crime-news", "against" }, { "office", "against" },
	{ "shop", "against" },	    { "idiom", "against" },	  { "serious", "against" },    { "news", "against" },
	{ "memorial", "against" },  { "history", "against" },	  { "safety", "against" },     { "travel", "against" },
	{ "fiction", "against" },   { "cinema", "against" },	  { "garden", "against" },     { "narrative", "against" },
	{ "reported", "against" },  { "game", "against" },	  { "game-weak", "against" },  { "sport", "against" },
	{ "music", "against" },	    { "joke", "against" },	  { "animals", "against" },    { "computing", "against" },
	{ "asset", "asset" },	    { "food", "against" },	  { "negation", "against" },
};

const char *page_part_kind(struct str part)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(part, str_of(kinds[i].part)))
			return kinds[i].kind;
	return str_starts(part, STR("lk-")) ? "leak" : "violence";
}

const char *page_hit_kind(const struct stored_hit *h)
{
	return str_eq(h->kind, STR("personal-record")) ? "dox" : "leak";
}

/* Up to here, moved back to the first byte of a character. */
static size_t snap(struct str text, size_t at)
{
	while (at > 0 && at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void add_mark(struct marks *m, struct str text, int64_t start, int64_t end, struct mark mark)
{
	if (m->n == MARKS || start < 0 || end <= start || (uint64_t)end > text.n)
		return;
	mark.start = snap(text, (size_t)start);
	mark.end = snap(text, (size_t)end);
	m->items[m->n++] = mark;
}

static int by_start(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

/* Marks of layer 0 in order; where two overlap the later one begins when the earlier is over. */
static void collect(const struct finding_detail *d, struct marks *m)
{
	size_t kept = 0, over = 0;

	for (size_t i = 0; i < d->said.n_hits; i++)
		if (d->said.hits[i].layer == 0)
			add_mark(m, d->text, d->said.hits[i].start, d->said.hits[i].end,
				 (struct mark){ .label = d->said.hits[i].label,
						.asset = d->said.hits[i].asset,
						.kind = page_hit_kind(&d->said.hits[i]) });
	for (size_t i = 0; i < d->said.n_parts; i++)
		if (d->said.parts[i].layer == 0 &&
		    !str_eq(d->said.parts[i].part, STR(QUOTED_PART))) /* that is the whole text */
			add_mark(m, d->text, d->said.parts[i].start, d->said.parts[i].end,
				 (struct mark){ .label = d->said.parts[i].part,
						.kind = page_part_kind(d->said.parts[i].part),
						.is_part = true });
	qsort(m->items, m->n, sizeof(m->items[0]), by_start);
	for (size_t i = 0; i < m->n; i++) {
		struct mark mark = m->items[i];

		mark.start = mark.start > over ? mark.start : over;
		if (mark.end <= mark.start)
			continue;
		over = mark.end;
		m->any_ours = m->any_ours || mark.asset.n;
		m->items[kept++] = mark;
	}
	m->n = kept;
}

/* The label stands before the first of several marks of one kind; readers of the page by ear hear all of them. */
static void open_mark(struct buf *out, const struct words *w, const struct mark *m, bool again)
{
	buf_printf(out, "<mark class=\"%s %s\"><span class=\"%s\">",
		   m->is_part	? "part"
		   : m->asset.n ? "hit ours"
				: "hit",
		   m->kind, again ? "label ear" : "label");
	html_hostile(out, m->label, 60);
	if (m->asset.n) {
		AUTO(buf) asset = BUF_INIT(KIB(4));

		html_hostile(&asset, m->asset, 60);
		buf_add_char(out, ' ');
		say_x(out, w, WORD_MARK_OF, buf_str(&asset));
	}
	buf_add(out, STR("<span class=\"ear\">: </span></span>"));
}

static bool same_label(const struct mark *a, const struct mark *b)
{
	return a->is_part == b->is_part && str_eq(a->label, b->label) && str_eq(a->asset, b->asset);
}

/* A text, and in which words its marks are named. */
struct marked {
	const struct words *words;
	struct str text;
};

/* Bytes [start, end) of the text; *next is the first mark that may reach into them. */
static void write_window(struct buf *out, const struct marked *of, const struct marks *m, size_t *next, size_t start,
			 size_t end)
{
	const struct str text = of->text;

	buf_add(out, STR("<pre class=\"text\"><bdi>"));
	while (*next < m->n && m->items[*next].start < end) {
		const struct mark *mark = &m->items[*next];
		size_t stop = mark->end < end ? mark->end : end;

		html_lines(out, str_slice(text, start, mark->start));
		open_mark(out, of->words, mark, *next > 0 && same_label(mark, mark - 1));
		html_lines(out, str_slice(text, mark->start > start ? mark->start : start, stop));
		buf_add(out, STR("</mark>"));
		start = stop;
		(*next)++;
	}
	html_lines(out, str_slice(text, start, end));
	buf_add(out, STR("</bdi></pre>\n"));
}

static void left_out(struct buf *out, const struct words *w, size_t n)
{
	if (!n)
		return;
	buf_add(out, STR("<p class=\"gap\">"));
	say_n(out, w, WORD_TEXT_LEFT_OUT, (int64_t)n);
	buf_add(out, STR("</p>\n"));
}

static size_t mark_end(const struct mark *m)
{
	return m->end < m->start + LONGEST ? m->end : m->start + LONGEST;
}

/* Where the window that begins with mark `first` ends: it grows over marks that are near enough. */
static size_t window_end(struct str text, const struct marks *m, size_t first)
{
	size_t end = mark_end(&m->items[first]) + AROUND;

	for (size_t i = first + 1; i < m->n && m->items[i].start <= end; i++)
		end = mark_end(&m->items[i]) + AROUND;
	return snap(text, end < text.n ? end : text.n);
}

/* The next mark to show a window for. */
static size_t next_centre(const struct marks *m, size_t i)
{
	while (i < m->n && m->any_ours && !m->items[i].asset.n)
		i++;
	return i;
}

static void write_windows(struct buf *out, const struct marked *of, const struct marks *m)
{
	const struct str text = of->text;
	size_t at = 0, next = 0, shown = 0;

	if (!m->n) {
		at = snap(text, OPENING);
		write_window(out, of, m, &next, 0, at);
	}
	for (size_t centre; shown < WHOLE && (centre = next_centre(m, next)) < m->n;) {
		size_t start = m->items[centre].start, end = window_end(text, m, centre);

		start = snap(text, start > at + AROUND ? start - AROUND : at);
		end = snap(text, end < start + WHOLE ? end : start + WHOLE);
		while (m->items[next].end <= start)
			next++;
		left_out(out, of->words, start - at);
		write_window(out, of, m, &next, start, end);
		shown += end - start;
		at = end;
	}
	left_out(out, of->words, text.n - at);
}

void page_text(struct buf *out, const struct page_manner *m, const struct finding_detail *d)
{
	const struct marked of = { m->words, d->text };
	struct marks marks = { .n = 0 };
	size_t next = 0;

	collect(d, &marks);
	if (d->text.n <= WHOLE)
		write_window(out, &of, &marks, &next, 0, d->text.n);
	else
		write_windows(out, &of, &marks);
}
