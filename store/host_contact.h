/* host_contact.h - who may be written to about a host, as it was found out: for a person to choose from */
/* Runs in: verbs. Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_HOST_CONTACT_H
#define WATCHDESK_STORE_HOST_CONTACT_H

#include "store/store.h"

struct host_contact {
	struct str role;    /* "site", "network", "registrar", "cdn" */
	struct str address; /* mail, or an https:// form */
	struct str origin;  /* "card", "rdap", "security.txt", "rfc2142" */
	struct str why;	    /* a sentence */
	int64_t place;	    /* the smaller, the sooner it is to be tried */
	int64_t found_at;
};

/* What is known of a host from now on: all that was known before goes. Needs a transaction. */
int host_contact_keep(struct store *s, struct str host, const struct host_contact *rows, size_t n, int64_t now,
		      struct err *err);
/* In the order in which they are to be tried. */
int host_contact_list(struct store *s, struct str host, struct arena *a, struct host_contact **rows, size_t *n,
		      struct err *err);

#endif
