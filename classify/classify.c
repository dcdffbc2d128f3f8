/* classify.c - text in, assessment out: the order in which a post is read */
/* Hot: an ordinary post leaves after a pass of libhs, one of folding and one over its words. */
#include "classify/classify.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "classify/assets.h"
#include "classify/dump.h"
#include "classify/fold.h"
#include "classify/match_cache.h"
#include "classify/passage.h"
#include "classify/rules.h"
#include "classify/threats.h"

const char *const category_names[CATEGORIES] = { "violence", "extortion", "leak", "dox" };
const char *const confidence_names[3] = { "low", "medium", "high" };
const char *const gravity_names[4] = { "info", "low", "medium", "high" };

struct classifier {
	struct rules *rules;
	struct threats *threats;
	struct assets *assets;
	struct passages *passages;
};

struct classify_scratch {
	struct rules_scratch *rules;
	struct threats_scratch *threats;
	struct fold_scratch *fold;
	struct arena *hosts; /* for one host at a time */
};

static int build(struct classifier *c, const struct classifier_options *options, struct err *err)
{
	AUTO_FREE(fold_scratch) fold_with = fold_scratch_new(err);

	if (!fold_with || match_self_test(options->cache, err) < 0)
		return E_FAULT;
	c->rules = rules_new(options->rules_folder, options->cache, err);
	if (!c->rules)
		return E_USAGE;
	c->threats = threats_new(options->model, options->model_name, options->ungated, err);
	if (!c->threats)
		return E_USAGE;
	c->assets = assets_new(options->assets, options->n_assets, fold_with, err);
	if (!c->assets)
		return E_USAGE;
	c->passages = passages_new(options->fingerprints, options->fingerprints_key, err);
	if (!c->passages)
		return E_USAGE;
	return 0;
}

struct classifier *classifier_new(const struct classifier_options *options, struct err *err)
{
	struct classifier *c = must_alloc(1, sizeof(*c));

	if (build(c, options, err) >= 0)
		return c;
	classifier_free(c);
	return NULL;
}

void classifier_free(struct classifier *c)
{
	if (!c)
		return;
	passages_free(c->passages);
	assets_free(c->assets);
	threats_free(c->threats);
	rules_free(c->rules);
	free(c);
}

void classifier_digests(const struct classifier *c, unsigned char rules[DIGEST_BYTES], unsigned char assets[DIGEST_BYTES])
{
	const struct language *model = threats_model(c->threats);
	const struct str pieces[] = {
		{ (const char *)rules_digest(c->rules), DIGEST_BYTES },
		{ (const char *)frames_digest(threats_frames(c->threats)), DIGEST_BYTES },
		{ model ? (const char *)language_digest(model) : NULL, model ? DIGEST_BYTES : 0 },
	};
	unsigned char named[DIGEST_BYTES], documents[DIGEST_BYTES];
	const struct str ours[] = { { (const char *)named, DIGEST_BYTES }, { (const char *)documents, DIGEST_BYTES } };

	digest_pieces(pieces, 3, rules);
	assets_digest(c->assets, named);
	passages_digest(c->passages, documents);
	digest_pieces(ours, 2, assets);
}

const char *classifier_model_fault(const struct classifier *c)
{
	return threats_fault(c->threats);
}

void classify_features(const struct classifier *c, struct classify_scratch *s, struct arena *a, struct str text,
		       struct language_text *out)
{
	struct assessment x = { 0 };
	struct found found = { .a = a, .text = text, .out = &x, .miss = { 1, 1, 1, 1 } };
	struct rule_parts parts = { 0 };
	struct folded *folded = arena_alloc(a, sizeof(*folded));

	layers_begin(&found.layers, a, text);
	rules_scan(c->rules, s->rules, &found, &parts);
	fold(s->fold, a, text, folded);
	threats_features(c->threats, s->threats, folded, &parts, &found, out);
}

const struct assets *classifier_assets(const struct classifier *c)
{
	return c->assets;
}

struct classifier_packs classifier_files(const struct classifier *c, struct arena *a)
{
	const struct classifier_packs *lists[] = { rules_packs(c->rules), frames_packs(threats_frames(c->threats)) };
	struct classifier_packs all = { 0 };

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < lists[i]->n; k++)
			*(struct classifier_pack *)arena_push(a, &all.items, &all.n, sizeof(*all.items)) = lists[i]->items[k];
	return all;
}

