/* test_validate.c - checksums and shapes of secrets */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "classify/validate.h"

static void each_validator_tells_right_from_wrong(void **state)
{
	static const struct {
		const char *validator, *why, *secret;
		enum validity expected;
	} rows[] = {
		{ "luhn", "the example of ISO 7812", "79927398713", VALID_YES },
		{ "luhn", "one digit off", "79927398710", VALID_NO },
		{ "luhn", "no digits", "abc", VALID_NO },
		{ "card", "a round number with blanks, as in tests", "4111 1111 1111 1111", VALID_DOUBT },
		{ "card", "one digit off", "4111111111111112", VALID_NO },
		{ "card", "fifteen digits of American Express", "378282246310005", VALID_YES },
		{ "card", "sixteen digits where that issuer has fifteen", "3782822463100054", VALID_NO },
		{ "card", "no issuer begins with 1", "1111111111111117", VALID_NO },
		{ "card", "all zeros pass Luhn and are no card", "0000000000000000", VALID_NO },
		{ "card", "Mastercard's newer range", "2223003122003222", VALID_YES },
		{ "iban", "the example of the registry", "GB29 NWBK 6016 1331 9268 19", VALID_YES },
		{ "iban", "check digits wrong", "GB30NWBK60161331926819", VALID_NO },
		{ "iban", "too short for its country", "GB29NWBK6016133192681", VALID_NO },
		{ "iban", "a country without IBAN", "US29NWBK60161331926819", VALID_NO },
		{ "iban", "small letters", "de89370400440532013000", VALID_YES },
		{ "base58check", "the address of the first block", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALID_SURE },
		{ "base58check", "one letter off", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", VALID_NO },
		{ "base58check", "a digit that base58 has not", "0A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALID_NO },
		{ "bech32", "the example of BIP 173", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", VALID_SURE },
		{ "bech32", "one letter off", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", VALID_NO },
		{ "bech32", "bech32m of BIP 350", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
		  VALID_SURE },
		{ "bech32", "nothing before the 1", "1qw508d6qejx", VALID_NO },
		{ "jwt", "header and payload of RFC 7519",
		  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0K.dBjftJeZ", VALID_YES },
		{ "jwt", "the header is not JSON", "bm90anNvbg.eyJpc3MiOiJqb2UiLA0K.dBjftJeZ", VALID_NO },
		{ "jwt", "the payload is not JSON", "eyJhbGciOiJIUzI1NiJ9.bm90anNvbg.dBjftJeZ", VALID_DOUBT },
		{ "onion", "the address of the Tor project", "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
		  VALID_SURE },
		{ "onion", "one letter off", "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wie.onion", VALID_NO },
		{ "onion", "too short", "2gzyxa5ihm7nsggf.onion", VALID_NO },
		{ "crc32", "a token whose checksum is wrong", "ghp_Zx81kQmW20aLr7TnVb53YcHs94JdUe16PfGo", VALID_DOUBT },
		{ "ssn", "in use", "536-22-8143", VALID_YES },
		{ "ssn", "area 666", "666-22-8143", VALID_NO },
		{ "ssn", "group 00", "536-00-8143", VALID_NO },
		{ "ssn", "known from an advertisement", "078-05-1120", VALID_NO },
		{ "basic", "user:password", "dXNlcjpwYXNz", VALID_YES },
		{ "basic", "no colon inside", "dXNlcnBhc3M", VALID_NO },
		{ "mixed", "letters only", "password", VALID_NO },
		{ "mixed", "both", "passw0rd", VALID_YES },
		{ "not-hex", "a digest", "9f1c03be57a2d846", VALID_NO },
		{ "not-hex", "not one", "9f1c03be57a2d84z", VALID_YES },
		{ "base64", "sixteen bytes", "AAECAwQFBgcICQoLDA0ODw==", VALID_YES },
		{ "base64", "a sign that base64 has not", "AAECAwQFBgcICQoLDA0O!w==", VALID_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct validator *v = validator_find(str_of(rows[i].validator));
		struct str copy = exact_copy(str_of(rows[i].secret));

		assert_non_null(v);
		if (v->check(copy) != rows[i].expected) {
			print_error("%s: %s\n", rows[i].validator, rows[i].why);
			fail();
		}
		free((char *)copy.p);
	}
}

/* CRC-32 of "123456789" is cbf43926 (ISO 3309); in base62 and behind 30 characters it makes a token. */
static void a_token_with_its_checksum_is_sure(void **state)
{
	static const char payload[] = "aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0";
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char token[41] = "ghp_";
	uint32_t crc = ~0u;

	(void)state;
	for (const char *p = payload; *p; p++)
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (((crc ^ (uint32_t)(unsigned char)*p >> bit) & 1) ? 0xedb88320u : 0);
	crc = ~crc;
	memcpy(token + 4, payload, 30);
	for (int i = 39; i >= 34; i--, crc /= 62)
		token[i] = digits[crc % 62];
	assert_int_equal(validator_find(STR("crc32"))->check((struct str){ token, 40 }), VALID_SURE);
	token[20] ^= 1;
	assert_int_equal(validator_find(STR("crc32"))->check((struct str){ token, 40 }), VALID_DOUBT);
}

static void no_validator_reads_beyond_short_input(void **state)
{
	static const char *const names[] = { "luhn",  "card", "iban",  "crc32",	 "base58check", "bech32", "jwt",
					     "onion", "ssn",  "basic", "base64", "mixed",	"not-hex" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (size_t n = 0; n < 90; n++) {
			char text[90];
			struct str copy;

			memset(text, n % 2 ? '1' : 'A', sizeof(text));
			copy = exact_copy((struct str){ text, n });
			validator_find(str_of(names[i]))->check(copy);
			validate_placeholder(copy);
			free((char *)copy.p);
		}
}

static void placeholders_are_told_from_secrets(void **state)
{
	static const struct {
		const char *text;
		bool placeholder;
	} rows[] = {
		{ "AKIAIOSFODNN7EXAMPLE", true },
		{ "changeme", true },
		{ "your_api_key_here", true },
		{ "xxxxxxxxxxxx", true },
		{ "${DB_PASSWORD}", true },
		{ "<password>", true },
		{ "%PASSWORD%", true },
		{ "aaaaaaaaaaaaaaa", true },
		{ "password", true },
		{ "Tr0ub4dor77", false },
		{ "vT2xLp9ZrK4nWb8YcH3s", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (validate_placeholder(str_of(rows[i].text)) != rows[i].placeholder) {
			print_error("%s\n", rows[i].text);
			fail();
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_validator_tells_right_from_wrong),
		cmocka_unit_test(a_token_with_its_checksum_is_sure),
		cmocka_unit_test(no_validator_reads_beyond_short_input),
		cmocka_unit_test(placeholders_are_told_from_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
