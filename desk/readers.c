/* readers.c - stored texts read again by confined processes */
#include "desk/readers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/limits.h"
#include "base/must.h"
#include "classify/tongue.h"
#include "desk/around.h"
#include "desk/secrets.h"

enum {
	READERS = 8,
	IN_HAND = 40,		/* texts that one reader has: it does not wait while others are stored */
	TEXT_US = 60 * 1000000, /* that a text may take */
	ENDS_IN_A_ROW = 50,	/* readers that end without an answer between: it is not the texts' fault */
	MESSAGE_TEXT = 1,
	MESSAGE_ANSWER = 2,
};

struct slot {
	struct channel channel; /* fd -1 until its reader is there */
	bool open;
	pid_t pid;
	int in_hand;
	int64_t begun_at; /* the text in front */
};

struct readers {
	pid_t maker;
	int control, n, ends;
	struct slot slots[READERS];
};

/* ---- a reader ---- */

static bool says_something(const struct assessment *found)
{
	for (int k = 0; k < CATEGORIES; k++)
		if (found->category[k] >= 0.5)
			return true;
	return found->n_hits || found->n_mentions || found->n_look_alikes;
}

struct reader {
	const struct classifier *classifier;
	const struct tongues *tongues;
	struct classify_scratch *scratch;
	struct arena *a;
};

static void read_text(struct reader *r, struct message *m, struct read_page *out)
{
	const struct around_reader reading = { r->classifier, r->scratch, r->a };
	struct read_post *post = arena_alloc(r->a, sizeof(*post));
	struct around around = { 0 };

	post->post.text = take_str(m);
	around.title = take_str(m);
	around.thread = take_str(m);
	around.source = take_str(m);
	around.is_of_thread = take_int(m) != 0;
	*out = (struct read_page){ .posts = post, .n_posts = 1 };
	classify(r->classifier, r->scratch, r->a, post->post.text, &post->assessment);
	around_infer(&reading, &around, &post->assessment);
	if (says_something(&post->assessment))
		post->language = tongue_of(r->tongues, post->post.text, r->a);
	if (post->assessment.withheld.n) {
		out->withheld = arena_alloc(r->a, sizeof(*out->withheld));
		out->withheld[0].rule = post->assessment.withheld;
		out->n_withheld = 1;
		out->n_posts = 0;
	}
}

static int answer(struct reader *r, struct channel *c, struct message *m)
{
	struct read_page page;

	read_text(r, m, &page);
	read_page_put(message_begin(c, MESSAGE_ANSWER), &page);
	if (message_end(c) < 0) { /* more was found than one message holds */
		const struct read_page nothing = { .problem = STR("too large") };

		read_page_put(message_begin(c, MESSAGE_ANSWER), &nothing);
		message_end(c);
	}
	arena_clear(r->a);
	return channel_flush(c);
}

static int run_reader(struct reader *r, int fd)
{
	struct channel c;
	struct message m;
	struct err err = { 0 };

	confine_descriptors(&fd, 1);
	if (confine_worker(LIMIT_WORKER_MEMORY, &err) < 0)
		return 70;
	channel_open(&c, fd, true);
	while (channel_fill(&c) > 0)
		while (message_next(&c, &m) > 0)
			if (m.type != MESSAGE_TEXT || answer(r, &c, &m) < 0)
				return 0;
	return 0;
}

/* ---- the process that makes them ---- */

static pid_t make_one(struct reader *r, int control, int slot)
{
	struct control c = { .type = CONTROL_PEER, .slot = slot, .fds = { -1, -1 } };
	struct err err = { 0 };
	int ends[2];
	pid_t pid;

	if (channel_pair(ends, &err) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NAME, "wd-reader");
		_exit(run_reader(r, ends[1]));
	}
	close(ends[1]);
	c.number = pid;
	c.fds[0] = ends[0];
	if (pid < 0 || control_send(control, &c) < 0)
		pid = -1;
	close(ends[0]);
	return pid;
}

