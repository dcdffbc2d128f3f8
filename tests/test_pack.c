/* test_pack.c - a finding's evidence as files, checked with sha256sum and gzip as its README says; pages as archives */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "desk/pack.h"
#include "desk/render.h"
#include "store/cdxj.h"
#include "store/evidence.h"
#include "store/post.h"
#include "tests/stores.h"

struct bench {
	struct test_place at;
	struct store *store;
	struct seal_private key;
	struct err err;
	int64_t finding;
	char folder[128];
};

static struct exchange exchanges[] = {
	{
		.url = { "http://paste.example.net/7f", 27 },
		.request = STR("GET /7f HTTP/1.1\r\nHost: paste.example.net\r\n\r\n"),
		.headers = STR("HTTP/1.1 302 Found\r\nLocation: https://paste.example.net/raw/7f\r\n\r\n"),
		.protocol = STR("http/1.1"),
		.address = STR("192.0.2.7"),
		.status = 302,
		.started_at = INT64_C(1795665788000000),
		.ended_at = INT64_C(1795665788100000),
	},
	{
		.url = { "https://paste.example.net/raw/7f?b=2&a=1", 40 },
		.request = STR("GET /raw/7f?b=2&a=1 HTTP/2\r\nHost: paste.example.net\r\n\r\n"),
		.headers = STR("HTTP/2 200 \r\nContent-Type: text/html; charset=utf-8\r\n\r\n"),
		.body = STR("<p>user@example.com:Secret#1</p>"),
		.protocol = STR("h2"),
		.address = STR("2001:db8::7"),
		.tls = STR("TLSv1.3 TLS_AES_256_GCM_SHA384"),
		.chain = STR("-----BEGIN CERTIFICATE-----\nTGVhZg==\n-----END CERTIFICATE-----\n"),
		.leaf = STR("0123456789abcdef0123456789abcdef"),
		.status = 200,
		.started_at = INT64_C(1795665789000042),
		.ended_at = INT64_C(1795665789250000),
	},
};
static const struct trail trail = { exchanges, 2 };

static void keep_finding(struct bench *b, const char *key)
{
	static struct str term[] = { { "leak: +70", 9 } };
	unsigned char rules[DIGEST_BYTES] = { 1 }, digest[DIGEST_BYTES];
	struct capture_facts facts = { .asked_url = exchanges[0].url,
				       .url = exchanges[1].url,
				       .address = exchanges[1].address,
				       .tls_leaf = exchanges[1].leaf,
				       .body_digest = { (const char *)digest, DIGEST_BYTES },
				       .hops = 1,
				       .status = 200 };
	struct stored_post p = { .key = str_of(key),
				 .text = STR("user@example.com:********"),
				 .assessment = { .category = STR("leak"), .severity = 75, .terms = term, .n_terms = 1 } };
	struct evidence_text text = { 0, STR("user@example.com:Secret#1") };
	struct evidence_item item = { .trail = &trail, .texts = &text, .n_texts = 1 };
	struct stored_result result;
	int64_t evidence;

	digest_sha256(exchanges[1].body, digest);
	if (store_begin(b->store, &b->err) < 0 || store_source(b->store, STR("pastes"), &p.source_id, &b->err) < 0 ||
	    store_classifier(b->store, &(struct stored_classifier){ rules, rules, STR("1") }, 5, &p.assessment.classifier_id,
			     &b->err) < 0)
		fail_msg("%s", b->err.text);
	facts.source_id = p.source_id;
	if (capture_keep_facts(b->store, &facts, &item.capture_id, &b->err) < 0)
		fail_msg("%s", b->err.text);
	p.capture_id = item.capture_id;
	if (store_post(b->store, &p, 10, &result, &b->err) < 0)
		fail_msg("%s", b->err.text);
	b->finding = text.finding_id = result.finding_id;
	if (evidence_keep(b->store, &item, 20, &evidence, &b->err) < 0 || store_commit(b->store, &b->err) < 0)
		fail_msg("%s", b->err.text);
}

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	test_place_make(&b->at, DB_SQLITE);
	b->store = store_open(&b->at.place, STORE_CREATE, &b->err);
	if (!b->store || seal_private_read(b->at.folder, NULL, &b->key, &b->err) < 0)
		fail_msg("%s", b->err.text);
	keep_finding(b, "7f");
	snprintf(b->folder, sizeof(b->folder), "%s/out", b->at.folder);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;

	store_free(b->store);
	test_place_remove(&b->at);
	free(b);
	return 0;
}

