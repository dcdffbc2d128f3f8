/* gather.h - the facts of a case for its notices, from the configuration, the finding, its targets and what people have set */
/* Runs in: verbs, writer (a next notice). Times are microseconds UTC; what is made lives in the arena. */
#ifndef WATCHDESK_DESK_TAKEDOWN_GATHER_H
#define WATCHDESK_DESK_TAKEDOWN_GATHER_H

#include "desk/takedown/notice.h"
#include "desk/takedown/takedowns.h"
#include "store/finding.h"
#include "store/takedown.h"

enum { SAMPLE_CHARACTERS = 300 }; /* of a text, with its values masked: what shows that it is the one, and no more */

/* What a notice is about. */
struct gather_wish {
	const struct takedown_row *its;
	const struct takedown_target *targets; /* one at least */
	size_t n;
	struct str language;
	int64_t written_at; /* its date */
};

struct gathered {
	struct notice_fact *facts;
	size_t n;
	struct finding_detail finding; /* whose text it is */
	const struct host_card *card;  /* of the first target; NULL for none */
};

/* E_STORE when its finding is gone. */
int takedown_gather(struct store *s, const struct takedowns *t, const struct gather_wish *w, struct arena *a,
		    struct gathered *out, struct err *err);
/* What a notice was based on: the digests of the assessment and the evidence, and the head of custody, as one JSON object. */
int takedown_basis(struct store *s, const struct finding_detail *d, struct arena *a, struct str *out, struct err *err);
/* The masked piece of a finding's text that shows what it is: around its first hit. */
struct str takedown_sample(const struct finding_detail *d, struct arena *a);

#endif