/* Its own readers are all that it waits for; they end when the verb does. */
static int make_readers(struct reader *r, int control, int n)
{
	pid_t pids[READERS];

	prctl(PR_SET_NAME, "wd-readers");
	for (int i = 0; i < n; i++)
		if ((pids[i] = make_one(r, control, i)) < 0)
			return 70;
	for (;;) {
		pid_t ended = wait(NULL);

		if (ended < 0 && errno != EINTR)
			return 0;
		for (int i = 0; i < n; i++)
			if (pids[i] == ended && (pids[i] = make_one(r, control, i)) < 0)
				return 0;
	}
}

static int maker(const struct config *config, const struct classifier *classifier, int control, int n)
{
	AUTO_FREE(tongues) tongues = tongues_new();
	struct err err = { 0 };
	struct reader r = { classifier, tongues, classify_scratch_new(classifier, &err), arena_new(LIMIT_ARENA) };

	secrets_forget(config);
	return r.scratch ? make_readers(&r, control, n) : 70;
}

struct readers *readers_new(const struct config *config, const struct classifier *c, int n, struct err *err)
{
	struct readers *r = must_alloc(1, sizeof(*r));
	int ends[2];

	r->n = n < READERS ? n : READERS;
	r->control = -1;
	if (control_pair(ends, err) < 0) {
		free(r);
		return NULL;
	}
	fflush(NULL);
	r->maker = fork();
	if (r->maker == 0) {
		close(ends[0]);
		_exit(maker(config, c, ends[1], r->n));
	}
	close(ends[1]);
	r->control = ends[0];
	if (r->maker > 0)
		return r;
	err_set(err, E_FAULT, "cannot fork: %s", strerror(errno));
	readers_free(r);
	return NULL;
}

void readers_free(struct readers *r)
{
	if (!r)
		return;
	for (int i = 0; i < r->n; i++)
		if (r->slots[i].open)
			channel_release(&r->slots[i].channel);
	close(r->control);
	if (r->maker > 0)
		waitpid(r->maker, NULL, 0);
	free(r);
}

/* ---- the verb's side ---- */

static struct reader_text *first_of(struct reader_batch *b, int slot)
{
	for (size_t i = 0; b && i < b->n; i++)
		if (b->texts[i].end == READER_WAITS && b->texts[i].slot == slot)
			return &b->texts[i];
	return NULL;
}

/* The text that a reader has in front; those of the batch at hand were given first. */
static struct reader_text *in_front(struct reader_batch *now, struct reader_batch *next, int slot, struct arena **a)
{
	struct reader_text *t = first_of(now, slot);

	*a = now->a;
	if (t || !next)
		return t;
	*a = next->a;
	return first_of(next, slot);
}

static void give(struct slot *s, struct reader_text *t, int slot)
{
	struct buf *out = message_begin(&s->channel, MESSAGE_TEXT);

	put_str(out, t->text);
	put_str(out, t->title);
	put_str(out, t->thread);
	put_str(out, t->source);
	put_int(out, t->is_of_thread);
	message_end(&s->channel);
	t->slot = slot;
	if (s->in_hand++ == 0)
		s->begun_at = clock_steady_us();
}

static void give_all(struct readers *r, struct reader_batch *now, struct reader_batch *next)
{
	for (int i = 0; i < r->n; i++) {
		struct slot *s = &r->slots[i];
		struct reader_text *t;

		while (s->open && s->in_hand < IN_HAND && ((t = first_of(now, -1)) || (t = first_of(next, -1))))
			give(s, t, i);
	}
}

static void give_back(struct reader_batch *b, int slot)
{
	for (size_t i = 0; b && i < b->n; i++)
		if (b->texts[i].end == READER_WAITS && b->texts[i].slot == slot)
			b->texts[i].slot = -1;
}

/* Its reader is gone: the text in front is lost, the others are given to somebody else. */
static void lose(struct readers *r, int slot, struct reader_batch *now, struct reader_batch *next)
{
	struct arena *a;
	struct reader_text *t = in_front(now, next, slot, &a);

	if (t)
		t->end = READER_LOST;
	give_back(now, slot);
	give_back(next, slot);
	channel_release(&r->slots[slot].channel);
	r->slots[slot] = (struct slot){ .open = false };
	r->ends++;
}

