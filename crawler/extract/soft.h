/* soft.h - pages that come in the place of what was asked for */
/* Runs in: worker; verbs. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_SOFT_H
#define WATCHDESK_CRAWLER_EXTRACT_SOFT_H

#include "crawler/extract/tree.h"
#include "crawler/signs.h"

/* What kind of page it is, and its name: "Cloudflare challenge", "login page"; the name is empty when there is no problem. */
struct soft {
	enum problem problem;
	struct str name;
};

/*
 * Why a page that yielded nothing did so: the first of the signs that holds, a "login page" when it asks for a password, else
 * `otherwise`. Only for such pages: a forum shows a login form to every guest, and a post may quote a challenge. `signs` may be
 * NULL.
 */
struct soft soft_problem(struct arena *a, const struct _xmlDoc *doc, const struct signs *signs, struct soft otherwise);
/*
 * What a page is on which a text is missed that stood there: the first of the signs that holds, those among them that say that
 * it is gone; a "login page" when it says little and asks for a password; else the name is empty. `doc` is NULL for a plain
 * text; `text` is what the page says.
 */
struct soft soft_instead(struct arena *a, const struct _xmlDoc *doc, struct str text, const struct signs *signs);

#endif
