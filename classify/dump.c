/* dump.c - credential dumps: lines and records that hold a login and a password */
/* Hot: every line of every post is looked at; a line without ':' or '@' costs two searches. */
#include "classify/dump.h"

#include <string.h>

#include "base/limits.h"
#include "classify/records.h"

enum {
	LINE = 600, /* longer lines are prose or code */
	PASSWORD_LEAST = 4,
	PASSWORD_MOST = 128,
	DOMAINS = 1024,	  /* distinct ones counted */
	RECORD_LINES = 8, /* a record's fields stand within so many lines */
};

enum shape { MAIL_PASSWORD, URL_LOGIN, USER_HASH, RECORD, SHAPES };

static const struct {
	const char *rule, *label, *many;
} shapes[SHAPES] = {
	[MAIL_PASSWORD] = { "credential-line", "mail address with password", "lines of mail address and password" },
	[URL_LOGIN] = { "url-login-password", "address, login and password", "lines of address, login and password" },
	[USER_HASH] = { "user-hash", "login with password hash", "lines of login and password hash" },
	[RECORD] = { "stealer-record", "record of a password stealer", "records of a password stealer" },
};

/* A line that was recognised. */
struct credential {
	enum shape shape;
	struct str host, secret, whole;
	bool plausible; /* the password mixes kinds of characters */
	bool strong;	/* one is enough: it was written into a sentence, and looks like nothing else */
};

struct dump {
	struct found *found;
	const struct assets *assets;
	size_t count[SHAPES], plausible, strong, lines;
	uint32_t domains[DOMAINS]; /* hashes, 0 for an empty slot */
	size_t n_domains, n_owned;
	/* A record being collected. */
	struct str host, login;
	size_t record_start, record_line;
	uint32_t shape; /* of the last password behind other fields */
};

static size_t until(struct str s, size_t at, const char *stops)
{
	while (at < s.n && !memchr(stops, s.p[at], strlen(stops)))
		at++;
	return at;
}

static bool is_host(struct str s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '_')
			return false;
		dots += s.p[i] == '.' && i > 0 && i + 1 < s.n && s.p[i + 1] != '.';
	}
	return dots > 0 && s.n >= 4 && s.n < 254;
}

static bool is_local_part(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !strchr(".!#$%&'*+-/=?^_`{}~", s.p[i]))
			return false;
	return s.n > 0 && s.n <= 64;
}

/* The domain of a mail address; empty when it is none. */
static struct str mail_domain(struct str s)
{
	const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
	struct str domain;

	if (!at || !is_local_part(str_slice(s, 0, (size_t)(at - s.p))))
		return (struct str){ 0 };
	domain = str_slice(s, (size_t)(at - s.p) + 1, s.n);
	return is_host(domain) && ascii_is_alpha(domain.p[domain.n - 1]) ? domain : (struct str){ 0 };
}

/* How many kinds of characters: small letters, capitals, digits, signs. */
static int kinds(struct str s)
{
	unsigned seen = 0;

	for (size_t i = 0; i < s.n; i++)
		seen |= ascii_is_digit(s.p[i])		 ? 1u
			: s.p[i] >= 'a' && s.p[i] <= 'z' ? 2u
			: s.p[i] >= 'A' && s.p[i] <= 'Z' ? 4u
							 : 8u;
	return __builtin_popcount(seen);
}

static size_t count_letters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_is_alpha(s.p[i]);
	return n;
}

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_hex(s.p[i]) < 0)
			return false;
	return s.n > 0;
}

static bool is_hash(struct str s)
{
	static const char *const starts[] = { "$1$", "$2a$", "$2b$",   "$2y$",	  "$5$",     "$6$",    "$y$",  "$P$",
					      "$H$", "$S$",  "$apr1$", "$argon2", "pbkdf2_", "{SSHA}", "{SHA}" };

	if (s.n == 32 || s.n == 40 || s.n == 64 || s.n == 96 || s.n == 128)
		return is_hex(s) && kinds(s) > 1;
	if (s.n == 41 && s.p[0] == '*')
		return is_hex(str_slice(s, 1, s.n));
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (str_starts(s, str_of(starts[i])) && s.n >= 20)
			return true;
	return false;
}

