/* test_assets.c - what a text names of ours, what only looks like it, and what is neither */
#include "classify/assets.h"

#include <stdlib.h>

#include "base/limits.h"
#include "classify/severity.h"
#include "tests/support.h"

static struct {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *arena;
} bench;

#define TEXTS(...)                                                                                                          \
	{                                                                                                                   \
		(struct yaml_text[]){ __VA_ARGS__ }, sizeof((struct yaml_text[]){ __VA_ARGS__ }) / sizeof(struct yaml_text) \
	}
#define T(z)                                                 \
	{                                                    \
		{ "" z, sizeof(z) - 1 }, "watchdesk.yaml", 1 \
	}

static const struct asset assets[] = {
	{ .name = T("Example Pictures"),
	  .domains = TEXTS(T("example.com"), T("example.org"),
			   T("b\xc3\xbc"
			     "cher.example")),
	  .hosts = TEXTS(T("corp.example.internal"), T("BUILDBOX01")),
	  .packages = TEXTS(T("com.example.vault"), T("@example/vault")),
	  .ranges = TEXTS(T("192.0.2.0/24"), T("2001:db8:7::/48"), T("198.51.100.7")),
	  .bins = TEXTS(T("401288"), T("51234567")),
	  .harmless = TEXTS(T("examples.com")) },
	{ .name = T("Names"),
	  .terms = TEXTS(T("The Interlude"), T("AT&T"), T("O'Brien"), T(".NET Zeta"), T("Jos\xc3\xa9 \xc3\x81lvarez"),
			 T("\xe3\x82\xbd\xe3\x83\x8b\xe3\x83\xbc\xe3\x83\xbb\xe3\x83\x94\xe3\x82\xaf\xe3\x83\x81\xe3\x83\xa3"),
			 T("\xe7\xb4\xa2\xe5\xb0\xbc\xe5\xbd\xb1\xe4\xb8\x9a"),
			 T("\xe0\xb9\x82\xe0\xb8\x8b\xe0\xb8\x99\xe0\xb8\xb5\xe0\xb9\x88"),
			 T("\xec\x82\xbc\xec\x84\xb1\xec\xa0\x84\xec\x9e\x90"),
			 T("\xd0\xa1\xd0\xb5\xd0\xb2\xd0\xb5\xd1\x80")) },
	{ .name = T("Narrow"), .ranges = TEXTS(T("192.0.2.128/25")), .domains = TEXTS(T("mail.example.com"), T("fox.net")) },
};

static int make_bench(void **state)
{
	const struct classifier_options options = { .assets = assets, .n_assets = 3 };
	struct err err = { 0 };

	(void)state;
	bench.arena = arena_new(LIMIT_ARENA);
	bench.classifier = classifier_new(&options, &err);
	if (bench.classifier)
		bench.scratch = classify_scratch_new(bench.classifier, &err);
	if (!bench.scratch)
		print_error("%s\n", err.text);
	return bench.scratch ? 0 : -1;
}

static int free_bench(void **state)
{
	(void)state;
	classify_scratch_free(bench.scratch);
	classifier_free(bench.classifier);
	arena_free(bench.arena);
	return 0;
}

/* Assess a copy of exact size; it lives until the next call. */
static struct assessment assess(struct str text)
{
	struct str copy = exact_copy(text);
	struct assessment x;

	arena_clear(bench.arena);
	classify(bench.classifier, bench.scratch, bench.arena, copy, &x);
	for (size_t i = 0; i < x.n_mentions; i++)
		assert_true(x.mentions[i].span.start < x.mentions[i].span.end);
	for (size_t i = 0; i < x.n_look_alikes; i++) {
		assert_true(x.look_alikes[i].span.start < x.look_alikes[i].span.end && x.look_alikes[i].span.end <= text.n);
		x.look_alikes[i].host = arena_copy(bench.arena, x.look_alikes[i].host);
	}
	free((char *)(uintptr_t)copy.p);
	return x;
}

struct row {
	const char *text;
	const char *named; /* the term that is found first; NULL for none */
	const char *because;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct assessment x = assess(str_of(rows[i].text));
		struct str term = x.n_mentions ? x.mentions[0].term : (struct str){ 0 };

