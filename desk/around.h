/* around.h - an asset that a text does not name, but what stands around it: its title, its thread, its source */
/* Runs in: worker, verbs. */
#ifndef WATCHDESK_DESK_AROUND_H
#define WATCHDESK_DESK_AROUND_H

#include "classify/classify.h"

/* What stands around a text; each may be empty. No secrets are in it: it is told in a reason. */
struct around {
	struct str title;
	bool is_of_thread;	   /* the title is the one of all posts of its thread */
	struct str thread, source; /* the words of the link that led here; the source's name */
};

/* What it takes to read it. */
struct around_reader {
	const struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *a;
};

/*
 * When a category of `found` is decided and nothing in the text is ours: the first asset that the title, the thread or the
 * source names becomes found->inferred, and a reason says where it stood. Lives in the arena or the classifier.
 */
void around_infer(const struct around_reader *r, const struct around *around, struct assessment *found);
/* Do the reasons that were kept say that the asset was inferred? */
bool around_was_inferred(const struct str *reasons, size_t n);

#endif
