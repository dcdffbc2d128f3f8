/* rules.c - rule packs: read, compiled into one database, checked by their examples */
#include "classify/rules_inner.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "classify/match_cache.h"

enum { PACK = 1024 * 1024 /* bytes of one pack */ };

void rules_free(struct rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		rule_release(&r->items[i]);
	match_free(r->match);
	rarity_free(r->rarity);
	arena_free(r->arena);
	free(r);
}

size_t rules_count(const struct rules *r)
{
	return r->n;
}

const struct rule *rules_at(const struct rules *r, size_t i)
{
	return &r->items[i];
}

const struct rule *rules_find(const struct rules *r, struct str id)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->items[i].source.id.text, id))
			return &r->items[i];
	return NULL;
}

const struct classifier_packs *rules_packs(const struct rules *r)
{
	return &r->files;
}

const unsigned char *rules_digest(const struct rules *r)
{
	return r->digest;
}

/* The rule of this id, which the new one may replace when only the other is shipped. */
static int place_of(struct rules *r, const struct rule *rule, size_t *place, struct err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		if (!str_eq(r->items[i].source.id.text, rule->source.id.text))
			continue;
		if (r->items[i].shipped == rule->shipped)
			return yaml_wrong(err, rule->source.id, "the rule %.80s is there twice, expected once (first in %s:%d)",
					  rule->source.id.text.p, r->items[i].source.id.file, r->items[i].source.id.line);
		*place = i;
		return 0;
	}
	*place = r->n;
	return 0;
}

static int add_rule(struct rules *r, const struct yaml *y, bool shipped, struct confirm_scratch *scratch, struct err *err)
{
	struct rule rule;
	size_t place = 0;
	int answer = rule_read(&rule, y, shipped, scratch, r->arena, err);

	if (answer >= 0)
		answer = place_of(r, &rule, &place, err);
	if (answer >= 0 && r->n >= LIMIT_RULES)
		answer = yaml_wrong(err, rule.source.id, "too many rules, expected at most %d", LIMIT_RULES);
	if (answer < 0) {
		rule_release(&rule);
		return answer;
	}
	if (place == r->n)
		arena_push(r->arena, &r->items, &r->n, sizeof(rule));
	rule_release(&r->items[place]);
	r->items[place] = rule;
	return 0;
}

struct pack {
	const struct yaml *rules;
};

static const struct yaml_field pack_fields[] = {
	{ "rules", YAML_LIST, offsetof(struct pack, rules), true },
	{ 0 },
};

static void note_pack(struct rules *r, struct str yaml, const char *file, bool shipped)
{
	struct rule_pack *pack = arena_push(r->arena, &r->packs, &r->n_packs, sizeof(*pack));

	*pack = (struct rule_pack){ file, yaml, shipped };
	packs_note(&r->files, r->arena, "rules", file, yaml);
}

/*
 * A shipped pack without the texts that only prove its rules, which are half of it. Shipped packs are indented alike; a test
 * holds that nothing else is lost.
 */
static struct str without_proofs(struct arena *a, struct str yaml)
{
	char *lean = arena_alloc(a, yaml.n + 1);
	struct str line;
	bool proof = false;
	size_t n = 0;

	while (str_split(&yaml, '\n', &line)) {
		if (str_starts(line, STR("    examples:")) || str_starts(line, STR("    counter_examples:")))
			proof = true;
		else if (line.n > 4 && (line.p[0] != ' ' || line.p[2] != ' ' || line.p[4] != ' ') && line.p[0] != '\t')
			proof = false;
		if (!proof) {
			memcpy(lean + n, line.p, line.n);
			n += line.n;
		}
		lean[n++] = '\n'; /* so that lines keep their numbers */
	}
	return (struct str){ lean, n };
}

static int read_pack(struct rules *r, const struct rule_pack *pack, bool lean, struct err *err)
{
	struct pack read = { 0 };
	struct str text = lean && pack->shipped ? without_proofs(r->arena, pack->content) : pack->content;
	const struct yaml *y = yaml_parse(r->arena, text, pack->file, err);
	AUTO_FREE(confirm_scratch) scratch = confirm_scratch_new();

	if (!y || yaml_read(y, pack_fields, &read, r->arena, err) < 0)
		return E_USAGE;
	for (size_t i = 0; i < yaml_count(read.rules); i++)
		if (add_rule(r, yaml_item(read.rules, i), pack->shipped, scratch, err) < 0)
			return E_USAGE;
	return 0;
}

static int note_folder(struct rules *r, const char *folder, struct err *err)
{
	AUTO(buf) names = BUF_INIT(PACK);
	int answer = file_names(folder, &names, err);
	struct str rest = buf_str(&names), name;

	while (answer >= 0 && str_split(&rest, '\0', &name)) {
		AUTO(buf) content = BUF_INIT(PACK);
		struct str path = arena_printf(r->arena, "%s/%.*s", folder, STR_ARG(name));

		if (!str_ends(name, STR(".yaml")))
			continue;
		answer = file_read(path.p, &content, err);
		if (answer >= 0)
			note_pack(r, arena_copy(r->arena, buf_str(&content)), path.p, false);
	}
	return answer;
}

