/* credential.h - a line that holds a login and a password: in which order, divided by what */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_CREDENTIAL_H
#define WATCHDESK_CLASSIFY_CREDENTIAL_H

#include "classify/line.h"

enum credential_shape {
	CREDENTIAL_MAIL,   /* mail address and password */
	CREDENTIAL_URL,	   /* address, login and password, in any order */
	CREDENTIAL_HASH,   /* login and password hash */
	CREDENTIAL_RECORD, /* labelled fields on lines of their own */
	CREDENTIAL_PAIR,   /* login and password in a list of such lines */
	CREDENTIAL_ROW,	   /* a row of a table whose header names login and password; JSON likewise */
	CREDENTIAL_SHAPES
};

/* A line, or several, that was recognised. All borrowed from the text. */
struct credential {
	enum credential_shape shape;
	struct str host; /* the domain it opens: of the mail address, or of the site */
	struct str login, secret, whole;
	struct str account; /* the login as it stands in the text, when `login` is how it is meant */
	bool plausible;	    /* the password mixes kinds of characters */
	bool strong;	    /* one is enough: it was written into a sentence, and looks like nothing else */
};

/* The shape that a password had in the last row, so that columns of part numbers are not taken for passwords. */
struct credential_memory {
	uint32_t shape;
};

/* True, and `out` filled, when the line is a credential. `line` has no white space at its ends. */
bool credential_read(struct str line, const struct census *census, struct credential_memory *m, struct credential *out);

#endif
