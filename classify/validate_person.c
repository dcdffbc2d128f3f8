/* validate_person.c - numbers of persons whose check is more than one weighed sum: letters, two digits, tables */
#include "classify/validate_tables.h"

#include <string.h>

enum { TEXT = 32 };

static bool all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_digit(s[i]))
			return false;
	return true;
}

static bool all_letters(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alpha(s[i]))
			return false;
	return true;
}

static int pair(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

static unsigned long number(const char *s, size_t n)
{
	unsigned long value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (unsigned long)(s[i] - '0');
	return value;
}

/* The weighed sum of n digits written as text. */
static int sum_of(const char *s, const signed char *weights, size_t n)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += weights[i] * (s[i] - '0');
	return sum;
}

static bool is_repeated(const char *s, size_t n)
{
	return validate_is_repeated(s, n, 0);
}

/* The digits of `secret` as text: true when there are `n`, and not all the same. */
static bool read_digits(struct str secret, char *text, size_t n)
{
	return validate_alnum(secret, text, TEXT) == n && all_digits(text, n) && !is_repeated(text, n);
}

static enum validity answer(bool holds)
{
	return holds ? VALID_YES : VALID_NO;
}

/* ---- America ---- */

/* Areas 000, 666 and 9xx, group 00 and serial 0000 were never given out; some numbers are known from advertisements. */
static enum validity check_ssn(struct str secret)
{
	static const char *const advertised[] = { "078051120", "219099999", "457555462", "123456789", "987654321" };
	char t[TEXT];

	if (!read_digits(secret, t, 9) || strncmp(t, "000", 3) == 0 || strncmp(t, "666", 3) == 0 || t[0] == '9')
		return VALID_NO;
	for (size_t i = 0; i < sizeof(advertised) / sizeof(*advertised); i++)
		if (strcmp(t, advertised[i]) == 0)
			return VALID_NO;
	if (number(t + 3, 2) == 0 || number(t + 5, 4) == 0)
		return VALID_NO;
	/* 111-22-3333, 123-45-...: typed to show the form */
	return strncmp(t, "12345", 5) == 0 || (is_repeated(t, 3) && is_repeated(t + 3, 2)) ? VALID_DOUBT : VALID_YES;
}

/* ITIN: 9xx, and a group that is in use for them. */
static enum validity check_itin(struct str secret)
{
	char t[TEXT];
	int group;

	if (!read_digits(secret, t, 9) || t[0] != '9')
		return VALID_NO;
	group = pair(t + 3);
	return answer((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) ||
		      group >= 94);
}

/* EIN: prefixes that campuses of the tax office never gave out. */
static enum validity check_ein(struct str secret)
{
	static const char unused[] = "00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97 ";
	char t[TEXT], prefix[4];

	if (!read_digits(secret, t, 9))
		return VALID_NO;
	memcpy(prefix, t, 2);
	memcpy(prefix + 2, " ", 2);
	return answer(!strstr(unused, prefix));
}

/* MBI of Medicare: which of its eleven places hold a digit, a letter (six letters are not used) or either. */
static enum validity check_mbi(struct str secret)
{
	static const char form[] = "1ax0ax0aa00";
	char t[TEXT];

	if (validate_alnum(secret, t, sizeof(t)) != 11)
		return VALID_NO;
	for (size_t i = 0; i < 11; i++) {
		bool letter = ascii_is_alpha(t[i]);

		if ((letter && (form[i] == '0' || form[i] == '1' || strchr("SLOIBZ", t[i]))) || (!letter && form[i] == 'a'))
			return VALID_NO;
	}
	return answer(t[0] != '0');
}

/* DEA: two letters, six digits, the last of (1st+3rd+5th) + 2 (2nd+4th+6th). */
static enum validity check_dea(struct str secret)
{
	static const signed char weights[] = { 1, 2, 1, 2, 1, 2 };
	char t[TEXT];

	if (validate_alnum(secret, t, sizeof(t)) != 9 || !strchr("ABCDEFGHJKLMPRSTUX", t[0]) || !all_digits(t + 2, 7))
		return VALID_NO;
	return answer(sum_of(t + 2, weights, 6) % 10 == t[8] - '0' && !is_repeated(t + 2, 7));
}

