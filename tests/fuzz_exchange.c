/* fuzz_exchange.c - what may come as a trail: taken or refused, and what was taken is put the same way again */
#include <string.h>

#include "base/exchange.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(buf) again = BUF_INIT(size + 1);
	struct message m = { .fields = { (const char *)data, size } };
	struct trail t;

	trail_take(&m, a, &t);
	if (m.bad)
		return 0;
	trail_put(&again, &t);
	if (again.full || again.n != size - m.fields.n || memcmp(again.p, data, again.n) != 0)
		__builtin_trap();
	for (size_t i = 0; i < t.n; i++)
		exchange_header(t.exchanges[i].headers, "Content-Type");
	return 0;
}
