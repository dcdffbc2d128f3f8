/* lossy_vfs.c - a disk for SQLite that loses what was not synced when the power goes */
#include "tests/lossy_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/must.h"

enum { FILES = 16, SECTOR = 512, NAME = 512 };

/* Something that waits for the sync of its file: bytes, or a truncation when there are none. */
struct change {
	int64_t at;
	size_t n;
	char *bytes;
};

/* A file as the process sees it (image) and what of it the disk does not have yet. It outlives its handles. */
struct node {
	char path[NAME];
	int fd;
	struct buf image;
	struct change *changes;
	size_t n_changes;
	bool there;	   /* as the process sees it */
	bool name_waits;   /* created since the last sync of the folder */
	bool syncs_folder; /* its next sync is its folder's too, as the unix VFS does for journals */
	bool ghost;	   /* the folder on disk still has an older file of this name: path.ghost */
};

struct handle {
	sqlite3_file base;
	struct node *node;
	sqlite3_file *real; /* the default VFS's, for locks; behind this struct */
};

static struct lossy_plan plan;
static struct lossy_count count;
static struct node nodes[FILES];
static sqlite3_vfs vfs, *real_vfs;

/* Changes: on their way to the disk, or lost. */

static void write_all(int fd, const char *bytes, size_t n, int64_t at)
{
	MUST(pwrite(fd, bytes, n, at) == (ssize_t)n);
}

static void apply(struct node *f, const struct change *c)
{
	if (c->bytes)
		write_all(f->fd, c->bytes, c->n, c->at);
	else
		MUST(ftruncate(f->fd, c->at) == 0);
}

static void forget_changes(struct node *f)
{
	for (size_t i = 0; i < f->n_changes; i++)
		free(f->changes[i].bytes);
	f->n_changes = 0;
}

/* The path of a file that belongs to this one. */
struct beside {
	char path[NAME + 8];
};

static struct beside beside(const struct node *f, const char *ending)
{
	struct beside b;

	MUST(snprintf(b.path, sizeof(b.path), "%.*s%s", NAME - 1, f->path, ending) < (int)sizeof(b.path));
	return b;
}

static void sync_folder(void)
{
	for (size_t i = 0; i < FILES && nodes[i].path[0]; i++) {
		nodes[i].name_waits = false;
		if (nodes[i].ghost)
			unlink(beside(&nodes[i], ".ghost").path);
		nodes[i].ghost = false;
	}
}

static void sync_node(struct node *f)
{
	for (size_t i = 0; i < f->n_changes; i++)
		apply(f, &f->changes[i]);
	forget_changes(f);
	if (f->syncs_folder)
		sync_folder();
	f->syncs_folder = false;
}

/* The cut. */

static bool coin(void)
{
	return rand_r(&plan.seed) % 2;
}

/* A write as the disk left it: each of its sectors is there or not. */
static void scatter_one(struct node *f, const struct change *c)
{
	if (!c->bytes && coin())
		apply(f, c);
	for (size_t at = 0, n; c->bytes && at < c->n; at += n) {
		n = SECTOR - (size_t)(c->at + (int64_t)at) % SECTOR;
		n = n < c->n - at ? n : c->n - at;
		if (coin())
			write_all(f->fd, c->bytes + at, n, c->at + (int64_t)at);
	}
}

static void scatter(struct node *f)
{
	for (size_t left = f->n_changes; left > 0; left--) {
		size_t i = (size_t)rand_r(&plan.seed) % left;
		struct change c = f->changes[i];

		f->changes[i] = f->changes[left - 1];
		f->changes[left - 1] = c;
		scatter_one(f, &c);
	}
}

/* A name that was not synced may be gone, and one that was deleted may be there again. */
static void lose_name(struct node *f)
{
	struct beside ghost = beside(f, ".ghost");

	if (f->there && f->name_waits && (!plan.scatters || coin()))
		unlink(f->path);
	if (f->ghost && (!plan.scatters || coin()))
		rename(ghost.path, f->path);
	unlink(ghost.path);
}

/* A change is about to happen, or, in its midst, the power goes. */
static void changing(void)
{
	if (++count.changes != plan.cut_at)
		return;
	for (size_t i = 0; i < FILES && nodes[i].path[0]; i++) {
		if (plan.scatters && nodes[i].there)
			scatter(&nodes[i]);
		lose_name(&nodes[i]);
		unlink(beside(&nodes[i], "-shm").path);
	}
	_exit(LOSSY_EXIT);
}

/* Does this call fail? */
static bool fails(bool needs_space)
{
	bool its_turn = ++count.calls == plan.fail_at || (plan.stays && count.failed);

	if (!its_turn || (plan.code == SQLITE_FULL && !needs_space))
		return false;
	count.failed = true;
	return true;
}

