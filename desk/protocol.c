/* protocol.c - what the roles say to each other */
#include "desk/protocol.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "classify/tongue.h"

void job_put(struct buf *out, const struct job *j)
{
	put_int(out, j->id);
	put_int(out, j->ticket);
	put_int(out, j->source);
	put_int(out, j->kind);
	put_int(out, j->depth);
	put_int(out, j->step);
	put_str(out, j->url);
	put_str(out, j->title);
	put_str(out, j->etag);
	put_str(out, j->last_modified);
	put_str(out, j->body_digest);
}

void job_take(struct message *m, size_t n_sources, struct job *j)
{
	*j = (struct job){
		.id = take_int(m),
		.ticket = take_int(m),
		.source = take_int_in(m, 0, (int64_t)n_sources - 1),
		.kind = (enum page_kind)take_int_in(m, 0, PAGE_KINDS - 1),
		.depth = (int)take_int_in(m, 0, INT32_MAX),
		.step = (enum login_step)take_int_in(m, 0, LOGIN_STEPS - 1),
		.url = take_str(m),
		.title = take_str(m),
		.etag = take_str(m),
		.last_modified = take_str(m),
		.body_digest = take_str(m),
	};
}

void outcome_put(struct buf *out, const struct outcome *o)
{
	put_int(out, o->id);
	put_int(out, o->kind);
	put_str(out, o->class_name);
	put_str(out, o->url);
	put_str(out, o->detail);
	put_str(out, o->silent_origin);
	put_int(out, o->retry_at);
	put_str(out, o->etag);
}

void outcome_take(struct message *m, struct outcome *o)
{
	*o = (struct outcome){
		.id = take_int(m),
		.kind = (enum outcome_kind)take_int_in(m, 0, OUTCOME_KINDS - 1),
		.class_name = take_str(m),
		.url = take_str(m),
		.detail = take_str(m),
		.silent_origin = take_str(m),
		.retry_at = take_int(m),
		.etag = take_str(m),
	};
}

void reading_wish_put(struct buf *out, const struct reading_wish *w)
{
	put_int(out, w->ticket);
	put_int(out, w->source);
	put_int(out, w->kind);
	put_str(out, w->url);
	put_str(out, w->etag);
}

void reading_wish_take(struct message *m, size_t n_sources, struct reading_wish *w)
{
	*w = (struct reading_wish){
		.ticket = take_int(m),
		.source = take_int_in(m, 0, (int64_t)n_sources - 1),
		.kind = (enum page_kind)take_int_in(m, 0, PAGE_KINDS - 1),
		.url = take_str(m),
		.etag = take_str(m),
	};
}

void reading_answer_put(struct buf *out, const struct reading_answer *r)
{
	put_int(out, r->ticket);
	put_int(out, r->status);
	put_str(out, r->why);
	put_str(out, r->url);
	put_str(out, r->etag);
	put_str(out, r->body);
}

void reading_answer_take(struct message *m, struct reading_answer *r)
{
	*r = (struct reading_answer){
		.ticket = take_int(m),
		.status = (int)take_int_in(m, 200, 599),
		.why = take_str(m),
		.url = take_str(m),
		.etag = take_str(m),
		.body = take_str(m),
	};
}

void mail_put(struct buf *out, const struct mail *l)
{
	put_int(out, l->id);
	put_str(out, l->public_id);
	put_str(out, l->recipient);
	put_int(out, l->made_at);
	put_str(out, l->letter);
}

void mail_take(struct message *m, struct mail *l)
{
	*l = (struct mail){
		.id = take_int(m),
		.public_id = take_str(m),
		.recipient = take_str(m),
		.made_at = take_int(m),
		.letter = take_str(m),
	};
}

void mailed_put(struct buf *out, const struct mailed *r)
{
	put_int(out, r->id);
	put_int(out, r->end);
	put_int(out, r->code);
	put_str(out, r->words);
	put_int(out, r->again_at);
}

