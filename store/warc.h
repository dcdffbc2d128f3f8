/* warc.h - captures as WARC 1.1 records, a gzip member each, and records taken apart again */
/* Runs in: writer (putting), verbs. Standard: ISO 28500:2017. Records are read as if hostile, though they are our own. */
#ifndef WATCHDESK_STORE_WARC_H
#define WATCHDESK_STORE_WARC_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/exchange.h"
#include "base/warc_record.h"

/* The canonical text of a finding with its secrets. */
struct warc_text {
	struct str finding; /* its public id */
	struct str text;    /* UTF-8 */
};

/* One capture as it is sealed. */
struct warc_item {
	const struct trail *trail;
	const struct warc_field *facts; /* said of the page that the trail led to */
	size_t n_facts;
	const struct warc_text *texts;
	size_t n_texts;
};

/*
 * Append the records of a capture: for each exchange `request`, `response` (`revisit` for a 304) and `metadata`, tied to each
 * other (of a piece of a file, whose protocol is "file", `resource` and `metadata`); then a `conversion` for each text. HTTP/2
 * and 3 are recorded in HTTP/1.1 form. E_LIMIT past the ceiling of `out`.
 */
int warc_put(const struct warc_item *item, struct buf *out, struct err *err);

/* A rendering of a page that was captured. */
struct warc_exhibit {
	struct str refers_to; /* the record id of its response */
	struct str url, type; /* of the page; "application/pdf" */
	struct str bytes;
	int64_t at;
	const struct warc_field *facts; /* how it was made */
	size_t n_facts;
};

/* Append it as a `conversion` record, and its facts as `metadata`. */
int warc_put_exhibit(const struct warc_exhibit *e, struct buf *out, struct err *err);
/* Append a `warcinfo` record: the first of a file named `filename`. */
int warc_put_info(const struct warc_field *fields, size_t n, struct str filename, int64_t at, struct buf *out, struct err *err);

/* Goes through members. Begin with { .bytes = ..., .record = BUF_INIT(LIMIT_RECORD) }. */
struct warc_reader {
	struct str bytes;
	size_t at;
	struct buf record;
};

/* The next record, borrowed until the next call: 1, 0 at the end, E_BAD naming the offset of what is no record. */
int warc_next(struct warc_reader *r, struct warc_record *out, struct err *err);
void warc_reader_release(struct warc_reader *r);

#endif
