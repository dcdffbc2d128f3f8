/* duty_letter.h - the letter that asks somebody to answer a finding */
/* Runs in: writer; verbs. Pure; times are microseconds UTC. */
#ifndef WATCHDESK_DESK_ALERT_DUTY_LETTER_H
#define WATCHDESK_DESK_ALERT_DUTY_LETTER_H

#include "desk/alert/letter.h"
#include "store/duty.h"
#include "store/finding.h"

/* All that it says. */
struct duty_facts {
	const struct finding_detail *finding;
	struct str name;	       /* who is asked */
	struct str asked_before, next; /* who was asked last and did not answer, who is next; empty for nobody */
	int64_t asked_before_at, next_at;
	size_t step;	  /* 1 for the first who is asked */
	struct str token; /* an answer that holds it says "I have it"; empty for none */
	struct str link;  /* the same by a click; empty for none */
};

/* Nothing of the text stands in it. All of it lives in `a`. */
void duty_letter(const struct duty_facts *f, struct arena *a, struct letter *out);

/* The message that it answers, and who has it: for channels that hear answers. */
void duty_answered_letter(const struct duty_unheard *u, struct arena *a, struct letter *out);

#endif
