/* rdap.h - who answers for a domain or an address: what registries say of it, and which registry to ask */
/* Runs in: verbs, in a process of its own (desk/confined.h). Pure. Standards: RFC 9083 (answers), 7095 (jCard), 9224
 * (bootstrap), 9116 (security.txt). */
#ifndef WATCHDESK_DESK_TAKEDOWN_RDAP_H
#define WATCHDESK_DESK_TAKEDOWN_RDAP_H

#include "base/arena.h"
#include "base/err.h"

/* Somebody who may be written to. All strings are clean UTF-8 on one line and live in the arena. */
struct rdap_contact {
	struct str role; /* "abuse", "registrar", "registrant" ...: the one among its roles that says most */
	struct str of; /* the role of the entity that it belongs to: "registrar" of a registrar's abuse desk; empty for none */
	struct str name;    /* of the person, the desk or the organisation; empty for none */
	struct str address; /* mail address */
	struct str form;    /* an address of the web to report to; empty for none */
};

/* What a registry said. */
struct rdap {
	struct str object; /* "domain", "ip network" ... */
	struct str handle, name;
	struct str related; /* the same object at somebody who knows more of it, such as its registrar; empty for none */
	struct rdap_contact *contacts;
	size_t n;
	bool cut; /* it had more entities than LIMIT_RDAP_ENTITIES, and those behind were not looked at */
};

/* Read an answer. E_BAD: it is no JSON, or no object of RDAP; an error that the registry reports is told in its words. */
int rdap_read(struct arena *a, struct str json, struct rdap *out, struct err *err);

/*
 * The servers to ask about `what`, a host name or an address, by a file of RFC 9224: the longest match counts. At most `max`
 * into `urls`, https before http; how many. E_BAD: it is no such file.
 */
int rdap_servers(struct arena *a, struct str bootstrap, struct str what, struct str *urls, size_t max, struct err *err);

/* Where a site wants to be told of problems: `Contact:` lines of its security.txt, in its order of preference. */
int security_txt_read(struct arena *a, struct str text, struct rdap_contact **contacts, size_t *n);

#endif
