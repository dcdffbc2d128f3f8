/* report_assets.c - a page for each asset, one of all, and the newest findings of each level and category */
#include <stdio.h>

#include "classify/classify.h"
#include "store/overview.h"
#include "web/page.h"
#include "web/report_parts.h"

enum { SHOWN = 200, ON_PAGE = 200, HIGHEST = 100 };

static int put_picked(struct report *r, const char *name, struct picked_page *p, struct err *err)
{
	p->more = p->n > SHOWN;
	p->n = p->more ? SHOWN : p->n;
	buf_clear(&r->page);
	page_picked(&r->page, p);
	return report_put(r, name, err);
}

static int put_asset(struct report *r, const struct overview_asset *asset, struct err *err)
{
	struct picked_page p = { .manner = report_manner(r), .home = "../index.html", .below = "../", .asset = asset };
	char name[PAGE_NAME], path[PAGE_NAME + 8];
	struct finding *findings;

	arena_clear(r->each);
	if (overview_of_asset(r->store, asset->name, report_least(r), SHOWN + 1, r->each, &findings, &p.n, err) < 0)
		return err->code;
	p.title = asset->name;
	p.findings = findings;
	snprintf(path, sizeof(path), "asset/%s", page_asset_name(&p.manner, asset->name, name));
	return put_picked(r, path, &p, err);
}

static int put_level(struct report *r, int level, struct err *err)
{
	struct picked_page p = { .manner = report_manner(r), .home = "index.html", .below = "" };
	int least = overview_levels[level], most = level ? overview_levels[level - 1] - 1 : HIGHEST;
	struct finding *findings;
	char name[48];

	least = least > report_least(r) ? least : report_least(r);
	arena_clear(r->each);
	if (overview_of_level(r->store, least, most, SHOWN + 1, r->each, &findings, &p.n, err) < 0)
		return err->code;
	p.title = p.manner.words->text[page_level_word(level)];
	p.findings = findings;
	snprintf(name, sizeof(name), "by-severity-%s.html", page_levels[level]);
	return put_picked(r, name, &p, err);
}

static int put_category(struct report *r, const char *category, struct err *err)
{
	struct picked_page p = { .manner = report_manner(r), .home = "index.html", .below = "" };
	struct finding *findings;
	char name[48];

	arena_clear(r->each);
	if (overview_of_category(r->store, str_of(category), report_least(r), SHOWN + 1, r->each, &findings, &p.n, err) < 0)
		return err->code;
	p.title = page_name_text(&p.manner, NAMES_CATEGORY, str_of(category));
	p.findings = findings;
	snprintf(name, sizeof(name), "by-category-%s.html", category);
	return put_picked(r, name, &p, err);
}

static void make_list(struct report *r, const struct list_place *place, size_t first, size_t n, const void *rows)
{
	const struct overview_asset *assets = rows;

	page_assets(&r->page,
		    &(struct assets_page){
			    .manner = report_manner(r), .place = *place, .assets = n ? assets + first : NULL, .n = n });
}

int report_assets(struct report *r, struct err *err)
{
	struct overview_asset *assets = NULL;
	size_t n = 0;

	for (int i = 0; i < OVERVIEW_LEVELS; i++)
		if (put_level(r, i, err) < 0)
			return err->code;
	for (int i = 0; i < CATEGORIES; i++)
		if (put_category(r, category_names[i], err) < 0)
			return err->code;
	if (overview_assets(r->store, report_least(r), r->a, &assets, &n, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (put_asset(r, &assets[i], err) < 0)
			return err->code;
	return report_turns(r, &(struct report_turns){ "assets", n, ON_PAGE, make_list, assets }, err);
}
