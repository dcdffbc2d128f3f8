/*
 * extract_jsonl.c - JSON in lines, as collectors write it, as posts
 *
 * The shapes were taken in November 2026 from these files, as they stand in public:
 *   AIL      pyail/api.py and pyail/core.py of ail-project/PyAIL (data: base64 of gzip of the text; data-sha256, meta, source,
 *            source_uuid, default_encoding); bin/importer/feeders/Default.py and abstract_chats_feeder.py of
 *            CIRCL/AIL-framework (meta: id, chat, thread, sender, date.timestamp); bin/telegram.py of
 *            ail-project/ail-feeder-telegram (source-uuid; sender.username); feeders/Twitter.py (twitter:tweet_id, twitter:id)
 *   pystemon pystemon/storage/mongostorage.py of cvandeplas/pystemon (hash, timestamp, url, site, pastie_id, matched, filename,
 *            content); its bytes and dates as mongoexport writes them ($binary, $date). Its folders of texts, gzip or not
 *            (storage/filestorage.py), are text files.
 * What is neither is looked through for the names that such things usually have; `post:` says it better.
 */
#include "crawler/extract/extract_local.h"

#include <string.h>

#include "base/base64.h"
#include "base/json_tree.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/decode.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/json_page.h"
#include "crawler/url.h"

/* Where a field stands, the likeliest first: names of members within each other. */
enum field { FIELD_TEXT, FIELD_KEY, FIELD_SCOPE, FIELD_AUTHOR, FIELD_AUTHOR_ID, FIELD_TITLE, FIELD_DATE, FIELD_URL, FIELDS };

enum { PLACES = 14 };

static const char *const places[FIELDS][PLACES] = {
	[FIELD_TEXT] = { "content", "text", "body", "message", "raw", "post", "data" },
	[FIELD_KEY] = { "meta.id", "meta.twitter:tweet_id", "meta.message_id", "pastie_id", "id", "key", "uuid", "_id",
			"data-sha256", "hash" },
	[FIELD_SCOPE] = { "meta.chat.id", "meta.chat", "site" },
	[FIELD_AUTHOR] = { "meta.sender.username", "meta.sender.name", "meta.sender.firstname", "meta.sender.first_name",
			   "meta.twitter:id", "meta.user", "author", "username", "user.name", "user", "sender", "from",
			   "poster" },
	[FIELD_AUTHOR_ID] = { "meta.sender.id", "author_id", "user_id", "user.id", "sender_id" },
	[FIELD_TITLE] = { "title", "subject", "meta.thread.name", "meta.chat.subchannel.name", "meta.chat.name", "meta.title",
			  "filename" },
	[FIELD_DATE] = { "meta.date.timestamp", "meta.date.datestamp", "meta.date", "meta.timestamp", "meta.created_at",
			 "timestamp", "date", "created_at", "published", "posted_at", "time" },
	[FIELD_URL] = { "url", "link", "permalink", "meta.url", "meta.twitter:url", "meta.link", "public_url" },
};

/* A value; what MongoDB's tools wrap ({"$date": {"$numberLong": "7"}}) is taken out. */
static struct json_node *unwrapped(struct json_node *node)
{
	static const char *const wraps[] = { "$date", "$numberLong", "$oid", "$binary", "base64" };

	for (int depth = 0; node && node->kind == JSON_IS_OBJECT && depth < 3; depth++) {
		struct json_node *inner = NULL;

		for (size_t i = 0; !inner && i < sizeof(wraps) / sizeof(wraps[0]); i++)
			inner = json_tree_member(node, str_of(wraps[i]));
		if (!inner)
			return node;
		node = inner;
	}
	return node;
}

static struct str text_at(struct json_node *node)
{
	return node ? json_tree_text(node) : (struct str){ 0 };
}

static struct str member_text(struct json_node *object, struct str name)
{
	return text_at(json_tree_member(object, name));
}

static struct json_node *node_at(struct json_node *node, struct str path)
{
	struct str name;

	while (node && str_split(&path, '.', &name))
		node = json_tree_member(node, name);
	return node;
}

