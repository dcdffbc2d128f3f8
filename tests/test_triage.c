/* test_triage.c - a shift without a terminal: what keys mean, what is shown at any size, and what is kept of acts */
#include "tests/stored.h"

#include <locale.h>
#include <wchar.h>

#include "base/utf8.h"
#include "desk/triage/session.h"
#include "desk/triage/shown.h"
#include "desk/triage/view.h"
#include "store/duty.h"

/* What a post may bring along. */
static const char *const hostile[] = {
	"\033]0;owned\007\033[2J\033[31mred",
	"\xe2\x80\xae"
	"desrever\xe2\x80\xac",
	"wide \xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf\xe5\xb9\xbf",
	"a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
	"\xff\xfe\x9b"
	"2J\x80",
	"\xc2\x9b"
	"31m C1",
	"line\r\nbreak\ttab\b\b\b",
	"\xcc\x81 begins with a mark",
	"zero\xe2\x80\x8bwidth\xef\xbb\xbf\xf3\xa0\x80\x81",
	"",
	"%s%n%d",
};
enum { HOSTILE = sizeof(hostile) / sizeof(hostile[0]) };

static void text_from_outside_is_seen_and_does_nothing(void **state)
{
	static const struct {
		const char *reason, *text, *shown;
		int columns;
	} rows[] = {
		{ "plain", "a title", "a title", 20 },
		{ "cut", "a title that is long", "a titl...", 9 },
		{ "too narrow for dots", "abc", "ab", 2 },
		{ "an escape", "\033[2J", "^[[2J", 20 },
		{ "delete", "\177", "^?", 20 },
		{ "a one-byte control of ISO 6429",
		  "\xc2\x9b"
		  "2J",
		  "<U+009B>2J", 20 },
		{ "no UTF-8",
		  "\x9b"
		  "2J",
		  "<9B>2J", 20 },
		{ "turned round",
		  "\xe2\x80\xae"
		  "abc",
		  "<U+202E>abc", 20 },
		{ "of no width",
		  "a\xe2\x80\x8b"
		  "b",
		  "a<U+200B>b", 20 },
		{ "a tag", "\xf3\xa0\x80\x81", "<U+E0001>", 20 },
		{ "wide signs take two", "\xe5\xb9\xbf\xe5\xb9\xbf", "\xe5\xb9\xbf\xe5\xb9\xbf", 4 },
		{ "a wide one that would stand half outside", "a\xe5\xb9\xbf\xe5\xb9\xbf", "a...", 4 },
		{ "two marks on one sign", "a\xcc\x81\xcc\x82", "a\xcc\x81\xcc\x82", 20 },
		{ "a heap of them", "a\xcc\x81\xcc\x82\xcc\x83", "a\xcc\x81\xcc\x82<U+0303>", 20 },
		{ "a mark on nothing", "\xcc\x81", "<U+0301>", 20 },
		{ "breaks are blanks", "a\nb\tc", "a b c", 20 },
		{ "nothing", "", "", 20 },
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str text = exact_copy(str_of(rows[i].text)), shown = shown_line(a, text, rows[i].columns);

		if (!str_eq(shown, str_of(rows[i].shown)))
			fail_msg("%s: \"%.*s\"", rows[i].reason, STR_ARG(shown));
		assert_int_equal(shown_columns(shown_cell(a, text, rows[i].columns)), rows[i].columns);
		free((char *)(uintptr_t)text.p);
	}
}

/* Rows of a queue, with hostile titles, assets and sources. */
static struct queue_row *queue(struct arena *a, size_t n)
{
	struct queue_row *rows = arena_alloc(a, n * sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct queue_row){ .id = (int64_t)i + 1,
					      .public_id = STR("0123456789abcdef0123456789abcdef"),
					      .category = STR("leak"),
					      .title = str_of(hostile[i % HOSTILE]),
					      .asset = str_of(hostile[(i + 1) % HOSTILE]),
					      .source = str_of(hostile[(i + 2) % HOSTILE]),
					      .state = { .severity = 99 - (int)(i % 80), .verdict = STR("none") } };
	return rows;
}

