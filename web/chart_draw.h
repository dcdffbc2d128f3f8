/* chart_draw.h - the pieces that pictures are made of */
/* Runs in: verbs (`report`). Pure. Shared by chart.c and chart_time.c, and by whoever draws one that is not there. */
#ifndef WATCHDESK_WEB_CHART_DRAW_H
#define WATCHDESK_WEB_CHART_DRAW_H

#include "base/utf8.h"
#include "web/chart.h"

enum { CHART_LABEL = 48, CHART_NAME = 120 }; /* characters shown of a text in a picture, and in its table */

/* Begin a picture: <svg> with its title and description. */
void chart_open(struct buf *out, const struct chart *c, int height_px);
/* End it and begin its table, up to the first column's head; then chart_head() for each further one, and chart_body(). */
void chart_table(struct buf *out, const struct chart *c);
void chart_head(struct buf *out, struct str name, bool is_number);
void chart_body(struct buf *out);
/* A name in the table, which leads to `href` unless that is empty. */
void chart_name(struct buf *out, struct str name, struct str href);
/* End the table. */
void chart_close(struct buf *out);

/* An attribute in hundredths of a percent of the width. */
void chart_at(struct buf *out, const char *name, int64_t share);
/* The first characters of a text, without an element. */
void chart_cut(struct buf *out, struct str s, size_t most);
/* A label in the picture, at its left edge, which ends at a share of the width. */
void chart_label(struct buf *out, struct str text, int y, int64_t width);

#endif
