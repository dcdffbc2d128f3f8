/* supervisor.h - forks the roles, restarts what dies, keeps each capture's deadline; opens no store, network or secret */
/* Runs in: supervisor. It holds the compiled rules, so it is also what workers are forked from. */
#ifndef WATCHDESK_DESK_SUPERVISOR_H
#define WATCHDESK_DESK_SUPERVISOR_H

#include "classify/classify.h"
#include "desk/config.h"
#include "store/store.h"

struct supervisor_options {
	bool once;		  /* one round, then end: `crawl` */
	bool progress;		  /* a line on standard error that shows how far it is, for a terminal */
	struct str operator_name; /* the system user, who answers for what is captured */
	/* Called when nothing is due any more, in a process of its own without network; may be NULL. */
	int (*on_idle)(const struct config *config, struct store *store, struct err *err);
};

/*
 * Watch until the round is over or a signal asks for the end, which comes within five seconds. Only one monitor runs on a
 * store: a second one waits a few seconds for the first and then fails with E_BUSY. `summary` gets what was done, in words.
 */
int supervisor_run(const struct config *config, const struct classifier *classifier, const struct supervisor_options *options,
		   char *summary, size_t size, struct err *err);

#endif
