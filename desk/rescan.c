/* rescan.c - new rules, assets or model over all that is stored */
#include "desk/rescan.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/judge.h"
#include "store/custody.h"
#include "store/duty.h"
#include "store/finding.h"

enum {
	BATCH = 300,		       /* posts of one transaction ... */
	BATCH_BYTES = 4 * 1024 * 1024, /* ... and about their text */
	BUSY_TRIES = 30,	       /* DB_WAIT_MS each: a monitor that stores a lot, or a backup */
};

/* Posts read together, and their texts: without those that this classifier has judged. */
struct batch {
	struct arena *a;
	struct rescan_post *posts;
	size_t n;
	struct reader_text **text_of; /* of each post; NULL for none */
	struct reader_batch texts;
};

struct scanning {
	struct store *store;
	const struct classifier *classifier;
	struct readers *readers;
	const struct rescan_options *o;
	struct rescan *r;
};

/* ---- reading ---- */

static int batch_load(struct scanning *x, int64_t after, struct batch *b, struct err *err)
{
	struct rescan from = *x->r;

	from.at_post = after;
	arena_clear(b->a);
	if (rescan_next(x->store, &from, BATCH, BATCH_BYTES, b->a, &b->posts, &b->n, err) < 0)
		return err->code;
	b->text_of = arena_alloc(b->a, (b->n + 1) * sizeof(struct reader_text *));
	b->texts = (struct reader_batch){ arena_alloc(b->a, (b->n + 1) * sizeof(*b->texts.texts)), 0, b->a };
	for (size_t i = 0; i < b->n; i++) {
		const struct rescan_post *p = &b->posts[i];

		if (p->is_judged && !p->finding_id)
			continue;
		b->text_of[i] = &b->texts.texts[b->texts.n++];
		*b->text_of[i] = (struct reader_text){ .text = p->text,
						       .title = p->title,
						       .thread = p->thread,
						       .source = p->source,
						       .is_of_thread = p->is_of_thread,
						       .slot = -1 };
	}
	return 0;
}

/* ---- storing ---- */

static bool is_gone(const void *owner, struct str rule)
{
	return !classifier_knows(owner, rule);
}

static size_t count_of(const struct stored_assessment *said, struct str rule)
{
	size_t n = 0;

	for (size_t i = 0; i < said->n_hits; i++)
		n += str_eq(said->hits[i].rule, rule);
	return n;
}

static bool is_first(const struct stored_assessment *said, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(said->hits[k].rule, said->hits[i].rule))
			return false;
	return true;
}

static bool has_hit(const struct stored_assessment *said, const struct stored_hit *h)
{
	for (size_t i = 0; i < said->n_hits; i++)
		if (str_eq(said->hits[i].rule, h->rule) && said->hits[i].layer == h->layer && said->hits[i].start == h->start)
			return true;
	return false;
}

/* Hits of a rule in one that the other has not, by the place where they begin. */
static int64_t only_in(const struct stored_assessment *one, const struct stored_assessment *other, struct str rule)
{
	int64_t n = 0;

	for (size_t i = 0; i < one->n_hits; i++)
		n += str_eq(one->hits[i].rule, rule) && !has_hit(other, &one->hits[i]);
	return n;
}

static int count_rule(struct scanning *x, struct str rule, const struct stored_assessment *was,
		      const struct stored_assessment *is, struct arena *a, struct err *err)
{
	int64_t came = only_in(is, was, rule), went = only_in(was, is, rule);

	if (!came && !went)
		return 0;
	return rescan_count(x->store, x->r->id, arena_printf(a, "rule %.*s", STR_ARG(rule)), came, went, err);
}

static int count_rules(struct scanning *x, const struct stored_assessment *was, const struct stored_assessment *is,
		       struct arena *a, struct err *err)
{
	for (size_t i = 0; i < is->n_hits; i++)
		if (is_first(is, i) && count_rule(x, is->hits[i].rule, was, is, a, err) < 0)
			return err->code;
	for (size_t i = 0; i < was->n_hits; i++)
		if (is_first(was, i) && !count_of(is, was->hits[i].rule) &&
		    count_rule(x, was->hits[i].rule, was, is, a, err) < 0)
			return err->code;
	return 0;
}

