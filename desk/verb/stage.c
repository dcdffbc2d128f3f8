/* stage.c - `watchdesk stage NAME`: one stage of the monitor alone, JSON lines in and out (DESIGN.md, plumbing) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "classify/fold.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/extract.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/html.h"
#include "crawler/robots.h"
#include "crawler/url.h"
#include "desk/assess.h"
#include "desk/verb.h"

/* What a stage works with: the line it answers and memory that lasts for it. */
struct bench {
	const struct json *line;
	struct arena *a;
	const struct config *config; /* NULL without --config */
	struct assessor assessor;
	struct fold_scratch *fold;
	struct json_writer out; /* an object that is open */
};

struct stage {
	const char *name;
	int (*answer)(struct bench *b, struct err *err);
};

static int text_of(struct bench *b, const char *key, bool required, struct str *out, struct err *err)
{
	int found = json_get_text(b->line, key, out, err);

	if (found == 0 && required)
		return err_set(err, E_BAD, "\"%s\" is missing", key);
	return found < 0 ? found : 0;
}

/* The bytes of the file that "path" names. */
static int file_of(struct bench *b, struct str path, struct str *out, struct err *err)
{
	AUTO(buf) content = BUF_INIT(LIMIT_DECODED);

	if (memchr(path.p, '\0', path.n))
		return err_set(err, E_BAD, "\"path\" holds U+0000");
	if (file_read(arena_copy(b->a, path).p, &content, err) < 0)
		return err->code;
	*out = arena_copy(b->a, buf_str(&content));
	return 0;
}

/* Bytes from "path", else from `other`, a string that is there already. */
static int input_of(struct bench *b, const char *other, struct str *out, struct err *err)
{
	struct str path = { 0 };
	int found = json_get_text(b->line, "path", &path, err);

	if (found < 0)
		return found;
	if (found)
		return file_of(b, path, out, err);
	return text_of(b, other, true, out, err);
}

/* Bytes as a page would be read: decoded by their charset. */
static int page_text(struct bench *b, const char *other, struct str *out, struct err *err)
{
	struct str bytes = { 0 };
	struct charset charset;

	if (input_of(b, other, &bytes, err) < 0)
		return err->code;
	charset = charset_of(bytes, (struct str){ 0 });
	*out = charset_decode(b->a, bytes, &charset);
	return 0;
}

static int answer_robots(struct bench *b, struct err *err)
{
	struct str robots_txt = { 0 }, agent = { 0 }, url = { 0 };
	struct robots_answer answer;

	if (text_of(b, "robots_txt", true, &robots_txt, err) < 0 || text_of(b, "user_agent", true, &agent, err) < 0 ||
	    text_of(b, "url", true, &url, err) < 0)
		return err->code;
	robots_allows(robots_parse(b->a, robots_txt, agent), url, &answer);
	json_put_bool(&b->out, "allowed", answer.allowed);
	json_put_int(&b->out, "line", answer.line);
	json_put_text(&b->out, "rule", answer.rule);
	return 0;
}

static int answer_url(struct bench *b, struct err *err)
{
	struct str input = { 0 }, base = { 0 };
	struct url url;

	if (text_of(b, "input", true, &input, err) < 0 || text_of(b, "base", false, &base, err) < 0 ||
	    url_parse(b->a, input, base, &url, err) < 0)
		return err->code;
	json_put_text(&b->out, "href", url.href);
	json_put_text(&b->out, "key", url.key);
	json_put_text(&b->out, "surt", url.surt);
	return 0;
}

static int answer_charset(struct bench *b, struct err *err)
{
	struct str path = { 0 }, base64 = { 0 }, type = { 0 }, bytes = { 0 };
	int has_path = json_get_text(b->line, "path", &path, err);
	struct charset charset;

	if (has_path < 0 || text_of(b, "content_type", false, &type, err) < 0)
		return err->code;
	if (has_path ? file_of(b, path, &bytes, err) < 0
		     : text_of(b, "base64", true, &base64, err) < 0 || base64_decode(b->a, base64, &bytes, err) < 0)
		return err->code;
	charset = charset_of(bytes, type);
	json_put_text(&b->out, "encoding", charset.encoding);
	json_put_text(&b->out, "from", charset.from);
	return 0;
}

static int answer_text(struct bench *b, struct err *err)
{
	struct str html = { 0 }, url = { 0 };
	struct html_text text;

	if (page_text(b, "html", &html, err) < 0 || text_of(b, "url", false, &url, err) < 0 ||
	    html_read(html, url, b->a, &text, err) < 0)
		return err->code;
	json_put_text(&b->out, "title", text.title);
	json_put_text(&b->out, "text", text.text);
	json_open(&b->out, "links", '[');
	for (size_t i = 0; i < text.n_links; i++) {
		json_open(&b->out, NULL, '{');
		json_put_text(&b->out, "href", text.links[i].href);
		json_put_text(&b->out, "rel", text.links[i].rel);
		json_put_text(&b->out, "text", text.links[i].text);
		json_close(&b->out, '}');
	}
	json_close(&b->out, ']');
	return 0;
}

