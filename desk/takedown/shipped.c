/* shipped.c - files that ship, and those of the desk's own folder */
#include "desk/takedown/shipped.h"

#include "base/buf.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"

static void shipped_add(struct shipped_files *all, struct shipped_file f, struct arena *a)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].name, f.name)) {
			f.shipped = all->items[i].text;
			all->items[i] = f;
			return;
		}
	*(struct shipped_file *)arena_push(a, &all->items, &all->n, sizeof(*all->items)) = f;
}

static int own_read(const char *folder, struct str name, struct arena *a, struct shipped_files *all, struct err *err)
{
	AUTO(buf) text = BUF_INIT(LIMIT_OWN_FILE);
	const char *path = arena_printf(a, "%s/%.*s", folder, STR_ARG(name)).p;

	if (all->n >= LIMIT_OWN_FILES)
		return err_set(err, E_LIMIT, "%s has more than %d files; take away what is not needed", folder,
			       LIMIT_OWN_FILES);
	if (file_read(path, &text, err) < 0)
		return err->code;
	shipped_add(all,
		    (struct shipped_file){
			    .name = arena_copy(a, name), .path = path, .text = arena_copy(a, buf_str(&text)), .own = true },
		    a);
	return 0;
}

static int folder_read(const char *folder, const char *ending, const char *other, struct arena *a, struct shipped_files *all,
		       struct err *err)
{
	AUTO(buf) names = BUF_INIT(MIB(1));
	struct str rest, name;

	if (file_names(folder, &names, err) < 0)
		return err->code;
	rest = buf_str(&names);
	while (rest.n && str_split(&rest, '\0', &name)) {
		if (!str_ends(name, str_of(ending)) && !(other && str_ends(name, str_of(other))))
			continue;
		if (own_read(folder, name, a, all, err) < 0)
			return err->code;
	}
	return 0;
}

int shipped_files_read(const char *prefix, const char *folder, const char *ending, const char *other, struct arena *a,
		       struct shipped_files *out, struct err *err)
{
	struct shipped_files all = { 0 };
	const struct embed *file;

	for (size_t i = 0; (file = embed_below(prefix, i)); i++)
		shipped_add(&all,
			    (struct shipped_file){
				    .name = str_of(file->path + strlen(prefix)), .path = file->path, .text = file->content },
			    a);
	if (folder && folder_read(folder, ending, other, a, &all, err) < 0)
		return err->code;
	*out = all;
	return 0;
}
