/* rules.c - rule packs: read, compile, check, scan */
#include "classify/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "classify/validate.h"

enum {
	WINDOW = 1024,	   /* bytes before the end of a match in which its beginning is looked for */
	TAIL = 8192,	   /* bytes behind it that a greedy pattern may still take: a private key of 8 kbit */
	NAME = 60,	   /* bytes of a variable's name before the match */
	CONTEXT = 200,	   /* bytes around a match in which context words count */
	MOST_CHECKS = 4,   /* validators of one rule */
	MOST_LOW = 3,	   /* hits of low confidence that weigh: a long list of doubtful ones stays doubtful */
	FRUITLESS = 2000,  /* confirmations of one rule in one text that may fail before it is given up */
	PACK = 256 * 1024, /* bytes of one pack */
};

/* As the pack has it. */
struct source {
	struct yaml_text id, label, pattern, scan, part; /* scan: what libhs looks for, when that is cheaper */
	struct yaml_texts validators, stop, not_named, context, examples, counterexamples;
	int confidence, category;
	int64_t secret, window;
	double weight, entropy;
	bool needs_context, generic, quiet;
};

static const char *const confidences[] = { "low", "medium", "high", NULL };
static const char *const categories[] = { "leak", "dox", "none", NULL };

static const struct yaml_field fields[] = {
	{ "id", YAML_TEXT, offsetof(struct source, id), true },
	{ "label", YAML_TEXT, offsetof(struct source, label), true },
	{ "pattern", YAML_TEXT, offsetof(struct source, pattern), true },
	{ "scan", YAML_TEXT, offsetof(struct source, scan) },
	{ "confidence", YAML_CHOICE, offsetof(struct source, confidence), true, .choices = confidences },
	{ "category", YAML_CHOICE, offsetof(struct source, category), .choices = categories },
	{ "weight", YAML_REAL, offsetof(struct source, weight), .least = 0, .most = 1 },
	{ "secret", YAML_INT, offsetof(struct source, secret), .least = -1, .most = CONFIRM_GROUPS - 1 },
	{ "window", YAML_INT, offsetof(struct source, window), .least = 16, .most = 65536 },
	{ "validators", YAML_TEXTS, offsetof(struct source, validators) },
	{ "entropy", YAML_REAL, offsetof(struct source, entropy), .least = 0, .most = 8 },
	{ "stop", YAML_TEXTS, offsetof(struct source, stop) },
	{ "not_named", YAML_TEXTS, offsetof(struct source, not_named) },
	{ "context", YAML_TEXTS, offsetof(struct source, context) },
	{ "needs_context", YAML_BOOL, offsetof(struct source, needs_context) },
	{ "generic", YAML_BOOL, offsetof(struct source, generic) },
	{ "part", YAML_TEXT, offsetof(struct source, part) },
	{ "examples", YAML_TEXTS, offsetof(struct source, examples), true },
	{ "counterexamples", YAML_TEXTS, offsetof(struct source, counterexamples) },
	{ 0 },
};

struct rule {
	struct source source;
	bool shipped;
	struct confirm *confirm;
	const struct validator *checks[MOST_CHECKS];
	size_t n_checks;
};

struct rules {
	struct arena *arena;
	struct rule *items;
	size_t n;
	struct match *match;
	struct str *packs; /* contents, for the digest */
	size_t n_packs;
	struct classifier_packs files;
	unsigned char digest[DIGEST_BYTES];
};

/* How far a rule has come in the text at hand. */
struct progress {
	uint32_t text; /* number of the text that the rest speaks of */
	uint32_t fruitless;
	size_t done; /* what ends at or before this was confirmed */
};

struct rules_scratch {
	struct match_scratch *match;
	struct confirm_scratch *confirm;
	struct progress *progress;
	uint32_t text;
};

struct pending {
	const struct source *source;
	double weight;
	bool low;
};

/* A scan under way. */
struct scanning {
	const struct rules *r;
	struct rules_scratch *s;
	struct found *found;
	struct rule_parts *parts;
	size_t matches;
	/* Of each hit kept: its rule and what it weighs, until it is known whether a better rule speaks of the same place. */
	struct pending *pending;
	size_t n_pending;
};

void rules_free(struct rules *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		confirm_free(r->items[i].confirm);
	match_free(r->match);
	arena_free(r->arena);
	free(r);
}

size_t rules_count(const struct rules *r)
{
	return r->n;
}

