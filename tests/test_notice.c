/* test_notice.c - notices: every one in every language on every grounds has the elements of its law, and says which one is gone
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "desk/takedown/notice.h"

static const char *const languages[] = { "en", "de", "fr", "es" };

/* Elements that are facts are held against the fact; a sentence (NULL) against the text that ships. */
static const struct {
	const char *notice, *element, *law, *fact;
} elements[] = {
	{ "host-terms", "place", "terms of use", "urls" },
	{ "host-terms", "grounds", "terms of use", "grounds_words" },
	{ "host-terms", "grounds", "terms of use", "grounds_reason" },
	{ "host-terms", "sender", "terms of use", "claimant" },
	{ "host-terms", "sender", "terms of use", "claimant_mail" },
	{ "host-terms", "request", "terms of use", NULL },
	{ "dmca", "signature", "17 USC 512(c)(3)(A)(i)", "signature" },
	{ "dmca", "signature", "17 USC 512(c)(3)(A)(i)", "signatory" },
	{ "dmca", "work", "17 USC 512(c)(3)(A)(ii)", "work" },
	{ "dmca", "material", "17 USC 512(c)(3)(A)(iii)", "urls" },
	{ "dmca", "contact", "17 USC 512(c)(3)(A)(iv)", "claimant" },
	{ "dmca", "contact", "17 USC 512(c)(3)(A)(iv)", "claimant_address" },
	{ "dmca", "contact", "17 USC 512(c)(3)(A)(iv)", "claimant_phone" },
	{ "dmca", "contact", "17 USC 512(c)(3)(A)(iv)", "claimant_mail" },
	{ "dmca", "good-faith", "17 USC 512(c)(3)(A)(v)", NULL },
	{ "dmca", "accuracy", "17 USC 512(c)(3)(A)(vi)", NULL },
	{ "dmca", "authority", "17 USC 512(c)(3)(A)(vi)", NULL },
	{ "dsa16", "reasons", "DSA Art. 16(2)(a)", "grounds_words" },
	{ "dsa16", "reasons", "DSA Art. 16(2)(a)", "grounds_reason" },
	{ "dsa16", "place", "DSA Art. 16(2)(b)", "urls" },
	{ "dsa16", "notifier", "DSA Art. 16(2)(c)", "claimant" },
	{ "dsa16", "notifier", "DSA Art. 16(2)(c)", "claimant_mail" },
	{ "dsa16", "bona-fide", "DSA Art. 16(2)(d)", NULL },
	{ "gdpr17", "data-subject", "GDPR Art. 17(1)", "data_subject" },
	{ "gdpr17", "mandate", "GDPR Art. 12(6)", "claimant" },
	{ "gdpr17", "mandate", "GDPR Art. 12(6)", "mandate" },
	{ "gdpr17", "data", "GDPR Art. 17(1)", "kinds" },
	{ "gdpr17", "place", "GDPR Art. 17(1)", "urls" },
	{ "gdpr17", "ground", "GDPR Art. 17(1)(d)", NULL },
	{ "gdpr17", "erasure", "GDPR Art. 17(1)", NULL },
	{ "gdpr17", "recipients", "GDPR Art. 17(2) and 19", NULL },
	{ "gdpr17", "answer", "GDPR Art. 12(3)", "claimant_mail" },
	{ "threat", "place", "DSA Art. 16(2)(b)", "urls" },
	{ "threat", "reasons", "DSA Art. 16(2)(a)", "grounds_reason" },
	{ "threat", "notifier", "DSA Art. 16(2)(c)", "claimant" },
	{ "threat", "notifier", "DSA Art. 16(2)(c)", "signatory" },
	{ "threat", "notifier", "DSA Art. 16(2)(c)", "signatory_mail" },
	{ "threat", "notifier", "DSA Art. 16(2)(c)", "signatory_phone" },
	{ "threat", "bona-fide", "DSA Art. 16(2)(d)", NULL },
	{ "threat", "preserve", "usual practice; RFC 3227 2", NULL },
	{ "threat", "suspicion", "DSA Art. 18(1)", NULL },
	{ "threat", "removal", "usual practice", NULL },
	{ "court-order", "court", "usual practice of civil procedure", "court" },
	{ "court-order", "parties", "usual practice of civil procedure", "claimant" },
	{ "court-order", "parties", "usual practice of civil procedure", "claimant_address" },
	{ "court-order", "parties", "usual practice of civil procedure", "host" },
	{ "court-order", "order", "usual practice of civil procedure", "measure" },
	{ "court-order", "order", "usual practice of civil procedure", "urls" },
	{ "court-order", "right", "usual practice of civil procedure", "statute" },
	{ "court-order", "facts", "usual practice of civil procedure", "grounds_words" },
	{ "court-order", "facts", "usual practice of civil procedure", "grounds_reason" },
	{ "court-order", "facts", "usual practice of civil procedure", "first_aware_at" },
	{ "court-order", "urgency", "usual practice of civil procedure", "urgency" },
	{ "court-order", "evidence", "usual practice of civil procedure", "sha256" },
	{ "court-order", "truth", "usual practice of civil procedure", NULL },
	{ "court-order", "signature", "usual practice of civil procedure", "signature" },
	{ "court-order", "signature", "usual practice of civil procedure", "signatory" },
	{ "letter-before-action", "parties", "usual practice", "claimant" },
	{ "letter-before-action", "parties", "usual practice", "claimant_address" },
	{ "letter-before-action", "parties", "usual practice", "host" },
	{ "letter-before-action", "place", "usual practice", "urls" },
	{ "letter-before-action", "claim", "usual practice", "grounds_words" },
	{ "letter-before-action", "claim", "usual practice", "grounds_reason" },
	{ "letter-before-action", "demand", "usual practice", NULL },
	{ "letter-before-action", "deadline", "usual practice", "deadline" },
	{ "letter-before-action", "consequence", "usual practice", NULL },
	{ "letter-before-action", "preserve", "usual practice", NULL },
	{ "letter-before-action", "reservation", "usual practice", NULL },
	{ "letter-before-action", "signature", "usual practice", "signature" },
	{ "letter-before-action", "signature", "usual practice", "signatory" },
	{ "search-delisting", "engine", "usual practice; CJEU C-131/12", "search_engine" },
	{ "search-delisting", "place", "usual practice; CJEU C-131/12", "urls" },
	{ "search-delisting", "reasons", "usual practice; GDPR Art. 17(1)", "grounds_words" },
	{ "search-delisting", "reasons", "usual practice; GDPR Art. 17(1)", "grounds_reason" },
	{ "search-delisting", "requester", "usual practice; GDPR Art. 12(6)", "claimant" },
	{ "search-delisting", "requester", "usual practice; GDPR Art. 12(6)", "claimant_mail" },
	{ "search-delisting", "delisting", "usual practice; CJEU C-131/12", NULL },
	{ "search-delisting", "accuracy", "usual practice", NULL },
	{ "breach-worksheet", "controller", "GDPR Art. 33(1)", "organisation" },
	{ "breach-worksheet", "awareness", "GDPR Art. 33(1)", "first_aware_at" },
	{ "breach-worksheet", "nature", "GDPR Art. 33(3)(a)", "nature" },
	{ "breach-worksheet", "subjects", "GDPR Art. 33(3)(a)", "subjects" },
	{ "breach-worksheet", "records", "GDPR Art. 33(3)(a)", "records" },
	{ "breach-worksheet", "contact", "GDPR Art. 33(3)(b)", "dpo" },
	{ "breach-worksheet", "consequences", "GDPR Art. 33(3)(c)", "consequences" },
	{ "breach-worksheet", "measures", "GDPR Art. 33(3)(d)", "measures" },
};

