/* asset.c - `watchdesk asset`: what the desk protects, and why a text names it or not */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/assets.h"
#include "desk/assess.h"
#include "desk/documents.h"
#include "desk/verb.h"

enum { DOCUMENT = 64 << 20 }; /* bytes of one */

/* ---- list ---- */

static const struct {
	const char *one, *many, *key;
	size_t offset;
} kinds[] = {
	{ "term", "terms", "terms", offsetof(struct asset, terms) },
	{ "person", "people", "people", offsetof(struct asset, people) },
	{ "domain", "domains", "domains", offsetof(struct asset, domains) },
	{ "internal host", "internal hosts", "hosts", offsetof(struct asset, hosts) },
	{ "package", "packages", "packages", offsetof(struct asset, packages) },
	{ "range", "ranges", "ranges", offsetof(struct asset, ranges) },
	{ "BIN", "BINs", "bins", offsetof(struct asset, bins) },
	{ "harmless domain", "harmless domains", "harmless", offsetof(struct asset, harmless) },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds), SHOWN = 8, SNIPPET = 60 };

static const struct yaml_texts *list_of(const struct asset *x, size_t kind)
{
	return (const struct yaml_texts *)((const char *)x + kinds[kind].offset);
}

static void asset_json(const struct asset *x)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "asset", x->name.text);
	for (size_t k = 0; k < KINDS; k++) {
		json_open(&w, kinds[k].key, '[');
		for (size_t i = 0; i < list_of(x, k)->n; i++)
			json_put_text(&w, NULL, list_of(x, k)->items[i].text);
		json_close(&w, ']');
	}
	if (x->terms_file.path)
		json_put_text(&w, "terms_file", str_of(x->terms_file.path));
	if (x->domains_file.path)
		json_put_text(&w, "domains_file", str_of(x->domains_file.path));
	json_close(&w, '}');
	print_json(&out);
}

static void asset_print(const struct asset *x)
{
	print("%s", style("1"));
	print_text(x->name.text, false, 0);
	print("%s\n", style(""));
	for (size_t k = 0; k < KINDS; k++) {
		const struct yaml_texts *list = list_of(x, k);

		if (list->n == 0)
			continue;
		print("  %zu %s: ", list->n, list->n == 1 ? kinds[k].one : kinds[k].many);
		for (size_t i = 0; i < list->n && i < SHOWN; i++) {
			print("%s", i ? ", " : "");
			print_text(list->items[i].text, false, 0);
		}
		print("%s\n", list->n > SHOWN ? ", ..." : "");
	}
	if (x->terms_file.path)
		print("  names of %s\n", x->terms_file.path);
	if (x->domains_file.path)
		print("  domains of %s\n", x->domains_file.path);
}

static int list_run(const struct invocation *i, const struct config *c, struct err *err)
{
	AUTO_FREE(classifier) made = classifier_of(c, err);
	struct assets_size size;

	if (!made)
		return err->code;
	for (size_t k = 0; k < c->n_assets; k++) {
		if (i->json)
			asset_json(&c->assets[k]);
		else
			asset_print(&c->assets[k]);
	}
	size = assets_size(classifier_assets(made));
	if (!i->json)
		print("%zu assets: %zu names, %zu domains, %zu ranges, %zu BINs in %.1f MB\n", c->n_assets, size.names,
		      size.domains, size.ranges, size.bins, (double)(size.names_bytes + size.domains_bytes) / 1e6);
	if (!i->json && size.domains > LIMIT_LOOKALIKES)
		print("look-alikes are searched for of the first %d domains only\n", LIMIT_LOOKALIKES);
	return 0;
}

/* ---- test and explain ---- */

static void place_print(struct str text, struct span span)
{
	if (span.layer) {
		print("  in what was decoded (layer %d)", span.layer);
		return;
	}
	print("  at byte %zu: \"", span.start);
	print_text(str_slice(text, span.start, span.end < span.start + SNIPPET ? span.end : span.start + SNIPPET), false, 0);
	print(span.end > span.start + SNIPPET ? "...\"" : "\"");
}

