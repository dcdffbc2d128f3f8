/* config.c - watchdesk.yaml, checked and read */
#include "desk/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/smime.h"
#include "base/must.h"
#include "base/tls.h"
#include "crawler/route.h"
#include "crawler/zone.h"
#include "desk/audiences.h"
#include "desk/channels.h"
#include "desk/playbook.h"
#include "desk/retention.h"
#include "desk/takedown/takedowns.h"

enum { EVIDENCE_FROM = 40 }; /* findings from medium on are sealed, unless the desk says otherwise */

struct top {
	struct config *c;
	struct yaml_text organisation, contact, store, report, zone, rules, model, sources_folder, playbooks, tor;
	int64_t workers;
	const struct yaml *assets, *sources, *evidence, *alerts, *channels, *duty, *subscriptions, *retention, *police,
		*takedowns, *audiences;
};

struct evidence {
	struct yaml_text folder, authority, authority_ca;
	int64_t from;
};

static const struct yaml_field top_fields[] = {
	{ "organisation", YAML_TEXT, offsetof(struct top, organisation), .required = true, .like = "Example Pictures" },
	{ "contact", YAML_TEXT, offsetof(struct top, contact), .required = true, .like = "watchdesk@example.com" },
	{ "store", YAML_TEXT, offsetof(struct top, store) },
	{ "evidence", YAML_MAP, offsetof(struct top, evidence) },
	{ "report", YAML_TEXT, offsetof(struct top, report) },
	{ "zone", YAML_TEXT, offsetof(struct top, zone) },
	{ "audiences", YAML_MAP, offsetof(struct top, audiences) },
	{ "rules", YAML_TEXT, offsetof(struct top, rules) },
	{ "model", YAML_TEXT, offsetof(struct top, model) },
	{ "sources_folder", YAML_TEXT, offsetof(struct top, sources_folder) },
	{ "tor", YAML_TEXT, offsetof(struct top, tor) },
	{ "workers", YAML_INT, offsetof(struct top, workers), .least = 1, .most = LIMIT_WORKERS },
	{ "assets", YAML_LIST, offsetof(struct top, assets) },
	{ "sources", YAML_LIST, offsetof(struct top, sources) },
	{ "alerts", YAML_MAP, offsetof(struct top, alerts) },
	{ "channels", YAML_LIST, offsetof(struct top, channels) },
	{ "duty", YAML_MAP, offsetof(struct top, duty) },
	{ "subscriptions", YAML_LIST, offsetof(struct top, subscriptions) },
	{ "playbooks", YAML_TEXT, offsetof(struct top, playbooks) },
	{ "takedowns", YAML_MAP, offsetof(struct top, takedowns) },
	{ "police", YAML_LIST, offsetof(struct top, police) },
	{ "retention", YAML_LIST, offsetof(struct top, retention) },
	{ 0 },
};

static const char *const yes_no[] = { "yes", "no", NULL };

static const struct yaml_field asset_fields[] = {
	{ "name", YAML_TEXT, offsetof(struct asset, name), .required = true, .like = "The Interlude" },
	{ "terms", YAML_TEXTS, offsetof(struct asset, terms) },
	{ "terms_file", YAML_TEXT, offsetof(struct asset, terms_file.named) },
	{ "domains", YAML_TEXTS, offsetof(struct asset, domains) },
	{ "domains_file", YAML_TEXT, offsetof(struct asset, domains_file.named) },
	{ "look_alikes", YAML_CHOICE, offsetof(struct asset, look_alikes), .choices = yes_no },
	{ "harmless", YAML_TEXTS, offsetof(struct asset, harmless) },
	{ "people", YAML_TEXTS, offsetof(struct asset, people) },
	{ "packages", YAML_TEXTS, offsetof(struct asset, packages) },
	{ "hosts", YAML_TEXTS, offsetof(struct asset, hosts) },
	{ "ranges", YAML_TEXTS, offsetof(struct asset, ranges) },
	{ "bins", YAML_TEXTS, offsetof(struct asset, bins) },
	{ 0 },
};

static const struct yaml_field evidence_fields[] = {
	{ "folder", YAML_TEXT, offsetof(struct evidence, folder) },
	{ "from", YAML_INT, offsetof(struct evidence, from), .least = 20, .most = 100 },
	{ "authority", YAML_TEXT, offsetof(struct evidence, authority) },
	{ "authority_ca", YAML_TEXT, offsetof(struct evidence, authority_ca) },
	{ 0 },
};

