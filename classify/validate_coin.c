/* validate_coin.c - wallets and hidden services: the checksums that their addresses carry */
#include "classify/validate_tables.h"

#include <string.h>

#include "base/digest.h"
#include "classify/keccak.h"

enum { BYTES = 96 };

static const char bitcoin_digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char ripple_digits[] = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/* Where `c` stands among `digits`, -1 for nowhere. */
static int place_of(const char *digits, char c)
{
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

/* Base58 into bytes, which stand at the end of `bytes`: how many, 0 when it is none or too long. */
static size_t base58(struct str s, const char *digits, unsigned char bytes[BYTES])
{
	size_t n = 0, zeros = 0;

	memset(bytes, 0, BYTES);
	while (zeros < s.n && s.p[zeros] == digits[0])
		zeros++;
	for (size_t i = 0; i < s.n; i++) {
		int carry = place_of(digits, s.p[i]);

		if (carry < 0)
			return 0;
		for (size_t k = 0; k < n || carry; k++) {
			if (k == BYTES)
				return 0;
			n = k < n ? n : k + 1;
			carry += 58 * bytes[BYTES - 1 - k];
			bytes[BYTES - 1 - k] = (unsigned char)(carry & 255);
			carry >>= 8;
		}
	}
	return n + zeros <= BYTES ? n + zeros : 0;
}

/* Base58 whose last four bytes are the start of the double SHA-256 of those before: the payload, empty when it is none. */
static struct str base58check(struct str s, const char *digits, unsigned char bytes[BYTES])
{
	unsigned char digest[DIGEST_BYTES];
	size_t n = base58(s, digits, bytes);
	struct str payload;

	if (n < 5)
		return (struct str){ 0 };
	payload = (struct str){ (char *)bytes + BYTES - n, n - 4 };
	digest_sha256(payload, digest);
	digest_sha256((struct str){ (char *)digest, DIGEST_BYTES }, digest);
	return memcmp(digest, payload.p + payload.n, 4) == 0 ? payload : (struct str){ 0 };
}

static enum validity sure(bool holds)
{
	return holds ? VALID_SURE : VALID_NO;
}

static enum validity check_base58(struct str secret)
{
	unsigned char bytes[BYTES];

	return sure(base58check(secret, bitcoin_digits, bytes).n >= 21);
}

/* Does the payload begin with one of these bytes, and is it as long as the hash of a key behind it? */
static enum validity address_of(struct str secret, const char *versions)
{
	unsigned char bytes[BYTES];
	struct str payload = base58check(secret, bitcoin_digits, bytes);

	return sure(payload.n == 21 && (payload.p[0] == 0 ? versions[0] == '\xff' : strchr(versions, payload.p[0]) != NULL));
}

/* \xff stands for version 0. */
static enum validity check_btc(struct str secret)
{
	return address_of(secret, "\xff\x05");
}

static enum validity check_ltc(struct str secret)
{
	return address_of(secret, "\x30\x32");
}

static enum validity check_doge(struct str secret)
{
	return address_of(secret, "\x1e\x16");
}

static enum validity check_dash(struct str secret)
{
	return address_of(secret, "\x4c\x10");
}

static enum validity check_tron(struct str secret)
{
	return address_of(secret, "\x41");
}

/* t1 and t3: two bytes of version. */
static enum validity check_zec(struct str secret)
{
	unsigned char bytes[BYTES];
	struct str payload = base58check(secret, bitcoin_digits, bytes);

	return sure(payload.n == 22 && payload.p[0] == 0x1c && (payload.p[1] == '\xb8' || payload.p[1] == '\xbd'));
}

/* tz1 to tz4, KT1: three bytes of version. */
static enum validity check_tezos(struct str secret)
{
	unsigned char bytes[BYTES];
	struct str payload = base58check(secret, bitcoin_digits, bytes);

	return sure(payload.n == 23 && (payload.p[0] == 6 || payload.p[0] == 2));
}

static enum validity check_xrp(struct str secret)
{
	unsigned char bytes[BYTES];
	struct str payload = base58check(secret, ripple_digits, bytes);

	return sure(payload.n == 21 && payload.p[0] == 0);
}

/* A private key: 32 bytes, and 01 when its address is that of the compressed key. */
static enum validity check_wif(struct str secret)
{
	unsigned char bytes[BYTES];
	struct str payload = base58check(secret, bitcoin_digits, bytes);

	return sure((payload.n == 33 || (payload.n == 34 && payload.p[33] == 1)) &&
		    memchr("\x80\xef\xb0\x9e\xcc", payload.p[0], 5));
}

/* BIP 32: 78 bytes. */
static enum validity check_xkey(struct str secret)
{
	unsigned char bytes[BYTES];

	return sure(base58check(secret, bitcoin_digits, bytes).n == 78);
}

/* A point of a curve in base58, without a checksum. */
static enum validity check_solana(struct str secret)
{
	unsigned char bytes[BYTES];

	return base58(secret, bitcoin_digits, bytes) == 32 ? VALID_YES : VALID_NO;
}

/* ---- bech32 and its kin ---- */

static const char bech32_digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
	static const uint32_t generator[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		sum ^= top >> i & 1 ? generator[i] : 0;
	return sum;
}

/* The remainder of BIP 173: 1 for bech32, 0x2bc830a3 for bech32m, anything else for neither. Capitals and small do not mix. */
static uint32_t bech32(struct str s, size_t *one)
{
	uint32_t sum = 1;
	bool small = false, capital = false;

	*one = s.n;
	for (size_t i = 0; i < s.n; i++) {
		small |= s.p[i] >= 'a' && s.p[i] <= 'z';
		capital |= s.p[i] >= 'A' && s.p[i] <= 'Z';
		*one = s.p[i] == '1' ? i : *one;
	}
	if (*one < 1 || *one + 7 > s.n || s.n > 120 || (small && capital))
		return 0;
	for (size_t i = 0; i < *one; i++)
		sum = bech32_step(sum, (uint32_t)(ascii_lower(s.p[i]) >> 5));
	sum = bech32_step(sum, 0);
	for (size_t i = 0; i < *one; i++)
		sum = bech32_step(sum, (uint32_t)(ascii_lower(s.p[i]) & 31));
	for (size_t i = *one + 1; i < s.n; i++) {
		int digit = place_of(bech32_digits, ascii_lower(s.p[i]));

		if (digit < 0)
			return 0;
		sum = bech32_step(sum, (uint32_t)digit);
	}
	return sum;
}

enum { BECH32 = 1, BECH32M = 0x2bc830a3 };

static enum validity check_bech32(struct str secret)
{
	size_t one;
	uint32_t sum = bech32(secret, &one);

	return sure(sum == BECH32 || sum == BECH32M);
}

/* BIP 350: version 0 has the sum of bech32 and 20 or 32 bytes, later ones that of bech32m. */
static enum validity check_segwit(struct str secret)
{
	size_t one, n;
	uint32_t sum = bech32(secret, &one);
	int version;

	if (sum != BECH32 && sum != BECH32M)
		return VALID_NO;
	n = (secret.n - one - 8) * 5 / 8;
	version = place_of(bech32_digits, ascii_lower(secret.p[one + 1]));
	if (version == 0)
		return sure(sum == BECH32 && (n == 20 || n == 32));
	return sure(sum == BECH32M && version <= 16 && n >= 2 && n <= 40);
}

/* Cashaddr: a sum of 40 bits; the prefix counts whether it is written or not. */
static enum validity check_cashaddr(struct str secret)
{
	static const uint64_t generator[5] = { 0x98f2bc8e61, 0x79b76d99e2, 0xf33e5fb3c4, 0xae2eabe2a8, 0x1e4f43e470 };
	static const char prefix[] = "bitcoincash";
	const char *colon = memchr(secret.p, ':', secret.n);
	struct str data = colon ? str_slice(secret, (size_t)(colon - secret.p) + 1, secret.n) : secret;
	uint64_t sum = 1;

	for (size_t i = 0; i < sizeof(prefix) - 1 + 1 + data.n; i++) {
		int value = i < sizeof(prefix) - 1    ? prefix[i] & 31
			    : i == sizeof(prefix) - 1 ? 0
						      : place_of(bech32_digits, ascii_lower(data.p[i - sizeof(prefix)]));
		uint64_t top = sum >> 35;

		if (value < 0)
			return VALID_NO;
		sum = (sum & 0x07ffffffff) << 5 ^ (uint64_t)value;
		for (int k = 0; k < 5; k++)
			sum ^= top >> k & 1 ? generator[k] : 0;
	}
	return sure(data.n == 42 && sum == 1);
}

/* ---- others ---- */

/* EIP 55: which letters are capital is a checksum. Only one case says nothing. */
static enum validity check_eip55(struct str secret)
{
	struct str hex = str_slice(secret, secret.n >= 2 && secret.p[1] == 'x' ? 2 : 0, secret.n);
	unsigned char digest[KECCAK_BYTES];
	char small[40];
	bool lower = false, upper = false;

	if (hex.n != sizeof(small))
		return VALID_NO;
	for (size_t i = 0; i < sizeof(small); i++) {
		small[i] = ascii_lower(hex.p[i]);
		lower |= ascii_is_alpha(hex.p[i]) && small[i] == hex.p[i];
		upper |= small[i] != hex.p[i];
	}
	if (!lower || !upper)
		return VALID_DOUBT;
	keccak256((struct str){ small, sizeof(small) }, 1, digest);
	for (size_t i = 0; i < sizeof(small); i++) {
		bool capital = (digest[i / 2] >> (i % 2 ? 0 : 4) & 8) != 0;

		if (ascii_is_alpha(small[i]) && capital != (small[i] != hex.p[i]))
			return VALID_NO;
	}
	return VALID_SURE;
}

/* As eip55, but an address of one case is none. */
static enum validity check_eip55_mixed(struct str secret)
{
	return sure(check_eip55(secret) == VALID_SURE);
}

/* Monero's base58 goes by blocks of eleven digits for eight bytes: one block of `digits`, false when it is none. */
static bool monero_block(struct str digits, unsigned char *out, size_t bytes)
{
	unsigned __int128 value = 0;

	for (size_t i = 0; i < digits.n; i++) {
		int place = place_of(bitcoin_digits, digits.p[i]);

		if (place < 0)
			return false;
		value = value * 58 + (unsigned)place;
	}
	for (size_t i = bytes; i > 0; i--, value >>= 8)
		out[i - 1] = (unsigned char)(value & 255);
	return value == 0;
}

/* A byte of network, two keys (and eight bytes of payment), four of Keccak-256. */
static enum validity check_monero(struct str secret)
{
	unsigned char bytes[80], digest[KECCAK_BYTES];
	size_t whole = secret.n / 11, n = whole * 8;

	if (secret.n != 95 && secret.n != 106)
		return VALID_NO;
	for (size_t i = 0; i < whole; i++)
		if (!monero_block(str_slice(secret, 11 * i, 11 * i + 11), bytes + 8 * i, 8))
			return VALID_NO;
	if (!monero_block(str_slice(secret, 11 * whole, secret.n), bytes + n, 5))
		return VALID_NO;
	n += 5;
	keccak256((struct str){ (char *)bytes, n - 4 }, 1, digest);
	return sure(memcmp(digest, bytes + n - 4, 4) == 0 && (bytes[0] == 18 || bytes[0] == 19 || bytes[0] == 42));
}

/* Base32 of RFC 4648, either case: how many bytes, 0 when it is none or does not fit. */
static size_t base32(struct str s, unsigned char *out, size_t room)
{
	uint32_t bits = 0;
	size_t n = 0;
	int held = 0;

	for (size_t i = 0; i < s.n; i++) {
		int value = place_of("abcdefghijklmnopqrstuvwxyz234567", ascii_lower(s.p[i]));

		if (value < 0)
			return 0;
		bits = bits << 5 | (uint32_t)value;
		held += 5;
		if (held < 8)
			continue;
		held -= 8;
		if (n == room)
			return 0;
		out[n++] = (unsigned char)(bits >> held);
	}
	return n;
}

/* CRC-16 of XMODEM. */
static unsigned crc16(const unsigned char *bytes, size_t n)
{
	unsigned crc = 0;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned)bytes[i] << 8;
		for (int k = 0; k < 8; k++)
			crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021u : 0)) & 0xffff;
	}
	return crc;
}

