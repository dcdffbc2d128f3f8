/* verb.h - what the command line can do: one row a verb, from which help, manual and completion are made too */
/* Runs in: the process that was started. */
#ifndef WATCHDESK_DESK_VERB_H
#define WATCHDESK_DESK_VERB_H

#include "base/err.h"
#include "desk/config.h"
#include "desk/print.h"

/* An option of a verb; the table ends with a row without a name. */
struct option_row {
	const char *name;     /* "limit": --limit */
	const char *argument; /* "N"; NULL for a flag */
	const char *help;
};

struct invocation;

struct verb {
	const char *name;
	const char *arguments; /* "PATH...", "" for none */
	const char *summary;   /* a line */
	const char *text;      /* paragraphs for --help and the manual */
	const struct option_row *options;
	int least, most; /* arguments; most < 0: any number */
	/* The answer is an exit code, or below 0 an E_* with `err` written. */
	int (*run)(const struct invocation *i, struct err *err);
};

/* A command line that was read. */
struct invocation {
	const struct verb *verb;
	const char *config_path;
	bool json;
	char **arguments;
	int n;
	const char *values[24]; /* of the verb's options, by row; a flag that was given has "" */
};

/* The value of an option of this verb: NULL when it was not given, "" for a flag. */
const char *option_of(const struct invocation *i, const char *name);
/* An option that is a number: 0 and *out, or E_USAGE. Absent leaves *out. */
int option_number(const struct invocation *i, const char *name, int64_t least, int64_t most, int64_t *out, struct err *err);
/* The configuration that --config names, watchdesk.yaml otherwise. */
struct config *load_config(const struct invocation *i, struct err *err);
/* The same for a verb that can do without: NULL in *out when none is named and there is no watchdesk.yaml. */
int load_config_if_any(const struct invocation *i, struct config **out, struct err *err);
/* The system user, who is the operator in all that custody says. Lives in `a`. */
struct str user_name(struct arena *a);

extern const struct verb verb_init, verb_check, verb_doctor, verb_run, verb_crawl, verb_scan, verb_list, verb_show, verb_search,
	verb_mark, verb_report, verb_source, verb_stage, verb_verify, verb_evidence, verb_backup, verb_store, verb_rule,
	verb_asset, verb_triage, verb_assign, verb_train, verb_eval, verb_alert, verb_subscribe, verb_unsubscribe, verb_answer,
	verb_campaign, verb_takedown, verb_actor, verb_rescan, verb_verdicts, verb_hold, verb_purge, verb_playbook,
	verb_affected;

#endif
