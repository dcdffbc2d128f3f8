/* actor.h - who may be behind findings: the names and contacts that go together, and where, when and in what language they
 * write */
/* Runs in: verbs, report. Times are microseconds UTC; what is read lives in the arena. */
#ifndef WATCHDESK_STORE_ACTOR_H
#define WATCHDESK_STORE_ACTOR_H

#include "store/store.h"

enum { ACTOR_FINDINGS = 1000, ACTOR_NAMES = 100 };

/* The kind of an author's name among contacts; it ties nothing by itself. */
#define ACTOR_HANDLE "handle"

/* How sure it is that somebody is the same. */
enum actor_sure {
	ACTOR_ASKED,	 /* what was asked for */
	ACTOR_CONTACT,	 /* stands in the same posts as a contact of theirs, or writes them */
	ACTOR_SAME_TEXT, /* wrote what is nearly the same */
	ACTOR_SAME_NAME, /* has the same name at another site, and nothing else in common */
	ACTOR_SURES,
};
/* "asked for", "contact", "same text", "same name". */
extern const char *const actor_sures[ACTOR_SURES];

/* A name or a contact. */
struct actor_name {
	struct str kind, value, source; /* source: of a handle, where it writes; empty for contacts */
	int64_t findings;
	enum actor_sure sure;
	struct str through; /* the contact or campaign in common; empty for none */
};

struct actor_count {
	struct str name;
	int64_t n;
};

struct actor {
	struct actor_name *names;
	size_t n_names;
	struct actor_count *sources, *languages, *campaigns; /* campaigns by public id */
	size_t n_sources, n_languages, n_campaigns;
	int64_t findings, hours[24], dated; /* hours: of the day, UTC, of the posts whose time the site shows */
	int64_t first_at, last_at;
	int worst; /* severity */
};

/*
 * All that goes together with an author's name or a contact, as findings show it: 1, 0 when no finding has it. What was asked
 * for is first among the names, then what is surer.
 */
int actor_load(struct store *s, struct str value, struct arena *a, struct actor *out, struct err *err);

#endif
