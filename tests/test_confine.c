/* test_confine.c - what each role cannot do, tried in a child; and what a running worker has open */
#include "tests/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/limits.h"
#include "base/message.h"

/* What a child answers with its exit code. */
enum { LET = 10, REFUSED = 11, NOT_CONFINED = 12 };

static int in_child(int (*confine)(void), int (*attempt)(void))
{
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(confine() < 0 ? NOT_CONFINED : attempt());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int as_worker(void)
{
	return confine_worker(LIMIT_WORKER_MEMORY, NULL);
}

static int as_writer(void)
{
	static const char *const folders[] = { "/tmp", NULL };

	return confine_writer(folders, NULL);
}

static int as_net(void)
{
	return confine_net(NULL);
}

static int as_files(void)
{
	static const char *const folders[] = { "/etc/ssl", NULL };

	return confine_files(folders, NULL);
}

static int opens(const char *path, int flags)
{
	return open(path, flags | O_CLOEXEC, 0600) < 0 ? REFUSED : LET;
}

static int open_a_file(void)
{
	return opens("/etc/passwd", O_RDONLY);
}

static int open_a_certificate_folder(void)
{
	return opens("/etc/ssl", O_RDONLY | O_DIRECTORY);
}

static int write_a_file(void)
{
	return opens("/tmp/watchdesk-test-confine", O_WRONLY | O_CREAT);
}

static int open_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? REFUSED : LET;
}

static int start_a_program(void)
{
	char *const none[] = { NULL };

	execve("/bin/true", none, none);
	return REFUSED;
}

static int make_memory_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? REFUSED : LET;
}

static int fork_a_child(void)
{
	return fork() < 0 ? REFUSED : LET;
}

static int use_memory(void)
{
	char *p = malloc(50 << 20);

	if (!p)
		return REFUSED;
	memset(p, 1, 50 << 20);
	free(p);
	return LET;
}

static void a_worker_can_use_memory_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(in_child(as_worker, use_memory), LET);
	assert_int_equal(in_child(as_worker, open_a_file), -SIGSYS);
	assert_int_equal(in_child(as_worker, open_a_socket), -SIGSYS);
	assert_int_equal(in_child(as_worker, start_a_program), -SIGSYS);
	assert_int_equal(in_child(as_worker, fork_a_child), -SIGSYS);
	assert_int_equal(in_child(as_worker, make_memory_executable), -SIGSYS);
}

static void the_writer_has_its_folder_and_no_network(void **state)
{
	(void)state;
	assert_int_equal(in_child(as_writer, write_a_file), LET);
	unlink("/tmp/watchdesk-test-confine");
	assert_int_equal(in_child(as_writer, open_a_socket), REFUSED);
	assert_int_equal(in_child(as_writer, start_a_program), REFUSED);
	if (confine_has_landlock())
		assert_int_equal(in_child(as_writer, open_a_file), REFUSED);
	else
		print_message("skipped: this kernel has no Landlock, so the writer's files are not confined\n");
}

static void the_net_process_has_the_network_and_no_files(void **state)
{
	(void)state;
	assert_int_equal(in_child(as_net, open_a_socket), LET);
	assert_int_equal(in_child(as_net, open_a_certificate_folder), LET);
	assert_int_equal(in_child(as_net, write_a_file), REFUSED);
	assert_int_equal(in_child(as_net, start_a_program), REFUSED);
	if (confine_has_landlock())
		assert_int_equal(in_child(as_net, open_a_file), REFUSED);
	else
		print_message("skipped: this kernel has no Landlock, so reading files is not refused to the net process\n");
}

static void the_files_process_reads_its_folders_and_nothing_else(void **state)
{
	(void)state;
	assert_int_equal(in_child(as_files, open_a_certificate_folder), LET);
	assert_int_equal(in_child(as_files, write_a_file), REFUSED);
	assert_int_equal(in_child(as_files, open_a_socket), REFUSED);
	assert_int_equal(in_child(as_files, start_a_program), REFUSED);
	if (confine_has_landlock())
		assert_int_equal(in_child(as_files, open_a_file), REFUSED);
	else
		print_message("skipped: this kernel has no Landlock, so reading files is not refused to the files process\n");
}

/* How many descriptors a process has open, but for the standard ones, which must be /dev/null or standard error. */
static int descriptors_of(pid_t pid)
{
	struct dirent *entry;
	char path[64];
	DIR *folder;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)pid);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)))
		n += entry->d_name[0] != '.' && atoi(entry->d_name) > 2;
	closedir(folder);
	return n;
}

static void no_descriptor_is_inherited(void **state)
{
	int ends[2], ready[2], many[20];
	struct err err = { 0 };
	char byte;
	pid_t pid;

	(void)state;
	for (int i = 0; i < 20; i++)
		many[i] = dup(2);
	assert_int_equal(channel_pair(ends, &err), 0);
	assert_int_equal(pipe(ready), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		const int keep[] = { ready[1], ends[1] };

		confine_descriptors(keep, 2);
		if (confine_worker(LIMIT_WORKER_MEMORY, NULL) < 0 || write(ready[1], "x", 1) != 1)
			_exit(NOT_CONFINED);
		_exit(read(ends[1], &byte, 1) == 0 ? 0 : 1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(descriptors_of(pid), 2);
	close(ends[0]); /* the child reads the end and goes: nobody else holds this side */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ends[1]);
	close(ready[0]);
	close(ready[1]);
	for (int i = 0; i < 20; i++)
		close(many[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_can_use_memory_and_nothing_else),
		cmocka_unit_test(the_writer_has_its_folder_and_no_network),
		cmocka_unit_test(the_net_process_has_the_network_and_no_files),
		cmocka_unit_test(the_files_process_reads_its_folders_and_nothing_else),
		cmocka_unit_test(no_descriptor_is_inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
