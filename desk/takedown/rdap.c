/* rdap.c - who answers for a domain or an address */
#include "desk/takedown/rdap.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/json_tree.h"
#include "base/limits.h"
#include "base/utf8.h"

/* The roles of RFC 9083 10.2.4 that are of use, the one that says most first. */
static const char *const roles[] = { "abuse", "registrar", "reseller", "technical", "administrative", "noc", "registrant" };

/* As one line without control and bidirectional characters, cut. */
static struct str one_line(struct arena *a, struct str s)
{
	struct str clean = str_slice(s, 0, LIMIT_FIELD), rest;
	char *out = arena_alloc(a, clean.n + 1);
	size_t n = 0, step;
	uint32_t c;

	for (rest = clean; rest.n && (step = utf8_next(rest, &c)) > 0; rest = str_slice(rest, step, rest.n)) {
		if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		    (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
			continue;
		memcpy(out + n, rest.p, step);
		n += step;
	}
	return str_trim((struct str){ out, n });
}

static struct str text_of(struct arena *a, const struct json_node *object, const char *name)
{
	return one_line(a, json_tree_text(json_tree_member(object, str_of(name))));
}

/* ---- entities ---- */

static bool has_role(const struct json_node *entity, struct str role)
{
	const struct json_node *list = json_tree_member(entity, STR("roles"));

	if (!list || list->kind != JSON_IS_ARRAY || !json_tree_is_full(list))
		return false;
	for (const struct json_node *item = list->first; item; item = item->next)
		if (str_eq_nocase(json_tree_text(item), role))
			return true;
	return false;
}

static struct str best_role(const struct json_node *entity)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (has_role(entity, str_of(roles[i])))
			return str_of(roles[i]);
	return (struct str){ 0 };
}

/* A property of a jCard is ["email", {parameters}, "text", value ...]: the first value of the first one of this name. */
static struct str card_text(struct arena *a, const struct json_node *entity, const char *property)
{
	const struct json_node *list = json_tree_item(json_tree_member(entity, STR("vcardArray")), 1);

	if (!list || list->kind != JSON_IS_ARRAY || !json_tree_is_full(list))
		return (struct str){ 0 };
	for (const struct json_node *p = list->first; p; p = p->next)
		if (str_eq_nocase(json_tree_text(json_tree_item(p, 0)), str_of(property)))
			return one_line(a, json_tree_text(json_tree_item(p, 3)));
	return (struct str){ 0 };
}

static struct str without(struct str s, const char *beginning)
{
	return str_starts(s, str_of(beginning)) ? str_slice(s, strlen(beginning), s.n) : s;
}

static void add_contact(struct arena *a, const struct json_node *entity, struct str of, struct rdap *out)
{
	struct rdap_contact c = { .role = best_role(entity),
				  .of = of,
				  .name = card_text(a, entity, "fn"),
				  .address = without(card_text(a, entity, "email"), "mailto:") };
	struct str form = card_text(a, entity, "contact-uri");

	if (str_starts(form, STR("mailto:")) && !c.address.n)
		c.address = without(form, "mailto:");
	else if (str_starts(form, STR("https://")) || str_starts(form, STR("http://")))
		c.form = form;
	if (!c.name.n)
		c.name = card_text(a, entity, "org");
	if (c.role.n && (c.address.n || c.form.n || c.name.n))
		*(struct rdap_contact *)arena_push(a, &out->contacts, &out->n, sizeof(c)) = c;
}

/* An entity that waits to be looked at, and the role of the one that it stands in. */
struct waiting {
	const struct json_node *entity;
	struct str of;
};

static void push_entities(struct arena *a, const struct json_node *object, struct str of, struct waiting **list, size_t *n,
			  struct rdap *out)
{
	const struct json_node *entities = json_tree_member(object, STR("entities"));

	if (!entities || entities->kind != JSON_IS_ARRAY || !json_tree_is_full(entities))
		return;
	for (const struct json_node *e = entities->first; e; e = e->next) {
		if (e->kind != JSON_IS_OBJECT)
			continue;
		if (*n == LIMIT_RDAP_ENTITIES) {
			out->cut = true;
			return;
		}
		*(struct waiting *)arena_push(a, list, n, sizeof(**list)) = (struct waiting){ e, of };
	}
}

/* Breadth first, so that who stands on top is there when the ceiling is reached. */
static void walk(struct arena *a, const struct json_node *object, struct rdap *out)
{
	struct waiting *list = NULL;
	size_t n = 0;

	push_entities(a, object, (struct str){ 0 }, &list, &n, out);
	for (size_t i = 0; i < n; i++) {
		const struct waiting w = list[i];
		struct str role = best_role(w.entity);

		add_contact(a, w.entity, w.of, out);
		push_entities(a, w.entity, role.n && !str_eq(role, STR("abuse")) ? role : w.of, &list, &n, out);
	}
}

/* ---- an answer ---- */

/* A link to the same object elsewhere: RFC 9083 4.2, `rel` "related", of RDAP. */
static struct str related_of(struct arena *a, const struct json_node *object)
{
	const struct json_node *list = json_tree_member(object, STR("links"));

	if (!list || list->kind != JSON_IS_ARRAY || !json_tree_is_full(list))
		return (struct str){ 0 };
	for (const struct json_node *l = list->first; l; l = l->next) {
		struct str href = text_of(a, l, "href");

		if (str_eq(text_of(a, l, "rel"), STR("related")) &&
		    str_starts(text_of(a, l, "type"), STR("application/rdap+json")) &&
		    (str_starts(href, STR("https://")) || str_starts(href, STR("http://"))))
			return href;
	}
	return (struct str){ 0 };
}

