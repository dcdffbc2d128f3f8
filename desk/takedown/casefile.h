/* casefile.h - all there is to know of a takedown, read at once: for its page, its JSON, its exhibit */
/* Runs in: verbs, writer (report). Times are microseconds UTC; what is read lives in the arena. */
#ifndef WATCHDESK_DESK_TAKEDOWN_CASEFILE_H
#define WATCHDESK_DESK_TAKEDOWN_CASEFILE_H

#include "base/json.h"
#include "desk/takedown/takedowns.h"
#include "store/finding.h"
#include "store/takedown.h"
#include "web/page.h"

struct casefile {
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
};

/* Read the case of a row. E_STORE when its finding is gone. */
int casefile_read(struct store *s, const struct takedowns *t, const struct takedown_row *row, int64_t now, struct arena *a,
		  struct casefile *out, struct err *err);
/* The same as one object of JSON. */
void casefile_put(struct json_writer *w, const struct casefile *c);
/* What its page shows. */
struct takedown_page casefile_page(const struct casefile *c, const struct page_manner *m, int64_t now);

#endif
