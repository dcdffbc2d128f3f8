/* sheet.h - a table whose header names login and password: exports of browsers and password managers, lists of users */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_SHEET_H
#define WATCHDESK_CLASSIFY_SHEET_H

#include "classify/credential.h"

enum { SHEET_COLUMNS = 32 };

struct sheet {
	char separator;			    /* 0: no header was seen, or its rows have ended */
	size_t columns, url, login, secret; /* places; columns when there is none */
	size_t misses;
	struct str before; /* the last line: a header is read as such when a row stands below it */
	struct census before_signs;
	const char *maker; /* "Chrome", "KeePass" ...; NULL when the header says nothing */
};

/* The next line: true when it is a row below a header that names login and password. */
bool sheet_line(struct sheet *s, struct str line, const struct census *census, struct credential *out);

#endif
