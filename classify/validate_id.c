/* validate_id.c - numbers whose check digit is a weighed sum: a row each, with its weights, modulus and what stands for ten */
/* The rules of each are those that its authority publishes; several countries share a form. */
#include "classify/validate_tables.h"

#include <string.h>

enum { WEIGHTS = 16 };

size_t validate_alnum(struct str s, char *text, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);

		if (!ascii_is_alnum(c))
			continue;
		if (n + 1 >= room)
			return 0;
		text[n++] = ascii_is_alpha(c) ? (char)(c - 32) : c;
	}
	text[n] = '\0';
	return n;
}

bool validate_luhn(const char *digits, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++) {
		int d = digits[n - 1 - i];

		if (i % 2)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return n > 1 && sum % 10 == 0;
}

bool validate_mod11_10(const char *digits, size_t n)
{
	int check = 10;

	for (size_t i = 0; i + 1 < n; i++) {
		check = (check + digits[i]) % 10;
		check = (check ? check : 10) * 2 % 11;
	}
	return n > 1 && (check + digits[n - 1]) % 10 == 1;
}

bool validate_month_day(int month, int day)
{
	static const int days[] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month];
}

bool validate_is_repeated(const char *digits, size_t n, size_t tail)
{
	for (size_t i = 1; i + tail < n; i++)
		if (digits[i] != digits[0])
			return false;
	return true;
}

enum order { NO_DATE, YEAR_FIRST, DAY_FIRST };

/*
 * A number of `digits` digits. The check digit is the weighed sum of the others modulo `modulus`, or with `negative` what is
 * missing to the modulus. Where ten comes out stands `ten`, -1 when such numbers are not given out; where nothing comes out
 * stands `zero`.
 */
struct weighed {
	size_t digits;
	int modulus;
	bool negative;
	int ten, zero;
	size_t at; /* of the check digit; 0: the last, 1: the first, else counted from one */
	short weights[WEIGHTS];
	enum order order;
	size_t date;	    /* where the date begins */
	int centuries;	    /* months are moved by so much for another century; 0 for never */
	const char *starts; /* what it may begin with, each of them ended by a blank; NULL for anything */
};

static bool has_date(const struct weighed *w, const char *d)
{
	int first = d[w->date] * 10 + d[w->date + 1];
	int month = d[w->date + 2] * 10 + d[w->date + 3];
	int last = d[w->date + 4] * 10 + d[w->date + 5];

	if (w->centuries)
		month %= w->centuries;
	return w->order == NO_DATE || validate_month_day(month, w->order == YEAR_FIRST ? last : first);
}

static bool starts_right(const struct weighed *w, const char *d)
{
	const char *p = w->starts;
	size_t i = 0;
	bool fits = true;

	for (; p && *p; p++) {
		if (*p == ' ') {
			if (fits)
				return true;
			fits = true;
			i = 0;
		} else {
			fits &= *p == d[i++] + '0';
		}
	}
	return !p;
}

static enum validity weigh(const struct weighed *w, struct str secret)
{
	char d[24];
	size_t at = w->at ? w->at - 1 : w->digits - 1, k = 0;
	int sum = 0, check;

	if (validate_digits(secret, d, sizeof(d)) != w->digits || validate_is_repeated(d, w->digits, 0))
		return VALID_NO;
	for (size_t i = 0; i < w->digits && k < WEIGHTS; i++)
		if (i != at)
			sum += w->weights[k++] * d[i];
	check = ((sum % w->modulus) + w->modulus) % w->modulus;
	if (w->negative)
		check = (w->modulus - check) % w->modulus;
	check = check == 10 ? w->ten : check == 0 ? w->zero : check;
	return check == d[at] && has_date(w, d) && starts_right(w, d) ? VALID_YES : VALID_NO;
}

