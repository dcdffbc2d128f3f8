/* main.c - the command line of the test site */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "tests/site/site.h"

enum { FOLDERS = 4 };

struct command {
	uint64_t port, bulk;
	const char *folders[FOLDERS];
	size_t n_folders;
	const char *log, *write, *changes, *clock;
};

static const char usage[] =
	"usage: site [--port N] [--posts FOLDER]... [--log FILE] [--bulk N] [--changes FOLDER] [--clock FILE]\n"
	"       site --write FOLDER --bulk N\n"
	"Serves a scripted web site on 127.0.0.1 until SIGTERM, and prints its address.\n"
	"  --port N        listen there; 0, the default, takes a free port\n"
	"  --posts FOLDER  index and texts (tests/site/posts); several are mixed, the newest first\n"
	"  --log FILE      a line a request: microseconds, method, path, status, conditional or -, user agent\n"
	"  --bulk N        also serve N generated pastes below /bulk/\n"
	"  --changes FOLDER  KEY.gone or KEY.soft there deletes a post, KEY.txt is its new text, KEY.as\n"
	"                  holds a path as which it is answered, and the file `down` the paths, one a line,\n"
	"                  below which nothing answers but 503; looked at for each request\n"
	"  --clock FILE    holds what time it is there, Unix seconds: what is posted later is not there yet. Looked\n"
	"                  at for each request; midnight of the time in it at the start is what the posts count from\n"
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
		{ "port", required_argument, NULL, 'p' },  { "posts", required_argument, NULL, 'f' },
		{ "log", required_argument, NULL, 'l' },   { "bulk", required_argument, NULL, 'b' },
		{ "write", required_argument, NULL, 'w' }, { "changes", required_argument, NULL, 'c' },
		{ "clock", required_argument, NULL, 't' }, { 0 },
	};
	int ok = 1;

	for (int o; ok && (o = getopt_long(n, words, "", options, NULL)) >= 0;) {
		if (o == 'p')
			ok = str_number(str_of(optarg), 65535, &c->port);
		else if (o == 'b')
			ok = str_number(str_of(optarg), 100000000, &c->bulk);
		else if (o == 'f' && c->n_folders < FOLDERS)
			c->folders[c->n_folders++] = optarg;
		else if (o == 'l')
			c->log = optarg;
		else if (o == 'w')
			c->write = optarg;
		else if (o == 'c')
			c->changes = optarg;
		else if (o == 't')
			c->clock = optarg;
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

static int read_posts(struct site *s, const struct command *c, struct err *err)
{
	int result = 0;

	if (!c->n_folders)
		return posts_read(s, "tests/site/posts", err);
	for (size_t i = 0; result >= 0 && i < c->n_folders; i++)
		result = posts_read(s, c->folders[i], err);
	return result;
}

static int run(const struct command *c, struct err *err)
{
	const int64_t day = 86400 * (int64_t)1000000;
	AUTO_FREE(arena) a = arena_new(MIB(64));
	struct site s = { .arena = a, .bulk = c->bulk, .bomb = BUF_INIT(MIB(4)), .changes = c->changes, .clock = c->clock };
	int result;

	if (c->write)
		return bulk_write(c->write, c->bulk, err);
	s.epoch = site_now_us(&s) / day * day;
	if (read_posts(&s, c, err) < 0 || open_log(&s, c->log, err) < 0)
		return err->code;
	result = serve(&s, (int)c->port, err);
	if (s.log)
		fclose(s.log);
	buf_release(&s.bomb);
	return result;
}

int main(int n, char **words)
{
	struct command c = { 0 };
	struct err err = { 0 };

	if (!read_command(n, words, &c))
		return wrong_usage();
	if (run(&c, &err) < 0) {
		fprintf(stderr, "site: %s\n", err.text);
		return err_exit_code(err.code);
	}
	return 0;
}
