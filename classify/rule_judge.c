/* rule_judge.c - what a confirmed match of a rule is worth: checks, context, and what speaks against */
#include "classify/rules_inner.h"

#include "classify/against.h"

enum { NAME = 60 /* bytes of a variable's name before the match */ };

/* Where words around a match count. */
static struct str around(struct str text, const struct confirm_found *m, int64_t distance)
{
	size_t start = m->group[0].start > (size_t)distance ? m->group[0].start - (size_t)distance : 0;

	return str_slice(text, start, m->group[0].end + (size_t)distance);
}

/* The first of these words in `text`; empty for none. */
static struct str first_of(const struct yaml_texts *words, struct str text)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_find_nocase(text, words->items[i].text) >= 0)
			return words->items[i].text;
	return (struct str){ 0 };
}

/* Does the word stand there, and not as a part of a longer one? */
static bool stands_alone(struct str text, struct str word)
{
	ssize_t at;

	for (; (at = str_find_nocase(text, word)) >= 0; text = str_slice(text, (size_t)at + 1, text.n)) {
		size_t end = (size_t)at + word.n;
		bool before = at > 0 && ascii_is_alnum(text.p[at - 1]);

		if (!before && (end == text.n || !ascii_is_alnum(text.p[end])))
			return true;
	}
	return false;
}

/* As first_of, but "<word>" must stand alone. */
static struct str first_word_of(const struct yaml_texts *words, struct str text)
{
	for (size_t i = 0; i < words->n; i++) {
		struct str written = words->items[i].text, word = rule_word(written);

		if (word.n < written.n ? stands_alone(text, word) : str_find_nocase(text, word) >= 0)
			return word;
	}
	return (struct str){ 0 };
}

static bool is_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* Does the name of the variable, which may begin before the match, say that it holds something else? */
static bool is_named_otherwise(const struct rule_source *s, struct str text, size_t start, struct str secret)
{
	if (s->not_named.n == 0 || s->secret < 0)
		return false;
	for (size_t i = 0; i < NAME && start > 0 && is_name_byte(text.p[start - 1]); i++)
		start--;
	return first_of(&s->not_named, str_slice(text, start, (size_t)(secret.p - text.p))).n > 0;
}

static void say(struct found *f, struct opinion *o, int change, const char *clause)
{
	o->confidence += change;
	o->why = arena_printf(f->a, "%.*s%s %s", STR_ARG(o->why), o->why.n && o->why.p[o->why.n - 1] == ':' ? "" : ",", clause);
}

static bool refuse(struct opinion *o, const char *because)
{
	o->refusal = because;
	return false;
}

static bool is_allowed(const struct rule_source *s, struct str secret)
{
	for (size_t i = 0; i < s->allow.n; i++)
		if (str_eq(s->allow.items[i].text, secret))
			return true;
	return false;
}

static bool pass_checks(const struct rule *rule, struct found *f, struct str secret, struct opinion *o)
{
	static const int changes[] = { [VALID_DOUBT] = -1, [VALID_YES] = 0, [VALID_SURE] = 1 };

	for (size_t i = 0; i < rule->n_checks; i++) {
		enum validity v = rule->checks[i]->check(secret);

		if (v == VALID_NO)
			return refuse(o, "a check digit, a range or an encoding is wrong");
		say(f, o, changes[v], v == VALID_DOUBT ? rule->checks[i]->why_not : rule->checks[i]->why);
	}
	return true;
}

static bool pass_randomness(const struct rules *r, const struct rule_source *s, struct found *f, struct str secret,
			    struct opinion *o)
{
	if (s->entropy > 0 && validate_entropy(secret) < s->entropy)
		return refuse(o, "too few different characters for its length");
	if (s->rarity > 0 && rarity_of(r->rarity, secret) < s->rarity)
		return refuse(o, "it looks like words");
	if (s->entropy > 0 || s->rarity > 0)
		say(f, o, 0, "its characters look random");
	return true;
}

static bool pass_context(const struct rule_source *s, struct found *f, const struct confirm_found *m, struct opinion *o)
{
	struct str near = around(f->text, m, s->distance), against;

	if (s->context.n) {
		bool fits = first_word_of(&s->context, near).n > 0;

		if (!fits && s->needs_context)
			return refuse(o, "no word of its context stands near");
		say(f, o, fits ? 0 : -1, fits ? "words around it fit" : "no word around it fits");
	}
	against = first_word_of(&s->anti_context, near);
	if (against.n) {
		say(f, o, -1, "but near it stands");
		o->why = arena_printf(f->a, "%.*s \"%.*s\"", STR_ARG(o->why), STR_ARG(against));
	}
	return true;
}

/* What stands around it takes from its weight, and is named; the hit stays. */
static void weigh_surroundings(const struct rule_source *s, struct found *f, const struct confirm_found *m, struct opinion *o)
{
	const char *clause = against_secret(f->text, m->group[0].start, m->group[s->secret].start, m->group[s->secret].end,
					    s->generic);

	if (!clause)
		return;
	say(f, o, 0, clause);
	o->share *= 0.4;
}

bool rule_judge(const struct rules *r, const struct rule *rule, struct found *f, const struct confirm_found *m,
		struct opinion *o)
{
	const struct rule_source *s = &rule->source;
	size_t group = s->secret < 0 ? 0 : (size_t)s->secret;
	struct str secret = str_slice(f->text, m->group[group].start, m->group[group].end);

	*o = (struct opinion){ .confidence = s->confidence, .share = 1, .why = arena_printf(f->a, "%s:", s->title.text.p) };
	if (s->secret >= 0 && validate_template(secret))
		return refuse(o, "it only says where a secret goes");
	if (is_named_otherwise(s, f->text, m->group[0].start, secret))
		return refuse(o, "its name says that it is something else");
	if (is_allowed(s, secret))
		return refuse(o, "it is on the rule's list of values that are allowed");
	if (!pass_checks(rule, f, secret, o) || !pass_randomness(r, s, f, secret, o) || !pass_context(s, f, m, o))
		return false;
	o->example = first_of(&s->stop, secret).n || (s->secret >= 0 && validate_example(secret));
	if (o->example) {
		say(f, o, -2, "but it looks like an example");
		o->share = 0.2;
	} else if (s->secret >= 0 && validate_sequence(secret)) {
		say(f, o, -1, "but its characters count up as in one made up");
		o->share = 0.5;
	}
	if (s->secret >= 0)
		weigh_surroundings(s, f, m, o);
	if (o->why.p[o->why.n - 1] == ':')
		say(f, o, 0, "its form is unmistakable");
	return true;
}

enum confidence opinion_confidence(const struct opinion *o)
{
	return o->confidence < 0 ? CONFIDENCE_LOW : o->confidence > 2 ? CONFIDENCE_HIGH : (enum confidence)o->confidence;
}
