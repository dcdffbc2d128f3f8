/* test_segment.c - segment files: what was synced is there after anything, what was altered is named, the rest is readable */
#include "tests/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/segment.h"

static const char node[] = "00112233445566778899aabbccddeeff", other_node[] = "ffeeddccbbaa99887766554433221100";
static char folder[64];

/* An item as the database knows it. */
struct item {
	unsigned char id[DIGEST_ID_BYTES], digest[DIGEST_BYTES];
	struct segment_place place;
	char text[64];
};

/* The database: what was committed. */
struct ledger {
	struct item items[64];
	size_t n;
};

static int set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s/watchdesk-seg-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct err err = { 0 };

	(void)state;
	return file_remove_folder(folder, &err);
}

static void file_of(int segment, char path[128])
{
	snprintf(path, 128, "%s/segments/%06d.seg", folder, segment);
}

static off_t size_of(int segment)
{
	struct stat status;
	char path[128];

	file_of(segment, path);
	return stat(path, &status) == 0 ? status.st_size : -1;
}

static void end_of(const struct ledger *l, int64_t *segment, int64_t *end)
{
	const struct item *last = l->n ? &l->items[l->n - 1] : NULL;

	*segment = last ? last->place.segment : 0;
	*end = last ? last->place.start + last->place.length : 0;
}

static void name_item(struct item *i, size_t n)
{
	snprintf(i->text, sizeof(i->text), "item %zu, and some words after it", n);
	memset(i->id, (int)n + 1, sizeof(i->id));
	digest_sha256(str_of(i->text), i->digest);
}

static int append(struct segments *s, struct item *i, struct err *err)
{
	return segments_append(s, i->id, str_of(i->text), i->digest, &i->place, err);
}

/* A transaction of `n` items: they are in the ledger when it was committed. */
static int commit(struct segments *s, struct ledger *l, size_t n, struct err *err)
{
	int64_t segment, end;
	int result;

	end_of(l, &segment, &end);
	result = segments_begin(s, segment, end, err);
	if (result < 0)
		return result;
	for (size_t k = 0; k < n && result >= 0; k++) {
		name_item(&l->items[l->n + k], l->n + k);
		if (append(s, &l->items[l->n + k], err) < 0)
			result = err->code;
	}
	if (result >= 0 && segments_sync(s, err) < 0)
		result = err->code;
	if (result >= 0)
		l->n += n;
	segments_end(s);
	return result;
}

static int read_item(const struct item *i, struct err *err)
{
	AUTO(segment_reader) r = { .folder = folder, .node = node };
	AUTO(buf) out = BUF_INIT(1000);
	int result = segment_read(&r, &i->place, i->id, i->digest, &out, err);

	if (result == 0)
		assert_str(buf_str(&out), i->text);
	return result;
}

static void all_are_readable(const struct ledger *l)
{
	struct err err = { 0 };

	for (size_t k = 0; k < l->n; k++)
		if (read_item(&l->items[k], &err) < 0)
			fail_msg("item %zu: %s", k, err.text);
}

static struct segments *open_segments(int64_t max, const struct segment_disk *disk)
{
	struct err err = { 0 };
	struct segments *s = segments_open(folder, node, max, disk, &err);

	if (!s)
		fail_msg("%s", err.text);
	return s;
}

static void must_commit(struct segments *s, struct ledger *l, size_t n)
{
	struct err err = { 0 };

	if (commit(s, l, n, &err) != 0)
		fail_msg("%s", err.text);
}

static void items_come_back_as_they_were_put(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct ledger l = { 0 };

	(void)state;
	must_commit(s, &l, 3);
	must_commit(s, &l, 1);
	must_commit(s, &l, 0);
	all_are_readable(&l);
	assert_int_equal(l.items[0].place.start, SEGMENT_HEADER);
	for (size_t k = 1; k < l.n; k++) /* without gaps */
		assert_int_equal(l.items[k].place.start, l.items[k - 1].place.start + l.items[k - 1].place.length);
	assert_int_equal(size_of(1), l.items[3].place.start + l.items[3].place.length);
}

static void a_large_file_is_followed_by_a_new_one(void **state)
{
	AUTO_FREE(segments) s = open_segments(300, NULL);
	struct ledger l = { 0 };

	(void)state;
	for (int i = 0; i < 6; i++)
		must_commit(s, &l, 2);
	must_commit(s, &l, 9); /* several files in one transaction */
	all_are_readable(&l);
	assert_true(l.items[l.n - 1].place.segment > 4);
	for (int i = 1; i < l.items[l.n - 1].place.segment; i++)
		assert_in_range(size_of(i), 300, 300 + 200);
}

