/* rule.c - `watchdesk rule`: the rules, why they hit or do not, and how fast they are */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/dump.h"
#include "classify/rule.h"
#include "classify/rules.h"
#include "desk/explain.h"
#include "desk/verb.h"
#include "desk/precision_json.h"
#include "store/mute.h"

enum { PROOF_ROUNDS = 10, BENCH_BYTES = 256 << 20, BENCH_PIECE = 1 << 16 };

static const char *or_dash(struct yaml_text t)
{
	return t.text.p ? t.text.p : "-";
}

/* What is muted, and how often each rule was right, where there is a store; nothing elsewhere. */
struct muted {
	struct mute *rows;
	size_t n;
	struct precision *precision;
	size_t n_precision;
};

static int muted_read(const struct config *config, struct arena *a, struct muted *out, struct err *err)
{
	AUTO_FREE(store) store = NULL;
	char path[PATH_MAX];

	*out = (struct muted){ 0 };
	if (!config)
		return 0;
	snprintf(path, sizeof(path), "%s/watchdesk.db", config->store.folder);
	if (!config->store.database && access(path, F_OK) < 0)
		return 0;
	store = store_open(&config->store, STORE_READ, err);
	if (!store || precision_list(store, PRECISION_OF_RULE, a, &out->precision, &out->n_precision, err) < 0)
		return err->code;
	return mute_list(store, clock_now_us(), a, &out->rows, &out->n, err);
}

static struct str muted_where(const struct mute *m)
{
	return m->source.n ? m->source : STR("all sources");
}

static void muted_json(struct json_writer *w, const struct mute *m)
{
	json_open(w, NULL, '{');
	json_put_text(w, "rule", m->rule);
	json_put_text(w, "source", m->source);
	json_put_text(w, "operator", m->operator_name);
	json_put_time(w, "at", m->at);
	if (m->until)
		json_put_time(w, "until", m->until);
	json_close(w, '}');
}

static void rule_json(const struct rule_source *s, const struct muted *muted)
{
	AUTO(buf) out = BUF_INIT(KIB(64));
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "id", s->id.text);
	json_put_text(&w, "title", s->title.text);
	json_put_text(&w, "family", s->family.text);
	json_put_text(&w, "label", s->label.text);
	json_put_text(&w, "confidence", str_of(confidence_names[s->confidence]));
	json_put_text(&w, "severity", str_of(gravity_names[s->gravity]));
	json_put_text(&w, "pattern", s->pattern.text.p ? s->pattern.text : s->run.text);
	json_put_text(&w, "confirm", s->confirm.text.p ? s->confirm.text : s->pattern.text);
	json_put_text(&w, "file", str_of(s->id.file));
	json_put_int(&w, "line", s->id.line);
	json_open(&w, "references", '[');
	for (size_t i = 0; i < s->references.n; i++)
		json_put_text(&w, NULL, s->references.items[i].text);
	json_close(&w, ']');
	json_open(&w, "muted", '[');
	for (size_t i = 0; i < muted->n; i++)
		if (str_eq(muted->rows[i].rule, s->id.text))
			muted_json(&w, &muted->rows[i]);
	json_close(&w, ']');
	precision_json(&w, precision_find(muted->precision, muted->n_precision, s->id.text));
	json_close(&w, '}');
	print_json(&out);
}

/* How often it was right, where somebody said so. */
static void precision_note(struct str rule, const struct muted *muted)
{
	const struct precision *p = precision_find(muted->precision, muted->n_precision, rule);
	char text[64];

	if (precision_value(p) >= 0)
		print("  [right in %s]", precision_text(p, text, sizeof(text)));
}

static void muted_note(struct str rule, const struct muted *muted)
{
	for (size_t i = 0; i < muted->n; i++) {
		if (!str_eq(muted->rows[i].rule, rule))
			continue;
		print("  [muted for ");
		print_text(muted_where(&muted->rows[i]), false, 0);
		print(" by ");
		print_text(muted->rows[i].operator_name, false, 0);
		print("]");
	}
}

