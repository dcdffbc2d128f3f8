/* shown.c - cases as people and programs read them */
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/takedown/copies.h"
#include "desk/takedown/clocks.h"
#include "desk/takedown/work.h"
#include "store/takedown_check.h"
#include "store/takedown_fact.h"

enum { LOOKS = 5 }; /* of a target, for a person */

/* A notice with all that belongs to it. */
struct shown_notice {
	struct notice_row row;
	struct notice_approval *approvals;
	struct notice_answer *answers;
	struct takedown_target *targets;
	size_t n_approvals, n_answers, n_targets;
};

/* A case with all of it. */
struct shown {
	struct takedown_work *x;
	struct takedown_row row;
	struct takedown_target *targets;
	struct takedown_look **looks; /* of each target */
	size_t *n_looks;
	struct shown_notice *notices;
	struct takedown_fact *facts, *notes;
	size_t n_targets, n_notices, n_facts, n_notes;
};

static int load_notice(struct takedown_work *x, struct shown_notice *n, struct err *err)
{
	if (notice_approvals(x->store, &n->row, x->a, &n->approvals, &n->n_approvals, err) < 0 ||
	    notice_answers(x->store, n->row.id, x->a, &n->answers, &n->n_answers, err) < 0)
		return err->code;
	return notice_targets(x->store, n->row.id, x->a, &n->targets, &n->n_targets, err);
}

static int load_notices(struct shown *s, struct err *err)
{
	struct notice_row *rows;

	if (notice_list(s->x->store, s->row.id, s->x->a, &rows, &s->n_notices, err) < 0)
		return err->code;
	s->notices = arena_alloc(s->x->a, s->n_notices * sizeof(*s->notices));
	for (size_t i = 0; i < s->n_notices; i++) {
		s->notices[i] = (struct shown_notice){ .row = rows[i] };
		if (load_notice(s->x, &s->notices[i], err) < 0)
			return err->code;
	}
	return 0;
}

static int load(struct shown *s, struct err *err)
{
	struct takedown_work *x = s->x;

	if (takedown_targets(x->store, s->row.id, x->a, &s->targets, &s->n_targets, err) < 0 || load_notices(s, err) < 0 ||
	    takedown_facts(x->store, s->row.id, x->a, &s->facts, &s->n_facts, err) < 0 ||
	    takedown_notes(x->store, s->row.id, x->a, &s->notes, &s->n_notes, err) < 0)
		return err->code;
	s->looks = arena_alloc(x->a, s->n_targets * sizeof(*s->looks));
	s->n_looks = arena_alloc(x->a, s->n_targets * sizeof(*s->n_looks));
	for (size_t i = 0; i < s->n_targets; i++)
		if (takedown_looks(x->store, s->targets[i].id, x->a, &s->looks[i], &s->n_looks[i], err) < 0)
			return err->code;
	return 0;
}

static void put_time(struct json_writer *w, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	if (at)
		json_put_text(w, key, str_of(clock_rfc3339(at, text)));
	else
		json_put_null(w, key);
}

static void row_members(struct json_writer *w, const struct takedown_row *r)
{
	json_put_text(w, "id", r->public_id);
	json_put_text(w, "state", r->state);
	json_put_text(w, "grounds", r->grounds);
	json_put_text(w, "finding", r->finding);
	if (r->campaign.n)
		json_put_text(w, "campaign", r->campaign);
	json_put_text(w, "operator", r->operator_name);
	put_time(w, "first_aware_at", r->first_aware_at);
	put_time(w, "opened_at", r->opened_at);
	put_time(w, "closed_at", r->closed_at);
}

