// What Swift's own modules do not offer: prctl(2) and syscall(2) are variadic, malloc.h is not in Glibc's module,
// fallocate(2) is there for GNU sources alone.
#pragma once

#include <malloc.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/prctl.h>

static inline int akashi_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }
static inline int akashi_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

// FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE
static inline int akashi_punch_hole(int descriptor, long start, long length) {
    return (int)syscall(SYS_fallocate, descriptor, 3, start, length);
}
