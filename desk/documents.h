/* documents.h - the private documents that a desk has registered: two files in the folder of its store */
/* Runs in: supervisor (reading) and verbs. */
#ifndef WATCHDESK_DESK_DOCUMENTS_H
#define WATCHDESK_DESK_DOCUMENTS_H

#include "classify/fingerprint.h"
#include "desk/config.h"

/* Append the file of fingerprints to `bytes` and fill the key: 1; 0 when no document is registered. */
int documents_load(const struct config *c, struct buf *bytes, unsigned char key[DIGEST_KEY_BYTES], struct err *err);

/* The documents, held for a change: nobody else changes them until it is closed. */
struct documents {
	const struct config *config;
	struct fingerprints *fingerprints;
	int lock;
};

/* Read them, with the key made when there is none yet. */
int documents_open(struct documents *d, const struct config *c, struct err *err);
/* Write them back in one step. */
int documents_save(struct documents *d, struct err *err);
void documents_release(struct documents *d);

/* The text of a file in its charset, HTML without its tags: clean UTF-8 in `a`. E_BAD says what to do first. */
int document_text(struct str file, const char *path, struct arena *a, struct str *text, struct err *err);

#endif
