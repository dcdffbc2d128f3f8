/* notice.c - what is written to who serves a text: filled with what is known, and what is missing in it */
#include "desk/takedown/notice_mark.h"

#include "base/limits.h"

const struct notice_template *notice_template_of(const struct notice_templates *all, struct str name, struct str language)
{
	const struct notice_template *english = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct notice_template *t = &all->items[i];

		if (!str_eq(t->name, name))
			continue;
		if (str_eq(t->language, language))
			return t;
		if (str_eq(t->language, STR("en")))
			english = t;
	}
	return english;
}

bool notice_has_xarf(const struct notice_template *t, struct str grounds)
{
	static const char *const exposes[] = { "credentials", "personal-data", "trade-secret" };

	for (size_t i = 0; i < sizeof(exposes) / sizeof(exposes[0]); i++)
		if (str_eq(grounds, str_of(exposes[i])))
			return t->xarf;
	return false;
}

int notice_fits(const struct notice_template *t, struct str grounds, struct err *err)
{
	AUTO(buf) names = BUF_INIT(ERR_TEXT);
	const struct takedown_grounds *g = takedown_grounds_named(grounds);

	if (g && t->grounds & (1u << (g - takedown_grounds)))
		return 0;
	for (int i = 0; i < TAKEDOWN_GROUNDS; i++)
		if (t->grounds & (1u << i))
			buf_printf(&names, "%s%s", names.n ? ", " : "", takedown_grounds[i].name);
	return err_set(err, E_USAGE, "the notice %.*s is not for %.*s but for %.*s; choose another one",
		       STR_ARG(str_slice(t->name, 0, 80)), STR_ARG(str_slice(grounds, 0, 40)), STR_ARG(buf_str(&names)));
}

/* Which grounds they are: by their name, or by their English words. -1: not known. */
static int grounds_of(const struct notice_fact *facts, size_t n)
{
	struct str name = fact_value(facts, n, STR("grounds")), words = fact_value(facts, n, STR("grounds_words"));

	for (int i = 0; i < TAKEDOWN_GROUNDS; i++)
		if (str_eq(name, str_of(takedown_grounds[i].name)) ||
		    (name.n == 0 && str_eq(words, str_of(takedown_grounds[i].words))))
			return i;
	return -1;
}

struct str notice_value(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str name)
{
	const int g = grounds_of(facts, n);
	struct str given = fact_value(facts, n, name);

	if (g >= 0 && str_eq(name, STR("grounds_words")) && t->words->words[g].text.n)
		return t->words->words[g].text;
	if (g >= 0 && given.n == 0 && str_eq(name, STR("grounds_reason")))
		return t->words->reason[g].text;
	return given;
}

/* Has the line facts, and is none of them known or asked for? */
static bool line_is_left_out(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str line)
{
	struct str rest = line, before, name;
	bool any = false;
	enum mark m;

	while ((m = mark_next(&rest, &before, &name)) != MARK_END) {
		if (m != MARK_FACT)
			continue;
		if (notice_value(t, facts, n, name).n || mark_is_required(t, facts, n, name))
			return false;
		any = true;
	}
	return any;
}

/* As many blanks as there are characters on the line before the fact. */
static void indent_put(struct buf *indent, struct str before)
{
	for (size_t i = 0; i < before.n; i++)
		if (((unsigned char)before.p[i] & 0xc0) != 0x80)
			buf_add_char(indent, ' ');
}

static void filled_put(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str line,
		       struct buf *out)
{
	const size_t start = out->n;
	struct str before, name;
	enum mark m;

	while ((m = mark_next(&line, &before, &name)) != MARK_END) {
		AUTO(buf) indent = BUF_INIT(LIMIT_OWN_FILE);
		struct str value = m == MARK_FACT ? notice_value(t, facts, n, name) : (struct str){ 0 };

		buf_add(out, before);
		indent_put(&indent, str_slice(buf_str(out), start, out->n));
		if (value.n)
			fact_put(out, fact_kind_named(name), value, buf_str(&indent));
		else if (m == MARK_FACT && mark_is_required(t, facts, n, name))
			buf_printf(out, "{%.*s}", STR_ARG(name));
	}
	buf_add(out, before);
}

static void subject_put(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct buf *subject)
{
	struct str prefix = fact_value(facts, n, STR("subject_prefix"));

	if (prefix.n && !str_starts(t->subject, prefix)) {
		fact_put(subject, fact_kind_named(STR("subject_prefix")), prefix, STR(""));
		buf_add_char(subject, ' ');
	}
	filled_put(t, facts, n, t->subject, subject);
}