static void change_add(struct node *f, int64_t at, const void *bytes, size_t n)
{
	struct change *c;

	f->changes = must_realloc(f->changes, (f->n_changes + 1) * sizeof(*f->changes));
	c = &f->changes[f->n_changes++];
	*c = (struct change){ .at = at, .n = n };
	if (bytes) {
		c->bytes = must_alloc(1, n ? n : 1);
		memcpy(c->bytes, bytes, n);
	}
	changing();
	if (plan.keeps)
		sync_node(f);
}

/* A file's methods. */

static struct handle *handle_of(sqlite3_file *file)
{
	return (struct handle *)(void *)file;
}

static void image_resize(struct node *f, size_t n)
{
	if (n > f->image.n) {
		char *room = buf_room(&f->image, n - f->image.n);

		MUST(room);
		memset(room, 0, n - f->image.n);
	}
	f->image.n = n;
}

static int on_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
	struct str got = str_slice(buf_str(&handle_of(file)->node->image), (size_t)at, (size_t)at + (size_t)n);

	if (fails(false))
		return SQLITE_IOERR_READ;
	if (got.n)
		memcpy(out, got.p, got.n);
	memset((char *)out + got.n, 0, (size_t)n - got.n);
	return got.n == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static void write_image(struct node *f, const void *bytes, size_t n, size_t at)
{
	if (at + n > f->image.n)
		image_resize(f, at + n);
	memcpy(f->image.p + at, bytes, n);
	change_add(f, (int64_t)at, bytes, n);
}

static int on_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
	if (fails(true)) { /* what fails has often been done in part */
		write_image(handle_of(file)->node, bytes, (size_t)n / 2, (size_t)at);
		return plan.code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	}
	write_image(handle_of(file)->node, bytes, (size_t)n, (size_t)at);
	return SQLITE_OK;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (fails(false))
		return SQLITE_IOERR_TRUNCATE;
	image_resize(handle_of(file)->node, (size_t)size);
	change_add(handle_of(file)->node, size, NULL, 0);
	return SQLITE_OK;
}

static int on_sync(sqlite3_file *file, int flags)
{
	(void)flags;
	if (fails(true))
		return plan.code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
	changing();
	sync_node(handle_of(file)->node);
	return SQLITE_OK;
}

static int on_size(sqlite3_file *file, sqlite3_int64 *size)
{
	*size = (sqlite3_int64)handle_of(file)->node->image.n;
	return SQLITE_OK;
}

static int on_close(sqlite3_file *file)
{
	return handle_of(file)->real->pMethods->xClose(handle_of(file)->real);
}

/* The space that a hint takes is no change of the file: only what is written counts. */
static int on_control(sqlite3_file *file, int what, void *with)
{
	sqlite3_file *real = handle_of(file)->real;

	return what == SQLITE_FCNTL_SIZE_HINT ? SQLITE_OK : real->pMethods->xFileControl(real, what, with);
}

static int on_lock(sqlite3_file *file, int level)
{
	return handle_of(file)->real->pMethods->xLock(handle_of(file)->real, level);
}

static int on_unlock(sqlite3_file *file, int level)
{
	return handle_of(file)->real->pMethods->xUnlock(handle_of(file)->real, level);
}

static int on_reserved(sqlite3_file *file, int *held)
{
	return handle_of(file)->real->pMethods->xCheckReservedLock(handle_of(file)->real, held);
}

static int on_sector_size(sqlite3_file *file)
{
	return handle_of(file)->real->pMethods->xSectorSize(handle_of(file)->real);
}

static int on_traits(sqlite3_file *file)
{
	return handle_of(file)->real->pMethods->xDeviceCharacteristics(handle_of(file)->real);
}

static int on_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
	if (fails(extend))
		return plan.code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_SHMMAP;
	return handle_of(file)->real->pMethods->xShmMap(handle_of(file)->real, page, size, extend, out);
}

static int on_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	return handle_of(file)->real->pMethods->xShmLock(handle_of(file)->real, at, n, flags);
}

static void on_shm_barrier(sqlite3_file *file)
{
	handle_of(file)->real->pMethods->xShmBarrier(handle_of(file)->real);
}

static int on_shm_unmap(sqlite3_file *file, int and_delete)
{
	return handle_of(file)->real->pMethods->xShmUnmap(handle_of(file)->real, and_delete);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, /* no memory mapping, which would go past the image */
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_size,
	.xLock = on_lock,
	.xUnlock = on_unlock,
	.xCheckReservedLock = on_reserved,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_traits,
	.xShmMap = on_shm_map,
	.xShmLock = on_shm_lock,
	.xShmBarrier = on_shm_barrier,
	.xShmUnmap = on_shm_unmap,
};

