/* source_inner.h - between the two files that read a source: what is in hand meanwhile */
/* Runs in: supervisor. */
#ifndef WATCHDESK_CRAWLER_SOURCE_INNER_H
#define WATCHDESK_CRAWLER_SOURCE_INNER_H

#include "crawler/source.h"

enum { SOURCE_NAME = 64 }; /* bytes of a source's name; it stands in file names and links */

/* A source while it is read: what is not a member of it. */
struct entry {
	struct source s;
	struct yaml_text use, origin, terms, home;
	struct yaml_texts recognise;
	struct yaml_text every, hours; /* as they are written; source_check.c reads them */
	int verified;		       /* index of `answers`, -1 when not said */
	const struct yaml *post, *login;
	struct yaml_text place; /* where the entry begins */
};

/* What all entries of a list share. */
struct reading {
	const char *folder;
	struct arena *a;
	struct err *err;
};

static inline bool given(struct yaml_text t)
{
	return t.text.n > 0;
}

/* source_check.c: is `name`, what `key` says, fit to be one? */
int source_name_check(struct reading *r, struct yaml_text name, const char *key);
/* Put {url} into the addresses, and check what was read: addresses, selectors, and what one field asks of another. */
int source_check(struct reading *r, struct entry *e);

/* Are the signs of an engine, and its home, such as can be looked for? */
int source_signs_check(struct reading *r, const struct entry *e);

#endif
