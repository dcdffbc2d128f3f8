/* source_health.c - how each source fares */
#include "desk/source_health.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/precision_json.h"
#include "store/health.h"
#include "store/store.h"

static void pulse_json(struct json_writer *w, const struct pulse *p)
{
	json_open(w, "pulse", '{');
	json_put_int(w, "polls", (int64_t)p->polls);
	json_put_int(w, "items", p->items);
	json_put_int(w, "usual", p->usual);
	json_put_int(w, "spread", p->spread);
	json_put_time(w, "news_at", p->news_at);
	json_put_int(w, "longest_quiet_s", p->longest_quiet / 1000000);
	json_put_int(w, "gaps", p->gaps);
	json_put_int(w, "missed", p->missed);
	json_put_time(w, "gap_at", p->gap_at);
	json_close(w, '}');
}

static void health_json(const struct source_health *h, const struct precision *precision)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "source", h->source);
	json_put_text(&w, "failure", h->failure);
	json_put_text(&w, "detail", h->detail);
	json_put_text(&w, "state", str_of(h->state));
	json_put_time(&w, "failing_since", h->failing_since);
	json_put_time(&w, "last_success_at", h->last_success_at);
	json_put_int(&w, "fetched", h->fetched);
	json_put_int(&w, "not_modified", h->not_modified);
	json_put_int(&w, "failed", h->failed);
	json_put_int(&w, "posts", h->posts);
	pulse_json(&w, &h->pulse);
	json_put_time(&w, "canary_at", h->canary_at);
	json_put_time(&w, "canary_due_at", h->canary_due_at);
	json_put_int(&w, "withheld", h->withheld.n);
	precision_json(&w, precision);
	json_open(&w, "troubles", '[');
	for (size_t i = 0; i < h->n_troubles; i++) {
		json_open(&w, NULL, '{');
		json_put_text(&w, "class", h->troubles[i].class_name);
		json_put_int(&w, "pages", h->troubles[i].pages);
		json_put_time(&w, "since", h->troubles[i].since);
		json_put_text(&w, "url", h->troubles[i].url);
		json_put_text(&w, "detail", h->troubles[i].detail);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

/* A span of time in its largest unit. */
static void print_span(int64_t us)
{
	int64_t minutes = us / 60000000;

	if (minutes >= 48 * 60)
		print("%lld days", (long long)(minutes / (24 * 60)));
	else if (minutes >= 120)
		print("%lld hours", (long long)(minutes / 60));
	else
		print("%lld minutes", (long long)minutes);
}

/* Why it is in its state, as far as its visits tell. */
static void print_why(const struct source_health *h, int64_t now)
{
	const struct pulse *p = &h->pulse;
	char at[32];

	if (h->failure.n) {
		print(": %.*s since %s UTC: ", STR_ARG(h->failure), print_time(h->failing_since, at));
		print_text(h->detail, false, 0);
	} else if (strcmp(h->state, "no canary") == 0) {
		print(": the post that has to be seen was %s%s", h->canary_at ? "seen last " : "never seen",
		      h->canary_at ? print_time(h->canary_at, at) : "");
	} else if (strcmp(h->state, "silent") == 0) {
		print(": nothing new for ");
		print_span(now - p->news_at);
		print(", the longest quiet before was ");
		print_span(p->longest_quiet);
	} else if (strcmp(h->state, "thin") == 0) {
		print(": it lists %lld, usual are %lld", (long long)p->items, (long long)p->usual);
	} else if (strcmp(h->state, "gaps") == 0) {
		print(p->missed ? ": by its usual rate about %lld posts or threads" : ": posts or threads",
		      (long long)p->missed);
		print(" went by unseen in the last seven days; let it be visited more often (every) or read further (pages)");
	}
}

static void trouble_print(const struct trouble *t)
{
	char at[32];

	print("    %.*s: %lld since %s, last ", STR_ARG(t->class_name), (long long)t->pages, print_time(t->since, at));
	print_text(t->url, false, 0);
	print(": ");
	print_text(t->detail, false, 0);
	print("\n");
}

static void health_print(const struct source_health *h, const struct precision *precision, int64_t now)
{
	char at[32], judged[64];

	print_text(h->source, false, 16);
	print("  %s%s%s", style(health_is_well(h) ? "32" : "31"), h->state, style(""));
	print_why(h, now);
	print("\n    %lld read, %lld of them unchanged, %lld failed, %lld posts; last success %s\n", (long long)h->fetched,
	      (long long)h->not_modified, (long long)h->failed, (long long)h->posts,
	      h->last_success_at ? print_time(h->last_success_at, at) : "never");
	if (h->pulse.polls)
		print("    lists %lld (usual %lld, give or take %lld), last news %s, %lld gaps in seven days\n",
		      (long long)h->pulse.items, (long long)h->pulse.usual, (long long)h->pulse.spread,
		      h->pulse.news_at ? print_time(h->pulse.news_at, at) : "never", (long long)h->pulse.gaps);
	if (precision_value(precision) >= 0)
		print("    right in %s\n", precision_text(precision, judged, sizeof(judged)));
	if (h->withheld.n)
		print("    %lld kept out of the store by rules that say `withhold`, the last %s; custody tells which and "
		      "where\n",
		      (long long)h->withheld.n, print_time(h->withheld.last_at, at));
	for (size_t i = 0; i < h->n_troubles; i++)
		trouble_print(&h->troubles[i]);
}

int source_health_show(const struct invocation *i, const struct config *config, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_READ, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) unwell = BUF_INIT(200);
	struct source_health *rows;
	int64_t now = clock_now_us();
	struct precision *judged;
	size_t n, n_judged, bad = 0;

	if (!store || health_list(store, now, a, &rows, &n, err) < 0 ||
	    precision_list(store, PRECISION_OF_SOURCE, a, &judged, &n_judged, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++) {
		const struct precision *precision = precision_find(judged, n_judged, rows[k].source);

		if (i->json)
			health_json(&rows[k], precision);
		else
			health_print(&rows[k], precision, now);
		if (!health_is_well(&rows[k]))
			buf_printf(&unwell, "%s%.*s (%s)", bad++ ? ", " : "", STR_ARG(rows[k].source), rows[k].state);
	}
	return bad ? err_set(err, E_BAD, "%zu of %zu sources not well: %.*s", bad, n, STR_ARG(buf_str(&unwell))) : 0;
}
