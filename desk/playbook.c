/* playbook.c - what to do about a finding */
#include "desk/playbook.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "classify/classify.h"
#include "desk/print.h"

#define SHIPPED "desk/playbooks/"
#define ENDING	".yaml"

struct playbook_rows {
	struct yaml_text title;
	const struct yaml *when, *steps;
};

static const struct yaml_field playbook_fields[] = {
	{ "title", YAML_TEXT, offsetof(struct playbook_rows, title), .required = true, .like = "Threat to life" },
	{ "when", YAML_MAP, offsetof(struct playbook_rows, when), .required = true, .like = "{categories: [violence]}" },
	{ "steps", YAML_LIST, offsetof(struct playbook_rows, steps), .required = true, .like = "[{id: call, words: Call.}]" },
	{ 0 },
};

static const struct yaml_field when_fields[] = {
	{ "categories", YAML_TEXTS, offsetof(struct playbook, categories) },
	{ "severity", YAML_INT, offsetof(struct playbook, severity), .least = 0, .most = 100 },
	{ "kinds", YAML_TEXTS, offsetof(struct playbook, kinds) },
	{ 0 },
};

struct step_rows {
	struct yaml_text id, words, command, letter;
	int contacts;
};

static const char *const contact_kinds[] = { "none", "police", NULL };

static const struct yaml_field step_fields[] = {
	{ "id", YAML_TEXT, offsetof(struct step_rows, id), .required = true, .like = "police" },
	{ "words", YAML_TEXT, offsetof(struct step_rows, words), .required = true, .like = "Call the police." },
	{ "command", YAML_TEXT, offsetof(struct step_rows, command) },
	{ "letter", YAML_TEXT, offsetof(struct step_rows, letter) },
	{ "contacts", YAML_CHOICE, offsetof(struct step_rows, contacts), .choices = contact_kinds },
	{ 0 },
};

static const struct yaml_field police_fields[] = {
	{ "jurisdiction", YAML_TEXT, offsetof(struct police_contact, jurisdiction), .required = true, .like = "Berlin" },
	{ "name", YAML_TEXT, offsetof(struct police_contact, name), .required = true, .like = "state police, duty desk" },
	{ "contact", YAML_TEXT, offsetof(struct police_contact, contact), .required = true,
	  .like = "the number that you call" },
	{ 0 },
};

/* One line, whatever stood there. */
static void put_line(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_add_char(out, (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i]);
}

static void put_or(struct buf *out, struct str s, const char *otherwise)
{
	put_line(out, s.n ? s : str_of(otherwise));
}

static void put_time(struct buf *out, int64_t at, bool known)
{
	char text[CLOCK_TEXT];

	buf_add(out, known ? str_of(clock_rfc3339(at, text)) : STR("not known"));
}

static void put_police(struct buf *out, const struct playbooks *all)
{
	for (size_t i = 0; i < all->n_police; i++) {
		const struct police_contact *p = &all->police[i];

		buf_add(out, i ? STR("\n") : STR(""));
		put_line(out, p->jurisdiction.text);
		buf_add(out, STR(": "));
		put_line(out, p->name.text);
		buf_add(out, STR(", "));
		put_line(out, p->contact.text);
	}
	if (all->n_police == 0)
		buf_add(out, STR("(none is named under `police:` in the configuration)"));
}

enum fact {
	FACT_ORGANISATION,
	FACT_CONTACT,
	FACT_TODAY,
	FACT_FINDING,
	FACT_URL,
	FACT_SOURCE,
	FACT_AUTHOR,
	FACT_ASSET,
	FACT_CATEGORY,
	FACT_SEVERITY,
	FACT_POSTED_AT,
	FACT_FIRST_AWARE_AT,
	FACT_LAST_SEEN,
	FACT_SHA256,
	FACT_POLICE,
	FACTS,
};

static const char *const fact_names[FACTS] = { "organisation", "contact",	 "today",     "finding",  "url",
					       "source",       "author",	 "asset",     "category", "severity",
					       "posted_at",    "first_aware_at", "last_seen", "sha256",	  "police" };

