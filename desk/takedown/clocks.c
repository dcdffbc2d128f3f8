/* clocks.c - until when what has to be done about a case */
#include "desk/takedown/clocks.h"

#include "desk/takedown/host.h"

static bool is_in(const struct takedown_target *target, enum takedown_state state)
{
	return str_eq(target->state, str_of(takedown_states[state]));
}

bool clocks_report(const struct takedown_row *its)
{
	return str_eq(its->grounds, STR("personal-data")) || str_eq(its->grounds, STR("credentials"));
}

int64_t clocks_reply(const struct takedowns *t, const struct takedown_target *target)
{
	const struct host_card *card = takedowns_card(t, target->url);

	if (!is_in(target, TAKEDOWN_SENT) && !is_in(target, TAKEDOWN_RECEIPT))
		return 0;
	return target->changed_at + (card && card->reply_us ? card->reply_us : CLOCK_REPLY_US);
}

enum case_late clocks_late(const struct takedowns *t, const struct takedown_row *its, const struct takedown_target *target,
			   int64_t now)
{
	const int64_t reply = clocks_reply(t, target);

	if (!str_eq(its->state, STR("open")))
		return CASE_IN_TIME;
	if (reply && reply < now)
		return CASE_STILL_THERE;
	if (is_in(target, TAKEDOWN_REFUSED))
		return CASE_REFUSED;
	if (reply == 0 && !is_in(target, TAKEDOWN_GONE) && !is_in(target, TAKEDOWN_CLOSED) &&
	    target->changed_at + CLOCK_BEGIN_US < now)
		return CASE_NOT_BEGUN;
	return CASE_IN_TIME;
}

const char *clocks_overdue(const struct takedowns *t, const struct takedown_row *its, const struct takedown_target *target,
			   int64_t now)
{
	static const char *const why[] = { [CASE_IN_TIME] = NULL,
					   [CASE_STILL_THERE] = "it is still there after the host's usual time",
					   [CASE_REFUSED] = "the host has refused, and nothing followed",
					   [CASE_NOT_BEGUN] = "nothing was sent for a day" };

	return why[clocks_late(t, its, target, now)];
}
