/* assets.c - does a text name something that the desk protects? */
#include "classify/assets.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/lookalike.h"
#include "classify/ranges.h"
#include "classify/terms.h"

enum { LEAST_BIN = 6, MOST_BIN = 8, LEAST_CARD = 12, MOST_LOOK_ALIKES = 32 };

/* The first digits of cards that a bank of ours gives out. */
struct bin {
	uint32_t digits, owner;
	unsigned n;
};

struct assets {
	struct arena *arena;
	struct str *owners; /* the names of the assets */
	size_t n_owners;
	struct terms *terms;  /* in folded texts */
	struct terms *tokens; /* packages and machines, in texts as they are: a folded root@box01 is one word */
	struct domains *domains;
	struct lookalike *look_alikes;
	struct ranges *ranges;
	struct bin *bins; /* sorted */
	size_t n_bins;
	unsigned char digest[DIGEST_BYTES];
};

/* ---- building ---- */

/* An asset being taken in. */
struct taking {
	struct assets *a;
	struct fold_scratch *fold;
	struct arena *brief; /* for one name at a time */
	const struct asset *asset;
	uint32_t owner;
	bool from_file;
};

typedef int take_fn(struct taking *t, struct yaml_text written, struct err *err);

/* "file:line: "x" is too short ...": the sentence of whoever refused it, with its place. */
static int refused(struct yaml_text written, struct err *err)
{
	struct err why = *err;

	return yaml_wrong(err, written, "\"%.*s\" %.200s", (int)(written.text.n < 60 ? written.text.n : 60),
			  written.text.n ? written.text.p : "", why.text);
}

static int take_term(struct taking *t, struct yaml_text written, struct err *err)
{
	struct folded folded;

	arena_clear(t->brief);
	if (written.text.n > KIB(4))
		return yaml_wrong(err, written, "the line has %zu bytes, expected a name", written.text.n);
	fold(t->fold, t->brief, written.text, &folded);
	return terms_add(t->a->terms, written.text, folded.text, TERMS_NAME, t->owner, err) < 0 ? refused(written, err) : 0;
}

static int take_package(struct taking *t, struct yaml_text written, struct err *err)
{
	return terms_add(t->a->tokens, written.text, written.text, TERMS_TOKEN, t->owner, err) < 0 ? refused(written, err) : 0;
}

static int take_domain_as(struct taking *t, struct yaml_text written, enum domains_kind kind, struct err *err)
{
	return domains_add(t->a->domains, arena_copy(t->a->arena, written.text), kind, t->owner, t->fold, err) < 0
		       ? refused(written, err)
		       : 0;
}

static int take_domain(struct taking *t, struct yaml_text written, struct err *err)
{
	return take_domain_as(t, written, t->asset->look_alikes ? DOMAINS_INTERNAL : DOMAINS_PUBLIC, err);
}

/* A host has no dot when it is a machine's own name. */
static int take_host(struct taking *t, struct yaml_text written, struct err *err)
{
	return str_find(written.text, STR(".")) < 0 ? take_package(t, written, err)
						    : take_domain_as(t, written, DOMAINS_INTERNAL, err);
}

static int take_harmless(struct taking *t, struct yaml_text written, struct err *err)
{
	return take_domain_as(t, written, DOMAINS_HARMLESS, err);
}

static int take_range(struct taking *t, struct yaml_text written, struct err *err)
{
	return ranges_add(t->a->ranges, arena_copy(t->a->arena, written.text), t->owner, err) < 0 ? refused(written, err) : 0;
}

static int take_bin(struct taking *t, struct yaml_text written, struct err *err)
{
	uint64_t digits;
	struct bin *bin;

	if (written.text.n < LEAST_BIN || written.text.n > MOST_BIN || !str_number(written.text, 99999999, &digits))
		return yaml_wrong(err, written, "\"%.*s\" is no BIN, expected the first %d to %d digits of a card",
				  (int)(written.text.n < 60 ? written.text.n : 60), written.text.p, LEAST_BIN, MOST_BIN);
	bin = arena_push(t->a->arena, &t->a->bins, &t->a->n_bins, sizeof(*bin));
	*bin = (struct bin){ (uint32_t)digits, t->owner, (unsigned)written.text.n };
	return 0;
}

static int take_list(struct taking *t, const struct yaml_texts *list, take_fn *take, struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		struct yaml_text written = list->items[i];

		written.text = str_trim(written.text);
		if (take(t, written, err) < 0)
			return E_USAGE;
	}
	return 0;
}

