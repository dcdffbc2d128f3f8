/* soft.c - pages that come in the place of what was asked for */
#include "crawler/extract/soft.h"

#include "base/limits.h"
#include "crawler/extract/text.h"

enum {
	SHORT = 4000, /* bytes of text; such a page has little to say */
	BARE = 800,   /* such a one has nothing else to say: a forum has a login form and a captcha in the foot of each page */
};

/* What there is to look at. */
struct look {
	const struct _xmlNode *root;
	struct str title, text; /* text: empty when there is much of it */
};

static bool has_phrase(struct str text, const struct yaml_texts *phrases)
{
	for (size_t i = 0; i < phrases->n; i++)
		if (str_find_nocase(text, phrases->items[i].text) >= 0)
			return true;
	return false;
}

/* In an attribute that names things or leads somewhere. */
static bool has_mark(const struct _xmlNode *root, const struct yaml_texts *marks)
{
	static const char *const names[] = { "id", "class", "src", "href", "action" };
	struct str value;

	if (marks->n == 0)
		return false;
	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (tree_get(node, names[i], &value) && has_phrase(value, marks))
				return true;
	return false;
}

static bool holds(const struct look *look, const struct sign *sign)
{
	return has_phrase(look->title, &sign->titles) || has_phrase(look->text, &sign->texts) ||
	       has_mark(look->root, &sign->marks);
}

static struct str title_of(struct arena *a, const struct _xmlNode *root)
{
	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		if (str_eq(tree_name(node), STR("title")))
			return text_line(a, node, LIMIT_FIELD);
	return (struct str){ 0 };
}

static bool has_password(const struct _xmlNode *root)
{
	struct str type;

	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		if (str_eq(tree_name(node), STR("input")) && tree_get(node, "type", &type) &&
		    str_eq_nocase(str_trim(type), STR("password")))
			return true;
	return false;
}

static struct soft soft_of(const struct sign *sign)
{
	return (struct soft){ (enum problem)sign->problem, sign->name.text };
}

struct soft soft_problem(struct arena *a, const struct _xmlDoc *doc, const struct signs *signs, struct soft otherwise)
{
	struct look look = { .root = tree_root(doc) };

	if (!look.root)
		return otherwise;
	look.title = title_of(a, look.root);
	look.text = text_of_element(a, look.root, 2 * SHORT, (struct text_options){ 0 });
	if (look.text.n > SHORT)
		look.text = (struct str){ 0 };
	for (size_t i = 0; signs && i < signs->n; i++)
		if (signs->items[i].problem != PROBLEM_GONE && holds(&look, &signs->items[i]))
			return soft_of(&signs->items[i]);
	return has_password(look.root) ? (struct soft){ PROBLEM_LOGIN, STR("login page") } : otherwise;
}

struct soft soft_instead(struct arena *a, const struct _xmlDoc *doc, struct str text, const struct signs *signs)
{
	const struct _xmlNode *root = doc ? tree_root(doc) : NULL;
	const bool bare = root && text.n <= BARE;
	struct look look = { .text = text.n <= SHORT ? text : (struct str){ 0 } };

	if (root)
		look.title = title_of(a, root);
	for (size_t i = 0; signs && i < signs->n; i++) {
		const struct sign *sign = &signs->items[i];

		if (has_phrase(look.title, &sign->titles) || has_phrase(look.text, &sign->texts) ||
		    (bare && has_mark(root, &sign->marks)))
			return soft_of(sign);
	}
	return bare && has_password(root) ? (struct soft){ PROBLEM_LOGIN, STR("login page") } : (struct soft){ 0 };
}
