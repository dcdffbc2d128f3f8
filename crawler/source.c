/* source.c - a site definition, read from configuration and from what ships */
#include "crawler/source_inner.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "crawler/local.h"

const char *const page_kind_names[PAGE_KINDS] = { "listing", "raw",    "thread", "feed",    "file",  "json",
						  "unknown", "folder", "local",	 "mailbox", "target" };
const char *const local_format_names[LOCAL_FORMATS + 1] = { "guessed", "text", "mail", "warc", "jsonl", NULL };

static const char *const formats[] = { "guessed", "html", "text", "markdown", NULL };
static const char *const identities[] = { "open", "quiet", NULL };
static const char *const answers[] = { "no", "yes", NULL };

#define FIELD(k, t, member)                                                   \
	{                                                                     \
		.key = k, .type = t, .offset = offsetof(struct entry, member) \
	}

static const struct yaml_field entry_fields[] = {
	FIELD("name", YAML_TEXT, s.name),
	FIELD("use", YAML_TEXT, use),
	FIELD("engine", YAML_TEXT, s.engine),
	FIELD("origin", YAML_TEXT, origin),
	FIELD("terms", YAML_TEXT, terms),
	FIELD("off", YAML_TEXT, s.off),
	{ .key = "verified", .type = YAML_CHOICE, .offset = offsetof(struct entry, verified), .choices = answers },
	FIELD("recognise", YAML_TEXTS, recognise),
	FIELD("home", YAML_TEXT, home),
	FIELD("url", YAML_TEXT, s.url),
	FIELD("listing", YAML_TEXT, s.listing),
	FIELD("feed", YAML_TEXT, s.feed),
	FIELD("json", YAML_TEXTS, s.json),
	FIELD("files", YAML_TEXTS, s.files),
	FIELD("folder", YAML_TEXT, s.folder),
	FIELD("file", YAML_TEXT, s.file),
	{ .key = "format",
	  .type = YAML_CHOICE,
	  .offset = offsetof(struct entry, s.local_format),
	  .choices = local_format_names },
	FIELD("links", YAML_TEXT, s.links),
	FIELD("activity", YAML_TEXT, s.activity),
	FIELD("next", YAML_TEXT, s.next),
	FIELD("raw", YAML_TEXT, s.raw),
	FIELD("post", YAML_MAP, post),
	FIELD("zone", YAML_TEXT, s.zone),
	FIELD("soft_404", YAML_TEXTS, s.soft_404),
	FIELD("every", YAML_TEXT, every),
	FIELD("hours", YAML_TEXT, hours),
	FIELD("canary", YAML_TEXT, s.canary),
	FIELD("canary_within", YAML_DURATION, s.canary_ms),
	FIELD("pace", YAML_DURATION, s.pace_ms),
	{ .key = "pages", .type = YAML_INT, .offset = offsetof(struct entry, s.pages), .least = 1, .most = 1000 },
	{ .key = "identity", .type = YAML_CHOICE, .offset = offsetof(struct entry, s.identity), .choices = identities },
	FIELD("user_agent", YAML_TEXT, s.user_agent),
	FIELD("types", YAML_TEXTS, s.types),
	FIELD("proxy", YAML_TEXT, s.proxy),
	FIELD("ca", YAML_TEXT, s.ca),
	FIELD("pin", YAML_TEXT, s.pin),
	FIELD("login", YAML_MAP, login),
	FIELD("allow_private", YAML_BOOL, s.allow_private),
	FIELD("ignore_robots", YAML_TEXT, s.ignore_robots),
	FIELD("operator", YAML_TEXT, s.operator_name),
	FIELD("followed", YAML_BOOL, s.followed),
	FIELD("enabled", YAML_BOOL, s.enabled),
	{ .key = NULL },
};

#define POST_FIELD(k, member)                                                               \
	{                                                                                   \
		.key = k, .type = YAML_TEXT, .offset = offsetof(struct source_post, member) \
	}

