/* source.h - a site definition: where it is, how often, how fast, as whom, and what to extract */
/* Runs in: supervisor (reading), then read-only in every role. */
#ifndef WATCHDESK_CRAWLER_SOURCE_H
#define WATCHDESK_CRAWLER_SOURCE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/yaml.h"
#include "crawler/day.h"
#include "crawler/signs.h"

/* What lies behind an address, and so what is read out of it. */
enum page_kind {
	PAGE_LISTING, /* links to posts or threads (XPath `links`), a `next` page */
	PAGE_RAW,     /* the whole body is one post */
	PAGE_THREAD,  /* several posts (XPath `post.item` ...), a `next` page */
	PAGE_FEED,    /* RSS or Atom: each entry is a post, or with `raw:` or `post:` a link to one */
	PAGE_FILE,    /* a plain file read again and again: one post whose text changes */
	PAGE_JSON,    /* JSON: posts, links to more of it (threads) or to raw texts, a `next` page */
	PAGE_UNKNOWN, /* what it is has to be found out (struct probe): one post that says so (recognise.h) */
	PAGE_FOLDER,  /* files that are new or have changed: a link to each (local.h) */
	PAGE_LOCAL,   /* a piece of a file, as the source's format, or its own name and content, say */
	PAGE_MAILBOX, /* the oldest unread mail of a mailbox; its address is no URL of a site */
	PAGE_TARGET,  /* of a takedown: all that is said there, to see whether a text still stands in it */
	PAGE_KINDS,
};
/* "listing", "raw", "thread", "feed", "file", "json", "unknown", "folder", "local", "mailbox", "target". */
extern const char *const page_kind_names[PAGE_KINDS];

/* What the files of a local source hold: guessed, a file a post; mbox, Maildir or a file a message; WARC; JSON in lines. */
enum local_format { LOCAL_GUESSED, LOCAL_TEXT, LOCAL_MAIL, LOCAL_WARC, LOCAL_JSONL, LOCAL_FORMATS };
/* "guessed", "text", "mail", "warc", "jsonl". */
extern const char *const local_format_names[LOCAL_FORMATS + 1];

/* What the texts of a JSON source hold; guessed: HTML where something looks like a tag. */
enum post_format { FORMAT_GUESSED, FORMAT_HTML, FORMAT_TEXT, FORMAT_MARKDOWN };

/*
 * XPath 1.0 selectors relative to a post's element, of a JSON source paths or templates (json_template.h); the text is empty
 * when not given.
 */
struct source_post {
	struct yaml_text item, key, author, author_id, title, date, text, url;
	struct yaml_text edited;      /* when it was edited last, or the site's note that it was */
	struct yaml_text attachments; /* links to files, of HTML; listed at the end of the text, never followed */
	struct yaml_text quotes; /* elements in the text that others said; taken out of it; in a feed, of an entry's HTML */
	bool preformatted;	 /* the text keeps its line ends and spaces, as in <pre> */
	enum post_format format; /* of a JSON source */
};

struct probe;

/* How a source signs in; all empty when it does not. What is secret stands elsewhere: "env:NAME", "file:PATH". */
struct source_login {
	struct yaml_text url; /* the page with the form */
	struct yaml_text user, password;
	const char *user_path, *password_path; /* of files, from the configuration's folder; NULL for none */
	struct yaml_text form;		       /* XPath of the form; the first with a password unless given */
	struct yaml_text signed_in;	       /* XPath that holds on a page that shows that we are in */
	struct yaml_text wall;		       /* XPath of a page that is not for guests; else the signs tell (soft.h) */
	unsigned char version[DIGEST_BYTES];   /* changes when anything of it does: the configuration, or a file */
};

