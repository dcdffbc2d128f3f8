/* fuzz_json_path.c - a JSON path in the first line, a document behind it; what jansson reads is read here too */
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/json_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(const struct json_node *node)
{
	uint32_t n = 0;

	if (!utf8_is_clean(json_tree_text(node)) || !utf8_is_clean(node->name))
		__builtin_trap();
	if (!json_tree_is_full(node))
		return;
	for (const struct json_node *child = node->first; child; child = child->next)
		n++;
	if (n != node->n)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct str rest = { (const char *)data, size }, line = { 0 };
	struct json_node *root = NULL;
	struct json_path path, everything;
	struct json_nodes nodes = { 0 };
	size_t replaced, effort = 100000;
	int read;

	str_split(&rest, '\n', &line);
	rest = utf8_clean(a, rest, &replaced);
	read = json_tree_read(a, rest, &root, NULL);
	if (read == E_BAD) {
		AUTO_FREE(json) other = json_parse(rest, NULL);

		if (other)
			__builtin_trap();
	}
	if (read < 0)
		return 0;
	if (json_path_compile(a, utf8_clean(a, line, &replaced), &path, NULL) == 0)
		json_path_find(&path, root, 1000, &effort, a, &nodes, NULL);
	for (size_t i = 0; i < nodes.n; i++)
		look_at(nodes.items[i]);
	if (json_path_compile(a, STR("$..*"), &everything, NULL) < 0)
		__builtin_trap();
	nodes = (struct json_nodes){ 0 };
	effort = 100000;
	json_path_find(&everything, root, 10000, &effort, a, &nodes, NULL);
	for (size_t i = 0; i < nodes.n; i++)
		look_at(nodes.items[i]);
	return 0;
}
