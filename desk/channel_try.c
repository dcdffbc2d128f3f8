/* channel_try.c - a letter to a channel, now and by hand: how it was taken, and whether the channel is there at all */
#include "desk/channel_try.h"

#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/net.h"
#include "desk/command.h"
#include "desk/courier.h"

enum { WAIT_MS = 500 };

/* How a channel took a letter, as people and programs are told; nothing of it is secret. */
struct tried {
	const struct alert_channel *channel;
	struct mailed result;
	char tls[TLS_NAME];
};

static void run_command(const struct alert_channel *channel, struct str input, struct command *c, struct ran *r,
			struct err *err)
{
	r->code = -1;
	if (command_start(c, channel, input, err) < 0) {
		r->words = str_of(err->text);
		return;
	}
	while (!command_step(c, &r->code)) {
		struct pollfd fds[COMMAND_FDS];
		int wait_ms = WAIT_MS;
		size_t n = command_poll(c, fds, &wait_ms);

		poll(fds, (nfds_t)n, wait_ms);
	}
	r->words = str_trim(buf_str(&c->words));
	if (r->code < 0 && r->words.n == 0)
		r->words = STR("the command took too long and was ended");
}

static struct capture *wait_for(struct net *net)
{
	struct capture *c;

	while (!(c = net_next(net)))
		net_wait(net, NULL, 0, WAIT_MS);
	return c;
}

static int try_channel(struct couriers *couriers, size_t k, struct net *net, const struct mail *mail, struct arena *a,
		       struct tried *out, struct err *err)
{
	AUTO(buf) body = BUF_INIT(LIMIT_POST);
	struct capture *c;

	if (out->channel->type->way == CHANNEL_RUN) {
		struct command command = { 0 };
		struct ran r = { 0 };

		if (courier_render(couriers, k, mail, &body, err) < 0)
			return err->code;
		run_command(out->channel, buf_str(&body), &command, &r, err);
		out->result = courier_ran(&r);
		out->result.words = arena_copy(a, r.words);
		command_release(&command);
		return 0;
	}
	if (courier_send(couriers, k, net, mail, &body, err) < 0)
		return err->code;
	c = wait_for(net);
	out->result = courier_result(couriers, k, c);
	out->result.words = arena_copy(a, out->result.words);
	snprintf(out->tls, sizeof(out->tls), "%s", c->tls);
	capture_free(c);
	return 0;
}

static void show_tried(const struct tried *t, bool json)
{
	AUTO(buf) out = BUF_INIT(KIB(16));
	struct json_writer w = { .out = &out };

	if (!json) {
		print("%s %.*s, TLS: %s\n", t->channel->type->name, STR_ARG(t->channel->name.text),
		      t->tls[0] ? t->tls : "none");
		print_text(t->result.words, false, 0);
		print("\n");
		return;
	}
	json_open(&w, NULL, '{');
	json_put_text(&w, "recipient", t->channel->to);
	json_put_text(&w, "type", str_of(t->channel->type->name));
	json_put_bool(&w, "sent", t->result.end == MAIL_SENT);
	json_put_bool(&w, "again", t->result.end == MAIL_LATER);
	json_put_int(&w, "code", t->result.code);
	json_put_text(&w, "answer", t->result.words);
	json_put_text(&w, "tls", str_of(t->tls));
	json_close(&w, '}');
	print_json(&out);
}

int alert_test_channel(const struct invocation *i, const struct config *config, const struct mail *mail, struct err *err)
{
	AUTO_FREE(arena) a = arena_new(MIB(1));
	struct tried t = { .channel = channel_of(&config->channels, mail->recipient) };
	AUTO_FREE(net) net = net_new(err);
	AUTO_FREE(couriers) couriers = net ? couriers_new(config) : NULL;

	if (!couriers || try_channel(couriers, (size_t)(t.channel - config->channels.items), net, mail, a, &t, err) < 0)
		return err->code ? err_at(err, "channel %.*s", STR_ARG(t.channel->name.text)) : 0;
	show_tried(&t, i->json);
	if (t.result.end != MAIL_SENT)
		return err_set(err, E_NET, "channel %.*s: %.*s", STR_ARG(t.channel->name.text),
			       (int)(t.result.words.n < 300 ? t.result.words.n : 300), t.result.words.p);
	if (!i->json)
		print("sent; did it arrive?\n");
	return 0;
}

int alert_channel_check(const struct config *config, size_t k, char *said, size_t size, struct err *err)
{
	const struct alert_channel *channel = &config->channels.items[k];
	AUTO_FREE(net) net = net_new(err);
	AUTO_FREE(couriers) couriers = net ? couriers_new(config) : NULL;
	AUTO_FREE(capture) c = NULL;

	if (!couriers)
		return err->code;
	if (channel->type->way == CHANNEL_RUN) {
		snprintf(said, size, "command: %.200s can be started", channel->argv[0]);
		return 0; /* looked at as the configuration was read */
	}
	if (courier_greet(couriers, k, net, err) < 0)
		return err->code;
	c = wait_for(net);
	if (!c->sent)
		return err_set(err, E_NET, "%s", c->failure_text);
	snprintf(said, size, "%s: lets us in, %s", channel->type->name, c->tls[0] ? c->tls : "without TLS");
	return 0;
}
