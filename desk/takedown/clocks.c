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

const char *clocks_overdue(const struct takedowns *t, const struct takedown_row *its, const struct takedown_target *target,
			   int64_t now)
{
	const int64_t reply = clocks_reply(t, target);

	if (!str_eq(its->state, STR("open")))
		return NULL;
	if (reply && reply < now)
		return "it is still there after the host's usual time";
	if (is_in(target, TAKEDOWN_REFUSED))
		return "the host has refused, and nothing followed";
	if (reply == 0 && !is_in(target, TAKEDOWN_GONE) && !is_in(target, TAKEDOWN_CLOSED) &&
	    target->changed_at + CLOCK_BEGIN_US < now)
		return "nothing was sent for a day";
	return NULL;
}
