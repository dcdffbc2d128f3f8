/* element.c - what the law, or a host, requires of a notice */
#include "desk/takedown/element.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mail_header.h"
#include "base/utf8.h"

enum { SHORT = 120, LINE = 300, LONG = 1000, WIDTH = 78 };

/* All there are; whoever writes a notice of his own may use them. */
static const struct fact_kind fact_kinds[] = {
	{ "organisation", "the organisation that runs the desk", .most = LINE },
	{ "claimant", "whose rights they are: a person or a company, by its full name", .most = LINE },
	{ "claimant_address", "the claimant's postal address", .most = LINE },
	{ "claimant_mail", "the claimant's mail address", .most = LINE },
	{ "claimant_phone", "the claimant's telephone number", .most = SHORT },
	{ "signatory", "the authorised person who signs", .most = LINE },
	{ "signatory_title", "what that person is", .most = LINE },
	{ "signatory_mail", "that person's mail address", .most = LINE },
	{ "signatory_phone", "that person's telephone number", .most = SHORT },
	{ "signature", "the signature, \"/s/ \" and the name, of the authorised person", .most = LINE },
	{ "work", "the copyrighted work, or a list that stands for several: title, kind, author, year", .lines = true,
	  .most = LONG },
	{ "work_location", "where a lawful copy of the work is, or its registration", .most = LONG },
	{ "rights", "which right in it is the claimant's, and since when or by what", .most = LONG },
	{ "today", "the day it is written", .most = SHORT },
	{ "finding", "the finding's number", .most = SHORT },
	{ "case", "the case's number, our reference", .most = SHORT },
	{ "host", "the host that is written to", .most = LINE },
	{ "urls", "the exact addresses, one a line", .lines = true, .urls = true },
	{ "n_urls", "how many addresses they are", .most = SHORT },
	{ "grounds", "the grounds by their name: threat, credentials, personal-data, copyright, trade-secret, impersonation",
	  .most = SHORT },
	{ "grounds_words", "the grounds in words of the notice's language", .most = LINE },
	{ "grounds_reason", "why that is illegal, in the notice's language", .lines = true, .most = 2 * LONG },
	{ "category", "what the text is: violence, extortion, leak, dox", .most = SHORT },
	{ "posted_at", "when it was published", .most = SHORT },
	{ "first_aware_at", "when the organisation became aware of it", .most = SHORT },
	{ "author", "who posted it, by the name shown there", .most = SHORT },
	{ "title", "the title shown there", .most = LINE },
	{ "sample", "a short excerpt with values masked", .most = LINE },
	{ "sha256", "the digest of our record of the text", .most = SHORT },
	{ "nature", "the nature of the breach: confidentiality, integrity or availability, and how it came about",
	  .lines = true, .most = LONG },
	{ "subjects", "categories of the people concerned and how many there are, about", .lines = true, .most = LONG },
	{ "records", "categories of the records concerned and how many there are, about", .lines = true, .most = LONG },
	{ "kinds", "which kinds of data", .most = LONG },
	{ "consequences", "what is likely to follow for the people concerned", .lines = true, .most = LONG },
	{ "measures", "what was done and will be done about it, also against its effects", .lines = true, .most = LONG },
	{ "late", "that more than 72 hours have gone by", .most = SHORT },
	{ "delay", "why it is later than 72 hours, when it is", .most = LONG },
	{ "dpo", "the data protection officer or another contact: name and how to reach it", .most = LINE },
	{ "authority", "the supervisory authority", .most = LINE },
	{ "data_subject", "whose data they are, by a name or reference that the host can act on", .most = LINE },
	{ "mandate", "what entitles to act for that person, or the words \"in their own name\"", .most = LINE },
	{ "erasure_ground", "the letter of Art. 17(1) GDPR and why it is that one", .most = LONG },
	{ "police", "which police know of it", .lines = true, .most = LINE },
	{ "deadline", "by when it is to be done", .most = SHORT },
	{ "court", "the court that is asked", .most = LINE },
	{ "docket", "the court's number of the case", .most = LINE },
	{ "measure", "what the court is asked to order", .lines = true, .most = LONG },
	{ "urgency", "why it cannot wait", .lines = true, .most = LONG },
	{ "statute", "the provision of national law that is invoked", .lines = true, .most = LONG },
	{ "search_engine", "the search engine that is written to", .most = LINE },
	{ "queries", "the searches that lead there, one a line", .lines = true, .most = LINE },
	{ "host_sentences", "what the host's card wants to read, one a line", .lines = true, .most = LONG },
	{ "language", "the notice's language", .most = SHORT },
	{ "subject_prefix", "what the host's card has a subject begin with", .most = SHORT },
};

