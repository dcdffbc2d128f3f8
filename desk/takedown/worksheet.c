/* worksheet.c - the facts of a breach worksheet from counts */
#include "desk/takedown/worksheet.h"

#include "base/clock.h"
#include "base/limits.h"

#define HOURS_72 INT64_C(259200000000) /* GDPR Art. 33(1) */

/* What is said in each language. */
static const struct worksheet_words {
	const char *language;
	const char *people, *at_least, *listed, *records, *late;
	const char *kinds[PERSON_MARKS];
} languages[] = {
	{ "en",
	  "people",
	  "at least",
	  "on our own list",
	  "records",
	  "yes",
	  { "mail addresses", "telephone numbers", "national numbers", "numbers of employees or customers", "names" } },
	{ "de",
	  "Personen",
	  "mindestens",
	  "davon auf unserer eigenen Liste",
	  "Datensätze",
	  "ja",
	  { "E-Mail-Adressen", "Telefonnummern", "nationale Kennziffern", "Personal- oder Kundennummern", "Namen" } },
	{ "fr",
	  "personnes",
	  "au moins",
	  "figurant sur notre propre liste",
	  "enregistrements",
	  "oui",
	  { "adresses électroniques", "numéros de téléphone", "numéros d'identification nationaux",
	    "numéros de salarié ou de client", "noms" } },
	{ "es",
	  "personas",
	  "al menos",
	  "incluidas en nuestra propia lista",
	  "registros",
	  "sí",
	  { "direcciones de correo electrónico", "números de teléfono", "números de identificación nacional",
	    "números de empleado o de cliente", "nombres" } },
};

static const struct worksheet_words *words_of(struct str language)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (str_eq(language, str_of(languages[i].language)))
			return &languages[i];
	return &languages[0];
}

/* Of each person the kinds of marks, each once, whatever number of records has them. */
static void marks_count(const struct person_record *rows, size_t n, struct arena *a, struct worksheet_counts *c)
{
	unsigned char *has = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < PERSON_MARKS; k++)
			if (rows[i].marks[k].n)
				has[rows[i].person] |= (unsigned char)(1u << k);
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < PERSON_MARKS; k++)
			c->marks[k] += (has[i] >> k) & 1u;
}

static void listed_count(const struct person_record *rows, size_t n, const struct people_list *list, const struct store *s,
			 struct arena *a, struct worksheet_counts *c)
{
	bool *listed = arena_alloc(a, (n + 1) * sizeof(*listed));

	for (size_t i = 0; i < n; i++)
		listed[rows[i].person] |= people_listed(list, s, &rows[i]);
	for (size_t i = 0; i < n; i++)
		c->listed += listed[i];
}

void worksheet_count(struct str text, const struct stored_hit *hits, size_t n_hits, const struct people_list *list,
		     const struct store *s, struct arena *a, struct worksheet_counts *out)
{
	struct person_record *rows;
	size_t n;

	*out = (struct worksheet_counts){ .has_list = list != NULL };
	out->more = people_read(text, hits, n_hits, a, &rows, &n) > 0;
	out->records = n;
	out->persons = people_join(rows, n, a);
	marks_count(rows, n, a, out);
	if (list)
		listed_count(rows, n, list, s, a, out);
}

int64_t worksheet_deadline(int64_t first_aware_at)
{
	return first_aware_at + HOURS_72;
}

static void fact_add(struct arena *a, struct notice_fact **facts, size_t *n, const char *name, struct str value)
{
	if (value.n)
		*(struct notice_fact *)arena_push(a, facts, n, sizeof(**facts)) = (struct notice_fact){ str_of(name),
													arena_copy(a, value) };
}

static void time_add(struct arena *a, struct notice_fact **facts, size_t *n, const char *name, int64_t at)
{
	char text[CLOCK_TEXT];

	fact_add(a, facts, n, name, str_of(clock_rfc3339(at, text)));
}

/* "1204 people" or "at least 1000000 people". */
static void number_put(struct buf *out, const struct worksheet_words *w, bool more, size_t n, const char *what)
{
	buf_printf(out, "%s%s%zu %s", more ? w->at_least : "", more ? " " : "", n, what);
}

static void subjects_add(const struct worksheet_counts *c, const struct worksheet_words *w, struct arena *a,
			 struct notice_fact **facts, size_t *n)
{
	AUTO(buf) out = BUF_INIT(KIB(4));

	number_put(&out, w, c->more, c->persons, w->people);
	if (c->has_list)
		buf_printf(&out, "\n%zu %s", c->listed, w->listed);
	fact_add(a, facts, n, "subjects", buf_str(&out));
}

static void records_add(const struct worksheet_counts *c, const struct worksheet_words *w, struct arena *a,
			struct notice_fact **facts, size_t *n)
{
	AUTO(buf) out = BUF_INIT(KIB(4));
	AUTO(buf) kinds = BUF_INIT(KIB(4));

	number_put(&out, w, c->more, c->records, w->records);
	for (int k = 0; k < PERSON_MARKS; k++) {
		if (c->marks[k] == 0)
			continue;
		buf_printf(&out, "\n%s: %zu %s", w->kinds[k], c->marks[k], w->people);
		buf_printf(&kinds, "%s%s", kinds.n ? ", " : "", w->kinds[k]);
	}
	fact_add(a, facts, n, "records", buf_str(&out));
	fact_add(a, facts, n, "kinds", buf_str(&kinds));
}

void worksheet_facts(const struct worksheet_counts *counts, int64_t first_aware_at, int64_t now, struct str language,
		     struct arena *a, struct notice_fact **facts, size_t *n)
{
	const struct worksheet_words *w = words_of(language);

	subjects_add(counts, w, a, facts, n);
	records_add(counts, w, a, facts, n);
	time_add(a, facts, n, "first_aware_at", first_aware_at);
	time_add(a, facts, n, "deadline", worksheet_deadline(first_aware_at));
	if (now > worksheet_deadline(first_aware_at))
		fact_add(a, facts, n, "late", str_of(w->late));
}
