/* soft.h - pages that come with 200 and are none */
/* Runs in: worker; verbs. */
#ifndef WATCHDESK_CRAWLER_EXTRACT_SOFT_H
#define WATCHDESK_CRAWLER_EXTRACT_SOFT_H

#include "crawler/extract/tree.h"

/*
 * Why a page that yielded nothing did so: "challenge page", "login page", else `otherwise`. Only for such pages: a forum
 * shows a login form to every guest, and a post may quote a challenge.
 */
struct str soft_problem(struct arena *a, const struct _xmlDoc *doc, struct str otherwise);

#endif
