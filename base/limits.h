/* limits.h - a ceiling for everything that hostile input can make grow, and why it stands where it does */
/* Runs in: every process. Bytes unless the name says otherwise. */
#ifndef WATCHDESK_BASE_LIMITS_H
#define WATCHDESK_BASE_LIMITS_H

#define KIB(n) ((size_t)(n)*1024)
#define MIB(n) ((size_t)(n)*1024 * 1024)

/* The network. */
#define LIMIT_URL	       4096	/* longer ones are traps; servers commonly stop at 8192 */
#define LIMIT_HEADERS	       KIB(64)	/* all headers of one response; common servers send under 2 KiB */
#define LIMIT_BODY	       MIB(4)	/* one response as coded on the wire; pastes end at 512 KiB on most sites */
#define LIMIT_POST	       KIB(64)	/* the body of a request of ours; a time-stamp query has under 200 bytes */
#define LIMIT_CHAIN	       KIB(64)	/* certificates a server shows; three of them have about 6 KiB */
#define LIMIT_TRUST	       MIB(1)	/* certificates that a source trusts; all of the system's have 220 KiB */
#define LIMIT_COOKIES	       60	/* of one source; a forum sets 3 to 10, browsers keep 50 to 180 of a site */
#define LIMIT_COOKIE_BYTES     KIB(32)	/* ... and what they have together, as lines */
#define LIMIT_LOGINS	       3	/* refused sign-ins in a row; many forums lock an account after five */
#define LIMIT_FORM_FIELDS      64	/* of a form that signs in; common ones have 4 to 12 */
#define LIMIT_SECRET	       1024	/* a name or a password */
#define LIMIT_KEY	       KIB(32)	/* of our certificate; RSA of 4096 bits has 3 KiB */
#define LIMIT_DECODED	       MIB(16)	/* the same once decompressed */
#define LIMIT_REDIRECTS	       8	/* hops; the browsers' 20 serve logins, which we do not follow */
#define LIMIT_REDIRECT_BODIES  KIB(256) /* of all redirects before a page; a link and a word of regret have 200 bytes */
#define LIMIT_TRAIL	       MIB(6)	/* a capture: LIMIT_BODY, and of each hop headers, certificates and two addresses */
#define LIMIT_FETCH_MS	       30000	/* one exchange from first byte to last */
#define LIMIT_PROXIED_MS       90000	/* ... through a proxy: a circuit to an onion may take half a minute to build */
#define LIMIT_SLOW_BYTES       64	/* bytes a second; below this ... */
#define LIMIT_SLOW_SECONDS     10	/* ... for so long is a slow drip */
#define LIMIT_ROBOTS	       KIB(512) /* RFC 9309 2.5 asks for at least 500 KiB */
#define LIMIT_ROBOTS_REDIRECTS 5	/* RFC 9309 2.3.1.2 */
#define LIMIT_ROBOTS_AGE_MS    86400000 /* RFC 9309 2.4: a day */
#define LIMIT_RETRY_AFTER_MS   86400000 /* a server may ask for at most a day of silence */
#define LIMIT_HOSTS	       4096	/* origins whose manners we remember */
#define LIMIT_CONNECTIONS      64	/* at once, to all hosts together */
#define LIMIT_CONNECTIONS_HOST 32	/* at once, to one host with pace 0 */

/* Mail. */
#define LIMIT_LETTER \
	MIB(1) /* one letter as JSON, its files too; a digest of 100 findings has 80 KiB, relays refuse from 10 MB on */
#define LIMIT_SUBSCRIPTIONS 1000 /* a desk has some dozens; each is looked at for every finding */
#define LIMIT_SUBJECT	    200	 /* characters of a subject; phones show 40 to 60, clients' lists about 100 */
#define LIMIT_MAILS	    4	 /* that the net process holds: the relay takes one after the other */
#define LIMIT_MAIL_MS                                                                                           \
	180000 /* one mail; RFC 5321 4.5.3.2 has minutes for each step, a relay that scans takes one at the end \
		*/
#define LIMIT_RELAY_WORDS KIB(2)  /* of one answer; RFC 5321 4.5.3.1.5 has 512 a line */
#define LIMIT_DIALOGUE	  KIB(16) /* of one mail without its text; twenty lines */
#define LIMIT_MAILBOX_MAIL                                                                                                    \
	MIB(1) /* of a mail in a mailbox that is read: an answer or a report has some KiB, and what hangs on it stands behind \
		  it */
#define LIMIT_MAILBOX_CHATTER MIB(1)   /* what a mailbox may say besides; all numbers of 100,000 unread mails */
#define LIMIT_MAILBOX_MS      60000    /* one mail out of it, signing in included */
#define LIMIT_AUTHORISATION   KIB(512) /* the letter of authorisation: in base64 it has to fit into LIMIT_LETTER */
#define LIMIT_ANSWER	      KIB(4)   /* kept of what a host answers to a notice: the rest is in the mailbox */
#define LIMIT_ANSWERS	      200      /* to one notice; two programs that answer each other stop there */
#define LIMIT_LETTER_FILES    4	       /* files that go with a letter: the finding as JSON and as XARF, and room */