const char *config_path(struct config *c, struct yaml_text path, const char *otherwise)
{
	const char *slash = strrchr(c->path, '/');
	struct str folder = { c->path, slash ? (size_t)(slash - c->path) + 1 : 0 };
	struct str tail = path.text.n ? path.text : str_of(otherwise);

	if (tail.n == 0)
		return NULL;
	if (tail.p[0] == '/')
		return arena_copy(c->a, tail).p;
	return arena_printf(c->a, "%.*s%.*s", STR_ARG(folder), STR_ARG(tail)).p;
}

static int contact_check(struct yaml_text contact, struct err *err)
{
	ssize_t at = str_find(contact.text, STR("@"));

	for (size_t i = 0; i < contact.text.n; i++)
		if (contact.text.p[i] <= ' ' || contact.text.p[i] == 0x7f)
			at = -1;
	if (at <= 0 || (size_t)at + 1 == contact.text.n)
		return yaml_wrong(err, contact, "contact is \"%.*s\", expected a mail address that site owners can write to",
				  STR_ARG(contact.text));
	return 0;
}

/* The names themselves are read when a classifier is made of them (desk/assess.c). */
static int lines_read(struct config *c, struct asset_lines *lines, struct err *err)
{
	if (lines->named.text.n == 0)
		return 0;
	lines->path = config_path(c, lines->named, NULL);
	if (access(lines->path, R_OK) < 0)
		return yaml_wrong(err, lines->named, "the file of names is %s, expected one that can be read", lines->path);
	return 0;
}

static bool names_something(const struct asset *a)
{
	return a->terms.n + a->domains.n + a->people.n + a->packages.n + a->hosts.n + a->ranges.n + a->bins.n > 0 ||
	       a->terms_file.path || a->domains_file.path;
}

static int assets_read(struct config *c, const struct yaml *list, struct err *err)
{
	c->n_assets = list ? yaml_count(list) : 0;
	c->assets = arena_alloc(c->a, c->n_assets * sizeof(*c->assets));
	for (size_t i = 0; i < c->n_assets; i++) {
		struct asset *a = &c->assets[i];
		const struct yaml *item = yaml_item(list, i);

		if (yaml_read(item, asset_fields, a, c->a, err) < 0 || lines_read(c, &a->terms_file, err) < 0 ||
		    lines_read(c, &a->domains_file, err) < 0)
			return err->code;
		if (!names_something(a))
			return yaml_wrong(err, yaml_place(item),
					  "the asset %.*s names nothing, expected terms, domains or people",
					  STR_ARG(a->name.text));
	}
	return 0;
}

/* A store in PostgreSQL still has a folder, for keys and sealed captures. */
static int store_read(struct config *c, const struct top *top, struct err *err)
{
	struct evidence e = { .from = EVIDENCE_FROM };
	const char *address = top->store.text.n ? arena_copy(c->a, top->store.text).p : "store";

	if (top->evidence && yaml_read(top->evidence, evidence_fields, &e, c->a, err) < 0)
		return err->code;
	if (store_is_address(address)) {
		c->store.database = address;
		c->store.folder = config_path(c, e.folder, "store");
	} else if (e.folder.text.n) {
		return yaml_wrong(err, e.folder,
				  "evidence has a folder, expected none: it lies in the store's, %s, unless the "
				  "store is postgresql://...",
				  address);
	} else {
		c->store.folder = config_path(c, top->store, "store");
	}
	if (e.authority.text.n && !str_starts(e.authority.text, STR("https://")) &&
	    !str_starts(e.authority.text, STR("http://")))
		return yaml_wrong(err, e.authority,
				  "authority is \"%.*s\", expected the http(s) address of a time-stamp authority",
				  STR_ARG(e.authority.text));
	if (e.authority.text.n && !e.authority_ca.text.n)
		return yaml_wrong(err, e.authority,
				  "authority without authority_ca, expected the file with the certificate that "
				  "vouches for its tokens");
	c->evidence_from = e.from;
	c->authority = e.authority.text.n ? arena_copy(c->a, e.authority.text).p : NULL;
	c->authority_ca = config_path(c, e.authority_ca, NULL);
	return 0;
}

