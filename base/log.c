/* log.c - one line an event on standard error */
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"

enum { VALUE = 4096, LINE = 1 << 17, TAIL = 32 }; /* bytes of a value; of a line, whose bytes may take four each */

static enum log_level shown = LOG_INFO;

void log_show(enum log_level level)
{
	shown = level;
}

bool log_shows(enum log_level level)
{
	return level <= shown;
}

/* A byte of a line: what could move the cursor, end the line, or end the quotes around a value is written as \xNN. */
static void add_byte(struct buf *line, char c, bool is_value)
{
	if (c >= ' ' && c <= '~' && !(is_value && (c == '"' || c == '\\')))
		buf_add_char(line, c);
	else
		buf_printf(line, "\\x%02x", (unsigned char)c);
}

static void add_value(struct buf *line, const char *value, int precision)
{
	size_t n = value ? strnlen(value, precision < 0 || precision > VALUE ? VALUE : (size_t)precision) : 0;

	for (size_t i = 0; i < n; i++)
		add_byte(line, value[i], true);
}

/* A number, by its own part of the format. */
static void add_number(struct buf *line, const char *spec, size_t n, va_list *arguments)
{
	char part[16], text[400] = "?";
	const char kind = spec[n - 1];

	snprintf(part, sizeof(part), "%.*s", (int)n, spec);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (kind == 'f' || kind == 'g')
		snprintf(text, sizeof(text), part, va_arg(*arguments, double));
	else if (n > 2 && spec[n - 2] == 'z')
		snprintf(text, sizeof(text), part, va_arg(*arguments, size_t));
	else if (n > 2 && spec[n - 2] == 'l')
		snprintf(text, sizeof(text), part, va_arg(*arguments, long long)); /* as wide as long where we run */
	else
		snprintf(text, sizeof(text), part, va_arg(*arguments, int));
#pragma GCC diagnostic pop
	buf_add(line, str_of(text));
}

/* The conversion that begins at `spec`, a '%': how long it is. */
static size_t add_conversion(struct buf *line, const char *spec, va_list *arguments)
{
	size_t n = 1 + strspn(spec + 1, "-+ #0123456789.*lzh") + 1;
	const char *point = memchr(spec, '.', n);
	int precision = -1;

	if (spec[n - 1] == '%') {
		buf_add_char(line, '%');
	} else if (spec[n - 1] == 's') {
		if (point)
			precision = point[1] == '*' ? va_arg(*arguments, int) : (int)strtol(point + 1, NULL, 10);
		add_value(line, va_arg(*arguments, const char *), precision);
	} else {
		add_number(line, spec, n, arguments);
	}
	return n;
}

void log_event(enum log_level level, const char *what, const char *format, ...)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };
	AUTO(buf) line = BUF_INIT(LINE);
	va_list arguments;
	ssize_t ignored;

	if (!log_shows(level))
		return;
	buf_printf(&line, "%s %s ", names[level], what);
	va_start(arguments, format);
	while (*format)
		if (*format == '%')
			format += add_conversion(&line, format, &arguments);
		else
			add_byte(&line, *format++, false);
	va_end(arguments);
	if (line.full) {
		line.full = false;
		line.n -= TAIL;
		buf_add(&line, STR(" (too long to log)"));
	}
	buf_add_char(&line, '\n');
	ignored = write(STDERR_FILENO, line.p, line.n); /* one write, so that lines of several processes do not mix */
	(void)ignored;
}

bool log_is_printable(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return false;
	if (c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
		return false; /* invisible characters and bidi controls */
	return c != 0xfeff && !(c >= 0xfff9 && c <= 0xfffb) && !(c >= 0xe0000 && c <= 0xe007f);
}

int log_printable(struct buf *out, struct str s, bool lines)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t n = utf8_next(str_slice(s, i, s.n), &c);

		if (n == 0)
			buf_add(out, STR(UTF8_REPLACEMENT));
		else if (c == '\n' || c == '\t')
			buf_add_char(out, lines ? (char)c : ' ');
		else if (log_is_printable(c))
			buf_add(out, str_slice(s, i, i + n));
		else if (c != '\r')
			buf_add(out, STR(UTF8_REPLACEMENT));
		i += n ? n : 1;
	}
	return out->full ? E_LIMIT : 0;
}