enum { ELEMENTS = sizeof(elements) / sizeof(elements[0]), FACTS = 80 };

/* What each notice is for, by the letters of takedown_grounds. */
static const struct {
	const char *notice, *grounds;
} fits[] = {
	{ "host-terms", "tcpksi" },
	{ "dmca", "k" }, /* 17 USC 512: copyright, nothing else */
	{ "dsa16", "tcpksi" },
	{ "gdpr17", "cpi" }, /* of people */
	{ "threat", "t" },
	{ "court-order", "tcpksi" },
	{ "letter-before-action", "tcpksi" },
	{ "search-delisting", "tcpksi" },
	{ "breach-worksheet", "cp" },
};

enum { NOTICES = sizeof(fits) / sizeof(fits[0]) };

#define URLS "https://paste.example.net/1\nhttps://paste.example.net/12?a=b&c=%20d#e"

/* A value for each fact there is, unlike every other. */
static size_t all_facts(struct arena *a, const char *grounds, struct notice_fact *out)
{
	const struct fact_kind *k;
	size_t n = 0;

	for (size_t i = 0; (k = fact_kind_at(i)); i++) {
		struct str name = str_of(k->name);

		if (str_starts(name, STR("grounds_")) || str_eq(name, STR("subject_prefix")))
			continue;
		assert_true(n < FACTS);
		out[n].name = name;
		out[n].value = k->urls			      ? STR(URLS)
			       : str_eq(name, STR("grounds")) ? str_of(grounds)
			       : k->lines && !k->urls	      ? arena_printf(a, "First %s.\nSecond %s.", k->name, k->name)
							      : arena_printf(a, "The %s.", k->name);
		n++;
	}
	return n;
}

