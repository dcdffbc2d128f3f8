/* saved.h - searches that are kept by a name, so that they can be asked again and subscribed to */
/* Runs in: verbs, writer (saved_get). Times are microseconds UTC; strings read live in the arena. Changes need a transaction.
 */
#ifndef WATCHDESK_STORE_SAVED_H
#define WATCHDESK_STORE_SAVED_H

#include "store/store.h"

enum { SAVED_NAME = 64 }; /* bytes of a name at most */

struct saved_search {
	struct str name, query, operator_name;
	int64_t at;
};

/* Letters, digits, - and _: 0, else E_USAGE. */
int saved_check(struct str name, struct err *err);
/* Keep one, instead of what had its name, with its entry in custody. The query was read already (store/wanted.h). */
int saved_put(struct store *s, const struct saved_search *x, struct err *err);
/* That of a name: 1, 0 none. */
int saved_get(struct store *s, struct str name, struct arena *a, struct saved_search *out, struct err *err);
/* All of them by name. */
int saved_list(struct store *s, struct arena *a, struct saved_search **rows, size_t *n, struct err *err);
/* Keep it no more: 1, 0 when there was none. E_USAGE when a subscription follows it. */
int saved_forget(struct store *s, struct str name, struct str operator_name, int64_t now, struct err *err);

#endif
