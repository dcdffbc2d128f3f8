/* scores.h - labelled texts with what the classifier said of them, and how well that went for any group of them */
/* Runs in: verbs. */
#ifndef WATCHDESK_DESK_SCORES_H
#define WATCHDESK_DESK_SCORES_H

#include "classify/classify.h"
#include "desk/metrics.h"
#include "desk/rows.h"

/* Texts written by hand are one source, "own", told apart by kind. */
enum scores_by { BY_SOURCE, BY_LANGUAGE, BY_KIND, SCORES_BY };

struct scores_name {
	struct str text;
	bool ordinary; /* a source of everyday texts, by which thresholds are set */
	bool positive; /* a source with a text that is so for any head */
};

struct scores_names {
	struct scores_name **items; /* by bytes */
	size_t n;
};

/* One text; the text itself is not kept. */
struct scored {
	double score[CATEGORIES], reports;
	const struct scores_name *name[SCORES_BY]; /* the kind only of one written by hand */
	int8_t labels[LANGUAGE_HEADS];
	bool by_hand;
	bool passed;		  /* the gate, to the model */
	bool ungated[CATEGORIES]; /* flagged (0.5 or more) when there is no gate */
};

struct scores {
	struct scored *rows;
	size_t n, room;
	struct scores_names names[SCORES_BY];
	struct arena *a;
	struct judged *judged; /* room for all rows, once the ordinary ones are chosen */
};

/* None yet; the caller frees them. */
struct scores *scores_new(void);
void scores_free(struct scores *s);
AUTO_FREES(scores)
/* Keep what was said of a text, with the gate and without. E_LIMIT beyond LIMIT_EVAL_TEXTS and LIMIT_EVAL_NAMES. */
int scores_add(struct scores *s, const struct labelled *row, const struct assessment *gated, const struct assessment *ungated,
	       struct err *err);
/*
 * After the last text and before what follows: which sources are ordinary. `list` names them, with commas; NULL chooses all
 * in which no text is so for any head. E_USAGE for a name that no text has, and for what was written by hand.
 */
int scores_choose_ordinary(struct scores *s, const char *list, struct err *err);
/* How many texts are of ordinary sources. */
size_t scores_ordinary(const struct scores *s);

/* Where a line is drawn: such that 1 % of the ordinary texts pass, such that 0.1 % do, and where the product draws it. */
enum cut { CUT_PERCENT, CUT_PERMILLE, CUT_HALF, CUTS };

struct cuts {
	size_t n; /* ordinary texts that are not so */
	double threshold[CUTS];
	size_t reach[CUTS]; /* how many of them pass */
};
/* Draw them for one head; without ordinary texts all but the last are NAN. */
void scores_cut(const struct scores *s, enum category head, struct cuts *out);

/* What is known of a group of texts; NAN where it cannot be told. Texts whose label is unknown are not in it. */
struct measure {
	size_t n, positives;
	double roc_auc, average_precision;
	double recall[CUTS];
	double precision[CUTS];	   /* of its positives among all ordinary texts */
	double false_alarms[CUTS]; /* among those of the group that are not so */
};
/* `name` is one of `names[by]`, NULL for all texts; by language and kind it means those written by hand. */
void scores_measure(const struct scores *s, enum category head, enum scores_by by, const struct scores_name *name,
		    const struct cuts *cuts, struct measure *out);

/* Do scores mean what they say? Positives against ordinary texts, weighed such that one post in `prior` is so. */
enum { SCORES_BINS = 5 };
extern const double scores_bins[SCORES_BINS + 1]; /* [0.05, 0.2), ... [0.95, 1] */
struct calibration {
	double error;
	size_t positives, ordinary;
	struct {
		size_t positives, ordinary;
		double truth; /* the share of posts of such a score that is so */
	} bin[SCORES_BINS];
};
void scores_calibrate(const struct scores *s, enum category head, double prior, struct calibration *out);

/* What the gate costs. */
struct gate_count {
	size_t flagged; /* without a gate */
	size_t passed;	/* of those, the gate */
	size_t ruled;	/* stopped, but flagged by rules all the same */
	size_t lost;	/* stopped, and not flagged */
	size_t lost_so; /* and they were so */
};
/* For one head; CATEGORIES: for any. */
void scores_gate(const struct scores *s, int head, struct gate_count *out);
/* How many ordinary texts pass it. */
size_t scores_gate_ordinary(const struct scores *s);

#endif
