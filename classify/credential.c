/* credential.c - a line that holds a login and a password */
/* Hot: called for lines that hold '@', ':' or '|' only. Every reader looks at its line once, from left to right. */
#include "classify/credential.h"

#include <string.h>

enum { LOGIN_MOST = 100, FIELDS = 8 };

/* The line cut at a sign: at most FIELDS pieces, the last one takes what is left. */
struct fields {
	struct str piece[FIELDS];
	size_t n;
};

static struct fields cut(struct str s, char sign)
{
	struct fields f = { .n = 0 };

	while (f.n < FIELDS) {
		size_t end = 0;
		const char *p = s.n ? memchr(s.p, sign, s.n) : NULL;

		end = p && f.n + 1 < FIELDS ? (size_t)(p - s.p) : s.n;
		f.piece[f.n++] = line_unquote(str_slice(s, 0, end));
		if (end == s.n)
			break;
		s = str_slice(s, end + 1, s.n);
	}
	return f;
}

static bool has_digit(struct str s)
{
	return line_digits(s) > 0;
}

/* Mixes kinds of characters as few words do. */
static bool is_plausible(struct str s)
{
	return line_kinds(s) >= 3 || (line_kinds(s) == 2 && has_digit(s));
}

/* 22, 8080: the number of a port, not a password. */
static bool is_port(struct str s)
{
	return s.n <= 5 && line_digits(s) == s.n;
}

/* Behind user@host: a path to copy to, a repository. */
static bool is_path(struct str s)
{
	return s.n && (s.p[0] == '/' || str_starts(s, STR("~/")) || str_starts(s, STR("./")) || str_ends(s, STR(".git")) ||
		       (memchr(s.p, '/', s.n) && line_kinds(s) < 3));
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alpha(s.p[i]) && !(s.p[i] & 0x80) && !strchr(" .'-", s.p[i]))
			return false;
	return s.n > 0;
}

static void set_secret(struct credential *c, struct str secret)
{
	c->secret = secret;
	c->shape = line_is_hash(secret) ? CREDENTIAL_HASH : CREDENTIAL_MAIL;
	c->plausible = c->shape == CREDENTIAL_HASH || line_kinds(secret) >= 2;
}

/* Behind the address: the password, or where a name stands first what looks most like one. */
static bool pick_secret(const struct fields *f, char sign, struct credential *c)
{
	size_t pick = 0;

	for (size_t i = 0; i < f->n; i++)
		if (line_is_hash(f->piece[i]))
			pick = i;
	if (!line_is_hash(f->piece[pick]) && f->n > 1 && sign != ':' && is_name(f->piece[0]))
		for (size_t i = 1; i < f->n && i < 4 && pick == 0; i++)
			if (line_is_password(f->piece[i]) && f->piece[i].n >= 6 && is_plausible(f->piece[i]) &&
			    line_letters(f->piece[i]) >= 2)
				pick = i;
	set_secret(c, f->piece[pick]);
	return line_is_password(c->secret) && !is_path(c->secret) && !(sign == ':' && f->n == 1 && is_port(c->secret));
}

/* mail SEP password [SEP more] */
static bool read_mail(struct str line, struct credential *c)
{
	size_t start = line.p[0] == '"' || line.p[0] == '\'' ? 1 : 0;
	size_t end = line_until(line, start, ":;|,\t \"'");
	struct fields f;
	struct str rest;
	char sign;

	c->login = str_slice(line, start, end);
	c->host = line_mail_domain(c->login);
	if (c->host.n == 0 || str_starts(c->login, STR("git@")))
		return false;
	end += start && end < line.n && line.p[end] == line.p[0];
	while (end + 1 < line.n && line.p[end] == ' ' && strchr(":;| ,-=>", line.p[end + 1]))
		end++;
	if (end >= line.n || !strchr(":;|,\t -=>", line.p[end]))
		return false;
	sign = line.p[end];
	while (end + 1 < line.n && sign == line.p[end + 1] && sign != '=')
		end++; /* "::", "||" */
	if (sign == '-' && end + 1 < line.n && line.p[end + 1] == '>')
		end++;
	rest = str_trim(str_slice(line, end + 1, line.n));
	if (rest.n == 0)
		return false;
	f = strchr(" -=>", sign) ? (struct fields){ .piece = { line_unquote(rest) }, .n = 1 } : cut(rest, sign);
	if (!pick_secret(&f, sign, c))
		return false;
	/* Lists of addresses and names use commas, blanks and tabs too: only what looks like a password counts there. */
	return strchr(":;|", sign) || c->shape == CREDENTIAL_HASH ||
	       (c->secret.n >= 6 && is_plausible(c->secret) && !memchr(c->secret.p, '/', c->secret.n)) ||
	       (sign == '\t' && f.n == 1 && c->secret.n >= 6 && line_kinds(c->secret) == 1 && line_letters(c->secret) == 0);
}

