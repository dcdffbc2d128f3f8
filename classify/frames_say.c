/* frames_say.c - a frame that was found, in words and as parts of the assessment */
#include "base/limits.h"
#include "classify/frames_inner.h"

enum { QUOTE = 80 }; /* bytes of a part shown in a sentence */

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
	found_hide(x->found, span.start, bytes, copy.n);
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

		if (frames_nearby(x, m, w[i].part, reach, apart, &which) <= 0)
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

struct str frames_explain(const struct assessing *x, const struct match_of_frame *m)
{
	const struct frame *f = m->frame;
	struct str s = arena_printf(x->found->a, "%.*s: ", STR_ARG(f->label));

	for (size_t i = 0; i < f->n_slots; i++)
		s = say_place(x, s, i ? " + " : "", &x->places[m->slots[i]]);
	s = say_weights(x, m, s, f->boosts, f->n_boosts, f->window, " + ");
	return say_weights(x, m, s, f->against, f->n_against, f->around, "; against it: ");
}

void frames_keep_part(const struct assessing *x, const struct place *p)
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
