/* view.c - what a shift sees */
#include "desk/triage/view.h"

#include <string.h>

#include "base/clock.h"
#include "desk/triage/body.h"
#include "desk/triage/shown.h"

static const char help[] =
	"c  confirmed          f  false positive\n"
	"k  known              d  duplicate\n"
	"u  take the last act back, and the one before\n"
	"a  I have it          g  give it to somebody\n"
	"t  open a takedown    m  mute a rule here\n"
	"n  next   p  previous   Enter  open   q  back\n"
	"arrows, page keys, space: along the list or text\n"
	"/  filter             r  read anew\n"
	"\n"
	"In the list: ! somebody has to answer it and nobody has; @ somebody has it; c f k d what it was judged to be. "
	"Marked in a text is what rules and words hit. Signs that a terminal would obey are shown as ^[ or <U+202E>.\n"
	"Nothing is overwritten that you have not seen: when somebody was there first you are told, and the next press "
	"counts. Each act is kept at once, in custody too; so is each that takes one back.";

static const char keys[] = "c confirm f false k known d dup a ack g give t takedown m mute u undo n next ?";

static struct str age(int64_t us, struct arena *a)
{
	static const struct {
		int64_t from, unit;
		char name;
	} units[] = { { 172800, 86400, 'd' }, { 7200, 3600, 'h' }, { 120, 60, 'm' } };
	const int64_t s = us > 0 ? us / 1000000 : 0;

	for (size_t i = 0; i < 3; i++)
		if (s >= units[i].from)
			return arena_printf(a, "%3lld%c", (long long)(s / units[i].unit), units[i].name);
	return arena_printf(a, "%3llds", (long long)s);
}

static struct str minute(int64_t at_us, struct arena *a)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at_us, text);
	return arena_printf(a, "%.10s %.5s UTC", text, text + 11);
}

/* ! @ and the verdict's letter. */
static struct str flags(const struct queue_state *s, struct arena *a)
{
	return arena_printf(a, "%c%c",
			    s->holder.n				 ? '@'
			    : s->has_duty && !s->acknowledged_at ? '!'
								 : ' ',
			    str_eq(s->verdict, STR("none")) ? ' '
			    : s->verdict.n		    ? s->verdict.p[0]
							    : ' ');
}

/* A row as wide as there is room: title always, then severity, age and flags, category, asset, source, who has it. */
static struct str row_text(const struct queue_row *r, int columns, int64_t now, struct arena *a)
{
	struct str line = arena_printf(a, "%3d ", r->state.severity);

	if (columns >= 40)
		line = arena_printf(a, "%.*s%.*s ", STR_ARG(line), STR_ARG(shown_cell(a, r->category, 9)));
	line = arena_printf(a, "%.*s%.*s %.*s ", STR_ARG(line), STR_ARG(age(now - r->found_at, a)),
			    STR_ARG(flags(&r->state, a)));
	if (columns >= 60)
		line = arena_printf(a, "%.*s%.*s ", STR_ARG(line),
				    STR_ARG(shown_cell(a, r->asset.n ? r->asset : STR("-"), 15)));
	if (columns >= 76)
		line = arena_printf(a, "%.*s%.*s ", STR_ARG(line), STR_ARG(shown_cell(a, r->source, 10)));
	if (columns >= 100)
		line = arena_printf(a, "%.*s%.*s ", STR_ARG(line), STR_ARG(shown_cell(a, r->state.holder, 12)));
	return arena_printf(a, "%.*s%.*s", STR_ARG(line), STR_ARG(shown_line(a, r->title, columns - shown_columns(line))));
}

/* What the filter lets through, "" when that is what is not judged. */
static struct str filter_words(const struct triage *t, struct arena *a)
{
	const struct queue_filter *f = &t->filter;
	struct str out = f->verdict.n ? f->verdict : STR("any");

	out = str_eq(out, STR("none")) ? STR("not judged") : out;
	if (f->least_severity)
		out = arena_printf(a, "%.*s, severity %d+", STR_ARG(out), f->least_severity);
	if (f->category.n)
		out = arena_printf(a, "%.*s, %.*s", STR_ARG(out), STR_ARG(f->category));
	if (f->asset.n)
		out = arena_printf(a, "%.*s, about %.*s", STR_ARG(out), STR_ARG(f->asset));
	if (f->source.n)
		out = arena_printf(a, "%.*s, of %.*s", STR_ARG(out), STR_ARG(f->source));
	if (f->unanswered)
		out = arena_printf(a, "%.*s, unanswered", STR_ARG(out));
	return out;
}

