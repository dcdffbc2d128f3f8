/* queue.c - what a shift works through */
#include "store/queue.h"

#include "store/internal.h"

#define STATE                                                                                                                 \
	" finding.assessment_id, finding.severity, finding.verdict, judged.id, judged.operator, judged.at, duty.finding_id, " \
	"holder,"                                                                                                             \
	" held_since, acknowledged_at"
#define JUDGED                                        \
	" LEFT JOIN verdict AS judged ON judged.id =" \
	" (SELECT id FROM verdict AS last WHERE last.finding_id = finding.id ORDER BY last.id DESC LIMIT 1)"
#define STATE_FROM JUDGED " LEFT JOIN duty ON duty.finding_id = finding.id"

static struct queue_state state_read(struct query *q, int first, struct arena *a)
{
	return (struct queue_state){ .assessment_id = db_int(q, first),
				     .severity = (int)db_int(q, first + 1),
				     .verdict = arena_copy(a, db_text(q, first + 2)),
				     .verdict_id = db_int(q, first + 3),
				     .judged_by = arena_copy(a, db_text(q, first + 4)),
				     .judged_at = db_int(q, first + 5),
				     .has_duty = !db_is_null(q, first + 6),
				     .holder = arena_copy(a, db_text(q, first + 7)),
				     .held_since = db_int(q, first + 8),
				     .acknowledged_at = db_int(q, first + 9) };
}

#define COLUMNS "SELECT finding.id, found_at, finding.public_id, category, asset, source.name, title, post.url," STATE
#define ROWS	COLUMNS " FROM finding JOIN post ON post.id = post_id JOIN source ON source.id = post.source_id" STATE_FROM
#define FILTER                                                                                                               \
	" WHERE finding.severity >= :least AND (:category = '' OR category = :category) AND (:asset = '' OR asset = :asset)" \
	" AND (:source = '' OR source.name = :source) AND (:verdict = '' OR finding.verdict = :verdict)"
#define OF_SOURCE " AND finding.source_id = (SELECT id FROM source AS its WHERE its.name = :source)"
#define ORDER	  " ORDER BY finding.severity DESC, finding.id LIMIT :limit"
#define NEWEST	  " ORDER BY finding.severity DESC, finding.id DESC LIMIT :limit"

/* Each way in has its index: what nobody has answered is little, and of a verdict or a source there may be a million. (SQLite
 * keeps the order of a CROSS JOIN.) */
static const char *statement(const struct queue_filter *f)
{
	if (f->unanswered)
		return COLUMNS " FROM duty CROSS JOIN finding JOIN post ON post.id = post_id"
			       " JOIN source ON source.id = post.source_id" JUDGED FILTER
			       " AND finding.id = duty.finding_id AND acknowledged_at IS NULL" ORDER;
	if (f->source.n)
		return f->verdict.n ? ROWS FILTER OF_SOURCE ORDER : ROWS FILTER OF_SOURCE NEWEST;
	if (f->verdict.n)
		return ROWS FILTER " AND finding.verdict = :verdict" ORDER;
	return ROWS FILTER NEWEST;
}

int queue_list(struct store *s, const struct queue_filter *f, struct arena *a, struct queue_row **rows, size_t *n,
	       struct err *err)
{
	struct query *q = db_ask(s->db, statement(f),
				 ARGS(arg_int(":least", f->least_severity), arg_text(":category", f->category),
				      arg_text(":asset", f->asset), arg_text(":source", f->source),
				      arg_text(":verdict", f->verdict), arg_int(":limit", f->limit)),
				 err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct queue_row *r = arena_push(a, rows, n, sizeof(*r));
		struct str title = db_text(q, 6);

		*r = (struct queue_row){ .id = db_int(q, 0),
					 .found_at = db_int(q, 1),
					 .public_id = arena_copy(a, db_text(q, 2)),
					 .category = arena_copy(a, db_text(q, 3)),
					 .asset = arena_copy(a, db_text(q, 4)),
					 .source = arena_copy(a, db_text(q, 5)),
					 .title = arena_copy(a, title.n ? title : db_text(q, 7)),
					 .state = state_read(q, 8, a) };
	}
	return more;
}

int queue_state(struct store *s, int64_t finding_id, struct arena *a, struct queue_state *out, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT" STATE " FROM finding" STATE_FROM " WHERE finding.id = :id",
		   ARGS(arg_int(":id", finding_id)), "a finding", err) < 0)
		return err->code;
	*out = state_read(q, 0, a);
	db_end(q);
	return 0;
}

bool queue_same(const struct queue_state *a, const struct queue_state *b)
{
	return a->verdict_id == b->verdict_id && a->assessment_id == b->assessment_id && a->severity == b->severity &&
	       a->held_since == b->held_since && a->acknowledged_at == b->acknowledged_at;
}
