/* absence.c - which of a thread's posts were deleted, and which may only have moved */
#include "crawler/absence.h"

static bool is_among(struct str key, const struct str *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(keys[i], key))
			return true;
	return false;
}

/* The times of the oldest and the newest dated one that stands; nothing lies between them when there is none. */
struct ends {
	int64_t oldest, newest;
};

static struct ends find_ends(const struct absence_post *posts, size_t n)
{
	struct ends e = { INT64_MAX, INT64_MIN };

	for (size_t i = 0; i < n; i++) {
		if (posts[i].absence != ABSENCE_NONE || !posts[i].dated)
			continue;
		e.oldest = posts[i].posted_at < e.oldest ? posts[i].posted_at : e.oldest;
		e.newest = posts[i].posted_at > e.newest ? posts[i].posted_at : e.newest;
	}
	return e;
}

static bool is_between(const struct absence_post *p, struct ends e)
{
	return p->dated && p->posted_at > e.oldest && p->posted_at < e.newest;
}

size_t absence_judge(struct absence_post *posts, size_t n, const struct str *there, size_t n_there, bool whole, int64_t now)
{
	size_t unknown = 0;
	struct ends ends;

	for (size_t i = 0; i < n; i++)
		posts[i].absence = is_among(posts[i].key, there, n_there) ? ABSENCE_NONE : ABSENCE_DELETED;
	ends = find_ends(posts, n);
	for (size_t i = 0; i < n && !whole; i++) {
		if (posts[i].absence == ABSENCE_NONE || is_between(&posts[i], ends) ||
		    now - posts[i].last_seen >= ABSENCE_PATIENCE)
			continue;
		posts[i].absence = ABSENCE_UNKNOWN;
		unknown++;
	}
	return unknown;
}
