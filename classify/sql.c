/* sql.c - dumps of databases */
/* Hot: outside of a statement a line is told by its first letter. Statements are read once from left to right. */
#include "classify/sql.h"

#include <string.h>

enum { NAME_MOST = 64, KEYS = 64, LEAST = 3, SHORTEST_HEADER = 10 /* "insert all" */ };

/* What an unnamed value must not lose to the store: what people are known by, and what opens something. */
static const uint32_t private_kinds = FIELD_BIT(FIELD_SECRET) | FIELD_BIT(FIELD_NATIONAL) | FIELD_BIT(FIELD_BANK) |
				      FIELD_BIT(FIELD_BIRTH) | FIELD_BIT(FIELD_PAY) | FIELD_BIT(FIELD_HEALTH);
static const uint32_t personal_kinds = FIELD_BIT(FIELD_MAIL) | FIELD_BIT(FIELD_PHONE) | FIELD_BIT(FIELD_SECRET) |
				       FIELD_BIT(FIELD_NATIONAL) | FIELD_BIT(FIELD_BANK) | FIELD_BIT(FIELD_BIRTH) |
				       FIELD_BIT(FIELD_PAY) | FIELD_BIT(FIELD_HEALTH) | FIELD_BIT(FIELD_ADDRESS) |
				       FIELD_BIT(FIELD_NAME) | FIELD_BIT(FIELD_IP);

static bool starts(struct str s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && str_eq_nocase(str_slice(s, 0, n), (struct str){ word, n });
}

static size_t place(const struct sql *s, struct str piece)
{
	return (size_t)(piece.p - s->found->text.p);
}

/* `users`, "users", [dbo].[users], public.users: the name alone. */
static struct str bare_name(struct str s)
{
	size_t from;

	s = str_slice(str_trim(s), 0, 160);
	s = str_slice(s, 0, line_until(s, 0, " (\t"));
	for (from = s.n; from > 0 && s.p[from - 1] != '.'; from--)
		;
	s = str_slice(s, from, s.n);
	while (s.n && strchr("`\"'[", s.p[0]))
		s = str_slice(s, 1, s.n);
	while (s.n && strchr("`\"'];,", s.p[s.n - 1]))
		s.n--;
	return str_slice(s, 0, NAME_MOST);
}

/* A further table; the last one when there is no more room. */
static struct sql_table *new_table(struct sql *s, struct str name, struct str line)
{
	struct sql_table *t;

	if (!s->tables)
		s->tables = arena_alloc(s->found->a, SQL_TABLES * sizeof(*s->tables));
	if (s->n_tables == SQL_TABLES)
		return &s->tables[SQL_TABLES - 1];
	t = &s->tables[s->n_tables++];
	*t = (struct sql_table){ .name = name, .start = place(s, line), .end = place(s, line) + line.n };
	return t;
}

/* The table of this name, which may be new. */
static struct sql_table *table_of(struct sql *s, struct str name, struct str line)
{
	for (size_t i = 0; i < s->n_tables; i++)
		if (str_eq(s->tables[i].name, name))
			return &s->tables[i];
	return new_table(s, name, line);
}

static void add_column(struct sql_table *t, struct str name)
{
	static const char *const others[] = { "primary", "key",	     "unique", "constraint", "index",  "foreign",
					      "check",	 "fulltext", "values", "select",     "period", "exclude" };

	name = bare_name(name);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_eq_nocase(name, str_of(others[i])))
			return;
	if (name.n == 0 || t->n_columns == SQL_COLUMNS)
		return;
	t->columns[t->n_columns] = name;
	t->kinds[t->n_columns++] = field_of_label(name);
}

/* Names divided by commas, up to the bracket that closes them: where that stands, list.n for nowhere. */
static size_t read_columns(struct sql_table *t, struct str list)
{
	size_t start = 0, i = 0;
	int depth = 0;

	for (; i < list.n; i++) {
		char c = list.p[i];

		depth += (c == '(') - (c == ')');
		if (depth < 0 || (c == ',' && depth == 0)) {
			add_column(t, str_slice(list, start, i));
			start = i + 1;
		}
		if (depth < 0)
			return i;
	}
	if (start < list.n)
		add_column(t, str_slice(list, start, list.n));
	return list.n;
}

