/* report.c - the static report: from the store to a folder of pages */
#include "web/report.h"

#include "base/embed.h"
#include "base/limits.h"
#include "store/finding.h"
#include "web/report_parts.h"

bool report_is_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (ascii_hex(id.p[i]) < 0)
			return false;
	return id.n == FINDING_ID - 1;
}

int report_put(struct report *r, const char *name, struct err *err)
{
	return edition_put_if_new(r->edition, name, &r->page, err);
}

struct page_manner report_manner(const struct report *r)
{
	return (struct page_manner){ r->options->words ? r->options->words : &words_english,
				     r->options->audience ? r->options->audience : &audiences[0], r->options->organisation,
				     r->options->zone };
}

int report_least(const struct report *r)
{
	int least = report_manner(r).audience->least_severity;

	return least > FINDING_SEVERITY ? least : FINDING_SEVERITY;
}

/* The index comes last: by then all that it links to is there. */
static int (*const parts[])(struct report *r, struct err *err) = { report_findings, report_campaigns, report_sources,
								   report_ways,	    report_takedowns, report_about,
								   report_assets,   report_feeds,     report_index };

/* What every page depends on. */
static struct str facts_of(const struct report_options *o, struct arena *a)
{
	const struct embed *style = embed_find("web/style.css"), *script = embed_find("web/script.js");

	AUTO(buf) out = BUF_INIT(MIB(4));

	buf_printf(&out, WATCHDESK_VERSION " " WATCHDESK_PAGES "\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n", STR_ARG(o->organisation),
		   STR_ARG(o->zone), STR_ARG(o->address), STR_ARG(style->content), STR_ARG(script->content));
	if (o->audience)
		buf_printf(&out, "%.*s %d %u %d\n", STR_ARG(o->audience->name), (int)o->audience->tlp, o->audience->sees,
			   o->audience->least_severity);
	if (o->words)
		buf_printf(&out, "%.*s\n", STR_ARG(o->words->language));
	buf_printf(&out, "%.*s\n", STR_ARG(o->steps));
	for (int i = 0; o->words && i < WORDS; i++)
		buf_printf(&out, "%.*s\n", STR_ARG(o->words->text[i]));
	return arena_copy(a, buf_str(&out));
}

int report_write(struct store *s, const struct report_options *o, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(arena) each = arena_new(LIMIT_ARENA);
	AUTO_FREE(edition) edition = edition_open(o->folder, facts_of(o, a), err);
	struct report r = { .store = s, .options = o, .edition = edition, .a = a, .each = each, .page = BUF_INIT(LIMIT_PAGE) };
	int result = edition ? 0 : err->code;

	for (size_t i = 0; result >= 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
		result = parts[i](&r, err);
	buf_release(&r.page);
	return result < 0 ? result : 0;
}
