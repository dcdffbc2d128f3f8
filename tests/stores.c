/* stores.c - places for stores of the tests' own */
#include "tests/support.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embed.h"
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

static void run(PGconn *link, const char *sql)
{
	PGresult *r = PQexec(link, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(link));
	PQclear(r);
}

static void run_on(const char *address, const char *sql)
{
	PGconn *link = PQconnectdb(address);

	run(link, sql);
	PQfinish(link);
}

/* The address of another database on the server of the tests, whose address is postgresql://USER@/DATABASE?host=FOLDER. */
static void address_of(const char *database, char *out, size_t size)
{
	const char *question = strchr(getenv("POSTGRES"), '?');

	assert_non_null(question);
	snprintf(out, size, "postgresql://watchdesk@/%s%s", database, question);
}

static void bring_up_to_date(const char *address)
{
	struct err err = { 0 };
	struct db *db = db_open(address, DB_CREATE, &err);
	const struct embed *file;

	for (size_t i = 0; db && (file = embed_below("store/schema/", i)); i++) {
		AUTO(buf) sql = BUF_INIT(file->content.n + 1);

		buf_add(&sql, file->content);
		if (db_migrate(db, sql.p, (int64_t)i + 1, &err) < 0)
			break;
	}
	if (err.code < 0)
		fail_msg("%s: %s", address, err.text);
	db_free(db);
}

/* A database that has the schema already, for others to be copied from: made by the first test that asks the server for it. */
static void make_ready(PGconn *link)
{
	char address[256];
	PGresult *r;

	run(link, "SELECT pg_advisory_lock(1)");
	r = PQexec(link, "SELECT 1 FROM pg_database WHERE datname = 'ready'");
	if (PQntuples(r) == 0) {
		address_of("making", address, sizeof(address));
		run(link, "CREATE DATABASE making");
		bring_up_to_date(address);
		run(link, "ALTER DATABASE making RENAME TO ready");
	}
	PQclear(r);
	run(link, "SELECT pg_advisory_unlock(1)");
}

static void make(struct test_place *p, enum db_engine engine, bool ready)
{
	static int made;
	char name[64], sql[160];
	PGconn *link;

	memset(p, 0, sizeof(*p));
	snprintf(p->folder, sizeof(p->folder), "%s/watchdesk-test-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(p->folder));
	p->place.folder = p->folder;
	if (engine == DB_SQLITE)
		return;
	snprintf(p->server, sizeof(p->server), "%s", getenv("POSTGRES"));
	link = PQconnectdb(p->server);
	if (ready)
		make_ready(link);
	snprintf(name, sizeof(name), "test_%d_%d", (int)getpid(), made++);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", name, ready ? "ready" : "template0");
	run(link, sql);
	PQfinish(link);
	address_of(name, p->database, sizeof(p->database));
	p->place.database = p->database;
}

void test_place_make(struct test_place *p, enum db_engine engine)
{
	make(p, engine, false);
}

void test_place_make_ready(struct test_place *p, enum db_engine engine)
{
	make(p, engine, true);
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