static const struct yaml_field post_fields[] = {
	POST_FIELD("item", item),
	POST_FIELD("key", key),
	POST_FIELD("author", author),
	POST_FIELD("author_id", author_id),
	POST_FIELD("title", title),
	POST_FIELD("date", date),
	POST_FIELD("text", text),
	POST_FIELD("quotes", quotes),
	POST_FIELD("edited", edited),
	POST_FIELD("attachments", attachments),
	POST_FIELD("url", url),
	{ .key = "format", .type = YAML_CHOICE, .offset = offsetof(struct source_post, format), .choices = formats },
	{ .key = "preformatted", .type = YAML_BOOL, .offset = offsetof(struct source_post, preformatted) },
	{ .key = NULL },
};

#define LOGIN_FIELD(k, member)                                                               \
	{                                                                                    \
		.key = k, .type = YAML_TEXT, .offset = offsetof(struct source_login, member) \
	}

static const struct yaml_field login_fields[] = {
	LOGIN_FIELD("url", url),   LOGIN_FIELD("user", user),		LOGIN_FIELD("password", password),
	LOGIN_FIELD("form", form), LOGIN_FIELD("signed_in", signed_in), LOGIN_FIELD("wall", wall),
	{ .key = NULL },
};

static int map_read(struct reading *r, const struct yaml *map, struct entry *e)
{
	int result = yaml_read(map, entry_fields, e, r->a, r->err);

	if (result == 0 && e->post)
		result = yaml_read(e->post, post_fields, &e->s.post, r->a, r->err);
	if (result == 0 && e->login)
		result = yaml_read(e->login, login_fields, &e->s.login, r->a, r->err);
	e->post = e->login = NULL;
	return result;
}

/* Two kinds of definitions: what a site is, and how a kind of software is read. */
struct shelf {
	const char *key, *folder;
};

static const struct shelf of_sources = { "use", "sources" }, of_engines = { "engine", "engines" };

/* The folder of one's own definitions: that of sources, or the one called engines beside it. */
static struct str own_folder(struct reading *r, const struct shelf *shelf)
{
	struct str folder = str_of(r->folder);

	if (shelf == &of_sources)
		return folder;
	while (folder.n && folder.p[folder.n - 1] == '/')
		folder.n--;
	while (folder.n && folder.p[folder.n - 1] != '/')
		folder.n--;
	return arena_printf(r->a, "%.*s%s", STR_ARG(folder), shelf->folder);
}

/* The text of NAME.yaml: from one's own folder when it is there, else what ships. 1 found, 0 unknown. */
static int definition_find(struct reading *r, const struct shelf *shelf, struct str name, struct str *text, const char **file)
{
	struct str path = arena_printf(r->a, "crawler/%s/%.*s.yaml", shelf->folder, STR_ARG(name));
	const struct embed *shipped = embed_find(path.p);
	AUTO(buf) own = BUF_INIT(LIMIT_CONFIG);

	if (r->folder) {
		struct str own_path = arena_printf(r->a, "%.*s/%.*s.yaml", STR_ARG(own_folder(r, shelf)), STR_ARG(name));

		if (file_read(own_path.p, &own, NULL) == 0) {
			*text = arena_copy(r->a, buf_str(&own));
			*file = own_path.p;
			return 1;
		}
	}
	if (!shipped)
		return 0;
	*text = shipped->content;
	*file = path.p;
	return 1;
}

static int definition_unknown(struct reading *r, const struct shelf *shelf, struct yaml_text name)
{
	struct str text;
	AUTO(buf) known = BUF_INIT(2000);
	const struct embed *shipped;
	const char *file;

	if (shelf == &of_sources && definition_find(r, &of_engines, name.text, &text, &file))
		return yaml_wrong(r->err, name, "%.*s is an engine, expected engine: %.*s", STR_ARG(name.text),
				  STR_ARG(name.text));
	if (shelf == &of_sources) /* more than an error holds */
		return yaml_wrong(r->err, name,
				  "no source is called %.*s, expected one that `watchdesk source shipped` lists%s",
				  STR_ARG(name.text), r->folder ? ", or one of your own folder" : "");
	for (size_t i = 0; (shipped = embed_below("crawler/engines/", i)); i++) {
		const char *one = strrchr(shipped->path, '/') + 1;

		buf_printf(&known, "%s%.*s", i ? ", " : "", (int)strcspn(one, "."), one);
	}
	return yaml_wrong(r->err, name, "no engine is called %.*s, expected one of: %s%s", STR_ARG(name.text),
			  known.p ? known.p : "none", r->folder ? ", or one of your own folder" : "");
}

