/* wanted.h - what somebody looks for: words, phrases and fields, read from one line; does a post fit */
/* Runs in: verbs, writer. Pure. The query comes from people of the desk, or from what they saved; it is read as if hostile. */
#ifndef WATCHDESK_STORE_WANTED_H
#define WATCHDESK_STORE_WANTED_H

#include "base/arena.h"
#include "base/err.h"
#include "store/words.h"

enum wanted_field {
	WANTED_WORDS, /* in title, author or text */
	WANTED_SITE,  /* the source's name */
	WANTED_ASSET,
	WANTED_CATEGORY,
	WANTED_AUTHOR,
	WANTED_LANGUAGE,
	WANTED_CAMPAIGN, /* a public id, or how it begins */
	WANTED_VERDICT,
	WANTED_SEVERITY,
	WANTED_AFTER, /* seen first at that time or later; before it */
	WANTED_BEFORE,
	WANTED_FIELDS,
};
enum wanted_compare { WANTED_IS, WANTED_ABOVE, WANTED_FROM, WANTED_BELOW, WANTED_UP_TO };

struct wanted_term {
	enum wanted_field field;
	bool minus, prefix; /* -term, term* */
	enum wanted_compare compare;
	struct str text;
	int64_t number; /* severity; us UTC */
};

/* All of them have to hold; at most WANTED_TERMS. */
enum { WANTED_TERMS = 64 };
struct wanted {
	struct wanted_term *terms;
	size_t n;
	bool has_words, has_fields; /* words that must be there; any field */
};

/*
 * Read a query: words, "a phrase", word*, -word, and site: asset: category: author: language: campaign: after: before:
 * severity:>70 verdict:, whose values may be in quotes and end in *. What has another name before its colon is a word. Lives in
 * `a`. E_USAGE names what is wrong, or that there is nothing to look for.
 */
int wanted_parse(struct str query, struct arena *a, struct wanted *out, struct err *err);

/* A post, as far as fields tell; what comes of its finding is empty when it is none. */
struct wanted_post {
	struct str source, author;
	int64_t first_seen;
	bool is_finding;
	struct str asset, category, language, campaign, verdict;
	int severity;
};
/* Do all fields of the query fit? Its words are not looked at. */
bool wanted_fits(const struct wanted *w, const struct wanted_post *p);
/* Does what the query says of words hold for these texts (title, author, text)? As full text would have it. */
bool wanted_holds(const struct wanted *w, struct words *words, const struct str *texts, size_t n);

#endif