static int read_tree(struct arena *a, struct str text, struct json_node **out, struct err *err)
{
	size_t replaced;

	return json_tree_read(a, utf8_clean(a, text, &replaced), out, err);
}

int rdap_read(struct arena *a, struct str json, struct rdap *out, struct err *err)
{
	struct json_node *object;
	struct str code;

	*out = (struct rdap){ 0 };
	if (read_tree(a, json, &object, err) < 0)
		return err_at(err, "the answer is not JSON");
	code = text_of(a, object, "errorCode");
	if (code.n)
		return err_set(err, E_BAD, "the registry says %.*s: %.*s", STR_ARG(str_slice(code, 0, 20)),
			       STR_ARG(str_slice(text_of(a, object, "title"), 0, 200)));
	out->object = text_of(a, object, "objectClassName");
	if (!out->object.n)
		return err_set(err, E_BAD, "the answer is JSON and no object of RDAP: it has no objectClassName");
	out->handle = text_of(a, object, "handle");
	out->name = text_of(a, object, "name");
	out->related = related_of(a, object);
	walk(a, object, out);
	return 0;
}

/* ---- which registry ---- */

/* How many bits of `address` a block "192.0.2.0/24" has in common with it: all of its length, or -1. */
static int block_matches(struct str block, const unsigned char *address, int family)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char net[16] = { 0 };
	ssize_t slash = str_find(block, STR("/"));
	uint64_t length;

	if (slash <= 0 || (size_t)slash >= sizeof(text) ||
	    str_number(str_slice(block, (size_t)slash + 1, block.n), family == AF_INET ? 32 : 128, &length) == 0)
		return -1;
	memcpy(text, block.p, (size_t)slash);
	text[slash] = '\0';
	if (inet_pton(family, text, net) != 1)
		return -1;
	for (uint64_t bit = 0; bit < length; bit++)
		if ((net[bit / 8] ^ address[bit / 8]) & (0x80 >> bit % 8))
			return -1;
	return (int)length;
}

/* The labels of a host that an entry covers: "uk" of "paste.example.co.uk" 1; below 0 for none. */
static int name_matches(struct str entry, struct str host)
{
	int labels = 1;

	if (!entry.n || host.n < entry.n || !str_eq_nocase(str_slice(host, host.n - entry.n, host.n), entry) ||
	    (host.n > entry.n && host.p[host.n - entry.n - 1] != '.'))
		return -1;
	for (size_t i = 0; i < entry.n; i++)
		labels += entry.p[i] == '.';
	return labels;
}

struct wanted {
	struct str host;
	unsigned char address[16];
	int family; /* 0: a name */
};

static int matches(const struct wanted *w, struct str entry)
{
	return w->family ? block_matches(entry, w->address, w->family) : name_matches(entry, w->host);
}

static void read_wanted(struct str what, struct wanted *w)
{
	char text[INET6_ADDRSTRLEN];

	*w = (struct wanted){ .host = what };
	if (what.n == 0 || what.n >= sizeof(text))
		return;
	memcpy(text, what.p, what.n);
	text[what.n] = '\0';
	if (inet_pton(AF_INET, text, w->address) == 1)
		w->family = AF_INET;
	else if (inet_pton(AF_INET6, text, w->address) == 1)
		w->family = AF_INET6;
}

static size_t take_urls(struct arena *a, const struct json_node *list, struct str *urls, size_t max)
{
	static const char *const schemes[] = { "https://", "http://" };
	size_t n = 0;

	for (int k = 0; k < 2; k++)
		for (const struct json_node *u = list && list->kind == JSON_IS_ARRAY ? list->first : NULL; u && n < max;
		     u = u->next)
			if (str_starts(json_tree_text(u), str_of(schemes[k])))
				urls[n++] = one_line(a, json_tree_text(u));
	return n;
}

int rdap_servers(struct arena *a, struct str bootstrap, struct str what, struct str *urls, size_t max, struct err *err)
{
	const struct json_node *services, *best = NULL;
	struct json_node *file;
	struct wanted w;
	int longest = 0;

	if (read_tree(a, bootstrap, &file, err) < 0)
		return err->code;
	services = json_tree_member(file, STR("services"));
	if (!services || services->kind != JSON_IS_ARRAY)
		return err_set(err, E_BAD, "it has no list `services`, as RFC 9224 asks for");
	read_wanted(what, &w);
	for (const struct json_node *s = services->first; s; s = s->next) {
		const struct json_node *entries = json_tree_item(s, 0);

		for (const struct json_node *e = entries && entries->kind == JSON_IS_ARRAY ? entries->first : NULL; e;
		     e = e->next) {
			int n = matches(&w, json_tree_text(e));

			if (n > longest) {
				longest = n;
				best = json_tree_item(s, 1);
			}
		}
	}
	return (int)take_urls(a, best, urls, max);
}

/* ---- security.txt ---- */

int security_txt_read(struct arena *a, struct str text, struct rdap_contact **contacts, size_t *n)
{
	struct str rest, line;
	size_t replaced;

	*contacts = NULL;
	*n = 0;
	rest = utf8_clean(a, text, &replaced);
	while (rest.n && *n < LIMIT_SECURITY_CONTACTS && str_split(&rest, '\n', &line)) {
		struct str value = one_line(a, str_slice(line, strlen("Contact:"), line.n));
		struct rdap_contact c = { .role = STR("security") };

		if (!str_eq_nocase(str_slice(line, 0, strlen("Contact:")), STR("Contact:")))
			continue;
		if (str_starts(value, STR("mailto:")))
			c.address = without(value, "mailto:");
		else if (str_starts(value, STR("https://")))
			c.form = value;
		if (c.address.n || c.form.n)
			*(struct rdap_contact *)arena_push(a, contacts, n, sizeof(c)) = c;
	}
	return 0;
}
