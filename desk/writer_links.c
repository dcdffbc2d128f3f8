/* writer_links.c - what a page leads to: posts and threads, and its own further pages */
#include "crawler/local.h"
#include "desk/writer.h"
#include "store/frontier.h"

/* A further page of the same list or thread. */
static bool is_onwards(const struct out *o, const struct read_link *l)
{
	return l->kind == o->kind && l->kind != PAGE_RAW;
}

/* No page from outside leads to a file of ours, and no folder to anything else. */
static bool is_usable(const struct out *o, const struct read_link *l)
{
	bool local = o->kind == PAGE_FOLDER && l->kind == PAGE_LOCAL;

	return l->key.n > 0 && l->url.n <= LIMIT_URL && local_is(l->url) == local && (local || l->kind < PAGE_FOLDER);
}

static struct frontier_entry entry_of(const struct writer *w, const struct reading *r, const struct read_link *l)
{
	return (struct frontier_entry){
		.source_id = w->sources[r->o->source].id,
		.due_at = r->now,
		.kind = (int)l->kind,
		.key = l->key,
		.url = l->url,
		.title = l->title,
		.activity = l->activity,
	};
}

/* A post or a thread: known already, it may have moved. */
static int keep_link(struct writer *w, struct reading *r, const struct read_link *l, struct err *err)
{
	const struct frontier_entry e = entry_of(w, r, l);
	int fresh = frontier_add(w->store, &e, err), moved = 0;

	if (fresh < 0)
		return fresh;
	r->items++;
	r->fresh_items += fresh;
	if (!fresh && l->kind == PAGE_LOCAL) /* it was told because it is another than it was */
		moved = writer_wake(w, r->o->source, l->key, r->now, err);
	else if (!fresh && l->activity.n)
		moved = frontier_moved(w->store, &e, err);
	if (fresh || moved > 0)
		writer_look_at(w, r->o->source, r->now);
	return moved < 0 ? moved : 0;
}

/*
 * A further page of a list is visited when this one has nothing but news: what was known is where we stopped. One of a thread
 * is visited once and then by itself; a thread that grows under our eyes is followed beyond the pages that are read of an old
 * one.
 */
static bool goes_on(const struct writer *w, const struct reading *r)
{
	const struct out *o = r->o;
	bool within = o->depth + 1 < writer_source(w, o->source)->pages;

	if (writer_is_list(o))
		return within && r->items > 0 && r->fresh_items == r->items;
	return within || (r->fresh > 0 && r->fresh < (int64_t)r->page.n_posts);
}

static int keep_onwards(struct writer *w, struct reading *r, const struct read_link *l, struct err *err)
{
	struct frontier_entry e = entry_of(w, r, l);
	int fresh;

	e.depth = r->o->depth + 1;
	e.root = r->o->root ? r->o->root : r->o->id;
	if (!goes_on(w, r))
		return 0;
	r->goes_on = true;
	fresh = frontier_add(w->store, &e, err);
	if (fresh == 0 && writer_is_list(r->o) && frontier_call(w->store, &e, err) < 0)
		return err->code;
	writer_look_at(w, r->o->source, r->now);
	return fresh < 0 ? fresh : 0;
}

/* The words that lead to a text elsewhere: which source, and what its post is called. */
static struct str words_of_link(const struct writer *w, const struct reading *r, const struct read_post *post)
{
	struct str from = arena_printf(w->a, "linked in %.*s", STR_ARG(writer_source(w, r->o->source)->name.text));
	struct str title = post->post.title;

	if (title.n == 0 || from.n + 2 + title.n > LIMIT_FIELD)
		return from;
	return arena_printf(w->a, "%.*s: %.*s", STR_ARG(from), STR_ARG(title));
}

int writer_follow(struct writer *w, const struct reading *r, const struct read_post *post, struct err *err)
{
	struct frontier_entry e = { .due_at = r->now, .kind = PAGE_RAW, .depth = 1, .title = words_of_link(w, r, post) };

	for (size_t i = 0; i < post->n_followed; i++) {
		const struct followed *f = &post->followed[i];
		int fresh;

		if (f->source >= (int64_t)w->role->config->n_sources || !writer_source(w, (int)f->source)->followed ||
		    f->key.n == 0 || f->url.n > LIMIT_URL)
			continue;
		e.source_id = w->sources[f->source].id;
		e.key = f->key;
		e.url = f->url;
		fresh = frontier_add(w->store, &e, err);
		if (fresh < 0)
			return fresh;
		if (fresh > 0)
			writer_look_at(w, (int)f->source, r->now);
	}
	return 0;
}

int writer_keep_links(struct writer *w, struct reading *r, struct err *err)
{
	const struct read_page *page = &r->page;
	const size_t most = writer_source(w, r->o->source)->most_links;
	size_t n = !most || page->n_links < most ? page->n_links : most;

	for (size_t i = 0; i < n; i++)
		if (is_usable(r->o, &page->links[i]) && !is_onwards(r->o, &page->links[i]) &&
		    keep_link(w, r, &page->links[i], err) < 0)
			return err->code;
	for (size_t i = 0; i < n; i++)
		if (is_usable(r->o, &page->links[i]) && is_onwards(r->o, &page->links[i]) &&
		    keep_onwards(w, r, &page->links[i], err) < 0)
			return err->code;
	return 0;
}
