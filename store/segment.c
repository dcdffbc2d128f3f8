/* segment.c - sealed items in files that only grow */
#include "store/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"

enum { WAIT_TRIES = 500, WAIT_MS = 20, NODE = 2 * DIGEST_ID_BYTES };

static const size_t piece_bytes = 1 << 20; /* written at once; a commit's items are seldom more */
static const char magic[] = "WDitem1\n";

struct segments {
	const struct segment_disk *disk;
	char folder[PATH_MAX], node[NODE + 1];
	int folder_fd, fd; /* -1 for none */
	int64_t max;
	int64_t number, size; /* of the file, with what is pending */
	bool fresh;	      /* the file was made since the last sync */
	struct buf pending;
};

static int system_open(const char *path, int flags, unsigned mode)
{
	return open(path, flags, mode);
}

const struct segment_disk segment_disk_system = { system_open, pwrite, fdatasync, fsync, ftruncate };

char *segment_name(int64_t segment, char out[SEGMENT_NAME])
{
	snprintf(out, SEGMENT_NAME, "%06lld.seg", (long long)segment);
	return out;
}

static void header_of(const char *node, char out[SEGMENT_HEADER])
{
	char text[SEGMENT_HEADER + 1];
	int n = snprintf(text, sizeof(text), "watchdesk segment 1\nnode %s\n", node);

	memset(out, ' ', SEGMENT_HEADER);
	memcpy(out, text, (size_t)n < SEGMENT_HEADER - 1 ? (size_t)n : SEGMENT_HEADER - 1);
	out[SEGMENT_HEADER - 1] = '\n';
}

static int disk_error(struct err *err, const char *what, const char *folder, int64_t segment)
{
	char name[SEGMENT_NAME];

	segment_name(segment, name);
	if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
		return err_set(err, E_FULL,
			       "%s %s/%s: no space left on the disk; free some space, nothing that was committed is lost", what,
			       folder, name);
	return err_set(err, E_IO, "%s %s/%s: %s", what, folder, name, strerror(errno));
}

struct segments *segments_open(const char *folder, const char *node, int64_t max_bytes, const struct segment_disk *disk,
			       struct err *err)
{
	struct segments *s = must_alloc(1, sizeof(*s));

