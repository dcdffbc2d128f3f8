/* subscription.h - who wants which findings how: an entry of `subscriptions:`, and the same as the store keeps it */
/* Runs in: supervisor and verbs (reading); writer; read-only in every role. */
#ifndef WATCHDESK_DESK_ALERT_SUBSCRIPTION_H
#define WATCHDESK_DESK_ALERT_SUBSCRIPTION_H

#include "base/buf.h"
#include "base/yaml.h"
#include "desk/alert/when.h"

enum { SUBSCRIPTION_SEVERITY = 40, SUBSCRIPTION_QUIET_ABOVE = 90 };

enum subscription_format { ALERT_BOTH, ALERT_TEXT, ALERT_JSON, ALERT_XARF };
/* management gets no text and no values. */
enum subscription_audience { ALERT_TO_DESK, ALERT_TO_MANAGEMENT };
extern const char *const subscription_formats[], *const subscription_audiences[]; /* up to a NULL */

struct subscription {
	int64_t id;				       /* in the store; 0 for none */
	struct str public_id;			       /* empty for none */
	struct yaml_text to;			       /* as it was written */
	struct str recipient;			       /* one address, or "channel NAME" */
	int64_t severity;			       /* at least */
	struct yaml_texts assets, categories, sources; /* any of; none is all */
	struct yaml_texts languages;		       /* the same, ISO 639-1 */
	struct yaml_text campaign, finding;	       /* public id, or how it begins: this one only; empty for all */
	struct yaml_text search; /* the name of a kept search (store/saved.h) that has to fit too; empty for none */
	struct when when;
	struct day_hours quiet; /* meant when quiet_text is given */
	int64_t quiet_above;	/* from this severity on, quiet hours do not hold it */
	int format, audience;
	struct yaml_text certificate; /* PEM, or of the file where it is: mail is sealed to it (base/smime.h); empty for not */
	bool of_file;
	/* as they were written */
	struct yaml_text when_text, quiet_text;
};

/* What an entry may name. A list that is NULL is not looked at: what an entry of the store names may be gone. */
struct subscription_names {
	const struct str *assets, *sources;
	size_t n_assets, n_sources;
	const struct str *channels; /* "channel NAME" */
	size_t n_channels;
};

/* Read one from a mapping. E_USAGE: "file:line: what, expected what". All lives in `a` or is borrowed from `map`. */
int subscription_read(const struct yaml *map, const struct subscription_names *names, struct arena *a, struct subscription *out,
		      struct err *err);
/* The list of a configuration; NULL is an empty one. */
int subscriptions_read(const struct yaml *list, const struct subscription_names *names, struct arena *a,
		       struct subscription **out, size_t *n, struct err *err);
/* The other way: an object of JSON with the same keys, without what is as it is anyway. */
void subscription_put(struct buf *out, const struct subscription *s);
/* In words: "from severity 70, at once; categories violence, extortion". */
void subscription_say(struct buf *out, const struct subscription *s);

#endif
