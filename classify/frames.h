/* frames.h - threats by their parts: which parts near each other make one, and what speaks against it */
/* Runs in: zygote (building), worker and verbs (use). The data is classify/frames/. */
#ifndef WATCHDESK_CLASSIFY_FRAMES_H
#define WATCHDESK_CLASSIFY_FRAMES_H

#include "classify/facts.h"
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

/* Read the words of a folded text, which frames and the model share. */
void frames_read(const struct frames *f, struct frames_scratch *s, struct arena *a, const struct folded *folded,
		 struct tokens *out);
/*
 * What its words open. One of `anchors`: the phrases are looked for, whatever the model says. Without one of `leak_words` and
 * `dox_words`, or a rule that says so, the model alone does not decide that a text is a leak or a dox: a form and a price list
 * have the same fields.
 */
enum gate { GATE_READ = 1, GATE_LEAK = 2, GATE_DOX = 4 };
unsigned frames_gate(const struct frames *f, const struct tokens *tokens);
/*
 * Which frames a text fills, and what they say by themselves: parts go to `found`, how well each frame is filled and what
 * speaks against it to `facts`. `others` are parts that rules found; mentions in `found` count as the part "asset".
 */
struct frames_said {
	double score[CATEGORIES];	 /* of the best frame; 0 to 1, 0.5 decides */
	double bare[CATEGORIES];	 /* the same, but for what speaks against it */
	struct str sentence[CATEGORIES]; /* its parts in words; empty for none */
};
void frames_assess(const struct frames *f, struct frames_scratch *s, const struct folded *folded, const struct tokens *tokens,
		   const struct rule_parts *others, struct found *found, struct facts *facts, struct frames_said *said);

#endif
