/* protocol.h - what the roles say to each other */
/* Runs in: every role. What comes from a worker is checked field by field: a worker may have been taken over. */
#ifndef WATCHDESK_DESK_PROTOCOL_H
#define WATCHDESK_DESK_PROTOCOL_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/exchange.h"
#include "base/message.h"
#include "classify/classify.h"
#include "crawler/extract/answer.h"
#include "crawler/extract/extract.h"
#include "crawler/extract/follow.h"
#include "crawler/login.h"

enum message_type {
	MESSAGE_JOB,	 /* writer -> net: fetch this */
	MESSAGE_LOGIN,	 /* writer -> net: a job of a sign-in, and its form */
	MESSAGE_SILENCE, /* writer -> net: an origin that asked for silence before this monitor began */
	MESSAGE_COOKIES, /* writer -> net: those that a source has; net -> writer: those that it has now (source, lines) */
	MESSAGE_OUTCOME, /* net -> writer: a fetch that gave no page */
	MESSAGE_CAPTURE, /* net -> worker: read this */
	MESSAGE_PAGE,	 /* worker -> writer: what was read */
	MESSAGE_SIGNED,	 /* worker -> writer: what the page of a sign-in shows */
	MESSAGE_DONE,	 /* worker -> net: give me the next */
	MESSAGE_READ,	 /* net -> files: read this piece, or list this folder */
	MESSAGE_FILE,	 /* files -> net: what came of it */
	MESSAGE_NEWS,	 /* files -> net -> writer: something has changed below the folder of this source (an int) */
	MESSAGE_MAIL,	 /* writer -> net: send this */
	MESSAGE_MAILED,	 /* net -> writer: what came of it */
	MESSAGE_RUN,	 /* net -> commands: give this to the command of a channel */
	MESSAGE_RAN,	 /* commands -> net: what came of it */
};

enum control_type {
	CONTROL_PEER, /* supervisor -> net, writer: a worker's channel (slot, descriptor; text: how its predecessor ended) */
	CONTROL_STOP, /* supervisor -> net, writer, indexer: finish */
	CONTROL_PROGRESS, /* writer -> supervisor: text to show (number: pages read in this round) */
	CONTROL_IDLE,	  /* writer -> supervisor: nothing is due; a round is over */
	CONTROL_FAILED,	  /* a role -> supervisor: it cannot go on (number: E_*, text: why) */
};

/* A leased address, or with a `step` a page of a sign-in; its id is then login_id(). `source` is the index in the
 * configuration, which all roles share. */
struct job {
	int64_t id, ticket; /* the ticket is another one for each lease */
	int64_t source;
	enum page_kind kind;
	int depth;
	enum login_step step;
	struct str url, title, etag, last_modified, body_digest; /* title: the words of the link that led to it */
};

/* Put all of it into a message. */
void job_put(struct buf *out, const struct job *j);
/* Take what job_put() put; the strings are borrowed from the message. */
void job_take(struct message *m, size_t n_sources, struct job *j);

enum outcome_kind {
	OUTCOME_NOT_MODIFIED,
	OUTCOME_FAILED,
	OUTCOME_GONE,	     /* 404 or 410 */
	OUTCOME_QUARANTINED, /* it ended its worker */
	OUTCOME_RELEASED,    /* not visited: due again at `retry_at` */
	OUTCOME_KINDS,
};

/* Why there is no page. */
struct outcome {
	int64_t id;
	enum outcome_kind kind;
	struct str class_name; /* of health.h */
	struct str url, detail;
	struct str silent_origin; /* asked for silence until retry_at; empty for none */
	int64_t retry_at;	  /* us UTC, 0 when the server said nothing */
	struct str etag;	  /* of a piece of a file that was put aside: the place behind it; else empty */
};

/* Put it, take it; strings taken are borrowed from the message. */
void outcome_put(struct buf *out, const struct outcome *o);
void outcome_take(struct message *m, struct outcome *o);

/* A capture on its way to a worker. What is in it is borrowed from the message, and the list of exchanges lives in an arena. */
struct delivery {
	struct job job;
	struct trail trail;
	struct str trail_bytes; /* the same, as it came */
	struct str receipt;
};

/*
 * Put a job and its trail. The trail's bytes are returned, where they lie now, for the receipt that has to follow with
 * put_str().
 */
struct str delivery_put(struct buf *out, const struct job *j, const struct trail *t);
void delivery_take(struct message *m, size_t n_sources, struct arena *a, struct delivery *d);

/* A piece to read. */
struct reading_wish {
	int64_t ticket; /* comes back with the answer */
	int64_t source;
	enum page_kind kind;
	struct str url, etag;
};

/* What came of it: 200, 304, 404, 403. */
struct reading_answer {
	int64_t ticket;
	int status;
	struct str why;	      /* of 404 and 403, a sentence */
	struct str url, etag; /* of the piece */
	struct str body;
};

/* Put it, take it; strings taken are borrowed from the message. */
void reading_wish_put(struct buf *out, const struct reading_wish *w);
void reading_wish_take(struct message *m, size_t n_sources, struct reading_wish *w);
void reading_answer_put(struct buf *out, const struct reading_answer *r);
void reading_answer_take(struct message *m, struct reading_answer *r);

