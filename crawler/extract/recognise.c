/* recognise.c - what software a page is of */
#include "crawler/extract/recognise.h"

#include <string.h>

#include "base/json_tree.h"
#include "base/limits.h"
#include "crawler/extract/extract_inner.h"
#include "crawler/extract/guess.h"
#include "crawler/extract/json_path.h"
#include "crawler/robots.h"
#include "crawler/url.h"

/* What an engine has on a page. */
struct match {
	const struct engine *engine;
	size_t signs;
	struct str sign; /* the first */
};

struct recognising {
	struct work *w;
	struct json_node *json; /* NULL where it is no JSON */
	size_t effort;
	struct str told; /* lines so far */
};

/* "$.version ~ jsonfeed.org": the path, and the text that has to be in what it finds. */
static struct str path_of(struct str sign, struct str *text)
{
	ssize_t tilde = str_find(sign, STR(" ~ "));

	*text = tilde < 0 ? (struct str){ 0 } : str_trim(str_slice(sign, (size_t)tilde + 3, sign.n));
	return tilde < 0 ? sign : str_slice(sign, 0, (size_t)tilde);
}

int recognise_check(struct arena *a, struct str sign, struct err *err)
{
	struct json_path path;
	struct str text;

	if (!str_starts(sign, STR("$")))
		return xpath_check(sign, err);
	return json_path_compile(a, path_of(sign, &text), &path, err);
}

static bool is_in_json(struct recognising *k, struct str sign)
{
	struct json_nodes nodes;
	struct json_path path;
	struct str text;

	if (!k->json || json_path_compile(k->w->a, path_of(sign, &text), &path, NULL) < 0 ||
	    json_path_find(&path, k->json, 1, &k->effort, k->w->a, &nodes, NULL) < 0 || nodes.n == 0)
		return false;
	return text.n == 0 || str_find(json_tree_text(nodes.items[0]), text) >= 0;
}

static bool holds(struct recognising *k, struct str sign)
{
	if (str_starts(sign, STR("$")))
		return is_in_json(k, sign);
	return k->w->xpath && xpath_holds(k->w->xpath, sign, k->w->a);
}

static struct match match_of(struct recognising *k, const struct engine *engine)
{
	struct match m = { .engine = engine };

	for (size_t i = 0; i < engine->recognise.n; i++) {
		struct str sign = engine->recognise.items[i].text;

		if (!holds(k, sign))
			continue;
		m.sign = m.signs ? m.sign : sign;
		m.signs++;
	}
	return m;
}

static void tell(struct recognising *k, const char *key, struct str value)
{
	if (value.n)
		k->told = arena_printf(k->w->a, "%.*s%s: %.*s\n", STR_ARG(k->told), key,
				       STR_ARG(text_squeezed(k->w->a, value, LIMIT_URL)));
}

static struct str without_query(struct str address)
{
	for (size_t i = 0; i < address.n; i++)
		if (address.p[i] == '?' || address.p[i] == '#')
			return str_slice(address, 0, i);
	return address;
}

/* What stands for {url} when a template of an engine is this address, whatever its query. Empty when it is not. */
static struct str url_by(struct str template, struct str address)
{
	struct str behind = without_query(template);

	if (str_eq(template, STR("{url}")))
		return address;
	if (!str_starts(behind, STR("{url}")))
		return (struct str){ 0 };
	behind = str_slice(behind, 5, behind.n);
	address = without_query(address);
	return behind.n > 1 && str_ends(address, behind) ? str_slice(address, 0, address.n - behind.n) : (struct str){ 0 };
}

/* The folder of an address: without query, and without a last segment that looks like a file's name. */
static struct str folder_of(struct str address)
{
	size_t slash;

	address = without_query(address);
	for (slash = address.n; slash > 0 && address.p[slash - 1] != '/';)
		slash--;
	if (slash > 8 && memchr(address.p + slash, '.', address.n - slash))
		address.n = slash;
	while (address.n && address.p[address.n - 1] == '/')
		address.n--;
	return address;
}

/* Is it an address that the engine starts from? Then its url. */
static struct str url_of_start(const struct engine *e, struct str address)
{
	struct str url = url_by(e->source.listing.text, address);

	url = url.n ? url : url_by(e->source.feed.text, address);
	for (size_t i = 0; i < e->source.json.n && url.n == 0; i++)
		url = url_by(e->source.json.items[i].text, address);
	return url;
}

/* Where the site is: what the page says of it, else where the page is. */
static struct str url_of(struct recognising *k, const struct engine *e)
{
	struct work *w = k->w;
	struct str address = w->r->url, url = url_of_start(e, address);
	struct xpath_nodes nodes = { 0 };
	struct url home;

	if (url.n || e->home.text.n == 0 || !w->xpath || xpath_find(w->xpath, e->home.text, NULL, 1, w->a, &nodes, NULL) < 0)
		return url.n ? url : folder_of(address);
	if (nodes.n)
		nodes.text = text_line(w->a, nodes.items[0], LIMIT_URL);
	if (str_trim(nodes.text).n == 0 || url_parse(w->a, str_trim(nodes.text), w->base, &home, NULL) < 0)
		return folder_of(address);
	url = url_of_start(e, home.href);
	return url.n ? url : folder_of(home.href);
}

static bool finds(struct work *w, struct str expression)
{
	struct xpath_nodes nodes;

	return expression.n && xpath_find(w->xpath, expression, NULL, 1, w->a, &nodes, NULL) == 0 && (nodes.n || nodes.text.n);
}

