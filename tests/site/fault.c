/* fault.c - everything that a site can do wrong, each at an address of its own */
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/must.h"
#include "tests/site/site.h"

enum { BOMB_MIB = 128, FILLER = 120000, NESTED = 600000, HUGE_MIB = 12 };

static void fault_busy(struct site *s, struct reply *r)
{
	r->type = "text/plain; charset=utf-8";
	if (s->was_busy) {
		buf_add(&r->body, STR("Opening hours of the library: ten to six, closed on Mondays.\n"));
		return;
	}
	s->was_busy = true;
	r->status = 429;
	buf_add(&r->headers, STR("Retry-After: 1\r\n"));
	buf_add(&r->body, STR("slow down\n"));
}

static void fault_always_busy(struct site *s, struct reply *r)
{
	(void)s;
	r->status = 429;
	buf_add(&r->headers, STR("Retry-After: 2\r\n"));
}

static void fault_broken(struct site *s, struct reply *r)
{
	(void)s;
	r->status = 500;
	buf_add(&r->body, STR("<!DOCTYPE html><title>500</title><h1>Internal error</h1>\n"));
}

static void fault_drip(struct site *s, struct reply *r)
{
	(void)s;
	r->type = "text/plain";
	r->delivery = DELIVER_DRIP;
}

static void fault_gone(struct site *s, struct reply *r)
{
	(void)s;
	answer_soft_404(r);
}

static void fault_erased(struct site *s, struct reply *r)
{
	(void)s;
	r->status = 410;
	buf_add(&r->body, STR("<!DOCTYPE html><title>410</title><h1>Erased by its owner</h1>\n"));
}

static void fault_challenge(struct site *s, struct reply *r)
{
	(void)s;
	buf_add(&r->body, STR("<!DOCTYPE html><html lang=\"en\"><title>Just a moment...</title>"
			      "<p>Checking your browser before accessing this site.</p>\n"));
}

static void fault_huge(struct site *s, struct reply *r)
{
	char *room = buf_room(&r->body, MIB(HUGE_MIB));

	(void)s;
	r->type = "text/plain";
	MUST(room);
	memset(room, 'x', MIB(HUGE_MIB));
	r->body.n += MIB(HUGE_MIB);
}

static void fault_login(struct site *s, struct reply *r)
{
	(void)s;
	buf_add(&r->body, STR("<!DOCTYPE html><html lang=\"en\"><title>Sign in</title><h1>Sign in</h1><p>Members only.</p>"
			      "<form method=\"post\" action=\"/login\"><label>Name <input name=\"user\"></label>"
			      "<label>Password <input type=\"password\" name=\"password\"></label></form>\n"));
}

