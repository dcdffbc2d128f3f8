/* notice_read.c - notices and the words of grounds out of files, those that ship and the desk's own */
#include "desk/takedown/notice_mark.h"

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

static bool has_fact(struct str text, struct str fact)
{
	struct str rest = text, before, name;
	enum mark m;

	while ((m = mark_next(&rest, &before, &name)) != MARK_END)
		if (m == MARK_FACT && str_eq(name, fact))
			return true;
	return false;
}

/* Every mark means something; and a sentence of the law never depends on what may not be known. */
static int marks_check(const struct notice_template *t, struct str text, struct yaml_text at, struct err *err)
{
	struct str rest = text, before, name, open = { 0 };
	enum mark m;

	while ((m = mark_next(&rest, &before, &name)) != MARK_END) {
		if (m == MARK_FACT && !fact_kind_named(name))
			return yaml_wrong(err, at, "{%.*s} is no fact, expected one like urls or work",
					  STR_ARG(str_slice(name, 0, 40)));
		if (m != MARK_FACT && !mark_element(t, name))
			return yaml_wrong(err, at, "<%.*s> is no element of this notice, expected a name of its table",
					  STR_ARG(str_slice(name, 0, 40)));
		if (m == MARK_FACT && open.n && !mark_is_required(t, NULL, 0, name))
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

		if (e->facts.n == 0 && mark_sentence(t->text, e->name.text).n == 0)
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
		if (!mark_element(shipped, t->elements[i].name.text))
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