/* Stellar (SEP 23): a byte of kind, 32 of key, CRC with its low byte first. */
static enum validity check_stellar(struct str secret)
{
	unsigned char bytes[35];

	if (secret.n != 56 || base32(secret, bytes, sizeof(bytes)) != 35)
		return VALID_NO;
	return sure(crc16(bytes, 33) == ((unsigned)bytes[34] << 8 | bytes[33]));
}

/* TON: a byte of flags, one of the chain, 32 of hash, CRC with its high byte first. */
static enum validity check_ton(struct str secret)
{
	unsigned char bytes[36];

	if (secret.n != 48 || validate_base64(secret, bytes, sizeof(bytes)) != 36)
		return VALID_NO;
	return sure((bytes[0] & 0x7f) <= 0x51 && crc16(bytes, 34) == ((unsigned)bytes[34] << 8 | bytes[35]));
}

/* Tor rend-spec-v3: base32 of key (32) | checksum (2) | version 3. */
static enum validity check_onion(struct str secret)
{
	unsigned char bytes[35], message[48], digest[KECCAK_BYTES];

	if (secret.n < 56 || base32(str_slice(secret, 0, 56), bytes, sizeof(bytes)) != 35)
		return VALID_NO;
	memcpy(message, ".onion checksum", 15);
	memcpy(message + 15, bytes, 32);
	message[47] = 3;
	keccak256((struct str){ (char *)message, sizeof(message) }, 6, digest);
	return sure(bytes[34] == 3 && memcmp(digest, bytes + 32, 2) == 0);
}