void mailed_take(struct message *m, struct mailed *r)
{
	*r = (struct mailed){
		.id = take_int(m),
		.end = (enum mail_end)take_int_in(m, 0, MAIL_ENDS - 1),
		.code = (int)take_int_in(m, 0, 599),
		.words = take_str(m),
		.again_at = take_int_in(m, 0, INT64_MAX),
	};
}

void run_put(struct buf *out, const struct run *r)
{
	put_int(out, r->channel);
	put_str(out, r->input);
}

void run_take(struct message *m, size_t n_channels, struct run *r)
{
	*r = (struct run){ .channel = take_int_in(m, 0, (int64_t)n_channels - 1), .input = take_str(m) };
}

void ran_put(struct buf *out, const struct ran *r)
{
	put_int(out, r->channel);
	put_int(out, r->code);
	put_str(out, r->words);
}

void ran_take(struct message *m, size_t n_channels, struct ran *r)
{
	*r = (struct ran){ .channel = take_int_in(m, 0, (int64_t)n_channels - 1),
			   .code = (int)take_int_in(m, -1, 255),
			   .words = take_str(m) };
}

struct str delivery_put(struct buf *out, const struct job *j, const struct trail *t)
{
	size_t start;
	int64_t n;

	job_put(out, j);
	put_int(out, 0);
	start = out->n;
	trail_put(out, t);
	n = (int64_t)(out->n - start);
	if (!out->full)
		memcpy(out->p + start - sizeof(n), &n, sizeof(n)); /* its length, which was not known before */
	return str_slice(buf_str(out), start, out->n);
}

void delivery_take(struct message *m, size_t n_sources, struct arena *a, struct delivery *d)
{
	struct message trail;

	*d = (struct delivery){ 0 };
	job_take(m, n_sources, &d->job);
	d->trail_bytes = take_str(m);
	d->receipt = take_str(m);
	trail = (struct message){ .fields = d->trail_bytes, .bad = m->bad };
	trail_take(&trail, a, &d->trail);
	m->bad = trail.bad || trail.fields.n;
}

static void span_put(struct buf *out, const struct span *s)
{
	put_int(out, s->layer);
	put_int(out, (int64_t)s->start);
	put_int(out, (int64_t)s->end);
}

/* Within a text of `n` bytes; deeper layers have texts of their own, bounded as every text is. */
static struct span span_take(struct message *m, size_t n)
{
	struct span s = { .layer = (int)take_int_in(m, 0, LIMIT_LAYERS) };
	int64_t most = s.layer ? (int64_t)LIMIT_TEXT : (int64_t)n;

	s.start = (size_t)take_int_in(m, 0, most);
	s.end = (size_t)take_int_in(m, (int64_t)s.start, most);
	return s;
}

static void assessment_put(struct buf *out, const struct assessment *a)
{
	for (int i = 0; i < CATEGORIES; i++)
		put_real(out, a->category[i]);
	put_real(out, a->reports);
	put_str(out, a->inferred);
	put_int(out, (int64_t)a->n_hits);
	for (size_t i = 0; i < a->n_hits; i++) {
		const struct hit *h = &a->hits[i];

		put_str(out, h->rule);
		put_str(out, h->label);
		put_str(out, h->kind);
		span_put(out, &h->span);
		span_put(out, &h->secret);
		put_str(out, h->masked);
		put_int(out, h->confidence);
		put_int(out, h->gravity);
		put_str(out, h->why);
		put_str(out, h->asset);
	}
	put_int(out, (int64_t)a->n_parts);
	for (size_t i = 0; i < a->n_parts; i++) {
		put_str(out, a->parts[i].part);
		span_put(out, &a->parts[i].span);
	}
	put_int(out, (int64_t)a->n_mentions);
	for (size_t i = 0; i < a->n_mentions; i++) {
		put_str(out, a->mentions[i].asset);
		put_str(out, a->mentions[i].term);
		span_put(out, &a->mentions[i].span);
	}
	put_int(out, (int64_t)a->n_look_alikes);
	for (size_t i = 0; i < a->n_look_alikes; i++) {
		put_str(out, a->look_alikes[i].asset);
		put_str(out, a->look_alikes[i].domain);
		put_str(out, a->look_alikes[i].host);
		put_str(out, a->look_alikes[i].why);
		span_put(out, &a->look_alikes[i].span);
	}
	put_int(out, (int64_t)a->n_reasons);
	for (size_t i = 0; i < a->n_reasons; i++)
		put_str(out, a->reasons[i]);
	put_int(out, (int64_t)a->n_secrets);
	for (size_t i = 0; i < a->n_secrets; i++)
		span_put(out, &a->secrets[i]);
}