/* ---- rows ---- */

/* One value of a tuple at `at`: 'it''s', N'x', 12, NULL, f(x). Where it ends. */
static size_t read_value(struct str s, size_t at, struct str *value)
{
	size_t start, depth = 0;

	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	if (at + 1 < s.n && (s.p[at] == 'N' || s.p[at] == 'E') && s.p[at + 1] == '\'')
		at++;
	start = at;
	if (at < s.n && (s.p[at] == '\'' || s.p[at] == '"')) {
		char quote = s.p[at];

		for (at++; at < s.n; at++) {
			if (s.p[at] == '\\')
				at++;
			else if (s.p[at] == quote && at + 1 < s.n && s.p[at + 1] == quote)
				at++;
			else if (s.p[at] == quote)
				break;
		}
		*value = str_slice(s, start + 1, at < s.n ? at : s.n);
		at = at < s.n ? at + 1 : s.n;
		start = 0;
	}
	for (; at < s.n && (depth || (s.p[at] != ',' && s.p[at] != ')')); at++)
		depth = depth + (s.p[at] == '(') - (depth && s.p[at] == ')');
	if (start || !value->p)
		*value = str_trim(str_slice(s, start, at));
	return at;
}

/* The kind of a value: by its column, or where that is not known by its look. */
static enum field kind_of(const struct sql_table *t, size_t column, struct str value)
{
	if (column < t->n_columns && t->kinds[column] != FIELD_NONE)
		return t->kinds[column];
	if (line_mail_domain(value).n)
		return FIELD_MAIL;
	return value.n >= 32 && value.n <= 128 && line_is_hash(value) ? FIELD_SECRET : FIELD_NONE;
}

/* Count what the values of a column look like: a name alone says what it should hold, not what it does. */
static void count_value(struct sql_table *t, size_t column, struct str value, enum field kind)
{
	if (column < t->n_columns)
		t->valid[column] += t->kinds[column] != FIELD_NONE && field_holds(t->kinds[column], value);
	if (column < t->n_columns && t->kinds[column] != FIELD_NONE)
		return;
	t->mails += kind == FIELD_MAIL;
	t->hashes += kind == FIELD_SECRET;
}

static void see_value(struct sql *s, struct sql_table *t, size_t column, struct str value, struct credential *c)
{
	enum field kind = value.n >= 4 && value.n <= 200 ? kind_of(t, column, value) : FIELD_NONE;

	count_value(t, column, value, kind);
	if (kind == FIELD_MAIL && line_mail_domain(value).n) {
		c->login = value;
		c->host = line_mail_domain(value);
	} else if (kind == FIELD_ALIAS && !c->login.n) {
		c->login = value;
	} else if (kind == FIELD_SECRET && !c->secret.n && line_is_password(value)) {
		c->secret = value;
	}
	if (private_kinds & FIELD_BIT(kind) && !str_eq_nocase(value, STR("null")))
		found_secret(s->found, found_span(s->found, place(s, value), place(s, value) + value.n));
}

static void end_row(struct sql *s, struct sql_table *t, struct str whole, struct credential *c)
{
	t->rows++;
	t->end = place(s, whole) + whole.n;
	t->examples += line_is_example_host(c->host);
	if (!c->login.n || !c->secret.n)
		return;
	c->whole = whole;
	c->shape = line_is_hash(c->secret) ? CREDENTIAL_HASH : CREDENTIAL_ROW;
	c->plausible = true;
	s->listener.met(s->listener.whose, c);
}

/* (1, 'a', 'b'), (2, ...); -- all tuples of a line. */
static void read_tuples(struct sql *s, struct str line)
{
	size_t at = 0;

	while (at < line.n && (at = line_until(line, at, "(;")) < line.n && line.p[at] == '(') {
		struct credential c = { 0 };
		size_t start = at, column = 0;

		do {
			struct str value = { 0 };

			at = read_value(line, at + 1, &value);
			see_value(s, s->table, column++, value, &c);
		} while (at < line.n && line.p[at] == ',');
		end_row(s, s->table, str_slice(line, start, at + 1), &c);
		at++;
	}
	if (line.n && line.p[line.n - 1] == ';')
		s->state = SQL_OUTSIDE;
}

