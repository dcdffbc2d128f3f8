/* validate_tax.c - VAT numbers of the European Union and its neighbours: the form of each country, and its check */
#include "classify/validate_tables.h"

#include <string.h>

enum { TEXT = 32, WEIGHTS = 12 };

/* What a country's number looks like behind its two letters: 'd' a digit, 'D' one that is not 0, 'A' a letter, 'X' either,
 * others stand for themselves. */
struct vat {
	char country[3];
	const char *form;
	int modulus; /* of the weighed sum over all digits; 0: no such sum */
	short weights[WEIGHTS];
	bool (*also)(const char *digits, size_t n); /* another check, over digits as numbers */
};

static bool luhn(const char *d, size_t n)
{
	return validate_luhn(d, n);
}

/* The two last digits stand for the kind of holder. */
static bool luhn_10(const char *d, size_t n)
{
	return validate_luhn(d, n - 2);
}

static unsigned long number(const char *d, size_t n)
{
	unsigned long value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (unsigned long)d[i];
	return value;
}

static bool belgian(const char *d, size_t n)
{
	(void)n;
	return (number(d, 8) + number(d + 8, 2)) % 97 == 0;
}

/* The key over the SIREN, itself with Luhn's sum (but that of La Poste). */
static bool french(const char *d, size_t n)
{
	(void)n;
	return (12 + 3 * (number(d + 2, 9) % 97)) % 97 == number(d, 2) && validate_luhn(d + 2, 9);
}

static bool luxembourgish(const char *d, size_t n)
{
	(void)n;
	return number(d, 6) % 89 == number(d + 6, 2);
}

static bool slovak(const char *d, size_t n)
{
	(void)n;
	return number(d, 10) % 11 == 0 && d[2] != 0 && d[2] != 1 && d[2] != 5 && d[2] != 6;
}

static bool austrian(const char *d, size_t n)
{
	int sum = 4;

	(void)n;
	for (int i = 0; i < 7; i++)
		sum += i % 2 ? d[i] * 2 / 10 + d[i] * 2 % 10 : d[i];
	return (10 - sum % 10) % 10 == d[7];
}

/* Eleven's rest, where ten counts as nothing. */
static bool rest_is(const char *d, const signed char *weights, size_t n, bool negative, int scale)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += weights[i] * d[i];
	sum = sum * scale % 11;
	if (negative)
		sum = (11 - sum) % 11;
	return sum % 10 == d[n];
}

static bool portuguese(const char *d, size_t n)
{
	static const signed char weights[] = { 9, 8, 7, 6, 5, 4, 3, 2 };

	(void)n;
	return rest_is(d, weights, 8, true, 1);
}

static bool slovene(const char *d, size_t n)
{
	static const signed char weights[] = { 8, 7, 6, 5, 4, 3, 2 };

	(void)n;
	return rest_is(d, weights, 7, true, 1);
}

static bool greek(const char *d, size_t n)
{
	int sum = 0;

	(void)n;
	for (int i = 0; i < 8; i++)
		sum += d[i] << (8 - i);
	return sum % 11 % 10 == d[8];
}

static bool british(const char *d, size_t n)
{
	int sum = 0;

	(void)n;
	for (int i = 0; i < 7; i++)
		sum += (8 - i) * d[i];
	sum += (int)number(d + 7, 2);
	sum %= 97;
	return sum == 0 || (number(d, 3) >= 100 && (sum == 42 || sum == 55));
}

/* The weights stand right-aligned. */
static bool romanian(const char *d, size_t n)
{
	static const signed char weights[] = { 7, 5, 3, 2, 1, 7, 5, 3, 2 };

	return n >= 2 && n <= 10 && rest_is(d, &weights[10 - n], n - 1, false, 10);
}

/* A BSN, or since 2020 ISO 7064 MOD 97-10 over the whole, letters counted as in an IBAN. */
static bool dutch(const char *d, size_t n)
{
	unsigned long rest = 2321;
	int sum = -d[8];

	(void)n;
	for (int i = 0; i < 8; i++)
		sum += (9 - i) * d[i];
	for (int i = 0; i < 9; i++)
		rest = (rest * 10 + (unsigned long)d[i]) % 97;
	rest = (rest * 100 + 11) % 97;
	return sum % 11 == 0 || (rest * 100 + number(d + 9, 2)) % 97 == 1;
}

static bool bulgarian(const char *d, size_t n)
{
	int first = 0, second = 0;

	(void)n;
	for (int i = 0; i < 8; i++) {
		first += d[i] * (i + 1);
		second += d[i] * (i + 3);
	}
	first %= 11;
	return (first == 10 ? second % 11 % 10 : first) == d[8];
}

static bool lithuanian(const char *d, size_t n)
{
	int first = 0, second = 0;

	(void)n;
	for (int i = 0; i < 8; i++) {
		first += d[i] * (1 + i % 9);
		second += d[i] * (1 + (i + 2) % 9);
	}
	first %= 11;
	return (first == 10 ? second % 11 % 10 : first) == d[8];
}

