/* playbook.h - what to do about a finding: steps as data, shipped and the desk's own */
/* Runs in: supervisor and verbs, before anything is confined. */
#ifndef WATCHDESK_DESK_PLAYBOOK_H
#define WATCHDESK_DESK_PLAYBOOK_H

#include "base/json.h"
#include "base/yaml.h"
#include "store/finding.h"
#include "store/tick.h"

struct playbook_step {
	struct yaml_text id, words;
	struct yaml_text command; /* empty for none */
	struct yaml_text letter;  /* a plain text with {names}; empty for none */
	bool police;		  /* the contacts of the configuration belong to it */
};

/* Chosen by what a finding is; a list that is empty does not matter. */
struct playbook {
	struct str name; /* of its file, without .yaml */
	struct yaml_text title;
	int64_t severity;
	struct yaml_texts categories, kinds; /* kinds: of data among its hits */
	struct playbook_step *steps;
	size_t n;
	bool own; /* of the desk's folder */
};

/* Whom to call where. */
struct police_contact {
	struct yaml_text jurisdiction, name, contact;
};

struct playbooks {
	struct playbook *items;
	size_t n;
	struct police_contact *police;
	size_t n_police;
	struct str organisation, contact;
};

/*
 * Read those that ship, and those of `folder` (NULL for none), which take the place of shipped ones of the same name; and the
 * list `police` (NULL for none). Errors read "file:line: what, expected what". All lives in `a`.
 */
int playbooks_read(const char *folder, const struct yaml *police, struct arena *a, struct playbooks *out, struct err *err);
/* Is it one for this finding? */
bool playbook_applies(const struct playbook *p, const struct finding_detail *d);
/* A step of those that apply by its id, or "PLAYBOOK/STEP": 0, or E_USAGE when there is none, or several. */
int playbook_find(const struct playbooks *all, const struct finding_detail *d, struct str step,
		  const struct playbook **playbook, const struct playbook_step **out, struct err *err);

/* What letters and commands are filled with. */
struct playbook_facts {
	const struct playbooks *all;
	const struct finding_detail *finding;
	int64_t first_aware_at, now;
	unsigned char text[DIGEST_BYTES]; /* SHA-256 of its stored text */
};
/* A text with the names in braces replaced; what comes from outside is on one line and without control characters. */
void playbook_fill(struct buf *out, struct str text, const struct playbook_facts *facts);

/* Say a step in its sentence, filled, and its playbook by its title; one that there is not any more stays as it is. */
int playbook_say(const struct playbooks *all, struct store *s, const struct finding_detail *d, struct arena *a, struct tick *t,
		 struct err *err);
/* All that playbook_say() may say, as one text. */
struct str playbooks_said(const struct playbooks *all, struct arena *a);

/* The steps of all that apply, with who did what and when: for a person, and as the member "playbooks" of an object. */
void playbook_show(const struct playbook_facts *facts, const struct tick *ticks, size_t n);
void playbook_put(struct json_writer *w, const struct playbook_facts *facts, const struct tick *ticks, size_t n);

#endif
