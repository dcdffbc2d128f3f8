/* test_dump.c - credentials in every order, logs of stealers, databases, lists of files, mail, seed phrases; counts by domain
 */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "classify/assets.h"
#include "classify/dump.h"
#include "classify/line.h"

struct bench {
	struct fold_scratch *fold;
	struct assets *assets;
	struct arena *arena;
};

static int make_bench(void **state)
{
	static struct bench bench;
	static struct yaml_text domain = { { "acme.example.com", 16 }, "test", 1 };
	static const struct asset asset = { .name = { { "Acme", 4 }, "test", 1 }, .domains = { &domain, 1 } };
	struct err err = { 0 };

	bench.arena = arena_new(LIMIT_ARENA);
	bench.fold = fold_scratch_new(&err);
	bench.assets = bench.fold ? assets_new(&asset, 1, bench.fold, &err) : NULL;
	*state = &bench;
	return bench.assets ? 0 : -1;
}

static int free_bench(void **state)
{
	struct bench *b = *state;

	assets_free(b->assets);
	fold_scratch_free(b->fold);
	arena_free(b->arena);
	return 0;
}

/* What the readers of lines alone find; hits point into the arena, domains are copied there too. */
static struct assessment read_text(void **state, struct str text, double *leak)
{
	struct bench *b = *state;
	struct str copy = exact_copy(text);
	struct assessment out = { 0 };
	struct found found = { .a = b->arena, .text = copy, .out = &out, .miss = { 1, 1, 1, 1 } };

	arena_clear(b->arena);
	layers_begin(&found.layers, b->arena, copy);
	dump_scan(b->assets, &found);
	for (size_t i = 0; i < out.n_secrets; i++)
		assert_true(out.secrets[i].start <= out.secrets[i].end && out.secrets[i].end <= text.n);
	for (size_t i = 0; i < out.n_domains; i++)
		out.domains[i].domain = arena_copy(b->arena, out.domains[i].domain);
	if (leak)
		*leak = 1 - found.miss[CATEGORY_LEAK];
	free((char *)copy.p);
	return out;
}

static const struct hit *hit_of(const struct assessment *x, const char *rule)
{
	for (size_t i = 0; i < x->n_hits; i++)
		if (str_eq(x->hits[i].rule, str_of(rule)))
			return &x->hits[i];
	return NULL;
}

