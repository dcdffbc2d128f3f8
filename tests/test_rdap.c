/* test_rdap.c - who answers for an address or a domain, as the registries say it, and who of them is asked */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "crawler/url.h"
#include "desk/takedown/rdap.h"

#define OK(call)                                  \
	do {                                      \
		if ((call) < 0)                   \
			fail_msg("%s", err.text); \
	} while (0)

static struct arena *fresh(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA);

	*state = a;
	return a;
}

static int done(void **state)
{
	arena_free(*state);
	return 0;
}

static struct rdap read_file(struct arena *a, const char *name)
{
	AUTO(buf) text = BUF_INIT(LIMIT_RDAP);
	char path[200];
	struct err err = { 0 };
	struct rdap r;

	snprintf(path, sizeof(path), "tests/rdap/%s.json", name);
	OK(file_read(path, &text, &err));
	OK(rdap_read(a, buf_str(&text), &r, &err));
	return r;
}

static const struct rdap_contact *abuse_of(const struct rdap *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->contacts[i].role, STR("abuse")))
			return &r->contacts[i];
	return NULL;
}

static void each_registry_says_it_in_its_own_shape(void **state)
{
	static const struct {
		const char *file, *abuse, *of, *why;
	} rows[] = {
		{ "arin/ip/192.0.2.10", "abuse@arin.example.net", "registrant", "it stands within the organisation" },
		{ "ripe/ip/198.51.100.10", "abuse@ripe.example.net", "registrant", "people's mail is left out beside it" },
		{ "apnic/ip/203.0.113.10", "helpdesk@apnic.example.net", "", "of several the preferred comes first" },
		{ "lacnic/ip/2001_db8_8000__10", "abuso@lacnic.example.net", "registrant", "nested too" },
		{ "afrinic/ip/2001_db8__10", NULL, NULL, "nobody is in charge of abuse" },
		{ "registry/domain/example.localhost", "abuse@registrar.example.net", "registrar", "the registrar's desk" },
	};
	struct arena *a = fresh(state);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rdap r = read_file(a, rows[i].file);
		const struct rdap_contact *c = abuse_of(&r);

		if (!rows[i].abuse != !c ||
		    (c && (!str_eq(c->address, str_of(rows[i].abuse)) || !str_eq(c->of, str_of(rows[i].of)))))
			fail_msg("%s: %s", rows[i].file, rows[i].why);
	}
}

static void whoever_knows_more_is_pointed_to(void **state)
{
	struct arena *a = fresh(state);
	struct rdap r = read_file(a, "thin/domain/thin.localhost");

	assert_int_equal(r.n, 0);
	assert_true(str_ends(r.related, STR("/registry/domain/example.localhost")));
}

static void wrong_answers_are_refused_in_words(void **state)
{
	static const struct {
		const char *text, *says, *why;
	} rows[] = {
		{ "", "not JSON", "nothing" },
		{ "<html>busy</html>", "not JSON", "a page" },
		{ "[]", "no object of RDAP", "a list" },
		{ "{}", "no objectClassName", "an object of something else" },
		{ "{\"errorCode\":404,\"title\":\"not found\"}", "the registry says 404: not found", "an error with 200" },
		{ "{\"objectClassName\":\"domain\",\"entities\":", "not JSON", "cut" },
	};
	struct arena *a = fresh(state);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err err = { 0 };
		struct rdap r;

		if (rdap_read(a, str_of(rows[i].text), &r, &err) != E_BAD || !strstr(err.text, rows[i].says))
			fail_msg("%s: %s", rows[i].why, err.text);
	}
}

