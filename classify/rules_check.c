/* rules_check.c - do the rules find what they promise to, and does libhs lose nothing? */
#include "base/buf.h"
#include "base/limits.h"
#include "classify/rules_inner.h"

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

/* Is what this rule finds there said better by another? One of the desk's own and a shipped one may know the same. */
static bool is_outdone(const struct rules *r, struct rules_scratch *s, size_t rule, struct str text)
{
	AUTO_FREE(arena) a = arena_new(MIB(4));
	struct assessment out = { 0 };
	struct found found = { .a = a, .text = text, .out = &out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };
	struct span place;

	if (rules_confirm(r, rule, s, text, &place) != 1)
		return false;
	rules_scan(r, s, &found, &parts);
	for (size_t i = 0; i < out.n_hits; i++) {
		const struct rule *other = rules_find(r, out.hits[i].rule);

		if (other && !(other->shipped && r->items[rule].shipped) && out.hits[i].span.start < place.end &&
		    place.start < out.hits[i].span.end)
			return true;
	}
	return false;
}

int rules_check_examples(const struct rules *r, struct err *err)
{
	AUTO_FREE(rules_scratch) s = rules_scratch_new(r, err);

	if (!s)
		return E_FAULT;
	for (size_t i = 0; i < r->n; i++) {
		const struct rule_source *rule = &r->items[i].source;

		for (size_t k = 0; k < rule->examples.n; k++)
			if (!hits(r, s, &r->items[i], rule->examples.items[k].text) &&
			    !is_outdone(r, s, i, rule->examples.items[k].text))
				return yaml_wrong(err, rule->examples.items[k],
						  "%s does not match this example, expected it to", rule->id.text.p);
		for (size_t k = 0; k < rule->counter_examples.n; k++)
			if (hits(r, s, &r->items[i], rule->counter_examples.items[k].text))
				return yaml_wrong(err, rule->counter_examples.items[k],
						  "%s matches this counterexample, expected it not to", rule->id.text.p);
	}
	return 0;
}

/* Words, signs and lines that no rule takes for a part of what it looks for; the same on every machine. */
static void pad(struct buf *b, uint32_t *state)
{
	static const char *const words[] = { "the",  "quick\n", "fox. ", ";",  "(jumps)", "over",
					     "\n\n", "lazy",	"dogs!", "--", "[0]" };

	*state = *state * 1664525u + 1013904223u;
	for (uint32_t n = *state >> 27; n > 0; n--) {
		*state = *state * 1664525u + 1013904223u;
		buf_add(b, str_of(words[(*state >> 16) % 11]));
		buf_add_char(b, ' ');
	}
}

/* Everywhere in the padding, what PCRE2 confirms must be hit, unless a check refuses it: then it was looked at. */
static int prove_example(const struct rules *r, struct rules_scratch *s, size_t rule, struct str example, uint32_t *state,
			 struct err *err)
{
	AUTO(buf) text = BUF_INIT(KIB(256));
	struct span place;

	pad(&text, state);
	buf_add_char(&text, '\n');
	buf_add(&text, example);
	buf_add_char(&text, '\n');
	pad(&text, state);
	if (rules_confirm(r, rule, s, buf_str(&text), &place) == 1 && !hits(r, s, &r->items[rule], buf_str(&text)) &&
	    !is_outdone(r, s, rule, buf_str(&text)))
		return err_set(err, E_FAULT, "%s loses an example (byte %zu of %zu, example of %zu bytes in line %d of %s)",
			       r->items[rule].source.id.text.p, place.start, text.n, example.n, r->items[rule].source.id.line,
			       r->items[rule].source.id.file);
	return 0;
}

int rules_prove(const struct rules *r, unsigned rounds, size_t *tried, struct err *err)
{
	AUTO_FREE(rules_scratch) s = rules_scratch_new(r, err);
	uint32_t state = 7;

	*tried = 0;
	for (size_t i = 0; s && i < r->n; i++) {
		const struct yaml_texts *examples = &r->items[i].source.examples;

		for (size_t k = 0; k < rounds * examples->n; k++, ++*tried)
			if (prove_example(r, s, i, examples->items[k % examples->n].text, &state, err) < 0)
				return E_FAULT;
	}
	return s ? 0 : err->code;
}
