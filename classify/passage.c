/* passage.c - does a text share a passage with a private document? */
/*
 * Hot when documents are registered. Each row of words is hashed under the key and asked of a bit filter; what passes is looked
 * up. Of what is known, those rows count that follow each other in the text as they do in the document: a phrase that two texts
 * share by chance stands alone.
 */
#include "classify/passage.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/shingle.h"

enum {
	MOST_FAMILIES = 3,   /* a row of more documents that are not drafts of each other is boilerplate */
	MOST_PLACES = 64,    /* of one row that are looked at: drafts */
	MOST_TOLD = 8,	     /* documents told of one text */
	MOST_SEEN = 1 << 16, /* known rows of one text; the first 200,000 words of a whole document */
	REACH = 60,	     /* words between two rows that belong together: some sentences were put in or left out */
	SLACK = 12,	     /* ... words more or less */
	LEAST_WORDS = 16,    /* of the text, from the first to the last shared word */
	LEAST_ROWS = 3,
	SURE_WORDS = 30,
	CHAINS = 4, /* passages of one document that may be under way at once */
	LEAST_BITS = 12,
	FILTER_HASHES = 3,
	BATCH = 64,
	MOST_BITS = 25, /* of the filter: 4 MiB */
};

struct passages {
	struct fingerprints *documents;
	uint32_t *first; /* of each value of the upper bits, and one more: the first row */
	unsigned first_bits;
	uint64_t *filter;
	unsigned filter_bits;
	unsigned char digest[DIGEST_BYTES];
};

/* ---- building ---- */

/* Is the row of [from, to), all of one hash, in too many documents that have nothing else in common? */
static bool is_boilerplate(const struct fingerprints *f, size_t from, size_t to)
{
	uint32_t families[MOST_FAMILIES];
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		uint32_t family = f->documents[f->rows[i].document].family;
		size_t k = 0;

		while (k < n && families[k] != family)
			k++;
		if (k < n)
			continue;
		if (n == MOST_FAMILIES)
			return true;
		families[n++] = family;
	}
	return false;
}

static void drop_boilerplate(struct fingerprints *f)
{
	size_t kept = 0, to;

	for (size_t from = 0; from < f->n_rows; from = to) {
		to = from + 1;
		while (to < f->n_rows && f->rows[to].hash == f->rows[from].hash)
			to++;
		if (is_boilerplate(f, from, to))
			continue;
		for (size_t i = from; i < to && i - from < MOST_PLACES; i++)
			f->rows[kept++] = f->rows[i];
	}
	f->n_rows = kept;
	for (size_t i = 0; i < f->n_documents; i++)
		f->documents[i].rows = 0;
	for (size_t i = 0; i < f->n_rows; i++)
		f->documents[f->rows[i].document].rows++;
}

static unsigned bits_for(size_t n, unsigned most)
{
	unsigned bits = LEAST_BITS;

	while (bits < most && ((size_t)1 << bits) < n)
		bits++;
	return bits;
}

/* All bits of one row are in one line of the cache; the lower half of its hash chooses them. */
static inline uint64_t *filter_line(const struct passages *p, uint64_t hash)
{
	return p->filter + ((size_t)(hash >> (64 - p->filter_bits + 9)) << 3);
}

static inline uint64_t filter_bit_of(uint64_t hash, int which)
{
	return (uint64_t)1 << (hash >> 9 * which & 63);
}

static inline size_t filter_word_of(uint64_t hash, int which)
{
	return hash >> (9 * which + 6) & 7;
}

static inline bool may_be_known(const struct passages *p, uint64_t hash)
{
	const uint64_t *line = filter_line(p, hash);

	for (int k = 0; k < FILTER_HASHES; k++)
		if (!(line[filter_word_of(hash, k)] & filter_bit_of(hash, k)))
			return false;
	return true;
}

static void make_index(struct passages *p)
{
	const struct fingerprints *f = p->documents;
	size_t next = 0, values;

	p->filter_bits = bits_for(16 * f->n_rows, MOST_BITS);
	p->filter = aligned_alloc(64, ((size_t)1 << p->filter_bits) / 8);
	MUST(p->filter);
	memset(p->filter, 0, ((size_t)1 << p->filter_bits) / 8);
	p->first_bits = bits_for(f->n_rows, MOST_BITS);
	values = (size_t)1 << p->first_bits;
	p->first = must_alloc(values + 1, sizeof(*p->first));
	for (size_t i = 0; i < f->n_rows; i++) {
		size_t value = f->rows[i].hash >> (64 - p->first_bits);

		for (int k = 0; k < FILTER_HASHES; k++)
			filter_line(p, f->rows[i].hash)[filter_word_of(f->rows[i].hash, k)] |= filter_bit_of(f->rows[i].hash,
													     k);
		while (next <= value)
			p->first[next++] = (uint32_t)i;
	}
	while (next <= values)
		p->first[next++] = (uint32_t)f->n_rows;
}

struct passages *passages_new(struct str bytes, const unsigned char key[DIGEST_KEY_BYTES], struct err *err)
{
	struct passages *p = must_alloc(1, sizeof(*p));

