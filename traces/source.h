/* source.h - the bytes of a trace that is read: a file, gzipped or plain, a window of it at a time. */
#ifndef DAV_TRACES_SOURCE_H
#define DAV_TRACES_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

/** source_open - NULL, and one line in @error, when @path cannot be read. */
struct source *source_open(const char *path, char *error, size_t error_size);

/** source_close - @source may be NULL. */
void source_close(struct source *source);

/**
 * source_need - have @size bytes in the window, fewer only at the end of the file.
 * @got: receives how many the window holds now
 *
 * Returns the window, valid until the next call. When the file is damaged, or memory is out, the window ends here.
 */
const uint8_t *source_need(struct source *source, size_t size, size_t *got);

/** source_skip - the window's first @size bytes are done with. */
void source_skip(struct source *source, size_t size);

/** source_failed - whether the file could not be read to its end; then @error receives one line. */
bool source_failed(const struct source *source, char *error, size_t error_size);

/** source_offset - how many bytes, unpacked, lie before the window. */
uint64_t source_offset(const struct source *source);

#endif
