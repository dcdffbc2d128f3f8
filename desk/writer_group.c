/* writer_group.c - the transaction that many pages share */
#include "base/clock.h"
#include "desk/writer.h"

int writer_open_group(struct writer *w, struct err *err)
{
	if (w->open)
		return 0;
	if (store_begin(w->store, err) < 0)
		return err->code;
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
