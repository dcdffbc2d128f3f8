/* pack.h - the files that a classifier is made of, by name and digest: what an assessment can be traced back to */
/* Runs in: supervisor (building); read-only in every role afterwards. */
#ifndef WATCHDESK_CLASSIFY_PACK_H
#define WATCHDESK_CLASSIFY_PACK_H

#include "base/arena.h"
#include "base/digest.h"

struct classifier_pack {
	const char *kind; /* "rules", "frames" */
	struct str name;  /* its path */
	unsigned char digest[DIGEST_BYTES];
};

struct classifier_packs {
	struct classifier_pack *items;
	size_t n;
};

/* Note a file that was read; the list lives in `a`. */
static inline void packs_note(struct classifier_packs *packs, struct arena *a, const char *kind, const char *name,
			      struct str content)
{
	struct classifier_pack *pack = arena_push(a, &packs->items, &packs->n, sizeof(*pack));

	*pack = (struct classifier_pack){ .kind = kind, .name = arena_copy(a, str_of(name)) };
	digest_sha256(content, pack->digest);
}

#endif