struct rule_view rules_view(const struct rules *r, size_t i)
{
	const struct source *s = &r->items[i].source;

	return (struct rule_view){
		.id = s->id.text,
		.label = s->label.text,
		.pattern = s->pattern.text,
		.confidence = (enum confidence)s->confidence,
		.examples = s->examples,
		.counterexamples = s->counterexamples,
	};
}

const struct match *rules_match(const struct rules *r)
{
	return r->match;
}

const struct classifier_packs *rules_packs(const struct rules *r)
{
	return &r->files;
}

const unsigned char *rules_digest(const struct rules *r)
{
	return r->digest;
}

static int find_checks(struct rule *rule, struct err *err)
{
	const struct yaml_texts *names = &rule->source.validators;

	for (size_t i = 0; i < names->n; i++) {
		const struct validator *v = validator_find(names->items[i].text);

		if (!v)
			return yaml_wrong(err, names->items[i], "there is no validator \"%.60s\", expected one of: %s",
					  names->items[i].text.p, validator_names());
		if (rule->n_checks == MOST_CHECKS)
			return yaml_wrong(err, names->items[i], "too many validators, expected at most %d", MOST_CHECKS);
		rule->checks[rule->n_checks++] = v;
	}
	return 0;
}

static int compile_rule(struct rule *rule, struct err *err)
{
	const struct source *s = &rule->source;
	AUTO_FREE(confirm_scratch) scratch = confirm_scratch_new();
	struct confirm_found found;
	struct err cause = { 0 };

	if (s->pattern.text.n > LIMIT_PATTERN)
		return yaml_wrong(err, s->pattern, "the pattern of %s is too long, expected at most %zu bytes", s->id.text.p,
				  LIMIT_PATTERN);
	rule->confirm = confirm_new(s->pattern.text, &cause);
	if (!rule->confirm)
		return yaml_wrong(err, s->pattern, "the pattern of %s is wrong (%.200s), expected a regular expression",
				  s->id.text.p, cause.text);
	if (confirm_find(rule->confirm, scratch, STR(""), 0, &found) == 1)
		return yaml_wrong(err, s->pattern, "the pattern of %s matches the empty text, expected it to need something",
				  s->id.text.p);
	if (s->secret > (int64_t)confirm_groups(rule->confirm))
		return yaml_wrong(err, s->pattern, "the pattern of %s has no group %lld, expected the one that `secret` names",
				  s->id.text.p, (long long)s->secret);
	return find_checks(rule, err);
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

static int add_rule(struct rules *r, const struct yaml *y, bool shipped, struct err *err)
{
	struct rule rule = { .shipped = shipped, .source = { .weight = 1, .window = WINDOW } };
	size_t place = 0;
	int answer = yaml_read(y, fields, &rule.source, r->arena, err);

	if (answer >= 0)
		answer = place_of(r, &rule, &place, err);
	if (answer >= 0 && r->n >= LIMIT_RULES)
		answer = yaml_wrong(err, rule.source.id, "too many rules, expected at most %d", LIMIT_RULES);
	if (answer >= 0)
		answer = compile_rule(&rule, err);
	if (answer < 0) {
		confirm_free(rule.confirm);
		return answer;
	}
	if (place == r->n)
		arena_push(r->arena, &r->items, &r->n, sizeof(rule));
	confirm_free(r->items[place].confirm);
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

static int add_pack(struct rules *r, struct str yaml, const char *file, bool shipped, struct err *err)
{
	struct pack pack = { 0 };
	const struct yaml *y = yaml_parse(r->arena, yaml, file, err);
	struct str *kept = arena_push(r->arena, &r->packs, &r->n_packs, sizeof(*kept));

	*kept = arena_copy(r->arena, yaml);
	packs_note(&r->files, r->arena, "rules", file, yaml);
	if (!y || yaml_read(y, pack_fields, &pack, r->arena, err) < 0)
		return E_USAGE;
	for (size_t i = 0; i < yaml_count(pack.rules); i++)
		if (add_rule(r, yaml_item(pack.rules, i), shipped, err) < 0)
			return E_USAGE;
	return 0;
}

static int add_folder(struct rules *r, const char *folder, struct err *err)
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
			answer = add_pack(r, buf_str(&content), path.p, false, err);
	}
	return answer;
}

static struct yaml_text scan_of(const struct source *s)
{
	return s->scan.text.p ? s->scan : s->pattern;
}

