/* people.c - whose data stands in a text */
#include "desk/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/fields.h"

enum { CELLS = 64, LABEL = 60, NAME_LEAST = 3, PHONE_LEAST = 6 };

const char *const person_marks[PERSON_MARKS] = { "mail", "phone", "national_id", "number", "name" };

/* A line in pieces. */
struct cells {
	struct str items[CELLS];
	size_t n;
};

/* What is being read. */
struct reader {
	struct arena *a;
	struct person_record **rows;
	size_t *n;
	bool full;
	struct person_record open; /* of labelled fields */
	bool is_open;
	char separator; /* of the table at hand; 0 for none */
	size_t columns;
	int kinds[CELLS]; /* enum person_mark, or -1 */
};

static int mark_of(enum field f)
{
	switch ((int)f) {
	case FIELD_MAIL:
		return PERSON_MAIL;
	case FIELD_PHONE:
		return PERSON_PHONE;
	case FIELD_NATIONAL:
		return PERSON_NATIONAL;
	case FIELD_ID:
		return PERSON_NUMBER;
	case FIELD_NAME:
		return PERSON_NAME;
	default:
		return -1;
	}
}

static bool is_mail_char(char c)
{
	return ascii_is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || (unsigned char)c >= 0x80;
}

/* The next address of a text; *rest stands behind it. */
static bool next_mail(struct str *rest, struct str *mail)
{
	for (size_t at = 0; at < rest->n; at++) {
		size_t from = at, to = at + 1;
		ssize_t dot;

		if (rest->p[at] != '@')
			continue;
		while (from > 0 && is_mail_char(rest->p[from - 1]))
			from--;
		while (to < rest->n && (ascii_is_alnum(rest->p[to]) || rest->p[to] == '.' || rest->p[to] == '-'))
			to++;
		while (to > at + 1 && !ascii_is_alnum(rest->p[to - 1]))
			to--;
		dot = str_find(str_slice(*rest, at + 1, to), STR("."));
		if (from == at || dot <= 0)
			continue;
		*mail = str_slice(*rest, from, to);
		*rest = str_slice(*rest, to, rest->n);
		return true;
	}
	return false;
}

