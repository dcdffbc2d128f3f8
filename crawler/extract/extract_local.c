/* extract_local.c - pieces of files: as what they are read, and from where to go on */
#include "crawler/extract/extract_local.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/decode.h"

struct str piece_url(const struct piece *p, size_t at)
{
	return local_piece_url(p->w->a, p->url, p->at.mode == LOCAL_DECODED ? LOCAL_DECODED : LOCAL_OFFSET, p->at.offset + at);
}

/* Copy all its strings: of a struct post each struct str. */
static struct post copy_of(struct arena *a, const struct post *post)
{
	struct post copy = *post;
	struct str *const all[] = { &copy.key,	&copy.url,    &copy.author,	&copy.title,
				    &copy.text, &copy.quoted, &copy.posted_raw, &copy.author_id };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = arena_copy(a, *all[i]);
	return copy;
}

void piece_keep(struct piece *p, const struct post *post, size_t at)
{
	struct post copy = copy_of(p->w->a, post);

	if (copy.url.n == 0)
		copy.url = piece_url(p, at);
	if (copy.key.n > LIMIT_FIELD || (copy.key.n == 0 && copy.url.n > LIMIT_FIELD))
		copy.key = extract_digest(p->w->a, copy.key.n ? copy.key : copy.url, (struct str){ 0 });
	else if (copy.key.n == 0)
		copy.key = copy.url;
	if (copy.text.n == 0 && copy.quoted.n == 0)
		copy.text = copy.title;
	if (copy.text.n == 0 && copy.quoted.n == 0)
		return; /* it says nothing */
	p->text_bytes += copy.text.n + copy.quoted.n;
	*extract_post_new(p->w) = copy;
}

void piece_next(struct piece *p, size_t at)
{
	p->next = p->at.offset + at;
}

bool piece_is_full(struct piece *p, size_t at)
{
	if (p->w->out->n_posts + p->w->out->n_answers < LIMIT_PIECE_POSTS && p->text_bytes < LIMIT_PIECE_TEXT &&
	    arena_used(p->w->a) < LIMIT_ARENA / 2)
		return false;
	piece_next(p, at);
	p->more = true;
	return true;
}

void piece_trouble(struct piece *p, size_t at, const char *what)
{
	if (p->w->out->trouble.n == 0)
		p->w->out->trouble = arena_printf(p->w->a, "byte %llu: %s", (unsigned long long)(p->at.offset + at), what);
}

void piece_cut(struct piece *p, size_t at, const char *what)
{
	if (p->last) {
		piece_trouble(p, at, "it ends inside a record, which is read once the rest is there");
		piece_next(p, at);
	} else if (at > 0) {
		piece_next(p, at);
	} else {
		piece_trouble(p, at, what);
		piece_next(p, p->bytes.n);
		p->inside = true;
	}
}

/* The name of a file without its folders, as text. */
static struct str name_of(const struct piece *p)
{
	struct str path = { 0 };
	size_t n = 0;

	if (local_path(p->w->a, p->url, &path, NULL) < 0)
		return path;
	while (n < path.n && path.p[path.n - n - 1] != '/')
		n++;
	return text_squeezed(p->w->a, utf8_clean(p->w->a, str_slice(path, path.n - n, path.n), &(size_t){ 0 }), LIMIT_FIELD);
}

static bool is_page_of_html(struct str name)
{
	return str_ends(name, STR(".html")) || str_ends(name, STR(".htm")) || str_ends(name, STR(".xhtml"));
}

/* A file that holds a page is read as one; E_LIMIT when it needs more than a page may. */
static int read_html(struct piece *p, struct post *out)
{
	struct reply r = { .url = p->url, .content_type = STR("text/html"), .body = p->bytes, .kind = PAGE_FILE };
	const struct source plain = { .every_ms = 1 };
	struct page page;
	int result = extract_page(&plain, &r, p->w->scratch, &page, NULL);

	if (result == 0 && page.n_posts)
		*out = page.posts[0];
	return result;
}

/* A file is a post; of one larger than a piece each piece is one, cut behind a line. */
static void read_text(struct piece *p)
{
	struct post post = { .title = name_of(p) };
	struct str bytes = p->bytes;
	struct charset charset;

	while (!p->last && bytes.n && bytes.p[bytes.n - 1] != '\n')
		bytes.n--;
	bytes.n = bytes.n ? bytes.n : p->bytes.n;
	piece_next(p, bytes.n);
	if (p->last && p->at.offset == 0 && is_page_of_html(post.title) && read_html(p, &post) == 0) {
		post.url = post.key = (struct str){ 0 };
	} else {
		charset = charset_of(bytes, STR("text/plain"));
		post.text = text_cut(charset_decode(p->w->a, bytes, &charset), LIMIT_TEXT);
	}
	piece_keep(p, &post, 0);
	if (p->last && p->at.offset == 0)
		p->next = 0; /* when it changes it is another text of the same post */
}

