/* assess.c - classify text as the monitor does, and say the result in JSON */
#include "desk/assess.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "classify/decode.h"
#include "desk/documents.h"
#include "desk/model.h"

const char *cache_folder(char *path, size_t room)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int n = cache && *cache == '/' ? snprintf(path, room, "%s/watchdesk", cache)
		: home && *home == '/' ? snprintf(path, room, "%s/.cache/watchdesk", home)
				       : 0;

	return n > 0 && (size_t)n < room ? path : NULL;
}

static int lines_load(struct asset_lines *lines, struct buf *bytes, struct err *err)
{
	if (!lines->path)
		return 0;
	*bytes = (struct buf)BUF_INIT(LIMIT_TERMS_FILE);
	if (file_read(lines->path, bytes, err) < 0)
		return E_USAGE;
	lines->text = buf_str(bytes);
	return 0;
}

struct classifier *classifier_of(const struct config *config, struct err *err)
{
	char cache[PATH_MAX];
	struct classifier_options options = { .cache = cache_folder(cache, sizeof(cache)) };
	size_t n = config ? config->n_assets : 0;
	struct asset *assets = must_alloc(n + 1, sizeof(*assets));
	struct buf *files = must_alloc(2 * n + 1, sizeof(*files));
	AUTO(buf) documents = BUF_INIT(LIMIT_FINGERPRINTS);
	AUTO(model_file) model = { 0 };
	struct err unread = { 0 }; /* the classifier says so */
	unsigned char key[DIGEST_KEY_BYTES] = { 0 };
	struct classifier *made = NULL;
	int loaded = config ? documents_load(config, &documents, key, err) : 0;

	if (loaded > 0)
		options.fingerprints = buf_str(&documents);
	options.fingerprints_key = key;
	loaded = loaded > 0 ? 0 : loaded;

	for (size_t i = 0; i < n && loaded == 0; i++) {
		assets[i] = config->assets[i];
		loaded = lines_load(&assets[i].terms_file, &files[2 * i], err);
		if (loaded == 0)
			loaded = lines_load(&assets[i].domains_file, &files[2 * i + 1], err);
	}
	model_file_read(config ? config->model : NULL, &model, &unread);
	model_file_choose(&model, &options);
	options.assets = assets;
	options.n_assets = n;
	options.rules_folder = config ? config->rules_folder : NULL;
	if (loaded == 0)
		made = classifier_new(&options, err);
	explicit_bzero(key, sizeof(key));
	for (size_t i = 0; i < 2 * n; i++)
		buf_release(&files[i]);
	free(files);
	free(assets);
	return made;
}

int assessor_init(struct assessor *x, const struct config *config, struct err *err)
{
	*x = (struct assessor){ .classifier = classifier_of(config, err) };
	x->scratch = x->classifier ? classify_scratch_new(x->classifier, err) : NULL;
	x->a = arena_new(LIMIT_ARENA);
	return x->scratch ? 0 : err->code;
}

void assessor_release(struct assessor *x)
{
	classify_scratch_free(x->scratch);
	classifier_free(x->classifier);
	arena_free(x->a);
}

void assess(struct assessor *x, struct str bytes, struct assessed *out)
{
	size_t replaced;

	arena_clear(x->a);
	*out = (struct assessed){ .text = utf8_clean(x->a, bytes, &replaced) };
	classify(x->classifier, x->scratch, x->a, out->text, &out->assessment);
	if (replaced) {
		struct assessment *a = &out->assessment;
		struct str *reasons = arena_alloc(x->a, (a->n_reasons + 1) * sizeof(*reasons));

		for (size_t i = 0; i < a->n_reasons; i++)
			reasons[i] = a->reasons[i];
		reasons[a->n_reasons++] = arena_printf(x->a, "%zu bytes were not UTF-8, or U+0000, and were replaced by U+FFFD",
						       replaced);
		a->reasons = reasons;
	}
	severity_of(&out->assessment, VERDICT_NONE, x->a, &out->severity);
}