static struct str unquoted(struct str s)
{
	s = str_trim(s);
	while (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		s = str_trim(str_slice(s, 1, s.n - 1));
	return s;
}

/* Cells between separators that stand in no quotes. */
static void cells_of(struct str line, char separator, struct cells *c)
{
	size_t from = 0;
	bool quoted = false;

	c->n = 0;
	for (size_t i = 0; i <= line.n && c->n < CELLS; i++) {
		if (i < line.n && line.p[i] == '"')
			quoted = !quoted;
		if (i < line.n && (line.p[i] != separator || quoted))
			continue;
		c->items[c->n++] = unquoted(str_slice(line, from, i));
		from = i + 1;
	}
}

static bool holds(int kind, struct str value)
{
	static const enum field fields[] = { FIELD_MAIL, FIELD_PHONE, FIELD_NATIONAL, FIELD_ID, FIELD_NAME };
	AUTO(buf) plain = BUF_INIT(KIB(4));
	struct str mail, rest = value;

	if (value.n == 0 || value.n > 400 || !field_holds(fields[kind], value))
		return false;
	person_mark_plain(&plain, (enum person_mark)kind, value);
	if (kind == PERSON_MAIL)
		return next_mail(&rest, &mail);
	return plain.n >= (kind == PERSON_PHONE ? PHONE_LEAST : NAME_LEAST);
}

static void take(struct person_record *r, int kind, struct str value)
{
	struct str rest = value;

	if (kind < 0 || r->marks[kind].n || !holds(kind, value))
		return;
	if (kind == PERSON_MAIL)
		next_mail(&rest, &value);
	r->marks[kind] = value;
}

static void keep(struct reader *x, const struct person_record *r)
{
	bool any = false;

	for (int i = 0; i < PERSON_MARKS; i++)
		any |= r->marks[i].n > 0;
	if (any && *x->n >= LIMIT_PEOPLE)
		x->full = true;
	else if (any)
		*(struct person_record *)arena_push(x->a, x->rows, x->n, sizeof(**x->rows)) = *r;
}

static void close_record(struct reader *x)
{
	if (x->is_open)
		keep(x, &x->open);
	x->open = (struct person_record){ 0 };
	x->is_open = false;
}

/* Does a line name the columns of those below it? In a text most of them have to be known, `least` at any rate. */
static bool open_table(struct reader *x, struct str line, size_t least)
{
	static const char separators[] = { ',', ';', '\t', '|', ':' };

	for (size_t s = 0; s < sizeof(separators); s++) {
		struct cells c;
		size_t named = 0, marks = 0;

		cells_of(line, separators[s], &c);
		for (size_t i = 0; i < c.n; i++) {
			enum field f = c.items[i].n && c.items[i].n < LABEL ? field_of_label(c.items[i]) : FIELD_NONE;

			x->kinds[i] = mark_of(f);
			named += f != FIELD_NONE;
			marks += x->kinds[i] >= 0;
		}
		if (c.n < 2 || marks == 0 || named < least || (least > 1 && 2 * named < c.n))
			continue;
		x->separator = separators[s];
		x->columns = c.n;
		return true;
	}
	return false;
}

static bool table_row(struct reader *x, struct str line)
{
	struct person_record r = { 0 };
	struct cells c;

	if (!x->separator)
		return false;
	cells_of(line, x->separator, &c);
	if (c.n != x->columns) {
		x->separator = '\0';
		return false;
	}
	for (size_t i = 0; i < c.n; i++)
		take(&r, x->kinds[i], c.items[i]);
	keep(x, &r);
	return true;
}

/* "Label: value" belongs to the record at hand, unless that has such a one already. */
static bool labelled(struct reader *x, struct str line)
{
	size_t at = 0;
	enum field f;
	struct str label, value;
	int kind;

	while (at < line.n && at < LABEL && line.p[at] != ':' && line.p[at] != '=')
		at++;
	if (at == 0 || at >= line.n || at >= LABEL)
		return false;
	label = unquoted(str_slice(line, 0, at));
	value = unquoted(str_slice(line, at + 1, line.n));
	f = label.n ? field_of_label(label) : FIELD_NONE;
	if (f == FIELD_NONE)
		return false;
	kind = mark_of(f);
	if (kind >= 0 && x->open.marks[kind].n)
		close_record(x);
	x->is_open = true;
	take(&x->open, kind, value);
	return true;
}

/* What stands in a line that says nothing of its parts: each address is somebody; a number beside one address is theirs. */
static void bare_line(struct reader *x, struct str line, const struct person_record *numbers)
{
	struct person_record r = *numbers;
	struct str rest = line, mail;
	size_t n = 0;

	while (next_mail(&rest, &mail)) {
		if (n++ > 0) {
			keep(x, &r);
			r = (struct person_record){ 0 };
		}
		r.marks[PERSON_MAIL] = mail;
	}
	keep(x, &r);
}

/* Numbers that a rule found in a line, the first of each kind. */
static struct person_record numbers_in(struct str text, size_t from, size_t to, const struct stored_hit *hits, size_t n)
{
	struct person_record r = { 0 };