static void put_copies(struct json_writer *w, const struct shown *s, struct str url)
{
	struct takedown_copy *rows;
	size_t n;

	takedown_copies(url, s->x->a, &rows, &n);
	json_open(w, "copies", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "name", rows[i].name);
		json_put_text(w, "url", rows[i].url);
		json_put_text(w, "card", rows[i].card);
		json_put_bool(w, "search", rows[i].search);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_target(struct json_writer *w, const struct shown *s, size_t i)
{
	const struct takedown_target *t = &s->targets[i];
	const char *why = clocks_overdue(s->x->config->takedowns, &s->row, t, s->x->now);

	json_open(w, NULL, '{');
	json_put_text(w, "url", t->url);
	json_put_text(w, "host", t->host);
	json_put_text(w, "state", t->state);
	json_put_text(w, "operator", t->operator_name);
	put_time(w, "changed_at", t->changed_at);
	put_time(w, "sent_at", t->sent_at);
	put_time(w, "gone_at", t->gone_at);
	put_time(w, "reply_until", clocks_reply(s->x->config->takedowns, t));
	put_time(w, "recheck_at", t->recheck_at);
	json_put_int(w, "returns", t->returns);
	json_put_text(w, "overdue", str_of(why));
	json_open(w, "looks", '[');
	for (size_t k = 0; k < s->n_looks[i]; k++) {
		json_open(w, NULL, '{');
		put_time(w, "at", s->looks[i][k].at);
		json_put_text(w, "result", str_of(look_results[s->looks[i][k].result]));
		json_put_text(w, "how", s->looks[i][k].how);
		json_put_int(w, "status", s->looks[i][k].status);
		json_put_int(w, "looks", s->looks[i][k].looks);
		json_close(w, '}');
	}
	json_close(w, ']');
	put_copies(w, s, t->url);
	json_close(w, '}');
}

static void put_answer(struct json_writer *w, const struct notice_answer *x)
{
	json_open(w, NULL, '{');
	json_put_text(w, "kind", x->kind);
	json_put_text(w, "sender", x->sender);
	put_time(w, "at", x->at);
	json_put_text(w, "content", x->content);
	json_close(w, '}');
}

static void put_notice(struct json_writer *w, const struct shown_notice *n)
{
	char hex[DIGEST_HEX];

	json_open(w, NULL, '{');
	json_put_text(w, "id", n->row.public_id);
	json_put_text(w, "state", str_of(notice_states[n->row.state]));
	json_put_bool(w, "waits_for_relay", n->row.state == NOTICE_APPROVED && n->row.outbox_id);
	json_put_text(w, "template", n->row.template_name);
	json_put_text(w, "language", n->row.language);
	json_put_text(w, "way", str_of(notice_ways[n->row.way]));
	json_put_text(w, "recipient", n->row.recipient);
	json_put_text(w, "subject", n->row.subject);
	json_put_text(w, "sha256", str_of(digest_hex(n->row.digest, DIGEST_BYTES, hex)));
	json_put_text(w, "operator", n->row.operator_name);
	put_time(w, "made_at", n->row.made_at);
	put_time(w, "sent_at", n->row.sent_at);
	json_put_text(w, "basis", n->row.basis);
	json_open(w, "urls", '[');
	for (size_t i = 0; i < n->n_targets; i++)
		json_put_text(w, NULL, n->targets[i].url);
	json_close(w, ']');
	json_open(w, "approvals", '[');
	for (size_t i = 0; i < n->n_approvals; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "operator", n->approvals[i].operator_name);
		json_put_bool(w, "signed", n->approvals[i].public_key.n > 0);
		put_time(w, "at", n->approvals[i].at);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "answers", '[');
	for (size_t i = 0; i < n->n_answers; i++)
		put_answer(w, &n->answers[i]);
	json_close(w, ']');
	json_close(w, '}');
}

static void put_said(struct json_writer *w, const char *key, const struct takedown_fact *rows, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		if (rows[i].name.n)
			json_put_text(w, "name", rows[i].name);
		json_put_text(w, "value", rows[i].value);
		json_put_text(w, "operator", rows[i].operator_name);
		put_time(w, "at", rows[i].at);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void show_json(const struct shown *s)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	row_members(&w, &s->row);
	if (clocks_report(&s->row))
		put_time(&w, "report_until", s->row.first_aware_at + CLOCK_REPORT_US);
	json_open(&w, "targets", '[');
	for (size_t i = 0; i < s->n_targets; i++)
		put_target(&w, s, i);
	json_close(&w, ']');
	json_open(&w, "notices", '[');
	for (size_t i = 0; i < s->n_notices; i++)
		put_notice(&w, &s->notices[i]);
	json_close(&w, ']');
	put_said(&w, "facts", s->facts, s->n_facts);
	put_said(&w, "notes", s->notes, s->n_notes);
	json_close(&w, '}');
	print_json(&out);
}

/* "in 3 h 20 min", "2 h 5 min ago" */
static void show_clock(const char *name, int64_t until, int64_t now)
{
	const int64_t left = (until - now) / 1000000, size = left < 0 ? -left : left;
	char at[32];

	print("  %s %s UTC, %s%lld h %lld min%s\n", name, print_time(until, at), left < 0 ? "" : "in ",
	      (long long)(size / 3600), (long long)(size / 60 % 60), left < 0 ? " ago" : "");
}

