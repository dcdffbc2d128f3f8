/* quoted.c - the earlier post whose words another one quotes */
#include "store/quoted.h"

#include <stdlib.h>

#include "base/limits.h"
#include "store/finding.h"
#include "store/internal.h"
#include "store/search.h"
#include "store/words.h"

enum {
	HELD = 100,		  /* ids that are asked for of one stretch: a letter that went round has many copies */
	READ = 5,		  /* of them, the oldest, whose texts are read ... */
	READ_BYTES = 256 << 10,	  /* ... when they are not longer than this: no letter is */
	LOOK_BYTES = 64 << 20,	  /* memory of one look: fifteen of them, coded, decoded and as words */
	WAITING = 2000,		  /* revisions of the queue, the newest, among which findings are looked for */
	WAITING_READ = 16,	  /* of those, whose texts are read ... */
	WAITING_BYTES = 16 << 10, /* ... when they are not longer than this */
	NAME = 200,		  /* bytes of a key or an address in the sentence */
};

static const char sentence_begins[] = "quotes post ", finding_begins[] = ", finding ";

/* A text that may be the original. */
struct candidate {
	int64_t revision_id;
	struct original post;
	bool quotes;	  /* it reports or quotes itself */
	struct str words; /* with a space at both ends */
	bool is_read;
};

/* One look for an original. */
struct look {
	struct store *store;
	struct arena *a;
	struct words *words;
	int64_t before; /* posts from this id on are later ones, or the post itself */
	struct candidate *waiting;
	size_t n_waiting;
	struct candidate best;
};

/* 1: a post that is new, or has a new text; 0: nothing of it will be stored. */
static int is_fresh(struct look *l, const struct quoting *q, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	struct query *row;
	int found = db_get(l->store->db, &row,
			   "SELECT post.id, revision.digest FROM post JOIN revision ON revision.post_id = post.id"
			   " WHERE source_id = :source AND key = :key ORDER BY revision.id DESC LIMIT 1",
			   ARGS(arg_int(":source", q->source_id), arg_text(":key", q->key)), NULL, err);

	l->before = INT64_MAX;
	if (found <= 0)
		return found < 0 ? found : 1;
	digest_sha256(q->text, digest);
	l->before = db_int(row, 0);
	found = !str_eq(db_text(row, 1), (struct str){ (const char *)digest, DIGEST_BYTES });
	db_end(row);
	return found;
}

/* Its words, a space at both ends, at most `most` of them (0 for all); empty when there are less than QUOTED_WORDS. */
static struct str padded(struct look *l, struct str text, size_t most)
{
	AUTO(buf) words = BUF_INIT(2 * LIMIT_TEXT);
	size_t end = 0, seen = 0;

	if (words_of(l->words, text, &words) < QUOTED_WORDS)
		return (struct str){ 0 };
	for (; end < words.n; end++)
		if (words.p[end] == ' ' && ++seen == most)
			break;
	return arena_printf(l->a, " %.*s ", (int)end, words.p);
}

/* What is known of a revision: 1, 0 it is not there or not an earlier post's. */
static int candidate_read(struct look *l, int64_t revision_id, struct candidate *c, struct err *err)
{
	struct query *q;
	struct str content, text;
	int64_t coding, size;
	int found = db_get(
		l->store->db, &q,
		"SELECT post.id, source.name, post.key, url, finding.public_id, coding, size, content,"
		" (SELECT count(*) FROM part WHERE part.assessment_id = finding.assessment_id AND part.part = '" QUOTED_PART
		"') FROM revision JOIN body ON body.id = body_id JOIN post ON post.id = revision.post_id"
		" JOIN source ON source.id = post.source_id LEFT JOIN finding ON finding.post_id = post.id"
		" WHERE revision.id = :id AND post.id < :before AND size <= :bytes",
		ARGS(arg_int(":id", revision_id), arg_int(":before", l->before), arg_int(":bytes", READ_BYTES)), NULL, err);

	if (found <= 0)
		return found;
	*c = (struct candidate){ .revision_id = revision_id,
				 .post = { db_int(q, 0), arena_copy(l->a, db_text(q, 1)), arena_copy(l->a, db_text(q, 2)),
					   arena_copy(l->a, db_text(q, 3)), arena_copy(l->a, db_text(q, 4)) },
				 .quotes = db_int(q, 8) > 0,
				 .is_read = true };
	coding = db_int(q, 5);
	size = db_int(q, 6);
	content = arena_copy(l->a, db_text(q, 7));
	db_end(q);
	if (body_decode(l->store, coding, size, content, l->a, &text, err) < 0)
		return err->code;
	c->words = padded(l, text, 0);
	return 1;
}

static int rank(const struct candidate *c)
{
	return c->post.post_id == 0 ? 0 : !c->post.finding.n ? 1 : c->quotes ? 2 : 3;
}

static void consider(struct look *l, const struct candidate *c, struct str phrase)
{
	int now = rank(c), best = rank(&l->best);

	if (now < best || (now == best && c->post.post_id > l->best.post.post_id))
		return;
	if (str_find(c->words, phrase) >= 0)
		l->best = *c;
}