/* Files by name. */

static struct node *node_of(const char *path)
{
	for (size_t i = 0; i < FILES; i++)
		if (strcmp(nodes[i].path, path) == 0)
			return &nodes[i];
	return NULL;
}

static struct node *node_new(const char *path)
{
	struct node *f = node_of("");

	MUST(f && strlen(path) < sizeof(f->path));
	memcpy(f->path, path, strlen(path) + 1);
	f->image = (struct buf)BUF_INIT(MIB(256));
	return f;
}

/* The default VFS has opened the file; `fresh` when it was not there before. */
static void node_open(struct node *f, bool fresh)
{
	char *room;
	off_t n;

	f->fd = open(f->path, O_RDWR | O_CLOEXEC);
	MUST(f->fd >= 0);
	f->there = true;
	f->name_waits = fresh;
	n = lseek(f->fd, 0, SEEK_END);
	buf_clear(&f->image);
	room = buf_room(&f->image, (size_t)n + 1);
	MUST(room && pread(f->fd, room, (size_t)n, 0) == n);
	f->image.n = (size_t)n;
}

static int on_open(sqlite3_vfs *v, const char *path, sqlite3_file *file, int flags, int *flags_out)
{
	const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
	struct handle *h = handle_of(file);
	struct node *f;
	bool fresh;
	int result;

	(void)v;
	h->base.pMethods = NULL;
	if (fails((flags & SQLITE_OPEN_CREATE) != 0))
		return plan.code == SQLITE_FULL ? SQLITE_FULL : SQLITE_CANTOPEN;
	MUST(path); /* temporary files are in memory */
	fresh = access(path, F_OK) < 0;
	h->real = (sqlite3_file *)(void *)(h + 1);
	result = real_vfs->xOpen(real_vfs, path, h->real, flags, flags_out);
	if (result != SQLITE_OK)
		return result;
	f = node_of(path);
	if (!f)
		f = node_new(path);
	if (f->there && fresh) { /* somebody has unlinked it */
		close(f->fd);
		forget_changes(f);
	}
	if (!f->there || fresh)
		node_open(f, fresh);
	f->syncs_folder |= (flags & SQLITE_OPEN_CREATE) && (flags & journals);
	h->node = f;
	h->base.pMethods = &methods;
	return SQLITE_OK;
}

/* What the disk has of a file, kept under another name until the folder is synced. */
static void bury(struct node *f)
{
	struct beside ghost = beside(f, ".ghost");

	if (!f->ghost && !f->name_waits)
		f->ghost = rename(f->path, ghost.path) == 0;
	else
		unlink(f->path);
}

static int on_delete(sqlite3_vfs *v, const char *path, int folder_too)
{
	struct node *f = node_of(path);

	(void)v;
	if (fails(false))
		return SQLITE_IOERR_DELETE;
	if (access(path, F_OK) < 0)
		return SQLITE_IOERR_DELETE_NOENT;
	if (!f)
		f = node_new(path);
	changing();
	bury(f);
	if (f->there)
		close(f->fd);
	f->there = false;
	forget_changes(f);
	if (folder_too || plan.keeps)
		sync_folder();
	return SQLITE_OK;
}

/* As the unix VFS answers: an empty file does not exist. */
static int on_access(sqlite3_vfs *v, const char *path, int what, int *out)
{
	struct node *f = node_of(path);

	(void)v;
	if (!f || !f->there || what != SQLITE_ACCESS_EXISTS)
		return real_vfs->xAccess(real_vfs, path, what, out);
	*out = f->image.n > 0;
	return SQLITE_OK;
}

void lossy_begin(const struct lossy_plan *p)
{
	plan = *p;
	count = (struct lossy_count){ 0 };
	memset(nodes, 0, sizeof(nodes));
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "lossy";
	vfs.pNext = NULL;
	vfs.szOsFile = (int)sizeof(struct handle) + real_vfs->szOsFile;
	vfs.xOpen = on_open;
	vfs.xDelete = on_delete;
	vfs.xAccess = on_access;
	MUST(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}

struct lossy_count lossy_end(void)
{
	for (size_t i = 0; i < FILES; i++) {
		struct node *f = &nodes[i];

		if (f->there) {
			sync_node(f);
			close(f->fd);
		}
		forget_changes(f);
		free(f->changes);
		buf_release(&f->image);
	}
	sync_folder();
	sqlite3_vfs_unregister(&vfs);
	sqlite3_vfs_register(real_vfs, 1);
	return count;
}
