/* campaign_pages.c - the campaigns of several findings, each with a digest that changes when its page would */
#include "store/campaign_pages.h"

#include "store/actor.h"
#include "store/internal.h"

/* The columns behind the id: texts, then numbers. */
enum { TEXTS = 2, NUMBERS = 8 };

static void stamp(struct query *q, struct arena *a, struct campaign_stamp *out)
{
	*out = (struct campaign_stamp){ .id = db_int(q, 0), .public_id = arena_copy(a, db_text(q, 1)) };
	row_stamp(q, 1, TEXTS, NUMBERS, out->stamp);
}

/* Titles and authors go when a finding is purged; the last number changes with who else names a contact of its. */
int campaign_stamps(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a,
		    struct campaign_stamp **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT c.id, c.public_id, c.name, count(*), max(its.changed_at), CAST(sum(its.id) AS BIGINT),"
		" CAST(sum(its.severity) AS BIGINT), CAST(sum(its.assessment_id) AS BIGINT),"
		" CAST(sum(length(its.verdict)) AS BIGINT), CAST(sum(length(title) + length(author)) AS BIGINT),"
		" (SELECT CAST(coalesce(sum(other.campaign_id), 0) AS BIGINT) FROM finding AS its_own"
		"  JOIN contact AS mine ON mine.finding_id = its_own.id"
		"  JOIN contact AS theirs ON theirs.kind = mine.kind AND theirs.value = mine.value"
		"  JOIN finding AS other ON other.id = theirs.finding_id"
		"  WHERE its_own.campaign_id = c.id AND mine.kind <> '" ACTOR_HANDLE "')"
		" FROM campaign AS c JOIN finding AS its ON its.campaign_id = c.id JOIN post ON post.id = its.post_id"
		" WHERE c.id >= :first AND c.id <= :last AND c.merged_into IS NULL AND its.severity >= :least"
		" GROUP BY c.id, c.public_id, c.name HAVING count(*) > 1 ORDER BY c.id",
		ARGS(arg_int(":first", first), arg_int(":last", last), arg_int(":least", least_severity)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		stamp(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

int campaign_last(struct store *s, int64_t *id, struct err *err)
{
	return last_id(s, "SELECT coalesce(max(id), 0) FROM campaign", "the last campaign", id, err);
}
