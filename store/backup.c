/* backup.c - a consistent copy of a store in a folder, and the way back */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "store/custody.h"
#include "store/files.h"
#include "store/internal.h"

enum {
	LIMIT_SUMS = 1 << 26,
	PATH = PATH_MAX + 512,
	NAME_AT = DIGEST_HEX + 1
}; /* in a line of SHA256SUMS: digest, two spaces, name */

static const char sums_name[] = "SHA256SUMS";

static void went(const struct backup_options *o, const char *what, int64_t done)
{
	if (o->went)
		o->went(o->owner, what, done);
}

static int failed(const char *doing, const char *path, struct err *err)
{
	return err_set(err, errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO, "cannot %s %s: %s", doing, path,
		       strerror(errno));
}

/* A file's SHA-256 and size, the file mapped: segments are too large to be read at once. */
static int file_digest(const char *path, unsigned char digest[DIGEST_BYTES], int64_t *size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = { 0 };
	void *map = NULL;

	if (fd < 0 || fstat(fd, &st) < 0) {
		failed("read", path, err);
		if (fd >= 0)
			close(fd);
		return err->code;
	}
	if (st.st_size > 0)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return failed("read", path, err);
	digest_sha256((struct str){ map, (size_t)st.st_size }, digest);
	if (map)
		munmap(map, (size_t)st.st_size);
	*size = st.st_size;
	return 0;
}

