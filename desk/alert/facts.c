/* facts.c - what a letter is about, one table for both ways */
#include "desk/alert/facts.h"

#include <stddef.h>

#include "base/json.h"
#include "base/json_tree.h"
#include "base/limits.h"
#include "desk/alert/sheet.h"

enum { NAME = 60, TITLE = 160, ADDRESS = 400, TERM = 300 }; /* characters, as letters have them */

static const struct {
	const char *name;
	size_t offset;
} members[] = {
	{ "finding", offsetof(struct facts, finding) },	  { "campaign", offsetof(struct facts, campaign) },
	{ "category", offsetof(struct facts, category) }, { "asset", offsetof(struct facts, asset) },
	{ "source", offsetof(struct facts, source) },	  { "title", offsetof(struct facts, title) },
	{ "address", offsetof(struct facts, address) },	  { "why", offsetof(struct facts, why) },
	{ "for", offsetof(struct facts, for_whom) },	  { "answers", offsetof(struct facts, answers) },
	{ "link", offsetof(struct facts, link) },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

struct facts facts_of(struct arena *a, const struct finding_detail *d, bool may_tell)
{
	const struct finding *f = &d->finding;
	struct facts out = {
		.severity = f->severity,
		.finding = f->public_id,
		.campaign = f->campaign,
		.category = f->category,
		.asset = sheet_harmless(a, f->asset, NAME),
		.source = sheet_harmless(a, f->source, NAME),
	};

	if (d->n_terms)
		out.why = sheet_harmless(a, d->terms[d->n_terms > 1], TERM);
	if (may_tell) {
		out.title = sheet_harmless(a, f->title, TITLE);
		out.address = sheet_harmless(a, f->url, ADDRESS);
	}
	return out;
}

struct str facts_put(struct arena *a, const struct facts *f)
{
	AUTO(buf) out = BUF_INIT(LIMIT_LETTER / 8);
	struct json_writer w = { .out = &out };

	json_open(&w, NULL, '{');
	json_put_int(&w, "severity", f->severity);
	if (f->step)
		json_put_int(&w, "step", f->step);
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct str *s = (const void *)((const char *)f + members[i].offset);

		if (s->n)
			json_put_text(&w, members[i].name, *s);
	}
	json_close(&w, '}');
	return arena_copy(a, buf_str(&out));
}

static int64_t number_of(const struct json_node *object, const char *name, uint64_t most, int64_t otherwise)
{
	const struct json_node *node = json_tree_member(object, str_of(name));
	uint64_t n;

	return node && str_number(json_tree_text(node), most, &n) ? (int64_t)n : otherwise;
}

struct facts facts_take(struct arena *a, struct str json)
{
	struct facts f = { .severity = -1 };
	struct json_node *object;
	struct err why;

	if (json.n == 0 || json_tree_read(a, json, &object, &why) < 0 || object->kind != JSON_IS_OBJECT)
		return f;
	f.severity = (int)number_of(object, "severity", 100, -1);
	f.step = number_of(object, "step", 1000000, 0);
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct json_node *node = json_tree_member(object, str_of(members[i].name));

		if (node && node->kind == JSON_IS_TEXT)
			*(struct str *)(void *)((char *)&f + members[i].offset) = node->text;
	}
	return f;
}
