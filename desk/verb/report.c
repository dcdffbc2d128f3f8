/* report.c - `watchdesk report`: write the pages */
#include "desk/monitor.h"

static int report_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_READ, err) : NULL;

	if (!store || monitor_report(config, store, err) < 0)
		return err->code;
	print("%s/index.html\n", config->report);
	return 0;
}

const struct verb verb_report = {
	.name = "report",
	.arguments = "",
	.summary = "write the report pages",
	.text = "Writes the folder that `report:` names: an index of findings and sources, and a page for each finding. The "
		"pages ask for\n"
		"nothing from anywhere and can be read from a disk, a share or any web server. The folder is replaced in one "
		"step.",
	.run = report_run,
};
