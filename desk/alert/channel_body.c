/* channel_body.c - what each type of channel gets */
#include "desk/alert/channel_body.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/limits.h"
#include "classify/severity.h"
#include "desk/alert/channel_text.h"
#include "desk/alert/facts.h"
#include "desk/alert/sheet.h"

enum { SUBJECT = 400, NAME = 255, LINE = 1000 };

#define ZERO_WIDTH "\xe2\x80\x8b" /* U+200B: parts a sign from what would make a word of command of it */

/* The levels of severity, in each service's words. */
enum level { NOTE, NOISE, LOW, MEDIUM, HIGH, CRITICAL };
static const struct {
	const char *pagerduty, *opsgenie;
	int ntfy, syslog, cef;
} levels[] = {
	[NOTE] = { "info", "P3", 3, 5, 3 },  [NOISE] = { "info", "P5", 1, 6, 1 },
	[LOW] = { "info", "P4", 2, 5, 3 },   [MEDIUM] = { "warning", "P3", 3, 4, 5 },
	[HIGH] = { "error", "P2", 4, 3, 8 }, [CRITICAL] = { "critical", "P1", 5, 2, 10 },
};

static enum level level_of(const struct channel_content *c)
{
	int s = c->facts->severity;

	return s < 0 ? NOTE : s < 20 ? NOISE : s < 40 ? LOW : s < 70 ? MEDIUM : s < 90 ? HIGH : CRITICAL;
}

static struct str form(const struct channel_content *c, struct str text, const struct channel_escape *escapes,
		       enum channel_unit unit, size_t most)
{
	return channel_text(c->a, text, &(struct channel_form){ .escapes = escapes, .unit = unit, .most = most });
}

static struct str line(const struct channel_content *c, struct str text, const struct channel_escape *escapes,
		       enum channel_unit unit, size_t most)
{
	return channel_text(c->a, text,
			    &(struct channel_form){ .escapes = escapes, .unit = unit, .most = most, .one_line = true });
}

/* The subject without the sign that sorts mail, and with nothing to open in it. */
static struct str title_of(const struct channel_content *c)
{
	static const struct str sign = { "[watchdesk] ", 12 };
	struct str subject = str_starts(c->subject, sign) ? str_slice(c->subject, sign.n, c->subject.n) : c->subject;

	return sheet_defang(c->a, subject);
}

/* ---- JSON of our own: webhook, command ---- */

static void put_facts(struct json_writer *w, const struct facts *f)
{
	const struct {
		const char *name;
		struct str value;
	} rows[] = {
		{ "finding", f->finding }, { "campaign", f->campaign }, { "category", f->category }, { "asset", f->asset },
		{ "source", f->source },   { "title", f->title },	{ "address", f->address },   { "why", f->why },
		{ "for", f->for_whom },	   { "answers", f->answers },	{ "link", f->link },
	};

	if (f->severity >= 0)
		json_put_int(w, "severity", f->severity);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].value.n)
			json_put_text(w, rows[i].name, rows[i].value);
	if (f->step)
		json_put_int(w, "step", f->step);
}

static struct str command_of(const struct channel_content *c)
{
	const struct facts *f = c->facts;

	return arena_printf(c->a, "watchdesk %s %.8s", f->step ? "alert ack" : "show", f->finding.p);
}

static struct str kind_of(const struct facts *f)
{
	return f->answers.n ? STR("answered") : f->step ? STR("duty") : f->finding.n ? STR("alert") : STR("note");
}

void channel_webhook(const struct channel_content *c, struct buf *out)
{
	struct json_writer w = { .out = out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "type", kind_of(c->facts));
	json_put_time(&w, "timestamp", c->made_at);
	json_open(&w, "data", '{');
	json_put_text(&w, "id", c->id);
	put_facts(&w, c->facts);
	json_put_text(&w, "subject", line(c, title_of(c), NULL, CHANNEL_BYTES, SUBJECT));
	json_put_text(&w, "text", form(c, c->text, NULL, CHANNEL_BYTES, LIMIT_CHANNEL_TEXT));
	if (c->facts->finding.n >= 8)
		json_put_text(&w, "command", command_of(c));
	json_close(&w, '}');
	json_close(&w, '}');
}

