/* pack.c - the evidence of a finding as plain files */
#include "desk/pack.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/cdxj.h"
#include "store/custody.h"
#include "store/evidence.h"

struct pack {
	struct store *store;
	const struct pack_order *order;
	struct arena *a;
	char stem[80]; /* of the files' names: the finding's id */
	struct buf warc, chain, table;
	struct pack_result result;
};

static void pack_release(struct pack *p)
{
	buf_release(&p->warc);
	buf_release(&p->chain);
	buf_release(&p->table);
	arena_free(p->a);
}

static int put_file(const struct pack *p, const char *name, struct str content, struct err *err)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", p->order->folder, name) >= (int)sizeof(path))
		return err_set(err, E_USAGE, "the path %.100s... is too long", p->order->folder);
	return file_replace(path, content, 0600, err);
}

static int make_folder(const struct pack *p, struct err *err)
{
	AUTO(buf) names = BUF_INIT(1 << 16);
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/rows", p->order->folder) >= (int)sizeof(path) - 64)
		return err_set(err, E_USAGE, "the path %.100s... is too long", p->order->folder);
	if (file_make_folder(p->order->folder, 0700, err) < 0 || file_names(p->order->folder, &names, err) < 0)
		return err->code;
	if (names.n)
		return err_set(err, E_USAGE, "%s is not empty; name a folder that is, or a new one", p->order->folder);
	return file_make_folder(path, 0700, err);
}

static int put_info(struct pack *p, struct err *err)
{
	char name[96];
	struct warc_field fields[] = {
		{ STR("software"), STR("watchdesk/" WATCHDESK_VERSION) },
		{ STR("format"), STR("WARC File Format 1.1") },
		{ STR("conformsTo"), STR("http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/") },
		{ STR("description"), arena_printf(p->a, "evidence of finding %.*s", STR_ARG(p->order->finding)) },
	};

	snprintf(name, sizeof(name), "%s.warc.gz", p->stem);
	return warc_put_info(fields, 4, str_of(name), p->order->now, &p->warc, err);
}

/* The row of an item as text, whose digest stands in custody; and where its records are. */
static int put_row(struct pack *p, const struct evidence_row *r, size_t start, struct err *err)
{
	AUTO(buf) text = BUF_INIT(4096);
	unsigned char digest[DIGEST_BYTES];
	char name[96], hex[DIGEST_HEX];

	if (evidence_text(p->store, r->id, &text, err) < 0)
		return err->code;
	digest_sha256(str_slice(buf_str(&p->warc), start, p->warc.n), digest);
	buf_printf(&p->table, "   rows/%.*s.txt, %.*s:\n     tail -c +%zu %s.warc.gz | head -c %zu | sha256sum\n     %s\n",
		   STR_ARG(r->public_id), STR_ARG(r->kind), start + 1, p->stem, p->warc.n - start,
		   digest_hex(digest, DIGEST_BYTES, hex));
	snprintf(name, sizeof(name), "rows/%.*s.txt", STR_ARG(r->public_id));
	return put_file(p, name, buf_str(&text), err);
}

