/* json.c - JSON lines in and out (RFC 8259) */
#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

struct json; /* is json_t; never dereferenced as anything else */

static json_t *value_of(const struct json *j)
{
	return (json_t *)(uintptr_t)j;
}

struct json *json_parse(struct str text, struct err *err)
{
	json_error_t error;
	json_t *j;

	j = json_loadb(text.n ? text.p : "", text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	if (!j)
		err_set(err, E_BAD, "not JSON: %s (at byte %d)", error.text, error.position);
	return (struct json *)j;
}

void json_free(struct json *j)
{
	json_decref(value_of(j));
}

/* "labels.leak" is the member leak of the member labels. */
static json_t *member(const struct json *j, const char *key)
{
	json_t *value = value_of(j);
	const char *dot;

	while ((dot = strchr(key, '.')) != NULL) {
		value = json_object_getn(value, key, (size_t)(dot - key));
		key = dot + 1;
	}
	value = json_object_get(value, key);
	return json_is_null(value) ? NULL : value;
}

int json_get_text(const struct json *j, const char *key, struct str *out, struct err *err)
{
	json_t *value = member(j, key);

	if (!value)
		return 0;
	if (!json_is_string(value))
		return err_set(err, E_BAD, "\"%s\" is not a string", key);
	*out = (struct str){ json_string_value(value), json_string_length(value) };
	return 1;
}

int json_get_real(const struct json *j, const char *key, double *out, struct err *err)
{
	json_t *value = member(j, key);

	if (!value)
		return 0;
	if (!json_is_number(value))
		return err_set(err, E_BAD, "\"%s\" is not a number", key);
	*out = json_number_value(value);
	return 1;
}

int json_get_bool(const struct json *j, const char *key, bool *out, struct err *err)
{
	json_t *value = member(j, key);

	if (!value)
		return 0;
	if (!json_is_boolean(value))
		return err_set(err, E_BAD, "\"%s\" is not true or false", key);
	*out = json_is_true(value);
	return 1;
}

int json_get_object(const struct json *j, const char *key, struct err *err)
{
	json_t *value = member(j, key);

	if (!value)
		return 0;
	if (!json_is_object(value))
		return err_set(err, E_BAD, "\"%s\" is not an object", key);
	return 1;
}

const char *json_stranger(const struct json *j, const char *key, const char *const *known, int n)
{
	const char *name;
	json_t *value;

	json_object_foreach(member(j, key), name, value)
	{
		int i = 0;

		while (i < n && strcmp(known[i], name) != 0)
			i++;
		if (i == n)
			return name;
	}
	return NULL;
}

static void quoted(struct buf *out, struct str s)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];
		uint32_t character;
		size_t n = 1;

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c == '\n')
			buf_add(out, STR("\\n"));
		else if (c < 0x20 || c == 0x7f)
			buf_printf(out, "\\u%04x", c);
		else if (c < 0x80)
			buf_add_char(out, (char)c);
		else if ((n = utf8_next(str_slice(s, i, s.n), &character)) == 0 && (n = 1))
			buf_add(out, STR(UTF8_REPLACEMENT));
		else if (character < 0xa0 || (character & ~(uint32_t)1) == 0x2028) /* C1 controls; ends of line in scripts */
			buf_printf(out, "\\u%04x", (unsigned)character);
		else
			buf_add(out, str_slice(s, i, i + n));
		i += n;
	}
	buf_add_char(out, '"');
}

static void begin(struct json_writer *w, const char *key)
{
	if (w->comma)
		buf_add_char(w->out, ',');
	w->comma = true;
	if (key) {
		quoted(w->out, str_of(key));
		buf_add_char(w->out, ':');
	}
}

void json_open(struct json_writer *w, const char *key, char bracket)
{
	begin(w, key);
	buf_add_char(w->out, bracket);
	w->comma = false;
}

void json_close(struct json_writer *w, char bracket)
{
	buf_add_char(w->out, bracket);
	w->comma = true;
}

void json_put_text(struct json_writer *w, const char *key, struct str text)
{
	begin(w, key);
	quoted(w->out, text);
}

void json_put_int(struct json_writer *w, const char *key, int64_t number)
{
	begin(w, key);
	buf_printf(w->out, "%lld", (long long)number);
}

void json_put_real(struct json_writer *w, const char *key, double number)
{
	begin(w, key);
	buf_printf(w->out, "%.10g", isfinite(number) ? round(number * 10000) / 10000 : 0.0);
}

void json_put_bool(struct json_writer *w, const char *key, bool value)
{
	begin(w, key);
	buf_add(w->out, value ? STR("true") : STR("false"));
}

void json_put_null(struct json_writer *w, const char *key)
{
	begin(w, key);
	buf_add(w->out, STR("null"));
}

void json_put_time(struct json_writer *w, const char *key, int64_t at_us)
{
	char text[CLOCK_TEXT];

	if (at_us)
		json_put_text(w, key, str_of(clock_rfc3339(at_us, text)));
	else
		json_put_null(w, key);
}
