/* writer_sessions.c - what the sites know us by: cookies */
#include "base/clock.h"
#include "base/must.h"
#include "desk/writer.h"
#include "store/session.h"

static void send_cookies(struct writer *w, size_t source, struct str lines)
{
	struct buf *out = message_begin(&w->net, MESSAGE_COOKIES);

	put_int(out, (int64_t)source);
	put_str(out, lines);
	message_end(&w->net);
}

int writer_open_sessions(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us();
	size_t n = w->role->config->n_sources;
	int64_t *ids = arena_alloc(w->a, (n + 1) * sizeof(*ids));

	for (size_t i = 0; i < n; i++)
		ids[i] = w->sources[i].id;
	if (session_keep_only(w->store, ids, n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		struct session session = { 0 };
		int found = session_get(w->store, ids[i], w->a, &session, err);

		if (found < 0)
			return err->code;
		if (found && session.cookies.n)
			send_cookies(w, i, session.cookies);
		writer_open_sign_in(w, (int)i, &session, now);
	}
	return 0;
}

int writer_take_cookies(struct writer *w, struct message *m, struct err *err)
{
	int64_t source = take_int_in(m, 0, (int64_t)w->role->config->n_sources - 1);
	struct str lines = take_str(m);

	if (m->bad || writer_open_group(w, err) < 0)
		return m->bad ? 0 : err->code;
	return session_keep_cookies(w->store, w->sources[source].id, lines, clock_now_us(), err);
}
