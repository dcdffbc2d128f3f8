/* chain.c - the custody chain as bytes */
#include "store/chain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/sign.h"

enum {
	TEXT_MAX = 1 << 20, /* an entry; our own are under 2 kB */
	WINDOW = 256,	    /* how far from its place an entry is looked for */
	TRIES = 1000000,    /* digests spent on looking: about a second */
};

const char *const chain_fault_names[8] = { "altered",	"broken",    "removed", "inserted",
					   "reordered", "signature", "cut",	"rewritten" };

static const unsigned char *bytes(struct str s)
{
	return (const unsigned char *)s.p;
}

void entry_text(const struct entry *e, struct buf *out)
{
	char at[CLOCK_TEXT];
	int64_t fraction = (e->at % 1000000 + 1000000) % 1000000;

	clock_rfc3339(e->at, at);
	buf_printf(
		out,
		"watchdesk custody 1\nnode: %.*s\nsequence: %lld\nat: %.19s.%06lldZ\nact: %.*s\nsubject: %.*s\noperator: %.*s\n"
		"detail: %.*s\n",
		STR_ARG(e->node), (long long)e->sequence, at, (long long)fraction, STR_ARG(e->act), STR_ARG(e->subject),
		STR_ARG(e->operator_name), STR_ARG(e->detail));
}

void chain_link(const unsigned char before[DIGEST_BYTES], int64_t sequence, const unsigned char digest[DIGEST_BYTES],
		unsigned char out[DIGEST_BYTES])
{
	char one[DIGEST_HEX], two[DIGEST_HEX], line[2 * DIGEST_HEX + 32];
	int n = snprintf(line, sizeof(line), "%s %lld %s\n", digest_hex(before, DIGEST_BYTES, one), (long long)sequence,
			 digest_hex(digest, DIGEST_BYTES, two));

	digest_sha256((struct str){ line, (size_t)n }, out);
}

static void __attribute__((format(printf, 5, 6)))
problem(struct chain_walk *w, enum chain_fault fault, int64_t first, int64_t last, const char *format, ...)
{
	struct chain_problem p = { .fault = fault, .first = first, .last = last };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(p.text, sizeof(p.text), format, arguments);
	va_end(arguments);
	w->problems++;
	w->found(w->owner, &p);
}

/* "entry 5", "entries 5 to 7" */
static const char *named(int64_t first, int64_t last, char out[64])
{
	if (first == last)
		snprintf(out, 64, "entry %lld", (long long)first);
	else
		snprintf(out, 64, "entries %lld to %lld", (long long)first, (long long)last);
	return out;
}

static bool says(const struct entry *e, int64_t place, struct buf *text)
{
	struct entry moved = *e;
	unsigned char digest[DIGEST_BYTES];

	if (place < 1)
		return false;
	moved.sequence = place;
	buf_clear(text);
	entry_text(&moved, text);
	digest_sha256(buf_str(text), digest);
	return !text->full && memcmp(digest, e->digest.p, DIGEST_BYTES) == 0;
}

/* A line break inside a field could make two entries one text. */
static bool is_clean(const struct entry *e)
{
	const struct str fields[] = { e->act, e->subject, e->operator_name, e->detail };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		for (size_t k = 0; k < fields[i].n; k++)
			if ((unsigned char)fields[i].p[k] < ' ')
				return false;
	return e->digest.n == DIGEST_BYTES && e->hash.n == DIGEST_BYTES;
}

/* The place that an entry was written for, its text left in `text`; 0 when it was not written so at all. */
static int64_t place_of(struct chain_walk *w, const struct entry *e, struct buf *text)
{
	if (!is_clean(e))
		return 0;
	if (says(e, e->sequence + w->shift, text))
		return e->sequence + w->shift;
	for (int64_t k = 0; k <= WINDOW && w->tries < TRIES; k++) {
		w->tries += 2;
		if (says(e, e->sequence + k, text))
			return e->sequence + k;
		if (k && says(e, e->sequence - k, text))
			return e->sequence - k;
	}
	return 0;
}

static void odd_add(struct chain_walk *w, const struct entry *e)
{
	if (w->odd_n++ == 0)
		w->odd_first = e->sequence;
	w->odd_last = e->sequence;
	memset(w->odd_hash, 0, DIGEST_BYTES);
	if (e->hash.n == DIGEST_BYTES)
		memcpy(w->odd_hash, e->hash.p, DIGEST_BYTES);
}

