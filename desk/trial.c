/* trial.c - one round of a few sources into a store that is thrown away */
#include "desk/trial.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "desk/supervisor.h"
#include "desk/verb.h"
#include "store/store.h"

enum {
	PAGES = 200,	   /* that are looked at */
	NO_EVIDENCE = 101, /* a severity that nothing has */
};

/* The further pages of a list are visited too, where a source says how they are found: one of them is enough. */
static void narrow(struct source *source)
{
	source->enabled = true;
	source->most_links = source->probe ? 0 : TRIAL_LINKS;
	source->pages = source->pages > 2 ? 2 : source->pages;
	source->hours = (struct day_hours){ 0 };
	source->canary = (struct yaml_text){ 0 };
}

static int look(struct store *store, struct arena *a, struct trial *out, struct err *err)
{
	if (store_posts_newest(store, TRIAL_POSTS, a, &out->posts, &out->n, err) < 0 ||
	    frontier_glances(store, PAGES, a, &out->pages, &out->n_pages, err) < 0)
		return err->code;
	return health_list(store, clock_now_us(), a, &out->health, &out->n_health, err);
}

static int run_in(const char *folder, const struct config *config, const struct classifier *classifier, struct arena *a,
		  struct trial *out, struct err *err)
{
	const struct supervisor_options options = { .once = true, .operator_name = user_name(a) };
	struct config once = *config;
	char summary[ERR_TEXT];

	once.store = (struct store_place){ .folder = folder };
	once.evidence_from = NO_EVIDENCE;
	if (supervisor_run(&once, classifier, &options, summary, sizeof(summary), err) < 0)
		return err->code;
	{
		AUTO_FREE(store) store = store_open(&once.store, STORE_READ, err);

		return store ? look(store, a, out, err) : err->code;
	}
}

int trial_run(const struct config *config, const struct classifier *classifier, struct source *sources, size_t n,
	      struct arena *a, struct trial *out, struct err *err)
{
	char folder[PATH_MAX];
	struct config those = *config;
	struct err ignored;
	int result;

	*out = (struct trial){ 0 };
	for (size_t i = 0; i < n; i++)
		narrow(&sources[i]);
	those.sources = sources;
	those.n_sources = n;
	if (file_temporary("watchdesk-source", folder, sizeof(folder), err) < 0)
		return err->code;
	result = run_in(folder, &those, classifier, a, out, err);
	file_remove_folder(folder, &ignored);
	return result;
}

const struct source_health *trial_health(const struct trial *t, struct str source)
{
	for (size_t i = 0; i < t->n_health; i++)
		if (str_eq(t->health[i].source, source))
			return &t->health[i];
	return NULL;
}

/* What a person can do about it, by the step at which it failed. */
static const struct remedy {
	const char *class_name;
	int code;
	const char *what;
} remedies[] = {
	{ "DNS", E_NET, "; is the name right? `watchdesk doctor` looks up names too" },
	{ "connect", E_NET, "; is the host up, and does a firewall let this machine reach it?" },
	{ "TLS", E_NET, "; look at its certificate and at this machine's clock with `watchdesk doctor`" },
	{ "timeout", E_NET, "; try again later, or from elsewhere" },
	{ "denied", E_DENIED, "; `allow_private: true` lets a source reach private addresses" },
	{ "robots", E_DENIED, "; ask whoever runs the site, or override it with a reason: ignore_robots and operator" },
};

static const struct remedy *remedy_of(struct str class_name)
{
	static const struct remedy none = { "", E_BAD, "" };

	for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
		if (str_eq(class_name, str_of(remedies[i].class_name)))
			return &remedies[i];
	return &none;
}

int trial_nothing_came(const struct trial *t, struct str source, struct err *err)
{
	const struct source_health *h = trial_health(t, source);
	const struct trouble *last = h && h->n_troubles ? &h->troubles[h->n_troubles - 1] : NULL;
	struct str class_name = h && h->failure.n ? h->failure : last ? last->class_name : (struct str){ 0 };
	struct str detail = h && h->failure.n ? h->detail : last ? last->detail : (struct str){ 0 };
	const struct remedy *remedy = remedy_of(class_name);

	if (class_name.n)
		return err_set(err, remedy->code, "%.*s gave no post: %.*s: %.*s%s", STR_ARG(source), STR_ARG(class_name),
			       STR_ARG(detail), remedy->what);
	return err_set(err, E_BAD, "%.*s gave no post: its pages were read, but `links` and `post` match nothing there",
		       STR_ARG(source));
}
