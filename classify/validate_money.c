/* validate_money.c - payment cards and bank accounts */
#include "classify/validate_tables.h"

#include <string.h>

/* ISO/IEC 7812-1 annex B. */
static bool luhn(const char *digits, size_t n)
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

/* Issuer ranges, first digits as a number of six, and the lengths that they use. */
static const struct {
	int first, last;
	uint32_t lengths; /* bit n: n digits */
} issuers[] = {
	{ 400000, 499999, 1u << 13 | 1u << 16 | 1u << 19 }, /* Visa */
	{ 510000, 559999, 1u << 16 },			    /* Mastercard */
	{ 222100, 272099, 1u << 16 },			    /* Mastercard, since 2017 */
	{ 340000, 349999, 1u << 15 },			    /* American Express */
	{ 370000, 379999, 1u << 15 },
	{ 601100, 601199, 1u << 16 | 1u << 19 }, /* Discover */
	{ 644000, 659999, 1u << 16 | 1u << 19 },
	{ 352800, 358999, 1u << 16 | 1u << 19 },		       /* JCB */
	{ 300000, 305999, 1u << 14 | 1u << 16 },		       /* Diners */
	{ 360000, 369999, 1u << 14 | 1u << 16 },		       /* Diners */
	{ 380000, 399999, 1u << 14 | 1u << 16 },		       /* Diners */
	{ 620000, 629999, 1u << 16 | 1u << 17 | 1u << 18 | 1u << 19 }, /* UnionPay */
	{ 220000, 220499, 1u << 16 },				       /* Mir */
	{ 500000, 509999, 1u << 16 | 1u << 19 },		       /* Maestro, RuPay, Verve */
	{ 560000, 589999, 1u << 16 | 1u << 19 },		       /* Maestro */
	{ 670000, 679999, 1u << 16 | 1u << 19 },		       /* Maestro */
};

static enum validity check_luhn(struct str secret)
{
	char digits[32];
	size_t n = validate_digits(secret, digits, sizeof(digits));

	return n && luhn(digits, n) ? VALID_YES : VALID_NO;
}

/* Numbers made for trying: six zeros in a row, or three different digits at most. */
static bool is_round(const char *digits, size_t n)
{
	unsigned seen = 0;
	size_t zeros = 0, longest = 0;

	for (size_t i = 0; i < n; i++) {
		seen |= 1u << digits[i];
		zeros = digits[i] ? 0 : zeros + 1;
		longest = zeros > longest ? zeros : longest;
	}
	return longest >= 6 || __builtin_popcount(seen) <= 3;
}

static enum validity check_card(struct str secret)
{
	char digits[32];
	size_t n = validate_digits(secret, digits, sizeof(digits)), same = 1;
	int start = 0;

	if (n < 13 || n > 19 || !luhn(digits, n))
		return VALID_NO;
	while (same < n && digits[same] == digits[0])
		same++;
	for (size_t i = 0; i < 6; i++)
		start = start * 10 + digits[i];
	for (size_t i = 0; i < sizeof(issuers) / sizeof(*issuers); i++)
		if (start >= issuers[i].first && start <= issuers[i].last && issuers[i].lengths >> n & 1)
			return same >= n - 1 ? VALID_NO : is_round(digits, n) ? VALID_DOUBT : VALID_YES;
	return VALID_NO;
}

/* The IBAN registry: country and whole length. */
static const char iban_lengths[] =
	"AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22"
	"GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31"
	"MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24"
	"XK20YE30";

static size_t iban_length(const char *country)
{
	for (const char *p = iban_lengths; *p; p += 4)
		if (p[0] == country[0] && p[1] == country[1])
			return (size_t)((p[2] - '0') * 10 + (p[3] - '0'));
	return 0;
}

/* ISO 13616: the country's length, and the rearranged number modulo 97 is 1. */
static enum validity check_iban(struct str secret)
{
	char text[40];
	size_t n = 0;
	int rest = 0;

	for (size_t i = 0; i < secret.n; i++) {
		if (!ascii_is_alnum(secret.p[i]))
			continue;
		if (n == sizeof(text))
			return VALID_NO;
		text[n++] = (char)(ascii_lower(secret.p[i]) - (ascii_is_alpha(secret.p[i]) ? 32 : 0));
	}
	if (n < 15 || iban_length(text) != n)
		return VALID_NO;
	for (size_t i = 0; i < n; i++) {
		char c = text[(i + 4) % n];

		rest = ascii_is_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
	}
	return rest == 1 ? VALID_YES : VALID_NO;
}

const struct validator validators_money[] = {
	{ "luhn", check_luhn, "its check digit is right", "" },
	{ "card", check_card, "its check digit and issuer are right", "but its digits are made for trying" },
	{ "iban", check_iban, "its country's length and check digits are right", "" },
	{ 0 },
};