/* Read one text of every kind, so that each table that is needed is in memory before there is no file access. */
static void warm_up(const struct classifier *c, struct classify_scratch *s)
{
	static const char text[] =
		"W\xd0\xb0rm \xef\xbc\xb5p: user@example.com:Secret1! https://example.com/ \xe2\x80\x9cpay\xe2\x80\x9d "
		"we will kill you tomorrow at school\n";
	AUTO_FREE(arena) a = arena_new((size_t)16 << 20);
	struct assessment out;

	classify(c, s, a, str_of(text), &out);
}

struct classify_scratch *classify_scratch_new(const struct classifier *c, struct err *err)
{
	struct classify_scratch *s = must_alloc(1, sizeof(*s));
	s->rules = rules_scratch_new(c->rules, err);
	s->threats = threats_scratch_new(c->threats);
	s->fold = fold_scratch_new(err);
	s->hosts = arena_new(MIB(1));
	if (s->rules && s->fold) {
		warm_up(c, s);
		return s;
	}
	classify_scratch_free(s);
	return NULL;
}

void classify_scratch_free(struct classify_scratch *s)
{
	if (!s)
		return;
	fold_scratch_free(s->fold);
	arena_free(s->hosts);
	threats_scratch_free(s->threats);
	rules_scratch_free(s->rules);
	free(s);
}