/* A line of COPY: cells divided by tabs. */
static void read_copy(struct sql *s, struct str line)
{
	struct credential c = { 0 };
	struct str rest = line, cell;

	if (str_eq(line, STR("\\."))) {
		s->state = SQL_OUTSIDE;
		return;
	}
	if (s->table->n_columns > 1 && s->table->rows == 0 && !memchr(line.p, '\t', line.n)) {
		s->state = SQL_OUTSIDE; /* no dump, but text about one */
		return;
	}
	for (size_t column = 0; str_split(&rest, '\t', &cell); column++)
		see_value(s, s->table, column, cell, &c);
	end_row(s, s->table, line, &c);
}

/* ---- statements ---- */

/* INSERT INTO name [(columns)] VALUES [tuples] */
static void read_insert(struct sql *s, struct str line, size_t name_at)
{
	struct str rest = str_slice(line, name_at, line.n);
	ssize_t values = str_find_nocase(str_slice(rest, 0, 4000), STR("values"));
	struct str head = str_slice(rest, 0, values >= 0 ? (size_t)values : rest.n);
	size_t bracket = line_until(head, 0, "(");

	s->table = table_of(s, bare_name(str_slice(head, 0, bracket)), line);
	if (bracket < head.n && s->table->rows == 0) {
		s->table->n_columns = 0;
		read_columns(s->table, str_slice(head, bracket + 1, head.n));
	}
	s->state = SQL_INSERT;
	if (values >= 0)
		read_tuples(s, str_slice(rest, (size_t)values + 6, rest.n));
}

/* A name alone, so that a sentence with the words of a statement is none. */
static bool is_one_word(struct str s)
{
	s = str_trim(s);
	return s.n && !memchr(s.p, ' ', s.n);
}

static void read_create(struct sql *s, struct str line)
{
	size_t bracket = line_until(line, 0, "("), at = 12;
	struct str name;

	if (starts(str_slice(line, at, line.n), " if not exists"))
		at += 14;
	name = bare_name(str_slice(line, at, bracket));
	if (name.n == 0 || !is_one_word(str_slice(line, at, bracket)))
		return;
	s->table = table_of(s, name, line);
	if (s->table->n_columns)
		return;
	s->state = SQL_CREATE;
	if (bracket + 1 < line.n && read_columns(s->table, str_slice(line, bracket + 1, line.n)) < line.n - bracket - 1)
		s->state = SQL_OUTSIDE;
}

/* COPY name (columns) FROM stdin; */
static void start_copy(struct sql *s, struct str line)
{
	size_t bracket = line_until(line, 0, "(");

	ssize_t from = str_find_nocase(str_slice(line, 0, 4000), STR("from stdin"));

	if (from < 0 || !is_one_word(str_slice(line, 5, bracket < line.n ? bracket : (size_t)from)))
		return;
	s->table = table_of(s, bare_name(str_slice(line, 5, bracket)), line);
	if (bracket < line.n) {
		s->table->n_columns = 0;
		read_columns(s->table, str_slice(line, bracket + 1, line.n));
	}
	s->dialect = "PostgreSQL";
	s->state = SQL_COPY;
}

/* Lines that only one program writes. */
static const struct {
	const char *start, *dialect;
} headers[] = {
	{ "-- mysql dump", "MySQL" },
	{ "-- mariadb dump", "MariaDB" },
	{ "/*m!999999", "MariaDB" },
	{ "-- phpmyadmin sql dump", "MySQL" },
	{ "-- adminer", "MySQL" },
	{ "-- postgresql database dump", "PostgreSQL" },
	{ "-- dumped by pg_dump", "PostgreSQL" },
	{ "pragma foreign_keys", "SQLite" },
	{ "set identity_insert", "Microsoft SQL Server" },
	{ "/****** object:", "Microsoft SQL Server" },
	{ "set ansi_nulls", "Microsoft SQL Server" },
	{ "insert all", "Oracle" },
	{ "rem inserting into", "Oracle" },
	{ "set define off", "Oracle" },
	{ "/*!40101 set", "MySQL" },
	{ "lock tables", "MySQL" },
};

