/* discover.c - find out who may be written to about a host */
#include "desk/takedown/discover.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "base/net.h"
#include "base/utf8.h"
#include "crawler/chunks.h"
#include "crawler/manners.h"
#include "crawler/url.h"
#include "desk/confined.h"
#include "desk/takedown/rdap.h"

#define SHIPPED "desk/takedown/rdap/"
#define IANA	"https://data.iana.org/rdap/"

enum { SERVERS = 2, HOPS = 5, STEPS_MS = 1000 };

static const char *const files[] = { "dns.json", "ipv4.json", "ipv6.json" };

/* Who is found how, and in which order they are to be tried. */
static const struct way {
	const char *role, *origin;
	int place;
	const char *why;
} ways[] = {
	{ "site", "card", 10, "the address that the site names for this; see its card" },
	{ "site", "security.txt", 20, "the site's own security.txt; meant for security reports, read by people who can act" },
	{ "network", "rdap", 30,
	  "the abuse desk of the network that the server stands in; it can reach the operator, or cut him off" },
	{ "cdn", "rdap", 40, "a delivery network stands before the site: it passes reports on, and removes little itself" },
	{ "site", "rfc2142", 50, "a guess: RFC 2142 has every domain read this mailbox; many do not" },
	{ "registrar", "rdap", 60, "the registrar of the domain; it acts on whole domains, seldom on one page" },
	{ "network", "rdap-other", 70, "somebody else of the network, who is no abuse desk" },
};

/* What one discovery works with. */
struct finding_out {
	const struct discover_order *o;
	struct net *net;
	struct arena *a;
	struct discovery *out;
};

static const struct way *way_of(const char *role, const char *origin)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(ways[i].role, role) == 0 && strcmp(ways[i].origin, origin) == 0)
			return &ways[i];
	return &ways[sizeof(ways) / sizeof(ways[0]) - 1];
}

static void trouble(struct finding_out *f, struct str sentence)
{
	*(struct str *)arena_push(f->a, &f->out->troubles, &f->out->n_troubles, sizeof(sentence)) = sentence;
}

/* One more, unless it is known: of a better way, which came first. An address that is none is told as a trouble. */
static void add(struct finding_out *f, const char *role, const char *origin, struct str address, struct str who)
{
	const struct way *w = way_of(role, origin);
	struct err bad = { 0 };
	struct str one = address;

	if (!str_starts(address, STR("https://")) && mailbox_read(address, f->a, &one, &bad) < 0) {
		trouble(f, arena_printf(f->a, "%s of %s: %s", origin, role, bad.text));
		return;
	}
	for (size_t i = 0; i < f->out->n; i++)
		if (str_eq_nocase(f->out->contacts[i].address, one) && str_eq(f->out->contacts[i].role, str_of(w->role)))
			return;
	*(struct host_contact *)arena_push(f->a, &f->out->contacts, &f->out->n, sizeof(struct host_contact)) =
		(struct host_contact){ .role = str_of(w->role),
				       .origin = str_starts(str_of(w->origin), STR("rdap")) ? STR("rdap") : str_of(w->origin),
				       .address = one,
				       .place = w->place,
				       .why = who.n ? arena_printf(f->a, "%.*s: %s", STR_ARG(who), w->why) : str_of(w->why) };
}

/* ---- exchanges ---- */

/* One exchange, to its end: NULL with the reason. */
static struct capture *exchange(struct finding_out *f, const struct net_request *r, struct err *err)
{
	struct capture *done;

	if (net_start(f->net, r, err) < 0)
		return NULL;
	while (!(done = net_next(f->net)))
		net_wait(f->net, NULL, 0, STEPS_MS);
	return done;
}

static bool is_redirect(const struct capture *c)
{
	return c->status >= 301 && c->status <= 308 && c->status != 304 && capture_header(c, "Location").n > 0;
}

/* Where it leads: with its privileges only on the same host, and never from https to http. */
static int follow(struct finding_out *f, const struct capture *c, struct net_request *r, struct err *err)
{
	struct url from, to;

	if (url_parse(f->a, r->url, (struct str){ 0 }, &from, err) < 0 ||
	    url_parse(f->a, capture_header(c, "Location"), from.href, &to, err) < 0)
		return err->code;
	if (str_eq(from.scheme, STR("https")) && !str_eq(to.scheme, STR("https")))
		return err_set(err, E_NET, "it leads from https to http, where anybody on the way could answer");
	r->allow_private = r->allow_private && str_eq(from.host, to.host);
	r->url = to.href;
	return 0;
}

