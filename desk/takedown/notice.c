/* notice.c - what is written to who serves a text */
#include "desk/takedown/notice.h"

#include "base/limits.h"
#include "desk/takedown/shipped.h"

#define SHIPPED "desk/takedown/notices/"
#define TABLE	".yaml"
#define TEXT	".txt"
#define GROUNDS "grounds.yaml"
#define SUBJECT "Subject: "
#define ALL_SIX ((1u << TAKEDOWN_GROUNDS) - 1)

struct notice_rows {
	struct yaml_text title;
	int to;
	struct yaml_texts grounds, attachments;
	const struct yaml *elements;
};

static const char *const to_names[] = { "host", "search", "other", NULL };

static const struct yaml_field notice_fields[] = {
	{ "title", YAML_TEXT, offsetof(struct notice_rows, title), .required = true, .like = "Notice under our terms" },
	{ "to", YAML_CHOICE, offsetof(struct notice_rows, to), .required = true, .choices = to_names, .like = "host" },
	{ "grounds", YAML_TEXTS, offsetof(struct notice_rows, grounds), .required = true, .like = "[personal-data]" },
	{ "attachments", YAML_TEXTS, offsetof(struct notice_rows, attachments) },
	{ "elements", YAML_LIST, offsetof(struct notice_rows, elements), .required = true,
	  .like = "[{name: place, law: our rules, words: the addresses, facts: [urls]}]" },
	{ 0 },
};

static const struct yaml_field words_fields[] = {
	{ "words", YAML_TEXT, 0, .required = true, .like = "a threat of violence" },
	{ "reason", YAML_TEXT, sizeof(struct yaml_text), .required = true, .like = "It threatens people with death." },
	{ 0 },
};

enum mark { MARK_FACT, MARK_OPEN, MARK_CLOSE, MARK_END };

/* A letter, then letters, digits, "_" and "-". */
static size_t name_length(struct str s)
{
	size_t n = 0;

	while (n < s.n &&
	       ((s.p[n] >= 'a' && s.p[n] <= 'z') || (n > 0 && (ascii_is_digit(s.p[n]) || s.p[n] == '_' || s.p[n] == '-'))))
		n++;
	return n;
}

/* What `s` begins with, a "{" or "<" being its first byte: "{fact}", "<element>", "</element>", or none; its length into *n. */
static enum mark mark_at(struct str s, struct str *name, size_t *n)
{
	const bool fact = s.p[0] == '{', close = !fact && s.n > 1 && s.p[1] == '/';
	const size_t skip = close ? 2 : 1, length = name_length(str_slice(s, skip, s.n));

	if (length == 0 || skip + length >= s.n || s.p[skip + length] != (fact ? '}' : '>'))
		return MARK_END;
	*name = str_slice(s, skip, skip + length);
	*n = skip + length + 1;
	return fact ? MARK_FACT : close ? MARK_CLOSE : MARK_OPEN;
}

/* The next mark of the text: what stands before it, and which; MARK_END when there is none, `before` is then all. */
static enum mark next_mark(struct str *rest, struct str *before, struct str *name)
{
	for (size_t i = 0, n = 0; i < rest->n; i++) {
		enum mark m = MARK_END;

		if (rest->p[i] == '{' || rest->p[i] == '<')
			m = mark_at(str_slice(*rest, i, rest->n), name, &n);
		if (m == MARK_END)
			continue;
		*before = str_slice(*rest, 0, i);
		*rest = str_slice(*rest, i + n, rest->n);
		return m;
	}
	*before = *rest;
	*rest = (struct str){ 0 };
	return MARK_END;
}

static const struct notice_element *element_named(const struct notice_template *t, struct str name)
{
	for (size_t i = 0; i < t->n_elements; i++)
		if (str_eq(t->elements[i].name.text, name))
			return &t->elements[i];
	return NULL;
}

/* The sentence that is marked with the element's name, marks of facts in it; empty when there is none. */
static struct str sentence_of(struct str text, struct str element)
{
	struct str rest = text, before, name;
	const char *start = NULL;
	enum mark m;

	while ((m = next_mark(&rest, &before, &name)) != MARK_END) {
		if (m == MARK_OPEN && str_eq(name, element))
			start = rest.p;
		if (m == MARK_CLOSE && start && str_eq(name, element))
			return str_trim((struct str){ start, (size_t)(before.p + before.n - start) });
	}
	return (struct str){ 0 };
}

