/* rarity.h - how little a string looks like words: characters a token of a small byte-pair vocabulary */
/* Runs in: supervisor (building); read-only in every role afterwards: worker and verbs (use). */
#ifndef WATCHDESK_CLASSIFY_RARITY_H
#define WATCHDESK_CLASSIFY_RARITY_H

#include "base/auto.h"
#include "base/str.h"

/* The model that ships (classify/model/rarity.txt, made by classify/model/train.py). */
struct rarity;

/* The caller frees it. */
struct rarity *rarity_new(void);
void rarity_free(struct rarity *r);
AUTO_FREES(rarity)
/* 0 (words, names, paths) to 1 (random characters); 0.5 where both are as likely. */
double rarity_of(const struct rarity *r, struct str s);

#endif