/* What its name says it is; LOCAL_GUESSED when that says nothing. */
static enum local_format format_of_name(struct str path)
{
	static const struct {
		const char *ending;
		enum local_format format;
	} rows[] = {
		{ ".jsonl", LOCAL_JSONL }, { ".ndjson", LOCAL_JSONL }, { ".json", LOCAL_JSONL }, { ".warc", LOCAL_WARC },
		{ ".mbox", LOCAL_MAIL },   { ".eml", LOCAL_MAIL },     { ".html", LOCAL_TEXT },	 { ".htm", LOCAL_TEXT },
	};
	ssize_t fresh = str_find(path, STR("/new/")), read = str_find(path, STR("/cur/"));

	if (str_ends(path, STR(".gz")))
		path.n -= 3;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_ends(path, str_of(rows[i].ending)))
			return rows[i].format;
	return fresh >= 0 || read >= 0 ? LOCAL_MAIL : LOCAL_GUESSED; /* a Maildir */
}

static enum local_format format_of_content(struct str bytes)
{
	if (extract_is_warc(bytes))
		return LOCAL_WARC;
	if (extract_is_mbox(bytes))
		return LOCAL_MAIL;
	return extract_is_jsonl(bytes) ? LOCAL_JSONL : LOCAL_TEXT;
}

/* The source's word, else what was found at the begin of the file, else what can be seen there. */
static enum local_format format_of(const struct piece *p)
{
	enum local_format named = (enum local_format)p->w->s->local_format;

	if (named != LOCAL_GUESSED)
		return named;
	if (p->at.offset > 0 && p->at.format != LOCAL_GUESSED)
		return p->at.format;
	named = format_of_name(p->url);
	return named != LOCAL_GUESSED ? named : format_of_content(p->bytes);
}

static bool is_gzip(struct str bytes)
{
	return bytes.n >= 3 && (unsigned char)bytes.p[0] == 0x1f && (unsigned char)bytes.p[1] == 0x8b && bytes.p[2] == 8;
}

/* A compressed file is read whole, and then the part of it that is not read yet. False when that cannot be. */
static bool decompress(struct piece *p)
{
	struct err why = { 0 };

	if (p->at.mode != LOCAL_DECODED && (p->at.offset > 0 || !is_gzip(p->bytes) || extract_is_warc(p->bytes)))
		return true;
	if (!p->last) {
		piece_trouble(p, 0, "compressed, and larger than is read at once; decompress it first");
		return false;
	}
	if (decode_body(p->w->a, p->bytes, STR("gzip"), &p->bytes, &why) < 0) {
		piece_trouble(p, 0, why.text);
		return false;
	}
	p->at.mode = LOCAL_DECODED;
	p->bytes = str_slice(p->bytes, p->at.offset, p->bytes.n);
	return true;
}

static void read_records(struct piece *p)
{
	switch (p->at.format) {
	case LOCAL_MAIL:
		extract_mails(p);
		break;
	case LOCAL_WARC:
		extract_warc(p);
		break;
	case LOCAL_JSONL:
		extract_jsonl(p);
		break;
	case LOCAL_GUESSED:
	case LOCAL_TEXT:
	case LOCAL_FORMATS:
		read_text(p);
		break;
	}
}

/* What the frontier keeps: with more to read, no state of the file is the one that was read. */
static struct str position_after(const struct piece *p)
{
	struct local_position at = p->at;

	at.offset = p->next;
	if (at.mode != LOCAL_DECODED)
		at.mode = p->inside ? LOCAL_INSIDE : LOCAL_OFFSET;
	else if (!p->more)
		at.mode = LOCAL_OFFSET;
	if (at.mode == LOCAL_OFFSET && p->at.mode == LOCAL_DECODED)
		at.offset = 0; /* if it changes all of it is another */
	if (p->more)
		at.size = 0;
	return local_position_write(p->w->a, &at);
}

int extract_local(struct work *w)
{
	struct piece p = { .w = w, .bytes = w->r->body };
	ssize_t fragment = str_find(w->r->url, STR("#"));

	if (!local_position_read(w->r->etag, &p.at))
		return err_set(w->err, E_BAD, "a piece of a file without its place");
	p.url = fragment >= 0 ? str_slice(w->r->url, 0, (size_t)fragment) : w->r->url;
	p.last = (p.at.mode == LOCAL_DECODED ? 0 : p.at.offset) + p.bytes.n >= p.at.size;
	p.next = p.at.offset;
	if (decompress(&p)) {
		p.at.format = format_of(&p);
		if (p.bytes.n)
			read_records(&p);
		p.more |= !p.last;
	} else {
		piece_next(&p, p.last ? p.bytes.n : p.at.size);
	}
	w->out->etag = position_after(&p);
	w->out->more = p.more;
	return 0;
}

/* RFC 2483 5: an address a line; what follows a # is a word of the files process. */
int extract_folder(struct work *w)
{
	struct str rest = w->r->body, line;

	while (str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		if (str_eq(line, STR("# more")))
			w->out->more = true;
		else if (str_starts(line, STR("# ")))
			w->out->trouble = text_squeezed(w->a, str_slice(line, 2, line.n), LIMIT_FIELD);
		else if (local_is(line) && w->out->n_next < LIMIT_LINKS)
			*(struct next_page *)arena_push(w->a, &w->out->next, &w->out->n_next, sizeof(struct next_page)) =
				(struct next_page){ .kind = PAGE_LOCAL, .url = arena_copy(w->a, line) };
	}
	w->out->etag = arena_copy(w->a, w->r->etag);
	return 0;
}
