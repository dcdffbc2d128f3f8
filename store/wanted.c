/* wanted.c - what somebody looks for */
#include "store/wanted.h"

#include "base/clock.h"
#include "base/limits.h"

static const char *const names[WANTED_FIELDS] = {
	[WANTED_SITE] = "site",	      [WANTED_ASSET] = "asset",	      [WANTED_CATEGORY] = "category",
	[WANTED_AUTHOR] = "author",   [WANTED_LANGUAGE] = "language", [WANTED_CAMPAIGN] = "campaign",
	[WANTED_VERDICT] = "verdict", [WANTED_SEVERITY] = "severity", [WANTED_AFTER] = "after",
	[WANTED_BEFORE] = "before",
};

/* The name of a field and its colon, off the front. */
static enum wanted_field take_field(struct str *rest)
{
	for (int f = WANTED_SITE; f < WANTED_FIELDS; f++) {
		struct str name = str_of(names[f]);

		if (rest->n > name.n + 1 && rest->p[name.n] == ':' && str_eq_nocase(str_slice(*rest, 0, name.n), name) &&
		    !ascii_is_space(rest->p[name.n + 1])) {
			*rest = str_slice(*rest, name.n + 1, rest->n);
			return (enum wanted_field)f;
		}
	}
	return WANTED_WORDS;
}

static enum wanted_compare take_compare(struct str *rest)
{
	static const struct {
		const char *sign;
		enum wanted_compare compare;
	} signs[] = { { ">=", WANTED_FROM }, { "<=", WANTED_UP_TO }, { ">", WANTED_ABOVE }, { "<", WANTED_BELOW } };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (str_starts(*rest, str_of(signs[i].sign))) {
			*rest = str_slice(*rest, str_of(signs[i].sign).n, rest->n);
			return signs[i].compare;
		}
	return WANTED_IS;
}

/* A word or "several", off the front; a star behind it means that it begins so. */
static void take_value(struct str *rest, struct wanted_term *t)
{
	size_t end = 0;

	if (rest->n && rest->p[0] == '"') {
		ssize_t quote = str_find(str_slice(*rest, 1, rest->n), STR("\""));

		end = quote < 0 ? rest->n : (size_t)quote + 1;
		t->text = str_slice(*rest, 1, end);
		end += end < rest->n;
		t->prefix = end < rest->n && rest->p[end] == '*';
		end += t->prefix;
	} else {
		while (end < rest->n && !ascii_is_space(rest->p[end]))
			end++;
		t->text = str_slice(*rest, 0, end);
	}
	*rest = str_slice(*rest, end, rest->n);
	if (t->text.n > 1 && str_ends(t->text, STR("*"))) {
		t->prefix = true;
		t->text = str_slice(t->text, 0, t->text.n - 1);
	}
}

static bool is_among(struct str s, const char *const *list)
{
	for (; *list; list++)
		if (str_eq(s, str_of(*list)))
			return true;
	return false;
}

/* A value that no post can have would find nothing, which reads like good news. */
static int check(struct wanted_term *t, struct err *err)
{
	static const char *const categories[] = { "violence", "extortion", "leak", "dox", NULL };
	static const char *const verdicts[] = { "none", "confirmed", "false-positive", "known", "duplicate", NULL };
	const struct str s = t->text;
	uint64_t n;

	if (t->field == WANTED_CATEGORY && !is_among(s, categories))
		return err_set(err, E_USAGE, "category:%.40s: expected violence, extortion, leak or dox", s.p);
	if (t->field == WANTED_VERDICT && !is_among(s, verdicts))
		return err_set(err, E_USAGE, "verdict:%.40s: expected none, confirmed, false-positive, known or duplicate",
			       s.p);
	if (t->field == WANTED_SEVERITY) {
		if (!str_number(s, 100, &n))
			return err_set(err, E_USAGE, "severity:%.40s: expected a number of 0 to 100, such as >70", s.p);
		t->number = (int64_t)n;
	}
	if ((t->field == WANTED_AFTER || t->field == WANTED_BEFORE) && !clock_read_rfc3339(s, &t->number))
		return err_set(err, E_USAGE, "%s:%.40s: expected a date, such as 2026-11-23", names[t->field], s.p);
	return 0;
}

