/* store.c - how fast the memory is, beside bare sqlite3 with the same rows; `make bench` and `make bench-long` run it */
/*
 * usage: store write PLACE FROM TO [STEP]   posts with keys FROM to TO, in groups of 500; the rate of each STEP
 *        store bare FOLDER FROM TO          the same rows with sqlite3 alone: prepared statements, nothing compressed or looked
 * up store index PLACE                  full text of all that waits store search PLACE WORD...         how long each search
 * takes PLACE is a folder, or FOLDER=postgresql://...
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "store/evidence.h"
#include "store/finding.h"
#include "store/internal.h"
#include "store/search.h"

enum { GROUP = 500, PASTE = 1500, VOCABULARY = 20000, FINDING_EVERY = 500 };

static char vocabulary[VOCABULARY][16];

/* splitmix64: any seed gives a good sequence. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static void make_vocabulary(void)
{
	static const char *const syllables[] = { "ba", "ke",  "di",  "lo",  "mu",  "ran", "ter", "sel", "vin",
						 "co", "pra", "sto", "ine", "ing", "er",  "al",	 "is",	"on",
						 "et", "ur",  "na",  "ty",  "wo",  "gri", "fle", "hes" };
	uint64_t seed = 7;

	for (int i = 0; i < VOCABULARY; i++) {
		int n = 1 + (int)(draw(&seed) % 4), at = 0;

		for (int k = 0; k < n; k++)
			at += snprintf(vocabulary[i] + at, sizeof(vocabulary[i]) - (size_t)at, "%s",
				       syllables[draw(&seed) % (sizeof(syllables) / sizeof(syllables[0]))]);
	}
}

/* Words as often as in a language: the k-th is k times rarer than the first, about. */
static void paste(uint64_t k, struct buf *out)
{
	uint64_t seed = k * 0x2545f4914f6cdd1du + 1;

	buf_printf(out, "note%llu\n", (unsigned long long)k);
	while (out->n < PASTE) {
		uint64_t bound = 1 + draw(&seed) % VOCABULARY, word = draw(&seed) % bound;

		buf_add(out, str_of(vocabulary[draw(&seed) % (word + 1)]));
		buf_add(out, draw(&seed) % 12 ? STR(" ") : STR(".\n"));
		if (draw(&seed) % 40 == 0)
			buf_printf(out, "%llx ", (unsigned long long)(draw(&seed) >> 20));
	}
}

static void check(int result, const struct err *err)
{
	if (result >= 0)
		return;
	fprintf(stderr, "store: %s\n", err->text);
	exit(3);
}

static struct store *open_place(char *place, enum store_mode mode)
{
	char *address = strstr(place, "=postgres");
	struct store_place p = { .folder = place };
	struct err err = { 0 };
	struct store *s;

	if (address) {
		*address = '\0';
		p.database = address + 1;
	}
	s = store_open(&p, mode, &err);
	check(s ? 0 : -1, &err);
	return s;
}

/* A group of texts, made before the clock is looked at. */
struct group {
	struct buf texts[GROUP];
	char keys[GROUP][24];
	int n;
};

static void make_group(struct group *g, uint64_t from, uint64_t to)
{
	g->n = to - from < GROUP ? (int)(to - from) : GROUP;
	for (int i = 0; i < g->n; i++) {
		buf_clear(&g->texts[i]);
		g->texts[i].max = MIB(1);
		paste(from + (uint64_t)i, &g->texts[i]);
		snprintf(g->keys[i], sizeof(g->keys[i]), "%016llx",
			 (unsigned long long)((from + (uint64_t)i) * 0x9e3779b97f4a7c15u));
	}
}

static void write_group(struct store *s, const struct group *g, int64_t source, int64_t classifier, uint64_t from)
{
	struct str reason = STR("a reason"), term = STR("leak: +70");
	struct stored_hit hit = {
		.rule = STR("login"), .label = STR("a login"), .masked = STR("ab**"), .why = STR("w"), .end = 3
	};
	struct stored_result result;
	struct err err = { 0 };

	check(store_begin(s, &err), &err);
	for (int i = 0; i < g->n; i++) {
		struct stored_post p = { .source_id = source,
					 .key = str_of(g->keys[i]),
					 .url = str_of(g->keys[i]),
					 .author = STR("somebody"),
					 .title = STR("a note"),
					 .text = buf_str(&g->texts[i]),
					 .assessment = { .classifier_id = classifier, .category = STR("leak") } };

		if ((from + (uint64_t)i) % FINDING_EVERY == 0) {
			p.assessment.severity = 75;
			p.assessment.hits = &hit;
			p.assessment.reasons = &reason;
			p.assessment.terms = &term;
			p.assessment.n_hits = p.assessment.n_reasons = p.assessment.n_terms = 1;
		}
		check(store_post(s, &p, (int64_t)(1764000000000000 + from * 1000), &result, &err), &err);
	}
	check(store_commit(s, &err), &err);
}

