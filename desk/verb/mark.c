/* mark.c - `watchdesk mark`: what an analyst says of findings */
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/marking.h"
#include "desk/verb.h"

/* A finding that was marked. */
struct marked {
	struct str public_id;
	int severity;
};

static int mark_one(const struct marking *m, const char *id, enum verdict verdict, struct arena *a, struct marked *out,
		    struct err *err)
{
	struct finding_detail detail;
	int found = finding_load(m->store, str_of(id), a, &detail, err), severity;

	if (found < 0)
		return err_at(err, "%.40s", id);
	if (found == 0)
		return err_set(err, E_USAGE, "no finding has the id %.40s; `watchdesk list` shows them", id);
	severity = marking_apply(m, &detail, verdict, clock_now_us(), a, err);
	*out = (struct marked){ detail.finding.public_id, severity };
	return severity;
}

/* All of them or none. */
static int mark_all(const struct invocation *i, const struct marking *m, enum verdict verdict, struct arena *a,
		    struct marked *out, struct err *err)
{
	if (store_begin(m->store, err) < 0)
		return err->code;
	for (int k = 0; k < i->n - 1; k++)
		if (mark_one(m, i->arguments[k], verdict, a, &out[k], err) < 0) {
			store_rollback(m->store);
			return err->code;
		}
	return store_commit(m->store, err);
}

static void tell(const struct marked *marked, enum verdict verdict, bool json)
{
	AUTO(buf) out = BUF_INIT(KIB(4));
	struct json_writer w = { .out = &out };

	if (!json) {
		print("%.8s is marked %s; its severity is %d (%s)\n", marked->public_id.p, verdict_names[verdict],
		      marked->severity, severity_name(marked->severity));
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "id", marked->public_id);
	json_put_text(&w, "verdict", str_of(verdict_names[verdict]));
	json_put_int(&w, "severity", marked->severity);
	json_close(&w, '}');
	print_json(&out);
}

static int mark_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(sign_key) key = store && option_of(i, "sign") ? sign_key_load(option_of(i, "sign"), err) : NULL;
	AUTO_FREE(teller) teller = store ? teller_new(config, store) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct marking m = { .store = store, .teller = teller, .key = key };
	struct marked *marked = arena_alloc(a, (size_t)i->n * sizeof(*marked));
	enum verdict verdict = VERDICT_NONE;
	size_t replaced;

	if (!store || marking_verdict(str_of(i->arguments[i->n - 1]), &verdict, err) < 0 || (option_of(i, "sign") && !key))
		return err->code;
	m.operator_name = user_name(a);
	m.note = utf8_clean(a, str_of(option_of(i, "note")), &replaced);
	if (mark_all(i, &m, verdict, a, marked, err) < 0)
		return err->code;
	for (int k = 0; k < i->n - 1; k++)
		tell(&marked[k], verdict, i->json);
	return 0;
}

static const struct option_row options[] = {
	{ "note", "TEXT", "why, for those who read it later" },
	{ "sign", "FILE", "sign the entries in custody with this Ed25519 key (PEM)" },
	{ 0 },
};

const struct verb verb_mark = {
	.name = "mark",
	.arguments = "ID... VERDICT",
	.summary = "say what findings are",
	.text = "VERDICT is confirmed, false-positive, known or duplicate; none takes it back. It is kept with your user name "
		"and the time, also in\n"
		"the custody chain, and the severity is computed anew. Of many ids all are marked or none. Dismissed findings "
		"leave the\n"
		"report; `list --all` shows them.",
	.options = options,
	.least = 2,
	.most = -1,
	.run = mark_run,
};
