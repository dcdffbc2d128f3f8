/* token.c - a word that whoever holds it may act by */
#include "desk/alert/token.h"

#include "store/store.h"

/* act, row, hours since 1970, digest: 35 bytes, which 56 letters of five bits hold. */
enum { HOUR_BYTES = 3, PAYLOAD = 1 + DIGEST_ID_BYTES + HOUR_BYTES, MAC = 15, BYTES = PAYLOAD + MAC, LETTERS = BYTES * 8 / 5 };

_Static_assert(TOKEN_TEXT == 3 + LETTERS + 1, "a token's length");

#define HOUR_US INT64_C(3600000000)

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648 6 */

void token_key(const struct store *s, unsigned char key[DIGEST_KEY_BYTES])
{
	_Static_assert((int)DIGEST_KEY_BYTES == (int)DIGEST_BYTES, "a digest is a key");
	store_secret_digest(s, STR("watchdesk: the key of tokens"), key);
}

static void mac_of(const unsigned char *payload, const unsigned char *key, unsigned char out[DIGEST_BYTES])
{
	digest_keyed((struct str){ (const char *)payload, PAYLOAD }, key, out);
}

static void write_letters(const unsigned char bytes[BYTES], char *out)
{
	for (int i = 0; i < LETTERS; i++) {
		int bit = i * 5, byte = bit / 8, pair = bytes[byte] << 8 | (byte + 1 < BYTES ? bytes[byte + 1] : 0);

		out[i] = letters[pair >> (11 - bit % 8) & 31];
	}
	out[LETTERS] = '\0';
}

static int letter_value(char c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z' ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static bool read_letters(const char *text, unsigned char bytes[BYTES])
{
	unsigned held = 0;
	int bits = 0, n = 0;

	for (int i = 0; i < LETTERS; i++) {
		int value = letter_value(text[i]);

		if (value < 0)
			return false;
		held = (held << 5 | (unsigned)value) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[n++] = (unsigned char)(held >> bits);
		}
	}
	return true;
}

char *token_make(const struct token *t, const unsigned char key[DIGEST_KEY_BYTES], char out[TOKEN_TEXT])
{
	const int64_t hour = t->until / HOUR_US;
	unsigned char bytes[BYTES], mac[DIGEST_BYTES];

	bytes[0] = (unsigned char)t->act;
	memcpy(bytes + 1, t->row, DIGEST_ID_BYTES);
	for (int i = 0; i < HOUR_BYTES; i++)
		bytes[1 + DIGEST_ID_BYTES + i] = (unsigned char)(hour >> (8 * (HOUR_BYTES - 1 - i)));
	mac_of(bytes, key, mac);
	memcpy(bytes + PAYLOAD, mac, MAC);
	memcpy(out, "wd-", 3);
	write_letters(bytes, out + 3);
	return out;
}

/* In a time that does not tell where they differ. */
static bool is_ours(const unsigned char bytes[BYTES], const unsigned char key[DIGEST_KEY_BYTES])
{
	unsigned char mac[DIGEST_BYTES];
	int difference = 0;

	mac_of(bytes, key, mac);
	for (int i = 0; i < MAC; i++)
		difference |= mac[i] ^ bytes[PAYLOAD + i];
	return difference == 0;
}

int token_take(struct str text, const unsigned char key[DIGEST_KEY_BYTES], int64_t now, struct token *out)
{
	unsigned char bytes[BYTES];
	int64_t hour = 0;

	if (text.n != TOKEN_TEXT - 1 || !str_eq_nocase(str_slice(text, 0, 3), STR("wd-")) || !read_letters(text.p + 3, bytes) ||
	    !is_ours(bytes, key))
		return 0;
	for (int i = 0; i < HOUR_BYTES; i++)
		hour = hour << 8 | bytes[1 + DIGEST_ID_BYTES + i];
	if (now >= (hour + 1) * HOUR_US)
		return 0;
	out->act = (enum token_act)bytes[0];
	memcpy(out->row, bytes + 1, DIGEST_ID_BYTES);
	out->until = hour * HOUR_US;
	return 1;
}

bool token_find(struct str *rest, struct str *token)
{
	ssize_t at;

	while ((at = str_find_nocase(*rest, STR("wd-"))) >= 0) {
		struct str found = str_slice(*rest, (size_t)at, (size_t)at + TOKEN_TEXT - 1);
		unsigned char bytes[BYTES];

		*rest = str_slice(*rest, (size_t)at + 3, rest->n);
		if (found.n != TOKEN_TEXT - 1 || !read_letters(found.p + 3, bytes))
			continue;
		*token = found;
		*rest = str_slice(*rest, LETTERS, rest->n);
		return true;
	}
	return false;
}

bool token_of_row(struct str public_id, struct token *out)
{
	return digest_unhex(public_id, out->row, sizeof(out->row));
}

void token_row(const struct token *t, char out[2 * DIGEST_ID_BYTES + 1])
{
	digest_hex(t->row, sizeof(t->row), out);
}