/* What the entries that say nothing known are, now that the next one is written for `place`; 0 at the end of the chain. */
static void odd_settle(struct chain_walk *w, int64_t place)
{
	char names[64];

	if (w->odd_n == 0)
		return;
	if (place == w->last + 1) {
		problem(w, CHAIN_INSERTED, w->odd_first, w->odd_last,
			"%s: inserted between what was written as %lld and %lld; it is none that was written there",
			named(w->odd_first, w->odd_last, names), (long long)w->last, (long long)place);
	} else {
		problem(w, CHAIN_ALTERED, w->odd_first, w->odd_last,
			"%s: altered; what is there does not give the digest that was written",
			named(w->odd_first, w->odd_last, names));
		w->last += w->odd_n;
		memcpy(w->hash, w->odd_hash, DIGEST_BYTES);
		memcpy(w->computed, w->odd_hash, DIGEST_BYTES);
	}
	w->odd_n = 0;
}

/* Take a place out of what was thought missing: it stands elsewhere. */
static bool gap_take(struct chain_walk *w, int64_t place)
{
	for (size_t i = 0; i < w->n_gaps; i++) {
		struct chain_gap *g = &w->gaps[i];

		if (place < g->first || place > g->last)
			continue;
		if (place == g->first) {
			g->first++;
		} else if (place < g->last && w->n_gaps < sizeof(w->gaps) / sizeof(w->gaps[0])) {
			w->gaps[w->n_gaps++] = (struct chain_gap){ place + 1, g->last };
			g->last = place - 1;
		} else {
			g->last = place - 1;
		}
		return true;
	}
	return false;
}

static void gap_report(struct chain_walk *w, int64_t first, int64_t last)
{
	char names[64];

	if (first <= last)
		problem(w, CHAIN_REMOVED, first, last, "%s: removed; the chain goes from %lld to %lld",
			named(first, last, names), (long long)first - 1, (long long)last + 1);
}

static void gap_add(struct chain_walk *w, int64_t first, int64_t last)
{
	if (w->n_gaps < sizeof(w->gaps) / sizeof(w->gaps[0]))
		w->gaps[w->n_gaps++] = (struct chain_gap){ first, last };
	else
		gap_report(w, first, last);
	w->adrift = true;
}

static void broken_flush(struct chain_walk *w)
{
	char names[64];

	if (w->broken_first && w->broken_first == w->broken_last)
		problem(w, CHAIN_BROKEN, w->broken_first, w->broken_last,
			"entry %lld: broken; its hash does not follow from that of the entry before",
			(long long)w->broken_first);
	else if (w->broken_first)
		problem(w, CHAIN_BROKEN, w->broken_first, w->broken_last,
			"%s: broken; no hash follows from the one before, as when entries were exchanged and numbered anew",
			named(w->broken_first, w->broken_last, names));
	w->broken_first = 0;
}

/* Does the hash follow? When the one before was altered alone, this one follows from what that should be. */
static void link_check(struct chain_walk *w, const struct entry *e, int64_t place)
{
	unsigned char stored[DIGEST_BYTES], computed[DIGEST_BYTES];
	bool follows = w->adrift;

	chain_link(w->hash, place, bytes(e->digest), stored);
	chain_link(w->computed, place, bytes(e->digest), computed);
	follows = follows || memcmp(stored, e->hash.p, DIGEST_BYTES) == 0 || memcmp(computed, e->hash.p, DIGEST_BYTES) == 0;
	memcpy(w->hash, e->hash.p, DIGEST_BYTES);
	memcpy(w->computed, follows ? bytes(e->hash) : computed, DIGEST_BYTES);
	w->adrift = false;
	if (follows) {
		broken_flush(w);
		return;
	}
	if (!w->broken_first)
		w->broken_first = place;
	w->broken_last = place;
}

