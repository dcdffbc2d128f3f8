/* answer.c - `watchdesk answer`: behind a web server, the address that `alerts: endpoint:` names (CGI) */
/*
 * Standards: RFC 3875 (CGI), RFC 8058 (one click). A link is only looked at (GET: programs open the links of every mail);
 * what it allows is done by the button on its page, or by a mail program's POST.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "desk/alert/redeem.h"
#include "desk/verb.h"

/* What is answered; the words are ours. */
struct answer {
	const char *status; /* of HTTP */
	const char *title;
	struct str words;   /* a sentence; holds nothing from outside */
	const char *button; /* what may be done; NULL for nothing */
};

static void answer_print(const struct answer *x)
{
	print("Status: %s\r\n"
	      "Content-Type: text/html; charset=utf-8\r\n"
	      "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors "
	      "'none'\r\n"
	      "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\r\n",
	      x->status);
	print("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>\n"
	      "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\n"
	      "<style>:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:3rem auto;"
	      "padding:0 1rem}button{font:inherit;padding:.6rem 1.2rem}</style></head>\n<body><main><h1>%s</h1>\n<p>%.*s</p>\n",
	      x->title, x->title, STR_ARG(x->words));
	if (x->button)
		print("<form method=\"post\"><button type=\"submit\">%s</button></form>\n", x->button);
	print("</main></body></html>\n");
}

/* Why is not told: a stranger learns nothing by it. */
static struct answer refused(void)
{
	return (struct answer){ "410 Gone", "This link does nothing",
				STR("It is not ours, was used before, or is too old. Nothing was changed."), NULL };
}

/* What each kind of token does, before and after; the first of two words stands before its id, the other behind it. */
static const struct {
	enum token_act act;
	const char *title, *button, *words[2], *done[2];
} pages[] = {
	{ TOKEN_ACKNOWLEDGE,
	  "Do you have this finding?",
	  "I have it",
	  { "Nobody else is asked about finding", "then" },
	  { "You have it: nobody else is asked about finding", "any more" } },
	{ TOKEN_CONFIRM,
	  "Do you want these alerts?",
	  "Send them to me",
	  { "They are subscription", "of a watch desk" },
	  { "Subscription", "is confirmed" } },
	{ TOKEN_LEAVE,
	  "Do you want no more of these alerts?",
	  "No more of them",
	  { "They are subscription", "of a watch desk" },
	  { "Subscription", "is over" } },
};

static struct answer page_of(const struct redeemable *r, bool done, struct arena *a)
{
	const char *const *words;
	size_t k = 0;

	while (pages[k].act != r->act)
		k++;
	words = done ? pages[k].done : pages[k].words;
	return (struct answer){ "200 OK", done ? "Done" : pages[k].title,
				arena_printf(a, "%s %.8s %s.", words[0], r->row, words[1]), done ? NULL : pages[k].button };
}

/* Who was let in by the web server, if it asked. */
static struct redeemer who(struct arena *a)
{
	const char *user = getenv("REMOTE_USER");

	return (struct redeemer){ .name = user && *user ? arena_printf(a, "%.60s", user) : STR("who got the link"),
				  .operator_name = STR("by link"),
				  .how = STR("link") };
}

static int act(struct store *s, struct str token, struct arena *a, struct answer *out, struct err *err)
{
	const struct redeemer by = who(a);
	struct redeemable r;
	const char *why = NULL;
	int done = store_begin(s, err) < 0 ? err->code : redeem(s, token, &by, clock_now_us(), a, &r, &why, err);

	if (done > 0 && store_commit(s, err) == 0) {
		*out = page_of(&r, true, a);
		return 0;
	}
	store_rollback(s);
	*out = refused();
	if (done == E_USAGE)
		*out = (struct answer){ "409 Conflict", "You are the last",
					STR("Nobody else would hear of such findings. The desk has to name somebody first."),
					NULL };
	return done == 0 || done == E_USAGE ? 0 : err->code;
}

/* The last part of the address: "/answer/wd-..." */
static struct str token_of_path(void)
{
	const char *path = getenv("PATH_INFO");
	struct str rest = path ? str_slice(str_of(path), 0, LIMIT_FIELD) : (struct str){ 0 }, token = { 0 };

	return token_find(&rest, &token) ? token : (struct str){ 0 };
}

static int answer_to(const char *method, struct store *s, struct arena *a, struct answer *out, struct err *err)
{
	const struct str token = token_of_path();
	struct redeemable r;
	const char *why;

	if (str_eq(str_of(method), STR("POST")))
		return act(s, token, a, out, err);
	if (!str_eq(str_of(method), STR("GET")) && !str_eq(str_of(method), STR("HEAD")))
		*out = (struct answer){ "405 Method Not Allowed", "Not so", STR("Open the link, or post to it."), NULL };
	else
		*out = redeem_look(s, token, clock_now_us(), &r, &why) ? page_of(&r, false, a) : refused();
	return 0;
}

static int answer_run(const struct invocation *i, struct err *err)
{
	const char *method = getenv("REQUEST_METHOD");
	AUTO_FREE(config) config = method ? load_config(i, err) : NULL;
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct answer x;

	if (!method)
		return err_set(err, E_USAGE,
			       "`answer` is run by a web server, for the address that alerts: endpoint: names (CGI)");
	if (!store || answer_to(method, store, a, &x, err) < 0) {
		answer_print(&(struct answer){ "503 Service Unavailable", "Not now",
					       STR("The watch cannot take it at the moment. Nothing was changed: try again."),
					       NULL });
		return err->code;
	}
	answer_print(&x);
	return 0;
}

const struct verb verb_answer = {
	.name = "answer",
	.arguments = "",
	.summary = "behind a web server: takes the links of mails (CGI)",
	.text = "A web server runs it for what is below the address that `alerts: endpoint:` names (CGI, RFC 3875). The links "
		"of "
		"mails lead\nthere: what one allows is done by a button, or by a mail program's own \"unsubscribe\" (RFC "
		"8058). "
		"Its user must be\nable to write the store.",
	.run = answer_run,
};