static void a_credential_is_read_in_every_order(void **state)
{
	static const struct {
		const char *line, *rule;
	} rows[] = {
		{ "jsmith@mail.example.net:monkey77", "credential-line" },
		{ "jsmith@mail.example.net;monkey77", "credential-line" },
		{ "jsmith@mail.example.net|monkey77", "credential-line" },
		{ "jsmith@mail.example.net\tmonkey77", "credential-line" },
		{ "jsmith@mail.example.net monkey77", "credential-line" },
		{ "jsmith@mail.example.net,monkey77", "credential-line" },
		{ "jsmith@mail.example.net : monkey77", "credential-line" },
		{ "jsmith@mail.example.net|John Smith|Monkey77!|US", "credential-line" },
		{ "\"jsmith@mail.example.net:monkey77\",", "credential-line" },
		{ "> jsmith@mail.example.net:monkey77", "credential-line" },
		{ "<pre>jsmith@mail.example.net:monkey77</pre>", "credential-line" },
		{ "jsmith[@]mail[.]example[.]net:monkey77", "credential-line" },
		{ "{\"id\": 7, \"content\": \"jsmith@mail.example.net|monkey77\\n\"}", "credential-line" },
		{ "https://shop.example.net/login:jsmith@mail.example.net:monkeys", "url-login-password" },
		{ "https://shop.example.net:8443/:jsmith:Monkey77!", "url-login-password" },
		{ "https://shop.example.net | jsmith | Monkey77!", "url-login-password" },
		{ "https://shop.example.net jsmith Monkey77!", "url-login-password" },
		{ "shop.example.net/login:jsmith@mail.example.net:monkeys", "url-login-password" },
		{ "shop.example.net:jsmith:Monkey77!", "url-login-password" },
		{ "jsmith:Monkey77!:https://shop.example.net/login", "url-login-password" },
		{ "jsmith:Monkey77! https://shop.example.net/login", "url-login-password" },
		{ "android://Qm7vT2xLp9ZrK4==@net.example.app/:jsmith:Monkey77!", "url-login-password" },
		{ "hxxps://shop[.]example[.]net/login:jsmith@mail.example.net:monkeys", "url-login-password" },
		{ "192.0.2.7:22:root:Monkey77!", "url-login-password" },
		{ "jsmith@mail.example.net:5f4dcc3b5aa765d61d8327deb882cf99:s4lt", "user-hash" },
		{ "jsmith:$apr1$Xs5n6Mub$8LnNh96q3e6UmTlb5Ucj7.", "user-hash" },
		{ "{\"email\":\"jsmith@mail.example.net\",\"password\":\"Monkey77!\"}", "credential-row" },
		{ "<user><email>jsmith@mail.example.net</email><password>Monkey77!</password></user>", "credential-row" },
		{ "7,x1,jsmith@mail.example.net,5f4dcc3b5aa765d61d8327deb882cf99,2020-01-01", "user-hash" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = read_text(state, str_of(rows[i].line), NULL);
		char text[200];

		if (x.n_hits != 1 || !hit_of(&x, rows[i].rule)) {
			print_error("%s: %zu hits\n", rows[i].line, x.n_hits);
			fail();
		}
		assert_true(x.n_domains == 1 || i >= 25);
		assert_true(strlen(rows[i].line) < sizeof(text));
		memcpy(text, rows[i].line, strlen(rows[i].line) + 1);
		classify_mask(text, strlen(text), &x);
		assert_null(strstr(text, "onkey"));
		assert_null(strstr(text, "jsmith"));
		assert_null(strstr(text, "5f4dcc"));
		assert_int_equal(str_find(x.hits[0].masked, STR("onkey")), -1);
		assert_int_equal(str_find(x.hits[0].masked, STR("smith")), -1);
		assert_int_equal(str_find(x.hits[0].why, STR("onkey")), -1);
	}
}

static void what_only_looks_like_one_is_left_alone(void **state)
{
	static const char *const lines[] = {
		"git@code.example.org:team/project.git",
		"scp report root@host.example.org:/tmp/x",
		"root@host.example.org:22",
		"src/main.c:123:warning99 unused",
		"lib/tool.py:77:Error9 here",
		"org.example.group:artifact:19.15.5",
		"contact me: jsmith@mail.example.net, please",
		"see https://example.org/a:b for Details1 and more",
		"wget --retry-on-http-error=429,503 http://example.org/status/503",
		".if !'po4a'hide' https://example.org/issues",
		"PASS: tests/password (0.31 s)",
		"12:30:45 the train left Berlin1",
		"image@2x.png:Size128x",
		"D68C:1112-116C",
		"{\"id\": \"7\", \"a\": \"b\", \"c\": \"d\", \"email\": \"not closed)}",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct assessment x = read_text(state, str_of(lines[i]), NULL);

		if (x.n_hits) {
			print_error("%s: %.*s\n", lines[i], STR_ARG(x.hits[0].rule));
			fail();
		}
	}
}

static void one_line_of_ours_is_sure_and_strangers_are_not(void **state)
{
	double leak;
	struct assessment x = read_text(state, STR("a.b@acme.example.com:Monkey77!\n"), &leak);

	assert_int_equal(x.n_hits, 1);
	assert_str(x.hits[0].asset, "Acme");
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_HIGH);
	assert_true(leak >= 0.5);
	x = read_text(state, STR("a.b@mail.example.net:monkey\n"), &leak);
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_LOW);
	assert_true(leak < 0.5);
}

static void lines_and_accounts_are_counted_by_domain(void **state)
{
	struct assessment x = read_text(
		state,
		STR("a@one.example.net:Monkey77!\na@one.example.net:Monkey78!\nb@one.example.net:Monkey79!\n"
		    "c@two.example.net:Monkey80!\nhttps://three.example.net/:d@two.example.net:Monkey81!\n"),
		NULL);

	assert_int_equal(x.n_domains, 3);
	assert_str(x.domains[0].domain, "one.example.net");
	assert_int_equal(x.domains[0].lines, 3);
	assert_int_equal(x.domains[0].accounts, 2);
	assert_int_equal(x.domains[1].lines, 1);
}

