/* compose.c - the letters of the watch */
#include "desk/alert/compose.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mail_header.h"
#include "classify/severity.h"
#include "desk/alert/facts.h"
#include "desk/alert/sheet.h"
#include "store/quoted.h"
#include "web/xarf.h"

enum {
	REASON = 160, /* characters of the first sentence */
	TITLE = 160,
	NAME = 60,
	ADDRESS = 400,
	SAID = 300, /* of one reason */
	REASONS = 6,
	HITS = 8,
	QUOTE_LINES = 12,
	QUOTE_LINE = 240,
	NOTES = 40, /* sentences of a note, silent sources of a heartbeat */
};

/* Make both forms, and give it its manners. */
static void finish(struct sheet *s, const struct compose_manner *m, struct str subject, struct letter *out)
{
	AUTO(buf) text = BUF_INIT(LIMIT_LETTER / 4);
	AUTO(buf) html = BUF_INIT(LIMIT_LETTER / 2);
	struct str clean = mail_line(s->a, subject, LIMIT_SUBJECT), organisation = sheet_harmless(s->a, m->organisation, NAME);

	if (organisation.n)
		sheet_add(s, SHEET_SMALL, (struct str){ 0 },
			  arena_printf(s->a, "Sent by the watch of %.*s. Addresses are written so that nothing opens them.",
				       STR_ARG(organisation)));
	sheet_text(s, &text);
	if (m->format == COMPOSE_HTML)
		sheet_html(s, clean, &html);
	*out = (struct letter){
		.subject = clean,
		.text = arena_copy(s->a, buf_str(&text)),
		.html = html.n && !html.full ? arena_copy(s->a, buf_str(&html)) : (struct str){ 0 },
		.reply_to = m->reply_to,
		.list_id = m->list_id,
		.unsubscribe = m->unsubscribe,
		.facts = facts_put(s->a, &(struct facts){ .severity = s->severity }),
		.auto_submitted = true,
	};
}

static const char *time_of(int64_t at_us, char out[CLOCK_TEXT])
{
	clock_rfc3339(at_us, out);
	out[10] = ' ';
	snprintf(out + 16, CLOCK_TEXT - 16, " UTC");
	return out;
}

/* "critical violence: Example Pictures on smallpaste", for subjects and first lines. */
static struct str head_of(struct arena *a, const struct finding *f)
{
	struct str asset = mail_line(a, f->asset, NAME), source = mail_line(a, f->source, NAME);

	return arena_printf(a, "%s %.*s: %.*s%son %.*s", severity_name(f->severity), STR_ARG(f->category), STR_ARG(asset),
			    asset.n ? " " : "", STR_ARG(source));
}

/* A term of the severity without its points: "a veiled warning of mass violence: +12". */
static struct str without_points(struct str term)
{
	size_t n = term.n;

	while (n > 0 && (ascii_is_digit(term.p[n - 1]) || term.p[n - 1] == '+' || term.p[n - 1] == '-'))
		n--;
	return n > 2 && n < term.n && term.p[n - 1] == ' ' && term.p[n - 2] == ':' ? str_slice(term, 0, n - 2) : term;
}

/* Why it matters, in words: what was found, or, where nothing of the text may be told, what made it severe. */
static struct str reason_of(struct arena *a, const struct compose_facts *f)
{
	const struct finding_detail *d = f->detail;

	if (!f->manner.for_management && d->said.n_reasons)
		return sheet_harmless(a, d->said.reasons[0], REASON);
	if (d->n_terms)
		return sheet_harmless(a, without_points(d->terms[d->n_terms > 1]), REASON);
	return STR("see what is below");
}

static void add_lead(struct sheet *s, const struct compose_facts *f)
{
	const struct finding *row = &f->detail->finding;
	struct str asset = sheet_harmless(s->a, row->asset, NAME), reason = reason_of(s->a, f);
	struct str lead = arena_printf(s->a, "%s %.*s%s%.*s: %.*s", severity_name(row->severity), STR_ARG(row->category),
				       asset.n ? " about " : "", STR_ARG(asset), STR_ARG(reason));

	((char *)(uintptr_t)lead.p)[0] -= 'a' - 'A'; /* a sentence begins; the words are ours */
	sheet_add(s, SHEET_LEAD, (struct str){ 0 }, lead);
}

