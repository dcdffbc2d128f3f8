/* records.c - records of people: tables, labelled fields and JSON */
/* Hot: each line is counted for separators and looked at for a colon; the caller has counted its signs. */
#include "classify/records.h"

#include <string.h>

enum {
	LONGEST = 1200,	   /* longer lines are prose or code */
	LABEL_MOST = 40,   /* bytes before the colon */
	LEAST_ROWS = 3,	   /* of a table or a list of records */
	FAR = 40,	   /* lines between two fields that speak of different people */
	MOST_ROWS = 60000, /* of one table: cells are counted in 16 bits */
};

static const uint32_t reach = FIELD_BIT(FIELD_MAIL) | FIELD_BIT(FIELD_PHONE) | FIELD_BIT(FIELD_NATIONAL) |
			      FIELD_BIT(FIELD_BANK) | FIELD_BIT(FIELD_ADDRESS);
static const uint32_t private = FIELD_BIT(FIELD_PAY) | FIELD_BIT(FIELD_BIRTH) | FIELD_BIT(FIELD_HEALTH) |
				FIELD_BIT(FIELD_BANK) | FIELD_BIT(FIELD_NATIONAL) | FIELD_BIT(FIELD_SECRET) |
				FIELD_BIT(FIELD_IP) | FIELD_BIT(FIELD_FAMILY);
static const uint32_t who = FIELD_BIT(FIELD_NAME) | FIELD_BIT(FIELD_ALIAS) | FIELD_BIT(FIELD_ID);

/* Does a record that holds these kinds tell something private of somebody who can be found by it? */
static bool is_personal(uint32_t kinds)
{
	uint32_t inner = kinds & private, outer = kinds & reach;

	return inner && outer && __builtin_popcount(inner | outer) >= 2 &&
	       __builtin_popcount(kinds & (private | reach | who)) >= 3;
}

static struct str names_of(struct found *f, uint32_t kinds)
{
	struct str list = { 0 };

	for (int i = 1; i < FIELDS; i++)
		if (kinds & FIELD_BIT(i))
			list = arena_printf(f->a, "%.*s%s%s", STR_ARG(list), list.n ? ", " : "", field_name((enum field)i));
	return list;
}

static size_t offset(const struct records *r, struct str s)
{
	return (size_t)(s.p - r->found->text.p);
}

static void hide(struct records *r, struct str value)
{
	size_t start = offset(r, value);

	found_secret(r->found, found_span(r->found, start, start + value.n));
}

/* ---- tables ---- */

static struct str without_bars(struct str line)
{
	if (line.n > 2 && line.p[0] == '|')
		line = str_slice(line, 1, line.n);
	if (line.n > 2 && line.p[line.n - 1] == '|')
		line = str_slice(line, 0, line.n - 1);
	return line;
}

