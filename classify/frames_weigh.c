/* frames_weigh.c - how well a frame is filled: what stands near it speaks for it or against it */
#include "classify/frames_inner.h"

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

double frames_nearby(const struct assessing *x, const struct match_of_frame *m, uint8_t part, size_t reach, bool apart,
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
		sum += w[i].value * frames_nearby(x, m, w[i].part, reach, apart, &which);
	return sum;
}

void frames_weigh(const struct assessing *x, struct match_of_frame *m)
{
	const struct frame *f = m->frame;

	measure(x, m);
	m->bare = f->score + weigh(x, m, f->boosts, f->n_boosts, f->window, false);
	m->score = m->bare - weigh(x, m, f->against, f->n_against, f->around, true);
	m->bare = m->bare > 0.99 ? 0.99 : m->bare;
	m->score = m->score > 0.99 ? 0.99 : m->score;
}
