/* confine.h - take from this process what it does not need: system calls, files, network */
/* Runs in: every role, once, right after its fork. Linux seccomp and Landlock. What was taken cannot come back. */
#ifndef WATCHDESK_BASE_CONFINE_H
#define WATCHDESK_BASE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A worker: read, write and memory, nothing else. Any other system call ends the process with SIGSYS. Limits: no new files,
 * no children, no core, `memory_bytes` of address space beyond what is mapped now.
 */
int confine_worker(size_t memory_bytes, struct err *err);
/* The writer and the indexer: files below `folders` (NULL-terminated) only; no Internet sockets, no new programs. */
int confine_writer(const char *const *folders, struct err *err);
/* The net process: network; reading the certificate, resolver and time-zone files; writing none; no new programs. */
int confine_net(struct err *err);
/* The files process: reading files below `folders` (NULL-terminated) only; writing none; no sockets; no new programs. */
int confine_files(const char *const *folders, struct err *err);
/* True when the kernel has Landlock; without it files are kept closed by seccomp's argument checks alone. */
bool confine_has_landlock(void);
/* Close every descriptor from 3 up but `keep` (-1 for none), and put /dev/null on 0 and 1. */
void confine_descriptors(const int *keep, size_t n);

#endif
