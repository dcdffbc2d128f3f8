/* duty.c - findings that somebody has to answer */
#include "store/duty.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/internal.h"

enum { CLOCKS_READ = 5000 }; /* findings that medians are reckoned of; a desk answers some dozens a day */

const char *const duty_clock_names[DUTY_CLOCKS] = { "posted to seen", "seen to sent", "sent to acknowledged",
						    "posted to acknowledged" };

/* Did the statement change a row? It returns it then. */
static int changed(struct store *s, const char *sql, const struct db_arg *args, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, sql, args, NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

/* Where the word for a severity begins: low, medium, high, critical. */
static int64_t word_of(int severity)
{
	static const int begins[] = { 90, 70, 40, 20 };

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (severity >= begins[i])
			return begins[i];
	return 0;
}

/* The finding that was asked about for this one's campaign. */
struct lead {
	int64_t id;
	bool answered;
};

static int lead_of(struct store *s, int64_t finding_id, int severity, int64_t now, struct lead *lead, struct err *err)
{
	struct query *q;
	int found = db_get(
		s->db, &q,
		"SELECT finding_id, acknowledged_at FROM duty"
		" WHERE campaign_id = (SELECT campaign_id FROM finding WHERE id = :finding) AND finding_id = lead_id"
		" AND severity >= :least AND (acknowledged_at IS NULL OR opened_at > :since) ORDER BY finding_id DESC LIMIT 1",
		ARGS(arg_int(":finding", finding_id), arg_int(":least", word_of(severity)),
		     arg_int(":since", now - DUTY_HOLDS)),
		NULL, err);

	if (found <= 0)
		return found;
	*lead = (struct lead){ db_int(q, 0), !db_is_null(q, 1) };
	db_end(q);
	return 1;
}

int duty_open(struct store *s, int64_t finding_id, int severity, int64_t now, struct err *err)
{
	struct lead lead = { finding_id, false };
	int joins, added;

	if (changed(s, "SELECT finding_id FROM duty WHERE finding_id = :finding", ARGS(arg_int(":finding", finding_id)), err) >
	    0)
		return 0;
	joins = lead_of(s, finding_id, severity, now, &lead, err);
	if (joins < 0)
		return joins;
	added = changed(
		s,
		"INSERT INTO duty (finding_id, lead_id, campaign_id, severity, opened_at, due_at, holder, acknowledged_by, how)"
		" SELECT id, :lead, campaign_id, :severity, :now, :due, '', '', '' FROM finding WHERE id = :finding"
		" ON CONFLICT (finding_id) DO NOTHING RETURNING finding_id",
		ARGS(arg_int(":finding", finding_id), arg_int(":lead", lead.id), arg_int(":severity", severity),
		     arg_int(":now", now), arg_int_or_null(":due", now, !joins)),
		err);
	if (added <= 0 || !joins)
		return added;
	if (lead.answered &&
	    db_do(s->db,
		  "UPDATE duty SET how = 'campaign', acknowledged_at = :now, held_since = :now,"
		  " holder = (SELECT holder FROM duty AS first WHERE first.finding_id = :lead),"
		  " acknowledged_by = (SELECT acknowledged_by FROM duty AS first WHERE first.finding_id = :lead)"
		  " WHERE finding_id = :finding",
		  ARGS(arg_int(":now", now), arg_int(":lead", lead.id), arg_int(":finding", finding_id)), err) < 0)
		return err->code;
	return 0;
}

#define ROW                                                                                                        \
	"SELECT duty.finding_id, lead_id, finding.public_id, title, source.name, asset, category, verdict,"        \
	" finding.severity, opened_at, due_at, held_since, acknowledged_at, holder, acknowledged_by, how,"         \
	" (SELECT count(*) FROM duty_step WHERE duty_step.finding_id = duty.finding_id) FROM duty"                 \
	" JOIN finding ON finding.id = duty.finding_id JOIN post ON post.id = post_id JOIN source ON source.id = " \
	"post.source_id"

static struct duty_row row_read(struct query *q, struct arena *a)
{
	return (struct duty_row){
		.finding_id = db_int(q, 0),
		.lead_id = db_int(q, 1),
		.public_id = arena_copy(a, db_text(q, 2)),
		.title = arena_copy(a, db_text(q, 3)),
		.source = arena_copy(a, db_text(q, 4)),
		.asset = arena_copy(a, db_text(q, 5)),
		.category = arena_copy(a, db_text(q, 6)),
		.verdict = arena_copy(a, db_text(q, 7)),
		.severity = (int)db_int(q, 8),
		.opened_at = db_int(q, 9),
		.due_at = db_int(q, 10),
		.held_since = db_int(q, 11),
		.acknowledged_at = db_int(q, 12),
		.holder = arena_copy(a, db_text(q, 13)),
		.acknowledged_by = arena_copy(a, db_text(q, 14)),
		.how = arena_copy(a, db_text(q, 15)),
		.steps = db_int(q, 16),
	};
}

static int rows_read(struct query *q, struct arena *a, struct duty_row **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct duty_row *r = arena_push(a, rows, n, sizeof(*r));

		*r = row_read(q, a);
	}
	return more;
}