/* What `watchdesk asset` and people change beside a running monitor. */
static void list_watched(struct config *c)
{
	size_t n = 0;

	c->watched = arena_alloc(c->a, (2 * c->n_assets + 3) * sizeof(*c->watched));
	c->watched[n++] = arena_printf(c->a, "%s/fingerprints", c->store.folder).p;
	if (c->model)
		c->watched[n++] = c->model;
	for (size_t i = 0; i < c->n_assets; i++) {
		if (c->assets[i].terms_file.path)
			c->watched[n++] = c->assets[i].terms_file.path;
		if (c->assets[i].domains_file.path)
			c->watched[n++] = c->assets[i].domains_file.path;
	}
}

int config_certificates(struct config *c, struct yaml_text named, const char *key, struct str *out, struct err *err)
{
	const char *path = config_path(c, named, NULL);
	AUTO(buf) pem = BUF_INIT(LIMIT_TRUST);
	struct err why = { 0 };

	if (!path)
		return 0;
	if (file_read(path, &pem, &why) < 0)
		return yaml_wrong(err, named, "%s: %.300s, expected a file of certificates (PEM)", key, why.text);
	if (tls_count_certificates(buf_str(&pem)) == 0)
		return yaml_wrong(err, named, "%s: %s holds no certificate, expected some in PEM", key, path);
	*out = arena_copy(c->a, buf_str(&pem));
	return 0;
}

const char *config_secret_path(struct config *c, struct yaml_text where, struct str *stamp)
{
	const char *path = NULL;
	struct stat s;

	if (str_starts(where.text, STR("file:"))) {
		where.text = str_slice(where.text, strlen("file:"), where.text.n);
		path = config_path(c, where, NULL);
	}
	if (stamp && path && stat(path, &s) == 0)
		*stamp = arena_printf(c->a, "%lld.%ld %lld", (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec,
				      (long long)s.st_size);
	return path;
}

static void login_settle(struct config *c, struct source_login *l)
{
	struct str user = { 0 }, password = { 0 };

	l->user_path = config_secret_path(c, l->user, &user);
	l->password_path = config_secret_path(c, l->password, &password);
	digest_pieces((struct str[]){ { (const char *)c->digest, DIGEST_BYTES }, user, password }, 3, l->version);
}

int config_read_sources(struct config *c, const struct yaml *list, struct source **sources, size_t *n, struct err *err)
{
	if (sources_read(list, c->sources_folder, c->a, sources, n, err) < 0 ||
	    (c->tor.text.n && route_check_proxy(c->tor, "tor", err) < 0))
		return err->code;
	for (size_t i = 0; i < *n; i++)
		if (route_settle(&(*sources)[i], c->tor, c->a, err) < 0 ||
		    config_certificates(c, (*sources)[i].ca, "ca", &(*sources)[i].trust, err) < 0)
			return err->code;
	for (size_t i = 0; i < *n; i++)
		login_settle(c, &(*sources)[i].login);
	return 0;
}

static void add_variables(struct config *c, size_t *n, struct yaml_text user, struct yaml_text password)
{
	const struct str places[] = { user.text, password.text };

	for (size_t i = 0; i < 2; i++)
		if (str_starts(places[i], STR("env:")))
			c->variables[(*n)++] = places[i].p + strlen("env:");
}

/* Where secrets stand in the environment; of all sources, also when a trial runs with one of them. */
static void list_variables(struct config *c)
{
	size_t n = 0;

	c->variables = arena_alloc(c->a, (2 * (c->n_sources + c->channels.n) + 5) * sizeof(*c->variables));
	for (size_t i = 0; i < c->n_sources; i++)
		add_variables(c, &n, c->sources[i].login.user, c->sources[i].login.password);
	add_variables(c, &n, c->alerts.user, c->alerts.password);
	add_variables(c, &n, c->alerts.inbox_user, c->alerts.inbox_password);
	for (size_t i = 0; i < c->channels.n; i++)
		add_variables(c, &n, c->channels.items[i].url, c->channels.items[i].credential);
}

static int duty_read(struct config *c, const struct yaml *section, struct err *err)
{
	if (roster_read(section, c->a, &c->duty, err) < 0)
		return err->code;
	for (size_t i = 0; i < c->duty.n; i++)
		if (channels_check_to(c, c->duty.entries[i].to, err) < 0)
			return err->code;
	return 0;
}

struct subscription_names config_names(const struct config *c, struct arena *a)
{
	struct str *assets = arena_alloc(a, (c->n_assets + c->n_sources + c->channels.n) * sizeof(*assets));
	struct str *sources = assets + c->n_assets, *channels = sources + c->n_sources;

	for (size_t i = 0; i < c->n_assets; i++)
		assets[i] = c->assets[i].name.text;
	for (size_t i = 0; i < c->n_sources; i++)
		sources[i] = c->sources[i].name.text;
	for (size_t i = 0; i < c->channels.n; i++)
		channels[i] = c->channels.items[i].to;
	return (struct subscription_names){ assets, sources, c->n_assets, c->n_sources, channels, c->channels.n };
}

/* A text as YAML writes it. */
static struct str quoted(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, 2 * s.n + 2);
	size_t n = 0;

	out[n++] = '\'';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			out[n++] = '\'';
		out[n++] = s.p[i];
	}
	out[n++] = '\'';
	return (struct str){ out, n };
}

