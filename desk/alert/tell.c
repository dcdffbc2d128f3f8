/* tell.c - a finding is made known */
#include "desk/alert/tell.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/classify.h"
#include "desk/alert/decide.h"
#include "desk/alert/follows.h"
#include "desk/alert/subscribers.h"
#include "desk/alert/tell_letter.h"
#include "desk/channels.h"
#include "store/outbox.h"
#include "store/told.h"

#define HOUR_US INT64_C(3600000000)

enum { LINES = 100 }; /* of a digest; the rest is counted: nobody reads further */

struct teller {
	const struct config *config;
	struct store *store;
	struct arena *kept, *a; /* of the subscriptions; of one event */
	struct subscription *items;
	size_t n;
	struct words *words; /* for kept searches; made when first used */
	int64_t changes;     /* of the rows that `items` were read from; -1 for never */
};

/* A finding while it is told. */
struct telling {
	struct teller *t;
	struct told_finding finding;
	struct alert_facts facts;
	struct finding_detail detail; /* read when the first letter needs it */
	bool has_detail;
	bool by_verdict;
	struct str *mailed; /* recipients that got a mail of it */
	size_t n_mailed;
	int64_t now;
};

struct teller *teller_new(const struct config *config, struct store *store)
{
	struct teller *t = must_alloc(1, sizeof(*t));

	*t = (struct teller){ .config = config, .store = store, .changes = -1 };
	t->kept = arena_new(LIMIT_ARENA);
	t->a = arena_new(LIMIT_ARENA);
	return t;
}

void teller_free(struct teller *t)
{
	if (!t)
		return;
	arena_free(t->kept);
	arena_free(t->a);
	words_free(t->words);
	free(t);
}

bool teller_speaks(const struct teller *t)
{
	return channels_can_send(t->config);
}

/* The subscriptions as they are now; a verb beside us may have changed them. */
static int refresh(struct teller *t, struct err *err)
{
	int64_t changes;

	if (subscription_changes(t->store, &changes, err) < 0)
		return err->code;
	if (changes == t->changes)
		return 0;
	arena_clear(t->kept);
	t->changes = -1;
	if (subscribers_load(t->store, t->kept, &t->items, &t->n, err) < 0)
		return err->code;
	t->changes = changes;
	return 0;
}

static void state_facts(struct telling *x, const struct tell_event *e)
{
	struct str *assets = arena_alloc(x->t->a, (e->n_assets + 1) * sizeof(*assets));
	size_t n = 0;

	if (x->finding.asset.n)
		assets[n++] = x->finding.asset;
	for (size_t i = 0; i < e->n_assets; i++)
		assets[n++] = e->assets[i];
	x->facts = (struct alert_facts){ .severity = x->finding.severity,
					 .category = x->finding.category,
					 .assets = assets,
					 .n_assets = n,
					 .source = x->finding.source,
					 .language = x->finding.language,
					 .finding = x->finding.public_id,
					 .campaign = x->finding.campaign,
					 .silent = x->finding.silent,
					 .fresh = e->fresh };
	for (int i = 0; i < CATEGORIES; i++)
		x->facts.categories |= (unsigned)(x->finding.scores[i] >= 0.5) << i;
}

static struct letter_for letter_for(const struct teller *t, const struct subscription *s, int64_t now)
{
	return (struct letter_for){ t->config, t->store, s, now, t->a };
}

static int detail_of(struct teller *t, struct str public_id, struct finding_detail *out, struct err *err)
{
	int found = finding_load(t->store, public_id, t->a, out, err);

	return found ? found : err_set(err, E_STORE, "the store lacks finding %.*s", STR_ARG(public_id));
}

/* Into the outbox: 1, or 0 when this step of it stands there already. */
static int put_message(struct teller *t, const struct subscription *s, struct outbox_message m, const struct written *w,
		       int64_t now, struct err *err)
{
	int64_t id;

	m.recipient = s->recipient;
	m.subscription_id = s->id;
	m.subject = w->subject;
	m.content = w->content;
	if (outbox_add(t->store, &m, now, &id, err) < 0)
		return err->code;
	return id != 0;
}