/* A mail to send: a row of the outbox. */
struct mail {
	int64_t id;
	struct str public_id; /* the stable part of its Message-ID */
	struct str recipient;
	int64_t made_at;   /* us UTC, its Date */
	struct str letter; /* as letter_put() put it */
};

enum mail_end {
	MAIL_SENT,    /* the relay has it */
	MAIL_LATER,   /* no answer, or one that lets us try again */
	MAIL_REFUSED, /* this mail will never be taken */
	MAIL_ENDS,
};

/* What came of it. */
struct mailed {
	int64_t id;
	enum mail_end end;
	int code;	  /* of SMTP (RFC 5321 4.2) or HTTP; 0 when nothing was said */
	struct str words; /* the relay's, or what failed before it could say any */
	int64_t again_at; /* when it said that it may be tried again, us UTC; 0 when it did not */
};

/* Put it, take it; strings taken are borrowed from the message. */
void mail_put(struct buf *out, const struct mail *l);
void mail_take(struct message *m, struct mail *l);
void mailed_put(struct buf *out, const struct mailed *r);
void mailed_take(struct message *m, struct mailed *r);

/* A command's input, and its end: the exit code, 128 and the signal, or below 0 when it did not start or took too long. */
struct run {
	int64_t channel; /* its index in the configuration */
	struct str input;
};
struct ran {
	int64_t channel;
	int code;
	struct str words; /* what it said, or why it did not start */
};
void run_put(struct buf *out, const struct run *r);
void run_take(struct message *m, size_t n_channels, struct run *r);
void ran_put(struct buf *out, const struct ran *r);
void ran_take(struct message *m, size_t n_channels, struct ran *r);

/* What stands for the id of an address in the jobs of a source's sign-in, and the other way round. */
static inline int64_t login_id(int64_t source)
{
	return -1 - source;
}

/* Put a form, take it into `a`; one has at most LIMIT_FORM_FIELDS fields. */
void form_put(struct buf *out, const struct login_form *f);
void form_take(struct message *m, struct arena *a, struct login_form *f);

/* What a worker made of a page of a sign-in. */
struct read_login {
	int64_t id;
	struct str receipt; /* of the capture, as it came */
	bool in;
	struct str problem; /* why there is no form to send */
	struct login_form form;
};

/* Put it, take it into `a`. */
void read_login_put(struct buf *out, const struct read_login *l);
void read_login_take(struct message *m, struct arena *a, struct read_login *l);

/* A post with what was said of it. */
struct read_post {
	struct post post;
	struct assessment assessment;
	struct str language;	   /* ISO 639-1; empty where it says nothing, or none can be told */
	struct followed *followed; /* texts elsewhere that it links to, when it says something; at most LIMIT_FOLLOWED */
	size_t n_followed;
};

/* An address found on a page, with its key. */
struct read_link {
	enum page_kind kind;
	struct str url, key, title, activity; /* as next_page has it, with secrets masked */
};

/* A post that a rule keeps out of the store: where it is, and nothing of what it says. */
struct read_withheld {
	struct str url, rule;
};

/* What came back by mail: never what it says, but where it may be an answer to a notice. */
struct read_answer {
	enum answer_kind kind;
	struct str token;   /* of a reply: the first that looks like one (desk/alert/token.h); empty for none */
	struct str address; /* who wrote it; of a report, who was not reached */
	struct str message; /* of a report: the public id of the row of the outbox */
	struct str status;  /* of a report: "5.1.1" */
	struct str about;   /* what may be public ids of ours, separated by blanks (crawler/extract/answer.h); of no report */
	struct str id;	    /* its own Message-ID; empty for none */
	struct str text;    /* with `about`: the beginning of what it says, masked; at most LIMIT_ANSWER bytes */
};

/* What a worker made of a delivery. */
struct read_page {
	int64_t id;
	struct str receipt; /* of the capture, as it came */
	struct str trail;   /* as it came, when a post says something; else empty */
	struct str etag, last_modified, body_digest;
	bool unchanged;	    /* the same bytes as last time: nothing else is filled */
	struct str problem; /* why it is no page; empty when it is one */
	struct str trouble; /* something in a file was passed over, as this says; else empty */
	bool more;	    /* there is more to read at this address at once */
	enum problem problem_class;
	bool cut;    /* it held more posts or links than are read of one page */
	bool canary; /* the post that has to be seen is on it */
	struct read_link *links;
	size_t n_links;
	struct read_post *posts;
	size_t n_posts;
	struct read_withheld *withheld;
	size_t n_withheld;
	struct str text; /* of the target of a takedown: all that stands there, masked; `problem` as extract.h has it */
	struct read_answer *answers; /* of a source of answers, which has no posts */
	size_t n_answers;
};

/* Put all of it; what it points to is copied into the message. */
void read_page_put(struct buf *out, const struct read_page *p);
/* Take a page into `a`. Spans are checked to lie within their text and text to be clean UTF-8: else the message is bad. */
void read_page_take(struct message *m, struct arena *a, struct read_page *p);

#endif
