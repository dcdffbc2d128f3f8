/* stamp.c - have the head of the custody chain stamped */
#include "desk/stamp.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/net.h"
#include "crawler/chunks.h"
#include "desk/verb.h"
#include "store/custody.h"

/* The exchange, when it is over. */
static struct capture *exchange(const struct net_request *r, struct err *err)
{
	AUTO_FREE(net) net = net_new(err);
	int64_t end = clock_steady_us() + 2 * LIMIT_FETCH_MS * INT64_C(1000);
	struct capture *done = NULL;

	if (!net || net_start(net, r, err) < 0)
		return NULL;
	while (!(done = net_next(net)) && clock_steady_us() < end)
		net_wait(net, NULL, 0, 1000);
	if (!done)
		err_set(err, E_NET, "it did not answer");
	return done;
}

/* The bytes of the answer, in the arena or borrowed from the capture. */
static int answer_read(const struct capture *c, struct arena *a, struct str *out, struct err *err)
{
	struct str type = capture_header(c, "Content-Type");

	if (c->failure != NET_OK)
		return err_set(err, E_NET, "%s", c->failure_text);
	if (c->status != 200)
		return err_set(err, E_NET, "it answered with HTTP status %d, expected 200", c->status);
	if (!str_starts(type, STR("application/timestamp-reply")))
		return err_set(err, E_NET, "it answered with \"%.*s\", expected application/timestamp-reply",
			       STR_ARG(str_slice(type, 0, 100)));
	if (chunks_join(a, capture_header(c, "Transfer-Encoding"), buf_str(&c->body), out, err) < 0)
		return err->code;
	return 0;
}

static int ask(const struct config *c, const struct timestamp_query *q, struct buf *token, struct timestamp *says,
	       struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	AUTO(buf) query = BUF_INIT(LIMIT_POST);
	struct net_request r = { .url = str_of(c->authority),
				 .user_agent = STR("watchdesk/" WATCHDESK_VERSION),
				 .post_type = STR("application/timestamp-query"),
				 .allow_private = true, /* whoever configured it knows where it is */
				 .max_bytes = LIMIT_TIMESTAMP };
	struct str reply;

	if (timestamp_request(q, &query, err) < 0)
		return err->code;
	r.post = buf_str(&query);
	{
		AUTO_FREE(capture) answer = exchange(&r, err);

		if (!answer || answer_read(answer, a, &reply, err) < 0)
			return err->code;
		return timestamp_reply(reply, q, c->authority_ca, token, says, err);
	}
}

/* The token and the act, together. */
static int keep(const struct config *c, struct store *s, const struct custody_head *head, struct str token,
		const struct timestamp *says, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	AUTO(buf) detail = BUF_INIT(KIB(8));
	struct json_writer w = { .out = &detail };
	const struct anchor anchor = { .sequence = head->sequence,
				       .hash = { (const char *)head->hash, DIGEST_BYTES },
				       .at = says->at,
				       .kind = STR("rfc3161"),
				       .place = str_of(c->authority),
				       .token = token };
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];

	digest_sha256(token, digest);
	json_open(&w, NULL, '{');
	json_put_int(&w, "sequence", head->sequence);
	json_put_text(&w, "hash", str_of(digest_hex(head->hash, DIGEST_BYTES, hex)));
	json_put_text(&w, "token", str_of(digest_hex(digest, DIGEST_BYTES, hex)));
	json_put_text(&w, "authority", str_of(c->authority));
	json_put_text(&w, "by", str_of(says->authority));
	json_put_text(&w, "serial", str_of(says->serial));
	json_put_time(&w, "time", says->at);
	json_close(&w, '}');
	if (store_begin(s, err) < 0)
		return err->code;
	if (anchor_add(s, &anchor, err) < 0 || custody_add(s,
							   &(struct custody_act){ .kind = CUSTODY_STAMP,
										  .subject = STR("store"),
										  .operator_name = user_name(a),
										  .detail = buf_str(&detail) },
							   clock_now_us(), err) < 0) {
		store_rollback(s);
		return err->code;
	}
	return store_commit(s, err);
}

int stamp_head(const struct config *c, struct store *s, struct stamped *out, struct err *err)
{
	AUTO(buf) token = BUF_INIT(LIMIT_TIMESTAMP);
	struct timestamp_query q;
	struct custody_head head;
	struct timestamp says;
	int found;

	if (!c->authority)
		return err_set(err, E_USAGE,
			       "%s names no time-stamp authority; give its address and CA below `evidence:` as authority and "
			       "authority_ca",
			       c->path);
	found = custody_head(s, &head, err);
	if (found <= 0)
		return found < 0 ? found : err_set(err, E_USAGE, "custody has no entry yet; there is nothing to stamp");
	memcpy(q.digest, head.hash, DIGEST_BYTES);
	digest_random(q.nonce, sizeof(q.nonce));
	if (ask(c, &q, &token, &says, err) < 0)
		return err_at(err, "the time-stamp authority %s", c->authority);
	if (keep(c, s, &head, buf_str(&token), &says, err) < 0)
		return err->code;
	if (out)
		*out = (struct stamped){ head.sequence, says };
	return 0;
}
