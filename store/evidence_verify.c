/* evidence_verify.c - each item and each byte of the segments against what the rows say */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/evidence.h"
#include "store/evidence_row.h"

enum { PAGE = 500 };

struct walk {
	struct store *store;
	struct evidence_check *check;
	struct segment_reader reader;
	struct buf plain;
	int64_t segment, at; /* in which file, where the next item must begin */
	bool lost;	     /* that file is not there: said once */
	struct buf known;    /* names of the segments that rows name, each ended by NUL */
};

static void walk_release(struct walk *w)
{
	segment_reader_release(&w->reader);
	buf_release(&w->plain);
	buf_release(&w->known);
}

static void __attribute__((format(printf, 2, 3))) tell(struct walk *w, const char *format, ...)
{
	char text[ERR_TEXT];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	w->check->problems++;
	w->check->found(w->check->owner, text);
}

/* Bytes that no row speaks of: an item whose row was taken away, or something put in between. */
static void tell_gap(struct walk *w, int64_t from, int64_t to)
{
	tell(w, "segments/%06lld.seg, offset %lld: %lld bytes that no row of the store knows", (long long)w->segment,
	     (long long)from, (long long)(to - from));
}

/* The file that was walked is over; what a running monitor is writing stands behind the last file only. */
static void end_segment(struct walk *w)
{
	struct err err = { 0 };
	int64_t size;

	if (w->segment && !w->lost && segment_size(&w->reader, w->segment, &size, &err) == 0 && size > w->at)
		tell_gap(w, w->at, size);
}

static void begin_segment(struct walk *w, int64_t segment)
{
	struct err err = { 0 };
	char name[SEGMENT_NAME];
	int64_t size;

	end_segment(w);
	w->segment = segment;
	w->at = SEGMENT_HEADER;
	segment_name(segment, name);
	buf_add(&w->known, (struct str){ name, strlen(name) + 1 });
	w->lost = segment_size(&w->reader, segment, &size, &err) < 0;
	if (w->lost)
		tell(w, "%.500s", err.text);
}

static const char *wrong_key(const struct sealed_row *r)
{
	if (r->forgotten && r->wrapped.n)
		return "it is said to be purged and still has its key";
	if (!r->forgotten && r->wrapped.n != SEAL_WRAPPED)
		return "its key is gone or cut, though it was not purged";
	if (r->digest.n != DIGEST_BYTES || r->content_digest.n != DIGEST_BYTES || r->key_id.n != DIGEST_BYTES)
		return "a digest in its row was altered";
	return NULL;
}

static void check_item(struct walk *w, const struct sealed_row *r)
{
	const struct seal_private *key = r->forgotten ? NULL : w->check->key;
	const char *wrong = wrong_key(r);
	struct err err = { 0 };

	if (wrong) {
		tell(w, "evidence %.*s: %s", STR_ARG(r->public_id), wrong);
		if (r->digest.n != DIGEST_BYTES)
			return;
		key = NULL;
	}
	if (w->lost)
		return;
	buf_clear(&w->plain);
	w->plain.full = false;
	if (evidence_row_open(&w->reader, r, key, &w->plain, &err) < 0)
		tell(w, "evidence %.*s: %.500s", STR_ARG(r->public_id), err.text);
}

static void take_item(struct walk *w, const struct sealed_row *r)
{
	struct evidence_check *c = w->check;

	if (r->place.segment != w->segment)
		begin_segment(w, r->place.segment);
	if (!w->lost && r->place.start > w->at)
		tell_gap(w, w->at, r->place.start);
	if (r->place.start < w->at)
		tell(w, "evidence %.*s: it overlaps the item before it in segments/%06lld.seg; its row was altered",
		     STR_ARG(r->public_id), (long long)w->segment);
	check_item(w, r);
	if (r->place.length > 0 && r->place.start <= INT64_MAX - r->place.length && r->place.start + r->place.length > w->at)
		w->at = r->place.start + r->place.length;
	c->items++;
	c->bytes += r->place.length;
	if (c->went && c->items % 64 == 0)
		c->went(c->owner, c->items, c->bytes);
}

/* The next rows behind (segment, start): how many. */
static int page_of_rows(struct walk *w, struct arena *a, const struct segment_place *after, struct sealed_row **rows, size_t *n,
			struct err *err)
{
	struct query *q = db_ask(w->store->db,
				 "SELECT " SEALED_ROW
				 " FROM evidence WHERE node_id = :node AND (segment, start_at) > (:segment, :start)"
				 " ORDER BY segment, start_at LIMIT :limit",
				 ARGS(arg_int(":node", w->store->node_id), arg_int(":segment", after->segment),
				      arg_int(":start", after->start), arg_int(":limit", PAGE)),
				 err);
	int found;

	*rows = NULL;
	*n = 0;
	if (!q)
		return err->code;
	while ((found = db_step(q, err)) > 0)
		sealed_row_take(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return found;
}

static int walk_rows(struct walk *w, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct segment_place after = { INT64_MIN, INT64_MIN, 0 };
	struct sealed_row *rows;
	size_t n;

	do {
		arena_clear(a);
		if (page_of_rows(w, a, &after, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			take_item(w, &rows[i]);
		if (n)
			after = rows[n - 1].place;
	} while (n == PAGE);
	return 0;
}

static bool is_known(const struct walk *w, const char *name)
{
	for (size_t at = 0; at < w->known.n; at += strlen(w->known.p + at) + 1)
		if (strcmp(w->known.p + at, name) == 0)
			return true;
	return false;
}

/* Files before the newest in which no row has an item: their rows were taken away. */
static void walk_files(struct walk *w)
{
	AUTO(buf) names = BUF_INIT(1 << 20);
	struct err err = { 0 };
	char folder[4096], newest[SEGMENT_NAME];

	snprintf(folder, sizeof(folder), "%s/segments", w->store->folder);
	if (w->segment == 0 || file_names(folder, &names, &err) < 0)
		return;
	segment_name(w->segment, newest);
	for (size_t at = 0; at < names.n; at += strlen(names.p + at) + 1) {
		const char *name = names.p + at;

		if (strlen(name) == strlen(newest) && str_ends(str_of(name), STR(".seg")) && strcmp(name, newest) < 0 &&
		    !is_known(w, name))
			tell(w, "segments/%s: no row of the store knows anything in it", name);
	}
}

static int count_elsewhere(struct walk *w, struct err *err)
{
	struct query *q;

	if (db_get(w->store->db, &q, "SELECT count(*) FROM evidence WHERE node_id <> :node",
		   ARGS(arg_int(":node", w->store->node_id)), "a count", err) < 0)
		return err->code;
	w->check->elsewhere = db_int(q, 0);
	db_end(q);
	return 0;
}

int evidence_verify(struct store *s, struct evidence_check *c, struct err *err)
{
	AUTO(walk)
	w = { .store = s,
	      .check = c,
	      .reader = { .folder = s->folder, .node = s->node },
	      .plain = BUF_INIT(LIMIT_ITEM),
	      .known = BUF_INIT(1 << 20) };

	c->items = c->bytes = c->problems = c->elsewhere = 0;
	if (walk_rows(&w, err) < 0 || count_elsewhere(&w, err) < 0)
		return err->code;
	walk_files(&w);
	return 0;
}
