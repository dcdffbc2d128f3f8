/* compose.h - the letters of the watch: a finding, a digest, a heartbeat, words about the watch itself */
/* Runs in: writer, verbs. Pure: nothing is read, and the time comes with the facts. Letters live in the arena. */
#ifndef WATCHDESK_DESK_ALERT_COMPOSE_H
#define WATCHDESK_DESK_ALERT_COMPOSE_H

#include "desk/alert/letter.h"
#include "store/finding.h"

/* Plain; with HTML; plain with the finding as a file of ours, or of XARF where it fits. */
enum compose_format { COMPOSE_TEXT, COMPOSE_HTML, COMPOSE_JSON, COMPOSE_XARF };

/* How a letter goes, whatever it says; its strings are borrowed. */
struct compose_manner {
	enum compose_format format;
	bool for_management;			   /* no text and no values of the post */
	struct str organisation;		   /* whose watch it is */
	struct str reply_to, list_id, unsubscribe; /* as letter.h has them */
};

/* What a letter about a finding says besides it. */
struct compose_facts {
	struct compose_manner manner;
	const struct finding_detail *detail;
	int64_t repeats;      /* further findings of its campaign since the last letter about it */
	int raised_from;      /* what the campaign's severity was then; 0 for the first letter */
	bool acknowledge;     /* somebody has to say that they have it */
	struct str answer;    /* a sentence: how to say so by answering; empty for not at all */
	struct str assigned;  /* who has it; empty for nobody */
	struct str contact;   /* of COMPOSE_XARF: who reports, a mail address */
	const char *exposure; /* ... and how, as web/xarf.h has it */
};

/* "[watchdesk] critical violence: Example Pictures on smallpaste: TITLE"; References are its campaign's. */
void compose_finding(struct arena *a, const struct compose_facts *f, struct letter *out);

/* Several findings in one letter, the most severe first. */
struct compose_digest {
	struct compose_manner manner;
	const struct finding *findings; /* those that are shown */
	const int64_t *repeats;		/* of each: how many more of its campaign; NULL for none of any */
	size_t n;
	size_t n_known;	  /* the last of them were told before: only their repeats are new */
	int64_t total;	  /* all of them, repeats too */
	struct str why;	  /* "daily digest", "held by quiet hours", "more than 30 mails an hour" */
	int64_t from, to; /* the time it is about, us UTC */
};
void compose_digest(struct arena *a, const struct compose_digest *d, struct letter *out);

/* The watch is whole; that this letter does not come is the alarm. */
struct compose_heartbeat {
	struct compose_manner manner;
	int64_t from, to;
	int64_t posts, findings; /* new ones in that time */
	int64_t sources;	 /* that are watched */
	const struct str *silent;
	size_t n_silent;	  /* "leakforum: nothing new for 9 h (usually 20 m)" */
	int64_t waiting, dead;	  /* letters in the outbox */
	struct str custody_head;  /* hexadecimal; keeps a copy of it outside */
	const struct str *clocks; /* of duty, a sentence each */
	size_t n_clocks;
};
void compose_heartbeat(struct arena *a, const struct compose_heartbeat *h, struct letter *out);

/* Words about the watch itself: a source is silent, the disk fills; or a confirmation. The first sentence is the lead. */
void compose_note(struct arena *a, const struct compose_manner *m, struct str subject, const struct str *sentences, size_t n,
		  struct letter *out);

#endif
