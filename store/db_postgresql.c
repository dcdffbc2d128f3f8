/* db_postgresql.c - the PostgreSQL driver of db.h */
#include "store/driver.h"

struct db *postgresql_open(const char *address, enum db_mode mode, struct err *err)
{
	(void)address, (void)mode;
	err_set(err, E_STORE, "PostgreSQL is not supported yet");
	return NULL;
}
