/* doctor.c - `watchdesk doctor`: does this machine keep the promises? each answer with its remedy */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/seal.h"
#include "crawler/url.h"
#include "desk/assess.h"
#include "desk/model.h"
#include "desk/channel_try.h"
#include "desk/alert_mail.h"
#include "desk/channels.h"
#include "desk/mailbox.h"
#include "desk/verb.h"
#include "store/evidence.h"
#include "store/outbox.h"
#include "store/watch.h"

struct doctor {
	const struct invocation *invocation;
	const struct config *config;
	int bad;
};

static void say(struct doctor *d, bool holds, const char *what, const char *detail, const char *remedy)
{
	d->bad += !holds;
	if (d->invocation->json) {
		AUTO(buf) out = BUF_INIT(16384);
		struct json_writer w = { .out = &out };

		json_open(&w, NULL, '{');
		json_put_text(&w, "check", str_of(what));
		json_put_bool(&w, "holds", holds);
		json_put_text(&w, "detail", str_of(detail));
		json_put_text(&w, "remedy", holds ? STR("") : str_of(remedy));
		json_close(&w, '}');
		print_json(&out);
		return;
	}
	print("%s%-4s%s %-38s ", style(holds ? "32" : "31"), holds ? "ok" : "NO", style(""), what);
	print_text(str_of(detail), false, 0);
	print("\n");
	if (!holds)
		print("     %s\n", remedy);
}

/* What a confined child tries. The answer is its exit code: 0 it was let. */
static int try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0;
}

static int try_write(void)
{
	return open("/tmp/watchdesk-doctor", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0;
}

static int try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int try_program(void)
{
	char *const nothing[] = { NULL };

	execve("/bin/true", nothing, nothing);
	return 1;
}

static int as_worker(struct err *err)
{
	return confine_worker(LIMIT_WORKER_MEMORY, err);
}

static int as_writer(struct err *err)
{
	static const char *const nowhere[] = { NULL };

	return confine_writer(nowhere, err);
}

static int as_files(struct err *err)
{
	static const char *const nowhere[] = { NULL };

	return confine_files(nowhere, err);
}

static const struct trial {
	const char *what;
	int (*confine)(struct err *err);
	int (*attempt)(void);
} trials[] = {
	{ "a worker cannot open a file", as_worker, try_open },
	{ "a worker cannot open a socket", as_worker, try_socket },
	{ "the writer cannot open a socket", as_writer, try_socket },
	{ "the writer cannot leave its folder", as_writer, try_open },
	{ "the writer cannot start a program", as_writer, try_program },
	{ "the net process cannot read files", confine_net, try_open },
	{ "the net process cannot write files", confine_net, try_write },
	{ "the net process cannot start a program", confine_net, try_program },
	{ "the files process cannot leave its folders", as_files, try_open },
	{ "the files process cannot write files", as_files, try_write },
	{ "the files process cannot open a socket", as_files, try_socket },
};

enum { REFUSED = 1, NOT_CONFINED = 2 };

static void describe(int status, char *text, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(text, size, "ended by %s", WTERMSIG(status) == SIGSYS ? "SIGSYS" : strsignal(WTERMSIG(status)));
	else
		snprintf(text, size, "%s",
			 WEXITSTATUS(status) == REFUSED	       ? "refused"
			 : WEXITSTATUS(status) == NOT_CONFINED ? "the confinement could not be put on"
							       : "it was let");
}

static void try_one(struct doctor *d, const struct trial *t)
{
	struct err err = { 0 };
	char detail[100];
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(t->confine(&err) < 0 ? NOT_CONFINED : t->attempt());
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		say(d, false, t->what, strerror(errno), "a process could not be started; look at the limits of this user");
		return;
	}
	describe(status, detail, sizeof(detail));
	say(d, WIFSIGNALED(status) || WEXITSTATUS(status) == REFUSED, t->what, detail,
	    "the kernel lacks seccomp filters or Landlock (Linux 5.13), or a container forbids them; allow them, or expect "
	    "less protection");
}

