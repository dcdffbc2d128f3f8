/* writer_outcomes.c - visits that gave no page: unchanged, failed, gone, put aside */
#include "base/clock.h"
#include "crawler/absence.h"
#include "crawler/schedule.h"
#include "desk/writer.h"
#include "store/frontier.h"
#include "store/health.h"

#define DAY	      INT64_C(86400000000) /* us */
#define MAILBOX_RETRY INT64_C(120000000)

/* An address whose posts were deleted with it is news, and no failure of the source. 0 when it is none. */
static int take_deletion(struct writer *w, const struct out *o, int64_t now, struct err *err)
{
	struct frontier_outcome outcome = { 0 };
	struct gone gone;

	if (writer_page_gone(w, o, now, &gone, err) < 0)
		return err->code;
	if (gone.deleted == 0 && gone.unplaced == 0)
		return 0;
	if (gone.unplaced)
		outcome.due_at = now + ABSENCE_PATIENCE;
	w->round.fetched++;
	if (health_success(w->store, w->sources[o->source].id, o->start, false, 0, now, err) < 0 ||
	    frontier_done(w->store, o->id, &outcome, err) < 0)
		return err->code;
	return 1;
}

/* When it is tried again. Of a mailbox soon, however long it has failed: somebody may have answered. */
static int64_t retry_wait(const struct writer *w, const struct out *o)
{
	int64_t wait = schedule_retry(writer_source(w, o->source), o->start, o->tries);

	return o->kind == PAGE_MAILBOX && wait > MAILBOX_RETRY ? MAILBOX_RETRY : wait;
}

static int take_failure(struct writer *w, struct out *o, const struct outcome *m, int64_t now, struct err *err)
{
	AUTO(buf) class_name = BUF_INIT(64);
	struct health_failure f = { w->sources[o->source].id, o->start, NULL, m->url, m->detail };
	struct frontier_outcome outcome = { .tries = o->tries + 1, .keeps = o->kind == PAGE_LOCAL || o->kind == PAGE_MAILBOX };

	buf_add(&class_name, m->class_name);
	f.class_name = class_name.p ? class_name.p : "HTTP";
	w->round.failed++;
	if (m->kind == OUTCOME_QUARANTINED) {
		if (health_quarantine(w->store, &f, o->id, now, err) < 0)
			return err->code;
		if ((o->kind == PAGE_LOCAL || o->kind == PAGE_MAILBOX) && m->etag.n) /* that piece, or mail, only is lost */
			outcome = (struct frontier_outcome){ .due_at = now, .etag = m->etag };
	} else {
		if (m->kind != OUTCOME_GONE || o->start)
			outcome.due_at = writer_plan(w, o->source, now, retry_wait(w, o));
		if (m->retry_at > outcome.due_at && outcome.due_at)
			outcome.due_at = m->retry_at;
		if (health_failed(w->store, &f, now, err) < 0)
			return err->code;
	}
	if (o->start && outcome.due_at == 0) /* its own address is never given up */
		outcome.due_at = now + DAY;
	if (outcome.due_at)
		writer_look_at(w, o->source, outcome.due_at);
	return frontier_done(w->store, o->id, &outcome, err);
}

/* A 304. */
static int take_same(struct writer *w, const struct out *o, int64_t now, struct err *err)
{
	const struct schedule_visit visit = {
		.kind = o->kind,
		.onwards = writer_is_list(o) && o->depth > 0,
		.calm = o->calm + 1,
		.severity = SCHEDULE_WATCHED,
		.wait = o->wait,
	};
	struct frontier_outcome next = { .wait = schedule_wait(writer_source(w, o->source), &visit), .calm = visit.calm };

	if (o->kind != PAGE_MAILBOX) { /* nothing new every ten seconds is no work */
		w->round.fetched++;
		w->round.not_modified++;
	}
	next.due_at = writer_plan(w, o->source, now, next.wait);
	if (o->again)
		next.due_at = now;
	if (health_success(w->store, w->sources[o->source].id, o->start, true, 0, now, err) < 0 ||
	    writer_page_same(w, o, now, err) < 0 || writer_note_same(w, o, now, err) < 0)
		return err->code;
	return frontier_again(w->store, o->id, &next, err);
}

int writer_take_outcome(struct writer *w, struct message *m, struct err *err)
{
	int64_t now = clock_now_us();
	struct outcome outcome;
	struct out *o;
	int result = 0;

	arena_clear(w->a);
	outcome_take(m, &outcome);
	if (!m->bad && outcome.id < 0)
		return writer_open_group(w, err) < 0 ? err->code : writer_sign_in_failed(w, &outcome, err);
	o = m->bad ? NULL : writer_out(w, outcome.id);
	if (!o)
		return 0;
	if (writer_open_group(w, err) < 0)
		return err->code;
	if (outcome.silent_origin.n && frontier_silence(w->store, outcome.silent_origin, outcome.retry_at, err) < 0)
		return err->code;
	if (outcome.kind == OUTCOME_NOT_MODIFIED && o->kind == PAGE_TARGET) {
		result = writer_look_same(w, o, now, err);
	} else if (outcome.kind == OUTCOME_NOT_MODIFIED) {
		result = take_same(w, o, now, err);
	} else if (outcome.kind == OUTCOME_RELEASED) {
		int64_t due = outcome.retry_at > now ? outcome.retry_at : now;

		writer_look_at(w, o->source, due);
		result = frontier_release(w->store, o->id, due, err);
	} else if (o->kind == PAGE_TARGET) {
		result = writer_look_failed(w, o, &outcome, now, err);
	} else {
		result = outcome.kind == OUTCOME_GONE ? take_deletion(w, o, now, err) : 0;
		if (result == 0)
			result = take_failure(w, o, &outcome, now, err);
	}
	writer_end_out(w, o);
	return result;
}