static size_t count_of(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

static size_t cells_of(struct str line, char separator)
{
	struct str cell;
	size_t n = 0;

	if (!memchr(line.p, '"', line.n))
		return count_of(line, separator) + 1;
	while (line_cell(&line, separator, &cell))
		n++;
	return n;
}

/* As cells_of() of a line without the bars at its ends; its signs were counted already. */
static size_t cells_in(struct str line, char separator, const struct census *c)
{
	size_t n = separator == '\t' ? c->tab : separator == '|' ? c->bar : separator == ';' ? c->semicolon : c->comma;

	if (c->quote || separator == '|')
		return cells_of(without_bars(line), separator);
	return n + 1;
}

/* The separator that makes most cells of a line, and how many; 0 when none makes three. */
static char separator_of(struct str line, const struct census *c, size_t *cells)
{
	static const char separators[] = "\t|;,";
	const uint16_t counts[] = { c->tab, c->bar, c->semicolon, c->comma };
	int best = 0;

	for (int i = 1; i < 4; i++)
		if (counts[i] > counts[best])
			best = i;
	if (counts[best] < 2)
		return 0;
	*cells = cells_in(line, separators[best], c);
	return *cells >= 3 ? separators[best] : 0;
}

static void read_row(struct record_table *t, struct str line)
{
	struct str cell;

	for (size_t i = 0; i < t->columns && line_cell(&line, t->separator, &cell); i++) {
		t->valid[i] += field_holds(t->label[i], cell);
		t->looks[i][field_of_value(cell)]++;
	}
	t->rows++;
}

/* A second line has as many cells as the first: read the first as labels or as values. */
static void open_table(struct record_table *t)
{
	struct str rest = without_bars(t->header), cell;
	bool labels = false, values = false;

	for (size_t i = 0; i < t->columns && line_cell(&rest, t->separator, &cell); i++) {
		t->label[i] = field_of_label(cell);
		labels |= t->label[i] != FIELD_NONE;
		values |= field_of_value(cell) != FIELD_NONE;
	}
	t->is_open = true;
	t->has_header = labels && !values;
	memset(t->valid, 0, sizeof(t->valid));
	memset(t->looks, 0, sizeof(t->looks));
	if (!t->has_header)
		read_row(t, without_bars(t->header));
}

static void see_table(struct records *r, struct str line, const struct census *c)
{
	struct record_table *t = &r->table;

	t->separator = separator_of(line, c, &t->columns);
	if (t->columns > RECORD_COLUMNS)
		t->separator = 0;
	t->is_open = false;
	t->rows = 0;
	t->header = line;
	t->start = offset(r, line);
	t->end = t->start + line.n;
}

/* What a column holds: by its label where the cells agree, else by their look. */
static enum field column_kind(const struct record_table *t, size_t i)
{
	if (t->has_header && t->label[i] != FIELD_NONE)
		return t->valid[i] * 10 >= t->rows * 7 ? t->label[i] : FIELD_NONE;
	for (int k = 1; k < FIELDS; k++)
		if (t->looks[i][k] * 10 >= t->rows * 8)
			return (enum field)k;
	return FIELD_NONE;
}

/* Cover the private cells of a table that was judged. */
static void hide_cells(struct records *r, const enum field *kinds)
{
	static const uint32_t covered = FIELD_BIT(FIELD_PAY) | FIELD_BIT(FIELD_BIRTH) | FIELD_BIT(FIELD_HEALTH) |
					FIELD_BIT(FIELD_BANK) | FIELD_BIT(FIELD_NATIONAL) | FIELD_BIT(FIELD_SECRET);
	const struct record_table *t = &r->table;
	struct str rest = str_slice(r->found->text, t->start, t->end), line, cell;

	if (t->has_header)
		str_split(&rest, '\n', &line);
	while (str_split(&rest, '\n', &line)) {
		line = without_bars(str_trim(line));
		for (size_t i = 0; i < t->columns && line_cell(&line, t->separator, &cell); i++)
			if (covered & FIELD_BIT(kinds[i]) && cell.n)
				hide(r, cell);
	}
}

static void keep_table(struct records *r, uint32_t kinds)
{
	const struct record_table *t = &r->table;
	struct found *f = r->found;
	struct str names = names_of(f, kinds);
	struct hit hit = {
		.gravity = GRAVITY_MEDIUM,
		.rule = STR("personal-table"),
		.label = STR("table of personal records"),
		.kind = STR("personal-record"),
		.span = found_span(f, t->start, t->end),
		.confidence = CONFIDENCE_MEDIUM,
		.why = arena_printf(f->a, "table of personal records: %zu rows with %.*s", t->rows, STR_ARG(names)),
	};

	if (t->has_header)
		hit.masked = found_sample(f, found_span(f, t->start, t->start + t->header.n), (struct span){ 0 });
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_LEAK, t->rows < 5 ? 0.7 : t->rows < 50 ? 0.85 : 0.95);
}

static void close_table(struct records *r)
{
	struct record_table *t = &r->table;
	enum field kinds[RECORD_COLUMNS];
	uint32_t set = 0;

	if (t->separator && t->is_open && t->rows >= LEAST_ROWS) {
		for (size_t i = 0; i < t->columns; i++) {
			kinds[i] = column_kind(t, i);
			set |= FIELD_BIT(kinds[i]);
		}
		if (is_personal(set)) {
			keep_table(r, set & ~FIELD_BIT(FIELD_NONE));
			hide_cells(r, kinds);
		}
	}
	t->separator = 0;
}

