/* tls.h - what a TLS session shows of the server: version, cipher, certificates (libssl) */
/* Runs in: net. */
#ifndef WATCHDESK_BASE_TLS_H
#define WATCHDESK_BASE_TLS_H

#include "base/buf.h"
#include "base/digest.h"

enum { TLS_NAME = 96 };

/*
 * Describe an established session (an SSL *): "TLSv1.3 TLS_AES_256_GCM_SHA384" into `name`, the certificates that the server
 * showed into `chain` as PEM, the leaf first, as many as its ceiling takes, and the SHA-256 of the leaf's DER into `leaf`.
 * False, and nothing is filled, when the server showed none.
 */
bool tls_describe(void *session, char name[TLS_NAME], struct buf *chain, unsigned char leaf[DIGEST_BYTES]);

#endif
