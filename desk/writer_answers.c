/* writer_answers.c - what came back by mail: only what its token allows is done, and each token once */
#include "base/log.h"
#include "desk/alert/redeem.h"
#include "desk/writer.h"
#include "store/duty.h"
#include "store/finding.h"
#include "store/outbox.h"
#include "store/watch.h"

#define REPORTED (INT64_C(7) * 86400 * 1000000) /* relays try for five days; what is said of an older mail is not believed */

/* It does nothing, and is counted. */
static int refuse(struct writer *w, const struct read_answer *x, const char *why, int64_t now, struct err *err)
{
	log_event(LOG_INFO, "answer-ignored", "why=\"%s\" from=\"%.*s\"", why, STR_ARG(x->address));
	return answer_refused(w->store, str_of(why), now, err);
}

/* As the roster names who has this address, else the address. */
static struct str name_of(const struct writer *w, struct str address)
{
	const struct roster *r = &w->role->config->duty;

	for (size_t i = 0; i < r->n; i++)
		if (str_eq_nocase(r->entries[i].to.text, address))
			return r->entries[i].name.text;
	return address.n ? address : STR("somebody without an address");
}

/*
 * In a transaction of its own: a subscriber who may not leave, being the last, changes nothing, and the desk hears of it.
 */
static int take_token(struct writer *w, const struct read_answer *x, int64_t now, struct err *err)
{
	const struct str name = name_of(w, x->address);
	const struct redeemer by = { name, name, STR("mail") };
	struct redeemable r;
	struct err last = { 0 };
	const char *why;
	int done;

	if (writer_close_group(w, err) < 0 || writer_open_group(w, err) < 0)
		return err->code;
	done = redeem(w->store, x->token, &by, now, w->a, &r, &why, &last);
	if (done > 0)
		log_event(LOG_INFO, r.act == TOKEN_ACKNOWLEDGE ? "duty-acknowledged" : "subscription-answered",
			  "about=%.8s name=\"%.*s\"", r.row, STR_ARG(name));
	if (done > 0)
		return 0;
	if (done == 0)
		return refuse(w, x, why, now, err);
	*err = last;
	if (done != E_USAGE)
		return done;
	store_rollback(w->store);
	w->open = false;
	*err = (struct err){ 0 };
	return writer_open_group(w, err) < 0 || writer_watch_say(w, STR("a subscriber wishes to leave and is the last"),
								 arena_copy(w->a, str_of(last.text)), now, err) < 0
		       ? err->code
		       : 0;
}

/* A token says what it is for; without one it may answer a notice. */
static int take_reply(struct writer *w, const struct read_answer *x, int64_t now, struct err *err)
{
	int taken = x->token.n ? 0 : writer_notice_answered(w, x, now, err);

	if (taken)
		return taken < 0 ? taken : 0;
	if (x->token.n)
		return take_token(w, x, now, err);
	return refuse(w, x, x->kind == ANSWER_AUTOMATIC ? "automatic" : "without a token", now, err);
}

/* A report counts when it names a mail of ours, which nobody knows but who got it, and whom that was for. */
static int take_report(struct writer *w, const struct read_answer *x, int64_t now, struct err *err)
{
	struct outbox_row row;
	/* All of its id: who knows the beginning knows nothing. */
	int found = x->message.n == FINDING_ID - 1 ? outbox_load(w->store, x->message, w->a, &row, err) : 0, fresh;

	if (found < 0)
		return found;
	if (!found || !str_eq_nocase(row.recipient, x->address) || row.made_at < now - REPORTED)
		return refuse(w, x, "a report of no mail of ours", now, err);
	log_event(LOG_WARN, x->kind == ANSWER_FAILED ? "mail-bounced" : "mail-delayed", "to=\"%.*s\" status=\"%.*s\"",
		  STR_ARG(x->address), STR_ARG(x->status));
	if (x->kind == ANSWER_DELAYED)
		return 0;
	if (str_eq(row.kind, STR("notice"))) /* nobody who gets alerts */
		return writer_notice_dead(w, row.id, arena_printf(w->a, "it came back: %.*s", STR_ARG(x->status)), now, err);
	if (writer_duty_undelivered(w, row.id, now, err) < 0)
		return err->code;
	if (!str_starts(x->status, STR("5.")))
		return 0;
	fresh = recipient_suspend(w->store, row.recipient, arena_printf(w->a, "its mail came back: %.*s", STR_ARG(x->status)),
				  now, err);
	if (fresh <= 0)
		return fresh;
	return writer_watch_say(
		       w, STR("an address does not work"),
		       arena_printf(w->a,
				    "%.*s gets no mail any more: what was sent came back for good (%.*s). Name another, "
				    "or `watchdesk subscribe resume` when it works again.",
				    STR_ARG(row.recipient), STR_ARG(x->status)),
		       now, err) < 0
		       ? err->code
		       : 0;
}

static int take_one(struct writer *w, const struct read_answer *x, int64_t now, struct err *err)
{
	switch (x->kind) {
	case ANSWER_REPLY:
	case ANSWER_AUTOMATIC:
		return take_reply(w, x, now, err);
	case ANSWER_FAILED:
	case ANSWER_DELAYED:
		return take_report(w, x, now, err);
	case ANSWER_KINDS:
		break;
	}
	return refuse(w, x, "automatic", now, err);
}

int writer_take_answers(struct writer *w, const struct reading *r, struct err *err)
{
	/* Who reads pages of the world may have been taken over: from there no answers are taken. */
	if (!writer_source(w, r->o->source)->answers)
		return 0;
	for (size_t i = 0; i < r->page.n_answers; i++)
		if (take_one(w, &r->page.answers[i], r->now, err) < 0)
			return err->code;
	return 0;
}
