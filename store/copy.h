/* copy.h - a whole store, from one engine to the other or to the same, checked row by row */
/* Runs in: verbs. */
#ifndef WATCHDESK_STORE_COPY_H
#define WATCHDESK_STORE_COPY_H

#include "store/store.h"

struct copy_options {
	struct store_place to;
	bool with_key; /* the private half of the evidence key too, when the folder has it */
	void (*went)(void *owner, const char *table, int64_t rows); /* now and then; NULL for nobody */
	void *owner;
};

struct copy_result {
	int64_t tables, rows, files, bytes;
	int64_t missing; /* segments that are shorter than the rows say */
};

/* The tables that are copied, in an order in which each row finds those it points to; NULL beyond the last. */
const char *copy_table(size_t i);
/*
 * Copy everything into an empty place. What was copied before the process was killed is not copied again. At the end the rows
 * of both sides are counted and digested, table by table: E_VERIFY names one that differs, which happens when somebody wrote
 * meanwhile. E_USAGE when the place holds another store, or a whole one.
 */
int store_copy(struct store *from, const struct copy_options *o, struct copy_result *out, struct err *err);

#endif
