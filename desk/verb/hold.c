/* hold.c - `watchdesk hold`: what nobody may purge */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/verb.h"
#include "store/hold.h"

static void row_json(const struct hold_row *h)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "kind", h->kind);
	json_put_text(&w, "subject", h->subject);
	json_put_text(&w, "reason", h->reason);
	json_put_text(&w, "operator", h->operator_name);
	json_put_time(&w, "at", h->at);
	json_close(&w, '}');
	print_json(&out);
}

static void row_line(const struct hold_row *h)
{
	char at[32];

	print("%-8.*s  ", STR_ARG(h->kind));
	print_text(h->subject, false, 0);
	print("  %s UTC  ", print_time(h->at, at));
	print_text(h->operator_name, false, 32);
	print("  ");
	print_text(h->reason, false, 0);
	print("\n");
}

static int list(const struct invocation *i, struct store *s, struct arena *a, struct err *err)
{
	struct hold_row *rows;
	size_t n;

	if (hold_list(s, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t k = 0; k < n; k++)
		(i->json ? row_json : row_line)(&rows[k]);
	if (n == 0 && !i->json)
		print("nothing is held\n");
	return 0;
}

typedef int change_fn(struct store *s, const struct hold_row *wish, int64_t now, struct arena *a, struct hold_row *out,
		      struct err *err);

static int change(const struct invocation *i, struct store *s, bool add, struct arena *a, struct err *err)
{
	const char *reason = option_of(i, "reason");
	size_t replaced;
	struct hold_row out, wish = { .kind = str_of(i->arguments[1]),
				      .subject = str_of(i->arguments[2]),
				      .reason = utf8_clean(a, str_of(reason), &replaced),
				      .operator_name = user_name(a) };
	change_fn *its = add ? hold_add : hold_remove;
	int done;

	if (wish.reason.n == 0)
		return err_set(err, E_USAGE, "say why, with --reason TEXT: it stays on record");
	if (store_begin(s, err) < 0)
		return err->code;
	done = its(s, &wish, clock_now_us(), a, &out, err);
	if (done < 0) {
		store_rollback(s);
		return done;
	}
	if (store_commit(s, err) < 0)
		return err->code;
	print("%.*s ", STR_ARG(out.kind));
	print_text(out.subject, false, 0);
	print(done ? (add ? " is held\n" : " is not held any more\n") : (add ? " was held already\n" : " was not held\n"));
	return 0;
}

static int hold_run(const struct invocation *i, struct err *err)
{
	const bool lists = strcmp(i->arguments[0], "list") == 0, adds = strcmp(i->arguments[0], "add") == 0;
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(store) store = NULL;

	if (!config)
		return err->code;
	if (lists ? i->n != 1 : i->n != 3 || (!adds && strcmp(i->arguments[0], "remove") != 0))
		return err_set(err, E_USAGE, "expected watchdesk hold list, or hold add|remove finding|campaign|source ID");
	store = store_open(&config->store, lists ? STORE_READ : STORE_WRITE, err);
	if (!store)
		return err->code;
	return lists ? list(i, store, a, err) : change(i, store, adds, a, err);
}

static const struct option_row options[] = {
	{ "reason", "TEXT", "why; it goes into custody" },
	{ 0 },
};

const struct verb verb_hold = {
	.name = "hold",
	.arguments = "list|add KIND ID|remove KIND ID",
	.summary = "say what nobody may purge, and why",
	.text = "KIND is finding, campaign or source. What is held stays whatever the rules of retention say, a campaign with "
		"all "
		"that joins it\nand a source with all of its posts, until it is removed. Both need a reason and are in "
		"custody.",
	.options = options,
	.least = 1,
	.most = 3,
	.run = hold_run,
};
