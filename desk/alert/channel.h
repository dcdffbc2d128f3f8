/* channel.h - ways to a person or a program besides mail: one table of what each type needs and how it is spoken to */
/* Runs in: every process; filled before anything is confined, read-only afterwards. */
#ifndef WATCHDESK_DESK_ALERT_CHANNEL_H
#define WATCHDESK_DESK_ALERT_CHANNEL_H

#include "base/buf.h"
#include "base/yaml.h"

/* What an entry may have; bits. */
enum {
	CHANNEL_URL = 1,
	CHANNEL_SECRET = 2, /* of webhooks: the key of their HMAC */
	CHANNEL_TOKEN = 4,
	CHANNEL_KEY = 8, /* of an API; of syslog the file with the key of our certificate */
	CHANNEL_ROOM = 16,
	CHANNEL_CERTIFICATE = 32,
	CHANNEL_TLS = 64,
	CHANNEL_COMMAND = 128,
	CHANNEL_TIME = 256,
	CHANNEL_CA = 512,
};

enum channel_way { CHANNEL_POST, CHANNEL_PUT, CHANNEL_SYSLOG, CHANNEL_RUN };

struct channel_content;

struct channel_type {
	const char *name;
	enum channel_way way;
	unsigned needs, may;	   /* of the bits above */
	const char *url;	   /* where none is given; NULL: one has to be */
	bool hears_answers;	   /* of its questions: it shall know that somebody has it */
	const char *authorization; /* what stands before the token or key in that header; NULL for no such header */
	/* Write what goes there. It keeps to the service's lengths, cuts at whole characters, and nothing in it is markup. */
	void (*body)(const struct channel_content *c, struct buf *out);
};
extern const struct channel_type channel_types[]; /* up to one without a name */

/* An entry of `channels:`. */
struct alert_channel {
	struct str to; /* "channel NAME": as recipient of whatever is sent there */
	struct yaml_text name, type_name, url, secret, token, key, room, ca, certificate;
	const struct channel_type *type;
	struct yaml_text credential;			   /* the one of secret, token, key that is secret; empty for none */
	const char *url_path, *credential_path, *key_path; /* of files, from the configuration's folder; NULL for none */
	struct str trust, own_certificate;		   /* PEM; empty for the system's, for none */
	int tls;					   /* enum alerts_tls */
	struct yaml_texts command;			   /* path and arguments */
	char **argv;					   /* the same, up to a NULL */
	int64_t time_ms;
};

struct alert_channels {
	struct alert_channel *items;
	size_t n;
};

/* The name behind "channel "; empty for an address. A name is 1 to 40 of a-z, 0-9 and "-". */
struct str channel_name(struct str to);
/* The channel that a recipient "channel NAME" names; NULL for none. */
const struct alert_channel *channel_of(const struct alert_channels *all, struct str to);
/* May letters go there: https, or http to this machine? Of syslog: with TLS, to this machine, or as `bare` says. */
bool channel_may_reach(const struct alert_channel *c, struct str url, struct err *err);

#endif
