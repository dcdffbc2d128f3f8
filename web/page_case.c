/* page_case.c - how takedowns are spoken of */
#include "web/page_case.h"

#include "base/limits.h"
#include "web/html.h"

enum { NAME = 120 };

void page_grounds(struct buf *out, const struct page_manner *m, struct str grounds)
{
	const struct takedown_grounds *g = takedown_grounds_named(grounds);

	if (g)
		say(out, m->words, WORD_GROUNDS_THREAT + (enum word)(g - takedown_grounds));
	else
		html_text(out, grounds);
}

void page_state(struct buf *out, const struct page_manner *m, struct str state)
{
	enum takedown_state known;

	if (takedown_state_named(state, &known) > 0)
		say(out, m->words, WORD_STATE_OPEN + (enum word)known);
	else
		html_text(out, state);
}

void page_clock(struct buf *out, const struct page_manner *m, const struct case_clock *c)
{
	AUTO(buf) host = BUF_INIT(KIB(4));

	switch (c->kind) {
	case CASE_CLOCK_REPORT:
		say(out, m->words, WORD_CLOCK_REPORT);
		break;
	case CASE_CLOCK_LOOK:
		say(out, m->words, WORD_CLOCK_LOOK);
		break;
	case CASE_CLOCK_REPLY:
		html_hostile(&host, c->host, NAME);
		if (audience_sees(m->audience, SEES_ADDRESSES))
			say_x(out, m->words, WORD_CLOCK_REPLY, buf_str(&host));
		else
			say(out, m->words, WORD_CLOCK_REPLY_SOMEWHERE);
		break;
	}
}

void page_late(struct buf *out, const struct page_manner *m, enum case_late late)
{
	static const enum word why[] = {
		[CASE_STILL_THERE] = WORD_LATE_THERE, [CASE_REFUSED] = WORD_LATE_REFUSED, [CASE_NOT_BEGUN] = WORD_LATE_BEGIN
	};

	if (late == CASE_IN_TIME)
		return;
	buf_add(out, STR(" <span class=\"chip failing\">"));
	say(out, m->words, why[late]);
	buf_add(out, STR("</span>"));
}
