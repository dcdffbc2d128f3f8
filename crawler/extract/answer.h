/* answer.h - what came back by mail: an answer, the report that one did not arrive, or what a program said by itself */
/* Runs in: worker (reading); its words in every process. Standards: RFC 3464 (delivery reports), RFC 3834 (automatic answers).
 */
#ifndef WATCHDESK_CRAWLER_EXTRACT_ANSWER_H
#define WATCHDESK_CRAWLER_EXTRACT_ANSWER_H

#include "base/arena.h"

struct mail; /* mail.h */

enum answer_kind {
	ANSWER_REPLY,	  /* a person wrote it */
	ANSWER_AUTOMATIC, /* no person did: out of office, a list, another monitor */
	ANSWER_FAILED,	  /* a mail of ours did not arrive and will not */
	ANSWER_DELAYED,	  /* ... or has not yet */
	ANSWER_KINDS,
};

/* Strings are pieces of the message or live in the arena, and are clean UTF-8. */
struct answer {
	enum answer_kind kind;
	struct str address; /* who wrote it; of a report, who was not reached; empty when it names nobody */
	struct str status;  /* of a report: "5.1.1" (RFC 3463); empty for none */
	struct str message; /* of a report: what stands before the @ in the Message-ID of the mail that it is about */
	struct str subject;
	struct str text, quoted; /* but of reports */
	struct str id;		 /* its own Message-ID, without <>; empty for none */
	/* But of reports: what in the answered Message-IDs, and behind the "+" of whom it is to, may be a public id of ours (32
	 * hexadecimal digits, lower case), each once, separated by a blank. */
	struct str about;
};

/* What a mail answers. `bytes` is all of it, of which `m` was read. */
void answer_of(struct arena *a, const struct mail *m, struct str bytes, struct answer *out);

#endif
