/* html.c - HTML to posts beside bare gumbo_parse() on the same bytes: megabytes a second, and the time as a ratio */
/* usage: html [ENGINE FILE]...; without any, the page of each engine below tests/pages, twenty times over. */
#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "crawler/extract/extract.h"

enum { TIMES = 20, ROUNDS = 7, LEAST_US = 200000 };

static const char *const engines[] = { "invision4", "phpbb3", "smf2", "vbulletin3", "vbulletin4", "xenforo2" };

static struct source *source_on(struct arena *a, const char *engine)
{
	const struct str yaml = arena_printf(
		a, "- {name: bench, engine: %s, url: 'https://forum.example.net', enabled: true}\n", engine);
	struct err err = { 0 };
	const struct yaml *list = yaml_parse(a, yaml, "bench", &err);
	struct source *sources;
	size_t n;

	if (!list || sources_read(list, NULL, a, &sources, &n, &err) < 0) {
		fprintf(stderr, "%s: %s\n", engine, err.text);
		exit(2);
	}
	return sources;
}

/* Posts of the page. */
static size_t to_posts(const struct source *s, struct str html, struct arena *a)
{
	const struct reply r = { .url = STR("https://forum.example.net/t/1"), .kind = PAGE_THREAD, .body = html, .at_us = 1 };
	struct page page = { 0 };
	struct err err = { 0 };

	arena_clear(a);
	if (extract_page(s, &r, a, &page, &err) < 0) {
		fprintf(stderr, "%s: %s\n", s->engine.text.p, err.text);
		exit(1);
	}
	return page.n_posts;
}

static void bare(struct str html)
{
	GumboOutput *out = gumbo_parse_with_options(&kGumboDefaultOptions, html.p, html.n);

	gumbo_destroy_output(&kGumboDefaultOptions, out);
}

/* Seconds a page: the best of several rounds, taken in turn. */
static void measure(const struct source *s, struct str html, double *ours, double *gumbo, size_t *posts)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);

	*ours = *gumbo = 1e9;
	for (int round = 0; round < ROUNDS; round++)
		for (int which = 0; which < 2; which++) {
			int64_t from = clock_steady_us(), until = from;
			int n = 0;
			double each;

			for (; until - from < LEAST_US / ROUNDS || n < 2; n++, until = clock_steady_us()) {
				if (which)
					bare(html);
				else
					*posts = to_posts(s, html, a);
			}
			each = (double)(until - from) / n / 1e6;
			if (each < *(which ? gumbo : ours))
				*(which ? gumbo : ours) = each;
		}
}

static void bench_page(const char *engine, const char *path, int times, double sums[3])
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	AUTO(buf) one = BUF_INIT(LIMIT_BODY);
	AUTO(buf) page = BUF_INIT(LIMIT_BODY);
	struct err err = { 0 };
	double ours, gumbo;
	size_t posts = 0;

	if (file_read(path, &one, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(3);
	}
	for (int i = 0; i < times; i++)
		buf_add(&page, buf_str(&one));
	measure(source_on(a, engine), buf_str(&page), &ours, &gumbo, &posts);
	printf("  %-12s %7zu bytes %5zu posts  %6.1f MB/s, gumbo alone %6.1f MB/s: %.2f times its time\n", engine, page.n,
	       posts, (double)page.n / ours / 1e6, (double)page.n / gumbo / 1e6, ours / gumbo);
	sums[0] += (double)page.n;
	sums[1] += ours;
	sums[2] += gumbo;
}

int main(int n, char **words)
{
	double sums[3] = { 0 };

	extract_warm_up();
	puts("html: pages to posts, beside gumbo_parse() alone (which makes no text)");
	for (int i = 1; i + 1 < n; i += 2)
		bench_page(words[i], words[i + 1], 1, sums);
	for (size_t i = 0; n < 2 && i < sizeof(engines) / sizeof(engines[0]); i++) {
		char path[100];

		snprintf(path, sizeof(path), "tests/pages/%s/thread.html", engines[i]);
		bench_page(engines[i], path, TIMES, sums);
	}
	printf("  together %.1f MB/s, %.2f times the time of gumbo alone\n", sums[0] / sums[1] / 1e6, sums[1] / sums[2]);
	return 0;
}
