/* address.c - is this a place on the open Internet? */
#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

struct block4 {
	uint32_t network;
	int bits;
	bool ours; /* may belong to the desk's own network */
};

/* IANA IPv4 special-purpose registry: everything that is not globally reachable. */
static const struct block4 closed4[] = {
	{ 0x00000000, 8 },	  /* 0/8 this network */
	{ 0x0a000000, 8, true },  /* 10/8 private */
	{ 0x64400000, 10, true }, /* 100.64/10 shared by carriers */
	{ 0x7f000000, 8, true },  /* 127/8 loopback */
	{ 0xa9fe0000, 16 },	  /* 169.254/16 link-local, cloud metadata */
	{ 0xac100000, 12, true }, /* 172.16/12 private */
	{ 0xc0000000, 24 },	  /* 192.0.0/24 protocol assignments */
	{ 0xc0000200, 24 },	  /* 192.0.2/24 documentation */
	{ 0xc0586300, 24 },	  /* 192.88.99/24 6to4 relays, deprecated */
	{ 0xc0a80000, 16, true }, /* 192.168/16 private */
	{ 0xc6120000, 15 },	  /* 198.18/15 benchmarks */
	{ 0xc6336400, 24 },	  /* 198.51.100/24 documentation */
	{ 0xcb007100, 24 },	  /* 203.0.113/24 documentation */
	{ 0xe0000000, 4 },	  /* 224/4 multicast */
	{ 0xf0000000, 4 },	  /* 240/4 reserved, broadcast */
};

/* The block that an address lies in; NULL on the open Internet. */
static const struct block4 *block_of(uint32_t address)
{
	for (size_t i = 0; i < sizeof(closed4) / sizeof(closed4[0]); i++)
		if ((address ^ closed4[i].network) >> (32 - closed4[i].bits) == 0)
			return &closed4[i];
	return NULL;
}

static bool public4(uint32_t address)
{
	return !block_of(address);
}

static uint32_t word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool public6(const unsigned char a[16])
{
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(a, nat64, sizeof(nat64)) == 0) /* 64:ff9b::/96 reaches whatever IPv4 address it carries */
		return public4(word(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02) /* 2002::/16, 6to4 */
		return public4(word(a + 2));
	if ((a[0] & 0xe0) != 0x20) /* only 2000::/3 is global unicast: no loopback, mapped, ULA, link-local, multicast */
		return false;
	if (a[0] == 0x20 && a[1] == 0x01 && (a[2] & 0xfe) == 0) /* 2001::/23, Teredo and other protocols */
		return false;
	if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8) /* 2001:db8::/32, documentation */
		return false;
	return !(a[0] == 0x3f && a[1] == 0xff && (a[2] & 0xf0) == 0); /* 3fff::/20, documentation */
}

bool address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in a;

		memcpy(&a, address, sizeof(a));
		return public4(ntohl(a.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 a;

		memcpy(&a, address, sizeof(a));
		return public6(a.sin6_addr.s6_addr);
	}
	return false;
}

bool address_is_private(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct block4 *block;
		struct sockaddr_in a;

		memcpy(&a, address, sizeof(a));
		block = block_of(ntohl(a.sin_addr.s_addr));
		return block && block->ours;
	}
	if (address->sa_family == AF_INET6) {
		static const unsigned char loopback[16] = { [15] = 1 };
		struct sockaddr_in6 a;

		memcpy(&a, address, sizeof(a));
		return memcmp(a.sin6_addr.s6_addr, loopback, 16) == 0 ||
		       (a.sin6_addr.s6_addr[0] & 0xfe) == 0xfc; /* fc00::/7, ULA */
	}
	return false;
}

bool address_read(const char *text, struct sockaddr_storage *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	*out = (struct sockaddr_storage){ 0 };
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		memcpy(out, &v4, sizeof(v4));
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		memcpy(out, &v6, sizeof(v6));
	else
		return false;
	return true;
}
