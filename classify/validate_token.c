/* validate_token.c - tokens and keys of services: checksums, and what they decode to */
#include "classify/validate_tables.h"

#include <string.h>

enum { DECODED = 8192 }; /* bytes of a header that may hold a chain of certificates */

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

/* RFC 7516: five parts, of which the first names how the key and the content are encrypted. */
static enum validity check_jwe(struct str secret)
{
	unsigned char text[DECODED];
	struct str rest = secret, header = { 0 };
	ssize_t n;

	str_split(&rest, '.', &header);
	n = validate_base64(str_slice(header, 0, DECODED / 4 * 4), text, sizeof(text));
	return n > 0 && text[0] == '{' && str_find((struct str){ (char *)text, (size_t)n }, STR("\"enc\"")) > 0 ? VALID_YES
														: VALID_NO;
}

/* The same, encoded once more: "eyJ" and a dot in what it decodes to. */
static enum validity check_base64_jwt(struct str secret)
{
	unsigned char text[DECODED];
	ssize_t n = validate_base64(str_slice(secret, 0, DECODED / 4 * 4), text, sizeof(text));
	struct str decoded = { (char *)text, n > 0 ? (size_t)n : 0 };

	return str_starts(decoded, STR("eyJ")) && str_find(decoded, STR(".")) > 0 ? VALID_YES : VALID_NO;
}

/* A token of Discord begins with the number of its account, in base64. */
static enum validity check_discord(struct str secret)
{
	unsigned char text[DECODED];
	const char *dot = memchr(secret.p, '.', secret.n);
	ssize_t n = dot ? validate_base64(str_slice(secret, 0, (size_t)(dot - secret.p)), text, sizeof(text)) : -1;

	for (ssize_t i = 0; i < n; i++)
		if (!ascii_is_digit((char)text[i]))
			return VALID_DOUBT;
	return n > 0 ? VALID_YES : VALID_DOUBT;
}

/* "Basic" credentials decode to printable user:password (RFC 7617). */
static enum validity check_basic(struct str secret)
{
	unsigned char text[DECODED];
	ssize_t n = validate_base64(secret, text, sizeof(text));

	if (n < 3 || !memchr(text, ':', (size_t)n) || text[0] == '{')
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

/* Digests of code and files are hexadecimal only. */
static enum validity check_not_hex(struct str secret)
{
	for (size_t i = 0; i < secret.n; i++)
		if (ascii_hex(secret.p[i]) < 0)
			return VALID_YES;
	return VALID_NO;
}

/* The number of the account stands in an access key: 40 bits behind the first bit of what its last sixteen characters encode.
 */
static enum validity check_aws_account(struct str secret)
{
	struct str tail = str_slice(secret, 4, secret.n);
	uint64_t bits = 0;

