/* verified.c - a verification as the verbs show it */
#include "desk/verified.h"

#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "desk/print.h"

struct shown {
	bool json, progress;
};

static void show_problem(void *owner, const struct verify_problem *p)
{
	const struct shown *shown = owner;
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	if (shown->progress)
		fprintf(stderr, "\r\033[K");
	if (!shown->json) {
		print_text(str_of(p->text), false, 0);
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "problem", str_of(p->kind));
	json_put_text(&w, "where", str_of(p->where));
	json_put_text(&w, "text", str_of(p->text));
	json_close(&w, '}');
	print_json(&out);
}

static void show_progress(void *owner, const char *what, int64_t done)
{
	const struct shown *shown = owner;

	if (shown->progress && done)
		fprintf(stderr, "\r\033[K%s: %lld", what, (long long)done);
	else if (shown->progress)
		fprintf(stderr, "\r\033[K%s", what);
}

static void result_show(const struct verify_result *r, bool json)
{
	const struct {
		const char *key, *words;
		int64_t n;
		bool always;
	} rows[] = {
		{ "texts", "texts", r->bodies, true },
		{ "revisions", "revisions", r->revisions, true },
		{ "assessments", "assessments", r->assessments, true },
		{ "findings", "findings", r->findings, true },
		{ "verdicts", "verdicts", r->verdicts, true },
		{ "entries", "entries of custody", r->entries, true },
		{ "signatures", "signatures", r->signatures, false },
		{ "stamps", "time-stamps", r->stamps, false },
		{ "items", "items of evidence", r->items, true },
		{ "bytes", "bytes of evidence", r->bytes, false },
		{ "purged", "texts purged, of which the digests are left", r->purged, false },
		{ "without_digest", "assessments from before digests were kept", r->unsealed, false },
		{ "stamps_unchecked", "time-stamps not checked, for there is no --ca", r->unchecked, false },
		{ "elsewhere", "items that lie with other nodes, which verify their own", r->elsewhere, false },
	};
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	const size_t n = sizeof(rows) / sizeof(rows[0]);

	json_open(&w, NULL, '{');
	json_put_int(&w, "problems", r->problems);
	for (size_t i = 0; i < n; i++)
		json_put_int(&w, rows[i].key, rows[i].n);
	json_close(&w, '}');
	if (json) {
		print_json(&out);
		return;
	}
	print("looked at");
	for (size_t i = 0; i < n; i++)
		if (rows[i].always || rows[i].n)
			print("%s %lld %s", i ? "," : "", (long long)rows[i].n, rows[i].words);
	print("\n");
	if (r->problems == 0)
		print("all of it is what was written\n");
}

int verify_and_show(struct store *s, const struct verify_options *options, bool json, struct err *err)
{
	struct shown shown = { .json = json, .progress = isatty(STDERR_FILENO) && !json };
	struct verify_options o = *options;
	struct verify_result result;
	int sound;

	o.found = show_problem;
	o.went = show_progress;
	o.owner = &shown;
	sound = verify_store(s, &o, &result, err);
	if (shown.progress)
		fprintf(stderr, "\r\033[K");
	result_show(&result, json);
	return sound;
}
