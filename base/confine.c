/* confine.c - take from this process what it does not need */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static int no_new_privileges(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, E_FAULT, "cannot give up new privileges: %s", strerror(errno));
	return 0;
}

/* Close the ranges between the descriptors that stay; `keep` is sorted as it goes, it has at most a few entries. */
void confine_descriptors(const int *keep, size_t n)
{
	unsigned from = 3;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, 0);
		dup2(null, 1);
		if (null > 2)
			close(null);
	}
	for (;;) {
		unsigned next = UINT32_MAX;

		for (size_t i = 0; i < n; i++)
			if (keep[i] >= (int)from && (unsigned)keep[i] < next)
				next = (unsigned)keep[i];
		if (next > from)
			close_range(from, next == UINT32_MAX ? next : next - 1, 0);
		if (next == UINT32_MAX)
			return;
		from = next + 1;
	}
}

static size_t mapped_bytes(void)
{
	char text[64] = { 0 };
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	size_t pages = 0;

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) > 0)
		sscanf(text, "%zu", &pages);
	close(fd);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static int limit(int resource, size_t value, struct err *err)
{
	struct rlimit l = { value, value };

	if (setrlimit((__rlimit_resource_t)resource, &l) < 0)
		return err_set(err, E_FAULT, "cannot set resource limit %d: %s", resource, strerror(errno));
	return 0;
}

static int worker_limits(size_t memory_bytes, struct err *err)
{
	size_t mapped = mapped_bytes();

	if (limit(RLIMIT_CORE, 0, err) < 0 || limit(RLIMIT_FSIZE, 0, err) < 0 || limit(RLIMIT_NPROC, 0, err) < 0 ||
	    limit(RLIMIT_NOFILE, 0, err) < 0)
		return err->code;
	if (SANITIZED || mapped == 0) /* ASan maps terabytes of shadow */
		return 0;
	return limit(RLIMIT_AS, mapped + memory_bytes, err);
}

/* A filter being made, and whether all its rules were taken. */
struct filter {
	scmp_filter_ctx context;
	int failed;
};

static void rule(struct filter *f, uint32_t action, int call)
{
	if (call != __NR_SCMP_ERROR && f->context)
		f->failed |= seccomp_rule_add(f->context, action, call, 0);
}

static int load(struct filter *f, const char *who, struct err *err)
{
	int result = f->context && !f->failed ? seccomp_load(f->context) : -ENOMEM;

	seccomp_release(f->context);
	if (result < 0)
		return err_set(err, E_FAULT, "the system call filter of the %s does not load: %s", who, strerror(-result));
	return 0;
}

int confine_worker(size_t memory_bytes, struct err *err)
{
	static const int allowed[] = {
		SCMP_SYS(read),	   SCMP_SYS(write),	      SCMP_SYS(recvfrom),	SCMP_SYS(sendto), SCMP_SYS(recvmsg),
		SCMP_SYS(sendmsg), SCMP_SYS(munmap),	      SCMP_SYS(mremap),		SCMP_SYS(brk),	  SCMP_SYS(madvise),
		SCMP_SYS(futex),   SCMP_SYS(getrandom),	      SCMP_SYS(clock_gettime),	SCMP_SYS(exit),	  SCMP_SYS(exit_group),
		SCMP_SYS(close),   SCMP_SYS(rt_sigreturn),    SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid), SCMP_SYS(gettid),
		SCMP_SYS(sysinfo), SCMP_SYS(restart_syscall),
	};
	static const int for_sanitizers[] = { SCMP_SYS(sigaltstack), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigaction) };
	static const int memory[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	struct filter f = { .context = seccomp_init(SCMP_ACT_KILL_PROCESS) };

	if (no_new_privileges(err) < 0 || worker_limits(memory_bytes, err) < 0)
		return err->code;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		rule(&f, SCMP_ACT_ALLOW, allowed[i]);
	for (size_t i = 0; SANITIZED && i < sizeof(for_sanitizers) / sizeof(for_sanitizers[0]); i++)
		rule(&f, SCMP_ACT_ALLOW, for_sanitizers[i]);
	for (size_t i = 0; f.context && i < 2; i++) /* memory, but none that can be executed */
		f.failed |= seccomp_rule_add(f.context, SCMP_ACT_ALLOW, memory[i], 1,
					     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return load(&f, "worker", err);
}

/* What no role but the supervisor ever does. EPERM instead of death: a library that only tries goes on. */
static void refuse_programs(struct filter *f)
{
	static const int refused[] = {
		SCMP_SYS(execve),
		SCMP_SYS(execveat),
		SCMP_SYS(ptrace),
		SCMP_SYS(process_vm_readv),
		SCMP_SYS(process_vm_writev),
		SCMP_SYS(io_uring_setup),
		SCMP_SYS(bpf),
		SCMP_SYS(perf_event_open),
		SCMP_SYS(keyctl),
		SCMP_SYS(add_key),
		SCMP_SYS(request_key),
		SCMP_SYS(mount),
		SCMP_SYS(umount2),
		SCMP_SYS(unshare),
		SCMP_SYS(setns),
		SCMP_SYS(chroot),
		SCMP_SYS(pivot_root),
		SCMP_SYS(init_module),
		SCMP_SYS(finit_module),
		SCMP_SYS(kexec_load),
		SCMP_SYS(reboot),
		SCMP_SYS(swapon),
		SCMP_SYS(settimeofday),
		SCMP_SYS(clock_settime),
		SCMP_SYS(userfaultfd),
		SCMP_SYS(open_by_handle_at),
		SCMP_SYS(pidfd_getfd),
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		rule(f, SCMP_ACT_ERRNO(EPERM), refused[i]);
}

static bool landlock_paths(const char *const *folders, uint64_t handled, uint64_t access_bits)
{
	struct landlock_ruleset_attr attributes = { .handled_access_fs = handled };
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes.handled_access_fs), 0);
	bool done;

	if (ruleset < 0)
		return false;
	for (; *folders; folders++) {
		struct landlock_path_beneath_attr beneath = { .allowed_access = access_bits };

		beneath.parent_fd = open(*folders, O_PATH | O_CLOEXEC);
		if (beneath.parent_fd < 0)
			continue; /* not on this system */
		if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0 && errno == EINVAL) {
			beneath.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE; /* a file */
			syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
		}
		close(beneath.parent_fd);
	}
	done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close(ruleset);
	return done;
}

