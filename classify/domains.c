/* domains.c - the desk's domains */
/* Hot: asked of each host of a text. A hash of labels and a bit filter; no list is walked. */
#include "classify/domains.h"

#include <stdlib.h>
#include <string.h>

#include <libpsl.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/punycode.h"

enum { LEAST_BITS = 10, FILTER_FACTOR = 4 };

#define START 0xcbf29ce484222325u

struct domains {
	struct arena *arena;
	struct domain *items;
	size_t n, room;
	uint32_t *slots; /* index plus one */
	unsigned bits;
	uint64_t *filter;
	size_t most_dots; /* of a domain */
};

static inline uint64_t hash_byte(uint64_t h, char c)
{
	return (h ^ (unsigned char)c) * 0x100000001b3u;
}

static inline uint64_t mixed(uint64_t h)
{
	h ^= h >> 32;
	return h * 0x9e3779b97f4a7c15u;
}

struct domains *domains_new(void)
{
	struct domains *d = must_alloc(1, sizeof(*d));

	d->arena = arena_new(LIMIT_TERMS_BYTES);
	return d;
}

void domains_free(struct domains *d)
{
	if (!d)
		return;
	arena_free(d->arena);
	free(d->items);
	free(d->slots);
	free(d->filter);
	free(d);
}

/* A name as it reads: punycode decoded, folded. Empty when it is no name. *imitated: letters of other scripts were undone. */
static struct str unicode_name(struct str name, struct fold_scratch *with, struct arena *a, bool *imitated)
{
	char *plain = arena_alloc(a, 4 * HOST_BYTES + 4);
	struct str rest = name, label;
	struct folded folded;
	size_t n = 0;

	while (str_split(&rest, '.', &label)) {
		size_t got = 0;

		if (n)
			plain[n++] = '.';
		if (str_starts(label, STR("xn--")))
			got = punycode_decode(str_slice(label, 4, label.n), plain + n, 4 * HOST_BYTES + 2 - n);
		else if (n + label.n <= 4 * HOST_BYTES) {
			memcpy(plain + n, label.p, label.n);
			got = label.n;
		}
		if (got == 0)
			return (struct str){ 0 };
		n += got;
	}
	fold(with, a, (struct str){ plain, n }, &folded);
	*imitated = false;
	for (size_t i = 0; i < folded.n_steps; i++)
		*imitated |= str_eq(folded.steps[i], STR("lookalikes"));
	return folded.text;
}

int domains_add(struct domains *d, struct str written, enum domains_kind kind, uint32_t owner, struct fold_scratch *with,
		struct err *err)
{
	struct host host;
	struct str name;
	size_t dots = 0;
	bool ignored;

	while (written.n && (written.p[0] == '.' || written.p[0] == '*'))
		written = str_slice(written, 1, written.n);
	if (!host_read(written, &host))
		return err_set(err, E_USAGE, "is not a domain, expected a name such as example.com");
	name = host.ascii ? arena_copy(d->arena, (struct str){ host.name, host.n })
			  : unicode_name((struct str){ host.name, host.n }, with, d->arena, &ignored);
	if (name.n == 0)
		return err_set(err, E_USAGE, "is not a domain: its xn-- label is no punycode");
	if (kind == DOMAINS_PUBLIC && psl_is_public_suffix2(psl_builtin(), host.name, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE))
		return err_set(err, E_USAGE, "is where the public registers names, expected a name below it");
	if (d->n >= LIMIT_TERMS)
		return err_set(err, E_USAGE, "is one domain too many, expected at most %d in all", LIMIT_TERMS);
	if (d->n == d->room) {
		d->room = d->room ? d->room + d->room / 2 : 16;
		d->items = realloc(d->items, d->room * sizeof(*d->items));
		MUST(d->items);
	}
	for (size_t i = 0; i < name.n; i++)
		dots += name.p[i] == '.';
	d->most_dots = dots > d->most_dots ? dots : d->most_dots;
	d->items[d->n++] = (struct domain){ written, name, owner, kind };
	return 0;
}

static uint64_t hash_of(struct str name)
{
	uint64_t h = START;

	for (size_t i = 0; i < name.n; i++)
		h = hash_byte(h, name.p[i]);
	return mixed(h);
}

static const struct domain *look_up(const struct domains *d, uint64_t h, struct str name)
{
	size_t mask = ((size_t)1 << d->bits) - 1, bit = (size_t)(h >> 20) & ((mask + 1) * FILTER_FACTOR - 1);

	if (!(d->filter[bit / 64] >> bit % 64 & 1))
		return NULL;
	for (size_t at = (size_t)h & mask; d->slots[at]; at = (at + 1) & mask)
		if (str_eq(d->items[d->slots[at] - 1].name, name))
			return &d->items[d->slots[at] - 1];
	return NULL;
}

