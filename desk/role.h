/* role.h - the processes: each is one function that runs until it is told to stop */
/* Runs in: supervisor, which forks them. */
#ifndef WATCHDESK_DESK_ROLE_H
#define WATCHDESK_DESK_ROLE_H

#include <stdatomic.h>

#include "classify/classify.h"
#include "desk/config.h"

/* What a worker tells the supervisor without a message: shared memory, a page of it for each worker. */
struct worker_state {
	_Atomic int64_t job;	  /* the capture in hand */
	_Atomic int64_t begun_at; /* clock_steady_us() when it was begun; 0 while there is none in hand */
};

struct tongues;

/* What every role gets from the supervisor. Its first descriptor is the control socket. */
struct role {
	const struct config *config;
	const struct classifier *classifier;
	const struct tongues *tongues; /* NULL where they are not installed */
	int control;
	bool once;			  /* one round, then idle: `crawl` */
	struct str operator_name;	  /* the system user */
	const unsigned char *receipt_key; /* DIGEST_KEY_BYTES that only net and writer have; NULL in all others */
};

/* Each returns the exit code of its process. Descriptors and confinement are its own business. */
int role_net(const struct role *r, int writer, int files, int commands);
int role_files(const struct role *r, int net);
int role_commands(const struct role *r, int net);
int role_writer(const struct role *r, int net);
int role_indexer(const struct role *r);
int role_worker(const struct role *r, int net, int writer, struct worker_state *state);

/* Tell the supervisor why this role cannot go on, and return the exit code for it. */
int role_failed(const struct role *r, const struct err *err);

#endif
