/* address.h - is this a place on the open Internet? the guard against being sent into our own network */
/* Runs in: net, at connect time and before each request. Standards: RFC 6890 and the IANA special-purpose registries. */
#ifndef WATCHDESK_BASE_ADDRESS_H
#define WATCHDESK_BASE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * False for loopback, private, shared, link-local (cloud metadata among them), multicast, documentation, benchmark and
 * reserved addresses, and for IPv6 forms that carry such an IPv4 address: mapped, compatible, NAT64, 6to4, Teredo.
 */
bool address_is_public(const struct sockaddr *address);
/* The same for a written address; false when it is not one. */
bool address_text_is_public(const char *text);

#endif
