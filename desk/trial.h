/* trial.h - one round of a few sources into a store that is thrown away, to look at what it gives */
/* Runs in: the process that was started, which becomes the supervisor of that round. */
#ifndef WATCHDESK_DESK_TRIAL_H
#define WATCHDESK_DESK_TRIAL_H

#include "desk/config.h"
#include "store/frontier.h"
#include "store/health.h"
#include "store/post.h"

enum {
	TRIAL_LINKS = 3,  /* of a page that are followed */
	TRIAL_POSTS = 20, /* that are looked at */
};

/* A round that is over; all lives in an arena. */
struct trial {
	struct stored_glance *posts; /* the newest, of all the sources */
	size_t n;
	struct source_health *health;
	size_t n_health;
	struct frontier_glance *pages;
	size_t n_pages;
};

/*
 * Visit these sources as `crawl` would, confined as it is and by the same manners, but few pages of each. The store lies in a
 * temporary folder and is gone afterwards. `config` names all else.
 */
int trial_run(const struct config *config, const struct classifier *classifier, struct source *sources, size_t n,
	      struct arena *a, struct trial *out, struct err *err);
/* How a source fared; NULL when it was not visited. */
const struct source_health *trial_health(const struct trial *t, struct str source);
/*
 * Say why a source gave no post: what its own addresses answered, else the last page that failed. E_NET, with what to do, when
 * its host was not reached; E_DENIED when robots.txt or the address guard stood before it; else E_BAD.
 */
int trial_nothing_came(const struct trial *t, struct str source, struct err *err);

#endif
