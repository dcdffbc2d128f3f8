/* place.h - where a store is */
/* Runs in: every process; only writer, indexer and verbs open what it names. */
#ifndef WATCHDESK_STORE_PLACE_H
#define WATCHDESK_STORE_PLACE_H

#include "base/str.h"

struct store_place {
	const char *folder;   /* digest.key, node.id, evidence.pub, segments/; for SQLite watchdesk.db and search.db too */
	const char *database; /* postgresql://...; NULL for SQLite in the folder */
};

/* True when what a configuration calls a store is the address of a PostgreSQL database rather than a folder. */
static inline bool store_is_address(const char *store)
{
	return str_starts(str_of(store), STR("postgresql://")) || str_starts(str_of(store), STR("postgres://"));
}

#endif