static void templates(struct arena *a, const char *folder, struct notice_templates *all)
{
	struct err err = { 0 };

	if (notice_templates_read(folder, a, all, &err) < 0)
		fail_msg("%s", err.text);
}

static const struct notice_template *template(const struct notice_templates *all, const char *name, const char *language)
{
	const struct notice_template *t = notice_template_of(all, str_of(name), str_of(language));

	if (!t)
		fail_msg("no notice %s", name);
	return t;
}

/* `text` without the first place of `part`, whose words may be on several lines. */
static struct str without(struct arena *a, struct str text, struct str part)
{
	for (size_t i = 0; i < text.n; i++) {
		size_t k = i, p = 0;

		while (p < part.n && k < text.n) {
			if (ascii_is_space(part.p[p]) && ascii_is_space(text.p[k])) {
				while (p < part.n && ascii_is_space(part.p[p]))
					p++;
				while (k < text.n && ascii_is_space(text.p[k]))
					k++;
			} else if (part.p[p] == text.p[k]) {
				p++;
				k++;
			} else {
				break;
			}
		}
		if (p == part.n)
			return arena_printf(a, "%.*s%.*s", (int)i, text.p, (int)(text.n - k), text.p + k);
	}
	fail_msg("\"%.*s\" does not stand in it", STR_ARG(part));
	return text;
}

static struct str without_all(struct arena *a, struct str text, struct str part)
{
	while (sentence_stands(part, text))
		text = without(a, text, part);
	return text;
}

/* The marked sentence, as it ships. */
static struct str sentence(const struct notice_template *t, const char *element, struct arena *a)
{
	struct str open = arena_printf(a, "<%s>", element), close = arena_printf(a, "</%s>", element);
	ssize_t from = str_find(t->text, open), to = str_find(t->text, close);

	if (from < 0 || to < from)
		fail_msg("%.*s.%.*s has no %s", STR_ARG(t->name), STR_ARG(t->language), element);
	return str_slice(t->text, (size_t)from + open.n, (size_t)to);
}

static struct str reason(const struct notice_template *t, const char *grounds)
{
	const struct takedown_grounds *g = takedown_grounds_named(str_of(grounds));

	return t->words->reason[g - takedown_grounds].text;
}

static bool is_named(const struct missing *rows, size_t n, const char *element, const char *fact)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].name, str_of(element)) && str_eq(rows[i].fact, str_of(fact)))
			return rows[i].words.n > 0;
	return false;
}

static void one_gone(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str text, size_t row,
		     const char *grounds, struct arena *a)
{
	const char *fact = elements[row].fact;
	struct missing *rows;
	struct str part, cut;
	size_t n_rows;

	if (!fact)
		part = sentence(t, elements[row].element, a);
	else if (strcmp(fact, "grounds_reason") == 0)
		part = reason(t, grounds);
	else if (strcmp(fact, "grounds_words") == 0)
		part = t->words->words[takedown_grounds_named(str_of(grounds)) - takedown_grounds].text;
	else if (strcmp(fact, "urls") == 0)
		part = STR("https://paste.example.net/1\n");
	else
		part = fact_kind_named(str_of(fact))->lines ? arena_printf(a, "Second %s.", fact)
							    : fact_value(facts, n, str_of(fact));
	cut = fact && strcmp(fact, "urls") == 0 ? without(a, text, part) : without_all(a, text, part);
	notice_missing(t, facts, n, cut, a, &rows, &n_rows);
	if (!is_named(rows, n_rows, elements[row].element, fact))
		fail_msg("%.*s.%.*s on %s: without its %s %s nothing is missing", STR_ARG(t->name), STR_ARG(t->language),
			 grounds, elements[row].element, fact ? fact : "");
}