static void put_fact(struct buf *out, enum fact fact, const struct playbook_facts *x)
{
	const struct finding *f = &x->finding->finding;
	char text[DIGEST_HEX]; /* longer than a time */

	switch (fact) {
	case FACT_ORGANISATION:
		put_line(out, x->all->organisation);
		return;
	case FACT_CONTACT:
		put_line(out, x->all->contact);
		return;
	case FACT_TODAY:
		buf_add(out, str_slice(str_of(clock_rfc3339(x->now, text)), 0, 10));
		return;
	case FACT_FINDING:
		put_line(out, f->public_id);
		return;
	case FACT_URL:
		put_or(out, f->url, "not known");
		return;
	case FACT_SOURCE:
		put_line(out, f->source);
		return;
	case FACT_AUTHOR:
		put_or(out, f->author, "not known");
		return;
	case FACT_ASSET:
		put_or(out, f->asset, "none that we protect by name");
		return;
	case FACT_CATEGORY:
		put_line(out, f->category);
		return;
	case FACT_SEVERITY:
		buf_printf(out, "%d", f->severity);
		return;
	case FACT_POSTED_AT:
		put_time(out, f->posted_at, f->posted_precision != 0);
		return;
	case FACT_FIRST_AWARE_AT:
		put_time(out, x->first_aware_at, x->first_aware_at != 0);
		return;
	case FACT_LAST_SEEN:
		put_time(out, f->last_seen, true);
		return;
	case FACT_SHA256:
		buf_add(out, str_of(digest_hex(x->text, DIGEST_BYTES, text)));
		return;
	case FACT_POLICE:
		put_police(out, x->all);
		return;
	case FACTS:
		return;
	}
}

/* The next name in braces: what stands before it, and which it is (FACTS: none of ours). False when there is none. */
static bool next_name(struct str *rest, struct str *before, struct str *name, enum fact *fact)
{
	ssize_t open = str_find(*rest, STR("{")), close;
	int i = 0;

	*before = open < 0 ? *rest : str_slice(*rest, 0, (size_t)open);
	close = open < 0 ? -1 : str_find(str_slice(*rest, (size_t)open, rest->n), STR("}"));
	if (close < 0) {
		*before = *rest;
		return false;
	}
	*name = str_slice(*rest, (size_t)open + 1, (size_t)(open + close));
	*rest = str_slice(*rest, (size_t)(open + close) + 1, rest->n);
	while (i < FACTS && !str_eq(*name, str_of(fact_names[i])))
		i++;
	*fact = (enum fact)i;
	return true;
}

void playbook_fill(struct buf *out, struct str text, const struct playbook_facts *facts)
{
	struct str before, name;
	enum fact fact;

	while (next_name(&text, &before, &name, &fact)) {
		buf_add(out, before);
		put_fact(out, fact, facts);
	}
	buf_add(out, before);
}

static int names_check(struct yaml_text text, struct err *err)
{
	struct str rest = text.text, before, name;
	enum fact fact;

	while (next_name(&rest, &before, &name, &fact))
		if (fact == FACTS)
			return yaml_wrong(
				err, text,
				"a text has {%.*s}, expected one of organisation, contact, today, finding, url, source, "
				"author, asset, category, severity, posted_at, first_aware_at, last_seen, sha256, police",
				STR_ARG(str_slice(name, 0, 40)));
	return 0;
}

static const struct playbook_step *step_named(const struct playbook *p, struct str id)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->steps[i].id.text, id))
			return &p->steps[i];
	return NULL;
}

static int step_read(const struct yaml *item, struct arena *a, struct playbook *p, struct err *err)
{
	struct step_rows rows = { 0 };

	if (yaml_read(item, step_fields, &rows, a, err) < 0 || names_check(rows.words, err) < 0 ||
	    names_check(rows.command, err) < 0 || names_check(rows.letter, err) < 0)
		return err->code;
	if (rows.id.text.n == 0 || str_find(rows.id.text, STR("/")) >= 0 || step_named(p, rows.id.text))
		return yaml_wrong(err, rows.id, "the step \"%.*s\", expected an id of its own for each, without a slash",
				  STR_ARG(str_slice(rows.id.text, 0, 40)));
	p->steps[p->n++] = (struct playbook_step){ rows.id, rows.words, rows.command, rows.letter, rows.contacts == 1 };
	return 0;
}

