/* readers.h - stored texts read again by confined processes, as the monitor's workers read captures */
/* Runs in: verbs. Each reader is a worker (base/confine.h): memory and one channel, nothing else. */
#ifndef WATCHDESK_DESK_READERS_H
#define WATCHDESK_DESK_READERS_H

#include "desk/config.h"
#include "desk/protocol.h"

enum reader_end {
	READER_WAITS,
	READER_DONE,
	READER_WITHHOLDS, /* a rule would have kept the text out of the store */
	READER_LOST,	  /* it ended its reader, or took too long */
};

/* A text, and what came of it. */
struct reader_text {
	struct str text, title, thread, source; /* clean UTF-8, at most LIMIT_TEXT; they live as long as the batch */
	bool is_of_thread;
	enum reader_end end;
	int slot;	       /* of the reader that has it; below 0 for none */
	struct read_post post; /* when it is done: assessment and language, with the text as it was given */
};

/* Texts that are read together; what comes of them lives in `a`. */
struct reader_batch {
	struct reader_text *texts;
	size_t n;
	struct arena *a;
};

struct readers;

/*
 * Start `n` (at most 8), and the process that starts another one for each that ends. Before the store is opened: what that
 * knows is not in their memory. The caller frees them.
 */
struct readers *readers_new(const struct config *config, const struct classifier *c, int n, struct err *err);
void readers_free(struct readers *r);
AUTO_FREES(readers)
/* Read all texts of `now`; those of `next` (NULL for none) are given to whoever has nothing to do. E_FAULT: no reader works. */
int readers_read(struct readers *r, struct reader_batch *now, struct reader_batch *next, struct err *err);

#endif
