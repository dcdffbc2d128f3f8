/* notice.c - what is written to somebody about targets of a case */
#include "store/notice.h"

#include <string.h>

#include "base/limits.h"
#include "store/internal.h"
#include "store/operator.h"

const char *const notice_ways[3] = { "mail", "form", "post" };
const char *const notice_states[4] = { "draft", "approved", "sent", "dead" };

/* Which of `n` names it is; an unknown one is the first. */
static int named(struct str name, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (str_eq(name, str_of(names[i])))
			return i;
	return 0;
}

void notice_digest(struct str recipient, struct str subject, struct str content, unsigned char out[DIGEST_BYTES])
{
	AUTO(buf) text = BUF_INIT(2 * LIMIT_LETTER);

	buf_printf(&text, "To: %.*s\nSubject: %.*s\n\n", STR_ARG(recipient), STR_ARG(subject));
	buf_add(&text, content);
	digest_sha256(buf_str(&text), out);
}

int notice_tell(struct store *s, const struct notice_row *n, const struct notice_told *told, int64_t now, struct err *err)
{
	char hex[DIGEST_HEX];
	const struct str fields[] = {
		STR("did"),	 str_of(told->did), STR("notice"), n->public_id,
		STR("to"),	 n->recipient,	    STR("sha256"), str_of(digest_hex(n->digest, DIGEST_BYTES, hex)),
		STR("template"), n->template_name,  STR("note"),   told->note,
	};

	return takedown_tell(
		s, n->takedown_id,
		&(struct takedown_act){ told->operator_name, fields, sizeof(fields) / sizeof(fields[0]), told->key }, now, err);
}

static int target_belongs(struct store *s, int64_t takedown_id, int64_t target_id, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT 1 FROM takedown_target WHERE id = :id AND takedown_id = :takedown",
			   ARGS(arg_int(":id", target_id), arg_int(":takedown", takedown_id)), NULL, err);

	if (found > 0)
		db_end(q);
	return found ? found : err_set(err, E_USAGE, "a notice is about targets of its own takedown only");
}

static int targets_join(struct store *s, const struct notice_wish *w, int64_t id, struct str public_id, int64_t now,
			struct err *err)
{
	for (size_t i = 0; i < w->n_targets; i++)
		if (target_belongs(s, w->takedown_id, w->target_ids[i], err) < 0 ||
		    db_do(s->db,
			  "INSERT INTO notice_target (notice_id, target_id) VALUES (:notice, :target) ON CONFLICT DO NOTHING",
			  ARGS(arg_int(":notice", id), arg_int(":target", w->target_ids[i])), err) < 0 ||
		    takedown_advance(s, w->target_ids[i], TAKEDOWN_DRAFTED, w->operator_name, public_id, now, err) < 0)
			return err->code;
	return 0;
}

static int insert(struct store *s, const struct notice_wish *w, int64_t operator_id, const unsigned char *digest, int64_t now,
		  struct arena *a, int64_t *id, struct str *public_id, struct err *err)
{
	char fresh[PUBLIC_ID];
	struct query *q;

	if (db_get(s->db, &q,
		   "INSERT INTO notice (public_id, takedown_id, template, language, way, recipient, subject, content, state,"
		   " digest, basis, operator_id, made_at, changed_at) VALUES (:public, :takedown, :template, :language, :way,"
		   " :recipient, :subject, :content, 'draft', :digest, :basis, :operator, :now, :now) RETURNING id, public_id",
		   ARGS(arg_text(":public", public_id_new(fresh)), arg_int(":takedown", w->takedown_id),
			arg_text(":template", w->template_name), arg_text(":language", w->language),
			arg_text(":way", str_of(notice_ways[w->way])), arg_text(":recipient", w->recipient),
			arg_text(":subject", w->subject), arg_text(":content", w->content),
			arg_bytes(":digest", digest, DIGEST_BYTES), arg_text(":basis", w->basis),
			arg_int(":operator", operator_id), arg_int(":now", now)),
		   "the notice that was just written", err) < 0)
		return err->code;
	*id = db_int(q, 0);
	*public_id = arena_copy(a, db_text(q, 1));
	db_end(q);
	return 0;
}

int notice_add(struct store *s, const struct notice_wish *w, int64_t now, struct arena *a, int64_t *id, struct str *public_id,
	       struct err *err)
{
	struct notice_row n = { .takedown_id = w->takedown_id, .recipient = w->recipient, .template_name = w->template_name };
	struct operator who;

	notice_digest(w->recipient, w->subject, w->content, n.digest);
	if (takedown_check_open(s, w->takedown_id, err) < 0 || operator_id(s, w->operator_name, now, a, &who, err) < 0 ||
	    insert(s, w, who.id, n.digest, now, a, id, public_id, err) < 0 || targets_join(s, w, *id, *public_id, now, err) < 0)
		return err->code;
	n.public_id = *public_id;
	return notice_tell(s, &n, &(struct notice_told){ "draft", w->operator_name, STR(""), NULL }, now, err);
}

#define NOTICE                                                                                                          \
	"SELECT notice.id, takedown_id, outbox_id, made_at, changed_at, sent_at, notice.public_id, template, language," \
	" recipient, subject, content, basis, operator.name, way, state, digest FROM notice JOIN operator"              \
	" ON operator.id = operator_id "

