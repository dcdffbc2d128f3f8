/* validate_value.c - is it a value at all, and one that people or machines make? */
#include "classify/validate_tables.h"

#include <string.h>

static bool is_identifier(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* Does it name a variable, a call or a place instead of being the value? */
static bool is_reference(struct str s)
{
	size_t i = 0;

	if (s.n < 2 || strchr("$%{<[(&", s.p[0]))
		return s.n < 2 || s.p[0] != '$' || is_identifier(s.p[1]) || strchr("{(", s.p[1]);
	while (i < s.n && (is_identifier(s.p[i]) || s.p[i] == '.'))
		i++;
	return (i > 0 && i < s.n && s.p[i] == '(') || str_find(s, STR("://")) >= 0 || s.p[s.n - 1] == '(' ||
	       str_find(s, STR("env.")) >= 0 || str_find(s, STR("environ")) >= 0 || str_find(s, STR("getenv")) >= 0;
}

/* "self.password", "cfg.db.pass": letters and points only. */
static bool is_member(struct str s)
{
	size_t points = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_alpha(s.p[i]) && s.p[i] != '_' && s.p[i] != '.')
			return false;
		points += s.p[i] == '.';
	}
	return points > 0 && s.p[s.n - 1] != '.';
}

/* What stands where a password must stand: anything but a reference to one. */
static enum validity check_password(struct str secret)
{
	static const char *const words[] = { "password", "passwd",	 "pass", "secret", "pwd", "token", "mypassword",
					     "mypass",	 "yourpassword", "xxx",	 "yyy",	   "abc", NULL };

	if (is_reference(secret))
		return VALID_NO;
	for (const char *const *w = words; *w; w++)
		if (str_eq_nocase(secret, str_of(*w)))
			return VALID_DOUBT;
	return is_member(secret) ? VALID_DOUBT : VALID_YES;
}

/* The same in an address, where a number may be a port. */
static enum validity check_url_password(struct str secret)
{
	size_t digits = 0;

	while (digits < secret.n && ascii_is_digit(secret.p[digits]))
		digits++;
	return digits == secret.n && digits < 6 ? VALID_DOUBT : check_password(secret);
}

/* "user:password", either of which may be quoted. */
static enum validity check_login(struct str secret)
{
	struct str rest = secret, user = { 0 };

	str_split(&rest, ':', &user);
	while (rest.n && strchr("\"'", rest.p[0]))
		rest = str_slice(rest, 1, rest.n);
	while (user.n && strchr("\"'", user.p[user.n - 1]))
		user.n--;
	if ((user.n > 0 && user.p[0] == '$') || (rest.n > 0 && rest.p[0] == '$') || rest.n + user.n < 4)
		return VALID_NO;
	if (str_find(secret, STR("${")) >= 0 || str_find(secret, STR("{{")) >= 0 || str_find(secret, STR("$(")) >= 0)
		return VALID_NO;
	return str_eq(user, rest) ? VALID_DOUBT
	       : rest.n		  ? check_password(rest) == VALID_YES ? VALID_YES : VALID_DOUBT
				  : VALID_YES;
}

struct kinds {
	size_t letters, digits, signs, blanks;
};

static struct kinds kinds_of(struct str s)
{
	struct kinds k = { 0 };
	size_t wide = 0;

	for (size_t i = 0; i < s.n; i++) {
		k.letters += ascii_is_alpha(s.p[i]);
		wide += (s.p[i] & 0x80) != 0;
		k.digits += ascii_is_digit(s.p[i]);
		k.blanks += s.p[i] == ' ' || s.p[i] == '\t';
		k.signs += s.p[i] > ' ' && s.p[i] < 0x7f && !is_identifier(s.p[i]) && !strchr("-.,:;()[]/\\'\"", s.p[i]);
	}
	k.letters += wide >= 8 ? wide / 2 : 0; /* a word in other letters, not a sign or two */
	return k;
}

/* A value that people choose as a password: letters with digits or signs, in one word. */
static enum validity check_guess(struct str secret)
{
	struct kinds k = kinds_of(secret);

	if (is_reference(secret) || secret.p[0] == '/' || secret.p[0] == '.' || k.blanks > 0)
		return VALID_NO;
	if (memchr(secret.p, '/', secret.n) && k.signs < 2) /* a path */
		return VALID_NO;
	return k.letters > 0 && (k.digits > 0 || k.signs > 1) ? VALID_YES : VALID_NO;
}

/* The same, but with signs that words and paths do not have. */
static enum validity check_signs(struct str secret)
{
	return check_guess(secret) == VALID_YES && kinds_of(secret).signs > 0 ? VALID_YES : VALID_NO;
}

/* The longest part between the signs that join words. */
static struct str longest_part(struct str s)
{
	struct str best = { 0 };
	size_t from = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && !strchr("-_./:", s.p[i]))
			continue;
		if (i - from > best.n)
			best = str_slice(s, from, i);
		from = i + 1;
	}
	return best;
}

/* A value that a machine made: letters and digits, and not only short words joined. */
static enum validity check_key(struct str secret)
{
	struct str part = longest_part(secret);
	struct kinds k = kinds_of(secret), inner = kinds_of(part);

	if (is_reference(secret) || k.letters == 0 || k.digits == 0 || str_find(secret, STR("..")) >= 0)
		return VALID_NO;
	return part.n >= 8 && (inner.digits > 0 || part.n >= 16) ? VALID_YES : VALID_NO;
}

const struct validator validators_value[] = {
	{ "password", check_password, "it is a value, not a variable", "but it is a word that stands for one" },
	{ "url-password", check_url_password, "it is a value, not a variable", "but it is a word or a number of a port" },
	{ "login", check_login, "it is a login, not variables", "but its words stand for a login" },
	{ "guess", check_guess, "it mixes letters with digits or signs", "" },
	{ "signs", check_signs, "it has signs among its letters", "" },
	{ "key", check_key, "it mixes letters and digits", "" },
	{ 0 },
};
