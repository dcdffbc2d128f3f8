/* worksheet.h - the facts of a breach worksheet (GDPR Art. 33) from counts: people, records, kinds of data, and the clock */
/* Runs in: verbs. Pure. Times are microseconds UTC. */
#ifndef WATCHDESK_DESK_TAKEDOWN_WORKSHEET_H
#define WATCHDESK_DESK_TAKEDOWN_WORKSHEET_H

#include "desk/people.h"
#include "desk/takedown/element.h"

/* How many people and records a text is about. */
struct worksheet_counts {
	size_t persons, records;
	size_t marks[PERSON_MARKS]; /* people of whom this is there */
	size_t listed;		    /* people on the organisation's own list */
	bool has_list;
	bool more; /* than can be counted */
};
/* Count them, as `watchdesk affected` does. `text` is the sealed one; `list` NULL for none, `s` as people_listed() has it. */
void worksheet_count(struct str text, const struct stored_hit *hits, size_t n_hits, const struct people_list *list,
		     const struct store *s, struct arena *a, struct worksheet_counts *out);

/* 72 hours after the organisation became aware of it. */
int64_t worksheet_deadline(int64_t first_aware_at);
/*
 * Add the facts `subjects`, `records`, `kinds`, `first_aware_at`, `deadline` and, after it, `late`, in English or the language
 * when it is one of those that notices ship in. No value of a person stands in them. What is not counted, nature,
 * consequences, measures and whom to ask, people write. All lives in `a`.
 */
void worksheet_facts(const struct worksheet_counts *counts, int64_t first_aware_at, int64_t now, struct str language,
		     struct arena *a, struct notice_fact **facts, size_t *n);

#endif
