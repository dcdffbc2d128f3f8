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
	{ "breach-worksheet", "delay", "GDPR Art. 33(1)", "delay" },
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
			if (!elements[k].fact || !str_eq(t->name, str_of(elements[k].notice)) ||
			    strcmp(elements[k].element, "delay") == 0) /* nobody is late */
				continue;
			if (!is_named(rows, n_rows, elements[k].element, elements[k].fact))
				fail_msg("%.*s: %s is not known, and nobody says so", STR_ARG(t->name), elements[k].fact);
			if (str_find(buf_str(&text), arena_printf(a, "{%s}", elements[k].fact)) < 0)
				fail_msg("%.*s: no place is left for %s", STR_ARG(t->name), elements[k].fact);
		}
	}
}

#define FACT(name, value)             \
	{                             \
		STR(name), STR(value) \
	}

struct filled {
	struct buf subject, text;
};

static void filled_release(struct filled *f)
{
	buf_release(&f->subject);
	buf_release(&f->text);
}

static void fill(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct filled *out)
{
	notice_fill(t, facts, n, &out->subject, &out->text);
}

#define FILLED                                                                    \
	{                                                                         \
		.subject = BUF_INIT(LIMIT_NOTICE), .text = BUF_INIT(LIMIT_NOTICE) \
	}

static void what_comes_from_outside_is_one_line_and_addresses_stand_as_found(void **state)
{
	static const struct {
		const char *why, *fact, *value, *wanted;
	} rows[] = {
		{ "a line break and a header", "title", "x\r\nBcc: a@example.com",
		  "Title there:            x Bcc: a@example.com\n" },
		{ "an escape", "author", "a\033[2Jb", "Author there:           a [2Jb\n" },
		{ "a turn of direction", "title",
		  "a\xe2\x80\xae"
		  "b",
		  "Title there:            ab\n" },
		{ "a line separator", "title",
		  "a\xe2\x80\xa8"
		  "b",
		  "Title there:            a b\n" },
		{ "bytes that are no text", "title",
		  "a\xff"
		  "b",
		  "Title there:            a\xef\xbf\xbd"
		  "b\n" },
		{ "a name in braces is not filled", "title", "{claimant}", "Title there:            {claimant}\n" },
		{ "a mark is not a mark", "title", "<request>", "Title there:            <request>\n" },
		{ "an address with all there is", "urls", "https://a.example/?q=%20&x=1#:~:text=b",
		  "    https://a.example/?q=%20&x=1#:~:text=b\n" },
		{ "an address in another script", "urls", "https://a.example/\xd0\xb4", "    https://a.example/\xd0\xb4\n" },
		{ "a blank in an address", "urls", "https://a.example/a b", "    https://a.example/a%20b\n" },
		{ "a turn of direction in an address", "urls",
		  "https://a.example/\xe2\x80\xae"
		  "b",
		  "    https://a.example/%E2%80%AEb\n" },
		{ "an escape in an address", "urls", "https://a.example/\033", "    https://a.example/%1B\n" },
		{ "bytes that are no text in an address", "urls", "https://a.example/\xff", "    https://a.example/%FF\n" },
		{ "two addresses, one a line", "urls", "https://a.example/1\r\n\nhttps://a.example/2\n",
		  "    https://a.example/1\n    https://a.example/2\n" },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(filled) f = FILLED;
		struct str exact = exact_copy(str_of(rows[i].value));

		fill(template(&all, "host-terms", "en"), &(struct notice_fact){ str_of(rows[i].fact), exact }, 1, &f);
		if (str_find(buf_str(&f.text), str_of(rows[i].wanted)) < 0)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&f.text)));
		free((char *)exact.p);
	}
}