static void bar(struct body *b, struct str text)
{
	body_line(b, LOOK_BAR, shown_cell(b->a, text, b->columns));
}

/* ---- a finding ---- */

static void field(struct body *b, const char *name, struct str value)
{
	if (value.n)
		body_text(b, 0, arena_printf(b->a, "%-9s %.*s", name, STR_ARG(value)), NULL);
}

static void sentences(struct body *b, const char *title, const struct str *texts, size_t n)
{
	if (n == 0)
		return;
	body_heading(b, title);
	for (size_t i = 0; i < n; i++)
		body_text(b, 2, texts[i], NULL);
}

static void head(struct body *b, const struct triage_sheet *s)
{
	const struct finding *f = &s->detail.finding;
	const struct queue_state *is = &s->state;

	body_text(b, 0, f->title.n ? f->title : f->url, NULL);
	field(b, "id", f->public_id);
	field(b, "source", f->source);
	field(b, "author", f->author);
	field(b, "address", f->url);
	field(b, "posted", f->posted_precision ? minute(f->posted_at, b->a) : STR(""));
	field(b, "found", minute(f->found_at, b->a));
	field(b, "language", f->language);
	field(b, "asset", f->asset);
	field(b, "scores",
	      arena_printf(b->a, "violence %.2f, extortion %.2f, leak %.2f, dox %.2f", f->violence, f->extortion, f->leak,
			   f->dox));
	field(b, "mark", f->reports ? STR("reports or quotes a threat") : STR(""));
	field(b, "verdict",
	      is->verdict_id ? arena_printf(b->a, "%.*s, by %.*s at %.*s", STR_ARG(is->verdict), STR_ARG(is->judged_by),
					    STR_ARG(minute(is->judged_at, b->a)))
			     : STR("none yet"));
	field(b, "duty", s->duty);
	for (size_t i = 0; i < s->n_takedowns; i++)
		field(b, "takedown",
		      arena_printf(b->a, "%.8s, %.*s, %.*s, by %.*s", s->takedowns[i].public_id.p,
				   STR_ARG(s->takedowns[i].grounds), STR_ARG(s->takedowns[i].state),
				   STR_ARG(s->takedowns[i].operator_name)));
}

static void hits(struct body *b, const struct triage_sheet *s)
{
	if (s->detail.said.n_hits)
		body_heading(b, "Hits");
	for (size_t i = 0; i < s->detail.said.n_hits && i < 20; i++) {
		const struct stored_hit *h = &s->detail.said.hits[i];

		body_text(b, 2,
			  arena_printf(b->a, "%.*s (%.*s): %.*s", STR_ARG(h->label), STR_ARG(h->rule), STR_ARG(h->masked)),
			  NULL);
	}
	for (size_t i = 0; i < s->n_rules && i < 9; i++)
		body_text(b, 2,
			  arena_printf(b->a, "rule %zu: %.*s%s", i + 1, STR_ARG(s->rules[i]), s->muted[i] ? " (muted)" : ""),
			  NULL);
}

static void parts(struct body *b, const struct triage_sheet *s)
{
	const struct str text = s->detail.text;

	if (s->detail.said.n_parts)
		body_heading(b, "Parts");
	for (size_t i = 0; i < s->detail.said.n_parts && i < 20; i++) {
		const struct stored_part *p = &s->detail.said.parts[i];
		const struct str words = p->layer ? STR("(in what was encoded)")
						  : str_slice(text, (size_t)p->start, (size_t)p->end);

		body_line(b, LOOK_PLAIN,
			  arena_printf(b->a, "  %-12.*s %.*s", STR_ARG(p->part), STR_ARG(str_slice(words, 0, 200))));
	}
}