struct source {
	struct yaml_text name;
	bool verified;		  /* the engine; true when there is none */
	struct yaml_text engine;  /* the kind of software; empty when the source says all itself */
	struct yaml_text url;	  /* replaces {url} in the other addresses */
	struct yaml_text listing; /* addresses to start from; at least one of listing, feed, json, files, folder, file */
	struct yaml_text feed;
	struct yaml_texts json; /* then all selectors are JSON paths, links are rules (json_template.h), threads are JSON too */
	struct yaml_texts files;
	struct yaml_text folder;  /* absolute path: what is written or moved below it is read (a local source) */
	struct yaml_text file;	  /* absolute path of one file that grows: the same */
	struct yaml_text mailbox; /* imaps://host/folder: only of answers, and not of an entry (desk/alerts.h) */
	int local_format;	  /* enum local_format of what lies there */
	struct yaml_text links;	  /* XPath over the listing: attributes or elements whose value is an address */
	/*
	 * XPath at each node of `links`, of a JSON source a path or template at its item: what stands beside a thread's link
	 * and is another text once the thread got a new post, and only then. So no views, and no "5 minutes ago".
	 */
	struct yaml_text activity;
	struct yaml_text next; /* XPath over listing and thread: the next page */
	/*
	 * Address of a post's text: {href} replaced by the link, {key} by its last path segment ("/p/AbC?x" is AbC), or where
	 * that is a script with a query ("show.php?id=7") by the first parameter's value.
	 */
	struct yaml_text raw;
	struct source_post post;     /* when given, links lead to threads */
	struct yaml_text zone;	     /* of the times it shows, as zone.h reads it; UTC when not given */
	struct yaml_texts soft_404;  /* XPaths: where one matches, the page is a failure although it came with 200 */
	int64_t every_ms;	     /* between polls of a listing, feed, file or thread, at the least */
	int64_t slowest_ms;	     /* of what lists and is quiet, at the most; `every` says both: "1m to 30m" */
	struct day_hours hours;	     /* in which it may be visited */
	struct yaml_text canary;     /* a post that has to be seen: its address, or words in it */
	int64_t canary_ms;	     /* how long it may be unseen */
	int64_t pace_ms;	     /* between two requests to one host */
	int64_t pages;		     /* `next` pages followed */
	size_t most_links;	     /* of one page that are followed, 0 for all; `source test` follows few */
	int identity;		     /* enum identity */
	struct yaml_text user_agent; /* overrides the identity's */
	struct yaml_texts types;     /* media types that are read as text besides those that are */
	struct yaml_text proxy; /* "socks5h://host:port" or "http://host:port"; empty for none, once it is settled (route.h) */
	struct yaml_text ca;	/* file of certificates to trust instead of the system's */
	struct str trust;	/* what it holds; whoever reads the configuration fills it */
	struct yaml_text pin;	/* of the server's key: "sha256//BASE64", several with ";" between; empty for any */
	struct source_login login;
	bool allow_private;		/* private and loopback addresses may be connected to */
	struct yaml_text ignore_robots; /* the reason for an override of robots.txt; empty obeys */
	struct yaml_text operator_name; /* who decided it; required with ignore_robots */
	bool recheck;			/* the targets of takedowns are looked at by it; it has no address to start from */
	bool answers;			/* what comes is answers to our mail, and no posts (answer.h) */
	bool followed;			/* what findings of other sources link to is read here, one step */
	const struct signs *signs;	/* of pages that come in the place of what was asked for; the same for all */
	bool enabled;
	struct yaml_text off;	   /* why it is off unless the entry says `enabled: true` */
	const struct probe *probe; /* when given, the source is a question, and has no other address to start from */
};

/* A kind of software: its words alone, with {url} in its addresses, and how its pages are told from those of others. */
struct engine {
	struct str name;
	bool verified;
	struct yaml_texts recognise; /* signs (recognise.h); each that holds speaks for it */
	struct yaml_text home;	     /* an XPath over any of its pages: an address of the site, from which its url is had */
	struct source source;
};

/* What there is at an address that no source describes, and what robots.txt says of addresses. */
struct probe {
	const struct engine *engines;
	size_t n_engines;
	const struct str *starts; /* of pages; or of a robots.txt */
	size_t n_starts;
	const struct str *asked; /* addresses that the robots.txt is asked about */
	size_t n_asked;
	struct str agent; /* who asks */
};

enum identity { IDENTITY_OPEN, IDENTITY_QUIET };

/*
 * Read the `sources:` list of a configuration. An entry with `use: NAME` begins from the definition crawler/sources/NAME.yaml
 * that ships, or from NAME.yaml in `folder` (which may be NULL); one with `engine: NAME`, or whose definition says so, from
 * crawler/engines/NAME.yaml, or NAME.yaml in the folder "engines" beside `folder`. What the entry says itself overrides. A
 * source whose engine is not verified, or that says `off: WHY`, is off unless the entry says `enabled: true`; one that says
 * `off` needs no address to start from, where a site has no public listing. Names, addresses and XPaths are checked; errors
 * read "file:line: what, expected what". All lives in `a`.
 */
int sources_read(const struct yaml *list, const char *folder, struct arena *a, struct source **sources, size_t *n,
		 struct err *err);

/*
 * All engines that ship, each from `folder` as sources_read() does it where there is one of that name. All lives in `a`;
 * E_USAGE when one is wrong.
 */
int engines_read(const char *folder, struct arena *a, struct engine **engines, size_t *n, struct err *err);

/* What ships: a kind of software, or a site. */
struct definition {
	struct str name;
	struct str about;  /* the first line of its file */
	struct str origin; /* what it was taken from (of an engine: software, version, theme), how and when */
	struct str
		terms;	/* of a source: what its terms and robots.txt say of automated reading, where and when that was read */
	struct str off; /* why it is off unless an entry says `enabled: true`; empty when it is on */
	bool engine;
	bool verified; /* an engine that read real software, or a page or template of it that `origin` names */
};

/* The i-th definition that ships, engines first: 1 filled, 0 beyond the last. */
int definition_shipped(size_t i, struct arena *a, struct definition *out, struct err *err);

/* Does it read files of this machine? */
static inline bool source_is_local(const struct source *s)
{
	return s->folder.text.n || s->file.text.n;
}

/* An address to start from. */
struct source_start {
	enum page_kind kind;
	struct str url;
};

/* The i-th address to start from: 1 filled, 0 beyond the last. */
int source_start(const struct source *s, size_t i, struct arena *a, struct source_start *out);

#endif