/* |---|---| below the header of a table in Markdown, +----+ around one of a database */
static bool is_rule(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!strchr("-+|: =", line.p[i]))
			return false;
	return line.n > 2;
}

static void table_line(struct records *r, struct str line, const struct census *c)
{
	struct record_table *t = &r->table;

	if (t->separator && is_rule(line))
		return;
	if (t->separator && t->rows < MOST_ROWS && cells_in(line, t->separator, c) == t->columns) {
		if (!t->is_open)
			open_table(t);
		read_row(t, without_bars(line));
		t->end = offset(r, line) + line.n;
		return;
	}
	close_table(r);
	see_table(r, line, c);
}

/* ---- labelled fields ---- */

static uint32_t hash_of(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)ascii_lower(s.p[i])) * 16777619u;
	return h | 1;
}

static void end_record(struct record_labels *l)
{
	l->records += is_personal(l->seen);
	l->seen = 0;
}

static void read_field(struct records *r, struct str label, struct str value, enum field field)
{
	struct record_labels *l = &r->labels;
	uint32_t h = hash_of(label);

	if (l->seen && h == l->first)
		end_record(l);
	if (!l->seen)
		l->first = h;
	if (l->fields == 0 || r->line > l->line + FAR) {
		l->all = 0;
		l->start = offset(r, label);
	}
	l->seen |= FIELD_BIT(field);
	l->all |= FIELD_BIT(field);
	l->line = r->line;
	l->end = offset(r, value) + value.n;
	l->fields++;
}

static struct str label_of(struct str s)
{
	s = str_trim(s);
	while (s.n && strchr("\"'-*#>[]({ ,`", s.p[0]))
		s = str_slice(s, 1, s.n);
	while (s.n && strchr("\"'*])` ", s.p[s.n - 1]))
		s = str_slice(s, 0, s.n - 1);
	return s;
}

static struct str value_of(struct str s)
{
	s = str_trim(s);
	while (s.n && strchr("\"'*` .", s.p[0]))
		s = str_slice(s, 1, s.n);
	while (s.n && strchr("\"'},;.*`])", s.p[s.n - 1]))
		s = str_slice(s, 0, s.n - 1);
	return s;
}

/* Where the dots or the dash stand that lead from a label to its value; `most` for nowhere. */
static size_t leader_at(struct str s, size_t most)
{
	for (size_t i = 2; i + 2 < most; i++)
		if (s.p[i] == ' ' && s.p[i + 2] == (s.p[i + 1] == '.' ? '.' : ' ') && (s.p[i + 1] == '.' || s.p[i + 1] == '-'))
			return i + 1;
	return most;
}

/* "label: value", "label = value"; in one of several pieces of a line also "label value". */
static void read_piece(struct records *r, struct str piece, bool bare)
{
	size_t colon = 0, most = piece.n < LABEL_MOST ? piece.n : LABEL_MOST;
	struct str label, value;
	enum field field;

	while (colon < most && piece.p[colon] != ':' && piece.p[colon] != '=')
		colon++;
	if (colon == most) /* "label ..... value", "label - value" */
		colon = leader_at(piece, most);
	if (colon == most && bare)
		for (colon = 0; colon < most && piece.p[colon] != ' '; colon++)
			;
	if (colon == 0 || colon >= most)
		return;
	label = label_of(str_slice(piece, 0, colon));
	value = value_of(str_slice(piece, colon + 1, piece.n));
	field = field_of_label(label);
	if (field == FIELD_NONE && label.n && ascii_is_alpha(label.p[0]) && piece.p[colon] == ':')
		field = field_of_value(value);
	if (field != FIELD_NONE && value.n && field_holds(field, value))
		read_field(r, label, value, field);
}

