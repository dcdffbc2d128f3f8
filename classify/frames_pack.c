/* frames_pack.c - frames and their parts, read from the packs in classify/frames */
#include <stdlib.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"
#include "classify/frames_inner.h"

enum { DEFAULT_WINDOW = 40, DEFAULT_AROUND = 60 };

/* As the data has it. */
struct part_source {
	struct yaml_text id, label;
	struct yaml_texts phrases;
	bool masks, topic;
};
struct frame_source {
	struct yaml_text id, label;
	int category;
	struct yaml_texts slots, boosts, against;
	int64_t window, around;
	double score;
	bool overlaps;
};

static const char *const frame_categories[] = { "violence", "extortion", "leak", "dox", NULL };

static const struct yaml_field part_fields[] = {
	{ "id", YAML_TEXT, offsetof(struct part_source, id), true },
	{ "label", YAML_TEXT, offsetof(struct part_source, label), true },
	{ "phrases", YAML_TEXTS, offsetof(struct part_source, phrases) },
	{ "masks", YAML_BOOL, offsetof(struct part_source, masks) },
	{ "topic", YAML_BOOL, offsetof(struct part_source, topic) },
	{ 0 },
};
static const struct yaml_field frame_fields[] = {
	{ "id", YAML_TEXT, offsetof(struct frame_source, id), true },
	{ "label", YAML_TEXT, offsetof(struct frame_source, label), true },
	{ "category", YAML_CHOICE, offsetof(struct frame_source, category), true, .choices = frame_categories },
	{ "slots", YAML_TEXTS, offsetof(struct frame_source, slots), true },
	{ "boosts", YAML_TEXTS, offsetof(struct frame_source, boosts) },
	{ "against", YAML_TEXTS, offsetof(struct frame_source, against) },
	{ "window", YAML_INT, offsetof(struct frame_source, window), .least = 1, .most = 1000 },
	{ "around", YAML_INT, offsetof(struct frame_source, around), .least = 0, .most = 2000 },
	{ "overlaps", YAML_BOOL, offsetof(struct frame_source, overlaps) },
	{ "score", YAML_REAL, offsetof(struct frame_source, score), true, .least = 0, .most = 1 },
	{ 0 },
};

static uint8_t part_add(struct frames *f, struct str id, struct str label, bool masks)
{
	struct part_kind *kind = arena_push(f->arena, &f->parts, &f->n_parts, sizeof(*kind));

	*kind = (struct part_kind){ .id = id, .label = label, .masks = masks };
	return (uint8_t)(f->n_parts - 1);
}

int frames_part(const struct frames *f, struct str id)
{
	for (size_t i = 0; i < f->n_parts; i++)
		if (str_eq(f->parts[i].id, id))
			return (int)i;
	return -1;
}

static int add_phrases(struct frames *f, uint8_t part, const struct yaml_texts *phrases, struct err *err)
{
	for (size_t i = 0; i < phrases->n; i++) {
		size_t number;
		uint8_t *kept;

		if (lexicon_add_phrase(f->lexicon, phrases->items[i], &number, err) < 0)
			return E_USAGE;
		MUST(number == f->n_phrase_parts);
		kept = arena_push(f->arena, &f->phrase_parts, &f->n_phrase_parts, sizeof(*kept));
		*kept = part;
	}
	return 0;
}

static int add_part(struct frames *f, const struct yaml *y, struct err *err)
{
	struct part_source s = { 0 };
	int part;

	if (yaml_read(y, part_fields, &s, f->arena, err) < 0)
		return E_USAGE;
	part = frames_part(f, s.id.text);
	if (part < 0 && f->n_parts >= MOST_PARTS)
		return yaml_wrong(err, s.id, "too many parts, expected at most %d", MOST_PARTS);
	if (part < 0)
		part = part_add(f, s.id.text, s.label.text, s.masks);
	f->parts[part].topic |= s.topic;
	return add_phrases(f, (uint8_t)part, &s.phrases, err);
}