/* One word that may be a password: no blanks, no address of any kind. */
static bool is_password(struct str s)
{
	if (s.n < PASSWORD_LEAST || s.n > PASSWORD_MOST)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_space(s.p[i]) || (unsigned char)s.p[i] < 0x20)
			return false;
	return str_find(s, STR("://")) < 0 && !str_starts(s, STR("//")) && !str_starts(s, STR("<")) && mail_domain(s).n == 0 &&
	       !str_ends(s, STR("...")) && str_find(s, STR("xxx")) < 0 && str_find(s, STR("***")) < 0;
}

static struct str unquote(struct str s)
{
	s = str_trim(s);
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		s = str_slice(s, 1, s.n - 1);
	return s;
}

/* mail SEP password [SEP more] */
static bool read_mail_line(struct str line, struct credential *c)
{
	size_t start = line.n && (line.p[0] == '"' || line.p[0] == '\'') ? 1 : 0;
	size_t end = until(line, start, ":;|,\t \"'"), next;
	struct str mail = str_slice(line, start, end), rest;
	char separator;

	c->host = mail_domain(mail);
	if (c->host.n == 0)
		return false;
	end += start && end < line.n && line.p[end] == line.p[0];
	while (end < line.n && line.p[end] == ' ' && end + 1 < line.n && strchr(":;| ,-", line.p[end + 1]))
		end++;
	if (end >= line.n)
		return false;
	separator = line.p[end];
	if (!strchr(":;|,\t -", separator))
		return false;
	rest = str_trim(str_slice(line, end + 1, line.n));
	next = separator == ' ' || separator == '-' ? rest.n : until(rest, 0, (char[]){ separator, 0 });
	c->secret = unquote(str_slice(rest, 0, next));
	if (!is_password(c->secret))
		return false;
	c->shape = is_hash(c->secret) ? USER_HASH : MAIL_PASSWORD;
	c->plausible = c->shape == USER_HASH || kinds(c->secret) >= 2;
	/* Lists of addresses and names use commas, blanks and tabs too: only what looks like a password counts there. */
	return separator == ':' || separator == ';' || separator == '|' ||
	       (c->plausible && c->secret.n >= 6 && kinds(c->secret) >= 2 && memchr(c->secret.p, '/', c->secret.n) == NULL);
}

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_digit(s.p[i]))
			return true;
	return false;
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

/* number | name | mail | password: fields stand before the address, and the same sign divides them all. */
static bool read_row(struct dump *d, struct str line, struct credential *c)
{
	static const char separators[] = "|;:\t";
	size_t before = until(line, 0, separators), mail = before + 1;
	char separator = before < line.n ? line.p[before] : 0;
	uint32_t shape;

	for (int i = 0; i < 3 && mail < line.n; i++) {
		size_t end = until(line, mail, (char[]){ separator, 0 });

		c->host = mail_domain(unquote(str_slice(line, mail, end)));
		mail = end + 1;
		if (c->host.n)
			break;
	}
	if (!separator || mail >= line.n || c->host.n == 0 || str_find(line, STR("://")) >= 0)
		return false;
	c->secret = unquote(str_slice(line, mail, until(line, mail, (char[]){ separator, 0 })));
	shape = shape_of(c->secret);
	if (!is_password(c->secret) || c->secret.n < 6 || kinds(c->secret) < 2 || count_letters(c->secret) < 2 ||
	    shape == d->shape || mail_domain(c->secret).n)
		return false;
	d->shape = shape;
	c->shape = is_hash(c->secret) ? USER_HASH : MAIL_PASSWORD;
	c->plausible = kinds(c->secret) >= 3 || has_digit(c->secret);
	return true;
}

