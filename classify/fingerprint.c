/* fingerprint.c - private documents as keyed hashes of their words */
#include "classify/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/shingle.h"

enum { VERSION = 1, SHARERS = 256 /* documents with one row that are counted */ };

static const char magic[4] = { 'W', 'D', 'F', 'P' };

struct fingerprints *fingerprints_new(const unsigned char key[DIGEST_KEY_BYTES])
{
	struct fingerprints *f = must_alloc(1, sizeof(*f));

	f->arena = arena_new(LIMIT_FINGERPRINTS);
	memcpy(f->key, key, DIGEST_KEY_BYTES);
	return f;
}

void fingerprints_free(struct fingerprints *f)
{
	if (!f)
		return;
	arena_free(f->arena);
	free(f->rows);
	explicit_bzero(f->key, sizeof(f->key));
	free(f);
}

uint64_t fingerprints_hash(const struct fingerprints *f, uint64_t shingle)
{
	return digest_short(shingle, f->key);
}

/* ---- the file ---- */

static void put_number(struct buf *out, uint64_t x, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_add_char(out, (char)(x >> 8 * i));
}

static uint64_t take_number(struct str *in, size_t bytes, bool *bad)
{
	uint64_t x = 0;

	if (in->n < bytes) {
		*bad = true;
		in->n = 0;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		x |= (uint64_t)(unsigned char)in->p[i] << 8 * i;
	*in = str_slice(*in, bytes, in->n);
	return x;
}

static struct str take_text(struct fingerprints *f, struct str *in, bool *bad)
{
	size_t n = (size_t)take_number(in, 2, bad);
	struct str s = str_slice(*in, 0, n);

	*bad |= s.n < n;
	*in = str_slice(*in, s.n, in->n);
	return arena_copy(f->arena, s);
}

void fingerprints_write(const struct fingerprints *f, struct buf *out)
{
	unsigned char seal[DIGEST_BYTES];
	size_t start = out->n;

	buf_add(out, (struct str){ magic, sizeof(magic) });
	put_number(out, VERSION, 2);
	put_number(out, SHINGLE_WORDS, 1);
	put_number(out, FINGERPRINT_WINDOW, 1);
	put_number(out, f->n_documents, 4);
	put_number(out, f->n_rows, 8);
	for (size_t i = 0; i < f->n_documents; i++) {
		const struct fingerprint_document *d = &f->documents[i];

		put_number(out, d->label.n, 2);
		buf_add(out, d->label);
		put_number(out, d->asset.n, 2);
		buf_add(out, d->asset);
		put_number(out, d->words, 4);
		put_number(out, d->rows, 4);
		put_number(out, d->family, 4);
		put_number(out, (uint64_t)d->added_at, 8);
	}
	for (size_t i = 0; i < f->n_rows; i++) {
		put_number(out, f->rows[i].hash, 8);
		put_number(out, f->rows[i].document, 4);
		put_number(out, f->rows[i].word, 4);
	}
	digest_keyed(str_slice(buf_str(out), start, out->n), f->key, seal);
	buf_add(out, (struct str){ (const char *)seal, DIGEST_BYTES });
}

static void room_for(struct fingerprints *f, size_t n)
{
	if (n <= f->rows_room)
		return;
	f->rows_room = n > 2 * f->rows_room ? n : 2 * f->rows_room;
	f->rows = realloc(f->rows, f->rows_room * sizeof(*f->rows));
	MUST(f->rows);
}

static void read_documents(struct fingerprints *f, struct str *in, size_t n, bool *bad)
{
	for (size_t i = 0; i < n && !*bad; i++) {
		struct fingerprint_document *d = arena_push(f->arena, &f->documents, &f->n_documents, sizeof(*d));

		d->label = take_text(f, in, bad);
		d->asset = take_text(f, in, bad);
		d->words = (uint32_t)take_number(in, 4, bad);
		d->rows = (uint32_t)take_number(in, 4, bad);
		d->family = (uint32_t)take_number(in, 4, bad);
		d->added_at = (int64_t)take_number(in, 8, bad);
	}
}

static void read_rows(struct fingerprints *f, struct str *in, size_t n, bool *bad)
{
	*bad |= n != in->n / 16 || in->n % 16 != 0;
	if (*bad)
		return;
	room_for(f, n);
	for (; f->n_rows < n; f->n_rows++) {
		struct fingerprint_row *r = &f->rows[f->n_rows];

		r->hash = take_number(in, 8, bad);
		r->document = (uint32_t)take_number(in, 4, bad);
		r->word = (uint32_t)take_number(in, 4, bad);
		*bad |= r->document >= f->n_documents || (f->n_rows && r->hash < r[-1].hash);
	}
}

int fingerprints_read(struct fingerprints *f, struct str bytes, struct err *err)
{
	unsigned char seal[DIGEST_BYTES];
	struct str in = str_slice(bytes, 0, bytes.n < DIGEST_BYTES ? 0 : bytes.n - DIGEST_BYTES);
	uint64_t version, words, window, documents, rows;
	bool bad = !str_starts(in, (struct str){ magic, sizeof(magic) });

	if (bad)
		return err_set(err, E_BAD, "holds no fingerprints");
	digest_keyed(in, f->key, seal);
	if (memcmp(seal, in.p + in.n, DIGEST_BYTES) != 0)
		return err_set(err, E_BAD, "is damaged, or belongs to another fingerprint.key");
	in = str_slice(in, sizeof(magic), in.n);
	version = take_number(&in, 2, &bad);
	words = take_number(&in, 1, &bad);
	window = take_number(&in, 1, &bad);
	if (bad || version != VERSION || words != SHINGLE_WORDS || window != FINGERPRINT_WINDOW)
		return err_set(err, E_BAD, "was written by another version of watchdesk; register the documents again");
	documents = take_number(&in, 4, &bad);
	rows = take_number(&in, 8, &bad);
	read_documents(f, &in, documents, &bad);
	read_rows(f, &in, rows, &bad);
	return bad ? err_set(err, E_BAD, "is damaged") : 0;
}

/* ---- the documents ---- */

static int by_hash(const void *a, const void *b)
{
	const struct fingerprint_row *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->document != y->document)
		return x->document < y->document ? -1 : 1;
	return x->word < y->word ? -1 : x->word > y->word;
}

