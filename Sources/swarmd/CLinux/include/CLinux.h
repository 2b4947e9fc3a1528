// What Swift's Glibc module hides or cannot express: fork, variadic and macro system calls, and the code
// that a child runs between fork and exec, where only async-signal-safe calls are allowed.
#ifndef SWARMD_CLINUX_H
#define SWARMD_CLINUX_H
#include <stdint.h>
#include <sys/types.h>

// What a new process is to be. All arrays of strings end with NULL.
struct swarmd_launch {
    const char *const *candidates;  // paths to try, in order
    char *const *argv;
    char *const *envp;
    const char *directory;
    const int *cgroups;  // descriptors of cgroup.procs files
    int cgroup_count;
    int output;
    int errors;
    int report;  // gets a swarmd_launch_failure; closed by exec
    int changes_user;
    uid_t uid;
    gid_t gid;
    const gid_t *groups;
    int group_count;
};

// The step of a launch that failed, and its error number.
struct swarmd_launch_failure {
    int32_t step;
    int32_t error;
};

enum swarmd_launch_step {
    swarmd_step_session = 1,
    swarmd_step_cgroup = 2,
    swarmd_step_streams = 3,
    swarmd_step_user = 4,
    swarmd_step_directory = 5,
    swarmd_step_exec = 6,
};

int swarmd_pipe(int ends[2]);

// Facts of `struct stat`, which Swift sees through another module when its runtime is linked statically.
// They return -1 with errno. The last one does not follow a symbolic link.
int64_t swarmd_file_size(int fd);
int64_t swarmd_file_mode(int fd);
int64_t swarmd_path_mode(const char *path);

char **swarmd_environment(void);

// A descriptor that becomes readable when the process ends; it names the process, not its number.
int swarmd_pidfd_open(pid_t pid);

int swarmd_pidfd_send_signal(int pidfd, int signal_number);

// Takes a write lock on the whole file; it belongs to the open file, and ends when the last descriptor of it
// is closed, however the process ends. Returns 0, or -1 with EAGAIN where somebody else holds it.
int swarmd_lock_file(int fd);

// Reserves room on the disk for the first `bytes` of a file without making it longer. Returns 0, or -1 with errno.
int swarmd_reserve(int fd, off_t bytes);

// Tells whether the file system at `path` keeps its files in memory and on no disk: 1, 0, or -1 with errno.
int swarmd_is_in_memory(const char *path);

// Tells whether another open file holds the lock, without taking it: 1, 0, or -1 with errno.
int swarmd_lock_is_held(int fd);

// Starts `path` in a session of its own, with /dev/null for its streams, `report` as descriptor 3 and no
// other descriptor, default signal handling and an empty signal mask. Returns 0 or an error number.
int swarmd_spawn_detached(pid_t *pid, const char *path, char *const argv[], char *const envp[], int report);

// Blocks SIGCHLD and returns a descriptor that becomes readable when a child ended.
int swarmd_child_signal_descriptor(void);

// Lets this process have as many open files as it may allow itself; programs started detached get the limit that it
// had. Returns the new limit, or -1 with errno.
int64_t swarmd_raise_open_files(void);

// Makes descendants whose parents ended children of this process.
int swarmd_adopt_orphans(void);

// A short name for `ps`, cut to 15 bytes by the kernel.
int swarmd_set_process_name(const char *name);

void swarmd_ignore_signal(int number);

// Forks and becomes what `launch` says. Returns the process id, or -1 with errno.
pid_t swarmd_launch_process(const struct swarmd_launch *launch);
#endif
