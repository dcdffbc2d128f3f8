/* validate_tables.h - the validators by subject, each table ended by an empty row. Inside classify/ only. */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_VALIDATE_TABLES_H
#define WATCHDESK_CLASSIFY_VALIDATE_TABLES_H

#include "classify/validate.h"

extern const struct validator validators_token[], validators_money[], validators_id[], validators_coin[];

/* The digits of `s` as numbers into `digits`: how many, 0 when there are more than `room`. */
size_t validate_digits(struct str s, char *digits, size_t room);

#endif