/* A line without blanks and "\r" at its end. */
static struct str without_end(struct str line)
{
	while (line.n && ascii_is_space(line.p[line.n - 1]))
		line.n--;
	return line;
}

void notice_fill(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct buf *subject,
		 struct buf *text)
{
	struct str rest = t->text, line;
	bool empty = true; /* the last line was; a paragraph that is left out leaves one empty line */

	subject_put(t, facts, n, subject);
	while (rest.n && str_split(&rest, '\n', &line)) {
		line = without_end(line);
		if ((line.n == 0 && empty) || line_is_left_out(t, facts, n, line))
			continue;
		empty = line.n == 0;
		filled_put(t, facts, n, line, text);
		buf_add_char(text, '\n');
	}
}

static void missing_add(struct arena *a, struct missing **rows, size_t *n_rows, struct missing row)
{
	*(struct missing *)arena_push(a, rows, n_rows, sizeof(**rows)) = row;
}

/* A row for a fact that is not known, or that does not stand in the text; `what` says who asks for it. */
static void fact_missing(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str text,
			 struct missing row, struct str what, struct arena *a, struct missing **rows, size_t *n_rows)
{
	const struct fact_kind *kind = fact_kind_named(row.fact);
	struct str value = notice_value(t, facts, n, row.fact);

	if (value.n && fact_stands(kind, value, text))
		return;
	row.words = arena_printf(a, "%.*s: %s (%s) %s", STR_ARG(what), kind->name, kind->words,
				 value.n ? "does not stand in the text as it is known; put it back, or set it anew"
					 : "is not known; set it");
	missing_add(a, rows, n_rows, row);
}

static void sentence_missing(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str text,
			     const struct notice_element *e, struct arena *a, struct missing **rows, size_t *n_rows)
{
	AUTO(buf) sentence = BUF_INIT(LIMIT_NOTICE);

	filled_put(t, facts, n, mark_sentence(t->text, e->name.text), &sentence);
	if (sentence_stands(buf_str(&sentence), text))
		return;
	missing_add(
		a, rows, n_rows,
		(struct missing){ .name = e->name.text,
				  .words = arena_printf(a, "%.*s (%.*s): its sentence does not stand in the text; put it back",
							STR_ARG(e->words.text), STR_ARG(e->law.text)) });
}

void notice_missing(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str text,
		    struct arena *a, struct missing **rows, size_t *n_rows)
{
	*rows = NULL;
	*n_rows = 0;
	for (size_t i = 0; i < t->n_elements; i++) {
		const struct notice_element *e = &t->elements[i];
		struct str what = arena_printf(a, "%.*s (%.*s)", STR_ARG(e->words.text), STR_ARG(e->law.text));

		if (!element_applies(e, facts, n))
			continue;
		for (size_t k = 0; k < e->facts.n; k++)
			fact_missing(t, facts, n, text,
				     (struct missing){ .name = e->name.text, .fact = e->facts.items[k].text }, what, a, rows,
				     n_rows);
		if (e->facts.n == 0)
			sentence_missing(t, facts, n, text, e, a, rows, n_rows);
	}
}

/* The sentences that a host wants to read on these grounds. */
static void sentences_missing(const struct host_card *card, int grounds, struct str text, struct arena *a,
			      struct missing **rows, size_t *n_rows)
{
	for (size_t i = 0; i < card->sentences[grounds].n; i++) {
		struct str s = card->sentences[grounds].items[i].text;

		if (!sentence_stands(s, text))
			missing_add(a, rows, n_rows,
				    (struct missing){ .name = STR("sentence"),
						      .words = arena_printf(a, "what %.*s wants to read: \"%.*s\"; put it in",
									    STR_ARG(card->title.text), STR_ARG(s)) });
	}
}

void notice_missing_of_host(const struct notice_template *t, const struct host_card *card, const struct notice_fact *facts,
			    size_t n, struct str text, struct arena *a, struct missing **rows, size_t *n_rows)
{
	const int grounds = grounds_of(facts, n);

	for (size_t i = 0; i < card->required.n; i++) {
		struct str fact = card->required.items[i].text;

		fact_missing(t, facts, n, text, (struct missing){ .name = fact, .fact = fact },
			     arena_printf(a, "what %.*s wants to know", STR_ARG(card->title.text)), a, rows, n_rows);
	}
	if (grounds >= 0)
		sentences_missing(card, grounds, text, a, rows, n_rows);
}
