/* retention.c - what is kept how long */
#include "desk/retention.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/limits.h"
#include "classify/classify.h"
#include "classify/severity.h"

#define DAY_US INT64_C(86400000000)

enum { RETENTION_VERDICTS = sizeof(verdict_names) / sizeof(verdict_names[0]) };

struct rule_rows {
	struct yaml_text name, keep;
	int of;
	int64_t severity;
	bool personal;
	struct yaml_texts categories, sources, assets, verdicts;
};

static const char *const subjects[] = { "any", "findings", "posts", NULL };

static const struct yaml_field rule_fields[] = {
	{ "name", YAML_TEXT, offsetof(struct rule_rows, name) },
	{ "of", YAML_CHOICE, offsetof(struct rule_rows, of), .choices = subjects },
	{ "severity", YAML_INT, offsetof(struct rule_rows, severity), .least = 1, .most = 100 },
	{ "personal_data", YAML_BOOL, offsetof(struct rule_rows, personal) },
	{ "categories", YAML_TEXTS, offsetof(struct rule_rows, categories) },
	{ "sources", YAML_TEXTS, offsetof(struct rule_rows, sources) },
	{ "assets", YAML_TEXTS, offsetof(struct rule_rows, assets) },
	{ "verdicts", YAML_TEXTS, offsetof(struct rule_rows, verdicts) },
	{ "keep", YAML_TEXT, offsetof(struct rule_rows, keep), .required = true, .like = "730d" },
	{ 0 },
};

/* A list of texts that each have to be one of `names` (NULL: anything). */
static int take_names(const struct yaml_texts *list, const char *what, const struct str *names, size_t n_names, struct arena *a,
		      const struct str **out, size_t *n, struct err *err)
{
	struct str *texts = arena_alloc(a, list->n * sizeof(*texts));

	for (size_t i = 0; i < list->n; i++) {
		size_t k = 0;

		texts[i] = list->items[i].text;
		while (names && k < n_names && !str_eq(names[k], texts[i]))
			k++;
		if (names && k == n_names)
			return yaml_wrong(err, list->items[i], "no %s is called %.*s, expected one of those there are", what,
					  STR_ARG(str_slice(texts[i], 0, 120)));
	}
	*out = texts;
	*n = list->n;
	return 0;
}

static int keep_read(struct yaml_text keep, int64_t *us, struct err *err)
{
	int64_t ms;

	*us = -1;
	if (str_eq(keep.text, STR("forever")))
		return 0;
	if (!clock_read_duration_ms(keep.text, &ms) || ms <= 0)
		return yaml_wrong(err, keep, "keep is \"%.*s\", expected a duration such as 90d, or forever",
				  STR_ARG(str_slice(keep.text, 0, 60)));
	*us = ms * 1000;
	return 0;
}

static int rule_read(const struct yaml *item, size_t number, const struct subscription_names *names, struct arena *a,
		     struct purge_rule *out, struct err *err)
{
	struct str categories[CATEGORIES], verdicts[RETENTION_VERDICTS];
	struct rule_rows rows = { 0 };
	bool of_findings;

	for (int i = 0; i < CATEGORIES; i++)
		categories[i] = str_of(category_names[i]);
	for (int i = 0; i < RETENTION_VERDICTS; i++)
		verdicts[i] = str_of(verdict_names[i]);
	if (yaml_read(item, rule_fields, &rows, a, err) < 0)
		return err->code;
	*out = (struct purge_rule){ .name = rows.name.text.n ? rows.name.text : arena_printf(a, "rule %zu", number),
				    .of = (enum purge_subject)rows.of,
				    .least_severity = rows.severity,
				    .personal = rows.personal };
	if (keep_read(rows.keep, &out->keep, err) < 0 ||
	    take_names(&rows.categories, "category", categories, CATEGORIES, a, &out->categories, &out->n_categories, err) <
		    0 ||
	    take_names(&rows.verdicts, "verdict", verdicts, RETENTION_VERDICTS, a, &out->verdicts, &out->n_verdicts, err) < 0 ||
	    take_names(&rows.assets, "asset", names->assets, names->n_assets, a, &out->assets, &out->n_assets, err) < 0 ||
	    take_names(&rows.sources, "source", NULL, 0, a, &out->sources, &out->n_sources, err) < 0) /* one may be gone */
		return err->code;
	of_findings = out->least_severity || out->n_categories || out->n_verdicts || out->n_assets;
	if (out->of == PURGE_POSTS && of_findings)
		return yaml_wrong(
			err, yaml_place(item),
			"of: posts with a severity, category, asset or verdict, which only findings have; expected of: "
			"findings");
	return 0;
}

int retention_read(const struct yaml *list, const struct subscription_names *names, struct arena *a, struct retention *out,
		   struct err *err)
{
	size_t n = list ? yaml_count(list) : 0;

	*out = (struct retention){ 0 };
	if (n > LIMIT_RETENTION)
		return yaml_wrong(err, yaml_place(list), "%zu rules of retention, expected at most %d", n, LIMIT_RETENTION);
	if (n == 0)
		return 0;
	out->rules = arena_alloc(a, (n + 1) * sizeof(*out->rules));
	for (; out->n < n; out->n++)
		if (rule_read(yaml_item(list, out->n), out->n + 1, names, a, &out->rules[out->n], err) < 0)
			return err->code;
	out->rules[out->n++] = (struct purge_rule){ .name = STR("posts that are no finding (default)"),
						    .of = PURGE_POSTS,
						    .keep = RETENTION_POSTS_DAYS * DAY_US };
	return 0;
}
