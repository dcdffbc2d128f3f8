/* purge.c - what is old goes, by rules */
#include "store/purge.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/evidence.h"
#include "store/internal.h"
#include "store/search.h"

enum { LOOKED = 1000, AT_ONCE = 50, LETTERS = 200, ID_SHOWN = 8 };

/* Kinds of data that say something of a person (MISP's infoleak taxonomy, as rules label them). */
#define PERSONAL                                                                                                            \
	"'credential', 'national-id', 'bank-account', 'credit-card', 'iban', 'passport', 'postal-address', 'phone-number'," \
	" 'date-of-birth', 'personal-record', 'mail'"

#define IS_HELD                                                                                                            \
	"(EXISTS (SELECT 1 FROM hold WHERE kind = 'source' AND subject_id = post.source_id)"                               \
	" OR EXISTS (SELECT 1 FROM hold WHERE kind = 'finding' AND subject_id = finding.id)"                               \
	" OR EXISTS (SELECT 1 FROM hold WHERE kind = 'campaign' AND subject_id = finding.campaign_id)"                     \
	" OR EXISTS (SELECT 1 FROM takedown WHERE takedown.finding_id = finding.id AND takedown.state = 'open')"           \
	" OR EXISTS (SELECT 1 FROM takedown WHERE takedown.campaign_id = finding.campaign_id AND takedown.state = 'open')" \
	" OR EXISTS (SELECT 1 FROM takedown_target JOIN takedown ON takedown.id = takedown_id"                             \
	"  WHERE takedown_target.finding_id = finding.id AND takedown.state = 'open'))"

/* What was written of its text: in its own cases, which are closed, and where it stood among the targets of another's. */
#define NOTICES_OF                                                                                                       \
	"(SELECT notice.id FROM notice JOIN takedown ON takedown.id = takedown_id WHERE takedown.finding_id = :id UNION" \
	" SELECT notice_id FROM notice_target JOIN takedown_target ON takedown_target.id = target_id"                    \
	"  WHERE takedown_target.finding_id = :id)"

/* A post as rules see it. */
struct candidate {
	int64_t post_id, last_seen, finding_id, severity;
	struct str source, finding, category, asset, verdict;
	bool personal, is_held;
	size_t rule;
};

struct purge {
	struct store *store;
	const struct purge_order *o;
	struct purge_result *out;
	struct arena *a;
	int64_t empty; /* the body of what was purged */
};

static bool is_among(struct str s, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return n == 0;
}

/* What is asked of a finding, no other post has. */
static bool fits(const struct purge_rule *r, const struct candidate *c)
{
	bool wants_finding = r->of == PURGE_FINDINGS || r->least_severity || r->n_categories || r->n_assets || r->n_verdicts;

	if (c->finding_id ? r->of == PURGE_POSTS : wants_finding)
		return false;
	return (!r->personal || c->personal) && c->severity >= r->least_severity &&
	       is_among(c->category, r->categories, r->n_categories) && is_among(c->source, r->sources, r->n_sources) &&
	       is_among(c->asset, r->assets, r->n_assets) && is_among(c->verdict, r->verdicts, r->n_verdicts);
}

/* Which rule decides, and whether it is old enough for that. */
static bool is_due(const struct purge *p, struct candidate *c)
{
	const struct purge_rule *r = p->o->rules;

	for (c->rule = 0; c->rule < p->o->n && !fits(&r[c->rule], c); c->rule++)
		;
	return c->rule < p->o->n && r[c->rule].keep >= 0 && c->last_seen < p->o->now - r[c->rule].keep;
}

static bool asks_for_personal(const struct purge_order *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->rules[i].personal)
			return true;
	return false;
}

