/* duty_letter.c - the mail that asks somebody to answer a finding */
#include "desk/alert/duty_letter.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/log.h"
#include "classify/severity.h"

enum { COLUMNS = 76, TERMS = 8 };
enum { WHAT = 60, TITLE = 50 }; /* bytes of the subject, at the end of which the token stands: LIMIT_SUBJECT */

/* Characters of it. */
static size_t width_of(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Its first `most` bytes, without a character that would be cut. */
static struct str beginning(struct str s, size_t most)
{
	if (s.n <= most)
		return s;
	while (most && ((unsigned char)s.p[most] & 0xc0) == 0x80)
		most--;
	return str_slice(s, 0, most);
}

static void add(struct buf *out, const char *s)
{
	buf_add(out, str_of(s));
}

/* A paragraph at 76 columns; what is longer than a line stays whole. */
static void paragraph(struct buf *out, const char *indent, struct str text)
{
	size_t width = strlen(indent), column = 0;
	struct str word;

	while (str_split(&text, ' ', &word)) {
		size_t n = width_of(word);

		if (word.n == 0)
			continue;
		if (column && column + 1 + n > COLUMNS) {
			add(out, "\n");
			column = 0;
		}
		add(out, column ? " " : indent);
		column += column ? 1 + n : width + n;
		buf_add(out, word);
	}
	add(out, "\n");
}

/* An address that no program makes a link of: hxxps://paste[.]example[.]net/x */
static struct str defanged(struct str url, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(4 * LIMIT_URL);
	ssize_t at = str_find(url, STR("://"));
	size_t host = at < 0 ? 0 : (size_t)at + 3, end = host;

	while (end < url.n && url.p[end] != '/')
		end++;
	for (size_t i = 0; i < url.n; i++)
		if (i >= host && i < end && url.p[i] == '.')
			add(&out, "[.]");
		else if (i < host && (url.p[i] == 't' || url.p[i] == 'T'))
			add(&out, "x");
		else
			buf_add(&out, str_slice(url, i, i + 1));
	return arena_copy(a, buf_str(&out));
}

static struct str clean_line(struct str s, size_t most, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(KIB(16));

	log_printable(&out, beginning(s, most), false);
	return arena_copy(a, buf_str(&out));
}

static struct str what(const struct finding *f, struct arena *a)
{
	return arena_printf(a, "%s %.*s%s%.*s on %.*s", severity_name(f->severity), STR_ARG(f->category),
			    f->asset.n ? ": " : "", STR_ARG(f->asset), STR_ARG(f->source));
}

static struct str minute(int64_t at, struct arena *a)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at, text);
	return arena_printf(a, "%.10s %.5sZ", text, text + 11);
}

/* Why this person gets it. */
static void put_reason(const struct duty_facts *f, struct arena *a, struct buf *out)
{
	paragraph(out, "",
		  arena_printf(a, "Somebody has to answer this: %.*s (severity %d).", STR_ARG(what(&f->finding->finding, a)),
			       f->finding->finding.severity));
	if (f->asked_before.n)
		paragraph(out, "",
			  arena_printf(a, "%.*s was asked at %.*s and has not answered; you are number %zu.",
				       STR_ARG(f->asked_before), STR_ARG(minute(f->asked_before_at, a)), f->step));
}

static void put_facts(const struct duty_facts *f, struct arena *a, struct buf *out)
{
	const struct finding *its = &f->finding->finding;

	add(out, "\n");
	paragraph(out, "  ", arena_printf(a, "Title:  %.*s", STR_ARG(clean_line(its->title, 300, a))));
	paragraph(out, "  ", arena_printf(a, "Where:  %.*s", STR_ARG(clean_line(defanged(its->url, a), 2000, a))));
	paragraph(out, "  ", arena_printf(a, "Seen:   %.*s", STR_ARG(minute(its->first_seen, a))));
	for (size_t i = 0; i < f->finding->n_terms && i < TERMS; i++)
		paragraph(out, "  ", arena_printf(a, "Why:    %.*s", STR_ARG(clean_line(f->finding->terms[i], 300, a))));
}

static void put_what_to_do(const struct duty_facts *f, struct arena *a, struct buf *out)
{
	struct str id = str_slice(f->finding->finding.public_id, 0, 8);

	add(out, "\nSay that you have it: answer this mail with any words");
	add(out, f->token.n ? " and keep\nits subject; or\n\n" : ", or\n\n");
	buf_printf(out, "  watchdesk alert ack %.*s --as \"%.*s\"\n\nLook at it:\n\n  watchdesk show %.*s\n\n", STR_ARG(id),
		   STR_ARG(f->name), STR_ARG(id));
	if (f->next.n)
		paragraph(out, "",
			  arena_printf(a, "If nobody has until %.*s, %.*s is asked.", STR_ARG(minute(f->next_at, a)),
				       STR_ARG(f->next)));
	if (f->token.n)
		buf_printf(out, "\n%.*s\n", STR_ARG(f->token));
}

void duty_letter(const struct duty_facts *f, struct arena *a, struct letter *out)
{
	const struct finding *its = &f->finding->finding;
	AUTO(buf) text = BUF_INIT(KIB(64));

	put_reason(f, a, &text);
	put_facts(f, a, &text);
	put_what_to_do(f, a, &text);
	*out = (struct letter){
		.subject = arena_printf(a, "[watchdesk] ANSWER %.*s: %.*s%s%.*s", STR_ARG(beginning(what(its, a), WHAT)),
					STR_ARG(clean_line(its->title, TITLE, a)), f->token.n ? " " : "", STR_ARG(f->token)),
		.text = arena_copy(a, buf_str(&text)),
		.references = its->campaign.n ? arena_printf(a, "campaign.%.*s", STR_ARG(its->campaign)) : (struct str){ 0 },
		.auto_submitted = true,
	};
}

void duty_body(const struct duty_facts *f, struct buf *out)
{
	const struct finding *its = &f->finding->finding;
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "finding", its->public_id);
	json_put_int(&w, "severity", its->severity);
	json_put_text(&w, "category", its->category);
	json_put_text(&w, "asset", its->asset);
	json_put_text(&w, "source", its->source);
	json_put_text(&w, "title", beginning(its->title, TITLE));
	json_put_text(&w, "for", f->name);
	json_put_int(&w, "step", (int64_t)f->step);
	json_close(&w, '}');
}
