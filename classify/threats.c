/* threats.c - what a text threatens, from its words */
#include "classify/threats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/limits.h"
#include "base/must.h"

/* Below this score a category is noise and adds nothing to what rules found. */
static const double NOISE = 0.2;
/* ... and when it is written as a song. */
static const double SONG = 1.5;
/* ... and this is what they say when they may not decide: two weak hits beside it decide neither. */
static const double UNDECIDED = 0.3;
/* What share of the words of a window has to stand in sentences, so that the words alone decide: the model never saw code. */
static const double PROSE[CATEGORIES] = {
	[CATEGORY_VIOLENCE] = 0.65, [CATEGORY_EXTORTION] = 0.65, [CATEGORY_LEAK] = 0.75, [CATEGORY_DOX] = 0.65
};
/* So many words of a sentence it takes to announce something. */
enum { FEWEST_WORDS = 3 };
/* A sign of code for each so many words is code. */
enum { CODE = 6 };
/* Words alone are never surer than this. */
static const double SUREST = 0.99;
/* How many log odds it costs when all that a frame has speaks against it: a game, news, a quotation. */
static const double DOUBT = 6;

/*
 * In a long text some window always looks like the announcement of a leak, which is short: so many log odds less with each
 * doubling beyond so many words. Set on manuals, changelogs and code, which the model never saw.
 */
static const double LEAK_DOUBT = 0.5, LEAK_WORDS = 64;

/* Where the words alone give no category so much, phrases are not looked for. Frames add most to violence. */
static const double HINTS[CATEGORIES] = {
	[CATEGORY_VIOLENCE] = 0.025, [CATEGORY_EXTORTION] = 0.1, [CATEGORY_LEAK] = 0.1, [CATEGORY_DOX] = 0.1
};

struct threats {
	struct frames *frames;
	struct language *model;
	char *bytes;  /* of a model that was given */
	bool ungated; /* phrases are looked for in every text */
	struct err fault;
};

struct threats_scratch {
	struct frames_scratch *frames;
	struct language_recent *recent;
};

struct threats *threats_new(struct str model, const char *name, bool ungated, struct err *err)
{
	const struct embed *shipped = embed_find("classify/model/language.bin");
	struct threats *t = must_alloc(1, sizeof(*t));

	t->ungated = ungated;
	t->frames = frames_new(err);
	if (!t->frames) {
		free(t);
		return NULL;
	}
	if (!name && shipped) {
		model = shipped->content;
		name = shipped->path;
	} else if (model.n) {
		t->bytes = must_alloc(1, model.n);
		memcpy(t->bytes, model.p, model.n);
		model.p = t->bytes;
	}
	t->model = language_new(model, name, &t->fault);
	return t;
}

void threats_free(struct threats *t)
{
	if (!t)
		return;
	language_free(t->model);
	free(t->bytes);
	frames_free(t->frames);
	free(t);
}

const struct frames *threats_frames(const struct threats *t)
{
	return t->frames;
}

const struct language *threats_model(const struct threats *t)
{
	return t->model;
}

const char *threats_fault(const struct threats *t)
{
	return t->model ? "" : t->fault.text;
}

struct threats_scratch *threats_scratch_new(const struct threats *t)
{
	struct threats_scratch *s = must_alloc(1, sizeof(*s));

	s->frames = frames_scratch_new(t->frames);
	s->recent = language_recent_new();
	return s;
}

void threats_scratch_free(struct threats_scratch *s)
{
	if (!s)
		return;
	frames_scratch_free(s->frames);
	language_recent_free(s->recent);
	free(s);
}

/* How much of a text is of each sense: as a square root, so that the first few count most. */
static void add_senses(const struct lexicon *l, const struct tokens *tokens, struct facts *facts)
{
	uint32_t counts[256] = { 0 };

	for (size_t i = 0; i < tokens->n; i++) {
		const struct lexicon_senses *s = lexicon_senses_of(l, &tokens->items[i]);

		for (size_t k = 0; k < s->n; k++)
			counts[s->items[k]]++;
	}
	for (size_t i = 1; i < lexicon_n_senses(l); i++)
		if (counts[i])
			facts_add(facts, STR("share"), lexicon_sense(l, i), sqrt((double)counts[i] / (double)(tokens->n + 8)));
}

