/* xarf.c - a finding as an abuse report */
#include "web/xarf.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "web/html.h"

enum {
	SAMPLES = 5,
	SAMPLE = 200,
	SENTENCES = 20,
	ORGANISATION = 200
}; /* the schema's ceilings, and one of ours: SAMPLE bytes */

/* What our kinds of data (MISP's infoleak taxonomy) are among XARF's. */
static const struct {
	const char *ours, *kind;
} kinds[] = {
	{ "credential", "credentials" },
	{ "hash", "credentials" },
	{ "cookie", "credentials" },
	{ "api-key", "api_keys" },
	{ "private-key", "api_keys" },
	{ "certificate", "api_keys" },
	{ "credit-card", "financial" },
	{ "iban", "financial" },
	{ "bank-account", "financial" },
	{ "crypto-wallet", "financial" },
	{ "bitcoin-address", "financial" },
	{ "bitcoin-private-key", "financial" },
	{ "national-id", "government_id" },
	{ "passport", "government_id" },
	{ "phone-number", "phone_numbers" },
	{ "postal-address", "personal_information" },
	{ "date-of-birth", "personal_information" },
	{ "document-marking", "internal_documents" },
	{ "personal-record", "personal_information" },
	{ "document", "internal_documents" },
	{ "file-listing", "internal_documents" },
	{ "database", "database_dumps" },
	{ "mail", "email_addresses" },
	{ "internal-host", "internal_documents" },
};

static struct str host_of(struct str url)
{
	ssize_t at = str_find(url, STR("://"));
	struct str rest = at < 0 ? (struct str){ 0 } : str_slice(url, (size_t)at + 3, url.n), host = { 0 };
	size_t n = 0;

	while (n < rest.n && !strchr("/?#", rest.p[n]))
		n++;
	host = str_slice(rest, 0, n);
	if ((at = str_find(host, STR("@"))) >= 0)
		host = str_slice(host, (size_t)at + 1, host.n);
	if (!str_starts(host, STR("[")) && (at = str_find(host, STR(":"))) >= 0)
		host = str_slice(host, 0, (size_t)at);
	return host;
}

/* A domain as the schema spells it; an address of the network is none. */
static bool is_domain(struct str host)
{
	size_t last = host.n;

	for (size_t i = 0; i < host.n; i++)
		if (!ascii_is_digit(host.p[i]) && !(host.p[i] >= 'a' && host.p[i] <= 'z') && host.p[i] != '-' &&
		    host.p[i] != '.')
			return false;
	while (last && host.p[last - 1] != '.')
		last--;
	return last > 1 && host.n - last >= 2 && ascii_is_alpha(host.p[last]) && str_find(host, STR("--")) < 0;
}

bool xarf_fits(const struct finding_detail *d)
{
	const struct finding *f = &d->finding;

	return (f->leak >= 0.5 || f->dox >= 0.5 || d->said.n_hits > 0) && host_of(f->url).n > 0 &&
	       (str_starts(f->url, STR("https://")) || str_starts(f->url, STR("http://")));
}

static bool has_kind(const struct finding_detail *d, const char *kind)
{
	for (size_t i = 0; i < d->said.n_hits; i++)
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			if (str_eq(d->said.hits[i].kind, str_of(kinds[k].ours)) && strcmp(kinds[k].kind, kind) == 0)
				return true;
	return false;
}

static void put_kinds(struct json_writer *w, const struct finding_detail *d)
{
	static const char *const all[] = { "credentials",	 "api_keys",	   "financial",
					   "government_id",	 "phone_numbers",  "personal_information",
					   "internal_documents", "database_dumps", "email_addresses" };
	bool any = false;

	json_open(w, "data_types", '[');
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (has_kind(d, all[i])) {
			json_put_text(w, NULL, str_of(all[i]));
			any = true;
		}
	if (!any)
		json_put_text(w, NULL, d->finding.dox >= 0.5 ? STR("personal_information") : STR("other"));
	json_close(w, ']');
}

/* Each kind once. */
static void put_fields(struct json_writer *w, const struct finding_detail *d)
{
	json_open(w, "sensitive_fields", '[');
	for (size_t i = 0; i < d->said.n_hits; i++) {
		size_t k = 0;

		while (!str_eq(d->said.hits[k].kind, d->said.hits[i].kind))
			k++;
		if (k == i && d->said.hits[i].kind.n)
			json_put_text(w, NULL, d->said.hits[i].kind);
	}
	json_close(w, ']');
}