static int status_error(const struct capture *c, struct err *err)
{
	int64_t now = clock_now_us(), again = manners_retry_at(capture_header(c, "Retry-After"), now);
	char at[CLOCK_TEXT];

	if (c->status == 429 && again)
		return err_set(err, E_NET, "it has been asked too often and may be asked again from %s on",
			       clock_rfc3339(again, at));
	if (c->status == 429)
		return err_set(err, E_NET, "it has been asked too often; try again in an hour");
	return err_set(err, E_NET, "it answered with HTTP status %d", c->status);
}

/* The address that a URL was answered from, without its port: "192.0.2.1". */
static struct str address_of(struct arena *a, const struct capture *c)
{
	struct str s = str_of(c->address);

	if (str_starts(s, STR("[")))
		return arena_copy(a, str_slice(s, 1, (size_t)(str_find(s, STR("]")) > 0 ? str_find(s, STR("]")) : 1)));
	for (size_t i = s.n; i-- > 0 && str_find(str_slice(s, 0, i), STR(":")) < 0;)
		if (s.p[i] == ':')
			return arena_copy(a, str_slice(s, 0, i));
	return arena_copy(a, s);
}

/* Ask for a body: 1 with it, 0 when there is none (404, 410). `peer` becomes who answered first; NULL for nobody's business. */
static int ask(struct finding_out *f, struct net_request r, struct str *body, struct str *peer, struct err *err)
{
	for (int hop = 0; hop <= HOPS; hop++) {
		AUTO_FREE(capture) c = exchange(f, &r, err);

		if (!c)
			return err->code;
		if (hop == 0 && peer)
			*peer = address_of(f->a, c);
		if (c->failure != NET_OK)
			return err_set(err, c->failure == NET_DENIED ? E_DENIED : E_NET, "%s", c->failure_text);
		if (is_redirect(c)) {
			if (follow(f, c, &r, err) < 0)
				return err->code;
			continue;
		}
		if (c->status == 404 || c->status == 410)
			return 0;
		if (c->status != 200)
			return status_error(c, err);
		if (chunks_join(f->a, capture_header(c, "Transfer-Encoding"), buf_str(&c->body), body, err) < 0)
			return err->code;
		*body = arena_copy(f->a, *body);
		return 1;
	}
	return err_set(err, E_NET, "it leads from one address to the next, more than %d times", HOPS);
}

/* ---- reading, in a process of its own ---- */

struct piece {
	struct str text, what;
};

static void put_contacts(struct buf *out, const struct rdap_contact *c, size_t n)
{
	put_int(out, (int64_t)n);
	for (size_t i = 0; i < n; i++) {
		const struct str fields[] = { c[i].role, c[i].of, c[i].name, c[i].address, c[i].form };

		for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++)
			put_str(out, fields[k]);
	}
}

static int take_contacts(struct message *m, struct arena *a, struct rdap_contact **c, size_t *n, struct err *err)
{
	*n = (size_t)take_int_in(m, 0, LIMIT_RDAP_ENTITIES);
	*c = arena_alloc(a, (*n + 1) * sizeof(**c));
	for (size_t i = 0; i < *n; i++) {
		struct rdap_contact *x = &(*c)[i];
		struct str *fields[] = { &x->role, &x->of, &x->name, &x->address, &x->form };

		for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
			*fields[k] = take_str(m);
			m->bad |= fields[k]->n > LIMIT_FIELD || !utf8_is_clean(*fields[k]);
		}
	}
	return m->bad ? err_set(err, E_BAD, "the process that read it talked nonsense") : 0;
}

static int read_rdap(const void *whose, struct arena *a, struct buf *answer, struct err *err)
{
	const struct piece *p = whose;
	struct rdap r;

	if (rdap_read(a, p->text, &r, err) < 0)
		return err->code;
	put_str(answer, r.name.n ? r.name : r.handle);
	put_str(answer, r.related);
	put_int(answer, r.cut);
	put_contacts(answer, r.contacts, r.n);
	return 0;
}

