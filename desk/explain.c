/* explain.c - what the whole classifier makes of a text, and why */
#include "desk/explain.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "classify/decode.h"
#include "desk/print.h"
#include "store/quoted.h"

enum {
	COLUMNS = 80,
	NAME_COLUMNS = 20,
	WORDS_SHOWN = 40,
	WORDS_KEPT = 400, /* bytes of a part in JSON */
};

/* Print a sentence in lines that fit, the first behind "  - ". */
static void sentence_print(struct str s)
{
	AUTO(buf) text = BUF_INIT(LIMIT_TEXT);
	struct str rest, word;
	size_t column = 3;

	log_printable(&text, s, false);
	rest = buf_str(&text);
	print("  -");
	while (str_split(&rest, ' ', &word)) {
		size_t width = 0;

		for (size_t i = 0; i < word.n; i++)
			width += ((unsigned char)word.p[i] & 0xc0) != 0x80;
		if (column > 3 && column + 1 + width > COLUMNS) {
			print("\n   ");
			column = 3;
		}
		print(" ");
		print_text(word, false, 0);
		column += 1 + width;
	}
	print("\n");
}

static void heading(const char *title, size_t n)
{
	if (n)
		print("\n%s%s%s\n", style("1"), title, style(""));
}

/* The bytes of a part, what is secret there replaced; not more than `most`, cut between characters. */
static struct str words_of_part(struct assessor *x, const struct assessed *found, const struct span *s, size_t most)
{
	const struct assessment *a = &found->assessment;
	struct str text = s->layer == 0 ? found->text : (size_t)s->layer < a->n_layers ? a->layers[s->layer].text : STR("");
	struct str copy = arena_copy(x->a, str_slice(text, s->start, s->end));
	char *bytes = (char *)(uintptr_t)copy.p;

	for (size_t i = 0; i < a->n_hits; i++) {
		const struct span *hit = s->layer == 0 ? &a->hits[i].secret : &a->hits[i].span;

		for (size_t k = hit->start; hit->layer == s->layer && k < hit->end && k < s->end; k++)
			if (k >= s->start && ascii_is_alnum(bytes[k - s->start]))
				bytes[k - s->start] = '*';
	}
	for (size_t i = 0; s->layer == 0 && i < a->n_secrets; i++)
		for (size_t k = a->secrets[i].start; k < a->secrets[i].end && k < s->end; k++)
			if (k >= s->start && !ascii_is_space(bytes[k - s->start]))
				bytes[k - s->start] = '*';
	while (most > 0 && most < copy.n && ((unsigned char)copy.p[most] & 0xc0) == 0x80)
		most--;
	return str_slice(copy, 0, most);
}

static const char *coding_of(const struct assessed *found, int layer)
{
	const struct assessment *a = &found->assessment;

	return layer > 0 && (size_t)layer < a->n_layers ? a->layers[layer].coding : "";
}

static void span_print(const struct assessed *found, const struct span *s)
{
	print("  %7zu-%-7zu ", s->start, s->end);
	if (s->layer)
		print("in %s: ", coding_of(found, s->layer));
}

/* Does a longer part of the same name cover it? */
static bool is_covered(const struct assessment *a, size_t i)
{
	const struct span *its = &a->parts[i].span;

	for (size_t k = 0; k < a->n_parts; k++) {
		const struct span *s = &a->parts[k].span;

		if (k != i && s->layer == its->layer && s->start <= its->start && s->end >= its->end &&
		    (k < i || s->end - s->start > its->end - its->start) && str_eq(a->parts[k].part, a->parts[i].part))
			return true;
	}
	return false;
}

static void parts_print(struct assessor *x, const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	heading("Parts: bytes, name, words", a->n_parts);
	for (size_t i = 0; i < a->n_parts; i++) {
		struct str words = words_of_part(x, found, &a->parts[i].span, WORDS_KEPT);
		AUTO(buf) shown = BUF_INIT(4 * WORDS_KEPT);
		size_t end = 0, n = 0;

		if (is_covered(a, i))
			continue;
		log_printable(&shown, words, false);
		for (; end < shown.n && n <= WORDS_SHOWN; end++)
			n += ((unsigned char)shown.p[end] & 0xc0) != 0x80;
		while (end > 0 && end < shown.n && ((unsigned char)shown.p[end] & 0xc0) == 0x80)
			end++;
		span_print(found, &a->parts[i].span);
		print_text(a->parts[i].part, false, NAME_COLUMNS);
		print(" ");
		if (n > WORDS_SHOWN) {
			print_text(str_slice(buf_str(&shown), 0, end), false, WORDS_SHOWN - 3);
			print("...\n");
			continue;
		}
		print_text(buf_str(&shown), false, 0);
		print("\n");
	}
}

static void assets_print(const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	heading("Assets: bytes, asset, by which name", a->n_mentions);
	for (size_t i = 0; i < a->n_mentions; i++) {
		span_print(found, &a->mentions[i].span);
		print_text(a->mentions[i].asset, false, NAME_COLUMNS);
		print(" ");
		print_text(a->mentions[i].term, false, 0);
		print("\n");
	}
	for (size_t i = 0; i < a->n_look_alikes; i++)
		sentence_print(a->look_alikes[i].why);
}

