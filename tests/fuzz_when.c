/* fuzz_when.c - whatever words are taken, what they name lies ahead and within reach */
#include "desk/alert/when.h"

#define DAY_US INT64_C(86400000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now = INT64_C(1700000000000000), back = 0;
	struct str text;
	struct day_hours h;
	struct when w;

	if (size < 4 || size > 256)
		return 0;
	memcpy(&back, data, 4); /* some time of the last 136 years */
	now -= back * 1000000;
	text = (struct str){ (const char *)data + 4, size - 4 };
	if (when_read(text, &w) && w.kind != WHEN_AT_ONCE &&
	    (when_next(&w, now) <= now || when_next(&w, now) > now + 9 * DAY_US))
		__builtin_trap();
	if (day_hours_read(text, (struct str){ 0 }, &h) && day_hours_hold(&h, now) &&
	    (day_hours_end(&h, now) <= now || day_hours_end(&h, now) > now + 2 * DAY_US))
		__builtin_trap();
	return 0;
}
