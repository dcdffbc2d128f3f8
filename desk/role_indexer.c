/* role_indexer.c - full text, in its own file and its own time, so that it never slows the writer */
#include <poll.h>
#include <sys/resource.h>

#include "base/confine.h"
#include "base/message.h"
#include "desk/protocol.h"
#include "desk/role.h"
#include "store/search.h"

enum { BATCH = 2000, PAUSE_MS = 1000, NICE = 19 };

/* Wait for the supervisor: true when it says stop, or is gone. */
static bool told_to_stop(const struct role *r, int timeout_ms)
{
	struct pollfd control = { .fd = r->control, .events = POLLIN };
	struct control c;

	poll(&control, 1, timeout_ms);
	for (;;) {
		int got = control_receive(r->control, &c);

		if (got == 0)
			return false;
		if (got < 0 || c.type == CONTROL_STOP)
			return true;
	}
}

static int index_until_stopped(const struct role *r, struct search *x, struct err *err)
{
	int done = 0;

	while (!told_to_stop(r, done == BATCH ? 0 : PAUSE_MS)) {
		done = search_index(x, BATCH, err);
		if (done < 0 && done != E_BUSY)
			return done;
	}
	return 0; /* what is left is taken up by the next `run`, `crawl` or `search` */
}

/* Open both; whoever holds the store is waited for, as long as it takes. */
static int open_both(const struct role *r, struct store **s, struct search **x, struct err *err)
{
	do {
		search_free(*x);
		store_free(*s);
		*x = NULL;
		*s = store_open(&r->config->store, STORE_WRITE,
				err); /* before it is confined: its server cannot be reached later */
		if (*s && (*x = search_open(*s, true, err)))
			return 0;
	} while (err->code == E_BUSY && !told_to_stop(r, PAUSE_MS));
	return err->code;
}

int role_indexer(const struct role *r)
{
	const char *const folders[] = { r->config->store.folder, NULL };
	struct err err = { 0 };

	setpriority(PRIO_PROCESS, 0, NICE);
	confine_descriptors(&r->control, 1);
	{
		AUTO_FREE(store) s = NULL;
		AUTO_FREE(search) x = NULL;

		if (open_both(r, &s, &x, &err) < 0 || confine_writer(folders, &err) < 0 || index_until_stopped(r, x, &err) < 0)
			return role_failed(r, &err);
	}
	return 0;
}
