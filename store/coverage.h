/* coverage.h - when each source was seen and when it was not: the last fourteen days, in pieces of six hours */
/* Runs in: writer (writing); verbs and report (reading). Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_COVERAGE_H
#define WATCHDESK_STORE_COVERAGE_H

#include "base/err.h"
#include "store/store.h"

#define COVERAGE_CELL (INT64_C(6) * 3600 * 1000000)
enum { COVERAGE_CELLS = 56 };

/* What can be said of a cell, the worst that is true of it. */
enum coverage_kind {
	COVERAGE_UNSEEN, /* nobody asked */
	COVERAGE_WELL,	 /* all visits were answered */
	COVERAGE_PARTLY, /* some were not */
	COVERAGE_MISSED, /* posts went by between two visits (pulse_gap) */
	COVERAGE_WRONG,	 /* no visit was answered */
	COVERAGE_KINDS,
};

struct coverage {
	int64_t from; /* when the first cell begins; the last one is that of now */
	unsigned char cells[COVERAGE_CELLS];
	size_t of[COVERAGE_KINDS]; /* cells of each kind */
};

/* Note a visit to one of a source's own addresses. Needs a transaction. */
int coverage_note(struct store *s, int64_t source_id, bool answered, int64_t now, struct err *err);
/* The cells of a source by its name; all of them unseen when there is none. */
int coverage_of(struct store *s, struct str source, int64_t now, struct coverage *out, struct err *err);

#endif
