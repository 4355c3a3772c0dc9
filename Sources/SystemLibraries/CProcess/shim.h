// What Swift's own modules do not offer: prctl(2) and syscall(2) are variadic, malloc.h is not in Glibc's module,
// fallocate(2), memfd_create(2) and some of spawn.h are there for GNU sources alone.
#pragma once

#include <malloc.h>
#include <spawn.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/prctl.h>

static inline int akashi_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }
static inline int akashi_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

// FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
static inline int akashi_punch_hole(int descriptor, long start, long length) {
    return (int)syscall(SYS_fallocate, descriptor, 3, start, length);
}

// MFD_CLOEXEC: a file that exists in memory alone and closes when another program is started.
static inline int akashi_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, 1u); }

// glibc 2.29 and 2.34.
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// The started program has no files from this one on, and stands in the root folder.
static inline int akashi_close_others(posix_spawn_file_actions_t *actions, int from) {
    int closed = posix_spawn_file_actions_addclosefrom_np(actions, from);
    return closed != 0 ? closed : posix_spawn_file_actions_addchdir_np(actions, "/");
}
