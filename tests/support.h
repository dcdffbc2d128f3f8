/* support.h - what the tests share: exact-size copies of inputs, and files of this tree */
#ifndef WATCHDESK_TESTS_SUPPORT_H
#define WATCHDESK_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* What repeats itself is done less often under a sanitizer: what that would see, it sees on few of them. */
#ifdef __SANITIZE_ADDRESS__
#define TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TEST_SANITIZED 1
#endif
#endif
#ifndef TEST_SANITIZED
#define TEST_SANITIZED 0
#endif

/* A copy of `s` in a heap block of exactly its size, so that ASan sees one byte too far. Free `p`. */
struct str exact_copy(struct str s);
/* Compare a str with a C string; both are shown when they differ. */
#define assert_str(s, z) assert_str_at((s), (z), __FILE__, __LINE__)
void assert_str_at(struct str s, const char *z, const char *file, int line);
/* Read a file; the path is from the root of the tree. Fails the test when it cannot be read. */
void read_fixture(const char *path, struct buf *out);
/* True when the shared data folder beside the checkout holds `path`; prints what is skipped when it does not. */
int shared_data(const char *path, char *full, size_t size);

#endif
