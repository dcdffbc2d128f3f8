/* terms.c - an index of names, looked up at each word of a folded text */
/*
 * Hot. A name is a row of tokens: words, or single characters where a script sets no blanks. The table holds the hash of every
 * beginning of a name that ends with a token: the walk over a text follows it token by token as long as the table knows the
 * beginning. The hash runs over letters only, so "theinterlude" has that of "the interlude". A bit filter over first tokens
 * stands in front and fits the second-level cache: most words of a text end there. What is found is compared letter by letter.
 */
#include "classify/terms.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/script.h"

enum {
	LEAST_LETTERS = 3, /* "ab" is everywhere ... */
	LEAST_JOINED = 2,  /* ... but two Han or Hangul characters are a name */
	MOST_TOKENS = 64,
	MOST_BYTES = 512,
	GAP = 8, /* bytes between two words: a line end, an indent, a quotation mark */
	LEAST_FILTER_BITS = 12,
	MOST_FILTER_BITS = 23, /* 1 MiB */
	FILTER_HASHES = 3,
	BATCH = 64,
};

#define LONGER 0x80000000u /* names go on behind this beginning */
#define START  0xcbf29ce484222325u

struct entry {
	uint32_t written, folded; /* places in the pool; the same when folding only made small letters */
	uint16_t n_written, n_folded;
	uint32_t owner;
	uint32_t next; /* another name with this hash, plus one */
	uint32_t kind;
};

struct slot {
	uint32_t tag;
	uint32_t value; /* LONGER, and the entry's index plus one; 0: free */
};

struct terms {
	char *pool;
	size_t n_pool, pool_room;
	struct entry *entries;
	size_t n, room;
	struct slot *slots;
	size_t n_slots; /* used */
	unsigned bits;	/* of the table's size */
	uint64_t *filter;
	unsigned filter_bits;
};

static inline uint64_t hash_byte(uint64_t h, unsigned char c)
{
	return (h ^ c) * 0x100000001b3u;
}

static inline uint64_t hash_bytes(uint64_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = hash_byte(h, (unsigned char)ascii_lower(p[i]));
	return h;
}

