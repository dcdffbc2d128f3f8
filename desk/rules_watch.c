/* rules_watch.c - have the desk's own rule packs changed, its files of names or its documents? */
#include "desk/rules_watch.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"

enum { LOOK_US = 1000000 };

static uint64_t mix(uint64_t h, uint64_t x)
{
	return (h ^ x) * 0x9e3779b97f4a7c15u + (h >> 29);
}

static uint64_t mix_file(uint64_t h, const char *path)
{
	struct stat s;

	if (stat(path, &s) < 0)
		return h;
	return mix(mix(mix(mix(h, (uint64_t)s.st_size), (uint64_t)s.st_mtim.tv_sec), (uint64_t)s.st_mtim.tv_nsec), s.st_ino);
}

/* Names, sizes, times and numbers of the packs, in one number: different when anything was written, moved or removed. */
static uint64_t look(const struct rules_watch *w)
{
	AUTO(buf) names = BUF_INIT(MIB(1));
	struct err ignored = { 0 };
	struct str rest, name;
	uint64_t h = 1;

	for (size_t i = 0; w->files && w->files[i]; i++)
		h = mix_file(mix(h, i), w->files[i]);
	if (!w->folder || file_names(w->folder, &names, &ignored) < 0)
		return h;
	rest = buf_str(&names);
	while (str_split(&rest, '\0', &name)) {
		char path[PATH_MAX];

		if (!str_ends(name, STR(".yaml")))
			continue;
		snprintf(path, sizeof(path), "%s/%.*s", w->folder, STR_ARG(name));
		for (size_t i = 0; i < name.n; i++)
			h = mix(h, (unsigned char)name.p[i]);
		h = mix_file(h, path);
	}
	return h;
}

void rules_watch_begin(struct rules_watch *w, const char *folder, const char *const *files)
{
	*w = (struct rules_watch){ .folder = folder, .files = files };
	w->read = w->seen = look(w);
}

bool rules_watch_changed(struct rules_watch *w, int64_t now_us)
{
	uint64_t before = w->seen;

	if ((!w->folder && !w->files) || now_us < w->next_at)
		return false;
	w->next_at = now_us + LOOK_US;
	w->seen = look(w);
	if (w->seen == w->read || w->seen != before)
		return false;
	w->read = w->seen;
	return true;
}
