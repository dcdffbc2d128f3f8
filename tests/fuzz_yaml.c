/* fuzz_yaml.c - a configuration file as anybody may have written it, read into every kind of member */
#include <stddef.h>

#include "base/limits.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sample {
	struct yaml_text text;
	struct yaml_texts texts;
	int64_t number, duration;
	double real;
	bool flag;
	int choice;
	const struct yaml *map, *list, *any;
};

static const char *const choices[] = { "one", "two", NULL };

static const struct yaml_field fields[] = {
	{ "text", YAML_TEXT, offsetof(struct sample, text) },
	{ "texts", YAML_TEXTS, offsetof(struct sample, texts) },
	{ "number", YAML_INT, offsetof(struct sample, number), .least = -5, .most = 64 },
	{ "real", YAML_REAL, offsetof(struct sample, real) },
	{ "flag", YAML_BOOL, offsetof(struct sample, flag) },
	{ "duration", YAML_DURATION, offsetof(struct sample, duration) },
	{ "choice", YAML_CHOICE, offsetof(struct sample, choice), .choices = choices },
	{ "map", YAML_MAP, offsetof(struct sample, map) },
	{ "list", YAML_LIST, offsetof(struct sample, list) },
	{ "any", YAML_ANY, offsetof(struct sample, any) },
	{ 0 },
};

/* An error is a sentence with its place; an answer keeps to the table. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct sample out = { 0 };
	struct err err = { 0 };
	const struct yaml *y = yaml_parse(a, (struct str){ (const char *)data, size }, "fuzz.yaml", &err);

	if (y && yaml_read(y, fields, &out, a, &err) == 0) {
		if (out.number < -5 || out.number > 64 || out.duration < 0 || out.choice < 0 || out.choice > 1)
			__builtin_trap();
		for (size_t i = 0; out.list && i < yaml_count(out.list); i++)
			if (!yaml_item(out.list, i))
				__builtin_trap();
	} else if (err.code != E_USAGE || !str_starts(str_of(err.text), STR("fuzz.yaml:"))) {
		__builtin_trap();
	}
	return 0;
}