/* Lines that begin with a name and a colon, as scripts, interviews and chats have them; lines in all. */
static size_t count_speakers(struct str text, size_t *lines)
{
	struct str rest = text, line;
	size_t n = 0;

	*lines = 0;
	while (str_split(&rest, '\n', &line)) {
		size_t i = 0;

		*lines += str_trim(line).n > 0;
		while (i < line.n && i < 24 && line.p[i] != ':')
			i++;
		n += i > 1 && i < 24 && i + 1 < line.n && line.p[i + 1] == ' ';
	}
	return n;
}

static void add_shape(struct str text, const struct tokens *tokens, struct facts *facts)
{
	size_t quoted = 0, asked = 0, lines, speakers = count_speakers(text, &lines);
	double n = (double)tokens->n + 1;

	for (size_t i = 0; i < tokens->n; i++) {
		quoted += tokens->items[i].quoted;
		asked += tokens->items[i].asked;
	}
	facts_add(facts, STR("shape"), STR("quoted"), (double)quoted / n);
	facts_add(facts, STR("shape"), STR("asked"), (double)asked / n);
	facts_add(facts, STR("shape"), STR("speakers"), lines > 1 ? (double)speakers / (double)lines : 0);
}

/* Does it name its own verses, as a song does: "(chorus)", "[Verse 2]"? */
static bool is_song(struct str text)
{
	static const char *const names[] = { "chorus", "verse", "refrain", "bridge", "hook", "outro" };
	struct str rest = text, line;

	while (str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		for (size_t i = 0; line.n > 2 && line.n < 16 && (line.p[0] == '(' || line.p[0] == '[') && i < 6; i++)
			if (str_starts(str_slice(line, 1, line.n), str_of(names[i])))
				return true;
	}
	return false;
}

static void add_others(const struct rule_parts *others, struct facts *facts)
{
	for (size_t i = 0; i < others->n && i < 2; i++)
		facts_add(facts, STR("rule"), others->items[i].part, 1);
}

/* One text under way. */
struct threat_reading {
	struct tokens tokens;
	struct facts facts;
	struct frames_said said;
	struct language_text text;
};

static void read_words(const struct threats *t, struct threats_scratch *s, const struct folded *folded, struct found *found,
		       struct threat_reading *x)
{
	*x = (struct threat_reading){ .facts = { .a = found->a } };
	frames_read(t->frames, s->frames, found->a, folded, &x->tokens);
	x->text = (struct language_text){ frames_lexicon(t->frames), folded->text, &x->tokens, &x->facts };
}

static void add_facts(const struct rule_parts *others, struct threat_reading *x)
{
	add_senses(x->text.lexicon, &x->tokens, &x->facts);
	add_shape(x->text.folded, &x->tokens, &x->facts);
	add_others(others, &x->facts);
}

/* What of the folded text may be quoted: without the secrets that rules and readers of dumps have found. */
static struct str quotable(const struct folded *folded, const struct found *found)
{
	const size_t n = folded->text.n;
	char *bytes = arena_alloc(found->a, n + 1), *hidden = arena_alloc(found->a, found->text.n + 1);

	memset(hidden, 0, found->text.n + 1);
	memcpy(bytes, folded->text.p, n);
	found_hide(found, 0, hidden, found->text.n);
	for (size_t i = 0; i < n; i++)
		bytes[i] = hidden[folded->back[i]] ? '*' : bytes[i];
	return (struct str){ bytes, n };
}

/* "threat of violence (0.87): "keep yourself distant" (...) + ...; against it: ...; learned: ..." */
static void explain(const struct threats *t, const struct folded *folded, struct found *found, const struct threat_reading *x,
		    const struct language_said *said, int category, double score)
{
	struct language_text text = x->text;
	struct str s = x->said.sentence[category], learned = { 0 }, against = { 0 };
	struct arena *a = found->a;

	if (said) {
		text.folded = found->n_hidden ? quotable(folded, found) : text.folded;
		learned = language_explain(t->model, a, &text, said, (enum language_head)category, false);
		against = language_explain(t->model, a, &text, said, (enum language_head)category, true);
	}
	if (!s.n)
		s = arena_printf(a, "%s", category_names[category]);
	s = arena_printf(a, "%.*s (%.2f)", STR_ARG(s), score);
	if (learned.n)
		s = arena_printf(a, "%.*s; what speaks for it most: %.*s", STR_ARG(s), STR_ARG(learned));
	if (against.n && score < 0.8)
		s = arena_printf(a, "%.*s; what speaks against it: %.*s", STR_ARG(s), STR_ARG(against));
	found_reason(found, s);
}

