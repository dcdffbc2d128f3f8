/* main.c - the command line of the test site */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "tests/site/site.h"

struct command {
	uint64_t port, bulk;
	const char *posts, *log, *write, *changes;
};

static const char usage[] =
	"usage: site [--port N] [--posts FOLDER] [--log FILE] [--bulk N] [--changes FOLDER]\n"
	"       site --write FOLDER --bulk N\n"
	"Serves a scripted web site on 127.0.0.1 until SIGTERM, and prints its address.\n"
	"  --port N        listen there; 0, the default, takes a free port\n"
	"  --posts FOLDER  index and texts (tests/site/posts)\n"
	"  --log FILE      a line a request: microseconds, method, path, status, conditional or -, user agent\n"
	"  --bulk N        also serve N generated pastes below /bulk/\n"
	"  --changes FOLDER  KEY.gone or KEY.soft there deletes a post, KEY.txt is its new text, KEY.as\n"
	"                  holds a path as which it is answered; looked at for each request\n"
	"  --write FOLDER  write the generated pastes as files and stop\n";

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return 2;
}

/* 1 read, 0 not a command line. */
static int read_command(int n, char **words, struct command *c)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "posts", required_argument, NULL, 'f' },
		{ "log", required_argument, NULL, 'l' },
		{ "bulk", required_argument, NULL, 'b' },
		{ "write", required_argument, NULL, 'w' },
		{ "changes", required_argument, NULL, 'c' },
		{ 0 },
	};
	int ok = 1;

	for (int o; ok && (o = getopt_long(n, words, "", options, NULL)) >= 0;) {
		if (o == 'p')
			ok = str_number(str_of(optarg), 65535, &c->port);
		else if (o == 'b')
			ok = str_number(str_of(optarg), 100000000, &c->bulk);
		else if (o == 'f')
			c->posts = optarg;
		else if (o == 'l')
			c->log = optarg;
		else if (o == 'w')
			c->write = optarg;
		else if (o == 'c')
			c->changes = optarg;
		else
			ok = 0;
	}
	return ok && optind == n && (!c->write || c->bulk);
}

static int open_log(struct site *s, const char *path, struct err *err)
{
	if (!path)
		return 0;
	s->log = fopen(path, "we");
	if (!s->log)
		return err_set(err, E_IO, "cannot write %s", path);
	setvbuf(s->log, NULL, _IOLBF, 0);
	return 0;
}

static int run(const struct command *c, struct err *err)
{
	const int64_t day = 86400 * (int64_t)1000000;
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct site s = { .arena = a, .bulk = c->bulk, .bomb = BUF_INIT(MIB(4)), .changes = c->changes };
	int result;

	if (c->write)
		return bulk_write(c->write, c->bulk, err);
	s.epoch = clock_now_us() / day * day;
	if (posts_read(&s, c->posts, err) < 0 || open_log(&s, c->log, err) < 0)
		return err->code;
	result = serve(&s, (int)c->port, err);
	if (s.log)
		fclose(s.log);
	buf_release(&s.bomb);
	return result;
}

int main(int n, char **words)
{
	struct command c = { .posts = "tests/site/posts" };
	struct err err = { 0 };

	if (!read_command(n, words, &c))
		return wrong_usage();
	if (run(&c, &err) < 0) {
		fprintf(stderr, "site: %s\n", err.text);
		return err_exit_code(err.code);
	}
	return 0;
}
