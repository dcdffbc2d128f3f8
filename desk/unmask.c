/* unmask.c - the text of a finding as it was before masking */
#include "desk/unmask.h"

#include "base/limits.h"
#include "store/custody.h"
#include "store/evidence.h"

/* Who looks, said before anything is shown. */
static int note(struct store *s, const struct finding *f, const struct unmask_act *why, const struct unmasked *u,
		struct arena *a, struct err *err)
{
	const struct custody_act act = {
		.kind = CUSTODY_UNMASK,
		.subject = arena_printf(a, "finding %.*s", STR_ARG(f->public_id)),
		.operator_name = why->operator_name,
		.detail = why->purpose ? arena_printf(a, "{\"evidence\":\"%.*s\",\"purpose\":\"%s\"}", STR_ARG(u->evidence),
						      why->purpose)
				       : arena_printf(a, "{\"evidence\":\"%.*s\"}", STR_ARG(u->evidence)),
	};

	if (store_begin(s, err) < 0)
		return err->code;
	if (custody_add(s, &act, why->now, err) < 0) {
		store_rollback(s);
		return err->code;
	}
	return store_commit(s, err);
}

/* The text of this finding among the records of an item: 1, 0 it is not there. */
static int take_text(struct str records, struct str finding, struct arena *a, struct unmasked *out, struct err *err)
{
	AUTO(warc_reader) reader = { .bytes = records, .record = BUF_INIT(LIMIT_RECORD) };
	struct warc_record r;
	int found;

	while ((found = warc_next(&reader, &r, err)) > 0)
		if (str_eq(r.type, STR("conversion")) && str_eq(r.finding, finding)) {
			out->text = arena_copy(a, r.block);
			return 1;
		}
	return found;
}

static int open_newest(struct store *s, const struct seal_private *key, const struct finding *f, struct arena *a,
		       struct unmasked *out, struct err *err)
{
	struct evidence_filter filter = { .finding_id = f->id, .kind = STR("capture"), .limit = INT32_MAX };
	struct evidence_row *rows;
	size_t n;
	int found = 0;

	if (evidence_list(s, &filter, a, &rows, &n, err) < 0)
		return err->code;
	for (; n > 0 && found == 0; n--) {
		AUTO(buf) records = BUF_INIT(LIMIT_ITEM);
		const struct evidence_row *r = &rows[n - 1];

		if (r->id == 0 || r->forgotten_at)
			continue;
		*out = (struct unmasked){ .evidence = r->public_id, .at = r->ended_at };
		if (evidence_open(s, r->id, key, &records, err) < 0)
			return err->code;
		found = take_text(buf_str(&records), f->public_id, a, out, err);
	}
	if (found == 0)
		return err_set(err, E_STORE,
			       "the text of finding %.8s was not sealed, or was purged: only its masked form is left",
			       f->public_id.p);
	return found;
}

int unmask(struct store *s, const struct seal_private *key, const struct finding *f, const struct unmask_act *act,
	   struct arena *a, struct unmasked *out, struct err *err)
{
	struct unmasked found = { 0 };

	if (open_newest(s, key, f, a, &found, err) < 0 || note(s, f, act, &found, a, err) < 0)
		return err->code;
	*out = found;
	return 0;
}
