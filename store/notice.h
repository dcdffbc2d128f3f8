/* notice.h - what is written to somebody about targets of a case: drafted, edited, stood for by people, sent, answered */
/* Runs in: verbs, writer. Times are microseconds UTC; strings read live in the arena. All that changes something needs a
 * transaction and leaves its entry in custody. */
#ifndef WATCHDESK_STORE_NOTICE_H
#define WATCHDESK_STORE_NOTICE_H

#include "base/digest.h"
#include "base/sign.h"
#include "store/outbox.h"
#include "store/takedown.h"

enum notice_way {
	NOTICE_MAIL,
	NOTICE_FORM, /* a person fills in the host's form */
	NOTICE_POST, /* a person sends it on paper */
};
extern const char *const notice_ways[3];

enum notice_state {
	NOTICE_DRAFT,
	NOTICE_APPROVED, /* as many as were asked stand for it; with an outbox_id it waits for the relay */
	NOTICE_SENT,
	NOTICE_DEAD, /* the relay or the other side refused it for good */
};
extern const char *const notice_states[4];

struct notice_wish {
	int64_t takedown_id;
	struct str template_name, language;
	enum notice_way way;
	struct str recipient, subject, content;
	struct str basis; /* the assessment and evidence that it is written on, as JSON */
	struct str operator_name;
	const int64_t *target_ids;
	size_t n_targets;
};
/* Write one, a draft; its targets are drafted too. Returns 0 with its id and public id. E_USAGE for a case that is closed, or
 * a target of another one. */
int notice_add(struct store *s, const struct notice_wish *w, int64_t now, struct arena *a, int64_t *id, struct str *public_id,
	       struct err *err);

struct notice_row {
	int64_t id, takedown_id, outbox_id, made_at, changed_at, sent_at; /* outbox_id and sent_at 0 for not yet */
	struct str public_id, template_name, language, recipient, subject, content, basis, operator_name;
	enum notice_way way;
	enum notice_state state;
	unsigned char digest[DIGEST_BYTES]; /* of recipient, subject and content: what is stood for */
};
/* One by its public id or the beginning of it (6 digits at least): 1, 0 none, E_USAGE when several begin so. */
int notice_load(struct store *s, struct str public_id, struct arena *a, struct notice_row *out, struct err *err);
/* The one of a message in the outbox: 1, 0 none. */
int notice_of_message(struct store *s, int64_t outbox_id, struct arena *a, struct notice_row *out, struct err *err);
/* Those of a case, the oldest first. */
int notice_list(struct store *s, int64_t takedown_id, struct arena *a, struct notice_row **rows, size_t *n, struct err *err);
/* The last that went about any target of a case (`sent`), or the last that is about a target and has not gone: 1, 0 none. */
int notice_last(struct store *s, int64_t takedown_id, int64_t target_id, bool sent, struct arena *a, struct notice_row *out,
		struct err *err);
/* Its targets, in the order in which they were added to the case. */
int notice_targets(struct store *s, int64_t id, struct arena *a, struct takedown_target **rows, size_t *n, struct err *err);

/*
 * Write it anew: who stood for it does so no more, and its targets that were approved are drafted. E_USAGE when it has gone, or
 * waits for the relay. 1, or 0 when nothing of it is another and it stays as it is.
 */
int notice_edit(struct store *s, const struct notice_row *n, struct str recipient, struct str subject, struct str content,
		struct str operator_name, int64_t now, struct err *err);

/* Somebody stands for a notice as it was read (its digest); with a key, the entry in custody is signed. */
struct notice_approval_wish {
	const struct notice_row *notice;
	struct str operator_name;
	const struct sign_key *key; /* NULL for none */
	int64_t needed;		    /* different people, and different keys */
};
/*
 * 1 when enough stand for it now: it is approved, and so are its targets; 0 when more are needed. E_USAGE when it is not a
 * draft, was changed since it was read, when this person or this key stands for it already, or the key is another person's.
 */
int notice_approve(struct store *s, const struct notice_approval_wish *w, int64_t now, struct err *err);
struct notice_approval {
	struct str operator_name, public_key; /* public_key: DER; empty without */
	int64_t at;
};
/* Who stands for it as it is, in the order in which they said so. */
int notice_approvals(struct store *s, const struct notice_row *n, struct arena *a, struct notice_approval **rows,
		     size_t *n_rows, struct err *err);

/* E_USAGE, unless it is approved as it stands, by so many people and keys, and does not wait for the relay yet. */
int notice_check_approved(struct store *s, const struct notice_row *n, int64_t needed, struct err *err);
/*
 * Hand it to the relay: the message, of kind "notice", is in the outbox, once. Checks what notice_check_approved() does.
 */
int notice_send(struct store *s, const struct notice_row *n, int64_t needed, struct str letter, struct str operator_name,
		int64_t now, struct err *err);
/* It has gone: by the relay, or (by `operator_name`, without a message) by a person's hand. 1, or 0 when it had before. */
int notice_sent(struct store *s, const struct notice_row *n, struct str operator_name, int64_t now, struct err *err);
/* It did not go, or came back: `why` is kept as an answer of kind "failed". 1, or 0 when it was dead before. */
int notice_dead(struct store *s, const struct notice_row *n, struct str why, struct str operator_name, int64_t now,
		struct err *err);

struct notice_answer {
	struct str kind;    /* "receipt", "answer", "refused", "failed" */
	struct str sender;  /* who says so */
	struct str message; /* its Message-ID, or what else tells it from the others */
	struct str content; /* masked; at most LIMIT_ANSWER bytes are kept */
	int64_t at;
};
/*
 * Attach one, and move the targets that it is about: 1; 0 when the same was attached before, or LIMIT_ANSWERS were. E_USAGE for
 * a kind that is none.
 */
int notice_answer_add(struct store *s, const struct notice_row *n, const struct notice_answer *x, struct str operator_name,
		      int64_t now, struct err *err);
/* In the order in which they came. */
int notice_answers(struct store *s, int64_t id, struct arena *a, struct notice_answer **rows, size_t *n, struct err *err);

#endif