static void show_target(const struct shown *s, size_t i)
{
	const struct takedown_target *t = &s->targets[i];
	const char *why = clocks_overdue(s->x->config->takedowns, &s->row, t, s->x->now);
	const int64_t reply = clocks_reply(s->x->config->takedowns, t);
	char at[32];

	print("%s%-8.*s%s  ", style(why ? "31" : "1"), STR_ARG(t->state), style(""));
	print_text(t->url, false, 0);
	print("\n  since %s UTC by ", print_time(t->changed_at, at));
	print_text(t->operator_name, false, 0);
	if (t->returns)
		print(", back %lld times", (long long)t->returns);
	print("\n");
	if (reply)
		show_clock("usual reply until", reply, s->x->now);
	if (t->recheck_at)
		show_clock("next look", t->recheck_at, s->x->now);
	if (why)
		print("  overdue: %s\n", why);
	for (size_t k = 0; k < s->n_looks[i] && k < LOOKS; k++) {
		const struct takedown_look *l = &s->looks[i][k];

		print("  looked %s UTC: %s, ", print_time(l->at, at), look_results[l->result]);
		print_text(l->how, false, 0);
		print(l->looks > 1 ? " (%lld times)\n" : "\n", (long long)l->looks);
	}
}

/* Of the first address; --json has those of all. */
static void show_copies(const struct shown *s)
{
	struct takedown_copy *rows;
	size_t n;

	if (s->n_targets == 0)
		return;
	takedown_copies(s->targets[0].url, s->x->a, &rows, &n);
	print("\ncopies may outlive it: look by hand, the monitor never asks there\n");
	for (size_t i = 0; i < n; i++) {
		print("  %-16.*s", STR_ARG(rows[i].name));
		print_text(rows[i].url, false, 0);
		print("\n");
	}
	print("\n");
}

static const char *state_of(const struct notice_row *n)
{
	return n->state == NOTICE_APPROVED && n->outbox_id ? "approved, waits for the relay" : notice_states[n->state];
}

static void show_notice(const struct shown_notice *n)
{
	char at[32];

	print("%snotice %.8s%s  %s, %.*s in %.*s by %s to ", style("1"), n->row.public_id.p, style(""), state_of(&n->row),
	      STR_ARG(n->row.template_name), STR_ARG(n->row.language), notice_ways[n->row.way]);
	print_text(n->row.recipient, false, 0);
	print("\n  ");
	print_text(n->row.subject, false, 0);
	print("\n  drafted %s UTC by ", print_time(n->row.made_at, at));
	print_text(n->row.operator_name, false, 0);
	print(", about %zu address%s\n", n->n_targets, n->n_targets == 1 ? "" : "es");
	for (size_t i = 0; i < n->n_approvals; i++) {
		print("  approved %s UTC by ", print_time(n->approvals[i].at, at));
		print_text(n->approvals[i].operator_name, false, 0);
		print(n->approvals[i].public_key.n ? ", signed\n" : "\n");
	}
	if (n->row.sent_at)
		print("  sent %s UTC\n", print_time(n->row.sent_at, at));
	for (size_t i = 0; i < n->n_answers; i++) {
		print("  %.*s %s UTC from ", STR_ARG(n->answers[i].kind), print_time(n->answers[i].at, at));
		print_text(n->answers[i].sender, false, 0);
		print(": ");
		print_text(n->answers[i].content, false, 300);
		print("\n");
	}
}

static void show_text(const struct shown *s)
{
	char at[32];

	print("%stakedown %.8s%s  %.*s, %.*s, of finding %.8s", style("1"), s->row.public_id.p, style(""),
	      STR_ARG(s->row.state), STR_ARG(s->row.grounds), s->row.finding.p);
	if (s->row.campaign.n)
		print(" and campaign %.8s", s->row.campaign.p);
	print("\n  opened %s UTC by ", print_time(s->row.opened_at, at));
	print_text(s->row.operator_name, false, 0);
	print("\n  first aware %s UTC\n", print_time(s->row.first_aware_at, at));
	if (clocks_report(&s->row))
		show_clock("72 hours (GDPR Art. 33) end", s->row.first_aware_at + CLOCK_REPORT_US, s->x->now);
	print("\n");
	for (size_t i = 0; i < s->n_targets; i++)
		show_target(s, i);
	show_copies(s);
	for (size_t i = 0; i < s->n_notices; i++) {
		print("\n");
		show_notice(&s->notices[i]);
	}
	print(s->n_facts + s->n_notes ? "\n" : "");
	for (size_t i = 0; i < s->n_facts; i++) {
		print("%s = ", s->facts[i].name.p);
		print_text(s->facts[i].value, false, 0);
		print("\n");
	}
	for (size_t i = 0; i < s->n_notes; i++) {
		print("%s UTC ", print_time(s->notes[i].at, at));
		print_text(s->notes[i].operator_name, false, 0);
		print(": ");
		print_text(s->notes[i].value, false, 0);
		print("\n");
	}
}

