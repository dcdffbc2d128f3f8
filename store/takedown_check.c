/* takedown_check.c - looks at the targets of takedowns */
#include "store/takedown_check.h"

#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/finding.h"
#include "store/internal.h"
#include "store/operator.h"

enum { PAGE = 100 };

const char *const look_results[LOOK_RESULTS] = { "there", "gone", "unclear" };

int takedown_due(struct store *s, int64_t now, size_t max, struct arena *a, struct takedown_place **rows, size_t *n,
		 struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT takedown_target.id, takedown_target.url FROM takedown_target"
				 " LEFT JOIN frontier ON frontier.id = frontier_id"
				 " WHERE recheck_at IS NOT NULL AND recheck_at <= :now AND frontier.due_at IS NULL"
				 " ORDER BY recheck_at LIMIT :max",
				 ARGS(arg_int(":now", now), arg_int(":max", (int64_t)max)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct takedown_place *)arena_push(
			a, rows, n, sizeof(**rows)) = (struct takedown_place){ db_int(q, 0), arena_copy(a, db_text(q, 1)) };
	return more;
}

int takedown_not_later(struct store *s, int64_t now, int64_t at_most, struct err *err)
{
	return db_do(s->db,
		     "UPDATE takedown_target SET recheck_at = :now WHERE recheck_at IS NOT NULL AND recheck_at > :latest",
		     ARGS(arg_int(":now", now), arg_int(":latest", now + at_most)), err);
}

int takedown_next_due(struct store *s, int64_t *at, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT recheck_at FROM takedown_target WHERE recheck_at IS NOT NULL ORDER BY recheck_at LIMIT 1",
			   ARGS({ 0 }), NULL, err);

	if (found <= 0)
		return found;
	*at = db_int(q, 0);
	db_end(q);
	return 1;
}

/* The address, which may be known: its id, whether it is under way. */
static int address_find(struct store *s, const struct frontier_entry *e, int64_t *id, bool *under_way, struct err *err)
{
	struct query *q;

	if (frontier_add(s, e, err) < 0 ||
	    db_get(s->db, &q, "SELECT id, leased FROM frontier WHERE source_id = :source AND key = :key",
		   ARGS(arg_int(":source", e->source_id), arg_text(":key", e->key)), "an address that was just written",
		   err) < 0)
		return err->code;
	*id = db_int(q, 0);
	*under_way = db_int(q, 1) != 0;
	db_end(q);
	return 0;
}

int takedown_place(struct store *s, int64_t target_id, const struct frontier_entry *e, struct err *err)
{
	struct query *q;
	int64_t id = 0;
	bool under_way = false;
	int came;

	if (address_find(s, e, &id, &under_way, err) < 0)
		return err->code;
	if (under_way)
		return 0;
	came = db_get(s->db, &q,
		      "UPDATE takedown_target SET frontier_id = :address WHERE id = :id AND"
		      " (frontier_id IS NULL OR frontier_id <> :address) RETURNING id",
		      ARGS(arg_int(":address", id), arg_int(":id", target_id)), NULL, err);
	if (came < 0)
		return came;
	if (came > 0) /* what it answers to who has it already says nothing of this target */
		db_end(q);
	if (came > 0 && db_do(s->db, "UPDATE frontier SET etag = NULL, last_modified = NULL, body_digest = NULL WHERE id = :id",
			      ARGS(arg_int(":id", id)), err) < 0)
		return err->code;
	if (db_do(s->db, "UPDATE frontier SET due_at = :due, url = :url WHERE id = :id AND due_at IS NULL",
		  ARGS(arg_int(":due", e->due_at), arg_text(":url", e->url), arg_int(":id", id)), err) < 0)
		return err->code;
	return 1;
}

