/* sheet.c - a table whose header names login and password */
/* Hot: until a header was seen a line is looked at only when it holds separators and the letters of "pass", "pw" or "hash". */
#include "classify/sheet.h"

#include <string.h>

#include "classify/fields.h"

enum { HEADER_MOST = 400, MISSES = 3, CELL = 22 /* bytes of a column's name, on average */ };

/* Headers of exports, small letters, without quotation marks and blanks. */
static const struct {
	const char *header, *maker;
} exports[] = {
	{ "name,url,username,password", "Chrome" },
	{ "url,username,password,httprealm", "Firefox" },
	{ "url,username,password,totp,extra", "LastPass" },
	{ "url,username,password,extra", "LastPass" },
	{ "folder,favorite,type,name,notes,fields", "Bitwarden" },
	{ "group,title,username,password,url", "KeePassXC" },
	{ "account,loginname,password,website", "KeePass" },
	{ "title,url,username,password,otpauth", "1Password" },
	{ "title,url,username,password,notes,otpauth", "Safari" },
	{ "title,website,username,password", "1Password" },
	{ "username,username2,username3,title,password", "Dashlane" },
};

static const char *maker_of(struct str line)
{
	char small[HEADER_MOST + 1];
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		if (!strchr("\" ", line.p[i]))
			small[n++] = ascii_lower(line.p[i]);
	small[n] = '\0';
	for (size_t i = 0; i < sizeof(exports) / sizeof(*exports); i++)
		if (str_starts((struct str){ small, n }, str_of(exports[i].header)))
			return exports[i].maker;
	return NULL;
}

static char separator_of(const struct census *c)
{
	char best = '\t';
	uint16_t most = c->tab;

	if (c->bar > most) {
		best = '|';
		most = c->bar;
	}
	if (c->semicolon > most) {
		best = ';';
		most = c->semicolon;
	}
	if (c->comma > most) {
		best = ',';
		most = c->comma;
	}
	if (most == 0 && c->colon) {
		best = ':';
		most = c->colon;
	}
	return most ? best : 0;
}

static uint16_t count_of(const struct census *c, char separator)
{
	return separator == '\t'  ? c->tab
	       : separator == '|' ? c->bar
	       : separator == ';' ? c->semicolon
	       : separator == ',' ? c->comma
				  : c->colon;
}

/* Does one of the words stand there by which columns of passwords are named? */
static bool names_secret(struct str line)
{
	static const char *const words[] = { "pass", "pwd", "hash", "mdp", "kennwort", "contrase" };

	for (size_t at = 0; at + 3 <= line.n; at++) {
		char c = (char)(line.p[at] | 32);

		if (c != 'p' && c != 'h' && c != 'm' && c != 'k' && c != 'c')
			continue;
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (c == words[i][0] && str_eq_nocase(str_slice(line, at, at + strlen(words[i])), str_of(words[i])))
				return true;
	}
	return false;
}

static bool is_one_of(struct str s, const char *const *list)
{
	for (; *list; list++)
		if (str_eq_nocase(s, str_of(*list)))
			return true;
	return false;
}

/* Which column is it? The longest names of exports are told by their endings. */
static void see_column(struct sheet *s, struct str cell, size_t i)
{
	static const char *const urls[] = { "url",  "website",	"site",	  "web site", "login_uri",
					    "host", "hostname", "origin", NULL };
	static const char *const logins[] = { "login", "loginname", "login name", "login_username", "usr", "account",
					      "uid",   "uname",	    NULL };
	static const char *const secrets[] = {
		"login_password",     "pwd",	      "mdp",	  "passhash", "password_hash", "pass_hash", "hashed_password",
		"encrypted_password", "passwordhash", "kennwort", NULL
	};
	enum field field = field_of_label(cell);

	if (cell.n > 40)
		return;
	if (s->url == s->columns && is_one_of(cell, urls))
		s->url = i;
	else if (s->secret == s->columns && (field == FIELD_SECRET || is_one_of(cell, secrets)))
		s->secret = i;
	else if (field == FIELD_MAIL)
		s->login = i;
	else if (s->login == s->columns &&
		 (field == FIELD_ALIAS || is_one_of(cell, logins) || str_eq_nocase(cell, STR("user"))))
		s->login = i;
}

