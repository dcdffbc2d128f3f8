/* fuzz_timestamp.c - the answer of a time-stamp authority, and a token that was kept */
#include <string.h>

#include "base/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char ca[] = "tests/authority/seeds-ca.pem";
	AUTO(buf) token = BUF_INIT(LIMIT_TIMESTAMP);
	struct str s = { (const char *)data, size };
	struct timestamp_query q = { .nonce = { 1 } };
	struct timestamp says = { 0 }, again = { 0 };
	struct err err = { 0 };

	digest_sha256(STR("seed"), q.digest);
	if (timestamp_reply(s, &q, ca, &token, &says, &err) == 0)
		__builtin_trap(); /* no seed answers a question with this nonce, and nobody can forge one */
	if (err.text[0] == '\0' || token.n)
		__builtin_trap();
	if (timestamp_check(s, q.digest, ca, &again, &err) == 0 && again.at == 0)
		__builtin_trap();
	return 0;
}
