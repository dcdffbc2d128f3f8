/* json_template.c - texts with holes that JSON paths fill */
#include "crawler/extract/json_template.h"

#include <string.h>

#include "base/limits.h"
#include "crawler/extract/text.h"

enum piece_kind { PIECE_TEXT, PIECE_PATH, PIECE_SITE, PIECE_SEGMENT };

struct json_piece {
	enum piece_kind kind;
	struct str text;
	struct json_path path;
	bool looks_up;		 /* what the path finds names a resource, ... */
	struct json_path behind; /* ... and this is the path in it */
	uint64_t number;	 /* added to the value, or which segment */
};

/* A template without || in it. */
struct json_variant {
	struct json_piece *pieces;
	size_t n;
	bool path; /* one path alone, which yields the address itself and no part of one */
};

static struct json_piece *piece_new(struct arena *a, struct json_variant *t, enum piece_kind kind)
{
	struct json_piece *piece = arena_push(a, &t->pieces, &t->n, sizeof(*piece));

	piece->kind = kind;
	return piece;
}

/* Where the hole that begins behind `at` ends: its } outside of quotation marks. The length of the text when nowhere. */
static size_t hole_end(struct str text, size_t at)
{
	char quote = '\0';

	for (; at < text.n; at++) {
		char c = text.p[at];

		if (quote && c == '\\')
			at++;
		else if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == '}')
			return at;
	}
	return text.n;
}

/* "@.page+1": the number behind the path. */
static struct str take_sum(struct str hole, uint64_t *number)
{
	size_t at = hole.n;

	while (at > 0 && ascii_is_digit(hole.p[at - 1]))
		at--;
	if (at < hole.n && at > 0 && hole.p[at - 1] == '+' && str_number(str_slice(hole, at, hole.n), 1000000, number))
		return str_slice(hole, 0, at - 1);
	return hole;
}

static int compile_hole(struct arena *a, struct str hole, struct json_variant *t, struct err *err)
{
	struct json_piece *piece;
	uint64_t number = 0;
	ssize_t arrow;

	if (str_eq(hole, STR("url"))) {
		piece_new(a, t, PIECE_SITE);
		return 0;
	}
	if (hole.n && hole.p[0] == '/' && str_number(str_slice(hole, 1, hole.n), 20, &number) && number > 0) {
		piece_new(a, t, PIECE_SEGMENT)->number = number;
		return 0;
	}
	if (hole.n == 0 || !strchr("@$", hole.p[0]))
		return err_set(err, E_USAGE, "the hole {%.*s}: expected {@.path}, {$.path}, {url} or {/1}",
			       (int)(hole.n < 80 ? hole.n : 80), hole.p);
	piece = piece_new(a, t, PIECE_PATH);
	arrow = str_find(hole, STR(" => "));
	if (arrow >= 0) {
		piece->looks_up = true;
		if (json_path_compile(a, str_trim(str_slice(hole, (size_t)arrow + 4, hole.n)), &piece->behind, err) < 0)
			return E_USAGE;
		hole = str_trim(str_slice(hole, 0, (size_t)arrow));
	}
	hole = take_sum(hole, &piece->number);
	return json_path_compile(a, hole, &piece->path, err);
}

static int compile_variant(struct arena *a, struct str text, struct json_variant *t, struct err *err)
{
	if (text.n && strchr("@$", text.p[0])) {
		t->path = true;
		return json_path_compile(a, text, &piece_new(a, t, PIECE_PATH)->path, err);
	}
	for (size_t at = 0; at < text.n;) {
		const char *brace = memchr(text.p + at, '{', text.n - at);
		size_t start = brace ? (size_t)(brace - text.p) : text.n, end;

		if (start > at)
			piece_new(a, t, PIECE_TEXT)->text = str_slice(text, at, start);
		if (start == text.n)
			break;
		end = hole_end(text, start + 1);
		if (end == text.n)
			return err_set(err, E_USAGE, "at byte %zu of \"%.*s\": expected } at the end of the hole", start + 1,
				       (int)(text.n < 120 ? text.n : 120), text.p);
		if (compile_hole(a, str_slice(text, start + 1, end), t, err) < 0)
			return E_USAGE;
		at = end + 1;
	}
	return 0;
}

int json_template_compile(struct arena *a, struct str text, struct json_template *out, struct err *err)
{
	struct json_template t = { 0 };

	for (bool more = text.n > 0; more;) {
		ssize_t bars = str_find(text, STR(" || "));
		struct str one = str_slice(text, 0, bars < 0 ? text.n : (size_t)bars);

		if (compile_variant(a, str_trim(one), arena_push(a, &t.variants, &t.n, sizeof(*t.variants)), err) < 0)
			return E_USAGE;
		more = bars >= 0;
		text = more ? str_slice(text, (size_t)bars + 4, text.n) : text;
	}
	*out = t;
	return 0;
}

static int compile_rule(struct arena *a, struct str line, struct json_rule *rule, struct err *err)
{
	ssize_t arrow = str_find(line, STR(" -> "));
	struct str path = STR("$"), address = line;

	if (arrow >= 0) {
		path = str_trim(str_slice(line, 0, (size_t)arrow));
		address = str_trim(str_slice(line, (size_t)arrow + 4, line.n));
	} else if (strchr("@$", line.p[0])) {
		path = line;
		address = STR("@");
	}
	if (json_path_compile(a, path, &rule->each, err) < 0)
		return E_USAGE;
	return json_template_compile(a, address, &rule->address, err);
}

