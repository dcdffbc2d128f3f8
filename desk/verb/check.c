/* check.c - `watchdesk check`: is the configuration right? */
#include "base/clock.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/model.h"
#include "desk/verb.h"

/* The monitor would go on without its model; whoever asks whether all is right is to know. */
static int check_model(const struct config *config, struct err *err)
{
	AUTO(model_file) model = { 0 };
	char told[ERR_TEXT];

	return model_file_read(config->model, &model, err) < 0 ? err->code
							       : model_file_describe(&model, told, sizeof(told), err);
}

static int check_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(classifier) classifier = config ? classifier_of(config, err) : NULL;
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct str gap;

	if (!classifier || check_model(config, err) < 0)
		return err->code;
	gap = roster_gap_sentence(&config->duty, clock_now_us(), a);
	if (i->json) {
		AUTO(buf) out = BUF_INIT(4096);
		struct json_writer w = { .out = &out };

		json_open(&w, NULL, '{');
		json_put_bool(&w, "ok", true);
		json_put_int(&w, "sources", (int64_t)config->n_sources);
		json_put_int(&w, "assets", (int64_t)config->n_assets);
		json_put_int(&w, "roster", (int64_t)config->duty.n);
		json_put_text(&w, "roster_gap", gap);
		json_close(&w, '}');
		print_json(&out);
		return 0;
	}
	print("%s is right: %zu sources, %zu assets, rules and self-test sound.\n", config->path, config->n_sources,
	      config->n_assets);
	if (config->n_sources == 0)
		print("No source is named yet: there is nothing to watch.\n");
	if (config->n_assets == 0)
		print("No asset is named yet: nothing can be recognised as yours.\n");
	if (gap.n)
		print("The roster has a gap: %.*s.\n", STR_ARG(gap));
	return 0;
}

const struct verb verb_check = {
	.name = "check",
	.arguments = "",
	.summary = "say whether the configuration is right",
	.text = "Reads the configuration, every source it uses and every rule, compiles all patterns, runs the examples of "
		"the rules and opens the model of threat language.\n"
		"What is wrong is said as `file:line: what, expected what`, with exit code 2.",
	.run = check_run,
};