static void add_campaign(struct sheet *s, const struct compose_facts *f)
{
	int now = f->detail->finding.severity;

	if (f->raised_from)
		sheet_add(s, SHEET_FACT, STR("Campaign"),
			  arena_printf(s->a, "severity rose from %d (%s) to %d (%s)", f->raised_from,
				       severity_name(f->raised_from), now, severity_name(now)));
	if (f->repeats)
		sheet_add(s, SHEET_FACT, f->raised_from ? STR("") : STR("Campaign"),
			  arena_printf(s->a, "%lld more of the same since the last mail about it", (long long)f->repeats));
}

static void add_facts(struct sheet *s, const struct compose_facts *f)
{
	const struct finding *row = &f->detail->finding;
	char at[CLOCK_TEXT];

	sheet_add(s, SHEET_FACT, STR("Severity"),
		  arena_printf(s->a, "%d of 100, %s", row->severity, severity_name(row->severity)));
	if (row->reports)
		sheet_add(s, SHEET_FACT, STR("Mark"), STR(QUOTED_TOLD));
	add_campaign(s, f);
	if (!f->manner.for_management) {
		sheet_add_hostile(s, SHEET_FACT, STR("Title"), row->title, TITLE);
		sheet_add_hostile(s, SHEET_FACT, STR("Address"), row->url, ADDRESS);
		sheet_add_hostile(s, SHEET_FACT, STR("Author"), row->author, NAME);
	}
	sheet_add_hostile(s, SHEET_FACT, STR("Site"), row->source, NAME);
	if (row->posted_precision)
		sheet_add(s, SHEET_FACT, STR("Posted"),
			  arena_printf(s->a, "%s%s", time_of(row->posted_at, at),
				       row->posted_zone_known ? "" : " (zone assumed)"));
	sheet_add(s, SHEET_FACT, STR("Found"), arena_copy(s->a, str_of(time_of(row->found_at, at))));
	sheet_add_hostile(s, SHEET_FACT, STR("Has it"), f->assigned, NAME);
}

static void add_reasons(struct sheet *s, const struct finding_detail *d, bool for_management)
{
	if (d->n_terms)
		sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("Why this severity"));
	for (size_t i = 0; i < d->n_terms && i < REASONS; i++)
		sheet_add_hostile(s, SHEET_ITEM, (struct str){ 0 }, d->terms[i], SAID);
	if (for_management)
		return;
	if (d->said.n_reasons)
		sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("What was found"));
	for (size_t i = 0; i < d->said.n_reasons && i < REASONS; i++)
		sheet_add_hostile(s, SHEET_ITEM, (struct str){ 0 }, d->said.reasons[i], SAID);
}

static void add_values(struct sheet *s, const struct finding_detail *d)
{
	if (d->said.n_hits)
		sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("Values (masked)"));
	for (size_t i = 0; i < d->said.n_hits && i < HITS; i++) {
		const struct stored_hit *h = &d->said.hits[i];
		struct str label = sheet_harmless(s->a, h->label, NAME), masked = sheet_harmless(s->a, h->masked, NAME);

		sheet_add(s, SHEET_ITEM, (struct str){ 0 }, arena_printf(s->a, "%.*s: %.*s", STR_ARG(label), STR_ARG(masked)));
	}
	if (d->said.n_hits > HITS)
		sheet_add(s, SHEET_ITEM, (struct str){ 0 }, arena_printf(s->a, "and %zu more", d->said.n_hits - HITS));
	if (d->text.n)
		sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("What it says (masked)"));
	sheet_quote(s, d->text, QUOTE_LINES, QUOTE_LINE);
}

static void add_commands(struct sheet *s, const struct compose_facts *f)
{
	struct str id = str_slice(f->detail->finding.public_id, 0, 8);

	sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("What to do next"));
	if (f->acknowledge)
		sheet_add(s, SHEET_COMMAND, arena_printf(s->a, "watchdesk alert ack %.*s", STR_ARG(id)),
			  STR("you have it: nobody else is called"));
	sheet_add(s, SHEET_COMMAND, arena_printf(s->a, "watchdesk show %.*s", STR_ARG(id)), STR("all there is to know"));
	sheet_add(s, SHEET_COMMAND, arena_printf(s->a, "watchdesk mark %.*s confirmed", STR_ARG(id)),
		  STR("or false-positive, known, duplicate"));
	if (f->answer.n)
		sheet_add(s, SHEET_WORDS, (struct str){ 0 }, f->answer);
}

