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