/* 128 MiB of zeros in about 130 kB of gzip. */
static void make_bomb(struct buf *out)
{
	static const unsigned char zeros[1 << 16] = { 0 };
	z_stream z = { 0 };
	char *room = buf_room(out, MIB(1));

	MUST(room);
	MUST(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_out = (unsigned char *)room;
	z.avail_out = MIB(1);
	for (size_t i = 0; i < MIB(BOMB_MIB) / sizeof(zeros); i++) {
		z.next_in = zeros;
		z.avail_in = sizeof(zeros);
		MUST(deflate(&z, Z_NO_FLUSH) == Z_OK);
	}
	MUST(deflate(&z, Z_FINISH) == Z_STREAM_END);
	out->n += z.total_out;
	deflateEnd(&z);
}

static void fault_bomb(struct site *s, struct reply *r)
{
	if (!s->bomb.n)
		make_bomb(&s->bomb);
	r->type = "text/plain; charset=utf-8";
	buf_add(&r->headers, STR("Content-Encoding: gzip\r\n"));
	buf_add(&r->body, buf_str(&s->bomb));
}

static void fault_not_gzip(struct site *s, struct reply *r)
{
	(void)s;
	r->type = "text/plain; charset=utf-8";
	buf_add(&r->headers, STR("Content-Encoding: gzip\r\n"));
	buf_add(&r->body, STR("this was never compressed\n"));
}

static void redirect(struct reply *r, const char *to)
{
	r->status = 302;
	buf_printf(&r->headers, "Location: %s\r\n", to);
}

static void fault_loop(struct site *s, struct reply *r)
{
	(void)s;
	redirect(r, "/fault/pool");
}

static void fault_pool(struct site *s, struct reply *r)
{
	(void)s;
	redirect(r, "/fault/loop");
}

static void fault_moved(struct site *s, struct reply *r)
{
	(void)s;
	redirect(r, "/raw/soup");
}

static void fault_inside(struct site *s, struct reply *r)
{
	(void)s;
	redirect(r, "http://169.254.169.254/latest/meta-data/");
}

static void fault_scheme(struct site *s, struct reply *r)
{
	(void)s;
	redirect(r, "file:///etc/hostname");
}

static void fault_header(struct site *s, struct reply *r)
{
	char *room;

	(void)s;
	buf_add(&r->headers, STR("X-Filler: "));
	room = buf_room(&r->headers, FILLER);
	MUST(room);
	memset(room, 'x', FILLER);
	r->headers.n += FILLER;
	buf_add(&r->headers, STR("\r\n"));
}

static void fault_truncated(struct site *s, struct reply *r)
{
	(void)s;
	r->type = "text/plain";
	r->delivery = DELIVER_TRUNCATED;
	buf_add(&r->body, STR("the rest of this text never co"));
}

static void fault_chunked(struct site *s, struct reply *r)
{
	(void)s;
	r->type = "text/plain; charset=utf-8";
	r->delivery = DELIVER_CHUNKED;
	for (int i = 1; i <= 20; i++)
		buf_printf(&r->body, "Verse %d of a song about the harbour, sung in pieces.\n", i);
}

static void fault_cut(struct site *s, struct reply *r)
{
	fault_chunked(s, r);
	r->delivery = DELIVER_CUT;
}

static void fault_empty(struct site *s, struct reply *r)
{
	(void)s;
	buf_add(&r->body, STR("<!DOCTYPE html><html lang=\"en\"><title>Archive</title><table class=\"maintable\"></table>\n"));
}

static void fault_nested(struct site *s, struct reply *r)
{
	(void)s;
	for (int i = 0; i < NESTED; i++)
		buf_add(&r->body, STR("<div>"));
	buf_add(&r->body, STR("deep inside\n"));
}

static const struct {
	const char *name, *what;
	void (*answer)(struct site *s, struct reply *r);
} faults[] = {
	{ "busy", "429 and Retry-After: 1 at first, then a text", fault_busy },
	{ "always-busy", "429 and Retry-After: 2", fault_always_busy },
	{ "broken", "500", fault_broken },
	{ "drip", "a byte a second, for ever", fault_drip },
	{ "gone", "200, and says that it is not there", fault_gone },
	{ "erased", "410", fault_erased },
	{ "challenge", "200, and looks at the browser first", fault_challenge },
	{ "huge", "12 MiB of text", fault_huge },
	{ "login", "200, and asks for a password", fault_login },
	{ "empty", "200, and a listing without a row", fault_empty },
	{ "bomb", "gzip that opens to 128 MiB", fault_bomb },
	{ "not-gzip", "said to be gzip and is not", fault_not_gzip },
	{ "loop", "a redirect that comes back", fault_loop },
	{ "pool", "the other half of it", fault_pool },
	{ "moved", "a redirect to a paste", fault_moved },
	{ "inside", "a redirect to a metadata address", fault_inside },
	{ "scheme", "a redirect to a file", fault_scheme },
	{ "header", "a header of 120 kB", fault_header },
	{ "nested", "600,000 elements in each other", fault_nested },
	{ "chunked", "a text in chunks", fault_chunked },
	{ "cut", "chunks without the last one", fault_cut },
	{ "truncated", "less than Content-Length promised", fault_truncated },
};

bool fault_answer(struct site *s, struct str name, struct reply *r)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (!str_eq(name, str_of(faults[i].name)))
			continue;
		faults[i].answer(s, r);
		return true;
	}
	return false;
}

void fault_list(struct reply *r)
{
	buf_add(&r->body, STR("<!DOCTYPE html>\n<html lang=\"en\"><title>Faults</title><h1>Faults</h1>\n"
			      "<table class=\"maintable\">\n"));
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		buf_printf(&r->body, "<tr><td><a href=\"/fault/%s\">%s</a></td><td>%s</td></tr>\n", faults[i].name,
			   faults[i].name, faults[i].what);
	buf_add(&r->body, STR("</table>\n"));
}
