/* campaign.c - `watchdesk campaign`: findings that belong together, who was first; joined and taken apart by the desk */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/verb.h"
#include "store/campaign.h"

enum { SHOWN = 200 }; /* findings of one campaign */

/* What one invocation works with. */
struct work {
	const struct invocation *i;
	struct store *store;
	struct arena *a;
};

static void row_members(struct json_writer *w, const struct campaign_row *r)
{
	json_put_text(w, "id", r->public_id);
	json_put_text(w, "name", r->name);
	json_put_int(w, "severity", r->severity);
	json_put_text(w, "category", r->category);
	json_put_text(w, "asset", r->asset);
	json_put_int(w, "findings", r->findings);
	json_put_int(w, "texts", r->texts);
	json_put_int(w, "sources", r->sources);
	json_put_time(w, "first_seen", r->first_seen);
	json_put_time(w, "last_seen", r->last_seen);
	if (r->merged_into.n)
		json_put_text(w, "merged_into", r->merged_into);
}

static void row_json(const struct campaign_row *r)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	row_members(&w, r);
	json_close(&w, '}');
	print_json(&out);
}

static void row_line(const struct campaign_row *r)
{
	char at[32];

	print("%.8s  %3d %-8s  %5lld in %3lld texts at %2lld sources  %s  ", r->public_id.p, r->severity,
	      severity_name(r->severity), (long long)r->findings, (long long)r->texts, (long long)r->sources,
	      print_time(r->last_seen, at));
	print_text(r->name, false, 60);
	print("\n");
}

