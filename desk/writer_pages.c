/* writer_pages.c - what a worker made of a capture, checked and kept */
#include "base/clock.h"
#include "crawler/absence.h"
#include "crawler/local.h"
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
		.title = post->post.title,
		.posted_raw = post->post.posted_raw,
		.posted_at = post->post.posted_at,
		.posted_precision = (int)post->post.precision,
		.posted_zone_known = post->post.zone_known,
	};
	struct stored_result result;

	if (judge(post, w->store, w->classifier_id, w->a, &p, err) < 0 || store_post(w->store, &p, r->now, &result, err) < 0)
		return err->code;
	if (result.finding_id)
		note_found(w, r, &result, p.assessment.severity, post->post.text);
	w->group_posts++;
	r->fresh += result.new_revision;
	r->severity = p.assessment.severity > r->severity ? p.assessment.severity : r->severity;
	w->round.posts += result.new_post;
	w->round.revisions += result.new_revision;
	w->round.findings += result.new_finding;
	return 0;
}

static int add_link(struct writer *w, const struct out *o, const struct read_link *l, int64_t now, struct err *err)
{
	bool onwards = l->kind == o->kind && l->kind != PAGE_RAW; /* a further page of the same listing or thread */
	struct frontier_entry e = {
		.source_id = w->sources[o->source].id,
		.due_at = now,
		.kind = (int)l->kind,
		.depth = onwards ? o->depth + 1 : 0,
		.key = l->key,
		.url = l->url,
		.title = l->title,
	};
	int added;

	if (l->key.n == 0 || l->url.n > LIMIT_URL || local_is(l->url) != (o->kind == PAGE_FOLDER && l->kind == PAGE_LOCAL))
		return 0; /* no page from outside leads to a file of ours */
	if (onwards && e.depth >= writer_source(w, o->source)->pages)
		return 0;
	added = frontier_add(w->store, &e, err);
	if (added == 0 && l->kind == PAGE_LOCAL) /* it was told because it is another than it was */
		added = writer_wake(w, o->source, l->key, now, err);
	writer_look_at(w, o->source, now);
	return added < 0 ? added : 0;
}

static int page_is_bad(struct writer *w, const struct reading *r, struct err *err)
{
	const struct out *o = r->o;
	const struct health_failure f = { w->sources[o->source].id, o->start, "content", r->receipt.url, r->page.problem };
	struct frontier_outcome outcome = {
		.due_at = schedule_next_try(writer_source(w, o->source), o->start, o->tries, r->now),
		.tries = o->tries + 1,
		.keeps = o->kind == PAGE_LOCAL, /* how far it was read */
	};
	struct gone gone = { 0 };

	w->round.failed++;
	if (str_eq(r->page.problem, STR("soft 404")) && writer_page_gone(w, o, r->now, &gone, err) < 0)
		return err->code;
	if (gone.unplaced)
		outcome.due_at = r->now + ABSENCE_PATIENCE;
	writer_look_at(w, o->source, outcome.due_at ? outcome.due_at : INT64_MAX);
	if (health_failed(w->store, &f, r->now, err) < 0)
		return err->code;
	return frontier_done(w->store, o->id, &outcome, err);
}

/* When it is visited again. A raw post that came back as it was is visited only because of what it said before. */
static struct frontier_outcome next_visit(const struct writer *w, const struct reading *r)
{
	const struct read_page *page = &r->page;
	const struct schedule_visit visit = {
		.kind = r->o->kind,
		.calm = r->fresh ? 0 : r->o->calm + 1,
		.severity = page->unchanged ? SCHEDULE_WATCHED : r->severity,
	};

	if (r->unplaced) /* it has to be read again, also when it is the same */
		return (struct frontier_outcome){ .due_at = schedule_next_visit(writer_source(w, r->o->source), &visit, r->now),
						  .calm = visit.calm };
	return (struct frontier_outcome){ .due_at = schedule_next_visit(writer_source(w, r->o->source), &visit, r->now),
					  .calm = visit.calm,
					  .etag = page->etag,
					  .last_modified = page->last_modified,
					  .body_digest = page->body_digest };
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
	const size_t most = writer_source(w, r->o->source)->most_links;
	struct frontier_outcome outcome;

	w->round.fetched++;
	if (page->problem.n)
		return page_is_bad(w, r, err);
	if (writer_keep_capture(w, r, err) < 0)
		return err->code;
	for (size_t i = 0; i < page->n_posts; i++)
		if (keep_post(w, r, &page->posts[i], err) < 0)
			return err->code;
	if (writer_seal(w, r, err) < 0)
		return err->code;
	for (size_t i = 0; i < page->n_links && (!most || i < most); i++)
		if (add_link(w, r->o, &page->links[i], r->now, err) < 0)
			return err->code;
	if (writer_note_missing(w, r, err) < 0)
		return err->code;
	w->round.not_modified += page->unchanged;
	outcome = next_visit(w, r);
	if (page->more || r->o->again)
		outcome.due_at = r->now;
	if (page->trouble.n && note_trouble(w, r, err) < 0)
		return err->code;
	if (outcome.due_at)
		writer_look_at(w, r->o->source, outcome.due_at);
	if (health_success(w->store, w->sources[r->o->source].id, r->o->start, page->unchanged, r->fresh, r->now, err) < 0)
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
