/* test_seal.c - the evidence key: its files, sealing, opening, and everything that must not open */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/seal.h"

static char folder[64];

static void in_folder(const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", folder, name);
}

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/watchdesk-seal-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	struct err err = { 0 };

	(void)state;
	return file_remove_folder(folder, &err);
}

static void make_pair(struct seal_public *p, struct seal_private *k)
{
	struct err err = { 0 };

	assert_int_equal(seal_make(folder, &err), 0);
	assert_int_equal(seal_public_read(folder, p, &err), 0);
	assert_int_equal(seal_private_read(folder, NULL, k, &err), 0);
}

static void write_file(const char *name, const char *text)
{
	struct err err = { 0 };
	char path[128];

	in_folder(name, path);
	assert_int_equal(file_replace(path, str_of(text), 0600, &err), 0);
}

static void only_the_owner_reads_the_private_half(void **state)
{
	struct seal_public p;
	struct seal_private k;
	struct stat status;
	char path[128];

	(void)state;
	make_pair(&p, &k);
	in_folder("evidence.key", path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	in_folder("evidence.pub", path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
	assert_memory_equal(p.id, k.public_half.id, DIGEST_BYTES);
}

static void what_is_sealed_opens(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4096, 1000000 };
	struct seal_public p;
	struct seal_private k;
	struct err err = { 0 };

	(void)state;
	make_pair(&p, &k);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		AUTO(buf) sealed = BUF_INIT(1 << 21);
		AUTO(buf) plain = BUF_INIT(1 << 21);
		unsigned char wrapped[SEAL_WRAPPED];
		char *bytes = malloc(sizes[i] ? sizes[i] : 1);
		struct str s = { bytes, sizes[i] };

		digest_random(bytes, sizes[i]);
		assert_int_equal(seal_put(s, STR("about"), &p, &sealed, wrapped, &err), 0);
		assert_int_equal(sealed.n, sizes[i] + SEAL_OVERHEAD);
		assert_int_equal(seal_open(buf_str(&sealed), STR("about"), (struct str){ (char *)wrapped, SEAL_WRAPPED }, &k,
					   &plain, &err),
				 0);
		assert_true(str_eq(buf_str(&plain), s));
		free(bytes);
	}
}

static void one_text_is_sealed_differently_each_time(void **state)
{
	AUTO(buf) one = BUF_INIT(1000);
	AUTO(buf) two = BUF_INIT(1000);
	unsigned char wrapped[2][SEAL_WRAPPED];
	struct seal_public p;
	struct seal_private k;
	struct err err = { 0 };

	(void)state;
	make_pair(&p, &k);
	assert_int_equal(seal_put(STR("the same text"), STR(""), &p, &one, wrapped[0], &err), 0);
	assert_int_equal(seal_put(STR("the same text"), STR(""), &p, &two, wrapped[1], &err), 0);
	assert_false(str_eq(buf_str(&one), buf_str(&two)));
	assert_memory_not_equal(wrapped[0], wrapped[1], SEAL_WRAPPED);
	assert_int_equal(str_find(buf_str(&one), STR("same")), -1);
}