int duty_due(struct store *s, int64_t now, size_t max, struct arena *a, struct duty_row **rows, size_t *n, struct err *err)
{
	return rows_read(db_ask(s->db, ROW " WHERE due_at <= :now ORDER BY due_at, duty.finding_id LIMIT :max",
				ARGS(arg_int(":now", now), arg_int(":max", (int64_t)max)), err),
			 a, rows, n, err);
}

int duty_next(struct store *s, int64_t *due_at, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT due_at FROM duty WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1", NULL, NULL,
			   err);

	if (found <= 0)
		return found;
	*due_at = db_int(q, 0);
	db_end(q);
	return 1;
}

int duty_not_later(struct store *s, int64_t now, int64_t most, struct err *err)
{
	return db_do(s->db, "UPDATE duty SET due_at = :now WHERE due_at > :latest",
		     ARGS(arg_int(":now", now), arg_int(":latest", now + most)), err);
}

int duty_asked(struct store *s, int64_t finding_id, struct arena *a, struct duty_asked **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db, "SELECT name, at, outbox_id FROM duty_step WHERE finding_id = :finding ORDER BY step",
				 ARGS(arg_int(":finding", finding_id)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct duty_asked *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct duty_asked){ arena_copy(a, db_text(q, 0)), db_int(q, 1), db_int(q, 2) };
	}
	return more;
}

int duty_unheard(struct store *s, struct str recipients, int64_t since, size_t max, struct arena *a, struct duty_unheard **rows,
		 size_t *n, struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT asked.public_id, asked.recipient, finding.public_id, duty.holder FROM duty"
		" JOIN duty_step ON duty_step.finding_id = duty.finding_id JOIN outbox AS asked ON asked.id = "
		"duty_step.outbox_id"
		" JOIN finding ON finding.id = duty.finding_id WHERE duty.opened_at > :since AND duty.acknowledged_at IS NOT "
		"NULL"
		" AND asked.state = 'sent' AND :recipients LIKE '%|' || asked.recipient || '|%' AND NOT EXISTS"
		" (SELECT 1 FROM outbox AS told WHERE coalesce(told.subscription_id, 0) = 0 AND told.recipient = "
		"asked.recipient"
		" AND told.topic = 'answered ' || asked.public_id) LIMIT :max",
		ARGS(arg_int(":since", since), arg_text(":recipients", recipients), arg_int(":max", (int64_t)max)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct duty_unheard *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct duty_unheard){ arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)),
					    arena_copy(a, db_text(q, 2)), arena_copy(a, db_text(q, 3)) };
	}
	return more;
}

int duty_ask(struct store *s, int64_t finding_id, const struct duty_asked *asked, int64_t due_at, struct err *err)
{
	const struct db_arg finding = arg_int(":finding", finding_id);

	if (db_do(s->db,
		  "INSERT INTO duty_step (finding_id, step, name, outbox_id, at)"
		  " SELECT :finding, count(*) + 1, :name, CAST(:outbox AS $INT), CAST(:at AS $INT) FROM duty_step"
		  " WHERE finding_id = :finding",
		  ARGS(finding, arg_text(":name", asked->name), arg_int_or_null(":outbox", asked->outbox_id, asked->outbox_id),
		       arg_int(":at", asked->at)),
		  err) < 0)
		return err->code;
	return db_do(s->db, "UPDATE duty SET due_at = :due WHERE finding_id = :finding AND due_at IS NOT NULL",
		     ARGS(arg_int(":due", due_at), finding), err);
}

