/* source.c - zlib's gzread takes both kinds of file. A file that was cut off inside its compressed data is an error
 * and not a short file: what comes before the cut would look like a whole trace. */
#include "traces/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { WINDOW_BYTES = 1 << 18, ZLIB_BYTES = 1 << 17 };

struct source {
    gzFile file;
    char *path;
    uint8_t *window;
    size_t from, to, capacity; /* what is used of the window */
    uint64_t offset;
    bool ended, failed;
    char why[160];
};

struct source *source_open(const char *path, char *error, size_t error_size)
{
    struct source *source = calloc(1, sizeof *source);
    errno = 0;
    gzFile file = source ? gzopen(path, "rbe") : NULL;
    if (!file && errno && errno != ENOMEM) {
        snprintf(error, error_size, "trace '%s': cannot be read: %s", path, strerror(errno));
        free(source);
        return NULL;
    }
    if (source) {
        source->file = file;
        source->path = strdup(path);
        source->window = malloc(WINDOW_BYTES);
        source->capacity = WINDOW_BYTES;
    }
    if (!file || !source->path || !source->window || gzbuffer(file, ZLIB_BYTES) != 0) {
        snprintf(error, error_size, "trace '%s': out of memory", path);
        source_close(source);
        return NULL;
    }
    return source;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    if (source->file)
        gzclose_r(source->file);
    free(source->window);
    free(source->path);
    free(source);
}

static void fail(struct source *source, const char *why)
{
    source->failed = source->ended = true;
    snprintf(source->why, sizeof source->why, "%s", why);
}

static void read_more(struct source *source)
{
    errno = 0;
    int got = gzread(source->file, source->window + source->to, (unsigned)(source->capacity - source->to));
    if (got > 0) {
        source->to += (size_t)got;
        return;
    }
    int code;
    const char *message = gzerror(source->file, &code);
    source->ended = true;
    if (code == Z_ERRNO)
        fail(source, errno ? strerror(errno) : "it cannot be read");
    else if (code == Z_BUF_ERROR)
        fail(source, "its compressed data is cut off");
    else if (got < 0 || code != Z_OK)
        fail(source, code == Z_MEM_ERROR   ? "out of memory"
                     : message && *message ? "its compressed data is damaged"
                                           : "");
}

static bool make_room(struct source *source, size_t size)
{
    if (source->from) {
        memmove(source->window, source->window + source->from, source->to - source->from);
        source->to -= source->from;
        source->from = 0;
    }
    if (size <= source->capacity)
        return true;
    uint8_t *larger = realloc(source->window, size);
    if (!larger)
        return false;
    source->window = larger;
    source->capacity = size;
    return true;
}

const uint8_t *source_need(struct source *source, size_t size, size_t *got)
{
    if (source->to - source->from < size && !source->ended) {
        if (!make_room(source, size))
            fail(source, "out of memory");
        while (source->to < size && !source->ended)
            read_more(source);
    }
    *got = source->to - source->from;
    return source->window + source->from;
}

void source_skip(struct source *source, size_t size)
{
    source->from += size;
    source->offset += size;
}

bool source_failed(const struct source *source, char *error, size_t error_size)
{
    if (source->failed)
        snprintf(error, error_size, "trace '%s': %s", source->path, source->why);
    return source->failed;
}

uint64_t source_offset(const struct source *source)
{
    return source->offset;
}
