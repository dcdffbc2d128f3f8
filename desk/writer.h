/* writer.h - the parts of the writer: what is out, what came of it, what is kept */
/* Runs in: writer. Shared by role_writer.c and writer_*.c; the other roles know role.h only. */
#ifndef WATCHDESK_DESK_WRITER_H
#define WATCHDESK_DESK_WRITER_H

#include "base/limits.h"
#include "desk/protocol.h"
#include "desk/receipt.h"
#include "desk/role.h"
#include "store/evidence.h"
#include "store/frontier.h"
#include "store/post.h"
#include "store/session.h"

enum { WRITER_FACTS = 6 };

/* A job that is out. */
struct out {
	int64_t id, ticket;
	int64_t sign_in; /* under which it was leased: sign_in.number */
	int source, depth, tries, calm;
	int route;	    /* the source as which it is visited; another one for the target of a takedown */
	int64_t root, wait; /* as in frontier.h */
	bool start;
	bool again; /* it has changed meanwhile: visit it at once when this visit is over */
	enum page_kind kind;
};

/* Where a source that signs in stands. */
struct sign_in {
	enum login_step step; /* what is out for it; LOGIN_NONE for nothing */
	bool in;
	int64_t ticket;
	int64_t due_at; /* when it is tried, unless it is in; INT64_MAX for never */
	int64_t since;	/* when we got in; 0 for before this start */
	int64_t number; /* of the sign-ins of this start: what was fetched before the last one says nothing of it */
	int refusals;	/* of name and password, in a row */
	int failures;	/* that came to no answer, in a row */
	int returns;	/* to the form within an hour of a sign-in, in a row */
};

struct source_state {
	int64_t id;	 /* in the store */
	int64_t look_at; /* when something may be due, us UTC */
	size_t n_out;
	struct sign_in sign_in;
};

/* A row of the outbox that the net process has, and its way: 0 the relay, then the channels. */
struct mail_out {
	int64_t id;
	size_t way;
};

struct writer {
	const struct role *role;
	struct store *store;
	struct channel net, workers[LIMIT_WORKERS];
	struct source_state *sources;
	struct out out[LIMIT_QUEUE];
	size_t n_out, n_sign_ins;
	int64_t places_at;   /* when it is looked for targets that are due, steady us */
	int64_t duty_at;     /* when somebody is to be asked next, us UTC; 0: look */
	int64_t answered_at; /* when it is looked for answers that channels have not heard of, steady us */
	int64_t tickets;     /* given out */
	struct mail_out mails[LIMIT_MAILS * (LIMIT_CHANNELS + 1)]; /* rows of the outbox that the net process has */
	size_t n_mails;
	struct teller *teller;		       /* who is told of findings */
	int64_t due_at;			       /* when it is asked next what was held, steady us */
	int64_t mail_at;		       /* when the outbox is looked into next, steady us */
	int64_t watch_at;		       /* when the watch itself is looked at next, steady us */
	int64_t beat_at;		       /* the hour of the last heartbeat, us UTC */
	int64_t clock_back_at;		       /* to where the clock went back last; 0 for never */
	struct arena *a;		       /* of one message */
	struct arena *kept;		       /* as long as the writer */
	struct warc_field facts[WRITER_FACTS]; /* of every capture */
	size_t n_facts;
	int64_t classifier_id;
	bool open;		    /* a transaction is */
	int64_t open_since;	    /* steady us */
	int64_t wall_at, steady_at; /* both clocks when they were last compared; 0 for never */
	int64_t group_posts;
	bool stopping, idle;
	int64_t shown_at;
	struct round round;
};

/* A finding that a page has made or changed. */
struct found {
	int64_t finding_id, assessment_id;
	int severity;
	struct str text; /* with its secrets */
};

/* A page in the writer's hands. */
struct reading {
	struct out *o;
	struct read_page page;
	struct receipt receipt;
	int64_t now;
	int64_t capture_id;	    /* 0 for a page without posts */
	int64_t fresh;		    /* revisions that are new */
	int64_t items, fresh_items; /* what a list shows, posts and links, and how many of these were not known */
	bool goes_on;		    /* a further page of it is visited too */
	size_t unplaced;	    /* posts that were here, and of which it is not known yet where they are */
	int severity;		    /* of its most severe post */
	struct found *found;
	size_t n_found;
};

/* writer_group.c: see that a transaction is open; commit the one that is. */
int writer_open_group(struct writer *w, struct err *err);
int writer_close_group(struct writer *w, struct err *err);

