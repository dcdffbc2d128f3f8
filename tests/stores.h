/* stores.h - places for stores of the tests' own, on each engine */
#ifndef WATCHDESK_TESTS_STORES_H
#define WATCHDESK_TESTS_STORES_H

#include "store/db.h"
#include "store/place.h"

/* A folder, in memory where that is possible, and for PostgreSQL a database, made for one test. */
struct test_place {
	char folder[64], database[256], server[256];
	struct store_place place;
};

/* True unless it is PostgreSQL and no server was started for the tests (POSTGRES in the environment; tests/run does). */
bool test_has_engine(enum db_engine engine);
void test_place_make(struct test_place *p, enum db_engine engine);
/* The same with the schema in the database already: to make it takes longer than most tests. */
void test_place_make_ready(struct test_place *p, enum db_engine engine);
/* Everything in it must be closed. */
void test_place_remove(struct test_place *p);
/* Run statements in its database, whatever the engine, as somebody who tampers would. */
void test_place_run(const struct test_place *p, const char *sql);

#endif
