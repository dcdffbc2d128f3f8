/* sign.c - Ed25519 signatures (libcrypto) */
#include "base/sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/must.h"

enum { KEY_FILE = 65536 }; /* an Ed25519 key takes 119 bytes; comments may stand around it */

struct sign_key {
	EVP_PKEY *key;
};

static struct sign_key *key_of(EVP_PKEY *key)
{
	struct sign_key *k = must_alloc(1, sizeof(*k));

	k->key = key;
	return k;
}

void sign_key_free(struct sign_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->key);
	free(k);
}

/* Nobody is asked for a passphrase: the monitor has no terminal. */
static int no_passphrase(char *out, int size, int writing, void *owner)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)owner;
	return -1;
}

static EVP_PKEY *pem_private(struct str pem)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;

	BIO_free(bio);
	return key;
}

static EVP_PKEY *pem_public(struct str pem)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL) : NULL;

	BIO_free(bio);
	return key;
}

static int ed25519_check(EVP_PKEY *key, const char *path, struct err *err)
{
	if (EVP_PKEY_is_a(key, "ED25519"))
		return 0;
	return err_set(err, E_USAGE,
		       "%s holds a key of another kind (%s), expected Ed25519; `openssl genpkey -algorithm ed25519` makes one",
		       path, EVP_PKEY_get0_type_name(key));
}

static int no_key(struct str pem, const char *path, struct err *err)
{
	if (str_find(pem, STR("ENCRYPTED")) >= 0)
		return err_set(err, E_USAGE,
			       "%s is locked with a passphrase; `openssl pkey -in %s -out FILE` writes it without", path, path);
	if (str_find(pem, STR("PUBLIC KEY")) >= 0)
		return err_set(err, E_USAGE, "%s holds a public key, expected the private one", path);
	return err_set(err, E_USAGE,
		       "%s holds no key that can be read, expected PEM as `openssl genpkey -algorithm ed25519` writes it",
		       path);
}

static struct sign_key *key_load(const char *path, bool private, struct err *err)
{
	AUTO(buf) pem = BUF_INIT(KEY_FILE);
	EVP_PKEY *key;

	if (file_read(path, &pem, err) < 0)
		return NULL;
	key = pem_private(buf_str(&pem));
	if (!key && !private)
		key = pem_public(buf_str(&pem));
	ERR_clear_error();
	if (!key) {
		no_key(buf_str(&pem), path, err);
		return NULL;
	}
	if (ed25519_check(key, path, err) < 0) {
		EVP_PKEY_free(key);
		return NULL;
	}
	return key_of(key);
}

struct sign_key *sign_key_load(const char *path, struct err *err)
{
	return key_load(path, true, err);
}

struct sign_key *sign_public_load(const char *path, struct err *err)
{
	return key_load(path, false, err);
}

struct sign_key *sign_public_read(struct str der, struct err *err)
{
	const unsigned char *at = (const unsigned char *)der.p;
	EVP_PKEY *key = der.n == SIGN_PUBLIC_BYTES ? d2i_PUBKEY(NULL, &at, (long)der.n) : NULL;

	ERR_clear_error();
	if (key && EVP_PKEY_is_a(key, "ED25519"))
		return key_of(key);
	EVP_PKEY_free(key);
	err_set(err, E_BAD, "%zu bytes are no Ed25519 public key", der.n);
	return NULL;
}

int sign_bytes(const struct sign_key *k, struct str s, unsigned char out[SIGN_BYTES], struct err *err)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t n = SIGN_BYTES;
	bool done = context && EVP_DigestSignInit(context, NULL, NULL, NULL, k->key) == 1 &&
		    EVP_DigestSign(context, out, &n, (const unsigned char *)(s.n ? s.p : ""), s.n) == 1 && n == SIGN_BYTES;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return done ? 0 : err_set(err, E_USAGE, "this key cannot sign: it is the public half");
}

bool sign_verifies(const struct sign_key *k, struct str s, struct str signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = signature.n == SIGN_BYTES && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, k->key) == 1 &&
		    EVP_DigestVerify(context, (const unsigned char *)signature.p, signature.n,
				     (const unsigned char *)(s.n ? s.p : ""), s.n) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return good;
}

void sign_public_der(const struct sign_key *k, unsigned char out[SIGN_PUBLIC_BYTES])
{
	unsigned char *at = out;

	MUST(i2d_PUBKEY(k->key, NULL) == SIGN_PUBLIC_BYTES && i2d_PUBKEY(k->key, &at) == SIGN_PUBLIC_BYTES);
}

int sign_public_pem(const struct sign_key *k, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long n;
	int result;

	MUST(bio && PEM_write_bio_PUBKEY(bio, k->key) == 1);
	n = BIO_get_mem_data(bio, &text);
	result = buf_add(out, (struct str){ text, (size_t)n });
	BIO_free(bio);
	return result;
}