/* A detector is no rule of a pack, and can be muted too: a line each. */
static void muted_detectors(const struct rules *r, const struct muted *muted)
{
	for (size_t i = 0; i < muted->n; i++) {
		const struct str rule = muted->rows[i].rule;

		if (rules_find(r, rule) || (i && str_eq(muted->rows[i - 1].rule, rule)))
			continue;
		print_text(rule, false, 34);
		print("  (a detector)");
		muted_note(rule, muted);
		print("\n");
	}
}

static int list_run(const struct invocation *i, const struct config *config, const struct rules *r, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct muted muted;
	const bool read = muted_read(config, a, &muted, err) == 0;

	for (size_t k = 0; k < rules_count(r); k++) {
		const struct rule_source *s = &rules_at(r, k)->source;

		if (i->json) {
			rule_json(s, &muted);
			continue;
		}
		print_text(s->id.text, false, 34);
		print("  %-16.16s  %-6s  %-6s  ", or_dash(s->family), confidence_names[s->confidence],
		      gravity_names[s->gravity]);
		print_text(s->title.text, false, 0);
		precision_note(s->id.text, &muted);
		muted_note(s->id.text, &muted);
		print("\n");
	}
	if (i->json)
		return 0;
	muted_detectors(r, &muted);
	print("%zu rules\n", rules_count(r));
	if (!read) {
		print("which are muted cannot be told: ");
		print_text(str_of(err->text), false, 0);
		print("\n");
	}
	return 0;
}

/* Loading has checked each example already; what is left is libhs against PCRE2. */
static int test_run(const struct rules *r, struct err *err)
{
	size_t tried, examples = 0, look_alikes = 0;

	if (rules_prove(r, PROOF_ROUNDS, &tried, err) < 0)
		return err->code;
	for (size_t k = 0; k < rules_count(r); k++) {
		examples += rules_at(r, k)->source.examples.n;
		look_alikes += rules_at(r, k)->source.counter_examples.n;
	}
	print("%zu rules: %zu examples hit, %zu look-alikes do not, nothing is lost in %zu paddings\n", rules_count(r),
	      examples, look_alikes, tried);
	return 0;
}

/* A file, or standard input for "-": clean UTF-8. */
static int read_text(const char *path, struct buf *bytes, struct arena *a, struct str *text, struct err *err)
{
	size_t replaced;
	int answer = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, bytes, err);

	if (answer >= 0)
		*text = utf8_clean(a, buf_str(bytes), &replaced);
	return answer;
}

static void story_print(const struct rule *rule, const struct rule_story *story)
{
	print("%s", style("1"));
	print_text(rule->source.id.text, false, 0);
	print("%s  %s\n", style(""), story->hits ? "hits" : "does not hit");
	for (size_t i = 0; i < story->n; i++) {
		print("  - ");
		print_text(story->lines[i], false, 0);
		print("\n");
	}
}

static void story_json(const struct rule *rule, const struct rule_story *story)
{
	AUTO(buf) out = BUF_INIT(KIB(256));
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "rule", rule->source.id.text);
	json_put_int(&w, "hits", (int64_t)story->hits);
	json_open(&w, "story", '[');
	for (size_t i = 0; i < story->n; i++)
		json_put_text(&w, NULL, story->lines[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

/* What the whole classifier makes of a file. */
static int explain_text(const struct invocation *i, const struct config *config, struct err *err)
{
	const char *path = i->arguments[1];
	AUTO(buf) bytes = BUF_INIT(LIMIT_TEXT);
	struct assessor x = { 0 };
	struct assessed found;
	int answer = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &bytes, err);

	if (answer < 0)
		return answer;
	answer = assessor_init(&x, config, err);
	if (answer >= 0) {
		assess(&x, buf_str(&bytes), &found);
		(i->json ? explain_json : explain_print)(path, &x, &found);
		answer = explain_says_something(&found);
	}
	assessor_release(&x);
	return answer;
}

static bool is_text(const char *path)
{
	return strcmp(path, "-") == 0 || access(path, F_OK) == 0;
}

static int explain_run(const struct invocation *i, const struct config *config, const struct rules *r, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) bytes = BUF_INIT(LIMIT_TEXT);
	const struct rule *rule = i->n > 1 ? rules_find(r, str_of(i->arguments[1])) : NULL;
	struct rule_story story;
	struct str text;

	if (i->n < 2)
		return err_set(err, E_USAGE,
			       "expected a file, - for standard input, or the id of a rule (`watchdesk rule list`)");
	if (!rule && i->n == 2 && is_text(i->arguments[1]))
		return explain_text(i, config, err);
	if (!rule)
		return err_set(err, E_USAGE, "%.200s: there is no rule of that id (`watchdesk rule list` shows them)%s",
			       i->arguments[1], i->n == 2 ? ", and no such file" : "");
	if (read_text(i->n > 2 ? i->arguments[2] : "-", &bytes, a, &text, err) < 0 ||
	    rules_explain(r, rule, a, text, &story, err) < 0)
		return err->code;
	if (i->json)
		story_json(rule, &story);
	else
		story_print(rule, &story);
	return story.hits > 0;
}

