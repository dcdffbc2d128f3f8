/* purge.c - `watchdesk purge`: what is old goes, by the rules of the configuration */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/retention.h"
#include "desk/verb.h"

enum { WAIT_MS = 100 };

static void show_progress(void *owner, int64_t posts)
{
	(void)owner;
	fprintf(stderr, "\r\033[K%lld posts looked at", (long long)posts);
}

static void rule_json(const struct purge_rule *r, const struct purge_count *c, bool dry)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "rule", r->name);
	if (r->keep >= 0)
		json_put_int(&w, "keep_seconds", r->keep / 1000000);
	json_put_bool(&w, "dry_run", dry);
	json_put_int(&w, "findings", c->findings);
	json_put_int(&w, "posts", c->posts);
	json_put_int(&w, "held", c->held);
	json_close(&w, '}');
	print_json(&out);
}

static void rule_line(const struct purge_rule *r, const struct purge_count *c)
{
	print("%8lld findings  %8lld posts  %8lld held   ", (long long)c->findings, (long long)c->posts, (long long)c->held);
	print_text(r->name, false, 0);
	if (r->keep < 0)
		print(", forever");
	else if (r->keep % 86400000000 == 0)
		print(", %lld days", (long long)(r->keep / 86400000000));
	else
		print(", %lld seconds", (long long)(r->keep / 1000000));
	print("\n");
}

static void total_json(const struct purge_result *r)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_int(&w, "looked_at", r->looked_at);
	json_put_int(&w, "texts", r->revisions);
	json_put_int(&w, "evidence_keys", r->evidence);
	json_put_int(&w, "letters", r->letters);
	json_put_bool(&w, "log_left", r->log_left);
	json_close(&w, '}');
	print_json(&out);
}

static void result_show(const struct purge_order *o, const struct purge_result *r, bool json)
{
	for (size_t i = 0; i < o->n; i++)
		if (json)
			rule_json(&o->rules[i], &r->counts[i], o->dry_run);
		else
			rule_line(&o->rules[i], &r->counts[i]);
	if (json) {
		total_json(r);
		return;
	}
	if (o->dry_run) {
		print("%lld posts were looked at; nothing was changed\n", (long long)r->looked_at);
		return;
	}
	print("%lld texts went, %lld keys of evidence are forgotten; `watchdesk report` writes the pages without them\n",
	      (long long)r->revisions, (long long)r->evidence);
	if (r->log_left)
		print("the log (-wal) is in use and could not be cut: it may still hold what went; purge again\n");
}

static int purge(struct store *s, struct purge_order *o, const struct retention *rules, bool json, struct err *err)
{
	struct purge_count counts[LIMIT_RETENTION + 1] = { 0 };
	struct purge_result r = { .counts = counts };
	int result;

	o->rules = rules->rules;
	o->n = rules->n;
	if (isatty(STDERR_FILENO) && !json)
		o->went = show_progress;
	result = purge_run(s, o, &r, err);
	if (o->went)
		fprintf(stderr, "\r\033[K");
	if (result < 0)
		return err_at(err, "what went until now is gone, the next purge goes on");
	result_show(o, &r, json);
	return 0;
}

/* One at a time: what one of them forgets in the index, another one has just left out of the store. */
static int purge_alone(const struct config *c, struct purge_order *o, bool json, struct err *err)
{
	AUTO_FREE(store) store = store_open(&c->store, o->dry_run ? STORE_READ : STORE_WRITE, err);
	char path[PATH_MAX];
	int lock = -1, result;

	if (!store)
		return err->code;
	snprintf(path, sizeof(path), "%s/purge.lock", c->store.folder);
	if (!o->dry_run && (lock = file_lock(path, WAIT_MS, err)) < 0)
		return err_at(err, "is another purge running?");
	result = purge(store, o, c->retention, json, err);
	if (lock >= 0)
		close(lock);
	return result;
}

static int run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct purge_order o = { .dry_run = option_of(i, "dry-run"), .whole = option_of(i, "whole"), .now = clock_now_us() };

	if (!config)
		return err->code;
	if (config->retention->n == 0) {
		if (!i->json)
			print("the configuration has no `retention:`; nothing is ever purged without it\n");
		return 0;
	}
	o.operator_name = user_name(a);
	return purge_alone(config, &o, i->json, err);
}

static const struct option_row options[] = {
	{ "dry-run", NULL, "only say what would go, by rule" },
	{ "whole", NULL, "then write the whole database anew: once for a store from before purging, with no monitor beside" },
	{ 0 },
};

const struct verb verb_purge = {
	.name = "purge",
	.arguments = "",
	.summary = "let go what the rules of retention say is old",
	.text = "The rules stand under `retention:` in the configuration. Of a finding go its texts, samples, reasons, "
		"contacts, "
		"title, author and\nletters, and the keys of its evidence, without which nobody can read that; its digests, "
		"severity, category and custody stay.\nA post that is no finding goes whole. What is held (`watchdesk hold`), "
		"or "
		"has an open takedown, stays. It works beside a\nrunning monitor, and when it is stopped, the next one goes "
		"on.",
	.options = options,
	.least = 0,
	.most = 0,
	.run = run,
};
