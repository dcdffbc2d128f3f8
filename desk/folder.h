/* folder.h - what lies below a folder: which files are new or have changed since they were told of, and their bytes */
/* Runs in: files. Symbolic links are not followed, nothing but regular files is opened; names may hold any bytes. */
#ifndef WATCHDESK_DESK_FOLDER_H
#define WATCHDESK_DESK_FOLDER_H

#include "crawler/source.h"
#include "desk/protocol.h"

/* A source's folder, or the one file that is its. */
struct folder;

/* The path that a source's files are below: its folder, or the folder that its one file is in. Lives in `a`. */
const char *folder_path(const struct source *s, struct arena *a);
/* Nothing is looked at before the first wish. The source is borrowed. */
struct folder *folder_new(const struct source *s);
void folder_free(struct folder *f);
/* For poll(): readable when something has changed below it. -1 when the system does not say so; then wishes come by the clock.
 */
int folder_descriptor(const struct folder *f);
/* Take up what the descriptor tells: true when there is something to look at. */
bool folder_hear(struct folder *f);
/*
 * The files that are new or have changed, as text/uri-list, at most LIMIT_FOLDER_NEWS at once: the last line says "# more" when
 * there are others. The answer's strings live in `a` and `body`.
 */
void folder_list(struct folder *f, struct str etag, struct arena *a, struct buf *body, struct reading_answer *out);
/* A piece of a file, at most LIMIT_BODY, from where its tag says. Only files below the folder are read. */
void folder_read(struct folder *f, struct str url, struct str etag, struct arena *a, struct buf *body,
		 struct reading_answer *out);

#endif
