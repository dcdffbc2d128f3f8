/* zone.h - a time zone, of a site or of the desk: "+02:00", or a name of the IANA database such as "Europe/Berlin" */
/* Runs in: supervisor (checking), worker, writer; verbs. Standard: IANA time zone database, as ICU carries it. */
#ifndef WATCHDESK_CRAWLER_ZONE_H
#define WATCHDESK_CRAWLER_ZONE_H

#include "base/str.h"

/* Is this an offset from -14:00 to +14:00, or a zone that ICU knows? */
bool zone_is_known(struct str zone);
/* What the clock on the wall in the zone shows at a time, as if it were UTC. An empty or unknown zone is UTC. */
int64_t zone_wall_us(struct str zone, int64_t utc_us);
/* The other way round. Where the clock was set back and shows a time twice, the first; where it skipped one, an hour later. */
int64_t zone_utc_us(struct str zone, int64_t wall_us);
/* Load what ICU reads on first use. */
void zone_warm_up(void);

#endif
