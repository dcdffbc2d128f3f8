/* follows.c - does a finding fit the kept search that a subscription follows */
#include "desk/alert/follows.h"

#include "store/saved.h"
#include "store/wanted.h"

int follows(struct store *s, struct words *words, struct str name, const struct finding_detail *d, struct arena *a,
	    struct err *err)
{
	const struct finding *f = &d->finding;
	const struct str texts[] = { f->title, f->author, d->text };
	const struct wanted_post post = { .source = f->source,
					  .author = f->author,
					  .first_seen = f->first_seen,
					  .is_finding = true,
					  .asset = f->asset,
					  .category = f->category,
					  .language = f->language,
					  .campaign = f->campaign,
					  .verdict = f->verdict,
					  .severity = f->severity };
	struct saved_search kept;
	struct wanted wanted;
	struct err unreadable; /* one that an older program kept */
	int found = saved_get(s, name, a, &kept, err);

	if (found <= 0 || wanted_parse(kept.query, a, &wanted, &unreadable) < 0)
		return found < 0 ? found : 0;
	return wanted_fits(&wanted, &post) && wanted_holds(&wanted, words, texts, sizeof(texts) / sizeof(texts[0]));
}