static void similar(struct body *b, const struct triage_sheet *s)
{
	int64_t text = 0;

	if (s->n_similar < 2)
		return;
	body_heading(b, "Campaign");
	body_text(b, 2,
		  arena_printf(b->a, "%.8s \"%.*s\": %lld findings, %lld texts, %lld sources", s->campaign.public_id.p,
			       STR_ARG(s->campaign.name), (long long)s->campaign.findings, (long long)s->campaign.texts,
			       (long long)s->campaign.sources),
		  NULL);
	for (size_t i = 0; i < s->n_similar; i++)
		if (s->similar[i].id == s->detail.finding.id)
			text = s->similar[i].text;
	for (size_t i = 0; i < s->n_similar; i++) {
		const struct campaign_finding *f = &s->similar[i];

		if (f->id != s->detail.finding.id)
			body_line(b, LOOK_PLAIN,
				  arena_printf(b->a, "  %.8s %3d %-14.*s %.*s %s%.*s", f->public_id.p, f->severity,
					       STR_ARG(f->verdict), STR_ARG(minute(f->at, b->a)),
					       f->text == text ? "the same text, " : "", STR_ARG(f->source)));
	}
}

/* Mark bytes of what is shown, from `start` to `end`. */
static void mark(unsigned char *looks, size_t n, int64_t start, int64_t end, enum view_look look)
{
	for (int64_t i = start < 0 ? 0 : start; i < end && i < (int64_t)n; i++)
		looks[i] = (unsigned char)look;
}

