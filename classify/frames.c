/* frames.c - threats by their parts */
#include "classify/frames.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"

enum {
	MOST_SLOTS = 6,
	MOST_PLACES = 4096, /* places of parts considered in one text */
	MOST_PARTS = 250,   /* kinds of parts; a place keeps its kind in a byte */
	QUOTE = 80,	    /* bytes of a part shown in a sentence */
	DEFAULT_WINDOW = 40,
	DEFAULT_AROUND = 60,
};

static const double WORTH_A_WORD = 0.195; /* what a frame says below this score is kept to itself */

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

struct part_kind {
	struct str id, label;
	bool masks; /* what it covers is no part of a threat: an idiom */
	bool topic; /* what a text is about: it says little of the next sentence */
};

/* How much a part adds or takes. */
struct weight {
	uint8_t part;
	double value;
};

/* A slot is filled by any of these parts. */
struct slot {
	uint64_t parts[4];
};

struct frame {
	struct str id, label;
	enum category category;
	struct slot slots[MOST_SLOTS];
	size_t n_slots;
	struct weight *boosts, *against;
	size_t n_boosts, n_against;
	size_t window, around; /* words */
	bool overlaps;	       /* one phrase may fill two slots: "or we publish" is a condition and what happens otherwise */
	double score;
};

struct frames {
	struct arena *arena;
	struct lexicon *lexicon;
	struct part_kind *parts;
	size_t n_parts;
	uint8_t *phrase_parts; /* phrase to part */
	size_t n_phrase_parts;
	struct frame *frames;
	size_t n_frames;
	struct str *packs;
	size_t n_packs;
	struct classifier_packs files;
	unsigned char digest[DIGEST_BYTES];
	uint8_t quoted, asked, asset; /* parts that are not found by phrases */
	uint8_t opens[256];	      /* of each sense: enum gate */
};

struct frames_scratch {
	const struct frames *frames;
	struct lexicon_seen seen;
	struct lexicon_recent *recent;
	uint64_t part_set[4]; /* parts that some possible phrase would give */
};

/* A part found: tokens [start, end). */
struct place {
	uint32_t start, end;
	uint8_t part;
	bool masked;
};

/* An assessment under way. */
struct assessing {
	const struct frames *f;
	struct frames_scratch *s;
	const struct folded *folded;
	struct found *found;
	struct tokens tokens;
	struct place *places;
	size_t n;
	uint64_t present[4]; /* parts that stand somewhere, unmasked */
	uint64_t sought[4];  /* parts whose phrases were looked for */
};

/* A frame found in a text. */
struct match_of_frame {
	const struct frame *frame;
	size_t slots[MOST_SLOTS]; /* places */
	size_t first, last;	  /* tokens */
	double score, bare;	  /* bare: but for what speaks against it */
};

static uint8_t part_add(struct frames *f, struct str id, struct str label, bool masks)
{
	struct part_kind *kind = arena_push(f->arena, &f->parts, &f->n_parts, sizeof(*kind));

	*kind = (struct part_kind){ .id = id, .label = label, .masks = masks };
	return (uint8_t)(f->n_parts - 1);
}

static int part_find(const struct frames *f, struct str id)
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
	part = part_find(f, s.id.text);
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
		int part = part_find(f, str_trim(piece));

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
		part = part_find(f, name);
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

static void set_part(uint64_t *set, uint8_t part)
{
	set[part / 64] |= 1ULL << part % 64;
}

static bool slot_takes(const struct slot *slot, uint8_t part)
{
	return slot->parts[part / 64] >> part % 64 & 1;
}

static bool shares(const struct slot *slot, const uint64_t *parts)
{
	uint64_t common = 0;

	for (int w = 0; w < 4; w++)
		common |= slot->parts[w] & parts[w];
	return common != 0;
}

/* Could each slot be filled by one of these parts? */
static bool is_possible(const struct frame *frame, const uint64_t *parts)
{
	for (size_t k = 0; k < frame->n_slots; k++)
		if (!shares(&frame->slots[k], parts))
			return false;
	return true;
}

