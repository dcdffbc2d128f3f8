/* tls.c - what a TLS session shows of the server */
#include "base/tls.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>

#include "base/must.h"

static bool digest_leaf(X509 *certificate, unsigned char leaf[DIGEST_BYTES])
{
	unsigned char *der = NULL;
	int n = i2d_X509(certificate, &der);

	if (n <= 0)
		return false;
	digest_sha256((struct str){ (const char *)der, (size_t)n }, leaf);
	OPENSSL_free(der);
	return true;
}

/* Certificates until one does not fit. */
static void add_pem(STACK_OF(X509) * certificates, struct buf *chain)
{
	BIO *pem = BIO_new(BIO_s_mem());
	char *bytes;

	MUST(pem);
	for (int i = 0; i < sk_X509_num(certificates); i++) {
		long n;

		PEM_write_bio_X509(pem, sk_X509_value(certificates, i));
		n = BIO_get_mem_data(pem, &bytes);
		if (n <= 0 || buf_add(chain, (struct str){ bytes, (size_t)n }) < 0)
			break;
		BIO_reset(pem);
	}
	BIO_free(pem);
}

bool tls_describe(void *session, char name[TLS_NAME], struct buf *chain, unsigned char leaf[DIGEST_BYTES])
{
	SSL *ssl = session;
	STACK_OF(X509) *certificates = SSL_get_peer_cert_chain(ssl); /* of a server it holds the leaf, and is the session's */

	if (!certificates || sk_X509_num(certificates) == 0 || !digest_leaf(sk_X509_value(certificates, 0), leaf))
		return false;
	snprintf(name, TLS_NAME, "%s %s", SSL_get_version(ssl), SSL_get_cipher_name(ssl));
	buf_clear(chain);
	add_pem(certificates, chain);
	return true;
}
