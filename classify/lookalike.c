/* lookalike.c - hosts that pass for one of ours: one edit, signs that look alike, another ending, a word more */
/*
 * Hot when a text is full of hosts. Two names are one edit apart only when they have a form in common, the name itself or with
 * one letter left out: all these forms of our names are in one table, and those of a host are looked up.
 */
#include "classify/lookalike.h"

#include <stdlib.h>
#include <string.h>

#include <libpsl.h>

#include "base/limits.h"
#include "base/must.h"

enum {
	LABEL = 63,
	CHAIN = 32,	       /* names looked at for one host */
	LONG = 8,	       /* a name of so many letters is hardly a common word */
	FIRST_LETTER = 7,      /* below that a different first letter makes a different word */
	MOST_FILTER_BITS = 22, /* 512 KiB */
	LEAST_BITS = 10,
	LEAST_BAIT = 2, /* "my" */
	MOST_BAIT = 8,	/* "services" */
};

#define FACTOR 0x9e3779b97f4a7c15u

struct slot {
	uint32_t tag, name; /* index plus one */
};

struct name {
	uint32_t domain;
	uint8_t n; /* bytes before the first dot */
};

struct lookalike {
	const struct domains *domains;
	struct name *names;
	size_t n;
	struct slot *slots;
	unsigned bits, filter_bits;
	uint64_t *filter;
	uint64_t powers[LABEL + 2];
};

/* The hashes of a label: whole, with each letter left out, of its skeleton. */
struct forms {
	uint64_t hashes[LABEL + 2];
	size_t n;
};

static uint64_t mixed(uint64_t h)
{
	h ^= h >> 29;
	h *= 0xbf58476d1ce4e5b9u;
	return h ^ h >> 32;
}

static uint64_t hash_of(struct str s)
{
	uint64_t h = 0;

	for (size_t i = 0; i < s.n; i++)
		h = h * FACTOR + (unsigned char)s.p[i] + 1;
	return h;
}

/* Signs that look alike made one (UTS 39, the ASCII part, as small letters): "rn" is m, 0 is o, 1 and i are l. */
static struct str skeleton(struct str label, char out[LABEL + 1])
{
	static const char pairs[][4] = { "0o", "1l", "il", "3e", "5s", "8b" };
	size_t n = 0;

	for (size_t i = 0; i < label.n && i < LABEL; i++) {
		char c = label.p[i], next = i + 1 < label.n ? label.p[i + 1] : 0;

		if ((c == 'r' && next == 'n') || (c == 'v' && next == 'v')) {
			out[n++] = c == 'r' ? 'm' : 'w';
			i++;
			continue;
		}
		for (size_t k = 0; k < sizeof(pairs) / sizeof(*pairs); k++)
			if (c == pairs[k][0]) {
				c = pairs[k][1];
				break;
			}
		out[n++] = c;
	}
	return (struct str){ out, n };
}

static void forms_of(const struct lookalike *l, struct str label, struct forms *out)
{
	char signs[LABEL + 1];
	uint64_t whole = hash_of(label), head = 0;

	out->n = 0;
	out->hashes[out->n++] = mixed(whole);
	for (size_t i = 0; i < label.n; i++) {
		uint64_t power = l->powers[label.n - 1 - i], next = head * FACTOR + (unsigned char)label.p[i] + 1;

		out->hashes[out->n++] = mixed(head * power + whole - next * power);
		head = next;
	}
	out->hashes[out->n++] = mixed(hash_of(skeleton(label, signs)));
}

static bool in_filter(const struct lookalike *l, uint64_t h)
{
	size_t bit = h >> (64 - l->filter_bits);

	return l->filter[bit / 64] >> bit % 64 & 1;
}

static void put(struct lookalike *l, uint64_t h, uint32_t name)
{
	size_t mask = ((size_t)1 << l->bits) - 1, bit = h >> (64 - l->filter_bits), at = (size_t)h & mask;

	while (l->slots[at].name)
		at = (at + 1) & mask;
	l->slots[at] = (struct slot){ (uint32_t)(h >> 32), name };
	l->filter[bit / 64] |= (uint64_t)1 << bit % 64;
}

static struct str label_of(const struct lookalike *l, const struct name *name)
{
	return str_slice(domains_at(l->domains, name->domain)->name, 0, name->n);
}