/* Put an entry into its place among those before. */
static void place_check(struct chain_walk *w, const struct entry *e, int64_t place)
{
	if (place > w->last) {
		if (place > w->last + 1)
			gap_add(w, w->last + 1, place - 1);
		link_check(w, e, place);
		w->last = place;
	} else if (gap_take(w, place)) {
		problem(w, CHAIN_REORDERED, place, place,
			"entry %lld: reordered; it was written as %lld and stands behind %lld", (long long)e->sequence,
			(long long)place, (long long)w->last);
	} else {
		problem(w, CHAIN_INSERTED, place, place,
			"entry %lld: inserted; it and another both say to be %lld, between %lld and %lld",
			(long long)e->sequence, (long long)place, (long long)place - 1, (long long)place + 1);
		if (place == w->last)
			memcpy(w->computed, e->hash.p, DIGEST_BYTES); /* the next follows from one of the two */
	}
}

static bool vouched(const struct chain_walk *w, struct str key)
{
	for (size_t i = 0; i < w->n_keys; i++)
		if (str_eq(w->keys[i], key))
			return true;
	return w->n_keys == 0;
}

static void signature_check(struct chain_walk *w, const struct entry *e, int64_t place, struct str text)
{
	bool signer = str_starts(e->detail, str_of(CHAIN_SIGNER)) && e->detail.n >= strlen(CHAIN_SIGNER) + DIGEST_HEX - 1;
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];
	struct sign_key *key;

	if (!signer && e->public_key.n == 0 && e->signature.n == 0)
		return;
	w->signatures++;
	digest_sha256(e->public_key, digest);
	if (signer && memcmp(e->detail.p + strlen(CHAIN_SIGNER), digest_hex(digest, DIGEST_BYTES, hex), DIGEST_HEX - 1) != 0) {
		problem(w, CHAIN_SIGNATURE, place, place,
			"entry %lld: its signature was taken away or is of another key than it names", (long long)place);
		return;
	}
	key = sign_public_read(e->public_key, NULL);
	if (!key || !sign_verifies(key, text, e->signature))
		problem(w, CHAIN_SIGNATURE, place, place, "entry %lld: its signature does not verify", (long long)place);
	else if (!vouched(w, e->public_key))
		problem(w, CHAIN_SIGNATURE, place, place, "entry %lld: signed with a key that is none of those given",
			(long long)place);
	sign_key_free(key);
}

static void anchors_check(struct chain_walk *w, const struct entry *e, int64_t place)
{
	size_t low = 0, high = w->n_anchors;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (w->anchors[middle].sequence < place)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < w->n_anchors && w->anchors[low].sequence == place; low++) {
		if (memcmp(w->anchors[low].hash, e->hash.p, DIGEST_BYTES) != 0) {
			if (w->foreign_n++ == 0)
				w->foreign = w->anchors[low];
		} else if (w->foreign_n == 0) {
			w->anchored = place;
		}
	}
}

void chain_next(struct chain_walk *w, const struct entry *e)
{
	AUTO(buf) text = BUF_INIT(TEXT_MAX);
	int64_t place = place_of(w, e, &text);

	w->entries++;
	if (!place) {
		odd_add(w, e);
		return;
	}
	odd_settle(w, place);
	w->shift = place - e->sequence;
	place_check(w, e, place);
	signature_check(w, e, place, buf_str(&text));
	anchors_check(w, e, place);
}

static void anchors_end(struct chain_walk *w)
{
	const struct chain_anchor *furthest = w->n_anchors ? &w->anchors[w->n_anchors - 1] : NULL;
	char was[DIGEST_HEX];

	if (w->foreign_n)
		problem(w, CHAIN_REWRITTEN, w->anchored + 1, w->foreign.sequence,
			"entries %lld to %lld: rewritten; at %lld %.*s has the hash %s, which the chain has not",
			(long long)w->anchored + 1, (long long)w->foreign.sequence, (long long)w->foreign.sequence,
			STR_ARG(str_slice(w->foreign.place, 0, 160)), digest_hex(w->foreign.hash, DIGEST_BYTES, was));
	if (furthest && furthest->sequence > w->last)
		problem(w, CHAIN_CUT, w->last + 1, furthest->sequence,
			"the chain ends at %lld: its tail was cut; %.*s knew entry %lld", (long long)w->last,
			STR_ARG(str_slice(furthest->place, 0, 160)), (long long)furthest->sequence);
}

void chain_end(struct chain_walk *w)
{
	odd_settle(w, 0);
	broken_flush(w);
	for (size_t i = 0; i < w->n_gaps; i++)
		gap_report(w, w->gaps[i].first, w->gaps[i].last);
	anchors_end(w);
}
