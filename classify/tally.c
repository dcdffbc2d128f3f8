/* tally.c - of a dump: how many lines and how many different accounts each domain has */
#include "classify/tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/line.h"

enum { NAMED = 5 };

static void make(struct tallies *t, struct arena *a)
{
	t->domains = arena_alloc(a, TALLY_DOMAINS * sizeof(*t->domains));
	t->accounts = arena_alloc(a, TALLY_ACCOUNTS * sizeof(*t->accounts));
	memset(t->domains, 0, TALLY_DOMAINS * sizeof(*t->domains));
	memset(t->accounts, 0, TALLY_ACCOUNTS * sizeof(*t->accounts));
}

static bool is_new_account(struct tallies *t, uint32_t h)
{
	size_t place = h % TALLY_ACCOUNTS;

	while (t->accounts[place] && t->accounts[place] != h)
		place = (place + 1) % TALLY_ACCOUNTS;
	if (t->accounts[place])
		return false;
	if (t->n_accounts < TALLY_ACCOUNTS * 3 / 4)
		t->accounts[place] = h;
	else
		t->full = true;
	t->n_accounts++;
	return true;
}

/* The place of a domain; NULL when there is no more room. */
static struct domain_tally *domain_of(struct tallies *t, struct str domain)
{
	size_t place = line_hash(domain) % TALLY_DOMAINS;

	while (t->domains[place].domain.n && !str_eq_nocase(t->domains[place].domain, domain))
		place = (place + 1) % TALLY_DOMAINS;
	if (t->domains[place].domain.n)
		return &t->domains[place];
	if (t->n_domains >= TALLY_DOMAINS / 2) {
		t->full = true;
		return NULL;
	}
	t->n_domains++;
	t->domains[place].domain = domain;
	return &t->domains[place];
}

void tallies_add(struct tallies *t, struct arena *a, struct str domain, struct str account)
{
	struct domain_tally *of;
	bool fresh;

	if (!t->domains)
		make(t, a);
	of = domain.n ? domain_of(t, domain) : NULL;
	fresh = is_new_account(t, line_hash(account) * 31 + line_hash(domain));
	if (of) {
		of->lines++;
		of->accounts += fresh;
	}
}

static int by_lines(const void *a, const void *b)
{
	const struct domain_tally *x = a, *y = b;

	return x->lines != y->lines ? (x->lines > y->lines ? -1 : 1) : str_cmp(x->domain, y->domain);
}

void tallies_finish(struct tallies *t, struct found *f)
{
	struct assessment *out = f->out;
	size_t n = 0;

	if (t->n_domains == 0)
		return;
	for (size_t i = 0; i < TALLY_DOMAINS; i++)
		if (t->domains[i].domain.n)
			t->domains[n++] = t->domains[i];
	qsort(t->domains, n, sizeof(*t->domains), by_lines);
	for (size_t i = 0; i < n && out->n_domains < LIMIT_DOMAINS; i++)
		*(struct domain_tally *)arena_push(f->a, &out->domains, &out->n_domains, sizeof(*out->domains)) = t->domains[i];
	t->n_domains = n;
}

struct str tallies_sentence(const struct tallies *t, const struct found *f)
{
	struct str s = { 0 };

	for (size_t i = 0; i < t->n_domains && i < NAMED; i++)
		s = arena_printf(f->a, "%.*s%s%.*s (%zu line%s, %zu account%s)", STR_ARG(s), i ? ", " : "",
				 STR_ARG(t->domains[i].domain), t->domains[i].lines, t->domains[i].lines == 1 ? "" : "s",
				 t->domains[i].accounts, t->domains[i].accounts == 1 ? "" : "s");
	return s;
}
