/* timestamp.c - the time-stamp protocol (RFC 3161, libcrypto) */
#include "base/timestamp.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"

static TS_REQ *request_of(const unsigned char digest[DIGEST_BYTES], const unsigned char *nonce)
{
	TS_REQ *request = TS_REQ_new();
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();

	MUST(request && imprint && algorithm);
	MUST(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1);
	MUST(TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1);
	MUST(TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest, DIGEST_BYTES) == 1); /* copied */
	MUST(TS_REQ_set_version(request, 1) == 1 && TS_REQ_set_msg_imprint(request, imprint) == 1);
	MUST(TS_REQ_set_cert_req(request, 1) == 1);
	if (nonce) {
		BIGNUM *number = BN_bin2bn(nonce, TIMESTAMP_NONCE, NULL);
		ASN1_INTEGER *integer = number ? BN_to_ASN1_INTEGER(number, NULL) : NULL;

		MUST(integer && TS_REQ_set_nonce(request, integer) == 1);
		ASN1_INTEGER_free(integer);
		BN_free(number);
	}
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return request;
}

int timestamp_request(const struct timestamp_query *q, struct buf *out, struct err *err)
{
	TS_REQ *request = request_of(q->digest, q->nonce);
	unsigned char *der = NULL;
	int n = i2d_TS_REQ(request, &der);
	int result;

	MUST(n > 0);
	result = buf_add(out, (struct str){ (const char *)der, (size_t)n });
	OPENSSL_free(der);
	TS_REQ_free(request);
	return result < 0 ? err_set(err, E_LIMIT, "no room for a time-stamp request of %d bytes", n) : 0;
}

/* Why a token does not stand, in the words of this module where the library's are terse. */
static int refused(const char *ca, struct err *err)
{
	static const struct {
		int reason;
		const char *words;
	} rows[] = {
		{ TS_R_NONCE_MISMATCH, "it answers another question (the nonce differs)" },
		{ TS_R_NONCE_NOT_RETURNED, "it answers no question of ours (there is no nonce)" },
		{ TS_R_MESSAGE_IMPRINT_MISMATCH, "it is about another digest" },
		{ TS_R_SIGNATURE_FAILURE, "its signature is wrong: it was altered" },
		{ TS_R_ESS_SIGNING_CERTIFICATE_ERROR, "it was signed with another certificate than it names" },
		{ TS_R_UNSUPPORTED_VERSION, "it is of a version that nobody defined" },
	};
	unsigned long first = ERR_peek_error(), last = ERR_peek_last_error();
	const char *data = NULL, *words = NULL;
	int flags = 0;

	ERR_peek_last_error_data(&data, &flags);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ERR_GET_LIB(last) == ERR_LIB_TS && ERR_GET_REASON(last) == rows[i].reason)
			words = rows[i].words;
	if (ERR_GET_LIB(last) == ERR_LIB_TS && ERR_GET_REASON(last) == TS_R_CERTIFICATE_VERIFY_ERROR)
		err_set(err, E_VERIFY,
			"the time-stamp does not stand: its certificate is not good under the CAs of %s (%.200s)", ca,
			data && (flags & ERR_TXT_STRING) ? data : "no further reason");
	else if (words)
		err_set(err, E_VERIFY, "the time-stamp does not stand: %s", words);
	else
		err_set(err, E_VERIFY, "the time-stamp does not stand: %.200s",
			ERR_reason_error_string(first) ?: "it cannot be read");
	ERR_clear_error();
	return E_VERIFY;
}

/* 0 when the time of a token cannot be read. */
static int64_t time_of(TS_TST_INFO *info)
{
	const ASN1_GENERALIZEDTIME *at = TS_TST_INFO_get_time(info);
	struct str text = { (const char *)ASN1_STRING_get0_data(at), (size_t)ASN1_STRING_length(at) };
	int64_t fraction = 0, unit = 100000;
	struct tm t;

	if (ASN1_TIME_to_tm(at, &t) != 1)
		return 0;
	for (size_t i = 15; i < text.n && text.p[14] == '.' && ascii_is_digit(text.p[i]); i++, unit /= 10)
		fraction += unit * (text.p[i] - '0'); /* GeneralizedTime "20261126040307.123Z" */
	return clock_from_civil(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec) + fraction;
}

/* The CAs, with every certificate judged at the time that the token names: it stays good when they have expired since. */
static X509_STORE *authorities(const char *ca, int64_t at, struct err *err)
{
	X509_STORE *store = X509_STORE_new();
	X509_VERIFY_PARAM *parameters = X509_VERIFY_PARAM_new();

	MUST(store && parameters);
	X509_VERIFY_PARAM_set_time(parameters, (time_t)(at / 1000000));
	X509_STORE_set1_param(store, parameters);
	X509_VERIFY_PARAM_free(parameters);
	if (X509_STORE_load_file(store, ca) == 1)
		return store;
	X509_STORE_free(store);
	if (access(ca, R_OK) < 0)
		err_set(err, E_IO, "%s: the time-stamp authority's CA cannot be read; give the PEM file it publishes", ca);
	else
		err_set(err, E_USAGE, "%s holds no certificate, expected the PEM file of the time-stamp authority's CA", ca);
	ERR_clear_error();
	return NULL;
}

