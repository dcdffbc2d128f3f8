/* backup.c - `watchdesk backup`: a consistent copy, beside a running monitor */
#include "store/backup.h"

#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "desk/verb.h"

static void show_progress(void *owner, const char *what, int64_t done)
{
	(void)owner;
	if (done)
		fprintf(stderr, "\r\033[K%s: %lld", what, (long long)done);
	else
		fprintf(stderr, "\r\033[K%s", what);
}

static void show_result(const char *folder, const struct backup_result *r, bool json)
{
	AUTO(buf) out = BUF_INIT(65536);
	struct json_writer w = { .out = &out };

	if (json) {
		json_open(&w, NULL, '{');
		json_put_text(&w, "folder", str_of(folder));
		json_put_int(&w, "files", r->files);
		json_put_int(&w, "bytes", r->bytes);
		json_put_int(&w, "segments_missing", r->missing);
		json_put_bool(&w, "with_key", !r->without_key);
		json_close(&w, '}');
		print_json(&out);
		return;
	}
	print_text(str_of(folder), false, 0);
	print(": %lld files, %lld bytes; `sha256sum -c SHA256SUMS` in it checks them\n", (long long)r->files,
	      (long long)r->bytes);
	if (r->without_key)
		print("The private half of the evidence key is not in it: without it nobody can open the evidence.\n");
	if (r->missing)
		print("%lld segments of evidence are shorter than the store says, or not there; `watchdesk verify` says "
		      "which.\n",
		      (long long)r->missing);
}

static int backup_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	struct backup_options o = { .folder = i->arguments[0], .with_key = option_of(i, "with-key") != NULL };
	bool progress = isatty(STDERR_FILENO) && !i->json;
	struct backup_result result;
	int done;

	if (!store)
		return err->code;
	if (progress)
		o.went = show_progress;
	done = backup_write(store, &o, &result, err);
	if (progress)
		fprintf(stderr, "\r\033[K");
	if (done < 0)
		return done;
	show_result(i->arguments[0], &result, i->json);
	return 0;
}

static const struct option_row options[] = {
	{ "with-key", NULL, "also the private half of the evidence key; keep such a backup as safe as the key" },
	{ 0 },
};

const struct verb verb_backup = {
	.name = "backup",
	.arguments = "FOLDER",
	.summary = "write a consistent copy of the store, also beside a running monitor",
	.text = "FOLDER must not be there, or be empty. It gets the database (SQLite, whichever engine the store is on), the "
		"keys, the\n"
		"segments of evidence as far as that database knows them, and SHA256SUMS. It appears under its name only when "
		"it is\n"
		"whole. `watchdesk store restore FOLDER` is the way back.",
	.options = options,
	.least = 1,
	.most = 1,
	.run = backup_run,
};