static int list(const struct work *x, struct err *err)
{
	struct campaign_filter filter = { .least = 1, .limit = 50 };
	struct campaign_row *rows;
	size_t n;

	if (option_number(x->i, "limit", 1, 100000, &filter.limit, err) < 0 ||
	    option_number(x->i, "least", 1, INT32_MAX, &filter.least, err) < 0 ||
	    campaign_list(x->store, &filter, x->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		if (x->i->json)
			row_json(&rows[k]);
		else
			row_line(&rows[k]);
	if (n == 0 && !x->i->json)
		print("there is no campaign with so many findings\n");
	return 0;
}

static int load(const struct work *x, const char *id, struct campaign_row *out, struct err *err)
{
	int found = campaign_load(x->store, str_of(id), x->a, out, err);

	return found ? (found < 0 ? found : 0)
		     : err_set(err, E_USAGE, "no campaign has the id %s; `watchdesk campaign list` shows them", id);
}

/* All about one. */
struct sheet {
	struct campaign_row row;
	struct campaign_finding *findings;
	struct campaign_contact *contacts;
	struct campaign_row *related;
	size_t n_findings, n_contacts, n_related;
};

static void sheet_json(const struct sheet *s)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	row_members(&w, &s->row);
	json_open(&w, "findings_in_time", '[');
	for (size_t i = 0; i < s->n_findings; i++) {
		const struct campaign_finding *f = &s->findings[i];

		json_open(&w, NULL, '{');
		json_put_text(&w, "id", f->public_id);
		json_put_time(&w, "at", f->at);
		json_put_bool(&w, "posted", f->is_posted);
		json_put_text(&w, "source", f->source);
		json_put_text(&w, "author", f->author);
		json_put_text(&w, "url", f->url);
		json_put_int(&w, "severity", f->severity);
		json_put_text(&w, "verdict", f->verdict);
		json_put_text(&w, "language", f->language);
		json_put_bool(&w, "same_text_as_first", f->text == s->findings[0].text);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_open(&w, "contacts", '[');
	for (size_t i = 0; i < s->n_contacts; i++) {
		json_open(&w, NULL, '{');
		json_put_text(&w, "kind", s->contacts[i].kind);
		json_put_text(&w, "value", s->contacts[i].value);
		json_put_int(&w, "findings", s->contacts[i].findings);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_open(&w, "related", '[');
	for (size_t i = 0; i < s->n_related; i++)
		json_put_text(&w, NULL, s->related[i].public_id);
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

static void finding_line(const struct campaign_finding *f, bool first, bool same)
{
	char at[32];

	print("  %s%s  %3d  %.8s  ", print_time(f->at, at), f->is_posted ? " " : "?", f->severity, f->public_id.p);
	print_text(f->source, false, 16);
	print("  ");
	print_text(f->author.n ? f->author : STR("-"), false, 20);
	print("  %s", first ? "first" : same ? "the same text" : "nearly the same, or a contact in common");
	if (!str_eq(f->verdict, STR("none"))) {
		print("  [");
		print_text(f->verdict, false, 0);
		print("]");
	}
	print("\n");
}

static void sheet_print(const struct sheet *s)
{
	char at[32];

	print("%scampaign %.8s%s  ", style("1"), s->row.public_id.p, style(""));
	print_text(s->row.name, false, 0);
	print("\n");
	if (s->row.merged_into.n) {
		print("It is a part of campaign %.8s.\n", s->row.merged_into.p);
		return;
	}
	print("%lld findings, %lld texts, %lld sources, worst %d %s; last seen %s UTC\n\nFindings in time (? when we saw "
	      "them)\n",
	      (long long)s->row.findings, (long long)s->row.texts, (long long)s->row.sources, s->row.severity,
	      severity_name(s->row.severity), print_time(s->row.last_seen, at));
	for (size_t i = 0; i < s->n_findings; i++)
		finding_line(&s->findings[i], i == 0, s->findings[i].text == s->findings[0].text);
	if (s->row.findings > (int64_t)s->n_findings)
		print("  and %lld more\n", (long long)s->row.findings - (long long)s->n_findings);
	if (s->n_contacts)
		print("\nContacts\n");
	for (size_t i = 0; i < s->n_contacts; i++) {
		print("  %-16.*s  ", STR_ARG(s->contacts[i].kind));
		print_text(s->contacts[i].value, false, 0);
		print("  in %lld\n", (long long)s->contacts[i].findings);
	}
	if (s->n_related)
		print("\nOther campaigns with one of these contacts (`campaign merge` joins them)\n");
	for (size_t i = 0; i < s->n_related; i++) {
		print("  ");
		row_line(&s->related[i]);
	}
}

static int show(const struct work *x, struct err *err)
{
	struct sheet s = { 0 };

	if (load(x, x->i->arguments[1], &s.row, err) < 0 ||
	    campaign_findings(x->store, s.row.id, 0, SHOWN, x->a, &s.findings, &s.n_findings, err) < 0 ||
	    campaign_contacts(x->store, s.row.id, 0, x->a, &s.contacts, &s.n_contacts, err) < 0 ||
	    campaign_related(x->store, s.row.id, 0, x->a, &s.related, &s.n_related, err) < 0)
		return err->code;
	if (x->i->json)
		sheet_json(&s);
	else
		sheet_print(&s);
	return 0;
}

static int merge(const struct work *x, struct err *err)
{
	struct campaign_row from, into;

	if (load(x, x->i->arguments[1], &from, err) < 0 || load(x, x->i->arguments[2], &into, err) < 0 ||
	    campaign_merge(x->store, &from, &into, user_name(x->a), clock_now_us(), err) < 0)
		return err->code;
	print("%.8s is a part of %.8s now\n", from.public_id.p, into.public_id.p);
	return 0;
}

static int split(const struct work *x, struct err *err)
{
	const size_t n = (size_t)x->i->n - 2;
	struct str *ids = arena_alloc(x->a, n * sizeof(*ids));
	struct campaign_row from, out;

	for (size_t k = 0; k < n; k++) {
		ids[k] = str_of(x->i->arguments[k + 2]);
		if (ids[k].n < 6)
			return err_set(err, E_USAGE, "%s: an id of a finding has 6 to 32 hexadecimal digits",
				       x->i->arguments[k + 2]);
	}
	if (load(x, x->i->arguments[1], &from, err) < 0 ||
	    campaign_split(x->store, &from, ids, n, user_name(x->a), clock_now_us(), x->a, &out, err) < 0)
		return err->code;
	print("%.8s: %lld finding%s, out of %.8s\n", out.public_id.p, (long long)out.findings, out.findings == 1 ? "" : "s",
	      from.public_id.p);
	return 0;
}

static const struct act {
	const char *word, *usage;
	int least, most; /* arguments, with the word */
	bool changes;
	int (*run)(const struct work *x, struct err *err);
} acts[] = {
	{ "list", "list", 1, 1, false, list },
	{ "show", "show ID", 2, 2, false, show },
	{ "merge", "merge ID INTO", 3, 3, true, merge },
	{ "split", "split ID FINDING...", 3, INT32_MAX, true, split },
};

static int act(const struct work *x, const struct act *its, struct err *err)
{
	if (!its->changes)
		return its->run(x, err);
	if (store_begin(x->store, err) < 0)
		return err->code;
	if (its->run(x, err) < 0) {
		store_rollback(x->store);
		return err->code;
	}
	return store_commit(x->store, err);
}

static int campaign_run(const struct invocation *i, struct err *err)
{
	const struct act *its = NULL;
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(store) store = NULL;

	for (size_t k = 0; k < sizeof(acts) / sizeof(acts[0]); k++)
		if (strcmp(i->arguments[0], acts[k].word) == 0)
			its = &acts[k];
	if (!config)
		return err->code;
	if (!its || i->n < its->least || i->n > its->most)
		return err_set(err, E_USAGE, "expected watchdesk campaign %s", its ? its->usage : "list, show, merge or split");
	store = store_open(&config->store, its->changes ? STORE_WRITE : STORE_READ, err);
	return store ? act(&(struct work){ i, store, a }, its, err) : err->code;
}

static const struct option_row options[] = {
	{ "least", "N", "of list: those of at least so many findings (1)" },
	{ "limit", "N", "of list: at most so many (50)" },
	{ 0 },
};

const struct verb verb_campaign = {
	.name = "campaign",
	.arguments = "list|show ID|merge ID INTO|split ID FINDING...",
	.summary = "findings that belong together, and who was first",
	.text = "Findings whose texts are nearly the same, or that name the same wallet, hidden service or account, are one "
		"campaign. "
		"show: its\nfindings in time, the first of all sites first, its contacts, and other campaigns that have one of "
		"these. "
		"merge: an operator\njoins two; what was told and who answers goes along. split: findings, and all that has "
		"the same "
		"text, become a campaign of\ntheir own. Both are in custody.",
	.options = options,
	.least = 1,
	.most = -1,
	.run = campaign_run,
};