/* The place of a keyword, which may be new. */
static uint32_t keyword_place(struct rules *r, struct str word)
{
	for (size_t i = 0; i < r->n_keywords; i++)
		if (str_eq_nocase(r->keywords[i], word))
			return (uint32_t)i;
	*(struct str *)arena_push(r->arena, &r->keywords, &r->n_keywords, sizeof(word)) = word;
	return (uint32_t)r->n_keywords - 1;
}

/* A rule that needs a word of its context in reach need not be tried where none stands in the whole text. */
static void add_gates(struct rules *r, size_t i)
{
	const struct rule_source *s = &r->items[i].source;
	const struct yaml_texts *words = s->keywords.n	    ? &s->keywords
					 : s->needs_context ? &s->context
							    : &(struct yaml_texts){ 0 };

	for (size_t k = 0; k < words->n; k++)
		*(uint32_t *)arena_push(r->arena, &r->gates[i].items, &r->gates[i].n,
					sizeof(uint32_t)) = keyword_place(r, words->items[k].text);
}

static void sort_anchors(struct rules *r)
{
	r->gates = arena_alloc(r->arena, (r->n + 1) * sizeof(*r->gates));
	memset(r->gates, 0, (r->n + 1) * sizeof(*r->gates));
	for (size_t i = 0; i < r->n; i++) {
		const struct rule *rule = &r->items[i];
		uint32_t *place;

		add_gates(r, i);
		if (rule->source.run.text.p) {
			place = arena_push(r->arena, &r->by_run[rule->run.kind].items, &r->by_run[rule->run.kind].n,
					   sizeof(*place));
		} else {
			place = arena_push(r->arena, &r->patterns, &r->n_patterns, sizeof(*place));
		}
		*place = (uint32_t)i;
	}
}

static int compile_database(struct rules *r, const char *cache, struct err *err)
{
	struct match_pattern *all;
	struct err cause = { 0 };
	size_t wrong;

	sort_anchors(r);
	all = must_alloc(r->n_patterns + r->n_keywords, sizeof(*all));
	for (size_t i = 0; i < r->n_patterns; i++)
		all[i] = (struct match_pattern){ .text = r->items[r->patterns[i]].source.pattern.text };
	for (size_t i = 0; i < r->n_keywords; i++)
		all[r->n_patterns + i] = (struct match_pattern){ .text = r->keywords[i], .kind = MATCH_WORD };
	r->match = match_cached(cache, all, r->n_patterns + r->n_keywords, &wrong, &cause);
	free(all);
	if (r->match)
		return 0;
	if (wrong < r->n_patterns)
		return yaml_wrong(err, r->items[r->patterns[wrong]].source.pattern,
				  "libhs cannot take the pattern of %s (%.200s), expected one without look-around and back "
				  "references; put those into `confirm`",
				  r->items[r->patterns[wrong]].source.id.text.p, cause.text);
	return err_set(err, cause.code, "the rules do not compile: %.200s", cause.text);
}

static struct rules *rules_empty(void)
{
	struct rules *r = must_alloc(1, sizeof(*r));

	r->arena = arena_new(MIB(64));
	r->rarity = rarity_new();
	return r;
}

/* Read, compile and prove. What this program proved before, and noted in `cache`, is read without its proofs. */
static int make(struct rules *r, const char *cache, struct err *err)
{
	const struct str digest = { (const char *)r->digest, DIGEST_BYTES };
	struct str *contents = arena_alloc(r->arena, r->n_packs * sizeof(*contents));
	bool proved;

	for (size_t i = 0; i < r->n_packs; i++)
		contents[i] = r->packs[i].content;
	digest_pieces(contents, r->n_packs, r->digest);
	proved = match_cache_knows(cache, digest);
	for (size_t i = 0; i < r->n_packs; i++)
		if (read_pack(r, &r->packs[i], proved, err) < 0)
			return E_USAGE;
	if (compile_database(r, cache, err) < 0)
		return err->code;
	if (proved)
		return 0;
	if (rules_check_examples(r, err) < 0)
		return err->code;
	match_cache_note(cache, digest);
	return 0;
}

struct rules *rules_from_text(struct str yaml, const char *file, struct err *err)
{
	struct rules *r = rules_empty();

	note_pack(r, arena_copy(r->arena, yaml), file, true);
	if (make(r, NULL, err) >= 0)
		return r;
	rules_free(r);
	return NULL;
}

struct rules *rules_new(const char *folder, const char *cache, struct err *err)
{
	struct rules *r = rules_empty();
	const struct embed *pack;

	for (size_t i = 0; (pack = embed_below("classify/rules/", i)); i++)
		note_pack(r, pack->content, pack->path, true);
	if ((!folder || note_folder(r, folder, err) >= 0) && make(r, cache, err) >= 0)
		return r;
	rules_free(r);
	return NULL;
}
