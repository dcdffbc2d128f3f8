/* source.c - `watchdesk source`: the sources and how they fare */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/source_health.h"
#include "desk/source_add.h"
#include "desk/source_feed.h"
#include "desk/source_test.h"
#include "desk/verb.h"

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

static const struct source *source_named(const struct config *config, struct str name, struct err *err)
{
	for (size_t k = 0; k < config->n_sources; k++)
		if (str_eq(config->sources[k].name.text, name))
			return &config->sources[k];
	err_set(err, E_USAGE, "%s names no source \"%.*s\"; `watchdesk source` lists those that it does", config->path,
		(int)(name.n < 80 ? name.n : 80), name.n ? name.p : "");
	return NULL;
}

static int feed_run(const struct invocation *i, const struct config *config, struct err *err)
{
	const struct source *s = source_named(config, str_of(i->arguments[1]), err);
	int64_t n;

	if (!s || source_feed(s, 0, &n, err) < 0)
		return err->code;
	print("%lld %s put into %.*s\n", (long long)n, s->local_format == LOCAL_JSONL ? "lines" : "file",
	      STR_ARG(s->folder.text));
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
		return source_health_show(i, config, err);
	if (strcmp(what, "test") == 0 && i->n == 2)
		return strstr(i->arguments[1], "://") ? source_add(i, config, str_of(i->arguments[1]), SOURCE_LOOK, err)
						      : source_test(i, config, str_of(i->arguments[1]), err);
	if (strcmp(what, "add") == 0 && i->n == 2)
		return source_add(i, config, str_of(i->arguments[1]), SOURCE_ADD, err);
	if (strcmp(what, "feed") == 0 && i->n == 2)
		return feed_run(i, config, err);
	return err_set(err, E_USAGE, "%s: expected list, health, shipped, test NAME, test URL, add URL or feed NAME", what);
}

static const struct option_row options[] = {
	{ "name", "NAME", "of the source that is added; else its host" },
	{ "dry-run", NULL, "print what would be added, and no more" },
	{ "anyway", NULL, "add it although its test found no post" },
	{ "quiet", NULL, "visit it as `identity: quiet` does, and write that" },
	{ "allow-private", NULL, "the address that is added or tested may be a private one" },
	{ 0 },
};

const struct verb verb_source = {
	.name = "source",
	.arguments = "[list|health|shipped|test NAME|test URL|add URL|feed NAME]",
	.summary = "the sources and how they fare",
	.text = "list: the sources of the configuration. health: for each its state: ok, failing (since when and why: DNS, "
		"connect, "
		"TLS,\n"
		"HTTP, timeout, limit, denied, robots; content, blocked, captcha, login, empty, layout, quarantine), no "
		"canary, "
		"silent or\n"
		"thin (against its own past), gaps (what it listed went by unseen). Exit code 1 when one is not ok. shipped: "
		"the definitions that ship: engines, of which\n"
		"`engine: NAME` names one, verified or not (then off unless `enabled: true`), and sources, for `use: NAME`,\n"
		"on or off and why (then, too, off unless `enabled: true`).\n"
		"test NAME: one round of a source, of few pages, into a store of its own that is thrown away: the posts as "
		"they would\n"
		"be stored, what they lack, what robots.txt says, what failed and why. Exit code 1 when there are none, 4 when "
		"the\n"
		"host was not reached. test URL: the same for an address that is watched by no source yet: its engine is "
		"recognised\n"
		"by the page, else a feed that it names, else its list of links is guessed. add URL: the same, and when posts "
		"came "
		"the\n"
		"entry is written to the end of `sources:`; all else in the file stays as it is.\n"
		"feed NAME: standard input into the folder of a local source, whether the monitor runs or not: JSON lines as "
		"they come,\n"
		"all else as one file.",
	.options = options,
	.most = 2,
	.run = source_run,
};
