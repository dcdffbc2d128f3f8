/* monitor.c - what `run` and `crawl` share */
#include "desk/monitor.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/model.h"
#include "desk/playbook.h"
#include "desk/supervisor.h"
#include "desk/takedown/casefile.h"
#include "store/store.h"
#include "web/report.h"

static int read_case(const void *desk, struct store *s, const struct takedown_row *row, int64_t now, struct arena *a,
		     struct takedown_page *out, struct err *err)
{
	const struct page_manner none = { 0 };
	struct casefile *file = arena_alloc(a, sizeof(*file));

	if (casefile_read(s, desk, row, now, a, file, err) < 0)
		return err->code;
	*out = casefile_page(file, &none);
	return 0;
}

static int say_step(const void *playbooks, struct store *s, const struct finding_detail *d, struct arena *a, struct tick *t,
		    struct err *err)
{
	return playbook_say(playbooks, s, d, a, t, err);
}

int monitor_report_for(const struct config *config, struct store *store, const struct audience_report *who, const char *folder,
		       int64_t at, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(2));
	const struct report_options options = {
		.folder = folder,
		.organisation = config->organisation.text,
		.now = at,
		.words = who->words,
		.audience = &who->audience,
		.zone = config->zone,
		.address = who->address,
		.read_case = read_case,
		.desk = config->takedowns,
		.say_step = say_step,
		.playbooks = config->playbooks,
		.steps = playbooks_said(config->playbooks, a),
	};

	return report_write(store, &options, err);
}

int monitor_report(const struct config *config, struct store *store, struct err *err)
{
	int64_t now = clock_now_us();

	for (size_t i = 0; i < config->audiences->n; i++) {
		const struct audience_report *who = &config->audiences->items[i];

		if (who->folder && monitor_report_for(config, store, who, who->folder, now, err) < 0)
			return err->code;
	}
	return 0;
}

int monitor(const struct invocation *i, bool once, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(classifier) classifier = config ? classifier_of(config, err) : NULL;
	struct supervisor_options options = { .once = once, .on_idle = monitor_report };
	char summary[ERR_TEXT];

	if (!classifier)
		return err->code;
	model_fault_log(classifier);
	if (config->n_sources == 0)
		return err_set(err, E_USAGE, "%s names no source; there is nothing to watch", config->path);
	if (config_add_recheck(config, err) < 0)
		return err->code;
	options.operator_name = user_name(config->a);
	options.progress = isatty(STDERR_FILENO) && !i->json;
	if (supervisor_run(config, classifier, &options, summary, sizeof(summary), err) < 0)
		return err->code;
	if (i->json) {
		AUTO(buf) out = BUF_INIT(4096);
		struct json_writer w = { .out = &out };

		json_open(&w, NULL, '{');
		json_put_text(&w, "round", str_of(summary));
		json_close(&w, '}');
		print_json(&out);
	} else {
		print("%s\n", summary);
	}
	return 0;
}
