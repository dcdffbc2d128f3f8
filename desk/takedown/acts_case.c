/* acts_case.c - cases: opened, their targets, facts and notes, closed */
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/url.h"
#include "desk/takedown/work.h"
#include "store/campaign.h"
#include "store/takedown_check.h"
#include "store/takedown_fact.h"

enum { TARGETS = 1000 }; /* of a campaign */

int takedown_work_case(struct takedown_work *x, const char *id, struct takedown_row *out, struct err *err)
{
	int found = takedown_load(x->store, str_of(id), x->a, out, err);

	if (found > 0)
		x->takedown = out->public_id;
	return found ? (found < 0 ? found : 0)
		     : err_set(err, E_USAGE, "no takedown has the id %.40s; `watchdesk takedown list` shows them", id);
}

struct str takedown_work_option(const struct takedown_work *x, const char *name)
{
	size_t replaced;

	return str_trim(utf8_clean(x->a, str_of(option_of(x->i, name)), &replaced));
}

/* An address of the web on one line, as it was found: that is how notices name it. */
static int url_check(struct takedown_work *x, struct str url, struct err *err)
{
	struct url parsed;

	if (url.n > LIMIT_URL || !utf8_is_clean(url))
		return err_set(err, E_USAGE, "an address of %zu bytes, expected clean UTF-8 of at most %zu", url.n,
			       (size_t)LIMIT_URL);
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
			return err_set(err, E_USAGE, "an address with a blank or a control character in it; give it as it is");
	return url_parse(x->a, url, (struct str){ 0 }, &parsed, err) < 0 ? (err->code = E_USAGE) : 0;
}

/* 1 when it is new. */
static int target_add(struct takedown_work *x, int64_t id, struct str url, int64_t finding_id, struct err *err)
{
	int64_t target_id;
	int fresh = takedown_target_add(x->store, id, url, x->who, x->now, &target_id, err);

	if (fresh > 0 && finding_id && takedown_target_finding(x->store, target_id, finding_id, err) < 0)
		return err->code;
	return fresh;
}

