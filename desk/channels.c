/* channels.c - the section `channels:`, checked and read */
#include "desk/channels.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/mailbox.h"

enum { TIME_MS = 30000 };

static const char *const tls_words[] = { "required", "none", NULL };

static const struct yaml_field fields[] = {
	{ "name", YAML_TEXT, offsetof(struct alert_channel, name), .required = true },
	{ "type", YAML_TEXT, offsetof(struct alert_channel, type_name), .required = true },
	{ "url", YAML_TEXT, offsetof(struct alert_channel, url) },
	{ "secret", YAML_TEXT, offsetof(struct alert_channel, secret) },
	{ "token", YAML_TEXT, offsetof(struct alert_channel, token) },
	{ "key", YAML_TEXT, offsetof(struct alert_channel, key) },
	{ "room", YAML_TEXT, offsetof(struct alert_channel, room) },
	{ "ca", YAML_TEXT, offsetof(struct alert_channel, ca) },
	{ "certificate", YAML_TEXT, offsetof(struct alert_channel, certificate) },
	{ "tls", YAML_CHOICE, offsetof(struct alert_channel, tls), .choices = tls_words },
	{ "command", YAML_TEXTS, offsetof(struct alert_channel, command) },
	{ "time", YAML_DURATION, offsetof(struct alert_channel, time_ms), .least = 100, .most = LIMIT_COMMAND_MS },
	{ 0 },
};

/* What there is of an entry, and what it is called. */
struct channel_part {
	unsigned bit;
	const char *key;
	bool given;
};

static int parts_check(const struct alert_channel *c, struct err *err)
{
	const struct channel_part parts[] = {
		{ CHANNEL_URL, "url", c->url.text.n > 0 },
		{ CHANNEL_SECRET, "secret", c->secret.text.n > 0 },
		{ CHANNEL_TOKEN, "token", c->token.text.n > 0 },
		{ CHANNEL_KEY, "key", c->key.text.n > 0 },
		{ CHANNEL_ROOM, "room", c->room.text.n > 0 },
		{ CHANNEL_CA, "ca", c->ca.text.n > 0 },
		{ CHANNEL_CERTIFICATE, "certificate", c->certificate.text.n > 0 },
		{ CHANNEL_TLS, "tls", c->tls != ALERTS_TLS_REQUIRED },
		{ CHANNEL_COMMAND, "command", c->command.n > 0 },
		{ CHANNEL_TIME, "time", c->time_ms != TIME_MS },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if ((c->type->needs & parts[i].bit) && !parts[i].given)
			return yaml_wrong(err, c->name, "channel %.*s: a %s without %s, expected one", STR_ARG(c->name.text),
					  c->type->name, parts[i].key);
		if (parts[i].given && !((c->type->needs | c->type->may) & parts[i].bit))
			return yaml_wrong(err, c->name, "channel %.*s: a %s with %s, expected none", STR_ARG(c->name.text),
					  c->type->name, parts[i].key);
	}
	if ((c->certificate.text.n > 0) != (c->type->way == CHANNEL_SYSLOG && c->key.text.n > 0))
		return yaml_wrong(err, c->name, "channel %.*s has one of certificate and key, expected both or none",
				  STR_ARG(c->name.text));
	return 0;
}

static bool is_secret_place(struct yaml_text where)
{
	return str_starts(where.text, STR("env:")) || str_starts(where.text, STR("file:"));
}

/* An address that stands in a file or in the environment is looked at where it is read. */
static int url_check(const struct alert_channel *c, struct err *err)
{
	struct err why = { 0 };

	if (!c->url.text.n || is_secret_place(c->url) || channel_may_reach(c, c->url.text, &why))
		return 0;
	return yaml_wrong(err, c->url, "channel %.*s: url is \"%.*s\", %.200s", STR_ARG(c->name.text),
			  (int)(c->url.text.n < 100 ? c->url.text.n : 100), c->url.text.p, why.text);
}

static int command_settle(struct config *c, struct alert_channel *ch, struct err *err)
{
	if (!ch->command.n)
		return 0;
	if (ch->command.n > LIMIT_COMMAND_ARGS)
		return yaml_wrong(err, ch->name, "channel %.*s: a command of %zu words, expected at most %d",
				  STR_ARG(ch->name.text), ch->command.n, LIMIT_COMMAND_ARGS);
	ch->argv = arena_alloc(c->a, (ch->command.n + 1) * sizeof(*ch->argv));
	for (size_t i = 0; i < ch->command.n; i++)
		ch->argv[i] = (char *)(uintptr_t)arena_copy(c->a, ch->command.items[i].text).p;
	ch->argv[0] = (char *)(uintptr_t)config_path(c, ch->command.items[0], NULL);
	if (!ch->argv[0] || access(ch->argv[0], X_OK) < 0)
		return yaml_wrong(err, ch->command.items[0],
				  "channel %.*s: command is %.200s, expected a program that can be started; no shell reads it",
				  STR_ARG(ch->name.text), ch->argv[0] ? ch->argv[0] : "nothing");
	return 0;
}

