/* test_channels.c - what each type of channel gets: whatever a title holds, it is no mention, no markup, no link and no second
 * line, and no text is longer than its service takes */
#include "tests/support.h"

#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/digest.h"
#include "base/json_tree.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/alert/channel.h"
#include "desk/alert/channel_body.h"
#include "desk/alert/channel_text.h"
#include "desk/alert/compose.h"
#include "desk/alert/facts.h"

#define ID "0123456789abcdef0123456789abcdef"

struct bench {
	struct arena *a;
	struct finding_detail detail;
	struct str terms[2];
	struct letter letter;
	struct facts facts;
	struct channel_content content;
	struct buf out;
};

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->a = arena_new(MIB(256));
	b->out = (struct buf)BUF_INIT(LIMIT_POST);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	arena_free(b->a);
	buf_release(&b->out);
	free(b);
	return 0;
}

/* A letter about a finding with this in all of its fields, as the outbox has it. */
static void letter_about(struct bench *b, struct str hostile)
{
	AUTO(buf) content = BUF_INIT(LIMIT_LETTER);
	struct str exact;
	struct err err = { 0 };

	b->terms[0] = b->terms[1] = hostile;
	b->detail = (struct finding_detail){ .finding = { .public_id = STR(ID),
							  .campaign = STR("77aa"),
							  .category = STR("violence"),
							  .asset = hostile,
							  .source = hostile,
							  .title = hostile,
							  .author = hostile,
							  .url = hostile,
							  .severity = 99,
							  .found_at = INT64_C(1416735516000000) },
					     .text = hostile,
					     .terms = b->terms,
					     .n_terms = 2 };
	compose_finding(b->a, &(struct compose_facts){ .detail = &b->detail, .manner = { .organisation = STR("Example") } },
			&b->letter);
	letter_put(&content, &b->letter);
	assert_false(content.full);
	exact = arena_copy(b->a, buf_str(&content));
	assert_int_equal(letter_take(b->a, exact, &b->letter, &err), 0);
	b->facts = facts_take(b->a, b->letter.facts);
	b->content = (struct channel_content){ .id = STR(ID),
					       .made_at = INT64_C(1416735516123456),
					       .host = STR("desk.example.com"),
					       .subject = b->letter.subject,
					       .text = b->letter.text,
					       .facts = &b->facts,
					       .url = STR("https://ntfy.example.com/topic"),
					       .secret = STR("k\"ey"),
					       .a = b->a };
}

/* What the type gets, as JSON where it is that. */
static struct json_node *rendered(struct bench *b, const struct channel_type *t)
{
	struct json_node *node = NULL;
	struct err err = { 0 };

	buf_clear(&b->out);
	b->out.full = false;
	t->body(&b->content, &b->out);
	assert_false(b->out.full);
	assert_true(utf8_is_clean(buf_str(&b->out)));
	if (t->way != CHANNEL_SYSLOG && json_tree_read(b->a, arena_copy(b->a, buf_str(&b->out)), &node, &err) < 0)
		fail_msg("%s: %s", t->name, err.text);
	return node;
}

static const struct channel_type *type_of(const char *name)
{
	const struct channel_type *t = channel_types;

	while (strcmp(t->name, name) != 0)
		t++;
	return t;
}

/* The text at "a.b.0.c". */
static struct str at(const struct json_node *node, const char *path)
{
	struct str rest = str_of(path), step;

	while (node && str_split(&rest, '.', &step))
		node = node->kind == JSON_IS_ARRAY ? json_tree_item(node, step.p[0] - '0') : json_tree_member(node, step);
	return node ? json_tree_text(node) : (struct str){ 0 };
}

static size_t utf16(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (((unsigned char)s.p[i] & 0xc0) != 0x80) + ((unsigned char)s.p[i] >= 0xf0);
	return n;
}

#define BYTES(s)                 \
	{                        \
		s, sizeof(s) - 1 \
	}
static const struct str titles[] = {
	BYTES("<!here> <!channel> <@U024BE7LH> <https://evil.example.org|bank>"),
	BYTES("@channel @all @here @room <at>everybody</at>"),
	BYTES("[bank](https://evil.example.org) **b** _i_ `c` ```\nfence\n``` ~~~ # h | t |"),
	BYTES("quotes \" ' \\ \\\" \\u0000 } ] , : {\"a\":1}"),
	BYTES("line\r\none\nInjected: yes\r\n.\r\n"),
	BYTES("nul \0 and \x01\x1b[31m"),
	BYTES("bidi \xe2\x80\xae gpj.exe \xe2\x81\xa6 x \xe2\x80\xa8 y \xd8\x9c"),
	BYTES("wrong \xff\xc3( \xed\xa0\x80 utf-8"),
	BYTES("a|b=c\\d ]x[ cs1=forged CEF:0|other"),
	BYTES("<script>alert(1)</script> &amp; &lt;!here&gt;"),
};

