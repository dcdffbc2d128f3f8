/* audience.c - who reads a report, and what of it they may see */
#include "web/audience.h"

const char *const tlp_labels[5] = { "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED" };

const struct audience audiences[AUDIENCES] = {
	{ STR("desk"), TLP_AMBER_STRICT, SEES_ALL, FINDING_SEVERITY },
	{ STR("legal"), TLP_AMBER_STRICT, SEES_ALL & ~(unsigned)SEES_SOURCES, FINDING_SEVERITY },
	{ STR("management"), TLP_AMBER, 0, FINDING_SEVERITY },
};

/* In the order of the bits. */
static const char *const sees_names[] = { "texts",   "samples",	  "authors", "addresses",
					  "sources", "operators", "custody", "letters" };

int audience_sees_named(struct str name)
{
	for (size_t i = 0; i < sizeof(sees_names) / sizeof(sees_names[0]); i++)
		if (str_eq(name, str_of(sees_names[i])))
			return 1 << i;
	return -1;
}

/* `text` where the audience sees such, else nothing. */
static struct str seen(const struct audience *a, enum audience_sees what, struct str text)
{
	return audience_sees(a, what) ? text : (struct str){ 0 };
}

struct finding audience_finding(const struct audience *a, const struct finding *f)
{
	struct finding out = *f;

	out.title = seen(a, SEES_TEXTS, f->title);
	out.posted_raw = seen(a, SEES_TEXTS, f->posted_raw); /* in a site's words */
	out.author = seen(a, SEES_AUTHORS, f->author);
	out.url = seen(a, SEES_ADDRESSES, f->url);
	out.source = seen(a, SEES_SOURCES, f->source);
	return out;
}

struct finding_detail audience_detail(const struct audience *a, const struct finding_detail *d)
{
	struct finding_detail out = *d;

	out.finding = audience_finding(a, &d->finding);
	out.text = seen(a, SEES_TEXTS, d->text);
	out.edited = seen(a, SEES_TEXTS, d->edited); /* in a site's words */
	out.key = seen(a, SEES_ADDRESSES, d->key);   /* a piece of its address */
	out.author_id = seen(a, SEES_AUTHORS, d->author_id);
	if (!audience_sees(a, SEES_TEXTS))
		out.said.n_parts = 0;
	if (!audience_sees(a, SEES_SAMPLES))
		out.said.n_reasons = out.n_terms = 0;
	return out;
}
