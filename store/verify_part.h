/* verify_part.h - what the parts of a verification share */
/* Runs in: verbs. Only store/verify*.c includes it. */
#ifndef WATCHDESK_STORE_VERIFY_PART_H
#define WATCHDESK_STORE_VERIFY_PART_H

#include "store/internal.h"
#include "store/verify.h"

#define VERIFY_PAGE "500" /* rows read at once */

struct verify {
	struct store *store;
	const struct verify_options *o;
	struct verify_result *out;
	struct arena *a, *row; /* of a page, and of a row of it */
	const char *what;
	int64_t custody_since; /* when the first finding was captured into custody; INT64_MAX for never */
	bool hold;	       /* count what is wrong instead of telling it */
	int held;
};

/* Tell a problem, or count it while they are held. */
void verify_wrong(struct verify *v, const char *kind, const char *where, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Tell how far it is. */
void verify_went(const struct verify *v, int64_t done);
/* Is what is stored this digest? */
bool verify_same(struct str stored, const unsigned char *digest);

/* A row of a table that is gone through by its id. */
struct page_row {
	int64_t id, number[3];
	struct str bytes[4];
};

/* A page of rows behind :after into the arena: how many. Columns are id, then what `shape` says: n number, b bytes. */
int verify_page(struct verify *v, const char *sql, const char *shape, int64_t after, struct page_row **rows, size_t *n,
		struct err *err);
/* A digest written in the detail of an entry: 1 into `out`, 0 when there is none. */
int verify_digest(const struct json *detail, const char *key, unsigned char out[DIGEST_BYTES]);
/* The item of evidence that an entry names, if it names one, against the entry. */
int verify_item(struct verify *v, const struct entry *e, const struct json *detail, struct err *err);

/* The parts: each goes through its rows and tells what is wrong; below 0 when they cannot be read. */
int verify_findings(struct verify *v, struct err *err);
int verify_subjects(struct verify *v, struct err *err);
int verify_custody(struct verify *v, struct err *err);
int verify_stamps(struct verify *v, struct err *err);
int verify_items(struct verify *v, struct err *err);
int verify_evidence(struct verify *v, struct err *err);

#endif
