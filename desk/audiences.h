/* audiences.h - the section `audiences:`: who reads a report, what of it they may see, and where theirs is written */
/* Runs in: supervisor and verbs, before anything is confined; read-only afterwards. */
#ifndef WATCHDESK_DESK_AUDIENCES_H
#define WATCHDESK_DESK_AUDIENCES_H

#include "base/yaml.h"
#include "web/audience.h"

struct config;
struct words;

struct audience_report {
	struct audience audience;
	const char *folder;	   /* NULL: none is written unless asked for */
	struct str address;	   /* where that is published, with its slash; empty when it is not known */
	const struct words *words; /* NULL for English */
};

struct audience_reports {
	struct audience_report *items; /* those that ship, the desk first, then the desk's own */
	size_t n;
};

/*
 * Read the map (NULL for none); `report:` is where the desk's stands unless the map says otherwise. Errors read "file:line:
 * what, expected what". All lives in the configuration.
 */
int audiences_read(struct config *c, const struct yaml *map, const char *report, struct audience_reports *out, struct err *err);
/* The one of this name; E_USAGE with the names that there are. */
const struct audience_report *audience_named(const struct audience_reports *all, const char *name, struct err *err);

#endif
