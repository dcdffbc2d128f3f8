/* fuzz_rdap.c - answers of registries, their lists and security.txt: what is read of them is clean, on one line and bounded */
#include <stdint.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "desk/takedown/rdap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold_to_one_line(struct str s)
{
	if (!utf8_is_clean(s) || s.n > LIMIT_FIELD || str_find(s, STR("\n")) >= 0 || str_find(s, STR("\r")) >= 0)
		__builtin_trap();
}

static void hold(const struct rdap_contact *c, size_t n, size_t most)
{
	if (n > most)
		__builtin_trap();
	for (size_t i = 0; i < n; i++) {
		hold_to_one_line(c[i].role);
		hold_to_one_line(c[i].name);
		hold_to_one_line(c[i].address);
		hold_to_one_line(c[i].form);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const asked[] = { "192.0.2.1", "2001:db8::1", "paste.example.co.uk" };
	AUTO_FREE(arena) a = arena_new(MIB(64));
	const struct str text = { (const char *)data, size };
	struct rdap_contact *contacts;
	struct err err = { 0 };
	struct rdap r;
	size_t n;

	if (rdap_read(a, text, &r, &err) == 0) {
		hold_to_one_line(r.name);
		hold_to_one_line(r.related);
		hold(r.contacts, r.n, LIMIT_RDAP_ENTITIES);
	}
	for (int i = 0; i < 3; i++) {
		struct str urls[2];
		int got = rdap_servers(a, text, str_of(asked[i]), urls, 2, &err);

		for (int k = 0; k < got; k++)
			hold_to_one_line(urls[k]);
	}
	security_txt_read(a, text, &contacts, &n);
	hold(contacts, n, LIMIT_SECURITY_CONTACTS);
	return 0;
}
