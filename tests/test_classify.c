/* test_classify.c - whole texts: what they are said to be */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "classify/classify.h"
#include "classify/decode.h"
#include "classify/severity.h"

struct bench {
	struct classifier *classifier;
	struct classify_scratch *scratch;
	struct arena *arena;
};

static struct bench bench;

static int make_bench(void **state)
{
	static struct yaml_text domain = { { "example.com", 11 }, "test", 1 };
	static struct yaml_text term = { { "The Interlude", 13 }, "test", 2 };
	static const struct asset assets[] = {
		{ .name = { { "Example Pictures", 16 }, "test", 1 }, .domains = { &domain, 1 } },
		{ .name = { { "The Interlude", 13 }, "test", 2 }, .terms = { &term, 1 } },
	};
	const struct classifier_options options = { .assets = assets, .n_assets = 2 };
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

/* Assess a copy of exact size, and check what must hold of every assessment. The assessment lives until the next call. */
static struct assessment assess(struct str text)
{
	struct str copy = exact_copy(text);
	struct assessment x;

	arena_clear(bench.arena);
	classify(bench.classifier, bench.scratch, bench.arena, copy, &x);
	for (size_t i = 0; i < x.n_hits; i++) {
		const struct hit *h = &x.hits[i];

		assert_true(h->span.start <= h->span.end && h->span.end <= x.layers[h->span.layer].text.n);
		assert_true(h->secret.layer == 0 && h->secret.end <= text.n && h->outer.layer == 0 && h->outer.end <= text.n);
		assert_true(utf8_is_clean(h->masked));
	}
	for (size_t i = 0; i < x.n_parts; i++) {
		struct span s = x.parts[i].span;

		assert_true(s.start < s.end && s.end <= x.layers[s.layer].text.n);
		assert_true(utf8_is_clean(str_slice(x.layers[s.layer].text, s.start, s.end)));
	}
	for (size_t i = 0; i < x.n_reasons; i++)
		assert_true(utf8_is_clean(x.reasons[i]));
	free((char *)copy.p);
	return x;
}

static const char seed[] =
	"Remember the 11th of September 2001. We recommend you keep yourself distant from the places at that time";

static void the_message_it_was_built_for_is_a_threat(void **state)
{
	struct assessment x = assess(str_of(seed));
	struct severity severity;

	(void)state;
	assert_true(x.category[CATEGORY_VIOLENCE] >= 0.5);
	severity_of(&x, VERDICT_NONE, bench.arena, &severity);
	assert_true(severity.value >= 70);
}

static void one_line_with_our_domain_is_high(void **state)
{
	struct assessment x = assess(STR("someone@mail.example.com:Tr0ubad0ur\n"));
	struct severity severity;

	(void)state;
	assert_int_equal(x.n_hits, 1);
	assert_str(x.hits[0].asset, "Example Pictures");
	severity_of(&x, VERDICT_NONE, bench.arena, &severity);
	assert_true(severity.value >= 70);
}

/* Each line of a corpus, alone and inside unrelated text; counts those that violence takes. */
static size_t count_violent(const char *path, bool expected, size_t *lines)
{
	AUTO(buf) file = BUF_INIT(MIB(1));
	struct str rest, line;
	size_t taken = 0;

	read_fixture(path, &file);
	rest = buf_str(&file);
	*lines = 0;
	while (str_split(&rest, '\n', &line)) {
		struct assessment x;

		if (line.n == 0 || line.p[0] == '#')
			continue;
		x = assess(line);
		(*lines)++;
		taken += x.category[CATEGORY_VIOLENCE] >= 0.5;
		if ((x.category[CATEGORY_VIOLENCE] >= 0.5) != expected)
			print_error("%.2f: %.*s\n", x.category[CATEGORY_VIOLENCE], STR_ARG(line));
	}
	return taken;
}

static void veiled_threats_are_recognised(void **state)
{
	size_t lines, taken = count_violent("tests/classify/veiled_threats.txt", true, &lines);

	(void)state;
	assert_true(lines >= 40);
	assert_int_equal(taken, lines);
}

static void news_memorials_and_notices_are_not_threats(void **state)
{
	size_t lines, taken = count_violent("tests/classify/counter_texts.txt", false, &lines);

	(void)state;
	assert_true(lines >= 40);
	assert_int_equal(taken, 0);
}

/* A few hundred unrelated words. */
static void add_filler(struct buf *b)
{
	for (int i = 0; i < 12; i++)
		buf_add(b, STR("The weather has been mild and the garden is doing well. I have finished the second shelf and "
			       "painted it. "
			       "Does anyone know a good place for old records? The shop on the corner moved.\n"));
}

static void a_threat_stands_out_of_a_long_message(void **state)
{
	static const bool where[3][2] = { { true, false }, { false, true }, { true, true } };

	(void)state;
	for (int i = 0; i < 3; i++) {
		AUTO(buf) text = BUF_INIT(MIB(1));
		struct assessment x;

		if (where[i][0])
			add_filler(&text);
		buf_add(&text, str_of(seed));
		buf_add(&text, STR(".\n"));
		if (where[i][1])
			add_filler(&text);
		x = assess(buf_str(&text));
		assert_true(x.category[CATEGORY_VIOLENCE] >= 0.5);
	}
}

static void the_reason_quotes_the_words(void **state)
{
	struct assessment x = assess(str_of(seed));
	bool named = false;

	(void)state;
	for (size_t i = 0; i < x.n_reasons; i++)
		named |= str_find(x.reasons[i], STR("\"keep yourself distant\" (a warning to stay away)")) >= 0 &&
			 str_find(x.reasons[i], STR("(a past atrocity)")) >= 0;
	assert_true(named);
}

struct decided {
	const char *why, *text;
	double violence, extortion, leak; /* 1: must be decided, 0: must not */
};

static void each_kind_is_told_from_the_others(void **state)
{
	static const struct decided rows[] = {
		{ "plain threat", "I'll kill you tomorrow at school", 1, 0, 0 },
		{ "bomb threat", "we will blow up the cinema on friday", 1, 0, 0 },
		{ "placed bombs", "We have placed bombs in your building. They will explode at noon.", 1, 0, 0 },
		{ "no apostrophe, leet", "ill k1ll y0u at sch00l tomorrow", 1, 0, 0 },
		{ "letters apart", "i will k i l l  you tomorrow", 1, 0, 0 },
		{ "lookalikes", "I will \xd0\xba\xd1\x96ll you tomorrow", 1, 0, 0 },
		{ "computing", "I want to kill the process with pid 4312, how do I kill it?", 0, 0, 0 },
		{ "idiom", "My boss is going to kill me if I am late again lol", 0, 0, 0 },
		{ "cooking", "I could kill for a pizza right now", 0, 0, 0 },
		{ "game", "in the next level we will kill the boss with the shotgun, save ammo", 0, 0, 0 },
		{ "fiction", "In chapter nine the villain says: I will kill you all. Best novel this year.", 0, 0, 0 },
		{ "news", "A man was arrested on Tuesday after he threatened to blow up a school, police said.", 0, 0, 0 },
		{ "ransom note",
		  "Your network has been encrypted. All your files are locked. To restore them contact us at our onion site. "
		  "You have 72 hours to "
		  "pay 5 BTC, otherwise the data will be published.",
		  0, 1, 0 },
		{ "pay or publish", "Pay us 50,000 dollars in bitcoin or we will publish all your customer data on friday", 0,
		  1, 0 },
		{ "sextortion",
		  "I recorded you through your webcam while you were watching porn. Send $900 in bitcoin within 48 hours or I "
		  "will send the video "
		  "to all your contacts.",
		  0, 1, 0 },
		{ "DDoS", "We will start a DDoS attack on your website on Monday unless you pay 2 BTC. This is not a joke.", 0,
		  1, 0 },
		{ "site blackmail", "Take down your site or we will keep it offline with our botnet. Pay 1 bitcoin by friday.",
		  0, 1, 0 },
		{ "the first demand",
		  "We've got great damage by your company. The compensation for it, monetary compensation we want. Pay the "
		  "damage, or your company "
		  "will be bombarded as a whole.",
		  0, 1, 0 },
		{ "rent", "I need to pay my rent by friday or else my landlord will sell the house", 0, 0, 0 },
		{ "invoice", "Please pay the invoice within 30 days, otherwise we will charge a late fee.", 0, 0, 0 },
		{ "news of ransomware",
		  "Researchers say the ransomware gang demanded 5 million dollars in bitcoin and threatened to publish stolen "
		  "data.",
		  0, 0, 0 },
		{ "dump",
		  "a1@example.net:Tr0ub4dor\nb2@example.org:hunter2x9\nc3@example.net:Qwe77asd\nd@example.net:9kLm2nPq\n", 0, 0,
		  1 },
		{ "stealer line", "https://shop.example.net/login:a.user@example.org:Tr0ub4dor77", 0, 0, 1 },
		{ "stealer record", "URL: https://shop.example.net/\nLogin: auser\nPassword: Tr0ub4dor77\n", 0, 0, 1 },
		{ "a recipe", "Mix 200 g of flour with 2 eggs: stir, wait, bake at 180. Serve at 7:30 with salad.", 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));

		if ((x.category[CATEGORY_VIOLENCE] >= 0.5) != (rows[i].violence > 0) ||
		    (x.category[CATEGORY_EXTORTION] >= 0.5) != (rows[i].extortion > 0) ||
		    (x.category[CATEGORY_LEAK] >= 0.5) != (rows[i].leak > 0)) {
			print_error("%s: violence %.2f extortion %.2f leak %.2f\n", rows[i].why, x.category[CATEGORY_VIOLENCE],
				    x.category[CATEGORY_EXTORTION], x.category[CATEGORY_LEAK]);
			for (size_t k = 0; k < x.n_reasons; k++)
				print_error("    %.*s\n", STR_ARG(x.reasons[k]));
			fail();
		}
	}
}