/* Each place where the campaign's findings stand: how many. */
static int targets_of_campaign(struct takedown_work *x, int64_t id, const struct takedown_case *c, struct err *err)
{
	struct campaign_finding *rows;
	int added = 0;
	size_t n;

	if (campaign_findings(x->store, c->campaign_id, 0, TARGETS, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		int fresh = rows[i].url.n == 0
				    ? 0
				    : target_add(x, id, rows[i].url, rows[i].id == c->finding_id ? 0 : rows[i].id, err);

		if (fresh < 0)
			return fresh;
		added += fresh;
	}
	return added;
}

/* A campaign's worst finding speaks for it. */
static int worst_of(struct takedown_work *x, int64_t campaign_id, struct takedown_case *c, struct err *err)
{
	struct campaign_finding *rows;
	int severity = -1;
	size_t n;

	if (campaign_findings(x->store, campaign_id, 0, TARGETS, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (rows[i].severity > severity) {
			severity = rows[i].severity;
			c->finding_id = rows[i].id;
		}
	c->campaign_id = campaign_id;
	return n ? 0 : err_set(err, E_USAGE, "the campaign has no finding any more");
}

/* What the id says: a finding, with its address, or a campaign. */
static int subject_of(struct takedown_work *x, const char *id, struct takedown_case *c, struct str *url, struct err *err)
{
	struct finding_detail d;
	struct campaign_row campaign;
	int found = finding_load(x->store, str_of(id), x->a, &d, err);

	if (found > 0) {
		c->finding_id = d.finding.id;
		*url = d.finding.url;
	}
	if (found)
		return found < 0 ? found : 0;
	found = campaign_load(x->store, str_of(id), x->a, &campaign, err);
	if (found > 0 && campaign.merged_into.n)
		return err_set(err, E_USAGE, "campaign %.8s is a part of %.8s; open it for that one", campaign.public_id.p,
			       campaign.merged_into.p);
	if (found > 0)
		return worst_of(x, campaign.id, c, err);
	return found ? found
		     : err_set(err, E_USAGE, "no finding or campaign has the id %.40s; `watchdesk list` shows findings", id);
}

int takedown_act_open(struct takedown_work *x, struct err *err)
{
	struct takedown_case c = { .grounds = takedown_work_option(x, "grounds"), .operator_name = x->who };
	struct str url = { 0 };
	int64_t id;
	int added;

	if (c.grounds.n == 0)
		return err_set(err, E_USAGE,
			       "say on which grounds, with --grounds threat, credentials, personal-data, "
			       "copyright, trade-secret or impersonation");
	if (subject_of(x, x->i->arguments[1], &c, &url, err) < 0 ||
	    takedown_open(x->store, &c, x->now, x->a, &id, &x->takedown, err) < 0)
		return err->code;
	added = c.campaign_id ? targets_of_campaign(x, id, &c, err) : url.n ? target_add(x, id, url, 0, err) : 0;
	if (added < 0)
		return added;
	buf_printf(&x->said, "takedown %.8s is open (%.*s), about %d address%s\n", x->takedown.p, STR_ARG(c.grounds), added,
		   added == 1 ? "" : "es");
	return 0;
}

int takedown_act_target(struct takedown_work *x, struct err *err)
{
	struct takedown_row its;
	int added = 0;

	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0)
		return err->code;
	for (int k = 2; k < x->i->n; k++) {
		const struct str url = str_of(x->i->arguments[k]);
		int fresh = url_check(x, url, err);

		fresh = fresh < 0 ? fresh : target_add(x, its.id, url, 0, err);
		if (fresh < 0)
			return fresh;
		added += fresh;
	}
	buf_printf(&x->said, "takedown %.8s has %d address%s more\n", its.public_id.p, added, added == 1 ? "" : "es");
	return 0;
}

/* What the program itself knows of a case is nobody's to say. */
static bool is_ours(struct str name)
{
	static const char *const ours[] = { "urls", "n_urls", "grounds", "case", "finding", "sha256", "today", "language" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (str_eq(name, str_of(ours[i])))
			return true;
	return false;
}

static int fact_read(struct takedown_work *x, const char *argument, struct takedown_fact *out, struct err *err)
{
	size_t replaced;
	struct str text = utf8_clean(x->a, str_of(argument), &replaced);
	ssize_t equals = str_find(text, STR("="));

	if (equals <= 0)
		return err_set(err, E_USAGE, "%.60s: expected NAME=VALUE", argument);
	*out = (struct takedown_fact){ .name = arena_copy(x->a, str_slice(text, 0, (size_t)equals)),
				       .value = str_trim(str_slice(text, (size_t)equals + 1, text.n)) };
	if (!fact_kind_named(out->name) || is_ours(out->name))
		return err_set(err, E_USAGE, "%.*s is no fact that can be set; `watchdesk takedown facts` lists them",
			       STR_ARG(str_slice(out->name, 0, 40)));
	return out->value.n > LIMIT_FACT ? err_set(err, E_LIMIT, "%s has more than %d bytes", out->name.p, (int)LIMIT_FACT) : 0;
}

int takedown_act_set(struct takedown_work *x, struct err *err)
{
	const size_t n = (size_t)x->i->n - 2;
	struct takedown_fact *facts = arena_alloc(x->a, n * sizeof(*facts));
	struct takedown_row its;

	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		if (fact_read(x, x->i->arguments[k + 2], &facts[k], err) < 0)
			return err->code;
	if (takedown_facts_set(x->store, its.id, facts, n, x->who, x->now, err) < 0)
		return err->code;
	buf_printf(&x->said,
		   "takedown %.8s: %zu fact%s set; notices that are drafted keep their text until `edit NOTICE --again`\n",
		   its.public_id.p, n, n == 1 ? "" : "s");
	return 0;
}

/* A line, or an object: a name and what belongs to it. */
static void pair(const struct takedown_work *x, struct str name, const char *key, struct str value)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	if (!x->i->json) {
		print("%-18.*s ", STR_ARG(name));
		print_text(value, false, 0);
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "name", name);
	json_put_text(&w, key, value);
	json_close(&w, '}');
	print_json(&out);
}

/* All names there are, or what was set of a case. */
int takedown_act_facts(struct takedown_work *x, struct err *err)
{
	const struct fact_kind *kind;
	struct takedown_fact *rows;
	struct takedown_row its;
	size_t n;

	if (x->i->n == 1) {
		for (size_t k = 0; (kind = fact_kind_at(k)); k++)
			if (!is_ours(str_of(kind->name)))
				pair(x, str_of(kind->name), "words", str_of(kind->words));
		return 0;
	}
	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0 ||
	    takedown_facts(x->store, its.id, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		pair(x, rows[k].name, "value", rows[k].value);
	return 0;
}

int takedown_act_note(struct takedown_work *x, struct err *err)
{
	size_t replaced;
	const struct str note = str_trim(utf8_clean(x->a, str_of(x->i->arguments[2]), &replaced));
	struct takedown_row its;

	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0)
		return err->code;
	if (note.n == 0 || note.n > LIMIT_FACT)
		return err_set(err, E_USAGE, "a note has 1 to %d bytes", (int)LIMIT_FACT);
	if (takedown_note_add(x->store, its.id, note, x->who, x->now, err) < 0)
		return err->code;
	buf_printf(&x->said, "takedown %.8s: noted\n", its.public_id.p);
	return 0;
}

/* The target of a case by its exact address. */
static int target_find(struct takedown_work *x, const struct takedown_row *its, struct str url, struct takedown_target *out,
		       struct err *err)
{
	struct takedown_target *rows;
	size_t n;

	if (takedown_targets(x->store, its->id, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].url, url)) {
			*out = rows[i];
			return 0;
		}
	return err_set(err, E_USAGE, "takedown %.8s has no such address; `watchdesk takedown show %.8s` shows them",
		       its->public_id.p, its->public_id.p);
}

int takedown_act_state(struct takedown_work *x, struct err *err)
{
	struct takedown_change c = { .operator_name = x->who, .note = takedown_work_option(x, "note") };
	struct takedown_target target = { 0 };
	struct takedown_row its;

	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0 ||
	    target_find(x, &its, str_of(x->i->arguments[2]), &target, err) < 0)
		return err->code;
	if (!takedown_state_named(str_of(x->i->arguments[3]), &c.state))
		return err_set(err, E_USAGE, "%.20s is no state", x->i->arguments[3]);
	if (c.state == TAKEDOWN_DRAFTED || c.state == TAKEDOWN_APPROVED || c.state == TAKEDOWN_SENT)
		return err_set(err, E_USAGE, "that it is %s is said by its notice: draft, approve, send or sent",
			       takedown_states[c.state]);
	c.target_id = target.id;
	c.recheck_at = target.recheck_at;
	if (takedown_change(x->store, &c, x->now, err) < 0)
		return err->code;
	buf_printf(&x->said, "takedown %.8s: that address is %s\n", its.public_id.p, takedown_states[c.state]);
	return 0;
}

