/* found.c - what the detectors of one text have found so far */
#include "classify/found.h"

#include <string.h>

#include "base/limits.h"

enum { SAMPLE = 100, SECRET_SHOWN = 32 };

static bool is_inside_character(struct str text, size_t at)
{
	return at < text.n && (text.p[at] & 0xc0) == 0x80;
}

struct span found_span(const struct found *f, size_t start, size_t end)
{
	while (start > 0 && is_inside_character(f->text, start))
		start--;
	while (is_inside_character(f->text, end))
		end++;
	return (struct span){ f->layer, start, end };
}

void found_weigh(struct found *f, enum category category, double weight)
{
	f->miss[category] *= 1 - weight;
}

void found_secret(struct found *f, struct span span)
{
	if (span.end > span.start)
		*(struct span *)arena_push(f->a, &f->hidden, &f->n_hidden, sizeof(span)) = span;
	if (span.end > span.start)
		*(struct span *)arena_push(f->a, &f->out->secrets, &f->out->n_secrets, sizeof(span)) = layers_root(&f->layers,
														   span);
}

/* FNV-1a of a rule and the bytes it hit. */
static uint64_t hash_of(const struct found *f, const struct hit *hit)
{
	struct span span = hit->secret.end > hit->secret.start ? hit->secret : hit->span;
	struct str pieces[] = { hit->rule, str_slice(f->text, span.start, span.end) };
	uint64_t h = 0xcbf29ce484222325u;

	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < pieces[k].n; i++)
			h = (h ^ (unsigned char)pieces[k].p[i]) * 0x100000001b3u;
	return h;
}

static bool was_seen(const struct found *f, uint64_t hash)
{
	for (size_t i = 0; i < f->n_seen; i++)
		if (f->seen[i] == hash)
			return true;
	return false;
}

static void keep(struct found *f, const struct hit *hit)
{
	struct hit *kept = arena_push(f->a, &f->out->hits, &f->out->n_hits, sizeof(*kept));

	*kept = *hit;
	kept->secret = layers_root(&f->layers, hit->secret);
	kept->outer = layers_root(&f->layers, hit->span);
	if (f->layer)
		kept->why = arena_printf(f->a, "%.*s; in %s of bytes %zu to %zu", STR_ARG(hit->why),
					 f->layers.items[f->layer].coding, kept->outer.start, kept->outer.end);
}

void found_hit(struct found *f, const struct hit *hit)
{
	uint64_t hash = hash_of(f, hit);

	if (hit->withhold)
		f->out->withheld = hit->rule;
	found_secret(f, hit->secret);
	if (f->layer && was_seen(f, hash))
		return;
	if (f->out->n_hits < LIMIT_HITS) {
		keep(f, hit);
		*(uint64_t *)arena_push(f->a, &f->seen, &f->n_seen, sizeof(hash)) = hash;
	} else if (!f->hits_full) {
		f->hits_full = true;
		found_reason(f, arena_printf(f->a, "more than %d hits: the rest is masked but not listed", LIMIT_HITS));
	}
}

void found_hide(const struct found *f, size_t start, char *bytes, size_t n)
{
	for (size_t i = 0; i < f->n_hidden; i++) {
		const struct span *s = &f->hidden[i];
		size_t from = s->start > start ? s->start - start : 0;

		for (size_t k = from; s->layer == f->layer && k < n && start + k < s->end; k++)
			bytes[k] = '*';
	}
}

void found_reason(struct found *f, struct str sentence)
{
	struct str *reason;

	if (f->out->n_reasons >= LIMIT_REASONS)
		return;
	reason = arena_push(f->a, &f->out->reasons, &f->out->n_reasons, sizeof(*reason));
	*reason = f->layer ? arena_printf(f->a, "in decoded %s: %.*s", f->layers.items[f->layer].coding, STR_ARG(sentence))
			   : sentence;
}

double found_weight_of(enum confidence confidence)
{
	static const double weights[] = { [CONFIDENCE_LOW] = 0.15, [CONFIDENCE_MEDIUM] = 0.6, [CONFIDENCE_HIGH] = 0.9 };

	return weights[confidence];
}

/* How many bytes of a token may be shown at its start and end: a quarter at most, nothing of short ones. */
static void shown_of(size_t n, size_t *front, size_t *back)
{
	*front = n >= 16 ? 4 : 0;
	*back = n >= 24 ? 2 : 0;
}

static void sample_secret(struct str secret, bool is_token, char *out, size_t *n)
{
	size_t front = 0, back = 0, stars;

	if (is_token)
		shown_of(secret.n, &front, &back);
	stars = secret.n - front - back;
	if (stars > SECRET_SHOWN)
		stars = SECRET_SHOWN;
	for (size_t i = 0; i < front; i++)
		out[(*n)++] = secret.p[i];
	memset(out + *n, '*', stars);
	*n += stars;
	for (size_t i = secret.n - back; i < secret.n; i++)
		out[(*n)++] = secret.p[i];
}

/* Copy plain text, whole characters only and no control characters. */
static void sample_plain(struct str s, char *out, size_t *n)
{
	for (size_t i = 0; i < s.n && *n < SAMPLE; i++) {
		unsigned char c = (unsigned char)s.p[i];

		out[(*n)++] = (char)(c < 0x20 || c >= 0x7f ? '.' : c);
	}
}

struct str found_sample(struct found *f, struct span whole, struct span secret)
{
	char *out = arena_alloc(f->a, 2 * SAMPLE);
	size_t n = 0;

	if (secret.end <= secret.start)
		secret.start = secret.end = whole.end;
	sample_plain(str_slice(f->text, whole.start, secret.start), out, &n);
	if (secret.end > secret.start) {
		struct str bytes = str_slice(f->text, secret.start, secret.end);
		/* A token that stands by itself begins with what its service calls it; a password shows nothing. */
		bool is_token = secret.start == whole.start && secret.end == whole.end && !memchr(bytes.p, ' ', bytes.n);
		size_t at = n;

		sample_secret(bytes, is_token, out, &n);
		for (; at < n; at++)
			if ((unsigned char)out[at] < 0x20 || (unsigned char)out[at] >= 0x7f)
				out[at] = '.';
	}
	sample_plain(str_slice(f->text, secret.end, whole.end), out, &n);
	return (struct str){ out, n };
}
