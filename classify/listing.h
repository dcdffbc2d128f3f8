/* listing.h - lists of files of an archive or a folder, and spools of mail: counted, and named */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_LISTING_H
#define WATCHDESK_CLASSIFY_LISTING_H

#include "classify/found.h"

struct listing {
	struct found *found;
	size_t entries[8]; /* by program that writes them so */
	size_t start, end;
	size_t private_names; /* entries whose names say that they were not for everybody */
	struct str named;     /* the first of them */
	size_t mails, mail_start, mail_end;
	uint32_t header; /* kinds of header lines of the mail at hand */
	size_t attachments;
};

/* The next line, with the white space at its front. */
void listing_line(struct listing *l, struct str line);
void listing_finish(struct listing *l);

#endif
