/* run.c - `watchdesk run`: watch until stopped */
#include "desk/monitor.h"

static int run_run(const struct invocation *i, struct err *err)
{
	return monitor(i, false, err);
}

const struct verb verb_run = {
	.name = "run",
	.arguments = "",
	.summary = "watch until stopped",
	.text = "Visits every source when it is due, classifies what is new, keeps findings and rewrites the report after each "
		"round.\n"
		"SIGINT or SIGTERM ends it within five seconds; nothing that was stored is lost, whatever ends it.",
	.run = run_run,
};