		if (!str_eq(term, str_of(rows[i].named))) {
			print_error("%s (%s): %zu mentions, first \"%.*s\"\n", rows[i].text, rows[i].because, x.n_mentions,
				    STR_ARG(term));
			fail();
		}
	}
}

static void a_domain_is_named_by_itself_and_what_is_below_it(void **state)
{
	static const struct row rows[] = {
		{ "see example.com.", "example.com", "a full stop behind it" },
		{ "www.example.com/x", "example.com", "a host below it" },
		{ "a.b.c.EXAMPLE.com:8443", "example.com", "deeper, in capitals" },
		{ "mail@example.com", "example.com", "an address" },
		{ "x@mail.example.com", "mail.example.com", "the narrower domain owns it" },
		{ "example[.]com", "example.com", "defanged" },
		{ "hxxp://example[.]com/", "example.com", "defanged with its scheme" },
		{ "example(dot)com", "example.com", "written out" },
		{ "example [dot] com", "example.com", "written out, with blanks" },
		{ "example dot com", "example.com", "said" },
		{ "example\\.com", "example.com", "out of a regular expression" },
		{ "example%2Ecom", "example.com", "percent" },
		{ "example\xe3\x80\x82"
		  "com",
		  "example.com", "an ideographic full stop" },
		{ "\xef\xbd\x85xample.com", "example.com", "a letter of full width" },
		{ "exam\xe2\x80\x8bple.com", "example.com", "a joiner inside" },
		{ "xn--bcher-kva.example",
		  "b\xc3\xbc"
		  "cher.example",
		  "punycode" },
		{ "B\xc3\x9c"
		  "CHER.example",
		  "b\xc3\xbc"
		  "cher.example",
		  "Unicode in capitals" },
		{ "\xe8\xaf\xb7"
		  "example.com\xe8\xb0\xa2",
		  "example.com", "Chinese on both sides" },
		{ "example.com.txt", "example.com", "a file about it" },
		{ "example.com_users.sql", "example.com", "a dump of it" },
		{ "example.com-2024.zip", NULL, "zip is an ending under which names are registered" },
		{ "db1.corp.example.internal", "corp.example.internal", "an internal host" },
		{ "ssh root@buildbox01", "BUILDBOX01", "a machine's own name" },
		{ "buildbox012", NULL, "another machine" },
		{ "example2.com", NULL, "another name" },
		{ "example.comment", NULL, "another ending" },
		{ "myexample.com", NULL, "a longer name" },
		{ "my-example.com", NULL, "a longer name with a hyphen" },
		{ "example.com.evil.net", NULL, "somebody else's host" },
		{ "example.com-evil.net", NULL, "somebody else's domain" },
		{ "https://example.com@evil.net/", NULL, "what stands before the @ is a name" },
		{ "examples.com", NULL, "harmless" },
		{ "e.xample.com", NULL, "the dot stands elsewhere" },
		{ "fox.net", "fox.net", "a short one" },
		{ "afox.net", NULL, "a longer name" },
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void a_host_that_passes_for_ours_is_told_with_the_reason(void **state)
{
	static const struct {
		const char *text, *why; /* NULL: nothing is told */
	} rows[] = {
		{ "example2.com", "example2.com looks like example.com: one letter off: one more" },
		{ "exampl.com", "exampl.com looks like example.com: one letter off: one is missing" },
		{ "ezample.com", "ezample.com looks like example.com: one letter off: another letter" },
		{ "exmaple.com", "exmaple.com looks like example.com: two letters swapped" },
		{ "exarnple.com", "exarnple.com looks like example.com: signs that look alike" },
		{ "examp1e.com", "examp1e.com looks like example.com: signs that look alike" },
		{ "ex\xd0\xb0mple.com", "ex\xd0\xb0mple.com looks like example.com: letters of another script" },
		{ "xn--exmple-4nf.com", "xn--exmple-4nf.com looks like example.com: letters of another script" },
		{ "example.net", "example.net looks like example.com: the same name with another ending" },
		{ "https://example.info/", "example.info looks like example.com: the same name with another ending" },
		{ "example-login.com", "example-login.com looks like example.com: our name with a word more" },
		{ "http://my-example.info", "my-example.info looks like example.com: our name with a word more" },
		{ "examplesupport.com", "examplesupport.com looks like example.com: our name with a word more" },
		{ "example.com.evil.net",
		  "example.com.evil.net looks like example.com: our name in front of another's domain" },
		{ "example.com-evil.net",
		  "example.com-evil.net looks like example.com: our name in front of another's domain" },
		{ "https://example.com@evil.net/",
		  "example.com looks like example.com: our name before the @ of another host" },
		{ "user.example.info = 1", NULL }, /* a member in code */
		{ "run example.py", NULL },	   /* a file */
		{ "counterexample.com", NULL },
		{ "examples.com", NULL }, /* harmless */
		{ "box.net", NULL },	  /* too short to be like fox.net */
		{ "exampledocs.example", NULL },
		{ "example.community", NULL },
		{ "sample.com", NULL },
		{ "www.example.com", NULL }, /* ours */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));
		struct str why = x.n_look_alikes ? x.look_alikes[0].why : (struct str){ 0 };

		if (!str_eq(why, str_of(rows[i].why))) {
			print_error("%s: \"%.*s\"\n", rows[i].text, STR_ARG(why));
			fail();
		}
	}
}

