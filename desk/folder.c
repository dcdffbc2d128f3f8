/* folder.c - what lies below a folder, looked through without recursion and without following links */
#include "desk/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/must.h"
#include "crawler/local.h"

enum { HEAD = 512 }; /* bytes by which a file is known again: two lines of JSON begin alike, but hardly for so long */

/* Files and how they were, each a digest, in a hash table. */
struct table {
	struct slot {
		uint64_t name, state; /* a name of 0 is an empty slot */
	} * slots;
	size_t n, room; /* a power of two */
};

/* A folder that is being looked through. */
struct level {
	DIR *dir;
	size_t path; /* bytes of the path that are its own and those above */
};

struct folder {
	const struct source *source;
	char root[PATH_MAX]; /* without a slash at its end; of a single file the folder that it is in */
	const char *single;  /* the name of that file; NULL for a folder */
	int watch;
	unsigned char key[DIGEST_KEY_BYTES];
	struct table told, seen; /* of the look before, of this one */
	struct level levels[LIMIT_FOLDER_DEPTH];
	size_t depth; /* above 0 while a look is under way */
	char path[PATH_MAX];
	uint64_t look; /* the number of the list that was given out last: it was kept when it comes back */
	char trouble[200];
};

static void table_put(struct table *t, uint64_t name, uint64_t state);

static void table_grow(struct table *t)
{
	struct table more = { .room = t->room ? 2 * t->room : 1024 };

	more.slots = must_alloc(more.room, sizeof(*more.slots));
	memset(more.slots, 0, more.room * sizeof(*more.slots));
	for (size_t i = 0; i < t->room; i++)
		if (t->slots[i].name)
			table_put(&more, t->slots[i].name, t->slots[i].state);
	free(t->slots);
	*t = more;
}

static void table_put(struct table *t, uint64_t name, uint64_t state)
{
	size_t i;

	if (2 * t->n >= t->room)
		table_grow(t);
	for (i = name & (t->room - 1); t->slots[i].name && t->slots[i].name != name;)
		i = (i + 1) & (t->room - 1);
	t->n += t->slots[i].name == 0;
	t->slots[i] = (struct slot){ name, state };
}

static bool table_has(const struct table *t, uint64_t name, uint64_t state)
{
	for (size_t i = t->room ? name & (t->room - 1) : 0; t->room && t->slots[i].name; i = (i + 1) & (t->room - 1))
		if (t->slots[i].name == name)
			return t->slots[i].state == state;
	return false;
}

static void table_clear(struct table *t)
{
	free(t->slots);
	*t = (struct table){ 0 };
}

static uint64_t number_of(const struct folder *f, struct str s)
{
	unsigned char digest[DIGEST_BYTES];
	uint64_t number;

	digest_keyed(s, f->key, digest);
	memcpy(&number, digest, sizeof(number));
	return number | 1;
}

const char *folder_path(const struct source *s, struct arena *a)
{
	struct str path = s->folder.text.n ? s->folder.text : s->file.text;

	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	while (s->file.text.n && path.n > 1 && path.p[path.n - 1] != '/')
		path.n--;
	return arena_copy(a, path).p;
}

struct folder *folder_new(const struct source *s)
{
	struct folder *f = must_alloc(1, sizeof(*f));
	struct str path = s->folder.text.n ? s->folder.text : s->file.text;
	char *slash;

	memset(f, 0, sizeof(*f));
	f->source = s;
	while (path.n > 1 && path.p[path.n - 1] == '/')
		path.n--;
	snprintf(f->root, sizeof(f->root), "%.*s", STR_ARG(path));
	slash = strrchr(f->root, '/');
	if (s->file.text.n && slash) {
		*slash = '\0';
		f->single = slash + 1;
	}
	digest_random(f->key, sizeof(f->key));
	f->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return f;
}

static void stop_looking(struct folder *f)
{
	while (f->depth)
		closedir(f->levels[--f->depth].dir);
	table_clear(&f->seen);
}

void folder_free(struct folder *f)
{
	stop_looking(f);
	table_clear(&f->told);
	if (f->watch >= 0)
		close(f->watch);
	free(f);
}

int folder_descriptor(const struct folder *f)
{
	return f->watch;
}

/* Of a single file every write counts; in a folder a file counts once its writer is done with it. */
static void watch(struct folder *f, const char *path)
{
	uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | (f->single ? IN_MODIFY : 0);

	if (f->watch >= 0)
		inotify_add_watch(f->watch, path, events | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK);
}

/* Is it for another day: hidden, or not there as a whole yet? */
static bool is_left_alone(const char *name)
{
	static const char *const endings[] = {
		".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~", ".metadata"
	};

	if (name[0] == '.')
		return true;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(str_of(name), str_of(endings[i])))
			return true;
	return false;
}