/* The words [first, end), as the post has them, become a part. */
static void mark_window(const struct folded *folded, const struct threat_reading *x, size_t first, size_t end, struct str part,
			struct found *found)
{
	size_t from, to;

	if (end <= first || found->out->n_parts >= LIMIT_PARTS)
		return;
	from = x->tokens.items[first].start;
	to = x->tokens.items[end - 1].end;
	fold_back(folded, &from, &to);
	*(struct part *)arena_push(found->a, &found->out->parts, &found->out->n_parts,
				   sizeof(struct part)) = (struct part){ part, found_span(found, from, to) };
}

/* A threat stands in it, but its author tells of what others threaten: the whole text is marked. */
static void mark_report(const struct folded *folded, const struct threat_reading *x, const struct language_said *said,
			struct found *found)
{
	double bare = 0, score = said->score[LANGUAGE_REPORT];

	for (int c = 0; c < CATEGORIES; c++) {
		bare = said->bare[c] > bare ? said->bare[c] : bare;
		bare = x->said.bare[c] > bare ? x->said.bare[c] : bare;
	}
	if (bare < 0.5 || score <= found->out->reports)
		return;
	found->out->reports = score;
	if (score < 0.5)
		return;
	found_reason(found, arena_printf(found->a, "reports or quotes what others threaten or do (%.2f): scored lower", score));
	mark_window(folded, x, 0, x->tokens.n, STR("report"), found);
}

/* May a word of a sentence begin behind this, and end before it? Letters of scripts without blanks stand beside each other. */
static bool opens_word(char c)
{
	return ascii_is_space(c) || c & 0x80 || strchr("([\"'*#>~!-", c);
}

static bool closes_word(char c, char next)
{
	if (strchr(".,:;!?)]\"'*", c))
		return !ascii_is_alnum(next) && next != '/' && next != '(' && next != '=';
	return ascii_is_space(c) || c & 0x80 || c == '-' || c == '/';
}

/* A word of letters between blanks, and no part of a name, an address or of code: "onion", not ".onion/", "api_token", "qq{".
 */
static bool is_of_sentence(struct str text, const struct token *t)
{
	char before = t->start ? text.p[t->start - 1] : ' ', after = t->end < text.n ? text.p[t->end] : ' ';
	char next = t->end + 1 < text.n ? text.p[t->end + 1] : ' ';

	for (size_t i = t->start; i < t->end; i++)
		if (!ascii_is_alpha(text.p[i]) && !(text.p[i] & 0x80))
			return false;
	return opens_word(before) && closes_word(after, next);
}

/* Signs that code has and sentences have not: braces, backslashes, underscores, "$name", "=>", a semicolon at a line's end. */
static size_t count_code_signs(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char next = i + 1 < s.n ? s.p[i + 1] : ' ';

		n += strchr("{}\\_", s.p[i]) || (s.p[i] == '$' && ascii_is_alpha(next)) || (s.p[i] == '=' && next == '>') ||
		     (s.p[i] == ';' && next == '\n');
	}
	return n;
}

/* Is its best window made of sentences, and no code, list or markup? As long as the shortest announcement at least. */
static bool is_prose(const struct threat_reading *x, const struct language_said *said, int category)
{
	size_t first = said->window[category].first, end = said->window[category].end, words = 0, plain = 0;
	struct str text = x->text.folded;

	for (size_t i = first; i < end; i++) {
		const struct token *t = &x->tokens.items[i];

		words += ascii_is_alpha(text.p[t->start]) || text.p[t->start] & 0x80;
		plain += is_of_sentence(text, t);
	}
	if (end > first &&
	    CODE * count_code_signs(str_slice(text, x->tokens.items[first].start, x->tokens.items[end - 1].end)) >= words)
		return false;
	return plain >= FEWEST_WORDS && (double)plain >= PROSE[category] * (double)words;
}

/*
 * A phrase that threatens decides, and words alone do where they make sentences. Leaks and doxes are told by what rules find,
 * or by words that say so; the shape of a text alone does not decide.
 */
static bool may_decide(const struct threats *t, const struct threat_reading *x, const struct language_said *said,
		       const struct found *found, int category)
{
	unsigned open = frames_gate(t->frames, &x->tokens);

	if (category == CATEGORY_LEAK)
		return (open & GATE_LEAK && is_prose(x, said, category)) || found->miss[category] < 0.5;
	if (category == CATEGORY_DOX)
		return (open & GATE_DOX && is_prose(x, said, category)) || found->miss[category] < 0.5;
	return x->said.score[category] >= 0.5 || is_prose(x, said, category);
}