static void see_header(struct sql *s, struct str line)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (!s->dialect && ascii_lower(line.p[0]) == headers[i].start[0] && line.n >= SHORTEST_HEADER &&
		    ascii_lower(line.p[1]) == headers[i].start[1] && ascii_lower(line.p[3]) == headers[i].start[3] &&
		    starts(line, headers[i].start))
			s->dialect = headers[i].dialect;
}

/* The keys of a document in one line. */
static void read_document(struct sql *s, struct str line)
{
	size_t at = 0;

	if (s->documents++ == 0)
		s->document_start = place(s, line);
	s->document_end = place(s, line) + line.n;
	for (int i = 0; i < KEYS; i++) {
		size_t start = line_until(line, at, "\""), end = line_until(line, start + 1, "\"");

		if (end >= line.n)
			return;
		at = end + 1;
		if (at < line.n && (line.p[at] == ':' || (line.p[at] == ' ' && at + 1 < line.n && line.p[at + 1] == ':')))
			s->kinds |= FIELD_BIT(field_of_label(str_slice(line, start + 1, end)));
	}
}

static void read_attribute(struct sql *s, struct str line)
{
	size_t colon = line_until(line, 0, ":");
	struct str name = str_slice(line, 0, colon), value = str_slice(line, colon + 1, line.n);
	enum field kind;

	if (colon >= line.n || colon > 40)
		return;
	while (value.n && (value.p[0] == ':' || value.p[0] == ' '))
		value = str_slice(value, 1, value.n);
	kind = field_of_label(name);
	s->kinds |= FIELD_BIT(kind);
	s->entry_end = place(s, line) + line.n;
	if (starts(name, "userpassword") || starts(name, "sambantpassword") || starts(name, "unicodepwd")) {
		s->entry_secrets++;
		s->kinds |= FIELD_BIT(FIELD_SECRET);
		found_secret(s->found, found_span(s->found, place(s, value), place(s, value) + value.n));
	}
}

/* INSERT in the forms of its dialects: true when it is one. */
static bool read_insert_of(struct sql *s, struct str line)
{
	static const struct {
		const char *start;
		bool bare; /* counts where a dialect is known only */
	} forms[] = { { "insert into ", false }, { "insert ignore into ", false }, { "insert [", false }, { "into ", true } };

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (starts(line, forms[i].start) && (!forms[i].bare || s->dialect)) {
			read_insert(s, line, strlen(forms[i].start));
			return true;
		}
	if (!s->dialect)
		see_header(s, line);
	return false;
}

/* ---- tables as clients print them: +----+, | id |, +----+, | 1 |, +----+ ---- */

/* "Table: users", behind "Database: shop": as sqlmap names what it took. */
static void see_named(struct sql *s, struct str line)
{
	if (!starts(line, "table: "))
		return;
	s->printed.name = bare_name(str_slice(line, 7, line.n));
	if (!s->dialect && str_starts(s->before, STR("Database: ")))
		s->dialect = "sqlmap";
}

/* "+----+---+" of MySQL; "----+---" of PostgreSQL stands below the names of columns. */
static bool is_border(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != '+' && line.p[i] != '-')
			return false;
	return line.n > 4 && memchr(line.p, '+', line.n);
}

static struct str without_bars(struct str line)
{
	size_t open = line.n > 1 && line.p[0] == '|', close = line.n > 1 && line.p[line.n - 1] == '|';

	return str_slice(line, open, line.n - close);
}

static void open_printed(struct sql *s)
{
	struct str rest = without_bars(s->printed.heading), name = s->printed.name, cell;

	s->printed.table = new_table(s, name.n ? name : STR("(printed)"), s->printed.heading);
	while (str_split(&rest, '|', &cell))
		add_column(s->printed.table, cell);
	s->printed.name = (struct str){ 0 };
}

static void read_printed(struct sql *s, struct str line)
{
	struct sql_table *t = s->printed.table;
	struct str rest = without_bars(line), cell;
	size_t column = 0;

	for (; str_split(&rest, '|', &cell); column++)
		count_value(t, column, str_trim(cell), FIELD_NONE);
	t->rows++;
	t->end = place(s, line) + line.n;
}

