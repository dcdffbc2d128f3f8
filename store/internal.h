/* internal.h - what the files of store/ share */
/* Runs in: writer, indexer, verbs. Only store/ includes it. */
#ifndef WATCHDESK_STORE_INTERNAL_H
#define WATCHDESK_STORE_INTERNAL_H

#include "base/arena.h"
#include "store/db.h"
#include "store/post.h"
#include "store/store.h"

enum { PUBLIC_ID = 2 * DIGEST_ID_BYTES + 1 }; /* room for a public id, with its NUL */

struct bodies;
struct words;
struct sealing;
struct segment_disk;

struct store {
	struct db *db;
	char *folder, *database; /* database: its address, NULL for SQLite */
	unsigned char key[DIGEST_KEY_BYTES];
	int64_t node_id;
	char node[PUBLIC_ID];
	struct tally *tallies;	 /* of the transaction that is open */
	struct bodies *bodies;	 /* compression; made when first used */
	struct words *words;	 /* for sketches; made when first used */
	struct sealing *sealing; /* evidence being kept; made when first used */
};

/* The path of a file of the store. */
void store_path(const struct store *s, const char *name, char *path, size_t size);
/* A new public id. Returns `out`, as a str. */
struct str public_id_new(char out[PUBLIC_ID]);

/* Add to a figure, with the transaction that is open. `name` is "posts", "severity 75" ... */
void tally_add(struct store *s, const char *name, int64_t n);
int tally_flush(struct store *s, struct err *err);
void tally_clear(struct store *s);

/* Keep a text once: the id of its body. Decode one: into `a`. */
int body_keep(struct store *s, struct str text, const unsigned char digest[DIGEST_BYTES], int64_t now, int64_t *id,
	      struct err *err);
int body_decode(struct store *s, int64_t coding, int64_t size, struct str content, struct arena *a, struct str *text,
		struct err *err);
void bodies_free(struct bodies *b);
/* A transaction has ended: ask again whether the dictionary is stale. */
void bodies_unchecked(struct bodies *b);
/* Code anew what was coded with stale dictionaries, in short transactions, and empty these. */
int bodies_renew(struct store *s, struct err *err);

/* An assessment of a revision, whose SHA-256 is `revision_digest`; its digest covers all that both say. */
int assessment_insert(struct store *s, int64_t revision_id, struct str revision_digest, const struct stored_assessment *a,
		      int64_t now, int64_t *id, struct err *err);
/* What it says; not its severity, which is the finding's. Lives in `a`. */
int assessment_read(struct store *s, int64_t id, struct arena *a, struct stored_assessment *out, struct err *err);
void assessment_digest(const struct stored_assessment *a, struct str revision_digest, unsigned char out[DIGEST_BYTES]);
/* A list of sentences in order, by a statement with :owner, :position and :text. */
int sentences_insert(struct store *s, const char *sql, int64_t owner, const struct str *texts, size_t n, struct err *err);
int sentences_read(struct store *s, const char *sql, int64_t owner, struct arena *a, struct str **texts, size_t *n,
		   struct err *err);

/* The texts that are the same but for case and spacing. */
struct cluster {
	int64_t id, campaign_id;
};

/* A campaign with nothing in it yet. */
int campaign_new(struct store *s, struct str name, int64_t now, int64_t *id, struct err *err);

/* What a campaign is told by. */
struct cluster_wish {
	struct str text, name;		      /* name: of a campaign that it is the first of */
	const struct stored_assessment *said; /* with the contacts among its hits */
};

/*
 * The cluster of a text. A new one joins the campaign of the text that is most alike (sketch.h), else of the last one that
 * named a contact of it, else it begins one.
 */