static void an_item_larger_than_is_written_at_once_is_whole(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	AUTO(segment_reader) r = { .folder = folder, .node = node };
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	size_t n = 3000001;
	char *bytes = malloc(n);
	unsigned char id[DIGEST_ID_BYTES] = { 9 }, digest[DIGEST_BYTES];
	struct segment_place place;
	struct err err = { 0 };

	(void)state;
	digest_random(bytes, n);
	digest_sha256((struct str){ bytes, n }, digest);
	assert_int_equal(segments_begin(s, 0, 0, &err), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(segments_append(s, id, (struct str){ bytes, n }, digest, &place, &err), 0);
	assert_int_equal(segments_sync(s, &err), 0);
	assert_int_equal(segment_read(&r, &place, id, digest, &out, &err), 0);
	assert_true(str_eq(buf_str(&out), (struct str){ bytes, n }));
	free(bytes);
}

static void what_the_database_does_not_know_is_cut_off(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct ledger l = { 0 };
	struct item lost;
	struct err err = { 0 };
	int64_t segment, end;

	(void)state;
	must_commit(s, &l, 2);
	end_of(&l, &segment, &end);
	assert_int_equal(segments_begin(s, segment, end, &err), 0);
	name_item(&lost, 40);
	assert_int_equal(append(s, &lost, &err), 0);
	assert_int_equal(segments_sync(s, &err), 0);
	segments_end(s); /* and the commit failed, or the power did */
	assert_true(size_of(1) > end);
	must_commit(s, &l, 1);
	assert_int_equal(l.items[2].place.start, end);
	all_are_readable(&l);
	assert_int_equal(read_item(&lost, &err), E_VERIFY);
}

static void what_was_not_synced_is_forgotten(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct ledger l = { 0 };
	struct item lost;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(segments_begin(s, 0, 0, &err), 0);
	name_item(&lost, 40);
	assert_int_equal(append(s, &lost, &err), 0);
	segments_end(s);
	must_commit(s, &l, 1);
	assert_int_equal(l.items[0].place.start, SEGMENT_HEADER);
	all_are_readable(&l);
}

static void flip(int segment, size_t bit)
{
	char path[128];
	unsigned char byte;
	int fd;

	file_of(segment, path);
	fd = open(path, O_RDWR);
	assert_int_equal(pread(fd, &byte, 1, (off_t)(bit / 8)), 1);
	byte ^= (unsigned char)(1 << bit % 8);
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
	close(fd);
}

static void each_flipped_bit_is_named_and_the_rest_is_read(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct ledger l = { 0 };

	(void)state;
	must_commit(s, &l, 2);
	for (size_t bit = 0; bit < 8 * (size_t)size_of(1); bit++) {
		size_t second = (size_t)l.items[1].place.start;
		int damaged = bit / 8 < SEGMENT_HEADER ? -1 : bit / 8 < second ? 0 : 1;
		struct err err = { 0 };

		flip(1, bit);
		for (int k = 0; k < 2; k++) {
			int wanted = damaged < 0 || damaged == k ? E_VERIFY : 0;

			if (read_item(&l.items[k], &err) != wanted)
				fail_msg("bit %zu, item %d: %s", bit, k, err.text);
		}
		if (!strstr(err.text, "segments/000001.seg, offset "))
			fail_msg("bit %zu: %s", bit, err.text);
		flip(1, bit);
	}
	all_are_readable(&l);
}

static void a_cut_file_is_named_and_what_is_left_is_read(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct ledger l = { 0 };
	char path[128];
	off_t full;

	(void)state;
	must_commit(s, &l, 2);
	full = size_of(1);
	file_of(1, path);
	for (off_t n = full - 1; n >= 0; n--) {
		struct err err = { 0 };

		assert_int_equal(truncate(path, n), 0);
		for (int k = 0; k < 2; k++) {
			bool whole = l.items[k].place.start + l.items[k].place.length <= n;

			assert_int_equal(read_item(&l.items[k], &err), whole ? 0 : E_VERIFY);
		}
		assert_non_null(strstr(err.text, "segments/000001.seg, offset "));
	}
}

static void damage_is_told_and_a_new_file_is_begun(void **state)
{
	static const struct {
		const char *why, *said;
		int how;
	} rows[] = {
		{ "the file is away", "is missing", 0 },
		{ "the file is cut", "bytes are missing", 1 },
		{ "the file is empty", "cut within its header", 2 },
		{ "the header is altered", "the header was altered", 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ledger l = { 0 };
		struct err err = { 0 };
		char path[128];

		file_remove_folder(folder, &err);
		AUTO_FREE(segments) s = open_segments(0, NULL);
		must_commit(s, &l, 2);
		segments_free(s);
		s = open_segments(0, NULL);
		file_of(1, path);
		switch (rows[i].how) {
		case 0:
			assert_int_equal(unlink(path), 0);
			break;
		case 1:
			assert_int_equal(truncate(path, l.items[1].place.start + 3), 0);
			break;
		case 2:
			assert_int_equal(truncate(path, 0), 0);
			break;
		default:
			flip(1, 40);
		}
		if (commit(s, &l, 1, &err) != 1 || !strstr(err.text, rows[i].said) || !strstr(err.text, "000001.seg"))
			fail_msg("%s: %s", rows[i].why, err.text);
		assert_int_equal(l.items[2].place.segment, 2);
		assert_int_equal(read_item(&l.items[2], &err), 0);
		must_commit(s, &l, 1);
		assert_int_equal(l.items[3].place.segment, 2);
	}
}

static void a_file_of_another_node_is_not_written_to(void **state)
{
	struct ledger l = { 0 };
	struct err err = { 0 };
	AUTO_FREE(segments) s = open_segments(0, NULL);
	AUTO_FREE(segments) other = segments_open(folder, other_node, 0, NULL, &err);
	AUTO(segment_reader) r = { .folder = folder, .node = other_node };
	int64_t segment, end;

	(void)state;
	must_commit(s, &l, 1);
	end_of(&l, &segment, &end);
	assert_int_equal(segments_begin(other, segment, end, &err), 1);
	assert_non_null(strstr(err.text, "another node"));
	segments_end(other);
	assert_int_equal(segment_size(&r, 1, &end, &err), E_VERIFY);
	all_are_readable(&l);
}

static void a_file_that_was_replaced_is_opened_anew(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	AUTO(buf) content = BUF_INIT(10000);
	struct ledger l = { 0 };
	struct err err = { 0 };
	char path[128];

	(void)state;
	must_commit(s, &l, 2);
	file_of(1, path);
	read_fixture(path, &content);
	assert_int_equal(file_replace(path, buf_str(&content), 0600, &err), 0); /* restored from a copy, say */
	must_commit(s, &l, 1);
	all_are_readable(&l);
}

static void places_that_cannot_be_are_refused(void **state)
{
	static const struct {
		int64_t start, length;
		const char *why;
	} rows[] = {
		{ 0, 100, "within the header" },
		{ SEGMENT_HEADER, SEGMENT_HEAD + SEGMENT_TAIL - 1, "shorter than its frame" },
		{ SEGMENT_HEADER, -1, "below nothing" },
		{ -100, 100, "before the file" },
		{ SEGMENT_HEADER, INT64_MAX, "without end" },
		{ INT64_MAX - 10, 100, "far behind the end" },
	};
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct ledger l = { 0 };

	(void)state;
	must_commit(s, &l, 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct item item = l.items[0];
		struct err err = { 0 };

		item.place.start = rows[i].start;
		item.place.length = rows[i].length;
		if (read_item(&item, &err) != E_VERIFY)
			fail_msg("%s: %s", rows[i].why, err.text);
	}
}

static void only_one_process_appends(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct err err = { 0 };
	char path[128];
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/segments", folder);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(segments_begin(s, 0, 0, &err), 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	segments_end(s);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
}

/* A disk whose n-th call fails, or ends the process. */
static struct {
	int calls, fail_at, error;
	bool kill;
	size_t most; /* bytes written by one call */
} fault;

static bool fails(void)
{
	if (++fault.calls != fault.fail_at)
		return false;
	if (fault.kill)
		_exit(9);
	errno = fault.error;
	return true;
}

static int faulty_open(const char *path, int flags, unsigned mode)
{
	return fails() ? -1 : open(path, flags, mode);
}

static ssize_t faulty_write(int fd, const void *bytes, size_t n, off_t at)
{
	if (fails()) /* half of it may be there all the same */
		return pwrite(fd, bytes, n / 2, at) < 0 ? -2 : -1;
	return pwrite(fd, bytes, n < fault.most ? n : fault.most, at);
}

static int faulty_sync(int fd)
{
	return fails() ? -1 : fdatasync(fd);
}

static int faulty_sync_folder(int fd)
{
	return fails() ? -1 : fsync(fd);
}

static int faulty_truncate(int fd, off_t size)
{
	return fails() ? -1 : ftruncate(fd, size);
}

static const struct segment_disk faulty = { faulty_open, faulty_write, faulty_sync, faulty_sync_folder, faulty_truncate };

/* Five transactions over several files, the file with a tail of a crash at first. */
static int all_commits(struct ledger *l, int *failures, struct err *err)
{
	AUTO_FREE(segments) s = open_segments(300, &faulty);
	int result = 0;

	for (int i = 0; i < 5; i++) {
		result = commit(s, l, 2, err);
		if (result < 0 && (*failures)++ > 0)
			return result;
		if (result < 0)
			i--; /* once more, as the writer does after it rolled back */
	}
	return result;
}

static void leave_a_tail(void)
{
	AUTO_FREE(segments) s = open_segments(300, NULL);
	struct ledger l = { 0 };

	must_commit(s, &l, 3);
}

static void each_call_to_the_disk_may_fail(void **state)
{
	static const int errors[] = { EIO, ENOSPC };

	(void)state;
	for (int e = 0; e < 2; e++) {
		int failures = 1;

		for (int n = 1; failures; n++) {
			struct ledger l = { 0 };
			struct err err = { 0 };

			file_remove_folder(folder, &err);
			leave_a_tail();
			memset(&fault, 0, sizeof(fault));
			fault.fail_at = n;
			fault.error = errors[e];
			fault.most = 1000000;
			failures = 0;
			if (all_commits(&l, &failures, &err) < 0)
				fail_msg("call %d: %s", n, err.text);
			if (failures && err.code != (errors[e] == EIO ? E_IO : E_FULL))
				fail_msg("call %d: %s", n, err.text);
			assert_int_equal(l.n, 10);
			all_are_readable(&l);
		}
	}
}

static void short_writes_are_gone_on_with(void **state)
{
	struct ledger l = { 0 };
	struct err err = { 0 };
	int failures = 0;

	(void)state;
	memset(&fault, 0, sizeof(fault));
	fault.most = 7;
	assert_int_equal(all_commits(&l, &failures, &err), 0);
	all_are_readable(&l);
}

/* Each acknowledged transaction goes through a pipe: that is the database, which outlives the process. */
static int run_until_killed(struct ledger *l, const struct segment_disk *disk)
{
	struct err err = { 0 };
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct segments *s = open_segments(300, disk);

		for (int i = 0; i < 5; i++)
			if (commit(s, l, 2, &err) < 0 || write(ends[1], l, sizeof(*l)) != sizeof(*l))
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], l, sizeof(*l)) == sizeof(*l))
		;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void killed_at_any_call_nothing_acknowledged_is_lost(void **state)
{
	int status = 9;

	(void)state;
	for (int n = 1; status == 9; n++) {
		struct ledger l = { 0 };
		struct err err = { 0 };

		file_remove_folder(folder, &err);
		leave_a_tail();
		memset(&fault, 0, sizeof(fault));
		fault.fail_at = n;
		fault.kill = true;
		fault.most = 1000000;
		status = run_until_killed(&l, &faulty);
		all_are_readable(&l);
		AUTO_FREE(segments) s = open_segments(300, NULL);
		must_commit(s, &l, 2);
		all_are_readable(&l);
	}
	assert_int_equal(status, 0);
}