bool folder_hear(struct folder *f)
{
	char room[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool heard = false;
	ssize_t n;

	while ((n = read(f->watch, room, sizeof(room))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *e = (const struct inotify_event *)(room + at);
			bool ours = e->len == 0 || (f->single ? strcmp(e->name, f->single) == 0 : !is_left_alone(e->name));

			/* A file that was created is not written yet; a folder has to be looked into. */
			heard |= ours && (e->mask & ~(uint32_t)IN_CREATE || f->single);
			at += (ssize_t)sizeof(*e) + e->len;
		}
	return heard;
}

/* Look into a folder from now on. It is watched first: what is put into it meanwhile is seen or told. */
static bool enter(struct folder *f, int at, const char *name)
{
	int fd;

	if (f->depth == LIMIT_FOLDER_DEPTH) {
		snprintf(f->trouble, sizeof(f->trouble), "folders deeper than %d are not looked into", LIMIT_FOLDER_DEPTH);
		return false;
	}
	watch(f, f->path);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (f->depth ? O_NOFOLLOW : 0));
	if (fd < 0) {
		snprintf(f->trouble, sizeof(f->trouble), "a folder in it cannot be opened: %s", strerror(errno));
		return false;
	}
	f->levels[f->depth].dir = fdopendir(fd);
	f->levels[f->depth].path = strlen(f->path);
	if (!f->levels[f->depth].dir) {
		close(fd);
		return false;
	}
	f->depth++;
	return true;
}

static struct str state_of(const struct stat *st, char room[80])
{
	int n = snprintf(room, 80, "%llu %llu %lld.%09ld", (unsigned long long)st->st_ino, (unsigned long long)st->st_size,
			 (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);

	return (struct str){ room, (size_t)n };
}

/* Tell of a file unless it was told of as it is: true when it was put on the list. */
static bool tell(struct folder *f, const struct stat *st, struct arena *a, struct buf *list)
{
	char room[80];
	uint64_t name = number_of(f, str_of(f->path)), state = number_of(f, state_of(st, room));
	struct str url;

	if (f->seen.n >= LIMIT_FOLDER_FILES) {
		snprintf(f->trouble, sizeof(f->trouble), "more than %d files: the others are not looked at",
			 LIMIT_FOLDER_FILES);
		return false;
	}
	table_put(&f->seen, name, state);
	if (table_has(&f->told, name, state) || st->st_size == 0)
		return false;
	url = local_url(a, str_of(f->path));
	if (url.n > LIMIT_URL - 64) {
		snprintf(f->trouble, sizeof(f->trouble), "a path of more than %d bytes once it is written as an address",
			 LIMIT_URL - 64);
		return false;
	}
	buf_printf(list, "%.*s\r\n", STR_ARG(url));
	return true;
}

/* One name of the folder that is looked through: true when it was put on the list. */
static bool look_at(struct folder *f, const char *name, struct arena *a, struct buf *list)
{
	struct level *level = &f->levels[f->depth - 1];
	int at = dirfd(level->dir);
	size_t room = sizeof(f->path) - level->path;
	struct stat st;

	if (f->single ? strcmp(name, f->single) != 0 : is_left_alone(name))
		return false;
	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (size_t)snprintf(f->path + level->path, room, "/%s", name) >= room)
		return false;
	if (S_ISDIR(st.st_mode) && !f->single && strcmp(name, "tmp") != 0) /* of a Maildir: mails that are being written */
		enter(f, at, name);
	return S_ISREG(st.st_mode) && tell(f, &st, a, list);
}

/* Go on looking until the list is full or all was seen. */
static void look(struct folder *f, struct arena *a, struct buf *list)
{
	for (int n = 0; f->depth && n < LIMIT_FOLDER_NEWS && list->n < LIMIT_BODY / 2;) {
		struct dirent *entry = readdir(f->levels[f->depth - 1].dir);

		if (entry) {
			n += look_at(f, entry->d_name, a, list);
			continue;
		}
		closedir(f->levels[--f->depth].dir);
		if (f->depth == 0) {
			table_clear(&f->told);
			f->told = f->seen;
			f->seen = (struct table){ 0 };
		}
	}
}

static void refuse(struct reading_answer *out, struct arena *a, int why, const char *path)
{
	out->status = why == ENOENT || why == ENOTDIR ? 404 : 403;
	out->why = arena_printf(a, "cannot read %s: %s; see that it is there and may be read, and start the monitor again",
				path, strerror(why));
}

/* The number of a list that was given out; 0 for none of ours. */
static uint64_t look_of(struct str etag)
{
	uint64_t n = 0;

	return etag.n > 2 && str_number(str_slice(etag, 1, etag.n - 1), INT64_MAX, &n) ? n : 0;
}

void folder_list(struct folder *f, struct str etag, struct arena *a, struct buf *body, struct reading_answer *out)
{
	bool begins = f->depth == 0;

	f->trouble[0] = '\0';
	if (f->look == 0 || look_of(etag) != f->look) { /* what was told last was not kept: tell all of it anew */
		stop_looking(f);
		table_clear(&f->told);
		begins = true;
	}
	if (begins) {
		snprintf(f->path, sizeof(f->path), "%s", f->root);
		if (!enter(f, AT_FDCWD, f->root[0] ? f->root : "/")) {
			refuse(out, a, errno, f->root);
			return;
		}
	}
	look(f, a, body);
	if (f->single && f->told.n == 0) { /* nor is it a link: what that leads to could be anything */
		refuse(out, a, ENOENT, f->source->file.text.p);
		return;
	}
	if (f->depth)
		buf_add(body, STR("# more\r\n"));
	if (f->trouble[0])
		buf_printf(body, "# %s\r\n", f->trouble);
	if (body->n == 0) {
		out->status = 304;
		return;
	}
	if (f->look == 0)
		digest_random(&f->look, 4); /* another one for each process */
	f->look++;
	out->etag = arena_printf(a, "\"%llu\"", (unsigned long long)f->look);
	out->status = 200;
}

/* Open a file below the folder, a segment of its path after the other, none of them a link. Below 0: errno says why. */
static int open_below(struct folder *f, struct str path)
{
	struct str root = str_of(f->root), segment;
	int fd;

	if (!str_starts(path, root) || path.n <= root.n + 1 || path.p[root.n] != '/') {
		errno = EACCES;
		return -1;
	}
	path = str_slice(path, root.n + 1, path.n);
	if (f->single && !str_eq(path, str_of(f->single))) {
		errno = EACCES;
		return -1;
	}
	fd = open(f->root[0] ? f->root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0 && str_split(&path, '/', &segment)) {
		int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (path.n ? O_DIRECTORY : 0);
		char name[NAME_MAX + 1];
		struct stat st;
		int next = -1, why;

		snprintf(name, sizeof(name), "%.*s", STR_ARG(segment));
		if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			next = S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ? openat(fd, name, flags) : -1;
			errno = next < 0 && !S_ISREG(st.st_mode) ? EACCES : errno;
		}
		why = errno;
		close(fd);
		errno = why;
		fd = next;
	}
	return fd;
}

