/* evidence.c - `watchdesk evidence`: what was sealed, as a list, as plain files, as a rendering */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "crawler/chunks.h"
#include "crawler/extract/decode.h"
#include "desk/pack.h"
#include "desk/render.h"
#include "desk/stamp.h"
#include "desk/verb.h"
#include "store/custody.h"
#include "store/evidence.h"
#include "store/finding.h"

/* What every form of the verb works on. */
struct work {
	const struct invocation *i;
	const struct config *config;
	struct store *store;
	struct arena *a;
	struct seal_private key;
	struct finding_detail finding;
};

static void work_release(struct work *w)
{
	seal_private_release(&w->key);
	store_free(w->store);
	arena_free(w->a);
}

/* An entry about the finding, in the transaction that is open. */
static int note(struct work *w, struct str detail, int64_t now, struct err *err)
{
	const struct str subject = arena_printf(w->a, "finding %.*s", STR_ARG(w->finding.finding.public_id));

	return custody_add(
		w->store,
		&(struct custody_act){
			.kind = CUSTODY_EXPORT, .subject = subject, .operator_name = user_name(w->a), .detail = detail },
		now, err);
}

/* Who takes what out, said before anything is. */
static int note_export(struct work *w, const char *what, const char *folder, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(LIMIT_LINE);
	struct json_writer j = { .out = &detail };

	json_open(&j, NULL, '{');
	json_put_text(&j, "what", str_of(what));
	json_put_text(&j, "folder", str_of(folder));
	json_close(&j, '}');
	if (store_begin(w->store, err) < 0)
		return err->code;
	if (note(w, buf_str(&detail), clock_now_us(), err) < 0) {
		store_rollback(w->store);
		return err->code;
	}
	return store_commit(w->store, err);
}

static int load_finding(struct work *w, const char *id, struct err *err)
{
	int found = finding_load(w->store, str_of(id), w->a, &w->finding, err);

	if (found == 0)
		return err_set(err, E_USAGE, "no finding has the id %s; `watchdesk list` shows them", id);
	return found;
}

static int load_key(struct work *w, struct err *err)
{
	return seal_private_read(store_folder(w->store), option_of(w->i, "key"), &w->key, err);
}

static void put_hex(struct json_writer *w, const char *key, struct str bytes)
{
	char hex[DIGEST_HEX];

	if (bytes.n == DIGEST_BYTES)
		json_put_text(w, key, str_of(digest_hex((const unsigned char *)bytes.p, DIGEST_BYTES, hex)));
	else
		json_put_null(w, key);
}

static void row_json(const struct evidence_row *r)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	if (r->id)
		json_put_text(&w, "id", r->public_id);
	else
		json_put_null(&w, "id");
	json_put_text(&w, "kind", r->kind);
	json_put_text(&w, "capture", r->capture);
	json_put_text(&w, "node", r->node);
	json_put_text(&w, "asked_url", r->asked_url);
	json_put_text(&w, "url", r->url);
	json_put_int(&w, "hops", r->hops);
	json_put_int(&w, "status", r->status);
	json_put_text(&w, "address", r->address);
	json_put_time(&w, "started_at", r->started_at);
	json_put_time(&w, "ended_at", r->ended_at);
	put_hex(&w, "tls_leaf", r->tls_leaf);
	put_hex(&w, "body_sha256", r->body_digest);
	put_hex(&w, "sealed_sha256", r->digest);
	put_hex(&w, "content_sha256", r->content_digest);
	json_put_int(&w, "segment", r->segment);
	json_put_int(&w, "start", r->start);
	json_put_int(&w, "length", r->length);
	json_put_time(&w, "sealed_at", r->sealed_at);
	json_put_time(&w, "forgotten_at", r->forgotten_at);
	json_close(&w, '}');
	print_json(&out);
}

static void row_print(const struct evidence_row *r)
{
	char at[32];

	print("%s  %-8.8s  %-8s %9lld  %3d  ", print_time(r->ended_at, at), r->id ? r->public_id.p : "",
	      r->id == 0	? "facts"
	      : r->forgotten_at ? "purged"
				: r->kind.p,
	      (long long)r->length, r->status);
	print_text(r->url, false, 0);
	print("\n");
}