int duty_undelivered(struct store *s, int64_t outbox_id, int64_t most, int64_t now, struct err *err)
{
	return changed(s,
		       "UPDATE duty SET due_at = :now WHERE due_at IS NOT NULL"
		       " AND finding_id = (SELECT finding_id FROM duty_step WHERE outbox_id = :outbox)"
		       " AND (SELECT count(*) FROM duty_step WHERE duty_step.finding_id = duty.finding_id) < :most"
		       " RETURNING finding_id",
		       ARGS(arg_int(":now", now), arg_int(":outbox", outbox_id), arg_int(":most", most)), err);
}

int duty_rest(struct store *s, int64_t finding_id, struct err *err)
{
	return db_do(s->db, "UPDATE duty SET due_at = NULL WHERE finding_id = :finding", ARGS(arg_int(":finding", finding_id)),
		     err);
}

/* What custody says of an answer. */
static int answer_entry(struct store *s, const struct duty_answer *d, enum custody_kind kind, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(KIB(8));
	struct json_writer w = { .out = &detail };
	char subject[64];
	struct query *q;

	if (db_get(s->db, &q, "SELECT public_id FROM finding WHERE id = :id", ARGS(arg_int(":id", d->finding_id)), "a finding",
		   err) < 0)
		return err->code;
	snprintf(subject, sizeof(subject), "finding %.*s", STR_ARG(db_text(q, 0)));
	db_end(q);
	json_open(&w, NULL, '{');
	json_put_text(&w, "holder", d->name);
	json_put_text(&w, "how", d->how);
	json_close(&w, '}');
	return custody_add(s,
			   &(struct custody_act){ .kind = kind,
						  .subject = str_of(subject),
						  .operator_name = d->operator_name,
						  .detail = buf_str(&detail),
						  .key = d->key },
			   now, err);
}

/*
 * All of the campaign that waits has the answer of the one that was asked about, and no letter wakes anybody that has not gone
 * yet.
 */
static int answered(struct store *s, const struct duty_answer *d, int64_t now, struct err *err)
{
	const struct db_arg finding = arg_int(":finding", d->finding_id);

	if (db_do(s->db,
		  "UPDATE outbox SET state = 'silenced', ended_at = :now WHERE state = 'waiting' AND kind = 'duty'"
		  " AND finding_id = (SELECT lead_id FROM duty WHERE duty.finding_id = :finding)",
		  ARGS(arg_int(":now", now), finding), err) < 0)
		return err->code;
	return db_do(s->db,
		     "UPDATE duty SET due_at = NULL, holder = :name, held_since = :now, acknowledged_at = :now,"
		     " acknowledged_by = :name, how = CASE WHEN finding_id = lead_id THEN :how ELSE 'campaign' END"
		     " WHERE acknowledged_at IS NULL"
		     " AND lead_id = (SELECT lead_id FROM duty AS asked WHERE asked.finding_id = :finding)",
		     ARGS(arg_text(":name", d->name), arg_int(":now", now), arg_text(":how", d->how), finding), err);
}

int duty_acknowledge(struct store *s, const struct duty_answer *d, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT acknowledged_at FROM duty WHERE finding_id = :finding",
			   ARGS(arg_int(":finding", d->finding_id)), NULL, err);
	bool is_late = found > 0 && !db_is_null(q, 0);

	if (found > 0)
		db_end(q);
	if (found < 0 || is_late)
		return found < 0 ? found : 0;
	if (found == 0)
		return err_set(err, E_USAGE,
			       "nobody has to answer this finding; `watchdesk alert assign` gives it to somebody");
	if (answered(s, d, now, err) < 0)
		return err->code;
	return answer_entry(s, d, CUSTODY_ACKNOWLEDGE, now, err) < 0 ? err->code : 1;
}

int duty_judged(struct store *s, int64_t finding_id, struct str operator_name, int64_t now, struct err *err)
{
	/* In custody the verdict has an entry of its own. */
	return answered(s, &(struct duty_answer){ .finding_id = finding_id, .name = operator_name, .how = STR("verdict") }, now,
			err);
}

int duty_assign(struct store *s, const struct duty_answer *d, int64_t now, struct err *err)
{
	const struct db_arg finding = arg_int(":finding", d->finding_id), at = arg_int(":now", now);

	if (db_do(s->db,
		  "INSERT INTO duty (finding_id, lead_id, campaign_id, severity, opened_at, holder, acknowledged_by, how)"
		  " SELECT id, id, campaign_id, severity, :now, '', '', '' FROM finding WHERE id = :finding"
		  " ON CONFLICT (finding_id) DO NOTHING",
		  ARGS(finding, at), err) < 0 ||
	    answered(s, d, now, err) < 0 ||
	    db_do(s->db, "UPDATE duty SET holder = :name, held_since = :now, due_at = NULL WHERE finding_id = :finding",
		  ARGS(arg_text(":name", d->name), at, finding), err) < 0)
		return err->code;
	return answer_entry(s, d, CUSTODY_ASSIGN, now, err);
}