/* Could any frame be complete, given the phrases that may occur? Most posts leave here. */
static bool any_frame_possible(const struct frames *f, struct frames_scratch *s, const struct tokens *tokens,
			       const struct rule_parts *others, bool asset)
{
	bool any = false;

	memset(s->part_set, 0, sizeof(s->part_set));
	lexicon_see(f->lexicon, &s->seen, tokens);
	for (size_t i = 0; i < f->n_phrase_parts; i++)
		if (lexicon_possible(&s->seen, i))
			set_part(s->part_set, f->phrase_parts[i]);
	for (size_t i = 0; i < others->n; i++) {
		int part = part_find(f, others->items[i].part);

		if (part >= 0)
			set_part(s->part_set, (uint8_t)part);
	}
	if (asset)
		set_part(s->part_set, f->asset);
	for (size_t i = 0; i < f->n_frames; i++)
		any |= is_possible(&f->frames[i], s->part_set);
	return any;
}

static void add_slot(uint64_t *set, const struct slot *slot)
{
	for (int w = 0; w < 4; w++)
		set[w] |= slot->parts[w];
}

/* The parts of the first slot of every possible frame: without one of them there is no frame. */
static void list_anchors(const struct assessing *x, uint64_t *set)
{
	for (size_t i = 0; i < x->f->n_frames; i++)
		if (is_possible(&x->f->frames[i], x->s->part_set))
			add_slot(set, &x->f->frames[i].slots[0]);
}

/* The parts of all slots of the frames whose first slot stands in the text, and what masks. False when there is none. */
static bool list_slots(const struct assessing *x, uint64_t *set)
{
	bool any = false;

	for (size_t i = 0; i < x->f->n_frames; i++) {
		const struct frame *frame = &x->f->frames[i];

		if (!shares(&frame->slots[0], x->present) || !is_possible(frame, x->s->part_set))
			continue;
		any = true;
		for (size_t k = 0; k < frame->n_slots; k++)
			add_slot(set, &frame->slots[k]);
	}
	for (size_t i = 0; i < x->f->n_parts; i++)
		if (x->f->parts[i].masks)
			set_part(set, (uint8_t)i);
	return any;
}

static void add_place(struct assessing *x, uint8_t part, size_t start, size_t end)
{
	struct place *p;

	if (x->n >= MOST_PLACES || end <= start)
		return;
	p = arena_push(x->found->a, &x->places, &x->n, sizeof(*p));
	*p = (struct place){ (uint32_t)start, (uint32_t)end, part, false };
}

static void on_phrase(void *whose, size_t phrase, size_t start, size_t end)
{
	struct assessing *x = whose;

	add_place(x, x->f->phrase_parts[phrase], start, end);
}

/* The first token that ends behind this place of the original text. */
static size_t token_at(const struct assessing *x, size_t original)
{
	size_t low = 0, high = x->tokens.n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (x->folded->back[x->tokens.items[middle].end - 1] < original)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_span(struct assessing *x, uint8_t part, struct span span)
{
	size_t start = token_at(x, span.start), end = token_at(x, span.end ? span.end - 1 : 0);

	if (start >= x->tokens.n)
		return;
	add_place(x, part, start, end > start ? (end < x->tokens.n ? end + 1 : end) : start + 1);
}

/* Look for the phrases of these parts that were not looked for before. */
static void find_phrases(struct assessing *x, const uint64_t *parts)
{
	const struct lexicon_listener listener = { on_phrase, x };
	struct lexicon_seen *seen = &x->s->seen;
	const struct frames *f = x->f;

	lexicon_stage_clear(f->lexicon, seen);
	for (size_t w = 0; w <= f->n_phrase_parts / 64; w++)
		for (uint64_t left = seen->phrases[w]; left; left &= left - 1) {
			size_t phrase = w * 64 + (size_t)__builtin_ctzll(left);
			uint8_t part = f->phrase_parts[phrase];

			if ((parts[part / 64] & ~x->sought[part / 64]) >> part % 64 & 1)
				lexicon_stage(seen, phrase);
		}
	for (int w = 0; w < 4; w++)
		x->sought[w] |= parts[w];
	for (size_t i = 0; i < x->tokens.n; i++)
		lexicon_phrases_at(f->lexicon, seen, &x->tokens, i, &listener);
}

/* Parts that rules found, and assets. */
static void add_others(struct assessing *x, const struct rule_parts *others)
{
	for (size_t i = 0; i < others->n; i++) {
		int part = part_find(x->f, others->items[i].part);

		if (part >= 0)
			add_span(x, (uint8_t)part, others->items[i].span);
	}
	for (size_t i = 0; i < x->found->out->n_mentions && i < 64; i++)
		add_span(x, x->f->asset, x->found->out->mentions[i].span);
}

/* An idiom masks all but idioms; one that is a topic masks topics only: "not a joke" is no joke, but it may well be ominous. */
static bool masks(const struct part_kind *mask, const struct part_kind *kind)
{
	return !kind->masks && (!mask->topic || kind->topic);
}

/* Idioms cover what stands in them: "kill the process" holds no harm. Places come sorted by their start but for a few. */
static void mask_places(struct assessing *x)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct place *mask = &x->places[i];

		if (!x->f->parts[mask->part].masks)
			continue;
		for (size_t k = 0; k < x->n; k++) {
			struct place *p = &x->places[k];

			if (p->start < mask->end && mask->start < p->end &&
			    masks(&x->f->parts[mask->part], &x->f->parts[p->part]))
				p->masked = true;
		}
	}
}