static int read_security_txt(const void *whose, struct arena *a, struct buf *answer, struct err *err)
{
	const struct piece *p = whose;
	struct rdap_contact *contacts;
	size_t n;

	(void)err;
	security_txt_read(a, p->text, &contacts, &n);
	put_contacts(answer, contacts, n);
	return 0;
}

static int read_servers(const void *whose, struct arena *a, struct buf *answer, struct err *err)
{
	const struct piece *p = whose;
	struct str urls[SERVERS];
	int n = rdap_servers(a, p->text, p->what, urls, SERVERS, err);

	put_int(answer, n);
	for (int i = 0; i < n; i++)
		put_str(answer, urls[i]);
	return n;
}

/* ---- which registry ---- */

/* A list of registries, of the desk's folder or as it ships. */
static int list_of(struct finding_out *f, const char *file, struct str *text, bool *own, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_RDAP);
	const struct embed *shipped = embed_find(arena_printf(f->a, SHIPPED "%s", file).p);
	const char *path = f->o->registries ? arena_printf(f->a, "%s/%s", f->o->registries, file).p : NULL;

	*own = path && access(path, F_OK) == 0;
	*text = shipped ? shipped->content : STR("{\"services\":[]}");
	if (!*own)
		return 0;
	if (file_read(path, &content, err) < 0)
		return err->code;
	*text = arena_copy(f->a, buf_str(&content));
	return 0;
}

/* The servers that know `what`: how many. `own`: the desk's list names them, so that they may be private. */
static int servers_of(struct finding_out *f, struct str what, const char *file, struct str *urls, bool *own, struct err *err)
{
	struct piece p = { .what = what };
	struct message m;
	int n;

	if (list_of(f, file, &p.text, own, err) < 0)
		return err->code;
	if (confined_read(read_servers, &p, f->a, &m, err) < 0)
		return err_at(err, "the list of registries %s", file);
	n = (int)take_int_in(&m, 0, SERVERS);
	for (int i = 0; i < n; i++) {
		struct url url;

		if (url_parse(f->a, take_str(&m), (struct str){ 0 }, &url, err) < 0)
			return err->code;
		urls[i] = url.href;
	}
	return m.bad ? err_set(err, E_BAD, "the process that read it talked nonsense") : n;
}

/* ---- what they say ---- */

/* One answer of a registry. */
struct registry_answer {
	struct str name, related;
	struct rdap_contact *contacts;
	size_t n;
};

static int ask_registry(struct finding_out *f, struct str url, bool allow_private, struct registry_answer *out, struct err *err)
{
	const struct net_request r = { .url = url,
				       .user_agent = f->o->user_agent,
				       .accept = STR("application/rdap+json, application/json"),
				       .allow_private = allow_private,
				       .max_bytes = LIMIT_RDAP };
	struct piece p = { 0 };
	struct message m;
	int got = ask(f, r, &p.text, NULL, err);

	if (got <= 0)
		return got;
	if (confined_read(read_rdap, &p, f->a, &m, err) < 0)
		return err->code;
	out->name = take_str(&m);
	out->related = take_str(&m);
	if (take_int_in(&m, 0, 1))
		trouble(f, arena_printf(f->a, "%.*s has more than %d entities: those behind were not looked at", STR_ARG(url),
					LIMIT_RDAP_ENTITIES));
	m.bad |= out->name.n > LIMIT_FIELD || !utf8_is_clean(out->name) || out->related.n > LIMIT_FIELD;
	return take_contacts(&m, f->a, &out->contacts, &out->n, err) < 0 ? err->code : 1;
}

static bool has_abuse(const struct registry_answer *x)
{
	for (size_t i = 0; i < x->n; i++)
		if (str_eq(x->contacts[i].role, STR("abuse")) && x->contacts[i].address.n)
			return true;
	return false;
}

