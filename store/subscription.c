/* subscription.c - who wants which findings how */
#include "store/subscription.h"

#include <stdio.h>

#include "base/digest.h"
#include "base/json.h"
#include "store/custody.h"
#include "store/internal.h"

const char *const subscription_states[] = { "asked", "active", "left", "withdrawn", NULL };

static struct db_arg arg_state(const char *name, enum subscription_state state)
{
	return arg_text(name, str_of(subscription_states[state]));
}

static enum subscription_state state_named(struct str name)
{
	for (int i = SUBSCRIPTION_ASKED; i < SUBSCRIPTION_WITHDRAWN; i++)
		if (str_eq(name, str_of(subscription_states[i])))
			return (enum subscription_state)i;
	return SUBSCRIPTION_WITHDRAWN;
}

/* What is so now goes into custody. */
static int note(struct store *s, int64_t id, struct str who, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(1024);
	AUTO(buf) whole = BUF_INIT(1 << 20);
	struct json_writer w = { .out = &detail };
	unsigned char digest[DIGEST_BYTES];
	char hex[2 * DIGEST_BYTES + 1], subject[64];
	struct query *q;

	if (db_get(s->db, &q, "SELECT public_id, state, recipient, terms FROM subscription WHERE id = :id",
		   ARGS(arg_int(":id", id)), "a subscription", err) < 0)
		return err->code;
	buf_add(&whole, db_text(q, 2));
	buf_add_char(&whole, '\0');
	buf_add(&whole, db_text(q, 3));
	digest_sha256(buf_str(&whole), digest);
	json_open(&w, NULL, '{');
	json_put_text(&w, "state", db_text(q, 1));
	json_put_text(&w, "digest", str_of(digest_hex(digest, sizeof(digest), hex)));
	json_close(&w, '}');
	snprintf(subject, sizeof(subject), "subscription %.*s", STR_ARG(db_text(q, 0)));
	db_end(q);
	return custody_add(s,
			   &(struct custody_act){ .kind = CUSTODY_SUBSCRIPTION,
						  .subject = str_of(subject),
						  .operator_name = who,
						  .detail = buf_str(&detail) },
			   now, err);
}

int subscription_add(struct store *s, struct subscription_row *r, int64_t now, struct arena *a, struct err *err)
{
	char public_id[PUBLIC_ID];
	struct query *q;

	if (db_get(s->db, &q,
		   "INSERT INTO subscription (public_id, origin, recipient, position, terms, state, operator, changes, made_at,"
		   " changed_at) VALUES (:public, :origin, :recipient, :position, :terms, :state, :operator, 1, :now, :now)"
		   " RETURNING id",
		   ARGS(arg_text(":public", public_id_new(public_id)),
			arg_text(":origin", r->of_file ? STR("file") : STR("store")), arg_text(":recipient", r->recipient),
			arg_int(":position", r->position), arg_text(":terms", r->terms), arg_state(":state", r->state),
			arg_text(":operator", r->operator_name), arg_int(":now", now)),
		   "the subscription that was just written", err) < 0)
		return err->code;
	r->id = db_int(q, 0);
	db_end(q);
	r->public_id = arena_copy(a, str_of(public_id));
	r->made_at = r->changed_at = now;
	return note(s, r->id, r->operator_name, now, err);
}

