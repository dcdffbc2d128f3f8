/* rules_scan.c - the rules over one text: libhs and the run tokenizer say where, PCRE2 confirms, checks judge */
/* Hot: an ordinary post costs one pass of each and confirms next to nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/rules_inner.h"

enum {
	RUN_BEFORE = 16,     /* bytes before a run in which a match may begin: "0x", a country, a bracket */
	RUN_AFTER = 256,     /* bytes behind its begin in which it may end: an IBAN in groups, a second line */
	MOST_LOW = 3,	     /* hits of low confidence or severity that weigh: a long list of little stays little */
	FRUITLESS = 2 << 20, /* bytes in which one rule may be looked for in vain in one text before it is given up */
};

/* A pattern of a rule ended at `end`. */
struct event {
	uint32_t rule;
	uint32_t end;
};

/* How far a rule has come in the text at hand. */
struct progress {
	uint32_t text; /* number of the text that the rest speaks of */
	uint32_t hits;
	size_t fruitless; /* bytes */
	size_t done;	  /* what ends at or before this was confirmed */
	size_t searched;  /* nothing more begins before this */
	bool limit;	  /* PCRE2 gave up on it once */
};

struct rules_scratch {
	struct match_scratch *match;
	struct confirm_scratch *confirm;
	struct progress *progress;
	struct rule_cost *costs;
	uint32_t *open[RUN_KINDS]; /* rules that want a run of this kind, and whose words stand in the text */
	size_t n_open[RUN_KINDS];
	uint32_t *seen; /* of each keyword: the number of the last text in which it stood */
	struct event *events;
	size_t n_events;
	uint32_t text;
};

/* Of a hit kept: its rule, and what it weighs, until it is known whether a better rule speaks of the same place. */
struct pending {
	const struct rule_source *source;
	uint32_t rule;
	double weight;
	struct hit hit;
	bool example;
};

/* A scan under way. */
struct scanning {
	const struct rules *r;
	struct rules_scratch *s;
	struct found *found;
	struct rule_parts *parts;
	struct pending *pending;
	size_t n_pending;
};

struct rules_scratch *rules_scratch_new(const struct rules *r, struct err *err)
{
	struct rules_scratch *s = must_alloc(1, sizeof(*s));
	const struct match *const databases[] = { r->match };

	s->progress = must_alloc(r->n + 1, sizeof(*s->progress));
	for (int kind = 0; kind < RUN_KINDS; kind++)
		s->open[kind] = must_alloc(r->by_run[kind].n + 1, sizeof(*s->open[kind]));
	s->costs = must_alloc(r->n + 1, sizeof(*s->costs));
	s->seen = must_alloc(r->n_keywords + 1, sizeof(*s->seen));
	s->events = must_alloc(LIMIT_MATCHES, sizeof(*s->events));
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
	free(s->events);
	free(s->seen);
	for (int kind = 0; kind < RUN_KINDS; kind++)
		free(s->open[kind]);
	free(s->costs);
	free(s->progress);
	free(s);
}

static struct progress *progress_of(struct rules_scratch *s, size_t rule)
{
	struct progress *p = &s->progress[rule];

	if (p->text != s->text)
		*p = (struct progress){ .text = s->text };
	return p;
}