static void span_json(struct json_writer *w, const struct span *s)
{
	json_put_int(w, "layer", s->layer);
	json_put_int(w, "start", (int64_t)s->start);
	json_put_int(w, "end", (int64_t)s->end);
}

static void hits_json(struct json_writer *w, const struct assessment *a)
{
	json_open(w, "hits", '[');
	for (size_t i = 0; i < a->n_hits; i++) {
		const struct hit *h = &a->hits[i];

		json_open(w, NULL, '{');
		json_put_text(w, "rule", h->rule);
		json_put_text(w, "label", h->label);
		span_json(w, &h->span);
		if (h->span.layer) {
			json_open(w, "outer", '{');
			span_json(w, &h->outer);
			json_close(w, '}');
		}
		json_put_text(w, "masked", h->masked);
		json_put_text(w, "confidence", str_of(confidence_names[h->confidence]));
		json_put_text(w, "why", h->why);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* Each asset once, in the order in which the text names them. */
static void assets_json(struct json_writer *w, const struct assessment *a)
{
	json_open(w, "assets", '[');
	for (size_t i = 0; i < a->n_mentions; i++) {
		bool known = false;

		for (size_t k = 0; k < i; k++)
			known |= str_eq(a->mentions[k].asset, a->mentions[i].asset);
		if (!known)
			json_put_text(w, NULL, a->mentions[i].asset);
	}
	json_close(w, ']');
}

static void look_alikes_json(struct json_writer *w, const struct assessment *a)
{
	if (a->n_look_alikes == 0)
		return;
	json_open(w, "look_alikes", '[');
	for (size_t i = 0; i < a->n_look_alikes; i++) {
		const struct look_alike *l = &a->look_alikes[i];

		json_open(w, NULL, '{');
		json_put_text(w, "host", l->host);
		json_put_text(w, "domain", l->domain);
		json_put_text(w, "asset", l->asset);
		span_json(w, &l->span);
		json_put_text(w, "why", l->why);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* Of a dump: how many lines and accounts each domain has. */
static void domains_json(struct json_writer *w, const struct assessment *a)
{
	if (a->n_domains == 0)
		return;
	json_open(w, "domains", '[');
	for (size_t i = 0; i < a->n_domains; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "domain", a->domains[i].domain);
		json_put_int(w, "lines", (int64_t)a->domains[i].lines);
		json_put_int(w, "accounts", (int64_t)a->domains[i].accounts);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void layers_json(struct json_writer *w, const struct assessment *a)
{
	if (a->n_layers < 2)
		return;
	json_open(w, "layers", '[');
	for (size_t i = 1; i < a->n_layers; i++) {
		json_open(w, NULL, '{');
		json_put_int(w, "layer", (int64_t)i);
		json_put_text(w, "coding", str_of(a->layers[i].coding));
		json_put_int(w, "outer", a->layers[i].outer);
		json_put_int(w, "bytes", (int64_t)a->layers[i].text.n);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void assess_json(struct json_writer *w, const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	json_put_int(w, "severity", found->severity.value);
	json_open(w, "categories", '{');
	for (int i = 0; i < CATEGORIES; i++)
		json_put_real(w, category_names[i], a->category[i]);
	json_close(w, '}');
	json_put_real(w, "reports", a->reports);
	hits_json(w, a);
	layers_json(w, a);
	domains_json(w, a);
	json_open(w, "parts", '[');
	for (size_t i = 0; i < a->n_parts; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "part", a->parts[i].part);
		span_json(w, &a->parts[i].span);
		json_close(w, '}');
	}
	json_close(w, ']');
	assets_json(w, a);
	look_alikes_json(w, a);
	json_open(w, "reasons", '[');
	for (size_t i = 0; i < a->n_reasons; i++)
		json_put_text(w, NULL, a->reasons[i]);
	for (size_t i = 0; i < found->severity.n_terms; i++)
		json_put_text(w, NULL, found->severity.terms[i]);
	json_close(w, ']');
}
