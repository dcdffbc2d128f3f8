/* precision_json.h - how often a rule or a source was right, as JSON */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_PRECISION_JSON_H
#define WATCHDESK_DESK_PRECISION_JSON_H

#include "base/json.h"
#include "store/precision.h"

/* "precision":{"confirmed","false_positive","others","value"}, without a value where none can be told; NULL: no member. */
static inline void precision_json(struct json_writer *w, const struct precision *p)
{
	if (!p)
		return;
	json_open(w, "precision", '{');
	json_put_int(w, "confirmed", p->confirmed);
	json_put_int(w, "false_positive", p->wrong);
	json_put_int(w, "others", p->others);
	if (precision_value(p) >= 0)
		json_put_real(w, "value", precision_value(p));
	json_close(w, '}');
}

#endif