static int pack(struct bench *b, struct pack_result *result)
{
	struct pack_order order = {
		.finding_id = b->finding, .finding = STR("7f00"), .folder = b->folder, .key = &b->key, .now = 0
	};

	return pack_write(b->store, &order, result, &b->err);
}

/* Run a command of the README in the pack's folder; the tests' own words, nothing from outside. */
static int in_folder(const struct bench *b, const char *command)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (chdir(b->folder) == 0)
			execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_pack_verifies_as_its_readme_says(void **state)
{
	static const char *const commands[] = {
		"sha256sum -c --quiet SHA256SUMS",
		"test $(wc -l <SHA256SUMS) = $(find . -type f ! -name SHA256SUMS | wc -l)", /* of every file */
		"gzip -t 7f00.warc.gz",
		"zcat 7f00.warc.gz | grep -q Secret#1",
		/* one answer alone, by its line of the index */
		"l=$(tail -n 1 7f00.cdxj); o=${l##*offset\\\":\\\"}; n=${l##*length\\\":\\\"}; "
		"tail -c +$((${o%%\\\"*} + 1)) 7f00.warc.gz | head -c ${n%%\\\"*} | zcat | grep -q Secret#1",
		/* the sum that each command of part 4 gives is content-sha256 of the row */
		"c=$(grep -m 1 'tail -c +[0-9].*sha256sum' README.txt); sum=$(sh -c \"$c\"); "
		"grep -q \"content-sha256: ${sum%% *}\" rows/*.txt",
		"grep -q BEGIN certificates.pem",
		"test -z \"$(find . -type f -perm /077)\"",
	};
	struct bench *b = *state;
	struct pack_result result;

	if (pack(b, &result) < 0)
		fail_msg("%s", b->err.text);
	assert_int_equal(result.items, 1);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (in_folder(b, commands[i]) != 0)
			fail_msg("%s", commands[i]);
}

/* A certificate as a server shows it, made by openssl for this run; without openssl there is none. */
static bool make_certificate(const struct bench *b, struct buf *pem, unsigned char leaf[DIGEST_BYTES])
{
	AUTO(buf) der = BUF_INIT(10000);
	char path[200];
	struct err err = { 0 };

	if (file_make_folder(b->folder, 0700, &err) < 0 ||
	    in_folder(b, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=paste.example.net "
			 "-keyout ../key.pem -out ../leaf.pem 2>/dev/null && openssl x509 -in ../leaf.pem -outform DER -out "
			 "../leaf.der") != 0)
		return false;
	snprintf(path, sizeof(path), "%s/leaf.pem", b->at.folder);
	read_fixture(path, pem);
	snprintf(path, sizeof(path), "%s/leaf.der", b->at.folder);
	read_fixture(path, &der);
	digest_sha256(buf_str(&der), leaf);
	return true;
}

static void a_certificate_has_the_fingerprint_that_was_noted(void **state)
{
	struct bench *b = *state;
	struct exchange before = exchanges[1];
	AUTO(buf) pem = BUF_INIT(10000);
	unsigned char leaf[DIGEST_BYTES];
	struct pack_result result;

	if (!make_certificate(b, &pem, leaf)) {
		print_message("skipped: no openssl\n");
		return;
	}
	exchanges[1].chain = buf_str(&pem);
	exchanges[1].leaf = (struct str){ (const char *)leaf, sizeof(leaf) };
	keep_finding(b, "80");
	exchanges[1] = before;
	if (pack(b, &result) < 0)
		fail_msg("%s", b->err.text);
	assert_int_equal(
		in_folder(b, "sum=$(openssl x509 -in certificates.pem -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | "
			     "tr A-F a-f); zcat 7f00.warc.gz | grep -q \"^tls-leaf-sha256: $sum\""),
		0);
}

static void a_flipped_bit_in_a_pack_is_seen(void **state)
{
	struct bench *b = *state;
	struct pack_result result;

	assert_int_equal(pack(b, &result), 0);
	assert_int_equal(in_folder(b, "printf x | dd of=7f00.warc.gz bs=1 seek=700 conv=notrunc 2>/dev/null"), 0);
	assert_int_not_equal(in_folder(b, "sha256sum -c --quiet SHA256SUMS >/dev/null 2>&1"), 0);
}