static int categories_check(const struct playbook *p, struct err *err)
{
	for (size_t i = 0; i < p->categories.n; i++) {
		int k = 0;

		while (k < CATEGORIES && !str_eq(p->categories.items[i].text, str_of(category_names[k])))
			k++;
		if (k == CATEGORIES)
			return yaml_wrong(err, p->categories.items[i],
					  "no category is called %.*s, expected violence, extortion, leak or dox",
					  STR_ARG(str_slice(p->categories.items[i].text, 0, 40)));
	}
	return 0;
}

/* `file` and `text` outlive it. */
static int playbook_read(struct str text, const char *file, struct arena *a, struct playbook *p, struct err *err)
{
	const struct yaml *y = yaml_parse(a, text, file, err);
	struct playbook_rows rows = { 0 };
	size_t n;

	if (!y || yaml_read(y, playbook_fields, &rows, a, err) < 0 || yaml_read(rows.when, when_fields, p, a, err) < 0 ||
	    categories_check(p, err) < 0)
		return err->code;
	n = yaml_count(rows.steps);
	if (n == 0 || n > LIMIT_STEPS)
		return yaml_wrong(err, rows.title, "the playbook has %zu steps, expected 1 to %d", n, LIMIT_STEPS);
	p->title = rows.title;
	p->steps = arena_alloc(a, n * sizeof(*p->steps));
	for (size_t i = 0; i < n; i++)
		if (step_read(yaml_item(rows.steps, i), a, p, err) < 0)
			return err->code;
	return 0;
}

/* In the place of the one with its name, or behind the last. */
static int playbook_add(struct playbooks *all, const struct playbook *p, struct arena *a)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].name, p->name)) {
			all->items[i] = *p;
			return 0;
		}
	*(struct playbook *)arena_push(a, &all->items, &all->n, sizeof(*all->items)) = *p;
	return 0;
}

static int shipped_read(struct arena *a, struct playbooks *all, struct err *err)
{
	const struct embed *file;

	for (size_t i = 0; (file = embed_below(SHIPPED, i)); i++) {
		struct str name = str_of(file->path + strlen(SHIPPED));
		struct playbook p = { .name = str_slice(name, 0, name.n - strlen(ENDING)) };

		if (playbook_read(file->content, file->path, a, &p, err) < 0)
			return err->code;
		playbook_add(all, &p, a);
	}
	return 0;
}

static int own_read(const char *folder, struct str name, struct arena *a, struct playbooks *all, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_CONFIG);
	const char *path = arena_printf(a, "%s/%.*s", folder, STR_ARG(name)).p;
	struct playbook p = { .name = arena_copy(a, str_slice(name, 0, name.n - strlen(ENDING))), .own = true };

	if (file_read(path, &text, err) < 0 || playbook_read(arena_copy(a, buf_str(&text)), path, a, &p, err) < 0)
		return err->code;
	return playbook_add(all, &p, a);
}

static int folder_read_all(const char *folder, struct arena *a, struct playbooks *all, struct err *err)
{
	AUTO(buf) names = BUF_INIT(MIB(1));
	struct str rest, name;

	if (file_names(folder, &names, err) < 0)
		return err->code;
	rest = buf_str(&names);
	while (rest.n && str_split(&rest, '\0', &name)) {
		if (!str_ends(name, STR(ENDING)))
			continue;
		if (all->n >= LIMIT_PLAYBOOKS)
			return err_set(err, E_USAGE, "%s has more than %d playbooks", folder, LIMIT_PLAYBOOKS);
		if (own_read(folder, name, a, all, err) < 0)
			return err->code;
	}
	return 0;
}

