/* test_form.c - the page of a sign-in: which form is sent, with what in it, and where to */
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "crawler/extract/form.h"
#include "crawler/url.h"

/* Read a page of https://forum.example.net/in/page as a source with this XPath of its form does. */
static struct login_page page_of(struct arena *a, const char *html, const char *form)
{
	const struct source s = { .login = { .form = { .text = str_of(form) },
					     .signed_in = { .text = STR("//a[@id='out']") } } };
	struct str body = exact_copy(str_of(html));
	const struct reply r = { .url = STR("https://forum.example.net/in/page"),
				 .content_type = STR("text/html; charset=utf-8"),
				 .body = body };
	struct login_page page = { 0 };
	struct err err = { 0 };

	if (form_page_read(&s, &r, a, &page, &err) < 0)
		fail_msg("%s", err.text);
	free((void *)(uintptr_t)body.p);
	return page;
}

static void a_form_is_read_as_a_browser_sends_it(void **state)
{
	static const struct {
		const char *why, *html, *form, *action, *sent;
	} rows[] = {
		{ "its name and its password", "<form method=post action=/go><input name=u><input type=password name=p></form>",
		  "", "https://forum.example.net/go", "u=NAME&p=WORD" },
		{ "hidden fields, in their order",
		  "<form method=POST action=go><input type=hidden name=a value=1><input name=u><input type=PASSWORD name=p>"
		  "<input type=hidden name=b value='x &amp; y'></form>",
		  "", "https://forum.example.net/in/go", "a=1&u=NAME&p=WORD&b=x+%26+y" },
		{ "without an action it is the page's own",
		  "<form method=post><input name=u><input type=password name=p></form>", "",
		  "https://forum.example.net/in/page", "u=NAME&p=WORD" },
		{ "against the base of the page",
		  "<base href=/deep/er/><form method=post action=go><input name=u><input type=password name=p></form>", "",
		  "https://forum.example.net/deep/er/go", "u=NAME&p=WORD" },
		{ "the first that has a password",
		  "<form method=post action=/search><input name=q></form><form method=post action=/go><input name=u><input "
		  "type=password name=p></form><form method=post action=/third><input name=u><input type=password "
		  "name=p></form>",
		  "", "https://forum.example.net/go", "u=NAME&p=WORD" },
		{ "the one that is named",
		  "<form method=post action=/1><input name=u><input type=password name=p></form><form id=x method=post "
		  "action=/2><input name=v><input type=password name=q></form>",
		  "//form[@id='x']", "https://forum.example.net/2", "v=NAME&q=WORD" },
		{ "what was there for the name is replaced",
		  "<form method=post action=/go><input name=u value=guest><input type=password name=p value=none></form>", "",
		  "https://forum.example.net/go", "u=NAME&p=WORD" },
		{ "the text field before the password, not what comes after",
		  "<form method=post action=/go><input name=lang value=en><input type=email name=u><input type=password "
		  "name=p><input name=after></form>",
		  "", "https://forum.example.net/go", "lang=en&u=NAME&p=WORD&after=" },
		{ "or the one that says that it is the name's",
		  "<form method=post action=/go><input name=u autocomplete=username><input name=site value=x><input "
		  "type=password name=p></form>",
		  "", "https://forum.example.net/go", "u=NAME&site=x&p=WORD" },
		{ "ticked boxes only, one button, nothing that is disabled",
		  "<form method=post action=/go><input type=checkbox name=c><input type=checkbox name=d checked><input "
		  "type=radio name=e value=1><input type=radio name=e value=2 checked><input name=u><input type=password "
		  "name=p><input type=hidden name=f value=3 disabled><input type=submit name=s value=In><input type=submit "
		  "name=t value=Other><input type=image name=i><input type=reset name=r></form>",
		  "", "https://forum.example.net/go", "d=on&e=2&u=NAME&p=WORD&s=In" },
		{ "a <button> is one too",
		  "<form method=post action=/go><input name=u><input type=password name=p><button type=button name=x>"
		  "</button><button name=s value=1>In</button></form>",
		  "", "https://forum.example.net/go", "u=NAME&p=WORD&s=1" },
		{ "lists: what is selected, else the first",
		  "<form method=post action=/go><select name=a><option value=1>one<option value=2 selected>two</select><select "
		  "name=b><option>first<option value=9>second</select><input name=u><input type=password "
		  "name=p><textarea name=t>a b</textarea></form>",
		  "", "https://forum.example.net/go", "a=2&b=first&u=NAME&p=WORD&t=a+b" },
		{ "fields that a table has put outside",
		  "<table><form method=post action=/go><tr><td><input name=u><td><input type=password "
		  "name=p><input type=hidden name=h value=1></form></table><form action=/x><input name=late></form>",
		  "", "https://forum.example.net/go", "u=NAME&p=WORD&h=1" },
		{ "bytes that have a meaning in what is sent",
		  "<form method=post action=/go><input type=hidden name='a=b' value='&#8364;+%'><input name=u><input "
		  "type=password name=p></form>",
		  "", "https://forum.example.net/go", "a%3Db=%E2%82%AC%2B%25&u=NAME&p=WORD" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		const struct login_page page = page_of(a, rows[i].html, rows[i].form);
		AUTO(buf) sent = BUF_INIT(LIMIT_POST);

		if (page.in || page.problem.n)
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(page.problem));
		assert_int_equal(login_write(&page.form, STR("NAME"), STR("WORD"), &sent, NULL), 0);
		assert_str(page.form.action, rows[i].action);
		assert_str(buf_str(&sent), rows[i].sent);
	}
}

