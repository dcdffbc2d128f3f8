/* frames.h - threats by their parts: which parts near each other make one, and what speaks against it */
/* Runs in: zygote (building), worker and verbs (use). The data is classify/frames/. */
#ifndef WATCHDESK_CLASSIFY_FRAMES_H
#define WATCHDESK_CLASSIFY_FRAMES_H

#include "classify/fold.h"
#include "classify/found.h"
#include "classify/lexicon.h"
#include "classify/rules.h"

struct frames;
/* What one process needs to use them. */
struct frames_scratch;

/* The shipped frames. The caller frees them. */
struct frames *frames_new(struct err *err);
/* Frames from memory instead: for tests. `file` names it in errors. */
struct frames *frames_from_text(struct str yaml, const char *file, struct err *err);
void frames_free(struct frames *f);
AUTO_FREES(frames)
/* The files that it was read from. */
const struct classifier_packs *frames_packs(const struct frames *f);
const unsigned char *frames_digest(const struct frames *f);
const struct lexicon *frames_lexicon(const struct frames *f);
struct frames_scratch *frames_scratch_new(const struct frames *f);
void frames_scratch_free(struct frames_scratch *s);
AUTO_FREES(frames_scratch)

/* One text: begin, tell which literals of the lexicon end where in the folded text, then assess. */
void frames_begin(const struct frames *f, struct frames_scratch *s);
void frames_see(const struct frames *f, struct frames_scratch *s, size_t literal, struct str folded, size_t end);
/* Scores, parts and reasons go to `found`. `others` are parts that rules found; mentions in `found` count as the part "asset".
 */
void frames_assess(const struct frames *f, struct frames_scratch *s, const struct folded *folded,
		   const struct rule_parts *others, struct found *found);

#endif
