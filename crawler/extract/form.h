/* form.h - the page of a sign-in: are we in, and if not, which form has to be sent */
/* Runs in: worker. Standard: HTML 4.10.21 (form submission), as far as a form with a password needs it. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_FORM_H
#define WATCHDESK_CRAWLER_EXTRACT_FORM_H

#include "crawler/extract/extract.h"
#include "crawler/login.h"

struct login_page {
	bool in;	    /* login.signed_in holds */
	struct str problem; /* why there is no form to send; empty when `form` is one */
	struct login_form form;
};

/* Read a page of the source's sign-in; `out` lives in `a`. E_BAD or E_LIMIT: the reply cannot be read, `err` says why. */
int form_page_read(const struct source *s, const struct reply *r, struct arena *a, struct login_page *out, struct err *err);

#endif