/* ---- bench ---- */

/* A stage that is timed over all pieces of a file. */
struct timed {
	const char *what;
	double seconds;
};

enum { BARE, RULES, DUMPS, DECODING, WHOLE, STAGES };

struct bench {
	struct rules_scratch *scratch;
	const struct rules *rules;
	struct assessor assessor;
	struct timed stages[STAGES];
};

static double since(int64_t start_us)
{
	return (double)(clock_steady_us() - start_us) / 1e6;
}

/* One piece through each stage alone, then through all together. */
static void bench_piece(struct bench *b, struct str text)
{
	struct arena *a = b->assessor.a;
	struct assessment out = { 0 };
	struct assessed whole;
	struct found f = { .a = a, .text = text, .out = &out, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };
	int64_t start;

	rules_scan_bare(b->rules, b->scratch, text); /* so that the next finds tables and text as near as the one after it */
	start = clock_steady_us();
	rules_scan_bare(b->rules, b->scratch, text);
	b->stages[BARE].seconds += since(start);
	arena_clear(a);
	layers_begin(&f.layers, a, text);
	start = clock_steady_us();
	rules_scan(b->rules, b->scratch, &f, &parts);
	b->stages[RULES].seconds += since(start);
	start = clock_steady_us();
	dump_scan(classifier_assets(b->assessor.classifier), &f);
	b->stages[DUMPS].seconds += since(start);
	start = clock_steady_us();
	layers_open(&f.layers, 0);
	b->stages[DECODING].seconds += since(start);
	start = clock_steady_us();
	assess(&b->assessor, text, &whole);
	b->stages[WHOLE].seconds += since(start);
}

static void rate_print(const char *what, size_t bytes, double seconds, double bare)
{
	print("%-44s %8.1f MB/s  %5.2f of bare libhs\n", what, (double)bytes / 1e6 / seconds, bare / seconds);
}

static void bench_print(const struct bench *b, size_t bytes)
{
	const struct timed *s = b->stages;
	double bare = s[BARE].seconds, leaks = s[RULES].seconds + s[DUMPS].seconds + s[DECODING].seconds;

	print("%zu bytes, %zu rules, one core\n", bytes, rules_count(b->rules));
	rate_print("bare libhs, the same patterns", bytes, bare, bare);
	rate_print("rules: libhs, runs, confirmed and judged", bytes, s[RULES].seconds, bare);
	rate_print("dumps and records, line by line", bytes, s[DUMPS].seconds, bare);
	rate_print("looking for what is encoded", bytes, s[DECODING].seconds, bare);
	rate_print("leak stage: the three together", bytes, leaks, bare);
	rate_print("everything: fold, terms, threats, layers too", bytes, s[WHOLE].seconds, bare);
}

/* The rules that PCRE2 is asked for most: where a better pattern pays. */
static void costs_print(const struct bench *b)
{
	enum { SHOWN = 8 };
	size_t n = rules_count(b->rules), last = SIZE_MAX;
	uint64_t below = UINT64_MAX;

	print("\nmost searched by PCRE2: bytes, and ends told by libhs\n");
	for (int k = 0; k < SHOWN; k++) {
		size_t most = n;

		for (size_t i = 0; i < n; i++) {
			uint64_t bytes = rules_cost(b->scratch, i).bytes;
			bool follows = bytes < below || (bytes == below && i > last && last < n);

			if (follows && bytes && (most == n || bytes > rules_cost(b->scratch, most).bytes))
				most = i;
		}
		if (most == n)
			return;
		below = rules_cost(b->scratch, most).bytes;
		last = most;
		print("  %-34s %12llu %10llu\n", rules_at(b->rules, most)->source.id.text.p, (unsigned long long)below,
		      (unsigned long long)rules_cost(b->scratch, most).ends);
	}
}

