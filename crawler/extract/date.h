/* date.h - the dates that forums and paste sites write */
/* Runs in: worker; verbs. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_DATE_H
#define WATCHDESK_CRAWLER_EXTRACT_DATE_H

#include "crawler/extract/extract.h"

struct date {
	int64_t at_us;
	enum precision precision;
	bool zone_known; /* else UTC was assumed */
};

/*
 * RFC 3339, RFC 822, HTTP dates, Unix seconds or milliseconds, "11-23-2026, 06:06 AM", "23.11.2026 10:00", "Nov 23, 2026 at
 * 10:00", "5 minutes ago", "yesterday, 10:00", "Monday at 10:00", "just now"; months and the words for today and yesterday
 * also in other languages of Europe. What is relative needs `now_us`; 0 when it is not known. Where day and month could be
 * swapped, dots mean day first and anything else month first. A time of day without a zone is that of `zone` (as zone.h reads
 * it; UTC when empty); a day without a time stays as written. 1 read, 0 not a date.
 */
int date_read(struct str s, int64_t now_us, struct str zone, struct date *out);

#endif