static void credential_lines_are_read_in_every_shape(void **state)
{
	static const struct {
		const char *text, *rule, *secret; /* NULL: no hit */
	} rows[] = {
		{ "a.user@example.net:Tr0ub4dor", "credential-line", "Tr0ub4dor" },
		{ "a.user@example.net;Tr0ub4dor", "credential-line", "Tr0ub4dor" },
		{ "a.user@example.net|Tr0ub4dor", "credential-line", "Tr0ub4dor" },
		{ "a.user@example.net,Tr0ub4dor", "credential-line", "Tr0ub4dor" },
		{ "a.user@example.net\tTr0ub4dor", "credential-line", "Tr0ub4dor" },
		{ "a.user@example.net Tr0ub4dor", "credential-line", "Tr0ub4dor" },
		{ "  \"a.user@example.net\" : \"Tr0ub4dor\"", "credential-line", "Tr0ub4dor" },
		{ "a.user@example.net:5f4dcc3b5aa765d61d8327deb882cf99", "user-hash", "5f4dcc3b5aa765d61d8327deb882cf99" },
		{ "auser:5f4dcc3b5aa765d61d8327deb882cf99", "user-hash", "5f4dcc3b5aa765d61d8327deb882cf99" },
		{ "https://shop.example.net/login:auser:Tr0ub4dor", "url-login-password", "Tr0ub4dor" },
		{ "https://shop.example.net:8080/login:auser:Tr0ub4dor", "url-login-password", "Tr0ub4dor" },
		{ "https://shop.example.net/|a.user@example.org|Tr0ub4dor", "url-login-password", "Tr0ub4dor" },
		{ "a.user@example.net, b.user@example.net", NULL, NULL },
		{ "From: a.user@example.net", NULL, NULL },
		{ "write to a.user@example.net: we answer", NULL, NULL },
		{ "https://example.net/a:b", NULL, NULL },
		{ "see https://example.net/ for more: details follow", NULL, NULL },
		{ "12:30:45 started", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));
		bool right = rows[i].rule ? x.n_hits == 1 && str_eq(x.hits[0].rule, str_of(rows[i].rule)) &&
						    str_eq(str_slice(str_of(rows[i].text), x.hits[0].secret.start,
								     x.hits[0].secret.end),
							   str_of(rows[i].secret))
					  : x.n_hits == 0;

		if (!right) {
			print_error("%s: %zu hits\n", rows[i].text, x.n_hits);
			fail();
		}
	}
}