int takedown_sources(struct store *s, int64_t frontier_id, struct arena *a, struct str **names, size_t *n, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT DISTINCT source.name FROM takedown_target JOIN takedown ON takedown.id = takedown_id"
				 " JOIN finding ON finding.id = coalesce(takedown_target.finding_id, takedown.finding_id)"
				 " JOIN post ON post.id = finding.post_id JOIN source ON source.id = post.source_id"
				 " WHERE frontier_id = :id",
				 ARGS(arg_int(":id", frontier_id)), err);
	int more = q ? 0 : err->code;

	*names = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct str *)arena_push(a, names, n, sizeof(**names)) = arena_copy(a, db_text(q, 0));
	return more;
}

#define LOOK "SELECT id, target_id, at, result, status, how, capture_id, evidence_id, looks FROM takedown_check "

static int look_read(struct query *q, struct arena *a, struct takedown_look *l, struct err *err)
{
	*l = (struct takedown_look){ .id = db_int(q, 0),
				     .target_id = db_int(q, 1),
				     .at = db_int(q, 2),
				     .status = (int)db_int(q, 4),
				     .how = arena_copy(a, db_text(q, 5)),
				     .capture_id = db_int(q, 6),
				     .evidence_id = db_int(q, 7),
				     .looks = db_int(q, 8) };
	for (int i = 0; i < LOOK_RESULTS; i++)
		if (str_eq(db_text(q, 3), str_of(look_results[i]))) {
			l->result = (enum look_result)i;
			return 1;
		}
	return err_set(err, E_STORE, "a look at a target saw what nobody defined; `watchdesk verify` says what else");
}