/* The next posts that are due into `rows`; findings that were purged are not. Returns how many were looked at. */
static int look(const struct purge *p, int64_t *after, struct candidate **rows, size_t *n, struct err *err)
{
	struct query *q = db_ask(
		p->store->db,
		"SELECT post.id, post.last_seen, finding.id, severity,"
		" (SELECT name FROM source WHERE source.id = post.source_id), finding.public_id, category, asset, verdict,"
		" CASE WHEN :personal = 0 THEN 0 WHEN category = 'dox' OR EXISTS (SELECT 1 FROM revision JOIN assessment"
		"  ON assessment.revision_id = revision.id WHERE revision.post_id = post.id AND (dox >= 0.5 OR EXISTS"
		"  (SELECT 1 FROM hit WHERE hit.assessment_id = assessment.id AND hit.kind IN (" PERSONAL
		")))) THEN 1 ELSE 0 END,"
		" CASE WHEN " IS_HELD " THEN 1 ELSE 0 END,"
		" CASE WHEN finding.id IS NULL OR EXISTS (SELECT 1 FROM revision WHERE revision.post_id = post.id AND NOT "
		"EXISTS"
		"  (SELECT 1 FROM purged WHERE purged.revision_id = revision.id)) THEN 1 ELSE 0 END"
		" FROM post LEFT JOIN finding ON finding.post_id = post.id WHERE post.id > :after ORDER BY post.id LIMIT :most",
		ARGS(arg_int(":after", *after), arg_int(":most", LOOKED), arg_int(":personal", asks_for_personal(p->o))), err);
	int more = q ? 0 : err->code, seen = 0;

	arena_clear(p->a);
	*rows = NULL;
	*n = 0;
	for (; q && (more = db_step(q, err)) > 0; seen++) {
		struct candidate c = { .post_id = db_int(q, 0),
				       .last_seen = db_int(q, 1),
				       .finding_id = db_int(q, 2),
				       .severity = db_int(q, 3),
				       .source = db_text(q, 4),
				       .finding = db_text(q, 5),
				       .category = db_text(q, 6),
				       .asset = db_text(q, 7),
				       .verdict = db_text(q, 8),
				       .personal = db_int(q, 9),
				       .is_held = db_int(q, 10) };

		*after = c.post_id;
		if (!db_int(q, 11) || !is_due(p, &c))
			continue;
		c.finding = arena_copy(p->a, c.finding);
		c.verdict = arena_copy(p->a, c.verdict);
		*(struct candidate *)arena_push(p->a, rows, n, sizeof(**rows)) = c;
	}
	return more < 0 ? more : seen;
}

/* A revision of a post, with what only it may need. */
struct old_revision {
	int64_t id, body_id, capture_id;
	unsigned char digest[DIGEST_BYTES];
};

