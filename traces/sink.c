/* sink.c - a file that is complete or absent: buffer, zlib, temporary name, rename.
 *
 * zlib's gzip stream serves both kinds of file: opened with mode 'T' it passes bytes through unchanged. It writes no
 * time and no name into the gzip header, so equal traces are equal files.
 */
#include "traces/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { BUFFER_SIZE = 1 << 16, TEMPORARY_NAMES = 100 };

struct sink {
    char *path;      /* the name to be, links resolved */
    char *temporary; /* the name until then */
    gzFile file;
    int failure; /* errno of the first failed write, 0 while all is well */
    size_t used;
    uint8_t buffer[BUFFER_SIZE];
};

static bool is_gzip_name(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".gz") == 0;
}

/* Renaming over a device or a folder would destroy or fail; over a link it would replace the link. */
static char *resolve_target(const char *path, char *error, size_t error_size)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return strdup(path);
    if (!S_ISREG(status.st_mode)) {
        snprintf(error, error_size, "trace '%s': exists and is not a regular file; choose another name", path);
        return NULL;
    }
    return realpath(path, NULL);
}

/* Creates `PATH.tmp-PID-N` with the first free N: never over a file of somebody else's. */
static int create_temporary(struct sink *sink)
{
    size_t size = strlen(sink->path) + 48;
    sink->temporary = malloc(size);
    if (!sink->temporary)
        return -1;
    int fd = -1;
    for (int n = 0; n < TEMPORARY_NAMES && fd < 0; n++) {
        snprintf(sink->temporary, size, "%s.tmp-%ld-%d", sink->path, (long)getpid(), n);
        fd = open(sink->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

static void sink_free(struct sink *sink)
{
    free(sink->temporary);
    free(sink->path);
    free(sink);
}

struct sink *sink_open(const char *path, char *error, size_t error_size)
{
    struct sink *sink = malloc(sizeof *sink);
    if (!sink) {
        snprintf(error, error_size, "trace '%s': out of memory", path);
        return NULL;
    }
    memset(sink, 0, offsetof(struct sink, buffer));
    sink->path = resolve_target(path, error, error_size);
    if (!sink->path) {
        sink_free(sink);
        return NULL;
    }
    int fd = create_temporary(sink);
    if (fd < 0) {
        snprintf(error, error_size, "trace '%s': cannot create a file there: %s; choose a folder that can be written",
                 path, strerror(errno));
        sink_free(sink);
        return NULL;
    }
    sink->file = gzdopen(fd, is_gzip_name(path) ? "wb1" : "wbT");
    if (!sink->file || gzbuffer(sink->file, BUFFER_SIZE) != 0) {
        snprintf(error, error_size, "trace '%s': out of memory", path);
        if (sink->file)
            gzclose_w(sink->file);
        else
            close(fd);
        unlink(sink->temporary);
        sink_free(sink);
        return NULL;
    }
    return sink;
}

static void write_through(struct sink *sink, const void *data, size_t size)
{
    if (sink->failure || size == 0)
        return;
    errno = 0;
    if (gzfwrite(data, 1, size, sink->file) != size)
        sink->failure = errno ? errno : EIO;
}

static void flush(struct sink *sink)
{
    write_through(sink, sink->buffer, sink->used);
    sink->used = 0;
}

uint8_t *sink_reserve(struct sink *sink, size_t size)
{
    if (size > BUFFER_SIZE)
        return NULL;
    if (size > BUFFER_SIZE - sink->used)
        flush(sink);
    return sink->buffer + sink->used;
}

void sink_advance(struct sink *sink, size_t size)
{
    sink->used += size;
}

void sink_write(struct sink *sink, const void *data, size_t size)
{
    uint8_t *room = sink_reserve(sink, size);
    if (room) {
        memcpy(room, data, size);
        sink_advance(sink, size);
    } else {
        flush(sink);
        write_through(sink, data, size);
    }
}

void sink_fail(struct sink *sink, int number)
{
    if (!sink->failure)
        sink->failure = number;
}

bool sink_failed(const struct sink *sink)
{
    return sink->failure != 0;
}

int sink_commit(struct sink *sink, char *error, size_t error_size)
{
    flush(sink);
    errno = 0;
    if (gzclose_w(sink->file) != Z_OK && !sink->failure)
        sink->failure = errno ? errno : EIO;
    if (!sink->failure && rename(sink->temporary, sink->path) != 0)
        sink->failure = errno;
    int result = 0;
    if (sink->failure) {
        snprintf(error, error_size, "trace '%s': not written: %s; free space there or choose another place", sink->path,
                 strerror(sink->failure));
        unlink(sink->temporary);
        result = -1;
    }
    sink_free(sink);
    return result;
}

void sink_discard(struct sink *sink)
{
    gzclose_w(sink->file);
    unlink(sink->temporary);
    sink_free(sink);
}