static void put_samples(struct json_writer *w, const struct finding_detail *d)
{
	json_open(w, "sample_records", '[');
	for (size_t i = 0; i < d->said.n_hits && i < SAMPLES; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "description", d->said.hits[i].label);
		json_put_text(w, "redacted_sample", str_slice(d->said.hits[i].masked, 0, SAMPLE));
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* Why we say so, as a text that the host can keep. */
static void put_evidence(struct json_writer *w, const struct finding_detail *d)
{
	AUTO(buf) text = BUF_INIT(1 << 16);
	AUTO(buf) payload = BUF_INIT(1 << 17);
	unsigned char digest[DIGEST_BYTES];
	char hash[8 + 2 * DIGEST_BYTES] = "sha256:";

	for (size_t i = 0; i < d->said.n_reasons && i < SENTENCES; i++) {
		buf_add(&text, d->said.reasons[i]);
		buf_add_char(&text, '\n');
	}
	html_base64(&payload, (const unsigned char *)(text.n ? text.p : ""), text.n);
	digest_sha256(buf_str(&text), digest);
	digest_hex(digest, sizeof(digest), hash + strlen(hash));
	json_open(w, "evidence", '[');
	json_open(w, NULL, '{');
	json_put_text(w, "content_type", STR("text/plain"));
	json_put_text(w, "description", STR("what was recognised, values masked"));
	json_put_text(w, "payload", buf_str(&payload));
	json_put_text(w, "hash", str_of(hash));
	json_put_int(w, "size", (int64_t)text.n);
	json_close(w, '}');
	json_close(w, ']');
}

static void put_contact(struct json_writer *w, const char *key, const struct xarf_report *r)
{
	ssize_t at = str_find(r->contact, STR("@"));

	json_open(w, key, '{');
	json_put_text(w, "org", str_slice(r->organisation, 0, ORGANISATION));
	json_put_text(w, "contact", r->contact);
	json_put_text(w, "domain", str_slice(r->contact, (size_t)(at + 1), r->contact.n));
	json_close(w, '}');
}

/* The finding's 128 random bits as a UUID (RFC 9562, version 4). */
static void put_id(struct json_writer *w, struct str public_id)
{
	char id[37];
	struct str h = public_id;

	if (h.n != 32)
		return;
	snprintf(id, sizeof(id), "%.8s-%.4s-4%.3s-%c%.3s-%.12s", h.p, h.p + 8, h.p + 13, "89ab"[ascii_hex(h.p[16]) & 3],
		 h.p + 17, h.p + 20);
	json_put_text(w, "report_id", str_of(id));
}

void xarf_put(struct buf *out, const struct xarf_report *r)
{
	const struct finding *f = &r->detail->finding;
	struct json_writer w = { .out = out };
	struct str host = host_of(f->url);

	json_open(&w, NULL, '{');
	json_put_text(&w, "xarf_version", STR("4.2.0"));
	put_id(&w, f->public_id);
	json_put_time(&w, "timestamp", f->posted_precision >= 3 ? f->posted_at : f->first_seen);
	put_contact(&w, "reporter", r);
	put_contact(&w, "sender", r);
	json_put_text(&w, "source_identifier", host);
	json_put_text(&w, "category", STR("content"));
	json_put_text(&w, "type", STR("exposed_data"));
	json_put_text(&w, "url", f->url);
	if (is_domain(host))
		json_put_text(&w, "domain", host);
	put_kinds(&w, r->detail);
	json_put_text(&w, "exposure_method", str_of(r->exposure));
	if (f->asset.n)
		json_put_text(&w, "affected_organization", f->asset);
	put_fields(&w, r->detail);
	json_put_text(&w, "accessibility", f->deleted_at ? STR("removed") : STR("public"));
	json_put_text(&w, "discovery_source", STR("breach_monitoring"));
	json_put_text(&w, "evidence_source", STR("crawler"));
	json_put_text(&w, "verification_method", STR("automated_crawler"));
	json_put_time(&w, "verified_at", f->last_seen);
	json_put_real(&w, "confidence", f->leak > f->dox ? f->leak : f->dox);
	put_samples(&w, r->detail);
	put_evidence(&w, r->detail);
	json_close(&w, '}');
}