/* All of it, page by page; a finding's captures are one page. */
static int list(struct work *w, struct err *err)
{
	struct evidence_filter filter = { .finding_id = w->finding.finding.id };
	struct evidence_row *rows;
	int64_t left = INT64_MAX, seen = 0;
	size_t n;

	if (option_number(w->i, "limit", 1, INT32_MAX, &left, err) < 0)
		return err->code;
	do {
		filter.limit = left < 500 ? left : 500;
		if (evidence_list(w->store, &filter, w->a, &rows, &n, err) < 0)
			return err->code;
		for (size_t k = 0; k < n; k++)
			(w->i->json ? row_json : row_print)(&rows[k]);
		left -= (int64_t)n;
		seen += (int64_t)n;
		if (n)
			filter.after_id = rows[n - 1].id;
	} while (n == (size_t)filter.limit && left > 0 && filter.after_id);
	if (seen == 0 && !w->i->json)
		print("%s\n", filter.finding_id ? "no capture of it was kept" : "nothing was sealed yet");
	return 0;
}

/* The folder that --output names: there is no place that evidence goes by itself. */
static const char *output(const struct work *w, struct err *err)
{
	const char *folder = option_of(w->i, "output");

	if (!folder || !*folder)
		err_set(err, E_USAGE, "say where it goes: --output FOLDER");
	return folder && *folder ? folder : NULL;
}

static int export(struct work *w, struct err *err)
{
	struct pack_order order = { .finding_id = w->finding.finding.id,
				    .finding = w->finding.finding.public_id,
				    .folder = output(w, err),
				    .key = &w->key,
				    .now = clock_now_us() };
	struct pack_result result;

	if (!order.folder || load_key(w, err) < 0 || note_export(w, "pack", order.folder, err) < 0 ||
	    pack_write(w->store, &order, &result, err) < 0)
		return err->code;
	print("%s: %lld sealed item%s of finding %.8s; README.txt in it says how to check them\n", order.folder,
	      (long long)result.items, result.items == 1 ? "" : "s", order.finding.p);
	if (result.purged || result.elsewhere)
		print("not in it: %lld that were purged, %lld in the folders of other nodes\n", (long long)result.purged,
		      (long long)result.elsewhere);
	return 0;
}

/* The newest sealed capture of the finding that can be opened: its records into `records`. */
static int open_newest(struct work *w, struct evidence_row *row, struct buf *records, struct err *err)
{
	struct evidence_filter filter = { .finding_id = w->finding.finding.id, .kind = STR("capture"), .limit = INT32_MAX };
	struct evidence_row *rows;
	size_t n;

	if (evidence_list(w->store, &filter, w->a, &rows, &n, err) < 0)
		return err->code;
	while (n > 0 && (rows[n - 1].id == 0 || rows[n - 1].forgotten_at))
		n--;
	if (n == 0)
		return err_set(err, E_STORE,
			       "no sealed capture of finding %.8s can be opened: none was sealed, or all were purged",
			       w->finding.finding.public_id.p);
	*row = rows[n - 1];
	return evidence_open(w->store, row->id, &w->key, records, err);
}

/* The page that the capture's redirects led to: its record's id, and its body without codings. */
struct captured {
	struct str id, url, content_type, body, digest;
};

static int decode(struct work *w, const struct warc_message *m, struct captured *out, struct err *err)
{
	const struct str transfer = warc_header_of(m, STR("transfer-encoding"));
	struct str body;

	if (chunks_join(w->a, transfer, m->body, &body, err) < 0)
		return err->code;
	return decode_body(w->a, body, warc_header_of(m, STR("content-encoding")), &out->body, err);
}

static int take_page(struct work *w, struct str records, struct captured *out, struct err *err)
{
	AUTO(warc_reader) reader = { .bytes = records, .record = BUF_INIT(LIMIT_RECORD) };
	struct warc_record r;
	struct warc_message m;
	struct str last = { 0 };
	int found;

	while ((found = warc_next(&reader, &r, err)) > 0)
		if (str_eq(r.type, STR("response"))) {
			last = arena_copy(w->a, r.block);
			out->id = arena_copy(w->a, r.id);
			out->url = arena_copy(w->a, r.uri);
			out->digest = arena_copy(w->a, r.payload_digest);
		}
	if (found < 0)
		return found;
	if (!warc_message_of(last, &m))
		return err_set(err, E_VERIFY, "the capture holds no page");
	out->content_type = warc_header_of(&m, STR("content-type"));
	return decode(w, &m, out, err);
}