static void conclude(const struct threats *t, const struct folded *folded, const struct threat_reading *x,
		     const struct language_said *said, struct found *found)
{
	for (int c = 0; c < CATEGORIES; c++) {
		double score = said ? said->score[c] : x->said.score[c];

		score = score > SUREST ? SUREST : score;
		if (said && score >= 0.5 && !may_decide(t, x, said, found, c))
			score = UNDECIDED;
		if (c == CATEGORY_LEAK && x->said.score[c] > score) /* its frames are exact: 3 in 10,000 ordinary posts */
			score = x->said.score[c];
		if (score > found->out->words[c])
			found->out->words[c] = score;
		if (score < NOISE)
			continue;
		found_weigh(found, (enum category)c, score);
		explain(t, folded, found, x, said, c, score);
		if (said && score >= 0.5)
			mark_window(folded, x, said->window[c].first, said->window[c].end, str_of(category_names[c]), found);
	}
	if (said)
		mark_report(folded, x, said, found);
}

/* What the words say of a text decides whether its phrases are looked for: most posts leave here. */
static bool is_worth_reading(const struct threats *t, const struct rule_parts *others, const struct tokens *tokens,
			     const struct language_said *said)
{
	bool worth = t->ungated || others->n || frames_gate(t->frames, tokens) & GATE_READ;

	for (int c = 0; c < CATEGORIES; c++)
		worth |= language_hint(t->model, said, (enum language_head)c) >= HINTS[c];
	return worth;
}

/* Too low to speak of, but still an order among harmless posts. */
static void note_scores(const struct language_said *said, struct found *found)
{
	for (int c = 0; c < CATEGORIES; c++)
		if (said->score[c] > found->out->words[c])
			found->out->words[c] = said->score[c];
}

static double doubt_of_leak(const struct tokens *tokens)
{
	double doublings = log2((double)(tokens->n + 1) / LEAK_WORDS);

	return doublings > 0 ? LEAK_DOUBT * doublings : 0;
}

static void read_with_model(const struct threats *t, struct threats_scratch *s, const struct folded *folded,
			    const struct rule_parts *others, struct found *found, struct threat_reading *x)
{
	struct language_said said;
	size_t known;

	add_facts(others, x);
	known = x->facts.n;
	language_read(t->model, s->recent, found->a, &x->text, &said);
	if (!is_worth_reading(t, others, &x->tokens, &said)) {
		language_conclude(t->model, &said);
		note_scores(&said, found);
		return;
	}
	found->out->learned |= found->layer == 0;
	frames_assess(t->frames, s->frames, folded, &x->tokens, others, found, &x->facts, &x->said);
	language_add(t->model, &x->facts, known, &said);
	language_conclude(t->model, &said);
	for (int c = 0; c < CATEGORIES; c++)
		language_doubt(t->model, &said, (enum language_head)c,
			       DOUBT * (x->said.bare[c] - x->said.score[c]) + (is_song(folded->text) ? SONG : 0) +
				       (c == CATEGORY_LEAK ? doubt_of_leak(&x->tokens) : 0));
	conclude(t, folded, x, &said, found);
}

void threats_read(const struct threats *t, struct threats_scratch *s, const struct folded *folded,
		  const struct rule_parts *others, struct found *found)
{
	struct threat_reading x;

	read_words(t, s, folded, found, &x);
	if (x.tokens.cut)
		found_reason(found, STR("a very long text: only its first words were read for threats"));
	if (t->model) {
		read_with_model(t, s, folded, others, found, &x);
		return;
	}
	frames_assess(t->frames, s->frames, folded, &x.tokens, others, found, &x.facts, &x.said);
	conclude(t, folded, &x, NULL, found);
}

void threats_features(const struct threats *t, struct threats_scratch *s, const struct folded *folded,
		      const struct rule_parts *others, struct found *found, struct language_text *out)
{
	struct threat_reading *x = arena_alloc(found->a, sizeof(*x));

	read_words(t, s, folded, found, x);
	frames_assess(t->frames, s->frames, folded, &x->tokens, others, found, &x->facts, &x->said);
	add_facts(others, x);
	*out = x->text;
}
