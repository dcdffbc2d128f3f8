/* takedown_check.h - looks at the targets of takedowns: what is due, what was seen, what has come back */
/* Runs in: writer, verbs (takedown_looks). Times are microseconds UTC; strings read live in the arena. */
#ifndef WATCHDESK_STORE_TAKEDOWN_CHECK_H
#define WATCHDESK_STORE_TAKEDOWN_CHECK_H

#include "store/frontier.h"
#include "store/sketch.h"
#include "store/takedown.h"

enum look_result { LOOK_THERE, LOOK_GONE, LOOK_UNCLEAR, LOOK_RESULTS };
/* "there", "gone", "unclear". */
extern const char *const look_results[LOOK_RESULTS];

/* A look, or several in a row that saw the same. */
struct takedown_look {
	int64_t id, target_id, at; /* at: the last of them */
	enum look_result result;
	int status; /* of HTTP; 0 when there was no answer */
	struct str how;
	int64_t capture_id, evidence_id; /* 0 for none */
	int64_t looks;
};

/* A target that is to be looked at. */
struct takedown_place {
	int64_t target_id;
	struct str url;
};
/* Those that are due by now and not under way, the longest due first, at most `max`. */
int takedown_due(struct store *s, int64_t now, size_t max, struct arena *a, struct takedown_place **rows, size_t *n,
		 struct err *err);
/* No look is ever put off for longer than `at_most`: what is due later was written by a clock that has gone back since. It is
 * due now. */
int takedown_not_later(struct store *s, int64_t now, int64_t at_most, struct err *err);
/* When the first of all targets is due: 1 and the time, 0 when none ever is. */
int takedown_next_due(struct store *s, int64_t *at, struct err *err);
/*
 * Look at a target by this address, which is made if it is new: it becomes due, and is read whole when the target comes to it.
 * 1, or 0 while it is under way for another target of the same page. Needs a transaction.
 */
int takedown_place(struct store *s, int64_t target_id, const struct frontier_entry *e, struct err *err);
/* The names of the sources whose findings' texts stand at the targets of an address. */
int takedown_sources(struct store *s, int64_t frontier_id, struct arena *a, struct str **names, size_t *n, struct err *err);

/* A target with what was seen of it before. */
struct takedown_watched {
	int64_t target_id, takedown_id, finding_id, gone_at;
	enum takedown_state state;
	struct str url, host, public_id; /* public_id: of the case */
	bool seen;			 /* its text was read at this very address once */
	struct takedown_look last;	 /* id 0 for none */
};
/* The targets at an address that are still looked at; one that is closed was gone. */
int takedown_watched(struct store *s, int64_t frontier_id, struct arena *a, struct takedown_watched **rows, size_t *n,
		     struct err *err);
/* The text that a finding is judged by, masked: 1, 0 when it was purged. */
int takedown_text(struct store *s, int64_t finding_id, struct arena *a, struct str *text, struct err *err);
/* How much of `text` stands in what a page says: as sketch_contained(). The store knows how words are told. */
struct sketch_whole *takedown_page(struct store *s, struct str text);
double takedown_share(struct store *s, const struct sketch_whole *page, struct str text);
/* Keep a look. Needs a transaction. */
int takedown_looked(struct store *s, const struct takedown_look *l, int64_t now, struct err *err);
/* ... and tell custody of one that saw that the text is gone, with its proof. Needs a transaction. */
int takedown_look_tell(struct store *s, const struct takedown_look *l, struct str operator_name, int64_t now, struct err *err);
/* The looks at a target, the last first, at most 100. */
int takedown_looks(struct store *s, int64_t target_id, struct arena *a, struct takedown_look **rows, size_t *n,
		   struct err *err);

/* A case that is about nearly the same text as a finding. */
struct takedown_kin {
	int64_t id, finding_id, targets; /* targets: how many it has */
	struct str public_id, grounds;
	bool open;
};
/*
 * The cases whose text, or that of a target of theirs, is nearly that of a finding (SKETCH_ALIKE), one for each grounds: the
 * open one, else the newest.
 */
int takedown_kin(struct store *s, int64_t finding_id, struct arena *a, struct takedown_kin **rows, size_t *n, struct err *err);
/* Open a case again; custody gets a notice. Needs a transaction. 1, or 0 when it is open. */
int takedown_reopen(struct store *s, int64_t id, struct str operator_name, struct str note, int64_t now, struct err *err);
/* The target of a case with this exact URL: 1, 0 none. */
int takedown_target_at(struct store *s, int64_t id, struct str url, int64_t *target_id, struct err *err);
/* A target that was gone, also one that was closed since, is back. Needs a transaction. 1, or 0 when it never was gone. */
int takedown_back(struct store *s, int64_t target_id, struct str operator_name, struct str note, int64_t recheck_at,
		  int64_t now, struct err *err);

#endif