/* Members of the wrong kind are passed over: what is right beside them counts. */
static void odd_members_do_no_harm(void **state)
{
	static const char *const texts[] = {
		"{\"objectClassName\":\"domain\",\"entities\":{}}",
		"{\"objectClassName\":\"domain\",\"entities\":[null,1,\"x\",[],{}]}",
		"{\"objectClassName\":\"domain\",\"entities\":[{\"roles\":\"abuse\"},{\"roles\":[1,null]}]}",
		"{\"objectClassName\":\"domain\",\"entities\":[{\"roles\":[\"abuse\"],\"vcardArray\":[]}]}",
		"{\"objectClassName\":\"domain\",\"entities\":[{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[1,[],["
		"\"email\"],[\"email\",{},\"text\"]]]}]}",
		"{\"objectClassName\":\"domain\",\"links\":[1,{},{\"rel\":\"related\",\"href\":\"file:///etc/"
		"passwd\",\"type\":\"application/rdap+json\"}]}",
	};
	struct arena *a = fresh(state);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct err err = { 0 };
		struct rdap r;

		OK(rdap_read(a, str_of(texts[i]), &r, &err));
		assert_int_equal(r.n, 0);
		assert_int_equal(r.related.n, 0);
	}
}

static void what_a_stranger_writes_stays_on_one_line(void **state)
{
	struct arena *a = fresh(state);
	struct err err = { 0 };
	struct rdap r;

	OK(rdap_read(a,
		     STR("{\"objectClassName\":\"ip network\",\"name\":\"A\\r\\nBcc: "
			 "x\\u202e\\u0007\",\"entities\":[{\"roles\":[\"abuse\"],"
			 "\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"a\\nb\"],[\"email\",{},\"text\",\"a@example."
			 "net\\r\\nBcc: b@example.net\"]]]}]}"),
		     &r, &err));
	assert_str(r.name, "ABcc: x");
	assert_str(r.contacts[0].name, "ab");
	assert_str(r.contacts[0].address, "a@example.netBcc: b@example.net"); /* mailbox.h refuses it later */
}

static void thousands_of_entities_are_cut_and_said(void **state)
{
	AUTO(buf) wide = BUF_INIT(MIB(4));
	AUTO(buf) deep = BUF_INIT(MIB(4));
	struct arena *a = fresh(state);
	struct err err = { 0 };
	struct rdap r;

	buf_add(&wide, STR("{\"objectClassName\":\"domain\",\"entities\":["));
	buf_add(&deep, STR("{\"objectClassName\":\"domain\""));
	for (int i = 0; i < 10000; i++) {
		buf_printf(&wide,
			   "%s{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"a%d@example.net\"]]]}",
			   i ? "," : "", i);
		buf_add(&deep, STR(",\"entities\":[{\"roles\":[\"abuse\"]"));
	}
	buf_add(&wide, STR("]}"));
	OK(rdap_read(a, buf_str(&wide), &r, &err));
	assert_true(r.cut);
	assert_int_equal(r.n, LIMIT_RDAP_ENTITIES);
	for (int i = 0; i < 10000; i++)
		buf_add(&deep, STR("}]"));
	buf_add(&deep, STR("}"));
	assert_int_equal(rdap_read(a, buf_str(&deep), &r, &err), E_LIMIT);
}

static void the_longest_match_says_whom_to_ask(void **state)
{
	static const char list[] =
		"{\"version\":\"1.0\",\"services\":[[[\"192.0.0.0/8\"],[\"https://wide.example/\"]],"
		"[[\"192.0.2.0/25\",\"203.0.113.128/25\"],[\"http://plain.example/\",\"https://narrow.example/\"]],"
		"[[\"2001:db8::/32\"],[\"https://six.example/\"]],[[\"org\"],[\"https://org.example/\"]],"
		"[[\"co.org\",\"\"],[\"https://co.example/\"]],[[\"0.0.0.0/33\",\"x/8\",\"192.0.2.1/x\",7],[\"https://"
		"bad.example/\"]]]}";
	static const struct {
		const char *what, *server, *why;
	} rows[] = {
		{ "192.0.2.1", "https://narrow.example/", "the longer block, and https before http" },
		{ "192.0.2.200", "https://wide.example/", "the half that is not in it" },
		{ "203.0.113.127", "", "one bit beside" },
		{ "203.0.113.128", "https://narrow.example/", "the first of it" },
		{ "2001:db8:1::1", "https://six.example/", "of the other family" },
		{ "paste.example.org", "https://org.example/", "a name by its last label" },
		{ "PASTE.CO.ORG", "https://co.example/", "by more labels, whatever the case" },
		{ "notorg", "", "no label of its own" },
		{ "example.net", "", "nobody" },
		{ "", "", "nothing" },
	};
	struct arena *a = fresh(state);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str urls[2] = { 0 };
		struct err err = { 0 };
		int n = rdap_servers(a, str_of(list), str_of(rows[i].what), urls, 2, &err);

		if (n < 0 || (n > 0) != (rows[i].server[0] != '\0') || (n > 0 && !str_eq(urls[0], str_of(rows[i].server))))
			fail_msg("%s: %s", rows[i].what, rows[i].why);
	}
}

