/* report.h - the static report: a folder of pages that lead to each other and ask for nothing */
/* Runs in: verbs (`report`). */
#ifndef WATCHDESK_WEB_REPORT_H
#define WATCHDESK_WEB_REPORT_H

#include "base/err.h"
#include "store/store.h"
#include "web/audience.h"
#include "web/words.h"

struct takedown_page;
struct takedown_row;
struct tick;

/* Read a case: the desk knows its clocks. What `out` shows lives in `a`. */
typedef int report_case(const void *desk, struct store *s, const struct takedown_row *row, int64_t now, struct arena *a,
			struct takedown_page *out, struct err *err);

/*
 * Say a step of a playbook as the desk does, in its sentence, and the playbook by its title: in place; what the desk does not
 * know stays as it is. `d` has no more than the audience sees.
 */
typedef int report_step(const void *playbooks, struct store *s, const struct finding_detail *d, struct arena *a, struct tick *t,
			struct err *err);

struct report_options {
	const char *folder;		 /* where the report stands afterwards */
	struct str organisation;	 /* who runs the desk */
	int64_t now;			 /* microseconds UTC: when it is made */
	const struct words *words;	 /* NULL for English */
	const struct audience *audience; /* NULL for the desk */
	struct str zone;		 /* shown beside UTC: a name of the IANA database; empty for none */
	struct str address;		 /* where the folder is published, with its slash; empty when it is not known */
	report_case *read_case;		 /* NULL: there are no pages of takedowns */
	const void *desk;		 /* what read_case() is given */
	report_step *say_step;		 /* NULL: steps are told by their ids */
	const void *playbooks;		 /* what say_step() is given */
	struct str steps;		 /* another text when it says another thing: pages with steps are written anew */
};

/*
 * Bring the folder up to date: pages that are others than before are replaced, each in one step, and the index last, so that a
 * reader never sees one that leads nowhere. The same rows at the same time give the same bytes. E_USAGE when the folder holds
 * anything that is of no report.
 */
int report_write(struct store *s, const struct report_options *o, struct err *err);

#endif