static int count_severity(struct scanning *x, const struct rescan_post *p, int severity, struct arena *a, struct err *err)
{
	const char *was = p->finding_id ? severity_name(p->severity) : NULL, *is = severity_name(severity);

	if (was && strcmp(was, is) == 0)
		return 0;
	if (was && rescan_count(x->store, x->r->id, arena_printf(a, "severity %s", was), 0, 1, err) < 0)
		return err->code;
	return rescan_count(x->store, x->r->id, arena_printf(a, "severity %s", is), 1, 0, err);
}

static int into_custody(struct scanning *x, const struct rescan_result *result, int64_t now, struct err *err)
{
	char name[FINDING_ID];
	struct custody_capture c = { .assessment_id = result->assessment_id, .operator_name = x->o->operator_name };

	if (finding_name(x->store, result->finding_id, name, err) < 0)
		return err->code;
	c.finding = str_of(name);
	return custody_capture(x->store, &c, now, err);
}

/* As the writer tells of what is new; only when that was asked for. */
static int tell(struct scanning *x, const struct rescan_result *result, const struct assessment *found, int severity,
		struct arena *a, int64_t now, struct err *err)
{
	struct str *assets = arena_alloc(a, (found->n_mentions + 1) * sizeof(*assets));
	const struct tell_event e = {
		.finding_id = result->finding_id, .fresh = true, .assets = assets, .n_assets = found->n_mentions
	};

	if (!x->o->teller || !result->new_finding)
		return 0;
	for (size_t i = 0; i < found->n_mentions; i++)
		assets[i] = found->mentions[i].asset;
	if (x->o->duty_from && severity >= x->o->duty_from && duty_open(x->store, result->finding_id, severity, now, err) < 0)
		return err->code;
	return tell_finding(x->o->teller, &e, now, err);
}

static int judged(struct scanning *x, struct rescan_post *p, struct read_post *read, struct arena *a, int64_t now,
		  struct err *err)
{
	struct stored_assessment was;
	const struct judge_before before = { &was, p->was_edited ? (struct str){ 0 } : p->verdict, x->r->classifier_id, is_gone,
					     x->classifier };
	struct stored_post is = { .source_id = p->source_id,
				  .key = p->key,
				  .url = p->url,
				  .author = p->author,
				  .title = p->title,
				  .seen_at = p->last_seen };
	struct rescan_result result;

	if (rescan_said(x->store, p, a, &was, err) < 0)
		return err->code;
	if (p->is_judged)
		return p->finding_id ? rescan_fill(x->store, p, &was, read->language, err) : 0;
	if (judge_again(read, x->store, &before, a, &is, err) < 0 || rescan_put(x->store, p, &is, now, &result, err) < 0)
		return err->code;
	x->r->assessments += result.new_assessment;
	x->r->new_findings += result.new_finding;
	x->r->changed_findings += result.changed && !result.new_finding;
	if (result.new_assessment && count_rules(x, &was, &is.assessment, a, err) < 0)
		return err->code;
	if (!result.changed)
		return 0;
	if (count_severity(x, p, is.assessment.severity, a, err) < 0 || into_custody(x, &result, now, err) < 0)
		return err->code;
	return tell(x, &result, &read->assessment, is.assessment.severity, a, now, err);
}

static int keep_post(struct scanning *x, struct rescan_post *p, struct reader_text *t, struct arena *a, int64_t now,
		     struct err *err)
{
	int stands = t ? rescan_stands(x->store, p, a, err) : 0;

	if (stands < 0)
		return stands;
	x->r->posts++;
	x->r->bytes += t ? p->size : 0;
	x->r->passed_over += !stands || p->is_judged;
	if (!stands)
		return 0;
	x->r->withheld += t->end == READER_WITHHOLDS;
	x->r->lost += t->end == READER_LOST;
	return t->end == READER_DONE ? judged(x, p, &t->post, a, now, err) : 0;
}

static int keep_batch(struct scanning *x, struct batch *b, struct err *err)
{
	const int64_t now = clock_now_us();

	for (size_t i = 0; i < b->n; i++)
		if (keep_post(x, &b->posts[i], b->text_of[i], b->a, now, err) < 0)
			return err->code;
	x->r->at_post = b->posts[b->n - 1].id;
	return rescan_keep(x->store, x->r, err);
}

static int begin(struct store *s, struct err *err)
{
	int result = store_begin(s, err);

	for (int i = 0; i < BUSY_TRIES && result == E_BUSY; i++)
		result = store_begin(s, err);
	return result;
}

