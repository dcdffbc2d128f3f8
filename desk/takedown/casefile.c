/* casefile.c - all there is to know of a takedown, read at once */
#include "desk/takedown/casefile.h"

#include "desk/takedown/clocks.h"

/* ---- reading ---- */

static int read_targets(struct store *s, struct casefile *c, struct arena *a, struct err *err)
{
	struct takedown_target *rows;

	if (takedown_targets(s, c->row.id, a, &rows, &c->n_targets, err) < 0)
		return err->code;
	c->targets = arena_alloc(a, (c->n_targets + 1) * sizeof(*c->targets));
	for (size_t i = 0; i < c->n_targets; i++) {
		struct takedown_look *looks;
		size_t n;

		if (takedown_looks(s, rows[i].id, a, &looks, &n, err) < 0)
			return err->code;
		c->targets[i] = (struct case_target){ &rows[i], looks, n };
	}
	return 0;
}

static int read_notice(struct store *s, const struct notice_row *r, struct arena *a, struct case_notice *out, struct err *err)
{
	struct notice_approval *approvals;
	struct notice_answer *answers;
	struct takedown_target *targets;

	*out = (struct case_notice){ .notice = r };
	if (notice_approvals(s, r, a, &approvals, &out->n_approvals, err) < 0 ||
	    notice_answers(s, r->id, a, &answers, &out->n_answers, err) < 0 ||
	    notice_targets(s, r->id, a, &targets, &out->n_targets, err) < 0)
		return err->code;
	out->approvals = approvals;
	out->answers = answers;
	out->targets = targets;
	return 0;
}

static int read_notices(struct store *s, struct casefile *c, struct arena *a, struct err *err)
{
	struct notice_row *rows;

	if (notice_list(s, c->row.id, a, &rows, &c->n_notices, err) < 0)
		return err->code;
	c->notices = arena_alloc(a, (c->n_notices + 1) * sizeof(*c->notices));
	for (size_t i = 0; i < c->n_notices; i++)
		if (read_notice(s, &rows[i], a, &c->notices[i], err) < 0)
			return err->code;
	return 0;
}

static bool has_finding(const struct casefile *c, const char *id)
{
	for (size_t i = 0; i < c->n_findings; i++)
		if (str_eq(c->findings[i], str_of(id)))
			return true;
	return false;
}

static int read_findings(struct store *s, struct casefile *c, struct arena *a, struct err *err)
{
	*(struct str *)arena_push(a, &c->findings, &c->n_findings, sizeof(struct str)) = c->row.finding;
	for (size_t i = 0; i < c->n_targets; i++) {
		char id[FINDING_ID];

		if (!c->targets[i].target->finding_id)
			continue;
		if (finding_name(s, c->targets[i].target->finding_id, id, err) < 0)
			return err->code;
		if (!has_finding(c, id))
			*(struct str *)arena_push(a, &c->findings, &c->n_findings, sizeof(struct str)) = arena_copy(a,
														    str_of(id));
	}
	return 0;
}

static void add_clock(struct casefile *c, struct case_clock clock, struct arena *a)
{
	*(struct case_clock *)arena_push(a, &c->clocks, &c->n_clocks, sizeof(clock)) = clock;
}

/* The hours of the law, what the hosts that were asked usually take, and the next look. */
static void read_clocks(struct casefile *c, struct arena *a)
{
	const struct takedowns *t = c->takedowns;
	const int64_t now = c->now;
	const int64_t report = c->row.first_aware_at + CLOCK_REPORT_US;
	int64_t next = 0;

	if (clocks_report(&c->row) && !c->row.closed_at)
		add_clock(c, (struct case_clock){ .kind = CASE_CLOCK_REPORT, .at = report, .over = report <= now }, a);
	for (size_t i = 0; i < c->n_targets; i++) {
		const struct takedown_target *x = c->targets[i].target;
		int64_t reply = clocks_reply(t, x);

		if (c->late == CASE_IN_TIME)
			c->late = clocks_late(t, &c->row, x, now);
		if (reply)
			add_clock(c, (struct case_clock){ CASE_CLOCK_REPLY, x->host, reply, reply <= now }, a);
		if (x->recheck_at && (!next || x->recheck_at < next))
			next = x->recheck_at;
	}
	if (next)
		add_clock(c, (struct case_clock){ .kind = CASE_CLOCK_LOOK, .at = next }, a);
}

int casefile_read(struct store *s, const struct takedowns *t, const struct takedown_row *row, int64_t now, struct arena *a,
		  struct casefile *out, struct err *err)
{
	struct custody_filter filter = { .subject = arena_printf(a, "finding %.*s", STR_ARG(row->finding)) };
	int found;

	*out = (struct casefile){ .takedowns = t, .now = now, .row = *row };
	found = finding_load(s, row->finding, a, &out->finding, err);
	if (found <= 0)
		return found < 0 ? found : err_set(err, E_STORE, "the finding of the takedown is gone");
	if (read_targets(s, out, a, err) < 0 || read_notices(s, out, a, err) < 0 || read_findings(s, out, a, err) < 0 ||
	    takedown_facts(s, row->id, a, &out->facts, &out->n_facts, err) < 0 ||
	    takedown_notes(s, row->id, a, &out->notes, &out->n_notes, err) < 0 ||
	    custody_list(s, &filter, a, &out->custody, &out->n_custody, err) < 0)
		return err->code;
	read_clocks(out, a);
	return 0;
}

/* ---- as a page ---- */

struct takedown_page casefile_page(const struct casefile *c, const struct page_manner *m)
{
	return (struct takedown_page){
		.manner = *m,
		.now = c->now,
		.row = &c->row,
		.late = c->late,
		.finding = &c->finding,
		.clocks = c->clocks,
		.n_clocks = c->n_clocks,
		.targets = c->targets,
		.n_targets = c->n_targets,
		.notices = c->notices,
		.n_notices = c->n_notices,
		.custody = c->custody,
		.n_custody = c->n_custody,
	};
}
