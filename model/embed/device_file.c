/* device_file.c - files, as device code sees them: a descriptor's bytes are loaded and stored by the core, and standard
 * output and error are the device's log. A call takes the time of a library call, however much it moves; and its turn
 * among the threads, since files are shared.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "isa/core_port.h"
#include "model/embed/device_fs.h"
#include "model/embed/device_log.h"
#include "model/embed/device_process.h"

static bool is_log(int fd)
{
    return fd == STDOUT_FILENO || fd == STDERR_FILENO;
}

/* ---- open and close ---- */

static int open_path(const char *name, const char *path, int flags)
{
    char copy[FS_PATH_MAX];
    struct core *core;
    int fd;

    if (!process_text(copy, sizeof(copy), path))
        return -1;
    core = process_enter(name);
    fd = fs_open(copy, flags);
    process_leave(core);
    return fd;
}

/* Permissions mean nothing: the AICPU's process is the only one. */
DEVICE_CALL int __wrap_open(const char *path, int flags, ...)
{
    return open_path("open", path, flags);
}

DEVICE_CALL int __wrap_open64(const char *path, int flags, ...)
{
    return open_path("open64", path, flags);
}

DEVICE_CALL int __wrap_openat(int directory, const char *path, int flags, ...)
{
    if (directory == AT_FDCWD)
        return open_path("openat", path, flags);
    libc_call();
    errno = EBADF;
    return -1;
}

DEVICE_CALL int __wrap_creat(const char *path, mode_t mode)
{
    (void)mode;
    return open_path("creat", path, O_WRONLY | O_CREAT | O_TRUNC);
}

DEVICE_CALL int __wrap_memfd_create(const char *name, unsigned flags)
{
    char copy[FS_PATH_MAX];
    struct core *core;
    int fd;

    (void)flags;
    if (!process_text(copy, sizeof(copy), name))
        return -1;
    core = process_enter("memfd_create");
    fd = fs_memory(copy);
    process_leave(core);
    return fd;
}

static bool shm_path(char path[FS_PATH_MAX + 16], const char *name)
{
    char copy[FS_PATH_MAX];

    if (!process_text(copy, sizeof(copy), name))
        return false;
    snprintf(path, FS_PATH_MAX + 16, "/dev/shm/%s", copy);
    return true;
}

DEVICE_CALL int __wrap_shm_open(const char *name, int flags, mode_t mode)
{
    char path[FS_PATH_MAX + 16];

    (void)mode;
    return shm_path(path, name) ? open_path("shm_open", path, flags) : -1;
}

DEVICE_CALL int __wrap_dup(int fd)
{
    struct core *core = process_enter("dup");
    int copy = fs_duplicate(fd);

    process_leave(core);
    return copy;
}

DEVICE_CALL int __wrap_close(int fd)
{
    struct core *core = process_enter("close");
    int status = is_log(fd) || fd == STDIN_FILENO ? 0 : fs_close(fd);

    process_leave(core);
    return status;
}

/* A name made of @template, whose last six characters before @suffix are replaced: the first that is free. */
static int make_unique(const char *name, char *template, int suffix, int (*make)(const char *path))
{
    char copy[FS_PATH_MAX];
    size_t length, place;
    struct core *core;
    int made = -1;

    if (!process_text(copy, sizeof(copy), template))
        return -1;
    length = strlen(copy);
    place = length - (size_t)suffix - 6;
    if (suffix < 0 || length < (size_t)suffix + 6 || memcmp(copy + place, "XXXXXX", 6) != 0) {
        errno = EINVAL;
        return -1;
    }
    core = process_enter(name);
    for (unsigned serial = 0; made < 0 && serial < 1000000; serial++) {
        char digits[8];

        snprintf(digits, sizeof(digits), "%06u", serial);
        memcpy(copy + place, digits, 6);
        made = make(copy);
        if (made < 0 && errno != EEXIST)
            break;
    }
    process_leave(core);
    if (made >= 0)
        port_store_block(template + place, copy + place, 0, 6);
    return made;
}

static int open_new(const char *path)
{
    return fs_open(path, O_RDWR | O_CREAT | O_EXCL);
}

DEVICE_CALL int __wrap_mkstemp(char *template)
{
    return make_unique("mkstemp", template, 0, open_new);
}

DEVICE_CALL int __wrap_mkstemps(char *template, int suffix)
{
    return make_unique("mkstemps", template, suffix, open_new);
}

DEVICE_CALL int __wrap_mkostemp(char *template, int flags)
{
    (void)flags;
    return make_unique("mkostemp", template, 0, open_new);
}

DEVICE_CALL char *__wrap_mkdtemp(char *template)
{
    return make_unique("mkdtemp", template, 0, fs_mkdir) < 0 ? NULL : template;
}

/* ---- bytes ---- */

