/* saved.c - searches that are kept by a name */
#include "store/saved.h"

#include <stdio.h>

#include "base/limits.h"
#include "store/custody.h"
#include "store/internal.h"
#include "store/subscription.h"

int saved_check(struct str name, struct err *err)
{
	bool good = name.n > 0 && name.n <= SAVED_NAME;

	for (size_t i = 0; good && i < name.n; i++)
		good = ascii_is_alnum(name.p[i]) || name.p[i] == '-' || name.p[i] == '_';
	return good ? 0
		    : err_set(err, E_USAGE, "a search is called \"%.*s\", expected at most %d letters, digits, - and _",
			      STR_ARG(str_slice(name, 0, SAVED_NAME)), SAVED_NAME);
}

static int into_custody(struct store *s, const struct saved_search *x, const char *state, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(KIB(32)), subject = BUF_INIT(2 * SAVED_NAME);
	struct json_writer w = { .out = &detail };

	buf_printf(&subject, "search %.*s", STR_ARG(x->name));
	json_open(&w, NULL, '{');
	json_put_text(&w, "state", str_of(state));
	json_put_text(&w, "query", str_slice(x->query, 0, KIB(2)));
	json_close(&w, '}');
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_SEARCH,
						  .subject = buf_str(&subject),
						  .operator_name = x->operator_name,
						  .detail = buf_str(&detail) },
			   x->at, err);
}

int saved_put(struct store *s, const struct saved_search *x, struct err *err)
{
	if (db_do(s->db,
		  "INSERT INTO saved_search (name, query, operator, at) VALUES (:name, :query, :operator, :at)"
		  " ON CONFLICT (name) DO UPDATE SET query = excluded.query, operator = excluded.operator, at = excluded.at",
		  ARGS(arg_text(":name", x->name), arg_text(":query", x->query), arg_text(":operator", x->operator_name),
		       arg_int(":at", x->at)),
		  err) < 0)
		return err->code;
	return into_custody(s, x, "saved", err);
}

static void read_row(struct query *q, struct arena *a, struct saved_search *out)
{
	*out = (struct saved_search){ arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)), arena_copy(a, db_text(q, 2)),
				      db_int(q, 3) };
}

int saved_get(struct store *s, struct str name, struct arena *a, struct saved_search *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT name, query, operator, at FROM saved_search WHERE name = :name",
			   ARGS(arg_text(":name", name)), NULL, err);

	if (found > 0) {
		read_row(q, a, out);
		db_end(q);
	}
	return found;
}

int saved_list(struct store *s, struct arena *a, struct saved_search **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(s->db, "SELECT name, query, operator, at FROM saved_search ORDER BY name", err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		read_row(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

/* Does the subscription of this address follow it? Its terms are JSON that we wrote, and a name needs no escapes. */
static int needed_by(struct store *s, struct str name, struct arena *a, struct str *recipient, struct err *err)
{
	struct str term = arena_printf(a, "\"search\":\"%.*s\"", STR_ARG(name));
	struct subscription_row *rows;
	size_t n;

	if (subscription_rows(s, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (rows[i].state <= SUBSCRIPTION_ACTIVE && str_find(rows[i].terms, term) >= 0) {
			*recipient = rows[i].recipient;
			return 1;
		}
	return 0;
}

int saved_forget(struct store *s, struct str name, struct str operator_name, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct str recipient = { 0 };
	struct saved_search x;
	int found = saved_get(s, name, a, &x, err), needed;

	if (found <= 0)
		return found;
	needed = needed_by(s, name, a, &recipient, err);
	if (needed)
		return needed < 0
			       ? needed
			       : err_set(err, E_USAGE,
					 "%.*s has a subscription that follows the search %.*s; `watchdesk unsubscribe` first",
					 STR_ARG(recipient), STR_ARG(name));
	x.operator_name = operator_name;
	x.at = now;
	if (db_do(s->db, "DELETE FROM saved_search WHERE name = :name", ARGS(arg_text(":name", name)), err) < 0 ||
	    into_custody(s, &x, "forgotten", err) < 0)
		return err->code;
	return 1;
}
