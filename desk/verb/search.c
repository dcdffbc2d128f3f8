/* search.c - `watchdesk search`: full text of all posts, and searches that are kept */
#include "store/search.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/verb.h"
#include "store/saved.h"
#include "store/wanted.h"

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
	json_open(&w, NULL, '{');
	json_put_text(&w, "source", r->source);
	json_put_text(&w, "title", r->title);
	json_put_text(&w, "author", r->author);
	json_put_text(&w, "url", r->url);
	json_put_text(&w, "finding", r->finding);
	json_put_int(&w, "severity", r->severity);
	json_put_time(&w, "first_seen", r->first_seen);
	json_put_text(&w, "excerpt", r->excerpt);
	json_open(&w, "marks", '[');
	for (size_t i = 0; i < r->n_marks; i++) {
		json_open(&w, NULL, '[');
		json_put_int(&w, NULL, (int64_t)r->marks[i].start);
		json_put_int(&w, NULL, (int64_t)r->marks[i].end);
		json_close(&w, ']');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

/* The words that were looked for are bold on a terminal. */
static void excerpt_print(const struct search_row *r)
{
	size_t at = 0;

	for (size_t i = 0; i < r->n_marks; i++) {
		print_text(str_slice(r->excerpt, at, r->marks[i].start), false, 0);
		print("%s", style("1"));
		print_text(str_slice(r->excerpt, r->marks[i].start, r->marks[i].end), false, 0);
		print("%s", style(""));
		at = r->marks[i].end;
	}
	print_text(str_slice(r->excerpt, at, r->excerpt.n), false, 0);
}

static void row_print(const struct search_row *r)
{
	char at[32];

	print("%s%s%s  ", style("2"), print_time(r->first_seen, at), style(""));
	print_text(r->source, false, 12);
	if (r->finding.n)
		print("  %.8s %3d  ", r->finding.p, r->severity);
	else
		print("  -             ");
	print_text(r->title.n ? r->title : r->url, false, 0);
	print("\n    ");
	excerpt_print(r);
	print("\n");
}

static struct str query_of(const struct invocation *i, struct arena *a)
{
	struct str query = { 0 };

	for (int k = 0; k < i->n; k++)
		query = arena_printf(a, "%.*s%s%s", STR_ARG(query), k ? " " : "", i->arguments[k]);
	return query;
}

static void saved_print(const struct saved_search *x, bool json)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	if (!json) {
		print_text(x->name, false, 24);
		print("  ");
		print_text(x->query, false, 0);
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "name", x->name);
	json_put_text(&w, "query", x->query);
	json_put_text(&w, "operator", x->operator_name);
	json_put_time(&w, "at", x->at);
	json_close(&w, '}');
	print_json(&out);
}

