/* url.c - addresses: as found, in WHATWG form, and as the frontier's key */
#include "crawler/url.h"

#include <libpsl.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/host.h"
#include "crawler/sheet.h"

enum { NO_PORT = -1 };

struct parts {
	struct str scheme, user, password, host, path, query, fragment;
	int port;
	bool has_query, has_fragment;
};

/* What is being read: the input after the pre-pass, the sheet, the result. */
struct reading {
	struct str rest;
	struct sheet *sheet;
	struct parts *out;
	struct err *err;
};

/* Percent-encode sets of the URL standard, beyond controls and everything outside ASCII. */
#define SET_FRAGMENT " \"<>`"
#define SET_QUERY    " \"#<>'" /* of special schemes */
#define SET_PATH     " \"#<>?`{}^"
#define SET_USERINFO SET_PATH "/:;=@[\\]|"

static void put_escape(struct sheet *s, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";

	put(s, (struct str){ (char[]){ '%', digits[c >> 4], digits[c & 15] }, 3 });
}

static void put_encoded(struct sheet *s, struct str piece, const char *set)
{
	while (piece.n && !s->full) {
		unsigned char c = (unsigned char)piece.p[0];
		size_t n = 1;

		if (c >= 0x80) {
			uint32_t ignored;

			n = utf8_next(piece, &ignored);
			for (size_t i = 0; i < n; i++)
				put_escape(s, (unsigned char)piece.p[i]);
			if (n == 0)
				put(s, STR("%EF%BF%BD"));
			n = n ? n : 1;
		} else if (c < 0x20 || c == 0x7f || strchr(set, c)) {
			put_escape(s, c);
		} else {
			put_char(s, (char)c);
		}
		piece = str_slice(piece, n, piece.n);
	}
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

/* The standard's pre-pass: controls and spaces off both ends, TAB, LF and CR out of the middle. */
static struct str prepared(struct sheet *s, struct str input)
{
	size_t start = s->n;

	while (input.n && (unsigned char)input.p[0] <= ' ')
		input = str_slice(input, 1, input.n);
	while (input.n && (unsigned char)input.p[input.n - 1] <= ' ')
		input.n--;
	for (size_t i = 0; i < input.n; i++)
		if (input.p[i] != '\t' && input.p[i] != '\n' && input.p[i] != '\r')
			put_char(s, input.p[i]);
	return since(s, start);
}

/* Take "name:" off the front; empty when there is no scheme. */
static struct str scheme_split(struct str *rest)
{
	size_t n = 0;
	struct str scheme;

	if (rest->n == 0 || !ascii_is_alpha(rest->p[0]))
		return (struct str){ 0 };
	while (n < rest->n && (ascii_is_alnum(rest->p[n]) || strchr("+-.", rest->p[n])) && rest->p[n])
		n++;
	if (n == rest->n || rest->p[n] != ':')
		return (struct str){ 0 };
	scheme = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n + 1, rest->n);
	return scheme;
}

static int host_read(struct reading *r, struct str host)
{
	size_t start = r->sheet->n;
	int result = host_write(r->sheet, host, r->err);

	r->out->host = since(r->sheet, start);
	return result;
}

static int default_port(struct str scheme)
{
	return scheme.n == 5 ? 443 : 80;
}

static int port_read(struct reading *r, struct str digits)
{
	uint64_t port = 0;

	if (digits.n == 0)
		return 0;
	if (!str_number(digits, 65535, &port))
		return not_an_address(r->err, "not a port", digits);
	r->out->port = (int)port == default_port(r->out->scheme) ? NO_PORT : (int)port;
	return 0;
}

static void userinfo_read(struct reading *r, struct str info)
{
	ssize_t colon = str_find(info, STR(":"));
	size_t start = r->sheet->n;

	put_encoded(r->sheet, colon >= 0 ? str_slice(info, 0, (size_t)colon) : info, SET_USERINFO);
	r->out->user = since(r->sheet, start);
	start = r->sheet->n;
	if (colon >= 0)
		put_encoded(r->sheet, str_slice(info, (size_t)colon + 1, info.n), SET_USERINFO);
	r->out->password = since(r->sheet, start);
}

