/* machine.c - what is not well with the machine and the mail of the watch */
#include "desk/alert/machine.h"

#include "base/clock.h"

#define MINUTE INT64_C(60000000)
#define STUCK  (30 * MINUTE) /* a letter that waits longer for its relay */
#define DAY    (1440 * MINUTE)
#define ROOM   UINT64_C(1000000000) /* bytes free: what a busy day of evidence may take */

static struct str minute(struct arena *a, int64_t at)
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at, text);
	return arena_printf(a, "%.10s %.5s UTC", text, text + 11);
}

size_t machine_concerns(const struct machine *m, int64_t now, struct arena *a, struct concern out[MACHINE_CONCERNS])
{
	size_t n = 0;

	if (m->disk_is_known && m->free_bytes < ROOM)
		out[n++] = (struct concern){
			STR("disk"),
			arena_printf(a, "The disk of the store is nearly full: %llu MB are free; a full disk stops the watch.",
				     (unsigned long long)m->free_bytes / 1000000)
		};
	if (str_eq(str_of(m->clock), STR("not synchronised")))
		out[n++] = (struct concern){ STR("clock"),
					     STR("The clock of this machine is not synchronised: times are evidence.") };
	if (m->clock_back_at && now - m->clock_back_at < DAY)
		out[n++] = (struct concern){ STR("clock back"), arena_printf(a, "The clock of this machine went back, to %.*s.",
									     STR_ARG(minute(a, m->clock_back_at))) };
	if (!m->has_landlock)
		out[n++] = (struct concern){
			STR("confinement"),
			STR("The kernel has no Landlock: the processes of the watch are confined less than they should be.")
		};
	if (m->oldest_at && now - m->oldest_at > STUCK)
		out[n++] = (struct concern){ STR("outbox"),
					     arena_printf(a, "Letters are stuck: %lld wait, the longest since %.*s.",
							  (long long)m->waiting, STR_ARG(minute(a, m->oldest_at))) };
	return n;
}