static int list_saved(const struct invocation *i, struct store *s, struct arena *a, struct err *err)
{
	struct saved_search *rows;
	size_t n;

	if (saved_list(s, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		saved_print(&rows[k], i->json);
	if (n == 0 && !i->json)
		print("no search is kept; `watchdesk search --save NAME WORD...` keeps one\n");
	return 0;
}

static int forget(struct store *s, const char *name, struct arena *a, struct err *err)
{
	int gone;

	if (store_begin(s, err) < 0)
		return err->code;
	gone = saved_forget(s, str_of(name), user_name(a), clock_now_us(), err);
	if (gone <= 0) {
		store_rollback(s);
		return gone < 0 ? gone
				: err_set(err, E_USAGE, "no search is called %.64s; `watchdesk search saved` lists them", name);
	}
	if (store_commit(s, err) < 0)
		return err->code;
	print("%s is forgotten\n", name);
	return 0;
}

/* Only what can be asked is kept. */
static int save(struct store *s, const char *name, struct str query, struct arena *a, struct err *err)
{
	const struct saved_search x = { str_of(name), query, user_name(a), clock_now_us() };
	struct wanted wanted;

	if (saved_check(x.name, err) < 0 || wanted_parse(query, a, &wanted, err) < 0)
		return err->code;
	if (query.n > LIMIT_URL)
		return err_set(err, E_USAGE, "the query is too long, expected at most %d bytes", LIMIT_URL);
	if (store_begin(s, err) < 0)
		return err->code;
	if (saved_put(s, &x, err) < 0) {
		store_rollback(s);
		return err->code;
	}
	return store_commit(s, err);
}

/* The query of the command line, or a kept one. */
static int query_read(const struct invocation *i, struct store *s, struct arena *a, struct str *query, struct err *err)
{
	const char *name = option_of(i, "saved");
	struct saved_search kept = { 0 };
	int found = name ? saved_get(s, str_of(name), a, &kept, err) : 1;

	if (found < 0)
		return found;
	if (!found)
		return err_set(err, E_USAGE, "no search is called %.64s; `watchdesk search saved` lists them", name);
	*query = kept.query;
	if (i->n)
		*query = arena_printf(a, "%.*s%s%.*s", STR_ARG(kept.query), kept.query.n ? " " : "", STR_ARG(query_of(i, a)));
	return query->n ? 0 : err_set(err, E_USAGE, "nothing to look for: give words, or --saved NAME");
}

static int look(const struct invocation *i, struct store *s, struct arena *a, struct str query, struct err *err)
{
	AUTO_FREE(search) index = search_open(s, true, err);
	struct search_wish wish = { .query = query, .newest = option_of(i, "newest") != NULL };
	struct search_answer answer;
	int64_t limit = 20, waiting = 0;

	if (!index || option_number(i, "limit", 1, 100000, &limit, err) < 0 || catch_up(index, err) < 0)
		return err->code;
	wish.limit = (size_t)limit;
	if (search_look(index, &wish, a, &answer, err) < 0 || search_lag(index, &waiting, err) < 0)
		return err->code;
	for (size_t k = 0; k < answer.n; k++) {
		if (i->json)
			row_json(&answer.rows[k]);
		else
			row_print(&answer.rows[k]);
	}
	if (i->json)
		return 0;
	if (answer.n == 0)
		print("nothing holds these words, or fits these fields\n");
	if (answer.n && !answer.ranked && !wish.newest)
		print("more than %d fit: the newest stand first\n", SEARCH_RANKED);
	if (answer.cut)
		print("only the newest %d that may fit were looked at; narrow the search by a word\n", SEARCH_LOOKED_AT);
	if (waiting)
		print("%lld posts are not indexed yet\n", (long long)waiting);
	return 0;
}

static int search_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const char *name = option_of(i, "save");
	struct str query;

	if (!store)
		return err->code;
	if (i->n == 1 && strcmp(i->arguments[0], "saved") == 0)
		return list_saved(i, store, a, err);
	if (i->n == 2 && strcmp(i->arguments[0], "forget") == 0)
		return forget(store, i->arguments[1], a, err);
	if (query_read(i, store, a, &query, err) < 0 || (name && save(store, name, query, a, err) < 0))
		return err->code;
	return look(i, store, a, query, err);
}

static const struct option_row options[] = {
	{ "limit", "N", "at most so many (20)" },
	{ "newest", NULL, "the newest first, not the most severe" },
	{ "save", "NAME", "keep this search by a name; `subscribe --search NAME` follows it" },
	{ "saved", "NAME", "ask a kept search, with more words if there are any" },
	{ 0 },
};

const struct verb verb_search = {
	.name = "search",
	.arguments = "[WORD...|saved|forget NAME]",
	.summary = "search the text of all posts, the most severe first",
	.text = "Posts that hold all words. \"Several words\" in quotes are a phrase, -word excludes, word* is a beginning "
		"(put -- before a first\n"
		"-word). Fields: site: asset: category: author: language: campaign: verdict: (in quotes when there is a "
		"space), "
		"severity:>70,\n"
		"after:2026-11-01 before:2026-12-01 for when it was seen first; -site:name excludes. Up to 500 posts that fit "
		"are "
		"ranked by\n"
		"severity, then by how much the words are their subject; of more the newest stand first. saved: the searches "
		"that "
		"are kept;\n"
		"forget NAME: keep it no more. Secrets are masked in what is searched, so they cannot be found by their bytes.",
	.options = options,
	.least = 0,
	.most = -1,
	.run = search_run,
};
