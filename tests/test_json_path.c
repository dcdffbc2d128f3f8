/* test_json_path.c - documents into trees, and JSON paths over them */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/json_path.h"

static struct json_node *tree_of(struct arena *a, struct str text)
{
	struct str copy = exact_copy(text);
	struct err err = { 0 };
	struct json_node *root = NULL;
	struct str kept = arena_copy(a, copy);

	free((char *)copy.p);
	if (json_tree_read(a, kept, &root, &err) < 0)
		fail_msg("%s", err.text);
	return root;
}

static int try_tree(struct arena *a, struct str text, struct json_node **root, struct err *err)
{
	struct str copy = exact_copy(text);
	int result = json_tree_read(a, copy, root, err);

	free((char *)copy.p);
	return result;
}

/* The shapes of RFC 8259, and what its readers commonly get wrong. */
static void documents_that_are_json_are_read(void **state)
{
	static const struct {
		const char *why, *json;
		enum json_kind kind;
		const char *text;
	} rows[] = {
		{ "a text alone", "\"a\"", JSON_IS_TEXT, "a" },
		{ "space around it", " \t\r\n 1 \n", JSON_IS_NUMBER, "1" },
		{ "a number as it was written", "-0.50e+3", JSON_IS_NUMBER, "-0.50e+3" },
		{ "a number of no machine", "123456789012345678901234567890", JSON_IS_NUMBER,
		  "123456789012345678901234567890" },
		{ "an exponent beyond all reals", "1e99999", JSON_IS_NUMBER, "1e99999" },
		{ "zero", "0", JSON_IS_NUMBER, "0" },
		{ "less than zero", "-0", JSON_IS_NUMBER, "-0" },
		{ "a word", "true", JSON_IS_BOOL, "true" },
		{ "another", "false", JSON_IS_BOOL, "false" },
		{ "nothing", "null", JSON_IS_NULL, "" },
		{ "all short escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", JSON_IS_TEXT, "\"\\/\b\f\n\r\t" },
		{ "an escape by number", "\"\\u00e9\\u20AC\"", JSON_IS_TEXT, "\xc3\xa9\xe2\x82\xac" },
		{ "a pair of surrogates", "\"\\ud83d\\ude00\"", JSON_IS_TEXT, "\xf0\x9f\x98\x80" },
		{ "half a pair", "\"a\\ud83db\"", JSON_IS_TEXT,
		  "a\xef\xbf\xbd"
		  "b" },
		{ "two first halves", "\"\\ud83d\\ud83d\\ude00\"", JSON_IS_TEXT, "\xef\xbf\xbd\xf0\x9f\x98\x80" },
		{ "the second half alone", "\"\\ude00\"", JSON_IS_TEXT, "\xef\xbf\xbd" },
		{ "U+0000", "\"a\\u0000\"", JSON_IS_TEXT, "a\xef\xbf\xbd" },
		{ "a TAB that is no escape, as sloppy servers write it", "\"a\tb\"", JSON_IS_TEXT, "a\tb" },
		{ "an empty array", "[ ]", JSON_IS_ARRAY, "" },
		{ "an empty object", "{ }", JSON_IS_OBJECT, "" },
		{ "nesting", "[[],{\"a\":[{}]}]", JSON_IS_ARRAY, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct json_node *root = tree_of(a, str_of(rows[i].json));

		if (root->kind != rows[i].kind || !str_eq(json_tree_text(root), str_of(rows[i].text)))
			fail_msg("%s: kind %d, %.*s", rows[i].why, root->kind, STR_ARG(json_tree_text(root)));
	}
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *json, *error;
	} rows[] = {
		{ "", "not JSON at byte 0 of 0: expected a value" },
		{ "<html>", "not JSON at byte 0 of 6: expected a value" },
		{ "[1", "not JSON at byte 2 of 2: expected , or ]" },
		{ "[1,", "not JSON at byte 3 of 3: expected a value" },
		{ "[1,]", "not JSON at byte 3 of 4: expected a value" },
		{ "[,1]", "not JSON at byte 1 of 4: expected a value" },
		{ "[1 2]", "not JSON at byte 3 of 5: expected , or ]" },
		{ "{\"a\":1,}", "not JSON at byte 7 of 8: expected a member's name in quotation marks" },
		{ "{a:1}", "not JSON at byte 1 of 5: expected a member's name in quotation marks" },
		{ "{\"a\" 1}", "not JSON at byte 5 of 7: expected : behind a member's name" },
		{ "{\"a\":}", "not JSON at byte 5 of 6: expected a value" },
		{ "{\"a\":1", "not JSON at byte 6 of 6: expected , or }" },
		{ "[}", "not JSON at byte 1 of 2: expected a value" },
		{ "1 2", "not JSON at byte 2 of 3: expected nothing more" },
		{ "01", "not JSON at byte 2 of 2: expected a number without leading zeros" },
		{ "-", "not JSON at byte 1 of 1: expected a number without leading zeros" },
		{ "-00", "not JSON at byte 3 of 3: expected a number without leading zeros" },
		{ "1.", "not JSON at byte 2 of 2: expected digits behind the point" },
		{ "1e", "not JSON at byte 2 of 2: expected an exponent" },
		{ "+1", "not JSON at byte 0 of 2: expected a value" },
		{ "NaN", "not JSON at byte 0 of 3: expected a value" },
		{ "tru", "not JSON at byte 0 of 3: expected a value" },
		{ "\"a", "not JSON at byte 2 of 2: expected \" at the end of a text" },
		{ "\"\\", "not JSON at byte 2 of 2: expected an escape such as \\n or \\u00e9" },
		{ "\"\\x\"", "not JSON at byte 2 of 4: expected an escape such as \\n or \\u00e9" },
		{ "\"\\u12\"", "not JSON at byte 2 of 6: expected an escape such as \\n or \\u00e9" },
		{ "\"\\u12", "not JSON at byte 2 of 5: expected an escape such as \\n or \\u00e9" },
		{ "'a'", "not JSON at byte 0 of 3: expected a value" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct json_node *root = NULL;
		struct err err = { 0 };

		if (try_tree(a, str_of(rows[i].json), &root, &err) != E_BAD || strcmp(err.text, rows[i].error) != 0)
			fail_msg("%s: %s", rows[i].json, err.text);
		assert_null(root);
	}
}

static void nesting_has_a_ceiling(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) json = BUF_INIT(LIMIT_BODY);
	struct json_node *root;
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < LIMIT_DEPTH; i++)
		buf_add_char(&json, '[');
	for (int i = 0; i < LIMIT_DEPTH; i++)
		buf_add_char(&json, ']');
	assert_int_equal(try_tree(a, buf_str(&json), &root, &err), 0);
	buf_clear(&json);
	for (int i = 0; i < 100000; i++)
		buf_add(&json, STR("{\"a\":"));
	assert_int_equal(try_tree(a, buf_str(&json), &root, &err), E_LIMIT);
	assert_string_equal(err.text, "JSON nests deeper than 512 at byte 2560");
}

