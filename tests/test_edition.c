/* test_edition.c - pages that are others than before are replaced, the rest stays, what is in no edition any more goes */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "web/edition.h"

#define FACTS STR("style 1")

static char place[64];

static int begin(void **state)
{
	(void)state;
	snprintf(place, sizeof(place), "/tmp/watchdesk-edition-XXXXXX");
	return mkdtemp(place) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	file_remove_folder(place, NULL);
	return 0;
}

static struct edition *edition(struct str facts)
{
	struct err err = { 0 };
	struct edition *e = edition_open(place, facts, &err);

	if (!e)
		fail_msg("%s", err.text);
	return e;
}

static struct buf *page(const char *text)
{
	static struct buf b = BUF_INIT(KIB(64));

	buf_clear(&b);
	buf_add(&b, str_of(text));
	return &b;
}

static void put(struct edition *e, const char *name, const char *text)
{
	struct err err = { 0 };

	if (edition_put_if_new(e, name, page(text), &err) < 0)
		fail_msg("%s", err.text);
}

static void close_it(struct edition *e, const char *index)
{
	struct err err = { 0 };

	if (edition_close(e, "index.html", page(index), &err) < 0)
		fail_msg("%s", err.text);
	edition_free(e);
}

/* What a page says; empty when it is not there. Its inode tells whether it was replaced. */
static struct str look(const char *name, ino_t *inode)
{
	static struct buf b = BUF_INIT(KIB(64));
	char path[200];
	struct stat s = { 0 };

	snprintf(path, sizeof(path), "%s/%s", place, name);
	buf_clear(&b);
	if (stat(path, &s) == 0)
		file_read(path, &b, NULL);
	if (inode)
		*inode = s.st_ino;
	return buf_str(&b);
}

static void only_what_is_another_is_written(void **state)
{
	struct edition_count c;
	struct edition *e;
	ino_t a, b, again;

	(void)state;
	e = edition(FACTS);
	put(e, "finding/a.html", "one");
	put(e, "finding/b.html", "two");
	close_it(e, "index 1");
	look("finding/a.html", &a);
	look("finding/b.html", &b);
	e = edition(FACTS);
	put(e, "finding/a.html", "one");
	put(e, "finding/b.html", "another");
	c = edition_counted(e);
	assert_int_equal(c.kept, 1);
	assert_int_equal(c.written, 1);
	close_it(e, "index 2");
	assert_str(look("finding/a.html", &again), "one");
	assert_int_equal(again, a);
	assert_str(look("finding/b.html", &again), "another");
	assert_int_not_equal(again, b);
	assert_str(look("index.html", NULL), "index 2");
}

static void a_page_whose_stamp_is_known_need_not_be_made(void **state)
{
	struct err err = { 0 };
	struct edition *e = edition(FACTS);

	(void)state;
	assert_false(edition_keeps(e, "finding/a.html", 7));
	assert_int_equal(edition_put(e, "finding/a.html", 7, page("x"), &err), 0);
	close_it(e, "i");
	e = edition(FACTS);
	assert_false(edition_keeps(e, "finding/a.html", 8));
	assert_true(edition_keeps(e, "finding/a.html", 7));
	close_it(e, "i");
	assert_str(look("finding/a.html", NULL), "x");
	e = edition(STR("style 2")); /* all pages depend on it */
	assert_false(edition_keeps(e, "finding/a.html", 7));
	edition_free(e);
}

/* An error ends an edition: what it wrote is known, and what it did not come to as well. */
static void one_that_was_broken_off_is_gone_on_from(void **state)
{
	struct edition *e = edition(FACTS);

	(void)state;
	put(e, "finding/a.html", "one");
	put(e, "finding/b.html", "two");
	close_it(e, "i");
	e = edition(FACTS);
	put(e, "finding/a.html", "another");
	edition_free(e);
	e = edition(FACTS);
	put(e, "finding/a.html", "another");
	put(e, "finding/b.html", "two");
	assert_int_equal(edition_counted(e).kept, 2);
	put(e, "finding/a.html", "one");
	close_it(e, "i");
	assert_str(look("finding/a.html", NULL), "one");
}

