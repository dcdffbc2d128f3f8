/* quotation.c - which stretches of a text are somebody else's words */
#include "desk/quotation.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum { DEPTH = 8, CLOSES = 4 };

/* A quotation mark. The same sign opens in one language and closes in another: what is open decides. */
struct mark {
	uint32_t sign;
	bool opens,
		ambiguous; /* ambiguous: also an apostrophe, an inch or its own counterpart; what stands beside it decides */
	uint32_t closes[CLOSES];
};

static const struct mark marks[] = {
	{ '"', true, true, { '"' } },
	{ 0xff02, true, true, { 0xff02 } },
	{ '\'', true, true, { '\'', '`' } },
	{ '`', true, true, { 0 } },
	{ 0x201c, true, false, { 0x201e, 0x201f } },		    /* English and Chinese open, German closes */
	{ 0x201d, true, true, { 0x201c, 0x201d, 0x201e, 0x201f } }, /* Swedish opens with it too */
	{ 0x201e, true, false, { 0 } },
	{ 0x201f, true, false, { 0 } },
	{ 0x2018, true, false, { 0x201a, 0x201b } },
	{ 0x2019, true, true, { 0x2018, 0x2019, 0x201a, 0x201b } },
	{ 0x201a, true, false, { 0 } },
	{ 0x201b, true, false, { 0 } },
	{ 0xab, true, false, { 0xbb } }, /* French opens, German closes */
	{ 0xbb, true, false, { 0xab, 0xbb } },
	{ 0x2039, true, false, { 0x203a } },
	{ 0x203a, true, false, { 0x2039, 0x203a } },
	{ 0x300c, true, false, { 0 } },
	{ 0x300d, false, false, { 0x300c } },
	{ 0x300e, true, false, { 0 } },
	{ 0x300f, false, false, { 0x300e } },
	{ 0x300a, true, false, { 0 } },
	{ 0x300b, false, false, { 0x300a } },
	{ 0x3008, true, false, { 0 } },
	{ 0x3009, false, false, { 0x3008 } },
	{ 0x301d, true, false, { 0 } },
	{ 0x301e, false, false, { 0x301d } },
	{ 0x301f, false, false, { 0x301d } },
};

/* A mark that was not closed yet, and where its words begin. */
struct open_mark {
	uint32_t sign;
	size_t start;
};

struct finder {
	struct str text;
	struct open_mark open[DEPTH];
	size_t n_open;
	struct stretch *out; /* the longest first */
	size_t n;
};

static const struct mark *mark_of(uint32_t sign)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (marks[i].sign == sign)
			return &marks[i];
	return NULL;
}

static void keep(struct finder *f, size_t start, size_t end)
{
	size_t i = f->n;

	while (start < end && ascii_is_space(f->text.p[start]))
		start++;
	end = end - start < QUOTATION_MOST ? end : start + QUOTATION_MOST;
	while (end > start && ascii_is_space(f->text.p[end - 1]))
		end--;
	if (end - start < QUOTATION_LEAST)
		return;
	while (i > 0 && f->out[i - 1].end - f->out[i - 1].start < end - start)
		i--;
	if (i == QUOTATION_STRETCHES)
		return;
	f->n += f->n < QUOTATION_STRETCHES;
	memmove(&f->out[i + 1], &f->out[i], (f->n - i - 1) * sizeof(*f->out));
	f->out[i] = (struct stretch){ start, end };
}

/* Cut where something is left out: the original has more words there. */
static void keep_pieces(struct finder *f, size_t start, size_t end)
{
	size_t from = start;

	for (size_t i = start; i + 3 <= end; i++)
		if (memcmp(f->text.p + i, "...", 3) == 0 || memcmp(f->text.p + i, "\xe2\x80\xa6", 3) == 0) {
			keep(f, from, i);
			from = i + 3;
		}
	keep(f, from, end);
}

static bool is_space_at(const struct finder *f, size_t i)
{
	return i >= f->text.n || ascii_is_space(f->text.p[i]);
}

