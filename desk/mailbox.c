/* mailbox.c - the mailbox on a server that answers to our mail land in */
#include "desk/mailbox.h"

enum { WAIT_MS = 500 };

struct net_mailbox mailbox_of(const struct alerts *a, const struct secrets *s)
{
	return (struct net_mailbox){
		.server = a->inbox_server,
		.folder = a->inbox_folder,
		.plain = a->inbox_tls == ALERTS_TLS_NONE,
		.user = buf_str(&s->user),
		.password = buf_str(&s->password),
		.trust = a->inbox_trust,
		.pin = a->inbox_pin.text,
	};
}

static int greet(const struct config *c, const struct secrets *s, struct err *err)
{
	AUTO_FREE(net) net = net_new(err);
	struct net_mailbox wish = mailbox_of(&c->alerts, s);
	struct capture *capture = NULL;

	wish.greet = true;
	if (!net || net_collect(net, &wish, err) < 0)
		return err->code;
	while (!(capture = net_next(net)))
		net_wait(net, NULL, 0, WAIT_MS);
	if (capture->failure != NET_OK)
		err_set(err, E_NET, "%s", capture->failure_text);
	capture_free(capture);
	return err->code;
}

int mailbox_check(const struct config *c, struct err *err)
{
	struct secrets s;

	secrets_read_mailbox(&s, &c->alerts);
	if (s.why.code)
		*err = s.why;
	else
		greet(c, &s, err);
	secrets_release(&s);
	return err->code;
}