/* A mail of one campaign; `was` is what was told of it, and becomes what is. */
static int send_campaign(struct teller *t, const struct subscription *s, const struct told_finding *f,
			 const struct finding_detail *d, struct told *was, int64_t now, struct err *err)
{
	const struct letter_for to = letter_for(t, s, now);
	const struct outbox_message m = { .kind = STR("alert"),
					  .topic = arena_printf(t->a, "campaign %.*s", STR_ARG(f->campaign)),
					  .step = was->step + 1,
					  .finding_id = f->id,
					  .campaign_id = f->campaign_id };
	struct written w;
	int sent;

	if (letter_of_finding(&to, d, was->held_until ? 0 : was->severity, was->repeats, &w, err) < 0)
		return err->code;
	sent = put_message(t, s, m, &w, now, err);
	*was = (struct told){ s->id, f->campaign_id, f->id, f->severity, was->step + 1, 0, now, 0, { 0 } };
	return sent < 0 || told_put(t->store, was, err) < 0 ? err->code : sent;
}

/* One address gets one mail of it, however many of its subscriptions it concerns. */
static bool got_it(const struct telling *x, struct str recipient)
{
	for (size_t i = 0; i < x->n_mailed; i++)
		if (str_eq(x->mailed[i], recipient))
			return true;
	return false;
}

static int tell_now(struct telling *x, const struct subscription *s, struct told *was, struct err *err)
{
	struct str *its;
	int sent;

	was->repeats += was->held_until && x->facts.fresh; /* what waited is one more of it now */
	if (got_it(x, s->recipient)) {
		was->severity = x->finding.severity;
		was->finding_id = x->finding.id;
		was->held_until = 0;
		return told_put(x->t->store, was, err);
	}
	if (!x->has_detail && detail_of(x->t, x->finding.public_id, &x->detail, err) < 0)
		return err->code;
	x->has_detail = true;
	sent = send_campaign(x->t, s, &x->finding, &x->detail, was, x->now, err);
	if (sent > 0) {
		its = arena_push(x->t->a, &x->mailed, &x->n_mailed, sizeof(*its));
		*its = s->recipient;
	}
	return sent;
}

/* What waits is told by the worst of it; when it waited already, no later than it would have been. */
static int hold(struct telling *x, const struct alert_decision *d, struct told *was, struct err *err)
{
	was->repeats += was->held_until && x->facts.fresh;
	if (!was->held_until || d->due_at < was->held_until) {
		was->held_until = d->due_at;
		was->held_why = str_of(d->why);
	}
	was->severity = x->finding.severity;
	was->finding_id = x->finding.id;
	was->at = x->now;
	return told_put(x->t->store, was, err);
}

/* What has to be asked for only when something would be sent. */
static int mails_of(struct telling *x, const struct subscription *s, struct alert_past *past, struct err *err)
{
	struct store *store = x->t->store;
	struct str reason;
	int suspended = recipient_is_suspended(store, s->recipient, x->t->a, &reason, err);

	if (suspended < 0 || outbox_rate(store, s->recipient, x->now - HOUR_US, &past->mails, err) < 0 ||
	    told_ceiling(store, s->id, &past->ceiling_until, err) < 0)
		return err->code;
	past->suspended = suspended > 0;
	return 0;
}

