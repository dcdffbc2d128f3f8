/* site.h - a scripted web site for tests: pastes, a forum, feeds, and everything that goes wrong with them */
/* Runs in: the program `site`, one process, loopback only. HTTP/1.1 as RFC 9110 and 9112 have it, as far as the tests need. */
#ifndef WATCHDESK_TESTS_SITE_SITE_H
#define WATCHDESK_TESTS_SITE_SITE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

enum post_kind { POST_PASTE, POST_FORUM, POST_FEED, POST_PRIVATE, POST_KINDS };

/* A row of posts/index and the bytes of posts/KEY.txt. */
struct site_post {
	enum post_kind kind;
	int thread; /* of the forum; 0 elsewhere */
	int64_t posted_at;
	struct str key, charset, expected, author, title;
	struct str text; /* any bytes */
	bool gone, soft; /* deleted or not there yet, as posts_refresh() saw; a soft one answers 200 and says so */
	struct str as;	 /* the path as which it is answered instead: "/fault/login"; empty for its own */
};

struct site {
	struct arena *arena;
	struct site_post *posts; /* in the index's order, newest first */
	size_t n_posts;
	int64_t epoch;	 /* what the index's minutes count back from: the last midnight, so that a day's answers are the same */
	uint64_t bulk;	 /* generated pastes */
	unsigned visits; /* of traps: each is told another session */
	bool was_busy;	 /* /fault/busy has sent its 429 */
	struct buf bomb;
	const char *changes; /* folder: KEY.gone or KEY.soft deletes a post, KEY.txt is its new text, KEY.as holds a path whose
				answer it gets, and `down` the paths below which all is 503; NULL for none */
	const char *clock;   /* file with the time that it is here; NULL: that of the machine */
	struct str down;     /* as posts_refresh() saw */
	FILE *log;
};

struct request {
	struct str method, path, if_none_match, if_modified_since, user_agent, type, cookie;
	struct str body;
	uint64_t length; /* Content-Length */
	bool keep_alive;
};

enum delivery {
	DELIVER_WHOLE,
	DELIVER_DRIP,	   /* a byte a second, for ever */
	DELIVER_TRUNCATED, /* Content-Length promises more than comes */
	DELIVER_CHUNKED,   /* in chunks, with extensions and a trailer */
	DELIVER_CUT,	   /* in chunks, and closed before the last one */
};

struct reply {
	int status;
	const char *type; /* Content-Type */
	int64_t modified; /* Last-Modified; 0 for none. With it comes an ETag, and 304 when the client has it */
	enum delivery delivery;
	struct buf headers; /* further lines, each with CRLF */
	struct buf body;
};

#define REPLY_INIT                                                                                                        \
	{                                                                                                                 \
		.status = 200, .type = "text/html; charset=utf-8", .headers = BUF_INIT(MIB(1)), .body = BUF_INIT(MIB(16)) \
	}

/* What time it is on the site: that of its clock's file, else that of the machine. */
int64_t site_now_us(const struct site *s);

/* Read posts/index and the texts of `folder` into the site's arena, among those that are there, the newest first. */
int posts_read(struct site *s, const char *folder, struct err *err);
/* The post with this key; NULL when there is none. */
const struct site_post *posts_find(const struct site *s, struct str key);

/* See what has been posted, deleted and edited since. */
void posts_refresh(struct site *s);
/* The path as which one is answered: itself, unless it is that of a paste that is answered as another. */
struct str posts_path(const struct site *s, struct str path);
/* Is it one of those that do not answer at present? */
bool posts_down(const struct site *s, struct str path);

/* Answer any request. */
void site_answer(struct site *s, const struct request *q, struct reply *r);
/* 200 with a page that says that it is not there, as many paste sites do. */
void answer_soft_404(struct reply *r);

/* The faults: false when `name` is none of them. */
bool fault_answer(struct site *s, struct str name, struct reply *r);
/* A page that links to all of them, as a listing. */
void fault_list(struct reply *r);

/* The traps: false when `name` is none of them. */
bool trap_answer(struct site *s, struct str name, struct reply *r);

/* Generated pastes, the same at every run: number `k` from 0, and listing page `i` of `n` pastes. */
void bulk_paste(uint64_t k, struct buf *out);
void bulk_listing(uint64_t i, uint64_t n, struct buf *out);
/* Write n pastes and their listings below `folder` in the layout of the addresses, for another server to serve. */
int bulk_write(const char *folder, uint64_t n, struct err *err);

/* Append `s` as HTML or XML text; bytes that are not UTF-8, or that XML 1.0 forbids, become U+FFFD. */
void markup_text(struct buf *out, struct str s);

/* Serve on 127.0.0.1:`port` (0: a free one, printed on standard output) until SIGTERM or SIGINT. */
int serve(struct site *s, int port, struct err *err);

#endif
