/* fuzz_segment.c - a segment file as somebody may have altered it, and a place that a row may name */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char node[] = "00112233445566778899aabbccddeeff";
static char folder[64], path[128];

static void remove_folder(void)
{
	file_remove_folder(folder, NULL);
}

static void make_folder(void)
{
	snprintf(folder, sizeof(folder), "/dev/shm/watchdesk-fuzz-XXXXXX");
	if (!mkdtemp(folder))
		abort();
	atexit(remove_folder);
	snprintf(path, sizeof(path), "%s/segments", folder);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/segments/000001.seg", folder);
}

static int64_t take_number(const uint8_t **data, size_t *size)
{
	int64_t n = 0;

	if (*size < sizeof(n))
		return 0;
	memcpy(&n, *data, sizeof(n));
	*data += sizeof(n);
	*size -= sizeof(n);
	return n;
}

/* The place, then the file. A wrong digest is never read as right. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(segment_reader) r = { .folder = folder, .node = node };
	AUTO(buf) out = BUF_INIT(LIMIT_ITEM);
	struct segment_place p = { .segment = 1 };
	unsigned char id[DIGEST_ID_BYTES] = { 0 }, digest[DIGEST_BYTES], found[DIGEST_BYTES];
	struct err err = { 0 };
	int64_t end;
	int fd;

	if (!folder[0])
		make_folder();
	p.start = take_number(&data, &size);
	p.length = take_number(&data, &size);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd < 0 || write(fd, data, size) < 0)
		abort();
	close(fd);
	digest_sha256(STR("sealed"), digest);
	if (segment_size(&r, 1, &end, &err) == 0 && end != (int64_t)size)
		__builtin_trap();
	if (segment_read(&r, &p, id, digest, &out, &err) < 0)
		return 0;
	digest_sha256(buf_str(&out), found);
	if (memcmp(found, digest, sizeof(found)) != 0)
		__builtin_trap();
	return 0;
}
