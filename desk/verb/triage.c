/* triage.c - `watchdesk triage`: the terminal of a shift; all that ncurses knows is here */
#include <errno.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "desk/triage/session.h"
#include "desk/triage/view.h"
#include "desk/verb.h"

enum {
	LOOK_MS = 2000, /* how often others' work is looked at; of a store that takes long to answer, a twentieth of the time */
	LOOK_SHARE = 20,
	ESCAPE_MS = 50, /* how long an escape may be the beginning of a key */
};

/* Somebody wants it to end, or the terminal went. */
static volatile sig_atomic_t ending;

static void end_it(int signal_number)
{
	(void)signal_number;
	ending = 1;
}

/* Whatever ends it, an act that has begun comes to its end, and the terminal is given back as it was. */
static void catch_ends(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = end_it };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static const attr_t looks[] = {
	[LOOK_PLAIN] = A_NORMAL, [LOOK_STRONG] = A_BOLD, [LOOK_MARK] = A_UNDERLINE, [LOOK_BAR] = A_REVERSE
};

static void draw(struct session *s)
{
	AUTO_FREE(arena) a = arena_new(LIMIT_ARENA);
	struct view view;

	triage_view(session_model(s), COLS, LINES, clock_now_us(), a, &view);
	erase();
	for (size_t y = 0; y < view.n; y++) {
		move((int)y, 0);
		for (size_t i = 0; i < view.lines[y].n; i++) {
			attrset(looks[view.lines[y].runs[i].look]);
			addnstr(view.lines[y].runs[i].text.p, (int)view.lines[y].runs[i].text.n);
		}
	}
	attrset(A_NORMAL);
	move(LINES - 1, 0);
	refresh();
}

/* A key of ncurses as the model knows it; 0 for one that means nothing. */
static uint32_t key_of(int result, wint_t key)
{
	static const struct {
		wint_t key;
		uint32_t is;
	} keys[] = { { KEY_UP, KEY_IS_UP },	      { KEY_DOWN, KEY_IS_DOWN },      { KEY_PPAGE, KEY_IS_PAGE_UP },
		     { KEY_NPAGE, KEY_IS_PAGE_DOWN }, { KEY_HOME, KEY_IS_HOME },      { KEY_END, KEY_IS_END },
		     { KEY_ENTER, KEY_IS_ENTER },     { KEY_BACKSPACE, KEY_IS_BACK }, { KEY_LEFT, KEY_IS_LEAVE },
		     { KEY_RIGHT, KEY_IS_ENTER } };

	if (result == KEY_CODE_YES) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (keys[i].key == key)
				return keys[i].is;
		return 0;
	}
	return key == '\r' || key == '\n'   ? KEY_IS_ENTER
	       : key == 0x1b		    ? KEY_IS_LEAVE
	       : key == 0x7f || key == '\b' ? KEY_IS_BACK
					    : (uint32_t)key;
}

/* Nothing was read although there is something: the terminal is gone. */
static bool is_gone(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&in, 1, 0) > 0 && (in.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* Look what others did. */
static void look(struct session *s)
{
	const int64_t start = clock_steady_us();
	int64_t took;

	session_look(s);
	took = (clock_steady_us() - start) / 1000;
	timeout(took * LOOK_SHARE > LOOK_MS ? (int)(took * LOOK_SHARE) : LOOK_MS);
}

static void work(struct session *s)
{
	bool more = true;

	timeout(LOOK_MS);
	while (more && !ending) {
		wint_t key = 0;
		int result;
		uint32_t is;

		draw(s);
		result = get_wch(&key);
		if (result == ERR && !ending && is_gone())
			return;
		if (result == ERR) {
			if (!ending)
				look(s);
			continue;
		}
		is = key_of(result, key);
		if (is)
			more = session_key(s, is) > 0;
	}
}

/* The terminal, from here to endwin(). */
static int on_screen(struct session *s, struct err *err)
{
	SCREEN *screen;

	catch_ends();
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return err_set(err, E_USAGE, "the terminal \"%s\" (TERM) is not known here; `watchdesk list` needs none",
			       getenv("TERM") ? getenv("TERM") : "");
	set_escdelay(ESCAPE_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	work(s);
	endwin();
	delscreen(screen);
	return 0;
}

static int triage_run(const struct invocation *i, struct err *err)
{
	AUTO_FREE(config) config = load_config(i, err);
	AUTO_FREE(store) store = config ? store_open(&config->store, STORE_WRITE, err) : NULL;
	AUTO_FREE(teller) teller = store ? teller_new(config, store) : NULL;
	AUTO_FREE(arena) a = arena_new(KIB(64));
	AUTO_FREE(session) session = NULL;

	if (!store)
		return err->code;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, E_USAGE, "triage needs a terminal; `watchdesk list`, `show`, `mark` and `alert` do not");
	setlocale(LC_CTYPE, ""); /* which signs the terminal knows */
	session = session_new(&(struct acting){ store, teller, user_name(a) }, err);
	return session ? on_screen(session, err) : err->code;
}

const struct verb verb_triage = {
	.name = "triage",
	.arguments = "",
	.summary = "the screen of a shift: look, judge, hand over, by one key each",
	.text = "The findings that are not judged yet, the most severe first, then the oldest. Enter opens one: why it is one, "
		"its campaign,\n"
		"hits, parts and text. c f k d judge it (confirmed, false positive, known, duplicate), a says that you have "
		"it, "
		"g gives it to\n"
		"somebody, t opens a takedown, m mutes a rule for its source, n goes on, u takes the last act back, / filters, "
		"? "
		"says all keys.\n"
		"Each act is kept at once. When somebody else was there first you are told, and nothing is overwritten.",
	.least = 0,
	.most = 0,
	.run = triage_run,
};