/* A check of its own for each row. */
#define WEIGHED(name, ...)                                       \
	static enum validity check_##name(struct str secret)     \
	{                                                        \
		static const struct weighed w = { __VA_ARGS__ }; \
                                                                 \
		return weigh(&w, secret);                        \
	}

WEIGHED(pesel, .digits = 11, .modulus = 10, .negative = true, .weights = { 1, 3, 7, 9, 1, 3, 7, 9, 1, 3 }, .order = YEAR_FIRST,
	.centuries = 20)
WEIGHED(nip, .digits = 10, .modulus = 11, .ten = -1, .weights = { 6, 5, 7, 2, 3, 4, 5, 6, 7 })
WEIGHED(regon, .digits = 9, .modulus = 11, .weights = { 8, 9, 2, 3, 4, 5, 6, 7 })
WEIGHED(bsn, .digits = 9, .modulus = 11, .ten = -1, .weights = { 9, 8, 7, 6, 5, 4, 3, 2 })
WEIGHED(egn, .digits = 10, .modulus = 11, .weights = { 2, 4, 8, 5, 10, 9, 7, 3, 6 }, .order = YEAR_FIRST, .centuries = 20)
WEIGHED(cnp, .digits = 13, .modulus = 11, .ten = 1, .weights = { 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9 }, .order = YEAR_FIRST,
	.date = 1, .starts = "1 2 3 4 5 6 7 8 9 ")
WEIGHED(nif, .digits = 9, .modulus = 11, .negative = true, .weights = { 9, 8, 7, 6, 5, 4, 3, 2 })
WEIGHED(afm, .digits = 9, .modulus = 11, .weights = { 256, 128, 64, 32, 16, 8, 4, 2 })
WEIGHED(taj, .digits = 9, .modulus = 10, .weights = { 3, 7, 3, 7, 3, 7, 3, 7 })
WEIGHED(adojel, .digits = 10, .modulus = 11, .ten = -1, .weights = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, .starts = "8 ")
WEIGHED(svnr, .digits = 10, .modulus = 11, .ten = -1, .at = 4, .weights = { 3, 7, 9, 5, 8, 4, 2, 1, 6 },
	.starts = "1 2 3 4 5 6 7 8 9 ")
WEIGHED(ahv, .digits = 13, .modulus = 10, .negative = true, .weights = { 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3 }, .starts = "756 ")
WEIGHED(emso, .digits = 13, .modulus = 11, .negative = true, .weights = { 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 },
	.order = DAY_FIRST)
WEIGHED(kennitala_sum, .digits = 10, .modulus = 11, .negative = true, .ten = -1, .at = 9,
	.weights = { 3, 2, 7, 6, 5, 4, 3, 2, 0 }, .order = DAY_FIRST)
WEIGHED(tfn, .digits = 9, .modulus = 11, .ten = -1, .weights = { 1, 4, 3, 7, 5, 8, 6, 9 })
WEIGHED(cuit, .digits = 11, .modulus = 11, .negative = true, .ten = 9, .weights = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 },
	.starts = "20 23 24 25 26 27 30 33 34 ")
WEIGHED(nit, .digits = 10, .modulus = 11, .negative = true, .ten = 1, .weights = { 41, 37, 29, 23, 19, 17, 13, 7, 3 })
WEIGHED(my_number, .digits = 12, .modulus = 11, .negative = true, .weights = { 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2 })
WEIGHED(rrn, .digits = 13, .modulus = 11, .negative = true, .zero = 1, .weights = { 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5 },
	.order = YEAR_FIRST)
WEIGHED(tnin, .digits = 13, .modulus = 11, .negative = true, .zero = 1, .weights = { 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2 },
	.starts = "1 2 3 4 5 6 7 8 ")