static int authority_read(struct reading *r)
{
	struct str authority, host;
	size_t n = 0, at = 0, colon;
	bool has_user = false, bracket = false;

	while (r->rest.n && is_slash(r->rest.p[0]))
		r->rest = str_slice(r->rest, 1, r->rest.n);
	while (n < r->rest.n && !is_slash(r->rest.p[n]) && r->rest.p[n] != '?' && r->rest.p[n] != '#') {
		if (r->rest.p[n] == '@') {
			at = n;
			has_user = true;
		}
		n++;
	}
	authority = str_slice(r->rest, 0, n);
	if (has_user)
		userinfo_read(r, str_slice(authority, 0, at));
	host = has_user ? str_slice(authority, at + 1, n) : authority;
	for (colon = 0; colon < host.n && (bracket || host.p[colon] != ':'); colon++)
		bracket = host.p[colon] == '[' || (bracket && host.p[colon] != ']');
	r->rest = str_slice(r->rest, n, r->rest.n);
	if (host_read(r, str_slice(host, 0, colon)) < 0)
		return E_BAD;
	return port_read(r, str_slice(host, colon + 1, host.n));
}

/* "." is 1, ".." is 2, anything else 0; a dot may be written %2e. */
static int dots(struct str segment)
{
	int n = 0;

	while (segment.n) {
		bool escaped = segment.n >= 3 && str_eq_nocase(str_slice(segment, 0, 3), STR("%2e"));

		if (segment.p[0] != '.' && !escaped)
			return 0;
		segment = str_slice(segment, escaped ? 3 : 1, segment.n);
		n++;
	}
	return n <= 2 ? n : 0;
}

/* Drop the last segment of the path that begins at `start` of the sheet. */
static void path_shorten(struct sheet *s, size_t start)
{
	while (s->n > start && s->bytes[s->n - 1] != '/')
		s->n--;
	if (s->n > start)
		s->n--;
}

/* The segments of r->rest, behind what of a base's path already stands at `start`. */
static void path_read(struct reading *r, size_t start)
{
	struct sheet *s = r->sheet;
	bool more = true;

	if (r->rest.n && is_slash(r->rest.p[0]))
		r->rest = str_slice(r->rest, 1, r->rest.n);
	while (more) {
		struct str segment;
		size_t n = 0;
		int up;

		while (n < r->rest.n && !is_slash(r->rest.p[n]) && r->rest.p[n] != '?' && r->rest.p[n] != '#')
			n++;
		segment = str_slice(r->rest, 0, n);
		more = n < r->rest.n && is_slash(r->rest.p[n]);
		r->rest = str_slice(r->rest, n + (more ? 1 : 0), r->rest.n);
		up = dots(segment);
		if (up == 2)
			path_shorten(s, start);
		if (up == 0 || !more)
			put_char(s, '/');
		if (up == 0)
			put_encoded(s, segment, SET_PATH);
	}
	r->out->path = since(s, start);
}

static void query_read(struct reading *r)
{
	size_t start = r->sheet->n;
	ssize_t hash;

	if (r->rest.n && r->rest.p[0] == '?') {
		hash = str_find(r->rest, STR("#"));
		put_encoded(r->sheet, str_slice(r->rest, 1, hash >= 0 ? (size_t)hash : r->rest.n), SET_QUERY);
		r->out->query = since(r->sheet, start);
		r->out->has_query = true;
		r->rest = hash >= 0 ? str_slice(r->rest, (size_t)hash, r->rest.n) : (struct str){ 0 };
	}
	start = r->sheet->n;
	if (r->rest.n && r->rest.p[0] == '#') {
		put_encoded(r->sheet, str_slice(r->rest, 1, r->rest.n), SET_FRAGMENT);
		r->out->fragment = since(r->sheet, start);
		r->out->has_fragment = true;
	}
}

/* A reference without a scheme of its own, or with its base's: everything it does not say is the base's. */
static int relative_read(struct reading *r, const struct parts *base)
{
	size_t start = r->sheet->n;

	*r->out = *base;
	r->out->has_query = r->out->has_fragment = false;
	if (r->rest.n && is_slash(r->rest.p[0])) {
		if (r->rest.n > 1 && is_slash(r->rest.p[1])) {
			*r->out = (struct parts){ .scheme = base->scheme, .port = NO_PORT };
			if (authority_read(r) < 0)
				return E_BAD;
			start = r->sheet->n;
		}
		path_read(r, start);
	} else if (r->rest.n && r->rest.p[0] != '?' && r->rest.p[0] != '#') {
		put(r->sheet, base->path);
		path_shorten(r->sheet, start);
		path_read(r, start);
	} else if (r->rest.n == 0 || r->rest.p[0] == '#') {
		r->out->has_query = base->has_query;
	}
	query_read(r);
	return 0;
}