/* CPF: two check digits, each over what stands before it. */
static enum validity check_cpf(struct str secret)
{
	static const signed char weights[] = { 11, 10, 9, 8, 7, 6, 5, 4, 3, 2 };
	char t[TEXT];
	int first, second;

	if (!read_digits(secret, t, 11))
		return VALID_NO;
	first = (11 - sum_of(t, weights + 1, 9) % 11) % 11 % 10;
	second = (11 - sum_of(t, weights, 10) % 11) % 11 % 10;
	return answer(first == t[9] - '0' && second == t[10] - '0');
}

static enum validity check_cnpj(struct str secret)
{
	static const signed char weights[] = { 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2 };
	char t[TEXT];
	int first, second;

	if (!read_digits(secret, t, 14))
		return VALID_NO;
	first = (11 - sum_of(t, weights + 1, 12) % 11) % 11 % 10;
	second = (11 - sum_of(t, weights, 13) % 11) % 11 % 10;
	return answer(first == t[12] - '0' && second == t[13] - '0');
}

static int letter_place(const char *alphabet, char c)
{
	const char *p = c ? strchr(alphabet, c) : NULL;

	return p ? (int)(p - alphabet) : -1;
}

/* CURP: the alphabet with N-tilde counts places; 18 down to 2. */
static enum validity check_curp(struct str secret)
{
	static const char places[] = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";
	char t[TEXT];
	int sum = 0;

	if (validate_alnum(secret, t, sizeof(t)) != 18 || !all_letters(t, 4) || !all_digits(t + 4, 6) ||
	    !all_letters(t + 10, 6) || !ascii_is_digit(t[17]) || !validate_month_day(pair(t + 6), pair(t + 8)) ||
	    !strchr("HMX", t[10]))
		return VALID_NO;
	for (int i = 0; i < 17; i++)
		sum += letter_place(places, t[i]) * (18 - i);
	return answer((10 - sum % 10) % 10 == t[17] - '0');
}

/* RFC: 12 characters for companies, 13 for persons; the last checks. */
static enum validity check_rfc(struct str secret)
{
	static const char places[] = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t)), letters = n - 9;
	int sum = 0, check;

	if ((n != 12 && n != 13) || !all_letters(t, letters) || !all_digits(t + letters, 6) ||
	    !validate_month_day(pair(t + letters + 2), pair(t + letters + 4)))
		return VALID_NO;
	if (n == 12)
		sum = 37 * 13; /* a blank stands before a company's */
	for (size_t i = 0; i + 1 < n; i++)
		sum += letter_place(places, t[i]) * (int)(n - i);
	check = (11 - sum % 11) % 11;
	return check == (t[n - 1] == 'A' ? 10 : t[n - 1] - '0') ? VALID_YES : VALID_DOUBT;
}

/* RUT: weights 2 to 7 from the right; ten is K. */
static enum validity check_rut(struct str secret)
{
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t));
	int sum = 0, check;

	if ((n != 8 && n != 9) || !all_digits(t, n - 1) || is_repeated(t, n - 1))
		return VALID_NO;
	for (size_t i = 0; i + 1 < n; i++)
		sum += (t[n - 2 - i] - '0') * (int)(2 + i % 6);
	check = (11 - sum % 11) % 11;
	return answer(t[n - 1] == (check == 10 ? 'K' : '0' + check));
}

/* CUI of Peru: modulus eleven, written as a digit or as a letter. */
static enum validity check_cui_pe(struct str secret)
{
	static const signed char weights[] = { 3, 2, 7, 6, 5, 4, 3, 2 };
	char t[TEXT];
	int sum;

	if (validate_alnum(secret, t, sizeof(t)) != 9 || !all_digits(t, 8) || is_repeated(t, 8))
		return VALID_NO;
	sum = sum_of(t, weights, 8) % 11;
	return answer(t[8] == "65432110987"[sum] || t[8] == "KJIHGFEDCBA"[sum]);
}

/* Cedula of Ecuador: a province, Luhn's sum over ten. */
static enum validity check_cedula_ec(struct str secret)
{
	char d[TEXT];
	int province;

	if (validate_digits(secret, d, sizeof(d)) != 10 || validate_is_repeated(d, 10, 1))
		return VALID_NO;
	province = d[0] * 10 + d[1];
	return answer(((province >= 1 && province <= 24) || province == 30) && d[2] < 6 && validate_luhn(d, 10));
}

