/* json_path.c - JSON paths over a document */
#include "crawler/extract/json_path.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

/* The largest number that all implementations take for an index: RFC 9535 2.1, I-JSON's range. */
#define INDEX_MOST INT64_C(9007199254740991)

enum step_kind { STEP_NAME, STEP_INDEX, STEP_ALL, STEP_FILTER };

enum test { TEST_EXISTS, TEST_EQUAL, TEST_UNEQUAL };

struct json_step {
	enum step_kind kind;
	bool deep; /* at every node below, too */
	struct str name;
	int64_t index;
	struct json_step *inner; /* of a filter: names and numbers from the candidate on, ... */
	size_t n_inner;
	enum test test; /* ... what is asked of the value there, and of which it must be */
	struct json_node literal;
};

/* A path while it is compiled. */
struct compiling {
	struct arena *a;
	struct str text;
	size_t at;
	struct err *err;
};

static int wrong(struct compiling *c, const char *expected)
{
	return err_set(c->err, E_USAGE, "at byte %zu of \"%.*s\": expected %s", c->at + 1,
		       (int)(c->text.n < 120 ? c->text.n : 120), c->text.p, expected);
}

static char peek(const struct compiling *c)
{
	return c->at < c->text.n ? c->text.p[c->at] : '\0';
}

static void skip_blank(struct compiling *c)
{
	while (c->at < c->text.n && (c->text.p[c->at] == ' ' || (c->text.p[c->at] >= '\t' && c->text.p[c->at] <= '\r')))
		c->at++;
}

static bool is_name_first(char ch)
{
	return ascii_is_alpha(ch) || ch == '_' || (unsigned char)ch >= 0x80;
}

/* .name or .* without the dot. */
static int short_step(struct compiling *c, struct json_step *step)
{
	size_t start = c->at;

	if (peek(c) == '*') {
		c->at++;
		step->kind = STEP_ALL;
		return 0;
	}
	if (!is_name_first(peek(c)))
		return wrong(c, "a name or * (other names are written ['like-this'])");
	while (is_name_first(peek(c)) || ascii_is_digit(peek(c)))
		c->at++;
	step->kind = STEP_NAME;
	step->name = str_slice(c->text, start, c->at);
	return 0;
}

