/* support.c - what the tests share */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

struct str exact_copy(struct str s)
{
	char *p = malloc(s.n ? s.n : 1);

	if (!p)
		abort();
	if (s.n)
		memcpy(p, s.p, s.n);
	return (struct str){ p, s.n };
}

void assert_str_at(struct str s, const char *z, const char *file, int line)
{
	if (str_eq(s, str_of(z)))
		return;
	print_error("\"%.*s\" is not \"%s\"\n", STR_ARG(s), z);
	_fail(file, line);
}

void read_fixture(const char *path, struct buf *out)
{
	struct err err = { 0 };

	if (file_read(path, out, &err) < 0) {
		print_error("%s\n", err.text);
		fail();
	}
}

int shared_data(const char *path, char *full, size_t size)
{
	snprintf(full, size, "../shared/data/%s", path);
	if (access(full, R_OK) == 0)
		return 1;
	print_message("skipped: %s is not beside this checkout\n", full);
	return 0;
}
