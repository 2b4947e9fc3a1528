#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#endif
#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif

int64_t swarmd_file_size(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (int64_t)status.st_size : -1;
}

int64_t swarmd_file_mode(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 ? (int64_t)status.st_mode : -1;
}

int64_t swarmd_path_mode(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 ? (int64_t)status.st_mode : -1;
}

int swarmd_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

char **swarmd_environment(void) { return environ; }

int swarmd_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int swarmd_pidfd_send_signal(int pidfd, int signal_number) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, (void *)0, 0);
}

int swarmd_lock_file(int fd) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
    return fcntl(fd, F_OFD_SETLK, &lock);
}

int swarmd_reserve(int fd, off_t bytes) { return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, bytes); }

int swarmd_lock_is_held(int fd) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
    if (fcntl(fd, F_OFD_GETLK, &lock) != 0) return -1;
    return lock.l_type == F_UNLCK ? 0 : 1;
}

/* What this process was allowed before it raised its own limit; soft and hard are 0 where it did not. */
static struct rlimit swarmd_open_files_before;

int64_t swarmd_raise_open_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) != 0) return -1;
        swarmd_open_files_before = limit;
        limit = raised;
    }
    return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

int swarmd_spawn_detached(pid_t *pid, const char *path, char *const argv[], char *const envp[], int report) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t none, all;
    int result = posix_spawnattr_init(&attributes);
    if (result != 0) return result;
    result = posix_spawn_file_actions_init(&actions);
    if (result != 0) {
        posix_spawnattr_destroy(&attributes);
        return result;
    }
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    result = posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    );
    if (result == 0) result = posix_spawn_file_actions_adddup2(&actions, report, 3);
    if (result == 0) result = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    if (result == 0) result = posix_spawn_file_actions_adddup2(&actions, 0, 1);
    if (result == 0) result = posix_spawn_file_actions_adddup2(&actions, 0, 2);
    if (result == 0) result = posix_spawn_file_actions_addclosefrom_np(&actions, 4);
    if (result == 0) result = posix_spawn(pid, path, &actions, &attributes, argv, envp);
    /* Programs that count on the usual limit may not bear a higher one. */
    if (result == 0 && swarmd_open_files_before.rlim_max != 0) {
        (void)prlimit(*pid, RLIMIT_NOFILE, &swarmd_open_files_before, NULL);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return result;
}

int swarmd_child_signal_descriptor(void) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &mask, NULL) != 0) return -1;
    return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

int swarmd_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int swarmd_set_process_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

void swarmd_ignore_signal(int number) { signal(number, SIG_IGN); }

static void swarmd_launch_fail(const struct swarmd_launch *launch, int step, int error) {
    struct swarmd_launch_failure failure = {.step = step, .error = error};
    ssize_t written = write(launch->report, &failure, sizeof failure);
    (void)written;
    _exit(127);
}

static void swarmd_launch_streams(const struct swarmd_launch *launch) {
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input < 0 || dup2(input, 0) < 0 || dup2(launch->output, 1) < 0 || dup2(launch->errors, 2) < 0)
        swarmd_launch_fail(launch, swarmd_step_streams, errno);
}

static void swarmd_launch_user(const struct swarmd_launch *launch) {
    if (!launch->changes_user) return;
    if (setgroups((size_t)launch->group_count, launch->groups) != 0 || setgid(launch->gid) != 0
        || setuid(launch->uid) != 0)
        swarmd_launch_fail(launch, swarmd_step_user, errno);
}

static void swarmd_launch_exec(const struct swarmd_launch *launch) {
    int error = ENOENT;
    for (const char *const *path = launch->candidates; *path != NULL; path++) {
        execve(*path, launch->argv, launch->envp);
        // A later candidate may do; a file that is there but cannot be run is the better message.
        if (errno != ENOENT && errno != ENOTDIR) error = errno;
    }
    swarmd_launch_fail(launch, swarmd_step_exec, error);
}

int swarmd_is_in_memory(const char *path) {
    struct statfs status;
    if (statfs(path, &status) != 0) return -1;
    // linux/magic.h: tmpfs and ramfs.
    unsigned int kind = (unsigned int)status.f_type;
    return kind == 0x01021994U || kind == 0x858458f6U;
}

static void swarmd_launch_child(const struct swarmd_launch *launch, pid_t parent) {
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (setsid() < 0) swarmd_launch_fail(launch, swarmd_step_session, errno);
    for (int index = 0; index < launch->cgroup_count; index++)
        if (write(launch->cgroups[index], "0", 1) != 1) swarmd_launch_fail(launch, swarmd_step_cgroup, errno);
    swarmd_launch_streams(launch);
    umask(022);
    swarmd_launch_user(launch);
    if (chdir(launch->directory) != 0) swarmd_launch_fail(launch, swarmd_step_directory, errno);
    // After the change of user, which clears it. The parent may have died before this call.
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(127);
    syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    swarmd_launch_exec(launch);
}

pid_t swarmd_launch_process(const struct swarmd_launch *launch) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        swarmd_launch_child(launch, parent);
        _exit(127);
    }
    return pid;
}
