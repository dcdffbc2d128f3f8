/* model.h - a shift's screen without the screen: what is looked at, and what a key means there */
/* Runs in: verbs. Pure. */
#ifndef WATCHDESK_DESK_TRIAGE_MODEL_H
#define WATCHDESK_DESK_TRIAGE_MODEL_H

#include "base/limits.h"
#include "classify/severity.h"
#include "store/campaign.h"
#include "store/finding.h"
#include "store/queue.h"
#include "store/takedown.h"

/* Keys are Unicode characters, or these. */
enum {
	KEY_IS_UP = 0x110000,
	KEY_IS_DOWN,
	KEY_IS_PAGE_UP,
	KEY_IS_PAGE_DOWN,
	KEY_IS_HOME,
	KEY_IS_END,
	KEY_IS_ENTER,
	KEY_IS_BACK,  /* backspace */
	KEY_IS_LEAVE, /* escape, left */
};

enum triage_page { PAGE_QUEUE, PAGE_FINDING, PAGE_HELP };

/* What the next keys answer. */
enum triage_question {
	ASK_NOTHING,
	ASK_FILTER,  /* which part of the filter */
	ASK_ASSET,   /* typed: only about this asset */
	ASK_SOURCE,  /* typed: only of this source */
	ASK_NAME,    /* typed: who has it now */
	ASK_GROUNDS, /* of a takedown, by a key */
	ASK_RULE,    /* to be muted, by its number */
};

/* One finding with all around it. */
struct triage_sheet {
	struct finding_detail detail;
	struct queue_state state;
	struct str duty; /* in words; empty when nobody has to answer it */
	struct campaign_row campaign;
	struct campaign_finding *similar; /* those of its campaign, in time */
	size_t n_similar;
	struct takedown_row *takedowns;
	size_t n_takedowns;
	struct str *rules; /* that have hits in it, each once */
	bool *muted;	   /* is it muted for this source? */
	size_t n_rules;
};

enum triage_act_kind {
	ACT_NOTHING, /* only what is shown changed */
	ACT_LOAD,    /* the queue is wanted anew: the filter is another one, or a person asks */
	ACT_OPEN,    /* the finding under the cursor is wanted: PAGE_FINDING without a sheet */
	ACT_JUDGE,
	ACT_ACKNOWLEDGE,
	ACT_ASSIGN,
	ACT_TAKEDOWN,
	ACT_MUTE,
	ACT_UNDO,
	ACT_QUIT,
};

/* What a key asks for; acts are about the finding in front. */
struct triage_act {
	enum triage_act_kind kind;
	enum verdict verdict;
	struct str text; /* who has it, the grounds, the rule; lives in the model until the next key */
};

struct triage {
	enum triage_page page;
	enum triage_question question;
	struct queue_filter filter; /* its asset and source are those below */
	char asset[LIMIT_FIELD], source[LIMIT_FIELD];
	char typed[LIMIT_FIELD];
	size_t n_typed;
	/* What was loaded, borrowed. `more`: the queue is longer than what is here. */
	const struct queue_row *rows;
	size_t n_rows;
	bool more;
	const struct triage_sheet *sheet; /* NULL until the finding in front was loaded */
	size_t cursor, top, scroll;
	size_t page_lines; /* of what scrolls, as it was shown last */
	char said[600];	   /* of the last act, or of what others did */
};

/* What is not judged yet, of any severity. */
void triage_init(struct triage *t);
/* What a key asks for. */
struct triage_act triage_key(struct triage *t, uint32_t key);
/* Rows that were loaded: the cursor stays on its finding, else where it was. */
void triage_take_rows(struct triage *t, const struct queue_row *rows, size_t n, bool more);
/* The finding in front: under the cursor, or on the page; NULL for none. */
const struct queue_row *triage_front(const struct triage *t);
/* Say something about what was just done; cut to its room. */
void triage_say(struct triage *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
