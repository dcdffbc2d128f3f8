/* language.h - a model of threat language: what a text does, learned from labelled ones */
/* Runs in: supervisor (opening), worker and verbs (reading). Pure: no file, no clock. classify/model/MODEL.md says what the
 * shipped model was made of and how far it can be trusted. */
#ifndef WATCHDESK_CLASSIFY_LANGUAGE_H
#define WATCHDESK_CLASSIFY_LANGUAGE_H

#include "base/digest.h"
#include "base/err.h"
#include "classify/facts.h"
#include "classify/lexicon.h"

/*
 * A linear model over hashed features: words, pairs of words, pieces of words, senses one by one and in pairs,
 * and facts of the whole text. A text is read in windows, so that one line counts in a long rant as much as alone; its score
 * is that of its best window. The parameters are read where they lie: a file may be mapped.
 */
struct language;

enum language_head {
	LANGUAGE_VIOLENCE,
	LANGUAGE_EXTORTION,
	LANGUAGE_LEAK,
	LANGUAGE_DOX,
	LANGUAGE_REPORT, /* tells of what others threaten or do */
	LANGUAGE_HEADS,
};
/* "violence" ... "report" */
extern const char *const language_head_names[LANGUAGE_HEADS];

/* What is read. */
struct language_text {
	const struct lexicon *lexicon;
	struct str folded;
	const struct tokens *tokens;
	const struct facts *facts;
};

/* Groups of features; the bits of a set of them leave groups out (for ablations). */
enum language_group { GROUP_WORDS, GROUP_PIECES, GROUP_SENSES, GROUP_FACTS, LANGUAGE_GROUPS };
extern const char *const language_group_names[LANGUAGE_GROUPS];

enum {
	LANGUAGE_VERSION = 2,	 /* of file and features */
	LANGUAGE_STRIDE = 8,	 /* bytes of a row: one for each head */
	LANGUAGE_ROWS_LOG = 18,	 /* rows of weights: 2 MiB */
	LANGUAGE_FACTS_LOG = 12, /* rows of weights of facts */
	LANGUAGE_KNOTS = 5,	 /* where the score that is told is fixed; between them it is a straight line in log odds */
	LANGUAGE_FEATURES = 160, /* of one word at most */
	LANGUAGE_BACK = 6,	 /* senses that are seen together with the one before them */
	LANGUAGE_SHORT = 24,	 /* words of a window, and of a wide one */
	LANGUAGE_WIDE = 96,
};

/* The scores at the knots. */
extern const double language_levels[LANGUAGE_KNOTS];

/* A file, as it lies in memory, little endian. `digest` is of all that follows it. */
struct language_file {
	char magic[8]; /* "WDLANG2\n" */
	unsigned char digest[DIGEST_BYTES];
	uint32_t version, rows_log, facts_log, heads, groups;
	float report_from, report_slope; /* what tells of others is lowered: by how much beyond which log odds */
	uint32_t reserved;
	float scale[LANGUAGE_STRIDE], bias[LANGUAGE_STRIDE];
	float knots[LANGUAGE_HEADS][LANGUAGE_KNOTS];
	uint8_t pad[20];
	float facts[1 << LANGUAGE_FACTS_LOG][LANGUAGE_STRIDE];
	int8_t rows[1 << LANGUAGE_ROWS_LOG][LANGUAGE_STRIDE];
};
_Static_assert(offsetof(struct language_file, facts) % 16 == 0, "rows are read in one piece");

/* The model in these bytes, which stay where they are; NULL with a sentence that names version and digest. The caller frees
 * it. */
struct language *language_new(struct str bytes, const char *name, struct err *err);
void language_free(struct language *m);
AUTO_FREES(language)
const unsigned char *language_digest(const struct language *m);

/* What a model says of one text. */
struct language_said {
	double score[LANGUAGE_HEADS]; /* 0 to 1; 0.5 decides */
	double bare[LANGUAGE_HEADS];  /* the same if the text told of nobody else's doings */
	double odds[LANGUAGE_HEADS];  /* as the model has it, before the knots */
	struct {
		size_t first, end;
	} window[LANGUAGE_HEADS]; /* words of the best window */
};
/* What single words add up to, of those met lately: one for each reader. */
struct language_recent;
struct language_recent *language_recent_new(void);
void language_recent_free(struct language_recent *recent);
AUTO_FREES(language_recent)
/*
 * Read the words: the odds of each head by its best window and the facts that are known so far. Scratch memory comes from `a`.
 * Time and memory grow with the number of words. `recent` was used with this model and these tokens' recent words only.
 */
void language_read(const struct language *m, struct language_recent *recent, struct arena *a, const struct language_text *text,
		   struct language_said *out);
/* The score that a head would get if no more facts came. */
double language_hint(const struct language *m, const struct language_said *said, enum language_head head);
/* More facts became known: the items of `facts` from number `first` on. */
void language_add(const struct language *m, const struct facts *facts, size_t first, struct language_said *said);
/* From odds to scores, once all facts are in. */
void language_conclude(const struct language *m, struct language_said *said);
/* Lower what was said for a head by so many log odds. */
void language_doubt(const struct language *m, struct language_said *said, enum language_head head, double odds);
/* The features of the best window that speak loudest for a head, and against it: a sentence, empty when there is nothing. */
struct str language_explain(const struct language *m, struct arena *a, const struct language_text *text,
			    const struct language_said *said, enum language_head head, bool against);

/* ---- for fitting: the same features, as numbers ---- */

/* The features that one word completes: rows and groups; `about` only where somebody wants to tell of them. */
enum feature_kind { FEATURE_WORD = 1, FEATURE_WORDS, FEATURE_PIECE, FEATURE_SENSE, FEATURE_SENSES };
struct feature_about {
	uint8_t kind;
	uint32_t with; /* the first word, the piece's place, or the sense */
};
struct feature_list {
	uint32_t rows[LANGUAGE_FEATURES];
	uint8_t groups[LANGUAGE_FEATURES];
	struct feature_about *about; /* LANGUAGE_FEATURES of them, or NULL */
	size_t n;
};
/* From word to word; begin with { .text = ... }. */
struct language_walk {
	const struct language_text *text;
	size_t t; /* the next word */
	/* The last senses, the nearest first. */
	uint8_t sense[LANGUAGE_BACK];
	uint32_t token[LANGUAGE_BACK];
	size_t n;
};
/* The features of the next word; false behind the last. */
bool language_next(struct language_walk *w, struct feature_list *out);
/* Those that it has wherever it stands, and those that it makes with the words before it. */
void language_own(const struct language_text *text, size_t t, struct feature_list *out);
bool language_next_together(struct language_walk *w, struct feature_list *out);
uint32_t language_fact_row(const struct fact *f);
/* How much a feature of each group weighs in the length of a window. */
extern const float language_group_values[LANGUAGE_GROUPS];
/* The windows of a text of n words: the first word of the i-th, and the one behind its end; false beyond the last. */
bool language_window(size_t n, size_t i, size_t *first, size_t *end);
/* What the best of n windows loses: of many harmless ones the best looks worse than one alone. */
double language_crowd(size_t n);
/* What the sum of a window is divided by, given the sum of squared values of its features. */
double language_length(double squares);
/* Lower the log odds of a text by how surely it tells of what others do. */
void language_lower(double odds[LANGUAGE_HEADS], double from, double slope);
/* The score that stands for these log odds. */
double language_score(const float knots[LANGUAGE_KNOTS], double odds);

#endif
