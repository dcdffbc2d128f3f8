/* clock.c - time in microseconds since 1970, UTC, and its written forms */
#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#define SECOND INT64_C(1000000)

struct civil {
	int64_t year;
	int month, day, hour, minute, second, weekday;
};

int64_t clock_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * SECOND + t.tv_nsec / 1000;
}

int64_t clock_steady_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec / 1000;
}

char *clock_state(char out[CLOCK_STATE])
{
	struct timex t = { .modes = 0 }; /* only asks */
	int state = ntp_adjtime(&t);

	if (state < 0)
		snprintf(out, CLOCK_STATE, "not known");
	else if (state == TIME_ERROR || (t.status & STA_UNSYNC))
		snprintf(out, CLOCK_STATE, "not synchronised");
	else
		snprintf(out, CLOCK_STATE, "synchronised, within %ld us", t.maxerror);
	return out;
}

/* Days since 1970-01-01 of a proleptic Gregorian date; the year is taken to start in March. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int64_t clock_from_civil(int64_t year, int month, int day, int hour, int minute, int second)
{
	return (((days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * SECOND;
}

static struct civil civil_of(int64_t at_us)
{
	int64_t first = clock_from_civil(1, 1, 1, 0, 0, 0);
	int64_t last = clock_from_civil(9999, 12, 31, 23, 59, 59);
	int64_t clamped = at_us < first ? first : at_us > last ? last : at_us;
	int64_t seconds = clamped >= 0 ? clamped / SECOND : -((-clamped + SECOND - 1) / SECOND);
	int64_t days = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400);
	int64_t left = seconds - days * 86400;
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = yoe + era * 400 + (month <= 2),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (int)(left / 3600),
		.minute = (int)(left / 60 % 60),
		.second = (int)(left % 60),
		.weekday = (int)(((days + 4) % 7 + 7) % 7),
	};
}

static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

char *clock_rfc3339(int64_t at_us, char out[CLOCK_TEXT])
{
	struct civil c = civil_of(at_us);

	snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)c.year, c.month, c.day, c.hour, c.minute, c.second);
	return out;
}

char *clock_http_date(int64_t at_us, char out[CLOCK_TEXT])
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	struct civil c = civil_of(at_us);

	snprintf(out, CLOCK_TEXT, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[c.weekday], c.day, months[c.month - 1],
		 (int)c.year, c.hour, c.minute, c.second);
	return out;
}

/* A reader of written dates: takes pieces off the front of `s`. */
static bool take_number(struct str *s, size_t least, size_t most, int *out)
{
	size_t n = 0;
	int value = 0;

	while (n < s->n && n < most && ascii_is_digit(s->p[n]))
		value = value * 10 + (s->p[n++] - '0');
	if (n < least)
		return false;
	*s = str_slice(*s, n, s->n);
	*out = value;
	return true;
}

static bool take_char(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_slice(*s, 1, s->n);
	return true;
}

static void skip_spaces(struct str *s)
{
	while (s->n && (ascii_is_space(s->p[0]) || s->p[0] == '-'))
		*s = str_slice(*s, 1, s->n);
}

static bool take_month(struct str *s, int *month)
{
	for (int i = 0; i < 12; i++)
		if (s->n >= 3 && str_eq_nocase(str_slice(*s, 0, 3), str_of(months[i]))) {
			while (s->n && ascii_is_alpha(s->p[0]))
				*s = str_slice(*s, 1, s->n);
			*month = i + 1;
			return true;
		}
	return false;
}

static bool take_time(struct str *s, struct civil *c)
{
	if (!take_number(s, 1, 2, &c->hour) || !take_char(s, ':') || !take_number(s, 2, 2, &c->minute))
		return false;
	if (take_char(s, ':') && !take_number(s, 2, 2, &c->second))
		return false;
	return c->hour <= 24 && c->minute <= 59 && c->second <= 60;
}

