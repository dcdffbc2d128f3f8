/* test_mailbox.c - one address is taken, and nothing else: no list, no name, nothing that a header could break at */
#include "tests/support.h"

#include <stdlib.h>

#include "base/mailbox.h"

#define A10 "aaaaaaaaaa"
#define L64 A10 A10 A10 A10 A10 A10 "aaaa"
#define D63 A10 A10 A10 A10 A10 A10 "aaa"

static const struct {
	const char *why;
	struct str text;
	bool one;
} rows[] = {
	{ "an ordinary one", STR("desk@example.com"), true },
	{ "dots and a tag", STR("first.last+watch@mail.example.co.uk"), true },
	{ "signs that RFC 5322 lets stand", STR("!#$%&'*+-/=?^_`{|}~@example.com"), true },
	{ "a host of one name", STR("root@localhost"), true },
	{ "a domain in Punycode", STR("desk@xn--bcher-kva.example"), true },
	{ "64 bytes before the @", STR(L64 "@example.com"), true },
	{ "65 bytes before the @", STR(L64 "a@example.com"), false },
	{ "a label of 63 bytes", STR("a@" D63 ".example"), true },
	{ "a label of 64 bytes", STR("a@" D63 "a.example"), false },
	{ "254 bytes", STR("a@" D63 "." D63 "." D63 "." A10 A10 A10 A10 A10 A10), true },
	{ "255 bytes", STR("a@" D63 "." D63 "." D63 "." A10 A10 A10 A10 A10 A10 "a"), false },
	{ "nothing", STR(""), false },
	{ "no @", STR("example.com"), false },
	{ "nobody", STR("@example.com"), false },
	{ "nowhere", STR("desk@"), false },
	{ "two of them", STR("a@example.com,b@example.com"), false },
	{ "two @", STR("a@b@example.com"), false },
	{ "a list", STR("a@example.com b@example.com"), false },
	{ "a name before it", STR("Desk <desk@example.com>"), false },
	{ "a line break and a header", STR("desk@example.com\r\nBcc: x@example.org"), false },
	{ "a line break inside", STR("desk\n@example.com"), false },
	{ "NUL", STR("desk@example.com\0"), false },
	{ "quoted: it could hold a comma", STR("\"a,b\"@example.com"), false },
	{ "a literal", STR("desk@[192.0.2.1]"), false },
	{ "a route", STR("@relay.example:desk@example.com"), false },
	{ "no ASCII: relays without SMTPUTF8 lose it", STR("b\xc3\xbcro@example.com"), false },
	{ "a dot at the beginning", STR(".desk@example.com"), false },
	{ "a dot at the end", STR("desk.@example.com"), false },
	{ "two dots", STR("de..sk@example.com"), false },
	{ "a domain that ends in a dot", STR("desk@example.com."), false },
	{ "an empty label", STR("desk@example..com"), false },
	{ "a hyphen first", STR("desk@-example.com"), false },
	{ "a hyphen last", STR("desk@example-.com"), false },
	{ "an underscore in a domain", STR("desk@ex_ample.com"), false },
	{ "a space around it", STR(" desk@example.com"), false },
	{ "DEL", STR("de\x7fsk@example.com"), false },
};

static void one_address_is_taken_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 16);
		struct str text = exact_copy(rows[i].text), out = { 0 };
		struct err err = { 0 };

		if (mailbox_is_one(text) != rows[i].one || (mailbox_read(text, a, &out, &err) == 0) != rows[i].one)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(text));
		if (!rows[i].one)
			assert_int_equal(err.code, E_USAGE);
		free((void *)(uintptr_t)text.p);
	}
}

static void the_domain_is_kept_in_lower_case_and_the_rest_as_it_is(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 16);
	struct err err = { 0 };
	struct str out;

	(void)state;
	assert_int_equal(mailbox_read(STR("Desk.One@Mail.EXAMPLE.com"), a, &out, &err), 0);
	assert_str(out, "Desk.One@mail.example.com");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_address_is_taken_and_nothing_else),
		cmocka_unit_test(the_domain_is_kept_in_lower_case_and_the_rest_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
