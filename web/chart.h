/* chart.h - pictures of numbers: inline SVG with a title, a description and the same numbers in a table behind it */
/* Runs in: verbs (`report`). Pure. Places along a picture are shares of its width, so that it is as wide as its page and its
 * letters are as large as those around it. Labels may be hostile; they are cut in the picture and whole in the table. */
#ifndef WATCHDESK_WEB_CHART_H
#define WATCHDESK_WEB_CHART_H

#include "base/buf.h"
#include "web/words.h"

/* What all of them have. */
struct chart {
	const struct words *words;
	const char *id;	       /* ours, and once on its page */
	struct str title;      /* plain text, as all texts here */
	struct str desc;       /* what is to be seen, in a sentence or two */
	struct str rows, note; /* heads of the table's columns of labels and of notes */
};

/* A kind of thing that is counted: a colour of style.css ("critical", "leak" ...), and what it is called. */
struct chart_series {
	const char *class_name;
	struct str name;
};
enum { CHART_SERIES = 6 };

/* A bar, in pieces: one for each series. */
struct chart_bar {
	struct str label;
	struct str tick; /* below a standing bar; empty for none */
	struct str note; /* behind a lying one, in the place of its sum; empty for the sum */
	struct str href; /* of its label in the table: an address of ours; empty for none */
	int64_t n[CHART_SERIES];
};
struct chart_bars {
	const struct chart_series *series;
	size_t n_series; /* at most CHART_SERIES */
	const struct chart_bar *bars;
	size_t n;
	bool shares; /* lying ones: each as long as the picture is wide, its pieces are shares of it */
};
/* Bars that stand, as of days; the first series is at the bottom. */
void chart_stacks(struct buf *out, const struct chart *c, const struct chart_bars *b);
/* Bars that lie, each with its label above it. */
void chart_rows(struct buf *out, const struct chart *c, const struct chart_bars *b);

/* A field of numbers, the darker the more. The table is turned: a row for each column. */
struct chart_field {
	const struct str *rows, *columns;
	size_t n_rows, n_columns;
	const int64_t *n;  /* row by row */
	size_t tick_every; /* columns that are labelled in the picture */
};
void chart_heat(struct buf *out, const struct chart *c, const struct chart_field *f);

/* Things that happened at places, along one line of time. */
struct chart_event {
	int64_t at; /* microseconds UTC */
	size_t row;
	const char *class_name; /* a colour of style.css */
	struct str what;	/* in the table, and under the pointer */
	struct str kind;	/* what the colour says: "high" */
	struct str href;	/* an address of ours; empty for none */
};
struct chart_time {
	int64_t from, until;
	const struct str *rows; /* names of the places */
	size_t n_rows;
	const struct chart_event *events;
	size_t n;
};
void chart_timeline(struct buf *out, const struct chart *c, const struct chart_time *t);

/* Spans of equal length, each of one kind: a strip. Its table has a row for each run of one kind. */
struct chart_spans {
	const struct chart_series *kinds;
	size_t n_kinds;
	const unsigned char *cells; /* indices of kinds, the oldest first */
	size_t n;
	int64_t from, each; /* microseconds: when the first begins, how long each is */
};
void chart_strip(struct buf *out, const struct chart *c, const struct chart_spans *s);
/* The strip by itself, beside its numbers: not for who reads with his ears. */
void chart_strip_bare(struct buf *out, const struct chart_spans *s);
/* What the colours of a strip or a picture say; each picture of bars has its own. */
void chart_legend(struct buf *out, const struct chart_series *series, size_t n);

#endif
