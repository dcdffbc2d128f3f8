/* writer_duty.c - findings that somebody has to answer: the first is asked in the finding's own transaction, then the next */
#include "base/clock.h"
#include "base/log.h"
#include "desk/alert/duty_letter.h"
#include "desk/alert/token.h"
#include "desk/channels.h"
#include "desk/writer.h"
#include "store/duty.h"
#include "store/outbox.h"
#include "store/subscription.h"

enum {
	AT_ONCE = 50,	       /* findings asked about in one transaction */
	ANSWERED_US = 1000000, /* between two looks at who has answered: verbs note that beside us */
};

#define TOKEN_LASTS (INT64_C(3) * 86400 * 1000000) /* an answer after a weekend still counts */

/* Somebody of the roster to be asked, and what it was before. */
struct asking {
	const struct duty_row *row;
	struct finding_detail detail;
	struct roster_asked *before;
	size_t n;
	int64_t now, next_at;
	const struct roster_entry *who;
};

static int load_asked(struct writer *w, struct asking *x, struct err *err)
{
	struct duty_asked *rows;

	if (duty_asked(w->store, x->row->finding_id, w->a, &rows, &x->n, err) < 0)
		return err->code;
	x->before = arena_alloc(w->a, (x->n + w->role->config->duty.n + 1) * sizeof(*x->before));
	for (size_t i = 0; i < x->n; i++)
		x->before[i] = (struct roster_asked){ rows[i].name, rows[i].at };
	return 0;
}

static struct str token_of(struct writer *w, const struct asking *x)
{
	struct token t = { .act = TOKEN_ACKNOWLEDGE, .until = x->now + TOKEN_LASTS };
	unsigned char key[DIGEST_KEY_BYTES];
	char *text = arena_alloc(w->a, TOKEN_TEXT);

	if (!token_of_row(x->detail.finding.public_id, &t))
		return (struct str){ 0 };
	token_key(w->store, key);
	return str_of(token_make(&t, key, text));
}

/* Who would be asked after this one. */
static struct str name_after(struct writer *w, struct asking *x)
{
	const struct roster *roster = &w->role->config->duty;
	const struct roster_entry *next;

	x->before[x->n] = (struct roster_asked){ x->who->name.text, x->now };
	next = roster_next(roster, x->before, x->n + 1, x->next_at);
	return next->name.text;
}

static int write_message(struct writer *w, struct asking *x, int64_t *outbox_id, struct err *err)
{
	const struct str endpoint = w->role->config->alerts.endpoint.text;
	const bool by_mail = channel_name(x->who->to.text).n == 0;
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);
	struct duty_facts facts = { .finding = &x->detail,
				    .name = x->who->name.text,
				    .asked_before = x->n ? x->before[x->n - 1].name : (struct str){ 0 },
				    .asked_before_at = x->n ? x->before[x->n - 1].at : 0,
				    .next = name_after(w, x),
				    .next_at = x->next_at,
				    .step = x->n + 1 };
	struct outbox_message m = { .kind = STR("duty"),
				    .recipient = x->who->to.text,
				    .finding_id = x->row->finding_id,
				    .topic = arena_printf(w->a, "duty %.*s", STR_ARG(x->row->public_id)),
				    .step = (int64_t)facts.step };
	struct letter letter;

	facts.token = token_of(w, x);
	if (endpoint.n)
		facts.link = arena_printf(w->a, "%.*s/%.*s", STR_ARG(endpoint), STR_ARG(facts.token));
	if (!by_mail)
		facts.token = (struct str){ 0 };
	duty_letter(&facts, w->a, &letter);
	m.subject = letter.subject;
	letter_put(&content, &letter);
	m.content = buf_str(&content);
	return outbox_add(w->store, &m, x->now, outbox_id, err);
}

/* Who is next and can be reached; when nobody can, the next all the same: his address may be well again. */
static int choose(struct writer *w, struct asking *x, struct err *err)
{
	const struct roster *roster = &w->role->config->duty;

	for (size_t tries = 0;; tries++) {
		struct duty_asked passed = { .at = x->now };
		struct str reason;
		int suspended;

		x->who = roster_next(roster, x->before, x->n, x->now);
		suspended = recipient_is_suspended(w->store, x->who->to.text, w->a, &reason, err);
		if (suspended < 0)
			return suspended;
		if (!suspended || tries + 1 >= roster->n)
			return 0;
		passed.name = x->who->name.text;
		if (duty_ask(w->store, x->row->finding_id, &passed, x->now, err) < 0)
			return err->code;
		log_event(LOG_WARN, "duty-unreachable", "finding=%.8s name=\"%.*s\" why=\"%.*s\"", x->row->public_id.p,
			  STR_ARG(passed.name), STR_ARG(reason));
		x->before[x->n++] = (struct roster_asked){ passed.name, x->now };
	}
}

