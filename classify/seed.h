/* seed.h - seed phrases of wallets: 12 to 24 words of the list of BIP 39, with their checksum */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_SEED_H
#define WATCHDESK_CLASSIFY_SEED_H

#include "classify/found.h"

enum { SEED_MOST = 24 };

/* Words of the list that follow each other, perhaps over several lines. */
struct seed {
	struct found *found;
	struct str list; /* the words, sorted, nine bytes each */
	uint16_t words[SEED_MOST];
	size_t n;
	size_t start, end;
	bool too_many;
};

/* Begin with a text. */
void seed_init(struct seed *s, struct found *found);
/* The next line of the text, without white space at its ends; empty ones too. */
void seed_line(struct seed *s, struct str line);
/* The text has ended. */
void seed_finish(struct seed *s);
/* Where a word stands in the list: 0 to 2047, -1 for nowhere. */
int seed_word(struct str list, struct str word);
/* The list; empty when it is not embedded. */
struct str seed_list(void);

#endif
