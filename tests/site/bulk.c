/* bulk.c - as many pastes as a measurement wants, the same at every run: mostly ordinary, now and then a leak */
#include <stdlib.h>

#include "base/file.h"
#include "tests/site/site.h"

enum {
	OF_A_PAGE = 200,  /* pastes of a listing page */
	PASTE = 1450,	  /* bytes, about */
	LEAK_EVERY = 50,  /* every 50th paste is a list of logins */
	OURS_EVERY = 500, /* every 500th holds one of example.com as well */
};

static const char *const words[] = {
	"the",	   "build",   "server", "returns", "after", "update", "config", "value",   "when",     "a",	   "user",
	"opens",   "window",  "and",	"then",	   "error", "line",   "file",	"network", "timeout",  "retry",	   "please",
	"check",   "version", "of",	"package", "in",    "folder", "before", "saving",  "table",    "index",	   "query",
	"garden",  "soup",    "salt",	"minutes", "bake",  "bread",  "winter", "train",   "station",  "music",	   "guitar",
	"lesson",  "camera",  "lens",	"photo",   "river", "bridge", "ticket", "weather", "tomorrow", "mountain", "path",
	"bicycle", "wheel",   "repair", "paper",   "print", "margin", "colour", "blue",	   "keyboard", "layout",   "mouse",
};

static const char *const sites[] = { "example.net", "mail.example", "shop.example", "games.example", "news.example" };

/* splitmix64: any seed gives a good sequence. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static struct str draw_word(uint64_t *seed)
{
	return str_of(words[draw(seed) % (sizeof(words) / sizeof(words[0]))]);
}

static void ordinary(uint64_t *seed, struct buf *out)
{
	while (out->n < PASTE) {
		uint64_t n = 6 + draw(seed) % 9;

		for (uint64_t i = 0; i < n; i++) {
			buf_add(out, draw_word(seed));
			buf_add_char(out, i + 1 < n ? ' ' : '.');
		}
		buf_add_char(out, '\n');
	}
}

static void login(uint64_t *seed, const char *site, struct buf *out)
{
	struct str first = draw_word(seed), second = draw_word(seed);

	buf_printf(out, "%.*s.%.*s%u@%s:", STR_ARG(first), STR_ARG(second), (unsigned)(draw(seed) % 900 + 100), site);
	first = draw_word(seed);
	buf_printf(out, "%.*s%u!\n", STR_ARG(first), (unsigned)(draw(seed) % 9000 + 1000));
}

static void logins(uint64_t *seed, bool ours, struct buf *out)
{
	if (ours)
		login(seed, "example.com", out);
	while (out->n < PASTE)
		login(seed, sites[draw(seed) % (sizeof(sites) / sizeof(sites[0]))], out);
}

void bulk_paste(uint64_t k, struct buf *out)
{
	uint64_t seed = k;

	buf_printf(out, "note %llu\n", (unsigned long long)k);
	if (k % LEAK_EVERY == LEAK_EVERY - 1)
		logins(&seed, k % OURS_EVERY == OURS_EVERY - 1, out);
	else
		ordinary(&seed, out);
}

void bulk_listing(uint64_t i, uint64_t n, struct buf *out)
{
	uint64_t k = i * OF_A_PAGE, end = k + OF_A_PAGE < n ? k + OF_A_PAGE : n;

	buf_printf(out,
		   "<!DOCTYPE html>\n<html lang=\"en\"><title>Bulk</title>\n"
		   "<h1>Bulk, page %llu</h1><table class=\"maintable\">\n",
		   (unsigned long long)i);
	for (; k < end; k++)
		buf_printf(out, "<tr><td><a href=\"/bulk/raw/%llu\">note %llu</a></td></tr>\n", (unsigned long long)k,
			   (unsigned long long)k);
	buf_printf(out, "</table>\n");
	if (end < n)
		buf_printf(out, "<p><a rel=\"next\" href=\"/bulk/list/%llu\">older</a></p>\n", (unsigned long long)i + 1);
}

static int write_one(const char *folder, const char *part, uint64_t i, const struct buf *content, struct err *err)
{
	AUTO(buf) path = BUF_INIT(4096);
	FILE *f;

	buf_printf(&path, "%s/bulk/%s/%llu", folder, part, (unsigned long long)i);
	f = fopen(path.p, "we");
	if (!f)
		return err_set(err, E_IO, "cannot write %s", path.p);
	fwrite(content->p, 1, content->n, f);
	if (fclose(f) != 0)
		return err_set(err, E_IO, "cannot write %s", path.p);
	return 0;
}

static int make_folders(const char *folder, struct err *err)
{
	AUTO(buf) list = BUF_INIT(4096);
	AUTO(buf) raw = BUF_INIT(4096);

	buf_printf(&list, "%s/bulk/list", folder);
	buf_printf(&raw, "%s/bulk/raw", folder);
	return file_make_folder(list.p, 0755, err) < 0 || file_make_folder(raw.p, 0755, err) < 0 ? err->code : 0;
}

int bulk_write(const char *folder, uint64_t n, struct err *err)
{
	AUTO(buf) content = BUF_INIT(MIB(1));
	int result = make_folders(folder, err);

	for (uint64_t i = 0; result == 0 && i * OF_A_PAGE < n; i++) {
		buf_clear(&content);
		bulk_listing(i, n, &content);
		result = write_one(folder, "list", i, &content, err);
	}
	for (uint64_t k = 0; result == 0 && k < n; k++) {
		buf_clear(&content);
		bulk_paste(k, &content);
		result = write_one(folder, "raw", k, &content, err);
	}
	return result;
}