static void a_form_that_is_none_is_told(void **state)
{
	static const struct {
		const char *why, *html, *form, *problem;
	} rows[] = {
		{ "no form", "<p>Closed.", "", "has no form with a password" },
		{ "an empty page", "", "", "has no form with a password" },
		{ "a form without a password", "<form method=post><input name=u></form>", "", "has no form with a password" },
		{ "a password without a form", "<input type=password name=p>", "", "has no form with a password" },
		{ "the password in the address", "<form action=/go><input name=u><input type=password name=p></form>", "",
		  "in an address" },
		{ "the same", "<form method=get action=/go><input name=u><input type=password name=p></form>", "",
		  "in an address" },
		{ "no field for the name", "<form method=post><input type=password name=p></form>", "",
		  "no fields for a name" },
		{ "a password that has no name", "<form method=post><input name=u><input type=password></form>", "",
		  "no fields for a name" },
		{ "a form that is not there", "<form method=post><input name=u><input type=password name=p></form>",
		  "//form[@id='x']", "login.form finds no form" },
		{ "what is no form", "<p id=x>", "//p", "login.form finds no form" },
		{ "no address",
		  "<form method=post action='mailto:a@example.net'><input name=u><input type=password name=p></form>", "",
		  "what is no address" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		const struct login_page page = page_of(a, rows[i].html, rows[i].form);

		if (page.in || str_find(page.problem, str_of(rows[i].problem)) < 0)
			fail_msg("%s: in %d, \"%.*s\"", rows[i].why, page.in, STR_ARG(page.problem));
	}
}

static void a_page_that_shows_that_we_are_in_needs_no_form(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	(void)state;
	assert_true(page_of(a, "<a id=out href=/logout>out</a>", "").in);
	assert_int_equal(page_of(a, "<a id=out href=/logout>out</a>", "").problem.n, 0);
	assert_false(page_of(a, "<a href=/logout>out</a>", "").in);
}

static void a_form_of_a_hundred_fields_is_refused(void **state)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) html = BUF_INIT(MIB(1));

	(void)state;
	buf_add(&html, STR("<form method=post><input name=u><input type=password name=p>"));
	for (int i = 0; i < 100; i++)
		buf_printf(&html, "<input type=hidden name=h%d>", i);
	assert_true(page_of(a, html.p, "").problem.n > 0);
}

static void a_password_goes_to_its_own_place_only(void **state)
{
	static const struct {
		const char *page, *action;
		bool refused;
	} rows[] = {
		{ "https://forum.example.net/login", "https://forum.example.net/do", false },
		{ "https://forum.example.net/login", "https://forum.example.net:443/do", false },
		{ "https://forum.example.net/login", "https://forum.example.net:8443/do", true },
		{ "https://forum.example.net/login", "http://forum.example.net/do", true },
		{ "https://forum.example.net/login", "https://example.net/do", true },
		{ "https://forum.example.net/login", "https://forum.example.net.evil.example/do", true },
		{ "http://forum.example.net/login", "http://forum.example.net/do", true },
		{ "http://abcdef.onion/login", "http://abcdef.onion/do", false },
		{ "http://abcdef.onion/login", "http://abcdeg.onion/do", true },
		{ "http://127.0.0.1:8080/login", "http://127.0.0.1:8080/do", false },
		{ "http://localhost/login", "http://localhost/do", false },
		{ "http://localhost.example.net/login", "http://localhost.example.net/do", true },
	};
	AUTO_FREE(arena) a = arena_new(MIB(1));

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct url page, action;

		assert_int_equal(url_parse(a, str_of(rows[i].page), (struct str){ 0 }, &page, NULL), 0);
		assert_int_equal(url_parse(a, str_of(rows[i].action), (struct str){ 0 }, &action, NULL), 0);
		if (!login_refuses(&page, &action) == rows[i].refused)
			fail_msg("%s -> %s", rows[i].page, rows[i].action);
	}
}

static void each_refusal_is_waited_for_longer_until_there_is_no_further_try(void **state)
{
	(void)state;
	assert_true(login_wait(1) >= INT64_C(60000000));
	assert_true(login_wait(2) > login_wait(1));
	assert_int_equal(login_wait(LIMIT_LOGINS), 0);
	assert_int_equal(login_wait(LIMIT_LOGINS + 1), 0);
}

static void a_form_that_is_too_large_to_send_is_not_cut(void **state)
{
	struct login_field fields[] = { { STR("u"), { 0 } }, { STR("p"), { 0 } } };
	const struct login_form form = { .fields = fields, .n_fields = 2, .user = 0, .password = 1 };
	AUTO(buf) out = BUF_INIT(8);
	struct err err = { 0 };

	(void)state;
	assert_int_equal(login_write(&form, STR("name"), STR("password"), &out, &err), E_LIMIT);
	assert_null(strstr(err.text, "password"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_read_as_a_browser_sends_it),
		cmocka_unit_test(a_form_that_is_none_is_told),
		cmocka_unit_test(a_page_that_shows_that_we_are_in_needs_no_form),
		cmocka_unit_test(a_form_of_a_hundred_fields_is_refused),
		cmocka_unit_test(a_password_goes_to_its_own_place_only),
		cmocka_unit_test(each_refusal_is_waited_for_longer_until_there_is_no_further_try),
		cmocka_unit_test(a_form_that_is_too_large_to_send_is_not_cut),
	};

	extract_warm_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