static void look_at_evidence(struct doctor *d, struct store *store)
{
	struct err err = { 0 };
	char path[PATH_MAX];

	evidence_ready(store, &err);
	say(d, err.code == 0, "evidence can be sealed", err.code ? err.text : "key and newest segment are there",
	    "see the sentence; `watchdesk verify` looks at all of it");
	snprintf(path, sizeof(path), "%s/%s", store_folder(store), seal_private_name);
	say(d, true, "the key that opens evidence",
	    access(path, F_OK) == 0 ? "lies here; legal may take it away" : "is kept elsewhere", "");
}

static void look_at_store(struct doctor *d)
{
	struct err err = { 0 };
	AUTO_FREE(store) store = store_open(&d->config->store, STORE_READ, &err);

	if (store)
		store_check(store, &err);
	say(d, err.code == 0, "the store is sound", err.code ? err.text : "integrity check passed",
	    "restore a copy of the store");
	say(d, access(d->config->store.folder, W_OK) == 0, "the store's folder can be written", d->config->store.folder,
	    "give this user write permission on it");
	if (store)
		look_at_evidence(d, store);
}

static void look_at_model(struct doctor *d)
{
	AUTO(model_file) model = { 0 };
	struct err err = { 0 };
	char detail[ERR_TEXT];
	int sound;

	model_file_read(d->config->model, &model, &err);
	err = (struct err){ 0 };
	sound = model_file_describe(&model, detail, sizeof(detail), &err) == 0;
	say(d, sound, "the model of threat language", sound ? detail : err.text,
	    "threats are told by their parts alone until it is right: `watchdesk train` writes one, without `model:` the "
	    "shipped one is taken");
}

static void look_at_disk(struct doctor *d)
{
	struct statvfs disk;
	char detail[ERR_TEXT];
	const char *folder = access(d->config->store.folder, F_OK) == 0 ? d->config->store.folder : ".";
	char index[PATH_MAX];

	snprintf(index, sizeof(index), "%s/watchdesk.db", d->config->store.folder);
	if (d->config->store.database || access(index, F_OK) == 0)
		look_at_store(d);
	if (statvfs(folder, &disk) < 0)
		return;
	snprintf(detail, sizeof(detail), "%llu MB free", (unsigned long long)disk.f_bavail * disk.f_frsize / 1000000);
	say(d, (uint64_t)disk.f_bavail * disk.f_frsize > 1000000000, "there is room on the disk", detail,
	    "free some: a full disk stops the watch");
}

static void look_at_clock(struct doctor *d)
{
	int64_t now = clock_now_us();
	char text[CLOCK_TEXT], state[CLOCK_STATE];

	say(d, now > clock_from_civil(2025, 1, 1, 0, 0, 0) && now < clock_from_civil(2100, 1, 1, 0, 0, 0),
	    "the clock is plausible", clock_rfc3339(now, text),
	    "set the clock (for example with timedatectl): times are evidence");
	clock_state(state);
	say(d, true, "the clock, as captures will say", state, "");
}

static void look_at_roster(struct doctor *d, struct arena *a)
{
	struct str gap = roster_gap_sentence(&d->config->duty, clock_now_us(), a);

	if (d->config->duty.given)
		say(d, gap.n == 0, "somebody is always on duty", gap.n ? gap.p : "all hours of the coming year are covered",
		    "give the roster of `duty:` an entry without hours, or hours that meet");
}

static void look_at_outbox(struct doctor *d)
{
	struct err err = { 0 };
	AUTO_FREE(store) store = store_open(&d->config->store, STORE_READ, &err);
	int64_t dead = 0, waiting = 0;
	char detail[ERR_TEXT];

	if (!store || outbox_count(store, "dead", &dead, &err) < 0 || outbox_count(store, "waiting", &waiting, &err) < 0)
		return; /* said of the store already, or there is none yet */
	snprintf(detail, sizeof(detail), "%lld wait, %lld will not go", (long long)waiting, (long long)dead);
	say(d, dead == 0, "letters go", detail, "`watchdesk alert log --state dead` says why; mend it, then `alert resend ID`");
}

