/* source_test.c - one round of one source, to look at: `watchdesk source test` */
#include "desk/source_test.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "crawler/url.h"
#include "desk/assess.h"
#include "desk/trial.h"

enum {
	TITLE_SHOWN = 80, /* bytes */
	TEXT_SHOWN = 300, /* bytes */
	STARTS = 20,	  /* addresses that robots.txt is asked about */
};

/* The source that asks for robots.txt beside the one that is tried; no source of a configuration may be called so. */
#define ROBOTS_NAME STR("robots.txt of the site")

/* What a source's own addresses are asked by. */
struct question {
	struct probe probe;
	struct str file, starts[STARTS];
};

static bool is_of(struct str source, const struct source *s)
{
	return str_eq(source, s->name.text);
}

static void post_json(const struct stored_glance *g)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "url", g->url);
	json_put_text(&w, "author", g->author);
	json_put_text(&w, "title", g->title);
	json_put_text(&w, "posted_raw", g->posted_raw);
	json_put_time(&w, "posted_at", g->dated ? g->posted_at : 0);
	if (g->edited.n)
		json_put_text(&w, "edited", g->edited);
	json_put_text(&w, "text", g->text);
	json_close(&w, '}');
	print_json(&out);
}

/* Its beginning, cut between characters. */
static void print_start(struct str s, size_t most)
{
	struct str start = str_slice(s, 0, most);

	while (start.n && start.n < s.n && (s.p[start.n] & 0xc0) == 0x80)
		start.n--;
	print_text(start, false, 0);
	print("%s\n", start.n < s.n ? " ..." : "");
}

static void post_print(const struct stored_glance *g)
{
	char at[32];

	print("\n%s%s%s  ", style("1"), g->dated ? print_time(g->posted_at, at) : "no time         ", style(""));
	print_text(g->author.n ? g->author : STR("no author"), false, 0);
	print("  ");
	print_start(g->title, TITLE_SHOWN);
	print("  ");
	print_start(g->url, g->url.n);
	print("  ");
	if (g->edited.n) {
		print("edited: ");
		print_start(g->edited, g->edited.n);
		print("  ");
	}
	print_start(g->text, TEXT_SHOWN);
}

/* What became of each page, and of the pages that were only found how many there are. */
static void print_pages(const struct trial *t, const struct source *s)
{
	size_t waiting = 0;

	print("\n");
	for (size_t i = 0; i < t->n_pages; i++) {
		const struct frontier_glance *p = &t->pages[i];
		const char *how = p->read ? "read" : "failed";

		if (!is_of(p->source, s))
			continue;
		waiting += !p->read && !p->failed;
		if (!p->read && !p->failed)
			continue;
		print("%-6s  %-7s  ", how, page_kind_names[p->kind]);
		print_text(p->url, false, 0);
		print("%s\n", p->depth ? "  (next page)" : "");
	}
	if (waiting)
		print("%zu more were found and wait\n", waiting);
}

static void print_troubles(const struct source_health *h)
{
	for (size_t i = 0; h && i < h->n_troubles; i++) {
		const struct trouble *x = &h->troubles[i];

		print("%s%.*s%s, pages: %lld, the last ", style("31"), STR_ARG(x->class_name), style(""), (long long)x->pages);
		print_text(x->url, false, 0);
		print(": ");
		print_text(x->detail, false, 0);
		print("\n");
	}
}

/* What robots.txt said, line by line in the order of the addresses; or that there is none. */
static void print_robots(const struct trial *t, const struct question *q)
{
	const struct source_health *h = trial_health(t, ROBOTS_NAME);
	struct str told = { 0 }, line = { 0 };
	size_t k = 0;

	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->posts[i].source, ROBOTS_NAME))
			told = t->posts[i].text;
	if (told.n == 0) {
		print("robots.txt: not read%s%.*s: ", h && h->failure.n ? ", " : "", h ? (int)h->failure.n : 0,
		      h ? h->failure.p : "");
		print_text(h && h->detail.n ? h->detail : STR("all is allowed"), false, 0);
		print("\n");
	}
	while (str_split(&told, '\n', &line)) {
		if (str_starts(line, STR("rule: ")) && k < q->probe.n_asked) {
			print("robots.txt: ");
			print_text(str_slice(line, 6, line.n), false, 0);
			print("  ");
			print_text(q->starts[k++], false, 0);
			print("\n");
		} else if (str_starts(line, STR("delay: "))) {
			print("robots.txt: asks for a request every ");
			print_text(str_slice(line, 7, line.n), false, 0);
			print(" s (Crawl-delay), which is kept\n");
		}
	}
}

