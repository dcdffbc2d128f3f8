/* sql.h - dumps of databases: dialect, tables, columns and rows of SQL; documents of MongoDB; entries of LDIF; tables as
 * clients print them */
/* Runs in: worker and verbs. Pure. Inside classify/ only. */
#ifndef WATCHDESK_CLASSIFY_SQL_H
#define WATCHDESK_CLASSIFY_SQL_H

#include "classify/credential.h"
#include "classify/fields.h"
#include "classify/found.h"

enum { SQL_TABLES = 16, SQL_COLUMNS = 48 };

struct sql_table {
	struct str name;
	struct str columns[SQL_COLUMNS];
	enum field kinds[SQL_COLUMNS];
	uint32_t valid[SQL_COLUMNS]; /* values that a column of its kind could hold */
	size_t n_columns, rows, start, end;
	size_t mails, hashes; /* values of these looks in columns without a name */
	size_t examples;      /* rows of people whom documentation invents */
};

enum sql_state { SQL_OUTSIDE, SQL_CREATE, SQL_INSERT, SQL_COPY };

/* Told of each row that holds a login and a password. */
struct sql_listener {
	void (*met)(void *whose, const struct credential *c);
	void *whose;
};

struct sql {
	struct found *found;
	struct sql_listener listener;
	struct sql_table *tables; /* SQL_TABLES of them, made when the first comes */
	size_t n_tables;
	struct sql_table *table; /* the one at hand */
	enum sql_state state;
	struct str before;   /* the last line that was none of a statement */
	const char *dialect; /* "MySQL" ...; NULL while nothing says it */
	struct {
		struct str name, heading;
		size_t borders; /* lines of "+---+" so far */
		struct sql_table *table;
	} printed; /* a table as a client of a database prints it */
	size_t documents, document_start, document_end;
	size_t entries, entry_start, entry_end, entry_secrets;
	uint32_t kinds; /* of the fields of documents and entries */
};

/* The next line, without white space at its ends; of any length. True when it is part of a statement: nobody else reads it. */
bool sql_line(struct sql *s, struct str line);
/* The text has ended: what was found becomes hits. */
void sql_finish(struct sql *s);

#endif