static bool czech(const char *d, size_t n)
{
	int sum = 0;

	(void)n;
	for (int i = 0; i < 7; i++)
		sum += (8 - i) * d[i];
	sum = (11 - sum % 11) % 11;
	return (sum == 0 ? 1 : sum == 10 ? 0 : sum) == d[7];
}

static const struct vat vats[] = {
	{ "AT", "Udddddddd", 0, { 0 }, austrian },
	{ "BE", "dddddddddd", 0, { 0 }, belgian },
	{ "BG", "ddddddddd", 0, { 0 }, bulgarian },
	{ "CZ", "dddddddd", 0, { 0 }, czech },
	{ "CY", "ddddddddA", 0, { 0 }, NULL },
	{ "DE", "Ddddddddd", 0, { 0 }, validate_mod11_10 },
	{ "DK", "Dddddddd", 11, { 2, 7, 6, 5, 4, 3, 2, 1 }, NULL },
	{ "EE", "ddddddddd", 10, { 3, 7, 1, 3, 7, 1, 3, 7, 1 }, NULL },
	{ "EL", "ddddddddd", 0, { 0 }, greek },
	{ "ES", "XdddddddX", 0, { 0 }, NULL },
	{ "FI", "dddddddd", 11, { 7, 9, 10, 5, 8, 4, 2, 1 }, NULL },
	{ "FR", "ddddddddddd", 0, { 0 }, french },
	{ "GB", "ddddddddd", 0, { 0 }, british },
	{ "XI", "ddddddddd", 0, { 0 }, british },
	{ "HR", "ddddddddddd", 0, { 0 }, validate_mod11_10 },
	{ "HU", "dddddddd", 10, { 9, 7, 3, 1, 9, 7, 3, 1 }, NULL },
	{ "IE", "dddddddA", 0, { 0 }, NULL },
	{ "IE", "dddddddAA", 0, { 0 }, NULL },
	{ "IT", "ddddddddddd", 0, { 0 }, luhn },
	{ "LT", "ddddddd1d", 0, { 0 }, lithuanian },
	{ "LU", "dddddddd", 0, { 0 }, luxembourgish },
	{ "LV", "ddddddddddd", 0, { 0 }, NULL },
	{ "MT", "dddddddd", 37, { 3, 4, 6, 7, 8, 9, 10, 1 }, NULL },
	{ "NL", "dddddddddBdd", 0, { 0 }, dutch },
	{ "PL", "dddddddddd", 11, { 6, 5, 7, 2, 3, 4, 5, 6, 7, -1 }, NULL },
	{ "PT", "Ddddddddd", 0, { 0 }, portuguese },
	{ "RO", "dddddddddd", 0, { 0 }, romanian },
	{ "RO", "ddddddddd", 0, { 0 }, romanian },
	{ "RO", "dddddddd", 0, { 0 }, romanian },
	{ "RO", "ddddddd", 0, { 0 }, romanian },
	{ "RO", "dddddd", 0, { 0 }, romanian },
	{ "SE", "dddddddddd01", 0, { 0 }, luhn_10 },
	{ "SI", "Dddddddd", 0, { 0 }, slovene },
	{ "SK", "Dddddddddd", 0, { 0 }, slovak },
};

static bool has_form(const char *form, const char *t)
{
	for (; *form; form++, t++) {
		bool fits = *form == 'd'   ? ascii_is_digit(*t)
			    : *form == 'D' ? ascii_is_digit(*t) && *t != '0'
			    : *form == 'A' ? ascii_is_alpha(*t)
			    : *form == 'X' ? ascii_is_alnum(*t)
					   : *t == *form;

		if (!fits)
			return false;
	}
	return *t == '\0';
}

static bool fulfils(const struct vat *v, const char *t)
{
	char d[TEXT];
	size_t n = validate_digits(str_of(t), d, sizeof(d));
	int sum = 0;

	for (size_t i = 0; v->modulus && i < n && i < WEIGHTS; i++)
		sum += v->weights[i] * d[i];
	return (!v->modulus || (sum % v->modulus + v->modulus) % v->modulus == 0) && (!v->also || v->also(d, n));
}

static enum validity check_vat(struct str secret)
{
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t));

	for (size_t i = 0; n >= 8 && i < sizeof(vats) / sizeof(*vats); i++)
		if (memcmp(t, vats[i].country, 2) == 0 && has_form(vats[i].form, t + 2) && fulfils(&vats[i], t + 2))
			return vats[i].modulus || vats[i].also ? VALID_YES : VALID_DOUBT;
	return VALID_NO;
}

const struct validator validators_tax[] = {
	{ "vat", check_vat, "its country's form and check digits are right", "but its country's form has no check here" },
	{ 0 },
};
