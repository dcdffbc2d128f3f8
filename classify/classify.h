/* classify.h - text in, assessment out: what kind of text this is, and why */
/* Runs in: supervisor (building); read-only in every role afterwards: worker and verbs (use). Pure: no file, no clock, no
 * network; depends on base only. */
#ifndef WATCHDESK_CLASSIFY_CLASSIFY_H
#define WATCHDESK_CLASSIFY_CLASSIFY_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/yaml.h"
#include "classify/pack.h"

/* Rules, threat parts and assets, compiled; never changed afterwards, so processes share it copy-on-write. */
struct classifier;

/* A file of names, one a line. */
struct asset_lines {
	struct yaml_text named; /* as configured */
	const char *path;	/* for errors */
	struct str text;	/* its bytes */
};

/* Something that the desk protects. Text lives as long as the classifier is being built. */
struct asset {
	struct yaml_text name;
	struct yaml_texts terms, people;
	struct yaml_texts domains, hosts; /* registered; internal names and suffixes */
	struct yaml_texts harmless;	  /* domains that look like ours and are not worth a word */
	struct yaml_texts packages;	  /* looked for byte for byte */
	struct yaml_texts ranges, bins;	  /* 192.0.2.0/24; the first 6 to 8 digits of cards */
	struct asset_lines terms_file, domains_file;
	int look_alikes; /* of its domains: 0 they are looked for, 1 they are not */
};

struct classifier_options {
	const struct asset *assets;
	size_t n_assets;
	struct str fingerprints;	       /* of private documents (classify/fingerprint.h); empty for none */
	const unsigned char *fingerprints_key; /* DIGEST_KEY_BYTES */
	const char *rules_folder;	       /* of more rule packs, the desk's own; NULL for none */
	struct str model;		       /* of language, as a file has it (classify/language.h); copied */
	const char *model_name;		       /* for errors; NULL: the shipped one, and not `model` */
	bool ungated;			       /* phrases are looked for in every text: for measuring the gate */
	const char *cache; /* a folder for compiled patterns, so that the next start is quick; NULL for none */
};

enum category { CATEGORY_VIOLENCE, CATEGORY_EXTORTION, CATEGORY_LEAK, CATEGORY_DOX, CATEGORIES };
/* "violence", "extortion", "leak", "dox". */
extern const char *const category_names[CATEGORIES];

enum confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };
/* "low", "medium", "high". */
extern const char *const confidence_names[3];

/* How grave it is when it is true: a public key says nothing, one of a payment provider a lot. */
enum gravity { GRAVITY_INFO, GRAVITY_LOW, GRAVITY_MEDIUM, GRAVITY_HIGH };
/* "info", "low", "medium", "high". */
extern const char *const gravity_names[4];

/* Bytes [start, end) of layer `layer`; layer 0 is the canonical text, which is valid UTF-8 without U+0000. */
struct span {
	int layer;
	size_t start, end;
};

/* One rule's match. */
struct hit {
	struct str rule, label; /* "github-token", "GitHub access token" */
	struct str kind;	/* what sort of data it is, after MISP's infoleak taxonomy: "api-key", "credential" */
	struct span span;	/* of the whole match */
	struct span secret;	/* of the bytes of layer 0 that must not be stored; empty when nothing is secret */
	struct span outer;	/* the bytes of layer 0 that `span` came from; the same when that is layer 0 */
	struct str masked;	/* a sample fit for a report: the secret's middle replaced */
	enum confidence confidence;
	enum gravity gravity;
	struct str why;	  /* a sentence */
	struct str asset; /* the asset it concerns; empty for none */
	bool withhold;	  /* its rule keeps the whole text out of the store */
};

/* One part of a threat: "keep-away", "past-atrocity", "target", "time" ... */
struct part {
	struct str part;
	struct span span;
};

/* An asset the text names. */
struct mention {
	struct str asset, term;
	struct span span;
};

