/* view.h - what a shift sees: lines of text that fit a terminal of any size */
/* Runs in: verbs. Pure. */
#ifndef WATCHDESK_DESK_TRIAGE_VIEW_H
#define WATCHDESK_DESK_TRIAGE_VIEW_H

#include "desk/triage/model.h"

enum { VIEW_COLUMNS = 20, VIEW_LINES = 5 }; /* less shows that it is too small */

/* Colour is not needed: these are reverse video, bold and underlined. */
enum view_look { LOOK_PLAIN, LOOK_STRONG, LOOK_MARK, LOOK_BAR };

struct view_run {
	struct str text; /* fit for a terminal */
	enum view_look look;
};

struct view_line {
	struct view_run *runs;
	size_t n;
};

struct view {
	struct view_line *lines;
	size_t n; /* at most the height */
};

/*
 * The screen, `now` for ages; no line is wider than `columns`. Lives in the arena. What scrolls is brought back to where there
 * is something to see.
 */
void triage_view(struct triage *t, int columns, int lines, int64_t now, struct arena *a, struct view *out);

#endif