WEIGHED(inn10, .digits = 10, .modulus = 11, .weights = { 2, 4, 10, 3, 5, 9, 4, 6, 8 })
WEIGHED(rnokpp, .digits = 10, .modulus = 11, .weights = { -1, 5, 7, 9, 4, 6, 10, 5, 7 })
WEIGHED(nhs, .digits = 10, .modulus = 11, .negative = true, .ten = -1, .weights = { 10, 9, 8, 7, 6, 5, 4, 3, 2 })
WEIGHED(utr, .digits = 10, .modulus = 11, .negative = true, .ten = 1, .zero = 2, .at = 1,
	.weights = { 6, 7, 8, 9, 10, 5, 4, 3, 2 })
WEIGHED(aba, .digits = 9, .modulus = 10, .negative = true, .weights = { 3, 7, 1, 3, 7, 1, 3, 7 },
	.starts = "0 10 11 12 21 22 23 24 25 26 27 28 29 30 31 32 61 62 63 64 65 66 67 68 69 70 71 72 80 ")
WEIGHED(ci_uy, .digits = 8, .modulus = 10, .negative = true, .weights = { 2, 9, 8, 7, 6, 3, 4 })

/* The last digit is that of the century: 9, 0 or 8. */
static enum validity check_kennitala(struct str secret)
{
	char last = secret.n ? secret.p[secret.n - 1] : 0;

	return last == '9' || last == '0' || last == '8' ? check_kennitala_sum(secret) : VALID_NO;
}

/* A number checked by Luhn's sum: how many digits, where its date stands, what it begins with. */
static enum validity luhn_of(struct str secret, size_t digits, const char *starts)
{
	const struct weighed shape = { .digits = digits, .starts = starts };
	char d[24];

	if (validate_digits(secret, d, sizeof(d)) != digits || validate_is_repeated(d, digits, 1))
		return VALID_NO;
	return validate_luhn(d, digits) && starts_right(&shape, d) ? VALID_YES : VALID_NO;
}

static enum validity check_sin(struct str secret)
{
	return luhn_of(secret, 9, NULL);
}

static enum validity check_imei(struct str secret)
{
	return luhn_of(secret, 15, "01 3 4 5 8 9 ");
}

static enum validity check_il_id(struct str secret)
{
	return luhn_of(secret, 9, NULL);
}

static enum validity check_sa_id(struct str secret)
{
	return luhn_of(secret, 10, "1 2 ");
}

static enum validity check_partita_iva(struct str secret)
{
	return luhn_of(secret, 11, NULL);
}

static enum validity check_siren(struct str secret)
{
	return luhn_of(secret, 9, NULL);
}

static enum validity check_siret(struct str secret)
{
	char d[24];

	if (luhn_of(secret, 14, NULL) == VALID_NO || validate_digits(secret, d, sizeof(d)) != 14)
		return VALID_NO;
	return validate_luhn(d, 9) ? VALID_YES : VALID_NO;
}

static enum validity check_cedula_do(struct str secret)
{
	return luhn_of(secret, 11, NULL);
}

/* YYMMDD, four of order, citizenship, a digit that was once for race, Luhn's. */
static enum validity check_za_id(struct str secret)
{
	const struct weighed shape = { .digits = 13, .order = YEAR_FIRST };
	char d[24];

	if (luhn_of(secret, 13, NULL) == VALID_NO || validate_digits(secret, d, sizeof(d)) != 13)
		return VALID_NO;
	return has_date(&shape, d) && d[10] <= 2 ? VALID_YES : VALID_NO;
}

/* AMKA: DDMMYY, order, Luhn's. */
static enum validity check_amka(struct str secret)
{
	const struct weighed shape = { .digits = 11, .order = DAY_FIRST };
	char d[24];

	if (luhn_of(secret, 11, NULL) == VALID_NO || validate_digits(secret, d, sizeof(d)) != 11)
		return VALID_NO;
	return has_date(&shape, d) ? VALID_YES : VALID_NO;
}

/* Personnummer: YYMMDD (the day moved by 60 for a coordination number), order, Luhn's over ten; often with the century. */
static enum validity check_personnummer(struct str secret)
{
	char d[24];
	size_t n = validate_digits(secret, d, sizeof(d));
	const char *from = n == 12 ? d + 2 : d;
	int day;