/* They are no fault of ours; many of them are somebody who tries. */
static void look_at_answers(struct doctor *d, struct arena *a)
{
	AUTO_FREE(store) store = store_open(&d->config->store, STORE_READ, NULL);
	AUTO(buf) text = BUF_INIT(ERR_TEXT);
	struct answers_refused *rows;
	char at[CLOCK_TEXT];
	size_t n;

	if (!store || d->config->alerts.inbox.text.n == 0 || answers_refused(store, a, &rows, &n, NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s%lld %.*s, last %.16sZ", i ? "; " : "", (long long)rows[i].n, STR_ARG(rows[i].why),
			   clock_rfc3339(rows[i].last_at, at));
	say(d, true, "answers that did nothing", n ? text.p : "none", "");
}

static void look_at_channels(struct doctor *d, struct arena *a)
{
	for (size_t i = 0; i < d->config->channels.n; i++) {
		struct err err = { 0 };
		char said[ERR_TEXT];
		const char *what = arena_printf(a, "channel %.*s", STR_ARG(d->config->channels.items[i].name.text)).p;

		alert_channel_check(d->config, i, said, sizeof(said), &err);
		say(d, err.code == 0, what, err.code ? err.text : said,
		    "see the sentence; `watchdesk alert test NAME` goes the whole way");
	}
}

static void look_at_mail(struct doctor *d)
{
	struct err err = { 0 };

	if (!alerts_can_send(&d->config->alerts)) {
		say(d, true, "mail", "none is sent: the configuration has no `alerts:`", "");
	} else {
		alert_relay_check(d->config, &err);
		say(d, err.code == 0, "the mail relay lets us in", err.code ? err.text : d->config->alerts.smtp.text.p,
		    "see the sentence; `watchdesk alert test ADDRESS` shows all that is said");
	}
	if (channels_can_send(d->config))
		look_at_outbox(d);
}

static void look_at_mailbox(struct doctor *d)
{
	struct err err = { 0 };

	if (!alerts_have_mailbox(&d->config->alerts))
		return;
	mailbox_check(d->config, &err);
	say(d, err.code == 0, "the mailbox lets us in", err.code ? err.text : d->config->alerts.inbox.text.p,
	    "see the sentence; without it nobody can answer by mail");
}

static void look_at_source(struct doctor *d, const struct source *s, struct arena *a)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	struct source_start start;
	struct url url;
	char host[300], what[80];
	int result;

	if (source_start(s, 0, a, &start) <= 0 || url_parse(a, start.url, (struct str){ 0 }, &url, NULL) < 0)
		return;
	snprintf(host, sizeof(host), "%.*s", STR_ARG(url.host));
	snprintf(what, sizeof(what), "%.*s's host has an address", (int)(s->name.text.n < 20 ? s->name.text.n : 20),
		 s->name.text.p);
	if (host[0] == '[') { /* an IPv6 address is written in brackets */
		memmove(host, host + 1, strlen(host));
		host[strcspn(host, "]")] = '\0';
	}
	result = getaddrinfo(host, NULL, &hints, &found);
	if (found)
		freeaddrinfo(found);
	say(d, result == 0, what, result == 0 ? host : gai_strerror(result),
	    "check the address, the resolver and the network of this machine");
}

static int doctor_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(classifier) classifier = config ? classifier_of(config, err) : NULL;
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct doctor d = { .invocation = i, .config = config };

	if (!config)
		return err->code;
	say(&d, classifier != NULL, "configuration, rules and self-test", classifier ? "sound" : err->text,
	    "see the sentence; `watchdesk check` repeats it");
	look_at_model(&d);
	say(&d, confine_has_landlock(), "the kernel has Landlock", confine_has_landlock() ? "yes" : "no",
	    "use Linux 5.13 or newer with landlock in the lsm= list");
	for (size_t k = 0; k < sizeof(trials) / sizeof(trials[0]); k++)
		try_one(&d, &trials[k]);
	look_at_clock(&d);
	look_at_mail(&d);
	look_at_mailbox(&d);
	look_at_answers(&d, a);
	look_at_channels(&d, a);
	look_at_disk(&d);
	look_at_roster(&d, a);
	for (size_t k = 0; k < config->n_sources; k++)
		if (config->sources[k].enabled)
			look_at_source(&d, &config->sources[k], a);
	return d.bad ? 1 : 0;
}

const struct verb verb_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "test this machine: confinement, store, disk, clock, network",
	.text = "Tries in a child process of each kind what that kind must not be able to do, and says whether the kernel "
		"refused it; then looks\n"
		"at the store, the disk, the clock and the addresses of the sources. What does not hold comes with its remedy; "
		"exit code 1 then.",
	.run = doctor_run,
};
