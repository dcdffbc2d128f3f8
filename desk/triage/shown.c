/* shown.c - text from outside as columns of a terminal */
#include "desk/triage/shown.h"

#include <stdio.h>
#include <wchar.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"

enum { MARKS = 2 }; /* Vietnamese and pointed Hebrew stack two; more is a heap that covers other lines */

static int put(char buf[SHOWN_CHARACTER], struct str *out, int n)
{
	*out = (struct str){ buf, (size_t)n };
	return n;
}

int shown_next(struct str s, size_t *at, int *marks, char buf[SHOWN_CHARACTER], struct str *out)
{
	uint32_t c;
	const size_t n = utf8_next(str_slice(s, *at, s.n), &c);
	int columns;

	if (n == 0)
		return put(buf, out, snprintf(buf, SHOWN_CHARACTER, "<%02X>", (unsigned char)s.p[(*at)++]));
	*at += n;
	if (c < 0x20 || c == 0x7f)
		return put(buf, out, snprintf(buf, SHOWN_CHARACTER, "^%c", (char)(c ^ 0x40)));
	columns = log_is_printable(c) && !(c >= 0xfe00 && c <= 0xfe0f) ? wcwidth((wchar_t)c) : -1;
	*marks = columns == 0 ? *marks + 1 : 0;
	if (columns < 0 || *marks > MARKS)
		return put(buf, out, snprintf(buf, SHOWN_CHARACTER, "<U+%04X>", (unsigned)c));
	*out = str_slice(s, *at - n, *at);
	return columns;
}

struct str shown_line(struct arena *a, struct str s, int columns)
{
	AUTO(buf) line = BUF_INIT(LIMIT_SHOWN);
	char buf[SHOWN_CHARACTER];
	size_t fits = 0;	     /* bytes of the line before which "..." has room */
	int used = 0, marks = MARKS; /* the first sign has none to stand on */

	for (size_t at = 0; at < s.n;) {
		const bool blank = s.p[at] == '\n' || s.p[at] == '\t' || s.p[at] == '\r';
		struct str shown = STR(" ");
		const int n = blank ? (at++, 1) : shown_next(s, &at, &marks, buf, &shown);

		if (used + n > columns) {
			line.n = columns >= 3 ? fits : line.n;
			buf_add(&line, columns >= 3 ? STR("...") : STR(""));
			break;
		}
		buf_add(&line, shown);
		used += n;
		if (used <= columns - 3)
			fits = line.n;
	}
	return arena_copy(a, buf_str(&line));
}

int shown_columns(struct str s)
{
	char buf[SHOWN_CHARACTER];
	struct str shown;
	int n = 0, marks = 0;

	for (size_t at = 0; at < s.n;)
		n += shown_next(s, &at, &marks, buf, &shown);
	return n;
}

struct str shown_cell(struct arena *a, struct str s, int columns)
{
	const struct str line = shown_line(a, s, columns);

	return arena_printf(a, "%.*s%*s", STR_ARG(line), columns - shown_columns(line), "");
}
