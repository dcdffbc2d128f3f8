/* acts.c - what an operator does to a finding */
#include "desk/triage/acts.h"

#include <stdio.h>

#include "base/clock.h"
#include "desk/marking.h"
#include "store/duty.h"

/* One act while it is being done: within a transaction. */
struct doing {
	const struct acting *w;
	const struct triage_act *act;
	struct finding_detail detail;
	struct queue_state before;
	struct arena *a;
	struct done *done;
	struct buf *said;
	int64_t now;
};

static const char *hour(int64_t at_us, char out[CLOCK_TEXT])
{
	clock_rfc3339(at_us, out);
	out[16] = '\0';
	return out + 11;
}

struct str acts_difference(const struct queue_state *before, const struct queue_state *now, struct arena *a)
{
	char at[CLOCK_TEXT];

	if (now->verdict_id != before->verdict_id)
		return arena_printf(a, "%.*s marked it %.*s at %s UTC", STR_ARG(now->judged_by), STR_ARG(now->verdict),
				    hour(now->judged_at, at));
	if (now->held_since != before->held_since || now->acknowledged_at != before->acknowledged_at)
		return now->holder.n
			       ? arena_printf(a, "%.*s has it since %s UTC", STR_ARG(now->holder), hour(now->held_since, at))
			       : STR("nobody has it any more");
	if (now->assessment_id != before->assessment_id)
		return STR("its text, or what was found in it, is another");
	return now->severity == before->severity
		       ? STR("")
		       : arena_printf(a, "its severity is %d now, not %d", now->severity, before->severity);
}

static struct duty_answer answer_of(const struct doing *x, struct str name)
{
	return (struct duty_answer){
		.finding_id = x->detail.finding.id, .name = name, .operator_name = x->w->operator_name, .how = STR("command")
	};
}

static int judge(struct doing *x, struct err *err)
{
	const struct marking m = { .store = x->w->store, .teller = x->w->teller, .operator_name = x->w->operator_name };
	int severity;

	if (str_eq(x->before.verdict, str_of(verdict_names[x->act->verdict]))) {
		buf_printf(x->said, "it is marked %s already", verdict_names[x->act->verdict]);
		return 0;
	}
	severity = marking_apply(&m, &x->detail, x->act->verdict, x->now, x->a, err);
	if (severity < 0)
		return severity;
	buf_printf(x->said, "%.8s is marked %s, severity %d", x->detail.finding.public_id.p, verdict_names[x->act->verdict],
		   severity);
	return 1;
}

static int acknowledge(struct doing *x, struct err *err)
{
	const struct duty_answer answer = answer_of(x, x->w->operator_name);
	int answered;

	if (x->before.holder.n) {
		buf_printf(x->said, "%.*s has it already", STR_ARG(x->before.holder));
		return 0;
	}
	answered = x->before.has_duty ? duty_acknowledge(x->w->store, &answer, x->now, err)
				      : duty_assign(x->w->store, &answer, x->now, err);
	if (answered < 0)
		return answered;
	buf_printf(x->said, "you have %.8s", x->detail.finding.public_id.p);
	return 1;
}

static int assign(struct doing *x, struct err *err)
{
	const struct duty_answer answer = answer_of(x, x->act->text);

	if (duty_assign(x->w->store, &answer, x->now, err) < 0)
		return err->code;
	buf_printf(x->said, "%.*s has %.8s", STR_ARG(x->act->text), x->detail.finding.public_id.p);
	return 1;
}

static int takedown(struct doing *x, struct err *err)
{
	const struct takedown_case c = { .finding_id = x->detail.finding.id,
					 .grounds = x->act->text,
					 .operator_name = x->w->operator_name };
	const struct str url = x->detail.finding.url;
	struct str id;
	int64_t target_id;

	if (takedown_open(x->w->store, &c, x->now, x->a, &x->done->takedown_id, &id, err) < 0 ||
	    (url.n &&
	     takedown_target_add(x->w->store, x->done->takedown_id, url, c.operator_name, x->now, &target_id, err) < 0))
		return err->code;
	buf_printf(x->said, "takedown %.8s of %.8s is open (%.*s)", id.p, x->detail.finding.public_id.p, STR_ARG(c.grounds));
	return 1;
}