/* writer_leases.c: the configuration's i-th source. */
const struct source *writer_source(const struct writer *w, int i);
/* The job that is out for an address, NULL when none is; it is over. */
struct out *writer_out(struct writer *w, int64_t id);
void writer_end_out(struct writer *w, struct out *o);
/* Something of this source becomes due at `at`. */
void writer_look_at(struct writer *w, int source, int64_t at);
/* An address may have changed: visit it now, or once the visit that is under way is over. */
int writer_wake(struct writer *w, int source, struct str key, int64_t now, struct err *err);
/* Something below a local source's folder has changed: look there. */
int writer_take_news(struct writer *w, struct message *m, struct err *err);
/* Make the configuration's sources and their start addresses rows, end all leases, tell the net process of silences. */
int writer_open_sources(struct writer *w, int64_t now, struct err *err);
/* Give out what is due: how many jobs. A lease that a crash rolls back is simply due again: its job died with the monitor. */
int writer_lease(struct writer *w, struct err *err);

/* writer_pages.c: what a worker made of a capture. E_BAD: the worker lies or is broken; other errors are the store's. */
int writer_take_page(struct writer *w, struct message *m, struct err *err);

/* writer_evidence.c: is evidence ready to be kept? Tell custody of overrides that are new or have changed. */
int writer_open_evidence(struct writer *w, int64_t now, struct err *err);
/* Keep the facts of a page's capture, before its posts, if it has any. */
int writer_keep_capture(struct writer *w, struct reading *r, struct err *err);
/*
 * After its posts: seal the capture when a finding of it is severe enough, tell custody of each finding, and forget the capture
 * when nothing was new.
 */
int writer_seal(struct writer *w, const struct reading *r, struct err *err);

/* Keep the facts of any page's capture, and seal it whole as the proof that something is gone: the evidence's id, 0 without. */
int writer_seal_proof(struct writer *w, struct reading *r, int64_t *evidence_id, struct err *err);

/* writer_schedule.c: when something that is to be left alone for `wait` is visited again; 0 stays 0. */
int64_t writer_plan(struct writer *w, int source, int64_t now, int64_t wait);
/* Does it list what comes and goes: a listing, a feed, JSON? */
bool writer_is_list(const struct out *o);
/* Note what a visit, or one that found the page as it was, says of its source: its pulse, a gap, its canary. */
int writer_note_visit(struct writer *w, const struct reading *r, struct err *err);
int writer_note_same(struct writer *w, const struct out *o, int64_t now, struct err *err);

/* writer_links.c: what a page leads to. Counts in `r` what its list shows. */
int writer_keep_links(struct writer *w, struct reading *r, struct err *err);

/* The texts elsewhere that a finding links to are visited as well: they may be what it tells of. */
int writer_follow(struct writer *w, const struct reading *r, const struct read_post *post, struct err *err);

/* writer_withheld.c: tell of the posts of a page that rules keep out of the store. */
int writer_note_withheld(struct writer *w, const struct reading *r, struct err *err);

/* writer_outcomes.c: why there is no page. */
int writer_take_outcome(struct writer *w, struct message *m, struct err *err);

/* writer_duty.c: a finding was made or has changed: does somebody have to answer it? Then the first is asked. */
int writer_duty_found(struct writer *w, int64_t finding_id, int severity, int64_t now, struct err *err);
/* Ask the next where nobody has answered in time. */
int writer_duty_turn(struct writer *w, struct err *err);

/* writer_alerts.c: make the subscriptions of the configuration known to the store. */
int writer_open_alerts(struct writer *w, int64_t now, struct err *err);
/* A post was kept: who asked for such findings is told of it, in the same transaction. */
int writer_tell(struct writer *w, const struct reading *r, const struct read_post *post, const struct stored_result *kept,
		struct err *err);
/* Digests, what quiet hours held, what was too much for an hour: all that is due is told. */
int writer_tell_due(struct writer *w, struct err *err);

/* writer_mail.c: give the net process what is due, once it is committed. */
int writer_send_mail(struct writer *w, struct err *err);
/* What came of a mail. */
int writer_take_mailed(struct writer *w, struct message *m, struct err *err);

/* A message is dead: if it asked somebody, the next one is asked now. */
int writer_duty_undelivered(struct writer *w, int64_t outbox_id, int64_t now, struct err *err);