static void a_look_alike_is_no_ownership(void **state)
{
	struct assessment x = assess(STR("exarnple.com exarnple.com"));
	struct severity severity;

	(void)state;
	assert_int_equal(x.n_mentions, 0);
	assert_int_equal(x.n_look_alikes, 1);
	severity_of(&x, VERDICT_NONE, bench.arena, &severity);
	assert_true(severity.value > 0 && severity.value < 20); /* noise */
	x = assess(STR("jane.doe@exarnple.com:Tr0ub4dor77x\njohn@exarnple.com:Zq81mmWq20a\n"));
	for (size_t i = 0; i < x.n_hits; i++)
		assert_int_equal(x.hits[i].asset.n, 0);
}

static void names_end_where_their_script_ends_words(void **state)
{
	static const char *const interlude = "The Interlude";
	static const char *const kana =
		"\xe3\x82\xbd\xe3\x83\x8b\xe3\x83\xbc\xe3\x83\xbb\xe3\x83\x94\xe3\x82\xaf\xe3\x83\x81\xe3\x83\xa3";
	static const struct row rows[] = {
		{ "the interlude", interlude, "small letters" },
		{ "#TheInterlude", interlude, "joined" },
		{ "THE\n  INTERLUDE", interlude, "over a line end" },
		{ "The-Interlude's", interlude, "a hyphen, possessive" },
		{ "the_interlude.mkv", interlude, "a file" },
		{ "Th\xd0\xb5 Int\xd0\xb5rlude", interlude, "Cyrillic letters" },
		{ "the 1nterlude", interlude, "a digit for a letter" },
		{ "The Interludes", NULL, "a longer word" },
		{ "theinterludes", NULL, "a longer word, joined" },
		{ "the inter lude", NULL, "split elsewhere" },
		{ "the, interlude", NULL, "a comma between" },
		{ "the at&t office", "AT&T", "with its sign" },
		{ "at t", NULL, "without it" },
		{ "OBrien", "O'Brien", "without the apostrophe" },
		{ "O\xe2\x80\x99"
		  "Brien's",
		  "O'Brien", "a curly one" },
		{ "a .NET Zeta", ".NET Zeta", "with its dot" },
		{ "a net zeta", NULL, "without" },
		{ "JOS\xc3\x89 \xc3\x81LVAREZ", "Jos\xc3\xa9 \xc3\x81lvarez", "accents in capitals" },
		{ "Jose\xcc\x81 A\xcc\x81lvarez", "Jos\xc3\xa9 \xc3\x81lvarez", "accents as marks" },
		{ "\xe6\x96\xb0\xe3\x82\xbd\xe3\x83\x8b\xe3\x83\xbc\xe3\x83\xbb\xe3\x83\x94\xe3\x82\xaf\xe3\x83\x81\xe3\x83\xa3"
		  "\xe3\x81\xae",
		  kana, "Kana inside a Japanese sentence" },
		{ "\xe3\x82\xbd\xe3\x83\x8b\xe3\x83\xbc\xe3\x83\x94\xe3\x82\xaf\xe3\x83\x81\xe3\x83\xa3", kana,
		  "without the middle dot" },
		{ "\xe6\x88\x91\xe4\xbb\xac\xe7\xb4\xa2\xe5\xb0\xbc\xe5\xbd\xb1\xe4\xb8\x9a\xe5\x85\xac\xe5\x8f\xb8",
		  "\xe7\xb4\xa2\xe5\xb0\xbc\xe5\xbd\xb1\xe4\xb8\x9a", "Han on both sides" },
		{ "\xe7\xb4\xa2\xe5\xb0\xbc\xe5\xbd\xb1", NULL, "one character less" },
		{ "\xe0\xb8\x94\xe0\xb8\xb9\xe0\xb9\x82\xe0\xb8\x8b\xe0\xb8\x99\xe0\xb8\xb5\xe0\xb9\x88\xe0\xb9\x83\xe0\xb8\xab"
		  "\xe0\xb8\xa1\xe0\xb9\x88",
		  "\xe0\xb9\x82\xe0\xb8\x8b\xe0\xb8\x99\xe0\xb8\xb5\xe0\xb9\x88", "Thai on both sides" },
		{ "\xec\x82\xbc\xec\x84\xb1\xec\xa0\x84\xec\x9e\x90\xeb\x8a\x94",
		  "\xec\x82\xbc\xec\x84\xb1\xec\xa0\x84\xec\x9e\x90", "a Korean particle behind it" },
		{ "\xd0\xbd\xd0\xb0 \xd0\xa1\xd0\x95\xd0\x92\xd0\x95\xd0\xa0", "\xd0\xa1\xd0\xb5\xd0\xb2\xd0\xb5\xd1\x80",
		  "Cyrillic capitals" },
		{ "\xd0\xa1\xd0\xb5\xd0\xb2\xd0\xb5\xd1\x80\xd0\xb0", NULL, "a longer Cyrillic word" },
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void packages_addresses_and_ranges_are_named_exactly(void **state)
{
	static const struct row rows[] = {
		{ "import com.example.vault.Key;", "com.example.vault", "something inside the package" },
		{ "import com.example.vaults.Key;", NULL, "another package" },
		{ "org.com.example.vault", NULL, "below another" },
		{ "com example vault", NULL, "no dots" },
		{ "require('@example/vault/index')", "@example/vault", "a scoped package" },
		{ "example/vault", NULL, "without its scope" },
		{ "from 192.0.2.17 port 22", "192.0.2.0/24", "an address of the range" },
		{ "192.0.2.200", "192.0.2.128/25", "the narrower range owns it" },
		{ "192[.]0[.]2[.]17", "192.0.2.0/24", "defanged" },
		{ "http://192.0.2.17:8080/", "192.0.2.0/24", "in an address of a page" },
		{ "198.51.100.7", "198.51.100.7", "a single address" },
		{ "198.51.100.8", NULL, "its neighbour" },
		{ "1.192.0.2.17", NULL, "five numbers are no address" },
		{ "192.0.2.1700", NULL, "no address" },
		{ "v192.0.2.17", NULL, "a version" },
		{ "[2001:db8:7::1]:443", "2001:db8:7::/48", "IPv6" },
		{ "addr 2001:0DB8:0007:0000:0000:0000:0000:0001.", "2001:db8:7::/48", "IPv6 in full" },
		{ "2001:db8:8::1", NULL, "IPv6 outside" },
		{ "std::add 12:30:45", NULL, "no IPv6" },
	};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(*rows));
}

static void a_card_concerns_whoever_gave_it_out(void **state)
{
	static const struct {
		const char *text;
		bool ours;
	} rows[] = {
		{ "card 4012 8888 8888 1881 exp 12/27 cvv 123", true },
		{ "card 4539 5787 6362 1486 exp 12/27 cvv 123", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));
		bool ours = false;

		assert_true(x.n_hits > 0);
		for (size_t k = 0; k < x.n_hits; k++)
			ours |= str_eq(x.hits[k].asset, STR("Example Pictures"));
		assert_int_equal(ours, rows[i].ours);
	}
}

