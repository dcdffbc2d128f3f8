/* lumen.h - a notice that was sent, in the shape in which the Lumen database takes notices: for a desk that publishes its own
 */
/* Runs in: verbs. Pure: nothing is sent there. Standard: field names of Lumen's API (POST /notices). */
#ifndef WATCHDESK_DESK_TAKEDOWN_LUMEN_H
#define WATCHDESK_DESK_TAKEDOWN_LUMEN_H

#include "desk/takedown/notice.h"

/* What came of it, as Lumen's action_taken has it. */
enum lumen_action { LUMEN_UNSPECIFIED, LUMEN_YES, LUMEN_NO, LUMEN_PARTIAL };

/* A notice that was sent. */
struct lumen_notice {
	const struct notice_template *notice;
	struct str grounds;
	struct str recipient; /* the host's name; no mail address of a person */
	const struct notice_fact *facts;
	size_t n_facts;
	int64_t sent_at; /* microseconds UTC */
	enum lumen_action action;
};

/*
 * Append {"notice": {...}}. Public is what it says, so: no addresses, telephone or mail of people, no excerpt, no reference; on
 * grounds other than copyright no address leads to the text, only its host stands there. Ask `full` of `out`.
 */
void lumen_put(struct buf *out, const struct lumen_notice *x);

#endif