/* Letters become 'a' and 'A', digits '0': numbers of parts and rooms share one shape from line to line, passwords do not. */
static uint32_t shape_of(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		c = ascii_is_digit(c) ? '0' : c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : c;
		h = (h ^ (unsigned char)c) * 16777619u;
	}
	return h;
}

/* The sign that stands first among those that divide rows; 0 for none. */
static char first_sign(struct str line, const char *signs)
{
	size_t at = line_until(line, 0, signs);

	return at < line.n ? line.p[at] : 0;
}

/* number | name | mail | password: fields stand before the address, and the same sign divides them all. */
static bool read_row(struct str line, struct credential_memory *m, struct credential *c)
{
	char sign = first_sign(line, "|;:\t,");
	struct fields f;
	size_t mail = 1;
	uint32_t shape;

	if (!sign || str_find(line, STR("://")) >= 0)
		return false;
	f = cut(line, sign);
	while (mail < f.n && mail <= 4 && line_mail_domain(f.piece[mail]).n == 0)
		mail++;
	if (mail > 4 || mail + 1 >= f.n)
		return false;
	c->login = f.piece[mail];
	c->host = line_mail_domain(c->login);
	for (size_t i = mail + 1; i < f.n && i <= mail + 3; i++) {
		set_secret(c, f.piece[i]);
		shape = shape_of(c->secret);
		if (line_is_password(c->secret) && c->secret.n >= 6 && line_kinds(c->secret) >= 2 &&
		    line_letters(c->secret) >= 2 && (sign != ',' || is_plausible(c->secret)) && shape != m->shape &&
		    line_mail_domain(c->secret).n == 0 && !line_is_ipv4(c->secret)) {
			m->shape = c->shape == CREDENTIAL_HASH ? 0 : shape;
			c->plausible = c->shape == CREDENTIAL_HASH || is_plausible(c->secret);
			return true;
		}
	}
	return false;
}

/* mail:password in the middle of a sentence */
static bool read_inline(struct str line, struct credential *c)
{
	for (size_t at = 1; at < line.n; at++) {
		const char *sign = memchr(line.p + at, '@', line.n - at);
		size_t start, end, floor = at;

		if (!sign)
			return false;
		at = start = (size_t)(sign - line.p);
		while (start > floor - 1 && at - start < 64 && !ascii_is_space(line.p[start - 1]) &&
		       !strchr("\"'(<", line.p[start - 1]))
			start--;
		end = line_until(line, at, ": ,;\t\"'<>()");
		if (end + 8 > line.n || line.p[end] != ':' || str_eq(str_slice(line, start, at), STR("git"))) {
			at = end > at ? end - 1 : at;
			continue;
		}
		c->login = str_slice(line, start, end);
		c->host = line_mail_domain(c->login);
		c->secret = str_slice(line, end + 1, line_until(line, end + 1, " \t\"'<>(),;"));
		if (c->secret.n && strchr(".!?", c->secret.p[c->secret.n - 1]))
			c->secret.n--;
		if (c->host.n && c->secret.n >= 8 && line_kinds(c->secret) >= 2 && has_digit(c->secret) &&
		    line_letters(c->secret) && !memchr(c->secret.p, '/', c->secret.n) &&
		    !memchr(c->secret.p, '.', c->secret.n) && line_is_password(c->secret)) {
			c->whole = (struct str){ line.p + start, (size_t)(c->secret.p - line.p) + c->secret.n - start };
			c->shape = CREDENTIAL_MAIL;
			c->plausible = true;
			c->strong = line_kinds(c->secret) >= 3; /* else it may be a file on another machine */
			return true;
		}
		at = end;
	}
	return false;
}

/* ---- address, login, password ---- */