/* ---- Europe ---- */

/* Two letters that are given out, six digits, A to D. */
static enum validity check_nino(struct str secret)
{
	static const char never[] = "BG GB KN NK NT TN ZZ ";
	char t[TEXT], prefix[4];

	if (validate_alnum(secret, t, sizeof(t)) != 9 || !all_letters(t, 2) || !all_digits(t + 2, 6) || t[8] < 'A' ||
	    t[8] > 'D')
		return VALID_NO;
	memcpy(prefix, t, 2);
	memcpy(prefix + 2, " ", 2);
	return answer(!strchr("DFIQUV", t[0]) && !strchr("DFIOQUV", t[1]) && !strstr(never, prefix));
}

/* Driving licence (GB): five of the surname, then birth date with its year around month and day, initials, two to check. */
static enum validity check_licence_gb(struct str secret)
{
	char t[TEXT];
	int month, day;

	if (validate_alnum(secret, t, sizeof(t)) != 16 || !ascii_is_alpha(t[0]) || !all_digits(t + 5, 6) ||
	    !ascii_is_alpha(t[11]))
		return VALID_NO;
	month = pair(t + 6);
	day = pair(t + 8);
	return answer(validate_month_day(month > 50 ? month - 50 : month, day));
}

/* Steuer-IdNr: ISO 7064; among its first ten digits one comes twice or thrice, and not all others come. */
static enum validity check_steuer_id(struct str secret)
{
	char d[TEXT];
	int seen[10] = { 0 }, twice = 0, thrice = 0, more = 0;

	if (validate_digits(secret, d, sizeof(d)) != 11 || d[0] == 0 || !validate_mod11_10(d, 11))
		return VALID_NO;
	for (int i = 0; i < 10; i++)
		seen[(int)d[i]]++;
	for (int i = 0; i < 10; i++) {
		twice += seen[i] == 2;
		thrice += seen[i] == 3;
		more += seen[i] > 3;
	}
	return answer(twice + thrice == 1 && !more);
}

/* Rentenversicherungsnummer: area, birth date, letter, serial; the letter counts as two digits. */
static enum validity check_rvnr(struct str secret)
{
	static const signed char weights[] = { 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1 };
	char t[TEXT], d[12];
	int sum = 0;

	if (validate_alnum(secret, t, sizeof(t)) != 12 || !all_digits(t, 8) || !ascii_is_alpha(t[8]) || !all_digits(t + 9, 3))
		return VALID_NO;
	memcpy(d, t, 8);
	d[8] = (char)('0' + (t[8] - 'A' + 1) / 10);
	d[9] = (char)('0' + (t[8] - 'A' + 1) % 10);
	memcpy(d + 10, t + 9, 2);
	for (int i = 0; i < 12; i++) {
		int product = weights[i] * (d[i] - '0');

		sum += product / 10 + product % 10;
	}
	return answer(sum % 10 == t[11] - '0' && validate_month_day(pair(t + 4), pair(t + 2) % 50 ? pair(t + 2) % 50 : 1));
}

/* ICAO 9303-3 4.9: 7, 3, 1 over digits and letters. */
static int icao(const char *s, size_t n)
{
	static const int weights[] = { 7, 3, 1 };
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += weights[i % 3] * (ascii_is_digit(s[i]) ? s[i] - '0' : ascii_is_alpha(s[i]) ? s[i] - 'A' + 10 : 0);
	return sum % 10;
}

/* Personalausweis: nine of LMNPRTVWXY, CFGHJK, Z and digits, then the check digit. */
static enum validity check_ausweis(struct str secret)
{
	char t[TEXT];

	if (validate_alnum(secret, t, sizeof(t)) != 10 || !strchr("CFGHJKLMNPRTVWXYZ", t[0]) || !ascii_is_digit(t[9]))
		return VALID_NO;
	for (int i = 1; i < 9; i++)
		if (!ascii_is_digit(t[i]) && !strchr("CFGHJKLMNPRTVWXYZ", t[i]))
			return VALID_NO;
	return answer(icao(t, 9) == t[9] - '0');
}

/* NIR: 97 less the rest of thirteen digits; 2A and 2B of Corsica count as 19 and 18. */
static enum validity check_nir(struct str secret)
{
	char t[TEXT];
	unsigned long value;
	int month;