/* A line that holds a bar or a border, or the first behind such ones. Others read it too. */
static void see_printed(struct sql *s, struct str line)
{
	bool border = is_border(line);

	if (border && s->printed.borders == 0 && line.p[0] == '-') {
		s->printed.heading = s->before;
		s->printed.borders = memchr(s->before.p, '|', s->before.n) != NULL;
	}
	if (border) {
		if (++s->printed.borders == 2 && s->printed.heading.n)
			open_printed(s);
	} else if (!memchr(line.p, '|', line.n)) {
		memset(&s->printed.heading, 0, sizeof(s->printed.heading));
		s->printed.borders = 0;
		s->printed.table = NULL;
	} else if (s->printed.borders == 1) {
		s->printed.heading = line;
	} else if (s->printed.table && s->printed.borders == 2) {
		read_printed(s, line);
	} else if (s->printed.table) { /* a border below each row: a table of a document */
		s->printed.table->rows = s->printed.table->n_columns = 0;
	}
}

/* True when a statement begins, or a document stands, in this line. */
static bool read_start(struct sql *s, struct str line)
{
	switch (ascii_lower(line.p[0])) {
	case '-':
	case '/':
	case 'p':
	case 'r':
	case 'l':
	case 's':
		if (!s->dialect)
			see_header(s, line);
		return false;
	case 'i':
		return read_insert_of(s, line);
	case 't':
		see_named(s, line);
		return false;
	case 'c':
		if (starts(line, "create table "))
			read_create(s, line);
		else if (starts(line, "copy "))
			start_copy(s, line);
		return s->state != SQL_OUTSIDE;
	case '{':
		if (str_starts(line, STR("{\"_id\"")) || str_starts(line, STR("{ \"_id\"")))
			read_document(s, line);
		return false;
	case 'd':
		if (starts(line, "dn: ") || starts(line, "dn:: ")) {
			if (s->entries++ == 0)
				s->entry_start = place(s, line);
			s->entry_end = place(s, line) + line.n;
		}
		return false;
	default:
		return false;
	}
}

/* Within a statement: false when the line is no part of it. */
static bool read_inside(struct sql *s, struct str line)
{
	switch (s->state) {
	case SQL_OUTSIDE:
		return false;
	case SQL_COPY:
		read_copy(s, line);
		return true;
	case SQL_CREATE:
		if (line.p[0] == ')' || line.p[0] == '(' || line.n > 400)
			s->state = SQL_OUTSIDE;
		else
			add_column(s->table, line);
		return true;
	case SQL_INSERT:
		if (line.p[0] == '(' || starts(line, "values")) {
			read_tuples(s, line.p[0] == '(' ? line : str_slice(line, 6, line.n));
			return true;
		}
		s->state = SQL_OUTSIDE;
		return false;
	}
	return false;
}

bool sql_line(struct sql *s, struct str line)
{
	bool begins;

	if (line.n == 0) {
		if (s->state == SQL_CREATE || s->state == SQL_INSERT)
			s->state = SQL_OUTSIDE;
		return false;
	}
	if (s->state != SQL_OUTSIDE && read_inside(s, line))
		return true;
	if (s->entries && line.n < 400)
		read_attribute(s, line);
	if (s->printed.borders || line.p[0] == '+' || (line.p[0] == '-' && s->before.n && is_border(line)))
		see_printed(s, line);
	begins = read_start(s, line);
	s->before = line;
	return begins;
}

/* ---- what it was ---- */

static uint32_t kinds_of(const struct sql_table *t)
{
	uint32_t kinds = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		if (t->rows == 0 || 4 * t->valid[i] >= t->rows)
			kinds |= FIELD_BIT(t->kinds[i]);
	if (t->rows && 4 * t->mails >= t->rows)
		kinds |= FIELD_BIT(FIELD_MAIL);
	if (t->rows && 4 * t->hashes >= t->rows)
		kinds |= FIELD_BIT(FIELD_SECRET);
	return kinds & personal_kinds;
}

static struct str names_of(struct found *f, uint32_t kinds)
{
	struct str list = { 0 };

