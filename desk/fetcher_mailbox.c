/* fetcher_mailbox.c - mail out of the mailbox that answers land in: one at a time, each marked once the writer has kept it */
#include "base/log.h"
#include "base/net_imap.h"
#include "desk/fetcher.h"
#include "desk/mailbox.h"

/*
 * The entity tag that comes with a job is what the store has of the mail before: it is committed, so that mail is marked as
 * read now. Whoever is killed in between reads it again, and its token is spent.
 */
void fetcher_collect(struct fetcher *f, struct fetch *x)
{
	struct net_mailbox wish = mailbox_of(&f->role->config->alerts, &f->mailbox);
	struct err err = { 0 };

	wish.read = buf_str(&x->etag);
	wish.owner = x;
	x->state = FETCH_ACTIVE;
	fetcher_add(f, x);
	if (f->mailbox.why.code)
		fetcher_refuse(f, x, "login", f->mailbox.why.text);
	else if (net_collect(f->net, &wish, &err) < 0)
		fetcher_refuse(f, x, "mail", err.text);
}

void fetcher_collected(struct fetcher *f, struct fetch *x, struct capture *c)
{
	struct str cut = capture_header(c, "Content-Range");

	x->capture = c;
	if (c->failure != NET_OK) {
		log_event(LOG_WARN, "mailbox", "why=\"%s\"", c->failure_text);
		fetcher_refuse(f, x, net_failure_names[c->failure], c->failure_text);
	} else if (c->status == 304) {
		fetcher_give_up(f, x, (struct outcome){ .kind = OUTCOME_NOT_MODIFIED });
	} else {
		if (cut.n)
			log_event(LOG_WARN, "mail-cut", "of=\"%.*s\" why=\"larger than is read: only its beginning was\"",
				  STR_ARG(cut));
		fetcher_remove(f, x);
		x->state = FETCH_CAPTURED;
		hands_add(&f->hands, x);
	}
}
