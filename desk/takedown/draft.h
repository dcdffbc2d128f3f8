/* draft.h - a notice from a template: whom it goes to, the facts of its case, what is missing in it, and the next one when a
 * text is back */
/* Runs in: writer (takedown_redraft), verbs. Times are microseconds UTC; strings made live in the arena. */
#ifndef WATCHDESK_DESK_TAKEDOWN_DRAFT_H
#define WATCHDESK_DESK_TAKEDOWN_DRAFT_H

#include "desk/takedown/gather.h"
#include "store/notice.h"

/* What is to be written. */
struct draft_wish {
	const struct takedown_row *its;
	const struct takedown_target *targets; /* one at least, of that case */
	size_t n;
	const struct notice_template *notice;
	enum notice_way way;
	struct str recipient; /* a mail address; of a form its https:// address; of a letter a name and an address, one line */
	struct str operator_name;
};

/*
 * Whom the host's card wants such a notice to go to, and how: 1, or 0 when the card has nobody or there is none. The agent for
 * copyright comes before the contact on these grounds, a form before mail where mail is not answered.
 */
int draft_recipient(const struct host_card *card, const struct notice_template *notice, struct str grounds,
		    enum notice_way *way, struct str *recipient);
/* Write it, with the case's facts of now, and keep it. Needs a transaction. E_USAGE when the notice is not for these grounds,
 * or the recipient is none. */
int draft_make(struct store *s, const struct takedowns *t, const struct draft_wish *w, int64_t now, struct arena *a,
	       struct str *public_id, struct err *err);

/* Subject and text of a notice from its template, with the facts of now. */
struct draft_text {
	struct str subject, text;
};
int draft_again(struct store *s, const struct takedowns *t, const struct notice_row *n, struct arena *a, struct draft_text *out,
		struct err *err);
/* What a notice, as it is, lacks of what the law and its host require: no rows when it can be approved. */
int draft_missing(struct store *s, const struct takedowns *t, const struct notice_row *n, struct arena *a,
		  struct missing **rows, size_t *n_rows, struct err *err);
/* Recipient, subject and text as somebody has edited them, made fit to be kept: one line, clean. E_USAGE: no recipient, no
 * text, or too long. */
int draft_clean(enum notice_way way, struct str *recipient, struct str *subject, struct str *text, struct arena *a,
		struct err *err);

/*
 * Write the next notice about a target whose text is back: with the same template and language as the last one that was sent
 * about a target of this case, to the same recipient; at another host to whom its card names, E_USAGE when none does. The
 * target has to be open or back, and is drafted afterwards; nothing is sent. Needs a transaction. 1; 0 when none was sent
 * before, or one that is not sent yet is about this target already.
 */
int takedown_redraft(struct store *s, const struct takedowns *t, int64_t case_id, int64_t target_id, int64_t now,
		     struct arena *a, struct err *err);

#endif