/* mail:password in the middle of a sentence */
static bool read_inline(struct str line, struct credential *c)
{
	for (size_t at = 1; at < line.n; at++) {
		const char *sign = memchr(line.p + at, '@', line.n - at);
		size_t start, end;

		if (!sign)
			return false;
		at = start = (size_t)(sign - line.p);
		while (start > 0 && !ascii_is_space(line.p[start - 1]) && !strchr("\"'(<", line.p[start - 1]))
			start--;
		end = until(line, at, ": ,;\t\"'<>()");
		if (end + 8 > line.n || line.p[end] != ':' || str_eq(str_slice(line, start, at), STR("git")))
			continue;
		c->host = mail_domain(str_slice(line, start, end));
		c->secret = str_slice(line, end + 1, until(line, end + 1, " \t\"'<>(),;"));
		if (c->secret.n && strchr(".!?", c->secret.p[c->secret.n - 1]))
			c->secret.n--;
		if (c->host.n && c->secret.n >= 8 && kinds(c->secret) >= 3 && !memchr(c->secret.p, '/', c->secret.n) &&
		    !memchr(c->secret.p, '.', c->secret.n) && is_password(c->secret)) {
			c->whole = (struct str){ line.p + start, (size_t)(c->secret.p - line.p) + c->secret.n - start };
			c->shape = MAIL_PASSWORD;
			c->plausible = c->strong = true;
			return true;
		}
	}
	return false;
}

/* Behind the port and path of an address: where the separator stands that ends it; line.n for none. */
static size_t address_end(struct str line, size_t at, char *separator)
{
	for (;;) {
		size_t end = until(line, at, ":|;, \t"), digits = end + 1;

		if (end >= line.n)
			return line.n;
		*separator = line.p[end];
		while (line.p[end] == ':' && digits < line.n && ascii_is_digit(line.p[digits]))
			digits++;
		if (line.p[end] != ':' || digits == end + 1 || digits - end > 6 || digits >= line.n ||
		    (line.p[digits] != '/' && line.p[digits] != ':'))
			return end;
		if (line.p[digits] == ':' && memchr(line.p + digits + 1, ':', line.n - digits - 1) == NULL)
			return end; /* https://host:1234:secret: the number is the login */
		at = digits;
	}
}

/* url SEP login SEP password; the scheme may be missing when the login is a mail address. */
static bool read_url_line(struct str line, struct credential *c)
{
	ssize_t scheme = str_find(line, STR("://"));
	size_t host = scheme >= 0 ? (size_t)scheme + 3 : 0, end, stop;
	struct str login;
	char separator = 0;

	if (scheme < 0 || scheme > 10)
		return false;
	end = address_end(line, host, &separator);
	c->host = str_slice(line, host, until(line, host, ":/|;, \t?#"));
	if (memchr(c->host.p, '@', c->host.n))
		c->host = str_slice(c->host, until(c->host, 0, "@") + 1, c->host.n);
	if (end >= line.n || (!is_host(c->host) && !str_starts(line, STR("android://"))))
		return false;
	line = str_trim(str_slice(line, end + 1, line.n));
	stop = until(line, 0, (char[]){ separator, 0 });
	login = str_trim(str_slice(line, 0, stop));
	c->secret = str_trim(str_slice(line, stop + 1, line.n));
	c->shape = URL_LOGIN;
	c->plausible = mail_domain(login).n || kinds(c->secret) >= 3 || (kinds(c->secret) == 2 && has_digit(c->secret));
	if (login.n < 2 || login.n > 100 || memchr(login.p, ' ', login.n) || memchr(login.p, '/', login.n) ||
	    !is_password(c->secret))
		return false;
	if (mail_domain(login).n)
		return true;
	/* Words, tags and queries follow addresses too. */
	if (separator == ' ' || separator == ',' || separator == ';')
		return kinds(c->secret) >= 3 && has_digit(c->secret) && count_letters(login) > 0 && !strchr("#@", login.p[0]) &&
		       !strchr("#@", c->secret.p[0]) && str_find(c->whole, STR("&amp;")) < 0;
	return true;
}

