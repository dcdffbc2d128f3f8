/* domains.h - the desk's domains: which of them is this host, and is it one that only looks like them? */
/* Runs in: supervisor (building), worker and verbs (use); read-only after domains_seal(). Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_DOMAINS_H
#define WATCHDESK_CLASSIFY_DOMAINS_H

#include "classify/fold.h"
#include "classify/host.h"

struct domains;

enum domains_kind {
	DOMAINS_PUBLIC,	  /* registered, so somebody may register one that looks like it */
	DOMAINS_INTERNAL, /* ours alone: corp.example.internal */
	DOMAINS_HARMLESS, /* not ours and no look-alike either */
};

/* A domain that was put in. */
struct domain {
	struct str written, name; /* as configured; small letters, Unicode */
	uint32_t owner;
	enum domains_kind kind;
};

/* An empty list of domains; the caller frees it. */
struct domains *domains_new(void);
void domains_free(struct domains *d);
AUTO_FREES(domains)
/* Add one, which must outlive `d`. E_USAGE when it is not the name of a domain; the sentence says why, without the name. */
int domains_add(struct domains *d, struct str written, enum domains_kind kind, uint32_t owner, struct fold_scratch *fold,
		struct err *err);
void domains_seal(struct domains *d);
size_t domains_count(const struct domains *d);
size_t domains_memory(const struct domains *d);
/* The `index`-th domain. */
const struct domain *domains_at(const struct domains *d, size_t index);

enum domains_answer {
	DOMAINS_NONE,
	DOMAINS_OURS,  /* the host is the domain or below it */
	DOMAINS_INSIDE /* the domain stands in the host's name, but the host is another's: example.com.evil.net */
};

/* What was found of a host; [start, end) of its name. */
struct domains_match {
	const struct domain *domain;
	size_t start, end;
	struct str folded; /* the name as it reads with Unicode undone; the host's own when it is ASCII */
	bool imitated;	   /* letters of other scripts had to be undone for that */
};

/* Which domain does `h` name? `a` keeps what had to be decoded. */
enum domains_answer domains_find(const struct domains *d, const struct host *h, struct fold_scratch *fold, struct arena *a,
				 struct domains_match *out);
/* The domain that a plain host or mail domain belongs to, of any kind but HARMLESS; NULL for none. */
const struct domain *domains_owner(const struct domains *d, struct str host);
/* True when the last label is one under which the public registers names. */
bool domains_is_public(const char *name);

#endif