/* How many messages it made for one subscription. */
static int tell_subscriber(struct telling *x, const struct subscription *s, struct err *err)
{
	struct told was = { .subscription_id = s->id, .campaign_id = x->finding.campaign_id, .finding_id = x->finding.id };
	struct alert_past past = { .ceiling = x->t->config->alerts.ceiling };
	struct alert_decision d;
	int known = told_get(x->t->store, s->id, x->finding.campaign_id, x->t->a, &was, err);

	if (known < 0 || (!known && x->by_verdict))
		return known;
	past.severity = was.severity;
	past.held_until = was.held_until;
	d = alert_decide(s, &x->facts, &past, x->now);
	if (d.way >= ALERT_NOW) {
		if (mails_of(x, s, &past, err) < 0)
			return err->code;
		d = alert_decide(s, &x->facts, &past, x->now);
	}
	switch (d.way) {
	case ALERT_NOTHING:
		break;
	case ALERT_REPEAT:
		was.repeats++;
		return told_put(x->t->store, &was, err);
	case ALERT_NOW:
		return tell_now(x, s, &was, err);
	case ALERT_HELD:
		return hold(x, &d, &was, err);
	}
	return 0;
}

/* Is it what the subscription asks for: 1 or 0. */
static int concerns(struct telling *x, const struct subscription *s, struct err *err)
{
	struct teller *t = x->t;

	if (!alert_concerns(s, &x->facts) || !s->search.text.n)
		return alert_concerns(s, &x->facts);
	if (!t->words)
		t->words = words_new();
	if (!x->has_detail && detail_of(t, x->finding.public_id, &x->detail, err) < 0)
		return err->code;
	x->has_detail = true;
	return follows(t->store, t->words, s->search.text, &x->detail, t->a, err);
}

int tell_finding(struct teller *t, const struct tell_event *e, int64_t now, struct err *err)
{
	struct telling x = { .t = t, .by_verdict = e->by_verdict, .now = now };
	int found, sent = 0;

	if (!teller_speaks(t))
		return 0;
	arena_clear(t->a);
	if (refresh(t, err) < 0)
		return err->code;
	found = t->n ? told_finding(t->store, e->finding_id, t->a, &x.finding, err) : 0;
	if (found <= 0 || !x.finding.campaign_id)
		return found < 0 ? found : 0;
	state_facts(&x, e);
	for (size_t i = 0; i < t->n; i++) {
		int its = concerns(&x, &t->items[i], err);

		if (its > 0)
			its = tell_subscriber(&x, &t->items[i], err);
		if (its < 0)
			return its;
		sent += its;
	}
	return sent;
}

int tell_next(struct teller *t, int64_t *at, struct err *err)
{
	return teller_speaks(t) ? told_next_due(t->store, at, err) : 0;
}

static const struct subscription *subscription_of(const struct teller *t, int64_t id)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->items[i].id == id)
			return &t->items[i];
	return NULL;
}

/* Rows that are told no more, or were judged meanwhile: they wait no longer, and were never told. */
static int forget(struct teller *t, struct told *row, struct err *err)
{
	row->held_until = 0;
	row->severity = 0;
	return told_put(t->store, row, err);
}

/* Keep what still matters of the rows, with their findings: how many. */
static int sift(struct teller *t, bool wanted, struct told *rows, size_t n, struct told_finding *findings, struct err *err)
{
	int kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct told_finding f = { .silent = true };

		if (told_finding(t->store, rows[i].finding_id, t->a, &f, err) < 0)
			return err->code;
		if (!wanted || f.silent) {
			if (forget(t, &rows[i], err) < 0)
				return err->code;
			continue;
		}
		findings[kept] = f;
		rows[kept++] = rows[i];
	}
	return kept;
}

/* All of these are told now. */
static int note_told(struct teller *t, struct told *rows, size_t n, int64_t now, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		rows[i].step++;
		rows[i].repeats = 0;
		rows[i].at = now;
		rows[i].held_until = 0;
		if (told_put(t->store, &rows[i], err) < 0)
			return err->code;
	}
	return 0;
}

/* What stands in a digest. */
struct lines {
	struct finding *findings;
	int64_t *repeats;
	size_t n;
};

static int add_lines(struct teller *t, const struct told *rows, const struct told_finding *findings, size_t n,
		     struct lines *out, struct err *err)
{
	for (size_t i = 0; i < n && i < LINES; i++) {
		struct finding_detail d;

		if (detail_of(t, findings[i].public_id, &d, err) < 0)
			return err->code;
		out->findings[out->n] = d.finding;
		out->repeats[out->n++] = rows[i].repeats;
	}
	return 0;
}

