/* edition.h - the folder of a report: pages that are others than before are replaced, each in one step, the index last */
/* Runs in: verbs (`report`), supervisor. A page is known by its name below the folder and by a stamp, eight bytes of a digest
 * over all that it is made of: whoever can tell the stamp of a page beforehand need not make it. What was written when lies in
 * the file `.pages` of the folder. */
#ifndef WATCHDESK_WEB_EDITION_H
#define WATCHDESK_WEB_EDITION_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/err.h"

struct edition;

/*
 * Begin an edition in `folder`, made if it is not there and locked against a second writer. `facts` is what every page depends
 * on, such as style and organisation: when it is another than that of the last edition, all pages are made anew. E_USAGE when
 * the folder holds anything that is of no report; E_IO, E_FULL.
 */
struct edition *edition_open(const char *folder, struct str facts, struct err *err);
/* What was written stays; without edition_close() the old index does too. After a crash the next edition writes all pages anew.
 */
void edition_free(struct edition *e);
AUTO_FREES(edition)

/* Eight bytes of a digest, as an even number. */
uint64_t edition_stamp(struct str of);
/* Does the page stand there with this stamp? Then it stays, and belongs to this edition. */
bool edition_keeps(struct edition *e, const char *name, uint64_t stamp);
/* Replace it; folders in its name are made. E_LIMIT when `page` is full. */
int edition_put(struct edition *e, const char *name, uint64_t stamp, const struct buf *page, struct err *err);
/* The same for a page that had to be made to know whether it is another. */
int edition_put_if_new(struct edition *e, const char *name, const struct buf *page, struct err *err);
/* Does the page belong to this edition by now? Then others may lead to it. */
bool edition_has(struct edition *e, const char *name);
/*
 * The index: written when all else is on the disk. Then pages that are in no edition any more go. What was written: at
 * edition_written().
 */
int edition_close(struct edition *e, const char *name, const struct buf *index, struct err *err);
/* Pages replaced, kept and removed by this edition. */
struct edition_count {
	int64_t written, kept, removed;
};
struct edition_count edition_counted(const struct edition *e);

#endif
