/* verdicts.c - `watchdesk verdicts`: how often rules, sources and categories were right, by what people said */
#include "base/limits.h"
#include "desk/precision_json.h"
#include "desk/verb.h"

static void row_json(enum precision_of of, const struct precision *p)
{
	AUTO(buf) out = BUF_INIT(KIB(4));
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "of", str_of(precision_names[of]));
	json_put_text(&w, "name", p->name);
	precision_json(&w, p);
	json_close(&w, '}');
	print_json(&out);
}

static void row_print(const struct precision *p)
{
	char text[64];

	print("  ");
	print_text(p->name, false, 34);
	print("  %-20s  %lld confirmed, %lld false positives, %lld known or duplicate\n", precision_text(p, text, sizeof(text)),
	      (long long)p->confirmed, (long long)p->wrong, (long long)p->others);
}

static int verdicts_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_READ, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	size_t all = 0;

	if (!store)
		return err->code;
	for (int of = 0; of < PRECISION_OF; of++) {
		struct precision *rows;
		size_t n;

		if (precision_list(store, (enum precision_of)of, a, &rows, &n, err) < 0)
			return err->code;
		if (n && !i->json)
			print("%s\n", precision_names[of]);
		for (size_t k = 0; k < n; k++) {
			if (i->json)
				row_json((enum precision_of)of, &rows[k]);
			else
				row_print(&rows[k]);
		}
		all += n;
	}
	if (!all && !i->json)
		print("nothing was judged yet; `watchdesk mark` and `watchdesk triage` do that\n");
	return 0;
}

const struct verb verb_verdicts = {
	.name = "verdicts",
	.arguments = "",
	.summary = "how often each rule, source and category was right, by what people said of findings",
	.text = "Confirmed findings among those that are confirmed or false positives; repeats of a text count once. Rules are "
		"those that hit\n"
		"the finding: one that is often wrong is a candidate for `rule mute`.",
	.run = verdicts_run,
};