static int revisions_of(const struct purge *p, int64_t post_id, struct arena *a, struct old_revision **rows, size_t *n,
			struct err *err)
{
	struct query *q = db_ask(p->store->db,
				 "SELECT id, body_id, capture_id, digest FROM revision WHERE post_id = :post AND NOT EXISTS"
				 " (SELECT 1 FROM purged WHERE purged.revision_id = revision.id) ORDER BY id",
				 ARGS(arg_int(":post", post_id)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct old_revision *r = arena_push(a, rows, n, sizeof(*r));
		struct str digest = db_text(q, 3);

		*r = (struct old_revision){ .id = db_int(q, 0), .body_id = db_int(q, 1), .capture_id = db_int(q, 2) };
		memcpy(r->digest, digest.p, digest.n < DIGEST_BYTES ? digest.n : DIGEST_BYTES);
	}
	return more;
}

/* Statements over one row, in order; each uses all of the parameters. */
static int do_all(struct db *d, const char *const *sql, size_t n, const struct db_arg *args, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (db_do(d, sql[i], args, err) < 0)
			return err->code;
	return 0;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The text leaves the index, and nobody else has it: so it leaves the store. */
static int text_forget(const struct purge *p, const struct old_revision *r, struct err *err)
{
	return db_do(p->store->db,
		     "DELETE FROM body WHERE id = :body AND NOT EXISTS (SELECT 1 FROM revision WHERE body_id = :body)",
		     ARGS(arg_int(":body", r->body_id)), err);
}

static const char *const unindexing[] = {
	"UPDATE dictionary SET stale = 1 WHERE stale = 0 AND made_at >= (SELECT first_seen FROM revision WHERE id = :id)",
	("INSERT INTO unindex (revision_id, first_seen) SELECT id, first_seen FROM revision WHERE id = :id ON CONFLICT DO "
	 "NOTHING"),
	"DELETE FROM index_queue WHERE revision_id = :id",
};

static int revision_scrub(const struct purge *p, const struct old_revision *r, struct str rule, struct err *err)
{
	static const char *const scrubbing[] = {
		("UPDATE hit SET masked = '', why = '' WHERE assessment_id IN (SELECT id FROM assessment WHERE revision_id = "
		 ":id)"),
		"DELETE FROM reason WHERE assessment_id IN (SELECT id FROM assessment WHERE revision_id = :id)",
	};
	const struct db_arg id = arg_int(":id", r->id);
	struct db *d = p->store->db;

	p->out->revisions++;
	if (do_all(d, unindexing, COUNT(unindexing), ARGS(id), err) < 0 ||
	    do_all(d, scrubbing, COUNT(scrubbing), ARGS(id), err) < 0 ||
	    db_do(d, "UPDATE revision SET body_id = :empty WHERE id = :id", ARGS(arg_int(":empty", p->empty), id), err) < 0 ||
	    db_do(d, "INSERT INTO purged (revision_id, rule, at) VALUES (:id, :rule, :now)",
		  ARGS(id, arg_text(":rule", rule), arg_int(":now", p->o->now)), err) < 0)
		return err->code;
	return text_forget(p, r, err);
}

static int revision_remove(const struct purge *p, const struct old_revision *r, struct err *err)
{
	static const char *const removing[] = {
		"DELETE FROM reason WHERE assessment_id IN (SELECT id FROM assessment WHERE revision_id = :id)",
		"DELETE FROM part WHERE assessment_id IN (SELECT id FROM assessment WHERE revision_id = :id)",
		"DELETE FROM hit WHERE assessment_id IN (SELECT id FROM assessment WHERE revision_id = :id)",
		"DELETE FROM assessment WHERE revision_id = :id",
		"DELETE FROM revision WHERE id = :id",
	};
	const struct db_arg id = arg_int(":id", r->id);
	struct db *d = p->store->db;

	p->out->revisions++;
	tally_add(p->store, "revisions", -1);
	if (do_all(d, unindexing, COUNT(unindexing), ARGS(id), err) < 0 ||
	    do_all(d, removing, COUNT(removing), ARGS(id), err) < 0)
		return err->code;
	return text_forget(p, r, err);
}

/* An item's key goes, and custody says so. */
static int item_forget(const struct purge *p, int64_t id, struct str rule, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	AUTO(buf) detail = BUF_INIT(KIB(16));
	struct json_writer w = { .out = &detail };
	struct query *q;
	struct str subject;
	int forgot = evidence_forget(p->store, id, p->o->now, err);

	if (forgot <= 0)
		return forgot;
	json_open(&w, NULL, '{');
	json_put_text(&w, "rule", rule);
	if (custody_item(p->store, id, &w, err) < 0 || db_get(p->store->db, &q, "SELECT public_id FROM evidence WHERE id = :id",
							      ARGS(arg_int(":id", id)), "an item of evidence", err) < 0)
		return err->code;
	json_close(&w, '}');
	subject = arena_printf(a, "evidence %.*s", STR_ARG(db_text(q, 0)));
	db_end(q);
	p->out->evidence++;
	return custody_add(p->store,
			   &(struct custody_act){ .kind = CUSTODY_PURGE,
						  .subject = subject,
						  .operator_name = p->o->operator_name,
						  .detail = buf_str(&detail) },
			   p->o->now, err);
}

/* What was sealed of a page goes with the last finding that stood on it; what nobody refers to any more, with its row. */
static int capture_forget(const struct purge *p, int64_t capture_id, struct str rule, struct err *err)
{
	const struct db_arg id = arg_int(":id", capture_id);
	int64_t items[64]; /* a page is sealed once, and rendered a few times */
	size_t n = 0;
	struct query *q = db_ask(
		p->store->db,
		"SELECT id FROM evidence WHERE capture_id = :id AND forgotten_at IS NULL AND NOT EXISTS"
		" (SELECT 1 FROM revision JOIN finding ON finding.post_id = revision.post_id WHERE revision.capture_id = :id"
		"  AND NOT EXISTS (SELECT 1 FROM purged WHERE purged.revision_id = revision.id)) ORDER BY id LIMIT 64",
		ARGS(id), err);
	int more = q ? 0 : err->code;

	while (q && n < COUNT(items) && (more = db_step(q, err)) > 0)
		items[n++] = db_int(q, 0);
	if (q && more > 0)
		db_end(q);
	for (size_t i = 0; more >= 0 && i < n; i++)
		more = item_forget(p, items[i], rule, err);
	if (more < 0)
		return more;
	return db_do(p->store->db,
		     "DELETE FROM capture WHERE id = :id AND NOT EXISTS (SELECT 1 FROM revision WHERE capture_id = :id)"
		     " AND NOT EXISTS (SELECT 1 FROM evidence WHERE capture_id = :id)",
		     ARGS(id), err);
}

static int captures_forget(const struct purge *p, const struct old_revision *rows, size_t n, struct str rule, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].capture_id && capture_forget(p, rows[i].capture_id, rule, err) < 0)
			return err->code;
	return 0;
}