/* "whsec_" and base64 is how Standard Webhooks writes keys; all else is the key as it stands. */
static struct str key_of(const struct channel_content *c)
{
	static const struct str mark = { "whsec_", 6 };
	struct err why = { 0 };
	struct str key;

	if (str_starts(c->secret, mark) && base64_decode(c->a, str_slice(c->secret, mark.n, c->secret.n), &key, &why) == 0)
		return key;
	return c->secret;
}

void channel_sign(const struct channel_content *c, struct str body, int64_t now, struct buf *headers)
{
	AUTO(buf) signed_bytes = BUF_INIT(LIMIT_POST + NAME);
	AUTO(buf) base64 = BUF_INIT(NAME);
	unsigned char digest[DIGEST_BYTES];
	struct str code;

	buf_printf(&signed_bytes, "%.*s.%lld.", STR_ARG(c->id), (long long)now);
	buf_add(&signed_bytes, body);
	digest_hmac(key_of(c), buf_str(&signed_bytes), digest);
	base64_encode((struct str){ (const char *)digest, sizeof(digest) }, &base64);
	code = str_trim(buf_str(&base64));
	buf_printf(headers, "webhook-id: %.*s\nwebhook-timestamp: %lld\nwebhook-signature: v1,%.*s\n", STR_ARG(c->id),
		   (long long)now, STR_ARG(code));
}

/* ---- chats ---- */

/* The signs of Slack's control sequences (<!here>, <@U1>, <http://...|...>). */
static const struct channel_escape slack_signs[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { 0 } };

static void plain_text(struct json_writer *w, const char *key, struct str text)
{
	json_open(w, key, '{');
	json_put_text(w, "type", STR("plain_text"));
	json_put_text(w, "text", text);
	json_put_bool(w, "emoji", false);
	json_close(w, '}');
}

/* Texts of type plain_text are shown as they are; the first `text` is what notifications show. */
void channel_slack(const struct channel_content *c, struct buf *out)
{
	enum { HEADER = 150, SECTION = 3000 };
	struct json_writer w = { .out = out };
	struct str title = title_of(c);

	json_open(&w, NULL, '{');
	json_put_text(&w, "text", line(c, title, slack_signs, CHANNEL_UTF16, SUBJECT));
	json_put_bool(&w, "mrkdwn", false);
	json_put_bool(&w, "unfurl_links", false);
	json_put_bool(&w, "unfurl_media", false);
	json_open(&w, "blocks", '[');
	json_open(&w, NULL, '{');
	json_put_text(&w, "type", STR("header"));
	plain_text(&w, "text", line(c, title, slack_signs, CHANNEL_UTF16, HEADER));
	json_close(&w, '}');
	json_open(&w, NULL, '{');
	json_put_text(&w, "type", STR("section"));
	plain_text(&w, "text", form(c, c->text, slack_signs, CHANNEL_UTF16, SECTION));
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
}

/* A block of code ends at a fence only, and holds no mention; but <!here> is one to Mattermost wherever it stands, for Slack's
 * sake. */
static const struct channel_escape code_signs[] = {
	{ '@', "@" ZERO_WIDTH }, { '<', "<" ZERO_WIDTH }, { '`', "`" ZERO_WIDTH }, { '~', "~" ZERO_WIDTH }, { 0 }
};
static const struct channel_escape markdown_signs[] = { { '@', "@" ZERO_WIDTH },
							{ '<', "<" ZERO_WIDTH },
							{ '`', "\\`" },
							{ '*', "\\*" },
							{ '_', "\\_" },
							{ '[', "\\[" },
							{ ']', "\\]" },
							{ '(', "\\(" },
							{ ')', "\\)" },
							{ '#', "\\#" },
							{ '!', "\\!" },
							{ '~', "\\~" },
							{ '|', "\\|" },
							{ '\\', "\\\\" },
							{ ':', ":" ZERO_WIDTH },
							{ '$', "\\$" },
							{ 0 } };