/* "Z", "+01:00", "-0500", "GMT", "EST" ... or nothing, as minutes east of UTC. */
static bool take_zone(struct str *s, int *minutes)
{
	static const struct {
		const char *name;
		int minutes;
	} zones[] = {
		{ "Z", 0 },	 { "GMT", 0 },	  { "UTC", 0 },	   { "UT", 0 },	    { "EST", -300 },
		{ "EDT", -240 }, { "CST", -360 }, { "CDT", -300 }, { "MST", -420 }, { "MDT", -360 },
		{ "PST", -480 }, { "PDT", -420 }, { "CET", 60 },   { "CEST", 120 },
	};
	int sign, hours, rest = 0;

	*minutes = 0;
	while (s->n && ascii_is_space(s->p[0]))
		*s = str_slice(*s, 1, s->n);
	if (s->n == 0)
		return true;
	if (s->p[0] == '+' || s->p[0] == '-') {
		sign = s->p[0] == '-' ? -1 : 1;
		*s = str_slice(*s, 1, s->n);
		if (!take_number(s, 2, 2, &hours))
			return false;
		take_char(s, ':');
		if (s->n && ascii_is_digit(s->p[0]) && !take_number(s, 2, 2, &rest))
			return false;
		*minutes = sign * (hours * 60 + rest);
		return hours <= 23 && rest <= 59;
	}
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (str_eq_nocase(*s, str_of(zones[i].name))) {
			*minutes = zones[i].minutes;
			return true;
		}
	return false;
}

static bool is_date(const struct civil *c)
{
	static const int longest[12] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;

	if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1 || c->day > longest[c->month - 1])
		return false;
	return c->month != 2 || c->day < 29 || leap;
}

static int read_with_zone(struct str s, struct civil *c, int64_t fraction_us, int64_t *at_us)
{
	int minutes;

	if (!take_zone(&s, &minutes) || !is_date(c))
		return 0;
	*at_us = clock_from_civil(c->year, c->month, c->day, c->hour, c->minute, c->second) - minutes * 60 * SECOND +
		 fraction_us;
	return 1;
}

int clock_read_http(struct str s, int64_t *at_us)
{
	struct civil c = { 0 };
	int year;

	s = str_trim(s);
	while (s.n && ascii_is_alpha(s.p[0])) /* the weekday says nothing new */
		s = str_slice(s, 1, s.n);
	take_char(&s, ',');
	skip_spaces(&s);
	if (take_month(&s, &c.month)) { /* asctime: "Nov  6 08:49:37 1994" */
		skip_spaces(&s);
		if (!take_number(&s, 1, 2, &c.day))
			return 0;
		skip_spaces(&s);
		if (!take_time(&s, &c))
			return 0;
		skip_spaces(&s);
		if (!take_number(&s, 4, 4, &year))
			return 0;
		c.year = year;
		return read_with_zone(s, &c, 0, at_us);
	}
	if (!take_number(&s, 1, 2, &c.day))
		return 0;
	skip_spaces(&s);
	if (!take_month(&s, &c.month))
		return 0;
	skip_spaces(&s);
	if (!take_number(&s, 2, 4, &year))
		return 0;
	c.year = year < 70 ? year + 2000 : year < 100 ? year + 1900 : year; /* RFC 850 years have two digits */
	skip_spaces(&s);
	if (s.n && !take_time(&s, &c))
		return 0;
	return read_with_zone(s, &c, 0, at_us);
}

int clock_read_rfc3339(struct str s, int64_t *at_us)
{
	struct civil c = { .month = 1, .day = 1 };
	int64_t fraction = 0;
	int year;

	s = str_trim(s);
	if (!take_number(&s, 4, 4, &year))
		return 0;
	c.year = year;
	if (take_char(&s, '-') && !take_number(&s, 2, 2, &c.month))
		return 0;
	if (take_char(&s, '-') && !take_number(&s, 2, 2, &c.day))
		return 0;
	if (s.n && (s.p[0] == 'T' || s.p[0] == 't' || s.p[0] == ' ') && s.n > 1 && ascii_is_digit(s.p[1])) {
		s = str_slice(s, 1, s.n);
		if (!take_time(&s, &c))
			return 0;
		if (take_char(&s, '.') || take_char(&s, ','))
			for (int64_t unit = SECOND / 10; s.n && ascii_is_digit(s.p[0]); unit /= 10) {
				fraction += unit * (s.p[0] - '0');
				s = str_slice(s, 1, s.n);
			}
	}
	return read_with_zone(s, &c, fraction, at_us);
}

int clock_read_duration_ms(struct str s, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
	uint64_t number;
	size_t digits = 0;

	while (digits < s.n && ascii_is_digit(s.p[digits]))
		digits++;
	if (!str_number(str_slice(s, 0, digits), 1000000000, &number))
		return 0;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq(str_slice(s, digits, s.n), str_of(units[i].unit))) {
			*ms = (int64_t)number * units[i].ms;
			return 1;
		}
	return 0;
}
