/* model.h - the model of threat language that is in force: the shipped one, or the file that the desk names */
/* Runs in: supervisor (before anything is confined) and verbs. */
#ifndef WATCHDESK_DESK_MODEL_H
#define WATCHDESK_DESK_MODEL_H

#include "base/buf.h"
#include "classify/classify.h"
#include "classify/language.h"

/* A file of a model, whole. */
struct model_file {
	const char *path;    /* borrowed; NULL: the shipped one */
	struct buf held;     /* what was read */
	char name[ERR_TEXT]; /* for errors; of one that cannot be read: why */
};

/*
 * Read the file, or take the shipped model when `path` is NULL. E_IO or E_LIMIT; `out` is then empty and has the reason as its
 * name, so that whoever opens the model refuses it with that.
 */
int model_file_read(const char *path, struct model_file *out, struct err *err);
void model_file_release(struct model_file *m);
/* Its bytes, aligned for a struct language_file; they live as long as `m`. */
struct str model_file_bytes(const struct model_file *m);
/* A classifier is to work with it. */
void model_file_choose(const struct model_file *m, struct classifier_options *options);
/* "the shipped model, digest 0123456789abcdef" into `out`; below 0 with the reason when it is refused. */
int model_file_describe(const struct model_file *m, char *out, size_t room, struct err *err);
/* Log that a classifier works without its model, and why; nothing when it has one. */
void model_fault_log(const struct classifier *c);

#endif
