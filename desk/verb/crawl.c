/* crawl.c - `watchdesk crawl`: one round */
#include "desk/monitor.h"

static int crawl_run(const struct invocation *i, struct err *err)
{
	return monitor(i, true, err);
}

const struct verb verb_crawl = {
	.name = "crawl",
	.arguments = "",
	.summary = "visit every source once",
	.text = "Reads the start addresses of every source and whatever is due, follows what they link to, classifies and "
		"stores, then ends.\n"
		"A source that failed a short while ago, or whose host asked for silence, is left alone until its time has "
		"come.",
	.run = crawl_run,
};