/* One a line; blank lines and those that begin with # say nothing. */
static int take_lines(struct taking *t, const struct asset_lines *file, take_fn *take, struct err *err)
{
	struct yaml_text written = { .file = file->path };
	struct str rest = file->text, line;

	if (str_starts(rest, STR("\xef\xbb\xbf")))
		rest = str_slice(rest, 3, rest.n);
	while (str_split(&rest, '\n', &line)) {
		written.line++;
		written.text = str_trim(line);
		if (written.text.n == 0 || written.text.p[0] == '#')
			continue;
		if (!utf8_is_clean(written.text))
			return yaml_wrong(err, written, "the line is not UTF-8");
		if (take(t, written, err) < 0)
			return E_USAGE;
	}
	return 0;
}

static int take_asset(struct taking *t, struct err *err)
{
	const struct asset *x = t->asset;
	const struct {
		const struct yaml_texts *list;
		take_fn *take;
	} lists[] = {
		{ &x->terms, take_term },	 { &x->people, take_term },	 { &x->domains, take_domain },
		{ &x->hosts, take_host },	 { &x->packages, take_package }, { &x->ranges, take_range },
		{ &x->harmless, take_harmless }, { &x->bins, take_bin },
	};
	size_t named = (x->terms_file.path != NULL) + (x->domains_file.path != NULL);

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		named += lists[i].list->n;
		if (take_list(t, lists[i].list, lists[i].take, err) < 0)
			return E_USAGE;
	}
	if (take_lines(t, &x->terms_file, take_term, err) < 0 || take_lines(t, &x->domains_file, take_domain, err) < 0)
		return E_USAGE;
	/* An asset without any term is looked for by its name. */
	return named ? 0 : take_term(t, x->name, err);
}

static void add_pieces(struct arena *a, struct str **pieces, size_t *n, const struct yaml_texts *list, const char *kind)
{
	for (size_t i = 0; i < list->n; i++) {
		*(struct str *)arena_push(a, pieces, n, sizeof(**pieces)) = str_of(kind);
		*(struct str *)arena_push(a, pieces, n, sizeof(**pieces)) = list->items[i].text;
	}
}

/* All that was configured, in its order. */
static void make_digest(struct assets *a, const struct asset *assets, size_t n)
{
	AUTO_FREE(arena) brief = arena_new(MIB(64));
	struct str *pieces = NULL;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct asset *x = &assets[i];

		*(struct str *)arena_push(brief, &pieces, &count, sizeof(*pieces)) = x->name.text;
		add_pieces(brief, &pieces, &count, &x->terms, "term");
		add_pieces(brief, &pieces, &count, &x->people, "term");
		add_pieces(brief, &pieces, &count, &x->domains, x->look_alikes ? "host" : "domain");
		add_pieces(brief, &pieces, &count, &x->hosts, "host");
		add_pieces(brief, &pieces, &count, &x->harmless, "harmless");
		add_pieces(brief, &pieces, &count, &x->packages, "package");
		add_pieces(brief, &pieces, &count, &x->ranges, "range");
		add_pieces(brief, &pieces, &count, &x->bins, "bin");
		*(struct str *)arena_push(brief, &pieces, &count, sizeof(*pieces)) = x->terms_file.text;
		*(struct str *)arena_push(brief, &pieces, &count, sizeof(*pieces)) = x->domains_file.text;
	}
	digest_pieces(pieces, count, a->digest);
}

static int by_bin(const void *x, const void *y)
{
	const struct bin *a = x, *b = y;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return a->digits < b->digits ? -1 : a->digits > b->digits;
}

struct assets *assets_new(const struct asset *assets, size_t n, struct fold_scratch *fold_with, struct err *err)
{
	AUTO_FREE(arena) brief = arena_new(MIB(1));
	struct assets *a = must_alloc(1, sizeof(*a));
	struct taking t = { .a = a, .fold = fold_with, .brief = brief };

	a->arena = arena_new(LIMIT_TERMS_BYTES);
	a->owners = arena_alloc(a->arena, n * sizeof(*a->owners));
	a->n_owners = n;
	a->terms = terms_new();
	a->tokens = terms_new();
	a->domains = domains_new();
	a->ranges = ranges_new();
	for (size_t i = 0; i < n; i++) {
		t.asset = &assets[i];
		t.owner = (uint32_t)i;
		a->owners[i] = arena_copy(a->arena, assets[i].name.text);
		if (take_asset(&t, err) < 0) {
			assets_free(a);
			return NULL;
		}
	}
	terms_seal(a->terms);
	terms_seal(a->tokens);
	domains_seal(a->domains);
	ranges_seal(a->ranges);
	a->look_alikes = lookalike_new(a->domains);
	if (a->n_bins)
		qsort(a->bins, a->n_bins, sizeof(*a->bins), by_bin);
	make_digest(a, assets, n);
	return a;
}

