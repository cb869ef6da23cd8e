/* strings.h - the strings of a trace that is read: each is kept once and has an index. Unlike the writer's table
 * (intern.h) this one takes all there are. */
#ifndef DAV_TRACES_STRINGS_H
#define DAV_TRACES_STRINGS_H

#include <stddef.h>
#include <stdint.h>

#define STRINGS_NONE UINT32_MAX

struct strings_block;

/* Starts zero-filled. */
struct strings {
    const char **texts;
    uint32_t *hashes;
    size_t count, capacity;
    uint32_t *slots; /* of a hash table: indices */
    size_t slot_count;
    struct strings_block *blocks; /* where the bytes are */
};

/** strings_add - the index of the @length bytes at @text, which end at the first zero byte among them. STRINGS_NONE
 *  when out of memory. */
uint32_t strings_add(struct strings *strings, const char *text, size_t length);

/** strings_find - the index of @text, STRINGS_NONE if it is not there. */
uint32_t strings_find(const struct strings *strings, const char *text);

/** strings_clear - free the table's memory; it is empty afterwards. */
void strings_clear(struct strings *strings);

#endif