void channel_mattermost(const struct channel_content *c, struct buf *out)
{
	enum { TEXT = 12000 }; /* of 16,383, the title and escapes too */
	struct json_writer w = { .out = out };
	struct str title = line(c, title_of(c), markdown_signs, CHANNEL_UTF16, 2 * SUBJECT);

	json_open(&w, NULL, '{');
	json_put_text(&w, "text",
		      arena_printf(c->a, "**%.*s**\n```text\n%.*s\n```", STR_ARG(title),
				   STR_ARG(form(c, c->text, code_signs, CHANNEL_UTF16, TEXT))));
	json_close(&w, '}');
}

/* A TextRun is text and nothing else, where a TextBlock reads Markdown. */
static void text_run(struct json_writer *w, struct str text, bool heads)
{
	json_open(w, NULL, '{');
	json_put_text(w, "type", STR("RichTextBlock"));
	if (!heads)
		json_put_text(w, "spacing", STR("None"));
	json_open(w, "inlines", '[');
	json_open(w, NULL, '{');
	json_put_text(w, "type", STR("TextRun"));
	json_put_text(w, "text", text);
	if (heads) {
		json_put_text(w, "weight", STR("Bolder"));
		json_put_text(w, "size", STR("Medium"));
	} else {
		json_put_text(w, "fontType", STR("Monospace"));
	}
	json_close(w, '}');
	json_close(w, ']');
	json_close(w, '}');
}

void channel_teams(const struct channel_content *c, struct buf *out)
{
	enum { ALL = 22000, TEXT = 8000 }; /* bytes, of 28 KB for a message; TEXT leaves room for what stands around lines */
	struct str rest = form(c, c->text, NULL, CHANNEL_BYTES, TEXT), row = { 0 };
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "type", STR("message"));
	json_open(&w, "attachments", '[');
	json_open(&w, NULL, '{');
	json_put_text(&w, "contentType", STR("application/vnd.microsoft.card.adaptive"));
	json_put_null(&w, "contentUrl");
	json_open(&w, "content", '{');
	json_put_text(&w, "$schema", STR("http://adaptivecards.io/schemas/adaptive-card.json"));
	json_put_text(&w, "type", STR("AdaptiveCard"));
	json_put_text(&w, "version", STR("1.2"));
	json_open(&w, "msteams", '{');
	json_put_text(&w, "width", STR("Full"));
	json_close(&w, '}');
	json_open(&w, "body", '[');
	text_run(&w, line(c, title_of(c), NULL, CHANNEL_BYTES, SUBJECT), true);
	while (out->n < ALL - LINE - NAME && str_split(&rest, '\n', &row))
		text_run(&w, row.n ? line(c, row, NULL, CHANNEL_BYTES, LINE) : STR(" "), false);
	if (rest.n)
		text_run(&w, STR("\xe2\x80\xa6"), false);
	json_close(&w, ']');
	json_close(&w, '}');
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
}

static const struct channel_escape mention_signs[] = { { '@', "@" ZERO_WIDTH }, { 0 } };

/* Without a formatted body clients show the text as it is; m.mentions says that nobody is meant. */
void channel_matrix(const struct channel_content *c, struct buf *out)
{
	struct json_writer w = { .out = out };
	struct str title = line(c, title_of(c), mention_signs, CHANNEL_BYTES, SUBJECT);

	json_open(&w, NULL, '{');
	json_put_text(&w, "msgtype", STR("m.text"));
	json_put_text(&w, "body",
		      arena_printf(c->a, "%.*s\n\n%.*s", STR_ARG(title),
				   STR_ARG(form(c, c->text, mention_signs, CHANNEL_BYTES, LIMIT_CHANNEL_TEXT))));
	json_open(&w, "m.mentions", '{');
	json_close(&w, '}');
	json_close(&w, '}');
}

/* ---- phones ---- */

