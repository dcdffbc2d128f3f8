/* notice.h - what is written to who serves a text: templates in several languages, filled with the facts of a case */
/* Runs in: supervisor and verbs, before anything is confined; writer (a next notice). Filling and checking are pure. */
#ifndef WATCHDESK_DESK_TAKEDOWN_NOTICE_H
#define WATCHDESK_DESK_TAKEDOWN_NOTICE_H

#include "desk/takedown/element.h"
#include "desk/takedown/host.h"

/* Who gets it. */
enum notice_to {
	NOTICE_TO_HOST,
	NOTICE_TO_SEARCH, /* a search engine, which serves no more than the way there */
	NOTICE_TO_OTHER,  /* a court, an authority, who posted it: a person names the recipient */
};

/* The words for the six grounds in one language. */
struct grounds_text {
	struct str language;
	struct yaml_text words[TAKEDOWN_GROUNDS];  /* "a threat of violence" */
	struct yaml_text reason[TAKEDOWN_GROUNDS]; /* why it is illegal */
};

/* A notice in one language. */
struct notice_template {
	struct str name, language; /* "dmca", "en" */
	struct yaml_text title;
	unsigned grounds;		    /* bit i: it can be used on takedown_grounds[i] */
	int to;				    /* enum notice_to */
	bool xarf, evidence, authorisation; /* what goes with it */
	struct notice_element *elements;
	size_t n_elements;
	struct str subject, text;
	const struct grounds_text *words; /* of its language, else English */
	bool own;			  /* its text or its table is of the desk's folder */
};

struct notice_templates {
	struct notice_template *items;
	size_t n;
	struct grounds_text *words;
	size_t n_words;
};

/*
 * Read the templates that ship, and those of `folder` (NULL for none): NAME.yaml says what a notice is and which elements it
 * has, NAME.LANGUAGE.txt is its text, grounds.yaml has the words for the grounds. A file of the same name takes the place of
 * the shipped one; but grounds of a shipped notice are not widened, and its elements stay, whatever an own NAME.yaml leaves
 * out. A text in which an element does not stand is E_USAGE. All lives in `a`.
 */
int notice_templates_read(const char *folder, struct arena *a, struct notice_templates *out, struct err *err);
/* One notice of a table and a text, without a name, a language and words for its grounds. `path` names both in errors. */
int notice_template_read(struct str table, struct str text, const char *path, struct arena *a, struct notice_template *out,
			 struct err *err);
/* The one with this name in this language, else in English; NULL when no notice is called so. */
const struct notice_template *notice_template_of(const struct notice_templates *all, struct str name, struct str language);
/* May it be used on these grounds? 0, or E_USAGE with what it is for: never the DMCA for threats or credentials. */
int notice_fits(const struct notice_template *t, struct str grounds, struct err *err);
/* Does an XARF report go with it? Its type is for data that are exposed: not for a threat, copyright or impersonation. */
bool notice_has_xarf(const struct notice_template *t, struct str grounds);

/*
 * Append subject and text, filled. Of facts: `grounds` (a name) brings grounds_words and grounds_reason in the notice's
 * language, a grounds_reason that is handed in comes before; `signature` is handed in as it will stand in what is approved.
 * A line of which no fact is known is left out; a fact that an element asks for and nobody knows stays as {name}.
 */
void notice_fill(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct buf *subject,
		 struct buf *text);
/* What it says for a fact: the words for the grounds in its language, else what was handed in; empty when nobody knows. */
struct str notice_value(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str name);
/* What is missing in the text as it stands now, after edits: a row for each fact and sentence; none is 0 rows. */
void notice_missing(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str text,
		    struct arena *a, struct missing **rows, size_t *n_rows);
/* The same for what the host's card asks for; rows are added behind those that are there. */
void notice_missing_of_host(const struct notice_template *t, const struct host_card *card, const struct notice_fact *facts,
			    size_t n, struct str text, struct arena *a, struct missing **rows, size_t *n_rows);

#endif