static bool overlap(const struct place *a, const struct place *b)
{
	return a->start < b->end && b->start < a->end;
}

static size_t distance(const struct place *a, const struct place *b)
{
	if (overlap(a, b))
		return 0;
	return a->end <= b->start ? b->start - a->end : a->start - b->end;
}

static bool is_taken(const struct assessing *x, const struct match_of_frame *m, size_t filled, const struct place *p)
{
	for (size_t i = 0; i < filled; i++) {
		const struct place *other = &x->places[m->slots[i]];

		if (overlap(other, p) && !(m->frame->overlaps && other->part != p->part))
			return true;
	}
	return false;
}

/* Fill the slots after the first with what stands nearest to it. */
static bool fill(const struct assessing *x, struct match_of_frame *m)
{
	const struct place *anchor = &x->places[m->slots[0]];

	for (size_t slot = 1; slot < m->frame->n_slots; slot++) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < x->n; i++) {
			const struct place *p = &x->places[i];
			size_t d;

			if (p->masked || !slot_takes(&m->frame->slots[slot], p->part))
				continue;
			d = distance(anchor, p);
			if (d > m->frame->window || d >= best || is_taken(x, m, slot, p))
				continue;
			best = d;
			m->slots[slot] = i;
		}
		if (best == SIZE_MAX)
			return false;
	}
	return true;
}

/* Does it stand inside a slot? */
static bool covered(const struct assessing *x, const struct match_of_frame *m, const struct place *p)
{
	for (size_t i = 0; i < m->frame->n_slots; i++) {
		const struct place *slot = &x->places[m->slots[i]];

		if (slot->start <= p->start && p->end <= slot->end)
			return true;
	}
	return false;
}

static void measure(const struct assessing *x, struct match_of_frame *m)
{
	m->first = SIZE_MAX;
	m->last = 0;
	for (size_t i = 0; i < m->frame->n_slots; i++) {
		const struct place *p = &x->places[m->slots[i]];

		if (p->start < m->first)
			m->first = p->start;
		if (p->end > m->last)
			m->last = p->end;
	}
}

/* How far the sentence of a place is from those of the match: what stands next to it says more of it than the rest. */
static double closeness(const struct assessing *x, const struct match_of_frame *m, const struct place *p)
{
	const struct token *t = x->tokens.items;
	uint32_t at = t[p->start].sentence, first = t[m->first].sentence, last = t[m->last - 1].sentence;
	uint32_t away = at < first ? first - at : at > last ? at - last : 0;

	if (x->f->parts[p->part].topic)
		return away == 0 ? 1 : away == 1 ? 0.3 : 0;
	return away == 0 ? 1 : away == 1 ? 0.75 : away == 2 ? 0.4 : 0.15;
}

/*
 * How much of a part stands within `reach` words of the match (apart: outside its slots): the first of a kind counts whole,
 * the second half. *which is set to the first.
 */
static double nearby(const struct assessing *x, const struct match_of_frame *m, uint8_t part, size_t reach, bool apart,
		     size_t *which)
{
	uint32_t last = UINT32_MAX;
	double best = 0, second = 0;

	if (part == x->f->quoted)
		return (x->tokens.items[m->first].quoted + x->tokens.items[m->last - 1].quoted) * 0.75;
	if (part == x->f->asked)
		return x->tokens.items[x->places[m->slots[0]].start].asked;
	if (!(x->present[part / 64] >> part % 64 & 1))
		return 0;
	for (size_t i = 0; i < x->n; i++) {
		const struct place *p = &x->places[i];
		double near;

		if (p->part != part || p->masked || p->start + reach < m->first || p->start > m->last + reach ||
		    p->start == last)
			continue;
		if (apart && covered(x, m, p))
			continue; /* the hook of Sandy Hook is no song's */
		last = p->start;
		near = closeness(x, m, p);
		if (near > best) {
			second = best;
			best = near;
			*which = i;
		} else if (near > second) {
			second = near;
		}
	}
	return best + second / 2;
}