static int police_read(const struct yaml *list, struct arena *a, struct playbooks *all, struct err *err)
{
	size_t n = list ? yaml_count(list) : 0;

	if (n > LIMIT_STEPS)
		return yaml_wrong(err, yaml_place(list), "%zu contacts of the police, expected at most %d", n, LIMIT_STEPS);
	all->police = arena_alloc(a, n * sizeof(*all->police));
	memset(all->police, 0, n * sizeof(*all->police));
	for (; all->n_police < n; all->n_police++)
		if (yaml_read(yaml_item(list, all->n_police), police_fields, &all->police[all->n_police], a, err) < 0)
			return err->code;
	return 0;
}

int playbooks_read(const char *folder, const struct yaml *police, struct arena *a, struct playbooks *out, struct err *err)
{
	*out = (struct playbooks){ 0 };
	if (shipped_read(a, out, err) < 0 || (folder && folder_read_all(folder, a, out, err) < 0))
		return err->code;
	return police_read(police, a, out, err);
}

static bool is_among(struct str s, const struct yaml_texts *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i].text, s))
			return true;
	return list->n == 0;
}

bool playbook_applies(const struct playbook *p, const struct finding_detail *d)
{
	bool has = p->kinds.n == 0;

	for (size_t i = 0; i < d->said.n_hits && !has; i++)
		has = is_among(d->said.hits[i].kind, &p->kinds);
	return has && d->finding.severity >= p->severity && is_among(d->finding.category, &p->categories);
}

int playbook_find(const struct playbooks *all, const struct finding_detail *d, struct str step,
		  const struct playbook **playbook, const struct playbook_step **out, struct err *err)
{
	ssize_t slash = str_find(step, STR("/"));
	struct str of = slash < 0 ? STR("") : str_slice(step, 0, (size_t)slash);
	int found = 0;

	step = slash < 0 ? step : str_slice(step, (size_t)slash + 1, step.n);
	for (size_t i = 0; i < all->n; i++) {
		const struct playbook_step *s = step_named(&all->items[i], step);

		if (!s || (of.n ? !str_eq(of, all->items[i].name) : !playbook_applies(&all->items[i], d)))
			continue;
		*playbook = &all->items[i];
		*out = s;
		found++;
	}
	if (found == 1)
		return 0;
	return err_set(err, E_USAGE, "%s has a step %.*s; `watchdesk playbook %.8s` shows them%s",
		       found ? "more than one playbook" : "no playbook of this finding", STR_ARG(str_slice(step, 0, 60)),
		       d->finding.public_id.p, found ? ", write PLAYBOOK/STEP" : "");
}

static const struct tick *tick_for(const struct tick *ticks, size_t n, const struct playbook *p, const struct playbook_step *s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(ticks[i].playbook, p->name) && str_eq(ticks[i].step, s->id.text))
			return &ticks[i];
	return NULL;
}

/* A line below a step, filled. */
static void line(const char *before, struct str text, const struct playbook_facts *facts)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct str rest, one;

	playbook_fill(&out, text, facts);
	rest = buf_str(&out);
	while (rest.n && str_split(&rest, '\n', &one)) {
		print("%s", before);
		print_text(one, false, 0);
		print("\n");
	}
}

static void step_show(const struct playbook *p, const struct playbook_step *s, const struct tick *t,
		      const struct playbook_facts *facts)
{
	char at[32];

	print("  [%s] %-12.*s ", t && t->done ? "x" : " ", STR_ARG(s->id.text));
	line("", s->words.text, facts);
	if (t) {
		print("      %s by ", t->done ? "done" : "taken back");
		print_text(t->operator_name, false, 0);
		print(", %s UTC%s", print_time(t->at, at), t->note.n ? ": " : "");
		print_text(t->note, false, 0);
		print("\n");
	}
	if (s->police)
		line("      ", STR("{police}"), facts);
	if (s->command.text.n)
		line("      $ ", s->command.text, facts);
	if (s->letter.text.n)
		print("      $ watchdesk playbook letter %.8s %.*s/%.*s\n", facts->finding->finding.public_id.p,
		      STR_ARG(p->name), STR_ARG(s->id.text));
}

static const struct playbook *playbook_named(const struct playbooks *all, struct str name)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].name, name))
			return &all->items[i];
	return NULL;
}

