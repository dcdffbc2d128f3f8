/* against.c - what around a secret says that it may be none */
#include "classify/against.h"

#include <string.h>

enum {
	BEFORE = 48,	  /* bytes before a secret that may name it */
	LONG_LINE = 1000, /* bytes; people do not write such */
	LOOK = 512,	  /* bytes of a long line that are looked at */
};

struct place {
	struct str text;
	size_t match, start, end;
};

static bool holds_any(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_find_nocase(s, str_of(*words)) >= 0)
			return true;
	return false;
}

/* The bytes of the line before the secret, the nearest BEFORE of them. */
static struct str before(const struct place *p)
{
	size_t from = p->start;

	while (from > 0 && p->text.p[from - 1] != '\n' && p->start - from < BEFORE)
		from--;
	return str_slice(p->text, from, p->start);
}

static bool is_integrity(const struct place *p)
{
	static const char *const words[] = { "sha256-", "sha384-", "sha512-", "sha256:", "sha512:", "integrity", NULL };

	return holds_any(before(p), words);
}

static bool is_example_host(const struct place *p)
{
	static const char *const words[] = { "example.com", "example.org", "example.net", "localhost", "127.0.0.1", NULL };
	struct str match = str_slice(p->text, p->match, p->end + BEFORE);
	const char *end = memchr(match.p, '\n', match.n);

	return holds_any(end ? str_slice(match, 0, (size_t)(end - match.p)) : match, words);
}

/* RFC 9562: 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const struct place *p)
{
	struct str s = str_slice(p->text, p->start, p->end);

	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : ascii_hex(s.p[i]) < 0)
			return false;
	}
	return true;
}

/* A digest of a file, an object of git, a package: hexadecimal, and named as such. */
static bool is_digest(const struct place *p)
{
	static const char *const words[] = { "commit", "sha1",	   "sha-1",  "sha256", "md5",	 "checksum", "digest", "etag",
					     "blob",   "revision", "object", "tree",   "parent", "hash",     "index ", NULL };
	struct str s = str_slice(p->text, p->start, p->end);

	if (s.n != 32 && s.n != 40 && s.n != 64 && s.n != 96 && s.n != 128)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (ascii_hex(s.p[i]) < 0)
			return false;
	return holds_any(before(p), words);
}

/* A line longer than anyone writes, nearly without blanks and full of brackets. */
static bool is_minified(const struct place *p)
{
	size_t from = p->start, to = p->end, blanks = 0, signs = 0;

	while (from > 0 && p->text.p[from - 1] != '\n' && p->start - from < LONG_LINE)
		from--;
	while (to < p->text.n && p->text.p[to] != '\n' && to - p->end < LONG_LINE)
		to++;
	if (to - from < LONG_LINE)
		return false;
	from = p->start - from > LOOK ? p->start - LOOK : from;
	to = to - p->end > LOOK ? p->end + LOOK : to;
	for (size_t i = from; i < to; i++) {
		blanks += p->text.p[i] == ' ';
		signs += memchr("(){};=,", p->text.p[i], 7) != NULL;
	}
	return blanks * 20 < to - from && signs * 12 > to - from;
}

static bool is_traceback(const struct place *p)
{
	static const char *const words[] = { "Traceback (most recent", "\n\tat ",     "\n    at ",
					     "Exception in thread",    "\n  File \"", NULL };
	size_t from = p->start > 4 * BEFORE ? p->start - 4 * BEFORE : 0;

	return holds_any(str_slice(p->text, from, p->end + 4 * BEFORE), words);
}

static const struct {
	bool (*holds)(const struct place *p);
	bool generic;
	const char *clause;
} rows[] = {
	{ is_integrity, false, "but it stands as the digest of a file" },
	{ is_example_host, false, "but its host is one for examples" },
	{ is_uuid, true, "but it is a UUID" },
	{ is_digest, true, "but it is named as a digest or an object of version control" },
	{ is_minified, true, "but it stands in minified code" },
	{ is_traceback, true, "but it stands in a traceback" },
};

const char *against_secret(struct str text, size_t match_start, size_t start, size_t end, bool generic)
{
	const struct place p = { text, match_start, start, end };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((generic || !rows[i].generic) && rows[i].holds(&p))
			return rows[i].clause;
	return NULL;
}
