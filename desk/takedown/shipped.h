/* shipped.h - files that ship, and those of the desk's own folder: one of the same name takes the place of the shipped one */
/* Runs in: supervisor and verbs, before anything is confined. */
#ifndef WATCHDESK_DESK_TAKEDOWN_SHIPPED_H
#define WATCHDESK_DESK_TAKEDOWN_SHIPPED_H

#include "base/arena.h"
#include "base/err.h"

struct shipped_file {
	struct str name;  /* "dmca.de.txt" */
	const char *path; /* for errors */
	struct str text;
	bool own;	    /* of the folder */
	struct str shipped; /* whose place an own one takes; empty for none */
};

struct shipped_files {
	struct shipped_file *items;
	size_t n;
};

/*
 * The files below `prefix` that ship, and those of `folder` (NULL for none) that end with `ending` or with `other` (NULL for
 * none); others there are left alone. All lives in `a`. E_IO, or E_LIMIT: too many of them, or one too large.
 */
int shipped_files_read(const char *prefix, const char *folder, const char *ending, const char *other, struct arena *a,
		       struct shipped_files *out, struct err *err);

#endif