/* Behind the port and path of an address: where the separator stands that ends it; line.n for none. */
static size_t address_end(struct str line, size_t at, char *separator)
{
	for (;;) {
		size_t end = line_until(line, at, ":|;, \t"), digits = end + 1;

		if (end >= line.n)
			return line.n;
		*separator = line.p[end];
		while (line.p[end] == ':' && digits < line.n && ascii_is_digit(line.p[digits]))
			digits++;
		if (line.p[end] != ':' || digits == end + 1 || digits - end > 6 || digits >= line.n ||
		    !strchr("/:;|, \t", line.p[digits]))
			return end;
		if (line.p[digits] == ':' && memchr(line.p + digits + 1, ':', line.n - digits - 1) == NULL)
			return end; /* https://host:1234:secret: the number is the login */
		if (line.p[digits] != '/' && line.p[digits] != ':') {
			*separator = line.p[digits];
			return digits;
		}
		at = digits;
	}
}

static bool is_login(struct str s)
{
	return s.n >= 2 && s.n <= LOGIN_MOST && !memchr(s.p, ' ', s.n) && !memchr(s.p, '/', s.n) && s.p[0] != '<';
}

/* Words, tags and queries follow addresses too: a login that is no mail address needs a good password beside it. */
static bool is_pair(struct credential *c, bool loose)
{
	bool mail = line_mail_domain(c->login).n > 0;

	if (!is_login(c->login) || !line_is_password(c->secret))
		return false;
	c->plausible = mail || is_plausible(c->secret);
	if (mail || !loose)
		return true;
	if (line_until(c->secret, 0, "\"'`<>\\") < c->secret.n || line_until(c->login, 0, "\"'`<>\\()") < c->login.n)
		return false;
	return line_kinds(c->secret) >= 2 && has_digit(c->secret) && line_letters(c->secret) && c->secret.n >= 6 &&
	       !is_port(c->secret) && (line_letters(c->login) > 0 || c->login.n >= 6) &&
	       (ascii_is_alnum(c->login.p[0]) || c->login.p[0] == '+') && !strchr("#@&-!(.", c->secret.p[0]) &&
	       str_find(c->login, STR("=")) < 0;
}

/* login SEP password, what is left of a line. */
static bool split_pair(struct str rest, char separator, struct credential *c, bool loose)
{
	size_t stop;

	rest = str_trim(rest);
	while (rest.n && rest.p[0] == separator)
		rest = str_trim(str_slice(rest, 1, rest.n));
	stop = line_until(rest, 0, (char[]){ separator, 0 });
	c->login = line_unquote(str_slice(rest, 0, stop));
	while (stop + 1 < rest.n && rest.p[stop + 1] == separator && separator != ':')
		stop++;
	c->secret = line_unquote(str_slice(rest, stop + 1, rest.n));
	if (separator == '|' || separator == '\t')
		c->secret = str_trim(str_slice(c->secret, 0, line_until(c->secret, 0, (char[]){ separator, 0 })));
	return is_pair(c, loose);
}

/* url SEP login SEP password */
static bool read_url_first(struct str line, size_t host, struct credential *c)
{
	char separator = 0;
	size_t end = address_end(line, host, &separator), at;
	bool loose;

	c->host = str_slice(line, host, line_until(line, host, ":/|;, \t?#"));
	at = line_until(c->host, 0, "@");
	if (at < c->host.n)
		c->host = str_slice(c->host, at + 1, c->host.n);
	if (end >= line.n || (!line_is_host(c->host) && !str_starts(line, STR("android://"))))
		return false;
	if (separator == ' ' && end + 2 < line.n && strchr("|:;,-", line.p[end + 1])) {
		separator = line.p[end + 1];
		end++;
	}
	c->shape = CREDENTIAL_URL;
	loose = separator == ' ' || separator == ',' || separator == ';' || separator == '-';
	if (loose && str_find(line, STR("&amp;")) >= 0)
		return false;
	if (!split_pair(str_slice(line, end + 1, line.n), separator, c, loose))
		return false;
	c->plausible |= !loose && line_letters(c->login) > 0; /* three parts, the first an address: nothing else looks so */
	return true;
}

/* login SEP password SEP url: the address stands last. */
static bool read_url_last(struct str line, size_t scheme, struct credential *c)
{
	size_t start = scheme;
	struct str pair;
	char sign;

	while (start > 0 && ascii_is_alpha(line.p[start - 1]))
		start--;
	if (start < 6 || memchr(line.p + start, ' ', line.n - start))
		return false;
	c->host = line_host_of(str_slice(line, start, line.n));
	pair = str_slice(line, 0, start);
	while (pair.n && pair.p[pair.n - 1] == ' ')
		pair.n--;
	sign = pair.n ? pair.p[pair.n - 1] : 0;
	if (!strchr(":;|,\t", sign) || !line_is_host(c->host))
		sign = pair.n + 1 == start && line_is_host(c->host) ? ' ' : 0;
	if (sign == ' ' && !memchr(pair.p, ' ', pair.n))
		sign = ':'; /* login:password url */
	if (!sign)
		return false;
	c->shape = CREDENTIAL_URL;
	if (pair.p[pair.n - 1] == sign)
		pair = str_trim(str_slice(pair, 0, pair.n - 1));
	return split_pair(pair, sign, c, true);
}