enum { KINDS = sizeof(fact_kinds) / sizeof(fact_kinds[0]) };

/* A notice under these stands for facts of one kind of right, under a penalty; nobody may be led to it for another. */
static const struct {
	const char *law;
	const char *grounds;
} laws[] = {
	{ "17 USC", "copyright" },
};

static const struct yaml_field element_fields[] = {
	{ "name", YAML_TEXT, offsetof(struct notice_element, name), .required = true, .like = "good-faith" },
	{ "law", YAML_TEXT, offsetof(struct notice_element, law), .required = true, .like = "17 USC 512(c)(3)(A)(v)" },
	{ "words", YAML_TEXT, offsetof(struct notice_element, words), .required = true, .like = "a statement of good faith" },
	{ "facts", YAML_TEXTS, offsetof(struct notice_element, facts) },
	{ "when", YAML_TEXT, offsetof(struct notice_element, when) },
	{ 0 },
};

const struct fact_kind *fact_kind_at(size_t i)
{
	return i < KINDS ? &fact_kinds[i] : NULL;
}

const struct fact_kind *fact_kind_named(struct str name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (str_eq(name, str_of(fact_kinds[i].name)))
			return &fact_kinds[i];
	return NULL;
}

unsigned element_grounds(struct str law)
{
	for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		if (str_starts(law, str_of(laws[i].law)))
			return 1u << (takedown_grounds_named(str_of(laws[i].grounds)) - takedown_grounds);
	return (1u << TAKEDOWN_GROUNDS) - 1;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= 40;
}

static int element_check(const struct notice_element *elements, size_t n, struct err *err)
{
	const struct notice_element *e = &elements[n];

	if (!is_name(e->name.text))
		return yaml_wrong(err, e->name, "the element \"%.*s\", expected small letters and hyphens, like good-faith",
				  STR_ARG(str_slice(e->name.text, 0, 40)));
	for (size_t i = 0; i < n; i++)
		if (str_eq(elements[i].name.text, e->name.text))
			return yaml_wrong(err, e->name,
					  "the element %.*s stands there twice, expected a name of its own for each",
					  STR_ARG(e->name.text));
	if (e->when.text.n && (!fact_kind_named(e->when.text) || e->facts.n == 0))
		return yaml_wrong(err, e->when,
				  "asked for when \"%.*s\" is known, expected a fact, and facts that are asked for then",
				  STR_ARG(str_slice(e->when.text, 0, 40)));
	for (size_t i = 0; i < e->facts.n; i++)
		if (!fact_kind_named(e->facts.items[i].text))
			return yaml_wrong(err, e->facts.items[i], "no fact is called \"%.*s\", expected one like urls or work",
					  STR_ARG(str_slice(e->facts.items[i].text, 0, 40)));
	return 0;
}

int elements_read(const struct yaml *list, struct arena *a, struct notice_element **out, size_t *n, struct err *err)
{
	size_t count = yaml_count(list);
	struct notice_element *all;

	if (count > LIMIT_ELEMENTS)
		return yaml_wrong(err, yaml_place(list), "%zu elements, expected at most %d", count, LIMIT_ELEMENTS);
	all = arena_alloc(a, count * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		if (yaml_read(yaml_item(list, i), element_fields, &all[i], a, err) < 0 || element_check(all, i, err) < 0)
			return err->code;
	*out = all;
	*n = count;
	return 0;
}

/* Is there more than blanks and a line to sign on? */
static bool says_something(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]) && s.p[i] != '_')
			return true;
	return false;
}

struct str fact_value(const struct notice_fact *facts, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(facts[i].name, name))
			return says_something(facts[i].value) ? str_trim(facts[i].value) : (struct str){ 0 };
	return (struct str){ 0 };
}

bool element_applies(const struct notice_element *e, const struct notice_fact *facts, size_t n)
{
	return e->when.text.n == 0 || fact_value(facts, n, e->when.text).n > 0;
}