/* One board of a forum is a list of its own; a thread may show one beside its posts. */
static bool is_own_list(struct recognising *k, const struct engine *e)
{
	return k->w->xpath && e->source.listing.text.n && !url_of_start(e, k->w->r->url).n &&
	       finds(k->w, e->source.links.text) && !finds(k->w, e->source.post.item.text);
}

static void tell_engine(struct recognising *k, const struct match *best, struct str others)
{
	struct str url = url_of(k, best->engine);

	tell(k, "by", STR("engine"));
	tell(k, "sign", best->sign);
	tell(k, "also", others);
	tell(k, "engine", best->engine->name);
	if (!best->engine->source.url.text.n)
		tell(k, "url", url);
	if (is_own_list(k, best->engine))
		tell(k, "listing", k->w->r->url);
}

/* The engine with the most signs; of those with as many, the first by its name. */
static bool find_engine(struct recognising *k)
{
	const struct probe *probe = k->w->s->probe;
	struct match best = { 0 };
	struct str others = { 0 };

	for (size_t i = 0; i < probe->n_engines; i++) {
		struct match m = match_of(k, &probe->engines[i]);
		struct str lesser = m.signs > best.signs ? (best.signs ? best.engine->name : (struct str){ 0 })
							 : (m.signs ? m.engine->name : (struct str){ 0 });

		if (lesser.n)
			others = arena_printf(k->w->a, "%.*s%s%.*s", STR_ARG(others), others.n ? ", " : "", STR_ARG(lesser));
		best = m.signs > best.signs ? m : best;
	}
	if (best.signs)
		tell_engine(k, &best, others);
	return best.signs > 0;
}

/* A feed that the page names. */
static bool find_feed(struct recognising *k)
{
	static const struct {
		const char *type, *engine;
	} kinds[] = {
		{ "application/atom+xml", "atom" },
		{ "application/rss+xml", "rss" },
		{ "application/feed+json", "jsonfeed" },
	};
	struct work *w = k->w;

	for (size_t i = 0; w->doc && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct str find = arena_printf(w->a, "//link[@rel = 'alternate' and starts-with(@type, '%s')]/@href",
					       kinds[i].type);
		struct xpath_nodes nodes;
		struct url url;

		if (xpath_find(w->xpath, find, NULL, 1, w->a, &nodes, NULL) < 0 || nodes.n == 0 ||
		    url_parse(w->a, text_line(w->a, nodes.items[0], LIMIT_URL), w->base, &url, NULL) < 0)
			continue;
		tell(k, "by", STR("link"));
		tell(k, "sign", find);
		tell(k, "engine", str_of(kinds[i].engine));
		tell(k, "url", url.href);
		return true;
	}
	return false;
}

static void guess(struct recognising *k)
{
	const struct str next = STR("(//a[@rel = 'next'] | //link[@rel = 'next'])[1]/@href");
	struct guess g = { 0 };

	if (k->w->doc)
		guess_links(k->w->doc, k->w->base, k->w->a, &g);
	if (g.n == 0)
		return;
	tell(k, "by", STR("guess"));
	tell(k, "sign", arena_printf(k->w->a, "%zu links are alike, such as %.*s", g.n, STR_ARG(g.first)));
	tell(k, "listing", k->w->r->url);
	tell(k, "links", g.links);
	if (finds(k->w, next))
		tell(k, "next", next);
	tell(k, "raw", STR("{href}"));
}

/* A page that is nothing known may be one that came in the place of what was asked for. */
static void look_for_problem(struct recognising *k)
{
	if (k->told.n == 0 && k->w->doc)
		extract_nothing(k->w, (struct str){ 0 });
}

static int recognise_page(struct recognising *k)
{
	struct str text = str_trim(k->w->text);
	bool json = str_starts(text, STR("{")) || str_starts(text, STR("["));
	int result = 0;

	if (json)
		json_tree_read(k->w->a, text, &k->json, NULL);
	if (!k->json)
		result = extract_parse(k->w);
	if (result == 0 && !find_engine(k) && !find_feed(k))
		guess(k);
	if (result == 0)
		look_for_problem(k);
	return result;
}

/* What it says of each address that is asked about. */
static void read_robots(struct recognising *k)
{
	const struct probe *probe = k->w->s->probe;
	const struct robots *robots = robots_parse(k->w->a, str_slice(k->w->text, 0, LIMIT_ROBOTS), probe->agent);
	int64_t delay = robots_delay_ms(robots);

	for (size_t i = 0; i < probe->n_asked; i++) {
		struct robots_answer answer;
		bool allowed = robots_allows(robots, probe->asked[i], &answer);

		if (answer.line)
			tell(k, "rule",
			     arena_printf(k->w->a, "%s by line %d, %.*s", allowed ? "allowed" : "forbidden", answer.line,
					  STR_ARG(answer.rule)));
		else
			tell(k, "rule", STR("allowed, no rule speaks of it"));
	}
	if (delay)
		tell(k, "delay", arena_printf(k->w->a, "%lld.%03lld", (long long)delay / 1000, (long long)delay % 1000));
}

int extract_unknown(struct work *w)
{
	struct recognising k = { .w = w, .effort = LIMIT_JSON_STEPS };
	struct url url;
	bool robots = url_parse(w->a, w->r->url, (struct str){ 0 }, &url, NULL) == 0 && str_eq(url.path, STR("/robots.txt"));
	int result = 0;

	if (robots)
		read_robots(&k);
	else
		result = recognise_page(&k);
	if (result < 0 || w->out->problem.n)
		return result;
	*extract_post_new(w) = (struct post){
		.key = w->r->url,
		.url = w->r->url,
		.author = robots ? STR("robots.txt") : STR("page"),
		.text = k.told.n ? k.told : STR("by: nothing\n"),
	};
	return 0;
}