static void assets_are_named_at_word_boundaries(void **state)
{
	static const struct {
		const char *text;
		size_t mentions;
	} rows[] = {
		{ "see example.com today", 1 },
		{ "mail@example.com", 1 },
		{ "www.example.com/x", 1 },
		{ "example[.]com", 1 },
		{ "example (dot) com", 1 },
		{ "hxxps://mail.example[.]com/", 1 },
		{ "EXAMPLE.COM.", 1 },
		{ "example2.com", 0 },
		{ "example.community", 0 },
		{ "myexample.com", 0 },
		{ "example.com.example.org", 0 },
		{ "the interlude", 1 },
		{ "#TheInterlude", 1 },
		{ "THE\nINTERLUDE", 1 },
		{ "The Interludes", 0 },
		{ "Th\xd0\xb5 Int\xd0\xb5rlude", 1 },
		{ "the 1nterlude", 1 },
		{ "the\xe2\x80\x8b interlude", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));

		if (x.n_mentions != rows[i].mentions) {
			print_error("%s: %zu mentions\n", rows[i].text, x.n_mentions);
			fail();
		}
	}
}

static void nothing_of_a_secret_survives_masking(void **state)
{
	AUTO(buf) dump = BUF_INIT(MIB(1));
	struct assessment x;
	struct str copy;

	(void)state;
	for (int i = 0; i < 2000; i++) /* more than LIMIT_HITS */
		buf_printf(&dump, "user%d@example.net:Pa55w%drd\n", i, i);
	buf_add(&dump, STR("ghp_Zx81kQmW20aLr7TnVb53YcHs94JdUe16PfGo \xc3\xa9 password: \"\xc3\xa9t\xc3\xa9Tr0ub4dor77\"\n"));
	x = assess(buf_str(&dump));
	assert_int_equal(x.n_hits, LIMIT_HITS);
	copy = exact_copy(buf_str(&dump));
	classify_mask((char *)copy.p, copy.n, &x);
	assert_true(utf8_is_clean(copy));
	assert_int_equal(str_find(copy, STR("Pa55")), -1);
	assert_int_equal(str_find(copy, STR("Zx81")), -1);
	assert_int_equal(str_find(copy, STR("Tr0ub4")), -1);
	assert_true(str_find(copy, STR("********@example.net:***********\n")) > 0);
	free((char *)copy.p);
}

