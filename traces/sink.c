/* sink.c - a file that is complete or absent: buffers, zlib, temporary name, rename.
 *
 * Compression costs more than all else about a trace, so a thread of its own does it: it takes full buffers in turn,
 * while the caller fills the next one and waits only if all are full. What is in the file does not depend on that.
 * There is no lock: a program may exit from a signal's handler in the middle of any call here, and the file is then
 * completed by that handler. A fork's child has no such thread, and nothing of it reaches the file.
 *
 * zlib's gzip stream serves both kinds of file: opened with mode 'T' it passes bytes through unchanged. It writes no
 * time and no name into the gzip header, so equal traces are equal files.
 */
#include "traces/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* FULL_ENOUGH: what is written at a time mostly fits behind it. */
enum {
    BUFFER_SIZE = 1 << 18,
    FULL_ENOUGH = BUFFER_SIZE - (1 << 13),
    BUFFERS = 4,
    ZLIB_BUFFER = 1 << 16,
    TEMPORARY_NAMES = 100
};

struct buffer {
    size_t used;
    uint8_t bytes[BUFFER_SIZE];
};

struct sink {
    char *path;      /* the name to be, links resolved */
    char *temporary; /* the name until then */
    gzFile file;
    atomic_int failure; /* errno of the first failed write, 0 while all is well */
    pid_t owner;        /* the process that has the thread */
    pthread_t writer;
    sem_t more;         /* for the thread: there is something new */
    sem_t empty;        /* buffers that nobody uses */
    atomic_uint handed; /* buffers; [handed % BUFFERS] is the caller's */
    atomic_bool last;   /* there will be no more */
    struct buffer buffers[BUFFERS];
};

static bool is_gzip_name(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".gz") == 0;
}

/* Renaming over a device or a folder would destroy or fail; over a link it would replace the link. NULL: errno, or 0
 * with a line in @error. */
static char *resolve_target(const char *path, char *error, size_t error_size)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return strdup(path);
    if (S_ISREG(status.st_mode))
        return realpath(path, NULL);
    snprintf(error, error_size, "trace '%s': exists and is not a regular file; choose another name", path);
    errno = 0;
    return NULL;
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

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        ; /* a signal came in between */
}

static void *write_buffers(void *argument)
{
    struct sink *sink = argument;
    unsigned written = 0;
    for (bool last = false; !last;) {
        wait_for(&sink->more);
        last = sink->last; /* if so, all has been handed over */
        for (; written != sink->handed; written++) {
            const struct buffer *buffer = &sink->buffers[written % BUFFERS];
            write_through(sink, buffer->bytes, buffer->used);
            sem_post(&sink->empty);
        }
    }
    return NULL;
}

/* Signals are the business of the program that is traced. Return 0 or an errno. */
static int start_writer(struct sink *sink)
{
    sigset_t all, old;
    sem_init(&sink->more, 0, 0);
    sem_init(&sink->empty, 0, BUFFERS - 1);
    sink->owner = getpid();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int number = pthread_create(&sink->writer, NULL, write_buffers, sink);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return number;
}

static bool is_of_another_process(const struct sink *sink)
{
    return sink->owner != getpid();
}

static struct buffer *own_buffer(struct sink *sink)
{
    return &sink->buffers[sink->handed % BUFFERS];
}

/* The caller's buffer goes to the thread; the next one is the caller's. */
static void hand_over(struct sink *sink)
{
    if (is_of_another_process(sink)) {
        sink_fail(sink, ECANCELED);
        own_buffer(sink)->used = 0;
        return;
    }
    wait_for(&sink->empty);
    sink->buffers[(sink->handed + 1) % BUFFERS].used = 0;
    sink->handed++;
    sem_post(&sink->more);
}

static void stop_writer(struct sink *sink)
{
    sink->handed++;
    sink->last = true;
    sem_post(&sink->more);
    pthread_join(sink->writer, NULL);
}

/* ---- what the caller sees ---- */

/* Makes @fd what is written to, and starts the thread. */
static bool start(struct sink *sink, int fd, const char *mode, char *error, size_t error_size)
{
    sink->file = gzdopen(fd, mode);
    if (!sink->file || gzbuffer(sink->file, ZLIB_BUFFER) != 0) {
        snprintf(error, error_size, "trace '%s': out of memory", sink->path);
    } else {
        int number = start_writer(sink);
        if (number == 0)
            return true;
        snprintf(error, error_size, "trace '%s': no thread can be started that writes it: %s", sink->path,
                 strerror(number));
    }
    if (sink->file)
        gzclose_w(sink->file);
    else
        close(fd);
    return false;
}

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
        if (errno)
            snprintf(error, error_size, "trace '%s': %s", path, strerror(errno));
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
    if (!start(sink, fd, is_gzip_name(path) ? "wb1" : "wbT", error, error_size)) {
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

static void write_pieces(struct sink *sink, const uint8_t *from, size_t size)
{
    while (size) {
        size_t piece = size < BUFFER_SIZE ? size : BUFFER_SIZE;
        memcpy(sink_reserve(sink, piece), from, piece);
        sink_advance(sink, piece);
        from += piece;
        size -= piece;
    }
}

/* Waits, if it has to, when the bytes are in: then an exit meanwhile finds what the caller has told. */
void sink_write(struct sink *sink, const void *data, size_t size)
{
    struct buffer *buffer = own_buffer(sink);
    if (size > BUFFER_SIZE - buffer->used) {
        write_pieces(sink, data, size);
        return;
    }
    memcpy(buffer->bytes + buffer->used, data, size);
    buffer->used += size;
    if (buffer->used > FULL_ENOUGH)
        hand_over(sink);
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
    if (is_of_another_process(sink)) {
        snprintf(error, error_size, "trace '%s': is written by the process that began it", sink->path);
        sink_free(sink);
        return -1;
    }
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
    if (!is_of_another_process(sink)) {
        sink_fail(sink, ECANCELED); /* what waits for the thread need not be written */
        stop_writer(sink);
        gzclose_w(sink->file);
        unlink(sink->temporary);
    }
    sink_free(sink);
}
