/* tls.c - what a TLS session shows of the server */
#include "base/tls.h"

#include <openssl/err.h>
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

size_t tls_count_certificates(struct str pem)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *certificate;
	size_t n = 0;

	MUST(in);
	for (; (certificate = PEM_read_bio_X509(in, NULL, NULL, NULL)); n++)
		X509_free(certificate);
	BIO_free(in);
	ERR_clear_error();
	return n;
}

const char *tls_problem(long result)
{
	static const char unknown[] =
		"nobody who is known here vouches for the server's certificate; if it is to be trusted, name "
		"who does by ca:";
	static const char of_another[] = "the server's certificate is for another host than the one that was asked";
	static const struct {
		long result;
		const char *problem;
	} rows[] = {
		{ X509_V_ERR_CERT_HAS_EXPIRED, "the server's certificate has expired; its owner has to renew it" },
		{ X509_V_ERR_CERT_NOT_YET_VALID, "the server's certificate is not valid yet; is this machine's clock right?" },
		{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
		  "the server's certificate is signed by nobody but itself; if it is the right one, name it by ca:" },
		{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, unknown },
		{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, unknown },
		{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, unknown },
		{ X509_V_OK, of_another }, /* the name is compared by curl, which then has no result, or that of the chain */
		{ X509_V_ERR_UNSPECIFIED, of_another },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].result == result)
			return rows[i].problem;
	return X509_verify_cert_error_string(result);
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