int playbook_say(const struct playbooks *all, struct store *s, const struct finding_detail *d, struct arena *a, struct tick *t,
		 struct err *err)
{
	struct playbook_facts facts = { .all = all, .finding = d, .now = t->at };
	const struct playbook *playbook = playbook_named(all, t->playbook);
	const struct playbook_step *step = playbook ? step_named(playbook, t->step) : NULL;
	AUTO(buf) words = BUF_INIT(KIB(64));

	if (!step)
		return 0;
	if (finding_aware(s, d->finding.id, &facts.first_aware_at, facts.text, err) < 0)
		return err->code;
	playbook_fill(&words, step->words.text, &facts);
	t->step = arena_copy(a, buf_str(&words));
	t->playbook = playbook->title.text;
	return 0;
}

struct str playbooks_said(const struct playbooks *all, struct arena *a)
{
	AUTO(buf) out = BUF_INIT(MIB(1));

	buf_printf(&out, "%.*s %.*s\n", STR_ARG(all->organisation), STR_ARG(all->contact));
	for (size_t i = 0; i < all->n_police; i++)
		buf_printf(&out, "%.*s %.*s %.*s\n", STR_ARG(all->police[i].jurisdiction.text),
			   STR_ARG(all->police[i].name.text), STR_ARG(all->police[i].contact.text));
	for (size_t i = 0; i < all->n; i++) {
		buf_printf(&out, "%.*s %.*s\n", STR_ARG(all->items[i].name), STR_ARG(all->items[i].title.text));
		for (size_t k = 0; k < all->items[i].n; k++)
			buf_printf(&out, "%.*s %.*s\n", STR_ARG(all->items[i].steps[k].id.text),
				   STR_ARG(all->items[i].steps[k].words.text));
	}
	return arena_copy(a, buf_str(&out));
}

void playbook_show(const struct playbook_facts *facts, const struct tick *ticks, size_t n)
{
	for (size_t i = 0; i < facts->all->n; i++) {
		const struct playbook *p = &facts->all->items[i];

		if (!playbook_applies(p, facts->finding))
			continue;
		print("\n%sWhat to do: %.*s%s (%.*s)\n", style("1"), STR_ARG(p->title.text), style(""), STR_ARG(p->name));
		for (size_t k = 0; k < p->n; k++)
			step_show(p, &p->steps[k], tick_for(ticks, n, p, &p->steps[k]), facts);
	}
}

static void put_filled(struct json_writer *w, const char *key, struct str text, const struct playbook_facts *facts)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);

	if (text.n == 0)
		return;
	playbook_fill(&out, text, facts);
	json_put_text(w, key, buf_str(&out));
}

static void step_put(struct json_writer *w, const struct playbook_step *s, const struct tick *t,
		     const struct playbook_facts *facts)
{
	json_open(w, NULL, '{');
	json_put_text(w, "id", s->id.text);
	put_filled(w, "words", s->words.text, facts);
	put_filled(w, "command", s->command.text, facts);
	if (s->police)
		put_filled(w, "police", STR("{police}"), facts);
	json_put_bool(w, "letter", s->letter.text.n > 0);
	json_put_bool(w, "done", t && t->done);
	if (t) {
		json_put_text(w, "operator", t->operator_name);
		json_put_time(w, "at", t->at);
		json_put_text(w, "note", t->note);
	}
	json_close(w, '}');
}

void playbook_put(struct json_writer *w, const struct playbook_facts *facts, const struct tick *ticks, size_t n)
{
	json_open(w, "playbooks", '[');
	for (size_t i = 0; i < facts->all->n; i++) {
		const struct playbook *p = &facts->all->items[i];

		if (!playbook_applies(p, facts->finding))
			continue;
		json_open(w, NULL, '{');
		json_put_text(w, "name", p->name);
		json_put_text(w, "title", p->title.text);
		json_open(w, "steps", '[');
		for (size_t k = 0; k < p->n; k++)
			step_put(w, &p->steps[k], tick_for(ticks, n, p, &p->steps[k]), facts);
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
}
