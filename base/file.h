/* file.h - whole files: read with a ceiling, replace in one step */
/* Runs in: supervisor, writer, verbs. */
#ifndef WATCHDESK_BASE_FILE_H
#define WATCHDESK_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* Append the content of `path` to `out`, whose ceiling is the file's. E_IO when it cannot be read, E_LIMIT when too large. */
int file_read(const char *path, struct buf *out, struct err *err);
/*
 * Write `content` so that a reader sees the old file or the new one and never a part: a temporary file beside it, fsync,
 * rename, fsync of the folder. `mode` as for open(2). E_FULL or E_IO; the old file then still stands.
 */
int file_replace(const char *path, struct str content, unsigned mode, struct err *err);
/*
 * Hold the lock that the file `path` stands for, made when it is not there, until the descriptor that is returned is closed;
 * wait for it as long as `wait_ms`. E_BUSY when somebody else keeps it, E_FULL or E_IO.
 */
int file_lock(const char *path, int wait_ms, struct err *err);
/* Make the folder and those above it; no error when it is there. */
int file_make_folder(const char *path, unsigned mode, struct err *err);
/* Swap the folders `fresh` and `path` in one step and remove what was in `path`; `path` need not exist. */
int file_swap_folder(const char *fresh, const char *path, struct err *err);
/* A folder of our own with a name that begins so, below TMPDIR or /tmp, for nobody else to read; its path into `path`. */
int file_temporary(const char *name, char *path, size_t size, struct err *err);
/* Remove a folder and what is in it, following no link. */
int file_remove_folder(const char *path, struct err *err);
/*
 * Call `each` for the file, or for every regular file below the folder, in the order of names and following no link; "-" is
 * handed on as it is. An answer below 0 ends it and is returned.
 */
int file_walk(char *path, int (*each)(void *whose, const char *path, struct err *err), void *whose, struct err *err);
/* The names of the files in a folder, sorted, one NUL-terminated name after the other. */
int file_names(const char *path, struct buf *names, struct err *err);

#endif