static int absolute_read(struct reading *r, struct str scheme)
{
	*r->out = (struct parts){ .scheme = scheme, .port = NO_PORT };
	if (authority_read(r) < 0)
		return E_BAD;
	path_read(r, r->sheet->n);
	query_read(r);
	return 0;
}

/* Fill `out` with slices of `s`. `base` is NULL when there is none. */
static int parts_read(struct str input, const struct parts *base, struct sheet *s, struct parts *out, struct err *err)
{
	struct reading r = { .sheet = s, .out = out, .err = err };
	struct str scheme;
	bool same;
	int result;

	if (input.n > LIMIT_URL)
		return err_set(err, E_LIMIT, "the address has %zu bytes, more than %d", input.n, LIMIT_URL);
	s->n = 0;
	s->full = false;
	r.rest = prepared(s, input);
	scheme = scheme_split(&r.rest);
	if (str_eq_nocase(scheme, STR("http")))
		scheme = STR("http");
	else if (str_eq_nocase(scheme, STR("https")))
		scheme = STR("https");
	else if (scheme.n)
		return not_an_address(err, "neither http nor https", input);
	else if (!base)
		return not_an_address(err, "neither http nor https, and nothing to resolve it against", input);
	same = base && (scheme.n == 0 || (str_eq(scheme, base->scheme) && !str_starts(r.rest, STR("//"))));
	result = same ? relative_read(&r, base) : absolute_read(&r, scheme);
	if (result == 0 && s->full)
		return err_set(err, E_LIMIT, "the address has more than %d bytes once encoded", LIMIT_URL);
	return result;
}

