/* hold.c - what nobody may purge, and why */
#include "store/hold.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/internal.h"

/* How each kind is looked for; :first is an id, or the beginning of one. */
static const struct kind {
	const char *name, *sql;
	bool by_name;
} kinds[] = {
	{ "finding", "SELECT id, public_id, '' FROM finding WHERE public_id >= :first AND public_id < :first || 'g' LIMIT 2",
	  false },
	{ "campaign",
	  "SELECT c.id, c.public_id, coalesce(whole.public_id, '') FROM campaign AS c LEFT JOIN campaign AS whole"
	  " ON whole.id = c.merged_into WHERE c.public_id >= :first AND c.public_id < :first || 'g' LIMIT 2",
	  false },
	{ "source", "SELECT id, name, '' FROM source WHERE name = :first", true },
};

struct subject {
	const struct kind *kind;
	int64_t id;
	struct str name;
};

static int subject_find(struct store *s, const struct hold_row *wish, struct arena *a, struct subject *out, struct err *err)
{
	struct str part_of;
	struct query *q;
	size_t k = 0;
	int found;

	while (k < sizeof(kinds) / sizeof(kinds[0]) && !str_eq(wish->kind, str_of(kinds[k].name)))
		k++;
	if (k == sizeof(kinds) / sizeof(kinds[0]))
		return err_set(err, E_USAGE, "%.*s cannot be held, expected finding, campaign or source", STR_ARG(wish->kind));
	if (!kinds[k].by_name && (wish->subject.n < 6 || wish->subject.n >= PUBLIC_ID))
		return err_set(err, E_USAGE, "an id has 6 to 32 hexadecimal digits");
	found = db_get(s->db, &q, kinds[k].sql, ARGS(arg_text(":first", wish->subject)), NULL, err);
	if (found < 0)
		return found;
	if (found == 0)
		return err_set(err, E_USAGE, "there is no %s %.*s", kinds[k].name, STR_ARG(wish->subject));
	*out = (struct subject){ &kinds[k], db_int(q, 0), arena_copy(a, db_text(q, 1)) };
	part_of = arena_copy(a, db_text(q, 2));
	found = db_step(q, err);
	if (found > 0) {
		db_end(q);
		return err_set(err, E_USAGE, "several ids begin with %.*s; give more digits", STR_ARG(wish->subject));
	}
	if (found == 0 && part_of.n)
		return err_set(err, E_USAGE, "campaign %.8s is a part of %.8s; hold that one", out->name.p, part_of.p);
	return found;
}

static int note(struct store *s, const struct hold_row *h, const char *what, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	AUTO(buf) detail = BUF_INIT(KIB(32));
	struct json_writer w = { .out = &detail };

	json_open(&w, NULL, '{');
	json_put_text(&w, what, h->reason);
	json_close(&w, '}');
	if (detail.full)
		return err_set(err, E_LIMIT, "a reason of %zu bytes is too long for custody", h->reason.n);
	return custody_add(
		s,
		&(struct custody_act){ .kind = CUSTODY_HOLD,
				       .subject = arena_printf(a, "%.*s %.*s", STR_ARG(h->kind), STR_ARG(h->subject)),
				       .operator_name = h->operator_name,
				       .detail = buf_str(&detail) },
		now, err);
}

int hold_add(struct store *s, const struct hold_row *wish, int64_t now, struct arena *a, struct hold_row *out, struct err *err)
{
	struct subject its;
	struct query *q;
	int fresh;

	if (subject_find(s, wish, a, &its, err) < 0)
		return err->code;
	*out = *wish;
	out->subject = its.name;
	out->at = now;
	fresh = db_get(
		s->db, &q,
		"INSERT INTO hold (kind, subject_id, reason, operator, at) VALUES (:kind, :subject, :reason, :operator, :now)"
		" ON CONFLICT DO NOTHING RETURNING id",
		ARGS(arg_text(":kind", wish->kind), arg_int(":subject", its.id), arg_text(":reason", wish->reason),
		     arg_text(":operator", wish->operator_name), arg_int(":now", now)),
		NULL, err);
	if (fresh <= 0)
		return fresh;
	out->id = db_int(q, 0);
	db_end(q);
	return note(s, out, "held", now, err) < 0 ? err->code : 1;
}

int hold_remove(struct store *s, const struct hold_row *wish, int64_t now, struct arena *a, struct hold_row *out,
		struct err *err)
{
	struct subject its;
	struct query *q;
	int was;

	if (subject_find(s, wish, a, &its, err) < 0)
		return err->code;
	*out = *wish;
	out->subject = its.name;
	was = db_get(s->db, &q, "DELETE FROM hold WHERE kind = :kind AND subject_id = :subject RETURNING id",
		     ARGS(arg_text(":kind", wish->kind), arg_int(":subject", its.id)), NULL, err);
	if (was <= 0)
		return was;
	db_end(q);
	return note(s, out, "released", now, err) < 0 ? err->code : 1;
}

int hold_list(struct store *s, struct arena *a, struct hold_row **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(s->db,
				   "SELECT hold.id, hold.at, kind, coalesce(finding.public_id, campaign.public_id, "
				   "source.name, ''), reason, operator"
				   " FROM hold LEFT JOIN finding ON kind = 'finding' AND finding.id = subject_id"
				   " LEFT JOIN campaign ON kind = 'campaign' AND campaign.id = subject_id"
				   " LEFT JOIN source ON kind = 'source' AND source.id = subject_id ORDER BY hold.id",
				   err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct hold_row *)arena_push(a, rows, n, sizeof(**rows)) = (struct hold_row){ db_int(q, 0),
												db_int(q, 1),
												arena_copy(a, db_text(q, 2)),
												arena_copy(a, db_text(q, 3)),
												arena_copy(a, db_text(q, 4)),
												arena_copy(a, db_text(q, 5)) };
	return more;
}
