/* smime.c - a mail that only its addressee can read */
#include "base/smime.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/mail_header.h"

/* No line of base64 begins with a hyphen. */
#define MIXED	    "--watchdesk-mixed"
#define ALTERNATIVE "--watchdesk-alternative"

static void put_part(struct buf *out, const char *boundary, const char *type, struct str content)
{
	buf_printf(out, "%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary, type);
	base64_encode(content, out);
}

static void put_text(struct buf *out, const char *type, struct str text)
{
	AUTO(buf) wire = BUF_INIT(3 * LIMIT_LETTER);

	mail_text_put(&wire, text);
	put_part(out, ALTERNATIVE, type, buf_str(&wire));
}

static void put_file(struct buf *out, const struct smime_file *f)
{
	AUTO(buf) type = BUF_INIT(LIMIT_FIELD);

	buf_printf(&type, "%.*s; name=\"%.*s\"\r\nContent-Disposition: attachment; filename=\"%.*s\"", STR_ARG(f->type),
		   STR_ARG(f->name), STR_ARG(f->name));
	put_part(out, MIXED, type.p, f->content);
}

/* As it would stand in a mail that is not sealed. */
static void put_entity(struct buf *out, const struct smime_entity *e)
{
	mail_header_put(out, "Subject", e->subject);
	buf_add(out, STR("\r\nContent-Type: multipart/mixed; boundary=\"watchdesk-mixed\"; hp=\"cipher\"\r\n\r\n"));
	buf_add(out, STR(MIXED "\r\nContent-Type: multipart/alternative; boundary=\"watchdesk-alternative\"\r\n\r\n"));
	put_text(out, "text/plain; charset=utf-8", e->text);
	if (e->html.n)
		put_text(out, "text/html; charset=utf-8", e->html);
	buf_add(out, STR(ALTERNATIVE "--\r\n"));
	for (size_t i = 0; i < e->n_files; i++)
		put_file(out, &e->files[i]);
	buf_add(out, STR(MIXED "--\r\n"));
}

static X509 *certificate_read(struct str pem)
{
	BIO *bio = BIO_new_mem_buf(pem.n ? pem.p : "", (int)pem.n);
	X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	ERR_clear_error();
	return x;
}

int smime_check(struct str certificate, int64_t now, struct err *err)
{
	X509 *x = certificate_read(certificate);
	time_t at = (time_t)(now / 1000000);

	if (!x)
		return err_set(err, E_USAGE, "it holds no certificate, expected one in PEM (-----BEGIN CERTIFICATE-----)");
	if (X509_cmp_time(X509_get0_notAfter(x), &at) < 0)
		err_set(err, E_USAGE, "it is a certificate that is not valid any more");
	else if (X509_cmp_time(X509_get0_notBefore(x), &at) > 0)
		err_set(err, E_USAGE, "it is a certificate that is not valid yet");
	else if (X509_check_purpose(x, X509_PURPOSE_SMIME_ENCRYPT, 0) != 1)
		err_set(err, E_USAGE, "it is a certificate that is not for encrypting mail");
	X509_free(x);
	return err->code;
}

static CMS_ContentInfo *seal(X509 *x, struct str entity)
{
	STACK_OF(X509) *to = sk_X509_new_null();
	BIO *in = BIO_new_mem_buf(entity.p, (int)entity.n);
	CMS_ContentInfo *cms = NULL;

	if (to && in && sk_X509_push(to, x) > 0)
		cms = CMS_encrypt(to, in, EVP_aes_256_cbc(), CMS_BINARY);
	BIO_free(in);
	sk_X509_free(to);
	return cms;
}

int smime_seal(struct str certificate, const struct smime_entity *e, struct buf *out, struct err *err)
{
	AUTO(buf) entity = BUF_INIT(4 * LIMIT_LETTER);
	X509 *x = certificate_read(certificate);
	CMS_ContentInfo *cms = NULL;
	unsigned char *der = NULL;
	int n;

	if (!x)
		return smime_check(certificate, 0, err);
	put_entity(&entity, e);
	cms = entity.full ? NULL : seal(x, buf_str(&entity));
	n = cms ? i2d_CMS_ContentInfo(cms, &der) : -1;
	if (n > 0)
		buf_add(out, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	X509_free(x);
	ERR_clear_error();
	if (entity.full || (n > 0 && out->full))
		return err_set(err, E_LIMIT, "a mail is too large to be sealed");
	return n > 0 ? 0 : err_set(err, E_USAGE, "nothing can be sealed to this certificate: its kind of key is not for that");
}
