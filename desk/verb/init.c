/* init.c - `watchdesk init`: write a commented configuration */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/seal.h"
#include "desk/verb.h"

/* The evidence key is made before there is evidence, so that its private half can leave in time. */
static int make_key(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);

	if (!config || file_make_folder(config->store.folder, 0700, err) < 0 || seal_make(config->store.folder, err) < 0)
		return err->code;
	print("%s/%s opens the evidence that will be sealed; whoever answers for it (legal) may take it away,\n"
	      "and brings it back with `--key FILE`. Without a copy of it the evidence stays closed.\n",
	      config->store.folder, seal_private_name);
	return 0;
}

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
	return make_key(i, err);
}

const struct verb verb_init = {
	.name = "init",
	.arguments = "",
	.summary = "write a commented configuration to begin with",
	.text = "Writes watchdesk.yaml (or the file that --config names), with every key explained. A file that is there is "
		"left as it is.\n"
		"The evidence key is made too: its private half opens what is sealed, and can be taken away. The rest of the "
		"store is "
		"made by\n"
		"the first `crawl` or `run`.",
	.run = init_run,
};
