/* embed.h - the data files that ship inside the binary */
/* Runs in: every process. The table is made by the Makefile from the folders named there. */
#ifndef WATCHDESK_BASE_EMBED_H
#define WATCHDESK_BASE_EMBED_H

#include "base/str.h"

struct embed {
	const char *path; /* from the root of the sources: "classify/rules/cloud.yaml" */
	struct str content;
};

/* The file with this path; NULL when there is none. */
const struct embed *embed_find(const char *path);
/* The i-th file whose path begins with `prefix`, in the order of paths; NULL beyond the last. */
const struct embed *embed_below(const char *prefix, size_t i);

#endif
