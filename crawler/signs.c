/* signs.c - what pages look like that come in the place of what was asked for */
#include "crawler/signs.h"

#include <stddef.h>

#include "base/embed.h"

const char *const problem_names[PROBLEMS] = { "content", "empty", "login", "blocked", "captcha", "gone", "HTTP" };

static const char *const classes[] = { "content", "empty", "login", "blocked", "captcha", "gone", NULL };

static const struct yaml_field sign_fields[] = {
	{ .key = "name", .type = YAML_TEXT, .offset = offsetof(struct sign, name), .required = true },
	{ .key = "class", .type = YAML_CHOICE, .offset = offsetof(struct sign, problem), .required = true, .choices = classes },
	{ .key = "title", .type = YAML_TEXTS, .offset = offsetof(struct sign, titles) },
	{ .key = "text", .type = YAML_TEXTS, .offset = offsetof(struct sign, texts) },
	{ .key = "marks", .type = YAML_TEXTS, .offset = offsetof(struct sign, marks) },
	{ .key = NULL },
};

int signs_shipped(struct arena *a, struct signs *out, struct err *err)
{
	const struct embed *file = embed_find("crawler/signs.yaml");
	const struct yaml *list = NULL;
	const struct yaml_field fields[] = { { .key = "signs", .type = YAML_LIST, .required = true }, { .key = NULL } };
	const struct yaml *map = file ? yaml_parse(a, file->content, file->path, err) : NULL;

	if (!file)
		return err_set(err, E_FAULT, "crawler/signs.yaml is not in this program");
	if (!map || yaml_read(map, fields, &list, a, err) < 0)
		return E_USAGE;
	out->n = yaml_count(list);
	out->items = arena_alloc(a, out->n * sizeof(*out->items));
	for (size_t i = 0; i < out->n; i++)
		if (yaml_read(yaml_item(list, i), sign_fields, &out->items[i], a, err) < 0)
			return E_USAGE;
	return 0;
}