/* A threat that quotes a password must not put it into the sentences that say why. */
static void no_sentence_quotes_a_secret(void **state)
{
#define THREAT(secret)                                                                                                     \
	"We leaked it. bob@example.com:" secret " of Example Pictures works today, pay us 10 bitcoin before Monday or we " \
	"publish all passwords of your employees."
	static const struct {
		const char *why, *text;
		bool is_hit;
	} rows[] = {
		{ "of three kinds of characters", THREAT("Hunter2Secret!"), true },
		{ "of two, inside a sentence", THREAT("hunter2secret"), true },
		{ "in upper case", THREAT("HUNTER2SECRET#1"), true },
		{ "a line of a dump below the threat",
		  "Pay us 10 bitcoin or we publish all mails of Example Pictures.\nbob@example.com:Hunter2Secret!\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct assessment x = assess(str_of(rows[i].text));

		if (rows[i].is_hit && x.n_hits == 0)
			fail_msg("%s: no hit", rows[i].why);
		if (x.n_reasons == 0)
			fail_msg("%s: no reason", rows[i].why);
		for (size_t k = 0; k < x.n_reasons; k++)
			if (str_find_nocase(x.reasons[k], STR("hunter2")) >= 0)
				fail_msg("%s: %.*s", rows[i].why, STR_ARG(x.reasons[k]));
	}
	{ /* and what was only decoded is hidden too */
		struct assessment x = assess(STR("V2UgbGVha2VkIGl0LiBib2JAZXhhbXBsZS5jb206SHVudGVyMlNlY3JldCEgb2YgRXhhbXBsZSBQa"
						 "WN0dXJlcyB3b3JrcyB0b2RheSwg"
						 "cGF5IHVzIDEwIGJpdGNvaW4gYmVmb3JlIE1vbmRheSBvciB3ZSBwdWJsaXNoIGFsbCBwYXNzd29yZ"
						 "HMgb2YgeW91ciBlbXBsb3llZXMu"));

		assert_true(x.n_reasons > 0);
		for (size_t k = 0; k < x.n_reasons; k++)
			assert_true(str_find_nocase(x.reasons[k], STR("hunter2")) < 0);
	}
#undef THREAT
}

static void severity_follows_ownership(void **state)
{
	static const struct {
		const char *why, *text;
		int least, most;
	} rows[] = {
		{ "strangers' credentials",
		  "a1@example.net:Tr0ub4dor\nb2@example.org:hunter2x9\nc3@example.net:Qwe77asd\nd@example.net:9kLm2nPq\ne@"
		  "example.net:Zxc91vbn\n",
		  20, 39 },
		{ "one line of ours", "a1@mail.example.com:Tr0ub4dor\n", 70, 89 },
		{ "a threat that names no asset", "I'll kill you tomorrow at school", 60, 69 },
		{ "a threat that names our film", "we will blow up the cinema that shows The Interlude on friday", 70, 99 },
		{ "the veiled warning", seed, 70, 89 },
		{ "an ordinary post", "the garden is doing well, thanks", 0, 19 },
		{ "an ordinary post that names us", "The Interlude is a fine film", 0, 19 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));
		struct severity s, lower;
		int sum = 0;

		severity_of(&x, VERDICT_NONE, bench.arena, &s);
		if (s.value < rows[i].least || s.value > rows[i].most) {
			print_error("%s: %d\n", rows[i].why, s.value);
			fail();
		}
		for (size_t k = 0; k < s.n_terms; k++)
			sum += (int)strtol(strrchr(s.terms[k].p, ':') + 1, NULL, 10);
		assert_int_equal(sum, s.value);
		severity_of(&x, VERDICT_FALSE_POSITIVE, bench.arena, &lower);
		assert_int_equal(lower.value, 0);
		severity_of(&x, VERDICT_KNOWN, bench.arena, &lower);
		assert_true(lower.value <= 20);
	}
	assert_string_equal(severity_name(0), "noise");
	assert_string_equal(severity_name(20), "low");
	assert_string_equal(severity_name(69), "medium");
	assert_string_equal(severity_name(70), "high");
	assert_string_equal(severity_name(90), "critical");
}