/* What a text says of one asset, or of all when `name` is empty: how many times. */
static size_t findings_print(const struct assessed *x, struct str name)
{
	const struct assessment *a = &x->assessment;
	size_t n = 0;

	for (size_t k = 0; k < a->n_mentions; k++) {
		const struct mention *m = &a->mentions[k];

		if (name.n && !str_eq(m->asset, name))
			continue;
		print_text(m->asset, false, 0);
		print(" is named, by ");
		print_text(m->term, false, 0);
		place_print(x->text, m->span);
		print("\n");
		n++;
	}
	for (size_t k = 0; k < a->n_hits; k++) {
		const struct hit *h = &a->hits[k];

		if (h->asset.n == 0 || (name.n && !str_eq(h->asset, name)))
			continue;
		print_text(h->asset, false, 0);
		print(" is concerned: ");
		print_text(h->why, false, 0);
		place_print(x->text, h->outer);
		print("\n");
		n++;
	}
	for (size_t k = 0; k < a->n_look_alikes; k++) {
		const struct look_alike *l = &a->look_alikes[k];

		if (name.n && !str_eq(l->asset, name))
			continue;
		print_text(l->asset, false, 0);
		print(" is not named: ");
		print_text(l->why, false, 0);
		print("\n");
	}
	return n;
}

static int test_run(const struct invocation *i, const struct config *c, struct err *err)
{
	struct assessor assessor;
	int answer = assessor_init(&assessor, c, err);

	if (answer == 0) {
		struct assessed x;
		size_t n;

		assess(&assessor, str_of(i->arguments[1]), &x);
		if (i->json) {
			AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
			struct json_writer w = { .out = &out };

			json_open(&w, NULL, '{');
			assess_json(&w, &x);
			json_close(&w, '}');
			print_json(&out);
			n = x.assessment.n_mentions;
		} else {
			n = findings_print(&x, (struct str){ 0 });
			if (n == 0)
				print("no asset is named\n");
		}
		answer = n > 0;
	}
	assessor_release(&assessor);
	return answer;
}

/* What stands around a place in a text, as far as its word or host goes. */
static struct str around(struct str text, size_t start, size_t end)
{
	while (start > 0 && !ascii_is_space(text.p[start - 1]) && end - start < 60)
		start--;
	while (end < text.n && !ascii_is_space(text.p[end]) && end - start < 80)
		end++;
	return str_slice(text, start, end);
}

/* Why a term that is not named is not: it is absent, or it stands inside something else. */
static void absence_print(struct str text, struct str term)
{
	ssize_t at = str_find_nocase(text, term);

	print("  ");
	print_text(term, false, 0);
	if (at < 0) {
		print(": these letters do not stand in the text\n");
		return;
	}
	print(": stands in \"");
	print_text(around(text, (size_t)at, (size_t)at + term.n), false, 0);
	print("\", which is another word, host or number\n");
}

static void absences_print(const struct asset *x, struct str text)
{
	size_t shown = 0;

	for (size_t k = 0; k < KINDS; k++)
		for (size_t i = 0; i < list_of(x, k)->n && strcmp(kinds[k].key, "harmless") != 0; i++)
			if (shown++ < 50)
				absence_print(text, list_of(x, k)->items[i].text);
	if (shown > 50)
		print("  ... and %zu more\n", shown - 50);
}

static int explain_run(const struct invocation *i, const struct config *c, struct err *err)
{
	AUTO(buf) bytes = BUF_INIT(LIMIT_TEXT);
	const char *path = i->n > 2 ? i->arguments[2] : "-";
	const struct asset *asset = NULL;
	struct assessor assessor;
	struct assessed x;
	int answer;

	for (size_t k = 0; k < c->n_assets; k++)
		if (str_eq_nocase(c->assets[k].name.text, str_of(i->arguments[1])))
			asset = &c->assets[k];
	if (!asset)
		return err_set(err, E_USAGE, "there is no asset \"%s\"; `watchdesk asset list` shows them", i->arguments[1]);
	if (file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &bytes, err) < 0)
		return err->code;
	answer = assessor_init(&assessor, c, err);
	if (answer == 0) {
		assess(&assessor, buf_str(&bytes), &x);
		answer = findings_print(&x, asset->name.text) > 0;
		if (answer == 0) {
			print_text(asset->name.text, false, 0);
			print(" is not named:\n");
			absences_print(asset, x.text);
		}
	}
	assessor_release(&assessor);
	return answer;
}