/* What showed that a text is gone may show what else stands on its page: it goes when no other text was looked for there. */
static int proofs_forget(const struct purge *p, int64_t finding_id, struct str rule, struct arena *a, struct err *err)
{
	struct query *q = db_ask(
		p->store->db,
		"SELECT DISTINCT evidence_id FROM takedown_check WHERE evidence_id IS NOT NULL AND target_id "
		"IN " TAKEDOWN_TARGETS_OF " AND NOT EXISTS (SELECT 1 FROM takedown_check AS other"
		"  WHERE other.evidence_id = takedown_check.evidence_id AND other.target_id NOT IN " TAKEDOWN_TARGETS_OF ")",
		ARGS(arg_int(":finding", finding_id)), err);
	int64_t *items = NULL;
	size_t n = 0;
	int more = q ? 0 : err->code;

	while (q && (more = db_step(q, err)) > 0)
		*(int64_t *)arena_push(a, &items, &n, sizeof(*items)) = db_int(q, 0);
	for (size_t i = 0; more >= 0 && i < n; i++)
		more = item_forget(p, items[i], rule, err);
	return more;
}

/* The digests of what went, and why. */
static int note_finding(const struct purge *p, const struct candidate *c, const struct old_revision *rows, size_t n,
			struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	AUTO(buf) detail = BUF_INIT(KIB(60));
	struct json_writer w = { .out = &detail };

	json_open(&w, NULL, '{');
	json_put_text(&w, "rule", p->o->rules[c->rule].name);
	json_put_int(&w, "texts", (int64_t)n);
	json_open(&w, "revisions", '[');
	for (size_t i = 0; i < n && i < 500; i++) { /* the rest is in their rows */
		char hex[DIGEST_HEX];

		json_put_text(&w, NULL, str_of(digest_hex(rows[i].digest, DIGEST_BYTES, hex)));
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return custody_add(p->store,
			   &(struct custody_act){ .kind = CUSTODY_PURGE,
						  .subject = arena_printf(a, "finding %.*s", STR_ARG(c->finding)),
						  .operator_name = p->o->operator_name,
						  .detail = buf_str(&detail) },
			   p->o->now, err);
}

static int finding_purge(const struct purge *p, const struct candidate *c, struct err *err)
{
	/* The campaign's name is the title of its first post. */
	static const char *const scrubbing[] = {
		("UPDATE campaign SET name = '' WHERE name <> '' AND name ="
		 " (SELECT title FROM post JOIN finding ON finding.post_id = post.id WHERE finding.id = :id) AND NOT EXISTS"
		 " (SELECT 1 FROM finding AS other JOIN post ON post.id = other.post_id WHERE other.campaign_id = campaign.id"
		 "  AND other.id <> :id AND title = campaign.name)"),
		("UPDATE frontier SET title = '' WHERE id = (SELECT page_id FROM post JOIN finding ON finding.post_id = post.id"
		 " WHERE finding.id = :id)"),
		("UPDATE post SET author = '', author_id = NULL, title = '', edited = NULL"
		 " WHERE id = (SELECT post_id FROM finding WHERE id = :id)"),
		"DELETE FROM contact WHERE finding_id = :id",
		("UPDATE notice SET subject = '', content = '', basis = '' WHERE id IN " NOTICES_OF),
		("UPDATE notice_answer SET content = '' WHERE notice_id IN " NOTICES_OF),
		"DELETE FROM takedown_fact WHERE takedown_id IN (SELECT takedown.id FROM takedown WHERE finding_id = :id)",
		("UPDATE takedown_note SET note = '' WHERE takedown_id IN"
		 " (SELECT takedown.id FROM takedown WHERE finding_id = :id)"),
	};
	AUTO_FREE(arena) a = arena_new(MIB(4));
	const struct str rule = p->o->rules[c->rule].name;
	const struct db_arg id = arg_int(":id", c->finding_id);
	struct old_revision *rows;
	size_t n;

	if (revisions_of(p, c->post_id, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (revision_scrub(p, &rows[i], rule, err) < 0)
			return err->code;
	if (do_all(p->store->db, scrubbing, COUNT(scrubbing), ARGS(id), err) < 0 ||
	    db_do(p->store->db,
		  "UPDATE outbox SET subject = '', content = :nothing, state = CASE state WHEN 'waiting' THEN 'silenced' ELSE "
		  "state"
		  " END, ended_at = coalesce(ended_at, :now) WHERE finding_id = :id",
		  ARGS(id, arg_blob(":nothing", STR("")), arg_int(":now", p->o->now)), err) < 0 ||
	    captures_forget(p, rows, n, rule, err) < 0 || proofs_forget(p, c->finding_id, rule, a, err) < 0)
		return err->code;
	return note_finding(p, c, rows, n, err);
}

static int post_remove(const struct purge *p, const struct candidate *c, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(4));
	const struct db_arg id = arg_int(":id", c->post_id);
	struct old_revision *rows;
	size_t n;

	if (revisions_of(p, c->post_id, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (revision_remove(p, &rows[i], err) < 0)
			return err->code;
	tally_add(p->store, "posts", -1);
	if (captures_forget(p, rows, n, p->o->rules[c->rule].name, err) < 0 ||
	    db_do(p->store->db,
		  "UPDATE frontier SET title = '' WHERE id = (SELECT page_id FROM post WHERE id = :id) AND NOT EXISTS"
		  " (SELECT 1 FROM post WHERE page_id = frontier.id AND id <> :id)",
		  ARGS(id), err) < 0)
		return err->code;
	return db_do(p->store->db, "DELETE FROM post WHERE id = :id", ARGS(id), err);
}

/* It may have been held, judged, seen or found since it was looked at. */
static int is_as_it_was(const struct purge *p, const struct candidate *c, struct err *err)
{
	struct query *q;
	int found = db_get(p->store->db, &q,
			   "SELECT 1 FROM post LEFT JOIN finding ON finding.post_id = post.id WHERE post.id = :post"
			   " AND last_seen = :seen AND coalesce(finding.id, 0) = :finding AND coalesce(severity, 0) = :severity"
			   " AND coalesce(verdict, '') = :verdict"
			   " AND NOT " IS_HELD,
			   ARGS(arg_int(":post", c->post_id), arg_int(":seen", c->last_seen),
				arg_int(":finding", c->finding_id), arg_int(":severity", c->severity),
				arg_text(":verdict", c->verdict)),
			   NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

/* Posts that are no findings have no entry of their own: how many of them went by which rule. */
static int note_posts(const struct purge *p, const int64_t *gone, struct err *err)
{
	for (size_t i = 0; i < p->o->n; i++) {
		AUTO(buf) detail = BUF_INIT(KIB(16));
		struct json_writer w = { .out = &detail };

		if (gone[i] == 0)
			continue;
		json_open(&w, NULL, '{');
		json_put_text(&w, "rule", p->o->rules[i].name);
		json_put_int(&w, "posts", gone[i]);
		json_close(&w, '}');
		if (custody_add(p->store,
				&(struct custody_act){ .kind = CUSTODY_PURGE,
						       .subject = STR("store"),
						       .operator_name = p->o->operator_name,
						       .detail = buf_str(&detail) },
				p->o->now, err) < 0)
			return err->code;
	}
	return 0;
}

static int purge_some(const struct purge *p, const struct candidate *rows, size_t n, int64_t *gone, struct purge_count *counts,
		      struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct candidate *c = &rows[i];
		int still = is_as_it_was(p, c, err);

		if (still < 0 || (still && (c->finding_id ? finding_purge : post_remove)(p, c, err) < 0))
			return err->code;
		gone[c->rule] += still && !c->finding_id;
		counts[c->rule].posts += still && !c->finding_id;
		counts[c->rule].findings += still && c->finding_id;
	}
	return note_posts(p, gone, err);
}

/* One short transaction. */
static int group(struct purge *p, const struct candidate *rows, size_t n, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	int64_t *gone = arena_alloc(p->a, p->o->n * sizeof(*gone));

	memset(gone, 0, p->o->n * sizeof(*gone));
	digest_sha256(STR(""), digest);
	if (store_begin(p->store, err) < 0)
		return err->code;
	if (body_keep(p->store, STR(""), digest, p->o->now, &p->empty, err) < 0 ||
	    purge_some(p, rows, n, gone, p->out->counts, err) < 0) {
		store_rollback(p->store);
		return err->code;
	}
	return store_commit(p->store, err);
}

/* Held ones are counted, and not among the rest. */
static size_t leave_held(const struct purge *p, struct candidate *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct purge_count *count = &p->out->counts[rows[i].rule];

		if (rows[i].is_held)
			count->held++;
		else
			rows[kept++] = rows[i];
		if (!rows[i].is_held && p->o->dry_run)
			*(rows[i].finding_id ? &count->findings : &count->posts) += 1;
	}
	return kept;
}

static int posts_purge(struct purge *p, struct err *err)
{
	struct candidate *rows;
	int64_t after = 0;
	size_t n;
	int seen;

	while ((seen = look(p, &after, &rows, &n, err)) > 0) {
		p->out->looked_at += seen;
		n = leave_held(p, rows, n);
		for (size_t i = 0; i < n && !p->o->dry_run; i += AT_ONCE)
			if (group(p, rows + i, n - i < AT_ONCE ? n - i : AT_ONCE, err) < 0)
				return err->code;
		if (p->o->went)
			p->o->went(p->o->owner, p->out->looked_at);
	}
	return seen;
}

/* Is an id, or the beginning of one, that of a finding whose text was purged? */
static int names_purged(const struct purge *p, struct str id, struct err *err)
{
	struct query *q;
	int found = db_get(p->store->db, &q,
			   "SELECT 1 FROM finding JOIN revision ON revision.post_id = finding.post_id"
			   " JOIN purged ON purged.revision_id = revision.id"
			   " WHERE public_id >= :first AND public_id < :first || 'g' LIMIT 1",
			   ARGS(arg_text(":first", id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

/* Does a letter about several findings speak of one that was purged? */
static int speaks_of_purged(const struct purge *p, struct str content, struct err *err)
{
	int found = 0;

	for (size_t i = 0; i < content.n && found == 0; i++) {
		size_t end = i;

		while (end < content.n && ascii_hex(content.p[end]) >= 0)
			end++;
		if (end - i >= ID_SHOWN && end - i < PUBLIC_ID)
			found = names_purged(p, str_slice(content, i, i + ID_SHOWN), err);
		i = end;
	}
	return found;
}

struct letter_row {
	int64_t id, made_at;
	bool speaks;
};

/* Letters that went, from there on, that are about no finding alone. */
static int letters_look(const struct purge *p, const struct letter_row *after, struct arena *a, struct letter_row **rows,
			size_t *n, struct err *err)
{
	struct query *q = db_ask(p->store->db,
				 "SELECT id, made_at, content FROM outbox WHERE finding_id IS NULL AND state <> 'waiting'"
				 " AND (made_at, id) > (:made, :id) ORDER BY made_at, id LIMIT :most",
				 ARGS(arg_int(":made", after->made_at), arg_int(":id", after->id), arg_int(":most", LETTERS)),
				 err);
	struct str *contents = NULL;
	size_t n_contents = 0;
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		*(struct letter_row *)arena_push(a, rows, n, sizeof(**rows)) = (struct letter_row){ db_int(q, 0), db_int(q, 1),
												    false };
		*(struct str *)arena_push(a, &contents, &n_contents, sizeof(*contents)) = arena_copy(a, db_text(q, 2));
	}
	for (size_t i = 0; more >= 0 && i < *n; i++) {
		more = speaks_of_purged(p, contents[i], err);
		(*rows)[i].speaks = more > 0;
	}
	return more < 0 ? more : 0;
}

static int letters_empty(const struct purge *p, const struct letter_row *rows, size_t n, struct err *err)
{
	if (store_begin(p->store, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].speaks)
			continue;
		p->out->letters++;
		if (db_do(p->store->db, "UPDATE outbox SET subject = '', content = :nothing WHERE id = :id",
			  ARGS(arg_int(":id", rows[i].id), arg_blob(":nothing", STR(""))), err) < 0) {
			store_rollback(p->store);
			return err->code;
		}
	}
	return store_commit(p->store, err);
}

static int letters_purge(const struct purge *p, struct err *err)
{
	struct letter_row last = { 0 }, *rows;
	size_t n;

	do {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

		if (letters_look(p, &last, a, &rows, &n, err) < 0 || letters_empty(p, rows, n, err) < 0)
			return err->code;
		last = n ? rows[n - 1] : last;
	} while (n);
	return 0;
}

int purge_run(struct store *s, const struct purge_order *o, struct purge_result *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct purge p = { .store = s, .o = o, .out = out, .a = a };
	bool index_left = false;

	if (o->dry_run)
		return posts_purge(&p, err);
	if (db_forgetful(s->db, err) < 0 || posts_purge(&p, err) < 0 || letters_purge(&p, err) < 0 ||
	    bodies_renew(s, err) < 0 || search_forget(s, o->whole, &index_left, err) < 0 ||
	    db_shrink(s->db, o->whole, &out->log_left, err) < 0)
		return err->code;
	out->log_left |= index_left;
	return 0;
}

int purge_of(struct store *s, int64_t revision_id, struct arena *a, int64_t *at, struct str *rule, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT at, rule FROM purged WHERE revision_id = :id", ARGS(arg_int(":id", revision_id)),
			   NULL, err);

	if (found <= 0)
		return found;
	*at = db_int(q, 0);
	*rule = arena_copy(a, db_text(q, 1));
	db_end(q);
	return 1;
}