static double weigh(const struct assessing *x, const struct match_of_frame *m, const struct weight *w, size_t n, size_t reach,
		    bool apart)
{
	double sum = 0;
	size_t which;

	for (size_t i = 0; i < n; i++)
		sum += w[i].value * nearby(x, m, w[i].part, reach, apart, &which);
	return sum;
}

static void score(const struct assessing *x, struct match_of_frame *m)
{
	const struct frame *f = m->frame;

	measure(x, m);
	m->bare = f->score + weigh(x, m, f->boosts, f->n_boosts, f->window, false);
	m->score = m->bare - weigh(x, m, f->against, f->n_against, f->around, true);
	m->bare = m->bare > 0.99 ? 0.99 : m->bare;
	m->score = m->score > 0.99 ? 0.99 : m->score;
}

/* Does any frame have its slots filled, by parts of any distance? What speaks for and against it is looked for only then. */
static bool any_frame_complete(const struct assessing *x)
{
	for (size_t i = 0; i < x->f->n_frames; i++)
		if (is_possible(&x->f->frames[i], x->present))
			return true;
	return false;
}

static void list_present(struct assessing *x)
{
	memset(x->present, 0, sizeof(x->present));
	for (size_t i = 0; i < x->n; i++)
		if (!x->places[i].masked)
			set_part(x->present, x->places[i].part);
}

static void find_frame(const struct assessing *x, const struct frame *frame, struct match_of_frame *best)
{
	if (!is_possible(frame, x->present))
		return;
	for (size_t i = 0; i < x->n; i++) {
		struct match_of_frame m = { .frame = frame, .slots = { i } };

		if (x->places[i].masked || !slot_takes(&frame->slots[0], x->places[i].part) || !fill(x, &m))
			continue;
		score(x, &m);
		if (!best->frame || m.score > best->score)
			*best = m;
	}
}

static struct span span_of(const struct assessing *x, const struct place *p)
{
	size_t start = x->tokens.items[p->start].start, end = x->tokens.items[p->end - 1].end;

	fold_back(x->folded, &start, &end);
	return found_span(x->found, start, end);
}

/* The words of a place as the post has them, cut at a character boundary, on one line. */
static struct str words_of(const struct assessing *x, const struct place *p)
{
	struct span span = span_of(x, p);
	size_t end = span.end - span.start > QUOTE ? span.start + QUOTE : span.end;
	struct str copy;
	char *bytes;

	while (end > span.start && end < x->found->text.n && (x->found->text.p[end] & 0xc0) == 0x80)
		end--;
	copy = str_slice(x->found->text, span.start, end);
	bytes = arena_alloc(x->found->a, copy.n + 1);
	for (size_t i = 0; i < copy.n; i++)
		bytes[i] = (unsigned char)copy.p[i] < 0x20 ? ' ' : copy.p[i];
	return (struct str){ bytes, copy.n };
}

static struct str say_place(const struct assessing *x, struct str sentence, const char *glue, const struct place *p)
{
	struct str words = words_of(x, p);

	return arena_printf(x->found->a, "%.*s%s\"%.*s\" (%.*s)", STR_ARG(sentence), glue, STR_ARG(words),
			    STR_ARG(x->f->parts[p->part].label));
}

static struct str say_weights(const struct assessing *x, const struct match_of_frame *m, struct str sentence,
			      const struct weight *w, size_t n, size_t reach, const char *first)
{
	bool apart = first[0] == ';';
	const char *glue = first;

	for (size_t i = 0; i < n; i++) {
		size_t which = SIZE_MAX;

		if (nearby(x, m, w[i].part, reach, apart, &which) <= 0)
			continue;
		if (which != SIZE_MAX)
			sentence = say_place(x, sentence, glue, &x->places[which]);
		else
			sentence = arena_printf(x->found->a, "%.*s%s%.*s", STR_ARG(sentence), glue,
						STR_ARG(x->f->parts[w[i].part].label));
		glue = apart ? ", " : " + ";
	}
	return sentence;
}

