/* show.c - `watchdesk show`: one finding with its reasons */
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/around.h"
#include "desk/playbook.h"
#include "desk/unmask.h"
#include "desk/verb.h"
#include "store/duty.h"
#include "store/finding.h"
#include "store/purge.h"
#include "store/quoted.h"

static void texts_json(struct json_writer *w, const char *key, const struct str *texts, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		json_put_text(w, NULL, texts[i]);
	json_close(w, ']');
}

static void hits_json(struct json_writer *w, const struct finding_detail *d)
{
	json_open(w, "hits", '[');
	for (size_t i = 0; i < d->said.n_hits; i++) {
		const struct stored_hit *h = &d->said.hits[i];

		json_open(w, NULL, '{');
		json_put_text(w, "rule", h->rule);
		json_put_text(w, "label", h->label);
		json_put_int(w, "layer", h->layer);
		json_put_int(w, "start", h->start);
		json_put_int(w, "end", h->end);
		json_put_text(w, "masked", h->masked);
		json_put_text(w, "confidence", str_of(confidence_names[h->confidence]));
		json_put_text(w, "why", h->why);
		json_put_text(w, "asset", h->asset);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* What the desk has with a finding, besides what was found. */
struct about {
	struct str duty;
	struct str purged_by; /* the rule; empty while its text is there */
	int64_t purged_at;
	struct playbook_facts facts;
	struct tick *ticks; /* what of the playbooks was done */
	size_t n_ticks;
};

static void detail_json(const struct finding_detail *d, const struct unmasked *u, const struct about *x)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	const struct finding *f = &d->finding;
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", f->public_id);
	json_put_int(&w, "severity", f->severity);
	json_open(&w, "categories", '{');
	json_put_real(&w, "violence", f->violence);
	json_put_real(&w, "extortion", f->extortion);
	json_put_real(&w, "leak", f->leak);
	json_put_real(&w, "dox", f->dox);
	json_close(&w, '}');
	json_put_text(&w, "asset", f->asset);
	json_put_text(&w, "language", f->language);
	json_put_text(&w, "source", f->source);
	json_put_text(&w, "key", d->key);
	json_put_text(&w, "title", f->title);
	json_put_text(&w, "author", f->author);
	json_put_text(&w, "author_id", d->author_id);
	json_put_text(&w, "edited", d->edited);
	json_put_text(&w, "url", f->url);
	json_put_text(&w, "verdict", f->verdict);
	json_put_text(&w, "duty", x->duty);
	if (x->purged_by.n) {
		json_put_text(&w, "purged_by", x->purged_by);
		json_put_time(&w, "purged_at", x->purged_at);
	}
	json_put_bool(&w, "reports", f->reports);
	if (quoted_finding(d->said.reasons, d->said.n_reasons).n)
		json_put_text(&w, "quotes", quoted_finding(d->said.reasons, d->said.n_reasons));
	if (f->posted_precision)
		json_put_time(&w, "posted_at", f->posted_at);
	json_put_time(&w, "found_at", f->found_at);
	json_put_time(&w, "last_seen", f->last_seen);
	json_put_int(&w, "revisions", d->revisions);
	texts_json(&w, "terms", d->terms, d->n_terms);
	texts_json(&w, "reasons", d->said.reasons, d->said.n_reasons);
	hits_json(&w, d);
	playbook_put(&w, &x->facts, x->ticks, x->n_ticks);
	json_put_text(&w, "text", d->text);
	if (u->evidence.n) {
		json_put_text(&w, "unmasked", u->text);
		json_put_text(&w, "unmasked_from", u->evidence);
		json_put_time(&w, "unmasked_at", u->at);
	}
	json_close(&w, '}');
	print_json(&out);
}

static void line(const char *name, struct str value)
{
	if (value.n == 0)
		return;
	print("%s%-10s%s ", style("2"), name, style(""));
	print_text(value, false, 0);
	print("\n");
}

static void sentences(const char *title, const struct str *texts, size_t n)
{
	if (n == 0)
		return;
	print("\n%s%s%s\n", style("1"), title, style(""));
	for (size_t i = 0; i < n; i++) {
		print("  - ");
		print_text(texts[i], false, 0);
		print("\n");
	}
}

static void detail_print(const struct finding_detail *d, const struct unmasked *u, const struct about *x, struct arena *a)
{
	const struct finding *f = &d->finding;
	char at[32];

	print("%s%d %s%s  ", style("1"), f->severity, severity_name(f->severity), style(""));
	print_text(f->title.n ? f->title : f->url, false, 0);
	print("\n\n");
	line("id", f->public_id);
	line("category", f->category);
	line("scores",
	     arena_printf(a, "violence %.2f, extortion %.2f, leak %.2f, dox %.2f", f->violence, f->extortion, f->leak, f->dox));
	line("mark", f->reports ? STR(QUOTED_TOLD) : STR(""));
	line("quotes", quoted_finding(d->said.reasons, d->said.n_reasons));
	line("asset", around_was_inferred(d->said.reasons, d->said.n_reasons)
			      ? arena_printf(a, "%.*s (inferred, the text does not name it)", STR_ARG(f->asset))
			      : f->asset);
	line("language", f->language);
	line("source", f->source);
	line("author",
	     d->author_id.n ? arena_printf(a, "%.*s (%.*s there)", STR_ARG(f->author), STR_ARG(d->author_id)) : f->author);
	line("edited", d->edited);
	line("address", f->url);
	if (f->posted_precision)
		line("posted",
		     arena_printf(a, "%s UTC%s", print_time(f->posted_at, at), f->posted_zone_known ? "" : " (zone assumed)"));
	line("found", arena_printf(a, "%s UTC", print_time(f->found_at, at)));
	line("last seen", arena_printf(a, "%s UTC", print_time(f->last_seen, at)));
	line("verdict", f->verdict);
	line("duty", x->duty);
	if (x->purged_by.n)
		line("purged", arena_printf(a, "%s UTC by %.*s: text, author and title are gone", print_time(x->purged_at, at),
					    STR_ARG(x->purged_by)));
	sentences("Why this severity", d->terms, d->n_terms);
	sentences("What was found", d->said.reasons, d->said.n_reasons);
	playbook_show(&x->facts, x->ticks, x->n_ticks);
	if (d->said.n_hits)
		print("\n%sHits%s\n", style("1"), style(""));
	for (size_t i = 0; i < d->said.n_hits; i++) {
		const struct stored_hit *h = &d->said.hits[i];

		print("  ");
		print_text(h->label, false, 32);
		print("  %-6s  ", confidence_names[h->confidence]);
		print_text(h->masked, false, 0);
		print("\n");
	}
	if (u->evidence.n)
		print("\n%sText with its secrets, as captured %s UTC (evidence %.8s)%s\n", style("1"), print_time(u->at, at),
		      u->evidence.p, style(""));
	else
		print("\n%sText (masked)%s\n", style("1"), style(""));
	print_text(u->evidence.n ? u->text : d->text, true, 0);
	print("\n");
}

static int unmask_noted(const struct invocation *i, struct store *s, const struct finding_detail *d, struct arena *a,
			struct unmasked *out, struct err *err)
{
	AUTO(seal_private) key = { 0 };
	const struct unmask_act act = { .operator_name = user_name(a), .now = clock_now_us() };

	if (seal_private_read(store_folder(s), option_of(i, "key"), &key, err) < 0)
		return err->code;
	return unmask(s, &key, &d->finding, &act, a, out, err);
}

/* Load it, open it when that is asked for, and print it. Its arena goes with it: a text can have megabytes. */
static int show_one(const struct invocation *i, const struct config *config, struct store *store, const char *id,
		    struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct finding_detail detail;
	struct unmasked unmasked = { 0 };
	struct about about = { 0 };
	int found = finding_load(store, str_of(id), a, &detail, err);

	if (found < 0)
		return found;
	if (found == 0)
		return err_set(err, E_USAGE, "no finding has the id %.40s; `watchdesk list` shows them", id);
	if (option_of(i, "unmask") && unmask_noted(i, store, &detail, a, &unmasked, err) < 0)
		return err->code;
	if (duty_words(store, detail.finding.id, a, &about.duty, err) < 0 ||
	    purge_of(store, detail.finding.revision_id, a, &about.purged_at, &about.purged_by, err) < 0)
		return err->code;
	about.facts = (struct playbook_facts){ .all = config->playbooks, .finding = &detail, .now = clock_now_us() };
	if (finding_aware(store, detail.finding.id, &about.facts.first_aware_at, about.facts.text, err) < 0 ||
	    tick_list(store, detail.finding.id, a, &about.ticks, &about.n_ticks, err) < 0)
		return err->code;
	if (i->json)
		detail_json(&detail, &unmasked, &about);
	else
		detail_print(&detail, &unmasked, &about, a);
	return 0;
}

static int show_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	const enum store_mode mode = option_of(i, "unmask") ? STORE_WRITE : STORE_READ;
	AUTO_FREE(store) store = config ? store_open(&config->store, mode, err) : NULL;

	if (!store)
		return err->code;
	for (int k = 0; k < i->n; k++) {
		if (k && !i->json)
			print("\n%s\n\n", "--------------------------------------------------------------------------------");
		if (show_one(i, config, store, i->arguments[k], err) < 0)
			return err->code;
	}
	return 0;
}

static const struct option_row options[] = {
	{ "unmask", NULL, "show the text with its secrets, out of the sealed capture; that leaves an entry in custody" },
	{ "key", "FILE", "the private half of the evidence key, when it is not in the store's folder" },
	{ 0 },
};

const struct verb verb_show = {
	.name = "show",
	.arguments = "ID...",
	.summary = "show findings with their reasons",
	.text = "Shows what is known of a finding: scores, the terms of its severity, what fired and why, and its text with "
		"secrets masked.\n"
		"ID is its id or the first six digits or more of it. --unmask needs the private half of the evidence key.",
	.options = options,
	.least = 1,
	.most = -1,
	.run = show_run,
};
