/* takedown.c - `watchdesk takedown`: what is asked of hosts, from the first notice to gone */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "desk/takedown/work.h"

static void template_line(const struct notice_template *t)
{
	print("%-22.*s %.*s  ", STR_ARG(t->name), STR_ARG(t->language));
	print_text(t->title.text, false, 0);
	print(t->own ? "  (your own)\n" : "\n");
}

static void template_json(const struct notice_template *t)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "name", t->name);
	json_put_text(&w, "language", t->language);
	json_put_text(&w, "title", t->title.text);
	json_open(&w, "grounds", '[');
	for (int i = 0; i < TAKEDOWN_GROUNDS; i++)
		if (t->grounds & (1u << i))
			json_put_text(&w, NULL, str_of(takedown_grounds[i].name));
	json_close(&w, ']');
	json_put_bool(&w, "own", t->own);
	json_close(&w, '}');
	print_json(&out);
}

/* Which notices there are, in which languages. */
static int templates(struct takedown_work *x, struct err *err)
{
	const struct notice_templates *all = x->config->takedowns->notices;

	(void)err;
	for (size_t i = 0; i < all->n; i++)
		(x->i->json ? template_json : template_line)(&all->items[i]);
	return 0;
}

enum manner {
	READS,
	CHANGES, /* in one transaction */
	WRITES,	 /* begins its own */
	ALONE,	 /* opens the store itself */
};

static const struct act {
	const char *word, *usage;
	int least, most; /* arguments, with the word */
	enum manner manner;
	takedown_act_fn *run;
} acts[] = {
	{ "open", "open FINDING|CAMPAIGN --grounds GROUNDS", 2, 2, CHANGES, takedown_act_open },
	{ "list", "list [--state STATE] [--overdue]", 1, 1, READS, takedown_act_list },
	{ "show", "show ID", 2, 2, READS, takedown_act_show },
	{ "target", "target ID URL...", 3, INT32_MAX, CHANGES, takedown_act_target },
	{ "set", "set ID NAME=VALUE...", 3, INT32_MAX, CHANGES, takedown_act_set },
	{ "facts", "facts [ID]", 1, 2, READS, takedown_act_facts },
	{ "count", "count ID [--language LANGUAGE] [--list FILE] [--key FILE]", 2, 2, WRITES, takedown_act_count },
	{ "note", "note ID TEXT", 3, 3, CHANGES, takedown_act_note },
	{ "templates", "templates", 1, 1, ALONE, templates },
	{ "draft", "draft ID [URL...] --template NAME", 2, INT32_MAX, CHANGES, takedown_act_draft },
	{ "text", "text NOTICE", 2, 2, READS, takedown_act_text },
	{ "edit", "edit NOTICE [--file FILE] [--again]", 2, 2, WRITES, takedown_act_edit },
	{ "missing", "missing NOTICE", 2, 2, READS, takedown_act_missing },
	{ "approve", "approve NOTICE [--key FILE]", 2, 2, CHANGES, takedown_act_approve },
	{ "send", "send NOTICE", 2, 2, CHANGES, takedown_act_send },
	{ "sent", "sent NOTICE [--receipt TEXT]", 2, 2, CHANGES, takedown_act_sent },
	{ "answer", "answer NOTICE --kind KIND --file FILE", 2, 2, CHANGES, takedown_act_answer },
	{ "state", "state ID URL STATE [--note TEXT]", 4, 4, CHANGES, takedown_act_state },
	{ "recheck", "recheck ID", 2, 2, CHANGES, takedown_act_recheck },
	{ "close", "close ID --note TEXT", 2, 2, CHANGES, takedown_act_close },
	{ "contacts", "contacts URL|HOST [--address ADDRESS], or contacts --refresh [URL]", 1, 2, ALONE,
	  takedown_act_contacts },
	{ "numbers", "numbers", 1, 1, READS, takedown_act_numbers },
	{ "lumen", "lumen", 1, 1, READS, takedown_act_lumen },
	{ "export", "export ID --output FOLDER [--key FILE]", 2, 2, WRITES, takedown_act_export },
};

enum { ACTS = sizeof(acts) / sizeof(acts[0]) };

static void tell(struct takedown_work *x)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	if (x->said.n == 0)
		return;
	if (!x->i->json) {
		print_text(buf_str(&x->said), true, 0);
		return;
	}
	json_open(&w, NULL, '{');
	if (x->takedown.n)
		json_put_text(&w, "takedown", x->takedown);
	if (x->notice.n)
		json_put_text(&w, "notice", x->notice);
	json_put_text(&w, "said", str_trim(buf_str(&x->said)));
	json_close(&w, '}');
	print_json(&out);
}