/* The last part of the address is the topic, and the message goes to what stands before it. */
void channel_ntfy(const struct channel_content *c, struct buf *out)
{
	enum { MESSAGE = 4096, TITLE = 250 }; /* bytes; longer messages become files */
	struct json_writer w = { .out = out };
	struct str topic = c->url;

	for (size_t i = 0; i < c->url.n; i++)
		if (c->url.p[i] == '/')
			topic = str_slice(c->url, i + 1, c->url.n);
	json_open(&w, NULL, '{');
	json_put_text(&w, "topic", topic);
	json_put_text(&w, "title", line(c, title_of(c), NULL, CHANNEL_BYTES, TITLE));
	json_put_text(&w, "message", form(c, c->text, NULL, CHANNEL_BYTES, MESSAGE));
	json_put_int(&w, "priority", levels[level_of(c)].ntfy);
	json_put_bool(&w, "markdown", false);
	json_close(&w, '}');
}

void channel_pagerduty(const struct channel_content *c, struct buf *out)
{
	enum { SUMMARY = 1024 };
	const bool answers = c->facts->answers.n > 0;
	struct json_writer w = { .out = out };
	json_open(&w, NULL, '{');
	json_put_text(&w, "routing_key", c->secret);
	json_put_text(&w, "event_action", answers ? STR("acknowledge") : STR("trigger"));
	json_put_text(&w, "dedup_key", answers ? c->facts->answers : c->id);
	json_put_text(&w, "client", STR("watchdesk"));
	json_open(&w, "payload", '{');
	json_put_text(&w, "summary", line(c, title_of(c), NULL, CHANNEL_UTF16, SUMMARY));
	json_put_text(&w, "source", c->facts->source.n ? line(c, c->facts->source, NULL, CHANNEL_UTF16, NAME) : c->host);
	json_put_text(&w, "severity", str_of(levels[level_of(c)].pagerduty));
	json_put_time(&w, "timestamp", c->made_at);
	if (c->facts->category.n)
		json_put_text(&w, "class", c->facts->category);
	if (c->facts->asset.n)
		json_put_text(&w, "component", line(c, c->facts->asset, NULL, CHANNEL_UTF16, NAME));
	json_open(&w, "custom_details", '{');
	put_facts(&w, c->facts);
	json_put_text(&w, "text", form(c, c->text, NULL, CHANNEL_BYTES, LIMIT_CHANNEL_TEXT));
	json_close(&w, '}');
	json_close(&w, '}');
	json_close(&w, '}');
}

/* What goes to the address of an alert's acknowledgement. */
static void opsgenie_acknowledge(const struct channel_content *c, struct buf *out)
{
	enum { USER = 100 };
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_text(&w, "user", line(c, c->facts->for_whom, NULL, CHANNEL_UTF16, USER));
	json_put_text(&w, "source", line(c, c->host, NULL, CHANNEL_UTF16, USER));
	json_put_text(&w, "note", line(c, title_of(c), NULL, CHANNEL_UTF16, SUBJECT));
	json_close(&w, '}');
}

void channel_opsgenie(const struct channel_content *c, struct buf *out)
{
	enum { MESSAGE = 130, DESCRIPTION = 15000, SOURCE = 100 };
	struct json_writer w = { .out = out };

	if (c->facts->answers.n) {
		opsgenie_acknowledge(c, out);
		return;
	}

	json_open(&w, NULL, '{');
	json_put_text(&w, "message", line(c, title_of(c), NULL, CHANNEL_UTF16, MESSAGE));
	json_put_text(&w, "alias", c->id);
	json_put_text(&w, "description", form(c, c->text, NULL, CHANNEL_UTF16, DESCRIPTION));
	json_put_text(&w, "priority", str_of(levels[level_of(c)].opsgenie));
	json_put_text(&w, "source", line(c, c->host, NULL, CHANNEL_UTF16, SOURCE));
	if (c->facts->asset.n)
		json_put_text(&w, "entity", line(c, c->facts->asset, NULL, CHANNEL_UTF16, NAME));
	json_open(&w, "details", '{');
	if (c->facts->finding.n)
		json_put_text(&w, "finding", c->facts->finding);
	if (c->facts->campaign.n)
		json_put_text(&w, "campaign", c->facts->campaign);
	if (c->facts->category.n)
		json_put_text(&w, "category", c->facts->category);
	if (c->facts->source.n)
		json_put_text(&w, "site", c->facts->source);
	json_close(&w, '}');
	json_close(&w, '}');
}