/* Parse the definition that `name` names and read it into `e`. */
static int definition_read(struct reading *r, const struct shelf *shelf, struct yaml_text name, const struct yaml **map,
			   struct entry *e)
{
	const char *file;
	struct str text;
	int result = source_name_check(r, name, shelf->key);

	if (result < 0)
		return result;
	if (!definition_find(r, shelf, name.text, &text, &file))
		return definition_unknown(r, shelf, name);
	*map = yaml_parse(r->a, text, file, r->err);
	if (!*map)
		return E_USAGE;
	result = map_read(r, *map, e);
	if (result == 0 && given(e->use))
		return yaml_wrong(r->err, e->use, "a definition uses another, expected one that stands alone");
	return result;
}

/* Begin `e` from an engine. A source of one that is not verified is off unless it says otherwise. */
static int engine_read(struct reading *r, struct yaml_text name, struct entry *e)
{
	const struct yaml *map;
	int result = definition_read(r, &of_engines, name, &map, e);

	if (result < 0)
		return result;
	if (given(e->s.engine))
		return yaml_wrong(r->err, e->s.engine, "an engine runs on another, expected one that stands alone");
	if (!given(e->origin))
		return yaml_wrong(
			r->err, yaml_place(map),
			"origin is missing, expected what software, version and theme this was taken from, how and when");
	if (e->verified < 0)
		return yaml_wrong(r->err, yaml_place(map), "verified is missing, expected yes or no");
	if (source_signs_check(r, e) < 0)
		return E_USAGE;
	e->s.enabled = e->s.enabled && e->verified;
	return 0;
}

/* verified, recognise and home are an engine's words. */
static int no_engine_check(struct reading *r, const struct yaml *map, const struct entry *e)
{
	const char *word = e->verified >= 0 ? "verified" : e->recognise.n ? "recognise" : given(e->home) ? "home" : NULL;

	return word ? yaml_wrong(r->err, yaml_place(map), "%s stands in a source, expected it in an engine", word) : 0;
}

/* Fill `e` from the engine, then the definition, then what the entry itself says: the latter overrides the former. */
static int layers_read(struct reading *r, const struct yaml *map, struct entry *e)
{
	struct entry own = { .verified = -1 }, used = { .verified = -1 }; /* each alone, for what it builds on */
	const struct yaml *definition = NULL;
	struct yaml_text engine;
	int result = map_read(r, map, &own);

	result = result < 0 ? result : no_engine_check(r, map, &own);
	if (result == 0 && given(own.use))
		result = definition_read(r, &of_sources, own.use, &definition, &used);
	if (result == 0 && definition)
		result = no_engine_check(r, definition, &used);
	engine = given(own.s.engine) ? own.s.engine : used.s.engine;
	if (result == 0 && given(engine))
		result = engine_read(r, engine, e);
	if (result == 0 && definition)
		result = map_read(r, definition, e);
	if (result == 0 && definition)
		e->s.name = own.use;
	if (given(own.s.off) || given(e->s.off))
		e->s.enabled = false;
	return result < 0 ? result : map_read(r, map, e);
}

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static int entry_read(struct reading *r, const struct yaml *map, struct source *out)
{
	struct entry e = { .s = { .pace_ms = 1000, .canary_ms = DAY_MS, .pages = 1, .enabled = true }, .verified = -1 };
	int result = layers_read(r, map, &e);

	e.place = yaml_place(map);
	result = result < 0 ? result : source_check(r, &e);
	e.s.verified = !given(e.s.engine) || e.verified > 0;
	if (result == 0)
		*out = e.s;
	return result;
}

int sources_read(const struct yaml *list, const char *folder, struct arena *a, struct source **sources, size_t *n,
		 struct err *err)
{
	struct reading r = { .folder = folder, .a = a, .err = err };
	size_t count = yaml_count(list);
	struct source *all = arena_alloc(a, count * sizeof(*all) + 1);
	struct signs *signs = arena_alloc(a, sizeof(*signs));

