/* report.c - `watchdesk report`: write the pages */
#include "base/clock.h"
#include "desk/monitor.h"

static int at_read(const char *text, int64_t *at, struct err *err)
{
	*at = clock_now_us();
	if (!text || clock_read_rfc3339(str_of(text), at))
		return 0;
	return err_set(err, E_USAGE, "--at is \"%.60s\", expected a time such as 2026-11-23T09:38:00Z", text);
}

static int write_one(const struct config *config, struct store *store, const struct audience_report *who, const char *folder,
		     int64_t at, struct err *err)
{
	if (monitor_report_for(config, store, who, folder, at, err) < 0)
		return err->code;
	print("%s/index.html\n", folder);
	return 0;
}

/* All that have a folder, or one. */
static int write_asked(const struct invocation *i, const struct config *config, struct store *store, int64_t at,
		       struct err *err)
{
	const struct audience_reports *all = config->audiences;
	const char *name = option_of(i, "audience"), *output = option_of(i, "output");
	const struct audience_report *who = name || output ? audience_named(all, name ? name : "desk", err) : NULL;

	if ((name || output) && !who)
		return err->code;
	if (who && !output && !who->folder)
		return err_set(err, E_USAGE, "the audience %.*s has no folder; give --output FOLDER, or `report:` below it",
			       STR_ARG(who->audience.name));
	if (who)
		return write_one(config, store, who, output ? output : who->folder, at, err);
	for (size_t k = 0; k < all->n; k++)
		if (all->items[k].folder && write_one(config, store, &all->items[k], all->items[k].folder, at, err) < 0)
			return err->code;
	return 0;
}

static int report_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = NULL;
	int64_t at;

	if (!config || at_read(option_of(i, "at"), &at, err) < 0)
		return err->code;
	store = store_open(&config->store, STORE_READ, err);
	return store ? write_asked(i, config, store, at, err) : err->code;
}

static const struct option_row options[] = {
	{ "audience", "NAME", "only for these readers: desk, legal, management or one of `audiences:`" },
	{ "at", "TIME", "as if made then (RFC 3339): the same rows at the same time give the same bytes" },
	{ "output", "FOLDER", "where to, instead of the folder that the configuration names" },
	{ 0 },
};

const struct verb verb_report = {
	.name = "report",
	.arguments = "",
	.summary = "write the report pages",
	.text = "Writes the folder that `report:` names, and that of each audience which has one: an overview, findings, a "
		"page for\n"
		"each, and feeds (feed.atom.xml, feed.json, findings.json, findings.csv). The pages ask for nothing from "
		"anywhere and\n"
		"can be read from a disk, a share or any web server. Only what changed is written, each page in one step.",
	.options = options,
	.run = report_run,
};