/* The row of a finding that nobody was asked about, and on which no other one leans. */
static int forget(struct store *s, int64_t finding_id, struct err *err)
{
	return changed(
		s,
		"DELETE FROM duty WHERE finding_id = :finding"
		" AND NOT EXISTS (SELECT 1 FROM duty_step WHERE duty_step.finding_id = :finding)"
		" AND NOT EXISTS (SELECT 1 FROM duty AS other WHERE other.lead_id = :finding AND other.finding_id <> :finding)"
		" RETURNING finding_id",
		ARGS(arg_int(":finding", finding_id)), err);
}

int duty_return(struct store *s, const struct duty_answer *d, bool waited, int64_t now, struct err *err)
{
	int gone = waited ? 0 : forget(s, d->finding_id, err);

	if (gone < 0 ||
	    (gone == 0 &&
	     db_do(s->db,
		   "UPDATE duty SET holder = '', held_since = NULL, acknowledged_at = NULL, acknowledged_by = '', how = '',"
		   " due_at = CASE WHEN finding_id = lead_id THEN CAST(:now AS $INT) END"
		   " WHERE lead_id = (SELECT lead_id FROM duty AS its WHERE its.finding_id = :finding)"
		   " AND acknowledged_at = (SELECT acknowledged_at FROM duty AS its WHERE its.finding_id = :finding)",
		   ARGS(arg_int(":now", now), arg_int(":finding", d->finding_id)), err) < 0))
		return err->code;
	return answer_entry(s, &(struct duty_answer){ d->finding_id, STR(""), d->operator_name, d->how, d->key },
			    CUSTODY_ASSIGN, now, err);
}

int duty_of(struct store *s, int64_t finding_id, struct arena *a, struct duty_row *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, ROW " WHERE duty.finding_id = :finding", ARGS(arg_int(":finding", finding_id)), NULL,
			   err);

	if (found <= 0)
		return found;
	*out = row_read(q, a);
	db_end(q);
	return 1;
}

/* "2026-11-26 03:14 UTC" */
static struct str minute(int64_t at, struct arena *a)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at, text);
	return arena_printf(a, "%.10s %.5s UTC", text, text + 11);
}

int duty_standing(struct store *s, int64_t finding_id, struct arena *a, struct duty_standing *out, struct err *err)
{
	struct duty_asked *asked;
	struct duty_row row;
	int found = duty_of(s, finding_id, a, &row, err);

	*out = (struct duty_standing){ 0 };
	if (found <= 0)
		return found;
	*out = (struct duty_standing){ .has_duty = true, .holder = row.holder, .how = row.how, .held_since = row.held_since };
	if (row.holder.n)
		return 1;
	if (duty_asked(s, row.lead_id, a, &asked, &out->n_asked, err) < 0)
		return err->code;
	if (out->n_asked) {
		out->asked = asked[out->n_asked - 1].name;
		out->asked_at = asked[out->n_asked - 1].at;
	}
	return 1;
}

int duty_words(struct store *s, int64_t finding_id, struct arena *a, struct str *out, struct err *err)
{
	struct duty_standing d;
	int found = duty_standing(s, finding_id, a, &d, err);

	*out = (struct str){ 0 };
	if (found <= 0)
		return found;
	if (d.holder.n)
		*out = arena_printf(a, "%.*s has it since %.*s (by %.*s)", STR_ARG(d.holder), STR_ARG(minute(d.held_since, a)),
				    STR_ARG(d.how));
	else if (d.n_asked)
		*out = arena_printf(a, "nobody has it; %zu asked, the last was %.*s at %.*s", d.n_asked, STR_ARG(d.asked),
				    STR_ARG(minute(d.asked_at, a)));
	else
		*out = STR("nobody has it, and nobody was asked");
	return 1;
}

int duty_of_message(struct store *s, struct str public_id, struct arena *a, int64_t *finding_id, struct str *name,
		    struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT duty_step.finding_id, name FROM outbox JOIN duty_step ON outbox_id = outbox.id"
			   " WHERE public_id = :id",
			   ARGS(arg_text(":id", public_id)), NULL, err);

	if (found <= 0)
		return found;
	*finding_id = db_int(q, 0);
	*name = arena_copy(a, db_text(q, 1));
	db_end(q);
	return 1;
}