/* A case, or the one of a notice. */
int takedown_act_show(struct takedown_work *x, struct err *err)
{
	struct shown s = { .x = x };
	struct notice_row n;
	int found = takedown_load(x->store, str_of(x->i->arguments[1]), x->a, &s.row, err);

	if (found < 0)
		return found;
	if (found == 0 && (notice_load(x->store, str_of(x->i->arguments[1]), x->a, &n, err) <= 0 ||
			   takedown_get(x->store, n.takedown_id, x->a, &s.row, err) <= 0))
		return takedown_work_case(x, x->i->arguments[1], &s.row, err);
	if (load(&s, err) < 0)
		return err->code;
	(x->i->json ? show_json : show_text)(&s);
	return 0;
}

/* What a list says of a case. */
struct listed {
	const struct takedown_row *row;
	size_t n, in_state[9]; /* targets, by state */
	const char *overdue;   /* of the first that is */
};

static void list_json(const struct listed *l)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	row_members(&w, l->row);
	json_put_text(&w, "overdue", str_of(l->overdue));
	json_open(&w, "targets", '{');
	for (int k = 0; k < 9; k++)
		if (l->in_state[k])
			json_put_int(&w, takedown_states[k], (int64_t)l->in_state[k]);
	json_close(&w, '}');
	json_close(&w, '}');
	print_json(&out);
}

static void list_line(const struct listed *l)
{
	char at[32];

	print("%.8s  %-6.*s  %-13.*s  %s  ", l->row->public_id.p, STR_ARG(l->row->state), STR_ARG(l->row->grounds),
	      print_time(l->row->opened_at, at));
	for (int k = 0; k < 9; k++)
		if (l->in_state[k])
			print("%zu %s  ", l->in_state[k], takedown_states[k]);
	if (l->overdue)
		print("%soverdue: %s%s", style("31"), l->overdue, style(""));
	print("\n");
}

static int list_one(struct takedown_work *x, const struct takedown_row *row, struct listed *l, struct err *err)
{
	struct takedown_target *targets;
	enum takedown_state state;

	*l = (struct listed){ .row = row };
	if (takedown_targets(x->store, row->id, x->a, &targets, &l->n, err) < 0)
		return err->code;
	for (size_t i = 0; i < l->n; i++) {
		if (takedown_state_named(targets[i].state, &state))
			l->in_state[state]++;
		if (!l->overdue)
			l->overdue = clocks_overdue(x->config->takedowns, row, &targets[i], x->now);
	}
	return 0;
}

static bool is_wished(const struct takedown_work *x, const struct listed *l, struct str wanted)
{
	enum takedown_state state;

	if (option_of(x->i, "overdue") && !l->overdue)
		return false;
	return wanted.n == 0 || str_eq(l->row->state, wanted) || (takedown_state_named(wanted, &state) && l->in_state[state]);
}

/* All pages of them. */
int takedown_act_list(struct takedown_work *x, struct err *err)
{
	const struct str wanted = takedown_work_option(x, "state");
	enum takedown_state state;
	struct takedown_row *rows;
	struct listed l;
	int64_t before = 0;
	size_t n, shown = 0;

	if (wanted.n && !takedown_state_named(wanted, &state))
		return err_set(err, E_USAGE,
			       "--state %.*s: expected open, drafted, approved, sent, receipt, refused, gone, back "
			       "or closed",
			       STR_ARG(str_slice(wanted, 0, 20)));
	do {
		if (takedown_list(x->store, 0, before, x->a, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++) {
			if (list_one(x, &rows[i], &l, err) < 0)
				return err->code;
			if (is_wished(x, &l, wanted)) {
				(x->i->json ? list_json : list_line)(&l);
				shown++;
			}
			before = rows[i].id;
		}
	} while (n);
	if (shown == 0 && !x->i->json)
		print("there is no such takedown; `watchdesk takedown open FINDING --grounds ...` begins one\n");
	return 0;
}