	if (bytes.n == 0)
		return p;
	p->documents = fingerprints_new(key);
	if (fingerprints_read(p->documents, bytes, err) < 0) {
		passages_free(p);
		return NULL;
	}
	digest_keyed(bytes, key, p->digest);
	drop_boilerplate(p->documents);
	make_index(p);
	return p;
}

void passages_free(struct passages *p)
{
	if (!p)
		return;
	fingerprints_free(p->documents);
	free(p->first);
	free(p->filter);
	free(p);
}

void passages_digest(const struct passages *p, unsigned char out[DIGEST_BYTES])
{
	memcpy(out, p->digest, DIGEST_BYTES);
}

size_t passages_memory(const struct passages *p)
{
	if (!p->documents)
		return 0;
	return p->documents->rows_room * sizeof(*p->documents->rows) + ((size_t)4 << p->first_bits) +
	       ((size_t)1 << p->filter_bits) / 8;
}

/* ---- reading ---- */

/* A row of the text that a document has. */
struct seen {
	uint32_t document, theirs; /* which word of it */
	uint32_t ours;		   /* which word of the text */
	uint32_t start, end;	   /* bytes of the folded text */
};

struct sightings {
	struct seen *items;
	size_t n;
};

static void look_up(const struct passages *p, struct found *f, const struct shingle *s, uint64_t hash, struct sightings *out)
{
	const struct fingerprint_row *rows = p->documents->rows;
	size_t i = p->first[hash >> (64 - p->first_bits)], places = 0;

	while (i < p->documents->n_rows && rows[i].hash < hash)
		i++;
	for (; i < p->documents->n_rows && rows[i].hash == hash && places < MOST_PLACES && out->n < MOST_SEEN; i++, places++)
		*(struct seen *)arena_push(f->a, &out->items, &out->n, sizeof(*out->items)) = (struct seen){
			rows[i].document, rows[i].word, (uint32_t)s->word, (uint32_t)s->start, (uint32_t)s->end,
		};
}

static int by_document(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->document != y->document)
		return x->document < y->document ? -1 : 1;
	if (x->ours != y->ours)
		return x->ours < y->ours ? -1 : 1;
	return x->theirs < y->theirs ? -1 : x->theirs > y->theirs;
}

/* Rows that follow each other in the text as in the document. */
struct chain {
	const struct seen *last;
	size_t rows, covered; /* covered: words of the text that are surely shared */
	uint32_t first_word, start;
};

/* What a text shares with one document. */
struct share {
	const struct fingerprint_document *document;
	size_t rows, covered;
	uint32_t start, end; /* bytes of the folded text, from the first to the last shared word */
};

static bool follows(const struct chain *c, const struct seen *s)
{
	int64_t ours = (int64_t)s->ours - c->last->ours, theirs = (int64_t)s->theirs - c->last->theirs;

	return ours > 0 && theirs > 0 && ours <= REACH && theirs <= REACH && llabs(ours - theirs) <= SLACK + ours / 2;
}

static void extend(struct chain *c, const struct seen *s)
{
	uint32_t ours = s->ours - c->last->ours;
	/* Between two rows that stand as near each other as rows are kept, all words are shared. */
	bool close = ours == s->theirs - c->last->theirs && ours <= FINGERPRINT_WINDOW + SHINGLE_WORDS;

	c->covered += close || ours < SHINGLE_WORDS ? ours : SHINGLE_WORDS;
	c->rows++;
	c->last = s;
}

/* Of 40 words that are shared six rows are known; two stand in many a text by chance, as "from the introduction by" does. */
static bool is_passage(const struct chain *c)
{
	return c->rows >= LEAST_ROWS && c->last->ours + SHINGLE_WORDS - c->first_word >= LEAST_WORDS &&
	       c->covered >= 2 * SHINGLE_WORDS;
}

static void count_chain(const struct chain *c, struct share *share)
{
	if (!c->last || !is_passage(c))
		return;
	share->start = share->rows && share->start < c->start ? share->start : c->start;
	share->end = share->end > c->last->end ? share->end : c->last->end;
	share->rows += c->rows;
	share->covered += c->covered;
}

/* The sightings [from, to) of one document. */
static struct share share_of(const struct passages *p, const struct seen *from, const struct seen *to)
{
	struct share share = { .document = &p->documents->documents[from->document] };
	struct chain chains[CHAINS] = { 0 };

	for (const struct seen *s = from; s < to; s++) {
		size_t best = CHAINS, oldest = 0;

		for (size_t i = 0; i < CHAINS; i++) {
			if (chains[i].last && follows(&chains[i], s) && (best == CHAINS || chains[i].rows > chains[best].rows))
				best = i;
			if (!chains[i].last || (chains[oldest].last && chains[i].last->ours < chains[oldest].last->ours))
				oldest = i;
		}
		if (best < CHAINS) {
			extend(&chains[best], s);
			continue;
		}
		count_chain(&chains[oldest], &share);
		chains[oldest] = (struct chain){ s, 1, SHINGLE_WORDS, s->ours, s->start };
	}
	for (size_t i = 0; i < CHAINS; i++)
		count_chain(&chains[i], &share);
	return share;
}