int duty_list(struct store *s, const struct duty_filter *f, struct arena *a, struct duty_row **rows, size_t *n, struct err *err)
{
	const struct db_arg limit = arg_int(":limit", f->limit ? f->limit : 500);

	return rows_read(f->waiting ? db_ask(s->db,
					     ROW " WHERE acknowledged_at IS NULL"
						 " ORDER BY duty.severity DESC, duty.finding_id LIMIT :limit",
					     ARGS(limit), err)
				    : db_ask(s->db, ROW " WHERE opened_at >= :since ORDER BY opened_at DESC LIMIT :limit",
					     ARGS(arg_int(":since", f->since), limit), err),
			 a, rows, n, err);
}

#define TIMES                                                                                \
	"SELECT CASE WHEN posted_precision >= 3 THEN posted_at END, first_seen,"             \
	" (SELECT min(ended_at) FROM duty_step JOIN outbox ON outbox.id = outbox_id"         \
	" WHERE duty_step.finding_id = duty.finding_id AND state = 'sent'), acknowledged_at" \
	" FROM duty JOIN finding ON finding.id = duty.finding_id JOIN post ON post.id = post_id"

static struct duty_times times_read(struct query *q)
{
	return (struct duty_times){ db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3) };
}

int duty_times(struct store *s, int64_t finding_id, struct duty_times *out, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, TIMES " WHERE duty.finding_id = :finding", ARGS(arg_int(":finding", finding_id)), NULL,
			   err);

	if (found <= 0)
		return found;
	*out = times_read(q);
	db_end(q);
	return 1;
}

static int by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The spans of one, where both ends are known. A site's clock may be ahead of ours: then there is no telling. */
static void spans_add(const struct duty_times *t, int64_t (*spans)[CLOCKS_READ], size_t n[DUTY_CLOCKS])
{
	const int64_t ends[DUTY_CLOCKS][2] = { { t->posted_at, t->seen_at },
					       { t->seen_at, t->sent_at },
					       { t->sent_at, t->acknowledged_at },
					       { t->posted_at, t->acknowledged_at } };

	for (int i = 0; i < DUTY_CLOCKS; i++)
		if (ends[i][0] && ends[i][1] >= ends[i][0])
			spans[i][n[i]++] = ends[i][1] - ends[i][0];
}

int duty_clocks(struct store *s, int64_t since, struct duty_clocks *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	int64_t(*spans)[CLOCKS_READ] = arena_alloc(a, DUTY_CLOCKS * sizeof(*spans));
	struct query *q = db_ask(s->db,
				 TIMES " WHERE opened_at >= :since AND duty.finding_id = lead_id ORDER BY opened_at DESC"
				       " LIMIT :limit",
				 ARGS(arg_int(":since", since), arg_int(":limit", CLOCKS_READ)), err);
	int more = q ? 0 : err->code;

	*out = (struct duty_clocks){ 0 };
	while (q && (more = db_step(q, err)) > 0) {
		struct duty_times t = times_read(q);

		spans_add(&t, spans, out->n);
	}
	for (int i = 0; i < DUTY_CLOCKS; i++) {
		qsort(spans[i], out->n[i], sizeof(spans[i][0]), by_length);
		if (out->n[i] == 0)
			continue;
		out->median[i] = spans[i][(out->n[i] - 1) / 2];
		out->longest[i] = spans[i][out->n[i] - 1];
	}
	return more;
}

int handover_add(struct store *s, struct str operator_name, int64_t now, struct err *err)
{
	if (db_do(s->db, "INSERT INTO handover (at, operator) VALUES (:now, :operator)",
		  ARGS(arg_int(":now", now), arg_text(":operator", operator_name)), err) < 0)
		return err->code;
	return custody_add(
		s, &(struct custody_act){ .kind = CUSTODY_HANDOVER, .subject = STR("desk"), .operator_name = operator_name },
		now, err);
}

int handover_last(struct store *s, struct arena *a, int64_t *at, struct str *operator_name, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT at, operator FROM handover ORDER BY id DESC LIMIT 1", NULL, NULL, err);

	if (found <= 0)
		return found;
	*at = db_int(q, 0);
	*operator_name = arena_copy(a, db_text(q, 1));
	db_end(q);
	return 1;
}
