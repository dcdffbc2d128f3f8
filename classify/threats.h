/* threats.h - what a text threatens, from its words: frames of parts, and what a model has learned */
/* Runs in: supervisor (building), worker and verbs (use). Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_THREATS_H
#define WATCHDESK_CLASSIFY_THREATS_H

#include "classify/frames.h"
#include "classify/language.h"

struct threats;
struct threats_scratch;

/*
 * Frames as shipped, and a copy of the model in `model`, named `name` in errors; without a name the shipped one. A model that
 * cannot be used leaves the frames alone: threats_fault() then says why. `ungated`: phrases are looked for in every text. NULL
 * only when the frames are wrong.
 */
struct threats *threats_new(struct str model, const char *name, bool ungated, struct err *err);
void threats_free(struct threats *t);
AUTO_FREES(threats)
const struct frames *threats_frames(const struct threats *t);
const struct language *threats_model(const struct threats *t);
/* Why there is no model; empty when there is one. */
const char *threats_fault(const struct threats *t);
struct threats_scratch *threats_scratch_new(const struct threats *t);
void threats_scratch_free(struct threats_scratch *s);
AUTO_FREES(threats_scratch)

/* Scores, parts, reasons and the mark of a report go to `found`; `others` are parts that rules found. */
void threats_read(const struct threats *t, struct threats_scratch *s, const struct folded *folded,
		  const struct rule_parts *others, struct found *found);
/* What the model is given for this text; it lives in the arena of `found`. */
void threats_features(const struct threats *t, struct threats_scratch *s, const struct folded *folded,
		      const struct rule_parts *others, struct found *found, struct language_text *out);

#endif
