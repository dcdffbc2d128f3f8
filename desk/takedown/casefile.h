/* casefile.h - all there is to know of a takedown, read at once: for a person, its page, its JSON, its exhibit */
/* Runs in: verbs, writer (report). Times are microseconds UTC; what is read lives in the arena. */
#ifndef WATCHDESK_DESK_TAKEDOWN_CASEFILE_H
#define WATCHDESK_DESK_TAKEDOWN_CASEFILE_H

#include "base/json.h"
#include "desk/takedown/takedowns.h"
#include "store/finding.h"
#include "store/takedown_fact.h"
#include "web/page.h"

struct casefile {
	const struct takedowns *takedowns; /* by which hosts are known */
	int64_t now;			   /* at which clocks are read */
	struct takedown_row row;
	struct finding_detail finding;
	struct case_clock *clocks;
	size_t n_clocks;
	enum case_late late; /* why the first target that does waits too long */
	struct case_target *targets;
	size_t n_targets;
	struct case_notice *notices;
	size_t n_notices;
	struct custody_row *custody; /* about its finding */
	size_t n_custody;
	struct str *findings; /* public ids of those whose text stands at its targets, its own first */
	size_t n_findings;
	struct takedown_fact *facts, *notes;
	size_t n_facts, n_notes;
};

/* Read the case of a row; `t` lives as long as it. E_STORE when its finding is gone. */
int casefile_read(struct store *s, const struct takedowns *t, const struct takedown_row *row, int64_t now, struct arena *a,
		  struct casefile *out, struct err *err);
/* What its page shows. */
struct takedown_page casefile_page(const struct casefile *c, const struct page_manner *m);

/* casefile_json.c: the same as one object of JSON. */
void casefile_put(struct json_writer *w, const struct casefile *c);
/* The members that say which case it is, of an object that is open. */
void casefile_put_row(struct json_writer *w, const struct takedown_row *r);

#endif