/* Ask the first server that answers; when it names no abuse desk, whom it points to, once. 1, or 0 when nobody knows it. */
static int ask_about(struct finding_out *f, struct str what, const char *path, const char *file, struct registry_answer *out)
{
	struct str urls[SERVERS];
	struct err err = { 0 };
	bool own = false;
	int n = servers_of(f, what, file, urls, &own, &err), got = 0;

	if (n == 0)
		trouble(f,
			arena_printf(f->a,
				     "no registry is known for %.*s; `watchdesk takedown contacts --refresh` takes IANA's list",
				     STR_ARG(what)));
	if (n < 0)
		trouble(f, arena_copy(f->a, str_of(err.text)));
	for (int i = 0; i < n && got <= 0; i++) {
		struct str url = arena_printf(f->a, "%.*s%s%s/%.*s", STR_ARG(urls[i]), str_ends(urls[i], STR("/")) ? "" : "/",
					      path, STR_ARG(what));

		got = ask_registry(f, url, own, out, &err);
		if (got <= 0)
			trouble(f, got == 0 ? arena_printf(f->a, "%.*s knows nothing of it", STR_ARG(url))
					    : arena_printf(f->a, "%.*s: %s", STR_ARG(url), err.text));
	}
	if (got > 0 && out->related.n && !has_abuse(out)) {
		struct registry_answer more = { 0 };

		if (ask_registry(f, out->related, own, &more, &err) > 0)
			*out = more;
		else
			trouble(f, arena_printf(f->a, "%.*s: %s", STR_ARG(out->related), err.text));
	}
	return got > 0;
}

static bool holds_nocase(struct str s, struct str part)
{
	return part.n && str_find_nocase(s, part) >= 0;
}

/* Is the network one of a delivery network that has a card? */
static const struct host_card *cdn_of(const struct finding_out *f, const struct registry_answer *x)
{
	for (size_t i = 0; f->o->cards && i < f->o->cards->n; i++) {
		const struct host_card *c = &f->o->cards->items[i];

		if (c->role != HOST_CDN)
			continue;
		if (holds_nocase(x->name, c->name))
			return c;
		for (size_t k = 0; k < x->n; k++)
			if (holds_nocase(x->contacts[k].name, c->name))
				return c;
	}
	return NULL;
}

static void add_card(struct finding_out *f, const char *role, const struct host_card *c)
{
	if (c->contact.text.n)
		add(f, role, strcmp(role, "site") == 0 ? "card" : "rdap", c->contact.text, c->name);
	if (c->form.text.n)
		add(f, role, strcmp(role, "site") == 0 ? "card" : "rdap", c->form.text, c->name);
}

static void ask_network(struct finding_out *f)
{
	struct registry_answer x = { 0 };
	const struct host_card *cdn;
	const char *role;

	if (!ask_about(f, f->out->address, "ip", str_find(f->out->address, STR(":")) >= 0 ? files[2] : files[1], &x))
		return;
	cdn = cdn_of(f, &x);
	role = cdn ? "cdn" : "network";
	if (cdn)
		add_card(f, role, cdn);
	for (size_t i = 0; i < x.n; i++)
		if (str_eq(x.contacts[i].role, STR("abuse")) && x.contacts[i].address.n)
			add(f, role, "rdap", x.contacts[i].address, x.contacts[i].name.n ? x.contacts[i].name : x.name);
	for (size_t i = 0; !has_abuse(&x) && i < x.n; i++)
		if (x.contacts[i].address.n)
			add(f, "network", "rdap-other", x.contacts[i].address,
			    x.contacts[i].name.n ? x.contacts[i].name : x.name);
}

static bool is_of_registrar(const struct rdap_contact *c)
{
	return str_eq(c->role, STR("registrar")) || str_eq(c->of, STR("registrar")) || str_eq(c->role, STR("abuse"));
}

/* The registrar's abuse desk; without one the registrar itself. */
static void ask_registrar(struct finding_out *f)
{
	struct registry_answer x = { 0 };
	bool abuse;

	if (!ask_about(f, f->out->domain, "domain", files[0], &x))
		return;
	abuse = has_abuse(&x);
	for (size_t i = 0; i < x.n; i++)
		if (x.contacts[i].address.n && is_of_registrar(&x.contacts[i]) &&
		    (!abuse || str_eq(x.contacts[i].role, STR("abuse"))))
			add(f, "registrar", "rdap", x.contacts[i].address, x.contacts[i].name);
}