static void put_digest(struct json_writer *j, const char *key, const unsigned char digest[DIGEST_BYTES])
{
	put_hex(j, key, (struct str){ (const char *)digest, DIGEST_BYTES });
}

/* What was sealed goes into the chain with it. */
static int note_exhibit(struct work *w, int64_t id, const struct warc_exhibit *e, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(LIMIT_LINE);
	AUTO(buf) text = BUF_INIT(4096);
	struct json_writer j = { .out = &detail };
	unsigned char image[DIGEST_BYTES], row[DIGEST_BYTES], key[DIGEST_BYTES];
	struct warc_field f = { 0 };
	struct str rest;

	if (evidence_text(w->store, id, &text, err) < 0 || evidence_digest(w->store, id, row, key, err) < 0)
		return err->code;
	rest = buf_str(&text);
	while (warc_field_next(&rest, &f) && !str_eq(f.name, STR("evidence")))
		;
	digest_sha256(e->bytes, image);
	json_open(&j, NULL, '{');
	json_put_text(&j, "what", STR("exhibit"));
	json_put_text(&j, "type", e->type);
	put_digest(&j, "sha256", image);
	json_put_text(&j, "evidence", f.value);
	put_digest(&j, "evidence_row", row);
	put_digest(&j, "evidence_key", key);
	json_close(&j, '}');
	return note(w, buf_str(&detail), e->at, err);
}

/* Seal the rendering beside its capture, with how it was made. */
static int keep_exhibit(struct work *w, int64_t capture_id, struct warc_exhibit *e, const struct render_facts *f,
			struct err *err)
{
	int64_t id;
	const struct warc_field facts[] = {
		{ STR("made-by"), STR("watchdesk/" WATCHDESK_VERSION) },
		{ STR("made-with"), f->program },
		{ STR("network"), f->network },
		{ STR("sandbox"), f->sandbox },
		{ STR("scripts"), STR("off") },
		{ STR("from-encoding"), f->encoding },
	};

	e->facts = facts;
	e->n_facts = sizeof(facts) / sizeof(facts[0]);
	if (store_begin(w->store, err) < 0)
		return err->code;
	if (evidence_keep_exhibit(w->store, capture_id, e, e->at, &id, err) < 0 || note_exhibit(w, id, e, err) < 0) {
		store_rollback(w->store);
		return err->code;
	}
	return store_commit(w->store, err);
}

static int write_rendering(struct work *w, const char *folder, const struct buf *image, bool png, struct err *err)
{
	unsigned char digest[DIGEST_BYTES];
	char path[PATH_MAX], hex[DIGEST_HEX];

	digest_sha256(buf_str(image), digest);
	digest_hex(digest, DIGEST_BYTES, hex);
	if (snprintf(path, sizeof(path), "%s/%.8s-%.8s.%s", folder, w->finding.finding.public_id.p, hex, png ? "png" : "pdf") >=
	    (int)sizeof(path))
		return err_set(err, E_USAGE, "--output %.100s...: the name is too long", folder);
	if (file_make_folder(folder, 0700, err) < 0 || file_replace(path, buf_str(image), 0600, err) < 0)
		return err->code;
	print("%s\nSHA-256 %s, sealed as an exhibit\n", path, hex);
	return 0;
}

static int render(struct work *w, struct err *err)
{
	AUTO(buf) records = BUF_INIT(LIMIT_ITEM);
	AUTO(buf) image = BUF_INIT(LIMIT_RECORD / 2);
	const bool png = option_of(w->i, "png");
	const char *folder = output(w, err);
	struct captured page = { 0 };
	struct render_facts facts = { 0 };
	struct warc_exhibit e = { .type = png ? STR("image/png") : STR("application/pdf"), .at = clock_now_us() };
	struct evidence_row row = { 0 };

	if (!folder)
		return err->code;
	if (!png == !option_of(w->i, "pdf"))
		return err_set(err, E_USAGE, "say which: --pdf or --png");
	if (load_key(w, err) < 0 || note_export(w, "rendering", folder, err) < 0 || open_newest(w, &row, &records, err) < 0 ||
	    take_page(w, buf_str(&records), &page, err) < 0)
		return err->code;
	const struct render_page p = { .url = page.url, .body = page.body, .content_type = page.content_type, .png = png };

	if (render_page(&p, w->a, &image, &facts, err) < 0)
		return err->code;
	e.refers_to = page.id;
	e.url = page.url;
	e.bytes = buf_str(&image);
	if (keep_exhibit(w, row.capture_id, &e, &facts, err) < 0)
		return err->code;
	return write_rendering(w, folder, &image, png, err);
}

