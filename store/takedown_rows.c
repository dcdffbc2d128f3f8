/* takedown_rows.c - cases and targets as they are read */
#include "store/internal.h"
#include "store/takedown.h"

enum { PAGE = 100 };

#define CASE                                                                                                  \
	"SELECT takedown.id, finding_id, takedown.first_aware_at, opened_at, closed_at, takedown.public_id, " \
	"finding.public_id, grounds, takedown.state, operator.name, takedown.campaign_id, campaign.public_id" \
	" FROM takedown JOIN finding ON finding.id = finding_id JOIN operator ON operator.id = operator_id"   \
	" LEFT JOIN campaign ON campaign.id = takedown.campaign_id "

static int cases_read(struct query *q, struct arena *a, struct takedown_row **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct takedown_row *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct takedown_row){
			.id = db_int(q, 0),
			.finding_id = db_int(q, 1),
			.first_aware_at = db_int(q, 2),
			.opened_at = db_int(q, 3),
			.closed_at = db_int(q, 4),
			.public_id = arena_copy(a, db_text(q, 5)),
			.finding = arena_copy(a, db_text(q, 6)),
			.grounds = arena_copy(a, db_text(q, 7)),
			.state = arena_copy(a, db_text(q, 8)),
			.operator_name = arena_copy(a, db_text(q, 9)),
			.campaign_id = db_int(q, 10),
			.campaign = arena_copy(a, db_text(q, 11)),
		};
	}
	return more;
}

int takedown_list(struct store *s, int64_t finding_id, int64_t before_id, struct arena *a, struct takedown_row **rows,
		  size_t *n, struct err *err)
{
	const struct db_arg before = arg_int(":before", before_id ? before_id : INT64_MAX), limit = arg_int(":limit", PAGE);

	return cases_read(finding_id ? db_ask(s->db,
					      CASE "WHERE finding_id = :finding AND takedown.id < :before"
						   " ORDER BY takedown.id DESC LIMIT :limit",
					      ARGS(arg_int(":finding", finding_id), before, limit), err)
				     : db_ask(s->db, CASE "WHERE takedown.id < :before ORDER BY takedown.id DESC LIMIT :limit",
					      ARGS(before, limit), err),
			  a, rows, n, err);
}

static int one_of(const struct takedown_row *rows, size_t n, struct takedown_row *out)
{
	if (n)
		*out = rows[0];
	return n > 0;
}

bool takedown_is_away(const struct takedown_target *t)
{
	return t->gone_at && (str_eq(t->state, STR("gone")) || str_eq(t->state, STR("closed")));
}

int takedown_load(struct store *s, struct str public_id, struct arena *a, struct takedown_row *out, struct err *err)
{
	struct takedown_row *rows;
	size_t n;

	if (public_id.n < 6 || public_id.n >= PUBLIC_ID)
		return err_set(err, E_USAGE,
			       "an id of a takedown has 6 to 32 hexadecimal digits; `watchdesk takedown list` shows them");
	if (cases_read(db_ask(s->db, CASE "WHERE takedown.public_id >= :first AND takedown.public_id < :first || 'g' LIMIT 2",
			      ARGS(arg_text(":first", public_id)), err),
		       a, &rows, &n, err) < 0)
		return err->code;
	if (n > 1)
		return err_set(err, E_USAGE, "several ids begin with %.*s; give more digits", STR_ARG(public_id));
	return one_of(rows, n, out);
}

int takedown_get(struct store *s, int64_t id, struct arena *a, struct takedown_row *out, struct err *err)
{
	struct takedown_row *rows;
	size_t n;

	if (cases_read(db_ask(s->db, CASE "WHERE takedown.id = :id", ARGS(arg_int(":id", id)), err), a, &rows, &n, err) < 0)
		return err->code;
	return one_of(rows, n, out);
}

int takedown_targets_read(struct query *q, struct arena *a, struct takedown_target **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct takedown_target *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct takedown_target){
			.id = db_int(q, 0),
			.takedown_id = db_int(q, 1),
			.changed_at = db_int(q, 2),
			.recheck_at = db_int(q, 3),
			.url = arena_copy(a, db_text(q, 4)),
			.state = arena_copy(a, db_text(q, 5)),
			.operator_name = arena_copy(a, db_text(q, 6)),
			.host = arena_copy(a, db_text(q, 7)),
			.finding_id = db_int(q, 8),
			.sent_at = db_int(q, 9),
			.gone_at = db_int(q, 10),
			.returns = db_int(q, 11),
		};
	}
	return more;
}

int takedown_targets(struct store *s, int64_t id, struct arena *a, struct takedown_target **rows, size_t *n, struct err *err)
{
	return takedown_targets_read(db_ask(s->db, TAKEDOWN_TARGET "WHERE takedown_id = :id ORDER BY takedown_target.id",
					    ARGS(arg_int(":id", id)), err),
				     a, rows, n, err);
}

int takedown_rechecks(struct store *s, int64_t now, size_t max, struct arena *a, struct takedown_target **rows, size_t *n,
		      struct err *err)
{
	return takedown_targets_read(
		db_ask(s->db,
		       TAKEDOWN_TARGET "WHERE recheck_at IS NOT NULL AND recheck_at <= :now ORDER BY recheck_at LIMIT :max",
		       ARGS(arg_int(":now", now), arg_int(":max", (int64_t)max)), err),
		a, rows, n, err);
}
