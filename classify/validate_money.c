/* validate_money.c - payment cards and bank accounts */
#include "classify/validate_tables.h"

#include <string.h>

/* Lengths as bits: L(16) | L(19). */
#define L(n)	    (1u << (n))
#define FROM_16	    (L(16) | L(17) | L(18) | L(19))
#define ANY_MAESTRO (L(13) | L(14) | L(15) | FROM_16)

/* Issuer ranges, first digits as a number of six, and the lengths that they use. */
static const struct {
	int first, last;
	uint32_t lengths;
} issuers[] = {
	{ 400000, 499999, L(13) | L(16) | L(19) }, /* Visa */
	{ 222100, 272099, L(16) },		   /* Mastercard, since 2017 */
	{ 510000, 559999, L(16) },		   /* Mastercard */
	{ 340000, 349999, L(15) },		   /* American Express */
	{ 370000, 379999, L(15) },
	{ 601100, 601199, FROM_16 },	   /* Discover */
	{ 644000, 659999, FROM_16 },	   /* Discover, RuPay, Verve, Troy */
	{ 352800, 358999, FROM_16 },	   /* JCB */
	{ 300000, 305999, L(14) | L(16) }, /* Diners */
	{ 309500, 309599, L(14) | L(16) },
	{ 360000, 369999, L(14) | L(16) | L(19) },
	{ 380000, 399999, L(14) | L(16) },
	{ 620000, 629999, FROM_16 },	 /* UnionPay */
	{ 810000, 829999, FROM_16 },	 /* UnionPay, RuPay */
	{ 220000, 220499, FROM_16 },	 /* Mir */
	{ 606282, 606282, L(16) },	 /* Hipercard */
	{ 600000, 608999, L(16) },	 /* RuPay */
	{ 500000, 509999, ANY_MAESTRO }, /* Maestro, RuPay, Verve, Elo, Dankort */
	{ 560000, 599999, ANY_MAESTRO }, /* Maestro */
	{ 630000, 639999, ANY_MAESTRO }, /* Maestro, InterPayment, InstaPayment, Elo */
	{ 670000, 679999, ANY_MAESTRO }, /* Maestro */
	{ 979200, 979289, L(16) },	 /* Troy */
	{ 860000, 860099, L(16) },	 /* UzCard */
	{ 986000, 986099, L(16) },	 /* Humo */
	{ 911200, 911299, L(16) },	 /* Belkart */
};

/* Numbers that processors publish for tests. */
static const char *const for_tests[] = {
	"4111111111111111", "4242424242424242", "4012888888881881", "4000056655665556", "5555555555554444", "5105105105105100",
	"2223003122003222", "378282246310005",	"371449635398431",  "378734493671000",	"6011111111111117", "6011000990139424",
	"30569309025904",   "38520000023237",	"3530111333300000", "3566002020360505", "6200000000000005", "5200828282828210",
	"4222222222222",    "4917610000000000", "6331101999990016", "4000002500003155", "5019717010103742", "5431111111111111",
};

static enum validity check_luhn(struct str secret)
{
	char digits[32];
	size_t n = validate_digits(secret, digits, sizeof(digits));

	return n && validate_luhn(digits, n) ? VALID_YES : VALID_NO;
}

/* Made for trying: published for tests, six zeros in a row, or three different digits at most. */
static bool is_for_trying(const char *digits, size_t n)
{
	unsigned seen = 0;
	size_t zeros = 0, longest = 0;
	char text[20] = { 0 };

	for (size_t i = 0; i < n; i++) {
		seen |= 1u << digits[i];
		zeros = digits[i] ? 0 : zeros + 1;
		longest = zeros > longest ? zeros : longest;
		text[i] = (char)('0' + digits[i]);
	}
	for (size_t i = 0; i < sizeof(for_tests) / sizeof(*for_tests); i++)
		if (strcmp(text, for_tests[i]) == 0)
			return true;
	return longest >= 6 || __builtin_popcount(seen) <= 3;
}

/* Does an issuer give out numbers of this length that begin so? */
static bool has_issuer(const char *digits, size_t n)
{
	int start = 0;

	for (size_t i = 0; i < 6; i++)
		start = start * 10 + digits[i];
	for (size_t i = 0; i < sizeof(issuers) / sizeof(*issuers); i++)
		if (start >= issuers[i].first && start <= issuers[i].last && issuers[i].lengths >> n & 1)
			return true;
	return false;
}

static enum validity check_card(struct str secret)
{
	char digits[32];
	size_t n = validate_digits(secret, digits, sizeof(digits));

	if (n < 13 || n > 19 || !validate_luhn(digits, n) || !has_issuer(digits, n) || validate_is_repeated(digits, n, 1))
		return VALID_NO;
	return is_for_trying(digits, n) ? VALID_DOUBT : VALID_YES;
}

/* Sixteen digits (fifteen, fourteen of those who use them) are what most cards have. */
static enum validity check_card_length(struct str secret)
{
	char digits[32];
	size_t n = validate_digits(secret, digits, sizeof(digits));

	return n >= 14 && n <= 16 ? VALID_YES : VALID_DOUBT;
}

/* pan SEP month SEP year SEP code: the first field is a card. */
static enum validity check_card_line(struct str secret)
{
	size_t n = 0;

	while (n < secret.n && ascii_is_digit(secret.p[n]))
		n++;
	if (n < 13) { /* in groups of four */
		for (n = 0;
		     n < secret.n && n < 19 && (ascii_is_digit(secret.p[n]) || secret.p[n] == ' ' || secret.p[n] == '-');)
			n++;
	}
	return check_card(str_slice(secret, 0, n));
}

