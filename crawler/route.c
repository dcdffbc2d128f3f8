/* route.c - the way to a source */
#include "crawler/route.h"

#include "base/address.h"

static bool is_socks(struct str proxy)
{
	return str_starts(proxy, STR("socks5h://"));
}

/* HOST:PORT and nothing else: no path, and no credentials, which would be a secret in the configuration. */
static bool is_host_and_port(struct str s)
{
	size_t at = s.n;
	uint64_t port;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] == 0x7f || strchr("@/?#\\", s.p[i]))
			return false;
	while (at && s.p[at - 1] != ':')
		at--;
	return at > 1 && str_number(str_slice(s, at, s.n), 65535, &port) > 0 && port > 0;
}

int route_check_proxy(struct yaml_text proxy, const char *key, struct err *err)
{
	struct str s = proxy.text;

	if (str_starts(s, STR("socks5://")) || str_starts(s, STR("socks4")))
		return yaml_wrong(err, proxy,
				  "%s would look names up here, where others see which sites are watched, expected socks5h://, "
				  "which leaves that to the proxy",
				  key);
	if (is_socks(s) ? is_host_and_port(str_slice(s, strlen("socks5h://"), s.n))
			: str_starts(s, STR("http://")) && is_host_and_port(str_slice(s, strlen("http://"), s.n)))
		return 0;
	return yaml_wrong(err, proxy, "%s is no proxy, expected socks5h://HOST:PORT or http://HOST:PORT, without a password",
			  key);
}

static struct str without_dot(struct str host)
{
	return str_slice(host, 0, host.n && host.p[host.n - 1] == '.' ? host.n - 1 : host.n);
}

/* The name itself, or one below it. */
static bool is_below(struct str host, const char *name)
{
	struct str last = str_of(name);

	return str_eq(host, last) || (str_ends(host, last) && host.p[host.n - last.n - 1] == '.');
}

static int check_onion(const struct source *s, struct arena *a, struct err *err)
{
	struct source_start start;
	struct url url;

	for (size_t i = 0; s->enabled && source_start(s, i, a, &start) > 0; i++)
		if (url_parse(a, start.url, (struct str){ 0 }, &url, NULL) == 0 && is_below(without_dot(url.host), "onion") &&
		    !is_socks(s->proxy.text))
			return yaml_wrong(err, s->name,
					  "%.*s has an .onion address, which only Tor reaches, expected proxy: "
					  "socks5h://HOST:PORT, or identity: quiet beside tor: at the top",
					  STR_ARG(s->name.text));
	return 0;
}

int route_settle(struct source *s, struct yaml_text tor, struct arena *a, struct err *err)
{
	if (str_eq(s->proxy.text, STR("none")))
		s->proxy = (struct yaml_text){ 0 };
	else if (s->proxy.text.n && route_check_proxy(s->proxy, "proxy", err) < 0)
		return E_USAGE;
	else if (s->proxy.text.n == 0 && s->identity == IDENTITY_QUIET)
		s->proxy = tor;
	return check_onion(s, a, err);
}

/* An address in numbers that is not for us, as net.c judges those that it connects to; in brackets where it is IPv6. */
static bool is_closed_address(struct str host, bool allow_private)
{
	char text[64];
	struct sockaddr_storage address;

	if (host.n >= 2 && host.p[0] == '[')
		host = str_slice(host, 1, host.n - 1);
	if (host.n == 0 || host.n >= sizeof(text))
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	return address_read(text, &address) && !address_is_public((const struct sockaddr *)&address) &&
	       !(allow_private && address_is_private((const struct sockaddr *)&address));
}

const char *route_refuses(const struct source *s, bool strayed, const struct url *url)
{
	bool allow_private = s->allow_private && !strayed;
	struct str host = without_dot(url->host);

	if (is_below(host, "onion") && !is_socks(s->proxy.text))
		return "an .onion address is only asked for through a socks5h proxy, and this source has none";
	if (s->proxy.text.n && (is_closed_address(host, allow_private) || (is_below(host, "localhost") && !allow_private)))
		return "the address is private or reserved where the proxy is; allow_private lets a source ask for its own "
		       "host there";
	return NULL;
}

/* Two addresses of one host; that it moved to https says nothing. */
static bool is_same_host(const struct url *a, const struct url *b)
{
	const bool plain = (a->port == 80 || a->port == 443) && (b->port == 80 || b->port == 443);

	return str_eq(a->host, b->host) && (a->port == b->port || plain);
}

static bool is_at(struct arena *a, struct str address, const struct url *url)
{
	struct url other;

	return address.n && url_parse(a, address, (struct str){ 0 }, &other, NULL) == 0 && is_same_host(&other, url);
}

bool route_knows(struct arena *a, const struct source *s, const struct url *url)
{
	struct source_start start;

	if (s->answers || s->recheck || source_is_local(s))
		return false;
	if (is_at(a, s->url.text, url) || is_at(a, s->raw.text, url))
		return true;
	for (size_t i = 0; source_start(s, i, a, &start) > 0; i++)
		if (is_at(a, start.url, url))
			return true;
	return false;
}