static void a_dump_of_any_size_is_counted(void **state)
{
	AUTO(buf) dump = BUF_INIT(MIB(4));
	double leak;
	struct assessment x;
	size_t lines = 0;

	for (int i = 0; i < 30000; i++)
		buf_printf(&dump, "user%d@mail%d.example.net:Pa55w%drd\n", i, i % 900, i);
	x = read_text(state, buf_str(&dump), &leak);
	assert_int_equal(x.n_hits, LIMIT_HITS);
	assert_int_equal(x.n_secrets, 2 * 30000);
	assert_int_equal(x.n_domains, LIMIT_DOMAINS);
	for (size_t i = 0; i < x.n_domains; i++)
		lines += x.domains[i].lines;
	assert_true(lines > 5000 && leak > 0.9);
}

static void a_list_of_names_and_passwords_needs_several_lines(void **state)
{
	struct assessment x = read_text(state, STR("alpha:Monkey77!\nbravo99:tr0ubadour\n"), NULL);

	assert_int_equal(x.n_hits, 0);
	x = read_text(state, STR("alpha:Monkey77!\nbravo99:tr0ubadour\ncharlie:Qw3rtzui\ndelta.x:s0mmer#21\n"), NULL);
	assert_int_equal(x.n_hits, 4);
	assert_non_null(hit_of(&x, "login-password-list"));
}

static void records_of_stealers_and_their_machines_are_known(void **state)
{
	static const char text[] =
		"Build ID: build7\nIP: 203.0.113.9\nFileLocation: C:\\x.exe\nHWID: 4F1C03BE57A2\n"
		"Log date: 3/4/2026\n\nURL: https://shop.example.net/login\nUsername: jsmith\nPassword: Monkey77!\n"
		"Application: Browser\n===============\n";
	struct assessment x = read_text(state, str_of(text), NULL);
	const struct hit *system = hit_of(&x, "stealer-system"), *record = hit_of(&x, "stealer-record");

	assert_non_null(record);
	assert_non_null(system);
	assert_true(str_find(system->why, STR("RedLine")) > 0);
	x = read_text(state, STR("Passwords.txt\nAutofills\nUserInformation.txt\nInstalledSoftware.txt\nProcessList.txt\n"),
		      NULL);
	assert_non_null(hit_of(&x, "stealer-folder"));
	x = read_text(state, STR("OS: Debian\nCPU: 4 cores\nRAM: 8 GB\nGPU: none\nCountry: any\n"), NULL);
	assert_int_equal(x.n_hits, 0);
}

static void exports_of_browsers_name_their_maker(void **state)
{
	struct assessment x = read_text(state,
					STR("name,url,username,password\nshop,https://shop.example.net/,jsmith,monkey\n"
					    "mail,https://mail.example.net/,\"j,smith\",Monkey77!\n"),
					NULL);
	bool named = false;

	assert_int_equal(x.n_hits, 2);
	assert_non_null(hit_of(&x, "credential-row"));
	for (size_t i = 0; i < x.n_reasons; i++)
		named |= str_find(x.reasons[i], STR("Chrome")) > 0;
	assert_true(named);
	x = read_text(state, STR("return (username, password, uid)\nreturn (a, b, c)\nreturn (d, e, f)\n"), NULL);
	assert_int_equal(x.n_hits, 0);
}

static void digests_of_files_weigh_less_than_hashes_of_users(void **state)
{
	struct assessment x = read_text(state, STR("jsmith:5f4dcc3b5aa765d61d8327deb882cf99\n"), NULL);

	assert_int_equal(x.hits[0].confidence, CONFIDENCE_MEDIUM);
	x = read_text(state, STR("checksums:\nrelease.tar.gz:5f4dcc3b5aa765d61d8327deb882cf99\n"), NULL);
	assert_int_equal(x.hits[0].confidence, CONFIDENCE_LOW);
	assert_true(str_find(x.hits[0].why, STR("checksum")) > 0);
}

