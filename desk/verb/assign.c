/* assign.c - `watchdesk assign`: whose findings are */
#include "desk/alert_duty.h"
#include "desk/verb.h"

const struct verb verb_assign = {
	.name = "assign",
	.arguments = "ID... NAME",
	.summary = "give findings to somebody",
	.text = "They are theirs from now on, whoever had them, and count as answered; all of them or none. It is in custody. "
		"The "
		"same as\n"
		"`alert assign`.",
	.least = 2,
	.most = -1,
	.run = assign_run,
};