static int answer_feed(struct bench *b, struct err *err)
{
	struct str xml = { 0 }, url = { 0 };
	struct feed feed;

	if (page_text(b, "xml", &xml, err) < 0 || text_of(b, "url", false, &url, err) < 0 ||
	    feed_read(xml, url, b->a, &feed, err) < 0)
		return err->code;
	json_put_text(&b->out, "kind", feed.kind);
	json_put_text(&b->out, "title", feed.title);
	json_open(&b->out, "entries", '[');
	for (size_t i = 0; i < feed.n; i++) {
		const struct feed_entry *e = &feed.entries[i];

		json_open(&b->out, NULL, '{');
		json_put_text(&b->out, "id", e->id);
		json_put_text(&b->out, "link", e->link);
		json_put_text(&b->out, "title", e->title);
		json_put_text(&b->out, "author", e->author);
		json_put_text(&b->out, "published", e->published);
		json_put_text(&b->out, "updated", e->updated);
		json_put_text(&b->out, "summary", e->summary);
		json_put_text(&b->out, "content", e->content);
		json_close(&b->out, '}');
	}
	json_close(&b->out, ']');
	return 0;
}

static const struct source *source_named(const struct bench *b, struct str name)
{
	for (size_t i = 0; b->config && i < b->config->n_sources; i++)
		if (str_eq(b->config->sources[i].name.text, name))
			return &b->config->sources[i];
	return NULL;
}

/* "kind" says what the page is where the source alone does not: listing, raw, thread, feed, file or json. */
static int kind_of(struct bench *b, const struct source *s, enum page_kind *out, struct err *err)
{
	struct str name = { 0 };
	int found = json_get_text(b->line, "kind", &name, err);

	if (found < 0)
		return found;
	*out = s->json.n	     ? PAGE_JSON
	       : s->post.item.text.n ? PAGE_THREAD
	       : s->feed.text.n	     ? PAGE_FEED
	       : s->listing.text.n   ? PAGE_LISTING
				     : PAGE_FILE;
	for (int i = 0; found && i < PAGE_KINDS; i++)
		if (str_eq(name, str_of(page_kind_names[i]))) {
			*out = (enum page_kind)i;
			return 0;
		}
	return found ? err_set(err, E_BAD, "\"kind\" is \"%.*s\", expected listing, raw, thread, feed, file or json",
			       STR_ARG(name))
		     : 0;
}

static void post_json(struct bench *b, const struct post *p)
{
	json_open(&b->out, NULL, '{');
	json_put_text(&b->out, "key", p->key);
	json_put_text(&b->out, "url", p->url);
	json_put_text(&b->out, "author", p->author);
	json_put_text(&b->out, "title", p->title);
	json_put_time(&b->out, "posted_at", p->precision != PRECISION_NONE ? p->posted_at : 0);
	if (p->edited.n)
		json_put_text(&b->out, "edited", p->edited);
	json_put_text(&b->out, "text", p->text);
	json_close(&b->out, '}');
}

static int answer_posts(struct bench *b, struct err *err)
{
	struct str name = { 0 }, url = { 0 }, path = { 0 };
	struct reply reply = { 0 };
	const struct source *s;
	struct page page;
	struct str next = { 0 };

	if (text_of(b, "source", true, &name, err) < 0 || text_of(b, "url", true, &url, err) < 0 ||
	    text_of(b, "content_type", false, &reply.content_type, err) < 0 || text_of(b, "path", true, &path, err) < 0 ||
	    file_of(b, path, &reply.body, err) < 0)
		return err->code;
	s = source_named(b, name);
	if (!s)
		return err_set(err, E_BAD, "no source is named %.*s; give the configuration that names it with --config",
			       STR_ARG(name));
	reply.url = url;
	if (kind_of(b, s, &reply.kind, err) < 0 || extract_page(s, &reply, b->a, &page, err) < 0)
		return err->code;
	json_open(&b->out, "posts", '[');
	for (size_t i = 0; i < page.n_posts; i++)
		post_json(b, &page.posts[i]);
	json_close(&b->out, ']');
	json_open(&b->out, "links", '[');
	for (size_t i = 0; i < page.n_next; i++) {
		if (page.next[i].kind == reply.kind && next.n == 0)
			next = page.next[i].url;
		else
			json_put_text(&b->out, NULL, page.next[i].url);
	}
	json_close(&b->out, ']');
	if (next.n)
		json_put_text(&b->out, "next", next);
	else
		json_put_null(&b->out, "next");
	if (page.cut)
		json_put_bool(&b->out, "cut", true);
	if (page.problem.n)
		json_put_text(&b->out, "problem", page.problem);
	return 0;
}

static int answer_fold(struct bench *b, struct err *err)
{
	struct str text = { 0 };
	struct folded folded;
	size_t replaced;

	if (text_of(b, "text", true, &text, err) < 0)
		return err->code;
	fold(b->fold, b->a, utf8_clean(b->a, text, &replaced), &folded);
	json_put_text(&b->out, "folded", folded.text);
	json_open(&b->out, "steps", '[');
	for (size_t i = 0; i < folded.n_steps; i++)
		json_put_text(&b->out, NULL, folded.steps[i]);
	json_close(&b->out, ']');
	return 0;
}