static double score_take(struct message *m)
{
	double score = take_real(m);

	if (score >= 0 && score <= 1)
		return score;
	m->bad = true;
	return 0;
}

/* A list's length; a longer one than `most` is a lie. */
static size_t count_take(struct message *m, size_t most)
{
	size_t n = (size_t)take_int_in(m, 0, (int64_t)most);

	return m->bad ? 0 : n;
}

static void hit_take(struct message *m, size_t n_text, struct hit *h)
{
	h->rule = take_str(m);
	h->label = take_str(m);
	h->kind = take_str(m);
	h->span = span_take(m, n_text);
	h->secret = span_take(m, n_text);
	h->masked = take_str(m);
	h->confidence = (enum confidence)take_int_in(m, CONFIDENCE_LOW, CONFIDENCE_HIGH);
	h->gravity = (enum gravity)take_int_in(m, GRAVITY_INFO, GRAVITY_HIGH);
	h->why = take_str(m);
	h->asset = take_str(m);
}

static void assessment_take(struct message *m, struct arena *a, size_t n_text, struct assessment *out)
{
	for (int i = 0; i < CATEGORIES; i++)
		out->category[i] = score_take(m);
	out->reports = score_take(m);
	out->inferred = take_str(m);
	out->n_hits = count_take(m, LIMIT_HITS);
	out->hits = arena_alloc(a, out->n_hits * sizeof(*out->hits));
	for (size_t i = 0; i < out->n_hits; i++)
		hit_take(m, n_text, &out->hits[i]);
	out->n_parts = count_take(m, LIMIT_PARTS);
	out->parts = arena_alloc(a, out->n_parts * sizeof(*out->parts));
	for (size_t i = 0; i < out->n_parts; i++) {
		out->parts[i].part = take_str(m);
		out->parts[i].span = span_take(m, n_text);
	}
	out->n_mentions = count_take(m, LIMIT_PARTS);
	out->mentions = arena_alloc(a, out->n_mentions * sizeof(*out->mentions));
	for (size_t i = 0; i < out->n_mentions; i++) {
		out->mentions[i].asset = take_str(m);
		out->mentions[i].term = take_str(m);
		out->mentions[i].span = span_take(m, n_text);
	}
	out->n_look_alikes = count_take(m, LIMIT_PARTS);
	out->look_alikes = arena_alloc(a, out->n_look_alikes * sizeof(*out->look_alikes));
	for (size_t i = 0; i < out->n_look_alikes; i++) {
		out->look_alikes[i].asset = take_str(m);
		out->look_alikes[i].domain = take_str(m);
		out->look_alikes[i].host = take_str(m);
		out->look_alikes[i].why = take_str(m);
		out->look_alikes[i].span = span_take(m, n_text);
	}
	out->n_reasons = count_take(m, LIMIT_REASONS);
	out->reasons = arena_alloc(a, out->n_reasons * sizeof(*out->reasons));
	for (size_t i = 0; i < out->n_reasons; i++)
		out->reasons[i] = take_str(m);
	out->n_secrets = count_take(m, LIMIT_TEXT / 2); /* each has a byte of its own, and one beside it */
	out->secrets = arena_alloc(a, out->n_secrets * sizeof(*out->secrets));
	for (size_t i = 0; i < out->n_secrets; i++)
		out->secrets[i] = span_take(m, n_text);
}

