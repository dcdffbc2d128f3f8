/* roster.h - who has to answer now, and who is asked when nobody does */
/* Runs in: supervisor and verbs (reading, checking), writer; read-only in every role. Pure: the clock is handed in, us UTC. */
#ifndef WATCHDESK_DESK_ALERT_ROSTER_H
#define WATCHDESK_DESK_ALERT_ROSTER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/yaml.h"
#include "crawler/day.h"

/* One who answers: a person, a desk, or a channel to one. */
struct roster_entry {
	struct yaml_text name, to; /* a mail address, or "channel NAME" */
	struct day_hours hours;
};

/* `duty:` of the configuration. */
struct roster {
	bool given;	  /* false: nobody has to answer anything */
	int64_t severity; /* from here on somebody has to */
	int64_t after_ms; /* so long the one who was asked has for it */
	struct roster_entry *entries;
	size_t n;
};

/* Read it. E_USAGE names file, line, what was expected. Lives in `a`. */
int roster_read(const struct yaml *map, struct arena *a, struct roster *out, struct err *err);
/* The entry of this name; NULL for none. */
const struct roster_entry *roster_named(const struct roster *r, struct str name);

/* Somebody was asked. */
struct roster_asked {
	struct str name;
	int64_t at;
};
/*
 * Who is asked next, given who was, in the order of time: the one who was asked least, of these who was not asked for longest,
 * then by the roster's order. Who is off counts as asked once more, so that all who are on are asked before anybody is woken,
 * and in a gap of the roster all are. NULL for an empty roster.
 */
const struct roster_entry *roster_next(const struct roster *r, const struct roster_asked *asked, size_t n, int64_t now);

/* A time at which nobody is on. */
struct roster_gap {
	int64_t from, until; /* until: 0 when it has no end */
	int days;	     /* of the year that begins now, on which a gap begins */
};
/* The first from `now` on within a year: 1, 0 there is none. */
int roster_gap(const struct roster *r, int64_t now, struct roster_gap *out);
/* The same as a sentence: "nobody's hours hold from ... to ..., ..."; empty when there is none. Lives in `a`. */
struct str roster_gap_sentence(const struct roster *r, int64_t now, struct arena *a);

#endif
