/* writer_absence.c - posts that are not where they were: deleted, or moved to another page of their thread */
#include "base/limits.h"
#include "crawler/absence.h"
#include "desk/writer.h"
#include "store/post.h"

/* What is on a page now. */
struct presence {
	const struct str *keys;
	size_t n;
	bool whole; /* the page is all of its thread */
};

/* Mark what was deleted. Returns how many that were, and in *unplaced how many may have moved. */
static int mark_deleted(struct writer *w, int64_t page_id, const struct presence *now_there, int64_t now, size_t *unplaced,
			struct err *err)
{
	struct stored_place *places;
	struct absence_post *posts;
	struct str *keys; /* of those that are not missed */
	size_t n_places, n = 0;

	if (store_posts_at(w->store, page_id, w->a, &places, &n_places, err) < 0)
		return err->code;
	posts = arena_alloc(w->a, n_places * sizeof(*posts));
	keys = arena_alloc(w->a, n_places * sizeof(*keys));
	for (size_t i = 0; i < n_places; i++)
		posts[i] = (struct absence_post){ places[i].key, places[i].posted_at, places[i].dated, places[i].last_seen,
						  ABSENCE_NONE };
	*unplaced = absence_judge(posts, n_places, now_there->keys, now_there->n, now_there->whole, now);
	for (size_t i = 0; i < n_places; i++)
		if (posts[i].absence != ABSENCE_DELETED)
			keys[n++] = posts[i].key;
	return n == n_places ? 0 : store_posts_missing(w->store, page_id, keys, n, now, err);
}

/* A thread's page has posts of its own, and so has a raw text; lists and feeds roll on. */
static bool holds_posts(const struct out *o)
{
	return o->kind == PAGE_RAW || o->kind == PAGE_THREAD;
}

int writer_page_same(struct writer *w, const struct out *o, int64_t now, struct err *err)
{
	return holds_posts(o) || o->kind == PAGE_FILE ? store_posts_seen(w->store, o->id, now, err) : 0;
}

int writer_page_gone(struct writer *w, const struct out *o, int64_t now, struct gone *out, struct err *err)
{
	const struct presence nothing = { .whole = o->depth == 0 };

	*out = (struct gone){ 0 };
	if (!holds_posts(o))
		return 0;
	out->deleted = mark_deleted(w, o->id, &nothing, now, &out->unplaced, err);
	return out->deleted < 0 ? out->deleted : 0;
}

int writer_note_missing(struct writer *w, struct reading *r, struct err *err)
{
	const struct read_page *page = &r->page;
	struct str *keys = arena_alloc(w->a, page->n_posts * sizeof(*keys));
	struct presence there = { keys, page->n_posts, r->o->depth == 0 };

	if (page->unchanged)
		return writer_page_same(w, r->o, r->now, err);
	if (page->cut)
		return 0;
	if (page->n_withheld) /* they are there, but not to be named */
		return 0;
	if (r->o->kind != PAGE_THREAD || page->n_posts == 0 || page->n_posts >= LIMIT_POSTS) /* there may be more */
		return 0;
	for (size_t i = 0; i < page->n_posts; i++)
		keys[i] = page->posts[i].post.key;
	for (size_t i = 0; i < page->n_links; i++)
		there.whole &= page->links[i].kind != PAGE_THREAD; /* a further page */
	return mark_deleted(w, r->o->id, &there, r->now, &r->unplaced, err);
}
