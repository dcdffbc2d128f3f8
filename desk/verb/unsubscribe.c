/* unsubscribe.c - `watchdesk unsubscribe`: somebody gets no more alerts, unless nobody else would */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "desk/alert/subscribers.h"
#include "desk/verb.h"

/* By an address all of its subscriptions, by an id the one. */
static bool is_meant(const struct subscription_row *r, struct str what)
{
	const bool by_address = str_find(what, STR("@")) >= 0;
	struct str domain = str_slice(what, (size_t)(str_find(what, STR("@")) + 1), what.n);

	if (r->state != SUBSCRIPTION_ACTIVE && r->state != SUBSCRIPTION_ASKED)
		return false;
	if (!by_address)
		return what.n >= 6 && str_starts(r->public_id, what);
	return str_eq_nocase(str_slice(r->recipient, what.n - domain.n, r->recipient.n), domain) &&
	       str_starts(r->recipient, str_slice(what, 0, what.n - domain.n));
}

/* What is said of it goes to `out`: it is true once it is committed. */
static int leave(struct store *store, struct str what, struct arena *a, struct buf *out, struct err *err)
{
	struct subscription_row *rows;
	int left = 0;
	size_t n;

	if (subscription_rows(store, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (!is_meant(&rows[i], what))
			continue;
		if (subscribers_leave(store, &rows[i], user_name(a), clock_now_us(), err) < 0)
			return err->code;
		buf_printf(out, "%.8s: %.*s gets no more of it%s\n", rows[i].public_id.p, STR_ARG(rows[i].recipient),
			   rows[i].of_file ? "; take the entry out of the configuration too" : "");
		left++;
	}
	return left ? left
		    : err_set(err, E_USAGE, "%.*s has no subscription; `watchdesk subscribe list` shows them",
			      (int)(what.n < 200 ? what.n : 200), what.p);
}

static int unsubscribe_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);

	if (!store || store_begin(store, err) < 0)
		return err->code;
	if (subscribers_sync(store, config->subscriptions, config->n_subscriptions, clock_now_us(), err) < 0 ||
	    leave(store, str_of(i->arguments[0]), a, &out, err) < 0) {
		store_rollback(store);
		return err->code;
	}
	if (store_commit(store, err) < 0)
		return err->code;
	print("%s", out.p);
	return 0;
}

const struct verb verb_unsubscribe = {
	.name = "unsubscribe",
	.arguments = "ADDRESS|ID",
	.summary = "somebody gets no more findings by mail",
	.text = "With an address all of its subscriptions, with an id (or its first 6 digits) that one. Whoever is the last "
		"that hears of a\n"
		"class of severity cannot leave: you are told which, and name another first. Subscribers leave by themselves "
		"by the address\n"
		"in List-Unsubscribe of every mail; the same holds for them.",
	.least = 1,
	.most = 1,
	.run = unsubscribe_run,
};
