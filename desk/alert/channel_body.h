/* channel_body.h - what each type of channel gets: a letter in the shape of the service */
/* Runs in: net, verbs. Pure. Standards: RFC 5424, 5425 (syslog), CEF 0 (ArcSight), Adaptive Cards 1.2, Standard Webhooks 1.0;
 * the rest are the services' own. */
#ifndef WATCHDESK_DESK_ALERT_CHANNEL_BODY_H
#define WATCHDESK_DESK_ALERT_CHANNEL_BODY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct alert_channel;
struct facts;

/* All that a body is made of. */
struct channel_content {
	struct str id;	 /* of the row of the outbox: a repeat has the same, so that it is no second event */
	int64_t made_at; /* us UTC */
	struct str host; /* that says so: syslog's HOSTNAME, an event's source */
	struct str subject, text;
	const struct facts *facts;
	struct str url, secret; /* of the channel */
	struct arena *a;
};

/* JSON of our own, in the shape of Standard Webhooks; a command gets the same. */
void channel_webhook(const struct channel_content *c, struct buf *out);
/* An incoming webhook: blocks of plain text. */
void channel_slack(const struct channel_content *c, struct buf *out);
/* An incoming webhook: Markdown, all of it escaped or in a block of code. */
void channel_mattermost(const struct channel_content *c, struct buf *out);
/* A workflow's webhook: an adaptive card of runs of text. */
void channel_teams(const struct channel_content *c, struct buf *out);
/* The content of m.room.message. */
void channel_matrix(const struct channel_content *c, struct buf *out);
/* A message to publish; the topic is the last part of the address. */
void channel_ntfy(const struct channel_content *c, struct buf *out);
/* An event of the Events API, version 2: trigger, or acknowledge for an answer. */
void channel_pagerduty(const struct channel_content *c, struct buf *out);
/* An alert, or for an answer what acknowledges one. */
void channel_opsgenie(const struct channel_content *c, struct buf *out);
/* One framed message of syslog with CEF in it. */
void channel_syslog(const struct channel_content *c, struct buf *out);

/* The headers that let a receiver know that it is us, at `now` (Unix seconds): webhook-id, -timestamp, -signature. */
void channel_sign(const struct channel_content *c, struct str body, int64_t now, struct buf *headers);

#endif