/* One more source, the last. */
static void source_append(struct config *c, const struct source *one)
{
	struct source *all = arena_alloc(c->a, (c->n_sources + 1) * sizeof(*all));

	if (c->n_sources)
		memcpy(all, c->sources, c->n_sources * sizeof(*all));
	all[c->n_sources++] = *one;
	c->sources = all;
}

/*
 * Answers to our mail come like a collector's files: the files process sees them, a worker reads them. Those in a mailbox on a
 * server are had by the net process.
 */
static int inbox_add(struct config *c, struct err *err)
{
	bool remote = alerts_have_mailbox(&c->alerts);
	const char *path = config_path(c, c->alerts.inbox, NULL);
	char whole[PATH_MAX] = "/mailbox"; /* the definition of a source wants a folder; this one goes away again */
	struct source *inbox;
	const struct yaml *y;
	size_t n;

	if (!path)
		return 0;
	if (!remote && (!realpath(path, whole) || access(whole, R_OK | X_OK) < 0))
		return yaml_wrong(err, c->alerts.inbox,
				  "inbox is %s, expected a Maildir that can be read, or imaps://HOST/FOLDER", path);
	y = yaml_parse(c->a,
		       arena_printf(c->a, "- {name: alerts-inbox, folder: %.*s, format: mail, every: 5s}",
				    STR_ARG(quoted(c->a, str_of(whole)))),
		       c->path, err);
	if (!y || config_read_sources(c, y, &inbox, &n, err) < 0)
		return err->code;
	inbox->answers = true;
	if (remote) {
		inbox->folder = (struct yaml_text){ 0 };
		inbox->mailbox = c->alerts.inbox;
		inbox->every_ms = inbox->slowest_ms = c->alerts.inbox_every_ms;
	}
	source_append(c, inbox);
	return 0;
}

