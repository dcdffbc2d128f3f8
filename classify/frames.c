/* frames.c - threats by their parts: which frames a text fills, and how well */
#include "classify/frames.h"

#include <string.h>

#include "base/limits.h"
#include "classify/frames_inner.h"

enum { MOST_PLACES = 4096 }; /* places of parts considered in one text */

static const double WORTH_A_WORD = 0.195; /* what a frame says below this score is kept to itself */

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
		int part = frames_part(f, others->items[i].part);

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
		int part = frames_part(x->f, others->items[i].part);

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
		frames_weigh(x, &m);
		if (!best->frame || m.score > best->score)
			*best = m;
	}
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
			frames_keep_part(x, &x->places[best->slots[i]]);
		said->sentence[category] = frames_explain(x, best);
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
			frames_keep_part(&x, &x.places[i]);
}
