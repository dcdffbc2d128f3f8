/* writer_alerts.c - findings are made known in their own transaction; what was held is, when it is due */
#include "base/clock.h"
#include "base/log.h"
#include "desk/alert/subscribers.h"
#include "desk/alert/tell.h"
#include "desk/writer.h"

enum { DUE_US = 500000 }; /* between two looks at what is held */

int writer_open_alerts(struct writer *w, int64_t now, struct err *err)
{
	const struct config *c = w->role->config;

	w->teller = teller_new(c, w->store);
	return subscribers_sync(w->store, c->subscriptions, c->n_subscriptions, now, err);
}

/* Every asset that it names, or whose secrets it holds. */
static struct str *assets_of(const struct assessment *found, struct arena *a, size_t *n)
{
	struct str *assets = arena_alloc(a, (found->n_mentions + found->n_hits) * sizeof(*assets));

	*n = 0;
	for (size_t i = 0; i < found->n_mentions; i++)
		assets[(*n)++] = found->mentions[i].asset;
	for (size_t i = 0; i < found->n_hits; i++)
		if (found->hits[i].asset.n)
			assets[(*n)++] = found->hits[i].asset;
	return assets;
}

int writer_tell(struct writer *w, const struct reading *r, const struct read_post *post, const struct stored_result *kept,
		struct err *err)
{
	struct tell_event e = { .finding_id = kept->finding_id, .fresh = kept->new_finding };

	if (!kept->finding_id)
		return 0;
	e.assets = assets_of(&post->assessment, w->a, &e.n_assets);
	return tell_finding(w->teller, &e, r->now, err);
}

int writer_tell_due(struct writer *w, struct err *err)
{
	const int64_t steady = clock_steady_us(), now = clock_now_us();
	int64_t at = 0;
	int waits, sent;

	if (steady < w->due_at || w->stopping)
		return 0;
	w->due_at = steady + DUE_US;
	waits = tell_next(w->teller, &at, err);
	if (waits <= 0 || at > now)
		return waits < 0 ? waits : 0;
	if (writer_open_group(w, err) < 0)
		return err->code;
	sent = tell_due(w->teller, now, err);
	if (sent > 0)
		log_event(LOG_INFO, "told", "held=%d", sent);
	return sent < 0 ? sent : 0;
}
