/* json_tree.c - a JSON document from outside as a tree in an arena */
#include "base/json_tree.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

/* A document while it is read: the containers that are open, from the outermost. */
struct reading {
	struct arena *a;
	struct str text;
	size_t at;
	struct json_node *open[LIMIT_DEPTH];
	size_t depth;
	struct err *err;
};

static char peek(const struct reading *r)
{
	return r->at < r->text.n ? r->text.p[r->at] : '\0';
}

static void skip_space(struct reading *r)
{
	while (r->at < r->text.n && strchr(" \t\r\n", r->text.p[r->at]) && r->text.p[r->at])
		r->at++;
}

static int wrong(struct reading *r, const char *expected)
{
	return err_set(r->err, E_BAD, "not JSON at byte %zu of %zu: expected %s", r->at, r->text.n, expected);
}

/* Four hexadecimal digits at `at`; -1 when they are not. */
static int32_t four_digits(struct str s, size_t at)
{
	int32_t value = 0;

	if (at + 4 > s.n)
		return -1;
	for (size_t i = at; i < at + 4; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* The character of \uXXXX, and of the second half of a surrogate pair behind it; *at is moved beyond. */
static uint32_t escaped_character(struct str s, size_t *at)
{
	uint32_t c = (uint32_t)four_digits(s, *at + 2);
	int32_t low;

	*at += 6;
	if (c < 0xd800 || c > 0xdbff || !str_starts(str_slice(s, *at, s.n), STR("\\u")))
		return c;
	low = four_digits(s, *at + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return c;
	*at += 6;
	return 0x10000 + ((c - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
}

/* `s` with its escapes undone; they are known to be well formed. */
static struct str unescaped(struct arena *a, struct str s)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t put;

		if (s.p[i] != '\\') {
			out[n++] = s.p[i++];
		} else if (s.p[i + 1] != 'u') {
			out[n++] = meant[strchr(letters, s.p[i + 1]) - letters];
			i += 2;
		} else {
			c = escaped_character(s, &i);
			put = c ? utf8_put(c, out + n) : 0;
			if (put == 0) {
				memcpy(out + n, UTF8_REPLACEMENT, 3);
				put = 3;
			}
			n += put;
		}
	}
	return (struct str){ out, n };
}

/* A text, from its opening quotation mark. */
static int read_text(struct reading *r, struct str *out)
{
	size_t start = ++r->at;
	bool escapes = false;

	for (; r->at < r->text.n && r->text.p[r->at] != '"'; r->at++) {
		if (r->text.p[r->at] != '\\')
			continue;
		escapes = true;
		r->at++;
		if (peek(r) == 'u' && four_digits(r->text, r->at + 1) >= 0)
			r->at += 4;
		else if (peek(r) == '\0' || !strchr("\"\\/bfnrt", peek(r)))
			return wrong(r, "an escape such as \\n or \\u00e9");
	}
	if (r->at >= r->text.n)
		return wrong(r, "\" at the end of a text");
	*out = str_slice(r->text, start, r->at++);
	if (escapes)
		*out = unescaped(r->a, *out);
	return 0;
}

static bool skip_digits(struct reading *r)
{
	size_t start = r->at;

	while (ascii_is_digit(peek(r)))
		r->at++;
	return r->at > start;
}

static int read_number(struct reading *r, struct json_node *node)
{
	size_t start = r->at;
	bool zero;

	r->at += peek(r) == '-';
	zero = peek(r) == '0';
	if (!skip_digits(r) || (zero && r->text.p[r->at - 1] != '0') ||
	    (zero && r->at - start > (r->text.p[start] == '-' ? 2u : 1u)))
		return wrong(r, "a number without leading zeros");
	if (peek(r) == '.') {
		r->at++;
		if (!skip_digits(r))
			return wrong(r, "digits behind the point");
	}
	if (peek(r) == 'e' || peek(r) == 'E') {
		r->at++;
		r->at += peek(r) == '-' || peek(r) == '+';
		if (!skip_digits(r))
			return wrong(r, "an exponent");
	}
	node->kind = JSON_IS_NUMBER;
	node->text = str_slice(r->text, start, r->at);
	return 0;
}

static int read_word(struct reading *r, struct json_node *node)
{
	static const struct {
		struct str word;
		enum json_kind kind;
	} words[] = { { STR("true"), JSON_IS_BOOL }, { STR("false"), JSON_IS_BOOL }, { STR("null"), JSON_IS_NULL } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_starts(str_slice(r->text, r->at, r->text.n), words[i].word)) {
			node->kind = words[i].kind;
			node->text = words[i].word;
			r->at += words[i].word.n;
			return 0;
		}
	return wrong(r, "a value");
}

/* A whole scalar, or the beginning of an array or object, which is open from then on. */
static int begin_value(struct reading *r, struct json_node *node)
{
	char c;

	skip_space(r);
	c = peek(r);
	if (c == '"') {
		node->kind = JSON_IS_TEXT;
		return read_text(r, &node->text);
	}
	if (c == '-' || ascii_is_digit(c))
		return read_number(r, node);
	if (c != '[' && c != '{')
		return read_word(r, node);
	if (r->depth == LIMIT_DEPTH)
		return err_set(r->err, E_LIMIT, "JSON nests deeper than %d at byte %zu", LIMIT_DEPTH, r->at);
	node->kind = c == '[' ? JSON_IS_ARRAY : JSON_IS_OBJECT;
	r->open[r->depth++] = node;
	r->at++;
	return 0;
}

static int read_name(struct reading *r, struct str *name)
{
	int result;

	skip_space(r);
	if (peek(r) != '"')
		return wrong(r, "a member's name in quotation marks");
	result = read_text(r, name);
	if (result < 0)
		return result;
	skip_space(r);
	if (peek(r) != ':')
		return wrong(r, ": behind a member's name");
	r->at++;
	return 0;
}

/* Inside the innermost open container: its end, or one more value. */
static int read_more(struct reading *r)
{
	struct json_node *parent = r->open[r->depth - 1], *node;
	bool object = parent->kind == JSON_IS_OBJECT;
	struct str name = { 0 };

	skip_space(r);
	if (peek(r) == (object ? '}' : ']')) {
		r->at++;
		r->depth--;
		return 0;
	}
	if (parent->n > 0) {
		if (peek(r) != ',')
			return wrong(r, object ? ", or }" : ", or ]");
		r->at++;
	}
	if (object && read_name(r, &name) < 0)
		return E_BAD;
	node = arena_alloc(r->a, sizeof(*node));
	node->name = name;
	if (parent->n++)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return begin_value(r, node);
}

int json_tree_read(struct arena *a, struct str text, struct json_node **out, struct err *err)
{
	struct reading r = { .a = a, .text = text, .err = err };
	struct json_node *root = arena_alloc(a, sizeof(*root));
	int result = begin_value(&r, root);

	while (result == 0 && r.depth > 0)
		result = read_more(&r);
	if (result < 0)
		return result;
	skip_space(&r);
	if (r.at < text.n)
		return wrong(&r, "nothing more");
	*out = root;
	return 0;
}

struct json_node *json_tree_member(const struct json_node *object, struct str name)
{
	struct json_node *found = NULL;

	if (!object || object->kind != JSON_IS_OBJECT)
		return NULL;
	for (struct json_node *node = object->first; node; node = node->next)
		if (str_eq(node->name, name))
			found = node;
	return found;
}

struct json_node *json_tree_item(const struct json_node *array, int64_t number)
{
	struct json_node *node;

	if (!array || array->kind != JSON_IS_ARRAY)
		return NULL;
	if (number < 0)
		number += array->n;
	if (number < 0 || number >= array->n)
		return NULL;
	for (node = array->first; number > 0; number--)
		node = node->next;
	return node;
}

struct str json_tree_text(const struct json_node *node)
{
	bool has = node && (node->kind == JSON_IS_TEXT || node->kind == JSON_IS_NUMBER || node->kind == JSON_IS_BOOL);

	return has ? node->text : (struct str){ 0 };
}