/* Killed: nobody knows what stands there, so that no page is taken for what it was. */
static void after_a_crash_no_page_is_taken_for_what_it_was(void **state)
{
	struct edition *e = edition(FACTS);
	int status;
	pid_t child;

	(void)state;
	put(e, "finding/a.html", "one");
	put(e, "finding/b.html", "two");
	close_it(e, "i");
	child = fork();
	if (child == 0) {
		e = edition(FACTS);
		put(e, "finding/a.html", "another");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_str(look("finding/a.html", NULL), "another");
	e = edition(FACTS);
	put(e, "finding/a.html", "one");
	put(e, "finding/b.html", "two");
	assert_int_equal(edition_counted(e).kept, 0);
	close_it(e, "i");
	assert_str(look("finding/a.html", NULL), "one");
}

static void what_is_in_no_edition_any_more_goes_last(void **state)
{
	struct edition *e = edition(FACTS);

	(void)state;
	put(e, "finding/a.html", "one");
	put(e, "takedowns.html", "two");
	close_it(e, "i");
	e = edition(FACTS);
	put(e, "takedowns.html", "two");
	assert_str(look("finding/a.html", NULL), "one"); /* the old index still leads there */
	edition_free(e);
	assert_str(look("finding/a.html", NULL), "one"); /* an edition that was broken off takes nothing away */
	e = edition(FACTS);
	put(e, "takedowns.html", "two");
	close_it(e, "i");
	assert_str(look("finding/a.html", NULL), "");
	assert_str(look("takedowns.html", NULL), "two");
}

/* The list of pages says nothing, or nonsense: then all is written anew. */
static void a_list_that_cannot_be_read_is_none(void **state)
{
	static const char *const lists[] = { "", "nonsense", "watchdesk pages\n", "watchdesk pages\n12345678" };
	struct err err = { 0 };
	char path[200];

	(void)state;
	snprintf(path, sizeof(path), "%s/.pages", place);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct edition *e;

		assert_int_equal(file_replace(path, str_of(lists[i]), 0644, &err), 0);
		e = edition(FACTS);
		assert_false(edition_keeps(e, "finding/a.html", 0));
		put(e, "finding/a.html", "one");
		assert_int_equal(edition_counted(e).written, 1);
		close_it(e, "i");
	}
}

static void a_thousand_pages_are_found_again(void **state)
{
	struct edition *e = edition(FACTS);
	char name[64];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 3000; i++) {
			snprintf(name, sizeof(name), "finding/%d.html", i);
			put(e, name, name);
		}
		assert_int_equal(edition_counted(e).written, round ? 0 : 3000);
		close_it(e, "i");
		e = edition(FACTS);
	}
	edition_free(e);
}

static void other_files_are_left_alone(void **state)
{
	struct err err = { 0 };
	char path[200];

	(void)state;
	snprintf(path, sizeof(path), "%s/diary.txt", place);
	assert_int_equal(file_replace(path, STR("mine"), 0644, &err), 0);
	assert_null(edition_open(place, FACTS, &err));
	assert_int_equal(err.code, E_USAGE);
	assert_non_null(strstr(err.text, "holds diary.txt"));
	assert_str(look("diary.txt", NULL), "mine");
}

static void a_page_that_cannot_be_written_leaves_the_old_index(void **state)
{
	struct edition *e = edition(FACTS);
	AUTO(buf) full = BUF_INIT(4);
	struct err err = { 0 };

	(void)state;
	put(e, "finding/a.html", "one");
	close_it(e, "old");
	e = edition(FACTS);
	buf_add(&full, STR("too much"));
	assert_int_equal(edition_put_if_new(e, "finding/a.html", &full, &err), E_LIMIT);
	edition_free(e);
	assert_str(look("finding/a.html", NULL), "one");
	assert_str(look("index.html", NULL), "old");
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(only_what_is_another_is_written),
		CASE(a_page_whose_stamp_is_known_need_not_be_made),
		CASE(one_that_was_broken_off_is_gone_on_from),
		CASE(after_a_crash_no_page_is_taken_for_what_it_was),
		CASE(what_is_in_no_edition_any_more_goes_last),
		CASE(a_list_that_cannot_be_read_is_none),
		CASE(a_thousand_pages_are_found_again),
		CASE(other_files_are_left_alone),
		CASE(a_page_that_cannot_be_written_leaves_the_old_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