/* Where the piece of a line ends: at a bar, a tab, three blanks, or at the end of a sentence; in JSON at a comma. */
static size_t piece_end(struct str s, bool json)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '|' || s.p[i] == '\t' || (json && s.p[i] == ','))
			return i;
		if (s.p[i] == ' ' && i > 0 && (s.p[i - 1] == '.' || s.p[i - 1] == ';') &&
		    !(i + 1 < s.n && (ascii_is_digit(s.p[i + 1]) || s.p[i + 1] == '.')) && !(i > 1 && s.p[i - 2] == '.'))
			return i;
		if (s.p[i] == ' ' && i + 2 < s.n && s.p[i + 1] == ' ' && s.p[i + 2] == ' ')
			return i;
	}
	return s.n;
}

static void label_line(struct records *r, struct str line)
{
	bool json = line.p[0] == '{' || str_starts(line, STR("[{")), bare = false;

	for (struct str rest = str_trim(line); rest.n;) {
		size_t end = piece_end(rest, json);

		bare |= end < rest.n && rest.p[end] == '|';
		read_piece(r, str_trim(str_slice(rest, 0, end)), bare);
		rest = str_trim(str_slice(rest, end + 1, rest.n));
	}
}

/* ---- one person ---- */

/* What each kind adds to the exposure of one person, in hundredths. */
static const signed char exposure[FIELDS] = {
	[FIELD_NAME] = 6,      [FIELD_AGE] = 6,	    [FIELD_WORK] = 10,	  [FIELD_SCHOOL] = 12, [FIELD_ALIAS] = 15,
	[FIELD_ADDRESS] = 20,  [FIELD_SOCIAL] = 12, [FIELD_PHONE] = 12,	  [FIELD_MAIL] = 5,    [FIELD_ISP] = 15,
	[FIELD_IP] = 25,       [FIELD_PAY] = 5,	    [FIELD_CAR] = 20,	  [FIELD_BIRTH] = 20,  [FIELD_HEALTH] = 10,
	[FIELD_NATIONAL] = 25, [FIELD_FAMILY] = 30, [FIELD_PUBLIC] = -45,
};

/* Words of those who expose somebody; looked for only where there are fields. */
static const char *const intents[] = {
	"dox",
	"d0x",
	"do what you want",
	"what to do with it",
	"you know what to do",
	"have fun",
	"where he lives",
	"where she lives",
	"where they live",
	"a visit",
	"say hello",
	"said hello",
	"say hi",
	"ring at any hour",
	"everything i found",
	"everything i have",
	"everything about",
	"leaves home",
	"home after",
	"swat",
	"make his life",
	"make her life",
	"ruin h",
	"real identity",
	"real name",
	"who he really is",
	"who she really is",
	"spread this",
	"send pizza",
	"send him",
	"was zu tun ist",
	"besucht ih",
	"viel spa\xc3\x9f",
	"wo er wohnt",
	"wo sie wohnt",
	"quoi faire",
	"o\xc3\xb9 il habite",
	"qu\xc3\xa9 hacer",
	"d\xc3\xb3nde vive",
	"\xd0\xb4\xd0\xb5\xd0\xb0\xd0\xbd\xd0\xbe\xd0\xbd",
	"\xd0\xb4\xd0\xbe\xd0\xba\xd1\x81",
};

static const char *intent_of(struct str text)
{
	for (size_t i = 0; i < sizeof(intents) / sizeof(*intents); i++)
		if (str_find_nocase(text, str_of(intents[i])) >= 0)
			return intents[i];
	return NULL;
}

static int exposure_of(uint32_t kinds)
{
	int sum = 0;

	for (int i = 0; i < FIELDS; i++)
		if (kinds & FIELD_BIT(i))
			sum += exposure[i];
	return sum;
}