/* \uXXXX into c->at beyond it; -1 when the digits are not four. */
static int32_t unicode_escape(struct compiling *c)
{
	int32_t value = 0;

	if (!str_starts(str_slice(c->text, c->at, c->text.n), STR("\\u")) || c->at + 6 > c->text.n)
		return -1;
	for (size_t i = c->at + 2; i < c->at + 6; i++) {
		int digit = ascii_hex(c->text.p[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	c->at += 6;
	return value;
}

/* One escape of a quoted name, RFC 9535 2.3.1.1; its bytes go to `out`. */
static int escape(struct compiling *c, char quote, char *out, size_t *n)
{
	static const char letters[] = "bfnrt/\\", meant[] = "\b\f\n\r\t/\\";
	char letter = c->at + 1 < c->text.n ? c->text.p[c->at + 1] : '\0';
	const char *known = letter ? strchr(letters, letter) : NULL;
	int32_t high, low;

	if (known || letter == quote) {
		out[(*n)++] = known ? meant[known - letters] : quote;
		c->at += 2;
		return 0;
	}
	high = unicode_escape(c);
	if (high >= 0xd800 && high <= 0xdbff) {
		low = unicode_escape(c);
		high = low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((high - 0xd800) << 10) + low - 0xdc00 : -1;
	}
	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return wrong(c, "an escape such as \\n, \\\\ or \\u00e9");
	*n += utf8_put((uint32_t)high, out + *n);
	return 0;
}

static int quoted_name(struct compiling *c, struct json_step *step)
{
	char quote = c->text.p[c->at++], *out = arena_alloc(c->a, c->text.n + 4);
	size_t n = 0;

	while (peek(c) != quote || c->at >= c->text.n) {
		if (c->at >= c->text.n)
			return wrong(c, "the name's closing quotation mark");
		if ((unsigned char)peek(c) < 0x20)
			return wrong(c, "no control character in a name");
		if (peek(c) != '\\')
			out[n++] = c->text.p[c->at++];
		else if (escape(c, quote, out, &n) < 0)
			return E_USAGE;
	}
	c->at++;
	*step = (struct json_step){ .kind = STEP_NAME, .deep = step->deep, .name = { out, n } };
	return 0;
}

static int index_step(struct compiling *c, struct json_step *step)
{
	bool minus = peek(c) == '-';
	size_t start = c->at += minus;
	uint64_t number;

	while (ascii_is_digit(peek(c)))
		c->at++;
	if (!str_number(str_slice(c->text, start, c->at), INDEX_MOST, &number) ||
	    (c->text.p[start] == '0' && (minus || c->at - start > 1))) {
		c->at = start;
		return wrong(c, "a whole number such as 0 or -1");
	}
	step->kind = STEP_INDEX;
	step->index = minus ? -(int64_t)number : (int64_t)number;
	return 0;
}

/* What a filter compares with: a text in quotation marks, a number, true, false or null. */
static int literal(struct compiling *c, struct json_node *out)
{
	struct json_step text = { 0 };
	size_t start = c->at;
	struct json_node *value;

	if (peek(c) == '\'' || peek(c) == '"') {
		if (quoted_name(c, &text) < 0)
			return E_USAGE;
		*out = (struct json_node){ .kind = JSON_IS_TEXT, .text = text.name };
		return 0;
	}
	while (ascii_is_alnum(peek(c)) || (peek(c) && strchr("+-.", peek(c))))
		c->at++;
	if (c->at == start || json_tree_read(c->a, str_slice(c->text, start, c->at), &value, NULL) < 0) {
		c->at = start;
		return wrong(c, "a text in quotation marks, a number, true, false or null");
	}
	*out = *value;
	return 0;
}

static int one_step(struct compiling *c, struct json_step *step);

/* ?@.name, ?@.name == 'text', ?@.name != 1: without `and`, `or` and functions. */
static int filter_step(struct compiling *c, struct json_step *step)
{
	struct str rest;

	c->at++;
	skip_blank(c);
	if (peek(c) != '@')
		return wrong(c, "@ behind ?");
	c->at++;
	while (peek(c) == '.' || peek(c) == '[') {
		struct json_step inner = { 0 };

		if (peek(c) == '[' && c->at + 1 < c->text.n && c->text.p[c->at + 1] == '?')
			return wrong(c, "no filter in a filter");
		if (one_step(c, &inner) < 0)
			return E_USAGE;
		if (inner.deep || (inner.kind != STEP_NAME && inner.kind != STEP_INDEX))
			return wrong(c, "names and numbers in a filter, each a single one");
		*(struct json_step *)arena_push(c->a, &step->inner, &step->n_inner, sizeof(inner)) = inner;
	}
	skip_blank(c);
	step->kind = STEP_FILTER;
	rest = str_slice(c->text, c->at, c->text.n);
	if (!str_starts(rest, STR("==")) && !str_starts(rest, STR("!=")))
		return 0;
	step->test = rest.p[0] == '=' ? TEST_EQUAL : TEST_UNEQUAL;
	c->at += 2;
	skip_blank(c);
	return literal(c, &step->literal);
}

/* What stands in brackets. */
static int bracket_step(struct compiling *c, struct json_step *step)
{
	int result = 0;

	c->at++;
	skip_blank(c);
	if (peek(c) == '*') {
		c->at++;
		step->kind = STEP_ALL;
	} else if (peek(c) == '\'' || peek(c) == '"') {
		result = quoted_name(c, step);
	} else if (peek(c) == '-' || ascii_is_digit(peek(c))) {
		result = index_step(c, step);
	} else if (peek(c) == '?') {
		result = filter_step(c, step);
	} else {
		return wrong(c, "*, a number, a name in quotation marks or a filter (slices are not read)");
	}
	if (result < 0)
		return result;
	skip_blank(c);
	if (peek(c) != ']')
		return wrong(c, "] (one selector stands in brackets, no slice and no list)");
	c->at++;
	return 0;
}

static int one_step(struct compiling *c, struct json_step *step)
{
	if (str_starts(str_slice(c->text, c->at, c->text.n), STR(".."))) {
		step->deep = true;
		c->at += 2;
	} else if (peek(c) == '.') {
		c->at++;
		return short_step(c, step);
	}
	if (peek(c) == '[')
		return bracket_step(c, step);
	return step->deep ? short_step(c, step) : wrong(c, ".name, [ or ..");
}

int json_path_compile(struct arena *a, struct str text, struct json_path *out, struct err *err)
{
	struct compiling c = { .a = a, .text = text, .err = err };
	struct json_path path = { .relative = peek(&c) == '@' };

	if (text.n > LIMIT_PATTERN)
		return err_set(err, E_USAGE, "a JSON path of %zu bytes, expected at most %zu", text.n, LIMIT_PATTERN);
	if (peek(&c) != '$' && peek(&c) != '@')
		return wrong(&c, "$ (the document) or @ (the item)");
	c.at++;
	while (c.at < text.n) {
		struct json_step step = { 0 };

		skip_blank(&c);
		if (one_step(&c, &step) < 0)
			return E_USAGE;
		*(struct json_step *)arena_push(a, &path.steps, &path.n, sizeof(step)) = step;
	}
	*out = path;
	return 0;
}

/* One step over all nodes that the steps before it found. */
struct stepping {
	const struct json_step *step;
	size_t max; /* nodes wanted of it */
	size_t *effort;
	struct arena *a;
	struct json_nodes found;
	struct err *err;
};

/* Look at a node: false once that has been done too often. */
static bool spend(struct stepping *s, size_t nodes)
{
	if (*s->effort < nodes) {
		*s->effort = 0;
		return false;
	}
	*s->effort -= nodes;
	return true;
}

static void take(struct stepping *s, struct json_node *node)
{
	if (s->found.n == s->max)
		s->found.more = true;
	else
		*(struct json_node **)arena_push(s->a, &s->found.items, &s->found.n, sizeof(node)) = node;
}

/* Take off what looking at a node's members costs; the next spend() fails when that was too much. */
static void spend_members(struct stepping *s, const struct json_node *node)
{
	size_t n = node->kind >= JSON_IS_ARRAY ? node->n : 0;

	*s->effort = *s->effort > n ? *s->effort - n : 0;
}

/* Does a filter let a node through? */
static bool passes(struct stepping *s, const struct json_node *node)
{
	const struct json_step *filter = s->step;
	const struct json_node *value = node;
	bool same;

	for (size_t i = 0; value && i < filter->n_inner; i++) {
		spend_members(s, value);
		value = filter->inner[i].kind == STEP_NAME ? json_tree_member(value, filter->inner[i].name)
							   : json_tree_item(value, filter->inner[i].index);
	}
	if (filter->test == TEST_EXISTS)
		return value != NULL;
	same = value && value->kind == filter->literal.kind && value->kind < JSON_IS_ARRAY &&
	       str_eq(json_tree_text(value), json_tree_text(&filter->literal));
	return same == (filter->test == TEST_EQUAL);
}

/* What the step selects among the children of one node. False when the effort is used up. */
static bool select_children(struct stepping *s, struct json_node *node)
{
	struct json_node *child = NULL;

	if (!spend(s, 1 + (node->kind >= JSON_IS_ARRAY && s->step->kind < STEP_ALL ? node->n : 0)))
		return false;
	switch (s->step->kind) {
	case STEP_NAME:
		child = json_tree_member(node, s->step->name);
		break;
	case STEP_INDEX:
		child = json_tree_item(node, s->step->index);
		break;
	case STEP_ALL:
	case STEP_FILTER:
		child = json_tree_is_full(node) ? node->first : NULL;
		for (; child && !s->found.more; child = child->next) {
			if (!spend(s, 1))
				return false;
			if (s->step->kind == STEP_ALL || passes(s, child))
				take(s, child);
		}
		return true;
	}
	if (child)
		take(s, child);
	return true;
}

/* The step at a node and at each below it, a parent before its children. */
static bool select_below(struct stepping *s, struct json_node *top)
{
	struct json_node *open[LIMIT_DEPTH + 1] = { NULL }; /* where to go on, of each node that is being walked */
	size_t depth = 0;

	if (!select_children(s, top))
		return false;
	if (json_tree_is_full(top))
		open[depth++] = top->first;
	while (depth > 0 && !s->found.more) {
		struct json_node *node = open[depth - 1];

		open[depth - 1] = node->next;
		if (!node->next)
			depth--;
		if (!select_children(s, node))
			return false;
		if (json_tree_is_full(node))
			open[depth++] = node->first;
	}
	return true;
}

int json_path_find(const struct json_path *p, struct json_node *start, size_t max, size_t *effort, struct arena *a,
		   struct json_nodes *out, struct err *err)
{
	struct json_nodes nodes = { arena_alloc(a, sizeof(start)), 1, false };

	nodes.items[0] = start;
	for (size_t i = 0; i < p->n; i++) {
		struct stepping s = {
			.step = &p->steps[i], .max = i + 1 == p->n ? max : SIZE_MAX, .effort = effort, .a = a, .err = err
		};

		for (size_t k = 0; k < nodes.n && !s.found.more; k++)
			if (!(s.step->deep ? select_below(&s, nodes.items[k]) : select_children(&s, nodes.items[k])))
				return err_set(err, E_BAD, "the paths look at more than %d values of this page",
					       LIMIT_JSON_STEPS);
		nodes = s.found;
	}
	*out = nodes;
	return 0;
}