static void post_put(struct buf *out, const struct read_post *r)
{
	const struct post *p = &r->post;

	put_str(out, p->key);
	put_str(out, p->url);
	put_str(out, p->author);
	put_str(out, p->author_id);
	put_str(out, p->edited);
	put_str(out, p->title);
	put_str(out, p->text);
	put_str(out, p->posted_raw);
	put_int(out, p->posted_at);
	put_int(out, p->precision);
	put_int(out, p->zone_known);
	assessment_put(out, &r->assessment);
	put_str(out, r->language);
	put_int(out, (int64_t)r->n_followed);
	for (size_t i = 0; i < r->n_followed; i++) {
		put_int(out, r->followed[i].source);
		put_str(out, r->followed[i].url);
		put_str(out, r->followed[i].key);
	}
}

static struct str clean_take(struct message *m)
{
	struct str s = take_str(m);

	if (!utf8_is_clean(s))
		m->bad = true;
	return s;
}

static void post_take(struct message *m, struct arena *a, struct read_post *r)
{
	struct post *p = &r->post;

	p->key = clean_take(m);
	p->url = clean_take(m);
	p->author = clean_take(m);
	p->author_id = clean_take(m);
	p->edited = clean_take(m);
	p->title = clean_take(m);
	p->text = clean_take(m);
	p->posted_raw = clean_take(m);
	p->posted_at = take_int(m);
	p->precision = (enum precision)take_int_in(m, PRECISION_NONE, PRECISION_SECOND);
	p->zone_known = take_int_in(m, 0, 1) != 0;
	assessment_take(m, a, p->text.n, &r->assessment);
	r->language = clean_take(m);
	m->bad |= r->language.n && !tongue_is_known(r->language);
	r->n_followed = count_take(m, LIMIT_FOLLOWED);
	r->followed = arena_alloc(a, r->n_followed * sizeof(*r->followed));
	for (size_t i = 0; i < r->n_followed; i++) {
		r->followed[i].source = take_int_in(m, 0, INT32_MAX);
		r->followed[i].url = clean_take(m);
		r->followed[i].key = clean_take(m);
	}
}

void form_put(struct buf *out, const struct login_form *f)
{
	put_str(out, f->action);
	put_int(out, (int64_t)f->n_fields);
	for (size_t i = 0; i < f->n_fields; i++) {
		put_str(out, f->fields[i].name);
		put_str(out, f->fields[i].value);
	}
	put_int(out, (int64_t)f->user);
	put_int(out, (int64_t)f->password);
}

void form_take(struct message *m, struct arena *a, struct login_form *f)
{
	int64_t last;

	*f = (struct login_form){ .action = clean_take(m) };
	f->n_fields = count_take(m, LIMIT_FORM_FIELDS);
	f->fields = arena_alloc(a, f->n_fields * sizeof(*f->fields));
	for (size_t i = 0; i < f->n_fields; i++) {
		f->fields[i].name = clean_take(m);
		f->fields[i].value = clean_take(m);
	}
	last = f->n_fields ? (int64_t)f->n_fields - 1 : 0;
	f->user = (size_t)take_int_in(m, 0, last);
	f->password = (size_t)take_int_in(m, 0, last);
}

void read_login_put(struct buf *out, const struct read_login *l)
{
	put_int(out, l->id);
	put_str(out, l->receipt);
	put_int(out, l->in);
	put_str(out, l->problem);
	form_put(out, &l->form);
}

void read_login_take(struct message *m, struct arena *a, struct read_login *l)
{
	*l = (struct read_login){ .id = take_int(m) };
	l->receipt = take_str(m);
	l->in = take_int_in(m, 0, 1) != 0;
	l->problem = clean_take(m);
	form_take(m, a, &l->form);
}

static void answer_put(struct buf *out, const struct read_answer *x)
{
	put_int(out, x->kind);
	put_str(out, x->token);
	put_str(out, x->address);
	put_str(out, x->message);
	put_str(out, x->status);
	put_str(out, x->about);
	put_str(out, x->id);
	put_str(out, x->text);
}

static struct str field_take(struct message *m)
{
	struct str s = clean_take(m);

	m->bad |= s.n > LIMIT_FIELD;
	return s;
}