/* Every bit of the sealed bytes and of the wrapped key, each in turn; every cut; and another item's place. */
static void nothing_altered_opens(void **state)
{
	AUTO(buf) sealed = BUF_INIT(1000);
	AUTO(buf) plain = BUF_INIT(1000);
	unsigned char wrapped[SEAL_WRAPPED];
	struct seal_public p;
	struct seal_private k;
	struct err err = { 0 };
	struct str w = { (char *)wrapped, SEAL_WRAPPED };

	(void)state;
	make_pair(&p, &k);
	assert_int_equal(seal_put(STR("what was said"), STR("item 1"), &p, &sealed, wrapped, &err), 0);
	for (size_t bit = 0; bit < 8 * sealed.n; bit++) {
		sealed.p[bit / 8] ^= (char)(1 << bit % 8);
		assert_int_equal(seal_open(buf_str(&sealed), STR("item 1"), w, &k, &plain, &err), E_VERIFY);
		sealed.p[bit / 8] ^= (char)(1 << bit % 8);
	}
	for (size_t bit = 0; bit < 8 * sizeof(wrapped); bit++) {
		wrapped[bit / 8] ^= (unsigned char)(1 << bit % 8);
		assert_int_equal(seal_open(buf_str(&sealed), STR("item 1"), w, &k, &plain, &err), E_VERIFY);
		wrapped[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	for (size_t n = 0; n < sealed.n; n++) {
		struct str cut = exact_copy(str_slice(buf_str(&sealed), 0, n));

		assert_int_equal(seal_open(cut, STR("item 1"), w, &k, &plain, &err), E_VERIFY);
		free((char *)cut.p);
	}
	assert_int_equal(seal_open(buf_str(&sealed), STR("item 2"), w, &k, &plain, &err), E_VERIFY);
	assert_int_equal(seal_open(buf_str(&sealed), STR("item 1"), str_slice(w, 0, 79), &k, &plain, &err), E_VERIFY);
	assert_int_equal(plain.n, 0);
	assert_int_equal(seal_open(buf_str(&sealed), STR("item 1"), w, &k, &plain, &err), 0);
	assert_str(buf_str(&plain), "what was said");
}

static void ceilings_are_kept(void **state)
{
	AUTO(buf) small = BUF_INIT(50);
	AUTO(buf) sealed = BUF_INIT(1000);
	unsigned char wrapped[SEAL_WRAPPED];
	struct seal_public p;
	struct seal_private k;
	struct err err = { 0 };

	(void)state;
	make_pair(&p, &k);
	assert_int_equal(seal_put(STR("eleven byte"), STR(""), &p, &small, wrapped, &err), E_LIMIT);
	buf_release(&small);
	small = (struct buf)BUF_INIT(10);
	assert_int_equal(seal_put(STR("eleven byte"), STR(""), &p, &sealed, wrapped, &err), 0);
	assert_int_equal(seal_open(buf_str(&sealed), STR(""), (struct str){ (char *)wrapped, SEAL_WRAPPED }, &k, &small, &err),
			 E_LIMIT);
}

static void a_pair_is_made_once(void **state)
{
	struct seal_public before, after;
	struct seal_private k;
	struct err err = { 0 };
	char path[128];

	(void)state;
	make_pair(&before, &k);
	assert_int_equal(seal_make(folder, &err), 0);
	assert_int_equal(seal_public_read(folder, &after, &err), 0);
	assert_memory_equal(before.id, after.id, DIGEST_BYTES);
	in_folder("evidence.key", path); /* legal took it away: sealing goes on, and no other is made */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(seal_make(folder, &err), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(seal_public_read(folder, &after, &err), 0);
	assert_memory_equal(before.id, after.id, DIGEST_BYTES);
}

static void a_run_cut_off_between_the_files_is_mended(void **state)
{
	struct seal_public before, after;
	struct seal_private k;
	struct err err = { 0 };
	char path[128];

	(void)state;
	make_pair(&before, &k);
	in_folder("evidence.pub", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(seal_make(folder, &err), 0);
	assert_int_equal(seal_public_read(folder, &after, &err), 0);
	assert_memory_equal(before.id, after.id, DIGEST_BYTES);
}

static void a_key_that_is_away_is_given_by_name(void **state)
{
	struct seal_public p;
	struct seal_private k, again;
	struct err err = { 0 };
	char from[128], to[128];

	(void)state;
	make_pair(&p, &k);
	in_folder("evidence.key", from);
	in_folder("taken-away", to);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(seal_private_read(folder, NULL, &again, &err), E_STORE);
	assert_int_equal(strncmp(err.text, "evidence can be written and verified, not read: ",
				 strlen("evidence can be written and verified, not read: ")),
			 0);
	assert_non_null(strstr(err.text, "bring it back or give --key FILE"));
	assert_int_equal(seal_private_read(folder, to, &again, &err), 0);
	assert_memory_equal(again.key, k.key, SEAL_KEY);
}

static void what_is_no_key_says_so(void **state)
{
	static const struct {
		const char *text, *why, *said;
	} rows[] = {
		{ "", "empty", "does not hold the private half" },
		{ "hello\n", "another text", "does not hold the private half" },
		{ "watchdesk evidence key, private half: whoever has it reads the evidence; keep it away from here\nAAAA\n",
		  "a short key", "does not hold the private half" },
		{ "watchdesk evidence key, private half: whoever has it reads the evidence; keep it away from here\n%%%%\n",
		  "not base64", "does not hold the private half" },
		{ "watchdesk evidence key, public half: it seals, it opens nothing\n"
		  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
		  "the other half", "is the public half, which opens nothing" },
		{ "watchdesk evidence key, private half: whoever has it reads the evidence; keep it away from here\n"
		  "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n",
		  "another pair", "is another evidence key" },
	};
	struct seal_public p;
	struct seal_private k;
	struct err err = { 0 };

	(void)state;
	make_pair(&p, &k);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_file("evidence.key", rows[i].text);
		if (seal_private_read(folder, NULL, &k, &err) != E_STORE || !strstr(err.text, rows[i].said))
			fail_msg("%s: %s", rows[i].why, err.text);
	}
	write_file("evidence.pub", rows[5].text);
	assert_int_equal(seal_public_read(folder, &p, &err), E_STORE);
	assert_non_null(strstr(err.text, "does not hold the public half"));
	assert_int_equal(seal_private_read(NULL, "/dev/zero", &k, &err), E_STORE); /* without end */
}

static void a_public_half_that_is_away_says_so(void **state)
{
	struct seal_public p;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(seal_public_read(folder, &p, &err), E_STORE);
	assert_non_null(strstr(err.text, "no evidence can be sealed"));
	assert_int_equal(seal_make("/nonexistent/folder", &err), E_IO);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		CASE(only_the_owner_reads_the_private_half),
		CASE(what_is_sealed_opens),
		CASE(one_text_is_sealed_differently_each_time),
		CASE(nothing_altered_opens),
		CASE(ceilings_are_kept),
		CASE(a_pair_is_made_once),
		CASE(a_run_cut_off_between_the_files_is_mended),
		CASE(a_key_that_is_away_is_given_by_name),
		CASE(what_is_no_key_says_so),
		CASE(a_public_half_that_is_away_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
