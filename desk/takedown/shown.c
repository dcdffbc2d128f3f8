/* shown.c - a case, and the list of them, in the terminal */
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/takedown/casefile.h"
#include "desk/takedown/clocks.h"
#include "desk/takedown/copies.h"
#include "desk/takedown/work.h"

enum { LOOKS = 5 }; /* of a target, for a person */

static void show_json(const struct casefile *c)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	casefile_put(&w, c);
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

static void show_target(const struct casefile *c, const struct case_target *its)
{
	const struct takedown_target *t = its->target;
	const char *why = clocks_overdue(c->takedowns, &c->row, t, c->now);
	const int64_t reply = clocks_reply(c->takedowns, t);
	char at[32];

	print("%s%-8.*s%s  ", style(why ? "31" : "1"), STR_ARG(t->state), style(""));
	print_text(t->url, false, 0);
	print("\n  since %s UTC by ", print_time(t->changed_at, at));
	print_text(t->operator_name, false, 0);
	if (t->returns)
		print(", back %lld times", (long long)t->returns);
	print("\n");
	if (reply)
		show_clock("usual reply until", reply, c->now);
	if (t->recheck_at)
		show_clock("next look", t->recheck_at, c->now);
	if (why)
		print("  overdue: %s\n", why);
	for (size_t k = 0; k < its->n_looks && k < LOOKS; k++) {
		const struct takedown_look *l = &its->looks[k];

		print("  looked %s UTC: %s, ", print_time(l->at, at), look_results[l->result]);
		print_text(l->how, false, 0);
		print(l->looks > 1 ? " (%lld times)\n" : "\n", (long long)l->looks);
	}
}

/* Of the first address; --json has those of all. */
static void show_copies(const struct casefile *c)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct takedown_copy *rows;
	size_t n;

	if (c->n_targets == 0)
		return;
	takedown_copies(c->targets[0].target->url, a, &rows, &n);
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

static void show_notice(const struct case_notice *n)
{
	const struct notice_row *r = n->notice;
	char at[32];

	print("%snotice %.8s%s  %s, %.*s in %.*s by %s to ", style("1"), r->public_id.p, style(""), state_of(r),
	      STR_ARG(r->template_name), STR_ARG(r->language), notice_ways[r->way]);
	print_text(r->recipient, false, 0);
	print("\n  ");
	print_text(r->subject, false, 0);
	print("\n  drafted %s UTC by ", print_time(r->made_at, at));
	print_text(r->operator_name, false, 0);
	print(", about %zu address%s\n", n->n_targets, n->n_targets == 1 ? "" : "es");
	for (size_t i = 0; i < n->n_approvals; i++) {
		print("  approved %s UTC by ", print_time(n->approvals[i].at, at));
		print_text(n->approvals[i].operator_name, false, 0);
		print(n->approvals[i].public_key.n ? ", signed\n" : "\n");
	}
	if (r->sent_at)
		print("  sent %s UTC\n", print_time(r->sent_at, at));
	for (size_t i = 0; i < n->n_answers; i++) {
		print("  %.*s %s UTC from ", STR_ARG(n->answers[i].kind), print_time(n->answers[i].at, at));
		print_text(n->answers[i].sender, false, 0);
		print(": ");
		print_text(n->answers[i].content, false, 300);
		print("\n");
	}
}

static void show_text(const struct casefile *c)
{
	char at[32];

	print("%stakedown %.8s%s  %.*s, %.*s, of finding %.8s", style("1"), c->row.public_id.p, style(""),
	      STR_ARG(c->row.state), STR_ARG(c->row.grounds), c->row.finding.p);
	if (c->row.campaign.n)
		print(" and campaign %.8s", c->row.campaign.p);
	print("\n  opened %s UTC by ", print_time(c->row.opened_at, at));
	print_text(c->row.operator_name, false, 0);
	print("\n  first aware %s UTC\n", print_time(c->row.first_aware_at, at));
	if (clocks_report(&c->row))
		show_clock("72 hours (GDPR Art. 33) end", c->row.first_aware_at + CLOCK_REPORT_US, c->now);
	print("\n");
	for (size_t i = 0; i < c->n_targets; i++)
		show_target(c, &c->targets[i]);
	show_copies(c);
	for (size_t i = 0; i < c->n_notices; i++) {
		print("\n");
		show_notice(&c->notices[i]);
	}
	print(c->n_facts + c->n_notes ? "\n" : "");
	for (size_t i = 0; i < c->n_facts; i++) {
		print("%s = ", c->facts[i].name.p);
		print_text(c->facts[i].value, false, 0);
		print("\n");
	}
	for (size_t i = 0; i < c->n_notes; i++) {
		print("%s UTC ", print_time(c->notes[i].at, at));
		print_text(c->notes[i].operator_name, false, 0);
		print(": ");
		print_text(c->notes[i].value, false, 0);
		print("\n");
	}
}

/* A case, or the one of a notice. */
int takedown_act_show(struct takedown_work *x, struct err *err)
{
	struct takedown_row row;
	struct casefile file;
	struct notice_row n;
	int found = takedown_load(x->store, str_of(x->i->arguments[1]), x->a, &row, err);

	if (found < 0)
		return found;
	if (found == 0 && (notice_load(x->store, str_of(x->i->arguments[1]), x->a, &n, err) <= 0 ||
			   takedown_get(x->store, n.takedown_id, x->a, &row, err) <= 0))
		return takedown_work_case(x, x->i->arguments[1], &row, err);
	if (casefile_read(x->store, x->config->takedowns, &row, x->now, x->a, &file, err) < 0)
		return err->code;
	(x->i->json ? show_json : show_text)(&file);
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
	casefile_put_row(&w, l->row);
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