static bool has_fact(struct str text, struct str fact)
{
	struct str rest = text, before, name;
	enum mark m;

	while ((m = next_mark(&rest, &before, &name)) != MARK_END)
		if (m == MARK_FACT && str_eq(name, fact))
			return true;
	return false;
}

/* Does an element ask for the fact, with what is known? */
static bool is_required(const struct notice_template *t, const struct notice_fact *facts, size_t n, struct str fact)
{
	for (size_t i = 0; i < t->n_elements; i++)
		for (size_t k = 0; k < t->elements[i].facts.n; k++)
			if (str_eq(t->elements[i].facts.items[k].text, fact) && element_applies(&t->elements[i], facts, n))
				return true;
	return false;
}

/* Every mark means something; and a sentence of the law never depends on what may not be known. */
static int marks_check(const struct notice_template *t, struct str text, struct yaml_text at, struct err *err)
{
	struct str rest = text, before, name, open = { 0 };
	enum mark m;

	while ((m = next_mark(&rest, &before, &name)) != MARK_END) {
		if (m == MARK_FACT && !fact_kind_named(name))
			return yaml_wrong(err, at, "{%.*s} is no fact, expected one like urls or work",
					  STR_ARG(str_slice(name, 0, 40)));
		if (m != MARK_FACT && !element_named(t, name))
			return yaml_wrong(err, at, "<%.*s> is no element of this notice, expected a name of its table",
					  STR_ARG(str_slice(name, 0, 40)));
		if (m == MARK_FACT && open.n && !is_required(t, NULL, 0, name))
			return yaml_wrong(err, at, "{%.*s} stands in the sentence of %.*s, expected facts of elements there",
					  STR_ARG(name), STR_ARG(open));
		if (m != MARK_FACT)
			open = m == MARK_OPEN ? name : (struct str){ 0 };
	}
	return 0;
}

static int elements_check(const struct notice_template *t, struct yaml_text at, struct err *err)
{
	for (size_t i = 0; i < t->n_elements; i++) {
		const struct notice_element *e = &t->elements[i];

		if (e->facts.n == 0 && sentence_of(t->text, e->name.text).n == 0)
			return yaml_wrong(err, at, "the element %.*s does not stand there, expected <%.*s>its sentence</%.*s>",
					  STR_ARG(e->name.text), STR_ARG(e->name.text), STR_ARG(e->name.text));
		for (size_t k = 0; k < e->facts.n; k++)
			if (!has_fact(t->text, e->facts.items[k].text))
				return yaml_wrong(err, at, "the element %.*s does not stand there, expected {%.*s}",
						  STR_ARG(e->name.text), STR_ARG(e->facts.items[k].text));
	}
	return 0;
}

/* "Subject: ...", an empty line, the text. */
static int text_read(struct str text, const char *path, struct notice_template *t, struct err *err)
{
	struct yaml_text at = { .file = path, .line = 1 };
	struct str rest = text, line = { 0 };

	if (!str_split(&rest, '\n', &line) || !str_starts(line, STR(SUBJECT)))
		return yaml_wrong(err, at, "it begins with something else, expected a line \"" SUBJECT "...\"");
	t->subject = str_trim(str_slice(line, strlen(SUBJECT), line.n));
	t->text = str_trim(rest);
	if (marks_check(t, t->subject, at, err) < 0 || marks_check(t, t->text, at, err) < 0)
		return err->code;
	return elements_check(t, at, err);
}

static int attachments_read(const struct yaml_texts *list, struct notice_template *t, struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		struct str s = list->items[i].text;

		t->xarf = t->xarf || str_eq(s, STR("xarf"));
		t->evidence = t->evidence || str_eq(s, STR("evidence"));
		t->authorisation = t->authorisation || str_eq(s, STR("authorisation"));
		if (!str_eq(s, STR("xarf")) && !str_eq(s, STR("evidence")) && !str_eq(s, STR("authorisation")))
			return yaml_wrong(err, list->items[i], "\"%.*s\", expected xarf, evidence or authorisation",
					  STR_ARG(str_slice(s, 0, 40)));
	}
	return 0;
}

