/* match_cache.c - compiled databases kept in a folder */
#include "classify/match_cache.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"

enum { KEPT_SECONDS = 30 * 86400, NAME_BYTES = 16 };

static const char magic[] = "watchdesk compiled patterns 1\n";
enum { HEAD = sizeof(magic) - 1 + 2 * DIGEST_BYTES };

/* Everything that the compiled form depends on. */
static void key_of(struct arena *a, const struct match_pattern *patterns, size_t n, unsigned char key[DIGEST_BYTES])
{
	struct str *pieces = arena_alloc(a, (n + 1) * 2 * sizeof(*pieces));
	size_t k = 0;

	pieces[k++] = match_machine(a);
	for (size_t i = 0; i < n; i++) {
		pieces[k++] = patterns[i].text;
		pieces[k++] = (struct str){ (const char *)&patterns[i].kind, sizeof(patterns[i].kind) };
	}
	digest_pieces(pieces, k, key);
}

static struct str path_of(struct arena *a, const char *folder, const unsigned char key[DIGEST_BYTES])
{
	char hex[DIGEST_HEX];

	return arena_printf(a, "%s/%s.patterns", folder, digest_hex(key, NAME_BYTES, hex));
}

/* magic | key | digest of what follows | the database */
static struct match *take(const char *path, const unsigned char key[DIGEST_BYTES])
{
	AUTO(buf) file = BUF_INIT(LIMIT_CACHE);
	struct err ignored = { 0 };
	unsigned char digest[DIGEST_BYTES];
	struct str body;

	if (access(path, R_OK) < 0 || file_read(path, &file, &ignored) < 0 || file.n < HEAD ||
	    memcmp(file.p, magic, sizeof(magic) - 1) != 0 || memcmp(file.p + sizeof(magic) - 1, key, DIGEST_BYTES) != 0)
		return NULL;
	body = str_slice(buf_str(&file), HEAD, file.n);
	digest_sha256(body, digest);
	if (memcmp(file.p + HEAD - DIGEST_BYTES, digest, DIGEST_BYTES) != 0)
		return NULL;
	utimensat(AT_FDCWD, path, NULL, 0); /* it was used */
	return match_thaw(body);
}

/* An empty file, by the digest of what was proved, the machine, and the program as its file is on the disk. */
static struct str proof_path(struct arena *a, const char *folder, struct str what)
{
	unsigned char key[DIGEST_BYTES];
	char hex[DIGEST_HEX];
	struct stat s = { 0 };
	struct str pieces[3] = { what, match_machine(a) };

	if (stat("/proc/self/exe", &s) < 0)
		return (struct str){ 0 };
	pieces[2] = arena_printf(a, "%llu %lld %lld.%09ld", (unsigned long long)s.st_ino, (long long)s.st_size,
				 (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
	digest_pieces(pieces, 3, key);
	return arena_printf(a, "%s/%s.proved", folder, digest_hex(key, NAME_BYTES, hex));
}

bool match_cache_knows(const char *folder, struct str what)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct str path = folder ? proof_path(a, folder, what) : (struct str){ 0 };

	return path.n && utimensat(AT_FDCWD, path.p, NULL, 0) == 0;
}

void match_cache_note(const char *folder, struct str what)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct str path = folder ? proof_path(a, folder, what) : (struct str){ 0 };
	struct err ignored = { 0 };

	if (path.n && file_make_folder(folder, 0700, &ignored) >= 0)
		file_replace(path.p, (struct str){ 0 }, 0600, &ignored);
}

static void forget_old(struct arena *a, const char *folder)
{
	AUTO(buf) names = BUF_INIT(KIB(256));
	struct err ignored = { 0 };
	struct str rest, name;

	if (file_names(folder, &names, &ignored) < 0)
		return;
	rest = buf_str(&names);
	while (str_split(&rest, '\0', &name)) {
		struct str path = arena_printf(a, "%s/%.*s", folder, STR_ARG(name));
		struct stat s;

		if ((str_ends(name, STR(".patterns")) || str_ends(name, STR(".proved"))) && lstat(path.p, &s) == 0 &&
		    s.st_mtime < time(NULL) - KEPT_SECONDS)
			unlink(path.p);
	}
}

static void leave(struct arena *a, const char *folder, const char *path, const unsigned char key[DIGEST_BYTES],
		  const struct match *m)
{
	AUTO(buf) file = BUF_INIT(LIMIT_CACHE);
	struct str body = match_freeze(m, a);
	unsigned char digest[DIGEST_BYTES];
	struct err ignored = { 0 };

	if (body.n == 0 || file_make_folder(folder, 0700, &ignored) < 0)
		return;
	digest_sha256(body, digest);
	buf_add(&file, str_of(magic));
	buf_add(&file, (struct str){ (const char *)key, DIGEST_BYTES });
	buf_add(&file, (struct str){ (const char *)digest, DIGEST_BYTES });
	buf_add(&file, body);
	if (!file.full && file_replace(path, buf_str(&file), 0600, &ignored) >= 0)
		forget_old(a, folder);
}

struct match *match_cached(const char *folder, const struct match_pattern *patterns, size_t n, size_t *wrong, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(2 * LIMIT_CACHE);
	unsigned char key[DIGEST_BYTES];
	struct match *m;
	struct str path;

	if (!folder || n == 0)
		return match_new(patterns, n, wrong, err);
	key_of(a, patterns, n, key);
	path = path_of(a, folder, key);
	m = take(path.p, key);
	if (m)
		return m;
	m = match_new(patterns, n, wrong, err);
	if (m)
		leave(a, folder, path.p, key, m);
	return m;
}