/* What would be there after the power was lost: a file as it was last synced, if its name was. */
static void durable_of(const char *name, const char *ending, char path[200])
{
	snprintf(path, 200, "%s/durable/%s%s", folder, name, ending);
}

/* Not file_replace(): the durable copies need no syncs of their own. */
static void put(const char *path, struct str content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, content.p, content.n) != (ssize_t)content.n)
		_exit(2);
	close(fd);
}

static void copy(const char *from, const char *to)
{
	AUTO(buf) content = BUF_INIT(1 << 20);
	struct err err = { 0 };

	if (file_read(from, &content, &err) < 0)
		_exit(2);
	put(to, buf_str(&content));
}

static int lossy_sync(int fd)
{
	char link[64], path[200], durable[200];
	ssize_t n;

	if (fails())
		return -1;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		_exit(2);
	path[n] = '\0';
	durable_of(strrchr(path, '/') + 1, "", durable);
	copy(path, durable);
	return 0;
}

/* Each name in the folder, as `each` wants it. */
static void with_names(const char *below, void (*each)(const char *name))
{
	AUTO(buf) names = BUF_INIT(10000);
	struct err err = { 0 };
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", folder, below);
	if (file_names(path, &names, &err) < 0)
		_exit(2);
	for (size_t at = 0; at < names.n; at += strlen(names.p + at) + 1)
		each(names.p + at);
}