	if (tail.n != 16 || tail.p[0] == 'I' || tail.p[0] == 'J') /* keys before 2019 say nothing */
		return VALID_YES;
	for (size_t i = 0; i < 10; i++)
		bits = bits << 5 | (uint64_t)(ascii_is_digit(tail.p[i]) ? tail.p[i] - '2' + 26 : tail.p[i] - 'A');
	return (bits >> 9 & 0xffffffffffu) <= 999999999999u ? VALID_YES : VALID_DOUBT;
}

/* Do the last eight characters of `s` spell `crc` in hexadecimal? */
static bool ends_with_crc(struct str s, uint32_t crc)
{
	for (size_t i = 0; i < 8; i++)
		if (ascii_hex(s.p[s.n - 8 + i]) != (int)(crc >> (28 - 4 * i) & 15))
			return false;
	return true;
}

/* Grafana: CRC-32 of all before the last '_', lowest byte first. */
static enum validity check_grafana(struct str secret)
{
	if (secret.n < 10)
		return VALID_DOUBT;
	return ends_with_crc(secret, __builtin_bswap32(crc32_of(str_slice(secret, 0, secret.n - 9)))) ? VALID_SURE
												      : VALID_DOUBT;
}

/* The value of a base64 digit, -1 for none. */
static int base64_digit(char c)
{
	return ascii_is_digit(c)      ? c - '0' + 52
	       : c >= 'A' && c <= 'Z' ? c - 'A'
	       : c >= 'a' && c <= 'z' ? c - 'a' + 26
	       : c == '+'	      ? 62
	       : c == '/'	      ? 63
				      : -1;
}

/* CRC-24 of RFC 9580 6.1 over the bytes that the base64 digits of `s` stand for; other characters are passed over. */
static uint32_t crc24_of(struct str s)
{
	uint32_t crc = 0xb704ce, bits = 0;
	int held = 0;

	for (size_t i = 0; i < s.n; i++) {
		int value = base64_digit(s.p[i]);

		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n')
			i++;
		if (value < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		crc ^= (bits >> held & 0xff) << 16;
		for (int k = 0; k < 8; k++)
			crc = crc << 1 ^ (crc & 0x800000 ? 0x1864cfb : 0);
	}
	return crc & 0xffffff;
}

/* The body of an armour ends in '=' and its CRC-24 in four base64 digits. */
static enum validity check_armour(struct str secret)
{
	unsigned char sum[3];
	size_t at = secret.n;

	while (at > 0 && secret.p[at - 1] != '=')
		at--;
	if (at == 0 || secret.n - at < 4 || validate_base64(str_slice(secret, at, at + 4), sum, sizeof(sum)) != 3)
		return VALID_DOUBT;
	return crc24_of(str_slice(secret, 0, at)) == (uint32_t)(sum[0] << 16 | sum[1] << 8 | sum[2]) ? VALID_SURE : VALID_DOUBT;
}

/* BIP 173: one step of the checksum. */
static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t steps[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int k = 0; k < 5; k++)
		sum ^= top >> k & 1 ? steps[k] : 0;
	return sum;
}

/* A secret key of age is bech32: a name, '1', and characters whose last six are a checksum. */
static enum validity check_age(struct str secret)
{
	static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	const char *one = memchr(secret.p, '1', secret.n);
	size_t name = one ? (size_t)(one - secret.p) : secret.n;
	uint32_t sum = 1;

	for (size_t i = 0; i < name; i++)
		sum = bech32_step(sum, (uint32_t)ascii_lower(secret.p[i]) >> 5);
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i < name; i++)
		sum = bech32_step(sum, (uint32_t)ascii_lower(secret.p[i]) & 31);
	for (size_t i = name + 1; i < secret.n; i++) {
		const char *letter = strchr(letters, ascii_lower(secret.p[i]));

		sum = bech32_step(sum, letter ? (uint32_t)(letter - letters) : 0);
	}
	return sum == 1 ? VALID_SURE : VALID_DOUBT;
}

/* Cisco's type 7 hides a password under a known text: two digits say where it begins. */
static enum validity check_cisco7(struct str secret)
{
	static const char key[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
	size_t at;

	if (secret.n < 4 || !ascii_is_digit(secret.p[0]) || !ascii_is_digit(secret.p[1]))
		return VALID_DOUBT;
	at = (size_t)((secret.p[0] - '0') * 10 + secret.p[1] - '0');
	for (size_t i = 2; i + 1 < secret.n; i += 2) {
		int c = (ascii_hex(secret.p[i]) << 4 | ascii_hex(secret.p[i + 1])) ^ key[at++ % (sizeof(key) - 1)];

		if (c < 0x20 || c > 0x7e)
			return VALID_DOUBT;
	}
	return secret.n % 2 ? VALID_DOUBT : VALID_YES;
}

const struct validator validators_token[] = {
	{ "crc32", check_crc, "its checksum is right", "its checksum is wrong" },
	{ "jwt", check_jwt, "its header is JSON and names an algorithm", "its payload is not JSON" },
	{ "base64-jwt", check_base64_jwt, "it decodes to a JSON web token", "" },
	{ "discord", check_discord, "it begins with the number of an account", "but it begins with no number of an account" },
	{ "basic", check_basic, "it decodes to a user and a password", "" },
	{ "base64", check_base64, "it decodes", "" },
	{ "not-hex", check_not_hex, "it is no digest", "" },
	{ "jwe", check_jwe, "its header is JSON and names how it is encrypted", "" },
	{ "aws-account", check_aws_account, "the number of an account is in it", "but it holds no number of an account" },
	{ "grafana-crc", check_grafana, "its checksum is right", "its checksum is wrong" },
	{ "armour", check_armour, "its checksum is right", "its checksum is wrong or not there" },
	{ "age", check_age, "its checksum is right", "its checksum is wrong" },
	{ "cisco7", check_cisco7, "it decodes", "it does not decode" },
	{ 0 },
};
