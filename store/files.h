/* files.h - what of a store lies beside its database: keys, the node's name, segments of evidence */
/* Runs in: verbs. Only store/ includes it. */
#ifndef WATCHDESK_STORE_FILES_H
#define WATCHDESK_STORE_FILES_H

#include "store/store.h"

/* What was copied. */
struct files_copied {
	int64_t files, bytes;
	int64_t missing; /* segments that are shorter than the database says, or not there: copied as far as they go */
};

/*
 * Copy digest.key, node.id, fingerprint.key with the fingerprints, and evidence.pub, with `with_key` evidence.key too, when
 * they are there. E_USAGE when `to` holds others already: it is the folder of another store.
 */
int files_copy_keys(const char *from, const char *to, bool with_key, struct files_copied *out, struct err *err);
/*
 * Copy the segments of the folder `from` as far as the rows of `s` reach; they only grow, so a monitor may be writing.
 */
int files_copy_segments(struct store *s, const char *from, const char *to, struct files_copied *out, struct err *err);
/* Copy the first `n` bytes of a file, or as many as there are: how many were copied, durable; 0 when it is not there. */
int64_t files_copy_bytes(const char *from, const char *to, int64_t n, struct err *err);
/* Make a file or folder durable. */
int files_sync(const char *path, struct err *err);
/* True when both names lead to one folder. */
bool files_same_folder(const char *a, const char *b);
/* True when the folder is not there or holds nothing. */
bool files_empty(const char *folder);

#endif
