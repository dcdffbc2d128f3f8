/* clock.h - time in microseconds since 1970, UTC, and its written forms */
/* Runs in: every process. No call here reads a file, so all of them work behind the worker's filter. */
#ifndef WATCHDESK_BASE_CLOCK_H
#define WATCHDESK_BASE_CLOCK_H

#include "base/str.h"

enum { CLOCK_TEXT = 32, CLOCK_STATE = 64 }; /* room for any written form here, and for the state, with its NUL */

/* Now, by the system's clock. Pure modules take the time as a parameter instead. */
int64_t clock_now_us(void);
/* A clock that never jumps, for measuring spans. */
int64_t clock_steady_us(void);
/*
 * How far the system's clock is to be trusted, as the kernel knows it: "synchronised, within 1200 us", "not synchronised", or
 * "not known". A worker may not ask. Returns `out`.
 */
char *clock_state(char out[CLOCK_STATE]);
/* "2026-11-23T09:38:36Z" (RFC 3339); years outside 1-9999 are clamped. Returns `out`. */
char *clock_rfc3339(int64_t at_us, char out[CLOCK_TEXT]);
/* "Mon, 23 Nov 2026 09:38:36 GMT" (RFC 9110 IMF-fixdate). Returns `out`. */
char *clock_http_date(int64_t at_us, char out[CLOCK_TEXT]);
/* Any of the three HTTP-date forms (RFC 9110 5.6.7), and RFC 822 dates with a zone: 1 read, 0 not a date. */
int clock_read_http(struct str s, int64_t *at_us);
/* RFC 3339 and the W3C date forms "2026", "2026-11", "2026-11-23", with or without zone (none means UTC): 1 or 0. */
int clock_read_rfc3339(struct str s, int64_t *at_us);
/* "250ms", "30s", "5m", "2h", "1d" into milliseconds: 1 or 0. */
int clock_read_duration_ms(struct str s, int64_t *ms);
/* Microseconds of a UTC date and time of day; fields are not range-checked. */
int64_t clock_from_civil(int64_t year, int month, int day, int hour, int minute, int second);

#endif
