/* test_machine.c - what is said when the machine or the mail of the watch is not well, and when nothing is */
#include "tests/support.h"

#include "base/clock.h"
#include "desk/alert/machine.h"

#define NOW    INT64_C(1795000000000000) /* 2026-11-18 */
#define MINUTE INT64_C(60000000)

#define WELL .disk_is_known = true, .free_bytes = 5000000000, .clock = "synchronised", .has_landlock = true

static void each_thing_has_its_sentence(void **state)
{
	static const struct {
		const char *why;
		struct machine m;
		const char *name, *words; /* NULL: nothing is said */
	} rows[] = {
		{ "all is well", { WELL }, NULL, NULL },
		{ "a disk that cannot be asked is no full one", { .clock = "synchronised", .has_landlock = true }, NULL, NULL },
		{ "little room",
		  { .disk_is_known = true, .free_bytes = 999000000, .clock = "synchronised", .has_landlock = true },
		  "disk",
		  "nearly full: 999 MB are free" },
		{ "a clock that nobody sets",
		  { .disk_is_known = true, .free_bytes = 5000000000, .has_landlock = true, .clock = "not synchronised" },
		  "clock",
		  "is not synchronised" },
		{ "a clock of which nothing is known",
		  { .disk_is_known = true, .free_bytes = 5000000000, .has_landlock = true, .clock = "unknown" },
		  NULL,
		  NULL },
		{ "a clock that went back",
		  { WELL, .clock_back_at = NOW - 60 * MINUTE },
		  "clock back",
		  "went back, to 2026-11-" },
		{ "a day ago", { WELL, .clock_back_at = NOW - 1441 * MINUTE }, NULL, NULL },
		{ "an old kernel",
		  { .disk_is_known = true, .free_bytes = 5000000000, .clock = "synchronised" },
		  "confinement",
		  "no Landlock" },
		{ "letters that wait",
		  { WELL, .waiting = 7, .oldest_at = NOW - 31 * MINUTE },
		  "outbox",
		  "are stuck: 7 wait, the longest since 2026" },
		{ "for less than half an hour", { WELL, .waiting = 7, .oldest_at = NOW - 29 * MINUTE }, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(1 << 16);
		struct concern found[MACHINE_CONCERNS];
		size_t n = machine_concerns(&rows[i].m, NOW, a, found);

		if (n != (rows[i].name ? 1 : 0))
			fail_msg("%s: %zu sentences", rows[i].why, n);
		if (n && (!str_eq(found[0].name, str_of(rows[i].name)) || str_find(found[0].words, str_of(rows[i].words)) < 0))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(found[0].words));
	}
}

static void all_of_it_at_once_fits(void **state)
{
	const struct machine ill = {
		.disk_is_known = true, .clock = "not synchronised", .clock_back_at = NOW - 1, .waiting = 1, .oldest_at = 1
	};
	AUTO_FREE(arena) a = arena_new(1 << 16);
	struct concern found[MACHINE_CONCERNS];

	(void)state;
	assert_int_equal(machine_concerns(&ill, NOW, a, found), MACHINE_CONCERNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thing_has_its_sentence),
		cmocka_unit_test(all_of_it_at_once_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