/* The one secret that a type has; of syslog the key is no secret of the table but a file of PEM. */
static int credential_settle(struct config *c, struct alert_channel *ch, struct err *err)
{
	if (ch->type->way == CHANNEL_SYSLOG) {
		ch->key_path = config_path(c, ch->key, NULL);
		return 0;
	}
	ch->credential = ch->secret.text.n ? ch->secret : ch->token.text.n ? ch->token : ch->key;
	if (ch->credential.text.n && !is_secret_place(ch->credential))
		return yaml_wrong(err, ch->credential,
				  "channel %.*s: its secret stands in the configuration, expected env:NAME or file:PATH",
				  STR_ARG(ch->name.text));
	ch->credential_path = config_secret_path(c, ch->credential, NULL);
	return 0;
}

static const struct channel_type *type_named(struct str name)
{
	for (const struct channel_type *t = channel_types; t->name; t++)
		if (str_eq(name, str_of(t->name)))
			return t;
	return NULL;
}

static int channel_read(struct config *c, const struct yaml *item, struct err *err)
{
	struct alert_channel ch = { .time_ms = TIME_MS };

	if (yaml_read(item, fields, &ch, c->a, err) < 0)
		return err->code;
	ch.to = arena_printf(c->a, "channel %.*s", STR_ARG(ch.name.text));
	if (!str_eq(channel_name(ch.to), ch.name.text) || channel_of(&c->channels, ch.to))
		return yaml_wrong(err, ch.name, "a channel is called \"%.*s\"%s, expected a name of its own of a-z, 0-9 and -",
				  (int)(ch.name.text.n < 80 ? ch.name.text.n : 80), ch.name.text.p,
				  channel_of(&c->channels, ch.to) ? " twice" : "");
	ch.type = type_named(ch.type_name.text);
	if (!ch.type)
		return yaml_wrong(err, ch.type_name,
				  "type is \"%.*s\", expected webhook, slack, mattermost, teams, matrix, ntfy, pagerduty, "
				  "opsgenie, syslog or command",
				  (int)(ch.type_name.text.n < 80 ? ch.type_name.text.n : 80), ch.type_name.text.p);
	if (parts_check(&ch, err) < 0 || url_check(&ch, err) < 0 || credential_settle(c, &ch, err) < 0 ||
	    command_settle(c, &ch, err) < 0 || config_certificates(c, ch.ca, "ca", &ch.trust, err) < 0 ||
	    config_certificates(c, ch.certificate, "certificate", &ch.own_certificate, err) < 0)
		return err->code;
	ch.url_path = config_secret_path(c, ch.url, NULL);
	c->channels.items[c->channels.n++] = ch;
	return 0;
}

int channels_read(struct config *c, const struct yaml *list, struct err *err)
{
	size_t n = list ? yaml_count(list) : 0;

	if (n > LIMIT_CHANNELS)
		return yaml_wrong(err, yaml_place(list), "%zu channels, expected at most %d", n, LIMIT_CHANNELS);
	c->channels.items = arena_alloc(c->a, (n + 1) * sizeof(*c->channels.items));
	for (size_t i = 0; i < n; i++)
		if (channel_read(c, yaml_item(list, i), err) < 0)
			return err->code;
	return 0;
}

int channels_check_to(const struct config *c, struct yaml_text to, struct err *err)
{
	if (channel_name(to.text).n ? channel_of(&c->channels, to.text) != NULL
				    : mailbox_is_one(to.text) && alerts_can_send(&c->alerts))
		return 0;
	if (mailbox_is_one(to.text))
		return yaml_wrong(err, to,
				  "to is a mail address, expected the relay for it too: `alerts: {smtp: ..., from: ...}`");
	return yaml_wrong(err, to, "to is \"%.*s\", expected one mail address, or channel and a name of `channels:`",
			  (int)(to.text.n < 120 ? to.text.n : 120), to.text.p);
}

bool channels_can_send(const struct config *c)
{
	return alerts_can_send(&c->alerts) || c->channels.n > 0;
}

static struct str listed(const struct alert_channels *channels, bool only_who_hears, struct arena *a)
{
	struct str all = STR("|");

	for (size_t i = 0; i < channels->n; i++)
		if (channels->items[i].type->hears_answers || !only_who_hears)
			all = arena_printf(a, "%.*s%.*s|", STR_ARG(all), STR_ARG(channels->items[i].to));
	return all;
}

struct str channels_that_hear(const struct config *c, struct arena *a)
{
	return listed(&c->channels, true, a);
}

struct str channels_listed(const struct config *c, struct arena *a)
{
	return listed(&c->channels, false, a);
}
