/* rarity.h - how little a string looks like words: a small model of what people and programs write */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_RARITY_H
#define WATCHDESK_CLASSIFY_RARITY_H

#include "base/str.h"

/* 0 (words, names, paths) to 1 (random characters); 0.5 where as many of the one as of the other stand. */
double rarity_of(struct str s);

#endif