/* A finding that is hostile all over. */
static struct triage_sheet sheet(struct arena *a)
{
	static struct str texts[HOSTILE], rules[] = { { "a", 1 }, { "\033[2J", 4 } };
	static struct stored_hit hits[HOSTILE];
	static struct stored_part parts[HOSTILE];
	static struct campaign_finding similar[2];
	static bool muted[2] = { true, false };
	struct triage_sheet s = { .state = { .verdict = STR("none") }, .rules = rules, .muted = muted, .n_rules = 2 };
	struct str text = { 0 };

	for (size_t i = 0; i < HOSTILE; i++) {
		texts[i] = str_of(hostile[i]);
		hits[i] = (struct stored_hit){
			.rule = texts[i], .label = texts[i], .masked = texts[i], .start = 3, .end = 1 << 20
		};
		parts[i] = (struct stored_part){ texts[i], (int)(i % 2), -5, 40 };
		text = arena_printf(a, "%.*s%.*s\n", STR_ARG(text), STR_ARG(texts[i]));
	}
	s.detail.finding = (struct finding){ .id = 7,
					     .public_id = STR("0123456789abcdef0123456789abcdef"),
					     .title = texts[0],
					     .author = texts[1],
					     .url = texts[5],
					     .source = texts[3],
					     .asset = texts[4] };
	s.detail.text = text;
	s.detail.terms = s.detail.said.reasons = texts;
	s.detail.n_terms = s.detail.said.n_reasons = s.detail.said.n_hits = s.detail.said.n_parts = HOSTILE;
	s.detail.said.hits = hits;
	s.detail.said.parts = parts;
	s.duty = texts[0];
	s.campaign = (struct campaign_row){ .public_id = STR("0123456789abcdef"), .name = texts[1] };
	similar[0] = (struct campaign_finding){ .id = 7, .public_id = STR("0123456789abcdef") };
	similar[1] = (struct campaign_finding){
		.id = 8, .public_id = STR("0123456789abcdef"), .source = texts[2], .verdict = texts[0]
	};
	s.similar = similar;
	s.n_similar = 2;
	return s;
}

/* No line is wider than the terminal, and nothing in it is a command to it. */
static void hold_line(const struct view_line *line, int columns)
{
	int used = 0;

	for (size_t i = 0; i < line->n; i++) {
		struct str text = line->runs[i].text;

		for (size_t at = 0; at < text.n;) {
			uint32_t c;
			size_t n = utf8_next(str_slice(text, at, text.n), &c);

			assert_true(n > 0);
			if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || wcwidth((wchar_t)c) < 0)
				fail_msg("U+%04X reaches the terminal: %.*s", (unsigned)c, STR_ARG(text));
			used += wcwidth((wchar_t)c);
			at += n;
		}
	}
	if (used > columns)
		fail_msg("%d columns of %d", used, columns);
}

static struct view view_of(struct triage *t, int columns, int lines, struct arena *a)
{
	struct view v;

	triage_view(t, columns, lines, 1000000, a, &v);
	for (size_t i = 0; i < v.n; i++)
		hold_line(&v.lines[i], columns);
	return v;
}

static void every_size_holds_every_page(void **state)
{
	static const int sizes[][2] = { { 20, 5 },  { 21, 5 },	{ 39, 6 },  { 40, 10 },	 { 59, 24 },  { 60, 24 },
					{ 76, 24 }, { 80, 24 }, { 99, 30 }, { 100, 40 }, { 132, 50 }, { 200, 60 } };
	AUTO_FREE(arena) rows = arena_new(1 << 22);
	struct triage_sheet s = sheet(rows);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int page = PAGE_QUEUE; page <= PAGE_HELP; page++)
			for (int question = ASK_NOTHING; question <= ASK_RULE; question++) {
				AUTO_FREE(arena) a = arena_new(1 << 26);
				struct triage t;

				triage_init(&t);
				triage_take_rows(&t, queue(rows, 70), 70, true);
				t.page = (enum triage_page)page;
				t.sheet = page == PAGE_FINDING ? &s : NULL;
				t.question = (enum triage_question)question;
				t.cursor = 69;
				t.scroll = SIZE_MAX / 2;
				snprintf(t.typed, sizeof(t.typed),
					 "\033[2J \xe5\xb9\xbf and a long name to be typed into a small line");
				snprintf(t.said, sizeof(t.said), "\033[2J %s", hostile[2]);
				assert_int_equal(view_of(&t, sizes[i][0], sizes[i][1], a).n, sizes[i][1]);
				if (page != PAGE_QUEUE) /* it ends where there is something to see */
					assert_true(t.scroll < 1000);
			}
}

