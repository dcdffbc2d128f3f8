/* writer_withheld.c - what a rule keeps out of the store is reported: in the log, in custody, in the source's health */
#include "base/json.h"
#include "base/log.h"
#include "desk/writer.h"
#include "store/custody.h"
#include "store/withheld.h"

static int tell_custody(struct writer *w, const struct reading *r, const struct read_withheld *x, struct err *err)
{
	AUTO(buf) detail = BUF_INIT(4 * LIMIT_URL);
	struct json_writer j = { .out = &detail };
	struct custody_act act = { .kind = CUSTODY_WITHHOLD,
				   .subject = arena_printf(w->a, "source %.*s",
							   STR_ARG(writer_source(w, r->o->source)->name.text)),
				   .operator_name = w->role->operator_name };

	json_open(&j, NULL, '{');
	json_put_text(&j, "rule", x->rule);
	json_put_text(&j, "url", x->url);
	json_close(&j, '}');
	act.detail = buf_str(&detail);
	return custody_add(w->store, &act, r->now, err);
}

int writer_note_withheld(struct writer *w, const struct reading *r, struct err *err)
{
	for (size_t i = 0; i < r->page.n_withheld; i++) {
		const struct read_withheld *x = &r->page.withheld[i];
		const struct withheld one = { w->sources[r->o->source].id, x->url, x->rule };
		int fresh = withheld_note(w->store, &one, r->now, err);

		if (fresh < 0 || (fresh > 0 && tell_custody(w, r, x, err) < 0))
			return err->code;
		if (fresh > 0)
			log_event(LOG_WARN, "withheld", "source=%.*s rule=\"%.*s\" url=\"%.*s\"",
				  STR_ARG(writer_source(w, r->o->source)->name.text), STR_ARG(x->rule), STR_ARG(x->url));
	}
	return 0;
}
