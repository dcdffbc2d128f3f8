/* subscribers.c - the subscriptions of the file and those of the store, together */
#include "desk/alert/subscribers.h"

#include "base/limits.h"
#include "base/log.h"
#include "classify/severity.h"
#include "desk/alert/decide.h"
#include "store/told.h"

#define DAY_US INT64_C(86400000000)

static const char of_file[] = "watchdesk"; /* who changes what follows from the configuration */

enum { TERMS = 1 << 16 }; /* one subscription as JSON; a hundred names of assets have 4 KiB */

/* The row that an entry of the file has: the k-th of its recipient's. NULL for a new one. */
static struct subscription_row *row_of(struct subscription_row *rows, size_t n, struct str recipient, int64_t position)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].of_file && rows[i].position == position && str_eq(rows[i].recipient, recipient))
			return &rows[i];
	return NULL;
}

static int entry_add(struct store *s, const struct subscription *e, int64_t position, struct str terms, int64_t now,
		     struct arena *a, struct err *err)
{
	struct subscription_row r = { .recipient = e->recipient,
				      .terms = terms,
				      .operator_name = str_of(of_file),
				      .of_file = true,
				      .position = position,
				      .state = SUBSCRIPTION_ACTIVE };

	return subscription_add(s, &r, now, a, err);
}

/* Bring the row of an entry up to date; marks it as still there. */
static int entry_keep(struct store *s, struct subscription_row *r, struct str terms, int64_t now, struct err *err)
{
	r->of_file = false; /* seen */
	if (!str_eq(r->terms, terms) && subscription_reword(s, r->id, terms, str_of(of_file), now, err) < 0)
		return err->code;
	return r->state == SUBSCRIPTION_WITHDRAWN
		       ? subscription_move(s, r->id, SUBSCRIPTION_WITHDRAWN, SUBSCRIPTION_ACTIVE, str_of(of_file), now, err)
		       : 0;
}

static int withdraw_rest(struct store *s, const struct subscription_row *rows, size_t n, int64_t now, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].of_file && rows[i].state != SUBSCRIPTION_WITHDRAWN &&
		    (subscription_move(s, rows[i].id, rows[i].state, SUBSCRIPTION_WITHDRAWN, str_of(of_file), now, err) < 0 ||
		     told_drop(s, rows[i].id, now, err) < 0))
			return err->code;
	return 0;
}