static void name_is_durable(const char *name)
{
	char path[200];

	durable_of(name, ".named", path);
	put(path, STR(""));
}

static int lossy_sync_folder(int fd)
{
	(void)fd;
	if (fails())
		return -1;
	with_names("segments", name_is_durable);
	return 0;
}

static void bring_back(const char *name)
{
	char from[200], named[200], to[200];

	durable_of(name, "", from);
	durable_of(name, ".named", named);
	snprintf(to, sizeof(to), "%s/segments/%s", folder, name);
	if (!strstr(name, ".named") && access(named, F_OK) == 0)
		copy(from, to);
}

static void lose_power(void)
{
	struct err err = { 0 };
	char path[200];

	snprintf(path, sizeof(path), "%s/segments", folder);
	assert_int_equal(file_remove_folder(path, &err), 0);
	assert_int_equal(file_make_folder(path, 0700, &err), 0);
	with_names("durable", bring_back);
}

static void with_power_lost_at_any_call_nothing_acknowledged_is_lost(void **state)
{
	static const struct segment_disk lossy = { faulty_open, faulty_write, lossy_sync, lossy_sync_folder, faulty_truncate };
	int status = 9;

	(void)state;
	for (int n = 1; status == 9; n++) {
		struct ledger l = { 0 };
		struct err err = { 0 };
		char path[200];

		file_remove_folder(folder, &err);
		durable_of("", "", path);
		assert_int_equal(file_make_folder(path, 0700, &err), 0);
		memset(&fault, 0, sizeof(fault));
		fault.fail_at = n;
		fault.kill = true;
		fault.most = 1000000;
		status = run_until_killed(&l, &lossy);
		lose_power();
		all_are_readable(&l);
		AUTO_FREE(segments) s = open_segments(300, NULL);
		must_commit(s, &l, 2);
		all_are_readable(&l);
	}
	assert_int_equal(status, 0);
}

