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
/* True for what a source may be allowed to reach besides: loopback, private and carriers' shared addresses. Nothing else. */
bool address_is_private(const struct sockaddr *address);
/* A written address as a socket address; false when it is none. */
bool address_read(const char *text, struct sockaddr_storage *out);

#endif