int wanted_parse(struct str query, struct arena *a, struct wanted *out, struct err *err)
{
	struct str rest = arena_copy(a, query);

	*out = (struct wanted){ 0 };
	for (rest = str_trim(rest); rest.n; rest = str_trim(rest)) {
		struct wanted_term *t;

		if (out->n == WANTED_TERMS)
			return err_set(err, E_USAGE, "the query is too long, expected at most %d words and fields",
				       WANTED_TERMS);
		t = arena_push(a, &out->terms, &out->n, sizeof(*t));
		t->minus = rest.n > 1 && rest.p[0] == '-';
		rest = str_slice(rest, t->minus, rest.n);
		t->field = take_field(&rest);
		if (t->field == WANTED_SEVERITY)
			t->compare = take_compare(&rest);
		take_value(&rest, t);
		t->text = arena_copy(a, t->text);
		if (check(t, err) < 0)
			return err->code;
		out->has_words |= t->field == WANTED_WORDS && !t->minus && t->text.n;
		out->has_fields |= t->field != WANTED_WORDS;
	}
	if (out->has_words || out->has_fields)
		return 0;
	return err_set(err, E_USAGE, "nothing to look for: give at least one word without a minus, or a field");
}

static bool text_fits(const struct wanted_term *t, struct str value)
{
	if (value.n < t->text.n)
		return false;
	return str_eq_nocase(t->prefix ? str_slice(value, 0, t->text.n) : value, t->text);
}

static bool number_fits(enum wanted_compare compare, int64_t value, int64_t bound)
{
	switch (compare) {
	case WANTED_IS:
		return value == bound;
	case WANTED_ABOVE:
		return value > bound;
	case WANTED_FROM:
		return value >= bound;
	case WANTED_BELOW:
		return value < bound;
	case WANTED_UP_TO:
		return value <= bound;
	}
	return false;
}

static bool campaign_fits(const struct wanted_term *t, struct str campaign)
{
	return t->text.n && campaign.n >= t->text.n && str_eq_nocase(str_slice(campaign, 0, t->text.n), t->text);
}

static bool field_fits(const struct wanted_term *t, const struct wanted_post *p)
{
	switch (t->field) {
	case WANTED_WORDS:
	case WANTED_FIELDS:
		return true;
	case WANTED_SITE:
		return text_fits(t, p->source);
	case WANTED_AUTHOR:
		return text_fits(t, p->author);
	case WANTED_AFTER:
		return p->first_seen >= t->number;
	case WANTED_BEFORE:
		return p->first_seen < t->number;
	case WANTED_ASSET:
		return p->is_finding && text_fits(t, p->asset);
	case WANTED_CATEGORY:
		return p->is_finding && text_fits(t, p->category);
	case WANTED_LANGUAGE:
		return p->is_finding && text_fits(t, p->language);
	case WANTED_CAMPAIGN:
		return p->is_finding && campaign_fits(t, p->campaign);
	case WANTED_VERDICT:
		return p->is_finding && text_fits(t, p->verdict);
	case WANTED_SEVERITY:
		return p->is_finding && number_fits(t->compare, p->severity, t->number);
	}
	return false;
}

bool wanted_fits(const struct wanted *w, const struct wanted_post *p)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->terms[i].field != WANTED_WORDS && field_fits(&w->terms[i], p) == w->terms[i].minus)
			return false;
	return true;
}

/* Do these words stand in `all`, which has a space before and behind each word? */
static bool stands_in(struct words *words, const struct wanted_term *t, struct str all)
{
	AUTO(buf) phrase = BUF_INIT(LIMIT_URL);

	buf_add(&phrase, STR("\n")); /* each word gets a space before it then */
	if (words_of(words, t->text, &phrase) == 0)
		return !t->minus; /* nothing but signs: nothing is asked */
	if (!t->prefix)
		buf_add(&phrase, STR(" "));
	return str_find(all, str_slice(buf_str(&phrase), 1, phrase.n)) >= 0;
}

bool wanted_holds(const struct wanted *w, struct words *words, const struct str *texts, size_t n)
{
	AUTO(buf) all = BUF_INIT(2 * LIMIT_TEXT);

	for (size_t i = 0; i < n; i++) { /* a field's end is no word's neighbour */
		buf_add(&all, STR("\n"));
		words_of(words, texts[i], &all);
		buf_add(&all, STR(" "));
	}
	for (size_t i = 0; i < w->n; i++)
		if (w->terms[i].field == WANTED_WORDS && stands_in(words, &w->terms[i], buf_str(&all)) == w->terms[i].minus)
			return false;
	return true;
}
