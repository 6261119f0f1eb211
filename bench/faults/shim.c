/* What a machine does to a program without asking: a clock that is moved, a disk that is full or cannot
   be written, and a power cut that takes every write nobody had synced.

   Preloaded (LD_PRELOAD) into the processes under test; it needs no rights and no file system of its own.
   SHIM_CONTROL  a file of one page, mapped: which faults are on (struct control), and how often each fired
   SHIM_FOLDER   folders whose files are meant, separated by ':'
   SHIM_LOG      where writes are noted, with what they overwrote, until they are synced (bench/faults/power.py)
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
    int64_t clock_ns;  /* added to the clock on the wall */
    int64_t disk;      /* 0 well, 1 no room, 2 read-only */
    int64_t logging;   /* note unsynced writes */
    int64_t deaf;      /* a disk that says it synced and did not: the canary */
    int64_t slow_us;   /* how long the disk takes to sync */
    int64_t which;     /* the disk fault's folders, a bit each; 0 all */
    int64_t fired_clock, fired_disk, noted, synced;
};

struct record {        /* as bench/faults/power.py reads it */
    uint32_t magic, kind;
    uint64_t inode, parent;
    int64_t offset, size_before, upto;
    uint32_t path_length, old_length, new_length, spare;
};
enum { WRITE = 1, CUT = 2, SYNC = 3, MADE = 4 };

static struct control *control;
static char folders[4][PATH_MAX];
static int folder_count, log_fd = -1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) static __typeof__(name) *real_##name; \
    if (!real_##name) real_##name = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t raw_pwrite(int fd, const void *b, size_t n, off_t at) {
    REAL(pwrite64);
    return real_pwrite64(fd, b, n, at);
}

static void in_child(void) { pthread_mutex_init(&mutex, NULL); }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("SHIM_CONTROL"), *wanted = getenv("SHIM_FOLDER"), *log = getenv("SHIM_LOG");
    if (!path || !wanted) return;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED) return;
    char copy[PATH_MAX * 4];
    strncpy(copy, wanted, sizeof copy - 1);
    copy[sizeof copy - 1] = 0;
    for (char *save = NULL, *one = strtok_r(copy, ":", &save); one && folder_count < 4;
         one = strtok_r(NULL, ":", &save))
        if (realpath(one, folders[folder_count])) folder_count++;
    if (log) log_fd = open(log, O_RDWR | O_CLOEXEC);
    pthread_atfork(NULL, NULL, in_child);
    control = map;
}

/* --- the clock --- */