static int run_write(char *place, uint64_t from, uint64_t to, uint64_t step)
{
	const unsigned char none[DIGEST_BYTES] = { 0 };
	AUTO_FREE(store) s = open_place(place, STORE_CREATE);
	struct group *g = must_alloc(1, sizeof(*g));
	int64_t source, classifier, taken = 0, all = 0;
	uint64_t since = from;
	struct err err = { 0 };

	check(store_begin(s, &err), &err);
	check(store_source(s, STR("pastes"), &source, &err), &err);
	check(store_classifier(s, &(struct stored_classifier){ none, none, STR("bench") }, 1, &classifier, &err), &err);
	check(store_commit(s, &err), &err);
	for (uint64_t at = from; at < to; at += GROUP) {
		int64_t begun;

		make_group(g, at, to);
		begun = clock_steady_us();
		write_group(s, g, source, classifier, at);
		taken += clock_steady_us() - begun;
		if (at + GROUP - since >= step && at + GROUP < to) {
			printf("%llu posts: %.0f/s\n", (unsigned long long)(at + GROUP),
			       (double)(at + GROUP - since) * 1e6 / (double)taken);
			fflush(stdout);
			since = at + GROUP;
			all += taken;
			taken = 0;
		}
	}
	printf("%llu posts: %.0f/s, all %.0f/s\n", (unsigned long long)to, (double)(to - since) * 1e6 / (double)taken,
	       (double)(to - from) * 1e6 / (double)(all + taken));
	free(g);
	return 0;
}

static sqlite3_stmt *ready(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK) {
		fprintf(stderr, "store: %s\n", sqlite3_errmsg(db));
		exit(3);
	}
	return q;
}

static void bind_text(sqlite3_stmt *q, int at, struct str text)
{
	sqlite3_bind_text(q, at, text.p, (int)text.n, SQLITE_STATIC);
}

static void once(sqlite3 *db, sqlite3_stmt *q)
{
	if (sqlite3_step(q) != SQLITE_DONE) {
		fprintf(stderr, "store: %s\n", sqlite3_errmsg(db));
		exit(3);
	}
	sqlite3_reset(q);
}

/* Four inserts a post into the tables of the real schema; ids are counted, digests are the counter's. */
static void bare_group(sqlite3 *db, sqlite3_stmt *q[4], const struct group *g, uint64_t from)
{
	sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (int i = 0; i < g->n; i++) {
		int64_t id = (int64_t)from + i + 1;
		uint64_t digest[4] = { (uint64_t)id * 0x2545f4914f6cdd1du };

		bind_text(q[0], 1, str_of(g->keys[i]));
		sqlite3_bind_int64(q[0], 2, id);
		once(db, q[0]);
		sqlite3_bind_int64(q[1], 1, id);
		sqlite3_bind_int64(q[1], 2, (int64_t)digest[0]);
		sqlite3_bind_blob(q[1], 3, digest, sizeof(digest), SQLITE_STATIC);
		sqlite3_bind_blob(q[1], 4, g->texts[i].p, (int)g->texts[i].n, SQLITE_STATIC);
		once(db, q[1]);
		sqlite3_bind_int64(q[2], 1, id);
		sqlite3_bind_blob(q[2], 2, digest, sizeof(digest), SQLITE_STATIC);
		once(db, q[2]);
		sqlite3_bind_int64(q[3], 1, id);
		once(db, q[3]);
	}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
}

static int run_bare(char *folder, uint64_t from, uint64_t to)
{
	struct group *g = must_alloc(1, sizeof(*g));
	sqlite3_stmt *q[4];
	sqlite3 *db = NULL;
	char path[4096];
	int64_t taken = 0;

	store_free(open_place(folder, STORE_CREATE)); /* its schema */
	snprintf(path, sizeof(path), "%s/watchdesk.db", folder);
	sqlite3_open(path, &db);
	sqlite3_exec(db,
		     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
		     "INSERT INTO source (id, name) VALUES (1, 's');"
		     "INSERT INTO classifier (id, rules, assets, program, first_used_at) VALUES (1, x'00', x'00', '', 1)",
		     NULL, NULL, NULL);
	q[0] = ready(
		db, "INSERT INTO post (id, source_id, key, url, author, title, posted_precision, posted_zone_known, posted_raw,"
		    " first_seen, last_seen) VALUES (?2, 1, ?1, ?1, 'somebody', 'a note', 0, 0, '', 5, 5)");
	q[1] = ready(db, "INSERT INTO body (id, digest_key, digest, coding, size, content) VALUES (?1, ?2, ?3, 0, 1500, ?4)");
	q[2] = ready(db, "INSERT INTO revision (id, post_id, digest, body_id, first_seen, last_seen, classifier_id)"
			 " VALUES (?1, ?1, ?2, ?1, 5, 5, 1)");
	q[3] = ready(db, "INSERT INTO index_queue (revision_id) VALUES (?1)");
	for (uint64_t at = from; at < to; at += GROUP) {
		int64_t begun;

		make_group(g, at, to);
		begun = clock_steady_us();
		bare_group(db, q, g, at);
		taken += clock_steady_us() - begun;
	}
	printf("%llu posts: %.0f/s\n", (unsigned long long)to, (double)(to - from) * 1e6 / (double)taken);
	for (int i = 0; i < 4; i++)
		sqlite3_finalize(q[i]);
	sqlite3_close(db);
	free(g);
	return 0;
}