static int bench_file(struct bench *b, const char *path, struct err *err)
{
	AUTO(buf) bytes = BUF_INIT(BENCH_BYTES);
	AUTO_FREE(arena) a = arena_new(MIB(16));
	size_t replaced, piece;

	if (file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &bytes, err) < 0)
		return err->code;
	piece = bytes.n <= LIMIT_SCAN_PIECE ? LIMIT_SCAN_PIECE : BENCH_PIECE; /* one post, or many of ordinary size */
	if (bytes.n <= LIMIT_SCAN_PIECE) { /* its memory was used before, as that of a worker is */
		struct assessed whole;

		assess(&b->assessor, utf8_clean(a, buf_str(&bytes), &replaced), &whole);
	}
	for (size_t at = 0; at < bytes.n; at += piece) {
		arena_clear(a);
		bench_piece(b, utf8_clean(a, str_slice(buf_str(&bytes), at, at + piece), &replaced));
	}
	bench_print(b, bytes.n);
	costs_print(b);
	return 0;
}

static int bench_run(const struct invocation *i, const struct config *config, const struct rules *r, struct err *err)
{
	struct bench b = { .rules = r, .scratch = rules_scratch_new(r, err) };
	int answer = b.scratch ? assessor_init(&b.assessor, config, err) : err->code;

	if (answer >= 0)
		answer = bench_file(&b, i->n > 1 ? i->arguments[1] : "-", err);
	if (b.scratch)
		assessor_release(&b.assessor);
	rules_scratch_free(b.scratch);
	return answer;
}

/* ---- mute ---- */

static int muted_run(const struct invocation *i, const struct config *config, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(16));
	struct muted muted;

	if (muted_read(config, a, &muted, err) < 0)
		return err->code;
	for (size_t k = 0; k < muted.n; k++) {
		const struct mute *m = &muted.rows[k];
		char at[32];

		if (i->json) {
			AUTO(buf) out = BUF_INIT(KIB(16));
			struct json_writer w = { .out = &out };

			muted_json(&w, m);
			print_json(&out);
			continue;
		}
		print_text(m->rule, false, 34);
		print("  ");
		print_text(muted_where(m), false, 20);
		print("  by ");
		print_text(m->operator_name, false, 0);
		print(" at %s UTC", print_time(m->at, at));
		if (m->until)
			print(", until %s", print_time(m->until, at));
		print("\n");
	}
	if (muted.n == 0 && !i->json)
		print("no rule is muted\n");
	return 0;
}

/* A source of the configuration; its id in the store. */
static int source_id(const struct config *config, struct store *store, const char *name, int64_t *id, struct err *err)
{
	for (size_t k = 0; k < config->n_sources; k++)
		if (str_eq(config->sources[k].name.text, str_of(name)))
			return store_source(store, str_of(name), id, err);
	return err_set(err, E_USAGE, "--source %.100s: the configuration has no source of that name", name);
}

static int mute_change(const struct invocation *i, const struct config *config, bool mutes, struct str rule, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_WRITE, err);
	AUTO_FREE(arena) a = arena_new(MIB(1));
	const char *source = option_of(i, "source");
	const int64_t now = clock_now_us();
	struct mute m = { .rule = rule, .operator_name = user_name(a) };
	int64_t days = 0;
	int changed;

	if (!store || option_number(i, "days", 1, 36500, &days, err) < 0 || store_begin(store, err) < 0)
		return err->code;
	m.until = days ? now + days * INT64_C(86400000000) : 0;
	if ((source && source_id(config, store, source, &m.source_id, err) < 0) ||
	    (changed = (mutes ? mute_add : mute_remove)(store, &m, now, err)) < 0) {
		store_rollback(store);
		return err->code;
	}
	if (store_commit(store, err) < 0)
		return err->code;
	print_text(rule, false, 0);
	print(changed ? (mutes ? " does not count any more" : " counts again")
	      : mutes ? " was muted already"
		      : " was not muted");
	print(" for %s\n", source ? source : "all sources");
	return 0;
}

