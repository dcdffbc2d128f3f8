/* yaml.c - configuration as data: YAML with positions, checked against a table */
#include "base/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"

enum kind { SCALAR, LIST, MAP };

struct yaml {
	enum kind kind;
	bool plain; /* a scalar without quotes */
	struct yaml_text at;
	struct yaml_text *keys; /* of a mapping */
	const struct yaml **items;
	size_t n;
};

int yaml_wrong(struct err *err, struct yaml_text at, const char *format, ...)
{
	char text[ERR_TEXT / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return err_set(err, E_USAGE, "%s:%d: %s", at.file ? at.file : "configuration", at.line, text);
}

/* What a walk over a libyaml document carries along. */
struct reading {
	yaml_document_t *document;
	struct arena *a;
	const char *file;
	struct err *err;
	size_t nodes;
};

static const struct yaml *node_read(struct reading *r, int index, int depth);

static int map_read(struct reading *r, const yaml_node_t *node, struct yaml *y, int depth)
{
	size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);

	y->kind = MAP;
	y->keys = arena_alloc(r->a, count * sizeof(*y->keys));
	y->items = arena_alloc(r->a, count * sizeof(void *));
	for (; y->n < count; y->n++) {
		const yaml_node_pair_t *pair = node->data.mapping.pairs.start + y->n;
		const struct yaml *key = node_read(r, pair->key, depth + 1);
		const struct yaml *value = key ? node_read(r, pair->value, depth + 1) : NULL;

		if (!value)
			return E_USAGE;
		if (key->kind != SCALAR)
			return yaml_wrong(r->err, key->at, "this key is a list or a mapping, expected a word");
		for (size_t i = 0; i < y->n; i++)
			if (str_eq(y->keys[i].text, key->at.text))
				return yaml_wrong(r->err, key->at, "%.*s is given twice, expected once (first in line %d)",
						  STR_ARG(key->at.text), y->keys[i].line);
		y->keys[y->n] = key->at;
		y->items[y->n] = value;
	}
	return 0;
}

static int list_read(struct reading *r, const yaml_node_t *node, struct yaml *y, int depth)
{
	size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);

	y->kind = LIST;
	y->items = arena_alloc(r->a, count * sizeof(void *));
	for (; y->n < count; y->n++) {
		y->items[y->n] = node_read(r, node->data.sequence.items.start[y->n], depth + 1);
		if (!y->items[y->n])
			return E_USAGE;
	}
	return 0;
}

/* Depth is bounded by LIMIT_YAML_DEPTH, the number of nodes (aliases multiply them) by LIMIT_YAML_NODES. */
static const struct yaml *node_read(struct reading *r, int index, int depth)
{
	yaml_node_t *node = yaml_document_get_node(r->document, index);
	struct yaml *y = arena_alloc(r->a, sizeof(*y));

	y->at.file = r->file;
	y->at.line = (int)node->start_mark.line + 1;
	if (depth > LIMIT_YAML_DEPTH || ++r->nodes > LIMIT_YAML_NODES) {
		yaml_wrong(r->err, y->at, "nested too deep or too large, expected at most %d levels and %d values",
			   LIMIT_YAML_DEPTH, LIMIT_YAML_NODES);
		return NULL;
	}
	if (node->type == YAML_MAPPING_NODE)
		return map_read(r, node, y, depth) < 0 ? NULL : y;
	if (node->type == YAML_SEQUENCE_NODE)
		return list_read(r, node, y, depth) < 0 ? NULL : y;
	y->plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	y->at.text = arena_copy(r->a, (struct str){ (char *)node->data.scalar.value, node->data.scalar.length });
	return y;
}

static const struct yaml *document_read(struct reading *r)
{
	yaml_node_t *root = yaml_document_get_root_node(r->document);

	if (!root) {
		yaml_wrong(r->err, (struct yaml_text){ .file = r->file, .line = 1 },
			   "the file is empty, expected `key: value` lines");
		return NULL;
	}
	return node_read(r, 1, 0);
}