static int put_items(struct pack *p, struct err *err)
{
	struct evidence_filter filter = { .finding_id = p->order->finding_id, .limit = INT32_MAX };
	struct evidence_row *rows;
	size_t n;

	if (evidence_list(p->store, &filter, p->a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++) {
		size_t start = p->warc.n;

		if (rows[i].id && rows[i].forgotten_at)
			p->result.purged++;
		else if (rows[i].id && !str_eq(rows[i].node, store_node_id(p->store)))
			p->result.elsewhere++;
		if (rows[i].id == 0 || rows[i].forgotten_at || !str_eq(rows[i].node, store_node_id(p->store)))
			continue;
		if (evidence_open(p->store, rows[i].id, p->order->key, &p->warc, err) < 0 ||
		    put_row(p, &rows[i], start, err) < 0)
			return err->code;
		p->result.items++;
	}
	return 0;
}

static int nothing_to_pack(const struct pack *p, struct err *err)
{
	const struct str id = p->order->finding;

	if (p->result.elsewhere)
		return err_set(err, E_STORE, "the evidence of finding %.*s lies in another node's folder; export it there",
			       STR_ARG(id));
	if (p->result.purged)
		return err_set(err, E_STORE, "the evidence of finding %.*s was purged: nobody can read it any more",
			       STR_ARG(id));
	return err_set(err, E_STORE,
		       "no capture of finding %.*s was sealed; `evidence_from` in the configuration says from which severity "
		       "on that is done",
		       STR_ARG(id));
}

/* A certificate in the form that openssl reads, once, with the address that showed it. */
static void put_certificate(struct pack *p, struct str base64, struct str url)
{
	AUTO(buf) pem = BUF_INIT(1 << 20);

	buf_add(&pem, STR("-----BEGIN CERTIFICATE-----\n"));
	for (size_t i = 0; i < base64.n; i += 64)
		buf_printf(&pem, "%.*s\n", STR_ARG(str_slice(base64, i, i + 64)));
	buf_add(&pem, STR("-----END CERTIFICATE-----\n"));
	if (str_find(buf_str(&p->chain), buf_str(&pem)) >= 0)
		return;
	buf_printf(&p->chain, "%.*s\n", STR_ARG(url));
	buf_add(&p->chain, buf_str(&pem));
}

static void take_certificates(struct pack *p, const struct warc_record *r)
{
	struct str rest = r->block;
	struct warc_field f;

	while (warc_field_next(&rest, &f))
		if (str_eq(f.name, STR("tls-certificate")))
			put_certificate(p, f.value, r->uri);
}

/* A rendering as a file that can be opened at once. */
static int put_exhibit(const struct pack *p, const struct warc_record *r, int number, struct err *err)
{
	char name[128];

	snprintf(name, sizeof(name), "%s-exhibit-%d.%s", p->stem, number,
		 str_eq(r->content_type, STR("image/png")) ? "png" : "pdf");
	return put_file(p, name, r->block, err);
}

static int put_parts(struct pack *p, struct err *err)
{
	AUTO(warc_reader) reader = { .bytes = buf_str(&p->warc), .record = BUF_INIT(LIMIT_RECORD) };
	struct warc_record r;
	int found, exhibits = 0;

	while ((found = warc_next(&reader, &r, err)) > 0) {
		if (str_eq(r.type, STR("metadata")))
			take_certificates(p, &r);
		if (str_eq(r.type, STR("conversion")) && !str_starts(r.content_type, STR("text/")) &&
		    put_exhibit(p, &r, ++exhibits, err) < 0)
			return err->code;
	}
	if (found < 0)
		return found;
	return p->chain.n ? put_file(p, "certificates.pem", buf_str(&p->chain), err) : 0;
}

static int put_index(const struct pack *p, struct err *err)
{
	AUTO(buf) index = BUF_INIT(LIMIT_MESSAGE);
	char warc[96], name[96];

	snprintf(warc, sizeof(warc), "%s.warc.gz", p->stem);
	snprintf(name, sizeof(name), "%s.cdxj", p->stem);
	if (put_file(p, warc, buf_str(&p->warc), err) < 0 || cdxj_put(buf_str(&p->warc), str_of(warc), &index, err) < 0)
		return err->code;
	return put_file(p, name, buf_str(&index), err);
}

/* @ stands for the finding's id. */
static const char readme_begin[] =
	"These files hold what was captured in full, with all secrets in it. Keep them accordingly.\n"
	"Everything below needs gzip, sha256sum and openssl only.\n"
	"\n"
	"@.warc.gz  what was asked and answered, byte for byte (WARC 1.1, ISO 28500)\n"
	"                  but for the values of cookies, each byte of which is an asterisk: they\n"
	"                  would let whoever reads this act as the one who captured it\n"
	"@.cdxj     where each answer stands in it\n"
	"rows/             what the store says of each sealed item\n"
	"custody/          who did what with it, and when\n"
	"certificates.pem  the certificates that servers showed, if any did\n"
	"\n"
	"1. The files are as they were written:\n"
	"     sha256sum -c SHA256SUMS\n"
	"\n"
	"2. The records are readable, each a gzip member of its own:\n"
	"     gzip -t @.warc.gz && zcat @.warc.gz | less\n"
	"   A metadata record behind each answer says when, from which address and under which\n"
	"   certificate it came.\n"
	"\n"
	"3. One answer alone: take OFFSET and LENGTH from its line of the .cdxj.\n"
	"     tail -c +$((OFFSET + 1)) @.warc.gz | head -c LENGTH | zcat\n"
	"   Its header names the SHA-256 of the whole answer (WARC-Block-Digest) and of its body\n"
	"   (WARC-Payload-Digest).\n"
	"\n"
	"4. The records are what was sealed. For each item this gives content-sha256 of its row:\n";
static const char readme_end[] =
	"   And the SHA-256 of a row is evidence_row in the custody entry of its capture or rendering:\n"
	"     sha256sum rows/*.txt; grep evidence_row custody/*.txt\n"
	"\n"
	"5. The certificate of a server: its fingerprint is tls-leaf-sha256 of the metadata record.\n"
	"     openssl x509 -in certificates.pem -noout -subject -issuer -dates -fingerprint -sha256\n"
	"\n"
	"6. The custody chain: custody/VERIFY.txt says how.\n";

static void put_template(const struct pack *p, const char *text, struct buf *out)
{
	for (; *text; text++)
		if (*text == '@')
			buf_add(out, str_of(p->stem));
		else
			buf_add_char(out, *text);
}

static int put_readme(const struct pack *p, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_MESSAGE);
	char at[CLOCK_TEXT];

	buf_printf(&text, "Evidence of finding %s, written %s by watchdesk " WATCHDESK_VERSION ".\n\n", p->stem,
		   clock_rfc3339(p->order->now, at));
	put_template(p, readme_begin, &text);
	buf_add(&text, buf_str(&p->table));
	put_template(p, readme_end, &text);
	if (p->result.purged || p->result.elsewhere)
		buf_printf(&text, "\nNot here: %lld items that were purged, %lld in the folders of other nodes.\n",
			   (long long)p->result.purged, (long long)p->result.elsewhere);
	return put_file(p, "README.txt", buf_str(&text), err);
}

