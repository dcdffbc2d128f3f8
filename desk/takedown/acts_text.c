/* acts_text.c - the text of a notice: written out, and edited by a person */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/takedown/work.h"

/* As people and files have it; its SHA-256 is what is approved, and stands in custody. */
static void put(struct buf *out, struct str recipient, struct str subject, struct str text)
{
	buf_printf(out, "To: %.*s\nSubject: %.*s\n\n", STR_ARG(recipient), STR_ARG(subject));
	buf_add(out, text);
}

int takedown_act_text(struct takedown_work *x, struct err *err)
{
	AUTO(buf) out = BUF_INIT(LIMIT_LETTER);
	struct notice_row n;

	if (takedown_work_notice(x, x->i->arguments[1], &n, err) < 0)
		return err->code;
	put(&out, n.recipient, n.subject, n.content);
	if (isatty(STDOUT_FILENO))
		print_text(buf_str(&out), true, 0);
	else
		fwrite(out.p, 1, out.n, stdout); /* to the byte: sha256sum has to find what custody has */
	return 0;
}

/* What an edit makes of a notice. */
struct edited {
	struct str recipient, subject, text;
};

static bool take_line(struct str *rest, const char *name, struct str *value)
{
	struct str line, after = *rest;

	if (!str_starts(after, str_of(name)) || !str_split(&after, '\n', &line))
		return false;
	*value = str_trim(str_slice(line, strlen(name), line.n));
	*rest = after;
	return true;
}

/* With "To:" and "Subject:" above an empty line, or the text alone. */
static void take(struct str whole, struct edited *e)
{
	struct str rest = whole, line;

	if (take_line(&rest, "To: ", &e->recipient) && take_line(&rest, "Subject: ", &e->subject) &&
	    (rest.n == 0 || str_starts(rest, STR("\n"))))
		(void)(rest.n && str_split(&rest, '\n', &line));
	else
		rest = whole;
	e->text = rest;
}

/* The editor of the environment, on a file that nobody else can read. */
static int run_editor(const char *path, struct err *err)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"", "sh", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return err_set(err, E_IO, "cannot start an editor");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(err, E_USAGE, "the editor ended with an error; nothing is changed");
	return 0;
}

static int edit_file(struct takedown_work *x, const char *path, struct edited *e, struct err *err)
{
	AUTO(buf) out = BUF_INIT(LIMIT_LETTER);
	AUTO(buf) back = BUF_INIT(LIMIT_LETTER);
	size_t replaced;

	put(&out, e->recipient, e->subject, e->text);
	if (file_replace(path, buf_str(&out), 0600, err) < 0 || run_editor(path, err) < 0 || file_read(path, &back, err) < 0)
		return err->code;
	take(arena_copy(x->a, utf8_clean(x->a, buf_str(&back), &replaced)), e);
	return 0;
}

static int edit_by_hand(struct takedown_work *x, struct edited *e, struct err *err)
{
	char folder[PATH_MAX];
	int result;

	if (file_temporary("watchdesk-notice", folder, sizeof(folder), err) < 0)
		return err->code;
	result = edit_file(x, arena_printf(x->a, "%s/notice.txt", folder).p, e, err);
	file_remove_folder(folder, NULL);
	return result;
}

static int edit_from_file(struct takedown_work *x, struct edited *e, struct err *err)
{
	struct str whole;

	if (takedown_work_file(x, LIMIT_NOTICE, &whole, err) < 0)
		return err->code;
	take(whole, e);
	return 0;
}

/* From a file, from its template, from options alone, or by a person in an editor. */
static int edit(struct takedown_work *x, const struct notice_row *n, struct edited *e, struct err *err)
{
	const bool to = option_of(x->i, "to"), subject = option_of(x->i, "subject");
	struct draft_text fresh;
	int result = 0;

	if (option_of(x->i, "file")) {
		result = edit_from_file(x, e, err);
	} else if (option_of(x->i, "again")) {
		result = draft_again(x->store, x->config->takedowns, n, x->a, &fresh, err);
		if (result == 0)
			*e = (struct edited){ e->recipient, fresh.subject, fresh.text };
	} else if (!to && !subject) {
		result = edit_by_hand(x, e, err);
	}
	if (to)
		e->recipient = takedown_work_option(x, "to");
	if (subject)
		e->subject = takedown_work_option(x, "subject");
	return result;
}

static int keep(struct takedown_work *x, const struct notice_row *n, const struct edited *e, struct err *err)
{
	int changed;

	if (store_begin(x->store, err) < 0)
		return err->code;
	changed = notice_edit(x->store, n, e->recipient, e->subject, e->text, x->who, x->now, err);
	if (changed < 0) {
		store_rollback(x->store);
		return changed;
	}
	return store_commit(x->store, err) < 0 ? err->code : changed;
}

int takedown_act_edit(struct takedown_work *x, struct err *err)
{
	struct notice_row n;
	struct edited e;
	int changed;

	if (takedown_work_notice(x, x->i->arguments[1], &n, err) < 0)
		return err->code;
	e = (struct edited){ n.recipient, n.subject, n.content };
	if (edit(x, &n, &e, err) < 0 || draft_clean(n.way, &e.recipient, &e.subject, &e.text, x->a, err) < 0)
		return err->code;
	changed = keep(x, &n, &e, err);
	if (changed >= 0)
		buf_printf(&x->said, "notice %.8s %s\n", n.public_id.p,
			   changed ? "is changed; who approved it before does so no more" : "is as it was");
	return changed < 0 ? changed : 0;
}
