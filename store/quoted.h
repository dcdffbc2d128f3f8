/* quoted.h - the earlier post whose words another one quotes */
/* Runs in: writer (quoted_find), verbs. Masked text only. */
#ifndef WATCHDESK_STORE_QUOTED_H
#define WATCHDESK_STORE_QUOTED_H

#include "store/store.h"

/* The part of an assessment that marks a post which reports or quotes a threat; what people are told of it. */
#define QUOTED_PART   "report"
#define QUOTED_BEGINS "quotes post "
#define QUOTED_TOLD   "reports or quotes a threat"

enum {
	QUOTED_WORDS = 6,     /* a shorter stretch is an idiom as likely as a quotation */
	QUOTED_STRETCHES = 3, /* looked for of one post */
	QUOTED_WINDOW = 48,   /* words of a stretch that are compared */
};

/* A post about to be stored, and what it quotes. */
struct quoting {
	int64_t source_id;
	struct str key, text;
	const struct str *stretches; /* those that matter most first; of QUOTED_STRETCHES that are long enough */
	size_t n;
};

/* The post that had the words first. Strings live in the arena. */
struct original {
	int64_t post_id;
	struct str source, key, url;
	struct str finding; /* public id; empty when the post is none */
};

/*
 * The post, kept before this one, that holds a stretch word for word: preferably a finding, preferably one that does not quote
 * itself, then the oldest. 1 and `out`, 0 none, also when nothing new would be stored of the post. Few texts are read, and
 * those that the index has not come to yet only if they are findings.
 */
int quoted_find(struct store *s, const struct quoting *q, struct arena *a, struct original *out, struct err *err);

/* "quotes post KEY of SOURCE (hxxps://paste[.]example/x), finding ID": the sentence that is kept. */
struct str quoted_sentence(const struct original *o, struct arena *a);
/* The public id in the first such sentence among reasons; empty for none. */
struct str quoted_finding(const struct str *reasons, size_t n);

#endif
