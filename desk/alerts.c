/* alerts.c - the section `alerts:`, checked and read */
#include "desk/alerts.h"

#include <stddef.h>

#include "base/address.h"
#include "desk/channels.h"

enum {
	PACE_MS = 1000,	 /* relays that count allow some thousand mails an hour */
	CEILING = 30,	 /* alerts an hour; more than one in two minutes is read by nobody */
	LOOK_MS = 10000, /* between two looks into a mailbox, over one connection */
};

static const char *const tls_words[] = { "required", "none", NULL };

static const struct yaml_field fields[] = {
	{ "smtp", YAML_TEXT, offsetof(struct alerts, smtp), .required = true, .like = "smtp://mail.example.com:587" },
	{ "from", YAML_TEXT, offsetof(struct alerts, from), .required = true, .like = "watchdesk@example.com" },
	{ "user", YAML_TEXT, offsetof(struct alerts, user) },
	{ "password", YAML_TEXT, offsetof(struct alerts, password) },
	{ "ca", YAML_TEXT, offsetof(struct alerts, ca) },
	{ "certificate", YAML_TEXT, offsetof(struct alerts, certificate) },
	{ "key", YAML_TEXT, offsetof(struct alerts, key) },
	{ "tls", YAML_CHOICE, offsetof(struct alerts, tls), .choices = tls_words },
	{ "pace", YAML_DURATION, offsetof(struct alerts, pace_ms), .least = 0, .most = 3600000 },
	{ "ceiling", YAML_INT, offsetof(struct alerts, ceiling), .least = 1, .most = 10000 },
	{ "endpoint", YAML_TEXT, offsetof(struct alerts, endpoint) },
	{ "inbox", YAML_TEXT, offsetof(struct alerts, inbox) },
	{ "inbox_user", YAML_TEXT, offsetof(struct alerts, inbox_user) },
	{ "inbox_password", YAML_TEXT, offsetof(struct alerts, inbox_password) },
	{ "inbox_ca", YAML_TEXT, offsetof(struct alerts, inbox_ca) },
	{ "inbox_pin", YAML_TEXT, offsetof(struct alerts, inbox_pin) },
	{ "inbox_tls", YAML_CHOICE, offsetof(struct alerts, inbox_tls), .choices = tls_words },
	{ "inbox_every", YAML_DURATION, offsetof(struct alerts, inbox_every_ms), .least = 1000, .most = 3600000 },
	{ "heartbeat", YAML_MAP, offsetof(struct alerts, heartbeat) },
	{ 0 },
};

struct heartbeat_rows {
	struct yaml_texts to;
	struct yaml_text at;
};

static const struct yaml_field heartbeat_fields[] = {
	{ "to", YAML_TEXTS, offsetof(struct heartbeat_rows, to), .required = true, .like = "[desk@example.com]" },
	{ "at", YAML_TEXT, offsetof(struct heartbeat_rows, at), .required = true, .like = "\"07:00 Europe/Berlin\"" },
	{ 0 },
};

/* Host and port, nothing else: what stands behind them would be taken for a greeting, what stands before for a password. */
static bool is_relay(struct str url)
{
	ssize_t scheme = str_find(url, STR("://"));
	struct str host = str_slice(url, (size_t)(scheme + 3), url.n);

	if (!str_starts(url, STR("smtp://")) && !str_starts(url, STR("smtps://")))
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_is_alnum(host.p[i]) && !memchr(".-:[]", host.p[i], 5))
			return false;
	return host.n > 0 && host.n < 300;
}

static bool is_loopback(struct str url)
{
	struct str rest = str_slice(url, (size_t)str_find(url, STR("://")) + 3, url.n), host = { 0 };

	str_split(&rest, '/', &host);
	return str_starts(host, STR("127.")) || str_starts(host, STR("[::1]")) || str_eq(host, STR("localhost")) ||
	       str_starts(host, STR("localhost:"));
}

/* The part behind the last "@": letters, digits, dots, hyphens. Its address goes into headers as it is. */
static struct str domain_of(struct str address)
{
	size_t at = address.n;

	for (size_t i = 0; i < address.n; i++) {
		char c = address.p[i];

		if (c == '@' && at == address.n && i > 0)
			at = i;
		else if (!ascii_is_alnum(c) && !memchr(".-_+=", c, 5))
			return (struct str){ 0 };
	}
	return str_slice(address, at + 1, address.n);
}

static bool is_secret_place(struct yaml_text where)
{
	return str_starts(where.text, STR("env:")) || str_starts(where.text, STR("file:"));
}

/* RFC 8058 asks for https; a token is put behind it, and it goes into a header as it is. */
static bool is_endpoint(struct str url)
{
	for (size_t i = 0; i < url.n; i++)
		if (!ascii_is_alnum(url.p[i]) && !memchr("-._~/:%", url.p[i], 7))
			return false;
	return str_starts(url, STR("https://")) && url.n > strlen("https://") && url.n < 500;
}