/* All that the law wants stands there; and each row of the table, taken away, is named. */
static void elements_hold(const struct notice_template *t, const char *grounds)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) subject = BUF_INIT(LIMIT_NOTICE);
	AUTO(buf) text = BUF_INIT(LIMIT_NOTICE);
	struct notice_fact facts[FACTS];
	const size_t n = all_facts(a, grounds, facts);
	struct missing *rows;
	size_t n_rows;

	notice_fill(t, facts, n, &subject, &text);
	assert_false(subject.full || text.full);
	notice_missing(t, facts, n, buf_str(&text), a, &rows, &n_rows);
	for (size_t i = 0; i < n_rows; i++)
		fail_msg("%.*s.%.*s: %.*s", STR_ARG(t->name), STR_ARG(t->language), STR_ARG(rows[i].words));
	if (str_find(buf_str(&text), STR("{")) >= 0 || str_find(buf_str(&text), STR("</")) >= 0 ||
	    str_find(buf_str(&subject), STR("{")) >= 0)
		fail_msg("%.*s.%.*s has marks left", STR_ARG(t->name), STR_ARG(t->language));
	for (size_t i = 0; i < ELEMENTS; i++)
		if (str_eq(t->name, str_of(elements[i].notice)))
			one_gone(t, facts, n, buf_str(&text), i, grounds, a);
}

static void every_notice_in_every_language_on_every_grounds_has_its_elements(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;
	size_t rendered = 0;

	(void)state;
	templates(a, NULL, &all);
	assert_int_equal(all.n, NOTICES * 4);
	for (size_t i = 0; i < NOTICES; i++)
		for (size_t l = 0; l < 4; l++)
			for (int g = 0; g < TAKEDOWN_GROUNDS; g++) {
				const struct notice_template *t = template(&all, fits[i].notice, languages[l]);
				const bool wanted = strchr(fits[i].grounds, takedown_grounds[g].key) != NULL;
				struct err err = { 0 };

				assert_str(t->language, languages[l]);
				assert_int_equal(notice_fits(t, str_of(takedown_grounds[g].name), &err), wanted ? 0 : E_USAGE);
				if (!wanted) {
					assert_non_null(strstr(err.text, takedown_grounds[g].name));
					continue;
				}
				elements_hold(t, takedown_grounds[g].name);
				rendered++;
			}
	assert_int_equal(rendered, 4 * (5 * 6 + 1 + 3 + 1 + 2));
}

static void the_table_of_elements_is_that_of_the_law(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	for (size_t i = 0; i < NOTICES; i++) {
		const struct notice_template *t = template(&all, fits[i].notice, "en");
		size_t wanted = 0, has = 0;

		for (size_t k = 0; k < ELEMENTS; k++) {
			bool found = false;

			if (strcmp(elements[k].notice, fits[i].notice) != 0)
				continue;
			for (size_t e = 0; e < t->n_elements && !found; e++)
				found = str_eq(t->elements[e].name.text, str_of(elements[k].element)) &&
					str_eq(t->elements[e].law.text, str_of(elements[k].law));
			if (!found)
				fail_msg("%s has no %s of %s", fits[i].notice, elements[k].element, elements[k].law);
			wanted++;
		}
		for (size_t e = 0; e < t->n_elements; e++)
			has += t->elements[e].facts.n ? t->elements[e].facts.n : 1;
		if (has != wanted)
			fail_msg("%s has %zu elements, the table %zu", fits[i].notice, has, wanted);
	}
}

static void a_notice_without_facts_names_each_and_shows_where_it_belongs(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct notice_template *t = &all.items[i];
		AUTO(buf) subject = BUF_INIT(LIMIT_NOTICE);
		AUTO(buf) text = BUF_INIT(LIMIT_NOTICE);
		struct missing *rows;
		size_t n_rows;

		notice_fill(t, NULL, 0, &subject, &text);
		notice_missing(t, NULL, 0, buf_str(&text), a, &rows, &n_rows);
		for (size_t k = 0; k < ELEMENTS; k++) {
			if (!elements[k].fact || !str_eq(t->name, str_of(elements[k].notice)))
				continue;
			if (!is_named(rows, n_rows, elements[k].element, elements[k].fact))
				fail_msg("%.*s: %s is not known, and nobody says so", STR_ARG(t->name), elements[k].fact);
			if (str_find(buf_str(&text), arena_printf(a, "{%s}", elements[k].fact)) < 0)
				fail_msg("%.*s: no place is left for %s", STR_ARG(t->name), elements[k].fact);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_notice_in_every_language_on_every_grounds_has_its_elements),
		cmocka_unit_test(the_table_of_elements_is_that_of_the_law),
		cmocka_unit_test(a_notice_without_facts_names_each_and_shows_where_it_belongs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
