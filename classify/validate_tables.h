/* validate_tables.h - the validators by subject, each table ended by an empty row. Inside classify/ only. */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_VALIDATE_TABLES_H
#define WATCHDESK_CLASSIFY_VALIDATE_TABLES_H

#include "classify/validate.h"

extern const struct validator validators_token[], validators_value[], validators_money[], validators_id[], validators_person[],
	validators_tax[], validators_coin[], validators_seed[];

/* The digits of `s` as numbers into `digits`: how many, 0 when there are more than `room`. */
size_t validate_digits(struct str s, char *digits, size_t room);
/* The letters (made capitals) and digits of `s` into `text`, ended by NUL: how many, 0 when they do not fit. */
size_t validate_alnum(struct str s, char *text, size_t room);
/* ISO/IEC 7812-1 annex B, over digits as numbers. */
bool validate_luhn(const char *digits, size_t n);
/* ISO/IEC 7064 MOD 11,10, over digits as numbers. */
bool validate_mod11_10(const char *digits, size_t n);
/* Could these be the two digits of a month and of a day? */
bool validate_month_day(int month, int day);
/* All digits but the last `tail` are the same: a number typed to fill a form. */
bool validate_is_repeated(const char *digits, size_t n, size_t tail);

#endif
