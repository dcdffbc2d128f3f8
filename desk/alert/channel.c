/* channel.c - ways to a person or a program besides mail */
#include "desk/alert/channel.h"

#include "base/limits.h"
#include "desk/alert/channel_body.h"
#include "desk/alerts.h"

enum { NAME = 40 };

const struct channel_type channel_types[] = {
	{ "webhook", CHANNEL_POST, CHANNEL_URL, CHANNEL_SECRET | CHANNEL_CA, NULL, true, NULL, channel_webhook },
	{ "slack", CHANNEL_POST, CHANNEL_URL, CHANNEL_CA, NULL, false, NULL, channel_slack },
	{ "mattermost", CHANNEL_POST, CHANNEL_URL, CHANNEL_CA, NULL, false, NULL, channel_mattermost },
	{ "teams", CHANNEL_POST, CHANNEL_URL, CHANNEL_CA, NULL, false, NULL, channel_teams },
	{ "matrix", CHANNEL_PUT, CHANNEL_URL | CHANNEL_ROOM | CHANNEL_TOKEN, CHANNEL_CA, NULL, false, "Bearer ",
	  channel_matrix },
	{ "ntfy", CHANNEL_POST, CHANNEL_URL, CHANNEL_TOKEN | CHANNEL_CA, NULL, false, "Bearer ", channel_ntfy },
	{ "pagerduty", CHANNEL_POST, CHANNEL_KEY, CHANNEL_URL | CHANNEL_CA, "https://events.pagerduty.com/v2/enqueue", true,
	  NULL, channel_pagerduty },
	{ "opsgenie", CHANNEL_POST, CHANNEL_KEY, CHANNEL_URL | CHANNEL_CA, "https://api.opsgenie.com/v2/alerts", true,
	  "GenieKey ", channel_opsgenie },
	{ "syslog", CHANNEL_SYSLOG, CHANNEL_URL, CHANNEL_CA | CHANNEL_CERTIFICATE | CHANNEL_KEY | CHANNEL_TLS, NULL, false,
	  NULL, channel_syslog },
	{ "command", CHANNEL_RUN, CHANNEL_COMMAND, CHANNEL_TIME, NULL, true, NULL, channel_webhook },
	{ 0 },
};

struct str channel_name(struct str to)
{
	struct str name = str_trim(str_slice(to, sizeof("channel") - 1, to.n));

	if (!str_starts(to, STR("channel ")) || name.n == 0 || name.n > NAME)
		return (struct str){ 0 };
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_is_digit(name.p[i]) && !(name.p[i] >= 'a' && name.p[i] <= 'z') && name.p[i] != '-')
			return (struct str){ 0 };
	return name;
}

const struct alert_channel *channel_of(const struct alert_channels *all, struct str to)
{
	struct str name = channel_name(to);

	for (size_t i = 0; name.n && i < all->n; i++)
		if (str_eq(all->items[i].name.text, name))
			return &all->items[i];
	return NULL;
}

static bool is_loopback(struct str host)
{
	return str_starts(host, STR("127.0.0.1:")) || str_eq(host, STR("127.0.0.1")) || str_starts(host, STR("127.0.0.1/")) ||
	       str_starts(host, STR("[::1]")) || str_eq(host, STR("localhost")) || str_starts(host, STR("localhost:")) ||
	       str_starts(host, STR("localhost/"));
}

/* Behind "://" something stands that can be a host, and nothing in all of it ends a line or a word. */
static struct str host_of(struct str url)
{
	ssize_t at = str_find(url, STR("://"));

	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 0x7f || url.p[i] == '"' || url.p[i] == '\\')
			return (struct str){ 0 };
	return at < 0 ? (struct str){ 0 } : str_slice(url, (size_t)at + 3, url.n);
}

bool channel_may_reach(const struct alert_channel *c, struct str url, struct err *err)
{
	const struct str host = host_of(url);
	const bool syslog = c->type->way == CHANNEL_SYSLOG;
	const struct str safe = syslog ? STR("syslogs://") : STR("https://"), bare = syslog ? STR("syslog://") : STR("http://");
	const bool may_be_bare = is_loopback(host) || (syslog && c->tls == ALERTS_TLS_NONE);

	if (host.n && url.n <= LIMIT_CHANNEL_URL &&
	    (str_starts(url, safe) ? c->tls != ALERTS_TLS_NONE : str_starts(url, bare) && may_be_bare))
		return true;
	err_set(err, E_USAGE,
		syslog ? "expected syslogs://HOST:PORT; syslog:// is for this machine, or needs `tls: none`"
		       : "expected an https:// address (http:// only on this machine)");
	return false;
}
