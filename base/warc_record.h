/* warc_record.h - the head of a WARC record, and the HTTP message in its block */
/* Runs in: worker (files of others), writer and verbs (our own). Standard: ISO 28500:2017 and 2009. Pure; what it fills is
 * borrowed. */
#ifndef WATCHDESK_BASE_WARC_RECORD_H
#define WATCHDESK_BASE_WARC_RECORD_H

#include "base/str.h"

/* A line "name: value"; the name is ours, the value may come from outside: what cannot stand in a line is replaced. */
struct warc_field {
	struct str name, value;
};

/* A record. Absent fields are empty. */
struct warc_record {
	size_t start, length; /* of its gzip member */
	struct str type, id, date, uri, refers_to, content_type, payload_digest, finding;
	struct str block;
};

/*
 * Take the header of a record and the empty line behind it off the front of `rest`, which then begins with the block: its
 * length in bytes goes to *length. False for what is no such header; `rest` is nowhere in particular then.
 */
bool warc_header_take(struct str *rest, struct warc_record *out, uint64_t *length);

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
