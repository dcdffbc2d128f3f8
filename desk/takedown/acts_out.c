/* acts_out.c - what leaves the desk, or sums it up: numbers by host, what was sent, a case for the police or a court */
#include "base/json.h"
#include "base/limits.h"
#include "base/seal.h"
#include "desk/exhibit.h"
#include "desk/takedown/gather.h"
#include "desk/takedown/host.h"
#include "desk/takedown/lumen.h"
#include "desk/takedown/work.h"
#include "store/custody.h"
#include "store/takedown_numbers.h"

#define MINUTE_US (INT64_C(60) * 1000000)

/* ---- numbers ---- */

static double share(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static void number_json(const struct takedown_number *n)
{
	AUTO(buf) out = BUF_INIT(KIB(16));
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "host", n->host);
	json_put_int(&w, "targets", n->targets);
	json_put_int(&w, "asked", n->asked);
	json_put_int(&w, "removed", n->removed);
	json_put_real(&w, "share_removed", share(n->removed, n->asked));
	if (n->median >= 0)
		json_put_int(&w, "median_seconds", n->median / 1000000);
	else
		json_put_null(&w, "median_seconds");
	json_put_int(&w, "returned", n->returned);
	json_put_real(&w, "share_returned", share(n->returned, n->gone));
	json_close(&w, '}');
	print_json(&out);
}

static void number_line(const struct takedown_number *n)
{
	print("%6lld  %5lld  %7lld", (long long)n->targets, (long long)n->asked, (long long)n->removed);
	if (n->asked)
		print(" %4.0f%%", 100 * share(n->removed, n->asked));
	else
		print("     -");
	if (n->median >= 0)
		print("  %4lld h %02lld min", (long long)(n->median / (60 * MINUTE_US)),
		      (long long)(n->median / MINUTE_US % 60));
	else
		print("  %13s", "-");
	print("  %8lld  ", (long long)n->returned);
	print_text(n->host, false, 60);
	print("\n");
}

int takedown_act_numbers(struct takedown_work *x, struct err *err)
{
	struct takedown_number *rows, all;
	size_t n;

	if (takedown_numbers(x->store, 0, x->a, &rows, &n, &all, err) < 0)
		return err->code;
	if (!x->i->json)
		print("%sstands  asked  removed       median to gone  came back  host%s\n", style("1"), style(""));
	for (size_t i = 0; i < n; i++)
		(x->i->json ? number_json : number_line)(&rows[i]);
	if (n != 1 || x->i->json)
		(x->i->json ? number_json : number_line)(&all);
	return 0;
}

/* ---- what was sent, for those who publish theirs ---- */

/* What became of the places of a notice. */
static enum lumen_action action_of(const struct takedown_target *targets, size_t n)
{
	size_t gone = 0, refused = 0;

	for (size_t i = 0; i < n; i++) {
		gone += takedown_is_away(&targets[i]);
		refused += str_eq(targets[i].state, STR("refused"));
	}
	if (gone == n)
		return LUMEN_YES;
	return gone ? LUMEN_PARTIAL : refused == n ? LUMEN_NO : LUMEN_UNSPECIFIED;
}

static int lumen_notice(struct takedown_work *x, const struct takedown_row *its, const struct notice_row *n, struct err *err)
{
	const struct takedowns *t = x->config->takedowns;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct lumen_notice l = { .notice = notice_template_of(t->notices, n->template_name, n->language),
				  .grounds = its->grounds,
				  .sent_at = n->sent_at };
	struct gather_wish wish = { .its = its, .language = n->language, .written_at = n->made_at };
	struct takedown_target *targets;
	struct gathered facts;

	if (!l.notice) /* a template of the desk's own that is not there any more */
		return 0;
	if (notice_targets(x->store, n->id, a, &targets, &wish.n, err) < 0)
		return err->code;
	wish.targets = targets;
	if (wish.n == 0)
		return 0;
	if (takedown_gather(x->store, t, &wish, a, &facts, err) < 0)
		return err->code;
	l.recipient = facts.card ? facts.card->title.text : targets[0].host;
	l.facts = facts.facts;
	l.n_facts = facts.n;
	l.action = action_of(targets, wish.n);
	lumen_put(&out, &l);
	print_json(&out);
	return 0;
}

