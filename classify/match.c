/* match.c - many patterns at once. The only user of hs.h */
/* Hot: every byte of every post passes match_scan() twice. */
#include "classify/match.h"

#include <hs.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/must.h"
#include "classify/confirm.h"

struct match {
	hs_database_t *database; /* NULL when there is no pattern */
};

struct match_scratch {
	hs_scratch_t *scratch;
};

/* A literal as an expression: each byte by its number. */
static const char *expression(const struct match_pattern *p, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(KIB(16));

	if (!p->literal)
		return p->text.p;
	for (size_t i = 0; i < p->text.n; i++)
		buf_printf(&out, "\\x%02x", (unsigned char)p->text.p[i]);
	return arena_copy(a, buf_str(&out)).p;
}

static unsigned flags_of(const struct match_pattern *p)
{
	return (p->literal ? HS_FLAG_CASELESS : 0u) | (p->once ? HS_FLAG_SINGLEMATCH : 0u);
}

static hs_error_t compile(const struct match_pattern *patterns, size_t n, hs_database_t **database, hs_compile_error_t **error)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	const char **texts = arena_alloc(a, n * sizeof(*texts));
	unsigned *flags = arena_alloc(a, n * sizeof(*flags));
	unsigned *ids = arena_alloc(a, n * sizeof(*ids));

	for (size_t i = 0; i < n; i++) {
		texts[i] = expression(&patterns[i], a);
		flags[i] = flags_of(&patterns[i]);
		ids[i] = (unsigned)i;
	}
	return hs_compile_multi(texts, flags, ids, (unsigned)n, HS_MODE_BLOCK, NULL, database, error);
}

struct match *match_new(const struct match_pattern *patterns, size_t n, size_t *wrong, struct err *err)
{
	struct match *m = must_alloc(1, sizeof(*m));
	hs_compile_error_t *error = NULL;

	*wrong = n;
	if (n == 0 || compile(patterns, n, &m->database, &error) == HS_SUCCESS)
		return m;
	if (error && error->expression >= 0)
		*wrong = (size_t)error->expression;
	err_set(err, E_BAD, "%.200s", error ? error->message : "libhs has no memory");
	hs_free_compile_error(error);
	free(m);
	return NULL;
}

struct match *match_new_literals(const struct str *literals, size_t n, struct err *err)
{
	struct match *m = must_alloc(1, sizeof(*m));
	const char **texts = must_alloc(n, sizeof(*texts));
	size_t *lengths = must_alloc(n, sizeof(*lengths));
	unsigned *ids = must_alloc(n, sizeof(*ids));
	hs_compile_error_t *error = NULL;

	for (size_t i = 0; i < n; i++) {
		texts[i] = literals[i].p;
		lengths[i] = literals[i].n;
		ids[i] = (unsigned)i;
	}
	if (n && hs_compile_lit_multi(texts, NULL, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL, &m->database, &error) !=
			 HS_SUCCESS) {
		err_set(err, E_BAD, "%.200s", error ? error->message : "libhs has no memory");
		hs_free_compile_error(error);
		free(m);
		m = NULL;
	}
	free(ids);
	free(lengths);
	free((void *)texts);
	return m;
}

void match_free(struct match *m)
{
	if (!m)
		return;
	hs_free_database(m->database);
	free(m);
}

struct match_scratch *match_scratch_new(const struct match *const *databases, size_t n, struct err *err)
{
	struct match_scratch *s = must_alloc(1, sizeof(*s));

	for (size_t i = 0; i < n; i++) {
		if (!databases[i]->database || hs_alloc_scratch(databases[i]->database, &s->scratch) == HS_SUCCESS)
			continue;
		err_set(err, E_FAULT, "libhs gives no scratch space");
		match_scratch_free(s);
		return NULL;
	}
	return s;
}

void match_scratch_free(struct match_scratch *s)
{
	if (!s)
		return;
	hs_free_scratch(s->scratch);
	free(s);
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	const struct match_listener *listener = context;

	(void)from;
	(void)flags;
	return listener->ended(listener->whose, id, (size_t)to) ? 0 : 1;
}

int match_scan(const struct match *m, struct match_scratch *s, struct str text, const struct match_listener *listener)
{
	struct match_listener own = *listener;
	hs_error_t answer;

	if (!m->database || text.n == 0)
		return 0;
	answer = hs_scan(m->database, text.p, (unsigned)text.n, 0, s->scratch, on_match, &own);
	MUST(answer == HS_SUCCESS || answer == HS_SCAN_TERMINATED);
	return answer == HS_SCAN_TERMINATED;
}