static inline uint32_t tag_of(uint64_t h)
{
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

/* Room for one more of `size` bytes, in steps of a half more. */
static void *grown(void *items, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return items;
	*room = *room ? *room + *room / 2 : 64;
	items = realloc(items, *room * size);
	MUST(items);
	return items;
}

struct terms *terms_new(void)
{
	struct terms *t = must_alloc(1, sizeof(*t));

	t->bits = 10;
	t->slots = must_alloc((size_t)1 << t->bits, sizeof(*t->slots));
	return t;
}

void terms_free(struct terms *t)
{
	if (!t)
		return;
	free(t->pool);
	free(t->entries);
	free(t->slots);
	free(t->filter);
	free(t);
}

static struct slot *slot_of(const struct terms *t, uint32_t tag)
{
	size_t mask = ((size_t)1 << t->bits) - 1, at = tag >> (32 - t->bits);

	while (t->slots[at].value && t->slots[at].tag != tag)
		at = (at + 1) & mask;
	return &t->slots[at];
}

static void grow_table(struct terms *t)
{
	struct slot *old = t->slots;
	size_t n = (size_t)1 << t->bits;

	t->bits++;
	t->slots = must_alloc((size_t)1 << t->bits, sizeof(*t->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].value)
			*slot_of(t, old[i].tag) = old[i];
	free(old);
}

/* The slot of a beginning, made when it is new. */
static struct slot *beginning(struct terms *t, uint32_t tag)
{
	struct slot *s = slot_of(t, tag);

	if (s->value)
		return s;
	if (t->n_slots + 1 > ((size_t)1 << t->bits) / 10 * 7) {
		grow_table(t);
		s = slot_of(t, tag);
	}
	t->n_slots++;
	s->tag = tag;
	return s;
}

/* Where the token that begins at `at` ends. */
static size_t token_end(struct str s, size_t at, enum script script, size_t length)
{
	return script == SCRIPT_SPACED ? script_word_end(s, at) : at + length;
}

/* Move on to the next letter; false at the end of `s` or, when `most` is not 0, behind so many other bytes. */
static bool to_letter(struct str s, size_t *at, size_t most, enum script *script, size_t *length)
{
	size_t start = *at;

	for (; *at < s.n; *at += *length) {
		*script = script_at(s, *at, length);
		if (*script != SCRIPT_NONE && *script != SCRIPT_UNSEEN)
			return true;
		if (most && *at - start >= most)
			return false;
	}
	return false;
}

/* What a name is made of. */
struct shape {
	uint64_t beginnings[MOST_TOKENS];
	size_t n, letters, joined;
};

static int shape_of(struct str folded, struct shape *out, struct err *err)
{
	enum script script;
	size_t at = 0, length;
	uint64_t h = START;

	*out = (struct shape){ 0 };
	while (to_letter(folded, &at, 0, &script, &length)) {
		size_t end = token_end(folded, at, script, length);

		if (out->n == MOST_TOKENS || folded.n > MOST_BYTES)
			return err_set(err, E_USAGE, "is too long to be looked for, expected at most %d words and %d bytes",
				       MOST_TOKENS, MOST_BYTES);
		h = hash_bytes(h, folded.p + at, end - at);
		out->beginnings[out->n++] = h;
		out->joined += script != SCRIPT_SPACED;
		for (; at < end; at += length) {
			script_at(folded, at, &length);
			out->letters++;
		}
	}
	if (out->letters < LEAST_LETTERS && out->joined < LEAST_JOINED)
		return err_set(err, E_USAGE, "is too short to be looked for, expected at least %d letters", LEAST_LETTERS);
	return 0;
}

static uint32_t keep_bytes(struct terms *t, struct str s)
{
	size_t at = t->n_pool;

	while (t->pool_room < t->n_pool + s.n) {
		t->pool_room = t->pool_room ? t->pool_room + t->pool_room / 2 : 4096;
		t->pool = realloc(t->pool, t->pool_room);
		MUST(t->pool);
	}
	memcpy(t->pool + at, s.p, s.n);
	t->n_pool += s.n;
	return (uint32_t)at;
}

static struct str pooled(const struct terms *t, uint32_t at, size_t n)
{
	return (struct str){ t->pool + at, n };
}

static bool known(const struct terms *t, const struct slot *s, struct str folded, enum terms_kind kind, uint32_t owner)
{
	for (uint32_t i = s->value & ~LONGER; i; i = t->entries[i - 1].next) {
		const struct entry *e = &t->entries[i - 1];

		if (e->owner == owner && e->kind == kind && str_eq_nocase(pooled(t, e->folded, e->n_folded), folded))
			return true;
	}
	return false;
}

int terms_add(struct terms *t, struct str written, struct str folded, enum terms_kind kind, uint32_t owner, struct err *err)
{
	struct shape shape;
	struct entry *e;
	struct slot *s;

	if (shape_of(folded, &shape, err) < 0)
		return err->code;
	if (written.n > MOST_BYTES || t->n_pool + 2 * MOST_BYTES > UINT32_MAX || t->n >= LIMIT_TERMS)
		return err_set(err, E_USAGE, "is one name too many, expected at most %d in all", LIMIT_TERMS);
	for (size_t i = 0; i + 1 < shape.n; i++)
		beginning(t, tag_of(shape.beginnings[i]))->value |= LONGER;
	s = beginning(t, tag_of(shape.beginnings[shape.n - 1]));
	if (known(t, s, folded, kind, owner))
		return 0;
	t->entries = grown(t->entries, t->n, &t->room, sizeof(*t->entries));
	e = &t->entries[t->n++];
	*e = (struct entry){ .written = keep_bytes(t, written),
			     .n_written = (uint16_t)written.n,
			     .n_folded = (uint16_t)folded.n,
			     .owner = owner,
			     .next = s->value & ~LONGER,
			     .kind = kind };
	e->folded = str_eq_nocase(written, folded) ? e->written : keep_bytes(t, folded);
	s->value = (s->value & LONGER) | (uint32_t)t->n;
	return 0;
}

/* All bits of one beginning are in one line of the cache. */
static inline uint64_t *filter_line(const struct terms *t, uint32_t tag)
{
	return t->filter + ((size_t)(tag >> (32 - t->filter_bits + 9)) << 3);
}

static inline uint64_t filter_bits_of(uint32_t tag, int which)
{
	uint32_t h = tag * 0x85ebca6bu;

	return (uint64_t)1 << (h >> (26 - 6 * which) & 63);
}

static inline size_t filter_word_of(uint32_t tag, int which)
{
	return tag * 0xc2b2ae35u >> (29 - 3 * which) & 7;
}

static inline bool may_begin(const struct terms *t, uint32_t tag)
{
	const uint64_t *line = filter_line(t, tag);

	for (int k = 0; k < FILTER_HASHES; k++)
		if (!(line[filter_word_of(tag, k)] & filter_bits_of(tag, k)))
			return false;
	return true;
}

void terms_seal(struct terms *t)
{
	t->filter_bits = LEAST_FILTER_BITS;
	while (t->filter_bits < MOST_FILTER_BITS && ((size_t)1 << t->filter_bits) < 12 * t->n_slots)
		t->filter_bits++;
	t->filter = aligned_alloc(64, ((size_t)1 << t->filter_bits) / 8);
	MUST(t->filter);
	memset(t->filter, 0, ((size_t)1 << t->filter_bits) / 8);
	for (size_t i = 0; i < (size_t)1 << t->bits; i++)
		for (int k = 0; k < FILTER_HASHES && t->slots[i].value; k++)
			filter_line(t, t->slots[i].tag)[filter_word_of(t->slots[i].tag, k)] |= filter_bits_of(t->slots[i].tag,
													      k);
}

size_t terms_count(const struct terms *t)
{
	return t->n;
}

size_t terms_memory(const struct terms *t)
{
	return t->pool_room + t->room * sizeof(*t->entries) + (((size_t)1 << t->bits) * sizeof(*t->slots)) +
	       ((size_t)1 << t->filter_bits) / 8;
}

/* ---- comparing ---- */

/* How many bytes at `at` may stand between the words of a name, or be missing there. */
static size_t loose(struct str s, size_t at)
{
	char c = s.p[at];

	if (ascii_is_space(c) || c == '-' || c == '_' || c == '\'' || c == '>' ||
	    (c == '.' && at + 1 < s.n && ascii_is_space(s.p[at + 1])))
		return 1;
	if (str_starts(str_slice(s, at, s.n), STR("\xe3\x83\xbb"))) /* U+30FB, between the words of a name in Kana */
		return 3;
	return str_starts(str_slice(s, at, s.n), STR("\xc2\xb7")) ? 2 : 0;
}

static size_t behind_loose(struct str s, size_t at)
{
	size_t n;

	while (at < s.n && (n = loose(s, at)))
		at += n;
	return at;
}

static bool same_letters(struct str name, struct str text)
{
	size_t i = 0, k = 0;

	for (;;) {
		i = behind_loose(name, i);
		k = behind_loose(text, k);
		if (i == name.n || k == text.n)
			return i == name.n && k == text.n;
		if (ascii_lower(name.p[i++]) != ascii_lower(text.p[k++]))
			return false;
	}
}

/* How many bytes of a name stand before its first letter; ".net" has one. */
static size_t lead_of(struct str name)
{
	enum script script;
	size_t at = 0, length;

	to_letter(name, &at, 0, &script, &length);
	return at;
}

/* ... and behind its last. */
static size_t trail_of(struct str name)
{
	size_t last = 0, length;

	for (size_t at = 0; at < name.n; at += length) {
		enum script script = script_at(name, at, &length);

		if (script != SCRIPT_NONE && script != SCRIPT_UNSEEN)
			last = at + length;
	}
	return name.n - last;
}

/* A Thai or Lao vowel sign or tone belongs to the letter before it: no word ends there. */
static bool mark_follows(struct str text, size_t end)
{
	unsigned char a, b, c;

	if (end + 2 >= text.n || (unsigned char)text.p[end] != 0xe0)
		return false;
	a = (unsigned char)text.p[end];
	b = (unsigned char)text.p[end + 1];
	c = (unsigned char)text.p[end + 2];
	return a == 0xe0 && ((b == 0xb8 && (c == 0xb1 || (c >= 0xb4 && c <= 0xba))) || (b == 0xb9 && c >= 0x87 && c <= 0x8e));
}

static bool continues_token(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-' || (c & 0x80);
}

/*
 * A package stands alone, or something inside it follows: com.example.inside.Thing, @example/thing/index. What stands behind an
 * @ is a host, but never example/thing.
 */
static bool token_stands_alone(struct str text, size_t start, size_t end)
{
	char before = start > 0 ? text.p[start - 1] : ' ';

	if (continues_token(before) || before == '.' || (before == '@' && memchr(text.p + start, '/', end - start)))
		return false;
	return end == text.n || !continues_token(text.p[end]);
}

static bool is_there(const struct terms *t, const struct entry *e, struct str text, size_t *start, size_t *end)
{
	struct str name = pooled(t, e->folded, e->n_folded);
	size_t lead = lead_of(name), trail = trail_of(name);

	if (lead > *start || *end + trail > text.n || mark_follows(text, *end))
		return false;
	*start -= lead;
	*end += trail;
	if (e->kind == TERMS_TOKEN)
		return str_eq_nocase(name, str_slice(text, *start, *end)) && token_stands_alone(text, *start, *end);
	return same_letters(name, str_slice(text, *start, *end));
}

/* ---- scanning ---- */

struct walk {
	const struct terms *t;
	struct str text;
	const struct terms_listener *listener;
	bool stopped;
};

static void tell(struct walk *w, const struct slot *s, size_t start, size_t end)
{
	for (uint32_t i = s->value & ~LONGER; i && !w->stopped; i = w->t->entries[i - 1].next) {
		const struct entry *e = &w->t->entries[i - 1];
		size_t from = start, to = end;

		if (is_there(w->t, e, w->text, &from, &to))
			w->stopped = !w->listener->found(w->listener->whose,
							 (struct term){ pooled(w->t, e->written, e->n_written), e->owner },
							 from, to);
	}
}

/* A token of the text, or several in a row: the hash of its letters. */
struct token {
	uint64_t h;
	uint32_t start, end;
};

/* Add the next token to `k`; false when none follows soon enough. */
static bool lengthen(const struct walk *w, struct token *k)
{
	enum script script;
	size_t at = k->end, length, end;

	if (!to_letter(w->text, &at, GAP, &script, &length))
		return false;
	end = token_end(w->text, at, script, length);
	if (end - at > MOST_BYTES)
		return false;
	k->h = hash_bytes(k->h, w->text.p + at, end - at);
	k->end = (uint32_t)end;
	return true;
}

/* Follow the table from `k` on as long as it knows the beginning. */
static void follow(struct walk *w, struct token k)
{
	for (int steps = 0; steps < MOST_TOKENS && !w->stopped; steps++) {
		const struct slot *s = slot_of(w->t, tag_of(k.h));

		if (!s->value)
			return;
		tell(w, s, k.start, k.end);
		if (!(s->value & LONGER) || !lengthen(w, &k))
			return;
	}
}

/* The small letter or digit that an ASCII one is; 0 for all else. */
#define SMALL(c) [c] = c, [c - 32] = c
static const unsigned char small[256] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8',
	['9'] = '9', SMALL('a'),  SMALL('b'),  SMALL('c'),  SMALL('d'),	 SMALL('e'),  SMALL('f'),  SMALL('g'),	SMALL('h'),
	SMALL('i'),  SMALL('j'),  SMALL('k'),  SMALL('l'),  SMALL('m'),	 SMALL('n'),  SMALL('o'),  SMALL('p'),	SMALL('q'),
	SMALL('r'),  SMALL('s'),  SMALL('t'),  SMALL('u'),  SMALL('v'),	 SMALL('w'),  SMALL('x'),  SMALL('y'),	SMALL('z'),
};
#undef SMALL