static void of_members_with_one_name_the_last_counts(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct json_node *root = tree_of(a, STR("{\"a\":1,\"b\":2,\"a\":\"x\",\"\":3}"));

	(void)state;
	assert_int_equal(root->n, 4);
	assert_str(json_tree_text(json_tree_member(root, STR("a"))), "x");
	assert_str(json_tree_text(json_tree_member(root, STR(""))), "3");
	assert_null(json_tree_member(root, STR("c")));
	assert_null(json_tree_member(json_tree_member(root, STR("a")), STR("a")));
}

static void items_are_counted_from_either_end(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct json_node *root = tree_of(a, STR("[\"a\",\"b\",\"c\"]"));

	(void)state;
	assert_str(json_tree_text(json_tree_item(root, 0)), "a");
	assert_str(json_tree_text(json_tree_item(root, 2)), "c");
	assert_str(json_tree_text(json_tree_item(root, -1)), "c");
	assert_str(json_tree_text(json_tree_item(root, -3)), "a");
	assert_null(json_tree_item(root, 3));
	assert_null(json_tree_item(root, -4));
	assert_null(json_tree_item(json_tree_item(root, 0), 0));
}

/* Scalars as text, others as their kind, one behind the other. */
static void show(const struct json_nodes *nodes, struct buf *out)
{
	for (size_t i = 0; i < nodes->n; i++) {
		const struct json_node *node = nodes->items[i];

		buf_printf(out, "%s", i ? " " : "");
		if (node->kind >= JSON_IS_ARRAY)
			buf_printf(out, "%c%u", node->kind == JSON_IS_ARRAY ? '[' : '{', node->n);
		else if (node->kind == JSON_IS_NULL)
			buf_add(out, STR("null"));
		else
			buf_add(out, json_tree_text(node));
	}
}