/* sha256:..., image@sha256:... */
static bool names_digest(struct str s)
{
	static const char *const names[] = { "md5",	"sha1",	    "sha256", "sha384", "sha512",
					     "blake2b", "checksum", "digest", "etag" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (s.n >= strlen(names[i]) && str_eq_nocase(str_slice(s, s.n - strlen(names[i]), s.n), str_of(names[i])))
			return true;
	return false;
}

/* user:hash, also user:id:hash as in password files of other systems */
static bool read_hash_line(struct str line, struct credential *c)
{
	size_t end = until(line, 0, ":;|\t "), stop;

	if (end < 2 || end > 64 || end >= line.n || memchr(line.p, '/', end) || memchr(line.p, '"', end))
		return false;
	stop = until(line, end + 1, ":;|\t ");
	c->secret = str_slice(line, end + 1, stop);
	c->shape = USER_HASH;
	c->plausible = true;
	if (line.p[end] == ' ' || is_hex(str_slice(line, 0, end)) || names_digest(str_slice(line, 0, end)))
		return false;
	return is_hash(c->secret) && stop + 40 > line.n;
}

static void count_domain(struct dump *d, struct str host)
{
	uint32_t h = 2166136261u;
	size_t slot;

	if (host.n == 0 || d->n_domains >= DOMAINS / 2)
		return;
	for (size_t i = 0; i < host.n; i++)
		h = (h ^ (unsigned char)ascii_lower(host.p[i])) * 16777619u;
	h |= 1;
	for (slot = h % DOMAINS; d->domains[slot] && d->domains[slot] != h; slot = (slot + 1) % DOMAINS)
		;
	d->n_domains += d->domains[slot] == 0;
	d->domains[slot] = h;
}

static struct span span_in(const struct dump *d, struct str s)
{
	size_t start = (size_t)(s.p - d->found->text.p);

	return found_span(d->found, start, start + s.n);
}

static void keep(struct dump *d, const struct credential *c)
{
	struct found *f = d->found;
	struct str owner = c->host.n ? assets_owner(d->assets, c->host) : (struct str){ 0 };
	struct hit hit = {
		.gravity = GRAVITY_MEDIUM,
		.rule = str_of(shapes[c->shape].rule),
		.label = str_of(shapes[c->shape].label),
		.span = span_in(d, c->whole),
		.secret = span_in(d, c->secret),
		.asset = owner,
	};

	d->count[c->shape]++;
	d->plausible += c->plausible;
	d->strong += c->strong;
	d->n_owned += owner.n > 0;
	count_domain(d, c->host);
	hit.confidence = owner.n ? CONFIDENCE_HIGH : c->plausible ? CONFIDENCE_MEDIUM : CONFIDENCE_LOW;
	if (f->out->n_hits < LIMIT_HITS) {
		hit.masked = found_sample(f, hit.span, hit.secret);
		hit.why = owner.n ? arena_printf(f->a, "%s: the domain %.*s belongs to %.*s", shapes[c->shape].label,
						 STR_ARG(c->host), STR_ARG(owner))
				  : arena_printf(f->a, "%s: the line has this form%s", shapes[c->shape].label,
						 c->plausible ? "" : ", but the password is a plain word");
	}
	found_hit(f, &hit);
}

/* The value behind a field name of a stealer log, when the line begins with one of `names`. */
static bool field(struct str line, const char *const *names, struct str *value)
{
	for (; *names; names++) {
		struct str rest = str_slice(line, 0, strlen(*names));

		if (!str_eq_nocase(rest, str_of(*names)))
			continue;
		rest = str_trim(str_slice(line, strlen(*names), line.n));
		if (rest.n < 2 || (rest.p[0] != ':' && rest.p[0] != '='))
			continue;
		*value = str_trim(str_slice(rest, 1, rest.n));
		return value->n > 0;
	}
	return false;
}

static const char *const url_names[] = { "url", "host", "hostname", "site", "web", "link", "origin", "origin_url", NULL };
static const char *const login_names[] = { "login", "username", "user", "user login", "usr", "email", "user name", NULL };
static const char *const password_names[] = { "password", "pass", "pwd", "user password", "passwd", NULL };

static struct str host_of(struct str address)
{
	ssize_t scheme = str_find(address, STR("://"));
	size_t start = scheme >= 0 ? (size_t)scheme + 3 : 0;

	return str_slice(address, start, until(address, start, ":/?#"));
}

/* URL, login and password, each on a line of its own: a record when the password closes it. */
static bool read_record_line(struct dump *d, struct str line, struct credential *c)
{
	struct str value;

	if (d->lines > d->record_line + RECORD_LINES)
		d->host = d->login = (struct str){ 0 };
	if (field(line, url_names, &value)) {
		d->host = host_of(value);
		d->login = (struct str){ 0 };
		d->record_line = d->lines;
		d->record_start = (size_t)(line.p - d->found->text.p);
		return false;
	}
	if (d->host.n && field(line, login_names, &value))
		d->login = value;
	if (!d->host.n || !d->login.n || !field(line, password_names, &value) || !is_password(value))
		return false;
	c->shape = RECORD;
	c->host = mail_domain(d->login).n && assets_owner(d->assets, mail_domain(d->login)).n ? mail_domain(d->login) : d->host;
	c->secret = value;
	c->whole = str_slice(d->found->text, d->record_start, (size_t)(value.p - d->found->text.p) + value.n);
	c->plausible = true;
	d->host = d->login = (struct str){ 0 };
	return true;
}

static void read_line(struct dump *d, struct str line)
{
	struct credential c = { .whole = line };
	bool mail, colon;

	if (line.n < 7 || line.n > LINE)
		return;
	mail = memchr(line.p, '@', line.n) != NULL;
	colon = memchr(line.p, ':', line.n) != NULL;
	if (!mail && !colon && !memchr(line.p, '=', line.n) && !memchr(line.p, '|', line.n))
		return;
	if (read_record_line(d, line, &c) || (mail && read_mail_line(line, &c)) || (colon && read_url_line(line, &c)) ||
	    read_hash_line(line, &c) || (mail && (read_row(d, line, &c) || read_inline(line, &c))))
		keep(d, &c);
}

static size_t total(const struct dump *d)
{
	size_t n = 0;

	for (int i = 0; i < SHAPES; i++)
		n += d->count[i];
	return n;
}

/* A few lines may be a signature or a how-to; many, or most of the text, are a dump. */
static double weight_of(const struct dump *d)
{
	size_t n = total(d);
	size_t strong = d->plausible ? d->count[URL_LOGIN] + d->count[RECORD] : 0;

	if (d->n_owned)
		return 0.9;
	if (n >= 5 || (n >= 3 && 2 * n >= d->lines))
		return 2 * d->plausible >= n ? 0.95 : 0.7;
	if (strong || n >= 3)
		return 0.75;
	return d->strong ? 0.55 : d->plausible ? (2 * n >= d->lines ? 0.6 : 0.45) : 0.15;
}

void dump_scan(const struct assets *assets, struct found *found)
{
	struct dump d = { .found = found, .assets = assets };
	struct records records = { .found = found };
	struct str rest = found->text, line;

	while (str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		d.lines += line.n > 0;
		read_line(&d, line);
		records_line(&records, line);
	}
	records_finish(&records);
	if (total(&d) == 0)
		return;
	found_weigh(found, CATEGORY_LEAK, weight_of(&d));
	for (int i = 0; i < SHAPES; i++)
		if (d.count[i] > 1)
			found_reason(found,
				     arena_printf(found->a, "credential dump: %zu %s, %zu%s different domains", d.count[i],
						  shapes[i].many, d.n_domains, d.n_domains >= DOMAINS / 2 ? " or more" : ""));
}