static int compile_database(struct rules *r, struct err *err)
{
	struct str *patterns = must_alloc(r->n, sizeof(*patterns));
	struct err cause = { 0 };
	size_t wrong;

	for (size_t i = 0; i < r->n; i++)
		patterns[i] = scan_of(&r->items[i].source).text;
	r->match = match_new(patterns, r->n, MATCH_PATTERNS, &wrong, &cause);
	free(patterns);
	if (r->match)
		return 0;
	if (wrong < r->n)
		return yaml_wrong(err, scan_of(&r->items[wrong].source),
				  "libhs cannot take the pattern of %s (%.200s), expected one without look-around and back "
				  "references",
				  r->items[wrong].source.id.text.p, cause.text);
	return err_set(err, cause.code, "the rules do not compile: %.200s", cause.text);
}

struct rules_scratch *rules_scratch_new(const struct rules *r, struct err *err)
{
	struct rules_scratch *s = must_alloc(1, sizeof(*s));
	const struct match *const databases[] = { r->match };

	s->progress = must_alloc(r->n, sizeof(*s->progress));
	s->confirm = confirm_scratch_new();
	s->match = match_scratch_new(databases, 1, err);
	if (s->match)
		return s;
	rules_scratch_free(s);
	return NULL;
}

void rules_scratch_free(struct rules_scratch *s)
{
	if (!s)
		return;
	match_scratch_free(s->match);
	confirm_scratch_free(s->confirm);
	free(s->progress);
	free(s);
}

static bool is_near(struct str text, const struct confirm_found *m, const struct yaml_texts *words)
{
	size_t start = m->group[0].start > CONTEXT ? m->group[0].start - CONTEXT : 0;
	struct str around = str_slice(text, start, m->group[0].end + CONTEXT);

	for (size_t i = 0; i < words->n; i++)
		if (str_find_nocase(around, words->items[i].text) >= 0)
			return true;
	return false;
}

static bool is_stopped(const struct source *s, struct str secret)
{
	for (size_t i = 0; i < s->stop.n; i++)
		if (str_find_nocase(secret, s->stop.items[i].text) >= 0)
			return true;
	return false;
}

static bool is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Does the name of the variable, which may begin before the match, say that it holds something else? */
static bool is_named_otherwise(const struct source *s, struct str text, size_t start, struct str secret)
{
	struct str name;

	if (s->not_named.n == 0)
		return false;
	for (size_t i = 0; i < NAME && start > 0 && is_name_byte(text.p[start - 1]); i++)
		start--;
	name = str_slice(text, start, (size_t)(secret.p - text.p));
	for (size_t i = 0; i < s->not_named.n; i++)
		if (str_find_nocase(name, s->not_named.items[i].text) >= 0)
			return true;
	return false;
}

/* What is said of a match: its confidence, and why, clause by clause. */
struct opinion {
	int confidence;
	bool example;
	struct str why;
};

static void say(struct found *f, struct opinion *o, int change, const char *clause)
{
	o->confidence += change;
	o->why = arena_printf(f->a, "%.*s%s %s", STR_ARG(o->why), o->why.n && o->why.p[o->why.n - 1] == ':' ? "" : ",", clause);
}

/* False when the match is no hit at all. */
static bool validate(const struct rule *rule, struct found *f, const struct confirm_found *m, struct opinion *o)
{
	const struct source *s = &rule->source;
	size_t group = s->secret < 0 ? 0 : (size_t)s->secret;
	struct str secret = str_slice(f->text, m->group[group].start, m->group[group].end);

	if (s->secret >= 0 && (validate_template(secret) || is_named_otherwise(s, f->text, m->group[0].start, secret)))
		return false;
	for (size_t i = 0; i < rule->n_checks; i++) {
		enum validity v = rule->checks[i]->check(secret);

		if (v == VALID_NO)
			return false;
		say(f, o,
		    v == VALID_SURE    ? 1
		    : v == VALID_DOUBT ? -1
				       : 0,
		    v == VALID_DOUBT ? rule->checks[i]->why_not : rule->checks[i]->why);
	}
	if (s->entropy > 0) {
		if (validate_entropy(secret) < s->entropy)
			return false;
		say(f, o, 0, "its characters look random");
	}
	if (s->context.n) {
		bool near = is_near(f->text, m, &s->context);

		if (!near && s->needs_context)
			return false;
		say(f, o, near || s->needs_context ? 0 : -1, near ? "words around it fit" : "no word around it fits");
	}
	o->example = is_stopped(s, secret) || (s->secret >= 0 && validate_placeholder(secret));
	if (o->example)
		say(f, o, -2, "but it looks like an example");
	return true;
}

