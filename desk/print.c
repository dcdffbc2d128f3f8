/* print.c - what a verb says on standard output */
#include "desk/print.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

void print(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
}

void print_text(struct str s, bool lines, size_t width)
{
	AUTO(buf) text = BUF_INIT(SIZE_MAX / 2);
	size_t end = 0, shown = 0;

	log_printable(&text, s, lines);
	while (end < text.n && (width == 0 || shown < width)) {
		do
			end++;
		while (end < text.n && ((unsigned char)text.p[end] & 0xc0) == 0x80);
		shown++;
	}
	fwrite(text.p ? text.p : "", 1, end, stdout);
	for (; shown < width; shown++)
		putchar(' ');
}

void print_json(const struct buf *json)
{
	fwrite(json->p, 1, json->n, stdout);
	putchar('\n');
}

int print_lines(const char *path, void (*line)(const void *whose, size_t i, struct buf *out), const void *whose, size_t n,
		struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_MESSAGE);
	FILE *file = path ? fopen(path, "we") : NULL;
	bool whole = true;

	if (!path)
		return 0;
	if (!file)
		return err_set(err, E_IO, "cannot write %s: %s", path, strerror(errno));
	for (size_t i = 0; i < n && whole; i++) {
		buf_clear(&text);
		line(whose, i, &text);
		buf_add_char(&text, '\n');
		whole = fwrite(text.p, 1, text.n, file) == text.n;
	}
	if (fclose(file) != 0 || !whole)
		return err_set(err, E_IO, "cannot write all of %s: %s", path, strerror(errno));
	return 0;
}

const char *print_time(int64_t at_us, char out[32])
{
	char text[CLOCK_TEXT];

	clock_rfc3339(at_us, text);
	snprintf(out, 32, "%.10s %.5s", text, text + 11);
	return out;
}

const char *style(const char *code)
{
	static char text[8][16];
	static int next;

	if (!isatty(STDOUT_FILENO) || getenv("NO_COLOR"))
		return "";
	next = (next + 1) % 8;
	snprintf(text[next], sizeof(text[next]), "\033[%sm", code);
	return text[next];
}