int subscription_rows(struct store *s, struct arena *a, struct subscription_row **rows, size_t *n, struct err *err)
{
	struct query *q = db_query(
		s->db,
		"SELECT id, public_id, origin, recipient, position, terms, state, operator, made_at, changed_at"
		" FROM subscription ORDER BY id",
		err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n = 0;
	while (q && (more = db_step(q, err)) > 0) {
		struct subscription_row *r = arena_push(a, rows, n, sizeof(*r));

		*r = (struct subscription_row){
			.id = db_int(q, 0),
			.public_id = arena_copy(a, db_text(q, 1)),
			.of_file = str_eq(db_text(q, 2), STR("file")),
			.recipient = arena_copy(a, db_text(q, 3)),
			.position = db_int(q, 4),
			.terms = arena_copy(a, db_text(q, 5)),
			.state = state_named(db_text(q, 6)),
			.operator_name = arena_copy(a, db_text(q, 7)),
			.made_at = db_int(q, 8),
			.changed_at = db_int(q, 9),
		};
	}
	return more;
}

int subscription_changes(struct store *s, int64_t *n, struct err *err)
{
	struct query *q;

	if (db_get(s->db, &q, "SELECT CAST(coalesce(sum(changes), 0) AS $INT) FROM subscription", NULL, "a count", err) < 0)
		return err->code;
	*n = db_int(q, 0);
	db_end(q);
	return 0;
}

/* Did the statement change a row? It returns it then. */
static int changed(struct store *s, const char *sql, const struct db_arg *args, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, sql, args, NULL, err);

	if (found > 0)
		db_end(q);
	return found;
}

int subscription_move(struct store *s, int64_t id, enum subscription_state from, enum subscription_state to, struct str who,
		      int64_t now, struct err *err)
{
	int moved = changed(s,
			    "UPDATE subscription SET state = :to, changed_at = :now, changes = changes + 1"
			    " WHERE id = :id AND state = :from RETURNING id",
			    ARGS(arg_state(":to", to), arg_state(":from", from), arg_int(":now", now), arg_int(":id", id)),
			    err);

	return moved > 0 && note(s, id, who, now, err) < 0 ? err->code : moved;
}

int subscription_reword(struct store *s, int64_t id, struct str terms, struct str who, int64_t now, struct err *err)
{
	if (db_do(s->db, "UPDATE subscription SET terms = :terms, changed_at = :now, changes = changes + 1 WHERE id = :id",
		  ARGS(arg_text(":terms", terms), arg_int(":now", now), arg_int(":id", id)), err) < 0)
		return err->code;
	return note(s, id, who, now, err);
}

/* What waits for it will not arrive; but for the question whether it is wanted. */
static int drop_mail(struct store *s, struct str recipient, struct str reason, int64_t now, struct err *err)
{
	return db_do(s->db,
		     "UPDATE outbox SET state = 'dead', ended_at = :now, answer = :reason WHERE recipient = :recipient"
		     " AND state = 'waiting' AND kind <> 'question'",
		     ARGS(arg_int(":now", now), arg_text(":reason", reason), arg_text(":recipient", recipient)), err);
}

int recipient_suspend(struct store *s, struct str recipient, struct str reason, int64_t now, struct err *err)
{
	if (drop_mail(s, recipient, reason, now, err) < 0)
		return err->code;
	return changed(s,
		       "INSERT INTO suspended (recipient, reason, at) VALUES (:recipient, :reason, :now)"
		       " ON CONFLICT (recipient) DO NOTHING RETURNING recipient",
		       ARGS(arg_text(":recipient", recipient), arg_text(":reason", reason), arg_int(":now", now)), err);
}

int recipient_resume(struct store *s, struct str recipient, struct err *err)
{
	return changed(s, "DELETE FROM suspended WHERE recipient = :recipient RETURNING recipient",
		       ARGS(arg_text(":recipient", recipient)), err);
}

int recipient_is_suspended(struct store *s, struct str recipient, struct arena *a, struct str *reason, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q, "SELECT reason FROM suspended WHERE recipient = :recipient",
			   ARGS(arg_text(":recipient", recipient)), NULL, err);

	if (found <= 0)
		return found;
	*reason = arena_copy(a, db_text(q, 0));
	db_end(q);
	return 1;
}

int token_spend(struct store *s, struct str token, int64_t now, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];

	store_secret_digest(s, token, digest);
	return changed(s,
		       "INSERT INTO spent_token (token, at) VALUES (:token, :now) ON CONFLICT (token) DO NOTHING RETURNING at",
		       ARGS(arg_bytes(":token", digest, DIGEST_BYTES), arg_int(":now", now)), err);
}