static void too_small_says_so_and_the_cursor_stays(void **state)
{
	static const int sizes[][2] = { { 19, 5 }, { 20, 4 }, { 1, 1 }, { 0, 0 }, { 3, 200 }, { 200, 1 } };
	AUTO_FREE(arena) a = arena_new(1 << 22);
	struct triage t;

	(void)state;
	triage_init(&t);
	triage_take_rows(&t, queue(a, 70), 70, false);
	t.cursor = 69;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct view v = view_of(&t, sizes[i][0], sizes[i][1], a);

		assert_int_equal(v.n, sizes[i][1] > 0);
		if (sizes[i][0] >= 10)
			assert_str(v.lines[0].runs[0].text, "needs 20x5");
	}
	view_of(&t, 80, 24, a);
	assert_int_equal(t.cursor, 69);
	assert_int_equal(t.top, 69 - 20); /* 21 rows have room */
}

/* Keys as they are written here: < and > leave and open, ^ $ are the ends, v and A down and up are arrows. */
static uint32_t key_of(char c)
{
	switch (c) {
	case '<':
		return KEY_IS_LEAVE;
	case '>':
		return KEY_IS_ENTER;
	case '^':
		return KEY_IS_HOME;
	case '$':
		return KEY_IS_END;
	case 'v':
		return KEY_IS_DOWN;
	case 'A':
		return KEY_IS_UP;
	case '=':
		return KEY_IS_BACK;
	default:
		return (uint32_t)c;
	}
}

