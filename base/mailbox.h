/* mailbox.h - one address that mail can go to */
/* Runs in: every process. Standard: RFC 5321 4.1.2, Mailbox, with a local part of dot-separated atoms and a domain of names:
 * the addresses that people have. Quoted local parts and address literals are refused: they can hold commas, spaces and line
 * breaks. */
#ifndef WATCHDESK_BASE_MAILBOX_H
#define WATCHDESK_BASE_MAILBOX_H

#include "base/arena.h"
#include "base/err.h"

/* Is it one address, whole? Never a list, a name with an address, or anything with white space or a control character. */
bool mailbox_is_one(struct str text);
/* The same address as we keep it, its domain in lower case: 0, or E_USAGE with a sentence that shows what was given. */
int mailbox_read(struct str text, struct arena *a, struct str *out, struct err *err);

#endif