/* Session parameters tell visitors apart, not pages. */
static bool is_session_parameter(struct str pair)
{
	static const char *const names[] = { "phpsessid",  "jsessionid", "aspsessionid", "sessionid",
					     "session_id", "sessid",	 "fbclid",	 "gclid" };
	ssize_t equals = str_find(pair, STR("="));
	struct str name = equals >= 0 ? str_slice(pair, 0, (size_t)equals) : pair;
	struct str value = equals >= 0 ? str_slice(pair, (size_t)equals + 1, pair.n) : (struct str){ 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	if (str_eq_nocase(str_slice(name, 0, 4), STR("utm_")))
		return true;
	if (!(str_eq(name, STR("sid")) || str_eq(name, STR("s"))) || value.n != 32)
		return false;
	for (size_t i = 0; i < value.n; i++)
		if (ascii_hex(value.p[i]) < 0)
			return false;
	return true;
}

/* "a;jsessionid=1;b" without the session, unless that would leave a dot segment, which means something else. */
static void put_key_segment(struct sheet *s, struct str segment)
{
	struct str rest = segment, piece;
	size_t start = s->n;
	bool first = true, session = str_find_nocase(segment, STR(";jsessionid=")) >= 0;

	while (session && str_split(&rest, ';', &piece)) {
		if (!first && (piece.n == 0 || str_eq_nocase(str_slice(piece, 0, 11), STR("jsessionid="))))
			continue;
		if (!first)
			put_char(s, ';');
		put(s, piece);
		first = false;
	}
	if (session && !dots(since(s, start)))
		return;
	s->n = start;
	put(s, segment);
}

static void put_key_path(struct sheet *s, struct str path)
{
	struct str rest = str_slice(path, 1, path.n), segment;

	if (str_find_nocase(path, STR(";jsessionid=")) < 0) {
		put(s, path);
		return;
	}
	put_char(s, '/');
	while (str_split(&rest, '/', &segment)) {
		put_key_segment(s, segment);
		if (rest.n || path.p[path.n - 1] == '/')
			put_char(s, '/');
	}
}

static void put_key_query(struct sheet *s, struct str query)
{
	struct str pair;
	char before = '?';

	while (str_split(&query, '&', &pair)) {
		if (pair.n == 0 || is_session_parameter(pair))
			continue;
		put_char(s, before);
		put(s, pair);
		before = '&';
	}
}

static void put_authority(struct sheet *s, const struct parts *u)
{
	char port[8];

	put(s, u->scheme);
	put(s, STR("://"));
	if (u->user.n || u->password.n) {
		put(s, u->user);
		if (u->password.n)
			put_char(s, ':');
		put(s, u->password);
		put_char(s, '@');
	}
	put(s, u->host);
	if (u->port != NO_PORT) {
		snprintf(port, sizeof(port), ":%d", u->port);
		put(s, str_of(port));
	}
}

static void put_href(struct sheet *s, const struct parts *u)
{
	put_authority(s, u);
	put(s, u->path);
	if (u->has_query) {
		put_char(s, '?');
		put(s, u->query);
	}
	if (u->has_fragment) {
		put_char(s, '#');
		put(s, u->fragment);
	}
}

/* The labels of a name from the last to the first; an address of numbers stays as it is. */
static void put_surt_host(struct sheet *s, struct str host)
{
	if (host.p[host.n - 1] == '.')
		host.n--;
	if (host.p[0] == '[' || host_is_number(host)) {
		put(s, host);
		put_char(s, ',');
		return;
	}
	while (host.n) {
		size_t start = host.n;

		while (start > 0 && host.p[start - 1] != '.')
			start--;
		put(s, str_slice(host, start, host.n));
		put_char(s, ',');
		host = str_slice(host, 0, start ? start - 1 : 0);
	}
}

static struct str kept(struct arena *a, const struct sheet *s, size_t start)
{
	return arena_copy(a, since(s, start));
}

/* Write href, key and SURT one after the other and keep each. */
static void url_write(struct arena *a, const struct parts *u, struct sheet *s, struct url *out)
{
	size_t before_host, tail;
	char port[8];

	s->n = 0;
	put_href(s, u);
	out->href = kept(a, s, 0);
	s->n = 0;
	put_authority(s, u);
	before_host = s->n;
	put_key_path(s, u->path);
	put_key_query(s, u->has_query ? u->query : (struct str){ 0 });
	out->key = kept(a, s, 0);
	s->n = 0;
	put_char(s, '(');
	put_surt_host(s, u->host);
	if (u->port != NO_PORT) {
		snprintf(port, sizeof(port), ":%d", u->port);
		put(s, str_of(port));
	}
	put_char(s, ')');
	put(s, str_slice(out->key, before_host, out->key.n));
	out->surt = kept(a, s, 0);
	tail = u->path.n + (u->has_query ? u->query.n + 1 : 0);
	before_host -= u->host.n + (u->port == NO_PORT ? 0 : strlen(port));
	out->scheme = str_slice(out->href, 0, u->scheme.n);
	out->host = str_slice(out->href, before_host, before_host + u->host.n);
	before_host += u->host.n + (u->port == NO_PORT ? 0 : strlen(port));
	out->path = str_slice(out->href, before_host, before_host + tail);
	out->port = u->port == NO_PORT ? default_port(u->scheme) : u->port;
}

int url_parse(struct arena *a, struct str input, struct str base, struct url *out, struct err *err)
{
	struct sheet base_sheet, sheet, written;
	struct parts base_parts, parts;
	const struct parts *against = NULL;
	struct url url;
	int result;

	if (base.n && parts_read(base, NULL, &base_sheet, &base_parts, NULL) == 0)
		against = &base_parts;
	result = parts_read(input, against, &sheet, &parts, err);
	if (result < 0)
		return result;
	written.full = false;
	url_write(a, &parts, &written, &url);
	if (written.full || url.href.n > LIMIT_URL)
		return err_set(err, E_LIMIT, "the address has more than %d bytes once encoded", LIMIT_URL);
	*out = url;
	return 0;
}

struct str url_origin(struct arena *a, const struct url *u)
{
	return arena_printf(a, "%.*s://%.*s:%d", STR_ARG(u->scheme), STR_ARG(u->host), u->port);
}

struct str url_registrable(struct str host)
{
	char name[256];
	const char *domain;

	if (host.n == 0 || host.n >= sizeof(name) || host.p[0] == '[' || host_is_number(host))
		return (struct str){ 0 };
	memcpy(name, host.p, host.n);
	name[host.n] = '\0';
	domain = psl_registrable_domain(psl_builtin(), name);
	return domain ? str_slice(host, (size_t)(domain - name), host.n) : (struct str){ 0 };
}