static void hits_print(const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	heading("Hits: bytes, rule, confidence, sample with its secret masked", a->n_hits);
	for (size_t i = 0; i < a->n_hits; i++) {
		const struct hit *h = &a->hits[i];

		span_print(found, &h->span);
		print_text(h->rule, false, NAME_COLUMNS);
		print(" %-6s ", confidence_names[h->confidence]);
		print_text(h->masked, false, 0);
		print("\n");
		sentence_print(h->why);
	}
}

static void scores_print(const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	for (int i = 0; i < CATEGORIES; i++)
		print("  %-10s %s%.2f%s  %-8s its words alone %.2f\n", category_names[i],
		      style(a->category[i] >= 0.5 ? "1" : "2"), a->category[i], style(""),
		      a->category[i] >= 0.5 ? "decided" : "", a->words[i]);
	print("  %-10s %.2f%s%s\n", "a report", a->reports, a->reports >= 0.5 ? "  " : "",
	      a->reports >= 0.5 ? QUOTED_TOLD : "");
}

static void ways_print(const struct assessor *x, const struct assessed *found)
{
	const char *fault = classifier_model_fault(x->classifier);

	if (*fault) {
		print("\nNo model of language is in force; the frames of parts speak alone:\n");
		sentence_print(str_of(fault));
		return;
	}
	print("\nA model of language is in force. ");
	print(found->assessment.learned ? "The words let the text pass the gate:\nphrases were looked for.\n"
					: "The text did not pass the gate: its\n"
					  "words say too little of any threat for phrases to be looked for.\n");
}

void explain_print(const char *path, struct assessor *x, const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	print("%s%d %s%s  ", style("1"), found->severity.value, severity_name(found->severity.value), style(""));
	print_text(str_of(path), false, 0);
	print("\n\n");
	scores_print(found);
	ways_print(x, found);
	heading("What the text says", a->n_reasons);
	for (size_t i = 0; i < a->n_reasons; i++)
		sentence_print(a->reasons[i]);
	heading("What makes the severity", found->severity.n_terms);
	for (size_t i = 0; i < found->severity.n_terms; i++)
		sentence_print(found->severity.terms[i]);
	parts_print(x, found);
	assets_print(found);
	hits_print(found);
}

static void span_json(struct json_writer *w, const struct assessed *found, const struct span *s)
{
	json_put_int(w, "layer", s->layer);
	if (s->layer)
		json_put_text(w, "coding", str_of(coding_of(found, s->layer)));
	json_put_int(w, "start", (int64_t)s->start);
	json_put_int(w, "end", (int64_t)s->end);
}

static void scores_json(struct json_writer *w, const char *key, const double scores[CATEGORIES])
{
	json_open(w, key, '{');
	for (int i = 0; i < CATEGORIES; i++)
		json_put_real(w, category_names[i], scores[i]);
	json_close(w, '}');
}

static void sentences_json(struct json_writer *w, const char *key, const struct str *items, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		json_put_text(w, NULL, items[i]);
	json_close(w, ']');
}

static void parts_json(struct json_writer *w, struct assessor *x, const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	json_open(w, "parts", '[');
	for (size_t i = 0; i < a->n_parts; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "part", a->parts[i].part);
		span_json(w, found, &a->parts[i].span);
		json_put_text(w, "words", words_of_part(x, found, &a->parts[i].span, WORDS_KEPT));
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "mentions", '[');
	for (size_t i = 0; i < a->n_mentions; i++) {
		json_open(w, NULL, '{');
		json_put_text(w, "asset", a->mentions[i].asset);
		json_put_text(w, "term", a->mentions[i].term);
		span_json(w, found, &a->mentions[i].span);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void hits_json(struct json_writer *w, const struct assessed *found)
{
	const struct assessment *a = &found->assessment;

	json_open(w, "hits", '[');
	for (size_t i = 0; i < a->n_hits; i++) {
		const struct hit *h = &a->hits[i];

		json_open(w, NULL, '{');
		json_put_text(w, "rule", h->rule);
		json_put_text(w, "label", h->label);
		span_json(w, found, &h->span);
		json_put_text(w, "masked", h->masked);
		json_put_text(w, "confidence", str_of(confidence_names[h->confidence]));
		json_put_text(w, "asset", h->asset);
		json_put_text(w, "why", h->why);
		json_close(w, '}');
	}
	json_close(w, ']');
}

void explain_json(const char *path, struct assessor *x, const struct assessed *found)
{
	AUTO(buf) out = BUF_INIT(LIMIT_MESSAGE);
	struct json_writer w = { .out = &out };
	const struct assessment *a = &found->assessment;
	const char *fault = classifier_model_fault(x->classifier);

	json_open(&w, NULL, '{');
	json_put_text(&w, "path", str_of(path));
	json_put_int(&w, "severity", found->severity.value);
	scores_json(&w, "categories", a->category);
	scores_json(&w, "words_alone", a->words);
	json_put_real(&w, "reports", a->reports);
	json_put_bool(&w, "model", *fault == '\0');
	json_put_text(&w, "model_fault", str_of(fault));
	json_put_bool(&w, "gate", a->learned);
	sentences_json(&w, "reasons", a->reasons, a->n_reasons);
	sentences_json(&w, "terms", found->severity.terms, found->severity.n_terms);
	parts_json(&w, x, found);
	hits_json(&w, found);
	json_close(&w, '}');
	print_json(&out);
}

bool explain_says_something(const struct assessed *found)
{
	for (int i = 0; i < CATEGORIES; i++)
		if (found->assessment.category[i] >= 0.5)
			return true;
	return found->assessment.n_hits > 0;
}
