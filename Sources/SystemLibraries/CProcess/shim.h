// What Swift's own modules do not offer of the process: prctl(2) is variadic, malloc.h is not in Glibc's module.
#pragma once

#include <malloc.h>
#include <sys/prctl.h>

static inline int akashi_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }
static inline int akashi_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
