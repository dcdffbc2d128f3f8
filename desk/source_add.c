/* source_add.c - what there is at an address, as an entry of watchdesk.yaml */
#include "desk/source_add.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "crawler/url.h"
#include "desk/assess.h"
#include "desk/source_entry.h"
#include "desk/source_test.h"
#include "desk/trial.h"

/* What an entry may say by a page's word, and nothing else: a page does not decide what we may reach, or as whom. */
static const char *const told_keys[] = { "engine", "url", "listing", "json", "links", "raw" };

enum { TOLD = sizeof(told_keys) / sizeof(told_keys[0]), LINES = TOLD + 4, NAME = 60 };

/* An address on its way into the configuration. */
struct adding {
	const struct invocation *i;
	struct config *config;
	const struct classifier *classifier;
	struct arena *a;
	struct url url;
	struct str name, by, sign, also;
	struct entry_line lines[LINES]; /* name first; without a value: not said */
	struct source *source;
	struct str private, identity; /* what the entry says of them, empty for nothing */
};

static struct str line_of(struct str told, const char *key)
{
	struct str line = { 0 };
	size_t n = strlen(key);

	while (str_split(&told, '\n', &line))
		if (str_starts(line, str_of(key)) && str_starts(str_slice(line, n, line.n), STR(": ")))
			return str_trim(str_slice(line, n + 2, line.n));
	return (struct str){ 0 };
}

static bool is_taken(const struct config *config, struct str name)
{
	for (size_t i = 0; i < config->n_sources; i++)
		if (str_eq(config->sources[i].name.text, name))
			return true;
	return false;
}

/* The host without its www., and a number behind it when that is taken. */
static struct str name_of(struct adding *d)
{
	struct str host = d->url.host;
	char *name;
	struct str whole;

	if (str_starts(host, STR("www.")))
		host = str_slice(host, 4, host.n);
	name = arena_alloc(d->a, NAME + 1);
	for (size_t i = 0; i < host.n && i < NAME; i++)
		name[i] = (char)(ascii_is_alnum(host.p[i]) || (host.p[i] == '.' && i) ? ascii_lower(host.p[i]) : '-');
	whole = str_of(name);
	for (int n = 2; is_taken(d->config, whole); n++)
		whole = arena_printf(d->a, "%s-%d", name, n);
	return whole;
}

/* The source that has this address already; NULL for none. */
static const struct source *find_source(const struct config *config, struct arena *a, const struct url *url)
{
	for (size_t i = 0; i < config->n_sources; i++) {
		const struct source *s = &config->sources[i];
		struct source_start start = { .url = s->url.text };
		struct url other;

		for (size_t k = 0; start.url.n || k == 0; k++) {
			if (start.url.n && url_parse(a, start.url, (struct str){ 0 }, &other, NULL) == 0 &&
			    str_eq(other.key, url->key))
				return s;
			if (source_start(s, k, a, &start) <= 0)
				break;
		}
	}
	return NULL;
}

/* Lines of an entry as the configuration would read them. */
static int read_lines(struct adding *d, const struct entry_line *lines, size_t n_lines, struct source **out, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);
	const struct yaml *list;
	size_t n;

	entry_put(&text, lines, n_lines, 0, "\n");
	list = yaml_parse(d->config->a, arena_copy(d->config->a, buf_str(&text)), "the entry", err);
	return list ? config_read_sources(d->config, list, out, &n, err) : err->code;
}

/* Let a worker look at the page. */
static int ask(struct adding *d, struct str *told, struct err *err)
{
	const struct entry_line lines[] = {
		{ "name", d->name }, { "files", d->url.href }, { "allow_private", d->private }, { "identity", d->identity }
	};
	struct probe probe = { .starts = &d->url.href, .n_starts = 1 };
	struct source *unknown;
	struct engine *engines;
	struct trial t;

	if (engines_read(d->config->sources_folder, d->a, &engines, &probe.n_engines, err) < 0 ||
	    read_lines(d, lines, sizeof(lines) / sizeof(lines[0]), &unknown, err) < 0)
		return err->code;
	probe.engines = engines;
	unknown->probe = &probe;
	if (trial_run(d->config, d->classifier, unknown, 1, d->a, &t, err) < 0)
		return err->code;
	if (t.n == 0)
		return trial_nothing_came(&t, d->name, err);
	*told = t.posts[0].text;
	return 0;
}

static void make_lines(struct adding *d, struct str told)
{
	size_t n = 0;

	d->by = line_of(told, "by");
	d->sign = line_of(told, "sign");
	d->also = line_of(told, "also");
	d->lines[n++] = (struct entry_line){ "name", d->name };
	for (size_t i = 0; i < TOLD; i++)
		d->lines[n++] = (struct entry_line){ told_keys[i], line_of(told, told_keys[i]) };
	d->lines[n++] = (struct entry_line){ "allow_private", d->private };
	d->lines[n++] = (struct entry_line){ "identity", d->identity };
}

static int read_entry(struct adding *d, struct err *err)
{
	return read_lines(d, d->lines, LINES, &d->source, err);
}

/* An engine that was never verified is watched once its test has found posts. */
static int enable(struct adding *d, struct err *err)
{
	if (d->source->enabled)
		return 0;
	d->lines[LINES - 1] = (struct entry_line){ "enabled", STR("true") };
	return read_entry(d, err);
}