static bool is_word_at(const struct finder *f, size_t i)
{
	return i < f->text.n && ascii_is_alnum(f->text.p[i]);
}

/* Close the innermost mark that this one can close. */
static bool close_with(struct finder *f, const struct mark *m, size_t at)
{
	for (size_t i = f->n_open; i-- > 0;)
		for (int k = 0; k < CLOSES && m->closes[k]; k++)
			if (f->open[i].sign == m->closes[k]) {
				if (at - f->open[i].start <= QUOTATION_MOST)
					keep_pieces(f, f->open[i].start, at);
				f->n_open = i; /* what was opened within it and not closed was no mark */
				return true;
			}
	return false;
}

static void open_with(struct finder *f, const struct mark *m, size_t behind)
{
	if (f->n_open == DEPTH) {
		memmove(f->open, f->open + 1, (DEPTH - 1) * sizeof(*f->open));
		f->n_open--;
	}
	f->open[f->n_open++] = (struct open_mark){ m->sign, behind };
}

static void take_mark(struct finder *f, const struct mark *m, size_t at, size_t behind)
{
	bool may_close = !m->ambiguous || (at > 0 && !is_space_at(f, at - 1) && !is_word_at(f, behind));
	bool may_open = m->opens && (!m->ambiguous || ((at == 0 || !is_word_at(f, at - 1)) && !is_space_at(f, behind)));

	if (may_close && close_with(f, m, at))
		return;
	if (may_open)
		open_with(f, m, behind);
}

static void find_marks(struct finder *f)
{
	size_t i = 0;

	while (i < f->text.n) {
		unsigned char c = (unsigned char)f->text.p[i];
		uint32_t sign = c;
		size_t n = c < 0x80 ? 1 : utf8_next(str_slice(f->text, i, f->text.n), &sign);
		const struct mark *m = c == '"' || c == '\'' || c == '`' || c == 0xc2 || (c >= 0xe2 && c <= 0xe3) || c == 0xef
					       ? mark_of(sign)
					       : NULL;

		if (m)
			take_mark(f, m, i, i + n);
		i += n ? n : 1;
	}
}

static bool is_quoted_line(struct str line)
{
	size_t i = 0;

	while (i < line.n && i < 4 && line.p[i] == ' ')
		i++;
	return i < line.n && line.p[i] == '>';
}

/* Lines behind "> " that follow each other; the marks between them are no words, so they may stay. */
static void find_lines(struct finder *f)
{
	struct str rest = f->text, line;
	size_t start = SIZE_MAX, at = 0;

	while (str_split(&rest, '\n', &line)) {
		bool quoted = is_quoted_line(line);

		if (quoted && start == SIZE_MAX)
			start = at;
		if (!quoted && start != SIZE_MAX) {
			keep_pieces(f, start, at);
			start = SIZE_MAX;
		}
		at = f->text.n - rest.n;
	}
	if (start != SIZE_MAX)
		keep_pieces(f, start, f->text.n);
}

size_t quotation_find(struct str text, struct stretch out[QUOTATION_STRETCHES])
{
	struct finder f = { .text = text, .out = out };

	find_marks(&f);
	find_lines(&f);
	return f.n;
}

struct str quotation_join(struct arena *a, struct str said, struct str own, size_t most)
{
	struct str rest = said, line, joined;
	size_t lines = 1, n = 0;
	char *bytes;

	if (said.n == 0)
		return own;
	for (size_t i = 0; i < said.n; i++)
		lines += said.p[i] == '\n';
	bytes = arena_alloc(a, said.n + 3 * lines + own.n + 1);
	while (str_split(&rest, '\n', &line)) {
		memcpy(bytes + n, "> ", 2);
		memcpy(bytes + n + 2, line.p, line.n);
		n += line.n + 2;
		bytes[n++] = '\n';
	}
	memcpy(bytes + n, own.n ? own.p : "", own.n);
	joined = (struct str){ bytes, n + own.n };
	joined = str_slice(joined, 0, most);
	while (joined.n && joined.n < n + own.n && (bytes[joined.n] & 0xc0) == 0x80)
		joined.n--;
	return joined;
}
