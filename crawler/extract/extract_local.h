/* extract_local.h - between the files that read pieces of files: what is in hand meanwhile */
/* Runs in: worker. Posts of each record are kept before the next is read, so that one cannot take the others along. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_EXTRACT_LOCAL_H
#define WATCHDESK_CRAWLER_EXTRACT_EXTRACT_LOCAL_H

#include "crawler/extract/extract_inner.h"
#include "crawler/local.h"

/* A piece of a file. Places in it are counted in `bytes`. */
struct piece {
	struct work *w;
	struct str url;		  /* of the file */
	struct local_position at; /* where it begins */
	struct str bytes;	  /* decompressed, unless it is WARC */
	bool last;		  /* nothing stands behind it now */
	size_t text_bytes;	  /* of the posts that were kept */
	/* The answer: from where to go on, and whether that is inside a record; more to read there now. */
	uint64_t next;
	bool inside, more;
};

/* The address of what stands at that byte. */
struct str piece_url(const struct piece *p, size_t at);
/* Keep a copy of a post, whose strings may live in the scratch arena; what has no address or key gets those of its place. */
void piece_keep(struct piece *p, const struct post *post, size_t at);
/* True when it has given as many posts as one piece may: then go on from `at` another time. */
bool piece_is_full(struct piece *p, size_t at);
/* Name what was wrong at that byte; the first word of a piece is kept. */
void piece_trouble(struct piece *p, size_t at, const char *what);
/* Go on behind byte `at`. */
void piece_next(struct piece *p, size_t at);
/* A record begins at `at` and ends behind the piece: it is named and passed over when it began with it, else read anew. */
void piece_cut(struct piece *p, size_t at, const char *what);

/* extract_mail.c, extract_warc.c, extract_jsonl.c: read the records of a piece. */
void extract_mails(struct piece *p);
void extract_warc(struct piece *p);
void extract_jsonl(struct piece *p);
/* Does a file that begins so hold these? */
bool extract_is_mbox(struct str bytes);
bool extract_is_warc(struct str bytes);
bool extract_is_jsonl(struct str bytes);

/* Read a piece, and the list of a folder; a mail out of a mailbox, behind which there may be more. */
int extract_local(struct work *w);
int extract_folder(struct work *w);
int extract_mailbox(struct work *w);

#endif
