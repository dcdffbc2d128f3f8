/* exhibit.c - a takedown as a folder for the police or a court */
#include "desk/exhibit.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "desk/pack.h"

struct exhibit {
	struct store *store;
	const struct exhibit_order *o;
	struct arena *a;
	struct buf readme, sums;
	struct exhibit_result *out;
};

static void exhibit_release(struct exhibit *x)
{
	buf_release(&x->readme);
	buf_release(&x->sums);
	arena_free(x->a);
}

static const char *path_of(const struct exhibit *x, const char *name)
{
	return arena_printf(x->a, "%s/%s", x->o->folder, name).p;
}

static int put_file(const struct exhibit *x, const char *name, const struct buf *content, struct err *err)
{
	if (content->full)
		return err_set(err, E_LIMIT, "%s would be larger than what one page holds", name);
	return file_replace(path_of(x, name), buf_str(content), 0600, err);
}

static int make_folder(const struct exhibit *x, struct err *err)
{
	AUTO(buf) names = BUF_INIT(KIB(64));

	if (file_make_folder(x->o->folder, 0700, err) < 0 || file_names(x->o->folder, &names, err) < 0)
		return err->code;
	if (names.n)
		return err_set(err, E_USAGE, "%s is not empty; name a folder that is, or a new one", x->o->folder);
	if (file_make_folder(path_of(x, "finding"), 0700, err) < 0)
		return err->code;
	return file_make_folder(path_of(x, "evidence"), 0700, err);
}

/* ---- pages ---- */

static struct page_manner manner_of(const struct exhibit *x)
{
	return (struct page_manner){ &words_english, &audiences[0], x->o->organisation };
}

static int put_case(const struct exhibit *x, struct err *err)
{
	AUTO(buf) page = BUF_INIT(LIMIT_PAGE);
	AUTO(buf) json = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &json };
	const struct page_manner manner = manner_of(x);
	struct takedown_page p = casefile_page(x->o->file, &manner);

	p.home = "case.html";
	p.exhibit = true;
	p.finding_page = arena_printf(x->a, "finding/%.*s.html", STR_ARG(x->o->file->row.finding));
	page_takedown(&page, &p);
	casefile_put(&w, x->o->file);
	buf_add_char(&json, '\n');
	if (put_file(x, "case.html", &page, err) < 0)
		return err->code;
	return put_file(x, "case.json", &json, err);
}

static int put_finding(const struct exhibit *x, const struct finding_detail *d, struct err *err)
{
	AUTO(buf) page = BUF_INIT(LIMIT_PAGE);
	struct evidence_filter which = { .finding_id = d->finding.id };
	struct custody_filter filter = { .subject = arena_printf(x->a, "finding %.*s", STR_ARG(d->finding.public_id)) };
	struct finding_page p = { .manner = manner_of(x), .home = "../case.html", .detail = d };
	struct evidence_row *evidence;
	struct custody_row *custody;

	if (evidence_list(x->store, &which, x->a, &evidence, &p.n_evidence, err) < 0 ||
	    custody_list(x->store, &filter, x->a, &custody, &p.n_custody, err) < 0)
		return err->code;
	p.evidence = evidence;
	p.custody = custody;
	page_finding(&page, &p);
	return put_file(x, arena_printf(x->a, "finding/%.*s.html", STR_ARG(d->finding.public_id)).p, &page, err);
}

/* ---- evidence ---- */

/* The sealed captures; of a finding that has none to open the README says why, and its custody is here all the same. */
static int put_evidence(struct exhibit *x, const struct finding_detail *d, struct err *err)
{
	const struct str id = d->finding.public_id;
	const struct pack_order order = { .finding_id = d->finding.id,
					  .finding = id,
					  .folder = arena_printf(x->a, "%s/evidence/%.*s", x->o->folder, STR_ARG(id)).p,
					  .key = x->o->key,
					  .now = x->o->now };
	struct pack_result result = { 0 };

	if (pack_write(x->store, &order, &result, err) == 0) {
		x->out->items += result.items;
		return 0;
	}
	if (err->code != E_STORE)
		return err->code;
	x->out->without++;
	buf_printf(&x->readme, "\nNo sealed capture of %.*s is here: %s\n", STR_ARG(id), err->text);
	*err = (struct err){ 0 };
	return custody_export(x->store, arena_printf(x->a, "finding %.*s", STR_ARG(id)), order.folder, err) < 0 ? err->code : 0;
}