bool confine_has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

/* Everything of the first version of Landlock but running programs, which seccomp refuses. */
static const uint64_t all_files = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
				  LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
				  LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
				  LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
				  LANDLOCK_ACCESS_FS_MAKE_SYM;

int confine_writer(const char *const *folders, struct err *err)
{
	static const int families[] = { AF_INET, AF_INET6, AF_PACKET, AF_NETLINK, AF_VSOCK };
	struct filter f = { .context = seccomp_init(SCMP_ACT_ALLOW) };

	if (no_new_privileges(err) < 0)
		return err->code;
	if (confine_has_landlock() && !landlock_paths(folders, all_files, all_files))
		return err_set(err, E_FAULT, "Landlock does not confine the writer: %s", strerror(errno));
	refuse_programs(&f);
	for (size_t i = 0; f.context && i < sizeof(families) / sizeof(families[0]); i++)
		f.failed |= seccomp_rule_add(f.context, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
					     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]));
	return load(&f, "writer", err);
}

/* Opening for writing or creating is refused by the flags of the call, whatever the path. */
static void refuse_writing(struct filter *f)
{
	static const struct {
		int call;
		unsigned flags_at;
	} opens[] = { { SCMP_SYS(open), 1 }, { SCMP_SYS(openat), 2 } };
	static const int refused[] = {
		SCMP_SYS(creat),     SCMP_SYS(openat2),	  SCMP_SYS(unlink),   SCMP_SYS(unlinkat),  SCMP_SYS(rename),
		SCMP_SYS(renameat),  SCMP_SYS(renameat2), SCMP_SYS(mkdir),    SCMP_SYS(mkdirat),   SCMP_SYS(rmdir),
		SCMP_SYS(link),	     SCMP_SYS(linkat),	  SCMP_SYS(symlink),  SCMP_SYS(symlinkat), SCMP_SYS(truncate),
		SCMP_SYS(ftruncate), SCMP_SYS(chmod),	  SCMP_SYS(fchmodat), SCMP_SYS(chown),	   SCMP_SYS(fchownat),
		SCMP_SYS(mknod),     SCMP_SYS(mknodat),
	};
	static const int writing[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC };

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		rule(f, SCMP_ACT_ERRNO(EPERM), refused[i]);
	for (size_t i = 0; f->context && i < 2; i++)
		for (size_t j = 0; j < sizeof(writing) / sizeof(writing[0]); j++)
			f->failed |= seccomp_rule_add(f->context, SCMP_ACT_ERRNO(EPERM), opens[i].call, 1,
						      SCMP_CMP64(opens[i].flags_at, SCMP_CMP_MASKED_EQ,
								 (scmp_datum_t)writing[j], (scmp_datum_t)writing[j]));
}

int confine_net(struct err *err)
{
	static const char *const read_only[] = {
		"/etc/ssl",
		"/etc/ca-certificates",
		"/etc/pki",
		"/usr/share/ca-certificates",
		"/usr/lib/ssl",
		"/usr/share/zoneinfo",
		"/etc/localtime",
		"/etc/resolv.conf",
		"/etc/hosts",
		"/etc/nsswitch.conf",
		"/etc/host.conf",
		"/etc/gai.conf",
		"/etc/services",
		"/run/systemd/resolve",
		"/run/resolvconf",
		"/etc/ld.so.cache",
		"/lib",
		"/usr/lib",
		"/lib64",
		"/etc/protocols",
		"/dev/null",
		"/dev/urandom",
		"/run/NetworkManager",
		NULL,
	};
	struct filter f = { .context = seccomp_init(SCMP_ACT_ALLOW) };

	if (no_new_privileges(err) < 0)
		return err->code;
	if (confine_has_landlock() &&
	    !landlock_paths(read_only, all_files, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR))
		return err_set(err, E_FAULT, "Landlock does not confine the net process: %s", strerror(errno));
	refuse_programs(&f);
	refuse_writing(&f);
	return load(&f, "net process", err);
}

int confine_files(const char *const *folders, struct err *err)
{
	static const int refused[] = { SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind),
				       SCMP_SYS(listen), SCMP_SYS(accept),  SCMP_SYS(accept4) };
	struct filter f = { .context = seccomp_init(SCMP_ACT_ALLOW) };

	if (no_new_privileges(err) < 0)
		return err->code;
	if (confine_has_landlock() &&
	    !landlock_paths(folders, all_files, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR))
		return err_set(err, E_FAULT, "Landlock does not confine the files process: %s", strerror(errno));
	refuse_programs(&f);
	refuse_writing(&f);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		rule(&f, SCMP_ACT_ERRNO(EPERM), refused[i]);
	return load(&f, "files process", err);
}
