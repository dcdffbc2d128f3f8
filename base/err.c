/* err.c - what went wrong, in one sentence */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list arguments;

	if (!err)
		return code;
	err->code = code;
	va_start(arguments, format);
	vsnprintf(err->text, sizeof(err->text), format, arguments);
	va_end(arguments);
	return code;
}

int err_at(struct err *err, const char *format, ...)
{
	char place[ERR_TEXT / 2];
	char text[ERR_TEXT];
	va_list arguments;

	if (!err)
		return E_FAULT;
	va_start(arguments, format);
	vsnprintf(place, sizeof(place), format, arguments);
	va_end(arguments);
	memcpy(text, err->text, sizeof(text));
	snprintf(err->text, sizeof(err->text), "%s: %.*s", place, (int)(sizeof(text) - sizeof(place) - 4), text);
	return err->code;
}

int err_exit_code(int code)
{
	static const int exits[] = {
		[-E_USAGE] = 2, [-E_BAD] = 1, [-E_LIMIT] = 1,  [-E_IO] = 3,	[-E_FULL] = 3,	 [-E_STORE] = 3,
		[-E_BUSY] = 3,	[-E_NET] = 4, [-E_DENIED] = 4, [-E_VERIFY] = 5, [-E_FAULT] = 70,
	};

	if (code >= 0)
		return 0;
	return code >= E_FAULT ? exits[-code] : 70;
}
