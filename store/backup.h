/* backup.h - a consistent copy of a store in a folder, made beside a running monitor, and the way back */
/* Runs in: verbs. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_BACKUP_H
#define WATCHDESK_STORE_BACKUP_H

#include "store/copy.h"

struct backup_options {
	const char *folder; /* must not be there, or be empty */
	bool with_key;	    /* also the private half of the evidence key, when the store's folder has it */
	void (*went)(void *owner, const char *what, int64_t done); /* now and then; NULL for nobody */
	void *owner;
};

struct backup_result {
	int64_t files, bytes;
	int64_t missing;  /* segments that are shorter than the rows say */
	bool without_key; /* the private half was not copied, or is not there */
};

/*
 * Write the database (SQLite, whichever engine it comes from), the keys, the node's segments as far as that database reaches,
 * and SHA256SUMS for `sha256sum -c`. It is made under another name beside it and renamed when all of it is on the disk: a
 * crash leaves no half backup under its name.
 */
int backup_write(struct store *s, const struct backup_options *o, struct backup_result *out, struct err *err);

/*
 * Put a backup into an empty place, whichever engine that is; E_VERIFY when a file is not what SHA256SUMS says. The act goes
 * into custody. The caller verifies the store afterwards.
 */
int backup_restore(const char *folder, const struct store_place *to, struct str operator_name, int64_t now,
		   struct backup_result *out, struct err *err);

#endif