static int sum_file(const struct pack *p, const char *below, const char *name, struct buf *sums, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_PACK);
	unsigned char digest[DIGEST_BYTES];
	char path[PATH_MAX], hex[DIGEST_HEX];

	snprintf(path, sizeof(path), "%.3000s/%.500s%.500s", p->order->folder, below, name);
	if (file_read(path, &content, err) < 0)
		return err->code;
	digest_sha256(buf_str(&content), digest);
	buf_printf(sums, "%s  %s%s\n", digest_hex(digest, DIGEST_BYTES, hex), below, name);
	return 0;
}

/* Files of a folder within the pack, named with its slash; "" for the pack itself, whose folders come after its files. */
static int sum_folder(const struct pack *p, const char *below, struct buf *sums, struct err *err)
{
	AUTO(buf) names = BUF_INIT(1 << 20);
	AUTO(buf) folders = BUF_INIT(1 << 20);
	char path[PATH_MAX];
	struct stat status;

	snprintf(path, sizeof(path), "%.3000s/%.500s", p->order->folder, below);
	if (file_names(path, &names, err) < 0)
		return err->code;
	for (size_t at = 0; at < names.n; at += strlen(names.p + at) + 1) {
		const char *name = names.p + at;

		snprintf(path, sizeof(path), "%.3000s/%.500s%.500s", p->order->folder, below, name);
		if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
			buf_printf(&folders, "%s/%c", name, 0);
		else if (sum_file(p, below, name, sums, err) < 0)
			return err->code;
	}
	for (size_t at = 0; !below[0] && at < folders.n; at += strlen(folders.p + at) + 1)
		if (sum_folder(p, folders.p + at, sums, err) < 0) /* one level down */
			return err->code;
	return 0;
}

static int put_sums(const struct pack *p, struct err *err)
{
	AUTO(buf) sums = BUF_INIT(LIMIT_MESSAGE);

	if (sum_folder(p, "", &sums, err) < 0)
		return err->code;
	return put_file(p, "SHA256SUMS", buf_str(&sums), err);
}

static int put_custody(struct pack *p, struct err *err)
{
	return custody_export(p->store, arena_printf(p->a, "finding %.*s", STR_ARG(p->order->finding)), p->order->folder, err);
}

int pack_write(struct store *s, const struct pack_order *o, struct pack_result *out, struct err *err)
{
	AUTO(pack)
	p = { .store = s,
	      .order = o,
	      .a = arena_new(LIMIT_ARENA),
	      .warc = BUF_INIT(LIMIT_PACK),
	      .chain = BUF_INIT(LIMIT_MESSAGE),
	      .table = BUF_INIT(LIMIT_MESSAGE) };
	snprintf(p.stem, sizeof(p.stem), "%.*s", STR_ARG(o->finding));
	if (make_folder(&p, err) < 0 || put_info(&p, err) < 0 || put_items(&p, err) < 0)
		return err->code;
	if (p.result.items == 0)
		return nothing_to_pack(&p, err);
	if (put_custody(&p, err) < 0 || put_parts(&p, err) < 0 || put_index(&p, err) < 0 || put_readme(&p, err) < 0 ||
	    put_sums(&p, err) < 0)
		return err->code;
	*out = p.result;
	return 0;
}
