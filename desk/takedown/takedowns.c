/* takedowns.c - the section `takedowns:`, checked and read */
#include "desk/takedown/takedowns.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "crawler/url.h"
#include "desk/config.h"
#include "desk/playbook.h"
#include "desk/takedown/host.h"
#include "desk/takedown/notice.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS	  (1440 * MINUTE_MS)

struct rows {
	const struct yaml *claimant, *signatory;
	int64_t approvals, recheck_ms;
	struct yaml_text answers, authorisation, hosts, notices, registries;
	bool plus;
};

static const struct yaml_field fields[] = {
	{ "claimant", YAML_MAP, offsetof(struct rows, claimant) },
	{ "signatory", YAML_MAP, offsetof(struct rows, signatory) },
	{ "approvals", YAML_INT, offsetof(struct rows, approvals), .least = 1, .most = 5 },
	{ "answers", YAML_TEXT, offsetof(struct rows, answers) },
	{ "plus", YAML_BOOL, offsetof(struct rows, plus) },
	{ "authorisation", YAML_TEXT, offsetof(struct rows, authorisation) },
	{ "hosts", YAML_TEXT, offsetof(struct rows, hosts) },
	{ "notices", YAML_TEXT, offsetof(struct rows, notices) },
	{ "registries", YAML_TEXT, offsetof(struct rows, registries) },
	{ "recheck", YAML_DURATION, offsetof(struct rows, recheck_ms), .least = 10 * MINUTE_MS, .most = 30 * DAY_MS },
	{ 0 },
};

static const struct yaml_field party_fields[] = {
	{ "name", YAML_TEXT, offsetof(struct takedowns_party, name), .required = true, .like = "Example Pictures" },
	{ "title", YAML_TEXT, offsetof(struct takedowns_party, title) },
	{ "address", YAML_TEXT, offsetof(struct takedowns_party, address) },
	{ "mail", YAML_TEXT, offsetof(struct takedowns_party, mail) },
	{ "phone", YAML_TEXT, offsetof(struct takedowns_party, phone) },
	{ 0 },
};

static int mail_check(struct yaml_text mail, const char *what, struct err *err)
{
	if (mail.text.n == 0 || mailbox_is_one(mail.text))
		return 0;
	return yaml_wrong(err, mail, "%s is \"%.*s\", expected one mail address", what, STR_ARG(str_slice(mail.text, 0, 80)));
}

static int party_read(const struct yaml *section, const char *what, struct arena *a, struct takedowns_party *out,
		      struct err *err)
{
	if (section && yaml_read(section, party_fields, out, a, err) < 0)
		return err->code;
	return mail_check(out->mail, what, err);
}

static int folder_of(struct config *c, struct yaml_text named, const char *what, const char **out, struct err *err)
{
	*out = config_path(c, named, NULL);
	if (*out && access(*out, R_OK | X_OK) < 0)
		return yaml_wrong(err, named, "%s is %s, expected a folder that can be read", what, *out);
	return 0;
}

/* It is read when it goes out; that it can be is known before. */
static int authorisation_check(struct config *c, struct yaml_text named, struct takedowns *t, struct err *err)
{
	struct stat s;

	t->authorisation = config_path(c, named, NULL);
	if (!t->authorisation)
		return 0;
	if (access(t->authorisation, R_OK) < 0 || stat(t->authorisation, &s) < 0 || !S_ISREG(s.st_mode))
		return yaml_wrong(err, named, "authorisation is %s, expected a file that can be read", t->authorisation);
	if (s.st_size == 0 || (size_t)s.st_size > LIMIT_AUTHORISATION)
		return yaml_wrong(err, named, "authorisation is %s of %lld bytes, expected 1 to %zu", t->authorisation,
				  (long long)s.st_size, (size_t)LIMIT_AUTHORISATION);
	return 0;
}

static int cards_read(struct config *c, const struct rows *rows, struct takedowns *t, struct err *err)
{
	struct host_cards *hosts = arena_alloc(c->a, sizeof(*hosts));
	struct notice_templates *notices = arena_alloc(c->a, sizeof(*notices));
	const char *host_folder, *notice_folder;

	if (folder_of(c, rows->hosts, "hosts", &host_folder, err) < 0 ||
	    folder_of(c, rows->notices, "notices", &notice_folder, err) < 0 ||
	    host_cards_read(host_folder, c->a, hosts, err) < 0 || notice_templates_read(notice_folder, c->a, notices, err) < 0)
		return err->code;
	t->hosts = hosts;
	t->notices = notices;
	return 0;
}

static struct str police_lines(struct config *c)
{
	AUTO(buf) out = BUF_INIT(LIMIT_CONFIG);

	for (size_t i = 0; i < c->playbooks->n_police; i++) {
		const struct police_contact *p = &c->playbooks->police[i];

		buf_printf(&out, "%s%.*s: %.*s, %.*s", i ? "\n" : "", STR_ARG(p->jurisdiction.text), STR_ARG(p->name.text),
			   STR_ARG(p->contact.text));
	}
	return arena_copy(c->a, buf_str(&out));
}

int takedowns_read(struct config *c, const struct yaml *section, struct takedowns *out, struct err *err)
{
	struct rows rows = { .approvals = 1, .recheck_ms = DAY_MS / 2 };

	*out = (struct takedowns){ .organisation = c->organisation.text, .contact = c->contact.text };
	if (section && yaml_read(section, fields, &rows, c->a, err) < 0)
		return err->code;
	if (party_read(rows.claimant, "mail of claimant", c->a, &out->claimant, err) < 0 ||
	    party_read(rows.signatory, "mail of signatory", c->a, &out->signatory, err) < 0 ||
	    mail_check(rows.answers, "answers", err) < 0 || authorisation_check(c, rows.authorisation, out, err) < 0 ||
	    cards_read(c, &rows, out, err) < 0)
		return err->code;
	out->approvals = rows.approvals;
	out->answers = rows.answers;
	out->plus = rows.plus;
	out->registries = config_path(c, rows.registries, NULL);
	out->recheck_us = rows.recheck_ms * 1000;
	out->police = police_lines(c);
	return 0;
}

const struct host_card *takedowns_card(const struct takedowns *t, struct str url)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct url u;

	return url_parse(a, url, (struct str){ 0 }, &u, NULL) < 0 ? NULL : host_card_of(t->hosts, u.host);
}

int64_t takedowns_recheck(const struct takedowns *t, struct str url)
{
	const struct host_card *card = takedowns_card(t, url);

	return card && card->recheck_us ? card->recheck_us : t->recheck_us;
}
