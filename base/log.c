/* log.c - one line an event on standard error */
#include "base/log.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"

static enum log_level shown = LOG_INFO;

void log_show(enum log_level level)
{
	shown = level;
}

bool log_shows(enum log_level level)
{
	return level <= shown;
}

void log_event(enum log_level level, const char *what, const char *format, ...)
{
	static const char *const names[] = { "error", "warn", "info", "debug" };
	AUTO(buf) text = BUF_INIT(4096);
	AUTO(buf) line = BUF_INIT(4 * 4096 + 128);
	va_list arguments;
	ssize_t ignored;

	if (!log_shows(level))
		return;
	va_start(arguments, format);
	if (buf_vprintf(&text, format, arguments) < 0)
		buf_add(&text, STR("(too long to log)"));
	va_end(arguments);
	buf_printf(&line, "%s %s ", names[level], what);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= ' ' && text.p[i] <= '~')
			buf_add_char(&line, text.p[i]);
		else
			buf_printf(&line, "\\x%02x", (unsigned char)text.p[i]);
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
