/* playbook.c - `watchdesk playbook`: what to do about a finding, and what of it was done */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/playbook.h"
#include "desk/verb.h"

/* What one invocation works with. */
struct work {
	const struct invocation *i;
	const struct config *config;
	struct store *store;
	struct arena *a;
	struct finding_detail finding;
	struct playbook_facts facts;
};

static void playbook_line(const struct playbook *p)
{
	print("%-24.*s  %2zu steps  from severity %lld%s  ", STR_ARG(p->name), p->n, (long long)p->severity,
	      p->own ? "  (your own)" : "");
	print_text(p->title.text, false, 0);
	print("\n");
}

static void playbook_json(const struct playbook *p)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "name", p->name);
	json_put_text(&w, "title", p->title.text);
	json_put_int(&w, "severity", p->severity);
	json_put_bool(&w, "own", p->own);
	json_open(&w, "steps", '[');
	for (size_t i = 0; i < p->n; i++)
		json_put_text(&w, NULL, p->steps[i].id.text);
	json_close(&w, ']');
	json_close(&w, '}');
	print_json(&out);
}

static int list(const struct config *c, bool json)
{
	for (size_t i = 0; i < c->playbooks->n; i++)
		(json ? playbook_json : playbook_line)(&c->playbooks->items[i]);
	return 0;
}

static int show(struct work *x, struct err *err)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	struct tick *ticks;
	bool any = false;
	size_t n;

	if (tick_list(x->store, x->finding.finding.id, x->a, &ticks, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < x->facts.all->n; i++)
		any |= playbook_applies(&x->facts.all->items[i], &x->finding);
	if (x->i->json) {
		json_open(&w, NULL, '{');
		json_put_text(&w, "id", x->finding.finding.public_id);
		playbook_put(&w, &x->facts, ticks, n);
		json_close(&w, '}');
		print_json(&out);
	} else if (any) {
		playbook_show(&x->facts, ticks, n);
	} else {
		print("no playbook is for this finding; `watchdesk playbook list` shows what there is\n");
	}
	return 0;
}

static int letter(struct work *x, struct err *err)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	const struct playbook *p;
	const struct playbook_step *s;

	if (playbook_find(x->facts.all, &x->finding, str_of(x->i->arguments[2]), &p, &s, err) < 0)
		return err->code;
	if (s->letter.text.n == 0)
		return err_set(err, E_USAGE, "the step %.*s has no letter", STR_ARG(s->id.text));
	playbook_fill(&out, s->letter.text, &x->facts);
	print_text(buf_str(&out), true, 0);
	print("\n");
	return 0;
}

static int set(struct work *x, bool done, struct err *err)
{
	const struct playbook *p;
	const struct playbook_step *s;
	struct tick t = { .done = done, .operator_name = user_name(x->a) };
	size_t replaced;
	int changed;

	if (playbook_find(x->facts.all, &x->finding, str_of(x->i->arguments[2]), &p, &s, err) < 0)
		return err->code;
	t.playbook = p->name;
	t.step = s->id.text;
	t.note = utf8_clean(x->a, str_of(option_of(x->i, "note")), &replaced);
	if (store_begin(x->store, err) < 0)
		return err->code;
	changed = tick_set(x->store, x->finding.finding.id, &t, x->facts.now, err);
	if (changed < 0) {
		store_rollback(x->store);
		return changed;
	}
	if (store_commit(x->store, err) < 0)
		return err->code;
	print("%.8s: %.*s of %.*s %s%s\n", x->finding.finding.public_id.p, STR_ARG(s->id.text), STR_ARG(p->name),
	      changed ? "is " : "was ",
	      done ? (changed ? "done" : "done already") : (changed ? "not done any more" : "not done"));
	return 0;
}

static int tick_it(struct work *x, struct err *err)
{
	return set(x, true, err);
}

static int untick_it(struct work *x, struct err *err)
{
	return set(x, false, err);
}

static const struct act {
	const char *word;
	bool changes;
	int (*run)(struct work *x, struct err *err);
} acts[] = { { "tick", true, tick_it }, { "untick", true, untick_it }, { "letter", false, letter } };

static int load(struct work *x, const char *id, struct err *err)
{
	int found = finding_load(x->store, str_of(id), x->a, &x->finding, err);

	if (found < 0)
		return found;
	if (found == 0)
		return err_set(err, E_USAGE, "no finding has the id %s; `watchdesk list` shows them", id);
	x->facts = (struct playbook_facts){ .all = x->config->playbooks, .finding = &x->finding, .now = clock_now_us() };
	return finding_aware(x->store, x->finding.finding.id, &x->facts.first_aware_at, x->facts.text, err);
}

static int playbook_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO_FREE(store) store = NULL;
	struct work x = { .i = i, .config = config, .a = a };
	const struct act *its = NULL;

	if (!config)
		return err->code;
	if (i->n == 1 && strcmp(i->arguments[0], "list") == 0)
		return list(config, i->json);
	for (size_t k = 0; k < sizeof(acts) / sizeof(acts[0]); k++)
		if (strcmp(i->arguments[0], acts[k].word) == 0)
			its = &acts[k];
	if (its ? i->n != 3 : i->n != 1)
		return err_set(err, E_USAGE,
			       "expected watchdesk playbook list, ID, tick ID STEP, untick ID STEP or letter ID STEP");
	store = x.store = store_open(&config->store, its && its->changes ? STORE_WRITE : STORE_READ, err);
	if (!store || load(&x, i->arguments[its ? 1 : 0], err) < 0)
		return err->code;
	return its ? its->run(&x, err) : show(&x, err);
}

static const struct option_row options[] = {
	{ "note", "TEXT", "of tick and untick: what was done, said or agreed" },
	{ 0 },
};

const struct verb verb_playbook = {
	.name = "playbook",
	.arguments = "list|ID|tick ID STEP|untick ID STEP|letter ID STEP",
	.summary = "what to do about a finding, and what of it was done",
	.text = "With an id: the steps of the playbooks for this finding, chosen by its category, severity and kinds of data, "
		"with "
		"who did what\nand when. tick and untick say so, with your name, in custody. letter writes a step's letter "
		"with the "
		"finding's facts to standard\noutput, for you to read and send. STEP is an id, or PLAYBOOK/STEP. Your own "
		"playbooks "
		"stand in the folder `playbooks:`.",
	.options = options,
	.least = 1,
	.most = 3,
	.run = playbook_run,
};
