/* campaign.h - findings that belong together: nearly the same text, or a contact in common; joined and taken apart by people */
/* Runs in: writer (campaign_of), verbs, report. Times are microseconds UTC; what is read lives in the arena. */
#ifndef WATCHDESK_STORE_CAMPAIGN_H
#define WATCHDESK_STORE_CAMPAIGN_H

#include "store/store.h"

struct campaign_row {
	int64_t id;
	struct str public_id, name; /* name: the title of its first finding, of those that are asked for */
	int64_t first_seen, last_seen;
	int64_t findings, texts, sources; /* texts: that differ by more than case and spacing */
	int severity;			  /* of its worst */
	struct str category, asset;	  /* ... and what that is */
	struct str merged_into;		  /* public id of the one that it is a part of; empty for none */
};

struct campaign_filter {
	int64_t seen_since; /* 0 for all */
	int64_t least;	    /* findings; 0 for any number */
	int64_t limit;	    /* 0 for 100 */
	int least_severity; /* of the findings that count; 0 for all */
};

/* A finding as a campaign shows it. */
struct campaign_finding {
	int64_t id;
	struct str public_id, source, author, url, title, verdict, language;
	int severity;
	int64_t at;	/* when it was posted, else first seen */
	bool is_posted; /* at is the site's own word */
	int64_t text;	/* equal for the same text */
};

/* How somebody is reached or paid, and by how many of the findings. */
struct campaign_contact {
	struct str kind, value;
	int64_t findings;
};

/* The campaign of a finding, whichever it was made a part of. */
int campaign_of(struct store *s, int64_t finding_id, int64_t *campaign_id, struct err *err);
/* Those that are no part of another, the last seen first. */
int campaign_list(struct store *s, const struct campaign_filter *f, struct arena *a, struct campaign_row **rows, size_t *n,
		  struct err *err);
/* One by its public id or the beginning of it (6 digits at least): 1, 0 none, E_USAGE when several begin so. */
int campaign_load(struct store *s, struct str public_id, struct arena *a, struct campaign_row *out, struct err *err);
/* The same by its id, with what its findings of a severity and more make of it; 0 when there is none. */
int campaign_get(struct store *s, int64_t id, int least_severity, struct arena *a, struct campaign_row *out, struct err *err);
/* Its public id when two of its findings or more have that severity, else empty: no more than two of them are looked for. */
int campaign_of_several(struct store *s, int64_t id, int least_severity, struct arena *a, struct str *public_id,
			struct err *err);
/* Its findings in time, so that who was first stands first; at most `most`, the earliest. */
int campaign_findings(struct store *s, int64_t id, int least_severity, size_t most, struct arena *a,
		      struct campaign_finding **rows, size_t *n, struct err *err);
/* The contacts of its findings of a severity and more, those of most findings first. */
int campaign_contacts(struct store *s, int64_t id, int least_severity, struct arena *a, struct campaign_contact **rows,
		      size_t *n, struct err *err);
/* Others with findings of that severity and more that name one of these contacts. */
int campaign_related(struct store *s, int64_t id, int least_severity, struct arena *a, struct campaign_row **rows, size_t *n,
		     struct err *err);

/*
 * An operator joins them: all of `from` belongs to `into` now, what was told and who answers too. In custody. Needs a
 * transaction. E_USAGE when they are one already.
 */
int campaign_merge(struct store *s, const struct campaign_row *from, const struct campaign_row *into, struct str who,
		   int64_t now, struct err *err);
/*
 * An operator takes findings out of it, with all that has the same text: they are a campaign of their own. In custody. Needs a
 * transaction. E_USAGE when a finding is not in it, or nothing would stay.
 */
int campaign_split(struct store *s, const struct campaign_row *from, const struct str *findings, size_t n, struct str who,
		   int64_t now, struct arena *a, struct campaign_row *out, struct err *err);

#endif