void domains_seal(struct domains *d)
{
	size_t mask, filter;

	d->bits = LEAST_BITS;
	while (((size_t)1 << d->bits) < 2 * d->n)
		d->bits++;
	mask = ((size_t)1 << d->bits) - 1;
	filter = (mask + 1) * FILTER_FACTOR;
	d->slots = must_alloc(mask + 1, sizeof(*d->slots));
	d->filter = must_alloc(filter / 64, sizeof(*d->filter));
	for (size_t i = 0; i < d->n; i++) {
		uint64_t h = hash_of(d->items[i].name);
		size_t bit = (size_t)(h >> 20) & (filter - 1), at = (size_t)h & mask;

		if (look_up(d, h, d->items[i].name)) /* the first that names it owns it */
			continue;
		while (d->slots[at])
			at = (at + 1) & mask;
		d->slots[at] = (uint32_t)i + 1;
		d->filter[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

size_t domains_count(const struct domains *d)
{
	return d->n;
}

size_t domains_memory(const struct domains *d)
{
	return arena_used(d->arena) + d->room * sizeof(*d->items) + ((size_t)1 << d->bits) * (4 + FILTER_FACTOR / 8.0);
}

const struct domain *domains_at(const struct domains *d, size_t index)
{
	return &d->items[index];
}

/* The longest domain that begins at `start` of `name` with a label and ends before a dot, a hyphen or at the end. */
static const struct domain *at_label(const struct domains *d, struct str name, size_t start, size_t *end)
{
	const struct domain *best = NULL;
	uint64_t h = START;
	size_t dots = 0;

	for (size_t i = start; i <= name.n; i++) {
		bool stop = i == name.n || name.p[i] == '.' || name.p[i] == '-';
		const struct domain *found = stop && dots ? look_up(d, mixed(h), str_slice(name, start, i)) : NULL;

		if (found) {
			best = found;
			*end = i;
		}
		if (i == name.n || (name.p[i] == '.' && ++dots > d->most_dots))
			break;
		h = hash_byte(h, name.p[i]);
	}
	return best;
}

bool domains_is_public(const char *name)
{
	const char *last = strrchr(name, '.');

	return psl_is_public_suffix2(psl_builtin(), last ? last + 1 : name, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

/* A file or folder may have a domain's name and more: example.com.txt, example.com-2024. */
static bool is_file_name(struct str name, size_t end)
{
	char rest[HOST_BYTES + 3];
	size_t n = name.n - end;

	if (n == 0 || n >= sizeof(rest))
		return false;
	memcpy(rest, name.p + end, n);
	rest[n] = '\0';
	return !memchr(rest, '.', n) || !domains_is_public(rest);
}

enum domains_answer domains_find(const struct domains *d, const struct host *h, struct fold_scratch *with, struct arena *a,
				 struct domains_match *out)
{
	struct domains_match inside = { 0 };

	*out = (struct domains_match){ .folded = { h->name, h->n } };
	if (!h->ascii)
		out->folded = unicode_name(out->folded, with, a, &out->imitated);
	for (size_t start = 0, i = 0; start < out->folded.n; i++) {
		const char *dot;
		size_t end = 0;
		const struct domain *found = at_label(d, out->folded, start, &end);

		if (found && (end == out->folded.n || is_file_name(out->folded, end))) {
			out->domain = found;
			out->start = start;
			out->end = end;
			return DOMAINS_OURS;
		}
		if (found && !inside.domain)
			inside = (struct domains_match){ found, start, end, out->folded, out->imitated };
		dot = memchr(out->folded.p + start, '.', out->folded.n - start);
		start = dot ? (size_t)(dot - out->folded.p) + 1 : out->folded.n;
	}
	if (!inside.domain)
		return DOMAINS_NONE;
	*out = inside;
	return DOMAINS_INSIDE;
}

const struct domain *domains_owner(const struct domains *d, struct str host)
{
	char name[HOST_BYTES];

	if (host.n == 0 || host.n > HOST_BYTES || d->n == 0)
		return NULL;
	for (size_t i = 0; i < host.n; i++)
		name[i] = ascii_lower(host.p[i]);
	for (size_t start = 0; start < host.n;) {
		struct str tail = { name + start, host.n - start };
		const struct domain *found = look_up(d, hash_of(tail), tail);
		const char *dot = memchr(tail.p, '.', tail.n);

		if (found)
			return found->kind == DOMAINS_HARMLESS ? NULL : found;
		start = dot ? (size_t)(dot - name) + 1 : host.n;
	}
	return NULL;
}
