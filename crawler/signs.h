/* signs.h - what pages look like that come in the place of what was asked for: challenges, blocks, walls, parked domains */
/* Runs in: supervisor (reading), then read-only in every role. The signs are data: signs.yaml. */
#ifndef WATCHDESK_CRAWLER_SIGNS_H
#define WATCHDESK_CRAWLER_SIGNS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/yaml.h"

/* What kind of failure a page is that came and is none: the words of a source's health. */
enum problem {
	PROBLEM_CONTENT, /* it cannot be read, says that it is gone, or is another site's */
	PROBLEM_EMPTY,	 /* the selectors match nothing */
	PROBLEM_LOGIN,	 /* members only */
	PROBLEM_BLOCKED, /* this visitor is kept out */
	PROBLEM_CAPTCHA, /* a person is asked for */
	PROBLEM_GONE,	 /* it says that it is not there any more; told only of the target of a takedown */
	PROBLEM_HTTP,	 /* the server says that it is none, and no more */
	PROBLEMS,
};
/* "content", "empty", "login", "blocked", "captcha", "gone", "HTTP". */
extern const char *const problem_names[PROBLEMS];

/* One sign. Phrases and marks are in lower case. */
struct sign {
	struct yaml_text name;
	int problem; /* enum problem */
	struct yaml_texts titles, texts, marks;
};

struct signs {
	struct sign *items;
	size_t n;
};

/* Read those that ship. All lives in `a`. */
int signs_shipped(struct arena *a, struct signs *out, struct err *err);

#endif
