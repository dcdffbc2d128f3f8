/* frames_inner.h - how frames and their parts are kept, and an assessment under way */
/* Runs in: zygote (building), worker and verbs (use). For classify/frames*.c only. */
#ifndef WATCHDESK_CLASSIFY_FRAMES_INNER_H
#define WATCHDESK_CLASSIFY_FRAMES_INNER_H

#include "classify/frames.h"

enum {
	MOST_SLOTS = 6,
	MOST_PARTS = 250, /* kinds of parts; a place keeps its kind in a byte */
};

struct part_kind {
	struct str id, label;
	bool masks; /* what it covers is no part of a threat: an idiom */
	bool topic; /* what a text is about: it says little of the next sentence */
};

/* How much a part adds or takes. */
struct weight {
	uint8_t part;
	double value;
};

/* A slot is filled by any of these parts. */
struct slot {
	uint64_t parts[4];
};

struct frame {
	struct str id, label;
	enum category category;
	struct slot slots[MOST_SLOTS];
	size_t n_slots;
	struct weight *boosts, *against;
	size_t n_boosts, n_against;
	size_t window, around; /* words */
	bool overlaps;	       /* one phrase may fill two slots: "or we publish" is a condition and what happens otherwise */
	double score;
};

struct frames {
	struct arena *arena;
	struct lexicon *lexicon;
	struct part_kind *parts;
	size_t n_parts;
	uint8_t *phrase_parts; /* phrase to part */
	size_t n_phrase_parts;
	struct frame *frames;
	size_t n_frames;
	struct str *packs;
	size_t n_packs;
	struct classifier_packs files;
	unsigned char digest[DIGEST_BYTES];
	uint8_t quoted, asked, asset; /* parts that are not found by phrases */
	uint8_t opens[256];	      /* of each sense: enum gate */
};

struct frames_scratch {
	const struct frames *frames;
	struct lexicon_seen seen;
	struct lexicon_recent *recent;
	uint64_t part_set[4]; /* parts that some possible phrase would give */
};

/* A part found: tokens [start, end). */
struct place {
	uint32_t start, end;
	uint8_t part;
	bool masked;
};

/* An assessment under way. */
struct assessing {
	const struct frames *f;
	struct frames_scratch *s;
	const struct folded *folded;
	struct found *found;
	struct tokens tokens;
	struct place *places;
	size_t n;
	uint64_t present[4]; /* parts that stand somewhere, unmasked */
	uint64_t sought[4];  /* parts whose phrases were looked for */
};

/* A frame found in a text. */
struct match_of_frame {
	const struct frame *frame;
	size_t slots[MOST_SLOTS]; /* places */
	size_t first, last;	  /* tokens */
	double score, bare;	  /* bare: but for what speaks against it */
};

/* The number of a part; -1 for none of that name. */
int frames_part(const struct frames *f, struct str id);
static inline void set_part(uint64_t *set, uint8_t part)
{
	set[part / 64] |= 1ULL << part % 64;
}

/*
 * How much of a part stands within `reach` words of the match (apart: outside its slots): the first of a kind counts whole,
 * the second half. *which is set to the first.
 */
double frames_nearby(const struct assessing *x, const struct match_of_frame *m, uint8_t part, size_t reach, bool apart,
		     size_t *which);
/* The words of a match, and its scores. */
void frames_weigh(const struct assessing *x, struct match_of_frame *m);
/* A match in words: its slots, what speaks for it, what against it. */
struct str frames_explain(const struct assessing *x, const struct match_of_frame *m);
/* A place becomes a part of the assessment. */
void frames_keep_part(const struct assessing *x, const struct place *p);

#endif