static void a_hostile_title_is_nothing_but_text(void **state)
{
	/* What must not stand in a body, as it is written: JSON has \" and \\ of its own. */
	static const struct {
		const char *type, *never[6];
	} rows[] = {
		{ "slack", { "<!", "<@", "<h", "https://evil", "evil.example" } },
		{ "mattermost", { "<!", "@channel", "@all", "@here", "https://evil", "evil.example" } },
		{ "teams", { "\"TextBlock\"", "https://evil", "\"entities\"", "evil.example" } },
		{ "matrix", { "@room", "formatted_body", "https://evil", "evil.example" } },
		{ "ntfy", { "\"markdown\":true", "https://evil", "evil.example" } },
		{ "pagerduty", { "https://evil", "\"links\"" } },
		{ "opsgenie", { "https://evil" } },
		{ "webhook", { "https://evil" } },
		{ "syslog", { "\n", "\r", "https://evil", "\x1b" } },
	};
	static const char *const nowhere[] = { "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\xa8", "\xd8\x9c",
					       "\\u0000\x01",  "\x01",	       "\\u001b" };
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
			struct str exact = exact_copy(titles[i]);

			letter_about(b, exact);
			rendered(b, type_of(rows[k].type));
			for (size_t j = 0; j < 6 && rows[k].never[j]; j++)
				if (str_find(buf_str(&b->out), str_of(rows[k].never[j])) >= 0)
					fail_msg("%s holds %s: %.*s", rows[k].type, rows[k].never[j], (int)b->out.n, b->out.p);
			for (size_t j = 0; j < sizeof(nowhere) / sizeof(nowhere[0]); j++)
				if (str_find(buf_str(&b->out), str_of(nowhere[j])) >= 0)
					fail_msg("%s holds control %zu: %.*s", rows[k].type, j, (int)b->out.n, b->out.p);
			free((void *)(uintptr_t)exact.p);
		}
}

static void a_fence_ends_where_ours_does(void **state)
{
	struct bench *b = *state;
	struct str text;

	letter_about(b, titles[2]);
	b->content.text = STR("one\n```\n@all\n```\n~~~\n<!here>");
	text = at(rendered(b, type_of("mattermost")), "text");
	assert_int_equal(str_find(str_slice(text, (size_t)str_find(text, STR("```text\n")) + 8, text.n), STR("```")) + 3,
			 text.n - ((size_t)str_find(text, STR("```text\n")) + 8)); /* the next fence is the last word */
}

/* All that is shown of 10,000 characters fits, and ends with a whole one. */
static void texts_keep_to_each_services_length(void **state)
{
	static const struct {
		const char *type, *path;
		bool bytes;
		size_t most;
	} rows[] = {
		{ "slack", "blocks.0.text.text", false, 150 },
		{ "slack", "blocks.1.text.text", false, 3000 },
		{ "mattermost", "text", false, 16383 },
		{ "ntfy", "message", true, 4096 },
		{ "ntfy", "title", true, 250 },
		{ "pagerduty", "payload.summary", false, 1024 },
		{ "pagerduty", "payload.source", false, 255 },
		{ "opsgenie", "message", false, 130 },
		{ "opsgenie", "description", false, 15000 },
		{ "opsgenie", "entity", false, 512 },
		{ "matrix", "body", true, 50000 },
		{ "webhook", "data.text", true, LIMIT_CHANNEL_TEXT },
	};
	static const char *const characters[] = { "a", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "<", "&", "@",
						  "`", "\"",	   "=\\" };
	struct bench *b = *state;

	for (size_t k = 0; k < sizeof(characters) / sizeof(characters[0]); k++) {
		size_t n = strlen(characters[k]);
		char *many = malloc(10000 * n);
		struct str s = { many, 10000 * n };

		for (size_t i = 0; i < 10000; i++)
			memcpy(many + i * n, characters[k], n);
		letter_about(b, s);
		b->content.subject = b->content.text = arena_copy(b->a, s);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct str got = at(rendered(b, type_of(rows[i].type)), rows[i].path);

			if (got.n == 0 || (rows[i].bytes ? got.n : utf16(got)) > rows[i].most)
				fail_msg("%s %s of %s: %zu", rows[i].type, rows[i].path, characters[k], got.n);
		}
		rendered(b, type_of("teams"));
		assert_in_range(b->out.n, 1000, 28 * 1024);
		rendered(b, type_of("matrix"));
		assert_in_range(b->out.n, 1000, 60000); /* of an event's 65,536 */
		rendered(b, type_of("syslog"));
		assert_in_range(b->out.n, 100, LIMIT_SYSLOG + 5);
		free(many);
	}
}

