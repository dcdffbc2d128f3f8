/* operator.h - the people who act, known by their system users */
/* Runs in: writer, verbs. Times are microseconds UTC. */
#ifndef WATCHDESK_STORE_OPERATOR_H
#define WATCHDESK_STORE_OPERATOR_H

#include "store/store.h"

struct operator
{
	int64_t id;
	struct str public_id, name;
};

/* The row of a person, made when the name is new; its strings live in `a`. Needs a transaction. */
int operator_id(struct store *s, struct str name, int64_t now, struct arena *a, struct operator* out, struct err *err);
/* Remember a key (DER) that the person signs with. Needs a transaction. */
int operator_key_add(struct store *s, int64_t operator_id, struct str public_key, int64_t now, struct err *err);
/* Whose key it is: 1 and the name, 0 nobody's. */
int operator_of_key(struct store *s, struct str public_key, struct arena *a, struct str *name, struct err *err);

#endif
