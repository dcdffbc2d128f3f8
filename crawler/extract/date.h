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
 * 10:00", "5 minutes ago", "yesterday, 10:00". The last two need `now_us`; 0 when it is not known. Where day and month
 * could be swapped, dots mean day first and anything else month first. 1 read, 0 not a date.
 */
int date_read(struct str s, int64_t now_us, struct date *out);

#endif
