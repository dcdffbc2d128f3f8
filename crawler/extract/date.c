/* date.c - the dates that forums and paste sites write */
#include "crawler/extract/date.h"

#include <string.h>

#include "base/clock.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US	  (86400 * SECOND_US)

/* What was recognised; -1 where nothing was. */
struct fields {
	int year, month, day;
	int hour, minute, second;
	int numbers[3]; /* of the date, as they came */
	int n;
	char separator; /* between the first two of them */
	bool year_first, pm, am, zone;
	int zone_minutes;
};

/* The rest of the text being read. */
static bool take_digits(struct str *s, int most, int *value, int *digits)
{
	int n = 0;

	*value = 0;
	while ((size_t)n < s->n && n < most && ascii_is_digit(s->p[n]))
		*value = *value * 10 + (s->p[n++] - '0');
	*digits = n;
	*s = str_slice(*s, (size_t)n, s->n);
	return n > 0;
}

static struct str take_word(struct str *s)
{
	struct str word;
	size_t n = 0;

	while (n < s->n && ascii_is_alpha(s->p[n]))
		n++;
	word = str_slice(*s, 0, n);
	*s = str_slice(*s, n, s->n);
	return word;
}

static int month_named(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int m = 0; word.n >= 3 && m < 12; m++)
		if (str_eq_nocase(str_slice(word, 0, 3), (struct str){ names + 3 * m, 3 }))
			return m + 1;
	return 0;
}

/* ":06:30 AM" behind an hour. */
static void take_time(struct str *s, int hour, struct fields *f)
{
	int digits;

	f->hour = hour;
	*s = str_slice(*s, 1, s->n);
	if (!take_digits(s, 2, &f->minute, &digits))
		f->hour = -1;
	if (s->n > 1 && s->p[0] == ':' && ascii_is_digit(s->p[1])) {
		*s = str_slice(*s, 1, s->n);
		take_digits(s, 2, &f->second, &digits);
	}
	if (s->n > 1 && s->p[0] == '.' && ascii_is_digit(s->p[1])) {
		*s = str_slice(*s, 1, s->n);
		while (s->n && ascii_is_digit(s->p[0]))
			*s = str_slice(*s, 1, s->n);
	}
}

/* "+01:00", "-0500" behind a time. */
static bool take_offset(struct str *s, struct fields *f)
{
	struct str rest = str_slice(*s, 1, s->n);
	int hours, minutes = 0, digits;

	if (f->hour < 0 || f->zone_minutes != 0 || !take_digits(&rest, 2, &hours, &digits) || digits != 2)
		return false;
	if (rest.n && rest.p[0] == ':')
		rest = str_slice(rest, 1, rest.n);
	take_digits(&rest, 2, &minutes, &digits);
	f->zone = true;
	f->zone_minutes = (hours * 60 + minutes) * (s->p[0] == '-' ? -1 : 1);
	*s = rest;
	return true;
}

static void take_date_word(struct str *s, struct fields *f)
{
	struct str word = take_word(s);
	int month = month_named(word);

	if (month && f->month < 0)
		f->month = month;
	else if (str_eq_nocase(word, STR("pm")) || (str_eq_nocase(word, STR("p")) && s->n && s->p[0] == '.'))
		f->pm = true;
	else if (str_eq_nocase(word, STR("am")) || (str_eq_nocase(word, STR("a")) && s->n && s->p[0] == '.'))
		f->am = true;
	else if (str_eq(word, STR("Z")) || str_eq_nocase(word, STR("utc")) || str_eq_nocase(word, STR("gmt")))
		f->zone = true;
}

static void take_number(struct str *s, struct fields *f)
{
	int value, digits;

	take_digits(s, 9, &value, &digits);
	if (f->hour < 0 && s->n && s->p[0] == ':' && digits <= 2) {
		take_time(s, value, f);
	} else if (f->n < 3) {
		f->year_first |= f->n == 0 && digits == 4;
		if (f->n == 0 && s->n)
			f->separator = s->p[0];
		if (digits == 4 && f->year < 0)
			f->year = value;
		else
			f->numbers[f->n++] = value;
	}
}

static void scan(struct str s, struct fields *f)
{
	while (s.n) {
		if (ascii_is_digit(s.p[0]))
			take_number(&s, f);
		else if (ascii_is_alpha(s.p[0]))
			take_date_word(&s, f);
		else if (!((s.p[0] == '+' || s.p[0] == '-') && take_offset(&s, f)))
			s = str_slice(s, 1, s.n);
	}
}

