/* search.c - `watchdesk search`: full text of all posts */
#include "store/search.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/verb.h"

enum { BATCH = 5000, INDEX_MS = 5000 };

/* Take up what the indexer has not come to yet, for a few seconds at most: then the answer is complete. */
static int catch_up(struct search *x, struct err *err)
{
	int64_t end = clock_steady_us() + INDEX_MS * INT64_C(1000);
	int done;

	do
		done = search_index(x, BATCH, err);
	while (done > 0 && clock_steady_us() < end);
	return done == E_BUSY ? 0 : done;
}

static void row_json(const struct search_row *r)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	char at[CLOCK_TEXT];

	json_open(&w, NULL, '{');
	json_put_text(&w, "source", r->source);
	json_put_text(&w, "title", r->title);
	json_put_text(&w, "author", r->author);
	json_put_text(&w, "url", r->url);
	json_put_text(&w, "finding", r->finding);
	json_put_text(&w, "first_seen", str_of(clock_rfc3339(r->first_seen, at)));
	json_put_text(&w, "excerpt", r->excerpt);
	json_close(&w, '}');
	print_json(&out);
}

static void row_print(const struct search_row *r)
{
	char at[32];

	print("%s%s%s  ", style("2"), print_time(r->first_seen, at), style(""));
	print_text(r->source, false, 12);
	print("  %.8s  ", r->finding.n ? r->finding.p : "-       ");
	print_text(r->title.n ? r->title : r->url, false, 0);
	print("\n    ");
	print_text(r->excerpt, false, 0);
	print("\n");
}

static struct str query_of(const struct invocation *i, struct arena *a)
{
	struct str query = { 0 };

	for (int k = 0; k < i->n; k++)
		query = arena_printf(a, "%.*s%s%s", STR_ARG(query), k ? " " : "", i->arguments[k]);
	return query;
}

static int search_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(search) index = store ? search_open(store, true, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	int64_t limit = 20, waiting = 0;
	struct search_row *rows;
	size_t n;

	if (!index || option_number(i, "limit", 1, 100000, &limit, err) < 0 || catch_up(index, err) < 0 ||
	    search_find(index, query_of(i, a), (size_t)limit, a, &rows, &n, err) < 0 || search_lag(index, &waiting, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++) {
		if (i->json)
			row_json(&rows[k]);
		else
			row_print(&rows[k]);
	}
	if (n == 0 && !i->json)
		print("nothing holds these words\n");
	if (waiting && !i->json)
		print("%lld posts are not indexed yet\n", (long long)waiting);
	return 0;
}

static const struct option_row options[] = {
	{ "limit", "N", "at most so many (20)" },
	{ 0 },
};

const struct verb verb_search = {
	.name = "search",
	.arguments = "WORD...",
	.summary = "search the text of all posts, the newest first",
	.text = "Posts that hold all words. \"Several words\" in quotes are a phrase, -word excludes, word* is a beginning "
		"(put -- before a first\n"
		"-word). Secrets are masked in what is searched, so they cannot be found by their bytes.",
	.options = options,
	.least = 1,
	.most = -1,
	.run = search_run,
};
