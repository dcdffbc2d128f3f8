/* smime.h - a mail that only its addressee can read: the whole entity, sealed to a certificate */
/* Runs in: supervisor and verbs (checking certificates), writer. Standards: RFC 8551 (S/MIME 4.0, enveloped-data), RFC 5652
 * (CMS), RFC 2045 and 2046 (MIME). Library: libcrypto. Sealed with AES-256-CBC, which every mail program opens; nothing is
 * signed. */
#ifndef WATCHDESK_BASE_SMIME_H
#define WATCHDESK_BASE_SMIME_H

#include "base/buf.h"
#include "base/err.h"

/* A file of the entity. */
struct smime_file {
	struct str name, type, content;
};

/* What is sealed. The subject stands inside, since outside everybody on the way could read it. */
struct smime_entity {
	struct str subject;    /* any bytes */
	struct str text, html; /* UTF-8 with "\n"; html empty for none */
	const struct smime_file *files;
	size_t n_files;
};

/*
 * Can mail be sealed to this certificate (PEM) at that time (us UTC)? 0, or E_USAGE: it is none, is not valid then, or is not
 * for encryption.
 */
int smime_check(struct str certificate, int64_t now, struct err *err);
/* Seal it: DER of a CMS EnvelopedData, appended. E_USAGE as above, but for the time; E_LIMIT when `out` is too small. */
int smime_seal(struct str certificate, const struct smime_entity *e, struct buf *out, struct err *err);

#endif
