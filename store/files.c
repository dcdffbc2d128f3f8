/* files.c - what of a store lies beside its database */
#include "store/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/internal.h"

static const struct {
	const char *name;
	bool secret; /* only when asked for */
} keys[] = {
	{ "digest.key", false },   { "node.id", false },     { "fingerprint.key", false },
	{ "evidence.pub", false }, { "evidence.key", true },
};

struct fd {
	int n;
};

static void fd_release(struct fd *fd)
{
	if (fd->n >= 0)
		close(fd->n);
}

static int failed(const char *doing, const char *path, struct err *err)
{
	int code = errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;

	return err_set(err, code, "cannot %s %s: %s", doing, path, strerror(errno));
}

int files_sync(const char *path, struct err *err)
{
	AUTO(fd) fd = { open(path, O_RDONLY | O_CLOEXEC) };

	return fd.n < 0 || fsync(fd.n) < 0 ? failed("sync", path, err) : 0;
}

bool files_same_folder(const char *a, const char *b)
{
	struct stat one, two;

	return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

bool files_empty(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *e;
	bool empty = true;

	if (!entries)
		return errno == ENOENT;
	while (empty && (e = readdir(entries)))
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
	closedir(entries);
	return empty;
}

static int key_copy(const char *from, const char *to, struct files_copied *out, struct err *err)
{
	AUTO(buf) content = BUF_INIT(KIB(64));
	AUTO(buf) there = BUF_INIT(KIB(64));

	if (access(from, F_OK) < 0)
		return 0;
	if (file_read(from, &content, err) < 0)
		return err->code;
	if (access(to, F_OK) == 0) {
		if (file_read(to, &there, err) < 0)
			return err->code;
		if (str_eq(buf_str(&content), buf_str(&there)))
			return 0;
		return err_set(err, E_USAGE, "%s is there and is that of another store; give a place that is empty", to);
	}
	out->files++;
	out->bytes += (int64_t)content.n;
	return file_replace(to, buf_str(&content), 0600, err);
}

/* The fingerprints of documents change as documents do: those of `from` take the place of those in `to`. */
static int fingerprints_copy(const char *from, const char *to, struct files_copied *out, struct err *err)
{
	char source[PATH_MAX], fresh[PATH_MAX], target[PATH_MAX];
	int64_t copied;

	snprintf(source, sizeof(source), "%s/fingerprints", from);
	snprintf(fresh, sizeof(fresh), "%s/fingerprints.new", to);
	snprintf(target, sizeof(target), "%s/fingerprints", to);
	if (access(source, F_OK) < 0)
		return 0;
	copied = files_copy_bytes(source, fresh, INT64_MAX, err);
	if (copied < 0)
		return (int)copied;
	if (rename(fresh, target) < 0)
		return failed("write", target, err);
	out->files++;
	out->bytes += copied;
	return 0;
}

int files_copy_keys(const char *from, const char *to, bool with_key, struct files_copied *out, struct err *err)
{
	if (file_make_folder(to, 0700, err) < 0)
		return err->code;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char source[PATH_MAX], target[PATH_MAX];

		snprintf(source, sizeof(source), "%s/%s", from, keys[i].name);
		snprintf(target, sizeof(target), "%s/%s", to, keys[i].name);
		if ((!keys[i].secret || with_key) && key_copy(source, target, out, err) < 0)
			return err->code;
	}
	return fingerprints_copy(from, to, out, err);
}

int64_t files_copy_bytes(const char *from, const char *to, int64_t n, struct err *err)
{
	static char piece[1 << 18];
	AUTO(fd) in = { open(from, O_RDONLY | O_CLOEXEC) };
	AUTO(fd) out = { -1 };
	int64_t done = 0;

	if (in.n < 0)
		return errno == ENOENT ? 0 : failed("open", from, err);
	out.n = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (out.n < 0)
		return failed("write", to, err);
	while (done < n) {
		size_t want = n - done < (int64_t)sizeof(piece) ? (size_t)(n - done) : sizeof(piece);
		ssize_t got = read(in.n, piece, want);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed("read", from, err);
		if (got == 0)
			break;
		for (ssize_t put = 0, k; put < got; put += k) {
			k = write(out.n, piece + put, (size_t)(got - put));
			if (k < 0 && errno == EINTR)
				k = 0;
			else if (k < 0)
				return failed("write", to, err);
		}
		done += got;
	}
	return fsync(out.n) < 0 ? failed("sync", to, err) : done;
}

int files_copy_segments(struct store *s, const char *from, const char *to, struct files_copied *out, struct err *err)
{
	struct query *q = db_ask(s->db,
				 "SELECT segment, max(start_at + length) FROM evidence WHERE node_id = :node GROUP BY segment"
				 " ORDER BY segment",
				 ARGS(arg_int(":node", s->node_id)), err);
	char source[PATH_MAX], target[PATH_MAX], folder[PATH_MAX - 64];
	int more = q ? 0 : err->code;

	snprintf(folder, sizeof(folder), "%s/segments", to);
	if (q && file_make_folder(folder, 0700, err) < 0) {
		db_end(q);
		return err->code;
	}
	while (q && (more = db_step(q, err)) > 0) {
		int64_t wanted = db_int(q, 1), done;

		snprintf(source, sizeof(source), "%s/segments/%06lld.seg", from, (long long)db_int(q, 0));
		snprintf(target, sizeof(target), "%s/%06lld.seg", folder, (long long)db_int(q, 0));
		done = files_copy_bytes(source, target, wanted, err);
		if (done < 0) {
			db_end(q);
			return (int)done;
		}
		out->files += done > 0;
		out->bytes += done;
		out->missing += done < wanted;
	}
	return more < 0 ? more : files_sync(folder, err);
}