/* Endings of source files that are also countries. */
static bool is_source_file(struct str host)
{
	static const char *const endings[] = { ".py", ".sh", ".rs", ".pl", ".md", ".cc",
					       ".so", ".ps", ".go", ".mm", ".ml", ".hs" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(host, str_of(endings[i])))
			return true;
	return false;
}

/* host[:port][/path] SEP login SEP password, without a scheme */
static bool read_bare_host(struct str line, struct credential *c)
{
	size_t end = line_until(line, 0, ":/|;,\t ");
	char separator = 0;
	struct str host = str_slice(line, 0, end);

	if (end >= line.n || !line_is_host(host) || is_source_file(host) || host.p[0] == '.')
		return false;
	end = address_end(line, 0, &separator);
	if (end >= line.n || separator == ' ' || separator == ',')
		return false;
	if (!line_letters(str_slice(line, end + 1, line.n)) || line_is_ipv4(str_slice(line, end + 1, line.n)))
		return false;
	c->host = host;
	c->shape = CREDENTIAL_URL;
	return split_pair(str_slice(line, end + 1, line.n), separator, c, true);
}

/* Where "://" stands; -1 for nowhere. */
static ssize_t scheme_at(struct str s)
{
	const char *p = memchr(s.p, ':', s.n), *end = s.p + s.n;

	for (; p && p + 2 < end; p = memchr(p + 1, ':', (size_t)(end - p) - 1))
		if (p[1] == '/' && p[2] == '/')
			return p - s.p;
	return -1;
}

static bool read_url(struct str line, ssize_t scheme, struct credential *c)
{

	if (scheme < 0)
		return read_bare_host(line, c);
	if (scheme <= 10 && !memchr(line.p, ' ', (size_t)scheme))
		return read_url_first(line, (size_t)scheme + 3, c);
	return read_url_last(line, (size_t)scheme, c);
}

/* ---- login and hash ---- */

/* user:hash, also user:id:hash as in password files of other systems */
static bool read_hash(struct str line, struct credential *c)
{
	size_t end = line_until(line, 0, ":;|\t "), stop;

	if (end < 2 || end > 64 || end >= line.n || memchr(line.p, '/', end) || memchr(line.p, '"', end))
		return false;
	stop = line_until(line, end + 1, ":;|\t ");
	c->login = str_slice(line, 0, end);
	c->secret = str_slice(line, end + 1, stop);
	c->shape = CREDENTIAL_HASH;
	c->plausible = true;
	if (line.p[end] == ' ' || line_is_hash(c->login) || memchr(line.p, '=', end)) /* --hash=sha256:... */
		return false;
	return line_is_hash(c->secret) && stop + 72 > line.n;
}

/* A name without blanks, a sign, and no blank behind a colon: what may begin with a host or a login. */
static bool begins_with_name(struct str line)
{
	size_t at = line_until(line, 0, ":;|\t \"<(");

	if (at < 2 || at + 4 > line.n)
		return false;
	if (line.p[at] == ' ') /* "host | login" */
		return line.p[at + 1] == '|' || line.p[at + 1] == ';' || line.p[at + 1] == ':';
	return strchr(":;|\t", line.p[at]) && (line.p[at] != ':' || line.p[at + 1] != ' ');
}

bool credential_read(struct str line, const struct census *census, struct credential_memory *m, struct credential *out)
{
	bool divided = census->colon || census->bar || census->tab || census->semicolon;
	ssize_t scheme = census->colon ? scheme_at(line) : -1;
	bool named = divided && begins_with_name(line);

	*out = (struct credential){ .whole = line };
	if (census->at && read_mail(line, out))
		return true;
	*out = (struct credential){ .whole = line };
	if ((scheme >= 0 || named) && read_url(line, scheme, out))
		return true;
	*out = (struct credential){ .whole = line };
	if (named && read_hash(line, out))
		return true;
	if (!census->at)
		return false;
	*out = (struct credential){ .whole = line };
	if (read_row(line, m, out))
		return true;
	*out = (struct credential){ .whole = line };
	return census->colon && read_inline(line, out);
}
