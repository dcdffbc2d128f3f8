/* soft.c - pages that come with 200 and are none */
#include "crawler/extract/soft.h"

#include "base/limits.h"
#include "crawler/extract/text.h"

enum { CHALLENGE = 4000 }; /* bytes of text; a challenge has little to say */

static bool has_phrase(struct str text, const char *const *phrases)
{
	for (; *phrases; phrases++)
		if (str_find_nocase(text, str_of(*phrases)) >= 0)
			return true;
	return false;
}

/* What the common gates write on their waiting pages. */
static bool is_challenge(struct arena *a, const struct _xmlNode *root)
{
	static const char *const phrases[] = {
		"checking your browser",
		"checking if the site connection is secure",
		"verify you are human",
		"verifying you are human",
		"enable javascript and cookies to continue",
		"needs to review the security of your connection",
		"ddos protection by",
		"complete the captcha",
		"are you a robot",
		"just a moment...",
		NULL,
	};
	struct str text = text_of_element(a, root, 2 * CHALLENGE, (struct text_options){ 0 });

	if (text.n <= CHALLENGE && has_phrase(text, phrases))
		return true;
	for (const struct _xmlNode *node = root; node; node = tree_next(node, root))
		if (str_eq(tree_name(node), STR("title")))
			return text.n <= CHALLENGE && has_phrase(text_line(a, node, LIMIT_FIELD), phrases);
	return false;
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

struct str soft_problem(struct arena *a, const struct _xmlDoc *doc, struct str otherwise)
{
	const struct _xmlNode *root = tree_root(doc);

	if (!root)
		return otherwise;
	if (is_challenge(a, root))
		return STR("challenge page");
	return has_password(root) ? STR("login page") : otherwise;
}