static int looks_read(struct store *s, int64_t target_id, int64_t most, struct arena *a, struct takedown_look **rows, size_t *n,
		      struct err *err)
{
	struct query *q = db_ask(s->db, LOOK "WHERE target_id = :target ORDER BY id DESC LIMIT :most",
				 ARGS(arg_int(":target", target_id), arg_int(":most", most)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		if (look_read(q, a, arena_push(a, rows, n, sizeof(**rows)), err) < 0) {
			db_end(q);
			return err->code;
		}
	return more;
}

int takedown_looks(struct store *s, int64_t target_id, struct arena *a, struct takedown_look **rows, size_t *n, struct err *err)
{
	return looks_read(s, target_id, PAGE, a, rows, n, err);
}

/* What is still there is so with a 304 as with a 200. */
static bool is_same(const struct takedown_look *a, const struct takedown_look *b)
{
	return a->result == b->result && (a->status == b->status || a->result == LOOK_THERE) && str_eq(a->how, b->how);
}

/* The last look at a target. */
static int last_of(struct store *s, struct arena *a, struct takedown_watched *t, struct err *err)
{
	struct takedown_look *looks;
	size_t n;

	if (looks_read(s, t->target_id, 1, a, &looks, &n, err) < 0)
		return err->code;
	if (n)
		t->last = looks[0];
	return 0;
}

/* What of a target does not need its looks. */
static int watched_read(struct query *q, struct arena *a, struct takedown_watched *t, struct err *err)
{
	*t = (struct takedown_watched){ .target_id = db_int(q, 0),
					.takedown_id = db_int(q, 1),
					.finding_id = db_int(q, 2),
					.gone_at = db_int(q, 3),
					.url = arena_copy(a, db_text(q, 5)),
					.host = arena_copy(a, db_text(q, 6)),
					.public_id = arena_copy(a, db_text(q, 7)),
					.seen = db_int(q, 8) != 0 };
	if (takedown_state_named(db_text(q, 4), &t->state))
		return 0;
	return err_set(err, E_STORE, "a target is in a state that nobody defined; `watchdesk verify` says what else");
}

int takedown_watched(struct store *s, int64_t frontier_id, struct arena *a, struct takedown_watched **rows, size_t *n,
		     struct err *err)
{
	struct query *q = db_ask(
		s->db,
		"SELECT target.id, takedown_id, coalesce(target.finding_id, takedown.finding_id), gone_at, target.state,"
		" target.url, target.host, takedown.public_id, CASE WHEN EXISTS (SELECT 1 FROM takedown_check"
		"  WHERE target_id = target.id AND result = 'there') OR EXISTS (SELECT 1 FROM finding"
		"  JOIN post ON post.id = finding.post_id JOIN frontier AS its ON its.id = post.page_id"
		"  WHERE finding.id = coalesce(target.finding_id, takedown.finding_id) AND its.key = ours.key)"
		" THEN 1 ELSE 0 END"
		" FROM takedown_target AS target JOIN takedown ON takedown.id = takedown_id"
		" JOIN frontier AS ours ON ours.id = target.frontier_id"
		" WHERE target.frontier_id = :id AND recheck_at IS NOT NULL ORDER BY target.id",
		ARGS(arg_int(":id", frontier_id)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0)
		if (watched_read(q, a, arena_push(a, rows, n, sizeof(**rows)), err) < 0) {
			db_end(q);
			return err->code;
		}
	for (size_t i = 0; more == 0 && i < *n; i++)
		more = last_of(s, a, &(*rows)[i], err);
	return more;
}

int takedown_text(struct store *s, int64_t finding_id, struct arena *a, struct str *text, struct err *err)
{
	int64_t coding, size;
	struct str content;
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT coding, size, content FROM finding JOIN assessment ON assessment.id = assessment_id"
			   " JOIN revision ON revision.id = assessment.revision_id JOIN body ON body.id = body_id"
			   " WHERE finding.id = :id",
			   ARGS(arg_int(":id", finding_id)), NULL, err);

	if (found <= 0)
		return found;
	coding = db_int(q, 0);
	size = db_int(q, 1);
	content = arena_copy(a, db_text(q, 2));
	db_end(q);
	return body_decode(s, coding, size, content, a, text, err) < 0 ? err->code : 1;
}

struct sketch_whole *takedown_page(struct store *s, struct str text)
{
	if (!s->words)
		s->words = words_new();
	return sketch_whole_new(s->words, text);
}

double takedown_share(struct store *s, const struct sketch_whole *page, struct str text)
{
	if (!s->words)
		s->words = words_new();
	return sketch_contained(page, s->words, text);
}

static int look_insert(struct store *s, const struct takedown_look *l, int64_t now, struct err *err)
{
	return db_do(s->db,
		     "INSERT INTO takedown_check (target_id, at, result, how, status, looks, capture_id, evidence_id)"
		     " VALUES (:target, :at, :result, :how, :status, 1, :capture, :evidence)",
		     ARGS(arg_int(":target", l->target_id), arg_int(":at", now),
			  arg_text(":result", str_of(look_results[l->result])), arg_text(":how", l->how),
			  arg_int(":status", l->status), arg_int_or_null(":capture", l->capture_id, l->capture_id != 0),
			  arg_int_or_null(":evidence", l->evidence_id, l->evidence_id != 0)),
		     err);
}

int takedown_looked(struct store *s, const struct takedown_look *l, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(256));
	struct takedown_look *before;
	size_t n;

	if (looks_read(s, l->target_id, 2, a, &before, &n, err) < 0)
		return err->code;
	if (n < 2 || l->evidence_id || before[0].evidence_id || !is_same(l, &before[0]) || !is_same(l, &before[1]))
		return look_insert(s, l, now, err);
	return db_do(s->db, "UPDATE takedown_check SET at = :at, looks = looks + 1 WHERE id = :id",
		     ARGS(arg_int(":at", now), arg_int(":id", before[0].id)), err);
}

/* The case and the URL of a target, and the public ids of the case and its finding. */
static int names_of(struct store *s, int64_t target_id, struct arena *a, struct str *finding, struct str *public_id,
		    struct str *url, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q,
		   "SELECT finding.public_id, takedown.public_id, url FROM takedown_target"
		   " JOIN takedown ON takedown.id = takedown_id JOIN finding ON finding.id = takedown.finding_id"
		   " WHERE takedown_target.id = :id",
		   ARGS(arg_int(":id", target_id)), "the target of a takedown", err) < 0)
		return err->code;
	*finding = arena_copy(a, db_text(q, 0));
	*public_id = arena_copy(a, db_text(q, 1));
	*url = arena_copy(a, db_text(q, 2));
	db_end(q);
	return 0;
}

