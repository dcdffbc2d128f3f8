/* login.h - signing in by a form: what is sent, where to, and how often it is tried */
/* Runs in: net (filling the form in), writer (waiting), supervisor (checking); its types are every role's. Standard:
 * application/x-www-form-urlencoded as WHATWG URL 5.2 writes it. */
#ifndef WATCHDESK_CRAWLER_LOGIN_H
#define WATCHDESK_CRAWLER_LOGIN_H

#include "base/buf.h"
#include "base/err.h"

struct url;

/* One thing after the other. */
enum login_step {
	LOGIN_NONE,
	LOGIN_ASK,   /* fetch the page with the form; we may be in already */
	LOGIN_SEND,  /* send the form, filled in */
	LOGIN_CHECK, /* the answer did not show whether we are in: ask for the page once more */
	LOGIN_STEPS,
};

struct login_field {
	struct str name, value;
};

/* A form as a page shows it. */
struct login_form {
	struct str action; /* where it is sent */
	struct login_field *fields;
	size_t n_fields;
	size_t user, password; /* which of the fields these are */
};

/* Append the form as it is sent, with name and password in their fields. E_LIMIT when it is larger than `out` may be. */
int login_write(const struct login_form *f, struct str user, struct str password, struct buf *out, struct err *err);
/* May a password be sent to this scheme and host: https, or where nobody listens: loopback and .onion? */
bool login_is_private(const struct url *url);
/* Why the form of this source is not sent to `action`, as a sentence; NULL when it may be. */
const char *login_refuses(const struct url *page, const struct url *action);
/* How long to wait after so many refusals in a row, us; 0 to try no more, because accounts are locked by those who do. */
int64_t login_wait(int refusals);

#endif
