/* token.h - a word that whoever holds it may act by: it goes out in a mail and comes back in the answer */
/* Runs in: worker (finding one), writer, verbs. Pure but for the key. */
#ifndef WATCHDESK_DESK_ALERT_TOKEN_H
#define WATCHDESK_DESK_ALERT_TOKEN_H

#include "base/digest.h"

struct store;

/* What it allows. The letters are part of tokens that are out: they stay. */
enum token_act { TOKEN_CONFIRM = 'c', TOKEN_LEAVE = 'l', TOKEN_ACKNOWLEDGE = 'a' };

struct token {
	enum token_act act;
	unsigned char row[DIGEST_ID_BYTES]; /* the public id of the row that it is about */
	int64_t until;			    /* us UTC; kept to the hour */
};

enum { TOKEN_TEXT = 3 + 56 + 1 }; /* "wd-" and 56 of a-z 2-7, with its NUL: whatever the case, it means the same */

/* The key for all tokens of a store, made from that of its digests. */
void token_key(const struct store *s, unsigned char key[DIGEST_KEY_BYTES]);
/* Write it: bound to all that is in `t` by a keyed BLAKE2b of 120 bits. Returns `out`. */
char *token_make(const struct token *t, const unsigned char key[DIGEST_KEY_BYTES], char out[TOKEN_TEXT]);
/*
 * Read one: 1 when we made it and its time has not passed; 0 for all others, and for `now` 0 the time is not looked at. Whether
 * it was used before is the store's business (store/subscription.h, token_spend()).
 */
int token_take(struct str text, const unsigned char key[DIGEST_KEY_BYTES], int64_t now, struct token *out);
/* The next that looks like one in a text, off the front of `rest`: the subject or the text of an answer, quoted or not. */
bool token_find(struct str *rest, struct str *token);
/* The public id as hexadecimal digits, for reading and writing the row. */
bool token_of_row(struct str public_id, struct token *out);
void token_row(const struct token *t, char out[2 * DIGEST_ID_BYTES + 1]);

#endif