static int rows_read(struct query *q, struct arena *a, struct notice_row **rows, size_t *n, struct err *err)
{
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct notice_row *r = arena_push(a, rows, n, sizeof(*r));
		struct str digest = db_text(q, 16);

		*r = (struct notice_row){
			.id = db_int(q, 0),
			.takedown_id = db_int(q, 1),
			.outbox_id = db_int(q, 2),
			.made_at = db_int(q, 3),
			.changed_at = db_int(q, 4),
			.sent_at = db_int(q, 5),
			.public_id = arena_copy(a, db_text(q, 6)),
			.template_name = arena_copy(a, db_text(q, 7)),
			.language = arena_copy(a, db_text(q, 8)),
			.recipient = arena_copy(a, db_text(q, 9)),
			.subject = arena_copy(a, db_text(q, 10)),
			.content = arena_copy(a, db_text(q, 11)),
			.basis = arena_copy(a, db_text(q, 12)),
			.operator_name = arena_copy(a, db_text(q, 13)),
			.way = (enum notice_way)named(db_text(q, 14), notice_ways, 3),
			.state = (enum notice_state)named(db_text(q, 15), notice_states, 4),
		};
		memcpy(r->digest, digest.p, digest.n < DIGEST_BYTES ? digest.n : DIGEST_BYTES);
	}
	return more;
}

/* The one row of a statement: 1, 0 none; E_USAGE for two. */
static int one(struct query *q, struct arena *a, struct notice_row *out, struct err *err)
{
	struct notice_row *rows;
	size_t n;

	if (rows_read(q, a, &rows, &n, err) < 0)
		return err->code;
	if (n > 1)
		return err_set(err, E_USAGE, "several ids of notices begin so; give more digits");
	if (n)
		*out = rows[0];
	return n > 0;
}

int notice_load(struct store *s, struct str public_id, struct arena *a, struct notice_row *out, struct err *err)
{
	if (public_id.n < 6 || public_id.n >= PUBLIC_ID)
		return err_set(err, E_USAGE,
			       "an id of a notice has 6 to 32 hexadecimal digits; `watchdesk takedown show` shows them");
	return one(db_ask(s->db, NOTICE "WHERE notice.public_id >= :first AND notice.public_id < :first || 'g' LIMIT 2",
			  ARGS(arg_text(":first", public_id)), err),
		   a, out, err);
}

int notice_of_message(struct store *s, int64_t outbox_id, struct arena *a, struct notice_row *out, struct err *err)
{
	return one(db_ask(s->db, NOTICE "WHERE outbox_id = :outbox", ARGS(arg_int(":outbox", outbox_id)), err), a, out, err);
}

int notice_list(struct store *s, int64_t takedown_id, struct arena *a, struct notice_row **rows, size_t *n, struct err *err)
{
	return rows_read(db_ask(s->db, NOTICE "WHERE takedown_id = :takedown ORDER BY notice.id",
				ARGS(arg_int(":takedown", takedown_id)), err),
			 a, rows, n, err);
}

int notice_last(struct store *s, int64_t takedown_id, int64_t target_id, bool sent, struct arena *a, struct notice_row *out,
		struct err *err)
{
	if (sent)
		return one(db_ask(s->db,
				  NOTICE
				  "WHERE takedown_id = :takedown AND state = 'sent' ORDER BY sent_at DESC, notice.id DESC"
				  " LIMIT 1",
				  ARGS(arg_int(":takedown", takedown_id)), err),
			   a, out, err);
	return one(db_ask(s->db,
			  NOTICE "JOIN notice_target ON notice_id = notice.id WHERE target_id = :target"
				 " AND state IN ('draft', 'approved') ORDER BY notice.id DESC LIMIT 1",
			  ARGS(arg_int(":target", target_id)), err),
		   a, out, err);
}

int notice_edit(struct store *s, const struct notice_row *n, struct str recipient, struct str subject, struct str content,
		struct str operator_name, int64_t now, struct err *err)
{
	struct notice_row is = *n;
	struct query *q;
	int found;

	notice_digest(recipient, subject, content, is.digest);
	if (memcmp(is.digest, n->digest, DIGEST_BYTES) == 0)
		return 0;
	is.recipient = recipient;
	if (takedown_check_open(s, n->takedown_id, err) < 0)
		return err->code;
	/* What is dead could be sent again by hand: not what nobody stands for any more. */
	if (n->state == NOTICE_DEAD && db_do(s->db, "UPDATE outbox SET state = 'silenced' WHERE id = :id AND state = 'dead'",
					     ARGS(arg_int(":id", n->outbox_id)), err) < 0)
		return err->code;
	found = db_get(s->db, &q,
		       "UPDATE notice SET recipient = :recipient, subject = :subject, content = :content, digest = :digest,"
		       " state = 'draft', outbox_id = NULL, changed_at = :now WHERE id = :id"
		       " AND digest = :was AND (state IN ('draft', 'dead') OR (state = 'approved' AND outbox_id IS NULL)) "
		       "RETURNING id",
		       ARGS(arg_text(":recipient", recipient), arg_text(":subject", subject), arg_text(":content", content),
			    arg_bytes(":digest", is.digest, DIGEST_BYTES), arg_int(":now", now), arg_int(":id", n->id),
			    arg_bytes(":was", n->digest, DIGEST_BYTES)),
		       NULL, err);
	if (found < 0)
		return found;
	if (found == 0)
		return err_set(err, E_USAGE, "notice %.8s %s", n->public_id.p,
			       n->state == NOTICE_SENT ? "has gone; draft another one"
			       : n->outbox_id	       ? "waits for the relay; draft another one"
						       : "was changed just now; read it again");
	db_end(q);
	if (db_do(s->db, "DELETE FROM notice_approval WHERE notice_id = :id", ARGS(arg_int(":id", n->id)), err) < 0 ||
	    notice_move_targets(s, &is, TAKEDOWN_DRAFTED, operator_name, now, err) < 0 ||
	    notice_tell(s, &is, &(struct notice_told){ "edit", operator_name, STR(""), NULL }, now, err) < 0)
		return err->code;
	return 1;
}
