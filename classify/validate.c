/* validate.c - checks that rules name, and what tells a secret from a word that stands for one */
#include "classify/validate_tables.h"

#include <math.h>
#include <string.h>

double validate_entropy(struct str s)
{
	size_t count[256] = { 0 };
	double bits = 0;

	for (size_t i = 0; i < s.n; i++)
		count[(unsigned char)s.p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (count[i]) {
			double share = (double)count[i] / (double)s.n;

			bits -= share * log2(share);
		}
	return bits;
}

/* The digits of `s` into `digits`; 0 when there are more than `room`. */
size_t validate_digits(struct str s, char *digits, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_digit(s.p[i]))
			continue;
		if (n == room)
			return 0;
		digits[n++] = (char)(s.p[i] - '0');
	}
	return n;
}

ssize_t validate_base64(struct str s, unsigned char *out, size_t room)
{
	uint32_t bits = 0;
	int held = 0;
	size_t n = 0;

	while (s.n && s.p[s.n - 1] == '=')
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		int value = ascii_is_digit(c)	   ? c - '0' + 52
			    : c >= 'A' && c <= 'Z' ? c - 'A'
			    : c >= 'a' && c <= 'z' ? c - 'a' + 26
			    : c == '+' || c == '-' ? 62
			    : c == '/' || c == '_' ? 63
						   : -1;

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		if (n == room)
			return -1;
		out[n++] = (unsigned char)(bits >> held);
	}
	return s.n % 4 == 1 ? -1 : (ssize_t)n;
}

/* A letter and a digit at least: words and numbers alone are seldom secrets. */
static enum validity check_mixed(struct str secret)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < secret.n; i++) {
		letter |= ascii_is_alpha(secret.p[i]);
		digit |= ascii_is_digit(secret.p[i]);
	}
	return letter && digit ? VALID_YES : VALID_NO;
}

/* A heading: most of its longer words have capitals, or it says several things divided by dashes, or signs stand around it. */
static enum validity check_heading(struct str line)
{
	size_t words = 0, capital = 0, parts = 0;
	bool framed;

	for (size_t i = 0; i < line.n; i++) {
		bool start = ascii_is_alpha(line.p[i]) && (i == 0 || (!ascii_is_alpha(line.p[i - 1]) && line.p[i - 1] != '\''));
		bool longer = start && i + 3 < line.n && ascii_is_alpha(line.p[i + 1]) && ascii_is_alpha(line.p[i + 2]) &&
			      ascii_is_alpha(line.p[i + 3]);

		words += longer;
		capital += longer && line.p[i] < 'a';
		parts += i + 2 < line.n && line.p[i] == ' ' && strchr("-|/", line.p[i + 1]) && line.p[i + 2] == ' ';
	}
	framed = line.n > 2 && strchr("-*=#[(<", line.p[0]) && strchr("-*=#])>", line.p[line.n - 1]);
	return words == 0 || 3 * capital >= 2 * words || parts >= 1 || framed ? VALID_YES : VALID_NO;
}

static const struct validator validators[] = {
	{ "mixed", check_mixed, "it mixes letters and digits", "" },
	{ "heading", check_heading, "it stands as a heading", "" },
	{ 0 },
};

static const struct validator *const tables[] = { validators,	    validators_token, validators_value,
						  validators_money, validators_id,    validators_person,
						  validators_tax,   validators_coin,  validators_seed };
enum { TABLES = sizeof(tables) / sizeof(*tables) };

const struct validator *validator_find(struct str name)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct validator *v = tables[i]; v->name; v++)
			if (str_eq(name, str_of(v->name)))
				return v;
	return NULL;
}

struct str validator_names(struct arena *a)
{
	struct str all = STR("");

	for (size_t i = 0; i < TABLES; i++)
		for (const struct validator *v = tables[i]; v->name; v++)
			all = arena_printf(a, "%.*s%s%s", STR_ARG(all), all.n ? ", " : "", v->name);
	return all;
}