static void answer_take(struct message *m, struct read_answer *x)
{
	*x = (struct read_answer){ .kind = (enum answer_kind)take_int_in(m, 0, ANSWER_KINDS - 1) };
	x->token = field_take(m);
	x->address = field_take(m);
	x->message = field_take(m);
	x->status = field_take(m);
	x->about = field_take(m);
	x->id = field_take(m);
	x->text = clean_take(m);
	m->bad |= x->text.n > LIMIT_ANSWER;
}

void read_page_put(struct buf *out, const struct read_page *p)
{
	put_int(out, p->id);
	put_str(out, p->receipt);
	put_str(out, p->trail);
	put_str(out, p->etag);
	put_str(out, p->last_modified);
	put_str(out, p->body_digest);
	put_int(out, p->unchanged);
	put_str(out, p->problem);
	put_str(out, p->trouble);
	put_int(out, p->more);
	put_int(out, p->problem_class);
	put_int(out, p->canary);
	put_int(out, p->cut);
	put_str(out, p->text);
	put_int(out, (int64_t)p->n_links);
	for (size_t i = 0; i < p->n_links; i++) {
		put_int(out, p->links[i].kind);
		put_str(out, p->links[i].url);
		put_str(out, p->links[i].key);
		put_str(out, p->links[i].title);
		put_str(out, p->links[i].activity);
	}
	put_int(out, (int64_t)p->n_posts);
	for (size_t i = 0; i < p->n_posts; i++)
		post_put(out, &p->posts[i]);
	put_int(out, (int64_t)p->n_withheld);
	for (size_t i = 0; i < p->n_withheld; i++) {
		put_str(out, p->withheld[i].url);
		put_str(out, p->withheld[i].rule);
	}
	put_int(out, (int64_t)p->n_answers);
	for (size_t i = 0; i < p->n_answers; i++)
		answer_put(out, &p->answers[i]);
}

void read_page_take(struct message *m, struct arena *a, struct read_page *p)
{
	*p = (struct read_page){ .id = take_int(m) };
	p->receipt = take_str(m);
	p->trail = take_str(m);
	p->etag = clean_take(m);
	p->last_modified = clean_take(m);
	p->body_digest = take_str(m);
	p->unchanged = take_int_in(m, 0, 1) != 0;
	p->problem = clean_take(m);
	p->trouble = clean_take(m);
	p->more = take_int_in(m, 0, 1) != 0;
	p->problem_class = (enum problem)take_int_in(m, 0, PROBLEMS - 1);
	p->canary = take_int_in(m, 0, 1) != 0;
	p->cut = take_int_in(m, 0, 1) != 0;
	p->text = clean_take(m);
	p->n_links = count_take(m, LIMIT_LINKS);
	p->links = arena_alloc(a, p->n_links * sizeof(*p->links));
	for (size_t i = 0; i < p->n_links; i++) {
		p->links[i].kind = (enum page_kind)take_int_in(m, 0, PAGE_KINDS - 1);
		p->links[i].url = clean_take(m);
		p->links[i].key = clean_take(m);
		p->links[i].title = clean_take(m);
		p->links[i].activity = clean_take(m);
		m->bad |= p->links[i].activity.n > LIMIT_FIELD;
	}
	p->n_posts = count_take(m, LIMIT_POSTS);
	p->posts = arena_alloc(a, p->n_posts * sizeof(*p->posts));
	for (size_t i = 0; i < p->n_posts; i++)
		post_take(m, a, &p->posts[i]);
	p->n_withheld = count_take(m, LIMIT_POSTS);
	p->withheld = arena_alloc(a, p->n_withheld * sizeof(*p->withheld));
	for (size_t i = 0; i < p->n_withheld; i++) {
		p->withheld[i].url = clean_take(m);
		p->withheld[i].rule = clean_take(m);
	}
	p->n_answers = count_take(m, LIMIT_POSTS);
	p->answers = arena_alloc(a, p->n_answers * sizeof(*p->answers));
	for (size_t i = 0; i < p->n_answers; i++)
		answer_take(m, &p->answers[i]);
}