static void databases_are_read_by_dialect_table_column_and_row(void **state)
{
	static const struct {
		const char *why, *text, *rule, *says;
	} rows[] = {
		{ "MySQL",
		  "-- MySQL dump 10.13\nCREATE TABLE `users` (\n  `id` int,\n  `user_email` varchar(99),\n  `passwordHash` "
		  "char(32),\n"
		  "  PRIMARY KEY (`id`)\n);\nINSERT INTO `users` VALUES "
		  "(1,'a@example.net','5f4dcc3b5aa765d61d8327deb882cf99'),\n"
		  "(2,'o\\'b@example.net','5f4dcc3b5aa765d61d8327deb882cf98'),(3,'c@example.net',NULL);\n",
		  "sql-dump", "table users of a database (MySQL): 3 columns, 3 rows; personal: mail, password" },
		{ "PostgreSQL",
		  "COPY public.people (id, email, phone) FROM stdin;\n1\ta@example.net\t555-0101\n2\tb@example.net\t555-0102\n"
		  "3\tc@example.net\t555-0103\n\\.\n",
		  "sql-dump", "table people of a database (PostgreSQL): 3 columns, 3 rows; personal: phone, mail" },
		{ "SQLite", "PRAGMA foreign_keys=OFF;\nINSERT INTO t VALUES(1,'x');\nINSERT INTO t VALUES(2,'y');\n",
		  "sql-dump", "(SQLite)" },
		{ "SQL Server",
		  "SET IDENTITY_INSERT [dbo].[staff] ON\nINSERT [dbo].[staff] ([id], [email], [ssn]) VALUES (1, "
		  "N'a@example.net', N'536-22-8143')\n",
		  "sql-dump",
		  "table staff of a database (Microsoft SQL Server): 3 columns, 1 rows; personal: mail, identity number" },
		{ "Oracle",
		  "INSERT ALL\n  INTO staff (id, email, phone) VALUES (1, 'a@example.net', '555-0101')\n"
		  "  INTO staff (id, email, phone) VALUES (2, 'b@example.net', '555-0102')\nSELECT * FROM dual;\n",
		  "sql-dump", "table staff of a database (Oracle): 3 columns, 2 rows; personal: phone, mail" },
		{ "no columns named",
		  "INSERT INTO m VALUES (1,'a@example.net','5f4dcc3b5aa765d61d8327deb882cf99'),\n"
		  "(2,'b@example.net','5f4dcc3b5aa765d61d8327deb882cf98'),\n(3,'c@example.net','"
		  "5f4dcc3b5aa765d61d8327deb882cf97');\n",
		  "sql-dump", "table m of a database (SQL): 0 columns, 3 rows; personal: mail, password" },
		{ "sqlmap",
		  "Database: shop\nTable: users\n[3 entries]\n+----+---------------+---------+\n| id | email         | pass    "
		  "|\n"
		  "+----+---------------+---------+\n| 1  | a@example.net | Monkey7 |\n| 2  | b@example.net | Donkey8 |\n",
		  "sql-dump", "table users of a database (sqlmap): 3 columns, 2 rows; personal: mail, password" },
		{ "the client of MySQL",
		  "+----+---------------+---------+\n| id | email         | phone    |\n+----+---------------+---------+\n"
		  "| 1  | a@example.net | 555-0101 |\n| 2  | b@example.net | 555-0102 |\n+----+---------------+---------+\n",
		  "sql-dump", "(SQL): 3 columns, 2 rows; personal: phone, mail" },
		{ "the client of PostgreSQL",
		  " id |     email     |  phone\n----+---------------+----------\n  1 | a@example.net | 555-0101\n"
		  "  2 | b@example.net | 555-0102\n(2 rows)\n",
		  "sql-dump", "(SQL): 3 columns, 2 rows; personal: phone, mail" },
		{ "MongoDB",
		  "{\"_id\":{\"$oid\":\"1\"},\"email\":\"a@example.net\",\"phone\":\"1\"}\n{\"_id\":{\"$oid\":\"2\"},\"email\":"
		  "\"b\",\"phone\":\"2\"}\n"
		  "{\"_id\":{\"$oid\":\"3\"},\"email\":\"c\",\"phone\":\"3\"}\n",
		  "mongo-export", "3; personal: phone, mail" },
		{ "LDIF", "dn: uid=a,dc=example\nobjectClass: person\nmail: a@example.net\nuserPassword:: e1NTSEF9Zm9v\n",
		  "ldif-export", "1; personal" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = read_text(state, str_of(rows[i].text), NULL);
		const struct hit *hit = hit_of(&x, rows[i].rule);

		if (!hit || str_find(hit->why, str_of(rows[i].says)) < 0) {
			struct str said = hit ? hit->why : STR("no hit");

			print_error("%s: %.*s\n", rows[i].why, STR_ARG(said));
			fail();
		}
	}
}

static void text_about_databases_is_no_dump(void **state)
{
	static const struct {
		const char *why, *text;
	} rows[] = {
		{ "words of statements",
		  "copy the file (see below) from stdin;\nand read on\nsome more text\n\ncreate table salt is "
		  "finer (much finer)\n" },
		{ "a lesson", "To add a row, write\n\n    INSERT INTO fruit (name, colour) VALUES ('pear', 'green');\n\n" },
		{ "columns that hold something else",
		  "INSERT INTO field (email, phone) VALUES ('Your address', 'Your number');\n"
		  "INSERT INTO field (email, phone) VALUES ('Ihre Adresse', 'Ihre Nummer');\n"
		  "INSERT INTO field (email, phone) VALUES ('Votre adresse', 'Votre telephone');\n" },
		{ "a table of a document, a border below each row",
		  "+-------+----------+\n| email | phone    |\n+-------+----------+\n| a@example.net | 555-0101 |\n"
		  "+-------+----------+\n| b@example.net | 555-0102 |\n+-------+----------+\n" },
		{ "what a client prints of something else", "+----+-------+\n| id | title |\n+----+-------+\n| 1  | pear  |\n| "
							    "2  | plum  |\n| 3  | fig   |\n+----+-------+\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = read_text(state, str_of(rows[i].text), NULL);

		if (x.n_hits) {
			print_error("%s: %.*s\n", rows[i].why, STR_ARG(x.hits[0].why));
			fail();
		}
	}
}

static void an_example_or_a_number_of_something_is_told_but_no_hit(void **state)
{
	static const char *const lines[] = {
		"user@example.com:password\n",
		"jsmith@mail.org:${PASSWORD}\n",
		"jsmith@mail.org,48f31116-147b-4c37-a8b9-b851ab38c9b7,1976-04-20\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		double leak;
		struct assessment x = read_text(state, str_of(lines[i]), &leak);

		assert_int_equal(x.n_hits, 0);
		assert_int_equal(x.n_secrets, 2);
		assert_true(x.n_reasons == 1 && str_find(x.reasons[0], STR("1 of the lines")) == 0);
		assert_true(leak > 0.05 && leak < 0.2);
	}
}

static void lists_of_files_and_mail_are_counted(void **state)
{
	struct assessment x = read_text(state,
					STR("-rw-r--r-- user/group  1024 2026-01-02 10:00 hr/salaries.xlsx\n-rw-r--r-- "
					    "user/group  1024 2026-01-02 10:00 a.txt\n"
					    "-rw-r--r-- user/group  1024 2026-01-02 10:00 hr/contracts.pdf\n-rw-r--r-- "
					    "user/group  12 2026-01-02 10:00 b.txt\n"),
					NULL);

	assert_non_null(hit_of(&x, "file-listing"));
	assert_true(str_find(x.hits[0].why, STR("as tar writes it: 4 entries, 2 with")) > 0);
	x = read_text(
		state,
		STR("From a@example.org Mon Jan  5 10:00:00 2026\nReceived: from mx.example.org\nMessage-ID: <1@example.org>\n"
		    "From: a@example.org\nTo: b@example.org\nSubject: plan\n\nhello\n"),
		NULL);
	assert_non_null(hit_of(&x, "mail-spool"));
	x = read_text(state, STR("From: a@example.org\nTo: b@example.org\nSubject: plan\n\nhello\n"), NULL);
	assert_null(hit_of(&x, "mail-spool"));
}

static void seed_phrases_are_found_in_a_line_and_as_a_list(void **state)
{
	static const struct {
		const char *why, *text;
		size_t hits;
	} rows[] = {
		{ "in a line", "legal winner thank year wave sausage worth useful legal winner thank yellow", 1 },
		{ "behind a colon", "seed: legal winner thank year wave sausage worth useful legal winner thank yellow", 1 },
		{ "a list with numbers",
		  "1. legal\n2. winner\n3. thank\n4. year\n5. wave\n6. sausage\n7. worth\n8. useful\n9. legal\n10. winner\n11. "
		  "thank\n12. "
		  "yellow\n",
		  1 },
		{ "eleven words", "legal winner thank year wave sausage worth useful legal winner thank", 0 },
		{ "a word that is not in the list",
		  "legal winner thank year wave sausage worth useful legal winner thank yellows", 0 },
		{ "a sentence", "the winner will thank you next year when the wave of sausages is worth it", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = read_text(state, str_of(rows[i].text), NULL);

		if (x.n_hits != rows[i].hits) {
			print_error("%s: %zu\n", rows[i].why, x.n_hits);
			fail();
		}
	}
}

static void signs_are_counted_to_the_last_byte(void **state)
{
	char line[70];

	(void)state;
	for (size_t n = 0; n < sizeof(line); n++) {
		struct str copy;
		struct census c;

		memset(line, 'x', sizeof(line));
		if (n)
			line[n - 1] = '@';
		if (n > 20)
			line[3] = ',';
		copy = exact_copy((struct str){ line, n });
		c = line_census(copy);
		assert_int_equal(c.at, n > 0);
		assert_int_equal(c.comma, n > 20);
		assert_int_equal(c.colon + c.bar + c.tab + c.semicolon + c.equals + c.quote, 0);
		free((char *)copy.p);
	}
}

static void wrappers_are_peeled_off(void **state)
{
	static const struct {
		const char *line, *bare;
	} rows[] = {
		{ "> > a:b", "a:b" }, { "<p>a:b</p>", "a:b" },
		{ "'a:b',", "a:b" },  { "\"a\",\"b\"", "\"a\",\"b\"" },
		{ "a:b", "a:b" },     { "<not a tag> x", "<not a tag> x" },
		{ "\"", "\"" },	      { "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str copy = exact_copy(str_of(rows[i].line));

		assert_str(line_peel(copy), rows[i].bare);
		free((char *)copy.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_credential_is_read_in_every_order),
		cmocka_unit_test(what_only_looks_like_one_is_left_alone),
		cmocka_unit_test(one_line_of_ours_is_sure_and_strangers_are_not),
		cmocka_unit_test(lines_and_accounts_are_counted_by_domain),
		cmocka_unit_test(a_dump_of_any_size_is_counted),
		cmocka_unit_test(a_list_of_names_and_passwords_needs_several_lines),
		cmocka_unit_test(records_of_stealers_and_their_machines_are_known),
		cmocka_unit_test(exports_of_browsers_name_their_maker),
		cmocka_unit_test(digests_of_files_weigh_less_than_hashes_of_users),
		cmocka_unit_test(databases_are_read_by_dialect_table_column_and_row),
		cmocka_unit_test(text_about_databases_is_no_dump),
		cmocka_unit_test(an_example_or_a_number_of_something_is_told_but_no_hit),
		cmocka_unit_test(lists_of_files_and_mail_are_counted),
		cmocka_unit_test(seed_phrases_are_found_in_a_line_and_as_a_list),
		cmocka_unit_test(signs_are_counted_to_the_last_byte),
		cmocka_unit_test(wrappers_are_peeled_off),
	};

	return cmocka_run_group_tests(tests, make_bench, free_bench);
}