/* Tokens are looked up together, so that the memory that each needs is fetched while the others are read. */
struct batch {
	struct token tokens[BATCH];
	size_t n;
};

/* Read tokens from `at` on until the batch is full; where that ends. */
static size_t batch_read(const struct terms *t, struct str text, size_t at, bool *hangul_before, struct batch *b)
{
	while (at < text.n && b->n < BATCH) {
		size_t start = at, length = 1;
		enum script script = SCRIPT_SPACED;
		uint64_t h = START;

		while (at < text.n && small[(unsigned char)text.p[at]])
			h = hash_byte(h, small[(unsigned char)text.p[at++]]);
		if (at < text.n && (text.p[at] & 0x80)) {
			/* A word that goes on with other letters, or a character of a script without blanks. */
			script = script_at(text, at, &length);
			if (script == SCRIPT_SPACED) {
				size_t end = script_word_end(text, at);

				h = hash_bytes(h, text.p + at, end - at);
				at = end;
			} else if (at == start) {
				at += length;
				h = hash_bytes(h, text.p + start, length);
			} else {
				script = SCRIPT_SPACED;
			}
		} else if (at == start) {
			at++;
			script = SCRIPT_NONE;
		}
		if (script != SCRIPT_NONE && script != SCRIPT_UNSEEN && !(script == SCRIPT_HANGUL && *hangul_before)) {
			b->tokens[b->n++] = (struct token){ h, (uint32_t)start, (uint32_t)at };
			__builtin_prefetch(filter_line(t, tag_of(h)));
		}
		*hangul_before = script == SCRIPT_HANGUL;
	}
	return at;
}