int json_rules_compile(struct arena *a, struct str text, struct json_rules *out, struct err *err)
{
	struct json_rules rules = { 0 };
	struct str line = { 0 };

	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.n && compile_rule(a, line, arena_push(a, &rules.items, &rules.n, sizeof(*rules.items)), err) < 0)
			return E_USAGE;
	}
	*out = rules;
	return 0;
}

/* The n-th segment of a path, from 1; empty beyond the last. */
static struct str segment(struct str path, uint64_t n)
{
	ssize_t query = str_find(path, STR("?"));
	struct str piece = { 0 };

	path = query >= 0 ? str_slice(path, 0, (size_t)query) : path;
	for (uint64_t i = 0; i <= n; i++)
		if (!str_split(&path, '/', &piece))
			return (struct str){ 0 };
	return piece;
}

/* A value for an address: characters that would end it, or that its reader takes for a space, are escaped. */
static struct str for_address(struct arena *a, struct str value)
{
	static const char hex[] = "0123456789ABCDEF", those[] = "#+ \t\n\r";
	size_t n = 0, more = 0;
	char *out;

	for (size_t i = 0; i < value.n; i++)
		more += value.p[i] && strchr(those, value.p[i]) ? 2 : 0;
	if (more == 0)
		return value;
	out = arena_alloc(a, value.n + more + 1);
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (!c || !strchr(those, c)) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	return (struct str){ out, n };
}

static struct str sum(struct arena *a, struct str value, uint64_t more)
{
	uint64_t number;

	if (!str_number(value, INT64_MAX / 2, &number))
		return (struct str){ 0 };
	return arena_printf(a, "%llu", (unsigned long long)(number + more));
}

/* The first node that a path finds; NULL when it finds none. */
static int first_node(const struct json_path *path, struct json_node *item, const struct json_scope *s, struct json_node **out)
{
	struct json_nodes nodes;
	int result = json_path_find(path, path->relative ? item : s->root, 1, s->effort, s->a, &nodes, s->err);

	*out = result == 0 && nodes.n ? nodes.items[0] : NULL;
	return result;
}

static bool has_same(const struct json_node *one, const struct json_node *two, struct str name)
{
	const struct json_node *a = json_tree_member(one, name), *b = json_tree_member(two, name);

	return a && b && json_tree_text(a).n && str_eq(json_tree_text(a), json_tree_text(b));
}

static size_t members(const struct json_node *node)
{
	return node->kind == JSON_IS_OBJECT ? node->n : 0;
}

/* The resource that an identifier names; NULL when the document holds it not. */
static int look_up(const struct json_node *identifier, const struct json_scope *s, struct json_node **out)
{
	const struct json_node *included = json_tree_member(s->root, STR("included"));

	*out = NULL;
	if (!included || !json_tree_is_full(included))
		return 0;
	for (struct json_node *node = included->first; node && !*out; node = node->next) {
		size_t cost = 1 + 2 * (members(node) + members(identifier));

		if (*s->effort < cost)
			return err_set(s->err, E_BAD, "the paths look at more than %d values of this page", LIMIT_JSON_STEPS);
		*s->effort -= cost;
		if (has_same(node, identifier, STR("id")) && has_same(node, identifier, STR("type")))
			*out = node;
	}
	return 0;
}

static int path_value(const struct json_piece *piece, const struct json_scope *s, struct str *out)
{
	struct json_node *node;
	int result = first_node(&piece->path, s->item, s, &node);

	*out = (struct str){ 0 };
	if (result == 0 && node && piece->looks_up)
		result = look_up(node, s, &node);
	if (result == 0 && node && piece->looks_up)
		result = first_node(&piece->behind, node, s, &node);
	if (result < 0 || !node)
		return result;
	*out = json_tree_text(node);
	if (piece->number)
		*out = sum(s->a, *out, piece->number);
	if (s->turn && out->n)
		return s->turn(s->arg, *out, out);
	return 0;
}

static int piece_value(const struct json_piece *piece, const struct json_scope *s, bool escaped, struct str *out)
{
	int result = 0;

	switch (piece->kind) {
	case PIECE_TEXT:
		*out = piece->text;
		break;
	case PIECE_SITE:
		*out = s->site;
		while (out->n && out->p[out->n - 1] == '/')
			out->n--;
		break;
	case PIECE_SEGMENT:
		*out = segment(s->page, piece->number);
		break;
	case PIECE_PATH:
		result = path_value(piece, s, out);
		if (result == 0 && escaped)
			*out = for_address(s->a, *out);
		break;
	}
	return result;
}

/* 1 when no hole stayed empty, 0 when one did. */
static int fill_variant(const struct json_variant *t, const struct json_scope *s, struct str *out)
{
	struct str *values = arena_alloc(s->a, t->n * sizeof(*values) + 1);
	size_t n = 0;
	bool whole = true;
	char *all;

	for (size_t i = 0; i < t->n; i++) {
		int result = piece_value(&t->pieces[i], s, s->address && !t->path, &values[i]);

		if (result < 0)
			return result;
		whole &= values[i].n > 0;
		values[i] = text_cut(values[i], LIMIT_TEXT - n);
		n += values[i].n;
	}
	if (t->n == 1) {
		*out = values[0];
		return whole;
	}
	all = arena_alloc(s->a, n + 1);
	n = 0;
	for (size_t i = 0; i < t->n; i++) {
		if (values[i].n)
			memcpy(all + n, values[i].p, values[i].n);
		n += values[i].n;
	}
	*out = (struct str){ all, n };
	return whole;
}

int json_template_fill(const struct json_template *t, const struct json_scope *s, struct str *out)
{
	int result = 0;

	*out = (struct str){ 0 };
	for (size_t i = 0; i < t->n && result == 0; i++)
		result = fill_variant(&t->variants[i], s, out);
	return result;
}
