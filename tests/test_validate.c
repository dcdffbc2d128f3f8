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
		{ "card", "blanks between the digits", "4539 5787 6362 1486", VALID_YES },
		{ "card", "a test number of two different digits", "4111 1111 1111 1111", VALID_DOUBT },
		{ "card", "a test number full of zeros", "4000000000000002", VALID_DOUBT },
		{ "card", "one digit off", "4111111111111112", VALID_NO },
		{ "card", "American Express, published for tests", "378282246310005", VALID_DOUBT },
		{ "card", "fifteen digits of American Express", "374211048192735", VALID_NO },
		{ "card", "sixteen digits where that issuer has fifteen", "3782822463100054", VALID_NO },
		{ "card", "no issuer begins with 1", "1111111111111117", VALID_NO },
		{ "card", "all zeros pass Luhn and are no card", "0000000000000000", VALID_NO },
		{ "card", "Mastercard's newer range", "2223003122003222", VALID_DOUBT },
		{ "iban", "the example of the registry", "GB29 NWBK 6016 1331 9268 19", VALID_DOUBT },
		{ "iban", "check digits wrong", "GB30NWBK60161331926819", VALID_NO },
		{ "iban", "too short for its country", "GB29NWBK6016133192681", VALID_NO },
		{ "iban", "a country without IBAN", "US29NWBK60161331926819", VALID_NO },
		{ "iban", "small letters", "de89370400440532013000", VALID_DOUBT },
		{ "base58check", "the address of the first block", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALID_SURE },
		{ "base58check", "one letter off", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", VALID_NO },
		{ "base58check", "a digit that base58 has not", "0A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALID_NO },
		{ "bech32", "the example of BIP 173", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", VALID_SURE },
		{ "bech32", "one letter off", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", VALID_NO },
		{ "bech32", "bech32m of BIP 350", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
		  VALID_SURE },
		{ "bech32", "nothing before the 1", "1qw508d6qejx", VALID_NO },
		{ "bsn", "the example of the authority", "111222333", VALID_YES },
		{ "bsn", "one digit off", "111222334", VALID_NO },
		{ "pesel", "born 1944", "44051401359", VALID_YES },
		{ "pesel", "month 13", "44131401359", VALID_NO },
		{ "pesel", "one digit off", "44051401358", VALID_NO },
		{ "nip", "of a company", "856-734-62-15", VALID_YES },
		{ "regon", "nine digits", "192598184", VALID_YES },
		{ "egn", "born 1975", "7523169263", VALID_YES },
		{ "cnp", "born 1900", "1630615123457", VALID_YES },
		{ "nif", "of a company", "501964843", VALID_YES },
		{ "afm", "of Greece", "094259216", VALID_YES },
		{ "amka", "born 1999", "01013099997", VALID_YES },
		{ "ahv", "the example of the office", "756.9217.0769.85", VALID_YES },
		{ "ahv", "another country", "757.9217.0769.85", VALID_NO },
		{ "emso", "born 2006", "0101006500006", VALID_YES },
		{ "kennitala", "born 1987", "120174-3399", VALID_YES },
		{ "tfn", "of the tax office", "123 456 782", VALID_YES },
		{ "cuit", "a person", "20-05536168-2", VALID_YES },
		{ "nit", "of a company", "213.123.432-1", VALID_YES },
		{ "my-number", "one digit off", "1234 5678 9012", VALID_NO },
		{ "rrn", "born 1997", "971013-9019902", VALID_YES },
		{ "tnin", "of Thailand", "3-2106-00101-80-0", VALID_NO },
		{ "tnin", "its check digit", "3-1005-57045-95-1", VALID_NO },
		{ "inn10", "of a company", "1234567894", VALID_YES },
		{ "inn12", "of a person", "123456789047", VALID_YES },
		{ "snils", "two check digits", "112-233-445 95", VALID_YES },
		{ "snils", "one digit off", "112-233-445 96", VALID_NO },
		{ "rnokpp", "of Ukraine", "1759013776", VALID_YES },
		{ "nhs", "the example of the dictionary", "943 476 5919", VALID_YES },
		{ "nhs", "one digit off", "943 476 5918", VALID_NO },
		{ "utr", "the example of the tax office", "1955839661", VALID_YES },
		{ "aba", "of a reserve bank", "111000025", VALID_YES },
		{ "sin", "of the standard", "123-456-782", VALID_YES },
		{ "imei", "of 3GPP", "35686800-004141-8", VALID_YES },
		{ "il-id", "of Israel", "03933742-3", VALID_YES },
		{ "za-id", "born 1975", "7503305044089", VALID_YES },
		{ "personnummer", "born 1988", "880320-0016", VALID_YES },
		{ "personnummer", "with the century", "19880320-0016", VALID_YES },
		{ "npi", "of the standard", "1234567893", VALID_YES },
		{ "medicare", "of Australia", "2123 45670 1", VALID_YES },
		{ "cpf", "two check digits", "390.533.447-05", VALID_YES },
		{ "cpf", "one digit off", "390.533.447-15", VALID_NO },
		{ "cpf", "all the same", "111.111.111-11", VALID_NO },
		{ "cnpj", "of a company", "16.727.230/0001-97", VALID_YES },
		{ "curp", "born 1984", "BOXW310820HNERXN09", VALID_YES },
		{ "curp", "one digit off", "BOXW310820HNERXN08", VALID_NO },
		{ "rfc", "of a person", "GODE 561231 GR8", VALID_YES },
		{ "rut", "ten is K", "12.531.909-2", VALID_YES },
		{ "nino", "letters in use", "AA 12 34 56 C", VALID_YES },
		{ "nino", "letters never given out", "BG 12 34 56 C", VALID_NO },
		{ "steuer-id", "of the office", "36 574 261 809", VALID_YES },
		{ "steuer-id", "one digit off", "36 574 261 890", VALID_NO },
		{ "rvnr", "of the pension", "15 070649 C 103", VALID_YES },
		{ "ausweis", "an old specimen", "T220001293", VALID_YES },
		{ "nir", "a woman of 1958", "2 95 10 99 126 111 93", VALID_YES },
		{ "nir", "one digit off", "2 95 10 99 126 111 94", VALID_NO },
		{ "dni", "the 23rd letter", "54362315-K", VALID_YES },
		{ "dni", "another letter", "54362315-Z", VALID_NO },
		{ "nie", "of a foreigner", "X-2482300W", VALID_YES },
		{ "cif", "of a company", "J99216582", VALID_YES },
		{ "codice-fiscale", "the example of the decree", "RCCMNL83S18D969H", VALID_YES },
		{ "codice-fiscale", "another letter", "RCCMNL83S18D969I", VALID_NO },
		{ "rrn-be", "born 1985", "85.07.30-033 28", VALID_YES },
		{ "cpr", "born 1962", "211062-5629", VALID_SURE },
		{ "hetu", "born 1952", "131052-308T", VALID_YES },
		{ "hetu", "another letter", "131052-308U", VALID_NO },
		{ "fnr", "two sums", "151086 95088", VALID_YES },
		{ "rodne-cislo", "of a woman", "710319/2745", VALID_YES },
		{ "rodne-cislo", "nine digits have no check", "991231123", VALID_DOUBT },
		{ "oib", "of a company", "33392005961", VALID_YES },
		{ "pps", "seven digits", "6433435F", VALID_YES },
		{ "pps", "two letters", "6433435OA", VALID_YES },
		{ "isikukood", "of Estonia", "36805280109", VALID_YES },
		{ "personas-kods", "the old form", "161175-19997", VALID_YES },
		{ "verhoeff", "the example of the authority", "2341 2341 2346", VALID_YES },
		{ "verhoeff", "one digit off", "2341 2341 2347", VALID_NO },
		{ "pan-in", "a person", "ACUPA7085R", VALID_YES },
		{ "ric", "modulus 11-2", "11010519491231002X", VALID_SURE },
		{ "ric", "one digit off", "110105194912310021", VALID_NO },
		{ "nric", "a citizen", "S1234567D", VALID_YES },
		{ "tckn", "two check digits", "10000000146", VALID_YES },
		{ "tckn", "one digit off", "10000000156", VALID_NO },
		{ "ird", "nine digits", "49091850", VALID_YES },
		{ "tw-id", "a man of Taipei", "A123456789", VALID_YES },
		{ "hkid", "of the department", "A123456(3)", VALID_YES },
		{ "vat", "of Germany", "DE136695976", VALID_YES },
		{ "vat", "one digit off", "DE136695978", VALID_NO },
		{ "vat", "of France", "FR 40 303265045", VALID_YES },
		{ "vat", "of Austria", "ATU13585627", VALID_YES },
		{ "phone", "of the United Kingdom", "+44 20 7946 0958", VALID_YES },
		{ "phone", "no country", "+999 999 999 999", VALID_NO },
		{ "boleto", "three fields with their digits", "00197.87787 93287.921741 21809.679299 1 71460000200447",
		  VALID_YES },
		{ "boleto", "one digit off in the second", "00197.87787 93287.921742 21809.679299 1 71460000200447", VALID_NO },
		{ "boleto", "a digit short", "00197.87787 93287.921741 21809.679299 1 7146000020044", VALID_NO },
		{ "clabe", "of the bank of Mexico", "032180000118359719", VALID_YES },
		{ "eip55", "the first example", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", VALID_SURE },
		{ "eip55", "one letter small", "0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed", VALID_NO },
		{ "eip55", "no capitals", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", VALID_DOUBT },
		{ "btc", "the address of the first block", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALID_SURE },
		{ "tron", "the address of bitcoin is none", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALID_NO },
		{ "segwit", "bech32 with the number of bech32m",
		  "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", VALID_NO },
		{ "cashaddr", "the example of the specification", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
		  VALID_SURE },
		{ "cashaddr", "one letter off", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6q", VALID_NO },
		{ "wif", "of the wiki", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", VALID_SURE },
		{ "xkey", "test vector 1",
		  "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrM"
		  "PHi",
		  VALID_SURE },
		{ "stellar", "the key of SEP 23", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", VALID_SURE },
		{ "bip39", "the second vector", "legal winner thank year wave sausage worth useful legal winner thank yellow",
		  VALID_SURE },
		{ "bip39", "its checksum is wrong", "legal winner thank year wave sausage worth useful legal winner thank year",
		  VALID_DOUBT },
		{ "bip39", "thirteen words",
		  "legal winner thank year wave sausage worth useful legal winner thank yellow legal", VALID_NO },
		{ "mrz", "the specimen of ICAO",
		  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< L898902C36UTO7408122F1204159ZE184226B<<<<<10", VALID_SURE },
		{ "mrz", "another birth date",
		  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< L898902C36UTO7408132F1204159ZE184226B<<<<<10", VALID_DOUBT },
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
		{ "basic", "JSON holds a colon and is no login", "eyJhbGciOiJIUzI1NiJ9", VALID_NO },
		{ "base64-jwt", "a token encoded once more", "ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlK", VALID_YES },
		{ "base64-jwt", "only its header", "ZXlKaGJHY2lPaUpJVXpJMU5pSjk=", VALID_NO },
		{ "discord", "the number of an account", "MTA0ODcyMzY1MTk4MjM0NzY1.GkQmZ8.vT2xLp9ZrK4n", VALID_YES },
		{ "discord", "letters instead", "bm90YW51bWJlcmF0YWxsISEh.GkQmZ8.vT2xLp9ZrK4n", VALID_DOUBT },
		{ "discord", "no dot", "MTA0ODcyMzY1MTk4MjM0NzY1", VALID_DOUBT },
		{ "heading", "capitals", "COMPANY CONFIDENTIAL", VALID_YES },
		{ "heading", "divided by dashes", "board paper - strictly confidential", VALID_YES },
		{ "heading", "signs around it", "-- internal use only --", VALID_YES },
		{ "heading", "a sentence", "files are strictly confidential", VALID_NO },
		{ "base64", "sixteen bytes", "AAECAwQFBgcICQoLDA0ODw==", VALID_YES },
		{ "base64", "a sign that base64 has not", "AAECAwQFBgcICQoLDA0O!w==", VALID_NO },
		{ "aws-account", "an account in it", "AKIAXA35TRZTIG3Q53T7", VALID_YES },
		{ "aws-account", "a number that no account has", "AKIA7I6HAQP7RVIDTPXQ", VALID_DOUBT },
		{ "grafana-crc", "as Grafana writes it", "glsa_3pyIgKpaUnArl63XykWZeiNNCiia3anX_6be73b74", VALID_SURE },
		{ "grafana-crc", "last digit changed", "glsa_3pyIgKpaUnArl63XykWZeiNNCiia3anX_6be73b70", VALID_DOUBT },
		{ "age", "BIP 173 checksum", "AGE-SECRET-KEY-1D22J5VDTVCNPH62FSY4NQ4YNKN75T77TRSPKEP6HCQUZTV80AKKSLF9PP6",
		  VALID_SURE },
		{ "age", "two characters changed places",
		  "AGE-SECRET-KEY-1D22J5VDTVCNPH6F2SY4NQ4YNKN75T77TRSPKEP6HCQUZTV80AKKSLF9PP6", VALID_DOUBT },
		{ "armour", "RFC 9580 6.1",
		  "lYDsN7yXEt0uaq65S66NL5+inFooTJ73UhgpzxB5sIDp10ocEPyrakJD0zZW3r5M\nHteWSOhW6Pmi9YyV8M5LOcFb/"
		  "61cLfuLuCC2\n=5VrW",
		  VALID_SURE },
		{ "armour", "a character changed",
		  "lYDsN7yXEtAuaq65S66NL5+inFooTJ73UhgpzxB5sIDp10ocEPyrakJD0zZW3r5M\nHteWSOhW6Pmi9YyV8M5LOcFb/"
		  "61cLfuLuCC2\n=5VrW",
		  VALID_DOUBT },
		{ "armour", "no checksum", "lYDsN7yXEt0uaq65S66NL5+inFooTJ73UhgpzxB5sIDp10ocEPyrakJD0zZW3r5M", VALID_DOUBT },
		{ "cisco7", "decodes", "073B331C5B0B4D0118005C5B", VALID_YES },
		{ "cisco7", "decodes to control characters", "07FFFFFF", VALID_DOUBT },
		{ "password", "a value", "Tr0ub4dor77", VALID_YES },
		{ "password", "a variable", "$DB_PASS", VALID_NO },
		{ "password", "a call", "getpass()", VALID_NO },
		{ "password", "a word for one", "password", VALID_DOUBT },
		{ "url-password", "a port", "8000", VALID_DOUBT },
		{ "login", "a login", "deploy:Tr0ub4dor77", VALID_YES },
		{ "login", "variables", "$1:$2", VALID_NO },
		{ "login", "the same twice", "test:test", VALID_DOUBT },
		{ "guess", "letters and digits", "hunter2x9", VALID_YES },
		{ "guess", "a word", "correcthorse", VALID_NO },
		{ "guess", "words", "see chapter 4", VALID_NO },
		{ "signs", "with signs", "Tr0ub4dor&77", VALID_YES },
		{ "signs", "a token", "Tr0ub4dor77", VALID_NO },
		{ "key", "machine made", "q8Zk2mP4vT7xLw9R", VALID_YES },
		{ "key", "short words joined", "eu-west-1-a2", VALID_NO },
		{ "key", "cut short", "q8Zk2mP4vT7xLw9R..", VALID_NO },
		{ "jwe", "names its encryption", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c", VALID_YES },
		{ "jwe", "a signed one", "eyJhbGciOiJub25lIn0.a.b.c.d", VALID_NO },
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

static void a_template_holds_no_secret(void **state)
{
	static const struct {
		const char *secret;
		bool is_template;
	} rows[] = {
		{ "ghp_xxxxxxxxxxxxxxxxxxxxxxxx", true },
		{ "${DB_PASSWORD}", true },
		{ "<your-token>", true },
		{ "abcdefghijklmnopqrstuvwxyz", true },
		{ "aaaaaaaaaaaaaaaa", true },
		{ "AKIAIOSFODNN7EXAMPLE", false },
		{ "1234567890abcdef1234567890", false },
		{ "a{{b}c)d${e]f(g[h>i}}", false },
		{ "{{ .Values.password }}", true },
		{ "$(pass show x)", true },
		{ "sk_abcdefghijklmno8Zk2mP4vT7xLw9Rq8Zk2m", false },
		{ "Tr0ub4dor77", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str copy = exact_copy(str_of(rows[i].secret));

		if (validate_template(copy) != rows[i].is_template) {
			print_error("%s\n", rows[i].secret);
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
	static const char *const names[] = { "luhn",	     "card",   "iban",	  "crc32",  "base58check",
					     "bech32",	     "jwt",    "onion",	  "ssn",    "basic",
					     "base64",	     "mixed",  "not-hex", "jwe",    "aws-account",
					     "grafana-crc",  "armour", "age",	  "cisco7", "password",
					     "url-password", "login",  "guess",	  "signs",  "key" };

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
		cmocka_unit_test(a_template_holds_no_secret),
		cmocka_unit_test(a_token_with_its_checksum_is_sure),
		cmocka_unit_test(no_validator_reads_beyond_short_input),
		cmocka_unit_test(placeholders_are_told_from_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