/* Findings among what the index has not come to yet. */
static int read_waiting(struct look *l, struct err *err)
{
	struct query *q = db_ask(l->store->db,
				 "SELECT revision.id FROM (SELECT revision_id FROM index_queue ORDER BY revision_id DESC LIMIT "
				 ":waiting) AS latest"
				 " JOIN revision ON revision.id = revision_id JOIN body ON body.id = body_id"
				 " JOIN finding ON finding.post_id = revision.post_id"
				 " WHERE revision.post_id < :before AND size <= :bytes ORDER BY revision.id DESC LIMIT :most",
				 ARGS(arg_int(":waiting", WAITING), arg_int(":before", l->before),
				      arg_int(":bytes", WAITING_BYTES), arg_int(":most", WAITING_READ)),
				 err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0) {
		struct candidate *c = arena_push(l->a, &l->waiting, &l->n_waiting, sizeof(*c));

		*c = (struct candidate){ .revision_id = db_int(q, 0) };
	}
	for (size_t i = 0; more >= 0 && i < l->n_waiting; i++)
		more = candidate_read(l, l->waiting[i].revision_id, &l->waiting[i], err);
	return more < 0 ? more : 0;
}

static int by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* What the index holds of these words; an index that is not there, or that is damaged, holds nothing. */
static int look_in_index(struct look *l, struct search *x, struct str phrase, struct err *err)
{
	struct err its = { 0 };
	struct candidate c;
	int64_t *ids;
	size_t n;

	if (!x || search_holding(x, str_trim(phrase), HELD, l->a, &ids, &n, &its) < 0)
		return 0;
	if (n)
		qsort(ids, n, sizeof(*ids), by_id);
	for (size_t i = 0; i < n && i < READ; i++) {
		int found = candidate_read(l, ids[i], &c, err);

		if (found < 0)
			return found;
		if (found)
			consider(l, &c, phrase);
	}
	return 0;
}

/* The stretches as words: how many have enough of them. */
static size_t phrases_of(struct look *l, const struct quoting *q, struct str out[QUOTED_STRETCHES])
{
	size_t n = 0;

	for (size_t i = 0; i < q->n && n < QUOTED_STRETCHES; i++) {
		out[n] = padded(l, q->stretches[i], QUOTED_WINDOW);
		n += out[n].n > 0;
	}
	return n;
}

static int look_for(struct look *l, const struct str *phrases, size_t n, struct err *err)
{
	struct err its = { 0 };
	AUTO_FREE(search) x = search_open(l->store, false, &its);

	if (read_waiting(l, err) < 0)
		return err->code;
	for (size_t i = 0; i < n && rank(&l->best) < 3; i++) {
		if (look_in_index(l, x, phrases[i], err) < 0)
			return err->code;
		for (size_t k = 0; k < l->n_waiting; k++)
			if (l->waiting[k].is_read)
				consider(l, &l->waiting[k], phrases[i]);
	}
	return 0;
}

static int find_with(struct look *l, const struct quoting *q, struct err *err)
{
	AUTO_FREE(words) words = words_new();
	struct str phrases[QUOTED_STRETCHES];
	size_t n;

	l->words = words;
	n = phrases_of(l, q, phrases);
	return n ? look_for(l, phrases, n, err) : 0;
}

int quoted_find(struct store *s, const struct quoting *q, struct arena *a, struct original *out, struct err *err)
{
	AUTO_FREE(arena) its = arena_new(LOOK_BYTES);
	struct look l = { .store = s, .a = its };
	const struct original *best = &l.best.post;
	int fresh = q->n ? is_fresh(&l, q, err) : 0;

	if (fresh <= 0)
		return fresh;
	if (find_with(&l, q, err) < 0)
		return err->code;
	if (!best->post_id)
		return 0;
	*out = (struct original){ best->post_id, arena_copy(a, best->source), arena_copy(a, best->key),
				  arena_copy(a, best->url), arena_copy(a, best->finding) };
	return 1;
}

/* An address that nothing makes a link of. */
static struct str defanged(struct str url, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(8 * NAME);
	ssize_t colon = str_find(url, STR("://"));
	size_t host = colon < 0 ? 0 : (size_t)colon + 3, end = host;

	while (end < url.n && url.p[end] != '/')
		end++;
	for (size_t i = 0; i < url.n; i++) {
		bool in_scheme = colon > 0 && i < (size_t)colon;

		if (in_scheme && (url.p[i] == 't' || url.p[i] == 'T'))
			buf_add_char(&out, 'x');
		else if (i >= host && i < end && url.p[i] == '.')
			buf_add(&out, STR("[.]"));
		else
			buf_add_char(&out, url.p[i]);
	}
	return arena_copy(a, buf_str(&out));
}

static struct str beginning(struct str s)
{
	size_t end = s.n < NAME ? s.n : NAME;

	while (end > 0 && end < s.n && ((unsigned char)s.p[end] & 0xc0) == 0x80)
		end--;
	return str_slice(s, 0, end);
}

struct str quoted_sentence(const struct original *o, struct arena *a)
{
	struct str said = arena_printf(a, "%s%.*s of %.*s", sentence_begins, STR_ARG(beginning(o->key)),
				       STR_ARG(beginning(o->source)));

	if (o->url.n && !str_eq(o->url, o->key))
		said = arena_printf(a, "%.*s (%.*s)", STR_ARG(said), STR_ARG(defanged(beginning(o->url), a)));
	return o->finding.n ? arena_printf(a, "%.*s%s%.*s", STR_ARG(said), finding_begins, STR_ARG(o->finding)) : said;
}

struct str quoted_finding(const struct str *reasons, size_t n)
{
	const size_t id = FINDING_ID - 1, before = sizeof(finding_begins) - 1;

	for (size_t i = 0; i < n; i++) {
		struct str r = reasons[i];
		bool is_id = str_starts(r, str_of(sentence_begins)) && r.n > id + before &&
			     str_eq(str_slice(r, r.n - id - before, r.n - id), str_of(finding_begins));

		for (size_t k = r.n - id; is_id && k < r.n; k++)
			is_id = ascii_hex(r.p[k]) >= 0;
		if (is_id)
			return str_slice(r, r.n - id, r.n);
	}
	return (struct str){ 0 };
}