void assets_free(struct assets *a)
{
	if (!a)
		return;
	lookalike_free(a->look_alikes);
	ranges_free(a->ranges);
	domains_free(a->domains);
	terms_free(a->tokens);
	terms_free(a->terms);
	arena_free(a->arena);
	free(a);
}

/* ---- reading ---- */

/* A text being read. */
struct reading {
	const struct assets *a;
	const struct assets_scratch *s;
	const struct folded *folded;
	struct found *found;
};

static bool mention(struct found *found, struct str asset, struct str term, size_t start, size_t end)
{
	struct mention *m;

	if (found->out->n_mentions >= LIMIT_PARTS)
		return false;
	m = arena_push(found->a, &found->out->mentions, &found->out->n_mentions, sizeof(*m));
	*m = (struct mention){ asset, term, found_span(found, start, end) };
	return true;
}

static bool on_name(void *whose, struct term term, size_t start, size_t end)
{
	struct reading *r = whose;

	fold_back(r->folded, &start, &end);
	return mention(r->found, r->a->owners[term.owner], term.written, start, end);
}

static bool on_token(void *whose, struct term term, size_t start, size_t end)
{
	struct reading *r = whose;

	return mention(r->found, r->a->owners[term.owner], term.written, start, end);
}

/* Each host is told once. */
static void look_alike(struct reading *r, const struct host *h, const struct domain *domain, const char *how)
{
	struct found *f = r->found;
	struct str host = str_slice(f->text, h->back[0], h->back[h->n]);
	struct look_alike *l;

	for (size_t i = 0; i < f->out->n_look_alikes; i++)
		if (str_eq_nocase(f->out->look_alikes[i].host, host))
			return;
	if (f->out->n_look_alikes >= MOST_LOOK_ALIKES)
		return;
	l = arena_push(f->a, &f->out->look_alikes, &f->out->n_look_alikes, sizeof(*l));
	*l = (struct look_alike){
		.asset = r->a->owners[domain->owner],
		.domain = domain->written,
		.host = host,
		.why = arena_printf(f->a, "%.*s looks like %.*s: %s", STR_ARG(host), STR_ARG(domain->written), how),
		.span = found_span(f, h->back[0], h->back[h->n]),
	};
	found_reason(f, l->why);
}

/* Somebody wrote it as an address: https://..., mail@..., www..., ...:443, example[.]com. */
static bool is_surely_host(struct str text, const struct host *h)
{
	size_t start = h->back[0], end = h->back[h->n];

	return h->defanged || (start > 0 && text.p[start - 1] == '@') ||
	       (start > 1 && text.p[start - 1] == '/' && text.p[start - 2] == '/') ||
	       str_starts((struct str){ h->name, h->n }, STR("www.")) ||
	       (end + 1 < text.n && text.p[end] == ':' && ascii_is_digit(text.p[end + 1]));
}

/* "example.com@evil.net" is no host of ours, whatever stands before the @. */
static bool is_before_at(struct str text, const struct host *h)
{
	size_t end = h->back[h->n];

	return end + 1 < text.n && text.p[end] == '@' && (ascii_is_alnum(text.p[end + 1]) || (text.p[end + 1] & 0x80));
}

static void read_host(struct reading *r, const struct host *h)
{
	struct domains_match match;
	struct lookalike_match like;
	enum domains_answer answer;

	if (!h->ascii)
		arena_clear(r->s->hosts);
	answer = domains_find(r->a->domains, h, r->s->fold, r->s->hosts, &match);
	if (answer == DOMAINS_OURS && match.domain->kind == DOMAINS_HARMLESS)
		return;
	if (answer == DOMAINS_OURS && match.imitated)
		look_alike(r, h, match.domain, "letters of another script");
	else if (answer == DOMAINS_OURS && is_before_at(r->found->text, h))
		look_alike(r, h, match.domain, "our name before the @ of another host");
	else if (answer == DOMAINS_OURS)
		/* Of a name that had to be decoded the whole host is the place. */
		mention(r->found, r->a->owners[match.domain->owner], match.domain->written, h->back[h->ascii ? match.start : 0],
			h->back[h->ascii ? match.end : h->n]);
	else if (lookalike_find(r->a->look_alikes, match.folded, is_surely_host(r->found->text, h), &like))
		look_alike(r, h, like.domain, match.imitated ? "letters of another script" : like.how);
	else if (answer == DOMAINS_INSIDE && match.domain->kind == DOMAINS_PUBLIC)
		look_alike(r, h, match.domain, "our name in front of another's domain");
}

