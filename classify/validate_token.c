/* validate_token.c - tokens and keys of services: checksums, and what they decode to */
#include "classify/validate_tables.h"

#include <string.h>

enum { DECODED = 512 };

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

const struct validator validators_token[] = {
	{ "crc32", check_crc, "its checksum is right", "its checksum is wrong" },
	{ "jwt", check_jwt, "its header is JSON and names an algorithm", "its payload is not JSON" },
	{ "base64-jwt", check_base64_jwt, "it decodes to a JSON web token", "" },
	{ "discord", check_discord, "it begins with the number of an account", "but it begins with no number of an account" },
	{ "basic", check_basic, "it decodes to a user and a password", "" },
	{ "base64", check_base64, "it decodes", "" },
	{ "not-hex", check_not_hex, "it is no digest", "" },
	{ 0 },
};