/* writer_watch.c: the heartbeat when its hour has come, and what is not well with the watch itself. */
int writer_watch_turn(struct writer *w, struct err *err);

/* Words about the watch to each who hears its heartbeat, now. */
int writer_watch_say(struct writer *w, struct str subject, struct str sentence, int64_t now, struct err *err);

/* The same about a topic: once for each step of it. */
int writer_watch_say_once(struct writer *w, struct str topic, int64_t step, struct str subject, struct str sentence,
			  int64_t now, struct err *err);

/* writer_takedown.c: see that the targets of takedowns that are due have their addresses in the frontier of source `i`. */
int writer_place_targets(struct writer *w, int i, int64_t now, struct err *err);
/* The source as which an address of theirs is visited: who is known there, or led there quietly; else `i` itself. */
int writer_route(struct writer *w, int i, const struct frontier_job *j, int *route, struct err *err);
/* What was seen there; a 304; why nothing was. */
int writer_take_look(struct writer *w, struct reading *r, struct err *err);
int writer_look_same(struct writer *w, const struct out *o, int64_t now, struct err *err);
int writer_look_failed(struct writer *w, const struct out *o, const struct outcome *m, int64_t now, struct err *err);
/* A post was kept that is a finding: is it nearly the text of a takedown? Then that goes on there. */
int writer_text_back(struct writer *w, const struct read_post *post, const struct stored_result *kept, int64_t now,
		     struct err *err);

/* writer_answers.c: what came back by mail: acknowledged, confirmed, left; addresses that do not exist. */
int writer_take_answers(struct writer *w, const struct reading *r, struct err *err);

/* writer_notices.c: an answer that names a notice of ours is attached to it: 1, also when it was before; 0 it names none. */
int writer_notice_answered(struct writer *w, const struct read_answer *x, int64_t now, struct err *err);
/* A message went, or will never: if it was a notice, its targets know of it, and of one that is dead people are told. */
int writer_notice_sent(struct writer *w, int64_t outbox_id, int64_t now, struct err *err);
int writer_notice_dead(struct writer *w, int64_t outbox_id, struct str why, int64_t now, struct err *err);

/* writer_sessions.c: forget the sessions of sources that are no more, give the net process the cookies of the others. */
int writer_open_sessions(struct writer *w, struct err *err);
/* Cookies that a site has set, from the net process. */
int writer_take_cookies(struct writer *w, struct message *m, struct err *err);

/* writer_login.c: where the sign-in of a source stands, as the store has it. */
void writer_open_sign_in(struct writer *w, int source, const struct session *session, int64_t now);
/* May the source's addresses be leased? Not while it has to sign in first. */
bool writer_is_in(const struct writer *w, int source);
/* When something is to be done for it: lease, or sign in. INT64_MAX while a sign-in is out, and for never. */
int64_t writer_wakes_at(const struct writer *w, int source);
/* Begin to sign in if that is due: 1 begun, 0 not. */
int writer_sign_in(struct writer *w, int source, int64_t now);
/* What a worker saw on a page of a sign-in. E_BAD: the worker lies or is broken; other errors are the store's. */
int writer_take_signed(struct writer *w, struct message *m, struct err *err);
/* There is no such page. */
int writer_sign_in_failed(struct writer *w, const struct outcome *o, struct err *err);
/*
 * A page asked who we are. 1: we have to sign in anew, or are about to, and the page is put back; 0: we had just done so, and
 * it asks still.
 */
int writer_was_signed_out(struct writer *w, const struct out *o, int64_t now, struct err *err);

/* writer_clock.c: has the clock gone back since the last call, or since the store was written last? Then say so and see to it.
 */
int writer_mind_clock(struct writer *w, struct err *err);

/* writer_absence.c: an address that holds posts is as it was: all of them were seen. */
int writer_page_same(struct writer *w, const struct out *o, int64_t now, struct err *err);
/*
 * It is gone, and its posts with it; but those of a further page of a thread may have moved to the page before, and are
 * unplaced until they have been nowhere for ABSENCE_PATIENCE: then another visit tells.
 */
struct gone {
	int deleted;
	size_t unplaced;
};
int writer_page_gone(struct writer *w, const struct out *o, int64_t now, struct gone *out, struct err *err);
/* A page was read, its posts are kept: mark those that are not there any more, and count the unplaced ones. */
int writer_note_missing(struct writer *w, struct reading *r, struct err *err);

#endif