static struct str explain(const struct assessing *x, const struct match_of_frame *m)
{
	const struct frame *f = m->frame;
	struct str s = arena_printf(x->found->a, "%.*s: ", STR_ARG(f->label));

	for (size_t i = 0; i < f->n_slots; i++)
		s = say_place(x, s, i ? " + " : "", &x->places[m->slots[i]]);
	s = say_weights(x, m, s, f->boosts, f->n_boosts, f->window, " + ");
	return say_weights(x, m, s, f->against, f->n_against, f->around, "; against it: ");
}

static void keep_part(const struct assessing *x, const struct place *p)
{
	struct assessment *out = x->found->out;
	struct str name = x->f->parts[p->part].id;
	struct span span = span_of(x, p);
	struct part *kept;

	if (out->n_parts >= LIMIT_PARTS)
		return;
	for (size_t i = 0; i < out->n_parts; i++)
		if (out->parts[i].span.start == span.start && out->parts[i].span.end == span.end &&
		    str_eq(out->parts[i].part, name))
			return;
	kept = arena_push(x->found->a, &out->parts, &out->n_parts, sizeof(*kept));
	*kept = (struct part){ name, span };
}

/* The best frame of each category speaks. */
static void conclude(const struct assessing *x, struct match_of_frame *found, size_t n, struct facts *facts,
		     struct frames_said *said)
{
	for (size_t i = 0; i < n; i++) {
		if (!found[i].frame)
			continue;
		facts_add(facts, STR("frame"), found[i].frame->id, found[i].score > 0 ? found[i].score : 0);
		facts_add(facts, STR("against"), found[i].frame->id, found[i].bare - found[i].score);
	}
	for (int category = 0; category < CATEGORIES; category++) {
		const struct match_of_frame *best = NULL;

		for (size_t i = 0; i < n; i++)
			if (found[i].frame && (int)found[i].frame->category == category &&
			    (!best || found[i].score > best->score))
				best = &found[i];
		if (!best)
			continue;
		said->score[category] = best->score > 0 ? best->score : 0;
		said->bare[category] = best->bare;
		if (best->bare < WORTH_A_WORD)
			continue;
		for (size_t i = 0; i < best->frame->n_slots; i++)
			keep_part(x, &x->places[best->slots[i]]);
		said->sentence[category] = explain(x, best);
	}
}

void frames_read(const struct frames *f, struct frames_scratch *s, struct arena *a, const struct folded *folded,
		 struct tokens *out)
{
	lexicon_read(f->lexicon, s->recent, a, folded->text, out);
}

unsigned frames_gate(const struct frames *f, const struct tokens *tokens)
{
	unsigned open = 0;

	for (size_t i = 0; i < tokens->n; i++) {
		const struct lexicon_senses *s = lexicon_senses_of(f->lexicon, &tokens->items[i]);

		for (size_t k = 0; k < s->n; k++)
			open |= f->opens[s->items[k]];
	}
	return open;
}

void frames_assess(const struct frames *f, struct frames_scratch *s, const struct folded *folded, const struct tokens *tokens,
		   const struct rule_parts *others, struct found *found, struct facts *facts, struct frames_said *said)
{
	struct assessing x = { .f = f, .s = s, .folded = folded, .tokens = *tokens, .found = found };
	static const uint64_t all[4] = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };
	uint64_t anchors[4] = { 0 }, slots[4] = { 0 };
	struct match_of_frame *matches;

	*said = (struct frames_said){ 0 };
	if (!any_frame_possible(f, s, tokens, others, found->out->n_mentions > 0))
		return;
	add_others(&x, others);
	list_anchors(&x, anchors);
	find_phrases(&x, anchors);
	list_present(&x);
	if (!list_slots(&x, slots))
		return;
	find_phrases(&x, slots);
	mask_places(&x);
	list_present(&x);
	if (!any_frame_complete(&x))
		return;
	find_phrases(&x, all);
	mask_places(&x);
	list_present(&x);
	matches = arena_alloc(found->a, f->n_frames * sizeof(*matches));
	for (size_t i = 0; i < f->n_frames; i++)
		find_frame(&x, &f->frames[i], &matches[i]);
	conclude(&x, matches, f->n_frames, facts, said);
	for (size_t i = 0; i < x.n; i++)
		if (!x.places[i].masked)
			keep_part(&x, &x.places[i]);
}
