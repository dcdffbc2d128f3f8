/* validate.h - checksums and shapes that tell a real secret from a string of its form */
/* Runs in: worker and verbs. Pure. */
#ifndef WATCHDESK_CLASSIFY_VALIDATE_H
#define WATCHDESK_CLASSIFY_VALIDATE_H

#include "base/arena.h"

enum validity {
	VALID_NO,    /* not what the rule looks for: no hit */
	VALID_DOUBT, /* of the form, but what real ones fulfil is not: one confidence less */
	VALID_YES,   /* as far as can be told */
	VALID_SURE,  /* a checksum holds that chance would not give: one confidence more */
};

/* A check that rules name. `why` is what it says of a secret that passes, `why_not` of one in doubt. */
struct validator {
	const char *name;
	enum validity (*check)(struct str secret);
	const char *why, *why_not;
};

/* The validator of this name; NULL when there is none. */
const struct validator *validator_find(struct str name);
/* All names, for an error sentence: "luhn, iban, ...". */
struct str validator_names(struct arena *a);
/* Shannon entropy in bits a byte. */
double validate_entropy(struct str s);
/* Is it an example, a template or a word that stands for a secret ("changeme", "your_api_key", "xxxx", "${VAR}")? */
bool validate_placeholder(struct str secret);
/* Its two halves: a word that says so; letters of the alphabet or digits counted up, which a made-up token has. */
bool validate_example(struct str secret);
bool validate_sequence(struct str secret);
/* Does it only say where a secret goes ("xxxxxxxx", "${VAR}", "<token>")? There is no secret then, not even a doubtful one. */
bool validate_template(struct str secret);
/* Decode base64, standard or url-safe, padded or not: how many bytes were written to `out`, -1 when it is not base64. */
ssize_t validate_base64(struct str s, unsigned char *out, size_t room);

#endif
