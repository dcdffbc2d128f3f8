/* writer_schedule.c - when what was visited is visited again, and what its visits say of its source */
#include "base/digest.h"
#include "crawler/schedule.h"
#include "desk/writer.h"
#include "store/health.h"

/* From 0 to less than 1. */
static double chance(void)
{
	uint32_t bits;

	digest_random(&bits, sizeof(bits));
	return bits / ((double)UINT32_MAX + 1);
}

int64_t writer_plan(struct writer *w, int source, int64_t now, int64_t wait)
{
	int64_t due = wait ? schedule_due(writer_source(w, source), now, wait, chance()) : 0;

	if (due)
		writer_look_at(w, source, due);
	return due;
}

bool writer_is_list(const struct out *o)
{
	return o->kind == PAGE_LISTING || o->kind == PAGE_FEED || o->kind == PAGE_JSON;
}

/* The last page that is read of a list had nothing on it that was known: it moved on by more than it shows. */
static int note_gap(struct writer *w, const struct reading *r, struct err *err)
{
	const struct out *o = r->o;
	const struct list_gap gap = {
		.source_id = w->sources[o->source].id,
		.frontier_id = o->root ? o->root : o->id,
		.items = r->items * (o->depth + 1),
		.noted = o->depth > 0,
	};

	if (r->items == 0 || r->fresh_items < r->items || r->goes_on)
		return 0;
	return pulse_gap(w->store, &gap, r->now, err);
}

static int note_canary(struct writer *w, const struct out *o, bool seen, int64_t now, struct err *err)
{
	const struct source *s = writer_source(w, o->source);
	int64_t source_id = w->sources[o->source].id, due = now + s->canary_ms * 1000;

	if (s->canary.text.n == 0)
		return 0;
	return seen ? health_canary(w->store, source_id, o->id, now, due, err)
		    : health_canary_same(w->store, source_id, o->id, now, due, err);
}

int writer_note_visit(struct writer *w, const struct reading *r, struct err *err)
{
	const struct out *o = r->o;
	const struct poll poll = { r->now, r->items, r->fresh_items };

	if (r->page.unchanged)
		return writer_note_same(w, o, r->now, err);
	if (r->page.canary && note_canary(w, o, true, r->now, err) < 0)
		return err->code;
	if (!writer_is_list(o))
		return 0;
	if (note_gap(w, r, err) < 0)
		return err->code;
	return o->start ? pulse_poll(w->store, w->sources[o->source].id, o->id, &poll, err) : 0;
}

int writer_note_same(struct writer *w, const struct out *o, int64_t now, struct err *err)
{
	if (note_canary(w, o, false, now, err) < 0)
		return err->code;
	return o->start && writer_is_list(o) ? pulse_same(w->store, w->sources[o->source].id, o->id, now, err) : 0;
}
