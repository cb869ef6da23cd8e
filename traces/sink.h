/* sink.h - where a trace's bytes go: a file that is complete or absent.
 *
 * Bytes pass through a few fixed buffers and a thread into a temporary file beside the target, compressed when the
 * target ends in .gz. sink_commit gives the file its name; until then an older file of that name stays as it was.
 * Errors stick until then. The file belongs to the process that began it: what a fork's child writes is dropped.
 */
#ifndef DAV_TRACES_SINK_H
#define DAV_TRACES_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sink;

/** sink_open - begin a file that will be @path. NULL, and one line in @error, when that cannot work. */
struct sink *sink_open(const char *path, char *error, size_t error_size);

/**
 * sink_reserve - room for @size bytes to be written in place, then claimed with sink_advance.
 *
 * Returns NULL when @size exceeds the buffer: such bytes go through sink_write piece by piece.
 */
uint8_t *sink_reserve(struct sink *sink, size_t size);

/** sink_advance - claim the first @size bytes of what sink_reserve gave. */
void sink_advance(struct sink *sink, size_t size);

/** sink_write - append @size bytes, any number. */
void sink_write(struct sink *sink, const void *data, size_t size);

/** sink_fail - the caller could not make what was to be written; @number: the errno that says why. */
void sink_fail(struct sink *sink, int number);

/** sink_failed - whether a write has failed. */
bool sink_failed(const struct sink *sink);

/** sink_commit - complete the file and name it. 0, or -1 with one line in @error and nothing left behind. Frees @sink.
 */
int sink_commit(struct sink *sink, char *error, size_t error_size);

/** sink_discard - remove what was written. Frees @sink. */
void sink_discard(struct sink *sink);

#endif
