/* rules_explain.c - why a rule hits a text or does not, step by step: for `watchdesk rule explain` */
#include "base/limits.h"
#include "classify/rules_inner.h"

enum { MATCHES_SHOWN = 8 };

struct explaining {
	const struct rules *r;
	const struct rule *rule;
	struct arena *a;
	struct rule_story *story;
	size_t anchors;
};

static void tell(struct explaining *e, struct str line)
{
	*(struct str *)arena_push(e->a, &e->story->lines, &e->story->n, sizeof(line)) = line;
}

static bool on_anchor(void *whose, unsigned index, size_t end)
{
	struct explaining *e = whose;

	(void)index;
	if (e->anchors++ == 0)
		tell(e, arena_printf(e->a, "its pattern ends first at byte %zu", end));
	return true;
}

static bool on_run(void *whose, const struct run *run)
{
	struct explaining *e = whose;
	const struct run_wanted *w = &e->rule->run;

	if (run->kinds >> w->kind & 1 && run->length >= w->least && run->length <= w->most && e->anchors++ == 0)
		tell(e, arena_printf(e->a, "a run of the kind it wants (%s) stands at byte %zu", e->rule->source.run.text.p,
				     run->start));
	return true;
}

/* Does libhs, or the run tokenizer, point at anything? */
static int find_anchors(struct explaining *e, struct str text, struct err *err)
{
	const struct match_listener ends = { on_anchor, e };
	const struct run_listener runs = { on_run, e };
	size_t wrong;

	if (e->rule->source.run.text.p) {
		runs_scan(text, e->rule->run.least, &runs);
	} else {
		const struct match_pattern pattern = { .text = e->rule->source.pattern.text };
		AUTO_FREE(match) m = match_new(&pattern, 1, &wrong, err);
		const struct match *const databases[] = { m };
		AUTO_FREE(match_scratch) s = m ? match_scratch_new(databases, 1, err) : NULL;

		if (!s)
			return err->code;
		match_scan(m, s, text, &ends);
	}
	if (e->anchors == 0)
		tell(e, STR("nothing in the text looks like it from afar: its pattern or run is not there"));
	return 0;
}

static void check_gate(struct explaining *e, struct str text)
{
	const struct keyword_list *gate = &e->r->gates[e->rule - e->r->items];

	for (size_t i = 0; i < gate->n; i++)
		if (str_find_nocase(text, rule_word(e->r->keywords[gate->items[i]])) >= 0)
			return;
	if (gate->n)
		tell(e, arena_printf(e->a, "none of the words that it needs stands in the text (\"%.*s\" and %zu more)",
				     STR_ARG(e->r->keywords[gate->items[0]]), gate->n - 1));
}

static void judge_match(struct explaining *e, struct str text, const struct confirm_found *m)
{
	struct assessment out = { 0 };
	struct found f = { .a = e->a, .text = text, .out = &out };
	struct opinion o;
	bool hit = rule_judge(e->r, e->rule, &f, m, &o);

	e->story->hits += hit;
	if (hit)
		tell(e, arena_printf(e->a, "bytes %zu to %zu are a hit of %s confidence; %.*s", m->group[0].start,
				     m->group[0].end, confidence_names[opinion_confidence(&o)], STR_ARG(o.why)));
	else
		tell(e, arena_printf(e->a, "bytes %zu to %zu match and are no hit: %s", m->group[0].start, m->group[0].end,
				     o.refusal));
}

int rules_explain(const struct rules *r, const struct rule *rule, struct arena *a, struct str text, struct rule_story *story,
		  struct err *err)
{
	struct explaining e = { .r = r, .rule = rule, .a = a, .story = story };
	AUTO_FREE(confirm_scratch) s = confirm_scratch_new();
	struct confirm_found m;
	size_t from = 0, n = 0;
	int answer = 1;

	*story = (struct rule_story){ 0 };
	if (find_anchors(&e, text, err) < 0)
		return err->code;
	check_gate(&e, text);
	while (from <= text.n && n < MATCHES_SHOWN && (answer = confirm_find(rule->confirm, s, text, from, &m)) == 1) {
		judge_match(&e, text, &m);
		from = m.group[0].end > from ? m.group[0].end : from + 1;
		n++;
	}
	if (answer == E_LIMIT)
		tell(&e, STR("PCRE2 gave up: the pattern takes too many steps on this text"));
	else if (n == 0)
		tell(&e, STR("its `confirm` pattern matches nowhere"));
	else if (e.anchors == 0)
		tell(&e, STR("`confirm` matches where `pattern` or `run` does not: the rule contradicts itself"));
	return 0;
}
