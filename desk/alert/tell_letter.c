/* tell_letter.c - what subscribers get to read */
#include "desk/alert/tell_letter.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/smime.h"
#include "desk/alert/compose.h"
#include "desk/alert/subscribers.h"

/* Answers reach us at the address that writes; the token in their subject says what they are about. */
static struct str leave_by_mail(const struct letter_for *f)
{
	char token[TOKEN_TEXT];

	return arena_printf(f->a, "mailto:%.*s?subject=unsubscribe%%20%s", STR_ARG(f->config->alerts.from.text),
			    subscribers_token(f->store, f->to->public_id, TOKEN_LEAVE, f->now, token));
}

/* ... and by one click where there is something that takes it. */
static struct str ways_to_leave(const struct letter_for *f)
{
	const struct str endpoint = f->config->alerts.endpoint.text, mail = leave_by_mail(f);
	char token[TOKEN_TEXT];

	if (!endpoint.n)
		return mail;
	return arena_printf(f->a, "%.*s/%s %.*s", STR_ARG(endpoint),
			    subscribers_token(f->store, f->to->public_id, TOKEN_LEAVE, f->now, token), STR_ARG(mail));
}

static struct compose_manner manner_of(const struct letter_for *f, bool may_leave)
{
	static const enum compose_format formats[] = { [ALERT_BOTH] = COMPOSE_HTML,
						       [ALERT_TEXT] = COMPOSE_TEXT,
						       [ALERT_JSON] = COMPOSE_JSON,
						       [ALERT_XARF] = COMPOSE_XARF };

	return (struct compose_manner){
		.format = formats[f->to->format],
		.for_management = f->to->audience == ALERT_TO_MANAGEMENT,
		.organisation = f->config->organisation.text,
		.list_id = arena_printf(f->a, "alerts.%.*s", STR_ARG(f->config->alerts.domain)),
		.unsubscribe = may_leave ? ways_to_leave(f) : (struct str){ 0 },
	};
}

/* All that it says becomes one sealed thing; outside stands the head of its subject, which names nobody's words. */
static int seal(const struct letter_for *f, struct letter *l, struct err *err)
{
	AUTO(buf) der = BUF_INIT(4 * LIMIT_LETTER);
	AUTO(buf) text = BUF_INIT(LIMIT_LETTER);
	struct smime_file files[LIMIT_LETTER_FILES];
	struct smime_entity e = { l->subject, l->text, l->html, files, l->n_attachments };
	ssize_t end = str_find(l->subject, STR(":"));

	for (size_t i = 0; i < l->n_attachments; i++)
		files[i] = (struct smime_file){ l->attachments[i].name, l->attachments[i].type, l->attachments[i].content };
	if (smime_seal(f->to->certificate.text, &e, &der, err) < 0)
		return err->code;
	base64_encode(buf_str(&der), &text);
	if (text.full)
		return err_set(err, E_LIMIT, "a mail to %.*s is too large to be encrypted", STR_ARG(f->to->recipient));
	l->subject = end < 0 ? STR("[watchdesk] for you (encrypted)")
			     : arena_printf(f->a, "%.*s (encrypted)", STR_ARG(str_slice(l->subject, 0, (size_t)end)));
	l->text = STR("This mail is encrypted.");
	l->html = l->facts = (struct str){ 0 };
	l->n_attachments = 0;
	l->sealed = arena_copy(f->a, buf_str(&text));
	return 0;
}

static int write_out(const struct letter_for *f, struct letter *l, struct written *out, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);

	if (f->to->certificate.text.n && seal(f, l, err) < 0)
		return err->code;
	letter_put(&content, l);
	if (content.full)
		return err_set(err, E_LIMIT, "a mail to %.*s has more than %zu bytes", STR_ARG(f->to->recipient),
			       (size_t)LIMIT_LETTER);
	*out = (struct written){ l->subject, arena_copy(f->a, buf_str(&content)) };
	return 0;
}

/* How data got out where they are: by what the source is. */
static const char *exposure_of(const struct config *c, struct str source)
{
	for (size_t i = 0; i < c->n_sources; i++)
		if (str_eq(c->sources[i].name.text, source))
			return str_starts(c->sources[i].engine.text, STR("ransom")) ? "ransomware_leak"
			       : c->sources[i].raw.text.n			    ? "paste_site"
										    : "forum_post";
	return "other";
}

int letter_of_finding(const struct letter_for *f, const struct finding_detail *d, int raised_from, int64_t repeats,
		      struct written *out, struct err *err)
{
	const struct compose_facts facts = { .manner = manner_of(f, true),
					     .detail = d,
					     .repeats = repeats,
					     .raised_from = raised_from,
					     .contact = f->config->alerts.from.text,
					     .exposure = exposure_of(f->config, d->finding.source) };
	struct letter l;

	compose_finding(f->a, &facts, &l);
	return write_out(f, &l, out, err);
}

static struct str why_together(const struct letter_for *f, struct str why)
{
	static const char *const digests[] = { [WHEN_AT_ONCE] = "together",
					       [WHEN_HOURLY] = "hourly digest",
					       [WHEN_DAILY] = "daily digest",
					       [WHEN_WEEKLY] = "weekly digest" };

	if (str_eq(why, STR("ceiling")))
		return arena_printf(f->a, "more than %lld mails an hour", (long long)f->config->alerts.ceiling);
	return str_eq(why, STR("quiet")) ? STR("held by quiet hours") : str_of(digests[f->to->when.kind]);
}

int letter_of_digest(const struct letter_for *f, const struct letter_digest *d, struct written *out, struct err *err)
{
	struct compose_digest digest = { .manner = manner_of(f, true),
					 .findings = d->findings,
					 .repeats = d->repeats,
					 .n = d->n,
					 .n_known = d->n_known,
					 .total = (int64_t)(d->n - d->n_known) + d->more,
					 .why = why_together(f, d->why),
					 .from = d->from,
					 .to = f->now };
	struct letter l;

	for (size_t i = 0; i < d->n; i++)
		digest.total += d->repeats[i];
	compose_digest(f->a, &digest, &l);
	return write_out(f, &l, out, err);
}

int letter_of_question(const struct letter_for *f, struct written *out, struct err *err)
{
	AUTO(buf) words = BUF_INIT(LIMIT_LETTER);
	const struct compose_manner manner = manner_of(f, false);
	char token[TOKEN_TEXT];
	struct letter l;
	struct str sentences[5];

	subscribers_token(f->store, f->to->public_id, TOKEN_CONFIRM, f->now, token);
	subscription_say(&words, f->to);
	sentences[0] = STR("Somebody subscribed this address to the alerts of a watch desk.");
	sentences[1] = arena_printf(f->a, "They are findings %.*s.", STR_ARG(buf_str(&words)));
	sentences[2] = STR(
		"Answer this mail and leave its subject as it is, and you get them. Do nothing, and nothing else is sent.");
	sentences[3] = arena_printf(f->a,
				    "The word in the subject works once, for %d days; whoever runs the watch can use it too:",
				    SUBSCRIBERS_CONFIRM_DAYS);
	sentences[4] = arena_printf(f->a, "watchdesk subscribe confirm %s", token);
	compose_note(f->a, &manner, arena_printf(f->a, "Do you want these alerts? (%s)", token), sentences, 5, &l);
	return write_out(f, &l, out, err);
}
