/* segment.h - sealed items in files that only grow: segments/000001.seg, 000002.seg ... of a node */
/* Runs in: writer, verbs. One process appends at a time, under a lock; what the database does not know is a crash's tail. */
#ifndef WATCHDESK_STORE_SEGMENT_H
#define WATCHDESK_STORE_SEGMENT_H

#include "base/auto.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

/*
 * A file begins with SEGMENT_HEADER bytes: "watchdesk segment 1\n", "node <public id>\n", spaces, "\n". Items follow without
 * gaps: "WDitem1\n", the number of sealed bytes (8 bytes, least first), the item's id, the sealed bytes, their SHA-256.
 */
enum { SEGMENT_HEADER = 64, SEGMENT_HEAD = 32, SEGMENT_TAIL = DIGEST_BYTES, SEGMENT_NAME = 32 };

/* Where an item stands; `length` counts its head and tail. */
struct segment_place {
	int64_t segment, start, length;
};

/* The calls that reach the disk, as open(2), pwrite(2), fdatasync(2), fsync(2), ftruncate(2) have them. */
struct segment_disk {
	int (*open)(const char *path, int flags, unsigned mode);
	ssize_t (*write)(int fd, const void *bytes, size_t n, off_t at);
	int (*sync)(int fd);
	int (*sync_folder)(int fd);
	int (*truncate)(int fd, off_t size);
};
extern const struct segment_disk segment_disk_system;

/* "000001.seg". */
char *segment_name(int64_t segment, char out[SEGMENT_NAME]);

/* The files of a node, for appending. */
struct segments;

/* `folder` is the store's; `node` a public id; `max_bytes` 0 for LIMIT_SEGMENT; `disk` NULL for the system's. E_IO, E_FULL. */
struct segments *segments_open(const char *folder, const char *node, int64_t max_bytes, const struct segment_disk *disk,
			       struct err *err);
void segments_free(struct segments *s);
AUTO_FREES(segments)
/*
 * Take the lock and stand at the end that the database knows (segment 0: it knows none); what is behind it in the file is cut
 * off. 0; or 1 when that file is missing, cut or another's: `err` names it, and appending goes on in a new file. E_BUSY when
 * another process keeps the lock for ten seconds.
 */
int segments_begin(struct segments *s, int64_t segment, int64_t end, struct err *err);
/* Append an item and say where it will stand; `digest` is the SHA-256 of `sealed`. E_IO, E_FULL. */
int segments_append(struct segments *s, const unsigned char id[DIGEST_ID_BYTES], struct str sealed,
		    const unsigned char digest[DIGEST_BYTES], struct segment_place *out, struct err *err);
/* Make all that was appended durable; then the database may commit. */
int segments_sync(struct segments *s, struct err *err);
/* Let the lock go, after the commit or the rollback; what was not synced is forgotten. */
void segments_end(struct segments *s);

/* Reads items of one node; zero it, fill the first two. */
struct segment_reader {
	const char *folder, *node;
	int64_t segment; /* that is open, in fd */
	int fd;
};

/* Close what is open. */
void segment_reader_release(struct segment_reader *r);
/* Is the file of `segment` there, with the header of this node? Its size, or E_VERIFY naming the file, E_IO. */
int segment_size(struct segment_reader *r, int64_t segment, int64_t *size, struct err *err);
/*
 * Append the sealed bytes of the item at `p` to `out`, all of the item compared with what the database says of it. E_VERIFY
 * naming file and offset; E_IO when the disk does not give it.
 */
int segment_read(struct segment_reader *r, const struct segment_place *p, const unsigned char id[DIGEST_ID_BYTES],
		 const unsigned char digest[DIGEST_BYTES], struct buf *out, struct err *err);

#endif