int clock_gettime(clockid_t which, struct timespec *out) {
    REAL(clock_gettime);
    int result = real_clock_gettime(which, out);
    if (result == 0 && control && control->clock_ns &&
        (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        int64_t ns = out->tv_sec * 1000000000LL + out->tv_nsec + control->clock_ns;
        out->tv_sec = ns / 1000000000LL;
        out->tv_nsec = ns % 1000000000LL;
        control->fired_clock++;
    }
    return result;
}

int gettimeofday(struct timeval *out, void *zone) {
    struct timespec now;
    (void)zone;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return result;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

/* --- which files are meant --- */

/* Which folder it lies in, the first that fits; -1: not our business. */
static int folder_of(const char *path) {
    size_t length = strlen(path);
    if (length > 4 && (!strcmp(path + length - 4, "-shm") || !strcmp(path + length - 4, ".log"))) return -1;
    if (length > 5 && !strcmp(path + length - 5, ".turn")) return -1;
    for (int i = 0; i < folder_count; i++) {
        size_t n = strlen(folders[i]);
        if (!strncmp(path, folders[i], n) && (path[n] == '/' || path[n] == 0)) return i;
    }
    return -1;
}

static int64_t disk_of(const char *path) {
    int i = folder_of(path);
    return i < 0 || (control->which && !(control->which >> i & 1)) ? 0 : control->disk;
}

static int path_of(int fd, char *path) {
    char link[40], *p = link + sizeof link - 1;
    unsigned n = (unsigned)fd;
    *p = 0;
    do *--p = '0' + n % 10; while (n /= 10);
    p -= 14;
    memcpy(p, "/proc/self/fd/", 14);
    ssize_t length = readlink(p, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return 1;
}

static int is_meant(int fd, char *path, struct stat *is) {
    return control && fd >= 0 && path_of(fd, path) && folder_of(path) >= 0 && fstat(fd, is) == 0 &&
           (S_ISREG(is->st_mode) || S_ISDIR(is->st_mode));
}

/* A path as it is opened: absolute, or below the working directory. */
static int resolve(const char *path, char *full) {
    if (!control || !path) return 0;
    full[0] = 0;
    if (path[0] != '/') {
        if (!getcwd(full, PATH_MAX)) return 0;
        strcat(full, "/");
    }
    strncat(full, path, PATH_MAX - 1);
    return folder_of(full) >= 0;
}

static int is_read_only(const char *path) {
    char full[PATH_MAX * 2];
    return resolve(path, full) && disk_of(full) == 2;
}

static int fails(int error) {
    __sync_fetch_and_add(&control->fired_disk, 1);
    errno = error;
    return -1;
}

/* 0: the disk takes it; else errno */
static int refusal(const char *path, const struct stat *is, off_t end) {
    int64_t disk = disk_of(path);
    if (disk == 2) return EROFS;
    if (disk == 1 && end > is->st_size) return ENOSPC;
    return 0;
}

/* --- the log of what is not synced yet --- */

static void lock_log(short how) {
    struct flock lock = {.l_type = how, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    while (fcntl(log_fd, F_SETLKW, &lock) < 0 && errno == EINTR) {}
}

static off_t begin_note(void) {
    pthread_mutex_lock(&mutex);
    lock_log(F_WRLCK);
    return lseek(log_fd, 0, SEEK_END);
}

static void end_note(void) {
    lock_log(F_UNLCK);
    pthread_mutex_unlock(&mutex);
}

static void put(off_t *at, const void *bytes, size_t n) {
    if (n && raw_pwrite(log_fd, bytes, n, *at) == (ssize_t)n) *at += n;
}

static void note(off_t at, struct record *r, const char *path, const void *old, const void *fresh) {
    r->magic = 0x4a575348;
    r->path_length = path ? strlen(path) : 0;
    put(&at, r, sizeof *r);
    put(&at, path, r->path_length);
    put(&at, old, r->old_length);
    put(&at, fresh, r->new_length);
    control->noted++;
}

static int is_logging(void) { return control && control->logging && log_fd >= 0; }

static size_t read_old(int fd, void *old, size_t n, off_t at, const char *path) {
    ssize_t got = pread64(fd, old, n, at);
    if (got < 0) {
        int other = open(path, O_RDONLY | O_CLOEXEC);
        if (other >= 0) { got = pread64(other, old, n, at); close(other); }
    }
    return got < 0 ? 0 : (size_t)got;
}

typedef ssize_t (*do_write)(int, const void *, size_t, off_t);

static ssize_t plain_write(int fd, const void *b, size_t n, off_t at) {
    REAL(write);
    (void)at;
    return real_write(fd, b, n);
}

static ssize_t shim_write(int fd, const void *bytes, size_t n, off_t at, do_write real) {
    char path[PATH_MAX];
    struct stat is;
    if (!control || (!control->disk && !control->logging) || !is_meant(fd, path, &is) || !S_ISREG(is.st_mode))
        return real(fd, bytes, n, at);
    int logging = is_logging();
    off_t log_at = logging ? begin_note() : 0;
    if (logging) fstat(fd, &is);
    if (at < 0) at = (fcntl(fd, F_GETFL) & O_APPEND) ? is.st_size : lseek(fd, 0, SEEK_CUR);
    int error = refusal(path, &is, at + (off_t)n);
    ssize_t done = -1;
    if (error) {
        fails(error);
    } else if (!logging) {
        done = real(fd, bytes, n, at);
    } else {
        struct record r = {.kind = WRITE, .inode = is.st_ino, .offset = at, .size_before = is.st_size};
        size_t over = at < is.st_size ? (size_t)(is.st_size - at) : 0;
        over = over < n ? over : n;
        void *old = over ? malloc(over) : NULL;
        if (old) r.old_length = read_old(fd, old, over, at, path);
        done = real(fd, bytes, n, at);
        int kept = errno;
        if (done > 0) { r.new_length = done; note(log_at, &r, path, old, bytes); }
        free(old);
        errno = kept;
    }
    int kept = errno;
    if (logging) end_note();
    errno = kept;
    return done;
}

ssize_t write(int fd, const void *b, size_t n) { return shim_write(fd, b, n, -1, plain_write); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t at) { return shim_write(fd, b, n, at, raw_pwrite); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t at) { return shim_write(fd, b, n, at, raw_pwrite); }

static ssize_t gathered(int fd, const struct iovec *parts, int count, off_t at, do_write real) {
    size_t n = 0;
    for (int i = 0; i < count; i++) n += parts[i].iov_len;
    char *all = malloc(n ? n : 1), *p = all;
    if (!all) { errno = ENOMEM; return -1; }
    for (int i = 0; i < count; p += parts[i++].iov_len) memcpy(p, parts[i].iov_base, parts[i].iov_len);
    ssize_t done = shim_write(fd, all, n, at, real);
    int kept = errno;
    free(all);
    errno = kept;
    return done;
}

static int is_simple(int fd) {
    char path[PATH_MAX];
    struct stat is;
    return !control || (!control->disk && !control->logging) || !is_meant(fd, path, &is);
}

ssize_t writev(int fd, const struct iovec *p, int n) {
    REAL(writev);
    return is_simple(fd) ? real_writev(fd, p, n) : gathered(fd, p, n, -1, plain_write);
}
ssize_t pwritev(int fd, const struct iovec *p, int n, off_t at) {
    REAL(pwritev);
    return is_simple(fd) ? real_pwritev(fd, p, n, at) : gathered(fd, p, n, at, raw_pwrite);
}
ssize_t pwritev64(int fd, const struct iovec *p, int n, off64_t at) { return pwritev(fd, p, n, at); }

static int cut(int fd, off_t size) {
    REAL(ftruncate64);
    char path[PATH_MAX];
    struct stat is;
    if (!control || (!control->disk && !control->logging) || !is_meant(fd, path, &is))
        return real_ftruncate64(fd, size);
    if (disk_of(path) == 2) return fails(EROFS);
    if (!is_logging()) return real_ftruncate64(fd, size);
    off_t at = begin_note();
    fstat(fd, &is);
    struct record r = {.kind = CUT, .inode = is.st_ino, .offset = size, .size_before = is.st_size};
    size_t over = size < is.st_size ? (size_t)(is.st_size - size) : 0;
    void *old = over ? malloc(over) : NULL;
    if (old) r.old_length = read_old(fd, old, over, size, path);
    int result = real_ftruncate64(fd, size);
    if (result == 0) note(at, &r, path, old, NULL);
    free(old);
    end_note();
    return result;
}
int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

static int room(int fd, off_t at, off_t n) { /* as posix_fallocate: the error is returned */
    REAL(posix_fallocate64);
    char path[PATH_MAX];
    struct stat is;
    if (control && control->disk && is_meant(fd, path, &is)) {
        int error = refusal(path, &is, at + n);
        if (error) { fails(error); return error; }
    }
    if (is_logging() && is_meant(fd, path, &is) && at + n > is.st_size) {
        int result = cut(fd, at + n);
        return result ? errno : 0;
    }
    return real_posix_fallocate64(fd, at, n);
}
int posix_fallocate(int fd, off_t at, off_t n) { return room(fd, at, n); }
int posix_fallocate64(int fd, off64_t at, off64_t n) { return room(fd, at, n); }

static int shim_sync(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    struct stat is;
    if (!is_logging() || !is_meant(fd, path, &is)) return real(fd);
    if (disk_of(path) == 2) return fails(EROFS);
    off_t upto = begin_note();
    end_note();
    if (control->deaf) return 0;
    if (control->slow_us) usleep(control->slow_us);
    int result = real(fd);
    if (result == 0) {
        struct record r = {.kind = SYNC, .inode = is.st_ino, .upto = upto};
        note(begin_note(), &r, NULL, NULL, NULL);
        control->synced++;
        end_note();
    }
    return result;
}
int fsync(int fd) { REAL(fsync); return shim_sync(fd, real_fsync); }
int fdatasync(int fd) { REAL(fdatasync); return shim_sync(fd, real_fdatasync); }

/* --- names --- */

static int shim_open(const char *path, int flags, mode_t mode) {
    REAL(open64);
    int writes = flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
    char whole[PATH_MAX * 2];
    if (control && writes && (control->disk == 2 || control->logging) && resolve(path, whole)) {
        if (disk_of(whole) == 2) return fails(EROFS);
        struct stat was;
        int absent = (flags & O_CREAT) && lstat(path, &was) < 0;
        int fd = real_open64(path, flags, mode);
        if (fd >= 0 && absent && is_logging()) {
            char full[PATH_MAX], folder[PATH_MAX];
            struct stat is, parent;
            if (path_of(fd, full) && fstat(fd, &is) == 0) {
                strcpy(folder, full);
                *strrchr(folder, '/') = 0;
                parent.st_ino = 0;
                stat(folder, &parent);
                struct record r = {.kind = MADE, .inode = is.st_ino, .parent = parent.st_ino};
                note(begin_note(), &r, full, NULL, NULL);
                end_note();
            }
        }
        return fd;
    }
    return real_open64(path, flags, mode);
}

#define MODE mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { va_list a; va_start(a, flags); mode = va_arg(a, mode_t); va_end(a); }

int open(const char *path, int flags, ...) { MODE return shim_open(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return shim_open(path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) {
    MODE
    REAL(openat64);
    if (folder == AT_FDCWD || (path[0] == '/')) return shim_open(path, flags, mode);
    return real_openat64(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    MODE
    return openat(folder, path, flags, mode);
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    if (is_read_only(path)) return fails(EROFS);
    return real_mkdir(path, mode);
}
int unlink(const char *path) {
    REAL(unlink);
    if (is_read_only(path)) return fails(EROFS);
    return real_unlink(path);
}
int rename(const char *from, const char *to) {
    REAL(rename);
    if (is_read_only(to)) return fails(EROFS);
    return real_rename(from, to);
}
