/* writer_pages.c - what a worker made of a capture, checked and kept */
#include "base/clock.h"
#include "crawler/absence.h"
#include "crawler/schedule.h"
#include "desk/judge.h"
#include "desk/receipt.h"
#include "desk/writer.h"
#include "store/frontier.h"
#include "store/health.h"

static void note_found(struct writer *w, struct reading *r, const struct stored_result *result, int severity, struct str text)
{
	struct found *f = arena_push(w->a, &r->found, &r->n_found, sizeof(*f));

	*f = (struct found){ result->finding_id, result->assessment_id, severity, text };
}

static int keep_post(struct writer *w, struct reading *r, struct read_post *post, struct err *err)
{
	struct stored_post p = {
		.source_id = w->sources[r->o->source].id,
		.page_id = r->o->id,
		.capture_id = r->capture_id,
		.posted_zone = post->post.precision == PRECISION_NONE ? STR("")
			       : post->post.zone_known		      ? STR("stated")
								      : STR("UTC assumed"),
		.key = post->post.key,
		.url = post->post.url,
		.author = post->post.author,
		.author_id = post->post.author_id,
		.edited = post->post.edited,
		.title = post->post.title,
		.posted_raw = post->post.posted_raw,
		.posted_at = post->post.posted_at,
		.posted_precision = (int)post->post.precision,
		.posted_zone_known = post->post.zone_known,
	};
	struct stored_result result;

	if (judge(post, w->store, w->classifier_id, w->a, &p, err) < 0 || store_post(w->store, &p, r->now, &result, err) < 0 ||
	    writer_tell(w, r, post, &result, err) < 0)
		return err->code;
	if (result.finding_id)
		note_found(w, r, &result, p.assessment.severity, post->post.text);
	if (result.finding_id && writer_duty_found(w, result.finding_id, p.assessment.severity, r->now, err) < 0)
		return err->code;
	if (result.finding_id && writer_text_back(w, post, &result, r->now, err) < 0)
		return err->code;
	if (p.assessment.severity >= SCHEDULE_WATCHED && writer_follow(w, r, post, err) < 0)
		return err->code;
	w->group_posts++;
	r->items++;
	r->fresh_items += result.new_post;
	r->fresh += result.new_revision;
	r->severity = p.assessment.severity > r->severity ? p.assessment.severity : r->severity;
	w->round.posts += result.new_post;
	w->round.revisions += result.new_revision;
	w->round.findings += result.new_finding;
	return 0;
}

/* Nothing is on a page of which the source's visits say that something always was: its layout may have changed. */
static int class_of(struct writer *w, const struct reading *r, const char **name, struct err *err)
{
	struct pulse pulse;

	*name = problem_names[r->page.problem_class];
	if (r->page.problem_class != PROBLEM_EMPTY || !writer_is_list(r->o))
		return 0;
	if (pulse_of(w->store, w->sources[r->o->source].id, r->now, w->a, &pulse, err) < 0)
		return err->code;
	if (pulse.usual > 0)
		*name = "layout";
	return 0;
}

static int page_is_bad(struct writer *w, const struct reading *r, struct err *err)
{
	const struct out *o = r->o;
	struct health_failure f = { w->sources[o->source].id, o->start, NULL, r->receipt.url, r->page.problem };
	/* How far a file was read. Of a mailbox this mail is lost, and no other. */
	struct frontier_outcome outcome = { .tries = o->tries + 1,
					    .keeps = o->kind == PAGE_LOCAL,
					    .etag = o->kind == PAGE_MAILBOX ? r->page.etag : (struct str){ 0 } };
	int64_t wait = schedule_retry(writer_source(w, o->source), o->start, o->tries);
	struct gone gone = { 0 };

	if (r->page.problem_class == PROBLEM_LOGIN) {
		int put_back = writer_was_signed_out(w, o, r->now, err);

		if (put_back)
			return put_back < 0 ? put_back : 0;
	}
	w->round.failed++;
	if (class_of(w, r, &f.class_name, err) < 0)
		return err->code;
	if (str_eq(r->page.problem, STR("soft 404")) && writer_page_gone(w, o, r->now, &gone, err) < 0)
		return err->code;
	outcome.due_at = writer_plan(w, o->source, r->now, gone.unplaced ? ABSENCE_PATIENCE : wait);
	if (health_failed(w->store, &f, r->now, err) < 0)
		return err->code;
	return frontier_done(w->store, o->id, &outcome, err);
}