	for (size_t i = 0; i < n; i++) {
		const struct stored_hit *h = &hits[i];
		int kind = str_eq(h->kind, STR("national-id"))	  ? PERSON_NATIONAL
			   : str_eq(h->kind, STR("phone-number")) ? PERSON_PHONE
								  : -1;

		if (kind < 0 || h->layer != 0 || h->start < (int64_t)from || h->end > (int64_t)to || h->end <= h->start)
			continue;
		if (!r.marks[kind].n)
			r.marks[kind] = str_slice(text, (size_t)h->start, (size_t)h->end);
	}
	return r;
}

/* Hits by their start, so that each line looks at its own only. */
static int by_start(const void *a, const void *b)
{
	const struct stored_hit *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

int people_read(struct str text, const struct stored_hit *hits, size_t n_hits, struct arena *a, struct person_record **rows,
		size_t *n)
{
	struct reader x = { .a = a, .rows = rows, .n = n };
	struct stored_hit *sorted = arena_alloc(a, (n_hits + 1) * sizeof(*sorted));
	struct str rest = text, whole;
	size_t next = 0;

	*rows = NULL;
	*n = 0;
	if (n_hits) {
		memcpy(sorted, hits, n_hits * sizeof(*sorted));
		qsort(sorted, n_hits, sizeof(*sorted), by_start);
	}
	while (rest.n && !x.full && str_split(&rest, '\n', &whole)) {
		const size_t from = (size_t)(whole.p - text.p), to = from + whole.n, first = next;
		struct str line = str_trim(whole);
		struct person_record numbers;

		while (next < n_hits && sorted[next].start < (int64_t)to)
			next++;
		numbers = numbers_in(text, from, to, sorted + first, next - first);
		if (table_row(&x, line))
			continue;
		if (line.n && !labelled(&x, line)) {
			close_record(&x);
			if (!open_table(&x, line, 2))
				bare_line(&x, line, &numbers);
			continue;
		}
		if (line.n == 0)
			close_record(&x);
		for (int k = 0; k < PERSON_MARKS && x.is_open; k++)
			if (!x.open.marks[k].n)
				x.open.marks[k] = numbers.marks[k];
	}
	close_record(&x);
	return x.full;
}

/* A mark of a record, by its digest. */
struct mark_row {
	unsigned char digest[DIGEST_BYTES];
	size_t record;
};

static int by_digest(const void *a, const void *b)
{
	const struct mark_row *x = a, *y = b;
	int order = memcmp(x->digest, y->digest, DIGEST_BYTES);

	return order ? order : (x->record > y->record) - (x->record < y->record);
}

static size_t root_of(struct person_record *rows, size_t i)
{
	while (rows[i].person != i) {
		rows[i].person = rows[rows[i].person].person;
		i = rows[i].person;
	}
	return i;
}

/* A name tells a person only where nothing stronger does. */
static bool counts(const struct person_record *r, int kind)
{
	bool strong = false;

	for (int i = 0; i < PERSON_NAME; i++)
		strong |= r->marks[i].n > 0;
	return r->marks[kind].n && (kind != PERSON_NAME || !strong);
}

static void mark_digest(enum person_mark kind, struct str value, const struct store *s, unsigned char out[DIGEST_BYTES])
{
	AUTO(buf) plain = BUF_INIT(KIB(8));

	buf_printf(&plain, "%s ", person_marks[kind]);
	person_mark_plain(&plain, kind, value);
	if (s)
		store_secret_digest(s, buf_str(&plain), out);
	else
		digest_sha256(buf_str(&plain), out);
	explicit_bzero(plain.p, plain.n);
}

size_t people_join(struct person_record *rows, size_t n, struct arena *a)
{
	struct mark_row *marks = arena_alloc(a, (n * PERSON_MARKS + 1) * sizeof(*marks));
	size_t n_marks = 0, persons = 0;

	for (size_t i = 0; i < n; i++) {
		rows[i].person = i;
		for (int k = 0; k < PERSON_MARKS; k++)
			if (counts(&rows[i], k)) {
				marks[n_marks].record = i;
				mark_digest((enum person_mark)k, rows[i].marks[k], NULL, marks[n_marks++].digest);
			}
	}
	qsort(marks, n_marks, sizeof(*marks), by_digest);
	for (size_t i = 1; i < n_marks; i++)
		if (memcmp(marks[i - 1].digest, marks[i].digest, DIGEST_BYTES) == 0) {
			size_t one = root_of(rows, marks[i - 1].record), two = root_of(rows, marks[i].record);

			rows[one > two ? one : two].person = one < two ? one : two;
		}
	for (size_t i = 0; i < n; i++) {
		rows[i].person = root_of(rows, i);
		persons += rows[i].person == i;
	}
	return persons;
}

void person_mark_plain(struct buf *out, enum person_mark kind, struct str value)
{
	bool digits_only = kind == PERSON_PHONE, space = false;

	if (digits_only) {
		while (value.n && !ascii_is_digit(value.p[0]))
			value = str_slice(value, 1, value.n);
		if (str_starts(value, STR("00")))
			value = str_slice(value, 2, value.n);
	}
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (kind == PERSON_NAME && ascii_is_space(c)) {
			space = true;
		} else if (digits_only ? ascii_is_digit(c)
				       : kind == PERSON_MAIL || kind == PERSON_NAME || ascii_is_alnum(c) ||
						 (unsigned char)c >= 0x80) {
			if (space && out->n)
				buf_add_char(out, ' ');
			space = false;
			buf_add_char(out, ascii_lower(c));
		}
	}
}

/* The first character, whole. */
static struct str first_of(struct str s)
{
	size_t n = s.n ? 1 : 0;

	while (n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n++;
	return str_slice(s, 0, n);
}

void person_mark_masked(struct buf *out, enum person_mark kind, struct str value)
{
	ssize_t at = kind == PERSON_MAIL ? str_find(value, STR("@")) : -1;
	struct str shown = first_of(value);

	if (value.n == 0)
		return;
	if (kind == PERSON_PHONE || kind == PERSON_NATIONAL || kind == PERSON_NUMBER)
		shown = STR("");
	if (shown.n == 1 && ((unsigned char)shown.p[0] < ' ' || shown.p[0] == 0x7f))
		shown = STR("");
	buf_printf(out, "%.*s***", STR_ARG(shown));
	if (at >= 0)
		for (size_t i = (size_t)at; i < value.n; i++)
			if ((unsigned char)value.p[i] > ' ' && value.p[i] != 0x7f)
				buf_add_char(out, value.p[i]);
	if (kind == PERSON_PHONE && value.n > 2 && ascii_is_digit(value.p[value.n - 1]) && ascii_is_digit(value.p[value.n - 2]))
		buf_add(out, str_slice(value, value.n - 2, value.n));
}

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, DIGEST_BYTES);
}

