/* writer_clock.c - a clock that goes back is said, and what it had put off is due again: no silent blindness */
#include "base/clock.h"
#include "base/log.h"
#include "desk/writer.h"
#include "store/duty.h"
#include "store/frontier.h"
#include "store/takedown_check.h"

enum { SECOND_US = 1000000 };

#define LATEST	    (INT64_C(25) * 3600 * SECOND_US)  /* no schedule of ours waits longer than a day */
#define LATEST_LOOK (INT64_C(34) * 86400 * SECOND_US) /* nor a target longer than 30 days, and a tenth of that */

static int went_back(struct writer *w, int64_t now, int64_t was, struct err *err)
{
	char before[CLOCK_TEXT], after[CLOCK_TEXT];
	int due;

	if (writer_open_group(w, err) < 0)
		return err->code;
	due = frontier_not_later(w->store, now, LATEST, err);
	if (due < 0 || takedown_not_later(w->store, now, LATEST_LOOK, err) < 0 ||
	    duty_not_later(w->store, now, w->role->config->duty.after_ms * 1000, err) < 0)
		return err->code;
	log_event(LOG_WARN, "clock-went-back", "from=%s to=%s due_again=%d", clock_rfc3339(was, before),
		  clock_rfc3339(now, after), due);
	w->clock_back_at = now;
	w->duty_at = 0;
	for (size_t i = 0; w->sources && i < w->role->config->n_sources; i++)
		w->sources[i].look_at = now;
	return 0;
}

int writer_mind_clock(struct writer *w, struct err *err)
{
	int64_t now = clock_now_us(), steady = clock_steady_us();
	int64_t expected = w->wall_at + (steady - w->steady_at);

	if (!w->wall_at && store_newest(w->store, &expected, err) < 0)
		return err->code;
	w->wall_at = now;
	w->steady_at = steady;
	return now < expected - SECOND_US ? went_back(w, now, expected, err) : 0;
}