static void digests_tell_assets_apart_and_stay_the_same(void **state)
{
	const struct classifier_options none = { 0 };
	unsigned char rules[2][DIGEST_BYTES], assets[2][DIGEST_BYTES];
	struct err err = { 0 };
	AUTO_FREE(classifier) other = classifier_new(&none, &err);

	(void)state;
	assert_non_null(other);
	classifier_digests(bench.classifier, rules[0], assets[0]);
	classifier_digests(other, rules[1], assets[1]);
	assert_memory_equal(rules[0], rules[1], DIGEST_BYTES);
	assert_memory_not_equal(assets[0], assets[1], DIGEST_BYTES);
}

/* base64 of "db_password = Xk29fLm88qZw\nmail: user@example.com:Secret1!x\n" */
static const char inside[] = "look: ZGJfcGFzc3dvcmQgPSBYazI5ZkxtODhxWncKbWFpbDogdXNlckBleGFtcGxlLmNvbTpTZWNyZXQxIXgK end";

static void what_is_encoded_is_found_concerns_us_and_is_masked_outside(void **state)
{
	struct assessment x = assess(str_of(inside));
	struct severity severity;
	char copy[sizeof(inside)];
	bool found = false;

	(void)state;
	severity_of(&x, VERDICT_NONE, bench.arena, &severity);
	assert_true(severity.value >= 70);
	for (size_t i = 0; i < x.n_hits; i++)
		found |= x.hits[i].span.layer == 1 && x.hits[i].asset.n > 0;
	assert_true(found);
	memcpy(copy, inside, sizeof(inside));
	classify_mask(copy, sizeof(inside) - 1, &x);
	assert_true(str_find(str_of(copy), STR("look: ")) == 0 && str_find(str_of(copy), STR(" end")) > 0);
	assert_true(str_find(str_of(copy), STR("WGsyOWZMbTg4cVp3")) < 0); /* nothing of the password, at any alignment */
	assert_true(str_find(str_of(copy), STR("YazI5ZkxtODhxWnc")) < 0);
	assert_true(str_find(str_of(copy), STR("TZWNyZXQxIX")) < 0);
}