	if (validate_alnum(secret, t, sizeof(t)) != 15 || !strchr("123478", t[0]))
		return VALID_NO;
	if (t[5] == '2' && (t[6] == 'A' || t[6] == 'B')) {
		t[5] = '1';
		t[6] = t[6] == 'A' ? '9' : '8';
	}
	if (!all_digits(t, 15))
		return VALID_NO;
	month = pair(t + 3);
	value = number(t, 13);
	return 97 - value % 97 != number(t + 13, 2)	    ? VALID_NO
	       : (month >= 1 && month <= 12) || month >= 20 ? VALID_YES
							    : VALID_DOUBT;
}

static const char dni_letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";

static enum validity check_dni(struct str secret)
{
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t));

	if (n != 9 || !all_digits(t, 8) || is_repeated(t, 8))
		return VALID_NO;
	return answer(t[8] == dni_letters[number(t, 8) % 23]);
}

static enum validity check_nie(struct str secret)
{
	char t[TEXT];
	int first;

	if (validate_alnum(secret, t, sizeof(t)) != 9 || !all_digits(t + 1, 7))
		return VALID_NO;
	first = letter_place("XYZ", t[0]);
	if (first < 0)
		return VALID_NO;
	t[0] = (char)('0' + first);
	return answer(t[8] == dni_letters[number(t, 8) % 23]);
}

/* CIF: Luhn's sum over seven digits; the check is a digit or a letter. */
static enum validity check_cif(struct str secret)
{
	char t[TEXT], d[8];
	int check = -1;

	if (validate_alnum(secret, t, sizeof(t)) != 9 || !strchr("ABCDEFGHJNPQRSUVW", t[0]) || !all_digits(t + 1, 7))
		return VALID_NO;
	for (int i = 0; i < 7; i++)
		d[i] = (char)(t[1 + i] - '0');
	for (d[7] = 0; d[7] < 10 && check < 0; d[7]++)
		check = validate_luhn(d, 8) ? d[7] : -1;
	return answer(check >= 0 && (t[8] == '0' + check || t[8] == "JABCDEFGHI"[check]));
}

/* Codice fiscale: odd places have values of their own; in namesakes' numbers letters stand for digits. */
static enum validity check_codice_fiscale(struct str secret)
{
	static const unsigned char odd[26] = { 1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,	4,  18,
					       20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23 };
	static const char instead[] = "LMNPQRSTUV";
	char t[TEXT];
	int sum = 0, day;

	if (validate_alnum(secret, t, sizeof(t)) != 16 || !all_letters(t, 6) || !strchr("ABCDEHLMPRST", t[8]) ||
	    !ascii_is_alpha(t[11]) || !ascii_is_alpha(t[15]))
		return VALID_NO;
	for (int i = 0; i < 15; i++) {
		int value = ascii_is_digit(t[i]) ? t[i] - '0' : t[i] - 'A';

		sum += i % 2 ? value : odd[value];
	}
	if (sum % 26 != t[15] - 'A')
		return VALID_NO;
	for (int i = 9; i < 11; i++)
		if (ascii_is_alpha(t[i]) && letter_place(instead, t[i]) >= 0)
			t[i] = (char)('0' + letter_place(instead, t[i]));
	day = all_digits(t + 9, 2) ? pair(t + 9) % 40 : 0;
	return answer(day >= 1 && day <= 31);
}

/* Rijksregisternummer: 97 less the rest of nine digits, with 2 before them for those born since 2000. */
static enum validity check_rrn_be(struct str secret)
{
	char t[TEXT];
	unsigned long value, check;

	if (!read_digits(secret, t, 11) ||
	    !validate_month_day(pair(t + 2) % 20 ? pair(t + 2) % 20 : 1, pair(t + 4) ? pair(t + 4) : 1))
		return VALID_NO;
	value = number(t, 9);
	check = number(t + 9, 2);
	return answer(97 - value % 97 == check || (pair(t) < 40 && 97 - (2000000000UL + value) % 97 == check));
}

/* CPR: a date; numbers since 2007 need not fulfil the sum of eleven. */
static enum validity check_cpr(struct str secret)
{
	static const signed char weights[] = { 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
	char t[TEXT];

	if (!read_digits(secret, t, 10) || !validate_month_day(pair(t + 2), pair(t)))
		return VALID_NO;
	return sum_of(t, weights, 10) % 11 == 0 ? VALID_SURE : VALID_YES;
}

/* Henkilotunnus: date, a sign for the century, three digits, the 31st letter. */
static enum validity check_hetu(struct str secret)
{
	static const char letters[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t));