/* Lines for the files of `folder`/`below`, "" for those at its top. */
static int sums_of(const char *folder, const char *below, struct buf *sums, struct backup_result *out, struct err *err)
{
	AUTO(buf) names = BUF_INIT(LIMIT_SUMS);
	char path[PATH], hex[DIGEST_HEX];
	struct str rest, name;

	snprintf(path, sizeof(path), "%s/%s", folder, below);
	if (access(path, F_OK) < 0)
		return 0;
	if (file_names(path, &names, err) < 0)
		return err->code;
	rest = buf_str(&names);
	while (str_split(&rest, '\0', &name)) {
		unsigned char digest[DIGEST_BYTES];
		struct stat st;
		int64_t size;

		snprintf(path, sizeof(path), "%s/%s%.*s", folder, below, STR_ARG(name));
		if (name.n == 0 || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (file_digest(path, digest, &size, err) < 0 || files_sync(path, err) < 0)
			return err->code;
		buf_printf(sums, "%s  %s%.*s\n", digest_hex(digest, DIGEST_BYTES, hex), below, STR_ARG(name));
		out->files++;
		out->bytes += size;
	}
	return sums->full ? err_set(err, E_LIMIT, "%s holds too many files", folder) : 0;
}

static int sums_write(const char *folder, struct backup_result *out, struct err *err)
{
	AUTO(buf) sums = BUF_INIT(LIMIT_SUMS);
	char path[PATH];

	if (sums_of(folder, "", &sums, out, err) < 0 || sums_of(folder, "segments/", &sums, out, err) < 0)
		return err->code;
	snprintf(path, sizeof(path), "%s/%s", folder, sums_name);
	return file_replace(path, buf_str(&sums), 0600, err);
}

/* Is each file what SHA256SUMS says? */
static int sums_check(const char *folder, struct err *err)
{
	AUTO(buf) sums = BUF_INIT(LIMIT_SUMS);
	char path[PATH], hex[DIGEST_HEX];
	struct str rest, line;

	snprintf(path, sizeof(path), "%s/%s", folder, sums_name);
	if (access(path, F_OK) < 0)
		return err_set(err, E_USAGE, "%s is no backup, or a part of one: it has no %s", folder, sums_name);
	if (file_read(path, &sums, err) < 0)
		return err->code;
	rest = buf_str(&sums);
	while (str_split(&rest, '\n', &line)) {
		struct str name = str_slice(line, NAME_AT, line.n);
		unsigned char digest[DIGEST_BYTES];
		int64_t size;

		if (line.n == 0)
			continue;
		if (name.n == 0 || str_find(name, STR("..")) >= 0 || name.p[0] == '/')
			return err_set(err, E_VERIFY, "%s: \"%.*s\" is not a line of it", path,
				       STR_ARG(str_slice(line, 0, 200)));
		snprintf(path, sizeof(path), "%s/%.*s", folder, STR_ARG(name));
		if (file_digest(path, digest, &size, err) < 0)
			return err->code;
		if (!str_starts(line, str_of(digest_hex(digest, DIGEST_BYTES, hex))))
			return err_set(err, E_VERIFY, "%s is not what the backup wrote: altered; take another backup", path);
		snprintf(path, sizeof(path), "%s/%s", folder, sums_name);
	}
	return 0;
}

static int database_write(struct store *s, const struct backup_options *o, const char *folder, struct backup_result *out,
			  struct err *err)
{
	struct files_copied files = { 0 };
	const struct store_place place = { .folder = folder };
	char path[PATH];

	if (db_engine(s->db) != DB_SQLITE) {
		const struct copy_options copy = { .to = place, .with_key = o->with_key, .went = o->went, .owner = o->owner };
		struct copy_result copied;
		int result = store_copy(s, &copy, &copied, err);

		out->missing = copied.missing;
		return result;
	}
	snprintf(path, sizeof(path), "%s/watchdesk.db", folder);
	went(o, "the database", 0);
	if (files_copy_keys(s->folder, folder, o->with_key, &files, err) < 0 || db_copy(s->db, path, err) < 0)
		return err->code;
	went(o, "segments", 0);
	{
		/* The rows of the copy say how far the segments are to go: what was committed since is not in it. */
		AUTO_FREE(store) copied = store_open(&place, STORE_READ, err);

		if (!copied || files_copy_segments(copied, s->folder, folder, &files, err) < 0)
			return err->code;
	}
	out->missing = files.missing;
	return 0;
}

static int parent_sync(const char *path, struct err *err)
{
	char parent[PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash)
		slash[slash == parent] = '\0';
	return files_sync(slash ? parent : ".", err);
}

/* "/x/backup/" is "/x/backup": a name beside it is made of it. */
static int folder_named(const char *folder, char out[PATH_MAX - 64], struct err *err)
{
	size_t n = strlen(folder);

	while (n > 1 && folder[n - 1] == '/')
		n--;
	if (n == 0 || n >= PATH_MAX - 128)
		return err_set(err, E_USAGE, "\"%.100s\" is no name of a folder", folder);
	memcpy(out, folder, n);
	out[n] = '\0';
	return 0;
}

/* Make a folder beside `folder`, to be renamed to it when it is whole. */
static int fresh_make(const char *folder, char fresh[PATH_MAX], struct err *err)
{
	if (!files_empty(folder))
		return err_set(err, E_USAGE, "%s is there already; give a folder that is not, or is empty", folder);
	snprintf(fresh, PATH_MAX, "%s.part-XXXXXX", folder);
	return mkdtemp(fresh) ? 0 : failed("make a folder beside", folder, err);
}

static int fresh_rename(const char *fresh, const char *folder, struct err *err)
{
	if (files_sync(fresh, err) < 0)
		return err->code;
	if (rename(fresh, folder) < 0)
		return failed("put into place", folder, err);
	return parent_sync(folder, err);
}

int backup_write(struct store *s, const struct backup_options *o, struct backup_result *out, struct err *err)
{
	char folder[PATH_MAX - 64], fresh[PATH_MAX], key[PATH];

	*out = (struct backup_result){ 0 };
	if (folder_named(o->folder, folder, err) < 0 || fresh_make(folder, fresh, err) < 0)
		return err->code;
	if (database_write(s, o, fresh, out, err) < 0 || sums_write(fresh, out, err) < 0 ||
	    fresh_rename(fresh, folder, err) < 0) {
		file_remove_folder(fresh, NULL);
		return err->code;
	}
	snprintf(key, sizeof(key), "%s/evidence.key", folder);
	out->without_key = access(key, F_OK) < 0;
	return 0;
}

static int database_copy(const char *from, const char *to, struct err *err)
{
	char source[PATH], target[PATH];

	snprintf(source, sizeof(source), "%s/watchdesk.db", from);
	snprintf(target, sizeof(target), "%s/watchdesk.db", to);
	return files_copy_bytes(source, target, INT64_MAX, err) < 0 ? err->code : 0;
}

/* Into a folder of its own, for SQLite; an older backup is brought to this schema on the way. */
static int restore_folder(const char *folder, const struct store_place *to, struct files_copied *files, struct err *err)
{
	char place[PATH_MAX - 64], fresh[PATH_MAX];
	const struct store_place made = { .folder = fresh };
	int result;

	if (folder_named(to->folder, place, err) < 0 || fresh_make(place, fresh, err) < 0)
		return err->code;
	result = files_copy_keys(folder, fresh, true, files, err);
	if (result == 0)
		result = database_copy(folder, fresh, err);
	if (result == 0) {
		AUTO_FREE(store) s = store_open(&made, STORE_CREATE, err);

		result = s ? files_copy_segments(s, folder, fresh, files, err) : err->code;
	}
	if (result == 0)
		result = fresh_rename(fresh, place, err);
	if (result < 0)
		file_remove_folder(fresh, NULL);
	return result;
}

static int restore_database(const char *folder, const struct store_place *to, struct files_copied *files, struct err *err)
{
	const struct store_place backup = { .folder = folder };
	const struct copy_options copy = { .to = *to, .with_key = true };
	struct copy_result copied;
	AUTO_FREE(store) from = store_open(&backup, STORE_READ, err);

	if (!from || store_copy(from, &copy, &copied, err) < 0)
		return err->code;
	*files = (struct files_copied){ copied.files, copied.bytes, copied.missing };
	return 0;
}

/* The act, with the head of the chain that was restored: what came after the backup is known by it. */
static int act_add(struct store *s, const char *folder, struct str operator_name, int64_t now, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(KIB(8));
	AUTO(buf) head = BUF_INIT(256);
	struct json_writer w = { .out = &detail };

	if (store_begin(s, err) < 0)
		return err->code;
	json_open(&w, NULL, '{');
	json_put_text(&w, "from", str_of(folder));
	if (anchor_text(s, &head, err) > 0)
		json_put_text(&w, "head", buf_str(&head));
	json_close(&w, '}');
	if (custody_add(s,
			&(struct custody_act){ .kind = CUSTODY_RESTORE,
					       .subject = STR("store"),
					       .operator_name = operator_name,
					       .detail = buf_str(&detail) },
			now, err) < 0) {
		store_rollback(s);
		return err->code;
	}
	return store_commit(s, err);
}

int backup_restore(const char *folder, const struct store_place *to, struct str operator_name, int64_t now,
		   struct backup_result *out, struct err *err)
{
	struct files_copied files = { 0 };
	struct store *s;
	int result;

	*out = (struct backup_result){ 0 };
	if (sums_check(folder, err) < 0 ||
	    (to->database ? restore_database(folder, to, &files, err) : restore_folder(folder, to, &files, err)) < 0)
		return err->code;
	s = store_open(to, STORE_WRITE, err);
	result = s ? act_add(s, folder, operator_name, now, err) : err->code;
	store_free(s);
	out->files = files.files;
	out->bytes = files.bytes;
	out->missing = files.missing;
	return result;
}
