/* warc.h - captures as WARC 1.1 records, a gzip member each, and records taken apart again */
/* Runs in: writer (putting), verbs. Standard: ISO 28500:2017. Records are read as if hostile, though they are our own. */
#ifndef WATCHDESK_STORE_WARC_H
#define WATCHDESK_STORE_WARC_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/exchange.h"

/* A line "name: value"; the name is ours, the value may come from outside: what cannot stand in a line is replaced. */
struct warc_field {
	struct str name, value;
};

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
 * other; then a `conversion` for each text. HTTP/2 and 3 are recorded in HTTP/1.1 form. E_LIMIT past the ceiling of `out`.
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

/* A record. Absent fields are empty; what it points to is borrowed until the next call. */
struct warc_record {
	size_t start, length; /* of its gzip member */
	struct str type, id, date, uri, refers_to, content_type, payload_digest, finding;
	struct str block;
};

/* Goes through members. Begin with { .bytes = ..., .record = BUF_INIT(LIMIT_RECORD) }. */
struct warc_reader {
	struct str bytes;
	size_t at;
	struct buf record;
};

/* The next record: 1, 0 at the end, E_BAD naming the offset of what is no record. */
int warc_next(struct warc_reader *r, struct warc_record *out, struct err *err);
void warc_reader_release(struct warc_reader *r);

/* An HTTP message in a block, and its value of a header. Borrowed; false when it has no empty line. */
struct warc_message {
	int status; /* of a response; 0 for a request */
	struct str headers, body;
};
bool warc_message_of(struct str block, struct warc_message *out);
struct str warc_header_of(const struct warc_message *m, struct str name);
/* The next "name: value" line of a block of fields; false when there are no more. */
bool warc_field_next(struct str *rest, struct warc_field *out);

#endif