static void text_is_cut_before_the_character_that_has_no_room(void **state)
{
	static const struct channel_escape signs[] = { { '<', "&lt;" }, { 0 } };
	static const struct {
		const char *why, *text;
		size_t most;
		const char *wanted;
	} rows[] = {
		{ "it fits exactly", "abcd", 4, "abcd" },
		{ "one too many", "abcde", 4, "abc\xe2\x80\xa6" },
		{ "an escape is not cut", "abc<<", 8, "abc&lt;\xe2\x80\xa6" },
		{ "nor when there is no room for it", "abc<<", 7, "abc\xe2\x80\xa6" },
		{ "a character of two units", "ab\xf0\x9f\x98\x80z", 4, "ab\xe2\x80\xa6" },
		{ "nothing", "", 4, "" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_str(
			channel_text(b->a, str_of(rows[i].text),
				     &(struct channel_form){ .escapes = signs, .unit = CHANNEL_UTF16, .most = rows[i].most }),
			rows[i].wanted);
}

static void syslog_and_cef_are_written_as_their_specifications_say(void **state)
{
	struct bench *b = *state;
	struct str sent, size = { 0 };
	uint64_t n = 0;

	letter_about(b, STR("a|b=c\\d\ne"));
	b->content.subject = STR("[watchdesk] a|b=c\\d\ne");
	b->content.host = STR("desk of\nours");
	rendered(b, type_of("syslog"));
	sent = buf_str(&b->out);
	assert_true(str_split(&sent, ' ', &size) && str_number(size, LIMIT_SYSLOG, &n));
	assert_int_equal(n, sent.n);
	assert_str(sent, "<130>1 2014-11-23T09:38:36Z desk-of-ours watchdesk - alert - "
			 "CEF:0|watchdesk|watchdesk|" WATCHDESK_VERSION "|violence|a\\|b=c\\\\d e|10|rt=1416735516123"
			 " externalId=" ID " cat=violence cs1Label=asset cs1=a|b\\=c\\\\d e cs2Label=site cs2=a|b\\=c\\\\d e"
			 " cs3Label=campaign cs3=77aa cs4Label=finding cs4=" ID " cn1Label=severity cn1=99"
			 " request=a|b\\=c\\\\d e reason=a|b\\=c\\\\d e");
}

static void events_are_known_again_by_the_rows_id(void **state)
{
	static const char *const rows[][3] = {
		{ "pagerduty", "dedup_key", ID },
		{ "opsgenie", "alias", ID },
		{ "webhook", "data.id", ID },
		{ "pagerduty", "routing_key", "k\"ey" },
		{ "pagerduty", "payload.severity", "critical" },
		{ "opsgenie", "priority", "P1" },
		{ "ntfy", "priority", "5" },
		{ "ntfy", "topic", "topic" },
		{ "webhook", "type", "alert" },
		{ "webhook", "data.severity", "99" },
	};
	struct bench *b = *state;

	letter_about(b, STR("WARNING"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_str(at(rendered(b, type_of(rows[i][0])), rows[i][1]), rows[i][2]);
}

/* A letter of an older program, or one that says nothing of a finding. */
static void a_letter_without_facts_goes_too(void **state)
{
	struct bench *b = *state;

	for (int k = 0; k < 3; k++) {
		letter_about(b, STR("WARNING"));
		b->facts = facts_take(b->a, k == 0   ? (struct str){ 0 }
					    : k == 1 ? STR("[1]")
						     : STR("{\"severity\":\"x\",\"title\":7}"));
		for (const struct channel_type *t = channel_types; t->name; t++)
			rendered(b, t);
		assert_str(at(rendered(b, type_of("webhook")), "type"), "note");
		assert_str(at(rendered(b, type_of("pagerduty")), "payload.severity"), "info");
	}
}

static void an_answer_is_about_the_message_that_asked(void **state)
{
	struct bench *b = *state;

	letter_about(b, STR("WARNING"));
	b->facts.answers = STR("fedcba98");
	b->facts.for_whom = STR("night desk");
	assert_str(at(rendered(b, type_of("pagerduty")), "event_action"), "acknowledge");
	assert_str(at(rendered(b, type_of("pagerduty")), "dedup_key"), "fedcba98");
	assert_str(at(rendered(b, type_of("opsgenie")), "user"), "night desk");
	assert_str(at(rendered(b, type_of("webhook")), "type"), "answered");
	assert_str(at(rendered(b, type_of("webhook")), "data.answers"), "fedcba98");
}

static void who_may_not_see_the_text_sees_none_of_it(void **state)
{
	struct bench *b = *state;
	struct facts f;

	letter_about(b, STR("a word of the post"));
	f = facts_of(b->a, &b->detail, false);
	assert_int_equal(f.title.n + f.address.n, 0);
}

static void the_digest_is_openssls(void **state)
{
	unsigned char key[300], text[300], ours[DIGEST_BYTES], theirs[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	(void)state;
	for (size_t i = 0; i < 300; i += 7) {
		struct str k, s;

		digest_random(key, sizeof(key));
		digest_random(text, sizeof(text));
		k = exact_copy((struct str){ (const char *)key, i });
		s = exact_copy((struct str){ (const char *)text, 299 - i });
		digest_hmac(k, s, ours);
		assert_non_null(HMAC(EVP_sha256(), k.p, (int)k.n, (const unsigned char *)s.p, s.n, theirs, &n));
		assert_int_equal(n, DIGEST_BYTES);
		assert_memory_equal(ours, theirs, DIGEST_BYTES);
		free((void *)(uintptr_t)k.p);
		free((void *)(uintptr_t)s.p);
	}
}

/* The example of Standard Webhooks. */
static void a_webhook_is_signed_as_its_receivers_libraries_check(void **state)
{
	struct bench *b = *state;
	AUTO(buf) headers = BUF_INIT(1000);

	b->content = (struct channel_content){ .id = STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
					       .secret = STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
					       .a = b->a };
	channel_sign(&b->content, STR("{\"test\": 2432232314}"), 1614265330, &headers);
	assert_str(buf_str(&headers), "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\nwebhook-timestamp: 1614265330\n"
				      "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\n");
}

static void a_recipient_is_a_channel_or_it_is_not(void **state)
{
	static const struct {
		const char *to, *name;
	} rows[] = {
		{ "channel desk-room", "desk-room" },
		{ "channel  a", "a" },
		{ "channel ", "" },
		{ "channel", "" },
		{ "channel A", "" },
		{ "channel a b", "" },
		{ "channel a|b", "" },
		{ "channel a_b", "" },
		{ "channel@example.com", "" },
		{ "a channel b", "" },
		{ "channel a\n", "a" },
		{ "", "" },
		{ "channel 01234567890123456789012345678901234567890", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str exact = exact_copy(str_of(rows[i].to));

		assert_str(channel_name(exact), rows[i].name);
		free((void *)(uintptr_t)exact.p);
	}
}

static void letters_go_in_the_clear_to_this_machine_only(void **state)
{
	static const struct {
		const char *type, *url;
		int tls;
		bool may;
	} rows[] = {
		{ "slack", "https://hooks.slack.com/services/T/B/X", 0, true },
		{ "slack", "http://hooks.slack.com/services/T/B/X", 0, false },
		{ "slack", "http://127.0.0.1:8080/x", 0, true },
		{ "slack", "http://127.0.0.1.evil.example.org/x", 0, false },
		{ "slack", "http://localhost.evil.example.org/x", 0, false },
		{ "slack", "ftp://example.com/x", 0, false },
		{ "slack", "https://", 0, false },
		{ "slack", "https://example.com/a\nb", 0, false },
		{ "slack", "https://example.com/a b", 0, false },
		{ "syslog", "syslogs://siem.example.com:6514", 0, true },
		{ "syslog", "syslog://siem.example.com:514", 0, false },
		{ "syslog", "syslog://siem.example.com:514", 1, true },
		{ "syslog", "syslog://127.0.0.1:514", 0, true },
		{ "syslog", "https://siem.example.com", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct alert_channel c = { .type = type_of(rows[i].type), .tls = rows[i].tls };
		struct err err = { 0 };

		if (channel_may_reach(&c, str_of(rows[i].url), &err) != rows[i].may)
			fail_msg("%s %s", rows[i].type, rows[i].url);
	}
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(a_hostile_title_is_nothing_but_text),
		CASE(a_fence_ends_where_ours_does),
		CASE(texts_keep_to_each_services_length),
		CASE(text_is_cut_before_the_character_that_has_no_room),
		CASE(syslog_and_cef_are_written_as_their_specifications_say),
		CASE(events_are_known_again_by_the_rows_id),
		CASE(a_letter_without_facts_goes_too),
		CASE(an_answer_is_about_the_message_that_asked),
		CASE(who_may_not_see_the_text_sees_none_of_it),
		CASE(the_digest_is_openssls),
		CASE(a_webhook_is_signed_as_its_receivers_libraries_check),
		CASE(a_recipient_is_a_channel_or_it_is_not),
		CASE(letters_go_in_the_clear_to_this_machine_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