/* The sentence for one asset that names `lines` in a file, or "" when nothing is wrong with them. */
static void check_lines(const char *terms, const char *domains, const char *expected, struct assets_size *size)
{
	const struct asset asset = { .name = T("x"),
				     .terms_file = { T("t"), "names.txt", str_of(terms) },
				     .domains_file = { T("d"), "domains.txt", str_of(domains) } };
	struct err err = { 0 };
	AUTO_FREE(fold_scratch) fold_with = fold_scratch_new(&err);
	AUTO_FREE(assets) a = assets_new(&asset, 1, fold_with, &err);

	assert_string_equal(a ? "" : err.text, expected);
	if (a && size)
		*size = assets_size(a);
}

static void files_of_names_are_read_line_by_line_and_wrong_lines_are_told(void **state)
{
	struct assets_size size;

	(void)state;
	check_lines("\xef\xbb\xbfOne Name\r\n\r\n# more\r\n  Two Names  \nONE NAME\none-name\n\n", "", "", &size);
	assert_int_equal(size.names, 3); /* "one-name" is shown as it was written; twice the same is one */
	check_lines("One Name\n\nab\n", "", "names.txt:3: \"ab\" is too short to be looked for, expected at least 3 letters",
		    NULL);
	check_lines("\xff\xfe\n", "", "names.txt:1: the line is not UTF-8", NULL);
	check_lines("", "example.com\r\nexample\n",
		    "domains.txt:2: \"example\" is not a domain, expected a name such as example.com", NULL);
	check_lines("", "co.uk\n", "domains.txt:1: \"co.uk\" is where the public registers names, expected a name below it",
		    NULL);
	check_lines("", "*.example.com\n", "", NULL);
	check_lines("", "xn--99999999.example\n",
		    "domains.txt:1: \"xn--99999999.example\" is not a domain: its xn-- label is no punycode", NULL);
}