/* Writes what the core sees at @from; at @offset, or where the descriptor stands (-1). */
static ssize_t put(const char *name, int fd, const void *from, size_t size, off_t offset)
{
    void *bytes = port_scratch(size);
    ssize_t done = -1;
    struct core *core;

    if (size)
        port_load_range(from, size);
    memcpy(bytes, from, size);
    core = process_enter(name);
    if (fs_owns(fd))
        done = offset < 0 ? write(fd, bytes, size) : pwrite(fd, bytes, size, offset);
    else if (!is_log(fd))
        errno = EBADF;
    process_leave(core);
    if (is_log(fd)) {
        device_log_text(dav_running, fd == STDERR_FILENO ? DAV_LOG_ERROR : DAV_LOG_INFO, bytes, size);
        done = (ssize_t)size;
    }
    port_scratch_free(bytes);
    return done;
}

static ssize_t get(const char *name, int fd, void *to, size_t size, off_t offset)
{
    void *bytes = port_scratch(size);
    struct core *core = process_enter(name);
    ssize_t done = -1;

    if (fd == STDIN_FILENO)
        done = 0;
    else if (fs_owns(fd))
        done = offset < 0 ? read(fd, bytes, size) : pread(fd, bytes, size, offset);
    else
        errno = EBADF;
    process_leave(core);
    if (done > 0)
        port_store_block(to, bytes, 0, (size_t)done);
    port_scratch_free(bytes);
    return done;
}

DEVICE_CALL ssize_t __wrap_write(int fd, const void *from, size_t size)
{
    return put("write", fd, from, size, -1);
}

DEVICE_CALL ssize_t __wrap_pwrite(int fd, const void *from, size_t size, off_t offset)
{
    return put("pwrite", fd, from, size, offset);
}

DEVICE_CALL ssize_t __wrap_writev(int fd, const struct iovec *parts, int count)
{
    ssize_t done = 0;

    for (int i = 0; i < count; i++) {
        ssize_t part = put("writev", fd, parts[i].iov_base, parts[i].iov_len, -1);

        if (part < 0)
            return done ? done : -1;
        done += part;
    }
    return done;
}

DEVICE_CALL ssize_t __wrap_read(int fd, void *to, size_t size)
{
    return get("read", fd, to, size, -1);
}

DEVICE_CALL ssize_t __wrap_pread(int fd, void *to, size_t size, off_t offset)
{
    return get("pread", fd, to, size, offset);
}

/* ---- streams ---- */

static int mode_flags(const char *mode)
{
    bool both = strchr(mode, '+') != NULL;
    int flags = both ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;

    if (*mode == 'w')
        flags |= O_CREAT | O_TRUNC;
    if (*mode == 'a')
        flags |= O_CREAT | O_APPEND;
    if (strchr(mode, 'x'))
        flags |= O_EXCL;
    return strchr("rwa", *mode) && *mode ? flags : -1;
}

DEVICE_CALL FILE *__wrap_fopen(const char *path, const char *mode)
{
    char copy[16];
    int flags = process_text(copy, sizeof(copy), mode) ? mode_flags(copy) : -1, fd;
    FILE *stream;

    if (flags < 0) {
        errno = EINVAL;
        return NULL;
    }
    fd = open_path("fopen", path, flags);
    stream = fd < 0 ? NULL : fdopen(fd, copy);
    if (fd >= 0 && !stream)
        fs_close(fd);
    return stream;
}

DEVICE_CALL FILE *__wrap_fopen64(const char *path, const char *mode)
{
    return __wrap_fopen(path, mode);
}

DEVICE_CALL int __wrap_fclose(FILE *stream)
{
    struct core *core = process_enter("fclose");
    int fd = fileno(stream), status;

    if (stream == stdout || stream == stderr || stream == stdin) {
        process_leave(core);
        return 0;
    }
    fs_disown(fd);
    status = fclose(stream);
    process_leave(core);
    return status;
}

DEVICE_CALL size_t __wrap_fread(void *to, size_t size, size_t count, FILE *stream)
{
    size_t bytes, done;
    struct core *core;
    void *scratch;

    if (__builtin_mul_overflow(size, count, &bytes) || !bytes)
        return 0;
    scratch = port_scratch(bytes);
    core = process_enter("fread");
    done = fread(scratch, 1, bytes, stream);
    process_leave(core);
    if (done)
        port_store_block(to, scratch, 0, done);
    port_scratch_free(scratch);
    return done / size;
}

DEVICE_CALL char *__wrap_fgets(char *to, int size, FILE *stream)
{
    char *line = port_scratch(size > 0 ? (size_t)size : 1);
    struct core *core = process_enter("fgets");
    bool got = fgets(line, size, stream) != NULL;

    process_leave(core);
    if (got)
        port_store_block(to, line, 0, strlen(line) + 1);
    port_scratch_free(line);
    return got ? to : NULL;
}