/* Depth is looked at before the document is loaded: libyaml's time for it grows with its square. */
static int depth_check(struct str text, const char *file, struct err *err)
{
	yaml_parser_t parser;
	yaml_event_t event;
	int depth = 0, result = 0;
	bool more = true;

	if (!yaml_parser_initialize(&parser))
		return err_set(err, E_FAULT, "libyaml does not start");
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	while (more && result == 0 && yaml_parser_parse(&parser, &event)) { /* what is no YAML, the loader will say */
		depth += event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_MAPPING_START_EVENT;
		depth -= event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
		more = event.type != YAML_STREAM_END_EVENT;
		if (depth > LIMIT_YAML_DEPTH + 1)
			result = yaml_wrong(err, (struct yaml_text){ .file = file, .line = (int)event.start_mark.line + 1 },
					    "nested too deep, expected at most %d levels", LIMIT_YAML_DEPTH);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return result;
}

const struct yaml *yaml_parse(struct arena *a, struct str text, const char *file, struct err *err)
{
	yaml_document_t document;
	struct reading r = { .document = &document, .a = a, .err = err };
	const struct yaml *y = NULL;
	yaml_parser_t parser;

	r.file = arena_copy(a, str_of(file)).p;
	if (depth_check(text, r.file, err) < 0)
		return NULL;
	if (!yaml_parser_initialize(&parser)) {
		err_set(err, E_FAULT, "libyaml does not start");
		return NULL;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	if (!yaml_parser_load(&parser, &document)) {
		size_t line = parser.problem_mark.line ? parser.problem_mark.line : parser.context_mark.line;

		yaml_wrong(err, (struct yaml_text){ .file = r.file, .line = (int)line + 1 }, "%s%s%s, expected valid YAML",
			   parser.problem ? parser.problem : "not UTF-8", parser.context ? " " : "",
			   parser.context ? parser.context : "");
	} else {
		y = document_read(&r);
		yaml_document_delete(&document);
	}
	yaml_parser_delete(&parser);
	return y;
}

static int read_int(const struct yaml_field *f, struct yaml_text at, int64_t *out, struct err *err)
{
	struct str digits = at.text;
	bool negative = digits.n && digits.p[0] == '-';
	uint64_t value;
	int64_t number;

	if (!str_number(str_slice(digits, negative ? 1 : 0, digits.n), INT64_MAX, &value))
		return yaml_wrong(err, at, "%s is \"%.*s\", expected a whole number", f->key, STR_ARG(at.text));
	number = negative ? -(int64_t)value : (int64_t)value;
	if (f->least != f->most && (number < f->least || number > f->most))
		return yaml_wrong(err, at, "%s is %lld, expected %lld to %lld", f->key, (long long)number, (long long)f->least,
				  (long long)f->most);
	*out = number;
	return 0;
}

static int read_real(const struct yaml_field *f, struct yaml_text at, double *out, struct err *err)
{
	char *end;
	double number = strtod(at.text.n ? at.text.p : "", &end); /* an arena copy ends with NUL */

	if (at.text.n == 0 || *end || number - number != 0)
		return yaml_wrong(err, at, "%s is \"%.*s\", expected a number", f->key, STR_ARG(at.text));
	if (f->least != f->most && (number < (double)f->least || number > (double)f->most))
		return yaml_wrong(err, at, "%s is %g, expected %lld to %lld", f->key, number, (long long)f->least,
				  (long long)f->most);
	*out = number;
	return 0;
}

static int read_bool(const struct yaml_field *f, struct yaml_text at, bool *out, struct err *err)
{
	if (!str_eq(at.text, STR("true")) && !str_eq(at.text, STR("false")))
		return yaml_wrong(err, at, "%s is \"%.*s\", expected true or false", f->key, STR_ARG(at.text));
	*out = str_eq(at.text, STR("true"));
	return 0;
}

/* "10m": in the largest unit that it is a whole number of. */
static const char *duration_text(int64_t ms, char out[32])
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = { { 86400000, "d" }, { 3600000, "h" }, { 60000, "m" }, { 1000, "s" }, { 1, "ms" } };
	size_t i = 0;

	while (ms % units[i].ms)
		i++;
	snprintf(out, 32, "%lld%s", (long long)(ms / units[i].ms), units[i].name);
	return ms ? out : "0";
}

static int read_duration(const struct yaml_field *f, struct yaml_text at, int64_t *out, struct err *err)
{
	if (str_eq(at.text, STR("0")))
		*out = 0;
	else if (!clock_read_duration_ms(at.text, out))
		return yaml_wrong(err, at, "%s is \"%.*s\", expected a duration such as 500ms, 30s, 5m, 2h or 1d", f->key,
				  STR_ARG(at.text));
	if (f->least != f->most && (*out < f->least || *out > f->most)) {
		char least[32], most[32];

		return yaml_wrong(err, at, "%s is %.*s, expected %s to %s", f->key, STR_ARG(at.text),
				  duration_text(f->least, least), duration_text(f->most, most));
	}
	return 0;
}

static int read_choice(const struct yaml_field *f, struct yaml_text at, int *out, struct err *err)
{
	AUTO(buf) allowed = BUF_INIT(ERR_TEXT);

	for (int i = 0; f->choices[i]; i++) {
		if (str_eq(at.text, str_of(f->choices[i]))) {
			*out = i;
			return 0;
		}
		buf_printf(&allowed, "%s%s", i ? ", " : "", f->choices[i]);
	}
	return yaml_wrong(err, at, "%s is \"%.*s\", expected one of: %.200s", f->key, STR_ARG(at.text),
			  allowed.p ? allowed.p : "");
}

static int read_texts(const struct yaml_field *f, const struct yaml *y, struct yaml_texts *out, struct arena *a,
		      struct err *err)
{
	size_t n = y->kind == SCALAR ? 1 : y->n;

	if (y->kind == MAP)
		return yaml_wrong(err, y->at, "%s is a mapping, expected a list of texts", f->key);
	out->items = arena_alloc(a, n * sizeof(*out->items));
	out->n = n;
	for (size_t i = 0; i < n; i++) {
		const struct yaml *item = y->kind == SCALAR ? y : y->items[i];

		if (item->kind != SCALAR)
			return yaml_wrong(err, item->at, "an entry of %s is not a text, expected a list of texts", f->key);
		out->items[i] = item->at;
	}
	return 0;
}

static int read_field(const struct yaml_field *f, const struct yaml *y, char *member, struct arena *a, struct err *err)
{
	static const char *const wanted[] = {
		[YAML_TEXT] = "a text",	  [YAML_TEXTS] = "texts",	 [YAML_INT] = "a whole number",
		[YAML_REAL] = "a number", [YAML_BOOL] = "true or false", [YAML_DURATION] = "a duration",
		[YAML_CHOICE] = "a word",
	};
	bool scalar = f->type != YAML_TEXTS && f->type != YAML_MAP && f->type != YAML_LIST && f->type != YAML_ANY;

	if (scalar && y->kind != SCALAR)
		return yaml_wrong(err, y->at, "%s is a %s, expected %s", f->key, y->kind == MAP ? "mapping" : "list",
				  wanted[f->type]);
	switch (f->type) {
	case YAML_TEXT:
		if (y->plain && (y->at.text.n == 0 || str_eq(y->at.text, STR("~"))))
			return yaml_wrong(err, y->at, "%s has no value, expected a text", f->key);
		*(struct yaml_text *)(void *)member = y->at;
		return 0;
	case YAML_TEXTS:
		return read_texts(f, y, (struct yaml_texts *)(void *)member, a, err);
	case YAML_INT:
		return read_int(f, y->at, (int64_t *)(void *)member, err);
	case YAML_REAL:
		return read_real(f, y->at, (double *)(void *)member, err);
	case YAML_BOOL:
		return read_bool(f, y->at, (bool *)member, err);
	case YAML_DURATION:
		return read_duration(f, y->at, (int64_t *)(void *)member, err);
	case YAML_CHOICE:
		return read_choice(f, y->at, (int *)(void *)member, err);
	case YAML_MAP:
		if (y->kind != MAP)
			return yaml_wrong(err, y->at, "%s is not a mapping, expected `key: value` lines below it", f->key);
		break;
	case YAML_LIST:
		if (y->kind != LIST)
			return yaml_wrong(err, y->at, "%s is not a list, expected lines that begin with `- `", f->key);
		break;
	case YAML_ANY:
		break;
	}
	*(const struct yaml **)(void *)member = y;
	return 0;
}

static const struct yaml_field *field_of(const struct yaml_field *fields, struct str key)
{
	for (; fields->key; fields++)
		if (str_eq(key, str_of(fields->key)))
			return fields;
	return NULL;
}

static int unknown_key(const struct yaml_field *fields, struct yaml_text key, struct err *err)
{
	AUTO(buf) allowed = BUF_INIT(ERR_TEXT);

	for (const struct yaml_field *f = fields; f->key; f++)
		buf_printf(&allowed, "%s%s", f == fields ? "" : ", ", f->key);
	return yaml_wrong(err, key, "unknown key %.*s, expected one of: %.400s", (int)(key.text.n < 60 ? key.text.n : 60),
			  key.text.p, allowed.p ? allowed.p : "");
}

int yaml_read(const struct yaml *map, const struct yaml_field *fields, void *out, struct arena *a, struct err *err)
{
	if (map->kind != MAP)
		return yaml_wrong(err, map->at, "this is not a mapping, expected `key: value` lines");
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_field *f = field_of(fields, map->keys[i].text);
		int result = f ? read_field(f, map->items[i], (char *)out + f->offset, a, err)
			       : unknown_key(fields, map->keys[i], err);

		if (result < 0)
			return result;
	}
	for (const struct yaml_field *f = fields; f->key; f++) {
		bool given = false;

		for (size_t i = 0; i < map->n; i++)
			given |= str_eq(map->keys[i].text, str_of(f->key));
		if (f->required && !given)
			return f->like ? yaml_wrong(err, map->at, "%s is missing, expected it here, such as `%s: %s`", f->key,
						    f->key, f->like)
				       : yaml_wrong(err, map->at, "%s is missing, expected it in this mapping", f->key);
	}
	return 0;
}

const struct yaml *yaml_item(const struct yaml *y, size_t i)
{
	return i < y->n ? y->items[i] : NULL;
}

struct yaml_text yaml_key(const struct yaml *map, size_t i)
{
	return map->kind == MAP && i < map->n ? map->keys[i] : (struct yaml_text){ .file = map->at.file, .line = map->at.line };
}

size_t yaml_count(const struct yaml *y)
{
	return y->n;
}

bool yaml_is_map(const struct yaml *y)
{
	return y->kind == MAP;
}

bool yaml_is_list(const struct yaml *y)
{
	return y->kind == LIST;
}

struct yaml_text yaml_scalar(const struct yaml *y)
{
	return y->at;
}

struct yaml_text yaml_place(const struct yaml *y)
{
	return y->at;
}