/* Each address of the open Internet has its registry, and common domains too. */
static void the_lists_that_ship_know_the_five_registries(void **state)
{
	static const struct {
		const char *file, *what, *server;
	} rows[] = {
		{ "ipv4.json", "8.8.8.8", "https://rdap.arin.net/registry/" },
		{ "ipv4.json", "193.0.6.139", "https://rdap.db.ripe.net/" },
		{ "ipv4.json", "203.119.101.61", "https://rdap.apnic.net/" },
		{ "ipv4.json", "200.3.14.184", "https://rdap.lacnic.net/rdap/" },
		{ "ipv4.json", "196.216.2.6", "https://rdap.afrinic.net/rdap/" },
		{ "ipv6.json", "2a00:1450::1", "https://rdap.db.ripe.net/" },
		{ "ipv6.json", "2606:4700::1", "https://rdap.arin.net/registry/" },
		{ "ipv6.json", "2c0f::1", "https://rdap.afrinic.net/rdap/" },
		{ "dns.json", "example.com", "https://rdap.verisign.com/com/v1/" },
		{ "dns.json", "example.co.uk", "https://rdap.nominet.uk/uk/" },
	};
	struct arena *a = fresh(state);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct embed *list = embed_find(arena_printf(a, "desk/takedown/rdap/%s", rows[i].file).p);
		struct str url[1];
		struct err err = { 0 };

		assert_non_null(list);
		assert_int_equal(rdap_servers(a, list->content, str_of(rows[i].what), url, 1, &err), 1);
		assert_str(url[0], rows[i].server);
	}
}

static void a_security_txt_names_where_to_write(void **state)
{
	struct arena *a = fresh(state);
	struct rdap_contact *c;
	size_t n;

	security_txt_read(
		a,
		STR("# Contact: mailto:no@example.net\r\nContact: mailto:security@example.net\r\ncontact: "
		    "https://example.net/report\n"
		    "Contact: tel:+1-201-555-0123\nContact: javascript:alert(1)\nExpires: 2027-01-01T00:00:00Z\nContact:"),
		&c, &n);
	assert_int_equal(n, 2);
	assert_str(c[0].address, "security@example.net");
	assert_str(c[1].form, "https://example.net/report");
	security_txt_read(a, STR("<html>not found</html>"), &c, &n);
	assert_int_equal(n, 0);
}

static void a_registered_domain_ends_a_host(void **state)
{
	static const char *const rows[][2] = {
		{ "paste.example.co.uk", "example.co.uk" },
		{ "example.org", "example.org" },
		{ "co.uk", "" },
		{ "192.0.2.1", "" },
		{ "[2001:db8::1]", "" },
		{ "localhost", "" },
		{ "a.user.github.io", "user.github.io" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_str(url_registrable(str_of(rows[i][0])), rows[i][1]);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_teardown(test, done)
	const struct CMUnitTest tests[] = {
		CASE(each_registry_says_it_in_its_own_shape),	CASE(whoever_knows_more_is_pointed_to),
		CASE(wrong_answers_are_refused_in_words),	CASE(odd_members_do_no_harm),
		CASE(what_a_stranger_writes_stays_on_one_line), CASE(thousands_of_entities_are_cut_and_said),
		CASE(the_longest_match_says_whom_to_ask),	CASE(the_lists_that_ship_know_the_five_registries),
		CASE(a_security_txt_names_where_to_write),	cmocka_unit_test(a_registered_domain_ends_a_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