static int run(struct takedown_work *x, const struct act *its, struct err *err)
{
	int result;

	if (its->manner == CHANGES && store_begin(x->store, err) < 0)
		return err->code;
	result = its->run(x, err);
	if (result < 0 && its->manner == CHANGES)
		store_rollback(x->store);
	if (result < 0)
		return result;
	if (its->manner == CHANGES && store_commit(x->store, err) < 0)
		return err->code;
	tell(x);
	return result;
}

static const struct act *act_named(const char *word)
{
	for (size_t k = 0; k < ACTS; k++)
		if (strcmp(acts[k].word, word) == 0)
			return &acts[k];
	return NULL;
}

static int takedown_run(const struct invocation *i, struct err *err)
{
	const struct act *its = act_named(i->arguments[0]);
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(store) store = NULL;
	struct takedown_work x = {
		.i = i, .config = config, .a = a, .who = user_name(a), .now = clock_now_us(), .said = BUF_INIT(LIMIT_LETTER)
	};
	int result;

	if (!config)
		return err->code;
	if (!its || i->n < its->least || i->n > its->most)
		return err_set(err, E_USAGE, "expected watchdesk takedown %s",
			       its ? its->usage
				   : "open, list, show, target, set, facts, count, note, templates, draft, text, edit, "
				     "missing, approve, "
				     "send, sent, answer, state, recheck, close, contacts, numbers, lumen or export");
	if (its->manner != ALONE)
		store = x.store = store_open(&config->store, its->manner == READS ? STORE_READ : STORE_WRITE, err);
	result = store || its->manner == ALONE ? run(&x, its, err) : err->code;
	buf_release(&x.said);
	return result;
}

static const struct option_row options[] = {
	{ "grounds", "GROUNDS", "of open: threat, credentials, personal-data, copyright, trade-secret, impersonation" },
	{ "state", "STATE", "of list: open or closed cases, or those with an address in this state" },
	{ "overdue", NULL, "of list: those that wait for longer than is usual" },
	{ "template", "NAME", "of draft: which notice" },
	{ "language", "LANGUAGE", "of draft and count: en, de, fr, es (what the host's card prefers)" },
	{ "to", "ADDRESS", "of draft and edit: to whom, or the name of a card (whom the host's card names)" },
	{ "form", NULL, "of draft: a person fills in the host's form" },
	{ "post", NULL, "of draft: a person sends it on paper to --to" },
	{ "host", "HOST", "of draft: about the addresses at this host" },
	{ "file", "FILE", "of edit and answer: the text, - for standard input" },
	{ "subject", "TEXT", "of edit: another subject" },
	{ "again", NULL, "of edit: written anew from its template, with the facts of now" },
	{ "key", "FILE", "of approve: sign with this Ed25519 key (PEM); of export and count: the evidence key" },
	{ "list", "FILE", "of count: your own people, as of `affected`" },
	{ "receipt", "TEXT", "of sent: what the form or the post office said" },
	{ "kind", "KIND", "of answer: receipt, answer or refused" },
	{ "note", "TEXT", "of state and close: why; it goes into custody" },
	{ "address", "ADDRESS", "of contacts: of the server, when it is known otherwise" },
	{ "refresh", NULL, "of contacts: take IANA's lists of registries" },
	{ "output", "FOLDER", "of export: where to; empty, or a new one" },
	{ 0 },
};

const struct verb verb_takedown = {
	.name = "takedown",
	.arguments = "ACT [ID] ...",
	.summary = "ask hosts to take a text down: draft, approve, send, answers, until it is gone",
	.text = "A case is opened of a finding or campaign (open) and has addresses (target), facts that only people know "
		"(set, "
		"facts) and notes\n(note); count opens the sealed text and counts whose data are in it, for a breach "
		"worksheet. "
		"contacts asks the host and the registries\nwho may be written to. draft writes a notice from a template to "
		"whom the "
		"host's card names; edit changes it, text writes it out,\nmissing says what the law or the host still "
		"requires. "
		"approve: you stand for it as it is; an edit voids that. Nothing leaves without\nas many approvals, by "
		"different "
		"people and keys, as the configuration asks for. send puts it into the outbox; of a form or\na letter it shows "
		"what "
		"to send, and sent says that a person did. Answers that come by mail are attached by the monitor,\nothers by "
		"answer. "
		"state says what became of an address, recheck has the monitor look now, close ends the case.\nshow and list: "
		"clocks, addresses, notices, answers; numbers: how long hosts take; export: all of a case for the police or a "
		"court.\nAll of it is in custody.",
	.options = options,
	.least = 1,
	.most = -1,
	.run = takedown_run,
};
