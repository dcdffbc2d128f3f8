/* element.h - what the law, or a host, requires of a notice: facts that have to be there, sentences that have to stand there */
/* Runs in: supervisor and verbs, before anything is confined; writer (a next notice). Pure. Laws: 17 USC 512(c)(3)(A),
 * Regulation (EU) 2022/2065 Art. 16(2), Regulation (EU) 2016/679 Art. 17 and 33. */
#ifndef WATCHDESK_DESK_TAKEDOWN_ELEMENT_H
#define WATCHDESK_DESK_TAKEDOWN_ELEMENT_H

#include "base/buf.h"
#include "base/yaml.h"
#include "store/takedown.h"

/* A fact of a case by its name: "claimant", "urls", "work" ... */
struct notice_fact {
	struct str name, value;
};

/* What there is to know of a fact. */
struct fact_kind {
	const char *name;
	const char *words; /* what it is, for who has to find it out */
	bool lines;	   /* more than one line; all others are one, whatever stands in them */
	bool urls;	   /* addresses, one a line, as they were found */
	int most;	   /* characters that stay of it, or of a line of it; 0: LIMIT_URL */
};
/* NULL when no fact is called so. */
const struct fact_kind *fact_kind_named(struct str name);
/* The i-th there is; NULL beyond the last. */
const struct fact_kind *fact_kind_at(size_t i);

/* A row of a notice's table: with `facts`, each of these has to be known and to stand there; without, a marked sentence has. */
struct notice_element {
	struct yaml_text name;	/* "good-faith" */
	struct yaml_text law;	/* "17 USC 512(c)(3)(A)(v)" */
	struct yaml_text words; /* what it is, for a person */
	struct yaml_texts facts;
	struct yaml_text when; /* a fact: without it the element is not asked for; empty for always */
};

/* Something that is not in a notice. */
struct missing {
	struct str name;  /* of the element, or of the fact that a host wants */
	struct str fact;  /* which is not known or does not stand there; empty for a sentence */
	struct str words; /* what is missing, who asks for it, and what to do */
};

/* Is it asked for, with these facts? */
bool element_applies(const struct notice_element *e, const struct notice_fact *facts, size_t n);
/* Read the list `elements:` of a notice. */
int elements_read(const struct yaml *list, struct arena *a, struct notice_element **out, size_t *n, struct err *err);
/* Which grounds a law can be invoked on, as bits of takedown_grounds: those of copyright are for copyright only. */
unsigned element_grounds(struct str law);

/* The value that was handed in for `name`; empty when there is none, or one of blanks and a line to sign on. */
struct str fact_value(const struct notice_fact *facts, size_t n, struct str name);
/*
 * Append a value as notices show it: one line without control and bidirectional characters, or several with `indent` in front
 * of all but the first; in addresses, what could not stand on a line is percent-encoded.
 */
void fact_put(struct buf *out, const struct fact_kind *kind, struct str value, struct str indent);
/* Does the value stand in the text, whatever its line breaks are by now? Of addresses each, between blanks. */
bool fact_stands(const struct fact_kind *kind, struct str value, struct str text);
/* Does the sentence? */
bool sentence_stands(struct str sentence, struct str text);

#endif
