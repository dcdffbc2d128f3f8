/* alert.c - `watchdesk alert`: who has to answer, who does; what was sent */
#include <string.h>

#include "desk/alert_duty.h"
#include "desk/alert_mail.h"
#include "desk/verb.h"

static const struct {
	const char *name;
	int (*run)(const struct invocation *i, const struct config *config, struct err *err);
} acts[] = {
	{ "ack", alert_ack },	{ "assign", alert_assign }, { "handover", alert_handover }, { "clocks", alert_clocks },
	{ "test", alert_test }, { "log", alert_log },	    { "resend", alert_resend },
};

static int alert_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);

	if (!config)
		return err->code;
	for (size_t k = 0; k < sizeof(acts) / sizeof(acts[0]); k++)
		if (strcmp(i->arguments[0], acts[k].name) == 0)
			return acts[k].run(i, config, err);
	return err_set(err, E_USAGE, "%s: expected ack, assign, handover, clocks, test, log or resend", i->arguments[0]);
}

static const struct option_row options[] = {
	{ "as", "NAME", "of ack: who has it; else you" },
	{ "look", NULL, "of handover: show it, and note nothing" },
	{ "days", "N", "of clocks: of the last N days (30)" },
	{ "state", "NAME", "of log: only waiting, sent, dead or silenced" },
	{ "limit", "N", "of log: at most so many (50)" },
	{ 0 },
};

const struct verb verb_alert = {
	.name = "alert",
	.arguments = "ack ID...|assign ID... NAME|handover|clocks|test ADDRESS|CHANNEL|log|resend ID",
	.summary = "who has to answer a finding, and who does",
	.text = "ack ID...: somebody has these findings, and what else waits of their campaigns; nobody is asked any further. "
		"assign ID... NAME: they are\n"
		"somebody's now, whoever had them. handover: what the next shift has to know: what nobody has answered, who "
		"has "
		"what, what came\n"
		"since the last hand-over, sources that are not well, mails that wait or will not go any more. clocks: how "
		"long it "
		"took from\n"
		"posted to seen, sent, acknowledged: medians. All acts are in custody.\n"
		"\n"
		"test ADDRESS|CHANNEL: send a letter the whole way and show what was said with the relay or the channel, "
		"without secrets;\n"
		"exit code 4 when it does not go. log: the letters, the newest first: sent, waiting, dead, and why. resend ID: "
		"one that is dead or "
		"waits is due\n"
		"now; one that went is sent once more.",
	.options = options,
	.least = 1,
	.most = -1,
	.run = alert_run,
};
