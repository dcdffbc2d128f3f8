/* embed.c - the data files that ship inside the binary */
#include "base/embed.h"

/* Written by the Makefile: EMBED(number, "path") for each file, in the order of paths. */
#define EMBED(number, path)                         \
	__asm__(".section .rodata\n"                \
		".balign 16\n"                      \
		".global embed_start_" #number "\n" \
		"embed_start_" #number ":\n"        \
		".incbin \"" path "\"\n"            \
		".global embed_end_" #number "\n"   \
		"embed_end_" #number ":\n"          \
		".byte 0\n"                         \
		".previous\n");                     \
	extern const char embed_start_##number[], embed_end_##number[];
#include "embed.list"
#undef EMBED

static const struct {
	const char *path, *start, *end;
} files[] = {
#define EMBED(number, path) { path, embed_start_##number, embed_end_##number },
#include "embed.list"
#undef EMBED
};

enum { FILES = sizeof(files) / sizeof(files[0]) };

static const struct embed *entry(size_t i)
{
	static struct embed table[FILES];

	table[i] = (struct embed){ files[i].path, { files[i].start, (size_t)(files[i].end - files[i].start) } };
	return &table[i];
}

const struct embed *embed_find(const char *path)
{
	for (size_t i = 0; i < FILES; i++)
		if (str_eq(str_of(files[i].path), str_of(path)))
			return entry(i);
	return NULL;
}

const struct embed *embed_below(const char *prefix, size_t i)
{
	for (size_t f = 0; f < FILES; f++)
		if (str_starts(str_of(files[f].path), str_of(prefix)) && i-- == 0)
			return entry(f);
	return NULL;
}
