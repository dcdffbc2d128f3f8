/* source_feed.c - standard input into the folder of a local source */
#include "desk/source_feed.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"

enum {
	GATHER = 1 << 20,    /* bytes of lines that make a file ... */
	GATHER_MS = 500,     /* ... or so long, whichever comes first */
	WHOLE = LIMIT_ARENA, /* of what is one file */
};

struct feed {
	const struct source *s;
	const char *ending;
	int in;
	struct buf bytes;
	int64_t first_at; /* steady us: when the first of `bytes` came */
	int64_t n;
	struct err *err;
};

/* Give a file that is whole and on the disk its name, which has to last as well. */
static int show_file(struct feed *f, const char *hidden, const char *path)
{
	int folder = open(f->s->folder.text.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = folder < 0 || rename(hidden, path) < 0 || fsync(folder) < 0 ? -1 : 0;

	if (result < 0)
		err_set(f->err, E_IO, "cannot put %s there: %s", path, strerror(errno));
	if (folder >= 0)
		close(folder);
	return result < 0 ? f->err->code : 0;
}

/* Put the first `n` bytes into a file of their own. It is hidden until it is whole, and then has a name that sorts by time. */
static int put_file(struct feed *f, size_t n)
{
	char path[PATH_MAX], hidden[PATH_MAX], hex[DIGEST_HEX];
	unsigned char random[DIGEST_BYTES];
	const char *folder = f->s->folder.text.p;
	long long now = clock_now_us();

	if (n == 0)
		return 0;
	digest_random(random, sizeof(random));
	digest_hex(random, 8, hex);
	if (snprintf(hidden, sizeof(hidden), "%s/.%lld-%s%s", folder, now, hex, f->ending) >= (int)sizeof(hidden) ||
	    snprintf(path, sizeof(path), "%s/%lld-%s%s", folder, now, hex, f->ending) >= (int)sizeof(path))
		return err_set(f->err, E_USAGE, "the path of the folder is too long");
	if (file_replace(hidden, str_slice(buf_str(&f->bytes), 0, n), 0600, f->err) < 0 || show_file(f, hidden, path) < 0)
		return f->err->code;
	buf_drop(&f->bytes, n);
	return 0;
}

/* Bytes up to the last line that is whole. */
static size_t whole_lines(const struct feed *f)
{
	const char *end = f->bytes.n ? memrchr(f->bytes.p, '\n', f->bytes.n) : NULL;

	return end ? (size_t)(end - f->bytes.p) + 1 : 0;
}

static void count_lines(struct feed *f, struct str bytes)
{
	struct str line;

	while (str_split(&bytes, '\n', &line))
		f->n += str_trim(line).n > 0;
}

static int put_lines(struct feed *f, size_t n)
{
	count_lines(f, str_slice(buf_str(&f->bytes), 0, n));
	f->first_at = 0;
	return put_file(f, n);
}

/* More bytes: 1 some, 0 the end, below 0 an error. */
static int read_more(struct feed *f)
{
	char *room = buf_room(&f->bytes, 65536);
	ssize_t n;

	if (!room)
		return err_set(f->err, E_LIMIT, "more than %zu bytes %s; split it", f->bytes.max,
			       f->s->local_format == LOCAL_JSONL ? "in one line" : "at once");
	do
		n = read(f->in, room, 65536);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(f->err, E_IO, "cannot read standard input: %s", strerror(errno));
	if (n && !f->first_at)
		f->first_at = clock_steady_us();
	f->bytes.n += (size_t)n;
	return n > 0;
}

/* True when nothing comes before what is there has waited long enough. */
static bool has_waited(const struct feed *f)
{
	struct pollfd fd = { .fd = f->in, .events = POLLIN };
	int64_t left = f->first_at + GATHER_MS * INT64_C(1000) - clock_steady_us();

	return f->first_at && (left <= 0 || poll(&fd, 1, (int)(left / 1000) + 1) == 0);
}

static int feed_lines(struct feed *f)
{
	int more = 1;

	while (more > 0) {
		size_t whole = whole_lines(f);

		if (whole && (whole >= GATHER || has_waited(f)) && put_lines(f, whole) < 0)
			return f->err->code;
		more = read_more(f);
	}
	if (more == 0)
		return put_lines(f, f->bytes.n);
	put_lines(f, whole_lines(f)); /* what came before it is not lost */
	return more;
}

static int feed_whole(struct feed *f)
{
	int more;

	while ((more = read_more(f)) > 0)
		;
	f->n = f->bytes.n > 0;
	return more < 0 ? more : put_file(f, f->bytes.n);
}

int source_feed(const struct source *s, int in, int64_t *n, struct err *err)
{
	static const char *const endings[LOCAL_FORMATS] = { "", ".txt", ".mbox", ".warc", ".jsonl" };
	bool lines = s->local_format == LOCAL_JSONL;
	struct feed f = { .s = s, .in = in, .err = err, .ending = endings[s->local_format], .bytes = BUF_INIT(LIMIT_BODY) };
	int result;

	if (s->folder.text.n == 0)
		return err_set(err, E_USAGE, "%.*s has no folder, expected a source with one", STR_ARG(s->name.text));
	if (!lines)
		f.bytes.max = WHOLE;
	if (file_make_folder(s->folder.text.p, 0700, err) < 0)
		return err->code;
	result = lines ? feed_lines(&f) : feed_whole(&f);
	buf_release(&f.bytes);
	*n = f.n;
	if (result == 0 && f.n == 0)
		return err_set(err, E_BAD, "nothing came on standard input");
	return result;
}
