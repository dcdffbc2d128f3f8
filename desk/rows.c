/* rows.c - labelled texts, one JSON object a line */
#include "desk/rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"

enum { PIECE = 1 << 16 };

/* One label; absent is unknown, anything but 0 and 1 is wrong. */
static int read_label(const struct json *j, int head, int8_t *out, struct err *err)
{
	double value;
	char key[40];
	int given;

	snprintf(key, sizeof(key), "labels.%s", language_head_names[head]);
	given = json_get_real(j, key, &value, err);
	if (given < 0)
		return given;
	if (given == 1 && value != 0 && value != 1)
		return err_set(err, E_BAD, "%s is %g, expected 0 or 1", key, value);
	*out = given == 1 ? (int8_t)value : -1;
	return 0;
}

static int read_labels(const struct json *j, struct labelled *row, struct err *err)
{
	bool reports = false;
	const char *unknown;

	if (json_get_object(j, "labels", err) < 0)
		return err->code;
	for (int h = 0; h < LANGUAGE_REPORT; h++)
		if (read_label(j, h, &row->heads[h], err) < 0)
			return err->code;
	if (json_get_bool(j, "reports", &reports, err) < 0)
		return err->code;
	row->heads[LANGUAGE_REPORT] = row->kind.n || reports ? reports : -1;
	unknown = json_stranger(j, "labels", language_head_names, LANGUAGE_REPORT);
	if (unknown)
		return err_set(err, E_BAD, "there is no label \"%.40s\", expected violence, extortion, leak or dox", unknown);
	return 0;
}

static int read_row(const struct json *j, struct labelled *row, char source[120], struct err *err)
{
	int given;

	*row = (struct labelled){ 0 };
	if (json_get_text(j, "kind", &row->kind, err) < 0 || json_get_text(j, "source", &row->source, err) < 0 ||
	    json_get_text(j, "lang", &row->lang, err) < 0)
		return err->code;
	given = json_get_text(j, "text", &row->text, err);
	if (given < 0)
		return given;
	if (given == 0 || row->text.n == 0)
		return err_set(err, E_BAD, "\"text\" is missing, expected the text of a post");
	if (!row->source.n && !row->kind.n)
		return err_set(err, E_BAD, "\"source\" is missing, expected where the text comes from, or a \"kind\"");
	if (!row->source.n) {
		snprintf(source, 120, "own/%.*s", STR_ARG(row->kind));
		row->source = str_of(source);
	}
	return read_labels(j, row, err);
}

static int read_line(struct str line, const char *name, size_t number, rows_each *each, void *whose, struct err *err)
{
	AUTO_FREE(json) j = json_parse(line, err);
	struct labelled row;
	char source[120];

	if (!j || read_row(j, &row, source, err) < 0)
		return err_at(err, "%s:%zu", name, number);
	if (each(whose, &row, err) < 0)
		return err_at(err, "%s:%zu", name, number);
	return 0;
}

int rows_read_text(struct str text, const char *name, rows_each *each, void *whose, struct err *err)
{
	struct str line;

	for (size_t number = 1; str_split(&text, '\n', &line); number++)
		if (str_trim(line).n && read_line(line, name, number, each, whose, err) < 0)
			return err->code;
	return 0;
}

/* Whole lines of what has been read so far; the rest stays. */
static int take_lines(struct buf *held, size_t *number, const char *path, bool last, rows_each *each, void *whose,
		      struct err *err)
{
	struct str rest = buf_str(held), line;
	size_t taken = 0;

	while (rest.n && (last || memchr(rest.p, '\n', rest.n)) && str_split(&rest, '\n', &line)) {
		(*number)++;
		taken = held->n - rest.n;
		if (str_trim(line).n && read_line(line, path, *number, each, whose, err) < 0)
			return err->code;
	}
	buf_drop(held, taken);
	return 0;
}

int rows_read(const char *path, rows_each *each, void *whose, struct err *err)
{
	AUTO(buf) held = BUF_INIT(MIB(64));
	gzFile file = gzopen(path, "rb");
	char piece[PIECE];
	size_t number = 0;
	int n, answer = 0;

	if (!file)
		return err_set(err, E_IO, "cannot open %s: %s; expected a file of labelled texts", path, strerror(errno));
	while (answer == 0 && (n = gzread(file, piece, sizeof(piece))) > 0) {
		buf_add(&held, (struct str){ piece, (size_t)n });
		if (held.full)
			answer = err_set(err, E_BAD, "%s:%zu: a line of more than 64 MiB, expected one text a line", path,
					 number + 1);
		else
			answer = take_lines(&held, &number, path, false, each, whose, err);
	}
	if (answer == 0 && n < 0)
		answer = err_set(err, E_BAD, "%s: cannot be read to its end: %s", path, gzerror(file, &n));
	if (answer == 0)
		answer = take_lines(&held, &number, path, true, each, whose, err);
	gzclose(file);
	return answer;
}