static void names_and_addresses_announce_no_leak(void **state)
{
	static const struct {
		const char *text;
		bool leak;
	} rows[] = {
		{ "telegram_api_token = \"telegram_api_token\"\n", false },
		{ "mirror: http://rnishivv6vuseucgbxaa6jtaicxcorzxcohfsbmztlq3bmrys5dnueid.onion/\n", false },
		{ "Released 12-91-93, build 11236032\n", false },
		{ "selling 40k passports scans, contact on telegram\n", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct assessment x = assess(str_of(rows[i].text));

		if ((x.category[CATEGORY_LEAK] >= 0.5) != rows[i].leak) {
			print_error("%s: %.2f\n", rows[i].text, x.category[CATEGORY_LEAK]);
			fail();
		}
	}
}

static void what_is_only_written_twice_counts_once(void **state)
{
	static const char plain[] = "token ghp_Zx81kQmW20aLr7TnVb53YcHs94JdUe16PfGo";
	static const char escaped[] = "token ghp_Zx81kQmW20aLr7TnVb53YcHs94JdUe16PfGo \\x41";
	struct assessment once = assess(str_of(plain)), twice = assess(str_of(escaped));

	(void)state;
	assert_int_equal(once.n_hits, 1);
	twice = assess(str_of(escaped));
	assert_int_equal(twice.n_layers, 2);
	assert_int_equal(twice.n_hits, 1);
	assert_true(twice.category[CATEGORY_LEAK] == once.category[CATEGORY_LEAK]);
}

static void hostile_texts_end(void **state)
{
	static const char *const pieces[] = { "@",
					      "1",
					      "(",
					      "k\xcc\x81",
					      "kill you ",
					      "remember columbine stay away ",
					      "\"",
					      "a@b.cc:x\n",
					      "i will ",
					      ". ",
					      "pay us or we publish ",
					      "example.com " };

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		size_t n = strlen(pieces[i]), times = KIB(512) / n;
		char *text = malloc(n * times);

		for (size_t k = 0; k < times; k++)
			memcpy(text + k * n, pieces[i], n);
		assess((struct str){ text, n * times });
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_message_it_was_built_for_is_a_threat),
		cmocka_unit_test(one_line_with_our_domain_is_high),
		cmocka_unit_test(veiled_threats_are_recognised),
		cmocka_unit_test(news_memorials_and_notices_are_not_threats),
		cmocka_unit_test(a_threat_stands_out_of_a_long_message),
		cmocka_unit_test(the_reason_quotes_the_words),
		cmocka_unit_test(each_kind_is_told_from_the_others),
		cmocka_unit_test(credential_lines_are_read_in_every_shape),
		cmocka_unit_test(assets_are_named_at_word_boundaries),
		cmocka_unit_test(nothing_of_a_secret_survives_masking),
		cmocka_unit_test(no_sentence_quotes_a_secret),
		cmocka_unit_test(severity_follows_ownership),
		cmocka_unit_test(digests_tell_assets_apart_and_stay_the_same),
		cmocka_unit_test(what_is_encoded_is_found_concerns_us_and_is_masked_outside),
		cmocka_unit_test(names_and_addresses_announce_no_leak),
		cmocka_unit_test(what_is_only_written_twice_counts_once),
		cmocka_unit_test(hostile_texts_end),
	};

	return cmocka_run_group_tests(tests, make_bench, free_bench);
}
