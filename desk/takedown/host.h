/* host.h - what is known of a host that serves posts: whom to write to and how, what it takes down, how long that takes */
/* Runs in: supervisor and verbs, before anything is confined; its cards are read-only in every role. */
#ifndef WATCHDESK_DESK_TAKEDOWN_HOST_H
#define WATCHDESK_DESK_TAKEDOWN_HOST_H

#include "base/yaml.h"
#include "store/takedown.h"

enum host_role {
	HOST_PASTE,
	HOST_CODE,
	HOST_FORUM,
	HOST_FILES,
	HOST_SOCIAL,
	HOST_CHAT,
	HOST_ARCHIVE,
	HOST_SEARCH,
	HOST_CDN,
	HOST_NETWORK,
	HOST_REGISTRAR,
	HOST_ROLES,
};

struct host_role_words {
	const char *name;     /* in a card: "paste" */
	const char *words;    /* "paste site" */
	const char *contact;  /* role in host_contact: "site", "cdn", "network", "registrar" */
	const char *exposure; /* XARF's exposure_method of data that stand there */
};
extern const struct host_role_words host_roles[HOST_ROLES];

/* What somebody read about the host, and where and when. `of` names the keys of the card that rest on it. */
struct host_fact {
	struct yaml_texts of;
	struct yaml_text says, source, seen; /* source: https://...; seen: YYYY-MM-DD */
};

/* A card; what is absent is empty, 0 or false, and means: not known. */
struct host_card {
	struct str name; /* of its file, without .yaml */
	struct yaml_text title, note;
	struct yaml_texts domains; /* with all below them; none for a card that is asked for by its name */
	enum host_role role;
	struct yaml_text contact; /* mail for abuse */
	struct yaml_text form;	  /* https://... where a form is required or preferred */
	bool form_only;		  /* mail is not answered */
	struct yaml_text agent;	  /* mail of the agent designated for copyright; empty: as `contact` */
	struct yaml_text copyright_form, delisting, policy, security;
	unsigned grounds;			       /* bit i: takedown_grounds[i] is against its rules */
	struct yaml_texts required;		       /* facts that it wants in a notice, by name */
	struct yaml_texts languages;		       /* "en", the first preferred */
	struct yaml_texts gone;			       /* words on a page that answers 200 and says that a text is gone */
	struct yaml_text subjects[TAKEDOWN_GROUNDS];   /* what a subject has to begin with: "URGENT" */
	struct yaml_texts sentences[TAKEDOWN_GROUNDS]; /* which it wants to read in a notice on these grounds */
	int64_t reply_us;			       /* usual time to an answer */
	int64_t recheck_us;			       /* between two looks */
	bool verified;				       /* its own pages were read and no fact is in doubt */
	bool own;				       /* of the desk's folder */
	struct host_fact *facts;
	size_t n_facts;
};

struct host_cards {
	struct host_card *items;
	size_t n;
};

/*
 * Read the cards that ship, and those of `folder` (NULL for none), which take the place of shipped ones of the same name.
 * Errors read "file:line: what, expected what". All lives in `a`.
 */
int host_cards_read(const char *folder, struct arena *a, struct host_cards *out, struct err *err);
/* One card, without a name. `text` and `path` outlive it. */
int host_card_read(struct str text, const char *path, struct arena *a, struct host_card *out, struct err *err);
/* The card of a host by its longest domain: of "a.b.example.com" that for b.example.com before that for example.com. NULL. */
const struct host_card *host_card_of(const struct host_cards *all, struct str host);
/* The card with this name; NULL. */
const struct host_card *host_card_named(const struct host_cards *all, struct str name);
/* Is it against the host's rules? False also when that is not known. */
bool host_card_accepts(const struct host_card *card, struct str grounds);
/* What a subject has to begin with on these grounds; empty for nothing. */
struct str host_card_subject(const struct host_card *card, struct str grounds);
/* The sentences that it wants to read on these grounds, one a line, for the fact host_sentences; in `a`. */
struct str host_card_sentences(const struct host_card *card, struct str grounds, struct arena *a);

#endif
