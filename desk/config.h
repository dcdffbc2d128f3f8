/* config.h - watchdesk.yaml, checked and read */
/* Runs in: supervisor and verbs, before anything is confined; read-only in every role afterwards. */
#ifndef WATCHDESK_DESK_CONFIG_H
#define WATCHDESK_DESK_CONFIG_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "classify/classify.h"
#include "crawler/source.h"
#include "desk/alert/channel.h"
#include "desk/alert/roster.h"
#include "desk/alert/subscription.h"
#include "desk/alerts.h"
#include "store/place.h"

struct audience_reports;
struct retention;
struct playbooks;
struct takedowns;

struct config {
	struct arena *a; /* holds all of it */
	const char *path;
	unsigned char digest[DIGEST_BYTES]; /* SHA-256 of the file */
	struct yaml_text organisation, contact;
	struct store_place store;
	const struct audience_reports *audiences; /* desk/audiences.h: the reports, and who reads them */
	struct str zone;			  /* of the desk, beside UTC in reports; empty for none */
	const char *rules_folder;		  /* the desk's own rule packs; NULL for none */
	const char *model;			  /* file of the model of threat language; NULL for the shipped one */
	int64_t evidence_from;			  /* findings from this severity on are sealed */
	const char *authority, *authority_ca; /* a time-stamp authority's address, and the file that vouches for it; or NULL */
	int64_t workers;		      /* 0: one for each core */
	struct asset *assets;
	size_t n_assets;
	const char *
		*watched; /* files whose change is taken up while the monitor runs, up to a NULL: names, documents, the model */
	struct yaml_text tor;	    /* the proxy of what is watched quietly; empty for none */
	const char *sources_folder; /* the desk's own definitions; NULL for none */
	const char **variables; /* of the environment, in which sign-ins, the relay and channels have secrets: up to a NULL */
	struct alerts alerts;
	struct alert_channels channels;
	struct roster duty;
	const struct retention *retention;  /* desk/retention.h */
	const struct playbooks *playbooks;  /* desk/playbook.h */
	const struct takedowns *takedowns;  /* desk/takedown/takedowns.h */
	struct subscription *subscriptions; /* of the file; `watchdesk subscribe` adds others to the store */
	size_t n_subscriptions;
	struct source *sources;
	size_t n_sources;
};

/* Read and check a configuration. Errors read "file:line: what, expected what". */
struct config *config_load(const char *path, struct err *err);
/*
 * Add the source that the monitor looks at the targets of takedowns by: honest, with a pace, without an address of its own.
 * Only the monitor has it, and it is the last.
 */
int config_add_recheck(struct config *c, struct err *err);
/* Read a list of sources as a configuration's is read: with what the rest of it and its folder add. All lives in c->a. */
int config_read_sources(struct config *c, const struct yaml *list, struct source **sources, size_t *n, struct err *err);
void config_free(struct config *c);
AUTO_FREES(config)
/* A path as the configuration names it, from the folder of its file; without one `otherwise`. NULL for none. Lives in c->a. */
const char *config_path(struct config *c, struct yaml_text path, const char *otherwise);
/* Certificates (PEM) of the file that `key` names, into c->a; nothing when it names none. Read now: who trusts them reads no
 * files. */
int config_certificates(struct config *c, struct yaml_text named, const char *key, struct str *out, struct err *err);
/* The path of a secret that lies in a file, NULL for others; `stamp` tells that the file has changed since, never what is in
 * it. */
const char *config_secret_path(struct config *c, struct yaml_text where, struct str *stamp);
/* What a subscription may name: the assets, sources and channels. Lives in `a`. */
struct subscription_names config_names(const struct config *c, struct arena *a);
/* The commented configuration that `init` writes. */
struct str config_example(void);
/* What a source calls itself: its own user_agent, or that of its identity. Lives in `a`. */
struct str config_user_agent(const struct config *c, const struct source *s, struct arena *a);

#endif
