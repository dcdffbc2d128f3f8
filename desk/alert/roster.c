/* roster.c - who has to answer now, and who is asked when nobody does */
#include "desk/alert/roster.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "desk/alert/channel.h"

#define DAY INT64_C(86400000000)

enum { DUTY_SEVERITY = 70, DUTY_AFTER_MS = 600000, YEAR_DAYS = 366 };

struct duty_rows {
	int64_t severity, after_ms;
	const struct yaml *roster;
};

static const struct yaml_field duty_fields[] = {
	{ "severity", YAML_INT, offsetof(struct duty_rows, severity), .least = 20, .most = 100 },
	{ "after", YAML_DURATION, offsetof(struct duty_rows, after_ms) },
	{ "roster", YAML_LIST, offsetof(struct duty_rows, roster), .required = true,
	  .like = "[{name: on call, to: oncall@example.com}]" },
	{ 0 },
};

struct entry_rows {
	struct yaml_text name, to, hours;
};

static const struct yaml_field entry_fields[] = {
	{ "name", YAML_TEXT, offsetof(struct entry_rows, name), .required = true, .like = "on call" },
	{ "to", YAML_TEXT, offsetof(struct entry_rows, to), .required = true, .like = "oncall@example.com" },
	{ "hours", YAML_TEXT, offsetof(struct entry_rows, hours) },
	{ 0 },
};

const struct roster_entry *roster_named(const struct roster *r, struct str name)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->entries[i].name.text, name))
			return &r->entries[i];
	return NULL;
}

/* Whether there is such a channel, the configuration knows (desk/channels.h). */
static int to_check(struct yaml_text to, struct err *err)
{
	if (mailbox_is_one(to.text) || channel_name(to.text).n)
		return 0;
	if (str_starts(to.text, STR("webhook:")))
		return yaml_wrong(
			err, to,
			"to is \"webhook: ...\", which is a channel now: name it under `channels:` as {name: NAME, type: "
			"webhook, url: ...} and write `to: channel NAME`");
	return yaml_wrong(err, to, "to is \"%.*s\", expected one mail address, or channel and a name of `channels:`",
			  (int)(to.text.n < 120 ? to.text.n : 120), to.text.p);
}

static int entry_read(const struct yaml *item, struct arena *a, struct roster *r, struct err *err)
{
	struct roster_entry *e = &r->entries[r->n];
	struct entry_rows rows = { 0 };

	if (yaml_read(item, entry_fields, &rows, a, err) < 0 || to_check(rows.to, err) < 0)
		return err->code;
	if (rows.name.text.n == 0 || roster_named(r, rows.name.text))
		return yaml_wrong(err, rows.name, "the roster has \"%.*s\" %s, expected a name of its own for each",
				  STR_ARG(rows.name.text), rows.name.text.n ? "twice" : "as a name");
	*e = (struct roster_entry){ rows.name, rows.to, { 0 } };
	if (rows.hours.text.n && !day_hours_read(rows.hours.text, (struct str){ 0 }, &e->hours))
		return yaml_wrong(err, rows.hours,
				  "hours is \"%.*s\", expected from and until, and their zone: 20:00-08:00 Europe/Berlin",
				  (int)(rows.hours.text.n < 80 ? rows.hours.text.n : 80), rows.hours.text.p);
	r->n++;
	return 0;
}

int roster_read(const struct yaml *map, struct arena *a, struct roster *out, struct err *err)
{
	struct duty_rows rows = { .severity = DUTY_SEVERITY, .after_ms = DUTY_AFTER_MS };
	struct roster r = { .given = true };
	size_t n;

	if (yaml_read(map, duty_fields, &rows, a, err) < 0)
		return err->code;
	n = yaml_count(rows.roster);
	if (n == 0 || n > LIMIT_ROSTER)
		return yaml_wrong(err, yaml_place(rows.roster), "the roster has %zu entries, expected 1 to %d", n,
				  LIMIT_ROSTER);
	if (rows.after_ms < 1000)
		return yaml_wrong(err, yaml_place(map), "duty has an `after` of less than a second, expected one such as 10m");
	r.severity = rows.severity;
	r.after_ms = rows.after_ms;
	r.entries = arena_alloc(a, n * sizeof(*r.entries));
	for (size_t i = 0; i < n; i++)
		if (entry_read(yaml_item(rows.roster, i), a, &r, err) < 0)
			return err->code;
	*out = r;
	return 0;
}

/* How often an entry was asked, and when last; who is off counts as asked once more. */
struct turn {
	size_t times;
	int64_t last;
};

static struct turn turn_of(const struct roster_entry *e, const struct roster_asked *asked, size_t n, int64_t now)
{
	struct turn t = { !day_hours_hold(&e->hours, now), INT64_MIN };

	for (size_t i = 0; i < n; i++)
		if (str_eq(asked[i].name, e->name.text)) {
			t.times++;
			t.last = asked[i].at;
		}
	return t;
}

const struct roster_entry *roster_next(const struct roster *r, const struct roster_asked *asked, size_t n, int64_t now)
{
	const struct roster_entry *next = NULL;
	struct turn least = { 0 };

	for (size_t i = 0; i < r->n; i++) {
		struct turn t = turn_of(&r->entries[i], asked, n, now);

		if (!next || t.times < least.times || (t.times == least.times && t.last < least.last)) {
			next = &r->entries[i];
			least = t;
		}
	}
	return next;
}

static bool is_covered(const struct roster *r, int64_t at)
{
	for (size_t i = 0; i < r->n; i++)
		if (day_hours_hold(&r->entries[i].hours, at))
			return true;
	return false;
}

/* When somebody is on again; 0 for never. */
static int64_t gap_end(const struct roster *r, int64_t at)
{
	int64_t until = 0;

	for (size_t i = 0; i < r->n; i++) {
		int64_t begins = day_hours_next(&r->entries[i].hours, at);

		if (until == 0 || begins < until)
			until = begins;
	}
	return until;
}

/* A gap begins where somebody's hours end: for each of them, the first time of a day. */
static void note_ends(const struct roster *r, int64_t day, bool *found, struct roster_gap *out)
{
	int64_t first = 0;

	for (size_t i = 0; i < r->n; i++) {
		struct day_hours end = r->entries[i].hours;
		int64_t at;

		end.from = end.until;
		at = day_hours_begin_after(&end, day);
		if (at <= day + DAY && !is_covered(r, at) && (first == 0 || at < first))
			first = at;
	}
	if (first == 0)
		return;
	if (!*found)
		*out = (struct roster_gap){ .from = first, .until = gap_end(r, first) };
	*found = true;
	out->days++;
}

int roster_gap(const struct roster *r, int64_t now, struct roster_gap *out)
{
	struct roster_gap gap = { 0 };
	bool found = r->n > 0 && !is_covered(r, now);

	if (found)
		gap = (struct roster_gap){ .from = now, .until = gap_end(r, now) };
	for (int day = 0; day < YEAR_DAYS; day++)
		note_ends(r, now + day * DAY, &found, &gap);
	if (found)
		*out = gap;
	return found;
}

struct str roster_gap_sentence(const struct roster *r, int64_t now, struct arena *a)
{
	char from[CLOCK_TEXT], until[CLOCK_TEXT];
	struct roster_gap gap;

	if (!r->given || !roster_gap(r, now, &gap))
		return (struct str){ 0 };
	return arena_printf(a,
			    "nobody's hours hold from %s to %s, and so on %d days of the coming year; all of the roster are "
			    "asked then, whatever their hours",
			    clock_rfc3339(gap.from, from), clock_rfc3339(gap.until, until), gap.days);
}