static void each_key_means_what_the_help_says(void **state)
{
	static const struct {
		const char *reason, *keys;
		enum triage_act_kind act; /* of the last key */
		enum verdict verdict;
		const char *text;
		enum triage_page page;
		enum triage_question question;
		size_t cursor;
	} rows[] = {
		{ "confirmed", "c", ACT_JUDGE, VERDICT_CONFIRMED },
		{ "false positive", "f", ACT_JUDGE, VERDICT_FALSE_POSITIVE },
		{ "known", "k", ACT_JUDGE, VERDICT_KNOWN },
		{ "duplicate", "d", ACT_JUDGE, VERDICT_DUPLICATE },
		{ "judged on its page", ">c", ACT_JUDGE, VERDICT_CONFIRMED, NULL, PAGE_FINDING },
		{ "I have it", "a", ACT_ACKNOWLEDGE },
		{ "a name is typed", "gnight desk>", ACT_ASSIGN, 0, "night desk" },
		{ "and corrected", "gnightt= desk>", ACT_ASSIGN, 0, "night desk" },
		{ "an empty name is none", "g>", ACT_NOTHING },
		{ "a name given up", "gnight<", ACT_NOTHING },
		{ "keys are letters while a name is typed", "gc", ACT_NOTHING, 0, NULL, PAGE_QUEUE, ASK_NAME },
		{ "a takedown asks on which grounds", "t", ACT_NOTHING, 0, NULL, PAGE_QUEUE, ASK_GROUNDS },
		{ "on these", "tk", ACT_TAKEDOWN, 0, "copyright" },
		{ "on those", "tp", ACT_TAKEDOWN, 0, "personal-data" },
		{ "another key opens none", "tx", ACT_NOTHING },
		{ "a rule is muted where its number stands", "m", ACT_NOTHING },
		{ "undo", "u", ACT_UNDO },
		{ "next", "n", ACT_NOTHING, 0, NULL, PAGE_QUEUE, 0, 1 },
		{ "next of a finding opens it", ">n", ACT_OPEN, 0, NULL, PAGE_FINDING, 0, 1 },
		{ "and back", "nnp", ACT_NOTHING, 0, NULL, PAGE_QUEUE, 0, 1 },
		{ "the last", "$v", ACT_NOTHING, 0, NULL, PAGE_QUEUE, 0, 4 },
		{ "the first", "$^A", ACT_NOTHING },
		{ "open", "v>", ACT_OPEN, 0, NULL, PAGE_FINDING, 0, 1 },
		{ "and back to the queue", "v>q", ACT_NOTHING, 0, NULL, PAGE_QUEUE, 0, 1 },
		{ "the end", "q", ACT_QUIT },
		{ "escape too", "<", ACT_QUIT },
		{ "help, of which any key goes back", "?c", ACT_NOTHING },
		{ "help", "?", ACT_NOTHING, 0, NULL, PAGE_HELP },
		{ "a filter", "/", ACT_NOTHING, 0, NULL, PAGE_QUEUE, ASK_FILTER },
		{ "its parts load", "/s", ACT_LOAD, 0, NULL, PAGE_QUEUE, ASK_FILTER },
		{ "an asset is proposed and typed over", "/a\x15us>", ACT_LOAD, 0, NULL, PAGE_QUEUE, ASK_FILTER },
		{ "from a finding it goes back to the queue", ">/c", ACT_LOAD, 0, NULL, PAGE_QUEUE, ASK_FILTER },
		{ "and it ends", "/s>", ACT_NOTHING },
		{ "read anew", "r", ACT_LOAD },
		{ "a key that is none", "Z", ACT_NOTHING },
	};
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct triage t;
		struct triage_act act = { 0 };

		triage_init(&t);
		triage_take_rows(&t, queue(a, 5), 5, false);
		for (const char *k = rows[i].keys; *k; k++)
			act = triage_key(&t, key_of(*k));
		if (act.kind != rows[i].act || act.verdict != rows[i].verdict || !str_eq(act.text, str_of(rows[i].text)) ||
		    t.page != rows[i].page || t.question != rows[i].question || t.cursor != rows[i].cursor)
			fail_msg("%s: act %d, verdict %d, \"%.*s\", page %d, question %d, cursor %zu", rows[i].reason, act.kind,
				 act.verdict, STR_ARG(act.text), t.page, t.question, t.cursor);
	}
}

static void a_filter_goes_round(void **state)
{
	struct triage t;
	AUTO_FREE(arena) a = arena_new(1 << 20);

	(void)state;
	triage_init(&t);
	triage_take_rows(&t, queue(a, 5), 5, false);
	assert_str(t.filter.verdict, "none");
	for (const char *k = "/scvu"; *k; k++)
		triage_key(&t, (uint32_t)*k);
	assert_int_equal(t.filter.least_severity, 20);
	assert_str(t.filter.category, "violence");
	assert_str(t.filter.verdict, "confirmed");
	assert_true(t.filter.unanswered);
	for (const char *k = "ssssccccvvvv"; *k; k++)
		triage_key(&t, (uint32_t)*k);
	assert_int_equal(t.filter.least_severity, 0);
	assert_str(t.filter.category, "");
	assert_str(t.filter.verdict, ""); /* any */
	triage_key(&t, 'x');
	assert_str(t.filter.verdict, "none");
	assert_false(t.filter.unanswered);
}

static void nothing_in_the_queue_breaks_nothing(void **state)
{
	AUTO_FREE(arena) a = arena_new(1 << 22);
	struct triage t;

	(void)state;
	triage_init(&t);
	for (uint32_t key = 1; key < 0x100; key++)
		if (key != 'q')
			triage_key(&t, key);
	triage_init(&t);
	for (uint32_t key = KEY_IS_UP; key <= KEY_IS_LEAVE; key++)
		triage_key(&t, key);
	view_of(&t, 80, 24, a);
}

/* ---- with a store ---- */

struct desk {
	struct config *config;
	struct teller *teller;
	struct session *session;
};

static struct desk desk(struct stored *b, const char *name)
{
	struct desk d = { .config = arena_alloc(b->a, sizeof(struct config)) };

	d.teller = teller_new(d.config, b->store);
	d.session = session_new(&(struct acting){ b->store, d.teller, str_of(name) }, &b->err);
	if (!d.session)
		fail_msg("%s", b->err.text);
	return d;
}

