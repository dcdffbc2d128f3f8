/* trap.c - lists that would keep a crawler busy for ever: each would be fine if it ended */
#include "tests/site/site.h"

enum { MILLION = 1000000 };

/* A list of three posts, with a session of its own in each address, and a link to where it goes on. */
static void list(struct site *s, const char *name, uint64_t n, const char *next, struct reply *r)
{
	unsigned visit = ++s->visits;

	buf_printf(&r->body, "<!DOCTYPE html><title>%s</title><table class=\"maintable\">", name);
	for (int i = 0; i < 3; i++)
		buf_printf(&r->body, "<tr><td><a href=\"/trap/text/%s-%llu-%d?sid=%032x\">%d</a>", name, (unsigned long long)n,
			   i, visit, i);
	buf_printf(&r->body, "</table><p><a rel=\"next\" href=\"%s?sid=%032x\">older</a></p>\n", next, visit);
}

static void numbered(struct site *s, const char *name, uint64_t n, struct reply *r)
{
	char next[80];

	snprintf(next, sizeof(next), "/trap/%s/%llu", name, (unsigned long long)n + 1);
	list(s, name, n, next, r);
}

/* A month, the month before, and so on, each without end in both directions. */
static void calendar(struct site *s, uint64_t n, struct reply *r)
{
	numbered(s, "calendar", n, r);
	buf_printf(&r->body, "<a rel=\"next\" href=\"/trap/calendar/%llu\">before</a>\n",
		   (unsigned long long)(n ? n - 1 : 9999));
}

static void million(struct reply *r)
{
	buf_add(&r->body, STR("<!DOCTYPE html><table class=\"maintable\"><tr><td>"));
	for (int i = 0; i < MILLION; i++)
		buf_printf(&r->body, "<a href=%d>", i);
}

static bool number_behind(struct str name, struct str prefix, uint64_t *n)
{
	*n = 0;
	if (!str_starts(name, prefix))
		return false;
	name = str_slice(name, prefix.n, name.n);
	return name.n == 0 || (name.p[0] == '/' && str_number(str_slice(name, 1, name.n), INT64_MAX - 1, n) > 0);
}

bool trap_answer(struct site *s, struct str name, struct reply *r)
{
	uint64_t n;

	if (number_behind(name, STR("endless"), &n)) {
		numbered(s, "endless", n, r);
	} else if (number_behind(name, STR("calendar"), &n)) {
		calendar(s, n, r);
	} else if (str_eq(name, STR("there"))) {
		list(s, "there", 0, "/trap/back", r);
	} else if (str_eq(name, STR("back"))) {
		list(s, "back", 0, "/trap/there", r);
	} else if (str_eq(name, STR("news"))) {
		list(s, "news", s->visits, "/trap/more-news", r);
	} else if (str_eq(name, STR("more-news"))) {
		list(s, "news", s->visits, "/trap/news", r);
	} else if (str_eq(name, STR("self"))) {
		list(s, "self", 0, "/trap/self", r);
	} else if (str_eq(name, STR("million"))) {
		million(r);
	} else if (str_starts(name, STR("text/"))) {
		r->type = "text/plain";
		buf_printf(&r->body, "The text of %.*s.\n", STR_ARG(name));
	} else {
		return false;
	}
	return true;
}