	if (n == 11 && ascii_is_alpha(t[6]))
		memmove(t + 6, t + 7, 5);
	else if (n != 10)
		return VALID_NO;
	if (!all_digits(t, 9) || !validate_month_day(pair(t + 2), pair(t)))
		return VALID_NO;
	return answer(letters[number(t, 9) % 31] == t[9]);
}

/* Fodselsnummer: two sums of eleven; a D-number has its day moved by 40. */
static enum validity check_fnr(struct str secret)
{
	static const signed char first[] = { 3, 7, 6, 1, 8, 9, 4, 5, 2, 1 };
	static const signed char second[] = { 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1 };
	char t[TEXT];

	if (!read_digits(secret, t, 11) || !validate_month_day(pair(t + 2) % 40 ? pair(t + 2) % 40 : 1, pair(t) % 40))
		return VALID_NO;
	return answer(sum_of(t, first, 10) % 11 == 0 && sum_of(t, second, 11) % 11 == 0);
}

/* Rodne cislo: ten digits are a multiple of eleven; nine, given out until 1954, have no check. */
static enum validity check_rc(struct str secret)
{
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t));
	int month;

	if ((n != 9 && n != 10) || !all_digits(t, n) || is_repeated(t, n))
		return VALID_NO;
	month = pair(t + 2) % 50;
	if (!validate_month_day(month > 20 ? month - 20 : month, pair(t + 4)))
		return VALID_NO;
	if (n == 9)
		return VALID_DOUBT;
	return answer(number(t, 10) % 11 == 0 || (number(t, 9) % 11 == 10 && t[9] == '0'));
}

/* OIB of Croatia: ISO 7064. */
static enum validity check_oib(struct str secret)
{
	char d[TEXT];

	if (validate_digits(secret, d, sizeof(d)) != 11 || validate_is_repeated(d, 11, 0))
		return VALID_NO;
	return answer(validate_mod11_10(d, 11));
}

/* PPS: seven digits, the 23rd letter; a second letter counts nine times. */
static enum validity check_pps(struct str secret)
{
	static const signed char weights[] = { 8, 7, 6, 5, 4, 3, 2 };
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t));
	int sum;

	if ((n != 8 && n != 9) || !all_digits(t, 7) || is_repeated(t, 7) || !all_letters(t + 7, n - 7))
		return VALID_NO;
	sum = sum_of(t, weights, 7);
	if (n == 9 && t[8] != 'W')
		sum += 9 * (t[8] - 'A' + 1);
	return answer("WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == t[7]);
}

/* Two rounds of weights where the first gives ten: Estonia, Lithuania, Kazakhstan. */
static int two_rounds(const char *t, const signed char *first, const signed char *second, size_t n)
{
	int rest = sum_of(t, first, n) % 11;

	return rest < 10 ? rest : sum_of(t, second, n) % 11;
}

static enum validity check_isikukood(struct str secret)
{
	static const signed char first[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1 }, second[] = { 3, 4, 5, 6, 7, 8, 9, 1, 2, 3 };
	char t[TEXT];

	if (!read_digits(secret, t, 11) || t[0] < '1' || t[0] > '8' || !validate_month_day(pair(t + 3), pair(t + 5)))
		return VALID_NO;
	return answer(two_rounds(t, first, second, 10) % 10 == t[10] - '0');
}

static enum validity check_iin(struct str secret)
{
	static const signed char first[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	static const signed char second[] = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2 };
	char t[TEXT];

	if (!read_digits(secret, t, 12) || !validate_month_day(pair(t + 2), pair(t + 4)))
		return VALID_NO;
	return answer(two_rounds(t, first, second, 11) == t[11] - '0');
}