static void wrong_ranges_and_bins_are_told(void **state)
{
	const struct {
		struct asset asset;
		const char *expected;
	} rows[] = {
		{ { .name = T("x"), .ranges = TEXTS(T("192.0.2/24")) },
		  "watchdesk.yaml:1: \"192.0.2/24\" is no address range, expected such as 192.0.2.0/24 or 2001:db8::/32" },
		{ { .name = T("x"), .ranges = TEXTS(T("192.0.2.0/33")) },
		  "watchdesk.yaml:1: \"192.0.2.0/33\" has no length behind the stroke, expected a number up to 32" },
		{ { .name = T("x"), .ranges = TEXTS(T("0.0.0.0/0")) },
		  "watchdesk.yaml:1: \"0.0.0.0/0\" is too wide to be one owner's, expected a length of at least 8" },
		{ { .name = T("x"), .bins = TEXTS(T("41111")) },
		  "watchdesk.yaml:1: \"41111\" is no BIN, expected the first 6 to 8 digits of a card" },
	};
	struct err err = { 0 };
	AUTO_FREE(fold_scratch) fold_with = fold_scratch_new(&err);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_null(assets_new(&rows[i].asset, 1, fold_with, &err));
		assert_string_equal(err.text, rows[i].expected);
	}
}

static void hostile_texts_stay_within_memory_and_ceilings(void **state)
{
	static const char *const pieces[] = { "a.", "\xd0\xb0.",      "example.com.", "exarnple.com ",
					      "::", "the interlude ", "xn--.",	      ".[",
					      "1.", "\xe7\xb4\xa2",   "example-",     "x@" };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		AUTO(buf) text = BUF_INIT(MIB(2));
		struct assessment x;

		while (text.n < KIB(256))
			buf_add(&text, str_of(pieces[i]));
		x = assess(buf_str(&text));
		assert_true(x.n_mentions <= LIMIT_PARTS && x.n_look_alikes <= LIMIT_PARTS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_domain_is_named_by_itself_and_what_is_below_it),
		cmocka_unit_test(a_host_that_passes_for_ours_is_told_with_the_reason),
		cmocka_unit_test(a_look_alike_is_no_ownership),
		cmocka_unit_test(names_end_where_their_script_ends_words),
		cmocka_unit_test(packages_addresses_and_ranges_are_named_exactly),
		cmocka_unit_test(a_card_concerns_whoever_gave_it_out),
		cmocka_unit_test(files_of_names_are_read_line_by_line_and_wrong_lines_are_told),
		cmocka_unit_test(wrong_ranges_and_bins_are_told),
		cmocka_unit_test(hostile_texts_stay_within_memory_and_ceilings),
	};

	return cmocka_run_group_tests(tests, make_bench, free_bench);
}