static void judge_person(struct records *r)
{
	static const uint32_t places = FIELD_BIT(FIELD_PHONE) | FIELD_BIT(FIELD_MAIL) | FIELD_BIT(FIELD_ADDRESS) |
				       FIELD_BIT(FIELD_IP);
	const struct record_labels *l = &r->labels;
	struct found *f = r->found;
	int sum = exposure_of(l->all);
	const char *intent = sum >= 25 && l->all & places ? intent_of(f->text) : NULL;
	struct str names;
	struct hit hit = { .gravity = GRAVITY_MEDIUM,
			   .rule = STR("personal-fields"),
			   .label = STR("private fields of one person"),
			   .kind = STR("personal-record"),
			   .span = found_span(f, l->start, l->end),
			   .confidence = CONFIDENCE_MEDIUM };

	sum += intent ? 15 : -15;
	if (sum < 50 || !(l->all & places) || __builtin_popcount(l->all) < 3)
		return;
	names = names_of(f, l->all);
	hit.why = arena_printf(f->a, "private fields of one person: %.*s%s%s%s", STR_ARG(names), intent ? "; with \"" : "",
			       intent ? intent : "", intent ? "\"" : "");
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_DOX, sum > 95 ? 0.95 : sum / 100.0);
	found_reason(f, hit.why);
}

static void judge_labels(struct records *r)
{
	struct record_labels *l = &r->labels;
	struct found *f = r->found;
	struct hit hit = { .gravity = GRAVITY_MEDIUM,
			   .rule = STR("personal-records"),
			   .label = STR("personal records"),
			   .kind = STR("personal-record"),
			   .span = found_span(f, l->start, l->end),
			   .confidence = CONFIDENCE_MEDIUM };

	end_record(l);
	if (l->records < LEAST_ROWS) {
		judge_person(r);
		return;
	}
	hit.why = arena_printf(f->a, "personal records: %zu with labelled private fields", l->records);
	found_hit(f, &hit);
	found_weigh(f, CATEGORY_LEAK, l->records < 5 ? 0.7 : 0.9);
	found_reason(f, hit.why);
}

/* Four dots in a row within the first bytes: one of them stands at a place that four divides. */
static bool has_leader(struct str line)
{
	for (size_t i = 4; i + 1 < line.n && i <= LABEL_MOST; i += 4)
		if (line.p[i] == '.' && (line.p[i - 1] == '.' || line.p[i + 1] == '.'))
			return true;
	return false;
}

/* One sign alone in a line: is what stands before it a label, or what stands behind it a value, of a person? */
static bool is_single_field(struct str line, char sign, const struct census *c)
{
	const char *p = memchr(line.p, sign, line.n);
	size_t at = p ? (size_t)(p - line.p) : line.n, start = at;
	struct str value = str_slice(line, at + 1, line.n);

	while (start > 0 && at - start < LABEL_MOST &&
	       !(line.p[start - 1] == ' ' && start > 1 && strchr(".; ", line.p[start - 2])))
		start--;
	if (field_of_label(label_of(str_slice(line, start, at))) != FIELD_NONE)
		return true;
	while (value.n && strchr(" \"'(", value.p[0]))
		value = str_slice(value, 1, value.n);
	return value.n && (c->at || ascii_is_digit(value.p[0]) || value.p[0] == '+');
}

/* Is it worth while to look for fields in this line? */
static bool may_be_labelled(const struct records *r, struct str line, const struct census *c)
{
	if (c->bar || (c->tab && c->colon) || c->colon + c->equals > 1)
		return true;
	if (c->colon || c->equals)
		return is_single_field(line, c->colon ? ':' : '=', c);
	return has_leader(line) || (r->labels.fields && r->labels.line + 2 > r->line) ||
	       (line.p[0] == '-' && str_find(line, STR(" - ")) > 0);
}

void records_line(struct records *r, struct str line, const struct census *census)
{
	r->line++;
	if (line.n == 0 || line.n > LONGEST) {
		close_table(r);
		return;
	}
	if (r->table.separator || census->tab || census->bar || census->semicolon || census->comma)
		table_line(r, line, census);
	if (may_be_labelled(r, line, census))
		label_line(r, line);
}

void records_finish(struct records *r)
{
	close_table(r);
	if (r->labels.fields >= 3)
		judge_labels(r);
}
