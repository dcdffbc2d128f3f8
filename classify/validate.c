/* validate.c - checksums and shapes that tell a real secret from a string of its form */
#include "classify/validate.h"

#include <math.h>
#include <string.h>

#include "base/digest.h"

enum { DECODED = 512 };

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
static size_t digits_of(struct str s, char *digits, size_t room)
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
	size_t n = digits_of(secret, digits, sizeof(digits));

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
	size_t n = digits_of(secret, digits, sizeof(digits)), same = 1;
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

/* CRC-32 of ISO 3309, as GitHub and npm put it behind their tokens. */
static uint32_t crc32_of(struct str s)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < s.n; i++) {
		crc ^= (unsigned char)s.p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
	}
	return ~crc;
}

/* prefix_ + 30 characters + their CRC-32 in six base62 digits. */
static enum validity check_crc(struct str secret)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	struct str payload = str_slice(secret, 4, secret.n);
	uint32_t crc;

	if (payload.n != 36)
		return VALID_DOUBT;
	crc = crc32_of(str_slice(payload, 0, 30));
	for (size_t i = 36; i > 30; i--, crc /= 62)
		if (payload.p[i - 1] != digits[crc % 62])
			return VALID_DOUBT;
	return VALID_SURE;
}

static int base58_digit(char c)
{
	static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* The last four of the decoded bytes are the start of the double SHA-256 of those before. */
static enum validity check_base58(struct str secret)
{
	unsigned char bytes[64] = { 0 }, digest[DIGEST_BYTES];
	size_t n = 0, zeros = 0;

	while (zeros < secret.n && secret.p[zeros] == '1')
		zeros++;
	for (size_t i = 0; i < secret.n; i++) {
		int carry = base58_digit(secret.p[i]);

		if (carry < 0)
			return VALID_NO;
		for (size_t k = 0; k < n || carry; k++) {
			if (k == sizeof(bytes))
				return VALID_NO;
			n = k < n ? n : k + 1;
			carry += 58 * bytes[sizeof(bytes) - 1 - k];
			bytes[sizeof(bytes) - 1 - k] = (unsigned char)(carry & 255);
			carry >>= 8;
		}
	}
	n += zeros;
	if (n < 25 || n > sizeof(bytes))
		return VALID_NO;
	digest_sha256((struct str){ (char *)bytes + sizeof(bytes) - n, n - 4 }, digest);
	digest_sha256((struct str){ (char *)digest, DIGEST_BYTES }, digest);
	return memcmp(digest, bytes + sizeof(bytes) - 4, 4) == 0 ? VALID_SURE : VALID_NO;
}

static int bech32_digit(char c)
{
	static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	const char *p = c ? strchr(digits, ascii_lower(c)) : NULL;

	return p ? (int)(p - digits) : -1;
}

static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t generator[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		sum ^= top >> i & 1 ? generator[i] : 0;
	return sum;
}

/* BIP 173 and BIP 350. */
static enum validity check_bech32(struct str secret)
{
	size_t one = secret.n;
	uint32_t sum = 1;

	while (one > 0 && secret.p[one - 1] != '1')
		one--;
	if (one < 2 || secret.n - one < 6 || secret.n > 120)
		return VALID_NO;
	for (size_t i = 0; i + 1 < one; i++)
		sum = bech32_step(sum, (uint32_t)(ascii_lower(secret.p[i]) >> 5));
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i + 1 < one; i++)
		sum = bech32_step(sum, (uint32_t)(ascii_lower(secret.p[i]) & 31));
	for (size_t i = one; i < secret.n; i++) {
		int digit = bech32_digit(secret.p[i]);

		if (digit < 0)
			return VALID_NO;
		sum = bech32_step(sum, (uint32_t)digit);
	}
	return sum == 1 || sum == 0x2bc830a3 ? VALID_SURE : VALID_NO;
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

/* RFC 7519: three parts, of which the first decodes to a JSON object with "alg", the second to an object. */
static enum validity check_jwt(struct str secret)
{
	unsigned char text[DECODED];
	struct str rest = secret, header = { 0 }, payload = { 0 };
	struct str decoded;
	ssize_t n;

	str_split(&rest, '.', &header);
	str_split(&rest, '.', &payload);
	n = validate_base64(header, text, sizeof(text));
	if (n < 0)
		return VALID_NO;
	decoded = (struct str){ (char *)text, (size_t)n };
	if (!str_starts(decoded, STR("{")) || str_find(decoded, STR("\"alg\"")) < 0)
		return VALID_NO;
	n = validate_base64(str_slice(payload, 0, 4), text, sizeof(text));
	return n > 0 && text[0] == '{' ? VALID_YES : VALID_DOUBT;
}

/* Keccak-f[1600], FIPS 202; small, for one block at a time. */
static void keccak(uint64_t s[25])
{
	static const unsigned char turns[24] = { 1,  3,	 6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
						 27, 41, 56, 8,	 25, 43, 62, 18, 39, 61, 20, 44 };
	static const unsigned char lanes[24] = { 10, 7,	 11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
						 15, 23, 19, 13, 12, 2, 20, 14, 22, 9,	6,  1 };
	uint64_t column[5], held;
	unsigned char lfsr = 1;

	for (int round = 0; round < 24; round++) {
		for (int x = 0; x < 5; x++)
			column[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
		for (int i = 0; i < 25; i++) {
			uint64_t right = column[(i + 1) % 5];

			s[i] ^= column[(i + 4) % 5] ^ (right << 1 | right >> 63);
		}
		held = s[1];
		for (int i = 0; i < 24; i++) {
			uint64_t next = s[lanes[i]];

			s[lanes[i]] = held << turns[i] | held >> (64 - turns[i]);
			held = next;
		}
		for (int y = 0; y < 25; y += 5) {
			memcpy(column, s + y, sizeof(column));
			for (int x = 0; x < 5; x++)
				s[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
		}
		for (int bit = 0; bit < 7; bit++) {
			if (lfsr & 1)
				s[0] ^= 1ULL << ((1 << bit) - 1);
			lfsr = (unsigned char)(lfsr << 1 ^ (lfsr & 0x80 ? 0x71 : 0));
		}
	}
}

/* The first two bytes of SHA3-256 of a message shorter than one block of 136 bytes. */
static void sha3_start(const unsigned char *message, size_t n, unsigned char out[2])
{
	uint64_t s[25] = { 0 };
	unsigned char block[136] = { 0 };

	memcpy(block, message, n);
	block[n] = 6;
	block[135] |= 0x80;
	for (size_t i = 0; i < sizeof(block); i++)
		s[i / 8] ^= (uint64_t)block[i] << 8 * (i % 8);
	keccak(s);
	out[0] = (unsigned char)(s[0] & 255);
	out[1] = (unsigned char)(s[0] >> 8 & 255);
}

/* Tor rend-spec-v3: base32 of key (32) | checksum (2) | version 3. */
static enum validity check_onion(struct str secret)
{
	unsigned char bytes[35], message[48], sum[2];
	uint32_t bits = 0;
	size_t n = 0;
	int held = 0;

	if (secret.n < 56)
		return VALID_NO;
	for (size_t i = 0; i < 56; i++) {
		char c = ascii_lower(secret.p[i]);
		int value = c >= 'a' && c <= 'z' ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;

		if (value < 0)
			return VALID_NO;
		bits = bits << 5 | (uint32_t)value;
		held += 5;
		if (held >= 8) {
			held -= 8;
			bytes[n++] = (unsigned char)(bits >> held);
		}
	}
	memcpy(message, ".onion checksum", 15);
	memcpy(message + 15, bytes, 32);
	message[47] = 3;
	sha3_start(message, sizeof(message), sum);
	return bytes[34] == 3 && memcmp(sum, bytes + 32, 2) == 0 ? VALID_SURE : VALID_NO;
}

/* Areas 000, 666 and 9xx, group 00 and serial 0000 were never given out; two numbers are known from advertisements. */
static enum validity check_ssn(struct str secret)
{
	static const char *const advertised[] = { "078051120", "219099999", "123456789", "111111111" };
	char digits[9], text[10] = { 0 };
	int area;

	if (digits_of(secret, digits, sizeof(digits)) != 9)
		return VALID_NO;
	for (int i = 0; i < 9; i++)
		text[i] = (char)(digits[i] + '0');
	for (size_t i = 0; i < sizeof(advertised) / sizeof(*advertised); i++)
		if (strcmp(text, advertised[i]) == 0)
			return VALID_NO;
	area = digits[0] * 100 + digits[1] * 10 + digits[2];
	if (area == 0 || area == 666 || area >= 900)
		return VALID_NO;
	return digits[3] + digits[4] == 0 || digits[5] + digits[6] + digits[7] + digits[8] == 0 ? VALID_NO : VALID_YES;
}

/* "Basic" credentials decode to printable user:password (RFC 7617). */
static enum validity check_basic(struct str secret)
{
	unsigned char text[DECODED];
	ssize_t n = validate_base64(secret, text, sizeof(text));

	if (n < 3 || !memchr(text, ':', (size_t)n))
		return VALID_NO;
	for (ssize_t i = 0; i < n; i++)
		if (text[i] < 0x20 || text[i] == 0x7f)
			return VALID_NO;
	return VALID_YES;
}

/* Decodes to a whole number of bytes, at least 16. */
static enum validity check_base64(struct str secret)
{
	unsigned char bytes[DECODED];
	ssize_t n = validate_base64(secret, bytes, sizeof(bytes));

	return n >= 16 ? VALID_YES : VALID_NO;
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

/* Digests of code and files are hexadecimal only. */
static enum validity check_not_hex(struct str secret)
{
	for (size_t i = 0; i < secret.n; i++)
		if (ascii_hex(secret.p[i]) < 0)
			return VALID_YES;
	return VALID_NO;
}

static const struct validator validators[] = {
	{ "luhn", check_luhn, "its check digit is right", "" },
	{ "card", check_card, "its check digit and issuer are right", "but its digits are made for trying" },
	{ "iban", check_iban, "its country's length and check digits are right", "" },
	{ "crc32", check_crc, "its checksum is right", "its checksum is wrong" },
	{ "base58check", check_base58, "its checksum is right", "" },
	{ "bech32", check_bech32, "its checksum is right", "" },
	{ "jwt", check_jwt, "its header is JSON and names an algorithm", "its payload is not JSON" },
	{ "onion", check_onion, "its checksum is right", "" },
	{ "ssn", check_ssn, "its area, group and serial are in use", "" },
	{ "basic", check_basic, "it decodes to a user and a password", "" },
	{ "base64", check_base64, "it decodes", "" },
	{ "mixed", check_mixed, "it mixes letters and digits", "" },
	{ "heading", check_heading, "it stands as a heading", "" },
	{ "not-hex", check_not_hex, "it is no digest", "" },
};
enum { VALIDATORS = sizeof(validators) / sizeof(*validators) };

const struct validator *validator_find(struct str name)
{
	for (size_t i = 0; i < VALIDATORS; i++)
		if (str_eq(name, str_of(validators[i].name)))
			return &validators[i];
	return NULL;
}

const char *validator_names(void)
{
	return "luhn, card, iban, crc32, base58check, bech32, jwt, onion, ssn, basic, base64, mixed, heading, not-hex";
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

/* Ten letters or more in the order of the alphabet. */
static bool spells_alphabet(struct str s)
{
	size_t run = 1;

	for (size_t i = 1; i < s.n; i++) {
		run = ascii_is_alpha(s.p[i]) && ascii_lower(s.p[i]) == ascii_lower(s.p[i - 1]) + 1 ? run + 1 : 1;
		if (run >= 10)
			return true;
	}
	return false;
}

bool validate_template(struct str secret)
{
	static const char *const inside[] = { "xxxxxx", "******", "######", "${", "{{", "$(", "[redacted", "<redacted", NULL };

	return has_any(secret, inside) || (secret.n >= 12 && variety(secret) < 4) || spells_alphabet(secret) ||
	       (secret.n > 2 && secret.p[0] == '<' && secret.p[secret.n - 1] == '>');
}

bool validate_placeholder(struct str secret)
{
	static const char *const inside[] = { "example",  "changeme", "change_me", "change-me", "placeholder", "your_",
					      "your-",	  "yourpass", "yourkey",   "yourtoken", "xxxx",	       "****",
					      "redacted", "dummy",    "insert",	   "goes_here", "goes-here",   "<your",
					      "${",	  "{{",	      "...",	   "replace",	"sample",      "0123456789",
					      "abcdefgh", "12345678", "test_key",  "testkey",	"my_secret",   "mysecret",
					      NULL };
	static const char *const whole[] = { "password", "passwd",    "secret", "none", "null",	 "true",
					     "false",	 "undefined", "string", "pass", "token", "hidden",
					     "default",	 "empty",     "foobar", "todo", NULL };
	bool bracketed = secret.n > 1 && ((secret.p[0] == '<' && secret.p[secret.n - 1] == '>') || secret.p[0] == '$' ||
					  (secret.p[0] == '%' && secret.p[secret.n - 1] == '%'));

	for (const char *const *w = whole; *w; w++)
		if (str_eq_nocase(secret, str_of(*w)))
			return true;
	return secret.n == 0 || variety(secret) < (secret.n >= 12 ? 4u : 2u) || has_any(secret, inside) ||
	       (bracketed && secret.p[0] != '$') ||
	       (bracketed && ascii_is_alpha(secret.p[1]) && !memchr(secret.p + 1, '$', secret.n - 1)); /* $P$ is a hash */
}