/* As it was found; what could hide, turn or break a line is percent-encoded, which is the same address. */
static void url_put(struct buf *out, struct str url)
{
	url = str_slice(url, 0, LIMIT_URL);
	for (size_t i = 0; i < url.n;) {
		uint32_t c = 0;
		size_t n = utf8_next(str_slice(url, i, url.n), &c);

		if (n > 0 && c > ' ' && log_is_printable(c) && c != 0xa0 && c != 0x3000)
			buf_add(out, str_slice(url, i, i + n));
		else
			for (size_t k = 0; k < (n ? n : 1); k++)
				buf_printf(out, "%%%02X", (unsigned)(unsigned char)url.p[i + k]);
		i += n ? n : 1;
	}
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Words, on lines of WIDTH characters behind the indent where they fit. */
static void words_put(struct buf *out, struct str line, struct str indent)
{
	size_t column = indent.n;
	struct str word;

	for (bool first = true; line.n && str_split(&line, ' ', &word); first = false) {
		const size_t n = characters(word);

		if (!first && column + 1 + n > WIDTH) {
			buf_add_char(out, '\n');
			buf_add(out, indent);
			column = indent.n;
		} else if (!first) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += n;
	}
}

static void line_put(struct buf *out, const struct fact_kind *kind, struct str line, struct str indent, struct arena *a)
{
	if (kind->urls)
		url_put(out, line);
	else if (kind->lines)
		words_put(out, mail_line(a, line, (size_t)kind->most), indent);
	else
		buf_add(out, mail_line(a, line, (size_t)kind->most));
}

void fact_put(struct buf *out, const struct fact_kind *kind, struct str value, struct str indent)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_NOTICE * 8);
	struct str rest = str_slice(value, 0, LIMIT_NOTICE), line;
	bool any = false;

	if (!kind->lines) {
		line_put(out, kind, rest, indent, a);
		return;
	}
	while (rest.n && str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		buf_add(out, any ? STR("\n") : STR(""));
		buf_add(out, any ? indent : STR(""));
		line_put(out, kind, line, indent, a);
		any = true;
		arena_clear(a);
	}
}

/* `s` with each run of white space as one blank. */
static void fold_put(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			buf_add_char(out, s.p[i]);
		else if (out->n && out->p[out->n - 1] != ' ')
			buf_add_char(out, ' ');
}

/* Where the folded needle stands next in the folded text, from `from` on; -1. */
static ssize_t next_place(struct str text, struct str needle, size_t from)
{
	ssize_t at = str_find(str_slice(text, from, text.n), needle);

	return at < 0 ? at : at + (ssize_t)from;
}

/* An address that is the beginning of a longer one does not stand there. */
static bool is_bounded(struct str text, size_t at, size_t n)
{
	static const char around[] = " <>\"";

	return (at == 0 || strchr(around, text.p[at - 1])) && (at + n == text.n || strchr(around, text.p[at + n]));
}

static bool line_stands(struct str text, struct str line, bool bounded)
{
	for (ssize_t at = next_place(text, line, 0); at >= 0; at = next_place(text, line, (size_t)at + 1))
		if (!bounded || is_bounded(text, (size_t)at, line.n))
			return true;
	return false;
}

bool fact_stands(const struct fact_kind *kind, struct str value, struct str text)
{
	AUTO(buf) folded = BUF_INIT(4 * LIMIT_NOTICE);
	AUTO(buf) shown = BUF_INIT(4 * LIMIT_NOTICE);
	struct str rest, line;

	fold_put(&folded, text);
	fact_put(&shown, kind, value, STR(""));
	rest = buf_str(&shown);
	if (rest.n == 0)
		return false;
	while (rest.n && str_split(&rest, '\n', &line))
		if (!line_stands(buf_str(&folded), line, kind->urls))
			return false;
	return true;
}

bool sentence_stands(struct str sentence, struct str text)
{
	AUTO(buf) folded = BUF_INIT(4 * LIMIT_NOTICE);
	AUTO(buf) wanted = BUF_INIT(4 * LIMIT_NOTICE);

	fold_put(&folded, text);
	fold_put(&wanted, sentence);
	return wanted.n && str_find(buf_str(&folded), str_trim(buf_str(&wanted))) >= 0;
}