/* Personas kods: a date (or 32 since 2017, without check). */
static enum validity check_personas_kods(struct str secret)
{
	static const signed char weights[] = { 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	char t[TEXT];

	if (!read_digits(secret, t, 11))
		return VALID_NO;
	if (t[0] == '3' && t[1] == '2')
		return VALID_DOUBT;
	return answer(validate_month_day(pair(t + 2), pair(t)) && (1101 - sum_of(t, weights, 10)) % 11 % 10 == t[10] - '0');
}

/* ---- Asia, Africa, the Pacific ---- */

/* Verhoeff's scheme: permutations of the digits, and the group of five sides. */
static enum validity check_verhoeff(struct str secret)
{
	static const char product[10][11] = { "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
					      "5987604321", "6598710432", "7659821043", "8765932104", "9876543210" };
	static const char moved[8][11] = { "0123456789", "1576283094", "5803796142", "8916043527",
					   "9453126870", "4286573901", "2793806415", "7046913258" };
	char d[TEXT];
	size_t n = validate_digits(secret, d, sizeof(d));
	int check = 0;

	if (n != 12 || d[0] < 2 || validate_is_repeated(d, n, 1))
		return VALID_NO;
	for (size_t i = 0; i < n; i++)
		check = product[check][moved[i % 8][(int)d[n - 1 - i]] - '0'] - '0';
	return answer(check == 0);
}

/* PAN of India: five letters, the fourth for the kind of holder, four digits, a letter. */
static enum validity check_pan_in(struct str secret)
{
	char t[TEXT];

	if (validate_alnum(secret, t, sizeof(t)) != 10 || !all_letters(t, 5) || !all_digits(t + 5, 4) || !ascii_is_alpha(t[9]))
		return VALID_NO;
	return answer(strchr("ABCEFGHJLKPT", t[3]) && number(t + 5, 4) > 0);
}

/* GB 11643: ISO 7064 MOD 11-2 over eighteen. */
static enum validity check_ric(struct str secret)
{
	char t[TEXT];
	int sum = 0;

	if (validate_alnum(secret, t, sizeof(t)) != 18 || !all_digits(t, 17) || is_repeated(t, 17))
		return VALID_NO;
	if (!validate_month_day(pair(t + 10), pair(t + 12)) || t[0] == '0' || t[0] == '9')
		return VALID_NO;
	for (int i = 0; i < 17; i++)
		sum = (sum + t[i] - '0') * 2 % 11;
	if ("10X98765432"[sum % 11] != t[17])
		return VALID_NO;
	return pair(t + 6) == 19 || pair(t + 6) == 20 ? VALID_SURE : VALID_DOUBT;
}

/* NRIC and FIN of Singapore. */
static enum validity check_nric(struct str secret)
{
	static const signed char weights[] = { 2, 7, 6, 5, 4, 3, 2 };
	char t[TEXT];
	int sum;

	if (validate_alnum(secret, t, sizeof(t)) != 9 || !all_digits(t + 1, 7) || !strchr("STFGM", t[0]))
		return VALID_NO;
	sum = sum_of(t + 1, weights, 7) + (t[0] == 'T' || t[0] == 'G' ? 4 : t[0] == 'M' ? 3 : 0);
	if (t[0] == 'M')
		return answer("KLJNPQRTUWX"[10 - sum % 11] == t[8]);
	return answer((strchr("ST", t[0]) ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[sum % 11] == t[8]);
}

/* T.C. kimlik: two check digits. */
static enum validity check_tckn(struct str secret)
{
	char d[TEXT];
	int odd = 0, even = 0;

	if (validate_digits(secret, d, sizeof(d)) != 11 || d[0] == 0 || validate_is_repeated(d, 11, 1))
		return VALID_NO;
	for (int i = 0; i < 9; i++)
		*(i % 2 ? &even : &odd) += d[i];
	return answer((7 * odd - even + 90) % 10 == d[9] && (odd + even + d[9]) % 10 == d[10]);
}

/* SNILS: 9 down to 1, modulo 101. */
static enum validity check_snils(struct str secret)
{
	static const signed char weights[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1 };
	char t[TEXT];

	if (!read_digits(secret, t, 11) || number(t, 9) <= 1001998)
		return VALID_NO;
	return answer((unsigned long)(sum_of(t, weights, 9) % 101 % 100) == number(t + 9, 2));
}

/* INN of a person: two check digits. */
static enum validity check_inn12(struct str secret)
{
	static const signed char weights[] = { 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8 };
	char t[TEXT];