/* Nobody needs to be asked about what has been judged, or has become harmless. */
static bool is_settled(const struct writer *w, const struct duty_row *row)
{
	return (!str_eq(row->verdict, STR("none")) && !str_eq(row->verdict, STR("confirmed"))) ||
	       row->severity < w->role->config->duty.severity;
}

static int ask_next(struct writer *w, const struct duty_row *row, int64_t now, struct err *err)
{
	struct asking x = { .row = row, .now = now, .next_at = now + w->role->config->duty.after_ms * 1000 };
	struct duty_asked asked = { .at = now };

	if (is_settled(w, row))
		return duty_rest(w->store, row->finding_id, err);
	if (finding_load(w->store, row->public_id, w->a, &x.detail, err) < 0 || load_asked(w, &x, err) < 0 ||
	    choose(w, &x, err) < 0 || write_message(w, &x, &asked.outbox_id, err) < 0)
		return err->code;
	asked.name = x.who->name.text;
	if (duty_ask(w->store, row->finding_id, &asked, x.next_at, err) < 0)
		return err->code;
	log_event(x.n ? LOG_WARN : LOG_INFO, x.n ? "duty-climbs" : "duty-asked", "finding=%.8s name=\"%.*s\" step=%zu",
		  row->public_id.p, STR_ARG(asked.name), x.n + 1);
	w->duty_at = x.next_at < w->duty_at ? x.next_at : w->duty_at;
	return 0;
}

int writer_duty_found(struct writer *w, int64_t finding_id, int severity, int64_t now, struct err *err)
{
	struct duty_row row;
	int opened;

	if (!w->role->config->duty.given || severity < w->role->config->duty.severity)
		return 0;
	opened = duty_open(w->store, finding_id, severity, now, err);
	if (opened <= 0)
		return opened;
	if (duty_of(w->store, finding_id, w->a, &row, err) < 0)
		return err->code;
	return ask_next(w, &row, now, err);
}

int writer_duty_undelivered(struct writer *w, int64_t outbox_id, int64_t now, struct err *err)
{
	int undelivered = duty_undelivered(w->store, outbox_id, (int64_t)w->role->config->duty.n, now, err);

	if (undelivered > 0)
		w->duty_at = 0;
	return undelivered;
}

static int tell_answered(struct writer *w, const struct duty_unheard *u, int64_t now, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);
	struct outbox_message m = { .kind = STR("answered"),
				    .recipient = u->recipient,
				    .topic = arena_printf(w->a, "answered %.*s", STR_ARG(u->message)) };
	struct letter letter;
	int64_t id;

	duty_answered_letter(u, w->a, &letter);
	letter_put(&content, &letter);
	m.subject = letter.subject;
	m.content = buf_str(&content);
	return outbox_add(w->store, &m, now, &id, err);
}

/* A channel that was asked hears that somebody has it: an event at a pager ends for everybody. */
static int tell_all_answered(struct writer *w, int64_t now, struct err *err)
{
	const struct str channels = channels_that_hear(w->role->config, w->a);
	struct duty_unheard *rows;
	size_t n;

	if (channels.n == 1)
		return 0;
	if (duty_unheard(w->store, channels, now - DUTY_HOLDS, AT_ONCE, w->a, &rows, &n, err) < 0 ||
	    (n && writer_open_group(w, err) < 0))
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (tell_answered(w, &rows[i], now, err) < 0)
			return err->code;
	return 0;
}

int writer_duty_turn(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us(), steady = clock_steady_us();
	struct duty_row *rows;
	size_t n;

	if (w->role->config->duty.given && !w->stopping && steady >= w->answered_at) {
		arena_clear(w->a);
		w->answered_at = steady + ANSWERED_US;
		if (tell_all_answered(w, now, err) < 0)
			return err->code;
	}
	if (!w->role->config->duty.given || w->stopping || now < w->duty_at)
		return 0;
	arena_clear(w->a);
	if (writer_open_group(w, err) < 0 || duty_due(w->store, now, AT_ONCE, w->a, &rows, &n, err) < 0)
		return err->code;
	w->duty_at = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		if (ask_next(w, &rows[i], now, err) < 0)
			return err->code;
	return duty_next(w->store, &w->duty_at, err);
}
