/* page_names.c - what the store's names for things of ours are called in the words of the report */
#include "web/page.h"

#include "web/html.h"

enum { NAME = 60 }; /* characters shown of a name that is none of ours */

/* The name as it is stored, and its word. */
static const struct {
	enum page_names of;
	const char *stored;
	enum word word;
} names[] = {
	{ NAMES_CATEGORY, "violence", WORD_CATEGORY_VIOLENCE },
	{ NAMES_CATEGORY, "extortion", WORD_CATEGORY_EXTORTION },
	{ NAMES_CATEGORY, "leak", WORD_CATEGORY_LEAK },
	{ NAMES_CATEGORY, "dox", WORD_CATEGORY_DOX },
	{ NAMES_VERDICT, "none", WORD_VERDICT_NONE },
	{ NAMES_VERDICT, "confirmed", WORD_CONFIRMED },
	{ NAMES_VERDICT, "false-positive", WORD_FALSE_POSITIVE },
	{ NAMES_VERDICT, "known", WORD_VERDICT_KNOWN },
	{ NAMES_VERDICT, "duplicate", WORD_VERDICT_DUPLICATE },
	{ NAMES_ACT, "capture", WORD_ACT_CAPTURE },
	{ NAMES_ACT, "unmask", WORD_ACT_UNMASK },
	{ NAMES_ACT, "verdict", WORD_ACT_VERDICT },
	{ NAMES_ACT, "override", WORD_ACT_OVERRIDE },
	{ NAMES_ACT, "export", WORD_ACT_EXPORT },
	{ NAMES_ACT, "notice", WORD_ACT_NOTICE },
	{ NAMES_ACT, "purge", WORD_ACT_PURGE },
	{ NAMES_ACT, "restore", WORD_ACT_RESTORE },
	{ NAMES_ACT, "stamp", WORD_ACT_STAMP },
	{ NAMES_ACT, "withhold", WORD_ACT_WITHHOLD },
	{ NAMES_ACT, "acknowledge", WORD_ACT_ACKNOWLEDGE },
	{ NAMES_ACT, "assign", WORD_ACT_ASSIGN },
	{ NAMES_ACT, "handover", WORD_ACT_HANDOVER },
	{ NAMES_ACT, "subscription", WORD_ACT_SUBSCRIPTION },
	{ NAMES_ACT, "campaign", WORD_ACT_CAMPAIGN },
	{ NAMES_ACT, "mute", WORD_ACT_MUTE },
	{ NAMES_ACT, "rescan", WORD_ACT_RESCAN },
	{ NAMES_ACT, "search", WORD_ACT_SEARCH },
	{ NAMES_ACT, "hold", WORD_ACT_HOLD },
	{ NAMES_ACT, "playbook", WORD_ACT_PLAYBOOK },
	{ NAMES_EVIDENCE, "capture", WORD_EVIDENCE_CAPTURE },
	{ NAMES_EVIDENCE, "exhibit", WORD_EVIDENCE_EXHIBIT },
	{ NAMES_ANSWER, "receipt", WORD_ANSWER_RECEIPT },
	{ NAMES_ANSWER, "answer", WORD_ANSWER_ANSWER },
	{ NAMES_ANSWER, "refused", WORD_ANSWER_REFUSED },
	{ NAMES_ANSWER, "failed", WORD_ANSWER_FAILED },
	{ NAMES_HOW, "command", WORD_HOW_COMMAND },
	{ NAMES_HOW, "mail", WORD_HOW_MAIL },
	{ NAMES_HOW, "link", WORD_HOW_LINK },
	{ NAMES_HOW, "verdict", WORD_HOW_VERDICT },
	{ NAMES_HOW, "campaign", WORD_HOW_CAMPAIGN },
	{ NAMES_CONTACT, "wallet", WORD_CONTACT_WALLET },
	{ NAMES_CONTACT, "onion", WORD_CONTACT_ONION },
	{ NAMES_CONTACT, "contact", WORD_CONTACT_ACCOUNT },
	{ NAMES_FAILURE, "DNS", WORD_FAILURE_DNS },
	{ NAMES_FAILURE, "connect", WORD_FAILURE_CONNECT },
	{ NAMES_FAILURE, "TLS", WORD_FAILURE_TLS },
	{ NAMES_FAILURE, "HTTP", WORD_FAILURE_HTTP },
	{ NAMES_FAILURE, "timeout", WORD_FAILURE_TIMEOUT },
	{ NAMES_FAILURE, "limit", WORD_FAILURE_LIMIT },
	{ NAMES_FAILURE, "denied", WORD_FAILURE_DENIED },
	{ NAMES_FAILURE, "robots", WORD_FAILURE_ROBOTS },
	{ NAMES_FAILURE, "mail", WORD_FAILURE_MAIL },
	{ NAMES_FAILURE, "content", WORD_FAILURE_CONTENT },
	{ NAMES_FAILURE, "blocked", WORD_FAILURE_BLOCKED },
	{ NAMES_FAILURE, "captcha", WORD_FAILURE_CAPTCHA },
	{ NAMES_FAILURE, "login", WORD_FAILURE_LOGIN },
	{ NAMES_FAILURE, "empty", WORD_FAILURE_EMPTY },
	{ NAMES_FAILURE, "gone", WORD_FAILURE_GONE },
	{ NAMES_FAILURE, "layout", WORD_FAILURE_LAYOUT },
	{ NAMES_FAILURE, "quarantine", WORD_FAILURE_QUARANTINE },
	{ NAMES_JUDGE, "rules", WORD_JUDGE_RULES },
	{ NAMES_JUDGE, "frames", WORD_JUDGE_FRAMES },
	{ NAMES_JUDGE, "lexicon", WORD_JUDGE_LEXICON },
	{ NAMES_JUDGE, "model", WORD_JUDGE_MODEL },
	{ NAMES_JUDGE, "assets", WORD_JUDGE_ASSETS },
	{ NAMES_JUDGE, "program", WORD_JUDGE_PROGRAM },
};

struct str page_name_text(const struct page_manner *m, enum page_names of, struct str stored)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].of == of && str_eq(stored, str_of(names[i].stored)))
			return m->words->text[names[i].word];
	return (struct str){ 0 };
}

void page_name(struct buf *out, const struct page_manner *m, enum page_names of, struct str stored)
{
	struct str word = page_name_text(m, of, stored);

	if (word.n)
		html_plain(out, word);
	else
		html_hostile(out, stored, NAME);
}
