/* channels.h - the section `channels:` of the configuration, checked and read */
/* Runs in: supervisor and verbs, before anything is confined. */
#ifndef WATCHDESK_DESK_CHANNELS_H
#define WATCHDESK_DESK_CHANNELS_H

#include "desk/config.h"

/* Read the list into c->channels; NULL is a configuration without one. E_USAGE: "file:line: what, expected what". */
int channels_read(struct config *c, const struct yaml *list, struct err *err);
/* Where a mail address may stand, a channel may: 0, or E_USAGE when `to` is neither one address nor a channel that there is. */
int channels_check_to(const struct config *c, struct yaml_text to, struct err *err);
/* Is anything sent at all: is there a relay, or a channel? */
bool channels_can_send(const struct config *c);
/* Those that want to hear that a question of theirs was answered, written as the next are. */
struct str channels_that_hear(const struct config *c, struct arena *a);
/* All recipients that are channels, each with a "|" before and behind it: "|channel a|channel b|". Lives in `a`. */
struct str channels_listed(const struct config *c, struct arena *a);

#endif