static int put_findings(struct exhibit *x, struct err *err)
{
	const struct casefile *c = x->o->file;

	for (size_t i = 0; i < c->n_findings; i++) {
		struct finding_detail d;
		int found = finding_load(x->store, c->findings[i], x->a, &d, err);

		if (found < 0)
			return found;
		if (found == 0)
			continue;
		if (put_finding(x, &d, err) < 0 || put_evidence(x, &d, err) < 0)
			return err->code;
		x->out->findings++;
	}
	return 0;
}

/* ---- what is here, and its digests ---- */

static const char readme_begin[] =
	"case.html     the case on one page, for reading and printing, with a statement to be signed\n"
	"case.json     the same for programs\n"
	"finding/      each text that it is about: what was recognised in it, and why; secrets are masked\n"
	"evidence/     for each of them the captures byte for byte, with all secrets in them (WARC 1.1),\n"
	"              renderings, certificates and the custody chain; its README.txt says how to read\n"
	"              and check them. Keep them accordingly.\n"
	"SHA256SUMS    the digest of each file here\n"
	"\n"
	"To check all of it sha256sum, gzip and openssl are enough:\n"
	"\n"
	"1. The files are as they were written:\n"
	"     sha256sum --quiet -c SHA256SUMS && echo whole\n"
	"2. For each folder below evidence: what its README.txt says, from its point 2 on; and\n"
	"     (cd evidence/ID/custody && sh VERIFY.txt)\n"
	"   checks that no entry of the custody chain was altered, left out or put in.\n"
	"3. The statement at the end of case.html is for the person who hands this over.\n";

static int sum_file(void *whose, const char *path, struct err *err)
{
	struct exhibit *x = whose;
	AUTO(buf) content = BUF_INIT(MIB(2047));
	unsigned char digest[DIGEST_BYTES];
	const char *name = path + strlen(x->o->folder);
	char hex[DIGEST_HEX];

	if (file_read(path, &content, err) < 0)
		return err->code;
	digest_sha256(buf_str(&content), digest);
	buf_printf(&x->sums, "%s  %s\n", digest_hex(digest, DIGEST_BYTES, hex), name + strspn(name, "/"));
	return 0;
}

static int put_sums(struct exhibit *x, struct err *err)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", x->o->folder);
	if (file_walk(folder, sum_file, x, err) < 0)
		return err->code;
	return put_file(x, "SHA256SUMS", &x->sums, err);
}

static void begin_readme(struct exhibit *x)
{
	char at[CLOCK_TEXT];

	buf_printf(&x->readme, "Takedown %.*s of %.*s (%.*s), written %s by watchdesk " WATCHDESK_VERSION ".\n\n",
		   STR_ARG(x->o->file->row.public_id), STR_ARG(x->o->organisation), STR_ARG(x->o->contact),
		   clock_rfc3339(x->o->now, at));
	buf_add(&x->readme, str_of(readme_begin));
}

int exhibit_write(struct store *s, const struct exhibit_order *o, struct exhibit_result *out, struct err *err)
{
	AUTO(exhibit)
	x = { .store = s,
	      .o = o,
	      .a = arena_new(LIMIT_ARENA),
	      .readme = BUF_INIT(LIMIT_MESSAGE),
	      .sums = BUF_INIT(LIMIT_MESSAGE),
	      .out = out };

	*out = (struct exhibit_result){ 0 };
	begin_readme(&x);
	if (make_folder(&x, err) < 0 || put_case(&x, err) < 0 || put_findings(&x, err) < 0 ||
	    put_file(&x, "README.txt", &x.readme, err) < 0)
		return err->code;
	return put_sums(&x, err);
}
