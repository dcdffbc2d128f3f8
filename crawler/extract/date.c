/* date.c - the dates that forums and paste sites write */
#include "crawler/extract/date.h"

#include <string.h>

#include "base/clock.h"
#include "crawler/zone.h"

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

/* A letter, also one beyond ASCII; not U+0080 to U+00BF and U+2000 to U+2FFF: spaces and signs. */
static bool at_word(struct str s)
{
	unsigned char c = (unsigned char)s.p[0];

	return ascii_is_alpha(s.p[0]) || (c > 0xc2 && c != 0xe2);
}

static struct str take_word(struct str *s)
{
	struct str word;
	size_t n = 0;

	while (n < s->n && (at_word(str_slice(*s, n, s->n)) || (n && ((unsigned char)s->p[n] & 0xc0) == 0x80)))
		n++;
	word = str_slice(*s, 0, n);
	*s = str_slice(*s, n, s->n);
	return word;
}

/* In small letters: ASCII, Latin 1 and Russian. */
static struct str lowered(struct str word, char out[48])
{
	size_t n = word.n < 48 ? word.n : 48;

	for (size_t i = 0; i < n; i++) {
		unsigned char before = i ? (unsigned char)word.p[i - 1] : 0, c = (unsigned char)word.p[i];

		if ((c >= 'A' && c <= 'Z') || (before == 0xc3 && c <= 0x9e) || (before == 0xd0 && c >= 0x90 && c <= 0x9f))
			c += 0x20;
		else if (before == 0xd0 && c >= 0xa0 && c <= 0xaf) {
			out[i - 1] = (char)0xd1;
			c -= 0x20;
		}
		out[i] = (char)c;
	}
	return (struct str){ out, n };
}

/*
 * Words by their beginnings, as much as tells them apart: English, German, French, Spanish, Italian, Portuguese, Dutch,
 * Polish, Turkish, Russian. A row is what means the same.
 */
static const char *const months[] = {
	"jan jän ene genn stycz ocak янв",
	"feb fév fev lut şub фев",
	"mar mär mrz maart mrt мар",
	"apr avr abr kwie nisan апр",
	"may mai mei maj magg май мая",
	"jun juin giug czerw haz июн",
	"jul juil lugl lipc lipi temm июл",
	"aug août aout agos sierp ağus авг",
	"sep sett sete wrze eyl сен",
	"oct okt ott out paź ekim окт",
	"nov listop kası ноя",
	"dec dez déc dic grud aral дек",
};
static const char *const no_months[] = { "mardi marted martes decim" }; /* Tuesday thrice */
static const char *const week[] = {
	"sun son dim dom вос", "mon lun пон",	      "tue die mar вто", "wed mit mer mié сре",
	"thu don jeu jue чет", "fri fre ven vie пят", "sat sam sáb суб",
};
static const char *const days[] = {
	"today heute aujourd hoy oggi hoje vandaag dziś dzis bugün сегодня",
	"yesterday gestern hier ayer ieri ontem gisteren wczoraj dün вчера",
};
static const char *const ago[] = { "ago vor hace geleden temu önce назад" };
static const char *const now[] = { "now moment moments instant eben только" };

/* Which row a word stands in, counted from 1; 0 in none. */
static int row_of(struct str word, const char *const *rows, size_t n)
{
	char small[48];

	word = lowered(word, small);
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_of(rows[i]), begins = { 0 };

		while (str_split(&rest, ' ', &begins))
			if (str_starts(word, begins))
				return (int)i + 1;
	}
	return 0;
}

#define ROW(word, rows) row_of(word, rows, sizeof(rows) / sizeof((rows)[0]))

/* The first word of a text that stands in a row. */
static int first_row(struct str s, const char *const *rows, size_t n)
{
	int row = 0;

	while (s.n && row == 0) {
		if (at_word(s))
			row = row_of(take_word(&s), rows, n);
		else
			s = str_slice(s, 1, s.n);
	}
	return row;
}

#define FIRST_ROW(s, rows) first_row(s, rows, sizeof(rows) / sizeof((rows)[0]))

static int month_named(struct str word)
{
	return ROW(word, no_months) ? 0 : ROW(word, months);
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
	else if (f->hour < 0 && (str_eq_nocase(word, STR("noon")) || str_eq_nocase(word, STR("midnight"))))
		f->hour = word.n == 4 ? 12 : 0, f->minute = 0;
	else if (str_eq(word, STR("Z")) || str_eq_nocase(word, STR("utc")) || str_eq_nocase(word, STR("gmt")))
		f->zone = true;
}

/* "10 a.m.", "5PM" */
static bool is_hour(struct str rest, int value, const struct fields *f)
{
	while (rest.n && rest.p[0] == ' ')
		rest = str_slice(rest, 1, rest.n);
	if (f->hour >= 0 || value > 12 || rest.n < 2 || !strchr("aApP", rest.p[0]))
		return false;
	rest = str_slice(rest, rest.p[1] == '.' ? 2 : 1, rest.n);
	return rest.n && (rest.p[0] == 'm' || rest.p[0] == 'M') && (rest.n == 1 || !ascii_is_alpha(rest.p[1]));
}