/* A column's name: a word or two, of letters, digits and '_'. */
static bool is_title(struct str s, bool strict)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && !(s.p[i] & 0x80) && !strchr(strict ? "_-" : "_- ", s.p[i]))
			return false;
	return s.n <= 40 && line_digits(s) <= 2;
}

/* Does this line name the columns of a table with login and password? */
static bool read_header(struct sheet *s, struct str line, const struct census *census)
{
	struct str rest = line, cell;
	char separator = separator_of(census);
	size_t n = 0;

	if (!separator || line.n > HEADER_MOST || line.n > CELL * (count_of(census, separator) + 1u) || !names_secret(line))
		return false;
	if (separator == '|' && line.p[0] == '|')
		rest = str_slice(line, 1, line.n - (line.p[line.n - 1] == '|'));
	for (struct str count = rest; n <= SHEET_COLUMNS && line_cell(&count, separator, &cell);)
		n++;
	if (n < 2 || n > SHEET_COLUMNS)
		return false;
	*s = (struct sheet){ .columns = n, .url = n, .login = n, .secret = n };
	for (size_t i = 0; line_cell(&rest, separator, &cell); i++) {
		if (!is_title(cell, separator == ':'))
			return false;
		see_column(s, cell, i);
	}
	if (s->secret == n || s->login == n)
		return false;
	s->separator = separator;
	s->maker = maker_of(line);
	return true;
}

static bool read_row(struct sheet *s, struct str line, struct credential *out)
{
	struct str rest = line, cell, url = { 0 };
	size_t i = 0;

	*out = (struct credential){ .shape = CREDENTIAL_ROW, .whole = line };
	if (s->separator == '|' && line.n > 2 && line.p[0] == '|')
		rest = str_slice(line, 1, line.n - (line.p[line.n - 1] == '|'));
	for (; line_cell(&rest, s->separator, &cell); i++) {
		if (i == s->url)
			url = cell;
		if (i == s->login)
			out->login = cell;
		if (i == s->secret)
			out->secret = cell;
	}
	if (i + 1 < s->columns || i > s->columns + 1 || !out->login.n || out->login.n > 100 || !line_is_password(out->secret))
		return false;
	out->host = url.n ? line_host_of(url) : line_mail_domain(out->login);
	if (out->host.n && !line_is_host(out->host))
		out->host = line_mail_domain(out->login);
	out->plausible = line_is_hash(out->secret) || line_kinds(out->secret) >= 2 || url.n;
	if (line_is_hash(out->secret))
		out->shape = CREDENTIAL_HASH;
	/* Words below words are a list of something; one of mail addresses, or of sites, is not. */
	return out->plausible || line_mail_domain(out->login).n;
}

/* May a line with these signs be a row below that one? */
static bool fits_below(const struct census *header, const struct census *row)
{
	char separator = separator_of(header);

	return separator && count_of(row, separator) >= count_of(header, separator);
}

bool sheet_line(struct sheet *s, struct str line, const struct census *census, struct credential *out)
{
	if (!s->separator) {
		struct str before = s->before;
		struct census signs = s->before_signs;

		s->before = line;
		s->before_signs = *census;
		if (before.n < 10 || !fits_below(&signs, census) || !read_header(s, before, &signs))
			return false;
	}
	if (line.n <= 2000 && read_row(s, line, out)) {
		s->misses = 0;
		return true;
	}
	if (line.n == 0 || ++s->misses >= MISSES)
		*s = (struct sheet){ 0 };
	return false;
}
