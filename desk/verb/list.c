/* list.c - `watchdesk list`: findings, the most severe first */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/verb.h"
#include "store/duty.h"
#include "store/finding.h"
#include "store/quoted.h"

static void finding_json(const struct finding *f, struct str duty)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", f->public_id);
	json_put_int(&w, "severity", f->severity);
	json_put_text(&w, "category", f->category);
	json_put_text(&w, "asset", f->asset);
	json_put_text(&w, "language", f->language);
	json_put_text(&w, "source", f->source);
	json_put_text(&w, "title", f->title);
	json_put_text(&w, "author", f->author);
	json_put_text(&w, "url", f->url);
	json_put_text(&w, "verdict", f->verdict);
	json_put_text(&w, "duty", duty);
	json_put_bool(&w, "reports", f->reports);
	json_put_time(&w, "found_at", f->found_at);
	json_close(&w, '}');
	print_json(&out);
}

static const char *colour_of(int severity)
{
	return severity >= 90 ? "1;31" : severity >= 70 ? "31" : severity >= 40 ? "33" : "2";
}

static void finding_line(const struct finding *f, struct str duty)
{
	char at[32];

	print("%s%3d %-8s%s  ", style(colour_of(f->severity)), f->severity, severity_name(f->severity), style(""));
	print_text(f->category, false, 9);
	print("  ");
	print_text(f->asset.n ? f->asset : STR("-"), false, 18);
	print("  ");
	print_text(f->source, false, 12);
	print("  %s  %.8s  ", print_time(f->found_at, at), f->public_id.p);
	if (f->reports)
		print("%s(%s)%s ", style("2"), QUOTED_TOLD, style(""));
	print_text(f->title.n ? f->title : f->url, false, 0);
	if (duty.n) {
		print("  %s[", style("2"));
		print_text(duty, false, 0);
		print("]%s", style(""));
	}
	print("\n");
}

static struct str text_option(const struct invocation *i, const char *name)
{
	return str_of(option_of(i, name));
}

/* A name that is none would list nothing, which reads like good news. */
static int category_check(struct str name, struct err *err)
{
	for (int i = 0; i < CATEGORIES; i++)
		if (str_eq(name, str_of(category_names[i])))
			return 0;
	if (name.n == 0)
		return 0;
	return err_set(err, E_USAGE, "--category %.*s: expected violence, extortion, leak or dox", STR_ARG(name));
}

static int filter_read(const struct invocation *i, struct finding_filter *filter, struct err *err)
{
	int64_t severity = 0;

	if (option_number(i, "severity", 0, 100, &severity, err) < 0 ||
	    option_number(i, "limit", 1, 1000000, &filter->limit, err) < 0)
		return err->code;
	filter->least_severity = (int)severity;
	filter->with_dismissed = option_of(i, "all") != NULL;
	filter->category = text_option(i, "category");
	filter->source = text_option(i, "source");
	filter->asset = text_option(i, "asset");
	return category_check(filter->category, err);
}

/* Those that are named, in this order, whatever was said of them. */
static int list_named(const struct invocation *i, struct store *store, struct arena *a, struct finding **rows, size_t *n,
		      struct err *err)
{
	*rows = NULL;
	*n = 0;
	for (int k = 0; k < i->n; k++) {
		struct finding_detail detail;
		int found = finding_load(store, str_of(i->arguments[k]), a, &detail, err);

		if (found <= 0)
			return found < 0 ? found : err_set(err, E_USAGE, "no finding has the id %.40s", i->arguments[k]);
		*(struct finding *)arena_push(a, rows, n, sizeof(**rows)) = detail.finding;
	}
	return 0;
}

static int list_run(const struct invocation *i, struct err *err)
{
	struct finding_filter filter = { .limit = 50 };
	bool ok = filter_read(i, &filter, err) == 0;
	AUTO_FREE(config) config = ok ? load_config(i, err) : NULL;
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_READ, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct finding *rows;
	size_t n;

	if (!store || (i->n ? list_named(i, store, a, &rows, &n, err) : finding_list(store, &filter, a, &rows, &n, err)) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++) {
		struct str duty;

		if (duty_words(store, rows[k].id, a, &duty, err) < 0)
			return err->code;
		if (i->json)
			finding_json(&rows[k], duty);
		else
			finding_line(&rows[k], duty);
	}
	if (n == 0 && !i->json)
		print("no findings\n");
	return 0;
}

static const struct option_row options[] = {
	{ "severity", "N", "only from this severity on (0-100)" },
	{ "category", "NAME", "only violence, extortion, leak or dox" },
	{ "source", "NAME", "only of this source" },
	{ "asset", "NAME", "only about this asset" },
	{ "limit", "N", "at most so many (50)" },
	{ "all", NULL, "also false positives, known ones and duplicates" },
	{ 0 },
};

const struct verb verb_list = {
	.name = "list",
	.arguments = "[ID...]",
	.summary = "list findings, the most severe first",
	.text = "A line a finding: severity, category, asset, source, when it was found, the beginning of its id, title.\n"
		"With ids only those, whatever was said of them.",
	.options = options,
	.most = -1,
	.run = list_run,
};
