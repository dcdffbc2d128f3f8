/* fetch.h - a job on its way through the net process, or the robots.txt that one waits for */
/* Runs in: net. */
#ifndef WATCHDESK_DESK_FETCH_H
#define WATCHDESK_DESK_FETCH_H

#include "base/limits.h"
#include "base/net.h"
#include "crawler/manners.h"
#include "desk/protocol.h"

enum fetch_state { FETCH_NEW, FETCH_ACTIVE, FETCH_CAPTURED };

/* A job on its way, or the robots.txt that one waits for. */
struct fetch {
	struct job job;							/* its strings are not kept; these are: */
	struct buf url, title, etag, last_modified, body_digest, agent; /* url: where the redirects have led */
	struct buf post; /* the form of a sign-in, filled in: secret; sent once, not where a redirect leads */
	enum fetch_state state;
	bool robots, permitted;
	bool strayed; /* a redirect has led to another host: the source's own privileges stay behind */
	int retries, deaths;
	int64_t not_before; /* a redirect has said so (RFC 9110 10.2.3); 0 for none */
	struct host *host;
	struct capture *redirects[LIMIT_REDIRECTS]; /* that led to where it is */
	size_t n_redirects;
	struct capture *capture;
};

/* A fetch of `url` for a job, as `agent`; strings are copied. */
struct fetch *fetch_new(const struct job *job, struct str url, struct str agent);
/* Free it with its capture, and let go of its host. */
void fetch_free(struct fetch *x);
/* Begin it anew, without the capture that came. */
void fetch_restart(struct fetch *x);
/*
 * Begin it anew where a redirect leads. The capture of the redirect is kept for the trail, its body while those of all
 * redirects have no more than LIMIT_REDIRECT_BODIES. At most LIMIT_REDIRECTS times.
 */
void fetch_follow(struct fetch *x, struct str url);
/* Forget the form that was to be sent, and its bytes. */
void fetch_forget_post(struct fetch *x);
/* Bytes of the bodies that it holds. */
size_t fetch_size(const struct fetch *x);
/* Put its trail into the channel of a worker, with the receipt for it. */
void fetch_deliver(const struct fetch *x, const unsigned char key[DIGEST_KEY_BYTES], struct channel *worker);

#endif