static int by_span(const struct span *x, const struct span *y)
{
	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

static int by_mention(const void *a, const void *b)
{
	return by_span(&((const struct mention *)a)->span, &((const struct mention *)b)->span);
}

static int by_hit(const void *a, const void *b)
{
	return by_span(&((const struct hit *)a)->span, &((const struct hit *)b)->span);
}

static int by_part(const void *a, const void *b)
{
	return by_span(&((const struct part *)a)->span, &((const struct part *)b)->span);
}

/* What one layer added: everything behind these counts. */
struct before {
	size_t hits, parts, mentions, reasons;
	double miss[CATEGORIES];
};

static struct before before_layer(const struct found *f)
{
	struct before b = { f->out->n_hits, f->out->n_parts, f->out->n_mentions, f->out->n_reasons, { 0 } };

	memcpy(b.miss, f->miss, sizeof(b.miss));
	return b;
}

/* Does a mention stand in the line or lines of this hit? Both lists are sorted; `from` only ever moves on. */
static const struct mention *mention_near(const struct assessment *out, struct str text, const struct hit *hit, size_t *from)
{
	enum { REACH = 200 };
	size_t start = hit->span.start, end = hit->span.end;

	while (start > 0 && text.p[start - 1] != '\n' && hit->span.start - start < REACH)
		start--;
	while (end < text.n && text.p[end] != '\n' && end - hit->span.end < REACH)
		end++;
	while (*from < out->n_mentions && out->mentions[*from].span.end < start && start >= hit->span.start - REACH)
		(*from)++;
	for (size_t i = *from; i < out->n_mentions && out->mentions[i].span.start < end; i++)
		if (out->mentions[i].span.end > start)
			return &out->mentions[i];
	return NULL;
}

/* Hits of this layer concern the asset that is named beside them. */
static void tie_assets(struct found *f, const struct before *b)
{
	struct assessment *out = f->out;

	for (size_t i = b->hits; i < out->n_hits && out->n_mentions > b->mentions; i++) {
		struct hit *hit = &out->hits[i];
		size_t from = b->mentions;
		const struct mention *m = hit->asset.n ? NULL : mention_near(out, f->text, hit, &from);

		if (!m)
			continue;
		hit->asset = m->asset;
		hit->why = arena_printf(f->a, "%.*s; beside it stands \"%.*s\", which belongs to %.*s", STR_ARG(hit->why),
					STR_ARG(m->term), STR_ARG(m->asset));
	}
}

static void sort(struct assessment *out, const struct before *b)
{
	if (out->n_hits > b->hits)
		qsort(out->hits + b->hits, out->n_hits - b->hits, sizeof(*out->hits), by_hit);
	if (out->n_mentions > b->mentions)
		qsort(out->mentions + b->mentions, out->n_mentions - b->mentions, sizeof(*out->mentions), by_mention);
	if (out->n_parts > b->parts)
		qsort(out->parts + b->parts, out->n_parts - b->parts, sizeof(*out->parts), by_part);
}

static void name_steps(struct found *f, const struct folded *folded)
{
	struct str list = { 0 };

	for (size_t i = 0; i < folded->n_steps; i++)
		list = arena_printf(f->a, "%.*s%s%.*s", STR_ARG(list), i ? ", " : "", STR_ARG(folded->steps[i]));
	if (list.n)
		found_reason(f, arena_printf(f->a, "written so that a search misses it; undone: %.*s", STR_ARG(list)));
}

/* Every detector over the text of the layer at hand. */
static void read_layer(const struct classifier *c, struct classify_scratch *s, struct found *f)
{
	struct before before = before_layer(f);
	struct rule_parts parts = { 0 };
	struct folded folded;

	rules_scan(c->rules, s->rules, f, &parts);
	dump_scan(c->assets, f);
	fold(s->fold, f->a, f->text, &folded);
	passages_scan(c->passages, &folded, f);
	assets_scan(c->assets, &(struct assets_scratch){ s->fold, s->hosts }, &folded, f);
	threats_read(c->threats, s->threats, &folded, &parts, f);
	sort(f->out, &before);
	assets_own_cards(c->assets, f, before.hits);
	tie_assets(f, &before);
	if (f->layer == 0 && (f->out->n_parts || f->out->n_mentions))
		name_steps(f, &folded);
}

/*
 * What was only written in another way counts once: leaked data when it was not seen outside, a threat as much as the
 * clearest of its forms.
 */
static void merge(struct found *f, const struct before *b)
{
	bool fresh = f->out->n_hits > b->hits, clearer = false;

	for (int i = 0; i < CATEGORIES; i++) {
		if (i == CATEGORY_LEAK || i == CATEGORY_DOX) {
			f->miss[i] = fresh ? f->miss[i] * b->miss[i] : b->miss[i];
			continue;
		}
		clearer |= f->miss[i] < b->miss[i];
		f->miss[i] = f->miss[i] < b->miss[i] ? f->miss[i] : b->miss[i];
	}
	if (!clearer)
		f->out->n_parts = b->parts;
	if (!clearer && !fresh)
		f->out->n_reasons = b->reasons;
}

static void read_inside(const struct classifier *c, struct classify_scratch *s, struct found *f)
{
	for (size_t i = 1; i < f->layers.n; i++) {
		struct before before = before_layer(f);

		f->layer = (int)i;
		f->text = f->layers.items[i].text;
		for (int k = 0; k < CATEGORIES; k++)
			f->miss[k] = 1;
		read_layer(c, s, f);
		merge(f, &before);
		layers_open(&f->layers, i);
	}
	f->layer = 0;
	if (f->layers.full)
		found_reason(f, STR("more was encoded than is opened of one post; the rest stayed closed"));
}

void classify(const struct classifier *c, struct classify_scratch *s, struct arena *a, struct str text, struct assessment *out)
{
	struct found found = { .a = a, .text = text, .out = out, .miss = { 1, 1, 1, 1 } };

	*out = (struct assessment){ 0 };
	layers_begin(&found.layers, a, text);
	read_layer(c, s, &found);
	layers_open(&found.layers, 0);
	read_inside(c, s, &found);
	for (int i = 0; i < CATEGORIES; i++)
		out->category[i] = 1 - found.miss[i];
	out->layers = found.layers.items;
	out->n_layers = found.layers.n;
}

bool classifier_knows(const struct classifier *c, struct str rule)
{
	static const char *const detectors[] = {
		"credential-line", "url-login-password", "user-hash",	   "stealer-record",   "login-password-list",
		"credential-row",  "file-listing",	 "mail-spool",	   "document-passage", "personal-table",
		"personal-fields", "personal-records",	 "bip39-seed",	   "sql-dump",	       "mongo-export",
		"ldif-export",	   "stealer-system",	 "stealer-folder",
	};

	for (size_t i = 0; i < sizeof(detectors) / sizeof(detectors[0]); i++)
		if (str_eq(rule, str_of(detectors[i])))
			return true;
	return rules_find(c->rules, rule) != NULL;
}

void classify_mask(char *text, size_t n, const struct assessment *found)
{
	for (size_t i = 0; i < found->n_secrets; i++) {
		const struct span *s = &found->secrets[i];

		for (size_t k = s->start; s->layer == 0 && k < s->end && k < n; k++)
			if (!strchr(" \t\r\n-", text[k]) || text[k] == 0)
				text[k] = '*';
	}
}
