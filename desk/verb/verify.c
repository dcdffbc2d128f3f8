/* verify.c - `watchdesk verify`: is everything in the store what was written? */
#include "store/verify.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/verb.h"

enum { LIMIT_ANCHORS = 1 << 26 }; /* a report or a mailbox that is read for heads */

struct shown {
	bool json, progress;
};

static void show_problem(void *owner, const struct verify_problem *p)
{
	const struct shown *shown = owner;
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	if (shown->progress)
		fprintf(stderr, "\r\033[K");
	if (!shown->json) {
		print_text(str_of(p->text), false, 0);
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "problem", str_of(p->kind));
	json_put_text(&w, "where", str_of(p->where));
	json_put_text(&w, "text", str_of(p->text));
	json_close(&w, '}');
	print_json(&out);
}

static void show_progress(void *owner, const char *what, int64_t done)
{
	const struct shown *shown = owner;

	if (shown->progress && done)
		fprintf(stderr, "\r\033[K%s: %lld", what, (long long)done);
	else if (shown->progress)
		fprintf(stderr, "\r\033[K%s", what);
}

static void show_result(const struct verify_result *r, bool json)
{
	const struct {
		const char *key, *words;
		int64_t n;
		bool always;
	} rows[] = {
		{ "texts", "texts", r->bodies, true },
		{ "revisions", "revisions", r->revisions, true },
		{ "assessments", "assessments", r->assessments, true },
		{ "findings", "findings", r->findings, true },
		{ "verdicts", "verdicts", r->verdicts, true },
		{ "entries", "entries of custody", r->entries, true },
		{ "signatures", "signatures", r->signatures, false },
		{ "stamps", "time-stamps", r->stamps, false },
		{ "items", "items of evidence", r->items, true },
		{ "bytes", "bytes of evidence", r->bytes, false },
		{ "without_digest", "assessments from before digests were kept", r->unsealed, false },
		{ "stamps_unchecked", "time-stamps not checked, for there is no --ca", r->unchecked, false },
		{ "elsewhere", "items that lie with other nodes, which verify their own", r->elsewhere, false },
	};
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	const size_t n = sizeof(rows) / sizeof(rows[0]);

	json_open(&w, NULL, '{');
	json_put_int(&w, "problems", r->problems);
	for (size_t i = 0; i < n; i++)
		json_put_int(&w, rows[i].key, rows[i].n);
	json_close(&w, '}');
	if (json) {
		print_json(&out);
		return;
	}
	print("looked at");
	for (size_t i = 0; i < n; i++)
		if (rows[i].always || rows[i].n)
			print("%s %lld %s", i ? "," : "", (long long)rows[i].n, rows[i].words);
	print("\n");
	if (r->problems == 0)
		print("all of it is what was written\n");
}

/* --anchor: a head as it is shown, or a file in which heads are shown. */
static int anchors_read(const char *option, struct arena *a, struct verify_options *o, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_ANCHORS);
	struct anchor *rows = NULL;
	size_t n = 0;

	if (!option)
		return 0;
	anchor_read(str_of(option), STR("the anchor that was given"), a, &rows, &n);
	if (n == 0) {
		if (access(option, F_OK) < 0)
			return err_set(err, E_USAGE,
				       "--anchor %s: neither a file nor SEQUENCE:HASH with 64 hexadecimal digits, as reports "
				       "and mails "
				       "show it",
				       option);
		if (file_read(option, &text, err) < 0)
			return err->code;
		anchor_read(arena_copy(a, buf_str(&text)), arena_copy(a, str_of(option)), a, &rows, &n);
	}
	if (n == 0)
		return err_set(err, E_USAGE, "--anchor %s: no head stands in that file, expected SEQUENCE:HASH somewhere",
			       option);
	o->anchors = rows;
	o->n_anchors = n;
	return 0;
}

static int key_read(const char *path, unsigned char der[SIGN_PUBLIC_BYTES], struct str *key, struct verify_options *o,
		    struct err *err)
{
	AUTO_FREE(sign_key) read = path ? sign_public_load(path, err) : NULL;

	if (!path)
		return 0;
	if (!read)
		return err->code;
	sign_public_der(read, der);
	*key = (struct str){ (const char *)der, SIGN_PUBLIC_BYTES };
	o->keys = key;
	o->n_keys = 1;
	return 0;
}

static int verify_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_READ, err) : NULL;
	AUTO_FREE(arena) a = arena_new(2 * LIMIT_ANCHORS);
	struct shown shown = { .json = i->json, .progress = isatty(STDERR_FILENO) && !i->json };
	struct verify_options o = { .found = show_problem, .went = show_progress, .owner = &shown };
	unsigned char der[SIGN_PUBLIC_BYTES];
	struct verify_result result;
	struct str key;
	int sound;

	if (!store || anchors_read(option_of(i, "anchor"), a, &o, err) < 0 ||
	    key_read(option_of(i, "key"), der, &key, &o, err) < 0)
		return err->code;
	o.authority_ca = option_of(i, "ca") ? option_of(i, "ca") : config->authority_ca;
	sound = verify_store(store, &o, &result, err);
	if (shown.progress)
		fprintf(stderr, "\r\033[K");
	show_result(&result, i->json);
	return sound;
}

static const struct option_row options[] = {
	{ "anchor", "HEAD", "a head of the chain known outside: SEQUENCE:HASH, or a file that shows it" },
	{ "key", "FILE", "the public key (PEM) that signatures must be of" },
	{ "ca", "FILE", "the CA of the time-stamp authority (PEM), instead of that of the configuration" },
	{ 0 },
};

const struct verb verb_verify = {
	.name = "verify",
	.arguments = "",
	.summary = "say whether everything in the store is what was written",
	.text = "Looks at the database, every text, revision, assessment, finding and verdict, the custody chain of each node "
		"with its\n"
		"signatures and time-stamps, and every byte of evidence. Each problem is a line that names what and where; the "
		"exit "
		"code is then\n"
		"5. Nothing is changed or locked. A cut tail and a chain that was rewritten as a whole are found against a "
		"head that is "
		"known\n"
		"outside: mails and reports show it, --anchor takes it or a file in which it stands.",
	.options = options,
	.run = verify_run,
};