static struct str field(struct json_node *object, enum field which)
{
	for (size_t i = 0; i < PLACES && places[which][i]; i++) {
		struct str value = text_at(unwrapped(node_at(object, str_of(places[which][i]))));

		if (str_trim(value).n)
			return str_trim(value);
	}
	return (struct str){ 0 };
}

/* The bytes behind base64, and behind gzip in it; as they are when they are neither, or damaged. */
static struct str opened(struct arena *a, struct str data)
{
	struct str bytes, plain;

	if (base64_decode(a, data, &bytes, NULL) < 0)
		return data;
	if (bytes.n < 3 || (unsigned char)bytes.p[0] != 0x1f || (unsigned char)bytes.p[1] != 0x8b)
		return bytes;
	return decode_body(a, bytes, STR("gzip"), &plain, NULL) == 0 ? plain : data;
}

static struct str as_text(struct arena *a, struct str bytes, struct str label)
{
	struct charset charset = charset_of(bytes,
					    arena_printf(a, "text/plain; charset=%.*s", STR_ARG(str_slice(label, 0, 40))));

	return charset_decode(a, bytes, &charset);
}

/* What it says. AIL's data is base64 of gzip, and so may be what pystemon keeps as bytes. */
static struct str text_of(struct arena *a, struct json_node *object)
{
	struct str data = member_text(object, STR("data"));
	struct json_node *content = json_tree_member(object, STR("content"));
	bool ail = json_tree_member(object, STR("meta")) || json_tree_member(object, STR("data-sha256")) ||
		   json_tree_member(object, STR("source_uuid")) || json_tree_member(object, STR("source-uuid"));

	if (ail && data.n)
		return as_text(a, opened(a, data), member_text(object, STR("default_encoding")));
	if (content && json_tree_member(content, STR("$binary")))
		return as_text(a, opened(a, text_at(unwrapped(content))), (struct str){ 0 });
	return field(object, FIELD_TEXT);
}

/* Unique among all that come in one folder: who sent it, which chat or site, its number there. */
static struct str key_of(struct arena *a, struct json_node *object)
{
	struct str key = field(object, FIELD_KEY), scope = field(object, FIELD_SCOPE);
	struct str source = member_text(object, STR("source"));

	if (key.n == 0)
		return key;
	return arena_printf(a, "%.*s%s%.*s%s%.*s", STR_ARG(source), source.n ? "/" : "", STR_ARG(scope), scope.n ? "/" : "",
			    STR_ARG(key));
}

static struct str whole_seconds(struct str date)
{
	ssize_t point = str_find(date, STR("."));
	uint64_t seconds;

	if (point > 0 && str_number(str_slice(date, 0, (size_t)point), INT64_MAX, &seconds))
		return str_slice(date, 0, (size_t)point);
	return date;
}

/* A record while it is read: the line, its place, and the tree of it in the scratch arena. */
struct job {
	struct piece *p;
	struct str line;
	size_t at;
	bool whole; /* several lines: it may be an array of records */
	struct err err;
};

static void keep_object(const struct job *job, struct json_node *object)
{
	struct piece *p = job->p;
	struct arena *a = p->w->scratch;
	struct post post = { 0 };
	struct url url;

	if (object->kind != JSON_IS_OBJECT)
		return;
	post.text = text_cut(text_of(a, object), LIMIT_TEXT);
	post.author = text_squeezed(a, field(object, FIELD_AUTHOR), LIMIT_FIELD);
	post.author_id = text_squeezed(a, field(object, FIELD_AUTHOR_ID), LIMIT_FIELD);
	post.title = text_squeezed(a, field(object, FIELD_TITLE), LIMIT_FIELD);
	post.key = key_of(a, object);
	if (post.key.n == 0)
		post.key = extract_digest(a, post.author, post.text);
	if (url_parse(a, field(object, FIELD_URL), (struct str){ 0 }, &url, NULL) == 0)
		post.url = url.href;
	extract_date(p->w, arena_copy(p->w->a, whole_seconds(field(object, FIELD_DATE))), 0, &post);
	piece_keep(p, &post, job->at);
}