int config_add_recheck(struct config *c, struct err *err)
{
	const struct yaml *y = yaml_parse(c->a, STR("- {name: takedowns, off: targets only, pace: 2s, every: 1h}"), c->path,
					  err);
	struct source *s;
	size_t n;

	if (!y || config_read_sources(c, y, &s, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < c->n_sources; i++)
		if (str_eq(c->sources[i].name.text, s->name.text))
			return yaml_wrong(err, c->sources[i].name,
					  "a source is called takedowns, expected another name: this is the one that the "
					  "targets of takedowns are looked at by");
	s->recheck = s->enabled = true;
	source_append(c, s);
	return 0;
}

/* What mail is sealed to: from here on the certificate itself stands where its file was named. */
static int read_recipients_certificates(struct config *c, struct err *err)
{
	for (size_t i = 0; i < c->n_subscriptions; i++) {
		struct yaml_text *certificate = &c->subscriptions[i].certificate;
		struct err why = { 0 };

		if (config_certificates(c, *certificate, "certificate", &certificate->text, err) < 0)
			return err->code;
		if (certificate->text.n && smime_check(certificate->text, clock_now_us(), &why) < 0)
			return yaml_wrong(err, *certificate, "certificate: %s", why.text);
	}
	return 0;
}

static int zone_take(struct config *c, struct yaml_text zone, struct err *err)
{
	if (zone.text.n && !zone_is_known(zone.text))
		return yaml_wrong(err, zone,
				  "zone is \"%.*s\", expected a name such as Europe/Berlin, or an offset such as +02:00",
				  STR_ARG(str_slice(zone.text, 0, 60)));
	c->zone = zone.text;
	return 0;
}

static int audiences_take(struct config *c, const struct top *top, struct err *err)
{
	struct audience_reports *all = arena_alloc(c->a, sizeof(*all));

	if (audiences_read(c, top->audiences, config_path(c, top->report, "report"), all, err) < 0)
		return err->code;
	c->audiences = all;
	return 0;
}

static int playbooks_take(struct config *c, const struct top *top, struct err *err)
{
	const char *folder = config_path(c, top->playbooks, NULL);
	struct playbooks *p = arena_alloc(c->a, sizeof(*p));

	if (folder && access(folder, R_OK | X_OK) < 0)
		return yaml_wrong(err, top->playbooks, "playbooks is %s, expected a folder that can be read", folder);
	if (playbooks_read(folder, top->police, c->a, p, err) < 0)
		return err->code;
	p->organisation = c->organisation.text;
	p->contact = c->contact.text;
	c->playbooks = p;
	return 0;
}

static int takedowns_take(struct config *c, const struct top *top, struct err *err)
{
	struct takedowns *t = arena_alloc(c->a, sizeof(*t));

	if (takedowns_read(c, top->takedowns, t, err) < 0)
		return err->code;
	c->takedowns = t;
	return 0;
}

static int top_read(struct config *c, const struct yaml *y, struct err *err)
{
	struct top top = { .c = c };
	struct subscription_names names;
	struct retention *retention = arena_alloc(c->a, sizeof(*retention));

	if (yaml_read(y, top_fields, &top, c->a, err) < 0 || contact_check(top.contact, err) < 0 ||
	    assets_read(c, top.assets, err) < 0 || store_read(c, &top, err) < 0 || channels_read(c, top.channels, err) < 0 ||
	    alerts_read(c, top.alerts, err) < 0)
		return err->code;
	if (top.duty && duty_read(c, top.duty, err) < 0)
		return err->code;
	c->model = config_path(c, top.model, NULL);
	list_watched(c);
	c->organisation = top.organisation;
	c->contact = top.contact;
	c->workers = top.workers;
	if (zone_take(c, top.zone, err) < 0 || audiences_take(c, &top, err) < 0)
		return err->code;
	c->rules_folder = config_path(c, top.rules, NULL);
	if (c->rules_folder && access(c->rules_folder, R_OK | X_OK) < 0)
		return yaml_wrong(err, top.rules, "rules is %s, expected a folder that can be read", c->rules_folder);
	c->sources_folder = config_path(c, top.sources_folder, NULL);
	c->tor = top.tor;
	if (top.sources && config_read_sources(c, top.sources, &c->sources, &c->n_sources, err) < 0)
		return err->code;
	list_variables(c);
	names = config_names(c, c->a);
	if (retention_read(top.retention, &names, c->a, retention, err) < 0)
		return err->code;
	c->retention = retention;
	if (playbooks_take(c, &top, err) < 0 || takedowns_take(c, &top, err) < 0)
		return err->code;
	if (subscriptions_read(top.subscriptions, &names, c->a, &c->subscriptions, &c->n_subscriptions, err) < 0)
		return err->code;
	for (size_t i = 0; i < c->n_subscriptions; i++)
		if (channels_check_to(c, c->subscriptions[i].to, err) < 0)
			return err->code;
	if (read_recipients_certificates(c, err) < 0)
		return err->code;
	return inbox_add(c, err);
}

struct config *config_load(const char *path, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);
	struct config *c = must_alloc(1, sizeof(*c));
	const struct yaml *y = NULL;

	c->a = arena_new(64 * LIMIT_CONFIG);
	c->path = arena_copy(c->a, str_of(path)).p;
	if (file_read(path, &text, err) < 0) {
		err->code = E_USAGE;
		err_at(err, "the configuration; `watchdesk init` writes one");
	} else {
		digest_sha256(buf_str(&text), c->digest);
		y = yaml_parse(c->a, buf_str(&text), path, err);
	}
	if (y && top_read(c, y, err) == 0)
		return c;
	config_free(c);
	return NULL;
}

void config_free(struct config *c)
{
	if (!c)
		return;
	arena_free(c->a);
	free(c);
}

struct str config_example(void)
{
	const struct embed *file = embed_find("desk/example.yaml");

	MUST(file);
	return file->content;
}

struct str config_user_agent(const struct config *c, const struct source *s, struct arena *a)
{
	if (s->user_agent.text.n)
		return s->user_agent.text;
	if (s->identity == IDENTITY_QUIET) /* what Tor Browser says on every system, so one of very many */
		return STR("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0");
	return arena_printf(a, "watchdesk/" WATCHDESK_VERSION " (+mailto:%.*s)", STR_ARG(c->contact.text));
}
