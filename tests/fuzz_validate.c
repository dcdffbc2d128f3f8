/* fuzz_validate.c - each validator takes any bytes, and reads none beyond them */
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "classify/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = {
		"luhn",	 "card",     "card-line", "track",   "iban",  "bic",  "clabe",	"vat",	  "ssn",
		"mbi",	 "curp",     "rfc",	  "nir",     "dni",   "rvnr", "hetu",	"pesel",  "svnr",
		"hkid",	 "verhoeff", "mrz",	  "phone",   "btc",   "xrp",  "segwit", "xkey",	  "cashaddr",
		"eip55", "ton",	     "monero",	  "stellar", "onion", "tox",  "bip39",	"bech32",
	};
	const struct validator *v;
	struct str copy;

	if (n < 1)
		return 0;
	v = validator_find((struct str){ names[data[0] % (sizeof(names) / sizeof(*names))],
					 strlen(names[data[0] % (sizeof(names) / sizeof(*names))]) });
	MUST(v);
	copy = (struct str){ must_alloc(n, 1), n - 1 };
	memcpy((char *)copy.p, data + 1, n - 1);
	MUST(v->check(copy) <= VALID_SURE);
	free((char *)copy.p);
	return 0;
}