int takedown_act_recheck(struct takedown_work *x, struct err *err)
{
	struct takedown_target *rows;
	struct takedown_row its;
	int due = 0;
	size_t n;

	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0 ||
	    takedown_targets(x->store, its.id, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(rows[i].state, STR("closed")))
			continue;
		if (takedown_target_due(x->store, rows[i].id, x->now, err) < 0)
			return err->code;
		due++;
	}
	buf_printf(&x->said, "takedown %.8s: the monitor looks at %d address%s next\n", its.public_id.p, due,
		   due == 1 ? "" : "es");
	return 0;
}

int takedown_act_close(struct takedown_work *x, struct err *err)
{
	const struct str note = takedown_work_option(x, "note");
	struct takedown_row its;
	int closed;

	if (note.n == 0)
		return err_set(err, E_USAGE, "say how it ended, with --note TEXT: it stays on record");
	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0)
		return err->code;
	closed = takedown_close(x->store, its.id, x->who, note, x->now, err);
	if (closed > 0 && takedown_note_add(x->store, its.id, note, x->who, x->now, err) < 0)
		return err->code;
	if (closed >= 0)
		buf_printf(&x->said, "takedown %.8s %s closed\n", its.public_id.p, closed ? "is" : "was");
	return closed < 0 ? closed : 0;
}
