/* severity.c - what an assessment means to this desk */
#include "classify/severity.h"

const char *const verdict_names[5] = { "none", "confirmed", "false-positive", "known", "duplicate" };

enum {
	DECIDED = 50, /* hundredths of a category's score */
	SURE = 90,    /* ... from which leaked data of strangers is more than the lowest of findings */
	LOW = 20,
};

/* What a category that is decided means by itself, and what is added when it concerns us. */
static const struct {
	int base, ours;
	const char *ours_because;
} meanings[CATEGORIES] = {
	[CATEGORY_VIOLENCE] = { 62, 20, "the threat names our asset" },
	[CATEGORY_EXTORTION] = { 60, 18, "the extortion names our asset" },
	[CATEGORY_LEAK] = { LOW, 52, "the data is ours" },
	[CATEGORY_DOX] = { 45, 30, "it exposes people of ours" },
};

static void add(struct severity *out, struct arena *a, int points, struct str because)
{
	struct str *term = arena_push(a, &out->terms, &out->n_terms, sizeof(*term));

	out->value += points;
	*term = arena_printf(a, "%.*s: %+d", STR_ARG(because), points);
}

static bool has_part(const struct assessment *x, const char *name)
{
	for (size_t i = 0; i < x->n_parts; i++)
		if (str_eq(x->parts[i].part, str_of(name)))
			return true;
	return false;
}

static int hundredths(double score)
{
	return (int)(score * 100 + 1e-6); /* 0.499 is not decided */
}

static int points_of(const struct assessment *x, int category)
{
	int score = hundredths(x->category[category]);

	if (category == CATEGORY_LEAK && score >= DECIDED)
		return score < SURE ? LOW : LOW + (score - SURE) * 18 / 10;
	if (score >= DECIDED)
		return meanings[category].base + (score - DECIDED) / 7;
	return score * 18 / 50; /* noise, unless it names what is ours */
}

/* The category that weighs most. */
static int leading(const struct assessment *x)
{
	int best = 0;

	for (int i = 1; i < CATEGORIES; i++)
		if (points_of(x, i) > points_of(x, best))
			best = i;
	return best;
}

/* The least that a hit which concerns an asset means, by how grave its kind is. */
static const int floors[] = { [GRAVITY_INFO] = 0, [GRAVITY_LOW] = 55, [GRAVITY_MEDIUM] = 74, [GRAVITY_HIGH] = 80 };

static int rank(const struct hit *hit)
{
	return (hit->confidence != CONFIDENCE_LOW) * 16 + (int)hit->gravity * 4 + (int)hit->confidence;
}

/* A hit that concerns an asset: the gravest of those that are no mere guess; NULL for none. */
static const struct hit *own_hit(const struct assessment *x)
{
	const struct hit *best = NULL;

	for (size_t i = 0; i < x->n_hits; i++)
		if (x->hits[i].asset.n && (!best || rank(&x->hits[i]) > rank(best)))
			best = &x->hits[i];
	return best;
}

static void add_ownership(const struct assessment *x, int category, struct arena *a, struct severity *out)
{
	const struct hit *hit = own_hit(x);
	bool decided = hundredths(x->category[category]) >= DECIDED;
	int floor = hit && hit->confidence != CONFIDENCE_LOW ? floors[hit->gravity] : 0;

	if (out->value < floor)
		add(out, a, floor - out->value,
		    arena_printf(a, "\"%.*s\" concerns our asset %.*s", STR_ARG(hit->label), STR_ARG(hit->asset)));
	else if (x->n_mentions && decided)
		add(out, a, meanings[category].ours,
		    arena_printf(a, "%s %.*s", meanings[category].ours_because, STR_ARG(x->mentions[0].asset)));
	else if (x->n_mentions && hundredths(x->category[category]) >= DECIDED / 2)
		add(out, a, 14, arena_printf(a, "names our asset %.*s", STR_ARG(x->mentions[0].asset)));
	else if (x->n_mentions)
		add(out, a, 5, arena_printf(a, "names our asset %.*s", STR_ARG(x->mentions[0].asset)));
	else if (x->inferred.n && decided)
		add(out, a, 10, arena_printf(a, "our asset %.*s is inferred, the text does not name it", STR_ARG(x->inferred)));
	else if (x->n_look_alikes) /* no ownership: somebody else's host */
		add(out, a, decided ? 8 : 4,
		    arena_printf(a, "names a host that passes for our %.*s", STR_ARG(x->look_alikes[0].domain)));
}

/* Several categories at once: pay or publish, with data to prove it. */
static void add_second(const struct assessment *x, int category, struct arena *a, struct severity *out)
{
	for (int i = 0; i < CATEGORIES; i++)
		if (i != category && hundredths(x->category[i]) >= DECIDED && hundredths(x->category[category]) >= DECIDED)
			add(out, a, 4, arena_printf(a, "also %s %.2f", category_names[i], x->category[i]));
}

static void add_verdict(enum verdict verdict, struct arena *a, struct severity *out)
{
	switch (verdict) {
	case VERDICT_NONE:
		return;
	case VERDICT_CONFIRMED:
		if (out->value < 95)
			add(out, a, 5, STR("confirmed by an analyst"));
		return;
	case VERDICT_FALSE_POSITIVE:
		if (out->value > 0)
			add(out, a, -out->value, STR("a false positive by an analyst's verdict"));
		return;
	case VERDICT_KNOWN:
		if (out->value > 20)
			add(out, a, 20 - out->value, STR("known by an analyst's verdict"));
		return;
	case VERDICT_DUPLICATE:
		if (out->value > 15)
			add(out, a, 15 - out->value, STR("a duplicate by an analyst's verdict"));
		return;
	}
}

void severity_of(const struct assessment *x, enum verdict verdict, struct arena *a, struct severity *out)
{
	int category = leading(x);

	*out = (struct severity){ 0 };
	if (hundredths(x->category[category]) > 0)
		add(out, a, points_of(x, category),
		    arena_printf(a, "%s %.2f", category_names[category], x->category[category]));
	if (category == CATEGORY_VIOLENCE && hundredths(x->category[category]) >= DECIDED && has_part(x, "keep-away") &&
	    has_part(x, "past-atrocity"))
		add(out, a, 12, STR("a veiled warning of mass violence"));
	add_ownership(x, category, a, out);
	add_second(x, category, a, out);
	if (out->value > 99)
		add(out, a, 99 - out->value, STR("the scale ends here"));
	add_verdict(verdict, a, out);
}

const char *severity_name(int value)
{
	static const struct {
		int from;
		const char *name;
	} names[] = { { 90, "critical" }, { 70, "high" }, { 40, "medium" }, { 20, "low" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (value >= names[i].from)
			return names[i].name;
	return "noise";
}
