/* writer_notices.c - notices on their way: gone, dead, answered */
#include "base/log.h"
#include "desk/takedown/post.h"
#include "desk/writer.h"
#include "store/finding.h"
#include "store/notice.h"

/* The notice that a public id stands for: its own, or that of its message. 1, 0 none. */
static int notice_named(struct writer *w, struct str id, struct notice_row *out, struct err *err)
{
	struct outbox_row row;
	int found;

	if (id.n != FINDING_ID - 1) /* all of its id: who knows the beginning knows nothing */
		return 0;
	found = notice_load(w->store, id, w->a, out, err);
	if (found)
		return found;
	found = outbox_load(w->store, id, w->a, &row, err);
	return found > 0 ? notice_of_message(w->store, row.id, w->a, out, err) : found;
}

/* Of all that it names the first that went out. */
static int notice_found(struct writer *w, struct str ids, struct notice_row *out, struct err *err)
{
	struct str id;
	int found = 0;

	while (found == 0 && ids.n && str_split(&ids, ' ', &id)) {
		found = notice_named(w, id, out, err);
		if (found > 0 && !out->outbox_id && out->state != NOTICE_SENT)
			found = 0;
	}
	return found;
}

static int told_case(struct writer *w, const struct notice_row *n, struct takedown_row *out, struct err *err)
{
	int found = takedown_get(w->store, n->takedown_id, w->a, out, err);

	return found ? found : err_set(err, E_STORE, "a notice whose takedown is missing");
}

int writer_notice_answered(struct writer *w, const struct read_answer *x, int64_t now, struct err *err)
{
	struct notice_answer answer = { .kind = x->kind == ANSWER_AUTOMATIC ? STR("receipt") : STR("answer"),
					.sender = x->address,
					.message = x->id,
					.content = x->text };
	struct takedown_row its;
	struct notice_row n;
	char hex[DIGEST_HEX];
	unsigned char digest[DIGEST_BYTES];
	int fresh = notice_found(w, x->about, &n, err);

	if (fresh <= 0)
		return fresh;
	if (answer.message.n == 0) { /* told from the others by what it says */
		digest_sha256(x->text, digest);
		answer.message = str_of(digest_hex(digest, DIGEST_BYTES, hex));
	}
	fresh = notice_answer_add(w->store, &n, &answer, STR(FINDING_CARRIER), now, err);
	log_event(LOG_INFO, "notice-answered", "notice=%.8s kind=%.*s from=\"%.*s\" new=%d", n.public_id.p,
		  STR_ARG(answer.kind), STR_ARG(x->address), fresh > 0);
	if (fresh <= 0 || x->kind == ANSWER_AUTOMATIC)
		return fresh < 0 ? fresh : 1;
	if (told_case(w, &n, &its, err) < 0 ||
	    writer_watch_say(w, STR("a host has answered"),
			     arena_printf(w->a, "%.*s has answered the notice %.8s: `watchdesk takedown show %.8s`.",
					  STR_ARG(x->address), n.public_id.p, its.public_id.p),
			     now, err) < 0)
		return err->code;
	return 1;
}

int writer_notice_sent(struct writer *w, int64_t outbox_id, int64_t now, struct err *err)
{
	struct notice_row n;
	int found = notice_of_message(w->store, outbox_id, w->a, &n, err);

	if (found <= 0)
		return found;
	log_event(LOG_INFO, "notice-sent", "notice=%.8s to=\"%.*s\"", n.public_id.p, STR_ARG(n.recipient));
	return takedown_sent(w->store, w->role->config->takedowns, &n, STR(FINDING_CARRIER), now, w->a, err);
}

int writer_notice_dead(struct writer *w, int64_t outbox_id, struct str why, int64_t now, struct err *err)
{
	struct takedown_row its;
	struct notice_row n;
	int fresh = notice_of_message(w->store, outbox_id, w->a, &n, err);

	if (fresh > 0)
		fresh = notice_dead(w->store, &n, why, STR(FINDING_CARRIER), now, err);
	if (fresh <= 0)
		return fresh;
	log_event(LOG_WARN, "notice-dead", "notice=%.8s to=\"%.*s\" why=\"%.*s\"", n.public_id.p, STR_ARG(n.recipient),
		  STR_ARG(why));
	if (told_case(w, &n, &its, err) < 0)
		return err->code;
	return writer_watch_say(
		w, STR("a notice did not arrive"),
		arena_printf(w->a,
			     "The notice %.8s to %.*s did not arrive: %.*s. `watchdesk takedown show %.8s` says "
			     "what it is about; edit it, or draft another one.",
			     n.public_id.p, STR_ARG(n.recipient), STR_ARG(why), its.public_id.p),
		now, err);
}
