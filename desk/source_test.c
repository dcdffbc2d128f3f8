/* source_test.c - one round of one source, to look at: `watchdesk source test` */
#include "desk/source_test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/supervisor.h"
#include "store/frontier.h"
#include "store/health.h"
#include "store/post.h"
#include "store/store.h"

enum {
	LINKS = 3,	   /* of a page that are followed */
	SHOWN = 20,	   /* posts */
	TITLE_SHOWN = 80,  /* bytes */
	TEXT_SHOWN = 300,  /* bytes */
	NO_EVIDENCE = 101, /* a severity that nothing has */
};

/* A round that is over. */
struct trial {
	const struct source *source;
	struct arena *a;
	struct store *store;
	struct stored_glance *posts;
	size_t n;
	struct source_health *health;
	size_t n_health;
	int64_t known, due;
};

static struct source *source_of(const struct config *config, struct str name)
{
	for (size_t k = 0; k < config->n_sources; k++)
		if (str_eq(config->sources[k].name.text, name))
			return &config->sources[k];
	return NULL;
}

static void post_json(const struct stored_glance *g)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	char at[CLOCK_TEXT];

	json_open(&w, NULL, '{');
	json_put_text(&w, "url", g->url);
	json_put_text(&w, "author", g->author);
	json_put_text(&w, "title", g->title);
	json_put_text(&w, "posted_raw", g->posted_raw);
	if (g->dated)
		json_put_text(&w, "posted_at", str_of(clock_rfc3339(g->posted_at, at)));
	else
		json_put_null(&w, "posted_at");
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
	print_start(g->text, TEXT_SHOWN);
}

static void print_troubles(const struct trial *t)
{
	for (size_t k = 0; k < t->n_health; k++)
		for (size_t i = 0; i < t->health[k].n_troubles; i++) {
			const struct trouble *x = &t->health[k].troubles[i];

			print("\n%s%.*s%s, pages: %lld, the last ", style("31"), STR_ARG(x->class_name), style(""),
			      (long long)x->pages);
			print_text(x->url, false, 0);
			print(": ");
			print_text(x->detail, false, 0);
			print("\n");
		}
}

static void print_trial(const struct trial *t)
{
	size_t authors = 0, dated = 0, titled = 0;

	for (size_t i = 0; i < t->n; i++) {
		authors += t->posts[i].author.n > 0;
		dated += t->posts[i].dated;
		titled += t->posts[i].title.n > 0;
		post_print(&t->posts[i]);
	}
	print_troubles(t);
	print("\n%zu posts%s: %zu with an author, %zu with a time, %zu with a title. %lld addresses are known, %lld wait: of "
	      "each "
	      "page %d links\nwere followed. Nothing was kept.\n",
	      t->n, t->n == SHOWN ? " shown, the newest" : "", authors, dated, titled, (long long)t->known, (long long)t->due,
	      LINKS);
}

static int look(struct trial *t, const struct store_place *place, struct err *err)
{
	t->store = store_open(place, STORE_READ, err);
	if (!t->store || store_posts_newest(t->store, SHOWN, t->a, &t->posts, &t->n, err) < 0 ||
	    health_list(t->store, clock_now_us(), t->a, &t->health, &t->n_health, err) < 0)
		return err->code;
	return frontier_count(t->store, 1, clock_now_us(), &t->known, &t->due, err);
}

/* Why no post came: what the source's own addresses answered, else the last page that failed. */
static int say_nothing_came(const struct trial *t, struct err *err)
{
	const struct source_health *h = t->n_health ? &t->health[0] : NULL;
	const struct trouble *last = h && h->n_troubles ? &h->troubles[h->n_troubles - 1] : NULL;

	if (h && h->failure.n)
		return err_set(err, E_BAD, "%s gave no post: %.*s: %.*s", t->source->name.text.p, STR_ARG(h->failure),
			       STR_ARG(h->detail));
	if (last)
		return err_set(err, E_BAD, "%s gave no post: %.*s: %.*s", t->source->name.text.p, STR_ARG(last->class_name),
			       STR_ARG(last->detail));
	return err_set(err, E_BAD, "%s gave no post: its pages were read, but `links` and `post` match nothing there",
		       t->source->name.text.p);
}

static int tell(const struct invocation *i, const struct trial *t, struct err *err)
{
	if (t->n == 0)
		return say_nothing_came(t, err);
	if (!i->json)
		print_trial(t);
	for (size_t k = 0; i->json && k < t->n; k++)
		post_json(&t->posts[k]);
	return 0;
}

/* The configuration of a round of this source alone, in this folder. */
static void narrow(struct config *config, struct source *source, const char *folder)
{
	source->enabled = true;
	source->most_links = LINKS;
	source->pages = source->pages < 1 ? source->pages : 1;
	config->sources = source;
	config->n_sources = 1;
	config->store = (struct store_place){ .folder = folder };
	config->evidence_from = NO_EVIDENCE;
}

static int try_in(const struct invocation *i, struct config *config, struct trial *t, struct err *err)
{
	AUTO_FREE(classifier) classifier = classifier_of(config, err);
	const struct supervisor_options options = { .once = true, .operator_name = user_name(config->a) };
	char summary[ERR_TEXT];

	if (!classifier || supervisor_run(config, classifier, &options, summary, sizeof(summary), err) < 0 ||
	    look(t, &config->store, err) < 0)
		return err->code;
	return tell(i, t, err);
}

int source_test(const struct invocation *i, struct config *config, struct str name, struct err *err)
{
	char folder[] = "/tmp/watchdesk-source-XXXXXX";
	struct source *source = source_of(config, name);
	struct trial t = { .source = source };
	struct err ignored;
	int result;

	if (!source)
		return err_set(err, E_USAGE, "%s names no source \"%.*s\"; `watchdesk source` lists those that it does",
			       config->path, (int)(name.n < 80 ? name.n : 80), name.p);
	if (!mkdtemp(folder))
		return err_set(err, E_IO, "cannot make a folder in /tmp: %s", strerror(errno));
	t.a = arena_new(LIMIT_ARENA);
	narrow(config, source, folder);
	result = try_in(i, config, &t, err);
	store_free(t.store);
	arena_free(t.a);
	file_remove_folder(folder, &ignored);
	return result;
}