int cluster_of(struct store *s, const struct cluster_wish *w, int64_t now, struct cluster *c, struct err *err);
/* Give it a sketch, where it was made before there were any. */
int cluster_fill(struct store *s, int64_t cluster_id, struct str text, struct err *err);
/* Its author's name and the contacts among its hits are the finding's now, and those that it had before no more. */
int contacts_keep(struct store *s, int64_t finding_id, const struct stored_post *p, struct err *err);
/* Is a hit a way to reach or to pay somebody: "wallet", "onion" or "contact"; empty when it is none. */
struct str contact_kind(const struct stored_assessment *said, const struct stored_hit *h);
/* A verdict on a finding holds for its cluster and for each of its secrets. */
int cluster_decided(struct store *s, int64_t finding_id, int64_t verdict_id, struct err *err);
/* The finding that a post is, new or as it has become: fills out->finding_id and out->new_finding. */
int finding_keep(struct store *s, const struct stored_post *p, int64_t now, struct stored_result *out, struct err *err);

/* Something that was done in a case; fields are pairs of name and value, of which empty values are left out. */
struct sign_key;
struct takedown_act {
	struct str operator_name;
	const struct str *fields;
	size_t n;
	const struct sign_key *key; /* signs the entry; NULL for no signature */
};
#define TAKEDOWN_FIELDS(...) \
	((const struct str[]){ __VA_ARGS__ }), sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str)
/* E_USAGE for a case that is closed. */
int takedown_check_open(struct store *s, int64_t id, struct err *err);
/* Its entry in custody, about the finding of the case. */
int takedown_tell(struct store *s, int64_t id, const struct takedown_act *act, int64_t now, struct err *err);

/* Targets by a statement that begins with TAKEDOWN_TARGET. */
struct takedown_target;
#define TAKEDOWN_TARGET                                                                                                 \
	"SELECT takedown_target.id, takedown_id, changed_at, recheck_at, url, state, operator.name, host, finding_id, " \
	"sent_at,"                                                                                                      \
	" gone_at, returns FROM takedown_target JOIN operator ON operator.id = operator_id "
int takedown_targets_read(struct query *q, struct arena *a, struct takedown_target **rows, size_t *n, struct err *err);

/* What was done with a notice, for custody. */
struct notice_told {
	const char *did;
	struct str operator_name, note;
	const struct sign_key *key; /* NULL for no signature */
};
struct notice_row;
int notice_tell(struct store *s, const struct notice_row *n, const struct notice_told *told, int64_t now, struct err *err);
/* SHA-256 of "To: RECIPIENT", "Subject: SUBJECT", an empty line, and the content. */
void notice_digest(struct str recipient, struct str subject, struct str content, unsigned char out[DIGEST_BYTES]);
/* Each of its targets, where that state may follow. */
int notice_move_targets(struct store *s, const struct notice_row *n, int state, struct str operator_name, int64_t now,
			struct err *err);

/* Evidence and the transaction: on the disk before the commit; after it, or the rollback, the segments are let go. */
int evidence_sync(struct store *s, struct err *err);
void evidence_settle(struct store *s);
void sealing_free(struct sealing *s);
/* For tests: another disk, smaller files. Before anything is kept. */
void evidence_place(struct store *s, const struct segment_disk *disk, int64_t max_bytes);

/* The targets of takedowns at which the text of the finding :finding stands, or stood. */
#define TAKEDOWN_TARGETS_OF                                                                           \
	"(SELECT id FROM takedown_target WHERE finding_id = :finding UNION SELECT takedown_target.id" \
	" FROM takedown JOIN takedown_target ON takedown_id = takedown.id"                            \
	" WHERE takedown.finding_id = :finding AND takedown_target.finding_id IS NULL)"

/* The digest of a row's columns from `first` on: so many texts, then so many numbers, in the order of the query. */
void row_stamp(struct query *q, int first, int texts, int numbers, unsigned char stamp[DIGEST_BYTES]);
/* The last id that `sql` asks for; 0 while there is none. `what` is named when it cannot be read. */
int last_id(struct store *s, const char *sql, const char *what, int64_t *id, struct err *err);

#endif