/* Keep the tokens that pass the filter, and fetch their slots. */
static void batch_sift(const struct terms *t, struct batch *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++) {
		uint32_t tag = tag_of(b->tokens[i].h);

		if (!may_begin(t, tag))
			continue;
		__builtin_prefetch(&t->slots[tag >> (32 - t->bits)]);
		b->tokens[kept++] = b->tokens[i];
	}
	b->n = kept;
}

/* Tell those that are names, and go one token further with those that begin one. */
static void batch_step(struct walk *w, struct batch *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n && !w->stopped; i++) {
		const struct slot *s = slot_of(w->t, tag_of(b->tokens[i].h));
		struct token k = b->tokens[i];

		tell(w, s, k.start, k.end);
		if (!(s->value & LONGER) || !lengthen(w, &k))
			continue;
		__builtin_prefetch(filter_line(w->t, tag_of(k.h)));
		b->tokens[kept++] = k;
	}
	b->n = kept;
}

void terms_scan(const struct terms *t, struct str text, const struct terms_listener *listener)
{
	struct walk w = { t, text, listener, false };
	bool hangul_before = false;

	for (size_t at = 0; t->n && at < text.n && !w.stopped;) {
		struct batch b;

		b.n = 0;
		at = batch_read(t, text, at, &hangul_before, &b);
		batch_sift(t, &b);
		batch_step(&w, &b);
		batch_sift(t, &b);
		for (size_t i = 0; i < b.n && !w.stopped; i++)
			follow(&w, b.tokens[i]);
	}
}
