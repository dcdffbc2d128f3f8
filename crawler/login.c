/* login.c - signing in by a form */
#include "crawler/login.h"

#include "base/limits.h"
#include "crawler/url.h"

#define MINUTE INT64_C(60000000) /* us */

static void write_coded(struct buf *out, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (ascii_is_alnum((char)c) || (c && strchr("*-._", c)))
			buf_add_char(out, (char)c);
		else if (c == ' ')
			buf_add_char(out, '+');
		else
			buf_printf(out, "%%%c%c", hex[c >> 4], hex[c & 15]);
	}
}

int login_write(const struct login_form *f, struct str user, struct str password, struct buf *out, struct err *err)
{
	for (size_t i = 0; i < f->n_fields; i++) {
		if (i)
			buf_add_char(out, '&');
		write_coded(out, f->fields[i].name);
		buf_add_char(out, '=');
		write_coded(out, i == f->password ? password : i == f->user ? user : f->fields[i].value);
	}
	return out->full ? err_set(err, E_LIMIT, "the form has more in it than a request may have (%zu bytes)", out->max) : 0;
}

static bool is_below(struct str host, const char *name)
{
	struct str last = str_of(name);

	if (host.n && host.p[host.n - 1] == '.')
		host.n--;
	return str_eq(host, last) || (str_ends(host, last) && host.p[host.n - last.n - 1] == '.');
}

bool login_is_private(const struct url *url)
{
	return str_eq(url->scheme, STR("https")) || str_starts(url->host, STR("127.")) || str_eq(url->host, STR("[::1]")) ||
	       is_below(url->host, "localhost") || is_below(url->host, "onion");
}

const char *login_refuses(const struct url *page, const struct url *action)
{
	if (!str_eq(page->scheme, action->scheme) || !str_eq(page->host, action->host) || page->port != action->port)
		return "the form would send the password to another place than login.url says; name the page that is its own";
	return login_is_private(action) ? NULL : "the form would send the password over plain http, where others can read it";
}

int64_t login_wait(int refusals)
{
	static const int64_t minutes[LIMIT_LOGINS - 1] = { 5, 60 };

	return refusals >= 1 && refusals < LIMIT_LOGINS ? minutes[refusals - 1] * MINUTE : 0;
}