static void say_what_it_is(const struct adding *d)
{
	AUTO(buf) out = BUF_INIT(LIMIT_CONFIG);
	struct json_writer w = { .out = &out };

	if (!d->i->json) {
		print("%s", str_eq(d->by, STR("engine")) ? "recognised by "
			    : str_eq(d->by, STR("link")) ? "a feed that the page names: "
							 : "a guess, where each page is one post: ");
		print_text(d->sign, false, 0);
		if (d->also.n)
			print(" (signs of others too: ");
		print_text(d->also, false, 0);
		print("%s\n\n", d->also.n ? ")" : "");
		entry_put(&out, d->lines, LINES, 2, "\n");
		print_text(buf_str(&out), true, 0);
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "by", d->by);
	json_put_text(&w, "sign", d->sign);
	json_put_text(&w, "also", d->also);
	json_open(&w, "entry", '{');
	for (size_t k = 0; k < LINES; k++)
		if (d->lines[k].value.n)
			json_put_text(&w, d->lines[k].key, d->lines[k].value);
	json_close(&w, '}');
	json_close(&w, '}');
	print_json(&out);
}

/* What was written has to be a configuration with one more source, before it stands in the place of the old one. */
static int check_written(const struct adding *d, struct str text, struct err *err)
{
	struct str path = arena_printf(d->a, "%s.added-%d", d->config->path, (int)getpid());
	AUTO_FREE(config) fresh = NULL;

	if (file_replace(path.p, text, 0600, err) < 0)
		return err->code;
	fresh = config_load(path.p, err);
	unlink(path.p);
	if (!fresh)
		return err_at(err, "with the entry it would not be a configuration any more, so nothing is written");
	if (fresh->n_sources != d->config->n_sources + 1 || !is_taken(fresh, d->name))
		return err_set(err, E_USAGE,
			       "the list of sources in %s was not understood, so nothing is written; add the lines yourself",
			       d->config->path);
	return 0;
}

/* The configuration with the entry; *path is where it lies, the caller's to free: a link stays one. */
static int with_entry(const struct adding *d, char **path, struct buf *out, struct err *err)
{
	AUTO(buf) old = BUF_INIT(LIMIT_CONFIG);

	*path = realpath(d->config->path, NULL);
	if (!*path)
		return err_set(err, E_IO, "%s cannot be read", d->config->path);
	if (file_read(*path, &old, err) < 0 || entry_append(buf_str(&old), d->config->path, d->lines, LINES, out, err) < 0)
		return err->code;
	return out->full ? err_set(err, E_LIMIT, "%s has no room for another source", d->config->path) : 0;
}

static int write_entry(const struct adding *d, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);
	char *path = NULL;
	struct stat file = { .st_mode = 0600 };
	int result = with_entry(d, &path, &text, err);

	result = result < 0 ? result : check_written(d, buf_str(&text), err);
	if (result == 0 && stat(path, &file) == 0)
		result = file_replace(path, buf_str(&text), file.st_mode & 07777, err);
	free(path);
	if (result == 0 && !d->i->json)
		print("%s is added to %s.\n", d->name.p, d->config->path);
	return result;
}

/* Before anything is visited: is there a place for it? */
static int check_place(struct adding *d, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);
	char *path = NULL;
	int result;

	if (is_taken(d->config, d->name))
		return err_set(err, E_USAGE, "%s has a source called %s already; name this one with --name", d->config->path,
			       d->name.p);
	d->lines[0] = (struct entry_line){ "name", d->name };
	result = with_entry(d, &path, &text, err);
	free(path);
	return result;
}

static int begin(struct adding *d, enum source_add what, struct err *err)
{
	const char *name = option_of(d->i, "name");
	struct str told = { 0 };

	d->private = option_of(d->i, "allow-private") ? STR("true") : (struct str){ 0 };
	d->identity = option_of(d->i, "quiet") ? STR("quiet") : (struct str){ 0 };
	d->name = name ? str_of(name) : name_of(d);
	if (what == SOURCE_ADD && !option_of(d->i, "dry-run") && check_place(d, err) < 0)
		return err->code;
	if (ask(d, &told, err) < 0)
		return err->code;
	make_lines(d, told);
	if (str_eq(d->by, STR("nothing")) || d->by.n == 0)
		return err_set(
			err, E_BAD,
			"nothing is recognised at %.*s: no engine's signs, no feed, no list of links; say in %s what to read "
			"(links, raw or post)",
			STR_ARG(d->url.href), d->config->path);
	return read_entry(d, err);
}

/* Recognised: what is done with it. */
static int go_on(struct adding *d, enum source_add what, struct err *err)
{
	bool anyway = option_of(d->i, "anyway") != NULL;
	int posts;

	if (enable(d, err) < 0)
		return err->code;
	say_what_it_is(d);
	if (what == SOURCE_ADD && option_of(d->i, "dry-run"))
		return 0;
	posts = source_try(d->i, d->config, d->classifier, d->source, err);
	if (what == SOURCE_LOOK)
		return posts < 0 ? posts : 0;
	if (posts < 0 && !anyway)
		return err_at(err, "not added (--anyway does)");
	return write_entry(d, err);
}

int source_add(const struct invocation *i, struct config *config, struct str url, enum source_add what, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct adding d = { .i = i, .config = config, .a = a };
	const struct source *there;

	if (url_parse(a, url, (struct str){ 0 }, &d.url, err) < 0)
		return err_set(err, E_USAGE, "\"%.*s\" is no address, expected https:// or http://",
			       (int)(url.n < 80 ? url.n : 80), url.p);
	there = find_source(config, a, &d.url);
	if (there && what == SOURCE_LOOK)
		return source_test(i, config, there->name.text, err);
	if (there)
		return err_set(err, E_USAGE, "%s watches this address already: the source %.*s in line %d", config->path,
			       STR_ARG(there->name.text), there->name.line);
	{
		AUTO_FREE(classifier) classifier = classifier_of(config, err);

		d.classifier = classifier;
		return !classifier || begin(&d, what, err) < 0 ? err->code : go_on(&d, what, err);
	}
}