/* What a program reads of it: the same as the letter says, and no more. */
static void json_of(const struct compose_facts *f, struct buf *out)
{
	struct json_writer w = { .out = out };
	const struct finding *row = &f->detail->finding;
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", row->public_id);
	json_put_text(&w, "campaign", row->campaign);
	json_put_int(&w, "severity", row->severity);
	json_put_text(&w, "category", row->category);
	json_put_text(&w, "asset", row->asset);
	json_put_text(&w, "source", row->source);
	json_put_time(&w, "found_at", row->found_at);
	if (!f->manner.for_management) {
		json_put_text(&w, "title", row->title);
		json_put_text(&w, "author", row->author);
		json_put_text(&w, "url", row->url);
	}
	json_open(&w, "terms", '[');
	for (size_t i = 0; i < f->detail->n_terms && i < REASONS; i++)
		json_put_text(&w, NULL, f->detail->terms[i]);
	json_close(&w, ']');
	json_close(&w, '}');
}

/* As XARF where it can be said in it. */
static void attach(struct arena *a, const struct compose_facts *f, struct letter *out)
{
	AUTO(buf) json = BUF_INIT(LIMIT_LETTER / 4);
	const bool xarf = f->manner.format == COMPOSE_XARF && xarf_fits(f->detail);

	if (xarf)
		xarf_put(&json, &(struct xarf_report){ f->detail, f->manner.organisation, f->contact, f->exposure });
	else
		json_of(f, &json);
	buf_add_char(&json, '\n');
	if (json.full)
		return;
	out->attachments = arena_alloc(a, sizeof(*out->attachments));
	out->attachments[0] = (struct letter_attachment){ xarf ? STR("xarf.json") : STR("finding.json"),
							  STR("application/json"), arena_copy(a, buf_str(&json)) };
	out->n_attachments = 1;
}

void compose_finding(struct arena *a, const struct compose_facts *f, struct letter *out)
{
	const struct finding *row = &f->detail->finding;
	struct sheet s = { .a = a, .severity = row->severity };
	struct str title = mail_line(a, str_slice(row->title, 0, 4 * TITLE + 4), TITLE), head = head_of(a, row);
	bool named = title.n && !f->manner.for_management;
	struct facts about;

	add_lead(&s, f);
	add_facts(&s, f);
	add_reasons(&s, f->detail, f->manner.for_management);
	if (!f->manner.for_management)
		add_values(&s, f->detail);
	add_commands(&s, f);
	finish(&s, &f->manner,
	       arena_printf(a, "[watchdesk] %.*s%s%.*s", STR_ARG(head), named ? ": " : "", named ? (int)title.n : 0, title.p),
	       out);
	if (row->campaign.n)
		out->references = arena_printf(a, "campaign.%.*s", STR_ARG(row->campaign));
	about = facts_of(a, f->detail, !f->manner.for_management);
	out->facts = facts_put(a, &about);
	if (f->manner.format >= COMPOSE_JSON)
		attach(a, f, out);
}

/* One finding, and how many more of it there are. */
static void add_line(struct sheet *s, const struct compose_digest *d, size_t i)
{
	const struct finding *f = &d->findings[i];
	struct str title = d->manner.for_management ? (struct str){ 0 } : sheet_harmless(s->a, f->title, NAME);
	struct str head = sheet_defang(s->a, head_of(s->a, f)), more = { 0 };

	if (d->repeats && d->repeats[i])
		more = arena_printf(s->a, ", and %lld more of it", (long long)d->repeats[i]);
	sheet_add(s, SHEET_ITEM, (struct str){ 0 },
		  arena_printf(s->a, "%d %.*s%s%.*s%.*s (watchdesk show %.8s)", f->severity, STR_ARG(head), title.n ? ": " : "",
			       STR_ARG(title), STR_ARG(more), f->public_id.n >= 8 ? f->public_id.p : "--------"));
}