int takedown_look_tell(struct store *s, const struct takedown_look *l, struct str operator_name, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(256));
	AUTO(buf) detail = BUF_INIT(KIB(60));
	struct json_writer w = { .out = &detail };
	struct str finding, public_id, url;

	if (names_of(s, l->target_id, a, &finding, &public_id, &url, err) < 0)
		return err->code;
	json_open(&w, NULL, '{');
	json_put_text(&w, "takedown", public_id);
	json_put_text(&w, "did", STR("look"));
	json_put_text(&w, "url", url);
	json_put_text(&w, "saw", str_of(look_results[l->result]));
	json_put_text(&w, "how", l->how);
	if (l->evidence_id && custody_item(s, l->evidence_id, &w, err) < 0)
		return err->code;
	json_close(&w, '}');
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_NOTICE,
						  .subject = arena_printf(a, "finding %.*s", STR_ARG(finding)),
						  .operator_name = operator_name,
						  .detail = buf_str(&detail) },
			   now, err);
}

/* What a finding's text is known by. */
struct known {
	int64_t campaign_id, cluster_id;
	struct str sketch;
};

static int known_of(struct store *s, int64_t finding_id, struct arena *a, struct known *k, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT finding.campaign_id, cluster_id, sketch FROM finding JOIN cluster ON cluster.id = cluster_id"
			   " WHERE finding.id = :id",
			   ARGS(arg_int(":id", finding_id)), NULL, err);

	if (found <= 0)
		return found;
	*k = (struct known){ db_int(q, 0), db_int(q, 1), arena_copy(a, db_text(q, 2)) };
	db_end(q);
	return 1;
}

static bool is_alike(const struct known *k, int64_t cluster_id, struct str sketch)
{
	if (cluster_id == k->cluster_id)
		return true;
	return sketch.n == SKETCH_BYTES && k->sketch.n == SKETCH_BYTES &&
	       sketch_alike((const unsigned char *)sketch.p, (const unsigned char *)k->sketch.p) >= SKETCH_ALIKE;
}

/* Of those on one grounds the open one stays, else the first, which is the newest. */
static void kin_take(struct takedown_kin **rows, size_t *n, struct arena *a, const struct takedown_kin *k)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq((*rows)[i].grounds, k->grounds)) {
			if (k->open && !(*rows)[i].open)
				(*rows)[i] = *k;
			return;
		}
	*(struct takedown_kin *)arena_push(a, rows, n, sizeof(**rows)) = *k;
}

/* Texts that are nearly the same are of one campaign (cluster.c), so that only its cases are compared. */
#define KIN                                                                                                                \
	" takedown.id, takedown.public_id, grounds, takedown.state, cluster_id, sketch,"                                   \
	" takedown.finding_id, (SELECT count(*) FROM takedown_target WHERE takedown_target.takedown_id = takedown.id) AS " \
	"targets FROM"                                                                                                     \
	" finding JOIN cluster ON cluster.id = cluster_id "

