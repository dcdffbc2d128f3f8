/* snippet.c - the piece of a text that a search is answered with */
#include "store/snippet.h"

#include "base/limits.h"

enum {
	LOOKED_AT = 65536, /* bytes of a text: who looks further reads it */
	BEFORE = 60,
	LENGTH = 200,
	TITLE_WEIGHT = 5, /* a word of the title says so often what it is about */
	RUN_MARKED = 64,  /* a longer run without spaces is of a script that has none */
};

/* A word, and the run without spaces that it came from. */
struct token {
	struct str word;
	size_t start, end;
};

struct tokens {
	struct token *items;
	size_t n;
};

static void add_run(struct words *words, struct str text, size_t start, size_t end, struct arena *a, struct tokens *out)
{
	AUTO(buf) found = BUF_INIT(16 * LIMIT_URL);
	struct str rest, word;

	words_of(words, str_slice(text, start, end), &found);
	rest = arena_copy(a, buf_str(&found));
	while (rest.n && str_split(&rest, ' ', &word))
		*(struct token *)arena_push(a, &out->items, &out->n, sizeof(struct token)) = (struct token){ word, start, end };
}

static struct tokens tokens_of(struct words *words, struct str text, struct arena *a)
{
	struct tokens out = { 0 };
	size_t most = text.n < LOOKED_AT ? text.n : LOOKED_AT;

	for (size_t start = 0, end; start < most; start = end + 1) {
		for (end = start; end < most && !ascii_is_space(text.p[end]); end++)
			;
		if (end > start)
			add_run(words, text, start, end, a, &out);
	}
	return out;
}

/* How many tokens from `i` on are the phrase; 0 when they are not. */
static size_t phrase_at(const struct tokens *t, size_t i, const struct search_phrase *p)
{
	struct str rest = p->words, word;
	size_t n = 0;

	while (rest.n && str_split(&rest, ' ', &word)) {
		bool last = rest.n == 0;

		if (i + n == t->n)
			return 0;
		if (last && p->prefix ? !str_starts(t->items[i + n].word, word) : !str_eq(t->items[i + n].word, word))
			return 0;
		n++;
	}
	return n;
}

/* Where the phrase stands: its runs, without the signs at their ends; in a long run only as far as it can be told. */
static struct search_mark place_of(const struct tokens *t, size_t i, size_t n, struct str text)
{
	struct search_mark m = { t->items[i].start, t->items[i + n - 1].end };

	while (m.end > m.start + 1 && (unsigned char)text.p[m.end - 1] < 0x80 && !ascii_is_alnum(text.p[m.end - 1]))
		m.end--;
	while (m.start + 1 < m.end && (unsigned char)text.p[m.start] < 0x80 && !ascii_is_alnum(text.p[m.start]))
		m.start++;
	if (n == 1 && m.end - m.start > RUN_MARKED) {
		ssize_t at = str_find_nocase(str_slice(text, m.start, m.end), t->items[i].word);

		if (at >= 0)
			m = (struct search_mark){ m.start + (size_t)at, m.start + (size_t)at + t->items[i].word.n };
	}
	return m;
}

/* All places, in order; returns how often phrases stand there. */
static size_t places(const struct tokens *t, const struct search_query *q, struct str text, struct search_mark *marks,
		     size_t most, size_t *n)
{
	size_t count = 0;

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < q->n; k++) {
			size_t its = q->phrases[k].minus ? 0 : phrase_at(t, i, &q->phrases[k]);

			count += its > 0;
			if (its && *n < most)
				marks[(*n)++] = place_of(t, i, its, text);
		}
	return count;
}

static size_t on_character(struct str text, size_t at)
{
	while (at > 0 && at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static void keep_marks(struct search_row *row, const struct search_mark *marks, size_t n, size_t start, size_t end)
{
	size_t after = start;

	for (size_t i = 0; i < n && row->n_marks < SEARCH_MARKS; i++) {
		if (marks[i].start < after || marks[i].end > end)
			continue;
		row->marks[row->n_marks++] = (struct search_mark){ marks[i].start - start, marks[i].end - start };
		after = marks[i].end;
	}
}

void snippet_make(struct words *words, const struct search_query *q, struct str title, struct str text, struct arena *a,
		  struct arena *scratch, struct search_row *row)
{
	const struct tokens in_text = tokens_of(words, text, scratch), in_title = tokens_of(words, title, scratch);
	struct search_mark marks[64];
	size_t n = 0, none = 0, start, end;
	size_t count = places(&in_text, q, text, marks, sizeof(marks) / sizeof(marks[0]), &n);

	row->relevance = (double)(count + TITLE_WEIGHT * places(&in_title, q, title, NULL, 0, &none)) /
			 (1 + (double)in_text.n / 100);
	start = n && marks[0].start > BEFORE ? on_character(text, marks[0].start - BEFORE) : 0;
	end = on_character(text, start + LENGTH < text.n ? start + LENGTH : text.n);
	row->excerpt = arena_copy(a, str_slice(text, start, end));
	keep_marks(row, marks, n, start, end);
}