void compose_digest(struct arena *a, const struct compose_digest *d, struct letter *out)
{
	struct sheet s = { .a = a, .severity = d->n ? d->findings[0].severity : -1 };
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	struct str why = mail_line(a, d->why, TITLE);
	const char *noun = d->total == 1 ? "finding" : "findings";

	sheet_add(&s, SHEET_LEAD, (struct str){ 0 }, arena_printf(a, "%lld %s, %.*s", (long long)d->total, noun, STR_ARG(why)));
	sheet_add(&s, SHEET_FACT, STR("From"), arena_copy(a, str_of(time_of(d->from, from))));
	sheet_add(&s, SHEET_FACT, STR("To"), arena_copy(a, str_of(time_of(d->to, to))));
	sheet_add(&s, SHEET_HEADING, (struct str){ 0 }, STR("The most severe first"));
	for (size_t i = 0; i < d->n; i++) {
		if (d->n_known && i == d->n - d->n_known)
			sheet_add(&s, SHEET_HEADING, (struct str){ 0 }, STR("Told before, and seen again"));
		add_line(&s, d, i);
	}
	if (d->total > (int64_t)d->n)
		sheet_add(&s, SHEET_WORDS, (struct str){ 0 },
			  arena_printf(a, "%lld more, repeats among them: `watchdesk list` shows all.",
				       (long long)(d->total - (int64_t)d->n)));
	finish(&s, &d->manner, arena_printf(a, "[watchdesk] %lld %s: %.*s", (long long)d->total, noun, STR_ARG(why)), out);
}

void compose_heartbeat(struct arena *a, const struct compose_heartbeat *h, struct letter *out)
{
	struct sheet s = { .a = a, .severity = -1 };
	char from[CLOCK_TEXT], to[CLOCK_TEXT];
	bool whole = h->n_silent == 0 && h->dead == 0;

	sheet_add(&s, SHEET_LEAD, (struct str){ 0 },
		  whole ? STR("The watch is whole.")
			: arena_printf(a,
				       "The watch runs, but %zu of %lld sources are silent and %lld letters could not be sent.",
				       h->n_silent, (long long)h->sources, (long long)h->dead));
	sheet_add(&s, SHEET_FACT, STR("From"), arena_copy(a, str_of(time_of(h->from, from))));
	sheet_add(&s, SHEET_FACT, STR("To"), arena_copy(a, str_of(time_of(h->to, to))));
	sheet_add(&s, SHEET_FACT, STR("Posts"), arena_printf(a, "%lld new", (long long)h->posts));
	sheet_add(&s, SHEET_FACT, STR("Findings"), arena_printf(a, "%lld new", (long long)h->findings));
	sheet_add(&s, SHEET_FACT, STR("Sources"),
		  arena_printf(a, "%lld watched, %zu silent", (long long)h->sources, h->n_silent));
	sheet_add(&s, SHEET_FACT, STR("Outbox"),
		  arena_printf(a, "%lld wait, %lld dead", (long long)h->waiting, (long long)h->dead));
	sheet_add_hostile(&s, SHEET_FACT, STR("Custody"), h->custody_head, 64);
	if (h->n_silent)
		sheet_add(&s, SHEET_HEADING, (struct str){ 0 }, STR("Silent sources"));
	for (size_t i = 0; i < h->n_silent && i < NOTES; i++)
		sheet_add_hostile(&s, SHEET_ITEM, (struct str){ 0 }, h->silent[i], SAID);
	if (h->n_clocks)
		sheet_add(&s, SHEET_HEADING, (struct str){ 0 }, STR("How fast it was"));
	for (size_t i = 0; i < h->n_clocks && i < NOTES; i++)
		sheet_add_hostile(&s, SHEET_ITEM, (struct str){ 0 }, h->clocks[i], SAID);
	sheet_add(&s, SHEET_WORDS, (struct str){ 0 },
		  STR("If this mail does not come one day, the watch has stopped: somebody has to look."));
	finish(&s, &h->manner,
	       arena_printf(a, "[watchdesk] %s: %lld posts, %lld findings, %zu sources silent",
			    whole ? "the watch is whole" : "the watch needs a look", (long long)h->posts,
			    (long long)h->findings, h->n_silent),
	       out);
}

void compose_note(struct arena *a, const struct compose_manner *m, struct str subject, const struct str *sentences, size_t n,
		  struct letter *out)
{
	struct sheet s = { .a = a, .severity = -1 };
	struct str line = mail_line(a, subject, LIMIT_SUBJECT);

	sheet_add_hostile(&s, SHEET_LEAD, (struct str){ 0 }, n ? sentences[0] : subject, SAID);
	for (size_t i = 1; i < n && i < NOTES; i++)
		sheet_add_hostile(&s, SHEET_WORDS, (struct str){ 0 }, sentences[i], SAID);
	if (s.n == 0) /* a letter has a text */
		sheet_add(&s, SHEET_LEAD, (struct str){ 0 }, STR("(no words)"));
	finish(&s, m, arena_printf(a, "[watchdesk] %.*s", STR_ARG(line)), out);
}