static int find(struct arena *a, struct json_node *root, const char *text, size_t max, size_t *effort, struct json_nodes *out,
		struct err *err)
{
	struct str copy = exact_copy(str_of(text));
	struct json_path path;
	int result = json_path_compile(a, copy, &path, err);

	*out = (struct json_nodes){ 0 };
	if (result == 0)
		result = json_path_find(&path, root, max, effort, a, out, err);
	free((char *)copy.p);
	return result;
}

/* The document of RFC 9535 1.5 in figures and short words, so that one line shows what was found. */
static const char store[] =
	"{\"store\":{\"book\":[{\"category\":\"reference\",\"author\":\"NR\",\"title\":\"SC\",\"price\":8.95},"
	"{\"category\":\"fiction\",\"author\":\"EW\",\"title\":\"SH\",\"price\":12.99},"
	"{\"category\":\"fiction\",\"author\":\"HM\",\"title\":\"MD\",\"isbn\":\"0-553\",\"price\":8.99},"
	"{\"category\":\"fiction\",\"author\":\"JT\",\"title\":\"LR\",\"isbn\":\"0-395\",\"price\":22.99}],"
	"\"bicycle\":{\"color\":\"red\",\"price\":399}}}";

static void paths_find_what_the_standard_says(void **state)
{
	static const struct {
		const char *where, *json, *path, *found;
	} rows[] = {
		{ "1.5: the authors of all books", store, "$.store.book[*].author", "NR EW HM JT" },
		{ "1.5: all authors", store, "$..author", "NR EW HM JT" },
		{ "1.5: all things in the store", store, "$.store.*", "[4 {2" },
		{ "1.5: the prices of everything", store, "$.store..price", "8.95 12.99 8.99 22.99 399" },
		{ "1.5: the third book", store, "$..book[2]", "{5" },
		{ "1.5: its author", store, "$..book[2].author", "HM" },
		{ "1.5: no such member", store, "$..book[2].publisher", "" },
		{ "1.5: the last book", store, "$..book[-1].title", "LR" },
		{ "1.5: books with a number", store, "$..book[?@.isbn].title", "MD LR" },
		{ "2.3.5: a text", store, "$..book[?@.category=='fiction'].title", "SH MD LR" },
		{ "2.3.5: a number, as it is written", store, "$..[?@.price == 8.95].title", "SC" },
		{ "2.3.5: of another kind", "[{\"a\":1},{\"a\":\"1\"}]", "$[?@.a == \"1\"].a", "1" },
		{ "2.3.5: unequal, or absent", "[{\"a\":1},{\"a\":2},{\"b\":3}]", "$[?@.a != 1]", "{1 {1" },
		{ "2.3.5: true, false and null", "[{\"a\":true},{\"a\":false},{\"a\":null},{}]", "$[?@.a==null]", "{1" },
		{ "2.3.5: false", "[{\"a\":true,\"b\":1},{\"a\":false,\"b\":2},{}]", "$[?@.a==false].b", "2" },
		{ "2.3.5: deeper", "[{\"a\":[{\"b\":\"x\"}],\"c\":1},{\"a\":[],\"c\":2}]", "$[?@.a[0].b == 'x'].c", "1" },
		{ "2.3.5: the value itself", "[\"x\",\"y\"]", "$[?@ == 'y']", "y" },
		{ "2.3.5: members of an object", "{\"a\":{\"k\":1},\"b\":{\"k\":2}}", "$[?@.k == 2]", "{1" },
		{ "2.3.5: an array is like none", "[{\"a\":[]}]", "$[?@.a == null]", "" },
		{ "2.2.3: the root", "{\"k\":\"v\"}", "$", "{1" },
		{ "2.3.1.3: a name with a space", "{\"o\":{\"j j\":{\"k.k\":3}},\"'\":{\"@\":2}}", "$.o['j j']", "{1" },
		{ "2.3.1.3: a name with a dot", "{\"o\":{\"j j\":{\"k.k\":3}},\"'\":{\"@\":2}}", "$.o['j j']['k.k']", "3" },
		{ "2.3.1.3: double quotation marks", "{\"o\":{\"j j\":{\"k.k\":3}},\"'\":{\"@\":2}}", "$.o[\"j j\"][\"k.k\"]",
		  "3" },
		{ "2.3.1.3: unusual names", "{\"o\":{\"j j\":{\"k.k\":3}},\"'\":{\"@\":2}}", "$[\"'\"][\"@\"]", "2" },
		{ "2.3.2.3: values of an object", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3]}", "$[*]", "{2 [2" },
		{ "2.3.2.3: of an object in it", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3]}", "$.o[*]", "1 2" },
		{ "2.3.2.3: of an array", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3]}", "$.a[*]", "5 3" },
		{ "2.3.3.3: an item", "[\"a\",\"b\"]", "$[1]", "b" },
		{ "2.3.3.3: from the end", "[\"a\",\"b\"]", "$[-2]", "a" },
		{ "2.3.3: beyond the end is no error", "[\"a\",\"b\"]", "$[2]", "" },
		{ "2.3.3: nothing of what is no array", "{\"0\":1}", "$[0]", "" },
		{ "2.5.1.3: shorthand and brackets", "[0,1]", "$.*", "0 1" },
		{ "2.5.2.3: values at all depths", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3,[{\"j\":4},{\"k\":6}]]}", "$..j",
		  "1 4" },
		{ "2.5.2.3: first items at all depths", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3,[{\"j\":4},{\"k\":6}]]}", "$..[0]",
		  "5 {1" },
		{ "2.5.2.3: all values", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3,[{\"j\":4},{\"k\":6}]]}", "$..*",
		  "{2 [3 1 2 5 3 [2 {1 {1 4 6" },
		{ "2.5.2.3: the same in brackets", "{\"o\":{\"j\":1,\"k\":2},\"a\":[5,3,[{\"j\":4},{\"k\":6}]]}", "$..[*]",
		  "{2 [3 1 2 5 3 [2 {1 {1 4 6" },
		{ "2.5.2.3: a node once for each way to it", "{\"o\":[{\"j\":1}]}", "$..o..j", "1" },
		{ "2.6: null is a value", "{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", "$.a", "null" },
		{ "2.6: and no array", "{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", "$.a[0]", "" },
		{ "2.6: nor object", "{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", "$.a.d", "" },
		{ "2.6: an item may be null", "{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", "$.b[0]", "null" },
		{ "2.6: all items", "{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", "$.b[*]", "null" },
		{ "2.6: null as a name", "{\"a\":null,\"b\":[null],\"c\":[{}],\"null\":1}", "$.null", "1" },
		{ "2.1.1: blank space between segments", "{\"a\":{\"b\":[7]}}", "$ .a\t['b'] [ 0 ]", "7" },
		{ "2.3.1.1: escapes", "{\"\\u263a\":1,\"\\ud83d\\ude00\":2,\"a\\\\'\":3}", "$['\\u263A']", "1" },
		{ "2.3.1.1: a pair of surrogates", "{\"\\ud83d\\ude00\":2}", "$[\"\\uD83D\\uDE00\"]", "2" },
		{ "2.3.1.1: its own quotation mark", "{\"a\\\\'\":3}", "$['a\\\\\\'']", "3" },
		{ "2.5.1.1: names beyond ASCII", "{\"\xe2\x98\xba\":1}", "$.\xe2\x98\xba", "1" },
		{ "2.5.1.1: underscores and digits", "{\"_a1\":1}", "$._a1", "1" },
		{ "the item", "{\"k\":[1,2]}", "@.k[-1]", "2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) shown = BUF_INIT(1000);
		size_t effort = LIMIT_JSON_STEPS;
		struct json_nodes nodes;
		struct err err = { 0 };

		if (find(a, tree_of(a, str_of(rows[i].json)), rows[i].path, 100, &effort, &nodes, &err) < 0)
			fail_msg("%s: %s", rows[i].where, err.text);
		show(&nodes, &shown);
		if (!str_eq(buf_str(&shown), str_of(rows[i].found)))
			fail_msg("%s: %.*s", rows[i].where, STR_ARG(buf_str(&shown)));
	}
}

static void a_wrong_path_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *path, *error;
	} rows[] = {
		{ "", "at byte 1 of \"\": expected $ (the document) or @ (the item)" },
		{ "store.book", "at byte 1 of \"store.book\": expected $ (the document) or @ (the item)" },
		{ "$.", "at byte 3 of \"$.\": expected a name or * (other names are written ['like-this'])" },
		{ "$..", "at byte 4 of \"$..\": expected a name or * (other names are written ['like-this'])" },
		{ "$...a", "at byte 4 of \"$...a\": expected a name or * (other names are written ['like-this'])" },
		{ "$.1a", "at byte 3 of \"$.1a\": expected a name or * (other names are written ['like-this'])" },
		{ "$.a-b", "at byte 4 of \"$.a-b\": expected .name, [ or .." },
		{ "$a", "at byte 2 of \"$a\": expected .name, [ or .." },
		{ "$ ", "at byte 3 of \"$ \": expected .name, [ or .." },
		{ "$.a ", "at byte 5 of \"$.a \": expected .name, [ or .." },
		{ "$[",
		  "at byte 3 of \"$[\": expected *, a number, a name in quotation marks or a filter (slices are not read)" },
		{ "$[]",
		  "at byte 3 of \"$[]\": expected *, a number, a name in quotation marks or a filter (slices are not read)" },
		{ "$[a]",
		  "at byte 3 of \"$[a]\": expected *, a number, a name in quotation marks or a filter (slices are not read)" },
		{ "$[?a]", "at byte 4 of \"$[?a]\": expected @ behind ?" },
		{ "$[?@.a == b]",
		  "at byte 11 of \"$[?@.a == b]\": expected a text in quotation marks, a number, true, false or null" },
		{ "$[?@.a == ]",
		  "at byte 11 of \"$[?@.a == ]\": expected a text in quotation marks, a number, true, false or null" },
		{ "$[?@.*]", "at byte 7 of \"$[?@.*]\": expected names and numbers in a filter, each a single one" },
		{ "$[?@..a]", "at byte 8 of \"$[?@..a]\": expected names and numbers in a filter, each a single one" },
		{ "$[?@[?@.a]]", "at byte 5 of \"$[?@[?@.a]]\": expected no filter in a filter" },
		{ "$[?@.a < 1]",
		  "at byte 8 of \"$[?@.a < 1]\": expected ] (one selector stands in brackets, no slice and no list)" },
		{ "$[0", "at byte 4 of \"$[0\": expected ] (one selector stands in brackets, no slice and no list)" },
		{ "$[0:2]", "at byte 4 of \"$[0:2]\": expected ] (one selector stands in brackets, no slice and no list)" },
		{ "$[0,1]", "at byte 4 of \"$[0,1]\": expected ] (one selector stands in brackets, no slice and no list)" },
		{ "$[01]", "at byte 3 of \"$[01]\": expected a whole number such as 0 or -1" },
		{ "$[-0]", "at byte 4 of \"$[-0]\": expected a whole number such as 0 or -1" },
		{ "$[-]", "at byte 4 of \"$[-]\": expected a whole number such as 0 or -1" },
		{ "$[9007199254740992]", "at byte 3 of \"$[9007199254740992]\": expected a whole number such as 0 or -1" },
		{ "$['a]", "at byte 6 of \"$['a]\": expected the name's closing quotation mark" },
		{ "$['\\", "at byte 4 of \"$['\\\": expected an escape such as \\n, \\\\ or \\u00e9" },
		{ "$['\\\"']", "at byte 4 of \"$['\\\"']\": expected an escape such as \\n, \\\\ or \\u00e9" },
		{ "$['\\ud800']", "at byte 10 of \"$['\\ud800']\": expected an escape such as \\n, \\\\ or \\u00e9" },
		{ "$['\\u12']", "at byte 4 of \"$['\\u12']\": expected an escape such as \\n, \\\\ or \\u00e9" },
		{ "$['a\tb']", "at byte 5 of \"$['a\tb']\": expected no control character in a name" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(MIB(1));
		struct json_path path;
		struct err err = { 0 };

		if (json_path_compile(a, str_of(rows[i].path), &path, &err) != E_USAGE || strcmp(err.text, rows[i].error) != 0)
			fail_msg("%s: %s", rows[i].path, err.text);
	}
}

static void results_have_a_ceiling_and_say_so(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) json = BUF_INIT(LIMIT_DECODED);
	size_t effort = LIMIT_JSON_STEPS;
	struct json_nodes nodes;
	struct err err = { 0 };

	(void)state;
	buf_add(&json, STR("[0"));
	for (int i = 1; i < 1000000; i++)
		buf_add(&json, STR(",0"));
	buf_add(&json, STR("]"));
	assert_int_equal(find(a, tree_of(a, buf_str(&json)), "$[*]", LIMIT_POSTS, &effort, &nodes, &err), 0);
	assert_int_equal(nodes.n, LIMIT_POSTS);
	assert_true(nodes.more);
	assert_true(LIMIT_JSON_STEPS - effort < 2 * LIMIT_POSTS); /* the others are not even looked at */
}

static void a_path_that_multiplies_is_stopped(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) json = BUF_INIT(LIMIT_BODY);
	size_t effort = LIMIT_JSON_STEPS;
	struct json_nodes nodes;
	struct err err = { 0 };

	(void)state;
	for (int i = 0; i < LIMIT_DEPTH; i++)
		buf_add(&json, STR("{\"a\":"));
	buf_add(&json, STR("1"));
	for (int i = 0; i < LIMIT_DEPTH; i++)
		buf_add(&json, STR("}"));
	assert_int_equal(find(a, tree_of(a, buf_str(&json)), "$..a..a..a..a", SIZE_MAX, &effort, &nodes, &err), E_BAD);
	assert_string_equal(err.text, "the paths look at more than 16000000 values of this page");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_that_are_json_are_read),
		cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
		cmocka_unit_test(nesting_has_a_ceiling),
		cmocka_unit_test(of_members_with_one_name_the_last_counts),
		cmocka_unit_test(items_are_counted_from_either_end),
		cmocka_unit_test(paths_find_what_the_standard_says),
		cmocka_unit_test(a_wrong_path_is_refused_with_its_place),
		cmocka_unit_test(results_have_a_ceiling_and_say_so),
		cmocka_unit_test(a_path_that_multiplies_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
