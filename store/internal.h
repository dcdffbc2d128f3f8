/* internal.h - what the files of store/ share */
/* Runs in: writer, indexer, verbs. Only store/ includes it. */
#ifndef WATCHDESK_STORE_INTERNAL_H
#define WATCHDESK_STORE_INTERNAL_H

#include "base/arena.h"
#include "store/db.h"
#include "store/store.h"

struct store {
	struct db *db;
	char *folder;
	unsigned char key[DIGEST_KEY_BYTES];
};

/* The path of a file of the store. */
void store_path(const struct store *s, const char *name, char *path, size_t size);

#endif
