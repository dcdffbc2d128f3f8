/* init.c - `watchdesk init`: write a commented configuration */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "desk/verb.h"

static int init_run(const struct invocation *i, struct err *err)
{
	if (access(i->config_path, F_OK) == 0)
		return err_set(err, E_USAGE, "%s is there already; edit it, or name another file with --config",
			       i->config_path);
	if (file_replace(i->config_path, config_example(), 0600, err) < 0)
		return err->code;
	print("%s is written. Put in your organisation, your contact, what you protect and where to look;\n"
	      "then `watchdesk check`, `watchdesk crawl` and `watchdesk report`.\n",
	      i->config_path);
	return 0;
}

const struct verb verb_init = {
	.name = "init",
	.arguments = "",
	.summary = "write a commented configuration to begin with",
	.text = "Writes watchdesk.yaml (or the file that --config names), with every key explained. A file that is there is "
		"left as it is.\n"
		"The store and its digest key are made by the first `crawl` or `run`.",
	.run = init_run,
};
