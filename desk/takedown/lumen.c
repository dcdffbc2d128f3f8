/* lumen.c - a notice that was sent, as the Lumen database takes it */
#include "desk/takedown/lumen.h"

#include "base/clock.h"
#include "base/json.h"

/* Lumen's types, by the notice first, then by the grounds; what is not named is Other. */
static const struct {
	const char *template_name, *grounds, *type;
} types[] = {
	{ "dmca", NULL, "DMCA" },
	{ "court-order", NULL, "CourtOrder" },
	{ "gdpr17", NULL, "DataProtection" },
	{ NULL, "personal-data", "PrivateInformation" },
	{ NULL, "credentials", "PrivateInformation" },
};

static const char *const actions[] = { "Unspecified", "Yes", "No", "Partial" };

static const char *type_of(const struct lumen_notice *x)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (str_eq(types[i].template_name ? x->notice->name : x->grounds,
			   str_of(types[i].template_name ? types[i].template_name : types[i].grounds)))
			return types[i].type;
	return "Other";
}

/* "https://paste.example.net/" of an address there. */
static struct str origin_of(struct str url)
{
	ssize_t at = str_find(url, STR("://"));
	size_t n = at < 0 ? url.n : (size_t)at + 3;

	while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#')
		n++;
	return str_slice(url, 0, n);
}

static void put_url(struct json_writer *w, const struct lumen_notice *x, struct str url)
{
	AUTO(buf) shown = BUF_INIT(1 << 16);

	fact_put(&shown, fact_kind_named(STR("urls")), url, STR(""));
	json_open(w, NULL, '{');
	json_put_text(w, "url", str_eq(x->grounds, STR("copyright")) ? buf_str(&shown) : origin_of(buf_str(&shown)));
	json_close(w, '}');
}

static void put_urls(struct json_writer *w, const struct lumen_notice *x)
{
	struct str rest = fact_value(x->facts, x->n_facts, STR("urls")), url;

	json_open(w, "infringing_urls_attributes", '[');
	while (rest.n && str_split(&rest, '\n', &url))
		if (str_trim(url).n)
			put_url(w, x, str_trim(url));
	json_close(w, ']');
}

static void put_fact(struct json_writer *w, const char *key, const struct lumen_notice *x, const char *name)
{
	AUTO(buf) shown = BUF_INIT(1 << 16);

	fact_put(&shown, fact_kind_named(str_of(name)), notice_value(x->notice, x->facts, x->n_facts, str_of(name)), STR(""));
	json_put_text(w, key, buf_str(&shown));
}

static void put_works(struct json_writer *w, const struct lumen_notice *x)
{
	json_open(w, "works_attributes", '[');
	json_open(w, NULL, '{');
	put_fact(w, "description", x, str_eq(x->grounds, STR("copyright")) ? "work" : "grounds_words");
	put_urls(w, x);
	json_close(w, '}');
	json_close(w, ']');
}

static void put_entity(struct json_writer *w, const char *role, struct str name)
{
	if (name.n == 0)
		return;
	json_open(w, NULL, '{');
	json_put_text(w, "name", str_of(role));
	json_open(w, "entity_attributes", '{');
	json_put_text(w, "name", name);
	json_put_text(w, "kind", STR("organization"));
	json_close(w, '}');
	json_close(w, '}');
}

static void put_entities(struct json_writer *w, const struct lumen_notice *x)
{
	struct str organisation = fact_value(x->facts, x->n_facts, STR("organisation"));
	struct str claimant = fact_value(x->facts, x->n_facts, STR("claimant"));

	json_open(w, "entity_notice_roles_attributes", '[');
	put_entity(w, "recipient", x->recipient);
	put_entity(w, "sender", organisation.n ? organisation : claimant);
	put_entity(w, "principal", claimant);
	json_close(w, ']');
}

void lumen_put(struct buf *out, const struct lumen_notice *x)
{
	AUTO(buf) title = BUF_INIT(1 << 12);
	struct json_writer w = { .out = out };
	char at[CLOCK_TEXT];

	buf_printf(&title, "%s notice to %.*s", type_of(x), STR_ARG(str_slice(x->recipient, 0, 253)));
	json_open(&w, NULL, '{');
	json_open(&w, "notice", '{');
	json_put_text(&w, "title", buf_str(&title));
	json_put_text(&w, "type", str_of(type_of(x)));
	put_fact(&w, "subject", x, "grounds_words");
	json_put_text(&w, "date_sent", str_slice(str_of(clock_rfc3339(x->sent_at, at)), 0, 10));
	json_put_text(&w, "source", STR("watchdesk"));
	json_put_text(&w, "language", x->notice->language);
	put_fact(&w, "body", x, "grounds_reason");
	json_put_text(&w, "action_taken", str_of(actions[x->action]));
	put_works(&w, x);
	put_entities(&w, x);
	json_close(&w, '}');
	json_close(&w, '}');
}