/* ---- syslog, CEF ---- */

static const struct channel_escape cef_header[] = { { '\\', "\\\\" }, { '|', "\\|" }, { 0 } };
static const struct channel_escape cef_value[] = { { '\\', "\\\\" }, { '=', "\\=" }, { 0 } };

static void cef_put(const struct channel_content *c, struct buf *out, const char *key, struct str value)
{
	enum { VALUE = 256 };

	if (value.n)
		buf_printf(out, " %s=%.*s", key, STR_ARG(line(c, value, cef_value, CHANNEL_BYTES, VALUE)));
}

static void cef_labelled(const struct channel_content *c, struct buf *out, int number, const char *label, struct str value)
{
	if (value.n) {
		cef_put(c, out, arena_printf(c->a, "cs%dLabel", number).p, str_of(label));
		cef_put(c, out, arena_printf(c->a, "cs%d", number).p, value);
	}
}

static void cef(const struct channel_content *c, struct buf *out)
{
	enum { TITLE = 256 };
	const struct facts *f = c->facts;
	struct str class = f->category.n ? f->category : STR("watch");

	buf_printf(out, "CEF:0|watchdesk|watchdesk|%s|%.*s|%.*s|%d|", WATCHDESK_VERSION,
		   STR_ARG(line(c, class, cef_header, CHANNEL_BYTES, NAME)),
		   STR_ARG(line(c, title_of(c), cef_header, CHANNEL_BYTES, TITLE)), levels[level_of(c)].cef);
	buf_printf(out, "rt=%lld", (long long)(c->made_at / 1000));
	cef_put(c, out, "externalId", c->id);
	cef_put(c, out, "cat", f->category);
	cef_labelled(c, out, 1, "asset", f->asset);
	cef_labelled(c, out, 2, "site", f->source);
	cef_labelled(c, out, 3, "campaign", f->campaign);
	cef_labelled(c, out, 4, "finding", f->finding);
	if (f->severity >= 0)
		buf_printf(out, " cn1Label=severity cn1=%d", f->severity);
	cef_put(c, out, "request", f->address);
	cef_put(c, out, "reason", f->why);
	if (!f->finding.n)
		cef_put(c, out, "msg", str_trim(c->text));
}

/* RFC 5424 6: HOSTNAME is of 33 to 126. */
static struct str host_name(const struct channel_content *c)
{
	char *name = arena_alloc(c->a, NAME + 1);
	size_t n = 0;

	for (size_t i = 0; i < c->host.n && n < NAME; i++)
		name[n++] = c->host.p[i] > ' ' && c->host.p[i] < 0x7f ? c->host.p[i] : '-';
	return n ? (struct str){ name, n } : STR("-");
}

void channel_syslog(const struct channel_content *c, struct buf *out)
{
	enum { LOCAL0 = 16 };
	AUTO(buf) message = BUF_INIT(4 * LIMIT_SYSLOG);
	char at[CLOCK_TEXT];
	struct str bytes;

	buf_printf(&message, "<%d>1 %s %.*s watchdesk - %.*s - ", LOCAL0 * 8 + levels[level_of(c)].syslog,
		   clock_rfc3339(c->made_at, at), STR_ARG(host_name(c)), STR_ARG(kind_of(c->facts)));
	cef(c, &message);
	bytes = channel_text(c->a, buf_str(&message), &(struct channel_form){ .most = LIMIT_SYSLOG, .one_line = true });
	buf_printf(out, "%zu %.*s", bytes.n, STR_ARG(bytes)); /* RFC 5425 4.3 */
}