/* The first label when `d` is a registered domain itself; empty for what is below one or above. */
static struct str registered_label(const struct domain *d)
{
	const char *registrable = psl_registrable_domain(psl_builtin(), d->name.p);
	ssize_t dot = str_find(d->name, STR("."));

	if (d->kind != DOMAINS_PUBLIC || !registrable || strlen(registrable) != d->name.n || dot < LOOKALIKE_LEAST ||
	    dot > LABEL)
		return (struct str){ 0 };
	return str_slice(d->name, 0, (size_t)dot);
}

struct lookalike *lookalike_new(const struct domains *d)
{
	struct lookalike *l = must_alloc(1, sizeof(*l));
	size_t n = domains_count(d), most = n < LIMIT_LOOKALIKES ? n : LIMIT_LOOKALIKES, slots = 0;

	l->domains = d;
	l->names = must_alloc(most + 1, sizeof(*l->names));
	l->powers[0] = 1;
	for (size_t i = 1; i < LABEL + 2; i++)
		l->powers[i] = l->powers[i - 1] * FACTOR;
	for (size_t i = 0; i < n && l->n < most; i++) {
		struct str label = registered_label(domains_at(d, i));

		if (label.n == 0)
			continue;
		l->names[l->n++] = (struct name){ (uint32_t)i, (uint8_t)label.n };
		slots += label.n + 2;
	}
	l->bits = LEAST_BITS;
	while (((size_t)1 << l->bits) < 2 * slots)
		l->bits++;
	l->filter_bits = l->bits + 3 < MOST_FILTER_BITS ? l->bits + 3 : MOST_FILTER_BITS;
	l->slots = must_alloc((size_t)1 << l->bits, sizeof(*l->slots));
	l->filter = must_alloc(((size_t)1 << l->filter_bits) / 64, sizeof(*l->filter));
	for (size_t i = 0; i < l->n; i++) {
		struct forms forms;

		forms_of(l, label_of(l, &l->names[i]), &forms);
		for (size_t k = 0; k < forms.n; k++)
			put(l, forms.hashes[k], (uint32_t)i + 1);
	}
	return l;
}

void lookalike_free(struct lookalike *l)
{
	if (!l)
		return;
	free(l->names);
	free(l->slots);
	free(l->filter);
	free(l);
}

size_t lookalike_memory(const struct lookalike *l)
{
	return l->n * sizeof(*l->names) + ((size_t)1 << l->bits) * sizeof(*l->slots) + ((size_t)1 << l->filter_bits) / 8;
}

/* What makes `label` of `name` by one edit; NULL when one does not do. */
static const char *one_edit(struct str label, struct str name)
{
	size_t head = 0, tail = 0, least = label.n < name.n ? label.n : name.n;

	while (head < least && label.p[head] == name.p[head])
		head++;
	while (tail < least - head && label.p[label.n - 1 - tail] == name.p[name.n - 1 - tail])
		tail++;
	if (name.n < FIRST_LETTER && head == 0)
		return NULL;
	if (label.n == name.n + 1 && head + tail == name.n)
		return "one letter off: one more";
	if (label.n + 1 == name.n && head + tail == label.n)
		return "one letter off: one is missing";
	if (label.n != name.n)
		return NULL;
	if (head + tail + 1 == label.n)
		return "one letter off: another letter";
	if (head + tail + 2 == label.n && label.p[head] == name.p[head + 1] && label.p[head + 1] == name.p[head])
		return "two letters swapped";
	return NULL;
}

/* Endings under which names are imitated; that of a file or of a member in code is not among them. */
static bool is_common_ending(struct str suffix)
{
	static const char *const endings[] = { "com", "net", "org",   "biz",	"xyz",	"icu", "vip", "cyou", "ru",
					       "cn",  "su",  "co.uk", "online", "shop", "app", "de",  "fr" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_eq(suffix, str_of(endings[i])))
			return true;
	return false;
}

