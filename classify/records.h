/* records.h - records of people: tables, labelled fields and JSON that hold what is private of many, or of one */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_RECORDS_H
#define WATCHDESK_CLASSIFY_RECORDS_H

#include "classify/fields.h"
#include "classify/found.h"
#include "classify/line.h"

enum { RECORD_COLUMNS = 32 };

/* Lines with the same number of separators, one below the other. */
struct record_table {
	char separator; /* 0: no table is in sight */
	size_t columns, rows, start, end;
	struct str header; /* its first line; read when a second one has as many cells */
	bool is_open, has_header;
	enum field label[RECORD_COLUMNS];	/* by the header */
	uint16_t valid[RECORD_COLUMNS];		/* cells that the label may hold */
	uint16_t looks[RECORD_COLUMNS][FIELDS]; /* cells that look like this */
};

/* "Label: value" fields. */
struct record_labels {
	uint32_t seen;	   /* kinds of the record at hand */
	uint32_t first;	   /* its first label, hashed: where it comes again a new record begins */
	size_t records;	   /* finished ones that are personal */
	uint32_t all;	   /* kinds of the whole text */
	size_t start, end; /* from the first field to the last */
	size_t line;	   /* of the last field */
	size_t fields;
};

/* A text that is being read line by line. */
struct records {
	struct found *found;
	struct record_table table;
	struct record_labels labels;
	size_t line;
};

/* The next line of the text of `found`, without white space at its ends. Empty lines too: they end tables. */
void records_line(struct records *r, struct str line, const struct census *census);
/* The text has ended: hits, weights and sentences go to `found`. */
void records_finish(struct records *r);

#endif
