/* notice_approval.c - who stands for a notice: people and keys, each once, for the notice as it is */
#include <string.h>

#include "base/limits.h"
#include "store/internal.h"
#include "store/notice.h"
#include "store/operator.h"

int notice_approvals(struct store *s, const struct notice_row *n, struct arena *a, struct notice_approval **rows,
		     size_t *n_rows, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT operator.name, public_key, at FROM notice_approval JOIN operator"
				 " ON operator.id = operator_id WHERE notice_id = :notice AND digest = :digest"
				 " ORDER BY notice_approval.id",
				 ARGS(arg_int(":notice", n->id), arg_bytes(":digest", n->digest, DIGEST_BYTES)), err);
	int more = q ? 0 : err->code;

	*rows = NULL;
	*n_rows = 0;
	while (q && (more = db_step(q, err)) > 0)
		*(struct notice_approval *)arena_push(a, rows, n_rows, sizeof(**rows)) = (struct notice_approval){
			arena_copy(a, db_text(q, 0)), arena_copy(a, db_text(q, 1)), db_int(q, 2)
		};
	return more;
}

/* Whose key it is, and who stands for it by now: neither may do so twice. */
static int check(struct store *s, const struct notice_approval_wish *w, struct str key, struct arena *a, size_t *n,
		 struct err *err)
{
	struct notice_approval *rows;
	struct str owner = w->operator_name;

	if (key.n && operator_of_key(s, key, a, &owner, err) < 0)
		return err->code;
	if (!str_eq(owner, w->operator_name))
		return err_set(err, E_USAGE, "the key is %.*s's, who has to approve it", STR_ARG(str_slice(owner, 0, 60)));
	if (notice_approvals(s, w->notice, a, &rows, n, err) < 0)
		return err->code;
	for (size_t i = 0; i < *n; i++) {
		if (str_eq(rows[i].operator_name, w->operator_name))
			return err_set(err, E_USAGE, "%.*s stands for notice %.8s already%s",
				       STR_ARG(str_slice(w->operator_name, 0, 60)), w->notice->public_id.p,
				       w->needed > (int64_t)*n ? "; another person has to approve it too" : "");
		if (key.n && str_eq(rows[i].public_key, key))
			return err_set(err, E_USAGE, "this key stands for notice %.8s already", w->notice->public_id.p);
	}
	return 0;
}

/* It may have been edited since it was shown. */
static int check_is_as_read(struct store *s, const struct notice_row *n, struct err *err)
{
	struct query *q;
	int found = db_get(s->db, &q,
			   "SELECT 1 FROM notice WHERE id = :id AND digest = :digest AND (state = 'draft' OR"
			   " (state = 'approved' AND outbox_id IS NULL))",
			   ARGS(arg_int(":id", n->id), arg_bytes(":digest", n->digest, DIGEST_BYTES)), NULL, err);

	if (found > 0)
		db_end(q);
	return found ? found
		     : err_set(err, E_USAGE, "notice %.8s is no draft, or was changed just now; read it again", n->public_id.p);
}

static int insert(struct store *s, const struct notice_approval_wish *w, struct str key, int64_t now, struct arena *a,
		  struct err *err)
{
	struct operator who;

	if (operator_id(s, w->operator_name, now, a, &who, err) < 0)
		return err->code;
	return db_do(s->db,
		     "INSERT INTO notice_approval (notice_id, operator_id, public_key, digest, at)"
		     " VALUES (:notice, :operator, :key, :digest, :now)",
		     ARGS(arg_int(":notice", w->notice->id), arg_int(":operator", who.id), arg_blob(":key", key),
			  arg_bytes(":digest", w->notice->digest, DIGEST_BYTES), arg_int(":now", now)),
		     err);
}

int notice_approve(struct store *s, const struct notice_approval_wish *w, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	unsigned char der[SIGN_PUBLIC_BYTES];
	const struct str key = { (const char *)der, w->key ? sizeof(der) : 0 };
	size_t n = 0;

	if (w->key)
		sign_public_der(w->key, der);
	if (takedown_check_open(s, w->notice->takedown_id, err) < 0 || check_is_as_read(s, w->notice, err) < 0 ||
	    check(s, w, key, a, &n, err) < 0 || insert(s, w, key, now, a, err) < 0 ||
	    notice_tell(s, w->notice, &(struct notice_told){ "approve", w->operator_name, STR(""), w->key }, now, err) < 0)
		return err->code;
	if ((int64_t)n + 1 < w->needed)
		return 0;
	if (db_do(s->db, "UPDATE notice SET state = 'approved' WHERE id = :id", ARGS(arg_int(":id", w->notice->id)), err) < 0 ||
	    notice_move_targets(s, w->notice, TAKEDOWN_APPROVED, w->operator_name, now, err) < 0)
		return err->code;
	return 1;
}

int notice_check_approved(struct store *s, const struct notice_row *n, int64_t needed, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	unsigned char digest[DIGEST_BYTES];
	struct notice_approval *rows;
	size_t count;

	notice_digest(n->recipient, n->subject, n->content, digest);
	if (memcmp(digest, n->digest, DIGEST_BYTES) != 0)
		return err_set(err, E_VERIFY, "notice %.8s is not what its digest says: somebody changed it in the database",
			       n->public_id.p);
	if (n->outbox_id)
		return err_set(err, E_USAGE, "notice %.8s %s already", n->public_id.p,
			       n->state == NOTICE_SENT	 ? "has gone"
			       : n->state == NOTICE_DEAD ? "did not go, and has to be edited first; it was sent"
							 : "waits for the relay");
	if (n->state == NOTICE_SENT)
		return err_set(err, E_USAGE, "notice %.8s has gone already", n->public_id.p);
	if (notice_approvals(s, n, a, &rows, &count, err) < 0)
		return err->code;
	if (n->state != NOTICE_APPROVED || (int64_t)count < needed)
		return err_set(err, E_USAGE,
			       "notice %.8s is not approved: %zu of %lld stand for it as it is; `watchdesk takedown approve "
			       "%.8s`",
			       n->public_id.p, count, (long long)needed, n->public_id.p);
	return 0;
}