static void a_text_that_a_person_edited_is_held_against_what_is_known(void **state)
{
	static const struct {
		const char *why, *text, *wanted;
	} rows[] = {
		{ "as it is",
		  "It is a threat.\n  https://a.example/1\nhttps://a.example/12\nPlease remove it. Example Pictures, "
		  "l@example.com",
		  "" },
		{ "other line breaks",
		  "It is a\r\nthreat. https://a.example/1 https://a.example/12 Please\r\n  remove\tit. Example\nPictures "
		  "l@example.com",
		  "" },
		{ "an address in angle brackets",
		  "It is a threat. <https://a.example/1> \"https://a.example/12\" Please remove it. Example Pictures "
		  "l@example.com",
		  "" },
		{ "an address that is only the beginning of another",
		  "It is a threat. https://a.example/12 Please remove it. Example Pictures l@example.com", "place:urls " },
		{ "an address with one character less",
		  "It is a threat. https://a.example/ https://a.example/12 Please remove it. Example Pictures l@example.com",
		  "place:urls " },
		{ "an address that somebody made harmless",
		  "It is a threat. hxxps://a.example/1 https://a.example/12 Please remove it. Example Pictures l@example.com",
		  "place:urls " },
		{ "the sentence in other words",
		  "It is a threat. https://a.example/1 https://a.example/12 Remove it now. Example Pictures l@example.com",
		  "request: " },
		{ "nothing at all", "", "place:urls reasons:grounds_reason sender:claimant sender:claimant_mail request: " },
	};
	static const struct notice_fact facts[] = { FACT("urls", "https://a.example/1\nhttps://a.example/12"),
						    FACT("grounds_reason", "It is a threat."),
						    FACT("claimant", "Example Pictures"),
						    FACT("claimant_mail", "l@example.com") };
	static const struct yaml_text names[] = {
		{ STR("urls") }, { STR("grounds_reason") }, { STR("claimant") }, { STR("claimant_mail") }
	};
	struct notice_element table[] = {
		{ .name = { STR("place") }, .facts = { (struct yaml_text *)&names[0], 1 } },
		{ .name = { STR("reasons") }, .facts = { (struct yaml_text *)&names[1], 1 } },
		{ .name = { STR("sender") }, .facts = { (struct yaml_text *)&names[2], 2 } },
		{ .name = { STR("request") } },
	};
	const struct grounds_text words = { 0 };
	const struct notice_template t = {
		.elements = table, .n_elements = 4, .text = STR("{urls} <request>Please remove it.</request>"), .words = &words
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 20);
		AUTO(buf) said = BUF_INIT(1000);
		struct str exact = exact_copy(str_of(rows[i].text));
		struct missing *m;
		size_t n;

		notice_missing(&t, facts, 4, exact, a, &m, &n);
		for (size_t k = 0; k < n; k++)
			buf_printf(&said, "%.*s:%.*s ", STR_ARG(m[k].name), STR_ARG(m[k].fact));
		if (!str_eq(buf_str(&said), str_of(rows[i].wanted)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&said)));
		free((char *)exact.p);
	}
}

static void a_line_to_sign_on_is_no_signature(void **state)
{
	static const struct {
		const char *value;
		bool signs;
	} rows[] = { { "/s/ A. Example", true }, { "____________", false }, { "  __ \n __", false }, { "", false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct notice_fact fact = { STR("signature"), str_of(rows[i].value) };

		assert_int_equal(fact_value(&fact, 1, STR("signature")).n > 0, rows[i].signs);
	}
	assert_int_equal(fact_value(NULL, 0, STR("signature")).n, 0);
}

static void lines_of_what_nobody_knows_are_left_out(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(filled) f = FILLED;
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	fill(template(&all, "host-terms", "en"), &(struct notice_fact)FACT("case", "c0ffee"), 1, &f);
	assert_true(str_find(buf_str(&f.text), STR("Author there")) < 0);
	assert_true(str_find(buf_str(&f.text), STR("Our reference:          c0ffee\n")) >= 0);
	assert_true(str_find(buf_str(&f.text), STR("\n\n\n")) < 0);
	assert_true(str_find(buf_str(&f.text), STR("    {urls}\n")) >= 0); /* asked for, and not known */
}

static void words_are_those_of_the_language_and_a_reason_of_ones_own_comes_before(void **state)
{
	static const struct {
		const char *why, *name, *value, *language, *wanted;
	} rows[] = {
		{ "by name", "grounds", "credentials", "de", "verstoßen: Zugangsdaten." },
		{ "by the English words", "grounds_words", "a threat of violence", "fr",
		  "d'utilisation : des menaces de violences." },
		{ "words that are none of ours", "grounds_words", "spam", "en", "your terms of use: spam." },
		{ "a language that has none is English", "grounds", "threat", "it",
		  "your terms of use: a threat of violence." },
		{ "a reason that counsel wrote", "grounds_reason", "Because of Article 1.", "es", "\nBecause of Article 1.\n" },
	};
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	assert_null(notice_template_of(&all, STR("invoice"), STR("en")));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(filled) f = FILLED;

		fill(template(&all, "host-terms", rows[i].language),
		     &(struct notice_fact){ str_of(rows[i].name), str_of(rows[i].value) }, 1, &f);
		if (!sentence_stands(str_of(rows[i].wanted), buf_str(&f.text)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&f.text)));
	}
}

