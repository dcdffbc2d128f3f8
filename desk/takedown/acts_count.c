/* acts_count.c - the people of a case, counted in the sealed text: what a breach worksheet (GDPR Art. 33) asks for */
#include "base/file.h"
#include "base/limits.h"
#include "desk/takedown/work.h"
#include "desk/takedown/worksheet.h"
#include "desk/unmask.h"
#include "store/takedown_fact.h"

/* Of all that a worksheet gets from counts, what changes with every look at the clock is not set. */
static const char *const counted[] = { "subjects", "records", "kinds" };

static int list_read(struct takedown_work *x, struct people_list *out, struct err *err)
{
	AUTO(buf) csv = BUF_INIT(LIMIT_SCAN_LIST);
	int result = file_read(option_of(x->i, "list"), &csv, err);

	if (result >= 0)
		result = people_list_read(buf_str(&csv), x->store, x->a, out, err);
	if (csv.p)
		explicit_bzero(csv.p, csv.n);
	return result < 0 ? err_at(err, "the list") : 0;
}

/* Opening the text leaves its own entry in custody. */
static int count(struct takedown_work *x, const struct takedown_row *its, struct worksheet_counts *out, struct err *err)
{
	AUTO(seal_private) key = { 0 };
	const struct unmask_act act = { .operator_name = x->who, .purpose = "takedown", .now = x->now };
	struct people_list list = { 0 };
	struct finding_detail d;
	struct unmasked text;

	if (finding_load(x->store, its->finding, x->a, &d, err) <= 0)
		return err->code ? err->code
				 : err_set(err, E_STORE, "the finding of takedown %.8s is missing", its->public_id.p);
	if ((option_of(x->i, "list") && list_read(x, &list, err) < 0) ||
	    seal_private_read(store_folder(x->store), option_of(x->i, "key"), &key, err) < 0 ||
	    unmask(x->store, &key, &d.finding, &act, x->a, &text, err) < 0)
		return err->code;
	worksheet_count(text.text, d.said.hits, d.said.n_hits, option_of(x->i, "list") ? &list : NULL, x->store, x->a, out);
	return 0;
}

static int set(struct takedown_work *x, const struct takedown_row *its, const struct notice_fact *facts, size_t n,
	       struct err *err)
{
	struct takedown_fact rows[sizeof(counted) / sizeof(counted[0])];
	size_t n_rows = 0;

	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		rows[n_rows] = (struct takedown_fact){ .name = str_of(counted[i]),
						       .value = fact_value(facts, n, str_of(counted[i])) };
		n_rows += rows[n_rows].value.n > 0;
	}
	if (store_begin(x->store, err) < 0)
		return err->code;
	if (takedown_facts_set(x->store, its->id, rows, n_rows, x->who, x->now, err) < 0) {
		store_rollback(x->store);
		return err->code;
	}
	for (size_t i = 0; i < n_rows; i++)
		buf_printf(&x->said, "%s = %.*s\n", rows[i].name.p, STR_ARG(rows[i].value));
	return store_commit(x->store, err);
}

int takedown_act_count(struct takedown_work *x, struct err *err)
{
	const struct str language = takedown_work_option(x, "language");
	struct worksheet_counts counts;
	struct notice_fact *facts = NULL;
	struct takedown_row its;
	size_t n = 0;

	if (takedown_work_case(x, x->i->arguments[1], &its, err) < 0 || count(x, &its, &counts, err) < 0)
		return err->code;
	worksheet_facts(&counts, its.first_aware_at, x->now, language.n ? language : STR("en"), x->a, &facts, &n);
	return set(x, &its, facts, n, err);
}
