/* alerts.h - the section `alerts:` of the configuration: the relay that takes our mail, and who writes it */
/* Runs in: supervisor and verbs, before anything is confined; read-only in every role afterwards. */
#ifndef WATCHDESK_DESK_ALERTS_H
#define WATCHDESK_DESK_ALERTS_H

#include "base/yaml.h"
#include "crawler/day.h"

enum alerts_tls { ALERTS_TLS_REQUIRED, ALERTS_TLS_NONE };

struct alerts {
	struct yaml_text smtp; /* "smtp://host:587" (STARTTLS) or "smtps://host:465"; empty: no mail is sent */
	struct yaml_text from; /* the address that writes */
	struct str domain;     /* its part behind the "@": of our Message-IDs, and what the relay is greeted with */
	int tls;	       /* enum alerts_tls */
	struct yaml_text user, password, ca, certificate, key;
	const char *user_path, *password_path, *key_path; /* of files, from the configuration's folder; NULL for none */
	struct str trust;	      /* certificates (PEM) instead of the system's; empty for the system's */
	struct str own_certificate;   /* ours (PEM), whose key is read where it is used; empty for none */
	int64_t pace_ms;	      /* between two mails to the relay */
	int64_t ceiling;	      /* alerts an hour to one recipient */
	struct yaml_text endpoint;    /* https:// address that subscribers leave by with one click (RFC 8058); empty for none */
	const struct yaml *heartbeat; /* the section, as it stands */
	struct yaml_texts heartbeat_to; /* who hears that the watch is whole, and what is not well with it; none: nobody */
	struct day_hours heartbeat_at;	/* its `from`: when, each day */
	struct yaml_text inbox;		/* where answers land: a Maildir, or imaps://host/folder; empty for none */
	struct yaml_text inbox_user, inbox_password, inbox_ca, inbox_pin; /* of a mailbox, as those of the relay */
	const char *inbox_user_path, *inbox_password_path;
	struct str inbox_trust;
	struct str inbox_server, inbox_folder; /* "imaps://host:993", "INBOX"; empty of a Maildir */
	int inbox_tls;			       /* enum alerts_tls */
	int64_t inbox_every_ms;		       /* between two looks into a mailbox */
};

struct config;

/* Read the section into c->alerts; NULL is a configuration without one. E_USAGE: "file:line: what, expected what". */
int alerts_read(struct config *c, const struct yaml *section, struct err *err);
/* Is mail sent at all? */
static inline bool alerts_can_send(const struct alerts *a)
{
	return a->smtp.text.n > 0;
}

/* Is the inbox a mailbox on a server? */
static inline bool alerts_have_mailbox(const struct alerts *a)
{
	return a->inbox_server.n > 0;
}

#endif