static int store_batch(struct scanning *x, struct batch *b, struct err *err)
{
	if (begin(x->store, err) < 0)
		return err->code;
	if (keep_batch(x, b, err) < 0) {
		store_rollback(x->store);
		return err->code;
	}
	return store_commit(x->store, err);
}

/* ---- the run ---- */

static int note_run(struct scanning *x, bool over, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(65536);
	struct json_writer w = { .out = &detail };
	char at[CLOCK_TEXT];

	json_open(&w, NULL, '{');
	json_put_text(&w, "state", over ? STR("over") : STR("begun"));
	json_put_int(&w, "run", x->r->id);
	json_put_text(&w, "since", x->r->wish.since ? str_of(clock_rfc3339(x->r->wish.since, at)) : (struct str){ 0 });
	json_put_text(&w, "source", x->r->wish.source);
	json_put_text(&w, "category", x->r->wish.category);
	json_put_int(&w, "posts", x->r->posts);
	json_put_int(&w, "assessments", x->r->assessments);
	json_put_int(&w, "new_findings", x->r->new_findings);
	json_put_int(&w, "changed_findings", x->r->changed_findings);
	json_close(&w, '}');
	return custody_add(x->store,
			   &(struct custody_act){ .kind = CUSTODY_RESCAN,
						  .subject = STR("store"),
						  .operator_name = x->o->operator_name,
						  .detail = buf_str(&detail) },
			   now, err);
}

static bool goes_on(const struct scanning *x, const struct rescan *last, int64_t classifier_id)
{
	return !x->o->anew && !last->ended_at && last->classifier_id == classifier_id && last->wish.since == x->o->wish.since &&
	       str_eq(last->wish.source, x->o->wish.source) && str_eq(last->wish.category, x->o->wish.category);
}

static int open_run(struct scanning *x, struct arena *a, int64_t now, struct err *err)
{
	struct rescan last;
	int64_t classifier_id;
	int found;

	if (judge_classifier(x->classifier, x->store, a, now, &classifier_id, err) < 0)
		return err->code;
	found = rescan_newest(x->store, a, &last, err);
	if (found > 0 && goes_on(x, &last, classifier_id)) {
		*x->r = last;
		return 0;
	}
	*x->r = (struct rescan){ .classifier_id = classifier_id, .wish = x->o->wish, .operator_name = x->o->operator_name };
	if (found < 0 || rescan_begin(x->store, x->r, now, err) < 0)
		return err->code;
	return note_run(x, false, now, err);
}

static int close_run(struct scanning *x, struct err *err)
{
	const int64_t now = clock_now_us();

	x->r->ended_at = now;
	x->r->at_post = x->r->last_post;
	if (rescan_keep(x->store, x->r, err) < 0)
		return err->code;
	return note_run(x, true, now, err);
}

static int in_transaction(struct scanning *x, int result, struct err *err)
{
	if (result < 0) {
		store_rollback(x->store);
		return result;
	}
	return store_commit(x->store, err);
}

/* One batch is stored while the next is being read. */
static int go(struct scanning *x, struct batch *now, struct batch *next, struct err *err)
{
	if (batch_load(x, x->r->at_post, now, err) < 0)
		return err->code;
	while (now->n) {
		struct batch *done = now;

		if (batch_load(x, now->posts[now->n - 1].id, next, err) < 0 ||
		    readers_read(x->readers, &now->texts, &next->texts, err) < 0 || store_batch(x, now, err) < 0)
			return err->code;
		if (x->o->went)
			x->o->went(x->o->owner, x->r);
		now = next;
		next = done;
	}
	return 0;
}

int rescan_run(struct store *s, const struct classifier *c, struct readers *r, const struct rescan_options *o, struct arena *a,
	       struct rescan *out, struct err *err)
{
	struct scanning x = { s, c, r, o, out };
	AUTO_FREE(arena) one = arena_new(LIMIT_ARENA);
	AUTO_FREE(arena) other = arena_new(LIMIT_ARENA);
	struct batch now = { .a = one }, next = { .a = other };

	if (begin(s, err) < 0 || in_transaction(&x, open_run(&x, a, clock_now_us(), err), err) < 0 ||
	    go(&x, &now, &next, err) < 0 || begin(s, err) < 0)
		return err->code;
	return in_transaction(&x, close_run(&x, err), err);
}
