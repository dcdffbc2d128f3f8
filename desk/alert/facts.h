/* facts.h - what a letter is about, for whoever does not read sentences: a member of the letter, as JSON */
/* Runs in: writer (putting), net (taking), verbs. Texts from outside are harmless already (desk/alert/sheet.h). */
#ifndef WATCHDESK_DESK_ALERT_FACTS_H
#define WATCHDESK_DESK_ALERT_FACTS_H

#include "base/arena.h"
#include "store/finding.h"

struct facts {
	int severity;				       /* below 0 for a letter about the watch itself */
	int64_t step;				       /* of whom duty asks; 0 for nobody */
	struct str finding, campaign, category, asset; /* empty for none, as all that follow */
	struct str source, title, address, why, for_whom;
	struct str link;    /* where a button says "I have it" */
	struct str answers; /* the public id of a message that somebody has answered; for_whom is who */
};

/* Of a finding; without title and address when these may not be told. All lives in `a`. */
struct facts facts_of(struct arena *a, const struct finding_detail *d, bool may_tell);
/* As JSON, in `a`. */
struct str facts_put(struct arena *a, const struct facts *f);
/* Take what facts_put() put; what is no such thing is a letter about the watch itself. Strings live in `a` or are borrowed. */
struct facts facts_take(struct arena *a, struct str json);

#endif
