/* people.h - whose data stands in a text: records with their identifiers, and which of them are one person */
/* Runs in: the process that was started. Pure. */
#ifndef WATCHDESK_DESK_PEOPLE_H
#define WATCHDESK_DESK_PEOPLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "store/post.h"

/* What tells a person; a name only where nothing stronger stands beside it. number: of an employee, a customer, a patient. */
enum person_mark { PERSON_MAIL, PERSON_PHONE, PERSON_NATIONAL, PERSON_NUMBER, PERSON_NAME, PERSON_MARKS };
extern const char *const person_marks[PERSON_MARKS];

/* A record, and after people_join() the person that it is one of. */
struct person_record {
	struct str marks[PERSON_MARKS]; /* as they stand in the text; empty for none */
	size_t person;			/* the first record of the same person: itself, when it is that */
};

/*
 * The records of a text: rows below a header that names their columns, labelled fields, and each mail address, telephone or
 * national number of other lines. `hits` (kinds national-id and phone-number in layer 0) are of the same text. Borrowed from
 * `text`; the list lives in `a`. At most LIMIT_PEOPLE: 1 when there are more, else 0.
 */
int people_read(struct str text, const struct stored_hit *hits, size_t n_hits, struct arena *a, struct person_record **rows,
		size_t *n);
/* Records with a mark in common are one person: how many persons. */
size_t people_join(struct person_record *rows, size_t n, struct arena *a);

/* A mark as all spellings of it have it: "+49 30 1234" and "0049301234" are one. Appends to `out`. */
void person_mark_plain(struct buf *out, enum person_mark kind, struct str value);
/* A mark so that nobody can use it: "a***@example.com". Appends to `out`; control characters are left out. */
void person_mark_masked(struct buf *out, enum person_mark kind, struct str value);

/* An organisation's own list, as digests with the store's key (without a store, plain ones); the values are not kept. */
struct people_list {
	unsigned char (*digests)[DIGEST_BYTES]; /* sorted */
	size_t n, lines;
};
/* A CSV whose header names its columns, or one value a line. At most LIMIT_PEOPLE values: E_LIMIT. */
int people_list_read(struct str csv, const struct store *s, struct arena *a, struct people_list *out, struct err *err);
/* Is one of its marks on the list? */
bool people_listed(const struct people_list *list, const struct store *s, const struct person_record *r);

/* A cell of a CSV file (RFC 4180), such that no spreadsheet takes it for a formula. */
void csv_put(struct buf *out, struct str cell);

#endif