int takedown_kin(struct store *s, int64_t finding_id, struct arena *a, struct takedown_kin **rows, size_t *n, struct err *err)
{
	struct known known;
	struct query *q;
	int more;

	*rows = NULL;
	*n = 0;
	more = known_of(s, finding_id, a, &known, err);
	if (more <= 0)
		return more;
	q = db_ask(s->db,
		   "SELECT" KIN "JOIN takedown ON takedown.finding_id = finding.id WHERE finding.campaign_id = :campaign"
		   " UNION ALL SELECT" KIN "JOIN takedown_target ON takedown_target.finding_id = finding.id"
		   " JOIN takedown ON takedown.id = takedown_target.takedown_id WHERE finding.campaign_id = :campaign"
		   " ORDER BY 1 DESC",
		   ARGS(arg_int(":campaign", known.campaign_id)), err);
	more = q ? 0 : err->code;
	while (q && (more = db_step(q, err)) > 0)
		if (is_alike(&known, db_int(q, 4), db_text(q, 5)))
			kin_take(rows, n, a,
				 &(struct takedown_kin){ .id = db_int(q, 0),
							 .public_id = arena_copy(a, db_text(q, 1)),
							 .grounds = arena_copy(a, db_text(q, 2)),
							 .open = str_eq(db_text(q, 3), STR("open")),
							 .finding_id = db_int(q, 6),
							 .targets = db_int(q, 7) });
	return more;
}

int takedown_target_at(struct store *s, int64_t id, struct str url, int64_t *target_id, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT id FROM takedown_target WHERE takedown_id = :takedown AND url = :url",
			   ARGS(arg_int(":takedown", id), arg_text(":url", url)), NULL, err);

	if (found <= 0)
		return found;
	*target_id = db_int(q, 0);
	db_end(q);
	return 1;
}

int takedown_reopen(struct store *s, int64_t id, struct str operator_name, struct str note, int64_t now, struct err *err)
{
	struct query *q;
	int found = db_get(
		s->db, &q,
		"UPDATE takedown SET state = 'open', closed_at = NULL WHERE id = :id AND state = 'closed' RETURNING id",
		ARGS(arg_int(":id", id)), NULL, err);

	if (found <= 0)
		return found;
	db_end(q);
	return takedown_tell(s, id,
			     &(struct takedown_act){ operator_name,
						     TAKEDOWN_FIELDS(STR("did"), STR("reopen"), STR("note"), note), NULL },
			     now, err) < 0
		       ? err->code
		       : 1;
}

/* One that was closed with its case, as takedown_change() would if that could follow. */
static int closed_is_back(struct store *s, const struct takedown_change *c, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct operator who;
	struct query *q;
	int64_t takedown_id;
	struct str url;
	int found;

	if (operator_id(s, c->operator_name, now, a, &who, err) < 0)
		return err->code;
	found = db_get(
		s->db, &q,
		"UPDATE takedown_target SET state = 'back', operator_id = :operator, changed_at = :now, recheck_at = :at,"
		" returns = returns + 1 WHERE id = :id AND state = 'closed' AND gone_at IS NOT NULL"
		" RETURNING takedown_id, url",
		ARGS(arg_int(":operator", who.id), arg_int(":now", now), arg_int(":at", c->recheck_at),
		     arg_int(":id", c->target_id)),
		NULL, err);
	if (found <= 0)
		return found;
	takedown_id = db_int(q, 0);
	url = arena_copy(a, db_text(q, 1));
	db_end(q);
	return takedown_tell(
		       s, takedown_id,
		       &(struct takedown_act){ c->operator_name,
					       TAKEDOWN_FIELDS(STR("did"), STR("change"), STR("url"), url, STR("from"),
							       STR("closed"), STR("to"), STR("back"), STR("note"), c->note),
					       NULL },
		       now, err) < 0
		       ? err->code
		       : 1;
}

int takedown_back(struct store *s, int64_t target_id, struct str operator_name, struct str note, int64_t recheck_at,
		  int64_t now, struct err *err)
{
	const struct takedown_change c = { target_id, TAKEDOWN_BACK, operator_name, note, recheck_at };
	struct query *q;
	bool gone;

	if (db_get(s->db, &q, "SELECT state FROM takedown_target WHERE id = :id", ARGS(arg_int(":id", target_id)),
		   "the target of a takedown", err) < 0)
		return err->code;
	gone = str_eq(db_text(q, 0), STR("gone"));
	db_end(q);
	if (gone)
		return takedown_change(s, &c, now, err) < 0 ? err->code : 1;
	return closed_is_back(s, &c, now, err);
}
