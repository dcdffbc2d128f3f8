/* lossy_vfs.h - a disk for SQLite that loses what was not synced when the power goes, and whose n-th call can be made to fail
 */
/*
 * Writes, truncations, creations and deletions stay in memory until the sync that makes them last: of the file for its bytes,
 * of its folder for its name. Locks and shared memory are the default VFS's. One process, one folder.
 */
#ifndef WATCHDESK_TESTS_LOSSY_VFS_H
#define WATCHDESK_TESTS_LOSSY_VFS_H

#include <stdbool.h>
#include <stdint.h>

enum { LOSSY_EXIT = 99 }; /* the exit code of a process whose power went */

struct lossy_plan {
	bool keeps;	  /* what is written stays, as without a cut; for failures */
	bool scatters;	  /* at the cut some of what waits is written all the same, in any order, torn at sectors */
	unsigned seed;	  /* of what is scattered */
	uint64_t cut_at;  /* the change that the power does not live to see, from 1; 0 never */
	uint64_t fail_at; /* the call that fails, from 1; 0 none */
	bool stays;	  /* calls of its kind go on failing, as on a full disk */
	int code;	  /* SQLITE_IOERR, or SQLITE_FULL, which fails what needs space only */
};

struct lossy_count {
	uint64_t changes, calls;
	bool failed; /* a call was made to fail */
};

/* Be the default VFS of this process until lossy_end(), which writes what waits, and counts. All databases must be closed. */
void lossy_begin(const struct lossy_plan *plan);
struct lossy_count lossy_end(void);

#endif