static void go_home(struct desk *d)
{
	session_free(d->session);
	teller_free(d->teller);
}

static const char *press(struct desk *d, const char *keys)
{
	for (; *keys; keys++)
		session_key(d->session, key_of(*keys));
	return session_model(d->session)->said;
}

#define assert_says(said, part)                          \
	do {                                             \
		if (!strstr((said), (part)))             \
			fail_msg("it says: %s", (said)); \
	} while (0)

static struct queue_state state_of(struct stored *b, struct str finding)
{
	struct finding_detail d;
	struct queue_state out;

	assert_int_equal(finding_load(b->store, finding, b->a, &d, &b->err), 1);
	OK(queue_state(b->store, d.finding.id, b->a, &out, &b->err));
	return out;
}

static void each_act_is_kept_at_once_and_taken_back_in_turn(void **state)
{
	struct stored *b = *state;
	struct str id = stored_finding(b, "1", "a text with abcd in it", 1000000);
	struct desk d = desk(b, "ann");
	struct takedown_target *targets;
	size_t n;

	assert_says(press(&d, "c"), "is marked confirmed");
	assert_str(state_of(b, id).verdict, "confirmed");
	assert_str(state_of(b, id).judged_by, "ann");
	assert_int_equal(session_model(d.session)->n_rows, 0); /* it is not among those that are not judged */
	press(&d, "/vx>");				       /* nothing changes */
	assert_says(press(&d, "u"), "is marked none again");
	assert_says(press(&d, "a"), "you have");
	assert_says(press(&d, "gnight desk>"), "night desk has");
	assert_says(press(&d, ">tp"), "is open (personal-data)");
	OK(takedown_targets(b->store, 1, b->a, &targets, &n, &b->err));
	assert_int_equal(n, 1);
	assert_str(targets[0].url, "https://paste.example.net/1");
	assert_says(press(&d, "tp"), "has an open takedown");
	assert_says(press(&d, "m1"), "rule r does not count any more for pastes");
	assert_says(press(&d, "m1"), "was muted already");
	assert_says(press(&d, "f"), "is marked false-positive");
	assert_says(press(&d, "f"), "is marked false-positive already");
	assert_str(state_of(b, id).holder, "night desk");
	assert_says(press(&d, "u"), "is marked none again");
	assert_says(press(&d, "u"), "rule r counts again");
	assert_says(press(&d, "u"), "is closed");
	assert_says(press(&d, "u"), "ann has");
	assert_str(state_of(b, id).holder, "ann");
	assert_says(press(&d, "u"), "nobody has");
	assert_str(state_of(b, id).holder, "");
	assert_false(state_of(b, id).has_duty);
	assert_says(press(&d, "u"), "nothing was done yet");
	go_home(&d);
}

static void who_had_to_answer_has_to_again_when_an_answer_is_taken_back(void **state)
{
	struct stored *b = *state;
	struct str id = stored_finding(b, "1", "a text with abcd in it", 1000000);
	struct finding_detail detail;
	struct desk d;

	assert_int_equal(finding_load(b->store, id, b->a, &detail, &b->err), 1);
	OK(store_begin(b->store, &b->err));
	OK(duty_open(b->store, detail.finding.id, 75, 1000000, &b->err));
	OK(store_commit(b->store, &b->err));
	d = desk(b, "ann");
	for (const char *keys = "ack"; *keys; keys += 1) {
		const char one[] = { *keys, '\0' };
		int64_t due = 0;

		press(&d, "^");
		press(&d, one);
		assert_true(state_of(b, id).acknowledged_at > 0);
		assert_int_equal(duty_next(b->store, &due, &b->err), 0);
		press(&d, "u");
		assert_int_equal(state_of(b, id).acknowledged_at, 0);
		assert_str(state_of(b, id).holder, "");
		assert_int_equal(duty_next(b->store, &due, &b->err), 1); /* somebody is asked again */
	}
	go_home(&d);
}