bool fingerprints_forget(struct fingerprints *f, struct str label)
{
	for (size_t i = 0; i < f->n_documents; i++)
		if (!f->documents[i].gone && str_eq(f->documents[i].label, label))
			return f->documents[i].gone = true;
	return false;
}

/* Close the gaps that forgotten documents leave. */
static void close_gaps(struct fingerprints *f)
{
	uint32_t *fresh = must_alloc(f->n_documents + 1, sizeof(*fresh)), n = 0;
	size_t kept = 0;

	for (size_t i = 0; i < f->n_rows; i++)
		if (!f->documents[f->rows[i].document].gone)
			f->rows[kept++] = f->rows[i];
	f->n_rows = kept;
	for (size_t i = 0; i < f->n_documents; i++) {
		fresh[i] = n;
		if (!f->documents[i].gone)
			f->documents[n++] = f->documents[i];
	}
	f->n_documents = n;
	for (size_t i = 0; i < f->n_rows; i++)
		f->rows[i].document = fresh[f->rows[i].document];
	free(fresh);
}

/* The places of all rows, those of one document together: those of document i end at ends[i]. */
static uint32_t *rows_by_document(const struct fingerprints *f, size_t *ends)
{
	uint32_t *places = must_alloc(f->n_rows + 1, sizeof(*places));
	size_t at = 0;

	for (size_t i = 0; i < f->n_rows; i++)
		ends[f->rows[i].document]++;
	for (size_t i = 0; i < f->n_documents; i++) {
		size_t n = ends[i];

		ends[i] = at;
		at += n;
	}
	for (size_t i = 0; i < f->n_rows; i++)
		places[ends[f->rows[i].document]++] = (uint32_t)i;
	return places;
}

/* Count the earlier documents that have the row at `place` too; it is the first of its hash in its own document. */
static void count_sharers(const struct fingerprints *f, size_t place, uint32_t *shared)
{
	const struct fingerprint_row *r = f->rows;
	uint32_t last = r[place].document;

	for (size_t i = place, n = 0; i-- > 0 && r[i].hash == r[place].hash && n < SHARERS; n++)
		if (r[i].document != last) {
			last = r[i].document;
			shared[last]++;
		}
}