static int lumen_case(struct takedown_work *x, const struct takedown_row *its, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct notice_row *rows;
	size_t n;

	if (notice_list(x->store, its->id, a, &rows, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (rows[i].state == NOTICE_SENT && lumen_notice(x, its, &rows[i], err) < 0)
			return err->code;
	return 0;
}

int takedown_act_lumen(struct takedown_work *x, struct err *err)
{
	int64_t before = 0;
	size_t n;

	do {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		struct takedown_row *rows;

		if (takedown_list(x->store, 0, before, a, &rows, &n, err) < 0)
			return err->code;
		for (size_t i = 0; i < n; i++)
			if (lumen_case(x, &rows[i], err) < 0)
				return err->code;
		before = n ? rows[n - 1].id : 0;
	} while (n);
	return 0;
}

/* ---- for the police or a court ---- */

/* Who takes what out, said before anything is. */
static int note(struct takedown_work *x, const struct casefile *file, const char *folder, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(KIB(16));
	struct json_writer w = { .out = &detail };

	json_open(&w, NULL, '{');
	json_put_text(&w, "what", STR("takedown"));
	json_put_text(&w, "takedown", file->row.public_id);
	json_put_text(&w, "folder", str_of(folder));
	json_close(&w, '}');
	if (store_begin(x->store, err) < 0)
		return err->code;
	for (size_t i = 0; i < file->n_findings; i++)
		if (custody_add(
			    x->store,
			    &(struct custody_act){ .kind = CUSTODY_EXPORT,
						   .subject = arena_printf(x->a, "finding %.*s", STR_ARG(file->findings[i])),
						   .operator_name = x->who,
						   .detail = buf_str(&detail) },
			    x->now, err) < 0) {
			store_rollback(x->store);
			return err->code;
		}
	return store_commit(x->store, err);
}

static int export(struct takedown_work *x, const struct casefile *file, const char *folder, struct err *err)
{
	struct seal_private key;
	struct exhibit_result result;
	const struct exhibit_order order = { .file = file,
					     .organisation = x->config->organisation.text,
					     .contact = x->config->contact.text,
					     .folder = folder,
					     .key = &key,
					     .now = x->now };
	int code;

	if (seal_private_read(store_folder(x->store), option_of(x->i, "key"), &key, err) < 0)
		return err->code;
	code = note(x, file, folder, err) < 0 ? err->code : exhibit_write(x->store, &order, &result, err);
	seal_private_release(&key);
	if (code < 0)
		return code;
	buf_printf(&x->said, "%s/case.html: %lld %s, %lld sealed %s opened; README.txt there says how to check them\n", folder,
		   (long long)result.findings, result.findings == 1 ? "finding" : "findings", (long long)result.items,
		   result.items == 1 ? "item" : "items");
	if (result.without)
		buf_printf(&x->said, "of %lld nothing sealed can be opened; README.txt says why\n", (long long)result.without);
	return 0;
}

int takedown_act_export(struct takedown_work *x, struct err *err)
{
	const char *folder = option_of(x->i, "output");
	struct takedown_row row;
	struct casefile file;

	if (!folder || !folder[0])
		return err_set(err, E_USAGE, "takedown export needs --output FOLDER, an empty or a new one");
	if (takedown_work_case(x, x->i->arguments[1], &row, err) < 0 ||
	    casefile_read(x->store, x->config->takedowns, &row, x->now, x->a, &file, err) < 0)
		return err->code;
	return export(x, &file, folder, err);
}