	for (int i = 1; i < FIELDS; i++)
		if (kinds & FIELD_BIT(i))
			list = arena_printf(f->a, "%.*s%s%s", STR_ARG(list), list.n ? ", " : "", field_name((enum field)i));
	return list;
}

/* Somebody can be reached by it, or something opened, and it is more than one kind. */
static bool is_personal(uint32_t kinds)
{
	static const uint32_t heavy = FIELD_BIT(FIELD_SECRET) | FIELD_BIT(FIELD_NATIONAL) | FIELD_BIT(FIELD_BANK) |
				      FIELD_BIT(FIELD_MAIL) | FIELD_BIT(FIELD_PHONE) | FIELD_BIT(FIELD_BIRTH);

	return kinds & heavy && __builtin_popcount(kinds) >= 2;
}

static void keep_table(struct sql *s, const struct sql_table *t)
{
	struct found *f = s->found;
	uint32_t kinds = kinds_of(t);
	bool personal = is_personal(kinds) && t->rows > 0, many = t->rows >= LEAST, invented = t->examples * 2 > t->rows;
	struct hit hit = {
		.rule = STR("sql-dump"),
		.label = STR("table of a database"),
		.kind = STR("database"),
		.span = found_span(f, t->start, t->end),
		.confidence = personal && many			 ? CONFIDENCE_HIGH
			      : (many && s->dialect) || personal ? CONFIDENCE_MEDIUM
								 : CONFIDENCE_LOW,
		.gravity = personal ? GRAVITY_MEDIUM : GRAVITY_LOW,
	};
	struct str names = names_of(f, kinds);

	if (!personal && !s->dialect) /* a line of a lesson */
		return;
	hit.why = arena_printf(f->a, "table %.*s of a database (%s): %zu columns, %zu rows%s%.*s%s", STR_ARG(t->name),
			       s->dialect ? s->dialect : "SQL", t->n_columns, t->rows, names.n ? "; personal: " : "",
			       STR_ARG(names), personal && invented ? ", of people whom documentation invents" : "");
	hit.masked = t->name;
	found_hit(f, &hit);
	found_reason(f, hit.why);
	if (personal)
		found_weigh(f, CATEGORY_LEAK, many && !invented ? 0.85 : 0.4);
	else if (many && s->dialect)
		found_weigh(f, CATEGORY_LEAK, 0.3);
}

static void keep_export(struct sql *s, const char *rule, const char *label, struct span span, size_t n, bool secret)
{
	struct found *f = s->found;
	uint32_t kinds = s->kinds & personal_kinds;
	struct str names = names_of(f, kinds);
	struct hit hit = {
		.rule = str_of(rule),
		.label = str_of(label),
		.kind = STR("database"),
		.span = span,
		.confidence = secret || (n >= LEAST && is_personal(kinds)) ? CONFIDENCE_HIGH
			      : n >= LEAST				   ? CONFIDENCE_MEDIUM
									   : CONFIDENCE_LOW,
		.gravity = GRAVITY_MEDIUM,
	};

	hit.why = arena_printf(f->a, "%s: %zu%s%.*s", label, n, names.n ? "; personal: " : "", STR_ARG(names));
	hit.masked = STR("");
	found_hit(f, &hit);
	found_reason(f, hit.why);
	found_weigh(f, CATEGORY_LEAK,
		    hit.confidence == CONFIDENCE_HIGH	  ? 0.85
		    : hit.confidence == CONFIDENCE_MEDIUM ? 0.5
							  : 0.15);
}

void sql_finish(struct sql *s)
{
	for (size_t i = 0; i < s->n_tables; i++)
		if (s->tables[i].rows || (s->dialect && s->tables[i].n_columns))
			keep_table(s, &s->tables[i]);
	if (s->documents)
		keep_export(s, "mongo-export", "documents of a database (MongoDB)",
			    found_span(s->found, s->document_start, s->document_end), s->documents, false);
	if (s->entries >= 2 || s->entry_secrets)
		keep_export(s, "ldif-export", "entries of a directory (LDIF)",
			    found_span(s->found, s->entry_start, s->entry_end), s->entries, s->entry_secrets > 0);
}
