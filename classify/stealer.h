/* stealer.h - logs of password stealers: records over several lines, the machine's description, the names of their files */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_STEALER_H
#define WATCHDESK_CLASSIFY_STEALER_H

#include "classify/credential.h"
#include "classify/found.h"

struct stealer {
	struct found *found;
	/* The record being collected. */
	struct str host, login;
	size_t record_start, record_line, line;
	/* The description of a machine. */
	uint64_t markers[2]; /* kinds of lines seen near each other */
	size_t marker_line, start, end;
	/* Names of a log's files. */
	uint32_t files;
	size_t files_start, files_end;
	uint32_t families; /* whose words were seen, as bits */
	size_t records;
};

/* The next line, without white space at its ends: true when it closes a record, which is then in `out`. */
bool stealer_line(struct stealer *s, struct str line, struct credential *out);
/* The next line, when it holds no sign that could divide a label from a value: it may still name a file of a log. */
void stealer_file(struct stealer *s, struct str line);
/* A record in one line: JSON with login and password. */
bool stealer_json(struct str line, struct credential *out);
/* ... or elements of XML. */
bool stealer_xml(struct str line, struct credential *out);
/* The text has ended: the machine's description and the folder are hits; the family is named. */
void stealer_finish(struct stealer *s);

#endif
