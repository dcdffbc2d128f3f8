/* duty_letter.c - the mail that asks somebody to answer a finding */
#include "desk/alert/duty_letter.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/mail_header.h"
#include "classify/severity.h"
#include "desk/alert/facts.h"
#include "desk/alert/sheet.h"

enum { NAME = 60, ADDRESS = 400, TERM = 300, TERMS = 8 }; /* characters; terms of the severity */
enum { WHAT = 60, TITLE = 50 }; /* characters of the subject, at the end of which the token stands: LIMIT_SUBJECT */

static struct str what(const struct finding *f, struct arena *a)
{
	return arena_printf(a, "%s %.*s%s%.*s on %.*s", severity_name(f->severity), STR_ARG(f->category),
			    f->asset.n ? ": " : "", STR_ARG(f->asset), STR_ARG(f->source));
}

static struct str minute(int64_t at, struct arena *a)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at, text);
	return arena_printf(a, "%.10s %.5s UTC", text, text + 11);
}

/* Why this person gets it. */
static void add_reason(struct sheet *s, const struct duty_facts *f)
{
	const struct finding *its = &f->finding->finding;

	sheet_add(s, SHEET_LEAD, (struct str){ 0 },
		  arena_printf(s->a, "Somebody has to answer this: %.*s",
			       STR_ARG(sheet_harmless(s->a, what(its, s->a), 3 * NAME))));
	if (f->asked_before.n)
		sheet_add(s, SHEET_WORDS, (struct str){ 0 },
			  arena_printf(s->a, "%.*s was asked at %.*s and has not answered; you are number %zu.",
				       STR_ARG(f->asked_before), STR_ARG(minute(f->asked_before_at, s->a)), f->step));
}

static void add_facts(struct sheet *s, const struct duty_facts *f)
{
	const struct finding *its = &f->finding->finding;

	sheet_add(s, SHEET_FACT, STR("Severity"),
		  arena_printf(s->a, "%d of 100, %s", its->severity, severity_name(its->severity)));
	sheet_add_hostile(s, SHEET_FACT, STR("Title"), its->title, TERM);
	sheet_add_hostile(s, SHEET_FACT, STR("Address"), its->url, ADDRESS);
	sheet_add(s, SHEET_FACT, STR("Seen"), minute(its->first_seen, s->a));
	sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("Why this severity"));
	for (size_t i = 0; i < f->finding->n_terms && i < TERMS; i++)
		sheet_add_hostile(s, SHEET_ITEM, (struct str){ 0 }, f->finding->terms[i], TERM);
}

static void add_what_to_do(struct sheet *s, const struct duty_facts *f)
{
	struct str id = str_slice(f->finding->finding.public_id, 0, 8);

	sheet_add(s, SHEET_HEADING, (struct str){ 0 }, STR("Say that you have it"));
	if (f->link.n) {
		sheet_add(s, SHEET_WORDS, (struct str){ 0 }, STR("Open this and press the button; or"));
		sheet_add(s, SHEET_LINK, f->link, STR("I have it"));
	}
	if (f->token.n)
		sheet_add(s, SHEET_WORDS, (struct str){ 0 }, STR("Answer this mail with any words and keep its subject; or"));
	sheet_add(s, SHEET_COMMAND, arena_printf(s->a, "watchdesk alert ack %.*s --as \"%.*s\"", STR_ARG(id), STR_ARG(f->name)),
		  STR("and nobody else is asked"));
	sheet_add(s, SHEET_COMMAND, arena_printf(s->a, "watchdesk show %.*s", STR_ARG(id)), STR("all there is to know"));
	if (f->next.n)
		sheet_add(s, SHEET_WORDS, (struct str){ 0 },
			  arena_printf(s->a, "If nobody has until %.*s, %.*s is asked.", STR_ARG(minute(f->next_at, s->a)),
				       STR_ARG(f->next)));
	if (f->token.n)
		sheet_add(s, SHEET_SMALL, (struct str){ 0 }, f->token);
}

void duty_letter(const struct duty_facts *f, struct arena *a, struct letter *out)
{
	const struct finding *its = &f->finding->finding;
	struct str subject = arena_printf(a, "[watchdesk] ANSWER %.*s: %.*s%s%.*s", STR_ARG(mail_line(a, what(its, a), WHAT)),
					  STR_ARG(mail_line(a, its->title, TITLE)), f->token.n ? " " : "", STR_ARG(f->token));
	struct sheet s = { .a = a, .severity = its->severity };
	AUTO(buf) text = BUF_INIT(LIMIT_LETTER / 4);
	AUTO(buf) html = BUF_INIT(LIMIT_LETTER / 2);
	struct facts about = facts_of(a, f->finding, true);

	add_reason(&s, f);
	add_facts(&s, f);
	add_what_to_do(&s, f);
	sheet_text(&s, &text);
	sheet_html(&s, subject, &html);
	about.for_whom = sheet_harmless(a, f->name, NAME);
	about.step = (int64_t)f->step;
	about.link = f->link;
	*out = (struct letter){
		.subject = subject,
		.text = arena_copy(a, buf_str(&text)),
		.html = html.full ? (struct str){ 0 } : arena_copy(a, buf_str(&html)),
		.references = its->campaign.n ? arena_printf(a, "campaign.%.*s", STR_ARG(its->campaign)) : (struct str){ 0 },
		.facts = facts_put(a, &about),
		.auto_submitted = true,
	};
}

void duty_answered_letter(const struct duty_unheard *u, struct arena *a, struct letter *out)
{
	struct str name = sheet_harmless(a, u->name, NAME), finding = str_slice(u->finding, 0, 8);
	const struct facts about = { .severity = -1, .finding = u->finding, .for_whom = name, .answers = u->message };

	*out = (struct letter){
		.subject = arena_printf(a, "[watchdesk] %.*s has it: finding %.*s", STR_ARG(name), STR_ARG(finding)),
		.text = arena_printf(a, "%.*s has finding %.*s. Nobody else is asked.\n", STR_ARG(name), STR_ARG(finding)),
		.facts = facts_put(a, &about),
		.auto_submitted = true,
	};
}
