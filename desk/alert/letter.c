/* letter.c - a mail as JSON, one table for both ways */
#include "desk/alert/letter.h"

#include "base/json.h"
#include "base/json_tree.h"
#include "base/limits.h"
#include "base/utf8.h"

/* A member that is a text. */
struct member {
	const char *name;
	size_t offset;
};

static const struct member members[] = {
	{ "subject", offsetof(struct letter, subject) },   { "text", offsetof(struct letter, text) },
	{ "html", offsetof(struct letter, html) },	   { "references", offsetof(struct letter, references) },
	{ "reply_to", offsetof(struct letter, reply_to) }, { "from_name", offsetof(struct letter, from_name) },
	{ "list_id", offsetof(struct letter, list_id) },   { "unsubscribe", offsetof(struct letter, unsubscribe) },
	{ "facts", offsetof(struct letter, facts) },	   { "sealed", offsetof(struct letter, sealed) },
};

static const struct member file_members[] = {
	{ "name", offsetof(struct letter_attachment, name) },
	{ "type", offsetof(struct letter_attachment, type) },
	{ "content", offsetof(struct letter_attachment, content) },
	{ "coding", offsetof(struct letter_attachment, coding) },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]), FILE_MEMBERS = sizeof(file_members) / sizeof(file_members[0]) };

static void put_members(struct json_writer *w, const struct member *rows, size_t n, const void *whose)
{
	for (size_t i = 0; i < n; i++) {
		const struct str *s = (const void *)((const char *)whose + rows[i].offset);

		if (s->n)
			json_put_text(w, rows[i].name, *s);
	}
}

void letter_put(struct buf *out, const struct letter *l)
{
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	put_members(&w, members, MEMBERS, l);
	if (l->auto_submitted)
		json_put_bool(&w, "auto_submitted", true);
	if (l->n_attachments)
		json_open(&w, "attachments", '[');
	for (size_t i = 0; i < l->n_attachments; i++) {
		json_open(&w, NULL, '{');
		put_members(&w, file_members, FILE_MEMBERS, &l->attachments[i]);
		json_close(&w, '}');
	}
	if (l->n_attachments)
		json_close(&w, ']');
	json_close(&w, '}');
}

static int take_members(const struct json_node *object, const struct member *rows, size_t n, void *whose, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct json_node *node = json_tree_member(object, str_of(rows[i].name));

		if (!node)
			continue;
		if (node->kind != JSON_IS_TEXT)
			return err_set(err, E_BAD, "a letter whose %s is no text", rows[i].name);
		*(struct str *)(void *)((char *)whose + rows[i].offset) = node->text;
	}
	return 0;
}

static int take_files(struct arena *a, const struct json_node *list, struct letter *l, struct err *err)
{
	const struct json_node *node;

	if (!list)
		return 0;
	if (list->kind != JSON_IS_ARRAY || list->n > LIMIT_LETTER_FILES)
		return err_set(err, E_BAD, "a letter whose attachments are no list of at most %d", LIMIT_LETTER_FILES);
	l->attachments = arena_alloc(a, list->n * sizeof(*l->attachments));
	for (node = list->n ? list->first : NULL; node; node = node->next)
		if (take_members(node, file_members, FILE_MEMBERS, &l->attachments[l->n_attachments++], err) < 0)
			return err->code;
	return 0;
}

int letter_take(struct arena *a, struct str content, struct letter *out, struct err *err)
{
	const struct json_node *automatic;
	struct json_node *object;
	struct letter l = { 0 };
	struct err why = { 0 };

	if (!utf8_is_clean(content) || content.n > LIMIT_LETTER)
		return err_set(err, E_BAD, "a letter that is no text of at most %zu bytes", LIMIT_LETTER);
	if (json_tree_read(a, content, &object, &why) < 0 || object->kind != JSON_IS_OBJECT)
		return err_set(err, E_BAD, "a letter that is no JSON object: %.200s", why.text);
	if (take_members(object, members, MEMBERS, &l, &why) < 0 ||
	    take_files(a, json_tree_member(object, STR("attachments")), &l, &why) < 0)
		return err_set(err, why.code, "%s", why.text);
	if (l.text.n == 0)
		return err_set(err, E_BAD, "a letter without text");
	automatic = json_tree_member(object, STR("auto_submitted"));
	l.auto_submitted = automatic && str_eq(json_tree_text(automatic), STR("true"));
	*out = l;
	return 0;
}