	if (!yaml_is_list(list))
		return yaml_wrong(err, yaml_place(list), "sources is not a list, expected lines that begin with `- `");
	if (signs_shipped(a, signs, err) < 0)
		return err->code;
	for (size_t i = 0; i < count; i++) {
		if (entry_read(&r, yaml_item(list, i), &all[i]) < 0)
			return E_USAGE;
		all[i].signs = signs;
		for (size_t j = 0; j < i; j++)
			if (str_eq(all[j].name.text, all[i].name.text))
				return yaml_wrong(err, all[i].name,
						  "two sources are called %.*s, expected a name of its own for each "
						  "(the first is in line %d)",
						  STR_ARG(all[i].name.text), all[j].name.line);
	}
	*sources = all;
	*n = count;
	return 0;
}

int engines_read(const char *folder, struct arena *a, struct engine **engines, size_t *n, struct err *err)
{
	struct reading r = { .folder = folder, .a = a, .err = err };
	const struct embed *shipped;

	*engines = NULL;
	*n = 0;
	for (size_t i = 0; (shipped = embed_below("crawler/engines/", i)); i++) {
		const char *file = strrchr(shipped->path, '/') + 1;
		struct yaml_text name = { { file, strcspn(file, ".") }, shipped->path, 1 };
		struct entry e = { .verified = -1 };

		if (engine_read(&r, name, &e) < 0)
			return E_USAGE;
		*(struct engine *)arena_push(a, engines, n, sizeof(**engines)) = (struct engine){ name.text, e.verified > 0,
												  e.recognise, e.home, e.s };
	}
	return 0;
}

/* The address at which a list of what has changed is had ends in a slash, of one file too. */
static struct str local_start(const struct source *s, struct arena *a)
{
	struct str path = given(s->folder) ? s->folder.text : s->file.text;

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	return local_url(a, arena_printf(a, "%.*s/", STR_ARG(path)));
}

int source_start(const struct source *s, size_t i, struct arena *a, struct source_start *out)
{
	struct source_start starts[4] = { 0 };
	size_t n = 0;

	if (s->probe) {
		if (i < s->probe->n_starts)
			*out = (struct source_start){ PAGE_UNKNOWN, arena_copy(a, s->probe->starts[i]) };
		return i < s->probe->n_starts;
	}
	if (given(s->listing))
		starts[n++] = (struct source_start){ PAGE_LISTING, s->listing.text };
	if (given(s->feed))
		starts[n++] = (struct source_start){ PAGE_FEED, s->feed.text };
	if (source_is_local(s))
		starts[n++] = (struct source_start){ PAGE_FOLDER, local_start(s, a) };
	if (given(s->mailbox))
		starts[n++] = (struct source_start){ PAGE_MAILBOX, s->mailbox.text };
	if (i >= n + s->json.n + s->files.n)
		return 0;
	if (i < n)
		*out = starts[i];
	else if (i < n + s->json.n)
		*out = (struct source_start){ PAGE_JSON, s->json.items[i - n].text };
	else
		*out = (struct source_start){ PAGE_FILE, s->files.items[i - n - s->json.n].text };
	out->url = arena_copy(a, out->url);
	return 1;
}

/* The first comment of a file, without its sign. */
static struct str first_comment(struct str text)
{
	struct str line = { 0 };

	str_split(&text, '\n', &line);
	return str_starts(line, STR("# ")) ? str_slice(line, 2, line.n) : (struct str){ 0 };
}

int definition_shipped(size_t i, struct arena *a, struct definition *out, struct err *err)
{
	struct reading r = { .a = a, .err = err };
	struct entry e = { .verified = -1 };
	const struct embed *file = embed_below("crawler/engines/", i);
	bool engine = file != NULL;
	const struct yaml *map;
	const char *name;
	size_t engines = 0;

	while (!file && embed_below("crawler/engines/", engines))
		engines++;
	file = file ? file : embed_below("crawler/sources/", i - engines);
	if (!file)
		return 0;
	map = yaml_parse(a, file->content, file->path, err);
	if (!map || map_read(&r, map, &e) < 0)
		return E_USAGE;
	name = strrchr(file->path, '/') + 1;
	*out = (struct definition){
		.name = { name, strcspn(name, ".") },
		.about = first_comment(file->content),
		.origin = e.origin.text,
		.terms = e.terms.text,
		.off = e.s.off.text,
		.engine = engine,
		.verified = e.verified > 0,
	};
	return 1;
}
