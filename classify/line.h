/* line.h - a line of a text, what signs it holds, and what its pieces look like: addresses, hosts, passwords, hashes */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_LINE_H
#define WATCHDESK_CLASSIFY_LINE_H

#include "base/str.h"

/* How often each of these signs stands in a line. */
struct census {
	uint16_t tab, bar, semicolon, comma, colon, at, equals, quote;
};

/* Longer lines are counted so far only. */
enum { CENSUS_MOST = 3000 };

/* Count them in `line`, up to CENSUS_MOST bytes. */
struct census line_census(struct str line);
/* Where the first of `stops` stands at `at` or later; s.n for nowhere. */
size_t line_until(struct str s, size_t at, const char *stops);
/* `s` without blanks, and without a pair of quotation marks around it. */
struct str line_unquote(struct str s);
/*
 * What a line says without what its posting put around it: "> " of a reply, a tag of HTML at either end, a pair of quotation
 * marks, a comma behind them.
 */
struct str line_peel(struct str line);
/* Take the next cell off `rest`; a separator between double quotation marks separates nothing. False after the last. */
bool line_cell(struct str *rest, char separator, struct str *cell);

/* name.tld or an address of numbers. */
bool line_is_host(struct str s);
bool line_is_ipv4(struct str s);
/* The host of "scheme://user@host:port/path"; the scheme may be missing. */
struct str line_host_of(struct str address);
/* A host that documentation uses (RFC 2606), or one below it. */
bool line_is_example_host(struct str host);
/* The domain of a mail address; empty when it is none. */
struct str line_mail_domain(struct str s);
/* How many kinds of characters: small letters, capitals, digits, signs. */
int line_kinds(struct str s);
size_t line_letters(struct str s);
size_t line_digits(struct str s);
bool line_is_hash(struct str s);
/* One word that may be a password: no blanks, no address of any kind, not covered with stars. */
bool line_is_password(struct str s);
/* A hash of the bytes, small letters and capitals alike; never 0. */
uint32_t line_hash(struct str s);

#endif
