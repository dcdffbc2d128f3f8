/* confined.h - bytes from outside read for a verb by a process that has memory and one pipe, nothing else */
/* Runs in: verbs. The monitor has workers for this; a verb that reads one answer has this. */
#ifndef WATCHDESK_DESK_CONFINED_H
#define WATCHDESK_DESK_CONFINED_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/message.h"

/*
 * Reads what `whose` points to and puts fields (put_str ...) into `answer`. It may crash, hang or be taken over: what it puts
 * is checked by whoever takes it.
 */
typedef int confined_fn(const void *whose, struct arena *a, struct buf *answer, struct err *err);

/*
 * Let `read` do it in a process of its own, within LIMIT_CAPTURE_MS. 0 with the fields in `out`, which live in `a`; the error
 * that `read` gave; E_BAD when the process ended without an answer.
 */
int confined_read(confined_fn *read, const void *whose, struct arena *a, struct message *out, struct err *err);

#endif
