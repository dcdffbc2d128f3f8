/* keccak.h - the sponge of FIPS 202 over short messages, as onions (SHA3-256) and wallets (Keccak-256) use it */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_KECCAK_H
#define WATCHDESK_CLASSIFY_KECCAK_H

#include "base/str.h"

enum { KECCAK_BYTES = 32, KECCAK_MOST = 135 };

/* Of a message of at most KECCAK_MOST bytes; a longer one is cut. `pad` is 6 for SHA3-256, 1 for what came before it. */
void keccak256(struct str message, unsigned char pad, unsigned char out[KECCAK_BYTES]);

#endif
