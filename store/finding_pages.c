/* finding_pages.c - the findings in the order in which they were found, each with a digest that changes when its page would */
#include "store/finding_pages.h"

#include "store/internal.h"
#include "store/quoted.h"

/* The columns behind the id: texts, then numbers; and which of them are used. */
enum { TEXTS = 5, NUMBERS = 11, PUBLIC = 1, CATEGORY = 2, VERDICT = 4, SEVERITY = 6, CAMPAIGN = 8, QUOTES = 14, FOUND = 16 };

static void stamp(struct query *q, struct arena *a, struct finding_stamp *out)
{
	const struct str verdict = db_text(q, VERDICT);

	*out = (struct finding_stamp){ .id = db_int(q, 0),
				       .public_id = arena_copy(a, db_text(q, PUBLIC)),
				       .campaign_id = db_int(q, CAMPAIGN),
				       .found_at = db_int(q, FOUND),
				       .category = arena_copy(a, db_text(q, CATEGORY)),
				       .severity = (int)db_int(q, SEVERITY),
				       .matters = str_eq(verdict, STR("none")) || str_eq(verdict, STR("confirmed")),
				       .quotes = db_int(q, QUOTES) > 0 };
	row_stamp(q, 1, TEXTS, NUMBERS, out->stamp);
}

int finding_stamps(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a,
		   struct finding_stamp **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT finding.id, finding.public_id, category, asset, verdict,"
		" coalesce((SELECT holder FROM duty WHERE duty.finding_id = finding.id), ''),"
		" severity, assessment_id, campaign_id, changed_at,"
		" post.last_seen / 86400000000,"
		" (SELECT count(*) FROM custody WHERE subject = 'finding ' || finding.public_id),"
		" (SELECT count(*) FROM duty_step JOIN duty ON duty.lead_id = duty_step.finding_id"
		"  WHERE duty.finding_id = finding.id),"
		" (SELECT deleted_at FROM revision WHERE revision.post_id = post.id ORDER BY revision.id DESC LIMIT 1),"
		" (SELECT count(*) FROM part WHERE part.assessment_id = finding.assessment_id AND part.part = '" QUOTED_PART
		"'),"
		" (SELECT max(takedown_target.changed_at) FROM takedown_target WHERE takedown_target.finding_id = finding.id),"
		" found_at"
		" FROM finding JOIN post ON post.id = finding.post_id"
		" WHERE finding.id >= :first AND finding.id <= :last AND severity >= :least ORDER BY finding.id",
		ARGS(arg_int(":first", first), arg_int(":last", last), arg_int(":least", least_severity)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		stamp(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

int finding_last(struct store *s, int64_t *id, struct err *err)
{
	return last_id(s, "SELECT coalesce(max(id), 0) FROM finding", "the last finding", id, err);
}