/* Who answers for a host. */
#define LIMIT_RDAP		MIB(1) /* an answer of a registry; common ones have 5 to 30 KiB, a bootstrap file of IANA 100 KiB */
#define LIMIT_RDAP_ENTITIES	500	/* of an answer; common ones have 3 to 20, nested three deep */
#define LIMIT_SECURITY_TXT	KIB(64) /* RFC 9116 5.4 advises a ceiling of 32 KiB */
#define LIMIT_SECURITY_CONTACTS 10	/* of it; common ones have one or two */

/* Other channels. */
#define LIMIT_CHANNELS	     32	    /* of a configuration; a desk has two to five */
#define LIMIT_CHANNEL_URL    2000   /* of one; Workflows of Teams have some 400 bytes */
#define LIMIT_CHANNEL_MS     10000  /* for an answer: these services take under a second, and each has a queue of its own */
#define LIMIT_CHANNEL_TEXT   24000  /* bytes of a letter's text in JSON, at most twice as many when written: below LIMIT_POST */
#define LIMIT_BYTES_QUIET_MS 300    /* so long a collector has for a refusal: TLS 1.3 has it come after our bytes */
#define LIMIT_SYSLOG	     2048   /* one message: what RFC 5425 4.3.1 has every receiver take */
#define LIMIT_COMMAND_MS     600000 /* that a command may be given; unless it is, 30 s */
#define LIMIT_COMMAND_WORDS  KIB(4) /* kept of what it says */
#define LIMIT_COMMAND_ARGS   32	    /* of a command */

/* A page. */
#define LIMIT_ARENA	  MIB(256) /* memory of one capture; gumbo takes 3.2 GB for 120 kB of nested <b> */
#define LIMIT_CAPTURE_MS  10000	   /* a worker's time for one capture; an ordinary page takes under 5 ms */
#define LIMIT_DEPTH	  512	   /* nested elements kept; browsers stop at 512 too */
#define LIMIT_POSTS	  2000	   /* posts of one page; forums show 10 to 100, feeds up to 1,000 */
#define LIMIT_QUOTES	  1000	   /* quotations of one post; a mail answered point by point has some dozens */
#define LIMIT_ATTACHMENTS 50	   /* files listed with one post; forums allow 3 to 20 */
#define LIMIT_LINKS	  5000	   /* links of one page; archive listings show 50 to 250 */
#define LIMIT_TARGETS	  500	   /* places of one takedown that are added unasked; what is posted more often is spam */
#define LIMIT_FOLLOWED	  10	   /* links of one post to texts elsewhere; an announcement has one to five */
#define LIMIT_ALIKE	  4	   /* links alike that may be a list; menus and footers have two or three of a form */
#define LIMIT_FORMS	  500	   /* forms of links told apart on one page; pages have some dozens */
#define LIMIT_SITEMAPS	  20	   /* of an index that are read; large sites name thousands of 50,000 pages each */
#define LIMIT_TEXT	  MIB(4)   /* text of one post */
#define LIMIT_FIELD	  1024	   /* an author, a title, a key, a written date */
#define LIMIT_FEED	  MIB(8)   /* a feed once decoded */
#define LIMIT_JSON_STEPS  16000000 /* values that all JSON paths look at in one page; most need 20,000 */

/* Files of this machine. */
#define LIMIT_FOLDER_FILES 2000000  /* below one folder; of each 16 bytes are kept */
#define LIMIT_FOLDER_NEWS  2000	    /* told of at once; the rest in the next breath */
#define LIMIT_FOLDER_DEPTH 32	    /* folders within each other; archives by day have four */
#define LIMIT_PIECE_POSTS  500	    /* of one piece of a file, of LIMIT_BODY; the rest of it is read in the next breath */
#define LIMIT_PIECE_TEXT   MIB(16)  /* ... and what they say together */
#define LIMIT_MAIL_DEPTH   32	    /* multiparts within each other; a forwarded mail with a picture has four */
#define LIMIT_MAIL_PARTS   256	    /* of one mail; a digest of a mailing list has some dozens */
#define LIMIT_SCRATCH	   MIB(128) /* memory of one record of a file: a mail's HTML, a page of a WARC file */

