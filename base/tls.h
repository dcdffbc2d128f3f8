/* tls.h - what a TLS session shows of the server: version, cipher, certificates; and what is wrong with these (libssl) */
/* Runs in: net; supervisor and verbs (certificates of a configuration). Standard: RFC 5280. */
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
/* The certificates in a PEM file; other things in it are passed over. */
size_t tls_count_certificates(struct str pem);
/* What is wrong with a certificate that was refused, by the result of its verification (X509_V_...): what it is, what to do. */
const char *tls_problem(long result);

#endif
