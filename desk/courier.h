/* courier.h - letters on their way to channels: each channel has a queue of its own, so that one that hangs holds nobody else
 */
/* Runs in: net; verbs (`alert test`). Knows the channels' secrets. */
#ifndef WATCHDESK_DESK_COURIER_H
#define WATCHDESK_DESK_COURIER_H

#include <poll.h>

#include "base/net.h"
#include "desk/config.h"
#include "desk/protocol.h"

/* Of all channels of a configuration. */
struct couriers;

/* Reads the secrets, so before files are closed. What cannot be read is said with each letter. */
struct couriers *couriers_new(const struct config *config);
void couriers_free(struct couriers *c);
AUTO_FREES(couriers)

/* Begin to send this one to the i-th channel now; it ends as a capture. Its body goes to `shown`. E_BAD: it is no letter. */
int courier_send(struct couriers *c, size_t i, struct net *n, const struct mail *mail, struct buf *shown, struct err *err);
/* Only its body. */
int courier_render(struct couriers *c, size_t i, const struct mail *mail, struct buf *shown, struct err *err);
/* Try whether the i-th channel's host lets us in; nothing is said to it. Ends as a capture. Of a command: whether it is there.
 */
int courier_greet(struct couriers *c, size_t i, struct net *n, struct err *err);
/* What came of it; words hold no secret, and live until the next call. The id is the caller's to fill in. */
struct mailed courier_result(struct couriers *c, size_t i, const struct capture *capture);
/* The same of a command's end. */
struct mailed courier_ran(const struct ran *r);

/* The process that starts commands; -1 for none. */
void couriers_open_commands(struct couriers *c, int fd);
/* Its channel to wait for: how many descriptors (0 or 1). */
size_t couriers_poll(const struct couriers *c, struct pollfd *fds);
/* Hear what came of commands: 0, E_IO when that process is gone. */
int couriers_hear(struct couriers *c, struct channel *writer);

/* Take a letter that the writer hands over: false when it is to no channel; then it is the relay's. */
bool couriers_take(struct couriers *c, struct message message);
/* Begin the next ones whose time has come. Answers when to ask again, us UTC; INT64_MAX: when something has ended or come. */
int64_t couriers_go_on(struct couriers *c, struct net *n, struct channel *writer, int64_t now);
/* A capture: true when it was of a letter, and the writer was told. */
bool couriers_end(struct couriers *c, const struct capture *capture, struct channel *writer);
/* Is one under way? */
bool couriers_are_sending(const struct couriers *c);

#endif