static void take_number(struct str *s, struct fields *f)
{
	int value, digits;

	take_digits(s, 9, &value, &digits);
	if (is_hour(*s, value, f)) {
		f->hour = value;
		f->minute = 0;
		return;
	}
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
		else if (at_word(s))
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

/* A time of day on the site's clock. */
static void on_the_wall(struct str zone, int64_t wall_us, struct date *out)
{
	out->at_us = zone_utc_us(zone, wall_us);
	out->zone_known = zone.n > 0;
}

static int from_fields(struct str s, struct str zone, struct date *out)
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
	if (timed && !f.zone)
		on_the_wall(zone, out->at_us, out);
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
	static const char *const units[] = {
		"sec sek seg сек",
		"min dakika мин",
		"hour hr stunde heure hora ora uur uren godz saat час",
		"day tag jour dia día giorn dag dni dzień gün день дня дне",
		"week woche semai sema settim weken tydz tyg hafta недел",
		"month monat mois mes maand miesi месяц",
		"year jahr ans ann año ano jaar rok lat год лет",
	};
	static const struct {
		int64_t seconds;
		enum precision precision;
	} sizes[] = {
		{ 1, PRECISION_SECOND },   { 60, PRECISION_MINUTE },	{ 3600, PRECISION_DAY },      { 86400, PRECISION_DAY },
		{ 604800, PRECISION_DAY }, { 2629746, PRECISION_YEAR }, { 31556952, PRECISION_YEAR },
	};
	int row = ROW(word, units);

	if (row == 0)
		return 0;
	*precision = sizes[row - 1].precision;
	return sizes[row - 1].seconds * SECOND_US;
}

/* Add up "1 hour, 5 minutes"; a unit without a number counts `alone` times. */
static bool add_up(struct str s, int alone, int64_t *past_us, enum precision *precision)
{
	int value = alone, digits;
	bool any = false;

	for (*past_us = 0; s.n;) {
		if (ascii_is_digit(s.p[0])) {
			take_digits(&s, 6, &value, &digits);
		} else if (at_word(s)) {
			struct str word = take_word(&s);
			int64_t unit = value < 0 ? 0 : unit_us(word, precision);

			any |= unit > 0;
			*past_us += (value < 99999 ? value : 99999) * unit;
			if (*past_us > INT64_MAX / 4)
				return false;
			if (unit || str_eq_nocase(word, STR("a")) || str_eq_nocase(word, STR("an")))
				value = unit ? -1 : 1;
		} else {
			s = str_slice(s, 1, s.n);
		}
	}
	return any;
}

/* "5 minutes ago", "an hour ago", "1 hour, 5 minutes ago", "less than 1 minute ago". */
static int from_ago(struct str s, int64_t now_us, struct date *out)
{
	int64_t past_us;

	if (!FIRST_ROW(s, ago) || (!add_up(s, -1, &past_us, &out->precision) && !add_up(s, 1, &past_us, &out->precision)))
		return 0;
	out->at_us = now_us - past_us;
	out->zone_known = true;
	return past_us < now_us;
}

/* "just now", "a moment ago"; little else stands there. */
static int from_now(struct str s, int64_t now_us, struct date *out)
{
	if (s.n > 40)
		return 0;
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_digit(s.p[i]))
			return 0;
	out->at_us = now_us;
	out->precision = PRECISION_MINUTE;
	out->zone_known = true;
	return FIRST_ROW(s, now) != 0;
}

/* How many days back "today", "yesterday" or, with a time behind it, "Monday" is; -1 when none is named. */
static int days_back(struct str s, int64_t wall_us, const struct fields *f)
{
	int row = FIRST_ROW(s, days), today = (int)((wall_us / DAY_US + 4) % 7); /* 1 January 1970 was a Thursday */

	if (row)
		return row - 1;
	row = FIRST_ROW(s, week);
	if (row == 0 || f->n || f->year >= 0 || f->month >= 0 || f->hour < 0)
		return -1;
	return row - 1 == today ? 7 : (today - (row - 1) + 7) % 7; /* of today a site says so */
}

/* "Today, 10:00", "Yesterday 10:00 PM", "Monday at 10:00". */
static int from_day_word(struct str s, int64_t now_us, struct str zone, struct date *out)
{
	struct fields f = { .year = -1, .month = -1, .day = -1, .hour = -1, .minute = -1, .second = -1 };
	int64_t wall_us = zone_wall_us(zone, now_us);
	int back;

	scan(s, &f);
	back = days_back(s, wall_us, &f);
	if (back < 0)
		return 0;
	if (f.hour >= 0 && f.hour <= 12)
		f.hour = f.hour % 12 + (f.pm ? 12 : f.am || f.hour < 12 ? 0 : 12);
	out->at_us = wall_us / DAY_US * DAY_US - back * DAY_US;
	out->precision = PRECISION_DAY;
	out->zone_known = false;
	if (f.hour >= 0 && f.hour <= 23 && f.minute <= 59) {
		out->precision = f.second >= 0 && f.second <= 59 ? PRECISION_SECOND : PRECISION_MINUTE;
		on_the_wall(zone,
			    out->at_us + ((f.hour * 60 + f.minute) * 60 + (out->precision == PRECISION_SECOND ? f.second : 0)) *
						 SECOND_US,
			    out);
	}
	return 1;
}

int date_read(struct str s, int64_t now_us, struct str zone, struct date *out)
{
	struct date date = { .precision = PRECISION_SECOND, .zone_known = true };
	bool relative;

	s = str_slice(str_trim(s), 0, 120);
	relative = now_us > 0 &&
		   (from_ago(s, now_us, &date) || from_day_word(s, now_us, zone, &date) || from_now(s, now_us, &date));
	if (!from_epoch(s, &date) && !relative && !from_fields(s, zone, &date)) {
		uint64_t year;

		if (s.n != 4 || !str_number(s, 9999, &year) || year < 1970)
			return 0;
		date = (struct date){ clock_from_civil((int)year, 1, 1, 0, 0, 0), PRECISION_YEAR, false };
	}
	*out = date;
	return 1;
}