static int read_slot(struct frames *f, struct yaml_text at, struct slot *slot, struct err *err)
{
	struct str rest = at.text, piece;

	while (str_split(&rest, '|', &piece)) {
		int part = frames_part(f, str_trim(piece));

		if (part < 0)
			return yaml_wrong(err, at, "there is no part %.*s, expected one given under `parts`", STR_ARG(piece));
		slot->parts[part / 64] |= 1ULL << part % 64;
	}
	return 0;
}

static int read_weights(struct frames *f, const struct yaml_texts *texts, struct weight **out, size_t *n, struct err *err)
{
	for (size_t i = 0; i < texts->n; i++) {
		struct yaml_text at = texts->items[i];
		struct str rest = at.text, name = { 0 };
		struct weight *w;
		int part;
		char *end;

		str_split(&rest, ' ', &name);
		part = frames_part(f, name);
		if (part < 0)
			return yaml_wrong(err, at, "there is no part %.*s, expected `part weight`", STR_ARG(name));
		w = arena_push(f->arena, out, n, sizeof(*w));
		w->part = (uint8_t)part;
		w->value = rest.n ? strtod(rest.p, &end) : 0;
		if (rest.n == 0 || *end || w->value < 0 || w->value > 1)
			return yaml_wrong(err, at, "\"%.60s\" has no weight, expected `part weight` from 0 to 1", at.text.p);
	}
	return 0;
}

static int add_frame(struct frames *f, const struct yaml *y, struct err *err)
{
	struct frame_source s = { .window = DEFAULT_WINDOW, .around = DEFAULT_AROUND };
	struct frame frame = { 0 }, *kept;

	if (yaml_read(y, frame_fields, &s, f->arena, err) < 0)
		return E_USAGE;
	if (s.slots.n == 0 || s.slots.n > MOST_SLOTS)
		return yaml_wrong(err, s.id, "%s has %zu slots, expected 1 to %d", s.id.text.p, s.slots.n, MOST_SLOTS);
	for (; frame.n_slots < s.slots.n; frame.n_slots++)
		if (read_slot(f, s.slots.items[frame.n_slots], &frame.slots[frame.n_slots], err) < 0)
			return E_USAGE;
	if (read_weights(f, &s.boosts, &frame.boosts, &frame.n_boosts, err) < 0 ||
	    read_weights(f, &s.against, &frame.against, &frame.n_against, err) < 0)
		return E_USAGE;
	frame.id = s.id.text;
	frame.label = s.label.text;
	frame.category = (enum category)s.category;
	frame.window = (size_t)s.window;
	frame.around = (size_t)s.around;
	frame.score = s.score;
	frame.overlaps = s.overlaps;
	kept = arena_push(f->arena, &f->frames, &f->n_frames, sizeof(*kept));
	*kept = frame;
	return 0;
}

struct pack {
	const struct yaml *classes, *senses, *parts, *frames;
	struct yaml_texts anchors, leak_words, dox_words;
};

static const struct yaml_field pack_fields[] = {
	{ "classes", YAML_MAP, offsetof(struct pack, classes) },
	{ "senses", YAML_MAP, offsetof(struct pack, senses) },
	{ "anchors", YAML_TEXTS, offsetof(struct pack, anchors) },
	{ "leak_words", YAML_TEXTS, offsetof(struct pack, leak_words) },
	{ "dox_words", YAML_TEXTS, offsetof(struct pack, dox_words) },
	{ "parts", YAML_LIST, offsetof(struct pack, parts) },
	{ "frames", YAML_LIST, offsetof(struct pack, frames) },
	{ 0 },
};

static int read_pack(struct frames *f, struct str yaml, const char *file, struct pack *pack, struct err *err)
{
	const struct yaml *y = yaml_parse(f->arena, yaml, file, err);
	struct str *kept = arena_push(f->arena, &f->packs, &f->n_packs, sizeof(*kept));

	*kept = yaml;
	packs_note(&f->files, f->arena, "frames", file, yaml);
	return y ? yaml_read(y, pack_fields, pack, f->arena, err) : E_USAGE;
}