/* Does one of the words that the rule cannot do without stand in this text? */
static bool is_open(const struct scanning *scan, size_t rule)
{
	const struct keyword_list *gate = &scan->r->gates[rule];

	for (size_t i = 0; i < gate->n; i++)
		if (scan->s->seen[gate->items[i]] == scan->s->text)
			return true;
	return gate->n == 0;
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

static struct hit hit_of(const struct rule_source *s, struct found *f, const struct confirm_found *m, const struct opinion *o)
{
	struct hit hit = {
		.rule = s->id.text,
		.label = s->title.text,
		.kind = s->label.text,
		.span = found_span(f, m->group[0].start, m->group[0].end),
		.gravity = (enum gravity)s->gravity,
		.why = o->why,
		.withhold = s->withhold,
	};

	if (s->secret >= 0)
		hit.secret = found_span(f, m->group[s->secret].start, m->group[s->secret].end);
	hit.confidence = opinion_confidence(o);
	hit.masked = found_sample(f, hit.span, hit.secret);
	return hit;
}

static void confirmed(struct scanning *scan, size_t index, struct confirm_found *m)
{
	const struct rule *rule = &scan->r->items[index];
	int64_t secret = rule->source.secret;
	struct opinion o;
	struct pending *p;

	whole_characters(scan->found->text, m);
	if (scan->s->progress[index].hits >= LIMIT_HITS) { /* a long list: the rest of it is only masked */
		scan->s->progress[index].hits++;
		if (secret >= 0)
			found_secret(scan->found, found_span(scan->found, m->group[secret].start, m->group[secret].end));
		return;
	}
	if (!rule_judge(scan->r, rule, scan->found, m, &o))
		return;
	scan->s->progress[index].hits++;
	p = arena_push(scan->found->a, &scan->pending, &scan->n_pending, sizeof(*p));
	*p = (struct pending){ .source = &rule->source,
			       .rule = (uint32_t)index,
			       .hit = hit_of(&rule->source, scan->found, m, &o),
			       .example = o.example };
	p->weight = found_weight_of(p->hit.confidence) * o.share;
}

/* Confirm a rule in [from, stop) of the text: every match that begins before `last`. */
static void confirm_in(struct scanning *scan, size_t index, size_t from, size_t last, size_t stop)
{
	const struct rule *rule = &scan->r->items[index];
	struct progress *p = &scan->s->progress[index];
	struct str text = str_slice(scan->found->text, 0, stop);
	size_t before = p->done;
	struct confirm_found m;
	int answer = 0;

	if (from < p->searched)
		from = p->searched;
	while (from < last && (answer = confirm_find_before(rule->confirm, scan->s->confirm, text, from, last - 1, &m)) == 1) {
		size_t end = m.group[0].end;

		scan->s->costs[index].bytes += m.group[0].end - from;
		p->done = from = end > from ? end : from + 1;
		confirmed(scan, index, &m);
	}
	if (from < last) {
		scan->s->costs[index].bytes += last - from;
		p->fruitless += p->done == before ? last - from : 0;
	}
	p->searched = last > p->done ? last : p->done;
	p->limit |= answer == E_LIMIT;
}

static bool on_end(void *whose, unsigned index, size_t end)
{
	struct scanning *scan = whose;
	struct rules_scratch *s = scan->s;

	if (index >= scan->r->n_patterns) {
		s->seen[index - scan->r->n_patterns] = s->text;
		return true;
	}
	if (s->n_events == LIMIT_MATCHES)
		return false;
	s->events[s->n_events++] = (struct event){ scan->r->patterns[index], (uint32_t)end };
	return true;
}

static void confirm_events(struct scanning *scan)
{
	for (size_t i = 0; i < scan->s->n_events; i++) {
		const struct event *e = &scan->s->events[i];
		struct progress *p = progress_of(scan->s, e->rule);
		size_t window = (size_t)scan->r->items[e->rule].source.window;
		size_t reach = (size_t)scan->r->items[e->rule].source.reach;

		scan->s->costs[e->rule].ends++;
		if (e->end > p->done && p->fruitless <= FRUITLESS && is_open(scan, e->rule))
			confirm_in(scan, e->rule, e->end > window ? e->end - window : 0, e->end, e->end + reach);
	}
}

/* The rules that want runs and are not closed by their words: the shortest run that any of them wants. */
static uint32_t open_run_rules(struct scanning *scan)
{
	uint32_t least = UINT32_MAX;

	for (int kind = 0; kind < RUN_KINDS; kind++) {
		scan->s->n_open[kind] = 0;
		for (size_t i = 0; i < scan->r->by_run[kind].n; i++) {
			uint32_t index = scan->r->by_run[kind].items[i], wanted = scan->r->items[index].run.least;

			if (!is_open(scan, index))
				continue;
			scan->s->open[kind][scan->s->n_open[kind]++] = index;
			least = wanted < least ? wanted : least;
		}
	}
	return least;
}

static bool on_run(void *whose, const struct run *run)
{
	struct scanning *scan = whose;

	for (int kind = 0; kind < RUN_KINDS; kind++) {
		if (!(run->kinds >> kind & 1))
			continue;
		for (size_t i = 0; i < scan->s->n_open[kind]; i++) {
			uint32_t index = scan->s->open[kind][i];
			const struct run_wanted *wanted = &scan->r->items[index].run;
			struct progress *p = progress_of(scan->s, index);
			size_t stop = kind == RUN_DIGITS ? run->end : run->start;

			if (run->length < wanted->least || run->length > wanted->most || run->end <= p->done ||
			    p->fruitless > FRUITLESS)
				continue;
			confirm_in(scan, index, run->start > RUN_BEFORE ? run->start - RUN_BEFORE : 0, run->end,
				   (run->end - stop < RUN_AFTER ? stop : run->end) + RUN_AFTER);
		}
	}
	return true;
}

static void name_limits(struct scanning *scan)
{
	for (size_t i = 0; i < scan->r->n; i++) {
		const struct progress *p = &scan->s->progress[i];

		if (p->text == scan->s->text && p->limit)
			found_reason(scan->found,
				     arena_printf(scan->found->a, "the pattern of %s took too many steps and was given up",
						  scan->r->items[i].source.id.text.p));
	}
}

static bool overlaps(const struct hit *x, const struct hit *y)
{
	return x->span.start < y->span.end && y->span.start < x->span.end;
}

static size_t secret_length(const struct hit *h)
{
	return h->secret.end - h->secret.start;
}

/* Does `better` say more of the same place? A specific rule wins over a generic one, then the surer, then the earlier. */
static bool outdoes(const struct pending *better, const struct pending *p)
{
	bool same = better->hit.secret.start == p->hit.secret.start && better->hit.secret.end == p->hit.secret.end;

	if (better == p || !overlaps(&better->hit, &p->hit))
		return false;
	if (better->source->generic != p->source->generic)
		return p->source->generic;
	if (!same || secret_length(&p->hit) == 0)
		return false;
	if (better->hit.confidence != p->hit.confidence)
		return better->hit.confidence > p->hit.confidence;
	return better->rule < p->rule || (better->rule == p->rule && better < p);
}

static int by_place(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;

	return x->hit.span.start != y->hit.span.start ? (x->hit.span.start < y->hit.span.start ? -1 : 1)
						      : (x->rule > y->rule) - (x->rule < y->rule);
}

/* Is hit `i` of the sorted list outdone by one beside it? Only neighbours in reach are looked at, and not many. */
static bool is_outdone(const struct scanning *scan, size_t i)
{
	enum { NEIGHBOURS = 24 };
	const struct pending *p = &scan->pending[i];

	for (size_t k = i + 1; k < scan->n_pending && k <= i + NEIGHBOURS && scan->pending[k].hit.span.start < p->hit.span.end;
	     k++)
		if (outdoes(&scan->pending[k], p))
			return true;
	for (size_t k = i; k > 0 && k + NEIGHBOURS > i; k--)
		if (outdoes(&scan->pending[k - 1], p))
			return true;
	return false;
}

static void weigh(struct scanning *scan, const struct pending *p)
{
	const struct rule_source *s = p->source;
	bool listed = s->list && scan->s->progress[p->rule].hits >= (uint64_t)s->list;
	double weight = listed && s->weight < 1 ? 1 : s->weight;

	if (s->category < 2)
		found_weigh(scan->found, s->category == 0 ? CATEGORY_LEAK : CATEGORY_DOX, weight * p->weight);
}

static void settle_one(struct scanning *scan, struct pending *p, size_t *low)
{
	const struct rule_source *s = p->source;

	if ((p->hit.confidence != CONFIDENCE_LOW && s->gravity > GRAVITY_LOW) || ++*low <= MOST_LOW)
		weigh(scan, p);
	if (s->list && scan->s->progress[p->rule].hits >= (uint64_t)s->list && p->hit.gravity < GRAVITY_HIGH)
		p->hit.gravity++;
	found_hit(scan->found, &p->hit);
	if (s->part.text.n && !p->example) {
		struct rule_part *part = arena_push(scan->found->a, &scan->parts->items, &scan->parts->n, sizeof(*part));

		*part = (struct rule_part){ s->part.text, p->hit.span };
	}
}

/* Drop what is said better by another rule, and weigh the rest. */
static void settle(struct scanning *scan)
{
	size_t low = 0;

	if (scan->n_pending)
		qsort(scan->pending, scan->n_pending, sizeof(*scan->pending), by_place);
	for (size_t i = 0; i < scan->n_pending; i++)
		if (!is_outdone(scan, i))
			settle_one(scan, &scan->pending[i], &low);
}

void rules_scan(const struct rules *r, struct rules_scratch *s, struct found *found, struct rule_parts *parts)
{
	struct scanning scan = { .r = r, .s = s, .found = found, .parts = parts };
	const struct match_listener ends = { on_end, &scan };
	const struct run_listener runs = { on_run, &scan };
	uint32_t least;

	s->text++;
	s->n_events = 0;
	if (match_scan(r->match, s->match, found->text, &ends))
		found_reason(found,
			     arena_printf(found->a, "more than %d matches: the rest of the text was not searched for patterns",
					  LIMIT_MATCHES));
	confirm_events(&scan);
	least = open_run_rules(&scan);
	if (least < UINT32_MAX)
		runs_scan(found->text, least, &runs);
	name_limits(&scan);
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

struct rule_cost rules_cost(const struct rules_scratch *s, size_t i)
{
	return s->costs[i];
}

static bool count_end(void *whose, unsigned index, size_t end)
{
	size_t *n = whose;

	(void)index;
	(void)end;
	++*n;
	return true;
}

size_t rules_scan_bare(const struct rules *r, struct rules_scratch *s, struct str text)
{
	size_t n = 0;
	const struct match_listener ends = { count_end, &n };

	match_scan(r->match, s->match, text, &ends);
	return n;
}