/* Which number is the day, which the month, which the year. */
static bool settle(struct fields *f)
{
	int i = 0;

	if (f->month > 0) {
		if (f->n > 0)
			f->day = f->numbers[i++];
	} else if (f->n >= 2) {
		bool day_first = !f->year_first && (f->separator == '.' || f->numbers[0] > 12);

		f->month = f->numbers[day_first ? 1 : 0];
		f->day = f->numbers[day_first ? 0 : 1];
		i = 2;
	}
	if (f->year < 0 && i < f->n)
		f->year = 2000 + f->numbers[i] % 100;
	if (f->hour >= 0 && f->pm && f->hour < 12)
		f->hour += 12;
	if (f->am && f->hour == 12)
		f->hour = 0;
	return f->year >= 1970 && f->year <= 9999 && f->month >= 1 && f->month <= 12 && f->day >= 1 && f->day <= 31 &&
	       f->hour <= 23 && f->minute <= 59 && f->second <= 60;
}

static int from_fields(struct str s, struct date *out)
{
	struct fields f = { .year = -1, .month = -1, .day = -1, .hour = -1, .minute = -1, .second = -1 };
	bool timed;

	scan(s, &f);
	if (!settle(&f))
		return 0;
	timed = f.hour >= 0;
	out->at_us = clock_from_civil(f.year, f.month, f.day, timed ? f.hour : 0, timed ? f.minute : 0,
				      f.second > 0 ? f.second : 0) -
		     f.zone_minutes * 60 * SECOND_US;
	out->precision = !timed ? PRECISION_DAY : f.second < 0 ? PRECISION_MINUTE : PRECISION_SECOND;
	out->zone_known = timed && f.zone;
	return 1;
}

/* "1764000000", or with milliseconds. */
static int from_epoch(struct str s, struct date *out)
{
	uint64_t value;

	if ((s.n != 10 && s.n != 13) || !str_number(s, INT64_C(9999999999999), &value))
		return 0;
	out->at_us = (int64_t)value * (s.n == 10 ? SECOND_US : 1000);
	out->precision = PRECISION_SECOND;
	out->zone_known = true;
	return 1;
}

static int64_t unit_us(struct str word, enum precision *precision)
{
	static const struct {
		const char *name;
		int64_t seconds;
		enum precision precision;
	} units[] = {
		{ "second", 1, PRECISION_SECOND },    { "sec", 1, PRECISION_SECOND },	 { "minute", 60, PRECISION_MINUTE },
		{ "min", 60, PRECISION_MINUTE },      { "hour", 3600, PRECISION_DAY },	 { "hr", 3600, PRECISION_DAY },
		{ "day", 86400, PRECISION_DAY },      { "week", 604800, PRECISION_DAY }, { "month", 2629746, PRECISION_YEAR },
		{ "year", 31556952, PRECISION_YEAR },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq_nocase(str_slice(word, 0, strlen(units[i].name)), str_of(units[i].name))) {
			*precision = units[i].precision;
			return units[i].seconds * SECOND_US;
		}
	return 0;
}

/* "5 minutes ago", "an hour ago", "less than 1 minute ago". */
static int from_ago(struct str s, int64_t now_us, struct date *out)
{
	int value = 1, digits;
	int64_t unit = 0;

	if (str_find_nocase(s, STR("ago")) < 0)
		return 0;
	while (s.n && unit == 0) {
		if (ascii_is_digit(s.p[0]))
			take_digits(&s, 6, &value, &digits);
		else if (ascii_is_alpha(s.p[0]))
			unit = unit_us(take_word(&s), &out->precision);
		else
			s = str_slice(s, 1, s.n);
	}
	out->at_us = now_us - value * unit;
	out->zone_known = true;
	return unit != 0;
}

/* "Today, 10:00", "Yesterday 10:00 PM". */
static int from_day_word(struct str s, int64_t now_us, struct date *out)
{
	bool yesterday = str_find_nocase(s, STR("yesterday")) >= 0;
	struct fields f = { .year = -1, .month = -1, .day = -1, .hour = -1, .minute = -1, .second = -1 };

	if (!yesterday && str_find_nocase(s, STR("today")) < 0)
		return 0;
	scan(s, &f);
	if (f.pm && f.hour < 12 && f.hour >= 0)
		f.hour += 12;
	out->at_us = now_us / DAY_US * DAY_US - (yesterday ? DAY_US : 0);
	out->precision = PRECISION_DAY;
	out->zone_known = false;
	if (f.hour >= 0 && f.hour <= 23 && f.minute <= 59) {
		out->at_us += (f.hour * 60 + f.minute) * 60 * SECOND_US;
		out->precision = PRECISION_MINUTE;
	}
	return 1;
}

int date_read(struct str s, int64_t now_us, struct date *out)
{
	struct date date = { .precision = PRECISION_SECOND, .zone_known = true };

	s = str_slice(str_trim(s), 0, 120);
	if (!from_epoch(s, &date) && !(now_us > 0 && (from_ago(s, now_us, &date) || from_day_word(s, now_us, &date))) &&
	    !from_fields(s, &date)) {
		uint64_t year;

		if (s.n != 4 || !str_number(s, 9999, &year) || year < 1970)
			return 0;
		date = (struct date){ clock_from_civil((int)year, 1, 1, 0, 0, 0), PRECISION_YEAR, false };
	}
	*out = date;
	return 1;
}