static int mute_run(const struct invocation *i, const struct config *config, const struct rules *r, struct err *err)
{
	const bool mutes = strcmp(i->arguments[0], "mute") == 0;
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct str rule;
	size_t replaced;

	if (i->n != 2)
		return err_set(err, E_USAGE, "expected watchdesk rule %s RULE [--source NAME]", i->arguments[0]);
	if (!config)
		return err_set(err, E_USAGE, "a rule is muted in a store: name the configuration with --config FILE");
	rule = utf8_clean(a, str_of(i->arguments[1]), &replaced);
	if (rule.n == 0 || rule.n > LIMIT_FIELD)
		return err_set(err, E_USAGE, "the id of a rule is empty or longer than %d bytes", LIMIT_FIELD);
	if (mute_change(i, config, mutes, rule, err) < 0)
		return err->code;
	if (mutes && !rules_find(r, rule))
		print("no pack has a rule of that id: it holds for hits that a detector calls so (`watchdesk show ID "
		      "--json`)\n");
	return 0;
}

static int rule_run(const struct invocation *i, struct err *err)
{
	const char *what = i->n ? i->arguments[0] : "list";
	bool configured = strcmp(i->config_path, "watchdesk.yaml") != 0 || access(i->config_path, R_OK) == 0;
	AUTO_FREE(config) config = configured ? load_config(i, err) : NULL;
	AUTO_FREE(rules) r = NULL;
	char cache[PATH_MAX];

	if (configured && !config)
		return err->code;
	r = rules_new(config ? config->rules_folder : NULL,
		      strcmp(what, "test") == 0 ? NULL : cache_folder(cache, sizeof(cache)), err);
	if (!r)
		return err->code;
	if (strcmp(what, "list") == 0)
		return list_run(i, config, r, err);
	if (strcmp(what, "test") == 0)
		return test_run(r, err);
	if (strcmp(what, "explain") == 0)
		return explain_run(i, config, r, err);
	if (strcmp(what, "bench") == 0)
		return bench_run(i, config, r, err);
	if (strcmp(what, "muted") == 0)
		return muted_run(i, config, err);
	if (strcmp(what, "mute") == 0 || strcmp(what, "unmute") == 0)
		return mute_run(i, config, r, err);
	return err_set(err, E_USAGE, "%s: expected list, test, explain, bench, mute, unmute or muted", what);
}

static const struct option_row options[] = {
	{ "source", "NAME", "of mute and unmute: only for hits of this source" },
	{ "days", "N", "of mute: for so many days; without it until `rule unmute`" },
	{ 0 },
};

const struct verb verb_rule = {
	.name = "rule",
	.arguments = "[list|test|explain FILE|explain ID [FILE]|bench [FILE]|mute ID|unmute ID|muted]",
	.summary = "the rules: what there is, what they make of a text and why, how fast they are",
	.text = "list: all rules, those of the configuration's `rules` folder too. test: each rule's examples must hit and its "
		"look-alikes\n"
		"must not, alone and in paddings of every length. explain FILE: what the whole classifier makes of a text, - "
		"for "
		"standard\n"
		"input: scores, the sentences, each part and hit with the bytes where it stands, whether the author tells of "
		"others, and\n"
		"whether the model of language read it; exit code 1 when something is in it. explain ID: what one rule makes "
		"of "
		"FILE\n"
		"(standard input when none is named), step by step; exit code 1 when it hits. bench: how fast FILE is read, "
		"stage "
		"by\n"
		"stage, beside libhs alone. mute ID: hits of a rule stay stored and shown, and count for no severity any more, "
		"with\n"
		"--source only those of that source; findings that are new or marked say so among the terms of their severity. "
		"unmute: they\n"
		"count again. Both are in custody. muted: what is.",
	.options = options,
	.most = 3,
	.run = rule_run,
};