static void read_names(PKCS7 *token, TS_TST_INFO *info, struct timestamp *out)
{
	STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
	BIGNUM *serial = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), NULL);
	char *hex = serial ? BN_bn2hex(serial) : NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	char *name = NULL;
	long n = 0;

	MUST(bio);
	if (signers && sk_X509_num(signers) > 0)
		X509_NAME_print_ex(bio, X509_get_subject_name(sk_X509_value(signers, 0)), 0, XN_FLAG_RFC2253);
	n = BIO_get_mem_data(bio, &name);
	snprintf(out->authority, sizeof(out->authority), "%.*s", (int)n, n ? name : "");
	snprintf(out->serial, sizeof(out->serial), "%.47s", hex ? hex : "");
	OPENSSL_free(hex);
	BN_free(serial);
	sk_X509_free(signers);
	BIO_free(bio);
}

/* Check the token of `response`, or `token` alone. */
static int check(TS_RESP *response, PKCS7 *token, TS_REQ *request, const char *ca, struct timestamp *out, struct err *err)
{
	TS_TST_INFO *info = PKCS7_to_TS_TST_INFO(token);
	struct timestamp read = { .at = info ? time_of(info) : 0 };
	X509_STORE *store = NULL;
	TS_VERIFY_CTX *context;
	int good;

	if (!info || read.at == 0) {
		TS_TST_INFO_free(info);
		ERR_clear_error();
		return err_set(err, E_VERIFY, "the time-stamp does not stand: what it says cannot be read");
	}
	store = authorities(ca, read.at, err);
	if (!store) {
		TS_TST_INFO_free(info);
		return err->code;
	}
	context = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
	MUST(context);
	TS_VERIFY_CTX_add_flags(context, TS_VFY_SIGNATURE);
	TS_VERIFY_CTX_set_store(context, store); /* the context's from now on */
	good = response ? TS_RESP_verify_response(context, response) : TS_RESP_verify_token(context, token);
	if (good == 1) {
		read_names(token, info, &read);
		*out = read;
	}
	TS_VERIFY_CTX_free(context);
	TS_TST_INFO_free(info);
	if (good != 1)
		return refused(ca, err);
	ERR_clear_error();
	return 0;
}

/* What an authority says instead of a token: its status and its own words. */
static int not_granted(TS_RESP *response, struct err *err)
{
	static const char *const words[] = { "granted", "granted with changes", "rejected",
					     "waiting", "revocation warning",	"revoked" };
	TS_STATUS_INFO *info = TS_RESP_get_status_info(response);
	int64_t status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
	const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(info);
	const ASN1_UTF8STRING *text = texts && sk_ASN1_UTF8STRING_num(texts) > 0 ? sk_ASN1_UTF8STRING_value(texts, 0) : NULL;
	int n = text ? ASN1_STRING_length(text) : 0;

	return err_set(err, E_VERIFY, "the time-stamp authority answered \"%s\"%s%.*s; ask it why, or name another one",
		       status >= 0 && status < 6 ? words[status] : "an unknown status", n ? ": " : "", n > 200 ? 200 : n,
		       n ? (const char *)ASN1_STRING_get0_data(text) : "");
}

static int keep(PKCS7 *token, struct buf *out, struct err *err)
{
	unsigned char *der = NULL;
	int n = i2d_PKCS7(token, &der);
	int result = n > 0 ? buf_add(out, (struct str){ (const char *)der, (size_t)n }) : E_LIMIT;

	OPENSSL_free(der);
	return result < 0 ? err_set(err, E_LIMIT, "the time-stamp has %d bytes, more than there is room for", n) : 0;
}

int timestamp_reply(struct str reply, const struct timestamp_query *q, const char *ca, struct buf *token, struct timestamp *out,
		    struct err *err)
{
	const unsigned char *at = (const unsigned char *)reply.p;
	TS_RESP *response = reply.n <= LIMIT_TIMESTAMP ? d2i_TS_RESP(NULL, &at, (long)reply.n) : NULL;
	TS_REQ *request;
	int result;

	ERR_clear_error();
	if (!response || (const char *)at != reply.p + reply.n) {
		TS_RESP_free(response);
		return err_set(err, E_VERIFY, "the answer of %zu bytes is no time-stamp, or a part of one", reply.n);
	}
	if (!TS_RESP_get_token(response)) {
		result = not_granted(response, err);
	} else {
		request = request_of(q->digest, q->nonce);
		result = check(response, TS_RESP_get_token(response), request, ca, out, err);
		if (result == 0)
			result = keep(TS_RESP_get_token(response), token, err);
		TS_REQ_free(request);
	}
	TS_RESP_free(response);
	return result;
}

int timestamp_check(struct str token, const unsigned char digest[DIGEST_BYTES], const char *ca, struct timestamp *out,
		    struct err *err)
{
	const unsigned char *at = (const unsigned char *)token.p;
	PKCS7 *parsed = token.n <= LIMIT_TIMESTAMP ? d2i_PKCS7(NULL, &at, (long)token.n) : NULL;
	TS_REQ *request;
	int result;

	ERR_clear_error();
	if (!parsed || (const char *)at != token.p + token.n) {
		PKCS7_free(parsed);
		return err_set(err, E_VERIFY, "%zu bytes are no time-stamp, or a part of one", token.n);
	}
	request = request_of(digest, NULL);
	result = check(NULL, parsed, request, ca, out, err);
	TS_REQ_free(request);
	PKCS7_free(parsed);
	return result;
}
