/* base64.c - base64 to bytes and back (RFC 4648, libsodium) */
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

void base64_encode(struct str bytes, struct buf *out)
{
	enum { LINE = 57 }; /* bytes that make 76 characters */

	for (size_t i = 0; i < bytes.n; i += LINE) {
		struct str piece = str_slice(bytes, i, i + LINE);
		char line[80];

		sodium_bin2base64(line, sizeof(line), (const unsigned char *)piece.p, piece.n, sodium_base64_VARIANT_ORIGINAL);
		buf_printf(out, "%s\r\n", line);
	}
}