	if (!read_digits(secret, t, 12))
		return VALID_NO;
	return answer(sum_of(t, weights + 1, 10) % 11 % 10 == t[10] - '0' && sum_of(t, weights, 11) % 11 % 10 == t[11] - '0');
}

/* IRD: a second round of weights where the first gives ten. */
static enum validity check_ird(struct str secret)
{
	static const signed char first[] = { 3, 2, 7, 6, 5, 4, 3, 2 }, second[] = { 7, 4, 3, 2, 5, 2, 7, 6 };
	char t[TEXT], nine[TEXT] = "0";
	size_t n = validate_alnum(secret, t, sizeof(t));
	int check;

	if ((n != 8 && n != 9) || !all_digits(t, n) || is_repeated(t, n))
		return VALID_NO;
	memcpy(nine + (n == 8), t, n);
	if (number(nine, 9) < 10000000 || number(nine, 9) > 150000000)
		return VALID_NO;
	check = (11 - sum_of(nine, first, 8) % 11) % 11;
	if (check == 10)
		check = (11 - sum_of(nine, second, 8) % 11) % 11;
	return answer(check == nine[8] - '0');
}

/* Taiwan: a letter for the place counts as two digits; the sum is a multiple of ten. */
static enum validity check_tw_id(struct str secret)
{
	static const char places[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
	static const signed char weights[] = { 8, 7, 6, 5, 4, 3, 2, 1, 1 };
	char t[TEXT];
	int place;

	if (validate_alnum(secret, t, sizeof(t)) != 10 || !all_digits(t + 1, 9) || !strchr("1289", t[1]))
		return VALID_NO;
	place = letter_place(places, t[0]);
	if (place < 0)
		return VALID_NO;
	place += 10;
	return answer((place / 10 + place % 10 * 9 + sum_of(t + 1, weights, 9)) % 10 == 0);
}

/* Hong Kong: one or two letters, six digits, a check of eleven that may be A. */
static enum validity check_hkid(struct str secret)
{
	char t[TEXT];
	size_t n = validate_alnum(secret, t, sizeof(t)), letters;
	int sum = 0;

	if ((n != 8 && n != 9) || !all_letters(t, n - 7) || !all_digits(t + n - 7, 6))
		return VALID_NO;
	letters = n - 7;
	if (letters == 1)
		sum += 36 * 9;
	for (size_t i = 0; i + 1 < n; i++)
		sum += (int)(n - i) * (ascii_is_digit(t[i]) ? t[i] - '0' : t[i] - 'A' + 10);
	sum += t[n - 1] == 'A' ? 10 : ascii_is_digit(t[n - 1]) ? t[n - 1] - '0' : 100;
	return answer(sum % 11 == 0);
}

/* NIK of Indonesia: province, birth date with the day moved by 40 for women, serial. No check digit. */
static enum validity check_nik(struct str secret)
{
	char t[TEXT];

	if (!read_digits(secret, t, 16) || pair(t) < 11 || pair(t) > 96)
		return VALID_NO;
	return answer(validate_month_day(pair(t + 8), pair(t + 6) % 40) && number(t + 12, 4) > 0);
}

/* NRIC of Malaysia: birth date, place of birth, serial. No check digit. */
static enum validity check_mykad(struct str secret)
{
	char t[TEXT];
	int place;

	if (!read_digits(secret, t, 12) || !validate_month_day(pair(t + 2), pair(t + 4)))
		return VALID_NO;
	place = pair(t + 6);
	return answer((place >= 1 && place <= 16) || (place >= 21 && place <= 59) || place == 82);
}

/* E.164: a country code in use, eight to fifteen digits altogether; no run of one digit, no stairs. */
static enum validity check_phone(struct str secret)
{
	static const char two[] =
		"20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 "
		"86 90 91 92 93 94 95 98 ";
	static const char three[] = "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 85 87 88 96 97 99 ";
	char d[TEXT], start[4];
	size_t n = validate_digits(secret, d, sizeof(d));

	if (n < 8 || n > 15 || validate_is_repeated(d, n, 2))
		return VALID_NO;
	if (d[0] == 1)
		return answer(n == 11 && d[1] >= 2 && d[4] >= 2);
	if (d[0] == 7)
		return answer(n == 11 && d[1] >= 3);
	start[0] = (char)('0' + d[0]);
	start[1] = (char)('0' + d[1]);
	memcpy(start + 2, " ", 2);
	return answer(strstr(two, start) || (strstr(three, start) && n >= 9));
}

/* ICAO 9303 machine-readable zones: the check digits of number, birth, expiry and of all. */
static enum validity check_mrz(struct str secret)
{
	char t[96];
	size_t n = 0;
	bool passport;

