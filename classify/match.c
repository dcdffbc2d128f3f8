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

struct match {
	hs_database_t *database; /* NULL when there is no pattern */
};

struct match_scratch {
	hs_scratch_t *scratch;
};

static bool is_word_byte(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* A word as an expression: each byte by its number. */
static const char *expression(const struct match_pattern *p, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(KIB(16));
	struct str text = p->text;
	bool alone = text.n > 2 && text.p[0] == '<' && text.p[text.n - 1] == '>';

	if (p->kind != MATCH_WORD)
		return p->text.p;
	if (alone) /* of Latin letters only: others are not known to libhs as such */
		text = str_slice(text, 1, text.n - 1);
	if (alone && is_word_byte(text.p[0]))
		buf_add(&out, STR("\\b"));
	for (size_t i = 0; i < text.n; i++)
		buf_printf(&out, "\\x%02x", (unsigned char)text.p[i]);
	if (alone && is_word_byte(text.p[text.n - 1]))
		buf_add(&out, STR("\\b"));
	return arena_copy(a, buf_str(&out)).p;
}

static hs_error_t compile(const struct match_pattern *patterns, size_t n, hs_database_t **database, hs_compile_error_t **error)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	const char **texts = arena_alloc(a, n * sizeof(*texts));
	size_t *lengths = arena_alloc(a, n * sizeof(*lengths));
	unsigned *flags = arena_alloc(a, n * sizeof(*flags));
	unsigned *ids = arena_alloc(a, n * sizeof(*ids));

	for (size_t i = 0; i < n; i++) {
		texts[i] = expression(&patterns[i], a);
		lengths[i] = patterns[i].text.n;
		flags[i] = patterns[i].kind == MATCH_WORD ? HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH : 0;
		ids[i] = (unsigned)i;
	}
	if (patterns[0].kind == MATCH_EXACT)
		return hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n, HS_MODE_BLOCK, NULL, database, error);
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

struct str match_machine(struct arena *a)
{
	hs_platform_info_t machine = { 0 };

	hs_populate_platform(&machine);
	return arena_printf(a, "libhs %s, tune %u, features %llx", hs_version(), machine.tune, machine.cpu_features);
}

struct str match_freeze(const struct match *m, struct arena *a)
{
	struct str kept = { 0 };
	char *bytes;
	size_t n;

	if (!m->database || hs_serialize_database(m->database, &bytes, &n) != HS_SUCCESS)
		return kept;
	kept = arena_copy(a, (struct str){ bytes, n });
	free(bytes);
	return kept;
}

struct match *match_thaw(struct str bytes)
{
	struct match *m = must_alloc(1, sizeof(*m));

	if (hs_deserialize_database(bytes.p, bytes.n, &m->database) == HS_SUCCESS)
		return m;
	free(m);
	return NULL;
}
