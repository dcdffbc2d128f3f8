/* casefile_json.c - a case as one object of JSON: what `takedown show --json` prints and an exhibit holds */
#include "base/clock.h"
#include "base/limits.h"
#include "desk/takedown/casefile.h"
#include "desk/takedown/clocks.h"
#include "desk/takedown/copies.h"

void casefile_put_row(struct json_writer *w, const struct takedown_row *r)
{
	json_put_text(w, "id", r->public_id);
	json_put_text(w, "state", r->state);
	json_put_text(w, "grounds", r->grounds);
	json_put_text(w, "finding", r->finding);
	if (r->campaign.n)
		json_put_text(w, "campaign", r->campaign);
	json_put_text(w, "operator", r->operator_name);
	json_put_time(w, "first_aware_at", r->first_aware_at);
	json_put_time(w, "opened_at", r->opened_at);
	json_put_time(w, "closed_at", r->closed_at);
}

/* ---- targets ---- */

static void put_look(struct json_writer *w, const struct takedown_look *l)
{
	json_open(w, NULL, '{');
	json_put_time(w, "at", l->at);
	json_put_text(w, "result", str_of(look_results[l->result]));
	json_put_text(w, "how", l->how);
	json_put_int(w, "status", l->status);
	json_put_int(w, "looks", l->looks);
	json_put_bool(w, "sealed", l->evidence_id != 0);
	json_close(w, '}');
}

static void put_copies(struct json_writer *w, struct str url)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct takedown_copy *rows;
	size_t n;

	takedown_copies(url, a, &rows, &n);
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

static void put_target(struct json_writer *w, const struct casefile *c, const struct case_target *its)
{
	const struct takedown_target *t = its->target;

	json_open(w, NULL, '{');
	json_put_text(w, "url", t->url);
	json_put_text(w, "host", t->host);
	json_put_text(w, "state", t->state);
	json_put_text(w, "operator", t->operator_name);
	json_put_time(w, "changed_at", t->changed_at);
	json_put_time(w, "sent_at", t->sent_at);
	json_put_time(w, "gone_at", t->gone_at);
	json_put_time(w, "reply_until", clocks_reply(c->takedowns, t));
	json_put_time(w, "recheck_at", t->recheck_at);
	json_put_int(w, "returns", t->returns);
	json_put_text(w, "overdue", str_of(clocks_overdue(c->takedowns, &c->row, t, c->now)));
	json_open(w, "looks", '[');
	for (size_t i = 0; i < its->n_looks; i++)
		put_look(w, &its->looks[i]);
	json_close(w, ']');
	put_copies(w, t->url);
	json_close(w, '}');
}

/* ---- notices ---- */

static void put_approval(struct json_writer *w, const struct notice_approval *x)
{
	json_open(w, NULL, '{');
	json_put_text(w, "operator", x->operator_name);
	json_put_bool(w, "signed", x->public_key.n > 0);
	json_put_time(w, "at", x->at);
	json_close(w, '}');
}

static void put_answer(struct json_writer *w, const struct notice_answer *x)
{
	json_open(w, NULL, '{');
	json_put_text(w, "kind", x->kind);
	json_put_text(w, "sender", x->sender);
	json_put_time(w, "at", x->at);
	json_put_text(w, "content", x->content);
	json_close(w, '}');
}

static void put_text_of(struct json_writer *w, const struct notice_row *r)
{
	char hex[DIGEST_HEX];

	json_put_text(w, "recipient", r->recipient);
	json_put_text(w, "subject", r->subject);
	json_put_text(w, "content", r->content);
	json_put_text(w, "sha256", str_of(digest_hex(r->digest, DIGEST_BYTES, hex)));
	json_put_text(w, "operator", r->operator_name);
	json_put_time(w, "made_at", r->made_at);
	json_put_time(w, "sent_at", r->sent_at);
	json_put_text(w, "basis", r->basis);
}

static void put_notice(struct json_writer *w, const struct case_notice *n)
{
	const struct notice_row *r = n->notice;

	json_open(w, NULL, '{');
	json_put_text(w, "id", r->public_id);
	json_put_text(w, "state", str_of(notice_states[r->state]));
	json_put_bool(w, "waits_for_relay", r->state == NOTICE_APPROVED && r->outbox_id);
	json_put_text(w, "template", r->template_name);
	json_put_text(w, "language", r->language);
	json_put_text(w, "way", str_of(notice_ways[r->way]));
	put_text_of(w, r);
	json_open(w, "urls", '[');
	for (size_t i = 0; i < n->n_targets; i++)
		json_put_text(w, NULL, n->targets[i].url);
	json_close(w, ']');
	json_open(w, "approvals", '[');
	for (size_t i = 0; i < n->n_approvals; i++)
		put_approval(w, &n->approvals[i]);
	json_close(w, ']');
	json_open(w, "answers", '[');
	for (size_t i = 0; i < n->n_answers; i++)
		put_answer(w, &n->answers[i]);
	json_close(w, ']');
	json_close(w, '}');
}

/* ---- the case ---- */

/* What people have said of it: facts by their names, notes without. */
static void put_said(struct json_writer *w, const char *key, const struct takedown_fact *rows, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		if (rows[i].name.n)
			json_put_text(w, "name", rows[i].name);
		json_put_text(w, "value", rows[i].value);
		json_put_text(w, "operator", rows[i].operator_name);
		json_put_time(w, "at", rows[i].at);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void casefile_put(struct json_writer *w, const struct casefile *c)
{
	json_open(w, NULL, '{');
	casefile_put_row(w, &c->row);
	json_put_text(w, "title", c->finding.finding.title);
	json_put_text(w, "asset", c->finding.finding.asset);
	json_put_int(w, "severity", c->finding.finding.severity);
	if (clocks_report(&c->row))
		json_put_time(w, "report_until", c->row.first_aware_at + CLOCK_REPORT_US);
	json_open(w, "targets", '[');
	for (size_t i = 0; i < c->n_targets; i++)
		put_target(w, c, &c->targets[i]);
	json_close(w, ']');
	json_open(w, "notices", '[');
	for (size_t i = 0; i < c->n_notices; i++)
		put_notice(w, &c->notices[i]);
	json_close(w, ']');
	put_said(w, "facts", c->facts, c->n_facts);
	put_said(w, "notes", c->notes, c->n_notes);
	json_open(w, "findings", '[');
	for (size_t i = 0; i < c->n_findings; i++)
		json_put_text(w, NULL, c->findings[i]);
	json_close(w, ']');
	json_close(w, '}');
}