static int answer_scan(struct bench *b, struct err *err)
{
	struct str text = { 0 }, id = { 0 };
	struct assessed found;

	if (text_of(b, "text", true, &text, err) < 0 || text_of(b, "id", false, &id, err) < 0)
		return err->code;
	assess(&b->assessor, text, &found);
	json_put_text(&b->out, "id", id);
	assess_json(&b->out, &found);
	return 0;
}

static const struct stage stages[] = {
	{ "robots", answer_robots }, { "url", answer_url },	{ "charset", answer_charset }, { "text", answer_text },
	{ "feed", answer_feed },     { "posts", answer_posts }, { "fold", answer_fold },       { "scan", answer_scan },
};

static const struct stage *stage_named(const char *name)
{
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (strcmp(stages[i].name, name) == 0)
			return &stages[i];
	return NULL;
}

/* Answer one line: 0, or 1 when it could not be answered and {"error"} was said instead. */
static int answer_line(struct bench *b, const struct stage *stage, struct str line)
{
	AUTO(buf) text = BUF_INIT(8 * LIMIT_LINE);
	struct err err = { 0 };
	AUTO_FREE(json) json = json_parse(line, &err);
	int result;

	arena_clear(b->a);
	b->line = json;
	b->out = (struct json_writer){ .out = &text };
	json_open(&b->out, NULL, '{');
	result = json ? stage->answer(b, &err) : E_BAD;
	json_close(&b->out, '}');
	if (result == 0 && text.full)
		result = err_set(&err, E_LIMIT, "the answer is larger than %zu bytes", text.max);
	if (result < 0) {
		buf_clear(&text);
		b->out = (struct json_writer){ .out = &text };
		json_open(&b->out, NULL, '{');
		json_put_text(&b->out, "error", str_of(err.text));
		json_close(&b->out, '}');
	}
	print_json(&text);
	b->out = (struct json_writer){ 0 };
	return result < 0;
}

static int answer_all(struct bench *b, const struct stage *stage, struct err *err)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int failed = 0;

	while ((n = getline(&line, &room, stdin)) >= 0) {
		struct str s = { line, (size_t)n - (n > 0 && line[n - 1] == '\n') };

		if ((size_t)n > LIMIT_LINE)
			s = (struct str){ 0 };
		failed |= answer_line(b, stage, s);
		if (fflush(stdout) != 0)
			break;
	}
	free(line);
	return ferror(stdin) ? err_set(err, E_IO, "cannot read standard input") : failed;
}

static int stage_run(const struct invocation *i, struct err *err)
{
	const struct stage *stage = stage_named(i->arguments[0]);
	AUTO_FREE(config) config = NULL;
	AUTO_FREE(arena) a = arena_new(2 * LIMIT_ARENA);
	struct bench b = { .a = a };
	int result = 0;

	if (!stage)
		return err_set(err, E_USAGE, "%s: no such stage; see `watchdesk stage --help`", i->arguments[0]);
	if (load_config_if_any(i, &config, err) < 0)
		return err->code;
	b.config = config;
	extract_warm_up();
	if (stage->answer == answer_scan)
		result = assessor_init(&b.assessor, config, err);
	else if (stage->answer == answer_fold)
		result = (b.fold = fold_scratch_new(err)) ? 0 : err->code;
	if (result == 0)
		result = answer_all(&b, stage, err);
	if (stage->answer == answer_scan)
		assessor_release(&b.assessor);
	fold_scratch_free(b.fold);
	return result;
}

const struct verb verb_stage = {
	.name = "stage",
	.arguments = "NAME",
	.summary = "run one stage alone: JSON lines in, JSON lines out",
	.text = "Answers each line of standard input with one line, in order, with the code that the monitor runs:\n\n"
		"robots   {\"robots_txt\",\"user_agent\",\"url\"} -> {\"allowed\",\"line\",\"rule\"}\n\n"
		"url      {\"input\",\"base\"} -> {\"href\",\"key\",\"surt\"}\n\n"
		"charset  {\"path\" or \"base64\",\"content_type\"} -> {\"encoding\",\"from\"}\n\n"
		"text     {\"path\" or \"html\",\"url\"} -> {\"title\",\"text\",\"links\"}\n\n"
		"feed     {\"path\",\"url\"} -> {\"kind\",\"title\",\"entries\"}\n\n"
		"posts    {\"path\",\"url\",\"source\"} -> {\"posts\",\"links\",\"next\"}\n\n"
		"fold     {\"text\"} -> {\"folded\",\"steps\"}\n\n"
		"scan     {\"id\",\"text\"} -> "
		"{\"id\",\"severity\",\"categories\",\"hits\",\"parts\",\"assets\",\"reasons\"}\n\n"
		"A line that cannot be answered gives {\"error\"}, the next one is read, and the exit code is 1. posts takes "
		"its source from\n"
		"--config FILE, scan its assets.",
	.least = 1,
	.most = 1,
	.run = stage_run,
};
