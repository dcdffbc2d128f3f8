/* fuzz_mailbox.c - what is taken for an address holds nothing that a header or a command of SMTP breaks at */
#include "base/mailbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(1 << 20);
	const struct str text = { (const char *)data, size };
	struct str out, twice;
	size_t ats = 0;

	if (size > 4096 || mailbox_read(text, a, &out, NULL) < 0)
		return 0;
	for (size_t i = 0; i < out.n; i++) {
		ats += out.p[i] == '@';
		if (out.p[i] <= ' ' || out.p[i] > '~' || strchr(",;:<>()[]\"\\", out.p[i]))
			__builtin_trap();
	}
	if (ats != 1 || out.n > 254 || mailbox_read(out, a, &twice, NULL) < 0 || !str_eq(out, twice))
		__builtin_trap();
	return 0;
}
