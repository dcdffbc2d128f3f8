/* writer_group.c - the transaction that many pages share */
#include "base/clock.h"
#include "base/log.h"
#include "desk/writer.h"

/* Whoever holds the store is waited for: a watch does not end because somebody else takes long. */
int writer_open_group(struct writer *w, struct err *err)
{
	int begun;

	if (w->open)
		return 0;
	while ((begun = store_begin(w->store, err)) == E_BUSY)
		log_event(LOG_WARN, "store-busy", "why=\"%s\"", err->text);
	if (begun < 0)
		return begun;
	w->open = true;
	w->open_since = clock_steady_us();
	w->group_posts = 0;
	return 0;
}

int writer_close_group(struct writer *w, struct err *err)
{
	if (!w->open)
		return 0;
	w->open = false;
	return store_commit(w->store, err);
}