/* A host that passes for a domain of ours: a sign of fraud, not of ownership. */
struct look_alike {
	struct str asset, domain, host; /* "Example Pictures", "example.com", "exarnple.com" */
	struct str why;			/* "exarnple.com looks like example.com: signs that look alike" */
	struct span span;
};

/* Lines of credentials that belong to one domain. */
struct domain_tally {
	struct str domain;
	size_t lines, accounts;
};

struct layer;

struct assessment {
	double category[CATEGORIES]; /* 0 to 1; 0.5 decides */
	bool learned;		     /* its words gave cause to look for phrases: it passed the gate */
	double words[CATEGORIES];    /* what its words alone say, also where that is noise and not counted above */
	double reports;		     /* 0 to 1: that the author tells of what others threaten or do; 0.5 decides */
	struct str inferred; /* an asset that not the text names, but what stands around it: set by whoever knows that */
	struct str withheld; /* the rule that keeps this text out of the store; empty for none */
	struct hit *hits;    /* by start; at most LIMIT_HITS */
	size_t n_hits;
	struct part *parts;
	size_t n_parts;
	struct mention *mentions;
	size_t n_mentions;
	struct look_alike *look_alikes; /* each host once */
	size_t n_look_alikes;
	struct str *reasons; /* sentences: which frame fired, what spoke against, what was replaced */
	size_t n_reasons;
	struct span
		*secrets; /* of layer 0, what must not be stored: of all hits, also of those beyond LIMIT_HITS; in no order */
	size_t n_secrets;
	struct domain_tally *domains; /* of a credential dump, those with most lines first; at most LIMIT_DOMAINS */
	size_t n_domains;
	const struct layer *layers; /* the text, and what was decoded from it (classify/decode.h); NULL when not told */
	size_t n_layers;
};

/*
 * Compile the shipped rule packs, the desk's own and the assets. Each rule's examples and the fixed self-test are checked
 * here, so a classifier that was made works. NULL: `err` says "file:line: what, expected what". The caller frees it.
 */
struct classifier *classifier_new(const struct classifier_options *options, struct err *err);
void classifier_free(struct classifier *c);
AUTO_FREES(classifier)
/* Digest of all rules and parts, and of the assets: they tell which assessments are out of date. */
void classifier_digests(const struct classifier *c, unsigned char rules[DIGEST_BYTES], unsigned char assets[DIGEST_BYTES]);
/* What it knows of the desk's assets, for those who run one detector alone (classify/assets.h). */
struct assets;
const struct assets *classifier_assets(const struct classifier *c);
/* The files it was made of, into a list that lives in `a`; those of the rules in the order in which they were read. */
struct classifier_packs classifier_files(const struct classifier *c, struct arena *a);

/* Why it works without a model of language; empty when it has one. */
const char *classifier_model_fault(const struct classifier *c);

/* What one process needs to use a classifier: scratch space. Make it before the process is confined. */
struct classify_scratch *classify_scratch_new(const struct classifier *c, struct err *err);
void classify_scratch_free(struct classify_scratch *s);
AUTO_FREES(classify_scratch)

/* Assess `text`, which must be clean (utf8_clean). What `out` points to lives in `a` or in the classifier. */
void classify(const struct classifier *c, struct classify_scratch *s, struct arena *a, struct str text, struct assessment *out);

/* What the model of language is given for a text (classify/language.h): for fitting one. */
struct language_text;
void classify_features(const struct classifier *c, struct classify_scratch *s, struct arena *a, struct str text,
		       struct language_text *out);

/* Is it the name of a rule, or of a detector that needs none? A hit that was kept may be of one that is gone. */
bool classifier_knows(const struct classifier *c, struct str rule);
/* Replace the bytes of every secret of layer 0 in `text`, in place and same length; separators and shape stay readable. */
void classify_mask(char *text, size_t n, const struct assessment *found);

#endif