/* ---- documents ---- */

/* Documents being registered. */
struct registering {
	const struct invocation *invocation;
	struct documents documents;
	struct fold_scratch *fold;
	const char *label, *asset;
	size_t done, skipped;
};

static int register_bytes(struct registering *r, struct str file, const char *path, const char *label, struct err *err)
{
	AUTO_FREE(arena) a = arena_new((size_t)16 * DOCUMENT);
	struct folded folded;
	struct str text;
	size_t replaced;

	if (document_text(file, path, a, &text, err) < 0)
		return err->code;
	text = utf8_clean(a, text, &replaced);
	fold(r->fold, a, text, &folded);
	return fingerprints_add(r->documents.fingerprints, str_of(label), str_of(r->asset), folded.text,
				clock_now_us() / 1000000, err);
}

/* What cannot be registered is named and the next one is read; a full store is the end. */
static int register_file(void *whose, const char *path, struct err *err)
{
	struct registering *r = whose;
	AUTO(buf) bytes = BUF_INIT(DOCUMENT);
	struct err why = { 0 };
	int answer = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, &bytes, &why);

	if (answer >= 0)
		answer = register_bytes(r, buf_str(&bytes), path, r->label ? r->label : path, &why);
	if (answer >= 0) {
		r->done++;
		return 0;
	}
	if (answer == E_LIMIT && bytes.n == 0) {
		*err = why;
		return answer;
	}
	r->skipped++;
	print("skipped ");
	print_text(str_of(path), false, 0);
	print(": %s\n", why.text);
	return 0;
}

static int register_all(struct registering *r, struct err *err)
{
	const struct invocation *i = r->invocation;

	for (int k = 1; k < i->n; k++) {
		int result = file_walk(i->arguments[k], register_file, r, err);

		if (result < 0)
			return result;
	}
	if (r->done && documents_save(&r->documents, err) < 0)
		return err->code;
	print("%zu documents registered, %zu in all%s\n", r->done, r->documents.fingerprints->n_documents,
	      r->done ? "; a monitor that runs takes them up by itself" : "");
	return r->skipped > 0;
}

static int fingerprint_run(const struct invocation *i, const struct config *c, struct err *err)
{
	struct registering r = { .invocation = i, .label = option_of(i, "label"), .asset = option_of(i, "asset") };
	bool known = !r.asset;
	int answer;

	for (size_t k = 0; k < c->n_assets; k++)
		known |= str_eq(c->assets[k].name.text, str_of(r.asset));
	if (!known)
		return err_set(err, E_USAGE, "there is no asset \"%s\"; `watchdesk asset list` shows them", r.asset);
	if (i->n < 2)
		return err_set(err, E_USAGE, "expected files or folders of documents, or - for standard input");
	if (r.label && i->n > 2)
		return err_set(err, E_USAGE, "--label names one document, expected one file");
	if (documents_open(&r.documents, c, err) < 0) {
		documents_release(&r.documents);
		return err->code;
	}
	r.fold = fold_scratch_new(err);
	answer = r.fold ? register_all(&r, err) : err->code;
	fold_scratch_free(r.fold);
	documents_release(&r.documents);
	return answer;
}

static void document_print(const struct fingerprint_document *d, bool as_json)
{
	AUTO(buf) out = BUF_INIT(KIB(64));
	struct json_writer w = { .out = &out };

	if (!as_json) {
		print("%8u words %7u hashes  ", d->words, d->rows);
		print_text(d->label, false, 0);
		if (d->asset.n) {
			print("  (");
			print_text(d->asset, false, 0);
			print(")");
		}
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "label", d->label);
	json_put_text(&w, "asset", d->asset);
	json_put_int(&w, "words", d->words);
	json_put_int(&w, "hashes", d->rows);
	json_put_int(&w, "family", d->family);
	json_put_int(&w, "added_at", d->added_at);
	json_close(&w, '}');
	print_json(&out);
}

