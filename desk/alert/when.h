/* when.h - when a subscriber is told: at once, or at a time of its own */
/* Runs in: supervisor and verbs (reading), writer; read-only in every role. Pure: the time is handed in, in microseconds UTC.
 */
#ifndef WATCHDESK_DESK_ALERT_WHEN_H
#define WATCHDESK_DESK_ALERT_WHEN_H

#include "crawler/day.h"

enum when_kind { WHEN_AT_ONCE, WHEN_HOURLY, WHEN_DAILY, WHEN_WEEKLY };

struct when {
	enum when_kind kind;
	int weekday;	     /* of WHEN_WEEKLY: 0 Monday */
	struct day_hours at; /* of WHEN_DAILY and WHEN_WEEKLY: one time of the day */
};

/*
 * "at once", "hourly", "daily 07:00 Europe/Berlin", "weekly mon 07:00 Europe/Berlin": 1 read, 0 not such words. The zone is
 * borrowed from `text`.
 */
int when_read(struct str text, struct when *out);
/* What people are told to write. */
extern const char when_words[];
/* The next time after now; now itself for WHEN_AT_ONCE. */
int64_t when_next(const struct when *w, int64_t now);

#endif
