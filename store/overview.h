/* overview.h - findings counted for who looks once a day: by day, by hour, by asset; and the newest of a kind */
/* Runs in: verbs and supervisor (report). Times are microseconds UTC; strings read live in the arena. Findings that were
 * dismissed are left out, and those of a severity below `least`. */
#ifndef WATCHDESK_STORE_OVERVIEW_H
#define WATCHDESK_STORE_OVERVIEW_H

#include "store/finding.h"

enum { OVERVIEW_LEVELS = 4, OVERVIEW_HOURS = 7 * 24 };
/* The least severity of each level: critical, high, medium, low. */
extern const int overview_levels[OVERVIEW_LEVELS];

/* Which findings are counted: those found from `since` on and before `until`. */
struct overview_span {
	int64_t since, until;
	int least;
};

struct overview_day {
	int64_t at; /* its midnight */
	int64_t n[OVERVIEW_LEVELS];
};
/* Findings by the day on which they were posted, in order, or found where the site does not say when; a day without one is not
 * there. */
int overview_days(struct store *s, const struct overview_span *span, struct arena *a, struct overview_day **rows, size_t *n,
		  struct err *err);
/* The same by the hour, from Monday 00:00 UTC on. */
int overview_hours(struct store *s, const struct overview_span *span, int64_t hours[OVERVIEW_HOURS], struct err *err);

/* Findings of a category about an asset; empty where none is named. */
struct overview_count {
	struct str asset, category;
	int64_t n;
};
int overview_kinds(struct store *s, const struct overview_span *span, struct arena *a, struct overview_count **rows, size_t *n,
		   struct err *err);

/* All that was ever found about an asset, by name. */
struct overview_asset {
	struct str name;
	int64_t n[OVERVIEW_LEVELS];
	int64_t found_at; /* the newest */
};
int overview_assets(struct store *s, int least, struct arena *a, struct overview_asset **rows, size_t *n, struct err *err);

/* All sources that were ever tried, or have a finding, by name; each with what was found there from `since` on. */
struct overview_source {
	struct str name;
	int64_t n;
};
int overview_sources(struct store *s, int64_t since, int least, struct arena *a, struct overview_source **rows, size_t *n,
		     struct err *err);

/* The newest of a kind first, at most `limit`: of an asset, of a source, of a category, of severities from `least` to `most`.
 */
int overview_of_asset(struct store *s, struct str asset, int least, int64_t limit, struct arena *a, struct finding **rows,
		      size_t *n, struct err *err);
int overview_of_source(struct store *s, struct str source, int least, int64_t limit, struct arena *a, struct finding **rows,
		       size_t *n, struct err *err);
int overview_of_category(struct store *s, struct str category, int least, int64_t limit, struct arena *a, struct finding **rows,
			 size_t *n, struct err *err);
int overview_of_level(struct store *s, int least, int most, int64_t limit, struct arena *a, struct finding **rows, size_t *n,
		      struct err *err);
/* Those of a span, the most severe first, then the newest. */
int overview_of_span(struct store *s, const struct overview_span *span, int64_t limit, struct arena *a, struct finding **rows,
		     size_t *n, struct err *err);

/* Severe findings that nobody has judged, the most severe first, then the newest: each with who has it. */
struct overview_open {
	struct finding finding;
	struct str holder; /* empty for nobody */
};
int overview_open(struct store *s, int least, int64_t limit, struct arena *a, struct overview_open **rows, size_t *n,
		  struct err *err);
/* How many there are. */
int overview_open_count(struct store *s, int least, int64_t *n, int64_t *held, struct err *err);

#endif