static int64_t first_of(const struct told *rows, size_t n)
{
	int64_t first = rows[0].at;

	for (size_t i = 1; i < n; i++)
		first = rows[i].at < first ? rows[i].at : first;
	return first;
}

/* What came again and was told before: `out` and its findings, of LINES at most. */
static int repeated(struct teller *t, const struct subscription *s, struct told **out, struct told_finding **findings,
		    struct err *err)
{
	size_t n;

	if (told_repeats(t->store, s->id, LINES, t->a, out, &n, err) < 0)
		return err->code;
	*findings = arena_alloc(t->a, n * sizeof(**findings));
	return sift(t, true, *out, n, *findings, err);
}

static int send_digest(struct teller *t, const struct subscription *s, struct told *rows, const struct told_finding *findings,
		       size_t n, int64_t now, struct err *err)
{
	const struct letter_for to = letter_for(t, s, now);
	const struct outbox_message m = { .kind = STR("digest"), .topic = STR("digest"), .step = rows[0].held_until };
	struct lines lines = { arena_alloc(t->a, 2 * LINES * sizeof(*lines.findings)),
			       arena_alloc(t->a, 2 * LINES * sizeof(*lines.repeats)), 0 };
	struct letter_digest d = { .more = n > LINES ? (int64_t)n - LINES : 0,
				   .why = rows[0].held_why,
				   .from = first_of(rows, n) };
	struct told_finding *known = NULL;
	struct told *again = NULL;
	struct written w;
	int n_again = repeated(t, s, &again, &known, err), sent;

	if (n_again < 0 || add_lines(t, rows, findings, n, &lines, err) < 0 ||
	    add_lines(t, again, known, (size_t)n_again, &lines, err) < 0)
		return err->code;
	d.findings = lines.findings;
	d.repeats = lines.repeats;
	d.n = lines.n;
	d.n_known = (size_t)n_again;
	if (letter_of_digest(&to, &d, &w, err) < 0)
		return err->code;
	sent = put_message(t, s, m, &w, now, err);
	if (sent < 0 || note_told(t, rows, n, now, err) < 0)
		return err->code;
	for (int i = 0; i < n_again; i++)
		again[i].step--; /* no mail of its own */
	return note_told(t, again, (size_t)n_again, now, err) < 0 ? err->code : sent;
}

/* What waits for one subscriber: how many messages. */
static int tell_one(struct teller *t, struct told *rows, size_t n, int64_t now, struct err *err)
{
	const struct subscription *s = subscription_of(t, rows[0].subscription_id);
	struct told_finding *findings = arena_alloc(t->a, n * sizeof(*findings));
	struct finding_detail detail;
	struct str reason;
	int suspended = s ? recipient_is_suspended(t->store, s->recipient, t->a, &reason, err) : 0;
	int kept = suspended < 0 ? suspended : sift(t, s && !suspended, rows, n, findings, err);

	if (kept <= 0)
		return kept;
	if (kept > 1 || s->when.kind != WHEN_AT_ONCE)
		return send_digest(t, s, rows, findings, (size_t)kept, now, err);
	if (detail_of(t, findings[0].public_id, &detail, err) < 0)
		return err->code;
	return send_campaign(t, s, &findings[0], &detail, &rows[0], now, err);
}

int tell_due(struct teller *t, int64_t now, struct err *err)
{
	struct told *rows;
	size_t n;
	int sent = 0;

	if (!teller_speaks(t))
		return 0;
	if (refresh(t, err) < 0)
		return err->code;
	for (;;) {
		int its;

		arena_clear(t->a);
		if (told_due(t->store, now, t->a, &rows, &n, err) < 0)
			return err->code;
		if (n == 0)
			return sent;
		its = tell_one(t, rows, n, now, err);
		if (its < 0)
			return its;
		sent += its;
	}
}