/* Drafts of one text: each belongs to the earlier document with which it shares most, and half at least of the shorter. */
static void find_families(struct fingerprints *f)
{
	size_t *ends = must_alloc(f->n_documents + 1, sizeof(*ends)), from = 0;
	uint32_t *places = rows_by_document(f, ends), *shared = must_alloc(f->n_documents + 1, sizeof(*shared));

	for (size_t i = 0; i < f->n_documents; from = ends[i++]) {
		struct fingerprint_document *d = &f->documents[i];
		size_t best = 0;

		memset(shared, 0, i * sizeof(*shared));
		for (size_t k = from; k < ends[i]; k++)
			count_sharers(f, places[k], shared);
		d->family = (uint32_t)i;
		for (size_t k = 0; k < i; k++) {
			size_t least = d->rows < f->documents[k].rows ? d->rows : f->documents[k].rows;

			if (shared[k] > best && 2 * shared[k] >= least) {
				best = shared[k];
				d->family = f->documents[k].family;
			}
		}
	}
	free(ends);
	free(places);
	free(shared);
}

void fingerprints_settle(struct fingerprints *f)
{
	close_gaps(f);
	if (f->n_rows)
		qsort(f->rows, f->n_rows, sizeof(*f->rows), by_hash);
	find_families(f);
}

/* Rows of a document as they come, with the window over the last of them. */
struct winnow {
	struct fingerprints *f;
	uint64_t hashes[FINGERPRINT_WINDOW];
	size_t seen;
	size_t kept; /* one more than the place of the row that was kept last; 0 for none */
};

/* The place of the smallest hash of the last rows, the later of equals. */
static size_t smallest(const struct winnow *w)
{
	size_t first = w->seen > FINGERPRINT_WINDOW ? w->seen - FINGERPRINT_WINDOW : 0, best = first;

	for (size_t i = first; i < w->seen; i++)
		if (w->hashes[i % FINGERPRINT_WINDOW] <= w->hashes[best % FINGERPRINT_WINDOW])
			best = i;
	return best;
}

static void keep_smallest(struct winnow *w)
{
	struct fingerprints *f = w->f;
	size_t best = smallest(w);

	if (best + 1 == w->kept)
		return;
	w->kept = best + 1;
	room_for(f, f->n_rows + 1);
	f->rows[f->n_rows++] = (struct fingerprint_row){ w->hashes[best % FINGERPRINT_WINDOW], (uint32_t)f->n_documents,
							 (uint32_t)best };
}

int fingerprints_add(struct fingerprints *f, struct str label, struct str asset, struct str folded, int64_t now,
		     struct err *err)
{
	struct shingles words = { .text = folded };
	struct winnow w = { .f = f };
	struct fingerprint_document *d;
	struct shingle shingle;
	size_t from = f->n_rows;

	fingerprints_forget(f, label);
	if (f->n_documents >= LIMIT_DOCUMENTS || label.n > LIMIT_FIELD || asset.n > LIMIT_FIELD)
		return err_set(err, E_LIMIT, "more than %d documents, or a label of more than %d bytes", LIMIT_DOCUMENTS,
			       LIMIT_FIELD);
	while (shingle_next(&words, &shingle)) {
		w.hashes[w.seen++ % FINGERPRINT_WINDOW] = fingerprints_hash(f, shingle.hash);
		if (w.seen >= FINGERPRINT_WINDOW)
			keep_smallest(&w);
	}
	if (words.words < FINGERPRINT_LEAST_WORDS || words.words > UINT32_MAX ||
	    f->n_rows * sizeof(*f->rows) > LIMIT_FINGERPRINTS) {
		f->n_rows = from;
		return words.words < FINGERPRINT_LEAST_WORDS
			       ? err_set(err, E_BAD, "has %zu words, expected at least %d: less is not recognised for sure",
					 words.words, FINGERPRINT_LEAST_WORDS)
			       : err_set(err, E_LIMIT, "the documents together are more than can be held in memory");
	}
	d = arena_push(f->arena, &f->documents, &f->n_documents, sizeof(*d));
	*d = (struct fingerprint_document){
		.label = arena_copy(f->arena, label),
		.asset = arena_copy(f->arena, asset),
		.words = (uint32_t)words.words,
		.rows = (uint32_t)(f->n_rows - from),
		.added_at = now,
	};
	return 0;
}