static void nothing_that_was_not_seen_is_overwritten(void **state)
{
	struct stored *b = *state;
	struct str one = stored_finding(b, "1", "a text with abcd in it", 1000000),
		   two = stored_finding(b, "2", "another text with efgh in it", 2000000);
	struct desk ann = desk(b, "ann"), eve = desk(b, "eve");

	assert_says(press(&eve, "k"), "is marked known");
	assert_says(press(&ann, "f"), "eve marked it known");
	assert_str(state_of(b, one).verdict, "known");		  /* and not what ann did not know about */
	assert_says(press(&ann, "f"), "left the queue, this is"); /* the second press was not meant for the next one */
	assert_str(state_of(b, two).verdict, "none");
	assert_says(press(&ann, "f"), "is marked false-positive");
	assert_str(state_of(b, two).verdict, "false-positive");
	assert_str(state_of(b, one).verdict, "known");

	/* Who has it counts too, and the second press does it. */
	press(&ann, "u");
	press(&eve, "r");
	press(&eve, "a");
	assert_says(press(&ann, "c"), "eve has it");
	assert_str(state_of(b, two).verdict, "none");
	assert_says(press(&ann, "c"), "is marked confirmed");

	/* Nor by taking back. */
	stored_mark(b, two, "duplicate", NULL, 5000000);
	assert_says(press(&ann, "u"), "your act stays");
	assert_str(state_of(b, two).verdict, "duplicate");
	go_home(&ann);
	go_home(&eve);
}

static void what_others_do_is_said_and_no_key_hits_what_came_under_the_cursor(void **state)
{
	struct stored *b = *state;
	struct str one = stored_finding(b, "1", "a text with abcd in it", 1000000),
		   two = stored_finding(b, "2", "another text with efgh in it", 2000000);
	struct desk d = desk(b, "ann");

	stored_finding(b, "3", "a third text with ijkl in it", 3000000);
	session_look(d.session);
	assert_says(session_model(d.session)->said, "1 new");
	stored_mark(b, one, "known", NULL, 4000000);
	session_look(d.session);
	assert_says(session_model(d.session)->said, "changed since you looked: analyst marked it known");
	assert_says(press(&d, "c"), "left the queue");
	assert_str(state_of(b, two).verdict, "none");
	assert_says(press(&d, "c"), "is marked confirmed");
	assert_str(state_of(b, two).verdict, "confirmed");
	go_home(&d);
}

static void what_a_failed_act_began_is_gone(void **state)
{
	struct stored *b = *state;
	struct str id = stored_finding(b, "1", "a text with abcd in it", 1000000);
	struct desk d = desk(b, "ann");
	struct custody_row *rows;
	size_t before, after;

	OK(custody_list(b->store, &(struct custody_filter){ 0 }, b->a, &rows, &before, &b->err));
	stored_sql(b, "DROP TABLE secret_verdict");
	press(&d, "c");
	assert_true(session_model(d.session)->said[0] != '\0');
	assert_str(state_of(b, id).verdict, "none");
	OK(custody_list(b->store, &(struct custody_filter){ 0 }, b->a, &rows, &after, &b->err));
	assert_int_equal(before, after);
	assert_says(press(&d, "u"), "nothing was done yet");
	go_home(&d);
}

int main(void)
{
	const struct CMUnitTest pure[] = {
		cmocka_unit_test(text_from_outside_is_seen_and_does_nothing),
		cmocka_unit_test(every_size_holds_every_page),
		cmocka_unit_test(too_small_says_so_and_the_cursor_stays),
		cmocka_unit_test(each_key_means_what_the_help_says),
		cmocka_unit_test(a_filter_goes_round),
		cmocka_unit_test(nothing_in_the_queue_breaks_nothing),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_act_is_kept_at_once_and_taken_back_in_turn),
		cmocka_unit_test(who_had_to_answer_has_to_again_when_an_answer_is_taken_back),
		cmocka_unit_test(nothing_that_was_not_seen_is_overwritten),
		cmocka_unit_test(what_others_do_is_said_and_no_key_hits_what_came_under_the_cursor),
		cmocka_unit_test(what_a_failed_act_began_is_gone),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(pure, NULL, NULL) + stored_run("triage", tests, sizeof(tests) / sizeof(tests[0]));
}