static void ask_site(struct finding_out *f, const struct url *u)
{
	const struct net_request r = {
		.url = arena_printf(f->a, "%.*s/.well-known/security.txt", STR_ARG(url_origin(f->a, u))),
		.user_agent = f->o->user_agent,
		.allow_private = f->o->allow_private,
		.max_bytes = LIMIT_SECURITY_TXT,
	};
	struct rdap_contact *contacts = NULL;
	struct piece p = { 0 };
	struct err err = { 0 };
	struct message m;
	struct str peer = { 0 };
	int got = ask(f, r, &p.text, &peer, &err);

	if (!f->out->address.n)
		f->out->address = peer;
	if (got > 0 && confined_read(read_security_txt, &p, f->a, &m, &err) == 0) {
		size_t n;

		got = take_contacts(&m, f->a, &contacts, &n, &err);
		for (size_t i = 0; got == 0 && i < n; i++)
			add(f, "site", "security.txt", contacts[i].address.n ? contacts[i].address : contacts[i].form,
			    (struct str){ 0 });
	}
	if (err.code)
		trouble(f, arena_printf(f->a, "%.*s: %s", STR_ARG(r.url), err.text));
}

static int by_place(const void *x, const void *y)
{
	const struct host_contact *a = x, *b = y;

	return a->place < b->place ? -1 : a->place > b->place;
}

/* Equal places stay as they were found. */
static void sort(struct discovery *d)
{
	for (size_t i = 0; i < d->n; i++)
		d->contacts[i].place = d->contacts[i].place * 1000 + (int64_t)i;
	qsort(d->contacts, d->n, sizeof(*d->contacts), by_place);
	for (size_t i = 0; i < d->n; i++)
		d->contacts[i].place = (int64_t)i + 1;
}

int discover(const struct discover_order *o, struct arena *a, struct discovery *out, struct err *err)
{
	AUTO_FREE(net) net = net_new(err);
	struct finding_out f = { .o = o, .net = net, .a = a, .out = out };
	const struct host_card *card;
	struct url u;

	*out = (struct discovery){ .address = o->address };
	if (!net || url_parse(a, o->url, (struct str){ 0 }, &u, err) < 0)
		return err->code;
	out->host = u.host;
	out->domain = url_registrable(u.host);
	card = o->cards ? host_card_of(o->cards, u.host) : NULL;
	if (card)
		add_card(&f, "site", card);
	ask_site(&f, &u);
	if (out->address.n)
		ask_network(&f);
	else
		trouble(&f, STR("the site was not reached, so its network is not known; name the server with --address"));
	if (out->domain.n) {
		add(&f, "site", "rfc2142", arena_printf(a, "abuse@%.*s", STR_ARG(out->domain)), (struct str){ 0 });
		ask_registrar(&f);
	}
	sort(out);
	return 0;
}

/* ---- the lists ---- */

static int refresh_one(struct finding_out *f, const char *folder, struct str from, const char *file, struct err *err)
{
	const struct net_request r = { .url = arena_printf(f->a, "%.*s%s", STR_ARG(from), file),
				       .user_agent = f->o->user_agent,
				       .allow_private = !str_eq(from, STR(IANA)), /* whoever named it knows where it is */
				       .max_bytes = LIMIT_RDAP };
	struct piece p = { .what = STR("192.0.2.1") };
	struct message m;
	int got = ask(f, r, &p.text, NULL, err);

	if (got == 0)
		err_set(err, E_NET, "it is not there");
	if (got <= 0 || confined_read(read_servers, &p, f->a, &m, err) < 0)
		return err_at(err, "%.*s", STR_ARG(r.url));
	return file_replace(arena_printf(f->a, "%s/%s", folder, file).p, p.text, 0644, err);
}

int discover_refresh(const char *folder, struct str from, struct str user_agent, struct err *err)
{
	const struct discover_order o = { .user_agent = user_agent };
	AUTO_FREE(arena) a = arena_new(8 * LIMIT_RDAP);
	AUTO_FREE(net) net = net_new(err);
	struct finding_out f = { .o = &o, .net = net, .a = a };

	if (!net || file_make_folder(folder, 0755, err) < 0)
		return err->code;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (refresh_one(&f, folder, from.n ? from : STR(IANA), files[i], err) < 0)
			return err->code;
	return 0;
}
