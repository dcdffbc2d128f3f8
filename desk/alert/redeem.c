/* redeem.c - what a token allows is done */
#include "desk/alert/redeem.h"

#include "store/duty.h"
#include "store/finding.h"

int redeem_look(struct store *s, struct str token, int64_t now, struct redeemable *out, const char **why)
{
	unsigned char key[DIGEST_KEY_BYTES];
	struct token t;

	token_key(s, key);
	if (!token_take(token, key, now, &t)) {
		*why = token_take(token, key, 0, &t) ? "expired" : "forged";
		return 0;
	}
	out->act = t.act;
	token_row(&t, out->row);
	token_make(&t, key, out->token);
	return 1;
}

/* Somebody has the finding that it asks about. */
static int acknowledge(struct store *s, const struct redeemable *r, const struct redeemer *by, int64_t now, struct arena *a,
		       const char **why, struct err *err)
{
	struct duty_answer answer = { .name = by->name, .operator_name = by->operator_name, .how = by->how };
	struct finding_detail d;
	struct err asked = { 0 }; /* E_USAGE: nobody was asked about it */
	int done = finding_load(s, str_of(r->row), a, &d, err);

	*why = "unknown";
	if (done <= 0)
		return done;
	done = token_spend(s, str_of(r->token), now, err);
	*why = "used";
	if (done <= 0)
		return done;
	answer.finding_id = d.finding.id;
	done = duty_acknowledge(s, &answer, now, &asked);
	*why = "unknown";
	if (done >= 0)
		return 1;
	if (done != E_USAGE)
		*err = asked;
	return done == E_USAGE ? 0 : done;
}

int redeem(struct store *s, struct str token, const struct redeemer *by, int64_t now, struct arena *a, struct redeemable *out,
	   const char **why, struct err *err)
{
	struct subscription_row row;
	int done;

	if (!redeem_look(s, token, now, out, why))
		return 0;
	if (out->act == TOKEN_ACKNOWLEDGE)
		return acknowledge(s, out, by, now, a, why, err);
	done = subscribers_answer(s, token, by->operator_name, now, a, &row, err);
	*why = "used";
	return done;
}