/* What a reader says of the text in front; it may have been taken over: the text stays ours. */
static bool take(struct message *m, struct reader_text *t, struct arena *a)
{
	struct message copy = *m;
	struct read_page page;

	copy.fields = arena_copy(a, m->fields);
	read_page_take(&copy, a, &page);
	if (copy.bad || copy.fields.n || page.n_posts + page.n_withheld > 1)
		return false;
	if (page.problem.n || page.n_posts + page.n_withheld == 0) {
		t->end = READER_LOST;
		return true;
	}
	if (page.n_posts && !str_eq(page.posts[0].post.text, t->text))
		return false;
	t->end = page.n_posts ? READER_DONE : READER_WITHHOLDS;
	if (page.n_posts) {
		t->post = page.posts[0];
		t->post.post.text = t->text;
	}
	return true;
}

/* False when its reader is gone or talks nonsense. */
static bool hear(struct readers *r, int slot, struct reader_batch *now, struct reader_batch *next)
{
	struct slot *s = &r->slots[slot];
	struct message m;
	struct arena *a;
	int got;

	if (channel_fill(&s->channel) < 0)
		return false;
	while ((got = message_next(&s->channel, &m)) > 0) {
		struct reader_text *t = in_front(now, next, slot, &a);

		if (!t || m.type != MESSAGE_ANSWER || !take(&m, t, a))
			return false;
		s->in_hand--;
		s->begun_at = clock_steady_us();
		r->ends = 0;
	}
	return got == 0;
}

/* A new one is there, for a slot that is free: 1, 0 none yet, below 0 none will come. */
static int meet(struct readers *r)
{
	struct control c;
	int got = control_receive(r->control, &c);

	if (got <= 0)
		return got;
	if (c.slot < 0 || c.slot >= r->n || r->slots[c.slot].open || c.fds[0] < 0) {
		for (int i = 0; i < CONTROL_FDS; i++)
			if (c.fds[i] >= 0)
				close(c.fds[i]);
		return 1;
	}
	r->slots[c.slot] = (struct slot){ .open = true, .pid = (pid_t)c.number };
	channel_open(&r->slots[c.slot].channel, c.fds[0], false);
	return 1;
}

static void wait_for_news(struct readers *r)
{
	struct pollfd fds[READERS + 1];
	nfds_t n = 0;

	fds[n++] = (struct pollfd){ .fd = r->control, .events = POLLIN };
	for (int i = 0; i < r->n; i++)
		if (r->slots[i].open)
			fds[n++] = (struct pollfd){ .fd = r->slots[i].channel.fd,
						    .events = (short)(POLLIN |
								      (channel_waiting(&r->slots[i].channel) ? POLLOUT : 0)) };
	poll(fds, n, 1000);
}

/* One turn: give, send, hear, and end those that take too long. */
static void turn(struct readers *r, struct reader_batch *now, struct reader_batch *next)
{
	give_all(r, now, next);
	for (int i = 0; i < r->n; i++) {
		struct slot *s = &r->slots[i];

		if (!s->open)
			continue;
		if (s->in_hand && clock_steady_us() - s->begun_at > TEXT_US)
			kill(s->pid, SIGKILL);
		if (channel_flush(&s->channel) < 0 || !hear(r, i, now, next)) {
			kill(s->pid, SIGKILL); /* one that talks nonsense is still there */
			lose(r, i, now, next);
		}
	}
}

static bool is_read(const struct reader_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->texts[i].end == READER_WAITS)
			return false;
	return true;
}

int readers_read(struct readers *r, struct reader_batch *now, struct reader_batch *next, struct err *err)
{
	int met;

	for (;;) {
		while ((met = meet(r)) > 0)
			;
		if (met < 0 || r->ends > ENDS_IN_A_ROW)
			return err_set(
				err, E_FAULT,
				"the processes that read texts end as soon as they are started; `watchdesk doctor` tries "
				"the confinement");
		turn(r, now, next);
		if (is_read(now))
			return 0;
		wait_for_news(r);
	}
}