static int run_index(char *place)
{
	AUTO_FREE(store) s = open_place(place, STORE_WRITE);
	struct err err = { 0 };
	AUTO_FREE(search) x = search_open(s, true, &err);
	int64_t begun = clock_steady_us(), rows = 0;
	int n;

	check(x ? 0 : -1, &err);
	while ((n = search_index(x, 5000, &err)) > 0)
		rows += n;
	check(n, &err);
	printf("%lld posts: %.0f/s\n", (long long)rows, (double)rows * 1e6 / (double)(clock_steady_us() - begun));
	return 0;
}

static int run_search(char *place, char **queries, int n_queries)
{
	AUTO_FREE(store) s = open_place(place, STORE_WRITE);
	struct err err = { 0 };
	AUTO_FREE(search) x = search_open(s, true, &err);
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	check(x ? 0 : -1, &err);
	for (int i = 0; i < n_queries; i++) {
		for (int newest = 1; newest >= 0; newest--) {
			const struct search_wish wish = { str_of(queries[i]), 20, newest };
			struct search_answer answer;
			int64_t begun = clock_steady_us();

			check(search_look(x, &wish, a, &answer, &err), &err);
			printf("%-20s %zu found in %.1f ms, %s\n", queries[i], answer.n,
			       (double)(clock_steady_us() - begun) / 1e3,
			       newest	       ? "the newest"
			       : answer.ranked ? "ranked"
					       : "too many to be ranked");
			arena_clear(a);
		}
	}
	return 0;
}

/* A page of text as the net process would hand it on. */
static struct trail page_trail(struct exchange *x, struct buf *body, uint64_t k)
{
	buf_clear(body);
	while (body->n < 30000) {
		AUTO(buf) text = BUF_INIT(MIB(1));

		paste(k * 100 + body->n, &text);
		buf_add(body, buf_str(&text));
	}
	*x = (struct exchange){ .url = STR("https://paste.example.net/raw/1"),
				.request = STR("GET /raw/1 HTTP/1.1\r\nHost: paste.example.net\r\n\r\n"),
				.headers = STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
				.body = buf_str(body),
				.protocol = STR("http/1.1"),
				.address = STR("192.0.2.1"),
				.clock = STR("synchronised"),
				.status = 200,
				.started_at = 1764000000000000,
				.ended_at = 1764000000100000 };
	return (struct trail){ x, 1 };
}

static int run_seal(char *place, uint64_t n)
{
	AUTO_FREE(store) s = open_place(place, STORE_CREATE);
	AUTO(buf) body = BUF_INIT(MIB(1));
	int64_t source, taken = 0, bytes = 0;
	struct exchange x;
	struct err err = { 0 };

	check(store_begin(s, &err), &err);
	check(store_source(s, STR("pages"), &source, &err), &err);
	check(store_commit(s, &err), &err);
	for (uint64_t k = 0; k < n; k++) {
		struct trail t = page_trail(&x, &body, k);
		struct evidence_item item = { .trail = &t };
		int64_t begun = clock_steady_us(), id;

		if (k % 10 == 0)
			check(store_begin(s, &err), &err);
		check(capture_keep(s, source, &t, &item.capture_id, &err), &err);
		check(evidence_keep(s, &item, 5, &id, &err), &err);
		if (k % 10 == 9 || k + 1 == n)
			check(store_commit(s, &err), &err);
		taken += clock_steady_us() - begun;
		bytes += (int64_t)body.n;
	}
	printf("%llu captures, %.1f MB: %.1f MB/s\n", (unsigned long long)n, (double)bytes / 1e6,
	       (double)bytes / (double)taken);
	return 0;
}

int main(int n, char **a)
{
	const char *verb = n > 1 ? a[1] : "";

	make_vocabulary();
	if (strcmp(verb, "write") == 0 && n >= 5)
		return run_write(a[2], strtoull(a[3], NULL, 10), strtoull(a[4], NULL, 10),
				 n > 5 ? strtoull(a[5], NULL, 10) : UINT64_MAX);
	if (strcmp(verb, "bare") == 0 && n == 5)
		return run_bare(a[2], strtoull(a[3], NULL, 10), strtoull(a[4], NULL, 10));
	if (strcmp(verb, "index") == 0 && n == 3)
		return run_index(a[2]);
	if (strcmp(verb, "seal") == 0 && n == 4)
		return run_seal(a[2], strtoull(a[3], NULL, 10));
	if (strcmp(verb, "search") == 0 && n > 3)
		return run_search(a[2], a + 3, n - 3);
	fprintf(stderr, "usage: store write PLACE FROM TO [STEP] | bare FOLDER FROM TO | index PLACE | search PLACE WORD... | "
			"seal PLACE N\n");
	return 2;
}
