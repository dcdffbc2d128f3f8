/* local.h - files as addresses, and how far each was read */
/* Runs in: supervisor (start addresses), net, files, worker, writer. Pure. Standard: RFC 8089 for file: addresses. */
#ifndef WATCHDESK_CRAWLER_LOCAL_H
#define WATCHDESK_CRAWLER_LOCAL_H

#include "base/arena.h"
#include "base/err.h"
#include "crawler/source.h"

/* Is it a file's? */
bool local_is(struct str url);
/* The address of an absolute path, whose name may hold any bytes. */
struct str local_url(struct arena *a, struct str path);
/*
 * The path of an address, without its fragment. E_BAD for what is no file's, and for a path that is not absolute, holds a NUL,
 * or an empty, "." or ".." segment; one that ends in / is a folder's. Lives in `a`.
 */
int local_path(struct arena *a, struct str url, struct str *path, struct err *err);

/* Where in a file a piece begins. */
enum local_mode {
	LOCAL_OFFSET,  /* at this byte, at a record's begin */
	LOCAL_INSIDE,  /* at this byte, inside a record that is larger than a piece */
	LOCAL_DECODED, /* at this byte of the whole, once it is decompressed */
};

/* What is known of a file: how it was when it was read last, as what, and from where to go on. */
struct local_position {
	uint64_t inode, size;
	int64_t changed_ns;	   /* its mtime */
	uint64_t head, head_bytes; /* a digest of so many bytes at its begin: another file may have come in its place */
	enum local_format format;
	enum local_mode mode;
	uint64_t offset;
};

/* As an entity tag that the frontier keeps; with its quotation marks. Lives in `a`. */
struct str local_position_write(struct arena *a, const struct local_position *p);
/* The digest of what a file begins with. */
uint64_t local_head(struct str bytes);
/* Read it back: 1 read, 0 it is none. */
int local_position_read(struct str tag, struct local_position *out);
/*
 * The place behind a piece of so many bytes that could not be read, given the one at its begin: what follows is somewhere
 * inside a record. Empty when `tag` is none. Lives in `a`.
 */
struct str local_position_behind(struct arena *a, struct str tag, size_t bytes);
/* The address of a piece: "file:///x#offset=7", where nothing stands behind the name of what begins at byte 0. */
struct str local_piece_url(struct arena *a, struct str url, enum local_mode mode, uint64_t offset);

#endif
