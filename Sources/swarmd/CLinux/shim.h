// What Swift's Glibc module hides or cannot express: fork, variadic and macro system calls.
#ifndef SWARMD_CLINUX_SHIM_H
#define SWARMD_CLINUX_SHIM_H
#include <sys/types.h>
#include <unistd.h>

static inline pid_t swarmd_fork(void) { return fork(); }
#endif
