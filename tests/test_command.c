/* test_command.c - a program is given a letter: what it says and how it ends is known, whatever it does with its input */
#include "tests/support.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "desk/command.h"

/* Run `sh -c script` as a channel would; its code, and what it said in `words`. */
static int run(const char *script, struct str input, int64_t time_ms, char *words, size_t size)
{
	char shell[] = "/bin/sh", option[] = "-c";
	char *argv[] = { shell, option, (char *)(uintptr_t)script, NULL };
	const struct alert_channel channel = { .argv = argv, .time_ms = time_ms };
	struct command c = { 0 };
	struct err err = { 0 };
	int code = -2;

	assert_int_equal(command_start(&c, &channel, input, &err), 0);
	while (!command_step(&c, &code)) {
		struct pollfd fds[COMMAND_FDS];
		int wait_ms = 1000;

		poll(fds, (nfds_t)command_poll(&c, fds, &wait_ms), wait_ms);
	}
	snprintf(words, size, "%.*s", (int)c.words.n, c.words.n ? c.words.p : "");
	command_release(&c);
	assert_int_equal(c.pid, 0);
	return code;
}

static void how_it_ends_is_known(void **state)
{
	static const struct {
		const char *script;
		int code;
		const char *words;
	} rows[] = {
		{ "cat", 0, "a letter" },
		{ "cat >&2; exit 75", 75, "a letter" },
		{ "exec 0<&-; exit 1", 1, "" }, /* its input is broken before it was read */
		{ "kill -TERM $$", 128 + SIGTERM, "" },
		{ "env -u PWD -u SHLVL -u _ -u OLDPWD", 0, "PATH=/usr/local/bin:/usr/bin:/bin\nLANG=C.UTF-8\n" },
		{ "ls /proc/self/fd | tr '\\n' ' '", 0, "0 1 2 3 " }, /* 3 is of ls itself */
	};
	char words[LIMIT_COMMAND_WORDS + 1];

	(void)state;
	setenv("SECRET_OF_OURS", "sesame", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int code = run(rows[i].script, STR("a letter"), 20000, words, sizeof(words));

		if (code != rows[i].code || (rows[i].words[0] != 'P' && strcmp(words, rows[i].words) != 0) ||
		    strstr(words, "sesame"))
			fail_msg("%s: %d, %s", rows[i].script, code, words);
	}
}

static void one_that_takes_too_long_ends_with_its_children(void **state)
{
	char words[LIMIT_COMMAND_WORDS + 1];
	int64_t begun = clock_steady_us();

	(void)state;
	assert_int_equal(run("echo begun; sleep 60 & sleep 60", STR("x"), 300, words, sizeof(words)), -1);
	assert_string_equal(words, "begun\n");
	assert_in_range(clock_steady_us() - begun, 250000, 20000000);
}

/* More than a pipe holds, both ways at once. */
static void what_it_says_is_bounded_and_what_it_is_given_comes_whole(void **state)
{
	static char much[60000];
	char words[LIMIT_COMMAND_WORDS + 1];

	(void)state;
	memset(much, 'x', sizeof(much));
	assert_int_equal(run("yes | head -c 1000000; wc -c", (struct str){ much, sizeof(much) }, 20000, words, sizeof(words)),
			 0);
	assert_int_equal(strlen(words), LIMIT_COMMAND_WORDS);
	assert_int_equal(run("sleep 0.1; wc -c", (struct str){ much, sizeof(much) }, 20000, words, sizeof(words)), 0);
	assert_int_equal(atol(words), (long)sizeof(much));
}

static void what_cannot_be_started_says_so(void **state)
{
	char path[] = "/nowhere/at/all";
	char *argv[] = { path, NULL };
	const struct alert_channel channel = { .argv = argv, .time_ms = 5000 };
	struct command c = { 0 };
	struct err err = { 0 };
	int code = 0;

	(void)state;
	assert_int_equal(command_start(&c, &channel, STR("x"), &err), 0);
	while (!command_step(&c, &code))
		poll(NULL, 0, 5);
	assert_int_equal(code, 127);
	command_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_it_ends_is_known),
		cmocka_unit_test(one_that_takes_too_long_ends_with_its_children),
		cmocka_unit_test(what_it_says_is_bounded_and_what_it_is_given_comes_whole),
		cmocka_unit_test(what_cannot_be_started_says_so),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