/* Shapes that Vectorscan is known to lose: mail addresses, negated classes, long repeats behind a literal. */
static const char *const test_patterns[] = {
	"[a-z0-9._-]{1,40}@[a-z0-9-]{2,20}\\.[a-z]{2,6}\\b",
	"\"[^\"\\n]{3,40}\"",
	"key=[^\\s&]{8,20}",
	"\\b(?:xq_|zw_)[A-Za-z0-9]{20}\\b",
	"[0-9]{4}-[0-9]{4}-[0-9]{4}",
};
static const char *const test_texts[] = {
	"some.body@mail-host.example",
	"\"quoted, with signs: %&/\"",
	"key=a8f3kk2mm9",
	"xq_Ab3dEf6hIj9lMn2pQr5t",
	"1234-5678-9012",
};
enum { TEST_PATTERNS = sizeof(test_patterns) / sizeof(*test_patterns), TEST_ROUNDS = 120, TEST_ROOM = 1024 };

static bool note_last(void *whose, unsigned index, size_t end)
{
	size_t *last = whose;

	if (end > last[index])
		last[index] = end;
	return true;
}

/* The same padding on every machine: a small linear congruential generator. */
static void pad(struct buf *text, uint32_t *state)
{
	static const char signs[] = "abcdefghij klmnop,qrstuvwxyz.0123456789 \n;:(){}ABCXYZ_-/ ";

	*state = *state * 1664525u + 1013904223u;
	for (uint32_t n = *state >> 25; n > 0; n--) {
		*state = *state * 1664525u + 1013904223u;
		buf_add_char(text, signs[(*state >> 16) % (sizeof(signs) - 1)]);
	}
}

/* Where the last match of `c` ends in `text`, 0 for none. */
static size_t last_end(const struct confirm *c, struct confirm_scratch *s, struct str text)
{
	struct confirm_found found;
	size_t last = 0, from = 0;

	while (confirm_find(c, s, text, from, &found) == 1 && found.group[0].end > from)
		last = from = found.group[0].end;
	return last;
}

static int self_test_with(struct match *m, struct match_scratch *ms, struct confirm *const *confirms,
			  struct confirm_scratch *cs, struct err *err)
{
	AUTO(buf) text = BUF_INIT(TEST_ROOM);
	uint32_t state = 1;
	size_t lost = 0;

	for (int round = 0; round < TEST_ROUNDS; round++) {
		size_t seen[TEST_PATTERNS] = { 0 };
		const struct match_listener listener = { note_last, seen };

		buf_clear(&text);
		for (int i = 0; i < 3; i++) {
			pad(&text, &state);
			buf_add_char(&text, ' ');
			buf_add(&text, str_of(test_texts[(state >> 20) % TEST_PATTERNS]));
			buf_add_char(&text, '\n');
		}
		match_scan(m, ms, buf_str(&text), &listener);
		for (size_t i = 0; i < TEST_PATTERNS; i++)
			lost += seen[i] < last_end(confirms[i], cs, buf_str(&text));
	}
	if (lost)
		return err_set(
			err, E_FAULT,
			"libhs loses matches on this machine (%zu of the self-test): Vectorscan 5.4.9 does so with AVX-512; "
			"install Hyperscan, or a newer Vectorscan",
			lost);
	return 0;
}

int match_self_test(struct err *err)
{
	AUTO_FREE(confirm_scratch) cs = confirm_scratch_new();
	struct confirm *confirms[TEST_PATTERNS] = { 0 };
	struct match_pattern patterns[TEST_PATTERNS] = { 0 };
	size_t wrong;
	int answer = 0;

	for (size_t i = 0; i < TEST_PATTERNS && answer == 0; i++) {
		patterns[i].text = str_of(test_patterns[i]);
		confirms[i] = confirm_new(patterns[i].text, err);
		answer = confirms[i] ? 0 : E_FAULT;
	}
	if (answer == 0) {
		AUTO_FREE(match) m = match_new(patterns, TEST_PATTERNS, &wrong, err);
		const struct match *const databases[] = { m };
		AUTO_FREE(match_scratch) ms = m ? match_scratch_new(databases, 1, err) : NULL;

		answer = ms ? self_test_with(m, ms, confirms, cs, err) : E_FAULT;
	}
	for (size_t i = 0; i < TEST_PATTERNS; i++)
		confirm_free(confirms[i]);
	return answer;
}
