/* file.c - whole files: read with a ceiling, replace in one step */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/must.h"

/* A descriptor that closes itself. */
struct fd {
	int n;
};

static void fd_release(struct fd *fd)
{
	if (fd->n >= 0)
		close(fd->n);
}

static int disk_error(struct err *err, const char *what, const char *path)
{
	int code = errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO;

	if (code == E_FULL)
		return err_set(err, code, "%s %s: no space left on the disk; free some and try again", what, path);
	return err_set(err, code, "%s %s: %s", what, path, strerror(errno));
}

int file_read(const char *path, struct buf *out, struct err *err)
{
	AUTO(fd) fd = { open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) };
	ssize_t n = 1;

	if (fd.n < 0)
		return disk_error(err, "cannot open", path);
	while (n > 0) {
		size_t want = out->max - out->n < 65536 ? out->max - out->n + 1 : 65536;
		char piece[65537];

		n = read(fd.n, piece, want);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			return disk_error(err, "cannot read", path);
		else if (buf_add(out, (struct str){ piece, (size_t)n }) < 0)
			return err_set(err, E_LIMIT, "%s is larger than %zu bytes", path, out->max);
	}
	return 0;
}

static int write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s = str_slice(s, (size_t)n, s.n);
	}
	return 0;
}

static int sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	char *slash;
	AUTO(fd) fd = { -1 };

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	fd.n = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd.n < 0 ? -1 : fsync(fd.n);
}

int file_replace(const char *path, struct str content, unsigned mode, struct err *err)
{
	char temporary[PATH_MAX];
	AUTO(fd) fd = { -1 };

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary))
		return err_set(err, E_IO, "the path %.100s... is too long", path);
	fd.n = mkostemp(temporary, O_CLOEXEC);
	if (fd.n < 0)
		return disk_error(err, "cannot write beside", path);
	if (write_all(fd.n, content) < 0 || fchmod(fd.n, mode) < 0 || fsync(fd.n) < 0 || rename(temporary, path) < 0) {
		int code = disk_error(err, "cannot write", path);

		unlink(temporary);
		return code;
	}
	if (sync_folder_of(path) < 0)
		return disk_error(err, "cannot sync the folder of", path);
	return 0;
}

int file_lock(const char *path, int wait_ms, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = 20000000 };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_set(err, errno == ENOSPC || errno == EDQUOT ? E_FULL : E_IO, "cannot open %s: %s", path,
			       strerror(errno));
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += 20) {
		if (waited >= wait_ms || (errno != EWOULDBLOCK && errno != EINTR)) {
			int code = errno == EWOULDBLOCK ? E_BUSY : E_IO;

			close(fd);
			return err_set(err, code, "%s: %s", path,
				       code == E_BUSY ? "another process has held it all the time; try again"
						      : "it cannot be locked");
		}
		nanosleep(&pause, NULL);
	}
	return fd;
}

int file_make_folder(const char *path, unsigned mode, struct err *err)
{
	char part[PATH_MAX];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(part))
		return err_set(err, E_IO, "cannot make a folder of this name: %.100s", path);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST)
			return disk_error(err, "cannot make the folder", part);
		part[i] = path[i];
	}
	return 0;
}

static int remove_below(int parent, const char *name, int depth)
{
	AUTO(fd) fd = { openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) };
	struct dirent *entry;
	DIR *folder;
	int failed = 0;

	if (fd.n < 0)
		return unlinkat(parent, name, 0);
	folder = depth < 8 ? fdopendir(dup(fd.n)) : NULL; /* our folders are two deep */
	if (!folder)
		return -1;
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			failed |= remove_below(fd.n, entry->d_name, depth + 1);
	closedir(folder);
	return failed ? -1 : unlinkat(parent, name, AT_REMOVEDIR);
}

int file_temporary(const char *name, char *path, size_t size, struct err *err)
{
	const char *below = getenv("TMPDIR");

	if ((size_t)snprintf(path, size, "%s/%s-XXXXXX", below && *below ? below : "/tmp", name) >= size)
		return err_set(err, E_IO, "TMPDIR is longer than a path can be");
	return mkdtemp(path) ? 0 : disk_error(err, "cannot make a folder like", path);
}

int file_remove_folder(const char *path, struct err *err)
{
	if (access(path, F_OK) < 0)
		return 0;
	if (remove_below(AT_FDCWD, path, 0) < 0)
		return disk_error(err, "cannot remove", path);
	return 0;
}

int file_swap_folder(const char *fresh, const char *path, struct err *err)
{
	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_EXCHANGE) == 0)
		return file_remove_folder(fresh, err);
	if (errno != ENOENT && errno != EINVAL)
		return disk_error(err, "cannot replace the folder", path);
	if (errno == EINVAL && file_remove_folder(path, err) < 0) /* a file system that cannot exchange */
		return err->code;
	if (rename(fresh, path) < 0)
		return disk_error(err, "cannot put in place the folder", path);
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int file_names(const char *path, struct buf *names, struct err *err)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, by_name);
	int result = 0;

	if (n < 0)
		return disk_error(err, "cannot list the folder", path);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' && buf_add(names, (struct str){ name, strlen(name) + 1 }) < 0)
			result = err_set(err, E_LIMIT, "%s holds too many files", path);
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int by_entry(const FTSENT **x, const FTSENT **y)
{
	return strcmp((*x)->fts_name, (*y)->fts_name);
}

int file_walk(char *path, int (*each)(void *whose, const char *path, struct err *err), void *whose, struct err *err)
{
	char *const paths[] = { path, NULL };
	FTS *tree;
	FTSENT *entry;
	int result = 0;

	if (strcmp(path, "-") == 0)
		return each(whose, path, err);
	tree = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_entry);
	if (!tree)
		return err_set(err, E_IO, "cannot read %s: %s", path, strerror(errno));
	while (result >= 0 && (entry = fts_read(tree))) {
		if (entry->fts_info == FTS_F)
			result = each(whose, entry->fts_path, err);
		else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS)
			result = err_set(err, E_IO, "cannot read %s: %s", entry->fts_path, strerror(entry->fts_errno));
	}
	fts_close(tree);
	return result;
}