static bool has_any(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_find_nocase(s, str_of(*words)) >= 0)
			return true;
	return false;
}

/* How many different bytes. */
static size_t variety(struct str s)
{
	bool seen[256] = { false };
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		n += !seen[(unsigned char)s.p[i]];
		seen[(unsigned char)s.p[i]] = true;
	}
	return n;
}

/* How many letters in a row stand in the order of the alphabet, at most. */
static size_t alphabet_in(struct str s)
{
	size_t run = 1, most = 0;

	for (size_t i = 1; i < s.n; i++) {
		run = ascii_is_alpha(s.p[i]) && ascii_lower(s.p[i]) == ascii_lower(s.p[i - 1]) + 1 ? run + 1 : 1;
		most = run > most ? run : most;
	}
	return most;
}

/* What a template says between its brackets: a name, a call, a path; it may be cut off. */
static bool names_until(struct str s, const char *close)
{
	size_t i = 0;

	while (i < s.n && (ascii_is_alnum(s.p[i]) || memchr("_ .:|-$\"'/,@?!", s.p[i], 15)))
		i++;
	return i == s.n || str_starts(str_slice(s, i, s.n), str_of(close)) || s.p[i] == '(';
}

/* "${VAR}", "$(command)", "{{ value }}" anywhere; not a password that only has such signs. */
static bool has_template_sign(struct str secret)
{
	static const char *const pairs[][2] = { { "${", "}" }, { "$(", ")" }, { "{{", "}}" } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		ssize_t at = str_find(secret, str_of(pairs[i][0]));

		if (at >= 0 && names_until(str_slice(secret, (size_t)at + 2, secret.n), pairs[i][1]))
			return true;
	}
	return false;
}

bool validate_template(struct str secret)
{
	static const char *const inside[] = { "xxxxxx", "******", "######", "[redacted", "<redacted", NULL };

	return has_any(secret, inside) || (secret.n >= 12 && variety(secret) < 4) || has_template_sign(secret) ||
	       (secret.n >= 12 && alphabet_in(secret) + 4 >= secret.n) ||
	       (secret.n > 2 && secret.p[0] == '<' && secret.p[secret.n - 1] == '>');
}

bool validate_sequence(struct str secret)
{
	static const char *const inside[] = { "0123456789", "abcdefgh", "12345678", NULL };

	return has_any(secret, inside) || alphabet_in(secret) >= 12;
}

bool validate_example(struct str secret)
{
	static const char *const inside[] = { "example",  "changeme", "change_me", "change-me", "placeholder", "your_",
					      "your-",	  "yourpass", "yourkey",   "yourtoken", "xxxx",	       "****",
					      "redacted", "dummy",    "insert",	   "goes_here", "goes-here",   "<your",
					      "...",	  "replace",  "sample",	   "test_key",	"testkey",     "my_secret",
					      "mysecret", NULL };
	static const char *const whole[] = { "password", "passwd",    "secret", "none", "null",	 "true",
					     "false",	 "undefined", "string", "pass", "token", "hidden",
					     "default",	 "empty",     "foobar", "todo", NULL };
	bool bracketed = secret.n > 1 && ((secret.p[0] == '<' && secret.p[secret.n - 1] == '>') || secret.p[0] == '$' ||
					  (secret.p[0] == '%' && secret.p[secret.n - 1] == '%'));

	for (const char *const *w = whole; *w; w++)
		if (str_eq_nocase(secret, str_of(*w)))
			return true;
	return secret.n == 0 || variety(secret) < (secret.n >= 12 ? 4u : 2u) || has_any(secret, inside) ||
	       has_template_sign(secret) || (bracketed && secret.p[0] != '$') ||
	       (bracketed && ascii_is_alpha(secret.p[1]) && !memchr(secret.p + 1, '$', secret.n - 1)); /* $P$ is a hash */
}

bool validate_placeholder(struct str secret)
{
	return validate_example(secret) || validate_sequence(secret);
}