int subscribers_sync(struct store *s, const struct subscription *entries, size_t n, int64_t now, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct subscription_row *rows;
	size_t known;

	if (subscription_rows(s, a, &rows, &known, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		AUTO(buf) terms = BUF_INIT(TERMS);
		struct subscription_row *r;
		int64_t position = 0;

		subscription_put(&terms, &entries[i]);
		if (terms.full)
			return yaml_wrong(err, entries[i].to, "this subscription names too much, expected at most %d bytes",
					  TERMS);
		for (size_t k = 0; k < i; k++)
			position += str_eq(entries[k].recipient, entries[i].recipient);
		r = row_of(rows, known, entries[i].recipient, position);
		if ((r ? entry_keep(s, r, buf_str(&terms), now, err)
		       : entry_add(s, &entries[i], position, buf_str(&terms), now, a, err)) < 0)
			return err->code;
	}
	return withdraw_rest(s, rows, known, now, err);
}

int subscribers_read(const struct subscription_row *r, struct arena *a, struct subscription *out, struct err *err)
{
	static const struct subscription_names any = { 0 };
	const char *where = arena_printf(a, "subscription %.8s", r->public_id.p).p;
	const struct yaml *y = yaml_parse(a, r->terms, where, err);

	if (!y || subscription_read(y, &any, a, out, err) < 0)
		return err->code;
	out->id = r->id;
	out->public_id = r->public_id;
	out->of_file = r->of_file;
	return 0;
}

int subscribers_load(struct store *s, struct arena *a, struct subscription **out, size_t *n, struct err *err)
{
	struct subscription_row *rows;
	struct err why = { 0 };
	size_t known;

	*n = 0;
	if (subscription_rows(s, a, &rows, &known, err) < 0)
		return err->code;
	*out = arena_alloc(a, known * sizeof(**out));
	for (size_t i = 0; i < known; i++) {
		if (rows[i].state != SUBSCRIPTION_ACTIVE)
			continue;
		if (subscribers_read(&rows[i], a, &(*out)[*n], &why) == 0)
			(*n)++;
		else
			log_event(LOG_ERROR, "subscription-unreadable", "id=%.8s why=\"%s\"", rows[i].public_id.p, why.text);
	}
	return 0;
}

/* The others that mail reaches. */
static int others_load(struct store *s, int64_t but, struct arena *a, struct subscription **out, size_t *n, struct err *err)
{
	struct subscription *all;
	struct str reason;
	size_t known;

	*n = 0;
	if (subscribers_load(s, a, &all, &known, err) < 0)
		return err->code;
	for (size_t i = 0; i < known; i++) {
		int suspended = all[i].id == but ? 1 : recipient_is_suspended(s, all[i].recipient, a, &reason, err);

		if (suspended < 0)
			return suspended;
		if (!suspended)
			all[(*n)++] = all[i];
	}
	*out = all;
	return 0;
}

/* 0, or E_USAGE when somebody else has to be named first. */
static int may_leave(struct store *s, const struct subscription_row *r, struct err *err)
{
	static const int severities[ALERT_CLASSES] = { 0, 20, 40, 70, 90 };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct subscription leaving, *others = NULL;
	struct err why = { 0 };
	size_t n;
	int class;

	if (subscribers_read(r, a, &leaving, &why) < 0)
		return 0; /* nobody hears anything by it */
	if (others_load(s, r->id, a, &others, &n, err) < 0)
		return err->code;
	class = alert_orphaned(&leaving, others, n);
	if (class < 0)
		return 0;
	return err_set(
		err, E_USAGE,
		"%.*s is the last that hears of %s findings as subscription %.8s asks for them; name another first, with "
		"`watchdesk subscribe` or in the configuration",
		STR_ARG(r->recipient), severity_name(severities[class]), r->public_id.p);
}

int subscribers_leave(struct store *s, const struct subscription_row *r, struct str who, int64_t now, struct err *err)
{
	int moved;

	if (r->state == SUBSCRIPTION_ACTIVE && may_leave(s, r, err) < 0)
		return err->code;
	if (r->state != SUBSCRIPTION_ACTIVE && r->state != SUBSCRIPTION_ASKED)
		return 0;
	moved = subscription_move(s, r->id, r->state, SUBSCRIPTION_LEFT, who, now, err);
	return moved > 0 && told_drop(s, r->id, now, err) < 0 ? err->code : moved;
}

char *subscribers_token(const struct store *s, struct str public_id, enum token_act act, int64_t now, char out[TOKEN_TEXT])
{
	const int64_t days = act == TOKEN_CONFIRM ? SUBSCRIBERS_CONFIRM_DAYS : SUBSCRIBERS_LEAVE_DAYS;
	unsigned char key[DIGEST_KEY_BYTES];
	struct token t = { .act = act, .until = now + days * DAY_US };

	token_of_row(public_id, &t);
	token_key(s, key);
	return token_make(&t, key, out);
}

/* The row that a token is about: 1, 0 when there is none. */
static int row_of_token(struct store *s, const struct token *t, struct arena *a, struct subscription_row *out, struct err *err)
{
	char public_id[2 * DIGEST_ID_BYTES + 1];
	struct subscription_row *rows;
	size_t n;

	token_row(t, public_id);
	if (subscription_rows(s, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].public_id, str_of(public_id))) {
			*out = rows[i];
			return 1;
		}
	return 0;
}

/* Who confirms an address has shown that mail reaches it. */
static int confirm(struct store *s, const struct subscription_row *r, struct str who, int64_t now, struct err *err)
{
	int moved = subscription_move(s, r->id, SUBSCRIPTION_ASKED, SUBSCRIPTION_ACTIVE, who, now, err);

	return moved > 0 && recipient_resume(s, r->recipient, err) < 0 ? err->code : moved;
}

int subscribers_answer(struct store *s, struct str token, struct str who, int64_t now, struct arena *a,
		       struct subscription_row *row, struct err *err)
{
	unsigned char key[DIGEST_KEY_BYTES];
	char written[TOKEN_TEXT];
	struct token t;
	int done;

	token_key(s, key);
	if (!token_take(token, key, now, &t) || (t.act != TOKEN_CONFIRM && t.act != TOKEN_LEAVE))
		return 0;
	done = row_of_token(s, &t, a, row, err);
	if (done > 0)
		done = token_spend(s, str_of(token_make(&t, key, written)), now, err);
	if (done <= 0)
		return done;
	return t.act == TOKEN_CONFIRM ? confirm(s, row, who, now, err) : subscribers_leave(s, row, who, now, err);
}