/* Words that make a page for passwords of somebody's name. */
static bool is_bait(struct str word)
{
#define W(z)                     \
	{                        \
		z, sizeof(z) - 1 \
	}
	static const struct str words[] = {
		W("account"),  W("accounts"), W("admin"),    W("auth"),	  W("bank"),	W("billing"),  W("careers"),
		W("client"),   W("cloud"),    W("customer"), W("desk"),	  W("docs"),	W("files"),    W("help"),
		W("helpdesk"), W("hr"),	      W("id"),	     W("inc"),	  W("invoice"), W("jobs"),     W("leak"),
		W("leaks"),    W("login"),    W("mail"),     W("my"),	  W("office"),	W("online"),   W("pay"),
		W("payment"),  W("payroll"),  W("portal"),   W("remote"), W("secure"),	W("security"), W("service"),
		W("services"), W("share"),    W("signin"),   W("sso"),	  W("support"), W("team"),     W("update"),
		W("verify"),   W("vpn"),      W("wallet"),   W("web"),
	};
#undef W

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq(word, words[i]))
			return true;
	return false;
}

/* A host under judgement. */
struct judged {
	const struct lookalike *l;
	struct str label, suffix;
	bool surely_host;
	struct lookalike_match *out;
};

static bool take(struct judged *j, const struct name *name, const char *how)
{
	j->out->domain = domains_at(j->l->domains, name->domain);
	j->out->how = how;
	return true;
}

static bool same_suffix(const struct judged *j, const struct name *name)
{
	struct str ours = domains_at(j->l->domains, name->domain)->name;

	return str_eq(str_slice(ours, (size_t)name->n + 1, ours.n), j->suffix);
}

/* Is the host's label nearly that of `name`? */
static bool is_near(struct judged *j, const struct name *name)
{
	struct str ours = label_of(j->l, name);
	char one[LABEL + 1], two[LABEL + 1];
	bool same = same_suffix(j, name), plausible = same || j->surely_host || is_common_ending(j->suffix);
	const char *edit;

	if (str_eq(j->label, ours))
		return !same && plausible && take(j, name, "the same name with another ending");
	if (plausible && str_eq(skeleton(j->label, one), skeleton(ours, two)))
		return take(j, name, "signs that look alike");
	edit = one_edit(j->label, ours);
	return edit && (same || (plausible && ours.n >= LONG)) && take(j, name, edit);
}

/* Each name of ours that has a form of this hash, until one of them is near. */
static bool near_by_hash(struct judged *j, uint64_t h, int *left)
{
	const struct lookalike *l = j->l;
	size_t mask = ((size_t)1 << l->bits) - 1;

	if (!in_filter(l, h))
		return false;
	for (size_t at = (size_t)h & mask; l->slots[at].name && (*left)-- > 0; at = (at + 1) & mask)
		if (l->slots[at].tag == (uint32_t)(h >> 32) && is_near(j, &l->names[l->slots[at].name - 1]))
			return true;
	return false;
}

static bool piece_in_filter(const struct lookalike *l, struct str piece)
{
	return piece.n >= LOOKALIKE_LEAST && in_filter(l, mixed(hash_of(piece)));
}

/* The name of ours that `piece` is, letter by letter. */
static const struct name *name_of(const struct lookalike *l, struct str piece)
{
	uint64_t h = mixed(hash_of(piece));
	size_t mask = ((size_t)1 << l->bits) - 1;
	int left = CHAIN;

	if (piece.n < LOOKALIKE_LEAST || piece.n > LABEL || !in_filter(l, h))
		return NULL;
	for (size_t at = (size_t)h & mask; l->slots[at].name && left-- > 0; at = (at + 1) & mask) {
		const struct name *name = &l->names[l->slots[at].name - 1];

		if (l->slots[at].tag == (uint32_t)(h >> 32) && str_eq(label_of(l, name), piece))
			return name;
	}
	return NULL;
}

static bool has_bait(struct str label, struct str but)
{
	struct str rest = label, word;

	while (str_split(&rest, '-', &word))
		if (!(word.p >= but.p && word.p < but.p + but.n) && is_bait(word))
			return true;
	return false;
}

/* foo-login.com, my-foo.net: a word of ours between hyphens. */
static bool has_word_more(struct judged *j)
{
	struct str rest = j->label, word;

	while (str_split(&rest, '-', &word)) {
		const struct name *name = word.n < j->label.n ? name_of(j->l, word) : NULL;

		if (name && (word.n >= LONG || has_bait(j->label, word)) &&
		    (same_suffix(j, name) || j->surely_host || is_common_ending(j->suffix)))
			return take(j, name, "our name with a word more");
	}
	return false;
}

