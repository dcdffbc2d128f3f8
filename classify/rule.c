/* rule.c - one rule of a pack, read and compiled */
#include "classify/rule.h"

#include "base/limits.h"

enum {
	WINDOW = 1024, /* bytes before the end of a match in which its beginning is looked for */
	REACH = 8192,  /* bytes behind it that a greedy pattern may still take: a private key of 8 kbit */
	NEAR = 200,    /* bytes around a match in which context words count */
};

static const char *const confidences[] = { "low", "medium", "high", NULL };
static const char *const gravities[] = { "info", "low", "medium", "high", NULL };
static const char *const categories[] = { "leak", "dox", "none", NULL };

#define PLACE(member) offsetof(struct rule_source, member)

static const struct yaml_field fields[] = {
	{ "id", YAML_TEXT, PLACE(id), true },
	{ "title", YAML_TEXT, PLACE(title), true },
	{ "family", YAML_TEXT, PLACE(family) },
	{ "label", YAML_TEXT, PLACE(label) },
	{ "pattern", YAML_TEXT, PLACE(pattern) },
	{ "run", YAML_TEXT, PLACE(run) },
	{ "confirm", YAML_TEXT, PLACE(confirm) },
	{ "secret", YAML_INT, PLACE(secret), .least = -1, .most = CONFIRM_GROUPS - 1 },
	{ "window", YAML_INT, PLACE(window), .least = 16, .most = 65536 },
	{ "reach", YAML_INT, PLACE(reach), .least = 16, .most = 65536 },
	{ "confidence", YAML_CHOICE, PLACE(confidence), true, .choices = confidences },
	{ "severity", YAML_CHOICE, PLACE(gravity), .choices = gravities },
	{ "weight", YAML_REAL, PLACE(weight), .least = 0, .most = 1 },
	{ "category", YAML_CHOICE, PLACE(category), .choices = categories },
	{ "validators", YAML_TEXTS, PLACE(validators) },
	{ "entropy", YAML_REAL, PLACE(entropy), .least = 0, .most = 8 },
	{ "rarity", YAML_REAL, PLACE(rarity), .least = 0, .most = 1 },
	{ "keywords", YAML_TEXTS, PLACE(keywords) },
	{ "context", YAML_TEXTS, PLACE(context) },
	{ "anti_context", YAML_TEXTS, PLACE(anti_context) },
	{ "distance", YAML_INT, PLACE(distance), .least = 1, .most = 65536 },
	{ "needs_context", YAML_BOOL, PLACE(needs_context) },
	{ "stop", YAML_TEXTS, PLACE(stop) },
	{ "allow", YAML_TEXTS, PLACE(allow) },
	{ "not_named", YAML_TEXTS, PLACE(not_named) },
	{ "generic", YAML_BOOL, PLACE(generic) },
	{ "withhold", YAML_BOOL, PLACE(withhold) },
	{ "list", YAML_INT, PLACE(list), .least = 2, .most = 1000000 },
	{ "part", YAML_TEXT, PLACE(part) },
	{ "references", YAML_TEXTS, PLACE(references) },
	{ "examples", YAML_TEXTS, PLACE(examples) },
	{ "counter_examples", YAML_TEXTS, PLACE(counter_examples) },
	{ 0 },
};

static int find_checks(struct rule *rule, struct arena *a, struct err *err)
{
	const struct yaml_texts *names = &rule->source.validators;

	for (size_t i = 0; i < names->n; i++) {
		const struct validator *v = validator_find(names->items[i].text);

		if (!v)
			return yaml_wrong(err, names->items[i], "there is no validator \"%.60s\", expected one of: %.400s",
					  names->items[i].text.p, validator_names(a).p);
		if (rule->n_checks == RULE_CHECKS)
			return yaml_wrong(err, names->items[i], "too many validators, expected at most %d", RULE_CHECKS);
		rule->checks[rule->n_checks++] = v;
	}
	return 0;
}

static int compile(struct rule *rule, struct confirm_scratch *scratch, struct err *err)
{
	const struct rule_source *s = &rule->source;
	struct yaml_text written = s->confirm.text.p ? s->confirm : s->pattern;
	struct confirm_found found;
	struct err cause = { 0 };

	if (written.text.n > LIMIT_PATTERN)
		return yaml_wrong(err, written, "the pattern of %s is too long, expected at most %zu bytes", s->id.text.p,
				  LIMIT_PATTERN);
	rule->confirm = confirm_new(written.text, &cause);
	if (!rule->confirm)
		return yaml_wrong(err, written, "the pattern of %s is wrong (%.200s), expected a regular expression",
				  s->id.text.p, cause.text);
	if (confirm_find(rule->confirm, scratch, STR(""), 0, &found) == 1)
		return yaml_wrong(err, written, "the pattern of %s matches the empty text, expected it to need something",
				  s->id.text.p);
	if (s->secret > (int64_t)confirm_groups(rule->confirm))
		return yaml_wrong(err, written, "the pattern of %s has no group %lld, expected the one that `secret` names",
				  s->id.text.p, (long long)s->secret);
	return 0;
}

/* A rule is looked for by a pattern or by a run, and a run says nothing of what is around it. */
static int find_anchor(struct rule *rule, struct err *err)
{
	const struct rule_source *s = &rule->source;

	if (!s->pattern.text.p == !s->run.text.p)
		return yaml_wrong(err, s->id, "%s has %s, expected one of them", s->id.text.p,
				  s->run.text.p ? "both `pattern` and `run`" : "neither `pattern` nor `run`");
	if (!s->run.text.p)
		return 0;
	if (!s->confirm.text.p)
		return yaml_wrong(err, s->run, "%s has `run` alone, expected `confirm` beside it", s->id.text.p);
	if (!run_parse(s->run.text, &rule->run))
		return yaml_wrong(err, s->run, "\"%.60s\" is no run, expected KIND LEAST[-MOST] with KIND one of: %s",
				  s->run.text.p, RUN_KIND_NAMES);
	return 0;
}

int rule_read(struct rule *rule, const struct yaml *y, bool shipped, struct confirm_scratch *scratch, struct arena *a,
	      struct err *err)
{
	static const double weights[] = { 0, 0.3, 1, 1 };
	int answer;

	*rule = (struct rule){
		.shipped = shipped,
		.source = { .weight = -1, .window = WINDOW, .reach = REACH, .distance = NEAR, .gravity = GRAVITY_MEDIUM }
	};
	answer = yaml_read(y, fields, &rule->source, a, err);
	if (answer >= 0)
		answer = find_anchor(rule, err);
	if (answer >= 0)
		answer = compile(rule, scratch, err);
	if (answer >= 0)
		answer = find_checks(rule, a, err);
	if (rule->source.weight < 0)
		rule->source.weight = weights[rule->source.gravity];
	return answer;
}

void rule_release(struct rule *rule)
{
	confirm_free(rule->confirm);
	rule->confirm = NULL;
}
