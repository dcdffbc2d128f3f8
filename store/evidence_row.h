/* evidence_row.h - what the files of evidence share: an item as its row has it */
/* Runs in: writer, verbs. Only store/evidence*.c include it. */
#ifndef WATCHDESK_STORE_EVIDENCE_ROW_H
#define WATCHDESK_STORE_EVIDENCE_ROW_H

#include "base/seal.h"
#include "store/internal.h"
#include "store/segment.h"

struct sealed_row {
	int64_t id;
	struct segment_place place;
	struct str public_id, digest, content_digest, key_id, wrapped;
	int64_t forgotten_at;
	bool forgotten;
};

#define SEALED_ROW                                                                                                 \
	"evidence.id, evidence.public_id, segment, start_at, length, digest, content_digest, key_id, wrapped_key," \
	" forgotten_at"

/* Read the columns of SEALED_ROW. */
void sealed_row_take(struct query *q, struct arena *a, struct sealed_row *r);
/* The 16 bytes that a public id spells. */
void public_id_bytes(struct str public_id, unsigned char out[DIGEST_ID_BYTES]);
/* Compare the sealed bytes with the row; with a key open them too, appending to `out`. The row's digest has its length. */
int evidence_row_open(struct segment_reader *r, const struct sealed_row *row, const struct seal_private *key, struct buf *out,
		      struct err *err);

#endif