	s->disk = disk ? disk : &segment_disk_system;
	s->max = max_bytes ? max_bytes : (int64_t)LIMIT_SEGMENT;
	s->fd = s->folder_fd = -1;
	s->pending = (struct buf)BUF_INIT(LIMIT_ITEM + 2 * piece_bytes);
	MUST(strlen(node) == NODE &&
	     snprintf(s->folder, PATH_MAX - SEGMENT_NAME, "%s/segments", folder) < PATH_MAX - SEGMENT_NAME);
	memcpy(s->node, node, NODE + 1);
	if (file_make_folder(s->folder, 0700, err) == 0) {
		s->folder_fd = open(s->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (s->folder_fd >= 0)
			return s;
		err_set(err, E_IO, "cannot open the folder %s: %s", s->folder, strerror(errno));
	}
	segments_free(s);
	return NULL;
}

static void close_file(struct segments *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->number = 0;
}

void segments_free(struct segments *s)
{
	if (!s)
		return;
	close_file(s);
	if (s->folder_fd >= 0)
		close(s->folder_fd);
	buf_release(&s->pending);
	free(s);
}

static int take_lock(struct segments *s, struct err *err)
{
	static const struct timespec pause = { .tv_nsec = WAIT_MS * 1000000 };

	for (int i = 0; i < WAIT_TRIES; i++) {
		if (flock(s->folder_fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_set(err, E_IO, "cannot lock the folder %s: %s", s->folder, strerror(errno));
		nanosleep(&pause, NULL);
	}
	return err_set(err, E_BUSY, "%s: another process has been sealing evidence for %d seconds; try again", s->folder,
		       WAIT_TRIES * WAIT_MS / 1000);
}

static void path_of(const char *folder, int64_t segment, char path[PATH_MAX])
{
	char name[SEGMENT_NAME];

	snprintf(path, PATH_MAX, "%.*s/%s", PATH_MAX - SEGMENT_NAME - 1, folder, segment_name(segment, name));
}

static int start_file(struct segments *s, int64_t number, struct err *err)
{
	char path[PATH_MAX], header[SEGMENT_HEADER];

	close_file(s);
	path_of(s->folder, number, path);
	s->fd = s->disk->open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->fd < 0)
		return disk_error(err, "cannot make", s->folder, number);
	s->number = number;
	s->size = SEGMENT_HEADER;
	s->fresh = true;
	header_of(s->node, header);
	buf_clear(&s->pending);
	buf_add(&s->pending, (struct str){ header, SEGMENT_HEADER });
	return 0;
}

/* Compare the header; E_VERIFY names the file. */
static int check_header(int fd, const char *folder, const char *node, int64_t segment, struct err *err)
{
	char wanted[SEGMENT_HEADER], found[SEGMENT_HEADER], name[SEGMENT_NAME];
	ssize_t n = pread(fd, found, sizeof(found), 0);

	if (n < 0)
		return disk_error(err, "cannot read", folder, segment);
	header_of(node, wanted);
	if (n < (ssize_t)sizeof(found))
		return err_set(err, E_VERIFY, "%s/%s, offset %zd: cut within its header; bring it back from a copy", folder,
			       segment_name(segment, name), n);
	for (size_t i = 0; i < sizeof(found); i++)
		if (found[i] != wanted[i])
			return err_set(err, E_VERIFY,
				       "%s/%s, offset %zu: the header was altered, or is that of another node's file; bring it "
				       "back from a copy",
				       folder, segment_name(segment, name), i);
	return 0;
}

static int open_to_read(const char *folder, int64_t segment, int flags, int *fd, struct err *err)
{
	char path[PATH_MAX];

	path_of(folder, segment, path);
	*fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0 && errno == ENOENT)
		return err_set(err, E_VERIFY, "%s is missing, offset 0; bring it back from a copy", path);
	return *fd < 0 ? disk_error(err, "cannot open", folder, segment) : 0;
}

/* Is the open file still the one of that name? Somebody may have put a copy in its place. */
static bool is_open(const struct segments *s, int64_t segment)
{
	struct stat opened, named;
	char path[PATH_MAX];

	path_of(s->folder, segment, path);
	return s->fd >= 0 && s->number == segment && fstat(s->fd, &opened) == 0 && stat(path, &named) == 0 &&
	       opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

/* Stand at `end` of the file: E_VERIFY when it does not reach there. */
static int stand_at(struct segments *s, int64_t segment, int64_t end, struct err *err)
{
	char name[SEGMENT_NAME];
	struct stat status;

	if (!is_open(s, segment)) {
		close_file(s);
		if (open_to_read(s->folder, segment, O_RDWR, &s->fd, err) < 0 ||
		    check_header(s->fd, s->folder, s->node, segment, err) < 0)
			return err->code;
		s->number = segment;
	}
	if (fstat(s->fd, &status) < 0)
		return disk_error(err, "cannot look at", s->folder, segment);
	if (status.st_size < end)
		return err_set(err, E_VERIFY, "%s/%s, offset %lld: cut, %lld bytes are missing; bring it back from a copy",
			       s->folder, segment_name(segment, name), (long long)status.st_size,
			       (long long)(end - status.st_size));
	if (status.st_size > end && s->disk->truncate(s->fd, end) < 0)
		return disk_error(err, "cannot cut the tail of a crash off", s->folder, segment);
	s->size = end;
	s->fresh = false;
	return 0;
}

int segments_begin(struct segments *s, int64_t segment, int64_t end, struct err *err)
{
	int result;

	if (take_lock(s, err) < 0)
		return err->code;
	buf_clear(&s->pending);
	result = segment ? stand_at(s, segment, end, err) : start_file(s, 1, err);
	if (result == E_VERIFY)
		result = start_file(s, segment + 1, err) < 0 ? err->code : 1;
	if (result < 0)
		segments_end(s);
	return result;
}

static int write_pending(struct segments *s, struct err *err)
{
	struct str left = buf_str(&s->pending);

	while (left.n) {
		ssize_t n = s->disk->write(s->fd, left.p, left.n, (off_t)(s->size - (int64_t)left.n));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return disk_error(err, "cannot write to", s->folder, s->number);
		left = str_slice(left, (size_t)n, left.n);
	}
	buf_clear(&s->pending);
	return 0;
}

/* After a failed sync the system has forgotten which bytes are not on the disk: the file is opened anew. */
static int sync_file(struct segments *s, struct err *err)
{
	int64_t number = s->number;
	int result = s->disk->sync(s->fd);

	if (result == 0 && s->fresh)
		result = s->disk->sync_folder(s->folder_fd);
	if (result < 0) {
		result = disk_error(err, "cannot make durable", s->folder, number);
		close_file(s);
		return result;
	}
	s->fresh = false;
	return 0;
}

int segments_sync(struct segments *s, struct err *err)
{
	if (write_pending(s, err) < 0)
		return err->code;
	return sync_file(s, err);
}

int segments_append(struct segments *s, const unsigned char id[DIGEST_ID_BYTES], struct str sealed,
		    const unsigned char digest[DIGEST_BYTES], struct segment_place *out, struct err *err)
{
	unsigned char length[8];

	MUST(s->fd >= 0);
	if (sealed.n > LIMIT_ITEM)
		return err_set(err, E_LIMIT, "evidence of more than %zu bytes is not kept", LIMIT_ITEM);
	if (s->size >= s->max && s->size > SEGMENT_HEADER)
		if (segments_sync(s, err) < 0 || start_file(s, s->number + 1, err) < 0)
			return err->code;
	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)((uint64_t)sealed.n >> (8 * i));
	buf_add(&s->pending, str_of(magic));
	buf_add(&s->pending, (struct str){ (const char *)length, sizeof(length) });
	buf_add(&s->pending, (struct str){ (const char *)id, DIGEST_ID_BYTES });
	buf_add(&s->pending, sealed);
	buf_add(&s->pending, (struct str){ (const char *)digest, DIGEST_BYTES });
	MUST(!s->pending.full);
	*out = (struct segment_place){ s->number, s->size, SEGMENT_HEAD + (int64_t)sealed.n + SEGMENT_TAIL };
	s->size += out->length;
	return s->pending.n < piece_bytes ? 0 : write_pending(s, err);
}

void segments_end(struct segments *s)
{
	buf_clear(&s->pending);
	flock(s->folder_fd, LOCK_UN);
}

void segment_reader_release(struct segment_reader *r)
{
	if (r->segment)
		close(r->fd);
	r->segment = 0;
}

static int reader_open(struct segment_reader *r, int64_t segment, char folder[PATH_MAX], struct err *err)
{
	int fd;

	MUST(snprintf(folder, PATH_MAX - SEGMENT_NAME, "%s/segments", r->folder) < PATH_MAX - SEGMENT_NAME);
	if (r->segment == segment)
		return 0;
	segment_reader_release(r);
	if (open_to_read(folder, segment, O_RDONLY, &fd, err) < 0)
		return err->code;
	if (check_header(fd, folder, r->node, segment, err) < 0) {
		close(fd);
		return err->code;
	}
	r->fd = fd;
	r->segment = segment;
	return 0;
}

int segment_size(struct segment_reader *r, int64_t segment, int64_t *size, struct err *err)
{
	char folder[PATH_MAX];
	struct stat status;

	if (reader_open(r, segment, folder, err) < 0)
		return err->code;
	if (fstat(r->fd, &status) < 0)
		return disk_error(err, "cannot look at", folder, segment);
	*size = status.st_size;
	return 0;
}

/* All `n` bytes at `at`; how many there are when the file ends before. */
static ssize_t read_all(int fd, char *p, size_t n, int64_t at)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, p + done, n - done, (off_t)(at + (int64_t)done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* What differs between the item's bytes and what the database says; NULL when nothing does. */
static const char *difference(struct str item, const unsigned char *id, const unsigned char *digest)
{
	struct str sealed = str_slice(item, SEGMENT_HEAD, item.n - SEGMENT_TAIL);
	unsigned char found[DIGEST_BYTES], length[8];

	for (int i = 0; i < 8; i++)
		length[i] = (unsigned char)((uint64_t)sealed.n >> (8 * i));
	if (memcmp(item.p, magic, sizeof(magic) - 1) != 0)
		return "no item begins here";
	if (memcmp(item.p + 8, length, sizeof(length)) != 0)
		return "the item's length was altered";
	if (memcmp(item.p + 16, id, DIGEST_ID_BYTES) != 0)
		return "the item's id is another";
	digest_sha256(sealed, found);
	if (memcmp(found, digest, sizeof(found)) != 0)
		return "the sealed bytes were altered";
	if (memcmp(item.p + item.n - SEGMENT_TAIL, digest, DIGEST_BYTES) != 0)
		return "the item's digest was altered";
	return NULL;
}

int segment_read(struct segment_reader *r, const struct segment_place *p, const unsigned char id[DIGEST_ID_BYTES],
		 const unsigned char digest[DIGEST_BYTES], struct buf *out, struct err *err)
{
	AUTO(buf) item = BUF_INIT(LIMIT_ITEM + SEGMENT_HEAD + SEGMENT_TAIL);
	char folder[PATH_MAX], name[SEGMENT_NAME];
	const char *wrong;
	ssize_t n;

	if (reader_open(r, p->segment, folder, err) < 0)
		return err->code;
	segment_name(p->segment, name);
	if (p->start < SEGMENT_HEADER || p->length < SEGMENT_HEAD + SEGMENT_TAIL || p->start > INT64_MAX - p->length ||
	    !buf_room(&item, (size_t)p->length))
		return err_set(err, E_VERIFY, "%s/%s, offset %lld: no item of %lld bytes can stand there", folder, name,
			       (long long)p->start, (long long)p->length);
	n = read_all(r->fd, item.p, (size_t)p->length, p->start);
	if (n < 0)
		return disk_error(err, "cannot read", folder, p->segment);
	if (n < p->length)
		return err_set(err, E_VERIFY, "%s/%s, offset %lld: cut, %lld bytes are missing; bring it back from a copy",
			       folder, name, (long long)(p->start + n), (long long)(p->length - n));
	item.n = (size_t)p->length;
	wrong = difference(buf_str(&item), id, digest);
	if (wrong)
		return err_set(err, E_VERIFY, "%s/%s, offset %lld: %s; bring the file back from a copy", folder, name,
			       (long long)p->start, wrong);
	if (buf_add(out, str_slice(buf_str(&item), SEGMENT_HEAD, item.n - SEGMENT_TAIL)) < 0)
		return err_set(err, E_LIMIT, "the item is larger than %zu bytes", out->max);
	return 0;
}