static struct hit hit_of(const struct rule *rule, struct found *f, const struct confirm_found *m, const struct opinion *o)
{
	const struct source *s = &rule->source;
	struct hit hit = {
		.rule = s->id.text,
		.label = s->label.text,
		.span = { 0, m->group[0].start, m->group[0].end },
		.why = o->why,
	};

	if (s->secret >= 0)
		hit.secret = (struct span){ 0, m->group[s->secret].start, m->group[s->secret].end };
	hit.confidence = o->confidence < 0   ? CONFIDENCE_LOW
			 : o->confidence > 2 ? CONFIDENCE_HIGH
					     : (enum confidence)o->confidence;
	hit.masked = found_sample(f, hit.span, hit.secret);
	return hit;
}

/* Patterns see bytes: widen the ends to whole characters. */
static void whole_characters(struct str text, struct confirm_found *m)
{
	for (int i = 0; i < CONFIRM_GROUPS; i++) {
		while (m->group[i].start > 0 && (text.p[m->group[i].start] & 0xc0) == 0x80 && m->group[i].start < text.n)
			m->group[i].start--;
		while (m->group[i].end < text.n && (text.p[m->group[i].end] & 0xc0) == 0x80 && m->group[i].end > 0)
			m->group[i].end++;
	}
}

static void weigh(struct found *f, const struct source *s, double weight)
{
	if (s->category < 2)
		found_weigh(f, s->category == 0 ? CATEGORY_LEAK : CATEGORY_DOX, weight);
}

static void keep(struct scanning *scan, const struct source *s, const struct hit *hit, double weight)
{
	size_t before = scan->found->out->n_hits;
	struct pending *p;

	found_hit(scan->found, hit);
	if (scan->found->out->n_hits == before) {
		weigh(scan->found, s, weight);
		return;
	}
	p = arena_push(scan->found->a, &scan->pending, &scan->n_pending, sizeof(*p));
	*p = (struct pending){ s, weight, hit->confidence == CONFIDENCE_LOW };
}

/* Does a rule that is not generic speak of the same place? */
static bool is_outdone(const struct scanning *scan, const struct hit *hits, size_t index)
{
	for (size_t i = 0; scan->pending[index].source->generic && i < scan->n_pending; i++)
		if (!scan->pending[i].source->generic && hits[i].span.start < hits[index].span.end &&
		    hits[index].span.start < hits[i].span.end)
			return true;
	return false;
}

/* Drop what generic rules say where a better one speaks, and weigh the rest. LIMIT_HITS bounds the pairs. */
static void settle(struct scanning *scan)
{
	struct assessment *out = scan->found->out;
	struct hit *kept;
	size_t n = 0, low = 0;

	if (scan->n_pending == 0)
		return;
	kept = arena_alloc(scan->found->a, scan->n_pending * sizeof(*kept));
	for (size_t i = 0; i < scan->n_pending; i++) {
		if (is_outdone(scan, out->hits, i))
			continue;
		if (!scan->pending[i].low || ++low <= MOST_LOW)
			weigh(scan->found, scan->pending[i].source, scan->pending[i].weight);
		kept[n++] = out->hits[i];
	}
	memcpy(out->hits, kept, n * sizeof(*kept));
	out->n_hits = n;
}

static void confirmed(struct scanning *scan, size_t index, struct confirm_found *m)
{
	const struct rule *rule = &scan->r->items[index];
	const struct source *s = &rule->source;
	struct opinion o = { .confidence = s->confidence };
	struct hit hit;

	whole_characters(scan->found->text, m);
	o.why = arena_printf(scan->found->a, "%s:", s->label.text.p);
	if (!validate(rule, scan->found, m, &o))
		return;
	if (o.why.p[o.why.n - 1] == ':')
		say(scan->found, &o, 0, "its form is unmistakable");
	hit = hit_of(rule, scan->found, m, &o);
	keep(scan, s, &hit, s->weight * found_weight_of(hit.confidence) * (o.example ? 0.2 : 1));
	if (s->part.text.n && !o.example) {
		struct rule_part *part = arena_push(scan->found->a, &scan->parts->items, &scan->parts->n, sizeof(*part));

		*part = (struct rule_part){ s->part.text, hit.span };
	}
}

