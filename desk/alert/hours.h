/* hours.h - the words for hours of a day and for when digests go, each with its zone */
/* Runs in: supervisor and verbs (reading), writer; read-only in every role. Pure: the time is handed in, in microseconds UTC.
 */
#ifndef WATCHDESK_DESK_ALERT_HOURS_H
#define WATCHDESK_DESK_ALERT_HOURS_H

#include "base/str.h"

enum { HOURS_DAY = 24 * 60 };

/* A stretch of each day, over midnight when it ends before it begins. */
struct hours {
	int from, to;	 /* minutes since midnight; the same for none */
	struct str zone; /* empty for UTC */
};

/* "22:00-06:00 Europe/Berlin", without a zone UTC: 1 read, 0 not such words. The zone is borrowed from `text`. */
int hours_read(struct str text, struct hours *out);
/* What people are told to write. */
extern const char hours_words[];
/* Is it now? Never for none. */
bool hours_hold(const struct hours *h, int64_t now);
/* When the stretch that holds now ends. */
int64_t hours_end(const struct hours *h, int64_t now);

enum when_kind { WHEN_AT_ONCE, WHEN_HOURLY, WHEN_DAILY, WHEN_WEEKLY };

struct when {
	enum when_kind kind;
	int weekday; /* of WHEN_WEEKLY: 0 Monday */
	int minute;  /* since midnight */
	struct str zone;
};

/* "at once", "hourly", "daily 07:00 Europe/Berlin", "weekly mon 07:00 Europe/Berlin": as above. */
int when_read(struct str text, struct when *out);
extern const char when_words[];
/* The next time after now; now itself for WHEN_AT_ONCE. */
int64_t when_next(const struct when *w, int64_t now);

#endif