/* ISO/IEC 7813: the number between the sentinel and ^ or =. */
static enum validity check_track(struct str secret)
{
	size_t start = 0, end;

	while (start < secret.n && !ascii_is_digit(secret.p[start]))
		start++;
	end = start;
	while (end < secret.n && (ascii_is_digit(secret.p[end]) || secret.p[end] == ' '))
		end++;
	return check_card(str_slice(secret, start, end));
}

/* The IBAN registry: country, and what the account behind the two check digits is made of: n digits, a letters, c either. */
static const char iban_forms[] =
	"AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n CY8n16c "
	"CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n "
	"GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c "
	"LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n "
	"NL4a10n NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n "
	"SI15n SK20n SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c ";

/* Does `text` (capitals, digits) have the form that its country uses? */
static bool has_iban_form(const char *text, size_t n)
{
	const char *p = iban_forms;
	size_t at = 4;

	while (*p && (p[0] != text[0] || p[1] != text[1]))
		p = strchr(p, ' ') + 1;
	if (!*p)
		return false;
	for (p += 2; *p != ' '; p++) {
		size_t count = 0;

		for (; ascii_is_digit(*p); p++)
			count = count * 10 + (size_t)(*p - '0');
		for (; count; count--, at++)
			if (at >= n || (*p == 'n' && !ascii_is_digit(text[at])) || (*p == 'a' && !ascii_is_alpha(text[at])))
				return false;
	}
	return at == n;
}

/* Printed in the registry and in every manual. */
static const char *const iban_examples[] = {
	"GB82WEST12345698765432",      "GB29NWBK60161331926819",      "GB33BUKB20201555555555", "DE89370400440532013000",
	"FR1420041010050500013M02606", "NL91ABNA0417164300",	      "BE68539007547034",	"CH9300762011623852957",
	"ES9121000418450200051332",    "IT60X0542811101000000123456", "AT611904300234573201"
};

/* ISO 13616: the form of the country, and the rearranged number modulo 97 is 1. */
static enum validity check_iban(struct str secret)
{
	char text[40];
	size_t n = validate_alnum(secret, text, sizeof(text));
	int rest = 0;

	if (n < 15 || !ascii_is_digit(text[2]) || !ascii_is_digit(text[3]) || !has_iban_form(text, n))
		return VALID_NO;
	for (size_t i = 0; i < n; i++) {
		char c = text[(i + 4) % n];

		rest = ascii_is_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
	}
	if (rest != 1)
		return VALID_NO;
	for (size_t i = 0; i < sizeof(iban_examples) / sizeof(*iban_examples); i++)
		if (strcmp(text, iban_examples[i]) == 0)
			return VALID_DOUBT;
	return VALID_YES;
}

/* ISO 9362: bank, country, place, perhaps a branch; the country exists. */
static enum validity check_bic(struct str secret)
{
	static const char countries[] = "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT "
					"BW BY BZ CA CD CF CG CH CI CK CL "
					"CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA "
					"GB GD GE GG GH GI GL GM GN GP GQ "
					"GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM "
					"KN KP KR KW KY KZ LA LB LC LI LK "
					"LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC "
					"NE NG NI NL NO NP NR NZ OM PA PE "
					"PF PG PH PK PL PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO "
					"SR SS ST SV SY SZ TC TD TG TH TJ "
					"TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WS XK YE YT ZA ZM ZW ";
	char country[4] = { 0 };

	if (secret.n != 8 && secret.n != 11)
		return VALID_NO;
	memcpy(country, secret.p + 4, 2);
	country[2] = ' ';
	return strstr(countries, country) ? VALID_YES : VALID_NO;
}

/* CLABE: 3, 7, 1 modulo 10. */
static enum validity check_clabe(struct str secret)
{
	static const int weights[] = { 3, 7, 1 };
	char d[24];
	int sum = 0;

	if (validate_digits(secret, d, sizeof(d)) != 18 || validate_is_repeated(d, 18, 1))
		return VALID_NO;
	for (int i = 0; i < 17; i++)
		sum += weights[i % 3] * d[i] % 10;
	return (10 - sum % 10) % 10 == d[17] ? VALID_YES : VALID_NO;
}

/* The line of a boleto (FEBRABAN, linha digitavel): its first three fields end with a digit of Luhn's, modulo 10. */
static enum validity check_boleto(struct str secret)
{
	static const size_t ends[] = { 10, 21, 32 };
	char d[64];
	size_t start = 0;

	if (validate_digits(secret, d, sizeof(d)) != 47 || validate_is_repeated(d, 47, 1))
		return VALID_NO;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); start = ends[i++])
		if (!validate_luhn(d + start, ends[i] - start))
			return VALID_NO;
	return VALID_YES;
}

const struct validator validators_money[] = {
	{ "luhn", check_luhn, "its check digit is right", "" },
	{ "card", check_card, "its check digit and issuer are right", "but its digits are made for trying" },
	{ "card-length", check_card_length, "it is as long as most", "but few are as long as it" },
	{ "card-line", check_card_line, "the card's check digit and issuer are right", "but its digits are made for trying" },
	{ "track", check_track, "the card's check digit and issuer are right", "but its digits are made for trying" },
	{ "iban", check_iban, "its country's form and check digits are right", "but it is printed in manuals" },
	{ "bic", check_bic, "its country exists", "" },
	{ "clabe", check_clabe, "its check digit is right", "" },
	{ "boleto", check_boleto, "its three check digits are right", "" },
	{ 0 },
};