static int check(struct alerts *a, struct err *err)
{
	if (!is_relay(a->smtp.text))
		return yaml_wrong(err, a->smtp, "smtp is \"%.*s\", expected smtp://HOST:PORT or smtps://HOST:PORT",
				  STR_ARG(a->smtp.text));
	a->domain = domain_of(a->from.text);
	if (a->domain.n == 0)
		return yaml_wrong(err, a->from, "from is \"%.*s\", expected a mail address in letters, digits and .-_+=",
				  STR_ARG(a->from.text));
	if ((a->user.text.n == 0) != (a->password.text.n == 0))
		return yaml_wrong(err, a->smtp, "alerts has one of user and password, expected both or none");
	if (a->password.text.n && !is_secret_place(a->password))
		return yaml_wrong(err, a->password, "password stands in the configuration, expected env:NAME or file:PATH");
	if (a->password.text.n && a->tls == ALERTS_TLS_NONE && !is_loopback(a->smtp.text))
		return yaml_wrong(err, a->password, "a password with `tls: none`, expected TLS: it could be read on its way");
	if (a->tls == ALERTS_TLS_NONE && str_starts(a->smtp.text, STR("smtps:")))
		return yaml_wrong(err, a->smtp, "smtps:// with `tls: none`, expected smtp://");
	if ((a->certificate.text.n == 0) != (a->key.text.n == 0))
		return yaml_wrong(err, a->smtp, "alerts has one of certificate and key, expected both or none");
	if (a->endpoint.text.n && !is_endpoint(a->endpoint.text))
		return yaml_wrong(err, a->endpoint, "endpoint is \"%.*s\", expected an https:// address without a query",
				  STR_ARG(a->endpoint.text));
	return 0;
}

/* Host and port, then the folder; letters that stand for themselves in a URL and in IMAP. False for what is none. */
static bool split_mailbox(struct alerts *a)
{
	struct str url = a->inbox.text, host;
	size_t scheme = str_starts(url, STR("imaps://")) ? strlen("imaps://") : strlen("imap://"), slash = scheme;

	while (slash < url.n && url.p[slash] != '/')
		slash++;
	host = str_slice(url, scheme, slash);
	a->inbox_server = str_slice(url, 0, slash);
	a->inbox_folder = str_slice(url, slash + 1, url.n);
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_is_alnum(host.p[i]) && !memchr(".-:[]", host.p[i], 5))
			return false;
	for (size_t i = 0; i < a->inbox_folder.n; i++)
		if (!ascii_is_alnum(a->inbox_folder.p[i]) && !memchr(" .-_+/&,", a->inbox_folder.p[i], 8))
			return false;
	return host.n > 0 && url.n < 300 && a->inbox_folder.n > 0;
}

static int inbox_check(struct alerts *a, struct err *err)
{
	struct str url = a->inbox.text;

	if (!str_starts(url, STR("imaps://")) && !str_starts(url, STR("imap://")))
		return 0; /* a Maildir, or nothing */
	if (!split_mailbox(a))
		return yaml_wrong(err, a->inbox,
				  "inbox is \"%.*s\", expected imaps://HOST/FOLDER, such as imaps://mail.example.com/INBOX",
				  (int)(url.n < 80 ? url.n : 80), url.p);
	if (!a->inbox_user.text.n || !a->inbox_password.text.n)
		return yaml_wrong(err, a->inbox, "a mailbox without inbox_user and inbox_password, expected both");
	if (!is_secret_place(a->inbox_password))
		return yaml_wrong(err, a->inbox_password,
				  "inbox_password stands in the configuration, expected env:NAME or file:PATH");
	if (a->inbox_tls == ALERTS_TLS_NONE && !is_loopback(url))
		return yaml_wrong(err, a->inbox,
				  "a mailbox with `inbox_tls: none`, expected TLS: its password could be read on its way");
	if (a->inbox_tls == ALERTS_TLS_NONE && str_starts(url, STR("imaps:")))
		return yaml_wrong(err, a->inbox, "imaps:// with `inbox_tls: none`, expected imap://");
	return 0;
}

static int heartbeat_read(struct config *c, struct alerts *a, struct err *err)
{
	struct heartbeat_rows rows = { 0 };

	if (!a->heartbeat)
		return 0;
	if (yaml_read(a->heartbeat, heartbeat_fields, &rows, c->a, err) < 0)
		return err->code;
	for (size_t i = 0; i < rows.to.n; i++)
		if (channels_check_to(c, rows.to.items[i], err) < 0)
			return err->code;
	if (!day_time_read(rows.at.text, &a->heartbeat_at))
		return yaml_wrong(err, rows.at, "at is \"%.*s\", expected a time of the day and its zone: 07:00 Europe/Berlin",
				  (int)(rows.at.text.n < 80 ? rows.at.text.n : 80), rows.at.text.p);
	a->heartbeat_to = rows.to;
	return 0;
}

int alerts_read(struct config *c, const struct yaml *section, struct err *err)
{
	struct alerts *a = &c->alerts;

	*a = (struct alerts){ .pace_ms = PACE_MS, .ceiling = CEILING, .inbox_every_ms = LOOK_MS };
	if (!section)
		return 0;
	if (yaml_read(section, fields, a, c->a, err) < 0 || check(a, err) < 0 || inbox_check(a, err) < 0 ||
	    heartbeat_read(c, a, err) < 0 || config_certificates(c, a->inbox_ca, "inbox_ca", &a->inbox_trust, err) < 0 ||
	    config_certificates(c, a->ca, "ca", &a->trust, err) < 0 ||
	    config_certificates(c, a->certificate, "certificate", &a->own_certificate, err) < 0)
		return err->code;
	a->key_path = config_path(c, a->key, NULL);
	a->user_path = config_secret_path(c, a->user, NULL);
	a->password_path = config_secret_path(c, a->password, NULL);
	a->inbox_user_path = config_secret_path(c, a->inbox_user, NULL);
	a->inbox_password_path = config_secret_path(c, a->inbox_password, NULL);
	return 0;
}
