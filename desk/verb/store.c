/* store.c - `watchdesk store`: copy it between engines, restore a backup */
#include "store/backup.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/verb.h"
#include "desk/verified.h"

static void show_progress(void *owner, const char *table, int64_t rows)
{
	(void)owner;
	fprintf(stderr, "\r\033[K%s: %lld", table, (long long)rows);
}

/* --to: a folder for SQLite, or the address of a PostgreSQL database with a folder for the rest. */
static int place_read(const struct invocation *i, const struct config *c, struct store_place *to, struct err *err)
{
	const char *where = option_of(i, "to"), *folder = option_of(i, "to-folder");

	if (!where || !*where)
		return err_set(err, E_USAGE, "store copy needs --to FOLDER, or --to postgresql://...");
	if (!store_is_address(where)) {
		if (folder)
			return err_set(err, E_USAGE, "--to-folder goes with --to postgresql://...; %s is a folder itself",
				       where);
		*to = (struct store_place){ .folder = where };
		return 0;
	}
	*to = (struct store_place){ .folder = folder ? folder : c->store.folder, .database = where };
	return 0;
}

static int copy(const struct invocation *i, struct config *config, struct err *err)
{
	AUTO_FREE(store) store = store_open(&config->store, STORE_READ, err);
	AUTO(buf) out = BUF_INIT(65536);
	struct json_writer w = { .out = &out };
	struct copy_options o = { .with_key = true };
	bool progress = isatty(STDERR_FILENO) && !i->json;
	struct copy_result r;
	int done;

	if (!store || place_read(i, config, &o.to, err) < 0)
		return err->code;
	if (progress)
		o.went = show_progress;
	done = store_copy(store, &o, &r, err);
	if (progress)
		fprintf(stderr, "\r\033[K");
	if (done < 0)
		return done;
	json_open(&w, NULL, '{');
	json_put_int(&w, "tables", r.tables);
	json_put_int(&w, "rows", r.rows);
	json_put_int(&w, "files", r.files);
	json_put_int(&w, "bytes", r.bytes);
	json_put_int(&w, "segments_missing", r.missing);
	json_close(&w, '}');
	if (i->json) {
		print_json(&out);
		return 0;
	}
	print("%lld rows in %lld tables and %lld files (%lld bytes) are the same on both sides\n", (long long)r.rows,
	      (long long)r.tables, (long long)r.files, (long long)r.bytes);
	print("Name the new place as `store` in the configuration; full text is indexed there anew.\n");
	return 0;
}

static int restore(const struct invocation *i, struct config *config, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(KIB(64));
	struct verify_options o = { .authority_ca = config->authority_ca };
	struct backup_result r;

	if (i->n < 2)
		return err_set(err, E_USAGE, "store restore needs the folder of a backup");
	if (backup_restore(i->arguments[1], &config->store, user_name(a), clock_now_us(), &r, err) < 0)
		return err->code;
	if (!i->json) {
		print("restored to ");
		print_text(str_of(config->store.folder), false, 0);
		print("\n");
	}
	{
		AUTO_FREE(store) store = store_open(&config->store, STORE_READ, err);

		return store ? verify_and_show(store, &o, i->json, err) : err->code;
	}
}

static int store_run(const struct invocation *i, struct err *err)
{
	static const struct {
		const char *name;
		int most;
		int (*run)(const struct invocation *i, struct config *config, struct err *err);
	} rows[] = { { "copy", 1, copy }, { "restore", 2, restore } };
	AUTO_FREE(config) config = load_config(i, err);

	if (!config)
		return err->code;
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
		if (strcmp(i->arguments[0], rows[k].name) == 0 && i->n <= rows[k].most)
			return rows[k].run(i, config, err);
	return err_set(err, E_USAGE, "usage: watchdesk store copy --to PLACE, or watchdesk store restore FOLDER");
}

static const struct option_row options[] = {
	{ "to", "PLACE", "copy: a folder, or postgresql://..." },
	{ "to-folder", "FOLDER", "copy to PostgreSQL: where keys and evidence go; without it they stay" },
	{ 0 },
};

const struct verb verb_store = {
	.name = "store",
	.arguments = "copy|restore [FOLDER]",
	.summary = "copy the store between SQLite and PostgreSQL, or restore a backup",
	.text = "copy writes everything to an empty PLACE on either engine and compares both sides row by row; when it is "
		"stopped, the same\n"
		"command goes on where it was. Stop the monitor first: what is written meanwhile is noticed and not copied.\n"
		"\n"
		"restore puts a backup into the place that the configuration names, which must be empty, writes that into "
		"custody, and\n"
		"verifies it. Exit code 5 when something does not verify.",
	.options = options,
	.least = 1,
	.most = 2,
	.run = store_run,
};