static void a_pack_goes_into_an_empty_folder_only(void **state)
{
	struct bench *b = *state;
	struct pack_result result;

	assert_int_equal(pack(b, &result), 0);
	assert_int_equal(pack(b, &result), E_USAGE);
	assert_non_null(strstr(b->err.text, "is not empty"));
}

static void nothing_sealed_or_all_purged_is_said(void **state)
{
	struct bench *b = *state;
	struct pack_result result;

	b->finding += 1000;
	assert_int_equal(pack(b, &result), E_STORE);
	assert_non_null(strstr(b->err.text, "no capture of finding 7f00 was sealed"));
	b->finding -= 1000;
	assert_int_equal(file_remove_folder(b->folder, &b->err), 0);
	assert_int_equal(store_begin(b->store, &b->err), 0);
	assert_int_equal(evidence_forget(b->store, 1, 50, &b->err), 1);
	assert_int_equal(store_commit(b->store, &b->err), 0);
	assert_int_equal(pack(b, &result), E_STORE);
	assert_non_null(strstr(b->err.text, "was purged"));
}

static void keys_sort_sites_together(void **state)
{
	static const struct {
		const char *url, *key, *why;
	} rows[] = {
		{ "http://www.example.com/", "com,example)/", "www says nothing" },
		{ "https://www2.Example.com/A/b", "com,example)/a/b", "capitals" },
		{ "http://example.com:8080/?b=2&a=1", "com,example:8080)/?a=1&b=2", "a port, a query in another order" },
		{ "http://example.com", "com,example)", "no path" },
		{ "http://127.0.0.1:81/x", "1,0,0,127:81)/x", "an address" },
		{ "http://[::1]:81/x", "[::1]:81)/x", "an IPv6 address" },
		{ "http://wwwx.example.com/?", "com,example,wwwx)/", "an empty query" },
		{ "https://a.b/c#d", "b,a)/c", "a fragment" },
		{ "ftp://a.b/c", "ftp://a.b/c", "another scheme" },
		{ "", "", "nothing" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(1000);
		struct str url = exact_copy(str_of(rows[i].url));

		cdxj_key(url, &out);
		if (!str_eq(buf_str(&out), str_of(rows[i].key)))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
		free((char *)url.p);
	}
}

static void the_index_names_answers_in_order(void **state)
{
	struct bench *b = *state;
	struct pack_result result;
	AUTO(buf) index = BUF_INIT(10000);
	char path[200];
	struct str rest, line;

	assert_int_equal(pack(b, &result), 0);
	snprintf(path, sizeof(path), "%s/7f00.cdxj", b->folder);
	read_fixture(path, &index);
	rest = buf_str(&index);
	assert_true(str_split(&rest, '\n', &line));
	assert_true(str_starts(line, STR("net,example,paste)/7f 20261126040308 {\"url\":\"http://paste.example.net/7f\"")));
	assert_true(str_split(&rest, '\n', &line));
	assert_true(str_starts(line, STR("net,example,paste)/raw/7f?a=1&b=2 20261126040309 {\"url\":")));
	assert_true(str_find(line, STR("\"mime\":\"text/html\",\"status\":\"200\",\"digest\":\"sha256:")) > 0);
	assert_int_equal(rest.n, 0);
}

static void a_page_becomes_an_archive_that_says_its_encoding(void **state)
{
	static const struct {
		const char *type, *body, *kind, *base64, *why;
		int result;
	} rows[] = {
		{ "text/html", "<p>x", "type=\"text/html\"", "77u/PHA+eA==", "HTML", 0 },
		{ "", "<p>x", "type=\"text/html\"", "77u/PHA+eA==", "no type", 0 },
		{ "text/plain; charset=iso-8859-1", "caf\xe9", "type=\"text/plain\"", "77u/Y2Fmw6k=", "Latin 1", 0 },
		{ "application/json", "{}", "type=\"text/plain\"", "77u/e30=", "JSON is shown as text", 0 },
		{ "image/svg+xml", "<svg/>", "type=\"text/plain\"", "77u/PHN2Zy8+", "a picture that is a text", 0 },
		{ "application/pdf", "%PDF", "", "", "not for a browser", E_BAD },
		{ "text", "x", "", "", "no type", E_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
		AUTO(buf) out = BUF_INIT(10000);
		struct str body = exact_copy(str_of(rows[i].body));
		struct render_page p = { .url = STR("https://h/a\r\nX: y"),
					 .body = body,
					 .content_type = str_of(rows[i].type) };
		struct render_facts facts = { 0 };
		struct err err = { 0 };

		if (render_archive(&p, a, &out, &facts, &err) != rows[i].result)
			fail_msg("%s: %s", rows[i].why, err.text);
		if (rows[i].result == 0 &&
		    (str_find(buf_str(&out), str_of(rows[i].kind)) < 0 || str_find(buf_str(&out), str_of(rows[i].base64)) < 0 ||
		     str_find(buf_str(&out), STR("\nX: y")) >= 0))
			fail_msg("%s: %.*s", rows[i].why, STR_ARG(buf_str(&out)));
		free((char *)body.p);
	}
}

/* The folder a first word of PATH is looked up in holds only this program. */
static void use_program(const char *folder, const char *script)
{
	char path[200];
	struct err err = { 0 };

	setenv("PATH", folder, 1);
	if (!script)
		return;
	snprintf(path, sizeof(path), "%s/chromium", folder);
	assert_int_equal(file_replace(path, str_of(script), 0755, &err), 0);
}

static int render(struct buf *out, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct render_page p = { .url = STR("https://h/a"), .body = STR("<p>x"), .patience_ms = 700 };
	struct render_facts facts = { 0 };

	return render_page(&p, a, out, &facts, err);
}

/* What stands in for Chromium here does what Chromium may do. */
static void whatever_chromium_does_is_said(void **state)
{
#define VERSION "#!/bin/sh\ncase $1 in --version) echo Chromium 1; exit 0 ;; esac\n"
	static const struct {
		const char *script, *said, *why;
		int result;
	} rows[] = {
		{ NULL, "there is no Chromium to render pages with; install it (Debian: apt install chromium)", "none",
		  E_USAGE },
		{ VERSION "echo %PDF-1.4 >page.pdf\n", "", "a rendering", 0 },
		{ VERSION "exit 3\n", "ended with 3 before the page was rendered", "it fails", E_IO },
		{ VERSION "kill -9 $$\n", "ended with 137", "it is killed", E_IO },
		{ VERSION "exit 0\n", "wrote no rendering", "it does nothing", E_IO },
		{ VERSION "echo hello >page.pdf\n", "is no PDF", "it writes something else", E_IO },
		{ VERSION "echo No usable sandbox >&2; exit 1\n", "allow unprivileged user namespaces", "no sandbox", E_IO },
		{ VERSION "/bin/sleep 100 & wait\n", "was not done after", "it hangs, and so does its helper", E_BUSY },
		{ VERSION "test -z \"$SECRET\" && test \"$PWD\" = \"$HOME\" && echo %PDF- >page.pdf\n", "",
		  "an environment of its own", 0 },
	};
	char *before = strdup(getenv("PATH"));
	char folder[] = "/tmp/watchdesk-test-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(folder));
	chmod(folder, 0755); /* whom the program runs as must come to it */
	setenv("SECRET", "1", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO(buf) out = BUF_INIT(100000);
		struct err err = { 0 };

		use_program(folder, rows[i].script);
		if (render(&out, &err) != rows[i].result || !strstr(err.text, rows[i].said))
			fail_msg("%s: %s", rows[i].why, err.text);
		assert_int_equal(out.n > 0 && str_starts(buf_str(&out), STR("%PDF-")), rows[i].result == 0);
	}
	setenv("PATH", before, 1);
	free(before);
	file_remove_folder(folder, NULL);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(a_pack_verifies_as_its_readme_says),
		CASE(a_certificate_has_the_fingerprint_that_was_noted),
		CASE(a_flipped_bit_in_a_pack_is_seen),
		CASE(a_pack_goes_into_an_empty_folder_only),
		CASE(nothing_sealed_or_all_purged_is_said),
		cmocka_unit_test(keys_sort_sites_together),
		CASE(the_index_names_answers_in_order),
		cmocka_unit_test(a_page_becomes_an_archive_that_says_its_encoding),
		cmocka_unit_test(whatever_chromium_does_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