static int timestamp(struct work *w, struct err *err)
{
	AUTO(buf) out = BUF_INIT(LIMIT_LINE);
	struct json_writer j = { .out = &out };
	struct stamped stamped;
	char at[CLOCK_TEXT];

	if (stamp_head(w->config, w->store, &stamped, err) < 0)
		return err->code;
	clock_rfc3339(stamped.says.at, at);
	if (w->i->json) {
		json_open(&j, NULL, '{');
		json_put_int(&j, "sequence", stamped.sequence);
		json_put_text(&j, "time", str_of(at));
		json_put_text(&j, "by", str_of(stamped.says.authority));
		json_put_text(&j, "serial", str_of(stamped.says.serial));
		json_close(&j, '}');
		print_json(&out);
		return 0;
	}
	print("entry %lld of custody, and all before it, existed at %s: so says ", (long long)stamped.sequence, at);
	print_text(str_of(stamped.says.authority), false, 0);
	print("\n");
	return 0;
}

static int evidence_run(const struct invocation *i, struct err *err)
{
	static const struct {
		const char *name;
		int (*run)(struct work *w, struct err *err);
		enum store_mode mode;
		bool needs_finding;
	} forms[] = {
		{ "list", list, STORE_READ, false },
		{ "export", export, STORE_WRITE, true },
		{ "render", render, STORE_WRITE, true },
		{ "timestamp", timestamp, STORE_WRITE, false },
	};
	AUTO(work) w = { .i = i, .a = arena_new(LIMIT_ARENA) };
	const char *what = i->n ? i->arguments[0] : "list";
	size_t k = 0;

	while (k < sizeof(forms) / sizeof(forms[0]) && strcmp(forms[k].name, what) != 0)
		k++;
	if (k == sizeof(forms) / sizeof(forms[0]))
		return err_set(err, E_USAGE, "%s: expected list, export, render or timestamp", what);
	if (forms[k].needs_finding && i->n < 2)
		return err_set(err, E_USAGE, "usage: watchdesk evidence %s FINDING --output FOLDER", what);
	AUTO_FREE(config) config = load_config(i, err);

	w.config = config;
	w.store = config ? store_open(&config->store, forms[k].mode, err) : NULL;
	if (!w.store || (i->n > 1 && load_finding(&w, i->arguments[1], err) < 0))
		return err->code;
	return forms[k].run(&w, err);
}

static const struct option_row options[] = {
	{ "output", "FOLDER", "where export and render write to (also -o)" },
	{ "key", "FILE", "the private half of the evidence key, when it is not in the store's folder" },
	{ "pdf", NULL, "render as PDF" },
	{ "png", NULL, "render as PNG: the top of the page; a PDF has all of it" },
	{ "limit", "N", "list no more than so many" },
	{ 0 },
};

const struct verb verb_evidence = {
	.name = "evidence",
	.arguments = "[list|export|render|timestamp] [FINDING]",
	.summary = "what was sealed: a list, files, a rendering; time-stamps for custody",
	.text = "list: what was captured of a finding, or all that was sealed. export: the captures of a finding as a folder "
		"of "
		"plain files: WARC,\n"
		"CDXJ, certificates, custody, and a README.txt that says how to check them with sha256sum and openssl alone. "
		"render: the page of\n"
		"the newest capture as PDF or PNG, made by Chromium from the captured bytes, without network and scripts; it "
		"is "
		"sealed too.\n"
		"export and render need the private half of the evidence key, evidence.key in the store's folder or --key "
		"FILE. "
		"They leave an entry\n"
		"in the custody chain. timestamp: the authority of the configuration vouches for the head of that chain (RFC "
		"3161); once a day\n"
		"from cron is a good habit.",
	.options = options,
	.most = 2,
	.run = evidence_run,
};