static int percent(size_t part, size_t whole)
{
	size_t x = whole ? (100 * part + whole / 2) / whole : 0;

	return x > 100 ? 100 : x == 0 ? 1 : (int)x;
}

/* What a text quotes is read twice, as it stands and without the signs of quoting. */
static bool was_told(const struct found *f, const struct fingerprint_document *d)
{
	for (size_t i = 0; f->layer && i < f->out->n_hits; i++)
		if (str_eq(f->out->hits[i].rule, STR("document-passage")) && str_eq(f->out->hits[i].masked, d->label))
			return true;
	return false;
}

static void tell(struct found *f, const struct folded *folded, const struct share *s, size_t words)
{
	const struct fingerprint_document *d = s->document;
	bool sure = s->covered >= SURE_WORDS;
	size_t start = s->start, end = s->end;
	struct hit hit = {
		.rule = STR("document-passage"),
		.label = STR("passage of a private document"),
		.kind = STR("document"),
		.confidence = sure ? CONFIDENCE_HIGH : CONFIDENCE_MEDIUM,
		.gravity = GRAVITY_HIGH,
		.asset = d->asset.n ? d->asset : STR("private documents"),
		.masked = d->label,
	};

	if (was_told(f, d))
		return;
	fold_back(folded, &start, &end);
	hit.span = found_span(f, start, end);
	hit.why = arena_printf(f->a,
			       "passage of a private document: about %zu words are shared with %.*s, %d %% of that document "
			       "and %d %% of this text",
			       s->covered, STR_ARG(d->label), percent(s->rows, d->rows), percent(s->covered, words));
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_LEAK, sure ? 0.9 : 0.6);
}

static bool more_shared(const struct share *a, const struct share *b)
{
	return a->covered > b->covered;
}

/* Of documents that are drafts of each other the one that shares most is told. */
static void take_share(struct share *best, size_t *n, const struct share *share)
{
	size_t at = 0;

	while (at < *n && best[at].document->family != share->document->family)
		at++;
	if (at == *n && *n == MOST_TOLD) {
		at = 0;
		for (size_t i = 1; i < *n; i++)
			if (more_shared(&best[at], &best[i]))
				at = i;
	}
	if (at == *n)
		best[(*n)++] = *share;
	else if (more_shared(share, &best[at]))
		best[at] = *share;
}

/* Rows of the text are looked up together, so that the memory that each needs is fetched while others are hashed. */
struct batch {
	struct shingle rows[BATCH];
	uint64_t hashes[BATCH];
	size_t n;
};

static void batch_read(const struct passages *p, struct shingles *words, struct batch *b)
{
	for (b->n = 0; b->n < BATCH && shingle_next(words, &b->rows[b->n]); b->n++) {
		b->hashes[b->n] = fingerprints_hash(p->documents, b->rows[b->n].hash);
		__builtin_prefetch(filter_line(p, b->hashes[b->n]));
	}
}

/* Keep what passes the filter. */
static void batch_sift(const struct passages *p, struct batch *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++) {
		if (!may_be_known(p, b->hashes[i]))
			continue;
		__builtin_prefetch(&p->first[b->hashes[i] >> (64 - p->first_bits)]);
		b->rows[kept] = b->rows[i];
		b->hashes[kept++] = b->hashes[i];
	}
	b->n = kept;
}

static void see_all(const struct passages *p, struct found *f, struct shingles *words, struct sightings *seen)
{
	struct batch b = { .n = BATCH };

	while (b.n) {
		batch_read(p, words, &b);
		if (b.n == 0)
			return;
		batch_sift(p, &b);
		for (size_t i = 0; i < b.n; i++)
			__builtin_prefetch(&p->documents->rows[p->first[b.hashes[i] >> (64 - p->first_bits)]]);
		for (size_t i = 0; i < b.n; i++)
			look_up(p, f, &b.rows[i], b.hashes[i], seen);
		b.n = BATCH;
	}
}

/* Tell each document of which enough was seen. */
static void tell_shares(const struct passages *p, const struct folded *folded, struct found *f, struct sightings *seen,
			size_t words)
{
	struct share best[MOST_TOLD];
	size_t n = 0;

	qsort(seen->items, seen->n, sizeof(*seen->items), by_document);
	for (size_t from = 0, to; from < seen->n; from = to) {
		struct share share;

		for (to = from + 1; to < seen->n && seen->items[to].document == seen->items[from].document;)
			to++;
		share = to - from > 1 ? share_of(p, seen->items + from, seen->items + to) : (struct share){ 0 };
		if (share.rows)
			take_share(best, &n, &share);
	}
	for (size_t i = 0; i < n; i++)
		tell(f, folded, &best[i], words);
}

void passages_scan(const struct passages *p, const struct folded *folded, struct found *found)
{
	struct shingles words = { .text = folded->text };
	struct sightings seen = { 0 };

	if (!p->documents || p->documents->n_rows == 0)
		return;
	see_all(p, found, &words, &seen);
	if (seen.n > 1)
		tell_shares(p, folded, found, &seen, words.words);
}
