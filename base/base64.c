/* base64.c - base64 to bytes (RFC 4648, libsodium) */
#include "base/base64.h"

#include <sodium.h>

int base64_decode(struct arena *a, struct str text, struct str *out, struct err *err)
{
	static const int variants[] = { sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING };
	size_t room = text.n / 4 * 3 + 3;
	unsigned char *bytes = arena_alloc(a, room);

	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		size_t n;

		if (sodium_base642bin(bytes, room, text.n ? text.p : "", text.n, " \t\r\n", &n, NULL, variants[i]) == 0) {
			*out = (struct str){ (const char *)bytes, n };
			return 0;
		}
	}
	return err_set(err, E_BAD, "not base64");
}
