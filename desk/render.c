/* render.c - a captured page as PDF or PNG, by headless Chromium */
#include "desk/render.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "crawler/extract/charset.h"

enum {
	PATIENCE_MS = 60000, /* an ordinary page takes two seconds */
	NOBODY = 65534,
	TICK_MS = 20,
	LOG_BYTES = 1 << 20,
	PATH = 256,
};

/* Folder and names of one rendering; gone with it. */
struct studio {
	char folder[PATH - 16], page[PATH], result[PATH], log[PATH];
	const char *program;
	bool cut_off, as_root;
};

static void studio_release(struct studio *s)
{
	if (s->folder[0])
		file_remove_folder(s->folder, NULL);
}

/* Where it is, by the names that systems give it. */
static const char *find_program(struct arena *a)
{
	static const char *const names[] = { "chromium", "chromium-browser", "google-chrome-stable", "google-chrome" };
	const char *path = getenv("PATH");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str rest = str_of(path && *path ? path : "/usr/local/bin:/usr/bin:/bin"), folder;

		while (str_split(&rest, ':', &folder)) {
			struct str full = arena_printf(a, "%.*s/%s", STR_ARG(folder), names[i]);

			if (folder.n && folder.p[0] == '/' && access(full.p, X_OK) == 0)
				return full.p;
		}
	}
	return NULL;
}

static int open_studio(struct studio *s, struct arena *a, bool png, struct err *err)
{
	s->program = find_program(a);
	if (!s->program)
		return err_set(err, E_USAGE,
			       "there is no Chromium to render pages with; install it (Debian: apt install chromium)");
	if (file_temporary("watchdesk-render", s->folder, sizeof(s->folder), err) < 0) {
		s->folder[0] = '\0';
		return err->code;
	}
	s->as_root = geteuid() == 0;
	if (s->as_root && chown(s->folder, NOBODY, NOBODY) < 0)
		return err_set(err, E_IO, "cannot give %s away: %s", s->folder, strerror(errno));
	snprintf(s->page, sizeof(s->page), "%s/page.mhtml", s->folder);
	snprintf(s->result, sizeof(s->result), "%s/page.%s", s->folder, png ? "png" : "pdf");
	snprintf(s->log, sizeof(s->log), "%s/log", s->folder);
	return 0;
}

static void put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0) { /* then the map stays empty, and Chromium says why it does not start */
	}
	close(fd);
}

/* In the child: a network of its own with nothing in it. An ordinary user gets one together with a user namespace. */
static bool leave_network(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWNET) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	put_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	put_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	put_file("/proc/self/gid_map", map);
	return true;
}