static size_t print_posts(const struct trial *t, const struct source *s)
{
	size_t n = 0, authors = 0, dated = 0, zoned = 0, titled = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (!is_of(t->posts[i].source, s))
			continue;
		n++;
		authors += t->posts[i].author.n > 0;
		dated += t->posts[i].dated;
		zoned += t->posts[i].dated && t->posts[i].zoned;
		titled += t->posts[i].title.n > 0;
		post_print(&t->posts[i]);
	}
	print("\n%zu posts%s: %zu with an author, %zu with a time, %zu with a title.", n,
	      t->n == TRIAL_POSTS ? " shown, the newest" : "", authors, dated, titled);
	if (zoned < dated)
		print(" %zu times name no zone: `zone:` says which, else it is UTC.", dated - zoned);
	print("\nOf each page %d links were followed. Nothing was kept.\n", TRIAL_LINKS);
	return n;
}

/* Ask robots.txt, as this source, about the addresses that it starts from. False when it has none on the network. */
static bool ask_robots(const struct config *config, const struct source *s, struct arena *a, struct question *q,
		       struct source *out)
{
	struct source_start start;
	struct url url;

	*q = (struct question){ 0 };
	for (size_t i = 0; q->probe.n_asked < STARTS && source_start(s, i, a, &start) > 0; i++)
		if (url_parse(a, start.url, (struct str){ 0 }, &url, NULL) == 0)
			q->starts[q->probe.n_asked++] = url.href;
	if (q->probe.n_asked == 0 || url_parse(a, q->starts[0], (struct str){ 0 }, &url, NULL) < 0)
		return false;
	q->file = arena_printf(a, "%.*s/robots.txt", STR_ARG(url_origin(a, &url)));
	q->probe.starts = &q->file;
	q->probe.n_starts = 1;
	q->probe.asked = q->starts;
	q->probe.agent = config_user_agent(config, s, a);
	*out = *s;
	out->name.text = ROBOTS_NAME;
	out->probe = &q->probe;
	return true;
}

int source_try(const struct invocation *i, const struct config *config, const struct classifier *classifier,
	       const struct source *source, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct source sources[2] = { *source };
	struct question question;
	struct trial t;
	bool asked = ask_robots(config, source, a, &question, &sources[1]);
	size_t n = 0;

	if (trial_run(config, classifier, sources, asked ? 2 : 1, a, &t, err) < 0)
		return err->code;
	for (size_t k = 0; k < t.n; k++)
		n += is_of(t.posts[k].source, source);
	for (size_t k = 0; i->json && k < t.n; k++)
		if (is_of(t.posts[k].source, source))
			post_json(&t.posts[k]);
	if (!i->json && asked)
		print_robots(&t, &question);
	if (!i->json)
		print_pages(&t, source);
	if (!i->json)
		print_troubles(trial_health(&t, source->name.text));
	if (n == 0)
		return trial_nothing_came(&t, source->name.text, err);
	if (!i->json)
		print_posts(&t, source);
	return (int)n;
}

int source_test(const struct invocation *i, const struct config *config, struct str name, struct err *err)
{
	const struct source *source = NULL;
	struct config alone = *config;
	int result;

	for (size_t k = 0; k < config->n_sources; k++)
		if (str_eq(config->sources[k].name.text, name))
			source = &config->sources[k];
	if (!source)
		return err_set(err, E_USAGE,
			       "%s names no source \"%.*s\"; `watchdesk source` lists those that it does, and an address "
			       "begins with https://",
			       config->path, (int)(name.n < 80 ? name.n : 80), name.p);
	{
		AUTO_FREE(classifier) classifier = classifier_of(&alone, err);

		result = classifier ? source_try(i, config, classifier, source, err) : err->code;
	}
	return result < 0 ? result : 0;
}