static void read_address(struct reading *r, size_t start, size_t end, struct str address)
{
	const struct range *range = ranges_find(r->a->ranges, address);

	if (range)
		mention(r->found, r->a->owners[range->owner], range->written, start, end);
}

static void read_hosts(struct reading *r)
{
	struct str text = r->found->text;
	struct host h;

	for (size_t at = 0; host_next(text, &at, &h);) {
		if (!h.numeric)
			read_host(r, &h);
		else if (h.n_dots == 3)
			read_address(r, h.back[0], h.back[h.n], (struct str){ h.name, h.n });
	}
}

void assets_scan(const struct assets *a, const struct assets_scratch *s, const struct folded *folded, struct found *found)
{
	struct reading r = { a, s, folded, found };
	const struct terms_listener names = { on_name, &r }, tokens = { on_token, &r };
	size_t start;

	terms_scan(a->terms, folded->text, &names);
	terms_scan(a->tokens, found->text, &tokens);
	if (domains_count(a->domains) + ranges_count(a->ranges))
		read_hosts(&r);
	for (size_t at = 0; ranges_count(a->ranges) && ranges_next_v6(found->text, &at, &start);)
		read_address(&r, start, at, str_slice(found->text, start, at));
}

/* The asset that gave out a card with these first digits. */
static const struct bin *bin_of(const struct assets *a, struct str digits)
{
	for (unsigned n = MOST_BIN; n >= LEAST_BIN; n--) {
		struct bin key = { .n = n };
		const struct bin *found;

		for (unsigned i = 0; i < n; i++)
			key.digits = key.digits * 10 + (uint32_t)(digits.p[i] - '0');
		found = a->n_bins ? bsearch(&key, a->bins, a->n_bins, sizeof(*a->bins), by_bin) : NULL;
		if (found)
			return found;
	}
	return NULL;
}

/* The first digits of the first number in `s` that is long enough for a card's. */
static bool card_digits(struct str s, char out[MOST_BIN])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < LEAST_CARD; i++) {
		bool joined = (s.p[i] == ' ' || s.p[i] == '-') && n && ascii_is_digit(s.p[i - 1]);

		if (ascii_is_digit(s.p[i])) {
			if (n < MOST_BIN)
				out[n] = s.p[i];
			n++;
		} else if (!joined) {
			n = 0;
		}
	}
	return n >= LEAST_CARD;
}

static bool is_card_rule(struct str rule)
{
	return str_starts(rule, STR("payment-card")) || str_starts(rule, STR("card-"));
}

void assets_own_cards(const struct assets *a, struct found *found, size_t first)
{
	for (size_t i = first; a->n_bins && i < found->out->n_hits; i++) {
		struct hit *hit = &found->out->hits[i];
		char digits[MOST_BIN];
		const struct bin *bin = NULL;

		if (is_card_rule(hit->rule) && hit->asset.n == 0 &&
		    card_digits(str_slice(found->text, hit->span.start, hit->span.end), digits))
			bin = bin_of(a, (struct str){ digits, MOST_BIN });
		if (!bin)
			continue;
		hit->asset = a->owners[bin->owner];
		hit->why = arena_printf(found->a, "%.*s; its first digits belong to %.*s", STR_ARG(hit->why),
					STR_ARG(hit->asset));
	}
}

struct str assets_owner(const struct assets *a, struct str host)
{
	const struct domain *d = domains_owner(a->domains, host);

	return d ? a->owners[d->owner] : (struct str){ 0 };
}

void assets_digest(const struct assets *a, unsigned char out[DIGEST_BYTES])
{
	memcpy(out, a->digest, DIGEST_BYTES);
}

struct assets_size assets_size(const struct assets *a)
{
	return (struct assets_size){
		.names = terms_count(a->terms) + terms_count(a->tokens),
		.domains = domains_count(a->domains),
		.ranges = ranges_count(a->ranges),
		.bins = a->n_bins,
		.names_bytes = terms_memory(a->terms) + terms_memory(a->tokens),
		.domains_bytes = domains_memory(a->domains) + lookalike_memory(a->look_alikes),
	};
}