/* The digest of the first `n` bytes; of what there is, if that is less. */
static uint64_t head_of(int fd, size_t n)
{
	char bytes[HEAD];
	ssize_t got = pread(fd, bytes, n < HEAD ? n : HEAD, 0);

	return local_head((struct str){ bytes, got > 0 ? (size_t)got : 0 });
}

/* Where to go on in a file that was read before: from its begin when it is another one, or was cut or written anew. */
static struct local_position place_in(int fd, const struct stat *st, const struct local_position *before)
{
	struct local_position at = { .inode = st->st_ino,
				     .size = (uint64_t)st->st_size,
				     .changed_ns = st->st_mtim.tv_sec * INT64_C(1000000000) + st->st_mtim.tv_nsec };

	at.head_bytes = at.size < HEAD ? at.size : HEAD;
	at.head = head_of(fd, at.head_bytes);
	if (before->inode != at.inode || (before->mode != LOCAL_DECODED && before->offset > at.size) ||
	    before->head != head_of(fd, before->head_bytes))
		return at;
	at.format = before->format;
	at.mode = before->mode;
	at.offset = before->offset;
	return at;
}

static int read_bytes(int fd, const struct local_position *at, struct buf *body)
{
	uint64_t from = at->mode == LOCAL_DECODED ? 0 : at->offset, left = at->size - from;

	left = left < LIMIT_BODY ? left : LIMIT_BODY;
	while (left) {
		char *room = buf_room(body, left);
		ssize_t n = room ? pread(fd, room, left, (off_t)from) : -1;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n; /* at its end it has been cut meanwhile */
		body->n += (size_t)n;
		from += (uint64_t)n;
		left -= (uint64_t)n;
	}
	return 0;
}

static void read_open(int fd, struct str url, struct str etag, struct arena *a, struct buf *body, struct reading_answer *out)
{
	struct local_position before = { 0 }, at;
	struct stat st;

	local_position_read(etag, &before);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		refuse(out, a, EACCES, url.p);
		return;
	}
	at = place_in(fd, &st, &before);
	if (before.inode == at.inode && before.size == at.size && before.changed_ns == at.changed_ns) {
		out->status = 304;
		return;
	}
	if (read_bytes(fd, &at, body) < 0) {
		refuse(out, a, errno, url.p);
		return;
	}
	out->url = local_piece_url(a, url, at.mode, at.offset);
	out->etag = local_position_write(a, &at);
	out->status = 200;
}

void folder_read(struct folder *f, struct str url, struct str etag, struct arena *a, struct buf *body,
		 struct reading_answer *out)
{
	ssize_t fragment = str_find(url, STR("#"));
	struct str path;
	int fd;

	url = arena_copy(a, fragment >= 0 ? str_slice(url, 0, (size_t)fragment) : url);
	if (local_path(a, url, &path, NULL) < 0) {
		refuse(out, a, EACCES, url.p);
		return;
	}
	fd = open_below(f, path);
	if (fd < 0) {
		refuse(out, a, errno, url.p);
		return;
	}
	read_open(fd, url, etag, a, body, out);
	close(fd);
}
