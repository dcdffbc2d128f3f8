/* tell_letter.c - what subscribers get to read */
#include "desk/alert/tell_letter.h"

#include "base/clock.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/alert/letter.h"
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

static int finish(const struct letter_for *f, struct letter *l, struct buf *text, struct written *out, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);

	l->text = arena_copy(f->a, buf_str(text));
	l->auto_submitted = true;
	letter_put(&content, l);
	if (text->full || content.full)
		return err_set(err, E_LIMIT, "a mail to %.*s has more than %zu bytes", STR_ARG(f->to->recipient),
			       (size_t)LIMIT_LETTER);
	*out = (struct written){ l->subject, arena_copy(f->a, buf_str(&content)) };
	return 0;
}

static const char *asset_of(const struct letter_for *f, const struct finding *x)
{
	return x->asset.n ? arena_copy(f->a, x->asset).p : "no asset of ours";
}

/* An address that nobody follows by mistake. */
static void put_defanged(struct buf *out, struct str url)
{
	if (str_starts(url, STR("http"))) {
		buf_add(out, STR("hxxp"));
		url = str_slice(url, 4, url.n);
	}
	for (size_t i = 0; i < url.n; i++)
		if (url.p[i] == '.')
			buf_add(out, STR("[.]"));
		else
			buf_add_char(out, url.p[i]);
}

static void put_line(const struct letter_for *f, const struct letter_line *line, struct buf *out)
{
	const struct finding *x = &line->detail->finding;

	buf_printf(out, "%s %.*s (%d): %s on %.*s\n", severity_name(x->severity), STR_ARG(x->category), x->severity,
		   asset_of(f, x), STR_ARG(x->source));
	if (f->to->audience == ALERT_TO_DESK) {
		buf_printf(out, "  %.*s\n  ", STR_ARG(x->title));
		put_defanged(out, x->url);
		buf_add_char(out, '\n');
	}
	if (line->repeats)
		buf_printf(out, "  %s%lld more of it\n", line->known ? "known; " : "", (long long)line->repeats);
	buf_printf(out, "  watchdesk show %.8s\n", x->public_id.p);
}

static void put_end(const struct letter_for *f, struct buf *out)
{
	buf_printf(out, "\nYou get this by subscription %.8s; to leave, write to\n%.*s\n", f->to->public_id.p,
		   STR_ARG(leave_by_mail(f)));
}

int letter_of_finding(const struct letter_for *f, const struct finding_detail *d, int64_t step, int64_t repeats,
		      struct written *out, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_LETTER);
	const struct finding *x = &d->finding;
	const struct letter_line line = { d, repeats, false };
	struct letter l = { .unsubscribe = ways_to_leave(f) };

	l.subject = arena_printf(f->a, "[watchdesk] %s %.*s: %s on %.*s", severity_name(x->severity), STR_ARG(x->category),
				 asset_of(f, x), STR_ARG(x->source));
	if (x->campaign.n)
		l.references = arena_printf(f->a, "campaign.%.*s", STR_ARG(x->campaign));
	if (step > 1)
		buf_printf(&text, "It is worse than what we told before.\n");
	put_line(f, &line, &text);
	put_end(f, &text);
	return finish(f, &l, &text, out, err);
}

static const char *why_together(struct str why)
{
	return str_eq(why, STR("ceiling")) ? "There were too many in an hour to write of each"
	       : str_eq(why, STR("quiet")) ? "They came in your quiet hours"
					   : "What came since the last";
}

int letter_of_digest(const struct letter_for *f, const struct letter_line *lines, size_t n, size_t more, struct str why,
		     struct written *out, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_LETTER);
	struct letter l = { .unsubscribe = ways_to_leave(f) };

	l.subject = arena_printf(f->a, "[watchdesk] %zu campaigns, the worst %s", n + more,
				 n ? severity_name(lines[0].detail->finding.severity) : "unknown");
	buf_printf(&text, "%s:\n\n", why_together(why));
	for (size_t i = 0; i < n; i++)
		put_line(f, &lines[i], &text);
	if (more)
		buf_printf(&text, "... and %zu more: watchdesk list\n", more);
	put_end(f, &text);
	return finish(f, &l, &text, out, err);
}

int letter_of_question(const struct letter_for *f, struct written *out, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_LETTER), terms = BUF_INIT(LIMIT_LETTER);
	char token[TOKEN_TEXT];
	struct letter l = { 0 };

	subscribers_token(f->store, f->to->public_id, TOKEN_CONFIRM, f->now, token);
	subscription_put(&terms, f->to);
	l.subject = arena_printf(f->a, "[watchdesk] Do you want these alerts? (%s)", token);
	buf_printf(&text,
		   "Somebody at %.*s subscribed this address to the alerts of their watch desk:\n\n  %.*s\n\n"
		   "Answer this mail, leaving its subject as it is, and you get them. If you do\n"
		   "not want them, do nothing: nothing else is sent. The word in the subject,\n\n  %s\n\n"
		   "works for %d days, and once; who runs the watch can give it to\n`watchdesk subscribe confirm` too.\n",
		   STR_ARG(f->config->organisation.text), STR_ARG(buf_str(&terms)), token, SUBSCRIBERS_CONFIRM_DAYS);
	return finish(f, &l, &text, out, err);
}
