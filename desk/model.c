/* model.c - the model of threat language that is in force */
#include "desk/model.h"

#include <stdio.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/log.h"

static const char shipped_name[] = "the shipped model";

int model_file_read(const char *path, struct model_file *out, struct err *err)
{
	*out = (struct model_file){ .path = path, .held = BUF_INIT(sizeof(struct language_file) + 1) };
	snprintf(out->name, sizeof(out->name), "%s", path ? path : shipped_name);
	if (!path || file_read(path, &out->held, err) >= 0)
		return 0;
	buf_clear(&out->held);
	snprintf(out->name, sizeof(out->name), "%.400s", err->text);
	return err->code;
}

void model_file_release(struct model_file *m)
{
	buf_release(&m->held);
}

struct str model_file_bytes(const struct model_file *m)
{
	const struct embed *shipped = m->path ? NULL : embed_find("classify/model/language.bin");

	return shipped ? shipped->content : buf_str(&m->held);
}

void model_file_choose(const struct model_file *m, struct classifier_options *options)
{
	if (!m->path)
		return;
	options->model = model_file_bytes(m);
	options->model_name = m->name;
}

int model_file_describe(const struct model_file *m, char *out, size_t room, struct err *err)
{
	AUTO_FREE(language) model = language_new(model_file_bytes(m), m->name, err);
	char digest[DIGEST_HEX];

	if (!model)
		return err->code;
	digest_hex(language_digest(model), DIGEST_BYTES, digest);
	snprintf(out, room, "%s, digest %.16s", m->name, digest);
	return 0;
}

void model_fault_log(const struct classifier *c)
{
	const char *why = classifier_model_fault(c);

	if (*why)
		log_event(LOG_WARN, "model-refused", "why=\"%s\" action=\"threats are told by their parts alone\"", why);
}