/* By the source's own paths. */
static int keep_selected(const struct job *job)
{
	struct piece *p = job->p;
	struct arena *a = p->w->scratch;
	struct json_page page;
	int result = json_page_read(p->w->s, job->line, p->url, a, &page, (struct err *)&job->err);

	for (size_t i = 0; result == 0 && i < page.n; i++) {
		const struct json_entry *e = &page.entries[i];
		struct post post = { .key = e->key,
				     .author = e->author,
				     .author_id = e->author_id,
				     .title = e->title,
				     .text = e->text,
				     .quoted = e->quoted };
		struct url url;

		if (url_parse(a, e->url, (struct str){ 0 }, &url, NULL) == 0)
			post.url = url.href;
		if (post.key.n == 0)
			post.key = post.url.n ? post.url : extract_digest(a, post.author, post.text);
		extract_date(p->w, arena_copy(p->w->a, e->date), 0, &post);
		piece_keep(p, &post, job->at);
	}
	return result;
}

static int read_record(void *arg)
{
	struct job *job = arg;
	struct json_node *root;
	int result;

	if (job->p->w->s->post.item.text.n)
		return keep_selected(job);
	result = json_tree_read(job->p->w->scratch, job->line, &root, &job->err);
	if (result < 0)
		return result;
	if (root->kind == JSON_IS_ARRAY && job->whole) {
		for (struct json_node *item = json_tree_is_full(root) ? root->first : NULL; item; item = item->next)
			keep_object(job, item);
		return 0;
	}
	keep_object(job, root);
	return 0;
}

/* False when it is no JSON, or needs more memory than a record may. */
static bool keep_record(struct piece *p, struct str bytes, size_t at, bool whole)
{
	struct job job = { .p = p, .at = at, .whole = whole };
	size_t replaced;

	arena_clear(p->w->scratch);
	job.line = utf8_clean(p->w->scratch, str_trim(bytes), &replaced);
	return guarded(p->w->scratch, read_record, &job, &job.err) >= 0;
}

/* One document over several lines, as somebody may save what is usually sent. */
static bool keep_document(struct piece *p)
{
	if (!p->last || p->at.offset > 0 || !keep_record(p, p->bytes, 0, true))
		return false;
	piece_next(p, p->bytes.n);
	return true;
}

/* Read the line at `at`, which ends before `end`; false when the piece is at its end. */
static bool read_line(struct piece *p, size_t at, size_t end)
{
	struct str line = str_slice(p->bytes, at, end);
	bool open = line.p[line.n - 1] != '\n';

	if (open && !p->last) {
		piece_cut(p, at, "a line is larger than is read at once, and passed over");
		return false;
	}
	if (str_trim(line).n == 0 || keep_record(p, line, at, false)) {
		piece_next(p, end);
		return true;
	}
	if (at == 0 && keep_document(p))
		return false;
	if (open) {
		piece_cut(p, at, "");
		return false;
	}
	piece_trouble(p, at, "a line that is not JSON is passed over");
	piece_next(p, end);
	return true;
}

void extract_jsonl(struct piece *p)
{
	size_t at = 0;

	if (str_starts(p->bytes, STR("\xef\xbb\xbf")) && p->at.offset == 0)
		at = 3;
	while (at < p->bytes.n) {
		const char *lf = memchr(p->bytes.p + at, '\n', p->bytes.n - at);
		size_t end = lf ? (size_t)(lf - p->bytes.p) + 1 : p->bytes.n;

		if (p->at.mode == LOCAL_INSIDE && at == 0) { /* the rest of a line that is passed over */
			piece_next(p, end);
			p->inside = !lf && !p->last;
		} else if (piece_is_full(p, at) || !read_line(p, at, end)) {
			return;
		}
		at = end;
	}
}

/* An object in its first line, or an array or object over several. */
bool extract_is_jsonl(struct str bytes)
{
	while (bytes.n && ascii_is_space(bytes.p[0]))
		bytes = str_slice(bytes, 1, bytes.n);
	if (str_starts(bytes, STR("[")))
		bytes = str_trim(str_slice(bytes, 1, bytes.n));
	if (!str_starts(bytes, STR("{")))
		return false;
	bytes = str_slice(bytes, 1, bytes.n);
	while (bytes.n && ascii_is_space(bytes.p[0]))
		bytes = str_slice(bytes, 1, bytes.n);
	return str_starts(bytes, STR("\""));
}
