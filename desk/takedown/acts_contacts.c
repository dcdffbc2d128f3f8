/* acts_contacts.c - who may be written to about a host, found out and kept for a person to choose */
#include "desk/takedown/work.h"

#include "base/json.h"
#include "base/limits.h"
#include "crawler/url.h"
#include "desk/takedown/discover.h"

static void contact_line(const struct host_contact *c, size_t number)
{
	print("%2zu  %-9.*s ", number, STR_ARG(c->role));
	print_text(c->address, false, 0);
	print("\n              ");
	print_text(c->why, false, 0);
	print("\n");
}

static void contacts_json(const struct discovery *d)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "host", d->host);
	json_put_text(&w, "domain", d->domain);
	json_put_text(&w, "address", d->address);
	json_open(&w, "contacts", '[');
	for (size_t i = 0; i < d->n; i++) {
		json_open(&w, NULL, '{');
		json_put_text(&w, "role", d->contacts[i].role);
		json_put_text(&w, "address", d->contacts[i].address);
		json_put_text(&w, "origin", d->contacts[i].origin);
		json_put_text(&w, "why", d->contacts[i].why);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_open(&w, "troubles", '[');
	for (size_t i = 0; i < d->n_troubles; i++)
		json_put_text(&w, NULL, d->troubles[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

static void show(const struct discovery *d)
{
	print_text(d->host, false, 0);
	if (d->address.n) {
		print(", answered by ");
		print_text(d->address, false, 0);
	}
	print("; you choose whom to write to, the most likely first:\n");
	for (size_t i = 0; i < d->n; i++)
		contact_line(&d->contacts[i], i + 1);
	if (d->n == 0)
		print("  nobody was found\n");
	for (size_t i = 0; i < d->n_troubles; i++) {
		print("  not asked, or without use: ");
		print_text(d->troubles[i], false, 0);
		print("\n");
	}
}

/* The agent that the host knows already, where it is a source; and whether that source lets us reach private addresses. */
static void as_its_source(const struct config *c, struct str host, struct arena *a, struct discover_order *o)
{
	o->user_agent = arena_printf(a, "watchdesk/" WATCHDESK_VERSION " (%.*s)", STR_ARG(c->contact.text));
	for (size_t i = 0; i < c->n_sources; i++) {
		const struct source *s = &c->sources[i];
		const struct str addresses[] = { s->url.text, s->files.n ? s->files.items[0].text : (struct str){ 0 },
						 s->listing.text };

		for (size_t k = 0; k < sizeof(addresses) / sizeof(addresses[0]); k++) {
			struct url u;

			if (addresses[k].n && url_parse(a, addresses[k], (struct str){ 0 }, &u, NULL) == 0 &&
			    str_eq(u.host, host)) {
				o->user_agent = config_user_agent(c, s, a);
				o->allow_private |= s->allow_private;
			}
		}
	}
}

static int keep(const struct takedown_work *x, const struct discovery *d, struct err *err)
{
	AUTO_FREE(store) store = store_open(&x->config->store, STORE_WRITE, err);

	if (!store || store_begin(store, err) < 0)
		return err->code;
	if (host_contact_keep(store, d->host, d->contacts, d->n, x->now, err) < 0) {
		store_rollback(store);
		return err->code;
	}
	return store_commit(store, err);
}

static int refresh(struct takedown_work *x, struct err *err)
{
	const char *folder = x->config->takedowns->registries;
	const struct str from = x->i->n == 2 ? str_of(x->i->arguments[1]) : (struct str){ 0 };

	if (!folder)
		return err_set(err, E_USAGE,
			       "%s names no folder for lists of registries, expected `takedowns: {registries: FOLDER}`",
			       x->config->path);
	if (discover_refresh(folder, from, STR("watchdesk/" WATCHDESK_VERSION), err) < 0)
		return err->code;
	buf_printf(&x->said, "the lists of registries are in %s\n", folder);
	return 0;
}

int takedown_act_contacts(struct takedown_work *x, struct err *err)
{
	struct discover_order o = { .address = str_of(option_of(x->i, "address")),
				    .cards = x->config->takedowns->hosts,
				    .registries = x->config->takedowns->registries };
	struct discovery found;
	struct url u;

	if (option_of(x->i, "refresh"))
		return refresh(x, err);
	if (x->i->n != 2)
		return err_set(err, E_USAGE,
			       "takedown contacts needs one address or host, such as https://paste.example.net/abc");
	o.url = str_of(x->i->arguments[1]);
	if (str_find(o.url, STR("://")) < 0)
		o.url = arena_printf(x->a, "https://%.*s/", STR_ARG(o.url));
	if (url_parse(x->a, o.url, (struct str){ 0 }, &u, err) < 0)
		return err_set(err, E_USAGE, "%s is no address and no host", x->i->arguments[1]);
	as_its_source(x->config, u.host, x->a, &o);
	if (discover(&o, x->a, &found, err) < 0 || keep(x, &found, err) < 0)
		return err->code;
	(x->i->json ? contacts_json : show)(&found);
	return found.n ? 0 : 1;
}