static int grounds_read(const struct yaml_texts *list, struct notice_template *t, struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct takedown_grounds *g = takedown_grounds_named(list->items[i].text);

		if (!g)
			return yaml_wrong(err, list->items[i],
					  "no grounds are called %.*s, expected threat, credentials, personal-data, copyright, "
					  "trade-secret or impersonation",
					  STR_ARG(str_slice(list->items[i].text, 0, 40)));
		t->grounds |= 1u << (g - takedown_grounds);
	}
	return 0;
}

/* What a law is not for is refused, whoever wrote the table. */
static int laws_check(const struct notice_template *t, struct err *err)
{
	for (size_t i = 0; i < t->n_elements; i++) {
		const struct notice_element *e = &t->elements[i];

		if (t->grounds & ~element_grounds(e->law.text))
			return yaml_wrong(err, e->law, "%.*s is for copyright only, expected `grounds: [copyright]`",
					  STR_ARG(str_slice(e->law.text, 0, 60)));
	}
	return 0;
}

static int table_parse(struct str text, const char *path, struct arena *a, struct notice_template *t, struct err *err)
{
	const struct yaml *y = yaml_parse(a, text, path, err);
	struct notice_rows rows = { 0 };

	if (!y || yaml_read(y, notice_fields, &rows, a, err) < 0 ||
	    elements_read(rows.elements, a, &t->elements, &t->n_elements, err) < 0 || grounds_read(&rows.grounds, t, err) < 0 ||
	    attachments_read(&rows.attachments, t, err) < 0)
		return err->code;
	t->title = rows.title;
	t->to = rows.to;
	return laws_check(t, err);
}

/* The shipped notice's elements that the own table lacks, behind its own ones. */
static void elements_keep(struct notice_template *t, const struct notice_template *shipped, struct arena *a)
{
	struct notice_element *all = arena_alloc(a, (t->n_elements + shipped->n_elements) * sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < shipped->n_elements; i++)
		all[n++] = shipped->elements[i];
	for (size_t i = 0; i < t->n_elements; i++)
		if (!element_named(shipped, t->elements[i].name.text))
			all[n++] = t->elements[i];
	t->elements = all;
	t->n_elements = n;
	t->grounds &= shipped->grounds;
}

static int table_read(const struct shipped_file *f, struct arena *a, struct notice_template *out, struct err *err)
{
	struct notice_template t = { .name = str_slice(f->name, 0, f->name.n - strlen(TABLE)), .own = f->own }, shipped = { 0 };

	if (table_parse(f->text, f->path, a, &t, err) < 0 ||
	    (f->shipped.n && table_parse(f->shipped, f->path, a, &shipped, err) < 0))
		return err->code;
	if (f->shipped.n)
		elements_keep(&t, &shipped, a);
	*out = t;
	return 0;
}

/* The words of a language, else the English ones, which ship. */
static struct grounds_text *words_of(const struct notice_templates *all, struct str language)
{
	struct grounds_text *english = NULL;

	for (size_t i = 0; i < all->n_words; i++) {
		if (str_eq(all->words[i].language, language))
			return &all->words[i];
		if (str_eq(all->words[i].language, STR("en")))
			english = &all->words[i];
	}
	return english;
}

static struct grounds_text *words_for(struct notice_templates *all, struct str language, struct arena *a)
{
	struct grounds_text *w = words_of(all, language);

	if (w && str_eq(w->language, language))
		return w;
	w = arena_push(a, &all->words, &all->n_words, sizeof(*all->words));
	w->language = language;
	return w;
}

static int words_read(struct str text, const char *path, struct arena *a, struct notice_templates *all, struct err *err)
{
	const struct yaml *y = yaml_parse(a, text, path, err);

	if (!y)
		return err->code;
	for (size_t i = 0; i < yaml_count(y); i++) {
		const struct yaml *of = yaml_item(y, i);
		struct grounds_text *w = words_for(all, yaml_key(y, i).text, a);

		for (size_t k = 0; k < yaml_count(of); k++) {
			const struct takedown_grounds *g = takedown_grounds_named(yaml_key(of, k).text);
			struct yaml_text both[2] = { 0 };

			if (!g)
				return yaml_wrong(err, yaml_key(of, k), "no grounds are called %.*s, expected one of the six",
						  STR_ARG(str_slice(yaml_key(of, k).text, 0, 40)));
			if (yaml_read(yaml_item(of, k), words_fields, both, a, err) < 0)
				return err->code;
			w->words[g - takedown_grounds] = both[0];
			w->reason[g - takedown_grounds] = both[1];
		}
	}
	return 0;
}