/* Tox: key and four bytes, whose pairs of bytes add up (XOR) to the last two. */
static enum validity check_tox(struct str secret)
{
	unsigned char bytes[38], sum[2] = { 0, 0 };

	if (secret.n != 76 || !digest_unhex(secret, bytes, sizeof(bytes)))
		return VALID_NO;
	for (size_t i = 0; i < 36; i++)
		sum[i % 2] ^= bytes[i];
	return sure(sum[0] == bytes[36] && sum[1] == bytes[37]);
}

static const char right[] = "its checksum is right";

const struct validator validators_coin[] = {
	{ "base58check", check_base58, right, "" },
	{ "btc", check_btc, right, "" },
	{ "ltc", check_ltc, right, "" },
	{ "doge", check_doge, right, "" },
	{ "dash", check_dash, right, "" },
	{ "tron", check_tron, right, "" },
	{ "zec", check_zec, right, "" },
	{ "tezos", check_tezos, right, "" },
	{ "xrp", check_xrp, right, "" },
	{ "wif", check_wif, right, "" },
	{ "xkey", check_xkey, right, "" },
	{ "solana", check_solana, "it is as long as a key", "" },
	{ "bech32", check_bech32, right, "" },
	{ "segwit", check_segwit, right, "" },
	{ "cashaddr", check_cashaddr, right, "" },
	{ "eip55", check_eip55, right, "it is of one case, which carries no checksum" },
	{ "eip55-mixed", check_eip55_mixed, right, "" },
	{ "monero", check_monero, right, "" },
	{ "stellar", check_stellar, right, "" },
	{ "ton", check_ton, right, "" },
	{ "onion", check_onion, right, "" },
	{ "tox", check_tox, right, "" },
	{ 0 },
};
