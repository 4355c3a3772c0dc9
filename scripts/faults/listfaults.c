/* Makes one system call on the list folder fail, for the tests of RevocationIndexFiles. Loaded with LD_PRELOAD; the
 * shipped program knows nothing of it.
 *
 *   AKASHI_FAULT_FOLDER  calls on files below this path count
 *   AKASHI_FAULT_CALLS   names of the calls that count, separated by commas: open,write,fsync,...
 *   AKASHI_FAULT_AT      the number of the call that fails, from 1; 0 fails none
 *   AKASHI_FAULT_WITH    errno of the failure; 0 makes a write short
 *   AKASHI_FAULT_LASTS   1: every call from that one on fails, as on a full disk
 *
 * Counting begins when the program opens FOLDER/.arm and ends when it opens FOLDER/.disarm, which writes the number of
 * calls that were counted, and whether one failed, into the file FOLDER.faults. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int armed, counted, failed;
static atomic_uchar ours[65536];

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static int is_below(const char *path) {
    const char *folder = setting("AKASHI_FAULT_FOLDER");
    size_t length = strlen(folder);
    return length && path && strncmp(path, folder, length) == 0;
}

static int is_ours(int descriptor) { return descriptor >= 0 && descriptor < 65536 && ours[descriptor]; }

static int concerns(const char *call) {
    char list[256];
    snprintf(list, sizeof list, ",%s,", setting("AKASHI_FAULT_CALLS"));
    char name[64];
    snprintf(name, sizeof name, ",%s,", call);
    return strstr(list, name) != NULL;
}

/* Whether this call is the one that fails. Sets errno. */
static int fails(const char *call) {
    if (!armed || !concerns(call)) return 0;
    int number = atomic_fetch_add(&counted, 1) + 1;
    int at = atoi(setting("AKASHI_FAULT_AT"));
    int lasts = atoi(setting("AKASHI_FAULT_LASTS"));
    if (at == 0 || !(number == at || (lasts && number > at))) return 0;
    failed = 1;
    errno = atoi(setting("AKASHI_FAULT_WITH"));
    return 1;
}

#define NEXT(type, name) \
    static type (*next)(); \
    if (!next) next = (type(*)())dlsym(RTLD_NEXT, name)

static void report(void) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s.faults", setting("AKASHI_FAULT_FOLDER"));
    FILE *file = fopen(path, "w");
    if (!file) return;
    fprintf(file, "%d %d\n", counted, failed);
    fclose(file);
}

/* The switches are no files. */
static int is_switch(const char *path) {
    const char *name = strrchr(path, '/');
    if (!name) return 0;
    if (strcmp(name, "/.arm") == 0) {
        counted = failed = 0;
        armed = 1;
    } else if (strcmp(name, "/.disarm") == 0) {
        armed = 0;
        report();
    } else {
        return 0;
    }
    errno = ENOENT;
    return 1;
}

static int opened(int descriptor, const char *path) {
    if (descriptor >= 0 && descriptor < 65536) ours[descriptor] = is_below(path);
    return descriptor;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        NEXT(int, #name); \
        va_list arguments; \
        va_start(arguments, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0; \
        va_end(arguments); \
        if (is_below(path) && (is_switch(path) || fails("open"))) return -1; \
        return opened(next(path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
    NEXT(int, "close");
    int was = is_ours(descriptor);
    if (was) ours[descriptor] = 0;
    if (was && fails("close")) {
        int code = errno;
        next(descriptor);
        errno = code;
        return -1;
    }
    return next(descriptor);
}

ssize_t write(int descriptor, const void *octets, size_t count) {
    static ssize_t (*next)(int, const void *, size_t);
    if (!next) next = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (is_ours(descriptor) && fails("write")) {
        if (errno == 0) return next(descriptor, octets, (count + 1) / 2);
        /* A full disk takes what fits before it says so. */
        int code = errno;
        (void)!next(descriptor, octets, count / 3);
        errno = code;
        return -1;
    }
    return next(descriptor, octets, count);
}

ssize_t read(int descriptor, void *octets, size_t count) {
    static ssize_t (*next)(int, void *, size_t);
    if (!next) next = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    if (is_ours(descriptor) && fails("read")) return -1;
    return next(descriptor, octets, count);
}

int fsync(int descriptor) {
    NEXT(int, "fsync");
    if (is_ours(descriptor) && fails("fsync")) return -1;
    return next(descriptor);
}

int rename(const char *from, const char *to) {
    NEXT(int, "rename");
    if (is_below(to) && fails("rename")) return -1;
    return next(from, to);
}

int unlink(const char *path) {
    NEXT(int, "unlink");
    if (is_below(path) && fails("unlink")) return -1;
    return next(path);
}

int mkdir(const char *path, mode_t mode) {
    NEXT(int, "mkdir");
    if (is_below(path) && fails("mkdir")) return -1;
    return next(path, mode);
}

#define MAP(name, offset_type) \
    void *name(void *address, size_t length, int protection, int flags, int descriptor, offset_type offset) { \
        static void *(*next)(void *, size_t, int, int, int, offset_type); \
        if (!next) next = (void *(*)(void *, size_t, int, int, int, offset_type))dlsym(RTLD_NEXT, #name); \
        if (is_ours(descriptor) && fails("mmap")) return MAP_FAILED; \
        return next(address, length, protection, flags, descriptor, offset); \
    }
MAP(mmap, off_t)
MAP(mmap64, off64_t)

DIR *opendir(const char *path) {
    static DIR *(*next)(const char *);
    if (!next) next = (DIR * (*)(const char *)) dlsym(RTLD_NEXT, "opendir");
    if (is_below(path) && fails("opendir")) return NULL;
    return next(path);
}