static int mute(struct doing *x, struct err *err)
{
	struct mute m = { .rule = x->act->text, .operator_name = x->w->operator_name };
	int added;

	if (store_source(x->w->store, x->detail.finding.source, &m.source_id, err) < 0)
		return err->code;
	snprintf(x->done->rule, sizeof(x->done->rule), "%.*s", STR_ARG(m.rule));
	x->done->source_id = m.source_id;
	added = mute_add(x->w->store, &m, x->now, err);
	if (added >= 0)
		buf_printf(x->said, "rule %.*s %s for %.*s", STR_ARG(m.rule),
			   added ? "does not count any more" : "was muted already", STR_ARG(x->detail.finding.source));
	return added;
}

static int do_it(struct doing *x, struct err *err)
{
	switch (x->act->kind) {
	case ACT_JUDGE:
		return judge(x, err);
	case ACT_ACKNOWLEDGE:
		return acknowledge(x, err);
	case ACT_ASSIGN:
		return assign(x, err);
	case ACT_TAKEDOWN:
		return takedown(x, err);
	case ACT_MUTE:
		return mute(x, err);
	case ACT_NOTHING:
	case ACT_LOAD:
	case ACT_OPEN:
	case ACT_UNDO:
	case ACT_QUIT:
		break;
	}
	return 0;
}

static enum verdict verdict_named(struct str name)
{
	enum verdict out = VERDICT_NONE;
	struct err ignored;

	return marking_verdict(name, &out, &ignored) < 0 ? VERDICT_NONE : out;
}

/* Load it anew and compare, now that nobody else can write: ACTS_DONE when it stands as it was seen, or ACTS_CHANGED. */
static int begin(struct doing *x, struct str finding, const struct queue_state *seen, struct err *err)
{
	int found = finding_load(x->w->store, finding, x->a, &x->detail, err);

	if (found <= 0)
		return found < 0 ? found : err_set(err, E_USAGE, "finding %.8s is gone: it was purged", finding.p);
	if (queue_state(x->w->store, x->detail.finding.id, x->a, &x->before, err) < 0)
		return err->code;
	if (queue_same(seen, &x->before))
		return ACTS_DONE;
	buf_printf(x->said, "%.8s changed since you looked: %.*s", x->detail.finding.public_id.p,
		   STR_ARG(acts_difference(seen, &x->before, x->a)));
	return ACTS_CHANGED;
}

/* What it takes to take it back. */
static void remember(struct doing *x)
{
	struct done *d = x->done;

	d->kind = x->act->kind;
	d->finding_id = x->detail.finding.id;
	snprintf(d->finding, sizeof(d->finding), "%.*s", STR_ARG(x->detail.finding.public_id));
	snprintf(d->holder, sizeof(d->holder), "%.*s", STR_ARG(x->before.holder));
	d->before = verdict_named(x->before.verdict);
	d->had_duty = x->before.has_duty;
	d->was_answered = x->before.acknowledged_at != 0;
}

/* How the finding of an act stands: numbers only, for the words live no longer than the act. */
static int stand(struct doing *x, struct queue_state *out, struct err *err)
{
	if (queue_state(x->w->store, x->done->finding_id, x->a, out, err) < 0)
		return err->code;
	out->verdict = out->judged_by = out->holder = STR("");
	return 0;
}

static int all_of_it(struct doing *x, struct str finding, const struct queue_state *seen, struct err *err)
{
	int did = begin(x, finding, seen, err);

	if (did != ACTS_DONE)
		return did;
	remember(x);
	if (stand(x, &x->done->stood, err) < 0)
		return err->code;
	did = do_it(x, err);
	return did == ACTS_DONE && stand(x, &x->done->after, err) < 0 ? err->code : did;
}

