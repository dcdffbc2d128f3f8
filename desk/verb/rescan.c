/* rescan.c - `watchdesk rescan`: new rules, assets or model over all that is stored */
#include "desk/rescan.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/assess.h"
#include "desk/model.h"
#include "desk/verb.h"

enum { LOCK_MS = 500 };

struct progress {
	int64_t began_us, shown_us;
};

static void show_progress(void *owner, const struct rescan *r)
{
	struct progress *p = owner;
	int64_t now = clock_steady_us();
	double seconds = (double)(now - p->began_us) / 1e6;

	if (p->shown_us && now - p->shown_us < 200000)
		return;
	p->shown_us = now;
	fprintf(stderr, "\r\033[K%lld of %lld posts, %lld new findings, %lld changed, %.1f MB/s",
		(long long)(r->at_post - r->first_post + 1), (long long)(r->last_post - r->first_post + 1),
		(long long)r->new_findings, (long long)r->changed_findings, (double)r->bytes / 1e6 / (seconds + 0.001));
}

/* "2026-11-01", or with a time as RFC 3339 has it. */
static int since_read(const char *text, int64_t *at, struct err *err)
{
	if (!text || clock_read_rfc3339(str_of(text), at))
		return 0;
	return err_set(err, E_USAGE, "--since %.60s: expected a date such as 2026-11-01, or one with its time", text);
}

static int wish_read(const struct invocation *i, struct rescan_wish *w, struct err *err)
{
	w->source = str_of(option_of(i, "source"));
	w->category = str_of(option_of(i, "category"));
	if (since_read(option_of(i, "since"), &w->since, err) < 0)
		return err->code;
	for (int k = 0; k < CATEGORIES; k++)
		if (str_eq(w->category, str_of(category_names[k])))
			return 0;
	if (w->category.n == 0)
		return 0;
	return err_set(err, E_USAGE, "--category %.*s: expected violence, extortion, leak or dox", STR_ARG(w->category));
}

static void put_changes(struct json_writer *w, const char *key, struct str begins, const struct rescan_change *rows, size_t n)
{
	json_open(w, key, '[');
	for (size_t k = 0; k < n; k++) {
		if (!str_starts(rows[k].name, begins))
			continue;
		json_open(w, NULL, '{');
		json_put_text(w, "name", str_slice(rows[k].name, begins.n, rows[k].name.n));
		json_put_int(w, "came", rows[k].came);
		json_put_int(w, "went", rows[k].went);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void result_json(const struct rescan *r, const struct rescan_change *rows, size_t n)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_int(&w, "run", r->id);
	json_put_time(&w, "began_at", r->began_at);
	json_put_time(&w, "ended_at", r->ended_at);
	json_put_int(&w, "posts", r->posts);
	json_put_int(&w, "bytes", r->bytes);
	json_put_int(&w, "passed_over", r->passed_over);
	json_put_int(&w, "assessments", r->assessments);
	json_put_int(&w, "new_findings", r->new_findings);
	json_put_int(&w, "changed_findings", r->changed_findings);
	json_put_int(&w, "withheld", r->withheld);
	json_put_int(&w, "lost", r->lost);
	put_changes(&w, "rules", STR("rule "), rows, n);
	put_changes(&w, "severities", STR("severity "), rows, n);
	json_close(&w, '}');
	print_json(&out);
}

static void result_print(const struct rescan *r, const struct rescan_change *rows, size_t n)
{
	print("%lld posts, %lld of which were judged by these rules already: %lld new assessments, %lld new findings, %lld "
	      "changed\n",
	      (long long)r->posts, (long long)r->passed_over, (long long)r->assessments, (long long)r->new_findings,
	      (long long)r->changed_findings);
	for (size_t k = 0; k < n; k++) {
		print("%+6lld %+6lld  ", (long long)rows[k].came, -(long long)rows[k].went);
		print_text(rows[k].name, false, 0);
		print("\n");
	}
	if (r->withheld)
		print("%lld posts hold what a rule keeps out of the store today; they were stored before\n",
		      (long long)r->withheld);
	if (r->lost)
		print("%lld posts ended the process that read them, or took too long; they are as they were\n",
		      (long long)r->lost);
}

/* One at a time, of this store's folder. */
static int lock(const struct config *config, struct err *err)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/rescan.lock", config->store.folder);
	fd = file_lock(path, LOCK_MS, err);
	return fd == E_BUSY ? err_set(err, E_BUSY, "another rescan of this store is under way; wait until it is over") : fd;
}

static int run(const struct invocation *i, const struct config *config, const struct classifier *classifier,
	       struct readers *readers, struct rescan_options *o, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_WRITE, err);
	AUTO_FREE(teller) teller = store && option_of(i, "tell") ? teller_new(config, store) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	bool shows = isatty(STDERR_FILENO) && !i->json;
	struct rescan_change *rows;
	struct rescan r;
	size_t n;
	int done;

	if (!store)
		return err->code;
	o->teller = teller;
	o->operator_name = user_name(a);
	if (shows)
		o->went = show_progress;
	done = rescan_run(store, classifier, readers, o, a, &r, err);
	if (shows)
		fprintf(stderr, "\r\033[K");
	if (done < 0 || rescan_changes(store, r.id, a, &rows, &n, err) < 0)
		return err->code;
	if (i->json)
		result_json(&r, rows, n);
	else
		result_print(&r, rows, n);
	return 0;
}

static int rescan_verb(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(classifier) classifier = config ? classifier_of(config, err) : NULL;
	struct progress progress = { .began_us = clock_steady_us() };
	struct rescan_options o = { .anew = option_of(i, "anew") != NULL, .owner = &progress };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int held, result;

	if (!classifier || wish_read(i, &o.wish, err) < 0 || (held = lock(config, err)) < 0)
		return err->code;
	if (config->duty.given)
		o.duty_from = (int)config->duty.severity;
	model_fault_log(classifier);
	{
		AUTO_FREE(readers)
		readers = readers_new(config, classifier, config->workers ? (int)config->workers : (int)cores, err);

		result = readers ? run(i, config, classifier, readers, &o, err) : err->code;
	}
	close(held);
	return result;
}

static const struct option_row options[] = {
	{ "since", "DATE", "only posts that were stored since then" },
	{ "source", "NAME", "only of this source" },
	{ "category", "NAME", "only findings that are violence, extortion, leak or dox" },
	{ "anew", NULL, "from the beginning, also when a run was interrupted" },
	{ "tell", NULL, "make new findings known to subscribers and to the roster; nobody is told otherwise" },
	{ 0 },
};

const struct verb verb_rescan = {
	.name = "rescan",
	.arguments = "",
	.summary = "judge all that is stored by the rules, assets and model of today",
	.text = "Reads the newest text of each stored post, in processes that have no files and no network, beside a running "
		"monitor. What is\n"
		"said of a post now stands beside what was said before, and its finding follows. A run that was interrupted "
		"goes on when the same\n"
		"is asked for again. Secrets are masked in what is stored: what was said of them before holds. At the end: "
		"hits of each rule\n"
		"and findings of each class that came and went.",
	.options = options,
	.run = rescan_verb,
};