static int documents_run(const struct invocation *i, const struct config *c, struct err *err)
{
	AUTO(buf) bytes = BUF_INIT(LIMIT_FINGERPRINTS);
	unsigned char key[DIGEST_KEY_BYTES] = { 0 };
	int found = documents_load(c, &bytes, key, err);
	AUTO_FREE(fingerprints) f = fingerprints_new(key);

	if (found > 0)
		found = fingerprints_read(f, buf_str(&bytes), err);
	if (found < 0)
		return err_at(err, "the registered documents");
	for (size_t k = 0; k < f->n_documents; k++)
		document_print(&f->documents[k], i->json);
	if (!i->json)
		print("%zu documents, %.1f MB of hashes\n", f->n_documents, (double)bytes.n / 1e6);
	return 0;
}

static int forget_run(const struct invocation *i, const struct config *c, struct err *err)
{
	struct documents d;
	int answer = documents_open(&d, c, err);

	for (int k = 1; k < i->n && answer >= 0; k++)
		if (!fingerprints_forget(d.fingerprints, str_of(i->arguments[k])))
			answer = err_set(err, E_USAGE,
					 "no document has the label \"%s\"; `watchdesk asset documents` shows them",
					 i->arguments[k]);
	if (answer >= 0)
		answer = documents_save(&d, err);
	if (answer >= 0)
		print("%d forgotten, %zu left\n", i->n - 1, d.fingerprints->n_documents);
	documents_release(&d);
	return answer < 0 ? answer : 0;
}

/* ---- the verb ---- */

static const struct {
	const char *name;
	int least, most; /* arguments, its own name counted; 0: any number */
	int (*run)(const struct invocation *i, const struct config *c, struct err *err);
	const char *expected;
} acts[] = {
	{ "list", 1, 1, list_run, "nothing more" },
	{ "test", 2, 2, test_run, "a text" },
	{ "explain", 2, 3, explain_run, "the name of an asset, and a file or -" },
	{ "fingerprint", 2, 0, fingerprint_run, "files or folders of documents" },
	{ "documents", 1, 1, documents_run, "nothing more" },
	{ "forget", 2, 0, forget_run, "labels of documents" },
};

static int asset_run(const struct invocation *i, struct err *err)
{
	const char *what = i->n ? i->arguments[0] : "list";

	for (size_t k = 0; k < sizeof(acts) / sizeof(*acts); k++) {
		AUTO_FREE(config) config = NULL;
		int n = i->n ? i->n : 1;

		if (strcmp(what, acts[k].name) != 0)
			continue;
		if (n < acts[k].least || (acts[k].most && n > acts[k].most))
			return err_set(err, E_USAGE, "asset %s: expected %s", what, acts[k].expected);
		config = load_config(i, err);
		return config ? acts[k].run(i, config, err) : err->code;
	}
	return err_set(err, E_USAGE, "%s: expected list, test, explain, fingerprint, documents or forget", what);
}

static const struct option_row options[] = {
	{ "label", "TEXT", "fingerprint: what the document is called in findings; its path unless given" },
	{ "asset", "NAME", "fingerprint: the asset that the documents belong to" },
	{ 0 },
};

const struct verb verb_asset = {
	.name = "asset",
	.arguments = "[list|test TEXT|explain NAME [FILE]|fingerprint PATH...|documents|forget LABEL...]",
	.summary = "what the desk protects, why a text names it or not; private documents",
	.text = "list: names, domains, ranges and BINs of each asset. test: what TEXT names, and hosts that only look like "
		"ours. explain: "
		"why\n"
		"FILE (standard input when none is named) names the asset NAME, or does not. Exit code 1 says that something "
		"is named.\n\n"
		"fingerprint: registers private documents, text or HTML in any charset, so that a post which shares a passage "
		"of about 40\n"
		"words with one is found, also when it is wrapped anew, quoted or reworded in part. Keyed hashes are kept in "
		"the folder of "
		"the\n"
		"store, never the text; the key lies beside them (fingerprint.key). Text must be taken out of .docx and .pdf "
		"first. What\n"
		"cannot be read is named and skipped, with exit code 1. documents: those that are registered. forget: remove "
		"them.",
	.options = options,
	.most = -1,
	.run = asset_run,
};
