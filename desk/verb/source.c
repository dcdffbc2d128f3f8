/* source.c - `watchdesk source`: the sources and how they fare */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/source_test.h"
#include "desk/verb.h"
#include "store/health.h"
#include "store/store.h"

static void definition_json(const struct definition *d)
{
	AUTO(buf) out = BUF_INIT(LIMIT_CONFIG);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "kind", d->engine ? STR("engine") : STR("source"));
	json_put_text(&w, "name", d->name);
	json_put_text(&w, "about", d->about);
	json_put_text(&w, "origin", d->origin);
	if (d->engine) {
		json_put_bool(&w, "verified", d->verified);
	} else {
		json_put_text(&w, "terms", d->terms);
		json_put_text(&w, "off", d->off);
	}
	json_close(&w, '}');
	print_json(&out);
}

static int shipped_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct definition d;
	int result;

	for (size_t k = 0; (result = definition_shipped(k, a, &d, err)) > 0; k++) {
		if (i->json) {
			definition_json(&d);
			continue;
		}
		print_text(d.name, false, 16);
		print("  %-6s  %-12s  ", d.engine ? "engine" : "source",
		      !d.engine	   ? (d.off.n ? "off" : "on")
		      : d.verified ? "verified"
				   : "not verified");
		print_text(d.about, false, 0);
		if (d.off.n) {
			print(" (off: ");
			print_text(d.off, false, 0);
			print(")");
		}
		print("\n");
	}
	return result;
}

static void start_of(const struct source *s, struct arena *a, struct source_start *out)
{
	if (source_start(s, 0, a, out) <= 0)
		*out = (struct source_start){ 0 };
}

static void source_json(const struct source *s, const struct source_start *start)
{
	AUTO(buf) out = BUF_INIT(64 * LIMIT_URL);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "name", s->name.text);
	json_put_bool(&w, "enabled", s->enabled);
	json_put_text(&w, "off", s->enabled ? (struct str){ 0 } : s->off.text);
	json_put_text(&w, "engine", s->engine.text);
	json_put_bool(&w, "verified", s->verified);
	json_put_text(&w, "kind", str_of(page_kind_names[start->kind]));
	json_put_text(&w, "url", start->url);
	json_put_int(&w, "every_ms", s->every_ms);
	json_put_int(&w, "pace_ms", s->pace_ms);
	json_close(&w, '}');
	print_json(&out);
}

static int list_run(const struct invocation *i, const struct config *config)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	for (size_t k = 0; k < config->n_sources; k++) {
		const struct source *s = &config->sources[k];
		struct source_start start;

		start_of(s, a, &start);
		if (i->json) {
			source_json(s, &start);
			continue;
		}
		print_text(s->name.text, false, 16);
		print("  %-8s %-8s every %llds  ", page_kind_names[start.kind], s->enabled ? "watched" : "off",
		      (long long)s->every_ms / 1000);
		print_text(start.url, false, 0);
		if (!s->enabled && s->off.text.n) {
			print("  (");
			print_text(s->off.text, false, 0);
			print(")");
		}
		if (!s->verified)
			print("  (engine %.*s is not verified%s)", STR_ARG(s->engine.text),
			      s->enabled ? "" : ": enabled: true watches it all the same");
		print("\n");
	}
	return 0;
}

static void put_time(struct json_writer *w, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	if (at)
		json_put_text(w, key, str_of(clock_rfc3339(at, text)));
	else
		json_put_null(w, key);
}

static void health_json(const struct source_health *h)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "source", h->source);
	json_put_text(&w, "failure", h->failure);
	json_put_text(&w, "detail", h->detail);
	put_time(&w, "failing_since", h->failing_since);
	put_time(&w, "last_success_at", h->last_success_at);
	json_put_int(&w, "fetched", h->fetched);
	json_put_int(&w, "not_modified", h->not_modified);
	json_put_int(&w, "failed", h->failed);
	json_put_int(&w, "posts", h->posts);
	json_open(&w, "troubles", '[');
	for (size_t i = 0; i < h->n_troubles; i++) {
		json_open(&w, NULL, '{');
		json_put_text(&w, "class", h->troubles[i].class_name);
		json_put_int(&w, "pages", h->troubles[i].pages);
		put_time(&w, "since", h->troubles[i].since);
		json_put_text(&w, "url", h->troubles[i].url);
		json_put_text(&w, "detail", h->troubles[i].detail);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

static void health_print(const struct source_health *h)
{
	char at[32];

	print_text(h->source, false, 16);
	if (h->failure.n)
		print("  %sfailing: %.*s since %s UTC%s: ", style("31"), STR_ARG(h->failure), print_time(h->failing_since, at),
		      style(""));
	else
		print("  %sok%s", style("32"), style(""));
	print_text(h->detail, false, 0);
	print("\n    %lld read, %lld of them unchanged, %lld failed, %lld posts; last success %s\n", (long long)h->fetched,
	      (long long)h->not_modified, (long long)h->failed, (long long)h->posts,
	      h->last_success_at ? print_time(h->last_success_at, at) : "never");
	for (size_t i = 0; i < h->n_troubles; i++) {
		const struct trouble *t = &h->troubles[i];

		print("    %.*s: %lld since %s, last ", STR_ARG(t->class_name), (long long)t->pages, print_time(t->since, at));
		print_text(t->url, false, 0);
		print(": ");
		print_text(t->detail, false, 0);
		print("\n");
	}
}

static int health_run(const struct invocation *i, const struct config *config, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_READ, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct source_health *rows;
	size_t n;

	if (!store || health_list(store, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++) {
		if (i->json)
			health_json(&rows[k]);
		else
			health_print(&rows[k]);
	}
	return 0;
}

static int source_run(const struct invocation *i, struct err *err)
{
	const char *what = i->n ? i->arguments[0] : "list";
	AUTO_FREE(config) config = NULL;

	if (strcmp(what, "shipped") == 0)
		return shipped_run(i, err);
	config = load_config(i, err);
	if (!config)
		return err->code;
	if (strcmp(what, "list") == 0)
		return list_run(i, config);
	if (strcmp(what, "health") == 0)
		return health_run(i, config, err);
	if (strcmp(what, "test") == 0 && i->n == 2)
		return source_test(i, config, str_of(i->arguments[1]), err);
	return err_set(err, E_USAGE, "%s: expected list, health, shipped or test NAME", what);
}

const struct verb verb_source = {
	.name = "source",
	.arguments = "[list|health|shipped|test NAME]",
	.summary = "the sources and how they fare",
	.text = "list: the sources of the configuration. health: for each whether it answers, since when not and why (DNS, "
		"connect, TLS, HTTP,\n"
		"timeout, limit, denied, robots, content, quarantine). shipped: the definitions that ship: engines, of which\n"
		"`engine: NAME` names one, verified or not (then off unless `enabled: true`), and sources, for `use: NAME`,\n"
		"on or off and why (then, too, off unless `enabled: true`).\n"
		"test NAME: one round of a source, of few pages, into a store of its own that is thrown away: the posts as "
		"they would\n"
		"be stored, what they lack, what failed and why. Exit code 1 when there are none.",
	.most = 2,
	.run = source_run,
};
