/* sink.c - a file that is complete or absent: buffers, zlib, temporary name, rename.
 *
 * Compression costs more than all else about a trace, so a thread of its own does it: it takes full buffers in turn,
 * while the caller fills the next one and waits only if all are full. What is in the file does not depend on that.
 *
 * zlib's gzip stream serves both kinds of file: opened with mode 'T' it passes bytes through unchanged. It writes no
 * time and no name into the gzip header, so equal traces are equal files.
 */
#include "traces/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { BUFFER_SIZE = 1 << 18, BUFFERS = 4, ZLIB_BUFFER = 1 << 16, TEMPORARY_NAMES = 100 };

struct buffer {
    size_t used;
    uint8_t bytes[BUFFER_SIZE];
};

struct sink {
    char *path;      /* the name to be, links resolved */
    char *temporary; /* the name until then */
    gzFile file;
    atomic_int failure; /* errno of the first failed write, 0 while all is well */
    pthread_t writer;
    pthread_mutex_t lock; /* of these: */
    pthread_cond_t changed;
    unsigned handed, written; /* buffers; [handed % BUFFERS] is the caller's */
    bool last;                /* there will be no more */
    struct buffer buffers[BUFFERS];
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

/* ---- the thread ---- */

static void write_through(struct sink *sink, const void *data, size_t size)
{
    if (sink->failure || size == 0)
        return;
    errno = 0;
    if (gzfwrite(data, 1, size, sink->file) != size)
        sink_fail(sink, errno ? errno : EIO);
}

static void *write_buffers(void *argument)
{
    struct sink *sink = argument;

    pthread_mutex_lock(&sink->lock);
    for (;;) {
        while (sink->written == sink->handed && !sink->last)
            pthread_cond_wait(&sink->changed, &sink->lock);
        if (sink->written == sink->handed)
            break;
        const struct buffer *buffer = &sink->buffers[sink->written % BUFFERS];
        pthread_mutex_unlock(&sink->lock);
        write_through(sink, buffer->bytes, buffer->used);
        pthread_mutex_lock(&sink->lock);
        sink->written++;
        pthread_cond_signal(&sink->changed);
    }
    pthread_mutex_unlock(&sink->lock);
    return NULL;
}

/* Signals are the business of the program that is traced. */
static int start_writer(struct sink *sink)
{
    sigset_t all, old;

    pthread_mutex_init(&sink->lock, NULL);
    pthread_cond_init(&sink->changed, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int number = pthread_create(&sink->writer, NULL, write_buffers, sink);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return number;
}

static struct buffer *own_buffer(struct sink *sink)
{
    return &sink->buffers[sink->handed % BUFFERS];
}

/* The caller's buffer goes to the thread; the next one is the caller's. */
static void hand_over(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    sink->handed++;
    pthread_cond_signal(&sink->changed);
    while (sink->handed - sink->written == BUFFERS)
        pthread_cond_wait(&sink->changed, &sink->lock);
    pthread_mutex_unlock(&sink->lock);
    own_buffer(sink)->used = 0;
}

static void stop_writer(struct sink *sink)
{
    pthread_mutex_lock(&sink->lock);
    sink->handed += own_buffer(sink)->used != 0;
    sink->last = true;
    pthread_cond_signal(&sink->changed);
    pthread_mutex_unlock(&sink->lock);
    pthread_join(sink->writer, NULL);
    pthread_mutex_destroy(&sink->lock);
    pthread_cond_destroy(&sink->changed);
}

/* ---- what the caller sees ---- */

struct sink *sink_open(const char *path, char *error, size_t error_size)
{
    struct sink *sink = malloc(sizeof *sink);
    if (!sink) {
        snprintf(error, error_size, "trace '%s': out of memory", path);
        return NULL;
    }
    memset(sink, 0, offsetof(struct sink, buffers));
    sink->buffers[0].used = 0;
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
    bool works = sink->file && gzbuffer(sink->file, ZLIB_BUFFER) == 0;
    int number = works ? start_writer(sink) : ENOMEM;
    if (number != 0) {
        snprintf(error, error_size, "trace '%s': cannot be written: %s", path, strerror(number));
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

uint8_t *sink_reserve(struct sink *sink, size_t size)
{
    if (size > BUFFER_SIZE)
        return NULL;
    if (size > BUFFER_SIZE - own_buffer(sink)->used)
        hand_over(sink);
    struct buffer *buffer = own_buffer(sink);
    return buffer->bytes + buffer->used;
}

void sink_advance(struct sink *sink, size_t size)
{
    own_buffer(sink)->used += size;
}

void sink_write(struct sink *sink, const void *data, size_t size)
{
    const uint8_t *from = data;
    while (size) {
        size_t piece = size < BUFFER_SIZE ? size : BUFFER_SIZE;
        memcpy(sink_reserve(sink, piece), from, piece);
        sink_advance(sink, piece);
        from += piece;
        size -= piece;
    }
}

void sink_fail(struct sink *sink, int number)
{
    int none = 0;
    atomic_compare_exchange_strong(&sink->failure, &none, number);
}

bool sink_failed(const struct sink *sink)
{
    return sink->failure != 0;
}

int sink_commit(struct sink *sink, char *error, size_t error_size)
{
    stop_writer(sink);
    errno = 0;
    if (gzclose_w(sink->file) != Z_OK)
        sink_fail(sink, errno ? errno : EIO);
    if (!sink->failure && rename(sink->temporary, sink->path) != 0)
        sink_fail(sink, errno);
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
    sink_fail(sink, ECANCELED); /* what waits for the thread need not be written */
    stop_writer(sink);
    gzclose_w(sink->file);
    unlink(sink->temporary);
    sink_free(sink);
}