static int add_openers(struct frames *f, const struct yaml_texts *names, unsigned gate, struct err *err)
{
	for (size_t i = 0; i < names->n; i++) {
		size_t k = 1, n = lexicon_n_senses(f->lexicon);

		while (k < n && !str_eq(lexicon_sense(f->lexicon, k), names->items[i].text))
			k++;
		if (k == n)
			return yaml_wrong(err, names->items[i], "there is no sense %s, expected one given under `senses`",
					  names->items[i].text.p);
		f->opens[k] |= (uint8_t)gate;
	}
	return 0;
}

/* Classes of all packs, then senses, parts and frames: a pack may use what another one gives. */
static int add_packs(struct frames *f, const struct pack *packs, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (packs[i].classes && lexicon_add_classes(f->lexicon, packs[i].classes, err) < 0)
			return E_USAGE;
	for (size_t i = 0; i < n; i++)
		if (packs[i].senses && lexicon_add_senses(f->lexicon, packs[i].senses, err) < 0)
			return E_USAGE;
	for (size_t i = 0; i < n; i++)
		if (add_openers(f, &packs[i].anchors, GATE_READ, err) < 0 ||
		    add_openers(f, &packs[i].leak_words, GATE_LEAK, err) < 0 ||
		    add_openers(f, &packs[i].dox_words, GATE_DOX, err) < 0)
			return E_USAGE;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; packs[i].parts && k < yaml_count(packs[i].parts); k++)
			if (add_part(f, yaml_item(packs[i].parts, k), err) < 0)
				return E_USAGE;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; packs[i].frames && k < yaml_count(packs[i].frames); k++)
			if (add_frame(f, yaml_item(packs[i].frames, k), err) < 0)
				return E_USAGE;
	digest_pieces(f->packs, f->n_packs, f->digest);
	return lexicon_finish(f->lexicon, err);
}

static struct frames *frames_empty(void)
{
	struct frames *f = must_alloc(1, sizeof(*f));

	f->arena = arena_new(MIB(64));
	f->lexicon = lexicon_new(f->arena);
	f->quoted = part_add(f, STR("quoted"), STR("inside quotation marks"), false);
	f->asked = part_add(f, STR("asked"), STR("a question"), false);
	f->asset = part_add(f, STR("asset"), STR("names what we protect"), false);
	part_add(f, STR("wallet"), STR("a wallet address"), false);
	part_add(f, STR("onion"), STR("an onion address"), false);
	return f;
}

struct frames *frames_from_text(struct str yaml, const char *file, struct err *err)
{
	struct frames *f = frames_empty();
	struct pack pack = { 0 };

	if (read_pack(f, yaml, file, &pack, err) >= 0 && add_packs(f, &pack, 1, err) >= 0)
		return f;
	frames_free(f);
	return NULL;
}

struct frames *frames_new(struct err *err)
{
	struct frames *f = frames_empty();
	struct pack *packs = NULL;
	const struct embed *e;
	size_t n = 0;
	int answer = 0;

	for (size_t i = 0; answer >= 0 && (e = embed_below("classify/frames/", i)); i++) {
		struct pack *pack = arena_push(f->arena, &packs, &n, sizeof(*pack));

		answer = read_pack(f, e->content, e->path, pack, err);
	}
	if (answer >= 0 && add_packs(f, packs, n, err) >= 0)
		return f;
	frames_free(f);
	return NULL;
}

void frames_free(struct frames *f)
{
	if (!f)
		return;
	arena_free(f->arena);
	free(f);
}

const struct classifier_packs *frames_packs(const struct frames *f)
{
	return &f->files;
}

const unsigned char *frames_digest(const struct frames *f)
{
	return f->digest;
}

const struct lexicon *frames_lexicon(const struct frames *f)
{
	return f->lexicon;
}

struct frames_scratch *frames_scratch_new(const struct frames *f)
{
	struct frames_scratch *s = must_alloc(1, sizeof(*s));

	s->frames = f;
	s->seen = lexicon_seen_new(f->lexicon);
	s->recent = lexicon_recent_new();
	return s;
}

void frames_scratch_free(struct frames_scratch *s)
{
	if (!s)
		return;
	lexicon_seen_release(&s->seen);
	lexicon_recent_free(s->recent);
	free(s);
}
