/* body.h - text of any length, broken into the lines of a screen, with what is marked in it */
/* Runs in: verbs. Pure. */
#ifndef WATCHDESK_DESK_TRIAGE_BODY_H
#define WATCHDESK_DESK_TRIAGE_BODY_H

#include "desk/triage/view.h"

struct body {
	struct arena *a;
	int columns;
	struct view_line *lines;
	size_t n;
};

/* One line, cut where it is too long. */
void body_line(struct body *b, enum view_look look, struct str text);
/* A text in as many lines as it takes, each behind `indent` blanks; `looks`: of each of its bytes, NULL for plain. */
void body_text(struct body *b, int indent, struct str text, const unsigned char *looks);
/* A heading with an empty line above it. */
void body_heading(struct body *b, const char *title);

#endif
