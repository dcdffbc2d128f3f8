/* assess.h - classify text as the monitor does, and say the result in JSON (DESIGN.md, stage `scan`) */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_ASSESS_H
#define WATCHDESK_DESK_ASSESS_H

#include "base/json.h"
#include "classify/severity.h"
#include "desk/config.h"

/* A classifier with what it needs to run, and memory for one text. */
struct assessor {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *a;
};

/* A text's assessment; it lives in the assessor until the next text. */
struct assessed {
	struct str text; /* canonical */
	struct assessment assessment;
	struct severity severity;
};

/* Where compiled patterns are kept (XDG Base Directory): "~/.cache/watchdesk" in `path`, NULL when nobody says where. */
const char *cache_folder(char *path, size_t room);
/* The classifier of a configuration; NULL means no assets. `err` says what is wrong with a rule or an asset. */
struct classifier *classifier_of(const struct config *config, struct err *err);
int assessor_init(struct assessor *x, const struct config *config, struct err *err);
void assessor_release(struct assessor *x);
/* Assess raw bytes; wrong UTF-8 is replaced first, and that is said in the reasons. */
void assess(struct assessor *x, struct str bytes, struct assessed *out);
/* The members of the answer, from "severity" on, into an object that is open. */
void assess_json(struct json_writer *w, const struct assessed *found);

#endif