static bool can_leave_network(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(leave_network() ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool leave_root(void)
{
	return setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0;
}

static _Noreturn void be_chromium(const struct studio *s, char *const *arguments)
{
	char home[PATH + 8], *const environment[] = { home, (char[]){ "PATH=/usr/local/bin:/usr/bin:/bin" },
						      (char[]){ "LANG=C.UTF-8" }, (char[]){ "TZ=UTC" }, NULL };
	int null, log;

	snprintf(home, sizeof(home), "HOME=%s", s->folder);
	setpgid(0, 0);
	if (s->cut_off && !leave_network())
		_exit(126);
	if (s->as_root && !leave_root())
		_exit(126);
	if (chdir(s->folder) < 0)
		_exit(126);
	null = open("/dev/null", O_RDWR);
	log = open(s->log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		_exit(126);
	close_range(3, UINT_MAX, 0);
	execve(s->program, arguments, environment);
	_exit(127);
}

/* What is left of it goes too: it has children of its own. */
static void put_down(pid_t child)
{
	kill(-child, SIGKILL);
	waitpid(child, NULL, 0);
}

static bool lacks_sandbox(const struct studio *s)
{
	AUTO(buf) log = BUF_INIT(LOG_BYTES);

	return file_read(s->log, &log, NULL) >= 0 && str_find(buf_str(&log), STR("No usable sandbox")) >= 0;
}

/* Run it to its end or the deadline. */
static int run(const struct studio *s, char *const *arguments, int64_t patience_ms, struct err *err)
{
	static const struct timespec tick = { .tv_nsec = TICK_MS * 1000000 };
	int64_t until = clock_steady_us() + patience_ms * 1000;
	int status;
	pid_t child = fork(), ended;

	if (child < 0)
		return err_set(err, E_IO, "cannot start %s: %s", s->program, strerror(errno));
	if (child == 0)
		be_chromium(s, arguments);
	setpgid(child, child);
	while ((ended = waitpid(child, &status, WNOHANG)) == 0 && clock_steady_us() < until)
		nanosleep(&tick, NULL);
	if (ended == 0) {
		put_down(child);
		return err_set(err, E_BUSY,
			       "%s was not done after %lld seconds and was ended; the page may be made to keep it busy",
			       s->program, (long long)patience_ms / 1000);
	}
	kill(-child, SIGKILL); /* its helpers, should any be left */
	if (lacks_sandbox(s))
		return err_set(
			err, E_IO,
			"the kernel does not let %s make its sandbox: allow unprivileged user namespaces, or render elsewhere",
			s->program);
	if (ended < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(err, E_IO, "%s ended with %d before the page was rendered", s->program,
			       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}

/* "Chromium 150.0.7871.100 built on Debian ...". */
static struct str program_version(const struct studio *s, struct arena *a)
{
	char *arguments[] = { (char *)s->program, (char[]){ "--version" }, NULL };
	AUTO(buf) log = BUF_INIT(LOG_BYTES);
	struct err err = { 0 };
	struct str rest, line = { 0 };

	if (run(s, arguments, 10000, &err) < 0 || file_read(s->log, &log, &err) < 0)
		return str_of(s->program);
	rest = buf_str(&log);
	while (str_split(&rest, '\n', &line))
		if (str_find(line, STR("Chrom")) == 0 || str_starts(line, STR("Google Chrome")))
			break;
	return arena_copy(a, str_trim(line));
}

static int draw(const struct studio *s, bool png, int64_t patience_ms, struct arena *a, struct err *err)
{
	const struct str profile = arena_printf(a, "--user-data-dir=%s/profile", s->folder),
			 result = arena_printf(a, "--%s=%s", png ? "screenshot" : "print-to-pdf", s->result),
			 page = arena_printf(a, "file://%s", s->page);
	const char *arguments[] = {
		s->program,
		"--headless",
		"--disable-gpu",
		"--disable-dev-shm-usage",
		"--disable-extensions",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-sync",
		"--disable-breakpad",
		"--no-first-run",
		"--no-default-browser-check",
		"--no-pings",
		"--mute-audio",
		"--hide-scrollbars",
		"--proxy-server=http://127.0.0.1:9", /* discard: nobody answers there */
		"--proxy-bypass-list=<-loopback>",
		"--host-resolver-rules=MAP * ~NOTFOUND",
		"--window-size=1280,2048",
		"--no-pdf-header-footer",
		profile.p,
		result.p,
		page.p,
		NULL,
	};
	char **own = arena_alloc(a, sizeof(arguments));

	memcpy(own, arguments, sizeof(arguments));
	return run(s, own, patience_ms, err);
}

/* Text and HTML are; what else a page may be is not put into a browser. */
static int kind_of(const struct render_page *p, struct arena *a, const char **kind, struct err *err)
{
	struct str rest = p->content_type, type = { 0 };

	str_split(&rest, ';', &type);
	type = str_trim(type);
	*kind = "text/html";
	if (type.n == 0 || str_eq_nocase(type, STR("text/html")) || str_eq_nocase(type, STR("application/xhtml+xml")))
		return 0;
	*kind = "text/plain";
	if (str_eq_nocase(str_slice(type, 0, 5), STR("text/")) || str_eq_nocase(type, STR("application/json")) ||
	    str_eq_nocase(type, STR("application/xml")) || str_ends(type, STR("+xml")) || str_ends(type, STR("+json")))
		return 0;
	return err_set(err, E_BAD, "a page of type %.100s is not rendered; `evidence export` writes its bytes",
		       arena_copy(a, type).p);
}

/* An address within a header: no byte of it ends the line. */
static void put_location(struct buf *out, struct str url)
{
	for (size_t i = 0; i < url.n; i++)
		buf_add_char(out, (unsigned char)url.p[i] > 0x20 && (unsigned char)url.p[i] < 0x7f ? url.p[i] : '_');
}

int render_archive(const struct render_page *p, struct arena *a, struct buf *out, struct render_facts *facts, struct err *err)
{
	const struct charset charset = charset_of(p->body, p->content_type);
	const struct str text = charset_decode(a, p->body, &charset);
	AUTO(buf) marked = BUF_INIT(LIMIT_RECORD);
	const char *kind;

	if (kind_of(p, a, &kind, err) < 0)
		return err->code;
	facts->encoding = arena_printf(a, "%.*s (%.*s)", STR_ARG(charset.encoding), STR_ARG(charset.from));
	buf_printf(out,
		   "From: <Saved by watchdesk>\r\nMIME-Version: 1.0\r\n"
		   "Content-Type: multipart/related; type=\"%s\"; boundary=\"----watchdesk-page\"\r\n\r\n"
		   "------watchdesk-page\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
		   "Content-Location: ",
		   kind, kind);
	put_location(out, p->url);
	buf_add(out, STR("\r\n\r\n"));
	buf_add(&marked, STR("\xef\xbb\xbf")); /* the mark decides over what the page says of itself */
	buf_add(&marked, text);
	base64_encode(buf_str(&marked), out);
	buf_add(out, STR("\r\n------watchdesk-page--\r\n"));
	return out->full || marked.full ? err_set(err, E_LIMIT, "the page is larger than %zu bytes", out->max) : 0;
}

static int take_result(const struct studio *s, bool png, struct buf *out, struct err *err)
{
	size_t before = out->n;

	if (access(s->result, F_OK) < 0 || file_read(s->result, out, err) < 0)
		return err_set(err, E_IO, "%s wrote no rendering; its version may be too old", s->program);
	if (!str_starts(str_slice(buf_str(out), before, out->n), png ? STR("\x89PNG") : STR("%PDF-")))
		return err_set(err, E_IO, "what %s wrote is no %s", s->program, png ? "PNG" : "PDF");
	return 0;
}

int render_page(const struct render_page *p, struct arena *a, struct buf *out, struct render_facts *facts, struct err *err)
{
	AUTO(studio) s = { 0 };
	AUTO(buf) archive = BUF_INIT(LIMIT_RECORD);

	if (render_archive(p, a, &archive, facts, err) < 0 || open_studio(&s, a, p->png, err) < 0 ||
	    file_replace(s.page, buf_str(&archive), 0644, err) < 0)
		return err->code;
	s.cut_off = can_leave_network();
	facts->network = s.cut_off ? STR("none: a network namespace of its own") : STR("none: a proxy that nobody answers at");
	facts->sandbox = s.as_root ? STR("Chromium's own, as nobody") : STR("Chromium's own");
	facts->program = program_version(&s, a);
	if (draw(&s, p->png, p->patience_ms ? p->patience_ms : PATIENCE_MS, a, err) < 0)
		return err->code;
	return take_result(&s, p->png, out, err);
}
