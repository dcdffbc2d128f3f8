/* machine.h - what is not well with the machine and the mail of the watch, in sentences */
/* Runs in: writer, verbs. Pure: whoever asks has looked. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_ALERT_MACHINE_H
#define WATCHDESK_DESK_ALERT_MACHINE_H

#include "base/arena.h"
#include "store/watch.h"

/* How it stands. */
struct machine {
	bool disk_is_known;
	uint64_t free_bytes;   /* of the store's disk */
	const char *clock;     /* clock_state() */
	int64_t clock_back_at; /* when it went back; 0 for never */
	bool has_landlock;
	int64_t waiting, oldest_at; /* letters that wait, and since when the longest; 0 for none */
};

enum { MACHINE_CONCERNS = 5 };

/* What is not well: at most MACHINE_CONCERNS, into `out`; their words live in `a`. */
size_t machine_concerns(const struct machine *m, int64_t now, struct arena *a, struct concern out[MACHINE_CONCERNS]);

#endif
