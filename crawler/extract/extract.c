/* extract.c - bytes in, posts out */
#include "crawler/extract/extract_local.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "crawler/extract/charset.h"
#include "crawler/extract/date.h"
#include "crawler/extract/decode.h"
#include "crawler/extract/feed.h"
#include "crawler/extract/guard.h"
#include "crawler/extract/html.h"
#include "crawler/url.h"
#include "crawler/zone.h"

struct str extract_digest(struct arena *a, struct str one, struct str two)
{
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX];

	digest_pieces((struct str[]){ one, two }, 2, digest);
	return arena_copy(a, (struct str){ digest_hex(digest, 16, hex), 32 });
}

struct post *extract_post_new(struct work *w)
{
	struct post *post = arena_push(w->a, &w->out->posts, &w->out->n_posts, sizeof(*post));

	return post;
}

void extract_date(struct work *w, struct str words, int64_t now_us, struct post *post)
{
	struct date date;

	if (words.n == 0 || post->precision != PRECISION_NONE)
		return;
	if (post->posted_raw.n == 0)
		post->posted_raw = text_squeezed(w->a, words, LIMIT_FIELD);
	if (!date_read(words, now_us, w->s->zone.text, &date))
		return;
	post->posted_raw = text_squeezed(w->a, words, LIMIT_FIELD);
	post->posted_at = date.at_us;
	post->precision = date.precision;
	post->zone_known = date.zone_known;
}

static bool is_json(const struct work *w)
{
	return w->r->kind == PAGE_JSON || (w->r->kind == PAGE_THREAD && w->s->json.n);
}

/* RFC 8259 8.1: JSON is UTF-8; a <meta> in it is some post's, and nothing has to be guessed. */
static struct charset charset_of_page(const struct work *w, struct str body)
{
	struct charset charset = charset_of(body, w->r->content_type);

	if (is_json(w) && !str_eq(charset.from, STR("bom")) && !str_eq(charset.from, STR("http")))
		return (struct charset){ STR("utf-8"), STR("detected") };
	return charset;
}

static int read_page(void *arg)
{
	struct work *w = arg;
	struct str body;
	struct charset charset;
	int result;

	if (w->r->kind == PAGE_FOLDER || w->r->kind == PAGE_LOCAL)
		return w->r->kind == PAGE_LOCAL ? extract_local(w) : extract_folder(w);
	if (w->r->kind == PAGE_MAILBOX)
		return extract_mailbox(w);
	result = decode_body(w->a, w->r->body, w->r->content_encoding, &body, w->err);
	if (result < 0)
		return result;
	charset = charset_of_page(w, body);
	w->out->encoding = charset.encoding;
	w->out->encoding_from = charset.from;
	w->text = charset_decode(w->a, body, &charset);
	w->base = w->r->url;
	if (w->r->kind == PAGE_TARGET)
		return extract_target(w);
	if (w->r->status >= 400)
		return extract_refusal(w);
	switch (w->r->kind) {
	case PAGE_LISTING:
		return extract_listing(w);
	case PAGE_THREAD:
		return is_json(w) ? extract_json(w) : extract_thread(w);
	case PAGE_FEED:
		return extract_feed(w);
	case PAGE_JSON:
		return extract_json(w);
	case PAGE_RAW:
	case PAGE_FILE:
		return extract_raw(w);
	case PAGE_UNKNOWN:
		return extract_unknown(w);
	case PAGE_FOLDER:
	case PAGE_LOCAL:
	case PAGE_MAILBOX:
	case PAGE_TARGET:
	case PAGE_KINDS:
		break;
	}
	return err_set(w->err, E_FAULT, "page kind %d", (int)w->r->kind);
}

int extract_page(const struct source *s, const struct reply *r, struct arena *a, struct page *out, struct err *err)
{
	struct page page = { 0 };
	struct work w = { .s = s, .r = r, .a = a, .out = &page, .err = err };
	int result;

	if (r->kind == PAGE_LOCAL || r->kind == PAGE_MAILBOX)
		w.scratch = arena_new(LIMIT_SCRATCH);
	result = guarded(a, read_page, &w, err);
	arena_free(w.scratch);
	xpath_free(w.xpath);
	if (result == 0)
		*out = page;
	return result;
}

void extract_warm_up(void)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct html_text html;
	struct feed feed;
	struct url url;

	charset_warm_up();
	xpath_warm_up();
	zone_warm_up();
	url_parse(a,
		  STR("https://b\xc3\xbc"
		      "cher.example/"),
		  (struct str){ 0 }, &url, NULL);
	html_read(STR("<p>&eacute;"), url.href, a, &html, NULL);
	feed_read(STR("<rss><channel><item><title>a</title></item></channel></rss>"), url.href, a, &feed, NULL);
}
