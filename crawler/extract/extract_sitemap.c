/* extract_sitemap.c - an index of sitemaps (sitemaps.org): those that changed last */
#include "crawler/extract/extract_inner.h"

#include "base/limits.h"

/* What stands beside <loc>; days and times of one form compare as texts. */
static struct str changed_at(struct work *w, const struct _xmlNode *loc)
{
	const struct _xmlNode *sitemap = tree_parent(loc);

	for (const struct _xmlNode *node = sitemap; node; node = tree_next(node, sitemap))
		if (str_eq(tree_name(node), STR("lastmod")))
			return text_line(w->a, node, LIMIT_FIELD);
	return (struct str){ 0 };
}

/* The one that changed last of those that are left, the first of equals. */
static size_t latest(const struct xpath_nodes *locs, const struct str *changed)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < locs->n; i++)
		if (locs->items[i] && (best == SIZE_MAX || str_cmp(changed[i], changed[best]) > 0))
			best = i;
	return best;
}

int extract_sitemaps(struct work *w)
{
	struct xpath_nodes locs;
	struct str *changed;

	w->failed = xpath_find(w->xpath, STR("//sitemapindex/sitemap/loc"), NULL, LIMIT_LINKS, w->a, &locs, w->err);
	if (w->failed < 0)
		return w->failed;
	changed = arena_alloc(w->a, locs.n * sizeof(*changed) + 1);
	for (size_t i = 0; i < locs.n; i++)
		changed[i] = changed_at(w, locs.items[i]);
	for (size_t k = 0; k < LIMIT_SITEMAPS && k < locs.n; k++) {
		size_t i = latest(&locs, changed);

		extract_follow(
			w, PAGE_LISTING,
			(struct found_link){ .href = text_line(w->a, locs.items[i], LIMIT_URL), .activity = changed[i] });
		locs.items[i] = NULL;
	}
	return 0;
}