static void text(struct body *b, const struct triage_sheet *s)
{
	size_t n = s->detail.text.n < LIMIT_SHOWN ? s->detail.text.n : LIMIT_SHOWN;
	const struct stored_assessment *said = &s->detail.said;
	unsigned char *looks = arena_alloc(b->a, n + 1);

	while (n < s->detail.text.n && n > 0 && ((unsigned char)s->detail.text.p[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; i < said->n_parts; i++)
		if (said->parts[i].layer == 0 && !str_eq(said->parts[i].part, STR("report")))
			mark(looks, n, said->parts[i].start, said->parts[i].end, LOOK_STRONG);
	for (size_t i = 0; i < said->n_hits; i++)
		if (said->hits[i].layer == 0)
			mark(looks, n, said->hits[i].start, said->hits[i].end, LOOK_MARK);
	body_heading(b, "Text (masked)");
	body_text(b, 0, str_slice(s->detail.text, 0, n), looks);
	if (n < s->detail.text.n)
		body_line(b, LOOK_STRONG,
			  arena_printf(b->a, "%zu bytes more: `watchdesk show %.8s`", s->detail.text.n - n,
				       s->detail.finding.public_id.p));
}

static void finding_body(struct body *b, const struct triage_sheet *s)
{
	head(b, s);
	sentences(b, "Why this severity", s->detail.terms, s->detail.n_terms);
	sentences(b, "What was found", s->detail.said.reasons, s->detail.said.n_reasons);
	similar(b, s);
	hits(b, s);
	parts(b, s);
	text(b, s);
}

/* ---- the whole screen ---- */

static struct str rules_words(const struct triage_sheet *s, struct arena *a)
{
	struct str out = STR("mute here which rule?");

	for (size_t i = 0; s && i < s->n_rules && i < 9; i++)
		out = arena_printf(a, "%.*s %zu %.*s", STR_ARG(out), i + 1, STR_ARG(s->rules[i]));
	return out;
}

static struct str grounds_words(struct arena *a)
{
	struct str out = STR("a takedown on which grounds?");

	for (int i = 0; i < TAKEDOWN_GROUNDS; i++)
		out = arena_printf(a, "%.*s %c %s", STR_ARG(out), takedown_grounds[i].key, takedown_grounds[i].words);
	return out;
}

/* What the last line says: the question, else the keys. */
static struct str foot(const struct triage *t, struct arena *a)
{
	switch (t->question) {
	case ASK_NOTHING:
		return t->page == PAGE_HELP ? STR("any key goes back") : str_of(keys);
	case ASK_FILTER:
		return STR("filter: s severity c category v verdict u unanswered a asset o source x clear");
	case ASK_ASSET:
		return arena_printf(a, "about which asset? %s_", t->typed);
	case ASK_SOURCE:
		return arena_printf(a, "of which source? %s_", t->typed);
	case ASK_NAME:
		return arena_printf(a, "who has it now? %s_", t->typed);
	case ASK_GROUNDS:
		return grounds_words(a);
	case ASK_RULE:
		return rules_words(t->sheet, a);
	}
	return STR("");
}

static struct str title(const struct triage *t, struct arena *a)
{
	const struct finding *f = t->sheet ? &t->sheet->detail.finding : NULL;

	if (t->page == PAGE_HELP)
		return STR("watchdesk triage: keys");
	if (t->page == PAGE_FINDING && f)
		return arena_printf(a, "%d %s  %.*s  %.*s  (%zu of %zu)", t->sheet->state.severity,
				    severity_name(t->sheet->state.severity), STR_ARG(f->category), STR_ARG(f->asset),
				    t->n_rows ? t->cursor + 1 : 0, t->n_rows);
	return arena_printf(a, "watchdesk  %zu%s finding%s: %.*s", t->n_rows, t->more ? " and more" : "",
			    t->n_rows == 1 ? "" : "s", STR_ARG(filter_words(t, a)));
}

/* The rows around the cursor. */
static void queue_lines(struct triage *t, struct body *b, size_t room, int64_t now)
{
	if (t->cursor < t->top)
		t->top = t->cursor;
	if (t->cursor >= t->top + room)
		t->top = t->cursor + 1 - room;
	for (size_t i = t->top; i < t->n_rows && i < t->top + room; i++) {
		const struct str row = row_text(&t->rows[i], b->columns - 2, now, b->a);
		const bool here = i == t->cursor;

		body_line(b,
			  here				    ? LOOK_BAR
			  : t->rows[i].state.severity >= 90 ? LOOK_STRONG
							    : LOOK_PLAIN,
			  shown_cell(b->a, arena_printf(b->a, "%c %.*s", here ? '>' : ' ', STR_ARG(row)), b->columns));
	}
	if (t->n_rows == 0)
		body_line(b, LOOK_PLAIN, STR("nothing is here; / filters, q ends"));
}

static void append(struct body *b, const struct body *more, size_t from, size_t end)
{
	for (size_t i = from; i < end && i < more->n; i++)
		*(struct view_line *)arena_push(b->a, &b->lines, &b->n, sizeof(*b->lines)) = more->lines[i];
}

/* As many lines of the body as there is room, from where it was scrolled to. */
static void scrolled(struct triage *t, struct body *b, const struct body *whole, size_t room)
{
	const size_t most = whole->n > room ? whole->n - room : 0;

	if (t->scroll > most)
		t->scroll = most;
	append(b, whole, t->scroll, t->scroll + room);
}

static void middle(struct triage *t, struct body *b, size_t room, int64_t now)
{
	struct body whole = { .a = b->a, .columns = b->columns };

	t->page_lines = room > 1 ? room - 1 : 1;
	if (t->page == PAGE_QUEUE) {
		queue_lines(t, b, room, now);
		return;
	}
	if (t->page == PAGE_HELP)
		body_text(&whole, 0, str_of(help), NULL);
	else if (t->sheet)
		finding_body(&whole, t->sheet);
	scrolled(t, b, &whole, room);
}

/* What was said, in up to three lines where there is room for them. */
static void said_lines(const struct triage *t, struct body *b, int lines)
{
	if (lines >= 12)
		body_text(b, 0, str_of(t->said), NULL);
	if (b->n == 0 || b->n > 3) {
		b->n = 0;
		body_line(b, LOOK_STRONG, str_of(t->said));
	}
	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < b->lines[i].n; k++)
			b->lines[i].runs[k].look = LOOK_STRONG;
}

void triage_view(struct triage *t, int columns, int lines, int64_t now, struct arena *a, struct view *out)
{
	struct body b = { .a = a, .columns = columns }, said = b;
	size_t last;

	if (columns < VIEW_COLUMNS || lines < VIEW_LINES) {
		body_line(&b, LOOK_PLAIN, arena_printf(a, "needs %dx%d", VIEW_COLUMNS, VIEW_LINES));
		*out = (struct view){ b.lines, lines > 0 ? b.n : 0 };
		return;
	}
	said_lines(t, &said, lines);
	last = (size_t)lines - 1 - said.n;
	bar(&b, title(t, a));
	middle(t, &b, last - 1, now);
	while (b.n < last)
		body_line(&b, LOOK_PLAIN, STR(""));
	append(&b, &said, 0, said.n);
	body_line(&b, LOOK_BAR, shown_cell(a, foot(t, a), columns));
	*out = (struct view){ b.lines, b.n };
}