/* What a value without a header is, by its look. */
static int kind_by_look(struct str value)
{
	enum field f = field_of_value(value);
	bool digits = false;
	struct str mail, rest = value;

	for (size_t i = 0; i < value.n; i++)
		digits |= ascii_is_digit(value.p[i]);
	if (next_mail(&rest, &mail))
		return PERSON_MAIL;
	return f == FIELD_PHONE ? PERSON_PHONE : digits ? PERSON_NATIONAL : PERSON_NAME;
}

static int list_add(struct people_list *list, int kind, struct str value, const struct store *s, struct arena *a,
		    struct err *err)
{
	if (kind < 0 || value.n == 0)
		return 0;
	if (list->n >= LIMIT_PEOPLE)
		return err_set(err, E_LIMIT, "the list has more than %d values", LIMIT_PEOPLE);
	mark_digest((enum person_mark)kind, value, s,
		    *(unsigned char(*)[DIGEST_BYTES])arena_push(a, &list->digests, &list->n, sizeof(*list->digests)));
	return 0;
}

/* The separator of a line that names columns, of which at least one tells a person; 0 when it is none. */
static char header_of(struct reader *x, struct str line)
{
	x->separator = '\0';
	if (str_find(line, STR("@")) >= 0)
		return '\0';
	if (open_table(x, line, 1))
		return x->separator;
	x->kinds[0] = line.n < LABEL ? mark_of(field_of_label(unquoted(line))) : -1;
	return x->kinds[0] >= 0 ? '\n' : '\0'; /* one column */
}

int people_list_read(struct str csv, const struct store *s, struct arena *a, struct people_list *out, struct err *err)
{
	struct reader x = { 0 };
	struct str rest = csv, line;
	char separator = '\0';

	*out = (struct people_list){ 0 };
	if (str_starts(rest, STR("\xef\xbb\xbf")))
		rest = str_slice(rest, 3, rest.n);
	for (bool first = true; rest.n && str_split(&rest, '\n', &line); first = false) {
		struct cells c;

		line = str_trim(line);
		if (first && (separator = header_of(&x, line)))
			continue;
		out->lines += line.n > 0;
		if (separator)
			cells_of(line, separator, &c);
		else
			c = (struct cells){ { unquoted(line) }, 1 };
		for (size_t i = 0; i < c.n && line.n; i++) {
			int kind = separator ? x.kinds[i] : kind_by_look(c.items[i]);

			if (list_add(out, kind, c.items[i], s, a, err) < 0 ||
			    (!separator && kind == PERSON_NATIONAL && list_add(out, PERSON_NUMBER, c.items[i], s, a, err) < 0))
				return err->code; /* whose number it is, a bare one does not say */
		}
	}
	if (out->n)
		qsort(out->digests, out->n, DIGEST_BYTES, compare_digests);
	return 0;
}

bool people_listed(const struct people_list *list, const struct store *s, const struct person_record *r)
{
	for (int k = 0; k < PERSON_MARKS && list->n; k++) {
		unsigned char digest[DIGEST_BYTES];

		if (!r->marks[k].n)
			continue;
		mark_digest((enum person_mark)k, r->marks[k], s, digest);
		if (bsearch(digest, list->digests, list->n, DIGEST_BYTES, compare_digests))
			return true;
	}
	return false;
}

void csv_put(struct buf *out, struct str cell)
{
	bool quoted = false;

	for (size_t i = 0; i < cell.n; i++)
		quoted |= cell.p[i] == '"' || cell.p[i] == ',' || cell.p[i] == ';' || (unsigned char)cell.p[i] < ' ';
	if (quoted)
		buf_add_char(out, '"');
	if (cell.n && ((unsigned char)cell.p[0] <= ' ' || strchr("=+-@|%", cell.p[0])))
		buf_add_char(out, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, (unsigned char)cell.p[i] < ' ' ? ' ' : cell.p[i]);
	}
	if (quoted)
		buf_add_char(out, '"');
}
