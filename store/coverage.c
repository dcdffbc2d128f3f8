/* coverage.c - when each source was seen and when it was not */
#include "store/coverage.h"

#include "store/internal.h"

#define KEPT                                                                                                            \
	(90 * INT64_C(86400000000)) /* us: more than is shown, so that a clock that was wrong for a while costs nothing \
				     */

int coverage_note(struct store *s, int64_t source_id, bool answered, int64_t now, struct err *err)
{
	const struct db_arg source = arg_int(":source", source_id);

	if (db_do(s->db,
		  "INSERT INTO coverage (source_id, at, answered, failed) VALUES (:source, :at, :answered, :failed)"
		  " ON CONFLICT (source_id, at) DO UPDATE SET answered = coverage.answered + excluded.answered,"
		  " failed = coverage.failed + excluded.failed",
		  ARGS(source, arg_int(":at", now - now % COVERAGE_CELL), arg_int(":answered", answered),
		       arg_int(":failed", !answered)),
		  err) < 0)
		return err->code;
	return db_do(s->db, "DELETE FROM coverage WHERE source_id = :source AND at < :until",
		     ARGS(source, arg_int(":until", now - KEPT)), err);
}

/* The cell of a time within them. */
static size_t cell_of(const struct coverage *c, int64_t at)
{
	int64_t cell = (at - c->from) / COVERAGE_CELL;

	return cell < 0 ? 0 : cell < COVERAGE_CELLS ? (size_t)cell : COVERAGE_CELLS - 1;
}

static int read_visits(struct store *s, const struct db_arg *args, struct coverage *out, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT at, answered, failed FROM coverage JOIN source ON source.id = source_id"
				 " WHERE source.name = :name AND at >= :from AND at < :until",
				 args, err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		out->cells[cell_of(out, db_int(q, 0))] = db_int(q, 2) == 0   ? COVERAGE_WELL
							 : db_int(q, 1) == 0 ? COVERAGE_WRONG
									     : COVERAGE_PARTLY;
	return more;
}

/* A gap lies in each cell that it touches; one in which no visit was answered says more. */
static int read_gaps(struct store *s, const struct db_arg *args, struct coverage *out, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT since, until FROM gap JOIN source ON source.id = source_id"
				 " WHERE source.name = :name AND until > :from AND since < :until",
				 args, err);
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		for (size_t i = cell_of(out, db_int(q, 0)); i <= cell_of(out, db_int(q, 1) - 1); i++)
			if (out->cells[i] == COVERAGE_WELL || out->cells[i] == COVERAGE_PARTLY)
				out->cells[i] = COVERAGE_MISSED;
	return more;
}

int coverage_of(struct store *s, struct str source, int64_t now, struct coverage *out, struct err *err)
{
	const int64_t until = now - now % COVERAGE_CELL + COVERAGE_CELL, from = until - COVERAGE_CELLS * COVERAGE_CELL;
	const struct db_arg *args = ARGS(arg_text(":name", source), arg_int(":from", from), arg_int(":until", until));

	*out = (struct coverage){ .from = from };
	if (read_visits(s, args, out, err) < 0 || read_gaps(s, args, out, err) < 0)
		return err->code;
	for (size_t i = 0; i < COVERAGE_CELLS; i++)
		out->of[out->cells[i]]++;
	return 0;
}