/* When it is visited again. A raw post that came back as it was is visited only because of what it said before. */
static struct frontier_outcome next_visit(struct writer *w, const struct reading *r)
{
	const struct read_page *page = &r->page;
	const struct out *o = r->o;
	const struct schedule_visit visit = {
		.kind = o->kind,
		.onwards = writer_is_list(o) && o->depth > 0,
		.calm = r->fresh ? 0 : o->calm + 1,
		.severity = page->unchanged ? SCHEDULE_WATCHED : r->severity,
		.wait = o->wait,
		.items = r->items,
		.fresh = r->fresh_items,
	};
	struct frontier_outcome next = { .wait = schedule_wait(writer_source(w, o->source), &visit), .calm = visit.calm };

	next.due_at = writer_plan(w, o->source, r->now, next.wait);
	if (r->unplaced) /* it has to be read again, also when it is the same */
		return next;
	next.etag = page->etag;
	next.last_modified = page->last_modified;
	next.body_digest = page->body_digest;
	return next;
}

/* The rest of the file was read, so the source is not failing. */
static int note_trouble(struct writer *w, const struct reading *r, struct err *err)
{
	const struct health_failure f = { w->sources[r->o->source].id, false, "content", r->receipt.url, r->page.trouble };

	return health_failed(w->store, &f, r->now, err);
}

static int keep_page(struct writer *w, struct reading *r, struct err *err)
{
	const struct read_page *page = &r->page;
	struct frontier_outcome outcome;

	if (r->o->kind == PAGE_TARGET)
		return writer_take_look(w, r, err);
	if (page->problem.n)
		return page_is_bad(w, r, err);
	w->round.fetched++;
	if (writer_keep_capture(w, r, err) < 0)
		return err->code;
	for (size_t i = 0; i < page->n_posts; i++)
		if (keep_post(w, r, &page->posts[i], err) < 0)
			return err->code;
	if (writer_take_answers(w, r, err) < 0 || writer_note_withheld(w, r, err) < 0 || writer_seal(w, r, err) < 0)
		return err->code;
	if (writer_keep_links(w, r, err) < 0 || writer_note_missing(w, r, err) < 0)
		return err->code;
	w->round.not_modified += page->unchanged;
	outcome = next_visit(w, r);
	if (page->more || r->o->again) {
		outcome.due_at = r->now;
		writer_look_at(w, r->o->source, r->now);
	}
	if (page->trouble.n && note_trouble(w, r, err) < 0)
		return err->code;
	if (health_success(w->store, w->sources[r->o->source].id, r->o->start, page->unchanged, r->fresh, r->now, err) < 0 ||
	    writer_note_visit(w, r, err) < 0)
		return err->code;
	return frontier_done(w->store, r->o->id, &outcome, err);
}

/* Is it what the net process fetched for this lease? */
static bool is_vouched_for(const struct writer *w, struct reading *r)
{
	const unsigned char *key = w->role->receipt_key;

	return receipt_take(r->page.receipt, key, &r->receipt) && r->receipt.job == r->o->id &&
	       r->receipt.ticket == r->o->ticket && (r->page.trail.n == 0 || receipt_is_of(&r->receipt, r->page.trail));
}

int writer_take_page(struct writer *w, struct message *m, struct err *err)
{
	struct reading r = { .now = clock_now_us() };
	int result;

	arena_clear(w->a);
	read_page_take(m, w->a, &r.page);
	if (m->bad || m->fields.n)
		return E_BAD;
	r.o = writer_out(w, r.page.id);
	if (!r.o) /* delivered twice, because its worker died between answering and saying so */
		return 0;
	if (!is_vouched_for(w, &r))
		return E_BAD;
	if (writer_open_group(w, err) < 0)
		return err->code;
	result = keep_page(w, &r, err);
	writer_end_out(w, r.o);
	return result;
}