static void a_subject_begins_as_the_host_wants_it_and_is_one_line(void **state)
{
	static const struct notice_fact facts[] = { FACT("subject_prefix", "URGENT"), FACT("case", "1\n2") };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(filled) host = FILLED;
	AUTO(filled) threat = FILLED;
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	fill(template(&all, "dsa16", "en"), facts, 2, &host);
	assert_true(str_starts(buf_str(&host.subject), STR("URGENT Notice under Article 16")));
	assert_true(str_ends(buf_str(&host.subject), STR("(our reference 1 2)")));
	fill(template(&all, "threat", "en"), facts, 2, &threat);
	assert_true(str_starts(buf_str(&threat.subject), STR("URGENT: threat"))); /* once */
}

static void what_a_host_wants_beyond_the_law_is_named(void **state)
{
	static const struct notice_fact facts[] = { FACT("grounds", "copyright"), FACT("urls", "https://github.com/a/b"),
						    FACT("grounds_reason", "It is ours.") };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct host_card *c;
	struct notice_templates all;
	struct host_cards cards;
	struct missing *rows = NULL;
	struct err err = { 0 };
	size_t n = 0;

	(void)state;
	templates(a, NULL, &all);
	assert_int_equal(host_cards_read(NULL, a, &cards, &err), 0);
	c = host_card_named(&cards, STR("github"));
	notice_missing_of_host(template(&all, "dmca", "en"), c, facts, 3, STR("https://github.com/a/b It is ours."), a, &rows,
			       &n);
	assert_int_equal(n, 2); /* its two sentences */
	assert_non_null(strstr(rows[0].words.p, "GitHub's Guide"));
	rows = NULL;
	n = 0;
	notice_missing_of_host(template(&all, "dmca", "en"), c, facts, 3,
			       arena_printf(a, "It is ours.\n%.*s", STR_ARG(host_card_sentences(c, STR("copyright"), a))), a,
			       &rows, &n);
	assert_int_equal(n, 1);
	assert_true(is_named(rows, n, "urls", "urls"));
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[300];
	struct err err = { 0 };

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_replace(path, str_of(text), 0600, &err) < 0)
		fail_msg("%s", err.text);
}

static void an_element_can_depend_on_a_fact(void **state)
{
	static const struct notice_fact facts[] = { FACT("late", "yes"), FACT("delay", "A holiday.") };
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	for (size_t known = 0; known <= 2; known++) {
		const struct notice_template *t = template(&all, "breach-worksheet", "en");
		AUTO(filled) f = FILLED;
		struct missing *rows;
		size_t n;

		fill(t, facts, known, &f);
		notice_missing(t, facts, known, buf_str(&f.text), a, &rows, &n);
		assert_int_equal(is_named(rows, n, "delay", "delay"), known == 1);
		assert_int_equal(str_find(buf_str(&f.text), STR("72 hours: {delay}")) >= 0, known == 1);
		assert_int_equal(str_find(buf_str(&f.text), STR("72 hours: A holiday.")) >= 0, known == 2);
	}
}

static void an_xarf_report_goes_where_data_are_exposed(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_templates all;

	(void)state;
	templates(a, NULL, &all);
	for (int g = 0; g < TAKEDOWN_GROUNDS; g++) {
		const bool exposed = strchr("cps", takedown_grounds[g].key) != NULL;

		assert_int_equal(notice_has_xarf(template(&all, "dsa16", "en"), str_of(takedown_grounds[g].name)), exposed);
		assert_false(notice_has_xarf(template(&all, "gdpr17", "en"), str_of(takedown_grounds[g].name)));
	}
}