/* libhs says that something of this rule ends at `end`: find where it begins, and what else ends up to there. */
static bool on_end(void *whose, unsigned index, size_t end)
{
	struct scanning *scan = whose;
	struct progress *p = &scan->s->progress[index];
	const struct rule *rule = &scan->r->items[index];
	struct str text = scan->found->text;
	size_t window = (size_t)rule->source.window, from;
	struct confirm_found m;

	if (p->text != scan->s->text)
		*p = (struct progress){ .text = scan->s->text };
	if (end <= p->done || p->fruitless > FRUITLESS)
		return true;
	if (++scan->matches > LIMIT_MATCHES)
		return false;
	from = end > window ? end - window : 0;
	if (from < p->done)
		from = p->done;
	text = str_slice(text, 0, end + TAIL);
	while (p->done < end && confirm_find(rule->confirm, scan->s->confirm, text, from, &m) == 1) {
		size_t stop = m.group[0].end;

		if (m.group[0].start >= end)
			break; /* a later match: libhs will tell of it */
		p->done = from = stop;
		confirmed(scan, index, &m);
	}
	p->fruitless += p->done < end;
	return true;
}

void rules_scan(const struct rules *r, struct rules_scratch *s, struct found *found, struct rule_parts *parts)
{
	struct scanning scan = { .r = r, .s = s, .found = found, .parts = parts };
	const struct match_listener listener = { on_end, &scan };

	s->text++;
	if (match_scan(r->match, s->match, found->text, &listener))
		found_reason(found,
			     arena_printf(found->a, "more than %d matches: the rest of the text was not searched for patterns",
					  LIMIT_MATCHES));
	settle(&scan);
}

int rules_confirm(const struct rules *r, size_t i, struct rules_scratch *s, struct str text, struct span *out)
{
	struct confirm_found m;

	if (confirm_find(r->items[i].confirm, s->confirm, text, 0, &m) != 1)
		return 0;
	*out = (struct span){ 0, m.group[0].start, m.group[0].end };
	return 1;
}

/* Does this rule hit this text? */
static bool hits(const struct rules *r, struct rules_scratch *s, const struct rule *rule, struct str text)
{
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct assessment out = { 0 };
	struct found found = { .a = a, .text = text, .out = &out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };

	rules_scan(r, s, &found, &parts);
	for (size_t i = 0; i < out.n_hits; i++)
		if (str_eq(out.hits[i].rule, rule->source.id.text))
			return true;
	return false;
}

static int check_examples(const struct rules *r, struct err *err)
{
	AUTO_FREE(rules_scratch) s = rules_scratch_new(r, err);

	if (!s)
		return E_FAULT;
	for (size_t i = 0; i < r->n; i++) {
		const struct source *rule = &r->items[i].source;

		for (size_t k = 0; k < rule->examples.n; k++)
			if (!hits(r, s, &r->items[i], rule->examples.items[k].text))
				return yaml_wrong(err, rule->examples.items[k],
						  "%s does not match this example, expected it to", rule->id.text.p);
		for (size_t k = 0; k < rule->counterexamples.n; k++)
			if (hits(r, s, &r->items[i], rule->counterexamples.items[k].text))
				return yaml_wrong(err, rule->counterexamples.items[k],
						  "%s matches this counterexample, expected it not to", rule->id.text.p);
	}
	return 0;
}

static struct rules *rules_empty(void)
{
	struct rules *r = must_alloc(1, sizeof(*r));

	r->arena = arena_new(MIB(64));
	return r;
}

static int finish(struct rules *r, struct err *err)
{
	int answer = compile_database(r, err);

	digest_pieces(r->packs, r->n_packs, r->digest);
	return answer < 0 ? answer : check_examples(r, err);
}

struct rules *rules_from_text(struct str yaml, const char *file, struct err *err)
{
	struct rules *r = rules_empty();

	if (add_pack(r, yaml, file, true, err) >= 0 && finish(r, err) >= 0)
		return r;
	rules_free(r);
	return NULL;
}

struct rules *rules_new(const char *folder, struct err *err)
{
	struct rules *r = rules_empty();
	const struct embed *pack;
	int answer = 0;

	for (size_t i = 0; answer >= 0 && (pack = embed_below("classify/rules/", i)); i++)
		answer = add_pack(r, pack->content, pack->path, true, err);
	if (answer >= 0 && folder)
		answer = add_folder(r, folder, err);
	if (answer >= 0 && finish(r, err) >= 0)
		return r;
	rules_free(r);
	return NULL;
}
