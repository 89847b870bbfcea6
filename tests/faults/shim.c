/* Stands between a server and its machine (LD_PRELOAD). What it does is told by the environment:
   SHIM_TRACE  a file that gets everything that is written to race.sqlite*, every sync of it, and every acknowledgement
               on a socket, in the order in which they happened;
   SHIM_FULL   while this file exists the disk is full: nothing of race.sqlite* grows;
   SHIM_EIO    while this file exists a sync fails;
   SHIM_CLOCK  a file with a double: so many seconds the wall clock is ahead;
   SHIM_COUNT  a file with an unsigned 64-bit number: reads of race.sqlite* so far. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { NONE, MAIN, WAL, JOURNAL, FOLDER };
#define FDS 65536
static unsigned char kind[FDS];
static int trace = -1;
static const char *full, *eio;
static double *ahead;
static uint64_t *reads;
static int64_t syncs;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

static void *mapped(const char *variable) {
    const char *path = getenv(variable);
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR, 0) : -1;
    if (fd < 0) return NULL;
    void *page = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    return page == MAP_FAILED ? NULL : page;
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SHIM_TRACE");
    if (path) trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    full = getenv("SHIM_FULL");
    eio = getenv("SHIM_EIO");
    ahead = mapped("SHIM_CLOCK");
    reads = mapped("SHIM_COUNT");
}

static int there(const char *path) { return path && syscall(SYS_access, path, F_OK) == 0; }

/* ---- the trace */

struct head { uint8_t what, file, spare[2]; uint32_t size; int64_t at; };

static void put(const void *data, size_t size) {
    while (size) {
        ssize_t done = syscall(SYS_write, trace, data, size);
        if (done <= 0) _exit(99);
        data = (const char *)data + done;
        size -= done;
    }
}

static void note(char what, int file, int64_t at, const void *data, uint32_t size) {   /* under the lock */
    if (trace < 0) return;
    struct head head = { what, file, { 0, 0 }, size, at };
    put(&head, sizeof head);
    put(data, size);
}

static int file_of(const char *path) {
    const char *found = path ? strstr(path, "race.sqlite") : NULL;
    if (!found) {
        const char *folder = getenv("SHIM_FOLDER");
        return folder && path && strcmp(path, folder) == 0 ? FOLDER : NONE;
    }
    const char *rest = found + strlen("race.sqlite");
    return !*rest ? MAIN : !strcmp(rest, "-wal") ? WAL : !strcmp(rest, "-journal") ? JOURNAL : NONE;
}

static int of(int fd) { return fd >= 0 && fd < FDS ? kind[fd] : NONE; }

static int opened(int fd, const char *path, int flags, int fresh) {
    if (fd < 0 || fd >= FDS) return fd;
    int file = file_of(path);
    pthread_mutex_lock(&lock);
    kind[fd] = file;
    if (fresh && file && file != FOLDER && (flags & O_CREAT)) note('C', file, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        int fresh = file_of(path) && !there(path); \
        return opened(REAL(name)(path, flags, mode), path, flags, fresh); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    if (fd >= 0 && fd < FDS) kind[fd] = NONE;
    return REAL(close)(fd);
}

int unlink(const char *path) {
    int file = file_of(path), done = REAL(unlink)(path);
    if (!done && file) {
        pthread_mutex_lock(&lock);
        note('U', file, 0, "", 0);
        pthread_mutex_unlock(&lock);
    }
    return done;
}

/* ---- files */

static int no_room(int fd, int64_t end) {
    struct stat now;
    return there(full) && fstat(fd, &now) == 0 && end > now.st_size;
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t size, offset_type at) { \
        int file = of(fd); \
        if (!file) return REAL(name)(fd, data, size, at); \
        if (no_room(fd, at + (int64_t)size)) { errno = ENOSPC; return -1; } \
        pthread_mutex_lock(&lock); \
        ssize_t done = REAL(name)(fd, data, size, at); \
        if (done > 0) note('W', file, at, data, done); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PREAD(name, offset_type) \
    ssize_t name(int fd, void *data, size_t size, offset_type at) { \
        if (reads && of(fd)) __atomic_add_fetch(reads, 1, __ATOMIC_RELAXED); \
        return REAL(name)(fd, data, size, at); \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define TRUNCATE(name, offset_type) \
    int name(int fd, offset_type size) { \
        int file = of(fd); \
        if (!file) return REAL(name)(fd, size); \
        pthread_mutex_lock(&lock); \
        int done = REAL(name)(fd, size); \
        if (!done) note('T', file, size, "", 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

/* Only what was written before a sync began is on disk when it has ended. */
#define SYNC(name) \
    int name(int fd) { \
        int file = of(fd); \
        if (!file) return REAL(name)(fd); \
        if (there(eio)) { errno = EIO; return -1; } \
        pthread_mutex_lock(&lock); \
        int64_t number = ++syncs; \
        note('B', file, number, "", 0); \
        pthread_mutex_unlock(&lock); \
        int done = REAL(name)(fd); \
        if (done) return done; \
        pthread_mutex_lock(&lock); \
        note('E', file, number, "", 0); \
        pthread_mutex_unlock(&lock); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

/* ---- sockets: an acknowledgement counts from the moment it is handed to the kernel */

static void heed(const void *data, size_t size) {
    if (trace < 0 || !memmem(data, size, "{\"ack\":", 7)) return;
    pthread_mutex_lock(&lock);
    note('A', NONE, 0, data, size);
    pthread_mutex_unlock(&lock);
}

static void heed_all(const struct iovec *parts, size_t count) {
    for (size_t i = 0; i < count; i++) heed(parts[i].iov_base, parts[i].iov_len);
}

ssize_t write(int fd, const void *data, size_t size) {
    heed(data, size);
    return REAL(write)(fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    heed_all(parts, count);
    return REAL(writev)(fd, parts, count);
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    heed(data, size);
    return REAL(send)(fd, data, size, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    heed_all(message->msg_iov, message->msg_iovlen);
    return REAL(sendmsg)(fd, message, flags);
}

/* ---- the clock on the wall */

static void shift(int64_t *seconds, long *nanoseconds) {
    int64_t all = *seconds * 1000000000LL + *nanoseconds + (int64_t)(*ahead * 1e9);
    *seconds = all / 1000000000LL;
    *nanoseconds = all % 1000000000LL;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int done = REAL(clock_gettime)(clock, now);
    if (!done && ahead && clock == CLOCK_REALTIME) {
        int64_t seconds = now->tv_sec;
        shift(&seconds, &now->tv_nsec);
        now->tv_sec = seconds;
    }
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec told;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &told)) return -1;
    now->tv_sec = told.tv_sec;
    now->tv_usec = told.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now) {
    struct timespec told;
    clock_gettime(CLOCK_REALTIME, &told);
    if (now) *now = told.tv_sec;
    return told.tv_sec;
}
