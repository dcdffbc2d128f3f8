/* stores.c - places for stores of the tests' own */
#include "tests/support.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/stores.h"

bool test_has_engine(enum db_engine engine)
{
	const char *server = getenv("POSTGRES");

	if (engine == DB_SQLITE || (server && *server))
		return true;
	printf("[  SKIPPED ] on PostgreSQL: no server was started (POSTGRES is not set; tests/run starts one)\n");
	return false;
}

static void run_on(const char *address, const char *sql)
{
	PGconn *link = PQconnectdb(address);
	PGresult *r = PQexec(link, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(link));
	PQclear(r);
	PQfinish(link);
}

void test_place_make(struct test_place *p, enum db_engine engine)
{
	static int made;
	char name[64], sql[128];
	const char *question;

	memset(p, 0, sizeof(*p));
	snprintf(p->folder, sizeof(p->folder), "%s/watchdesk-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(p->folder));
	p->place.folder = p->folder;
	if (engine == DB_SQLITE)
		return;
	snprintf(p->server, sizeof(p->server), "%s", getenv("POSTGRES"));
	question = strchr(p->server, '?');
	assert_non_null(question);
	snprintf(name, sizeof(name), "test_%d_%d", (int)getpid(), made++);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", name);
	run_on(p->server, sql);
	snprintf(p->database, sizeof(p->database), "postgresql://watchdesk@/%s%s", name, question);
	p->place.database = p->database;
}

void test_place_remove(struct test_place *p)
{
	char sql[128], name[64];

	if (p->place.database && sscanf(p->database, "postgresql://watchdesk@/%63[a-z0-9_]", name) == 1) {
		snprintf(sql, sizeof(sql), "DROP DATABASE %s", name);
		run_on(p->server, sql);
	}
	file_remove_folder(p->folder, NULL);
}

void test_place_run(const struct test_place *p, const char *sql)
{
	char path[128];
	struct err err = { 0 };
	struct db *db;

	snprintf(path, sizeof(path), "%s/watchdesk.db", p->folder);
	db = db_open(p->place.database ? p->place.database : path, DB_WRITE, &err);
	if (!db || db_exec(db, sql, &err) < 0)
		fail_msg("%s: %s", sql, err.text);
	db_free(db);
}
