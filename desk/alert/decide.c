/* decide.c - who is told of a finding, and when */
#include "desk/alert/decide.h"

#include "classify/classify.h"

#define HOUR_US INT64_C(3600000000)

static const int class_begins[ALERT_CLASSES] = { 0, 20, 40, 70, 90 };

int alert_class(int severity)
{
	int class = ALERT_CLASSES - 1;

	while (class && severity < class_begins[class])
		class --;
	return class;
}

static bool names(const struct yaml_texts *list, struct str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i].text, name))
			return true;
	return list->n == 0;
}

static bool names_asset(const struct yaml_texts *list, const struct alert_facts *f)
{
	for (size_t i = 0; i < f->n_assets; i++)
		if (names(list, f->assets[i]))
			return true;
	return list->n == 0;
}

static bool names_category(const struct yaml_texts *list, const struct alert_facts *f)
{
	for (int i = 0; i < CATEGORIES; i++)
		if ((f->categories >> i & 1) && names(list, str_of(category_names[i])))
			return true;
	return names(list, f->category);
}

/* A language that is not known is everybody's: better one mail too many than a threat that nobody reads. */
static bool speaks(const struct yaml_texts *list, struct str language)
{
	return language.n == 0 || names(list, language);
}

bool alert_concerns(const struct subscription *s, const struct alert_facts *f)
{
	return !f->silent && f->severity >= s->severity && names_asset(&s->assets, f) && names_category(&s->categories, f) &&
	       names(&s->sources, f->source) && speaks(&s->languages, f->language) &&
	       str_starts(f->campaign, s->campaign.text) && str_starts(f->finding, s->finding.text);
}

static struct alert_decision held(int64_t due_at, const char *why)
{
	return (struct alert_decision){ ALERT_HELD, due_at, why };
}

/*
 * A flood of small findings must not hide the one that counts: what breaks quiet hours breaks the ceiling too, up to as many
 * again.
 */
static bool is_over_ceiling(const struct subscription *s, const struct alert_facts *f, const struct alert_past *p)
{
	return p->mails >= (f->severity >= s->quiet_above ? 2 * p->ceiling : p->ceiling);
}

/* What waits for the end of quiet hours need not have broken them; this does. */
static bool wakes(const struct subscription *s, const struct alert_facts *f, const struct alert_past *p)
{
	return p->held_until && p->severity < s->quiet_above && f->severity >= s->quiet_above;
}

struct alert_decision alert_decide(const struct subscription *s, const struct alert_facts *f, const struct alert_past *p,
				   int64_t now)
{
	const bool breaks = f->severity >= s->quiet_above;
	int64_t at = when_next(&s->when, now);

	if (p->suspended)
		return (struct alert_decision){ ALERT_NOTHING };
	if (p->severity && alert_class(f->severity) <= alert_class(p->severity) && !wakes(s, f, p))
		return (struct alert_decision){ f->fresh ? ALERT_REPEAT : ALERT_NOTHING };
	if (!breaks && s->quiet_text.text.n && day_hours_hold(&s->quiet, at))
		return held(day_hours_end(&s->quiet, at), s->when.kind == WHEN_AT_ONCE ? "quiet" : "digest");
	if (s->when.kind != WHEN_AT_ONCE)
		return held(at, "digest");
	if (is_over_ceiling(s, f, p))
		return held(p->ceiling_until > now ? p->ceiling_until : now + HOUR_US, "ceiling");
	return (struct alert_decision){ ALERT_NOW };
}

/* Does `wide` name all that `narrow` does? */
static bool holds_all(const struct yaml_texts *wide, const struct yaml_texts *narrow)
{
	if (wide->n == 0)
		return true;
	for (size_t i = 0; i < narrow->n; i++)
		if (!names(wide, narrow->items[i].text))
			return false;
	return narrow->n > 0;
}

static bool stands_in(const struct subscription *other, const struct subscription *s, int class)
{
	const int64_t begins = class_begins[class];

	return other->severity <= (s->severity > begins ? s->severity : begins) && holds_all(&other->assets, &s->assets) &&
	       holds_all(&other->categories, &s->categories) && holds_all(&other->sources, &s->sources) &&
	       holds_all(&other->languages, &s->languages) &&
	       (!other->search.text.n || str_eq(other->search.text, s->search.text)) &&
	       str_starts(s->campaign.text, other->campaign.text) && str_starts(s->finding.text, other->finding.text) &&
	       other->audience <= s->audience;
}

int alert_orphaned(const struct subscription *leaving, const struct subscription *others, size_t n)
{
	for (int class = ALERT_CLASSES - 1; class >= alert_class((int)leaving->severity); class --) {
		size_t i = 0;

		while (i < n && !stands_in(&others[i], leaving, class))
			i++;
		if (i == n)
			return class;
	}
	return -1;
}
