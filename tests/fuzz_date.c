/* fuzz_date.c - whatever a site writes where a date should stand, also of a time and a zone that the first bytes choose */
#include "base/must.h"
#include "crawler/extract/date.h"
#include "crawler/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const zones[] = { "", "+14:00", "-09:30", "Europe/Berlin", "America/St_Johns", "none" };
	struct date date = { 0 };
	struct str text, zone;
	int64_t now_us;

	if (size < 2)
		return 0;
	zone = str_of(zones[data[0] % 6]);
	now_us = (int64_t)data[1] * INT64_C(20000000000000); /* up to 2131 */
	text = (struct str){ (const char *)data + 2, size - 2 };
	zone_is_known(text);
	if (!date_read(text, now_us, zone, &date))
		return 0;
	MUST(date.precision != PRECISION_NONE);
	MUST(date.at_us > -INT64_C(100000000000) && date.at_us < INT64_C(260000000000000000)); /* 1969 to 10000 */
	return 0;
}
