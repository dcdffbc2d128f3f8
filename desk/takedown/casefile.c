/* casefile.c - all there is to know of a takedown, read at once */
#include "desk/takedown/casefile.h"

#include "base/clock.h"
#include "base/limits.h"
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

	*out = (struct case_notice){ .notice = r };
	if (notice_approvals(s, r, a, &approvals, &out->n_approvals, err) < 0 ||
	    notice_answers(s, r->id, a, &answers, &out->n_answers, err) < 0)
		return err->code;
	out->approvals = approvals;
	out->answers = answers;
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
static void read_clocks(const struct takedowns *t, struct casefile *c, int64_t now, struct arena *a)
{
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

	*out = (struct casefile){ .row = *row };
	found = finding_load(s, row->finding, a, &out->finding, err);
	if (found <= 0)
		return found < 0 ? found : err_set(err, E_STORE, "the finding of the takedown is gone");
	if (read_targets(s, out, a, err) < 0 || read_notices(s, out, a, err) < 0 || read_findings(s, out, a, err) < 0 ||
	    custody_list(s, &filter, a, &out->custody, &out->n_custody, err) < 0)
		return err->code;
	read_clocks(t, out, now, a);
	return 0;
}

/* ---- as JSON ---- */

static void put_time(struct json_writer *w, const char *key, int64_t at)
{
	char text[CLOCK_TEXT];

	if (at)
		json_put_text(w, key, str_of(clock_rfc3339(at, text)));
	else
		json_put_null(w, key);
}

static void put_look(struct json_writer *w, const struct takedown_look *l)
{
	json_open(w, NULL, '{');
	put_time(w, "at", l->at);
	json_put_text(w, "result", str_of(look_results[l->result]));
	json_put_text(w, "how", l->how);
	json_put_int(w, "status", l->status);
	json_put_int(w, "looks", l->looks);
	json_put_bool(w, "sealed", l->evidence_id != 0);
	json_close(w, '}');
}

static void put_target(struct json_writer *w, const struct case_target *t)
{
	const struct takedown_target *x = t->target;

	json_open(w, NULL, '{');
	json_put_text(w, "url", x->url);
	json_put_text(w, "host", x->host);
	json_put_text(w, "state", x->state);
	put_time(w, "changed_at", x->changed_at);
	json_put_text(w, "changed_by", x->operator_name);
	put_time(w, "sent_at", x->sent_at);
	put_time(w, "gone_at", x->gone_at);
	put_time(w, "recheck_at", x->recheck_at);
	json_put_int(w, "returns", x->returns);
	json_open(w, "looks", '[');
	for (size_t i = 0; i < t->n_looks; i++)
		put_look(w, &t->looks[i]);
	json_close(w, ']');
	json_close(w, '}');
}

static void put_notice(struct json_writer *w, const struct case_notice *n)
{
	const struct notice_row *r = n->notice;
	char hex[DIGEST_HEX];

	json_open(w, NULL, '{');
	json_put_text(w, "id", r->public_id);
	json_put_text(w, "template", r->template_name);
	json_put_text(w, "language", r->language);
	json_put_text(w, "way", str_of(notice_ways[r->way]));
	json_put_text(w, "state", str_of(notice_states[r->state]));
	json_put_text(w, "recipient", r->recipient);
	json_put_text(w, "subject", r->subject);
	json_put_text(w, "text", r->content);
	json_put_text(w, "sha256", str_of(digest_hex(r->digest, DIGEST_BYTES, hex)));
	json_put_text(w, "written_by", r->operator_name);
	put_time(w, "written_at", r->made_at);
	put_time(w, "sent_at", r->sent_at);
	json_open(w, "approvals", '[');
	for (size_t i = 0; i < n->n_approvals; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "by", n->approvals[i].operator_name);
		put_time(w, "at", n->approvals[i].at);
		json_put_bool(w, "signed", n->approvals[i].public_key.n > 0);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "answers", '[');
	for (size_t i = 0; i < n->n_answers; i++) {
		json_open(w, NULL, '{');
		put_time(w, "at", n->answers[i].at);
		json_put_text(w, "kind", n->answers[i].kind);
		json_put_text(w, "from", n->answers[i].sender);
		json_put_text(w, "text", n->answers[i].content);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

static void put_head(struct json_writer *w, const struct casefile *c)
{
	json_put_text(w, "id", c->row.public_id);
	json_put_text(w, "finding", c->row.finding);
	json_put_text(w, "campaign", c->row.campaign);
	json_put_text(w, "grounds", c->row.grounds);
	json_put_text(w, "state", c->row.state);
	json_put_text(w, "opened_by", c->row.operator_name);
	put_time(w, "first_aware_at", c->row.first_aware_at);
	put_time(w, "opened_at", c->row.opened_at);
	put_time(w, "closed_at", c->row.closed_at);
	json_put_text(w, "title", c->finding.finding.title);
	json_put_text(w, "asset", c->finding.finding.asset);
	json_put_int(w, "severity", c->finding.finding.severity);
}

static void put_clock_name(struct json_writer *w, const struct case_clock *c)
{
	AUTO(buf) name = BUF_INIT(KIB(4));

	switch (c->kind) {
	case CASE_CLOCK_REPORT:
		buf_add(&name, STR("72 hours to the authority (GDPR Art. 33)"));
		break;
	case CASE_CLOCK_REPLY:
		buf_printf(&name, "usual reply of %.*s", STR_ARG(c->host));
		break;
	case CASE_CLOCK_LOOK:
		buf_add(&name, STR("next look"));
		break;
	}
	json_put_text(w, "name", buf_str(&name));
}

void casefile_put(struct json_writer *w, const struct casefile *c)
{
	json_open(w, NULL, '{');
	put_head(w, c);
	json_open(w, "clocks", '[');
	for (size_t i = 0; i < c->n_clocks; i++) {
		json_open(w, NULL, '{');
		put_clock_name(w, &c->clocks[i]);
		put_time(w, "at", c->clocks[i].at);
		json_put_bool(w, "over", c->clocks[i].over);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "targets", '[');
	for (size_t i = 0; i < c->n_targets; i++)
		put_target(w, &c->targets[i]);
	json_close(w, ']');
	json_open(w, "notices", '[');
	for (size_t i = 0; i < c->n_notices; i++)
		put_notice(w, &c->notices[i]);
	json_close(w, ']');
	json_open(w, "findings", '[');
	for (size_t i = 0; i < c->n_findings; i++)
		json_put_text(w, NULL, c->findings[i]);
	json_close(w, ']');
	json_close(w, '}');
}

/* ---- as a page ---- */

struct takedown_page casefile_page(const struct casefile *c, const struct page_manner *m, int64_t now)
{
	return (struct takedown_page){
		.manner = *m,
		.now = now,
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
