/* fuzz_token.c - no bytes that we did not write are a token, wherever in an answer they stand */
#include "desk/alert/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char key[DIGEST_KEY_BYTES];
	struct str rest = { (const char *)data, size }, found;
	struct token t;

	digest_random(key, sizeof(key));
	while (token_find(&rest, &found))
		if (found.p < (const char *)data || found.p + found.n > (const char *)data + size ||
		    found.n != TOKEN_TEXT - 1 || token_take(found, key, 0, &t))
			__builtin_trap();
	return 0;
}
