/* work.h - what `watchdesk takedown` does, an act a word */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_TAKEDOWN_WORK_H
#define WATCHDESK_DESK_TAKEDOWN_WORK_H

#include "desk/takedown/draft.h"
#include "desk/verb.h"

/* What one invocation works with; times are microseconds UTC. */
struct takedown_work {
	const struct invocation *i;
	const struct config *config;
	struct store *store;
	struct arena *a;
	struct str who; /* the system user */
	int64_t now;
	/* What is told once it is kept: a line for a person, and the ids for programs. */
	struct buf said;
	struct str takedown, notice;
};

/*
 * Each is run with its words in `i->arguments`, the act's name first. Those that change something run in a transaction, which
 * is committed when the answer is not below 0; then what is in `said` is told.
 */
typedef int takedown_act_fn(struct takedown_work *x, struct err *err);

/* Cases: acts_case.c. */
takedown_act_fn takedown_act_open, takedown_act_target, takedown_act_set, takedown_act_facts, takedown_act_note,
	takedown_act_state, takedown_act_recheck, takedown_act_close;
/* What a breach worksheet wants to know, counted: acts_count.c; begins its own transaction. */
takedown_act_fn takedown_act_count;
/* Notices: acts_notice.c. */
takedown_act_fn takedown_act_draft, takedown_act_missing, takedown_act_approve, takedown_act_send, takedown_act_sent,
	takedown_act_answer;
/* The text of a notice: acts_text.c; `edit` begins its own transaction, behind the editor. */
takedown_act_fn takedown_act_text, takedown_act_edit;
/* What there is: shown.c. */
takedown_act_fn takedown_act_list, takedown_act_show;
/* Who may be written to: acts_contacts.c; it opens the store itself, once strangers have answered. */
takedown_act_fn takedown_act_contacts;
/* What leaves the desk, or sums it up: acts_out.c; `export` begins its own transaction. */
takedown_act_fn takedown_act_numbers, takedown_act_lumen, takedown_act_export;

/* The case, or the notice, with this id: 0, or E_USAGE. */
int takedown_work_case(struct takedown_work *x, const char *id, struct takedown_row *out, struct err *err);
int takedown_work_notice(struct takedown_work *x, const char *id, struct notice_row *out, struct err *err);
/* An option's text, clean and without blanks around it; empty without the option. */
struct str takedown_work_option(const struct takedown_work *x, const char *name);
/* A file that --file names, "-" for standard input, as clean text of at most `most` bytes. */
int takedown_work_file(struct takedown_work *x, size_t most, struct str *out, struct err *err);

#endif