static void a_full_disk_is_said_in_a_sentence(void **state)
{
	AUTO_FREE(segments) s = open_segments(0, NULL);
	struct rlimit before, small = { 400, 400 };
	struct ledger l = { 0 };
	struct err err = { 0 };

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	must_commit(s, &l, 2);
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(commit(s, &l, 9, &err), E_FULL);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_non_null(strstr(err.text, "no space left on the disk; free some space, nothing that was committed is lost"));
	all_are_readable(&l);
	must_commit(s, &l, 9);
	all_are_readable(&l);
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_null(segments_open("/proc/nowhere", node, 0, NULL, &err));
	assert_int_equal(err.code, E_IO);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(items_come_back_as_they_were_put),
		CASE(a_large_file_is_followed_by_a_new_one),
		CASE(an_item_larger_than_is_written_at_once_is_whole),
		CASE(what_the_database_does_not_know_is_cut_off),
		CASE(what_was_not_synced_is_forgotten),
		CASE(each_flipped_bit_is_named_and_the_rest_is_read),
		CASE(a_cut_file_is_named_and_what_is_left_is_read),
		CASE(damage_is_told_and_a_new_file_is_begun),
		CASE(a_file_of_another_node_is_not_written_to),
		CASE(a_file_that_was_replaced_is_opened_anew),
		CASE(places_that_cannot_be_are_refused),
		CASE(only_one_process_appends),
		CASE(each_call_to_the_disk_may_fail),
		CASE(short_writes_are_gone_on_with),
		CASE(killed_at_any_call_nothing_acknowledged_is_lost),
		CASE(with_power_lost_at_any_call_nothing_acknowledged_is_lost),
		CASE(a_full_disk_is_said_in_a_sentence),
		CASE(a_folder_that_cannot_be_made_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