static void own_texts_take_the_place_of_shipped_ones_and_the_law_stays(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	const struct notice_template *t, *ships;
	struct notice_templates all, shipped;
	struct err err = { 0 };
	char folder[200];

	(void)state;
	assert_int_equal(file_temporary("notices", folder, sizeof(folder), &err), 0);
	/* A text of one's own, in a language that does not ship, and its words. */
	write_file(folder, "host-terms.it.txt",
		   "Subject: Avviso\r\n\r\n{urls}\r\n{grounds_words}: {grounds_reason} {claimant} {claimant_mail}\r\n"
		   "<request>Vi chiediamo di rimuoverlo.</request>\r\n");
	write_file(folder, "grounds.yaml", "it: {threat: {words: una minaccia, reason: Minaccia la vita.}}\n");
	/* A table that asks for less and wants more: nothing of the law is lost, and no grounds are won. */
	write_file(folder, "breach-worksheet.yaml",
		   "title: Ours\nto: other\ngrounds: [personal-data, threat]\n"
		   "elements: [{name: case, law: our rules, words: our number, facts: [case]}]\n");
	/* One that does not ship. */
	write_file(folder, "gentle.yaml",
		   "title: A gentle letter\nto: host\ngrounds: [threat]\nattachments: [xarf]\n"
		   "elements: [{name: plea, law: our rules, words: what we ask for}]\n");
	write_file(folder, "gentle.en.txt", "Subject: Please\n\n<plea>Please.</plea> 1 < 2 {} <3>");
	templates(a, NULL, &shipped);
	templates(a, folder, &all);
	assert_int_equal(all.n, shipped.n + 2);
	t = template(&all, "host-terms", "it");
	assert_str(t->language, "it");
	assert_true(t->own);
	assert_str(t->words->words[0].text, "una minaccia");
	assert_str(template(&all, "host-terms", "de")->words->words[0].text, "Androhung von Gewalt");
	t = template(&all, "breach-worksheet", "en");
	ships = template(&shipped, "breach-worksheet", "en");
	assert_str(t->title.text, "Ours");
	assert_int_equal(t->n_elements, ships->n_elements + 1);
	assert_int_equal(notice_fits(t, STR("personal-data"), &err), 0);
	assert_int_equal(notice_fits(t, STR("threat"), &err), E_USAGE);
	assert_int_equal(notice_fits(t, STR("credentials"), &err), E_USAGE);
	t = template(&all, "gentle", "en");
	assert_true(t->xarf && !t->evidence && t->own);
	{
		AUTO(filled) f = FILLED;

		fill(t, NULL, 0, &f);
		assert_str(buf_str(&f.text), "Please. 1 < 2 {} <3>\n");
	}
	file_remove_folder(folder, &err);
}

#define TABLE "title: T\nto: host\ngrounds: [threat]\nelements: [{name: plea, law: ours, words: it}]\n"
#define TEXT  "Subject: S\n\n<plea>P.</plea>\n"