	if (n != 10 && n != 12)
		return VALID_NO;
	day = from[4] * 10 + from[5];
	return validate_month_day(from[2] * 10 + from[3], day > 60 ? day - 60 : day) && validate_luhn(from, 10) ? VALID_YES
														: VALID_NO;
}

/* Medicare (AU): the ninth digit checks the first eight, the tenth counts issues, an eleventh is of the person. */
static enum validity check_medicare(struct str secret)
{
	static const int weights[8] = { 1, 3, 7, 9, 1, 3, 7, 9 };
	char d[24];
	size_t n = validate_digits(secret, d, sizeof(d));
	int sum = 0;

	if ((n != 10 && n != 11) || d[0] < 2 || d[0] > 6)
		return VALID_NO;
	for (int i = 0; i < 8; i++)
		sum += weights[i] * d[i];
	return sum % 10 == d[8] ? VALID_YES : VALID_NO;
}

/* NPI: Luhn's sum as if 80840 stood before it. */
static enum validity check_npi(struct str secret)
{
	char d[16] = { 8, 0, 8, 4, 0 };

	if (validate_digits(secret, d + 5, 10) != 10 || d[5] < 1 || d[5] > 2)
		return VALID_NO;
	return validate_luhn(d, 15) ? VALID_YES : VALID_NO;
}

static const char check_digit[] = "its check digit is right";

const struct validator validators_id[] = {
	{ "pesel", check_pesel, "its date and check digit are right", "" },
	{ "nip", check_nip, check_digit, "" },
	{ "regon", check_regon, check_digit, "" },
	{ "bsn", check_bsn, check_digit, "" },
	{ "egn", check_egn, "its date and check digit are right", "" },
	{ "cnp", check_cnp, "its date and check digit are right", "" },
	{ "nif", check_nif, check_digit, "" },
	{ "afm", check_afm, check_digit, "" },
	{ "taj", check_taj, check_digit, "" },
	{ "adojel", check_adojel, check_digit, "" },
	{ "svnr", check_svnr, check_digit, "" },
	{ "ahv", check_ahv, check_digit, "" },
	{ "emso", check_emso, "its date and check digit are right", "" },
	{ "kennitala", check_kennitala, check_digit, "" },
	{ "tfn", check_tfn, check_digit, "" },
	{ "cuit", check_cuit, check_digit, "" },
	{ "nit", check_nit, check_digit, "" },
	{ "my-number", check_my_number, check_digit, "" },
	{ "rrn", check_rrn, "its date and check digit are right", "" },
	{ "tnin", check_tnin, check_digit, "" },
	{ "inn10", check_inn10, check_digit, "" },
	{ "rnokpp", check_rnokpp, check_digit, "" },
	{ "nhs", check_nhs, check_digit, "" },
	{ "utr", check_utr, check_digit, "" },
	{ "aba", check_aba, "its check digit and district are right", "" },
	{ "ci-uy", check_ci_uy, check_digit, "" },
	{ "sin", check_sin, check_digit, "" },
	{ "imei", check_imei, check_digit, "" },
	{ "il-id", check_il_id, check_digit, "" },
	{ "sa-id", check_sa_id, check_digit, "" },
	{ "partita-iva", check_partita_iva, check_digit, "" },
	{ "siren", check_siren, check_digit, "" },
	{ "siret", check_siret, check_digit, "" },
	{ "cedula-do", check_cedula_do, check_digit, "" },
	{ "za-id", check_za_id, "its date and check digit are right", "" },
	{ "amka", check_amka, "its date and check digit are right", "" },
	{ "personnummer", check_personnummer, "its date and check digit are right", "" },
	{ "medicare", check_medicare, check_digit, "" },
	{ "npi", check_npi, check_digit, "" },
	{ 0 },
};