	for (size_t i = 0; i < secret.n; i++) {
		if (ascii_is_space(secret.p[i]))
			continue;
		if (n == 90)
			return VALID_NO;
		t[n++] = secret.p[i];
	}
	passport = n == 88 || n == 72;
	if (n != 72 && n != 88 && n != 90)
		return VALID_NO;
	if (passport) {
		const char *s = t + n / 2;

		return icao(s, 9) == s[9] - '0' && icao(s + 13, 6) == s[19] - '0' && icao(s + 21, 6) == s[27] - '0'
			       ? VALID_SURE
			       : VALID_DOUBT;
	}
	return icao(t + 5, 9) == t[14] - '0' && icao(t + 30, 6) == t[36] - '0' && icao(t + 38, 6) == t[44] - '0' ? VALID_SURE
														 : VALID_DOUBT;
}

static const char check_digit[] = "its check digit is right", digits_right[] = "its check digits are right";

const struct validator validators_person[] = {
	{ "ssn", check_ssn, "its area, group and serial are in use", "but its digits are made to show the form" },
	{ "itin", check_itin, "its group is in use", "" },
	{ "ein", check_ein, "its prefix is in use", "" },
	{ "mbi", check_mbi, "its letters and digits stand where they must", "" },
	{ "dea", check_dea, check_digit, "" },
	{ "cpf", check_cpf, digits_right, "" },
	{ "cnpj", check_cnpj, digits_right, "" },
	{ "curp", check_curp, check_digit, "" },
	{ "rfc", check_rfc, check_digit, "but its check digit is wrong" },
	{ "rut", check_rut, check_digit, "" },
	{ "cui-pe", check_cui_pe, check_digit, "" },
	{ "cedula-ec", check_cedula_ec, check_digit, "" },
	{ "nino", check_nino, "its letters are in use", "" },
	{ "licence-gb", check_licence_gb, "it holds a birth date", "" },
	{ "steuer-id", check_steuer_id, check_digit, "" },
	{ "rvnr", check_rvnr, check_digit, "" },
	{ "ausweis", check_ausweis, check_digit, "" },
	{ "nir", check_nir, digits_right, "but its month is none" },
	{ "dni", check_dni, "its letter is right", "" },
	{ "nie", check_nie, "its letter is right", "" },
	{ "cif", check_cif, check_digit, "" },
	{ "codice-fiscale", check_codice_fiscale, "its letter is right", "" },
	{ "rrn-be", check_rrn_be, digits_right, "" },
	{ "cpr", check_cpr, "its date is one", "" },
	{ "hetu", check_hetu, "its date and letter are right", "" },
	{ "fnr", check_fnr, digits_right, "" },
	{ "rodne-cislo", check_rc, "it is a multiple of eleven and holds a date", "but it has no check digit" },
	{ "oib", check_oib, check_digit, "" },
	{ "pps", check_pps, "its letter is right", "" },
	{ "isikukood", check_isikukood, check_digit, "" },
	{ "iin", check_iin, check_digit, "" },
	{ "personas-kods", check_personas_kods, check_digit, "but it has no check digit" },
	{ "verhoeff", check_verhoeff, check_digit, "" },
	{ "pan-in", check_pan_in, "its fourth letter is that of a holder", "" },
	{ "ric", check_ric, "its date and check digit are right", "but its year is of another age" },
	{ "nric", check_nric, "its letter is right", "" },
	{ "tckn", check_tckn, digits_right, "" },
	{ "snils", check_snils, digits_right, "" },
	{ "inn12", check_inn12, digits_right, "" },
	{ "ird", check_ird, check_digit, "" },
	{ "tw-id", check_tw_id, check_digit, "" },
	{ "hkid", check_hkid, check_digit, "" },
	{ "nik", check_nik, "it holds a province and a birth date", "" },
	{ "mykad", check_mykad, "it holds a birth date and a place", "" },
	{ "phone", check_phone, "its country code and length are in use", "" },
	{ "mrz", check_mrz, digits_right, "but its check digits are wrong" },
	{ 0 },
};