static void a_notice_that_is_wrong_is_named(void **state)
{
	static const struct {
		const char *why, *table, *text, *wanted;
	} rows[] = {
		{ "no YAML", "title: [", TEXT, "bad.yaml:" },
		{ "no title", "to: host\ngrounds: [threat]\nelements: []\n", TEXT, "title is missing" },
		{ "to nobody", "title: T\nto: moon\ngrounds: [threat]\nelements: []\n", TEXT, "bad.yaml:2: " },
		{ "grounds that are none", "title: T\nto: host\ngrounds: [spam]\nelements: []\n", TEXT,
		  "no grounds are called spam" },
		{ "an attachment that is none", TABLE "attachments: [cake]\n", TEXT,
		  "expected xarf, evidence or authorisation" },
		{ "a law of copyright for a threat",
		  "title: T\nto: host\ngrounds: [threat]\nelements: [{name: plea, law: 17 USC 512(c)(3), words: it}]\n", TEXT,
		  "for copyright only" },
		{ "an element of an unknown fact",
		  "title: T\nto: host\ngrounds: [threat]\nelements: [{name: plea, law: ours, words: it, facts: [age]}]\n", TEXT,
		  "no fact is called \"age\"" },
		{ "an element twice",
		  "title: T\nto: host\ngrounds: [threat]\nelements: [{name: plea, law: l, words: w}, {name: plea, law: l, "
		  "words: w}]\n",
		  TEXT, "twice" },
		{ "an element without a law", "title: T\nto: host\ngrounds: [threat]\nelements: [{name: plea, words: w}]\n",
		  TEXT, "law is missing" },
		{ "an element with a name of its own kind",
		  "title: T\nto: host\ngrounds: [threat]\nelements: [{name: A plea, law: l, words: w}]\n", TEXT,
		  "small letters" },
		{ "asked for when nothing is known",
		  "title: T\nto: host\ngrounds: [threat]\nelements: [{name: plea, law: l, words: w, facts: [urls], when: "
		  "moon}]\n",
		  TEXT, "asked for when \"moon\"" },
		{ "no English text", TABLE, NULL, "there is no bad.en.txt" },
		{ "no subject", TABLE, "<plea>P.</plea>\n", "bad.en.txt:1: " },
		{ "an empty text", TABLE, "", "bad.en.txt:1: " },
		{ "the sentence is not there", TABLE, "Subject: S\n\nP.\n", "the element plea does not stand there" },
		{ "the sentence is empty", TABLE, "Subject: S\n\n<plea> </plea>\n", "the element plea does not stand there" },
		{ "the sentence has no end", TABLE, "Subject: S\n\n<plea>P.\n", "the element plea does not stand there" },
		{ "a mark of no element", TABLE, "Subject: S\n\n<plea>P.</plea> <oath>O.</oath>\n", "<oath> is no element" },
		{ "a sentence that needs what may not be known", TABLE, "Subject: S\n\n<plea>P, {author}.</plea>\n",
		  "{author} stands in the sentence of plea" },
		{ "a fact that is none", TABLE, "Subject: S\n\n<plea>P.</plea> {age}\n", "{age} is no fact" },
		{ "a fact that is none, in the subject", TABLE, "Subject: {age}\n\n<plea>P.</plea>\n", "{age} is no fact" },
		{ "the fact of an element is not there",
		  "title: T\nto: host\ngrounds: [threat]\nelements: [{name: place, law: ours, words: it, facts: [urls]}]\n",
		  "Subject: S\n\nP.\n", "expected {urls}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct notice_templates all;
		struct err err = { 0 };
		char folder[200];

		assert_int_equal(file_temporary("notices", folder, sizeof(folder), &err), 0);
		write_file(folder, "bad.yaml", rows[i].table);
		if (rows[i].text)
			write_file(folder, "bad.en.txt", rows[i].text);
		if (notice_templates_read(folder, a, &all, &err) != E_USAGE || !strstr(err.text, rows[i].wanted))
			fail_msg("%s: %s", rows[i].why, err.text);
		file_remove_folder(folder, &err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_notice_in_every_language_on_every_grounds_has_its_elements),
		cmocka_unit_test(the_table_of_elements_is_that_of_the_law),
		cmocka_unit_test(a_notice_without_facts_names_each_and_shows_where_it_belongs),
		cmocka_unit_test(what_comes_from_outside_is_one_line_and_addresses_stand_as_found),
		cmocka_unit_test(a_text_that_a_person_edited_is_held_against_what_is_known),
		cmocka_unit_test(a_line_to_sign_on_is_no_signature),
		cmocka_unit_test(lines_of_what_nobody_knows_are_left_out),
		cmocka_unit_test(words_are_those_of_the_language_and_a_reason_of_ones_own_comes_before),
		cmocka_unit_test(a_subject_begins_as_the_host_wants_it_and_is_one_line),
		cmocka_unit_test(what_a_host_wants_beyond_the_law_is_named),
		cmocka_unit_test(an_element_can_depend_on_a_fact),
		cmocka_unit_test(an_xarf_report_goes_where_data_are_exposed),
		cmocka_unit_test(own_texts_take_the_place_of_shipped_ones_and_the_law_stays),
		cmocka_unit_test(a_notice_that_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