/* foologin.com, myfoo.net */
static bool has_bait_joined(struct judged *j)
{
	for (size_t i = LEAST_BAIT; i + LOOKALIKE_LEAST <= j->label.n && i <= MOST_BAIT; i++) {
		struct str head = str_slice(j->label, 0, i), behind = str_slice(j->label, i, j->label.n);
		struct str front = str_slice(j->label, 0, j->label.n - i),
			   tail = str_slice(j->label, j->label.n - i, j->label.n);
		const struct name *name = NULL;

		if (piece_in_filter(j->l, behind) && is_bait(head))
			name = name_of(j->l, behind);
		if (!name && piece_in_filter(j->l, front) && is_bait(tail))
			name = name_of(j->l, front);
		if (name && (same_suffix(j, name) || j->surely_host || is_common_ending(j->suffix)))
			return take(j, name, "our name with a word more");
	}
	return false;
}

/* The registered part of `name`: where it begins, and its label. False when there is none. */
static bool registered_part(struct str name, size_t *start, struct str *label, struct str *suffix)
{
	char copy[HOST_BYTES + 1];
	const char *registrable;
	ssize_t dot;

	if (name.n == 0 || name.n > HOST_BYTES)
		return false;
	memcpy(copy, name.p, name.n);
	copy[name.n] = '\0';
	registrable = domains_is_public(copy) ? psl_registrable_domain(psl_builtin(), copy) : NULL;
	if (!registrable)
		return false;
	*start = (size_t)(registrable - copy);
	*label = str_slice(name, *start, name.n);
	dot = str_find(*label, STR("."));
	if (dot <= 0 || dot > LABEL)
		return false;
	*suffix = str_slice(*label, (size_t)dot + 1, label->n);
	label->n = (size_t)dot;
	return true;
}

static bool any_in_filter(const struct lookalike *l, const struct forms *forms)
{
	for (size_t i = 0; i < forms->n; i++)
		if (in_filter(l, forms->hashes[i]))
			return true;
	return false;
}

/* Could a name of ours stand in `label` with a word more? */
static bool may_hold_name(const struct lookalike *l, struct str label)
{
	struct str rest = label, word;

	for (size_t i = LEAST_BAIT; i + LOOKALIKE_LEAST <= label.n && i <= MOST_BAIT; i++)
		if (piece_in_filter(l, str_slice(label, i, label.n)) || piece_in_filter(l, str_slice(label, 0, label.n - i)))
			return true;
	while (memchr(label.p, '-', label.n) && str_split(&rest, '-', &word))
		if (piece_in_filter(l, word))
			return true;
	return false;
}

/* Could the label before the last dot, or the one before that, be one of ours? The public suffix list is asked only then. */
static bool worth_asking(const struct lookalike *l, struct str name)
{
	const char *dot = name.n ? memrchr(name.p, '.', name.n) : NULL;

	for (int i = 0; i < 2 && dot && dot > name.p; i++) {
		struct str head = { name.p, (size_t)(dot - name.p) }, label = head;
		struct forms forms;

		dot = memrchr(head.p, '.', head.n);
		if (dot)
			label = str_slice(head, (size_t)(dot - head.p) + 1, head.n);
		if (label.n < LOOKALIKE_LEAST - 1 || label.n > LABEL)
			continue;
		forms_of(l, label, &forms);
		if (any_in_filter(l, &forms) || may_hold_name(l, label))
			return true;
	}
	return false;
}

bool lookalike_find(const struct lookalike *l, struct str name, bool surely_host, struct lookalike_match *out)
{
	struct judged j = { .l = l, .surely_host = surely_host, .out = out };
	struct forms forms;
	size_t start;
	int left = CHAIN;

	*out = (struct lookalike_match){ 0 };
	if (l->n == 0 || !worth_asking(l, name) || !registered_part(name, &start, &j.label, &j.suffix))
		return false;
	out->start = start;
	out->end = name.n;
	forms_of(l, j.label, &forms);
	for (size_t i = 0; i < forms.n; i++)
		if (near_by_hash(&j, forms.hashes[i], &left))
			return true;
	return has_word_more(&j) || has_bait_joined(&j);
}