/* End the transaction: nothing stays of what failed, or did nothing. */
static int end(struct store *s, int did, struct err *err)
{
	if (did != ACTS_DONE) {
		store_rollback(s);
		return did;
	}
	return store_commit(s, err) < 0 ? err->code : did;
}

int acts_do(const struct acting *w, const struct triage_act *act, struct str finding, const struct queue_state *seen,
	    struct done *done, struct buf *said, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct doing x = { .w = w, .act = act, .a = a, .done = done, .said = said, .now = clock_now_us() };
	int did;

	*done = (struct done){ .kind = ACT_NOTHING };
	if (store_begin(w->store, err) < 0)
		return err->code;
	did = end(w->store, all_of_it(&x, finding, seen, err), err);
	if (did != ACTS_DONE)
		done->kind = ACT_NOTHING;
	return did;
}

/* ---- undo ---- */

/* A judgement was an answer too: who had to answer has to again. */
static int unjudge(struct doing *x, const struct done *d, struct err *err)
{
	const struct marking m = {
		.store = x->w->store, .teller = x->w->teller, .operator_name = x->w->operator_name, .note = STR("taken back")
	};
	const struct duty_answer nobody = answer_of(x, STR(""));
	int severity = marking_apply(&m, &x->detail, d->before, x->now, x->a, err);

	if (severity < 0)
		return severity;
	if (d->had_duty && !d->was_answered && duty_return(x->w->store, &nobody, true, x->now, err) < 0)
		return err->code;
	buf_printf(x->said, "%.8s is marked %s again, severity %d", d->finding, verdict_names[d->before], severity);
	return 1;
}

static int unassign(struct doing *x, const struct done *d, struct err *err)
{
	const struct duty_answer answer = answer_of(x, str_of(d->holder));

	if ((answer.name.n ? duty_assign(x->w->store, &answer, x->now, err)
			   : duty_return(x->w->store, &answer, d->had_duty, x->now, err)) < 0)
		return err->code;
	buf_printf(x->said, "%s has %.8s again", answer.name.n ? d->holder : "nobody", d->finding);
	return 1;
}

static int close_takedown(struct doing *x, const struct done *d, struct err *err)
{
	int closed = takedown_close(x->w->store, d->takedown_id, x->w->operator_name, STR("undone"), x->now, err);

	if (closed >= 0)
		buf_printf(x->said, "the takedown of %.8s %s", d->finding, closed ? "is closed" : "was closed already");
	return closed;
}

static int unmute(struct doing *x, const struct done *d, struct err *err)
{
	const struct mute m = { .rule = str_of(d->rule), .source_id = d->source_id, .operator_name = x->w->operator_name };
	int gone = mute_remove(x->w->store, &m, x->now, err);

	if (gone >= 0)
		buf_printf(x->said, "rule %s %s", d->rule, gone ? "counts again" : "was not muted any more");
	return gone;
}

static int undo_it(struct doing *x, const struct done *d, struct err *err)
{
	int same;

	switch (d->kind) {
	case ACT_JUDGE:
		same = begin(x, str_of(d->finding), &d->after, err);
		return same == ACTS_DONE ? unjudge(x, d, err) : same;
	case ACT_ACKNOWLEDGE:
	case ACT_ASSIGN:
		same = begin(x, str_of(d->finding), &d->after, err);
		return same == ACTS_DONE ? unassign(x, d, err) : same;
	case ACT_TAKEDOWN:
		return close_takedown(x, d, err);
	case ACT_MUTE:
		return unmute(x, d, err);
	case ACT_NOTHING:
	case ACT_LOAD:
	case ACT_OPEN:
	case ACT_UNDO:
	case ACT_QUIT:
		break;
	}
	return ACTS_NOTHING;
}

int acts_undo(const struct acting *w, struct done *done, struct buf *said, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct doing x = { .w = w, .a = a, .done = done, .said = said, .now = clock_now_us() };
	int did;

	if (store_begin(w->store, err) < 0)
		return err->code;
	did = undo_it(&x, done, err);
	if (did == ACTS_DONE && stand(&x, &done->after, err) < 0)
		did = err->code;
	return end(w->store, did, err);
}