/* Classification. */
#define LIMIT_HITS	   512	   /* hits kept of one post; a dump of 10,000 lines needs no more to be judged */
#define LIMIT_DOMAINS	   256	   /* domains of a dump counted by name; most dumps have a few dozen */
#define LIMIT_MATCHES	   100000  /* raw matches confirmed in one post: a megabyte of nothing but short assignments */
#define LIMIT_PARTS	   256	   /* parts of threats kept of one post */
#define LIMIT_REASONS	   256	   /* sentences kept of one post; nobody reads more */
#define LIMIT_CARRIED	   2000	   /* findings that one verdict is carried to at once: a second or two of the store */
#define LIMIT_PCRE_STEPS   100000  /* backtracking steps of one confirmation */
#define LIMIT_CACHE	   MIB(64) /* a compiled database; 400 rules take 3 MB */
#define LIMIT_RULES	   5000
#define LIMIT_DECODE_DEPTH 3	  /* codings around each other; base64 of gzip of JSON escapes is the deepest seen */
#define LIMIT_LAYERS	   32	  /* decoded layers of one post: six codings, nested */
#define LIMIT_DECODED_TEXT MIB(4) /* of all decoded layers together: as LIMIT_TEXT */
#define LIMIT_PATTERN	   KIB(4)
#define LIMIT_TERMS	   2000000   /* names, and domains, of all assets; a large company's staff is a tenth of it */
#define LIMIT_TERMS_BYTES  MIB(1024) /* ... and what they take in memory */
#define LIMIT_LOOKALIKES   100000    /* domains of which look-alikes are searched for; each takes about 160 bytes */
#define LIMIT_DOCUMENTS	   50000     /* registered documents */
#define LIMIT_FINGERPRINTS MIB(512)  /* ... and their hashes: 100 million words take 460 MB */
#define LIMIT_TERMS_FILE   MIB(128)  /* a file of names, one a line */

/* Between processes. */
#define LIMIT_MESSAGE	    MIB(64) /* one message: a decoded page and its hits fit */
#define LIMIT_RECEIPT	    KIB(16) /* two addresses of LIMIT_URL, and digests */
#define LIMIT_IN_HAND	    8	    /* captures one worker holds at once */
#define LIMIT_QUEUE	    512	    /* jobs that the net process holds */
#define LIMIT_WORKERS	    64
#define LIMIT_WORKER_MEMORY MIB(1024) /* address space beyond what the zygote has mapped */
#define LIMIT_GROUP_POSTS   500	      /* posts of one commit ... */
#define LIMIT_GROUP_MS	    200	      /* ... or so long, whichever comes first */

/* Evidence. */
#define LIMIT_RECORD  MIB(64)  /* one WARC record once decompressed: a page, a text, a rendering of a page */
#define LIMIT_ITEM    MIB(64)  /* one capture as it is sealed: LIMIT_REDIRECTS + 1 bodies and the texts of one page */
#define LIMIT_SEGMENT MIB(256) /* a segment file beyond it is followed by a new one; a backup copies whole files */
#define LIMIT_PACK    MIB(512) /* the captures of one finding as they are exported; it is put together in memory */

/* The desk. */
#define LIMIT_CONFIG	      MIB(1)
#define LIMIT_YAML_DEPTH      32
#define LIMIT_YAML_NODES      100000
#define LIMIT_ROSTER	      50       /* who answers; a roster has two to ten */
#define LIMIT_PLAYBOOKS	      200      /* files of what to do; a desk has about ten */
#define LIMIT_OWN_FILES	      500      /* cards of hosts, or notices, with those that ship: about 60 of each */
#define LIMIT_OWN_FILE	      KIB(32)  /* one of them; the longest that ships has 6 KiB */
#define LIMIT_ELEMENTS	      50       /* of a notice, and facts of a card; the law asks for 4 to 9 */
#define LIMIT_FACT	      KIB(4)   /* a fact or a note that somebody types */
#define LIMIT_SENTENCE	      1000     /* which a host wants to read; that of a law has 250 bytes */
#define LIMIT_NOTICE	      KIB(256) /* a notice: its text, and 50 addresses of LIMIT_URL */
#define LIMIT_STEPS	      100      /* of one of them, and contacts of the police; people follow about ten */
#define LIMIT_PEOPLE	      1000000 /* records of one text, values of a list: a text has 4 MB, an organisation fewer people */
#define LIMIT_SCAN_LIST	      MIB(256)	/* a file of them */
#define LIMIT_AFFECTED	      MIB(2048) /* records, marks and digests of both, at the most of each */
#define LIMIT_RETENTION	      100	/* rules of what is kept how long; a desk has about ten */
#define LIMIT_LINE	      MIB(16)	/* one line given to `stage` */
#define LIMIT_SCAN_PIECE      MIB(1)	/* `scan` reads larger files piece by piece */
#define LIMIT_EVAL_TEXTS      4000000	/* labelled texts measured together: 100 bytes are kept of each */
#define LIMIT_EVAL_NAMES      1000	/* their sources, languages or kinds: a line each is printed */
#define LIMIT_REPORT_FINDINGS 500	/* findings of a report page, most severe first */
#define LIMIT_AUDIENCES	      16	/* a report for each: somebody has to think who may see what */
#define LIMIT_PAGE	      MIB(8)	/* one page of the report */
#define LIMIT_REPORT_FEED     MIB(16)	/* one file of findings for programs: the rows below, with long titles */
#define LIMIT_FEED_ENTRIES    500	/* of a feed: readers ask for it again and again */
#define LIMIT_FEED_ROWS	      10000	/* of findings.json and findings.csv; `list --json` has all */
#define LIMIT_SHIFT	      500	/* findings that `triage` holds at once: a shift answers some dozens */
#define LIMIT_UNDO	      100	/* acts of a session of `triage` that can be taken back */
#define LIMIT_SHOWN	      KIB(64)	/* of a text, on the screen of `triage`: 800 lines; `show` has the rest */

#endif
