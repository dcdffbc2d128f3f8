/* takedown_pages.c - takedowns in the order in which they were opened, each with a digest that changes when its page would */
#include "store/takedown_pages.h"

#include "store/internal.h"

/* Texts, then numbers; the last of each are only in the stamp. */
enum { TEXTS = 10, NUMBERS = 27, SHOWN_TEXTS = 9, SHOWN_NUMBERS = 9 };

static void stamp(struct query *q, struct arena *a, struct takedown_stamp *out)
{
	int64_t numbers[SHOWN_NUMBERS];
	struct str pieces[SHOWN_TEXTS];

	for (int i = 0; i < SHOWN_TEXTS; i++)
		pieces[i] = arena_copy(a, db_text(q, i));
	for (int i = 0; i < SHOWN_NUMBERS; i++)
		numbers[i] = db_int(q, TEXTS + i);
	row_stamp(q, 0, TEXTS, NUMBERS, out->stamp);
	out->row = (struct takedown_row){ .public_id = pieces[0],
					  .finding = pieces[1],
					  .grounds = pieces[2],
					  .state = pieces[3],
					  .operator_name = pieces[4],
					  .campaign = pieces[5],
					  .id = numbers[0],
					  .finding_id = numbers[1],
					  .first_aware_at = numbers[2],
					  .opened_at = numbers[3],
					  .closed_at = numbers[4],
					  .campaign_id = numbers[5] };
	out->finding = (struct finding){
		.public_id = pieces[1], .title = pieces[6], .url = pieces[7], .asset = pieces[8], .severity = (int)numbers[6]
	};
	out->places = numbers[7];
	out->gone = numbers[8];
}

#define TARGETS " FROM takedown_target AS t WHERE t.takedown_id = c.id)"
#define NOTICES " FROM notice AS n WHERE n.takedown_id = c.id)"
#define LOOKS	" FROM takedown_target AS t JOIN takedown_check AS k ON k.target_id = t.id WHERE t.takedown_id = c.id)"

int takedown_stamps(struct store *s, int64_t first, int64_t last, int least_severity, struct arena *a,
		    struct takedown_stamp **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT c.public_id, finding.public_id, grounds, c.state, operator.name, campaign.public_id, title, post.url, "
		"asset,"
		" author, c.id, c.finding_id, c.first_aware_at, opened_at, closed_at, c.campaign_id, finding.severity,"
		" (SELECT count(*)" TARGETS ","
		" (SELECT CAST(coalesce(sum(" TAKEDOWN_AWAY(
			"t") "), 0) AS BIGINT)" TARGETS ","
			     " (SELECT max(changed_at)" TARGETS ", (SELECT min(recheck_at)" TARGETS
			     ", (SELECT max(sent_at)" TARGETS ","
			     " (SELECT max(gone_at)" TARGETS ", (SELECT CAST(sum(returns) AS BIGINT)" TARGETS ","
			     " (SELECT max(t.finding_id)" TARGETS ", (SELECT count(*)" LOOKS ", (SELECT max(k.at)" LOOKS ","
			     " (SELECT CAST(sum(k.looks) AS BIGINT)" LOOKS ", (SELECT count(*)" NOTICES
			     ", (SELECT max(n.changed_at)" NOTICES ","
			     " (SELECT CAST(sum(length(n.state) + length(subject) + length(recipient)) AS BIGINT)" NOTICES ","
			     " (SELECT max(n.sent_at)" NOTICES ","
			     " (SELECT count(*) FROM notice AS n JOIN notice_approval AS y ON y.notice_id = n.id WHERE "
			     "n.takedown_id = "
			     "c.id),"
			     " (SELECT count(*) FROM notice AS n JOIN notice_answer AS y ON y.notice_id = n.id WHERE "
			     "n.takedown_id = c.id),"
			     " (SELECT count(*) FROM custody WHERE subject = 'finding ' || finding.public_id),"
			     " finding.changed_at, finding.assessment_id"
			     " FROM takedown AS c JOIN finding ON finding.id = c.finding_id JOIN post ON post.id = "
			     "finding.post_id"
			     " JOIN operator ON operator.id = c.operator_id LEFT JOIN campaign ON campaign.id = c.campaign_id"
			     " WHERE c.id >= :first AND c.id <= :last AND finding.severity >= :least ORDER BY c.id",
		ARGS(arg_int(":first", first), arg_int(":last", last), arg_int(":least", least_severity)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		stamp(q, a, arena_push(a, rows, n, sizeof(**rows)));
	return more;
}

int takedown_last(struct store *s, int64_t *id, struct err *err)
{
	return last_id(s, "SELECT coalesce(max(id), 0) FROM takedown", "the last takedown", id, err);
}