static const struct shipped_file *file_named(const struct shipped_files *files, struct str name)
{
	for (size_t i = 0; i < files->n; i++)
		if (str_eq(files->items[i].name, name))
			return &files->items[i];
	return NULL;
}

/* "dmca.de.txt" of the notice dmca: "de"; empty for a file of another. */
static struct str language_of(struct str file, struct str name)
{
	struct str rest = str_slice(file, name.n, file.n);

	if (!str_starts(file, name) || !str_ends(rest, STR(TEXT)) || !str_starts(rest, STR(".")))
		return (struct str){ 0 };
	rest = str_slice(rest, 1, rest.n - strlen(TEXT));
	return rest.n == 2 ? rest : (struct str){ 0 };
}

/* The notice of a table in each language that has a text. */
static int notice_read(const struct shipped_files *files, const struct shipped_file *table, struct arena *a,
		       struct notice_templates *all, struct err *err)
{
	struct notice_template t;

	if (table_read(table, a, &t, err) < 0)
		return err->code;
	if (!file_named(files, arena_printf(a, "%.*s.en" TEXT, STR_ARG(t.name))))
		return yaml_wrong(err, t.title, "there is no %.*s.en" TEXT " beside it, expected at least the English text",
				  STR_ARG(str_slice(t.name, 0, 80)));
	for (size_t i = 0; i < files->n; i++) {
		struct str language = language_of(files->items[i].name, t.name);
		struct notice_template one = t;

		if (language.n == 0)
			continue;
		one.language = language;
		one.own = t.own || files->items[i].own;
		if (text_read(files->items[i].text, files->items[i].path, &one, err) < 0)
			return err->code;
		*(struct notice_template *)arena_push(a, &all->items, &all->n, sizeof(*all->items)) = one;
	}
	return 0;
}

static int grounds_words_read(const struct shipped_files *files, struct arena *a, struct notice_templates *all, struct err *err)
{
	const struct shipped_file *f = file_named(files, STR(GROUNDS));

	if (f && f->shipped.n && words_read(f->shipped, f->path, a, all, err) < 0)
		return err->code;
	return f ? words_read(f->text, f->path, a, all, err) : 0;
}

int notice_templates_read(const char *folder, struct arena *a, struct notice_templates *out, struct err *err)
{
	struct notice_templates all = { 0 };
	struct shipped_files files;

	if (shipped_files_read(SHIPPED, folder, TABLE, TEXT, a, &files, err) < 0 ||
	    grounds_words_read(&files, a, &all, err) < 0)
		return err->code;
	for (size_t i = 0; i < files.n; i++) {
		const struct shipped_file *f = &files.items[i];

		if (str_ends(f->name, STR(TABLE)) && !str_eq(f->name, STR(GROUNDS)) && notice_read(&files, f, a, &all, err) < 0)
			return err->code;
	}
	for (size_t i = 0; i < all.n; i++) /* by now the words do not move any more */
		all.items[i].words = words_of(&all, all.items[i].language);
	*out = all;
	return 0;
}

int notice_template_read(struct str table, struct str text, const char *path, struct arena *a, struct notice_template *out,
			 struct err *err)
{
	static const struct grounds_text none;
	struct notice_template t = { .words = &none };

	if (table_parse(table, path, a, &t, err) < 0 || text_read(text, path, &t, err) < 0)
		return err->code;
	*out = t;
	return 0;
}

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

	while ((m = next_mark(&rest, &before, &name)) != MARK_END) {
		if (m != MARK_FACT)
			continue;
		if (notice_value(t, facts, n, name).n || is_required(t, facts, n, name))
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

	while ((m = next_mark(&line, &before, &name)) != MARK_END) {
		AUTO(buf) indent = BUF_INIT(LIMIT_OWN_FILE);
		struct str value = m == MARK_FACT ? notice_value(t, facts, n, name) : (struct str){ 0 };

		buf_add(out, before);
		indent_put(&indent, str_slice(buf_str(out), start, out->n));
		if (value.n)
			fact_put(out, fact_kind_named(name), value, buf_str(&indent));
		else if (m == MARK_FACT && is_required(t, facts, n, name))
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

	filled_put(t, facts, n, sentence_of(t->text, e->name.text), &sentence);
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
