/* array.h - arrays that grow: room for one more item, doubled when it is used up. */
#ifndef DAV_TRACES_ARRAY_H
#define DAV_TRACES_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Room for @more items of @size bytes behind @count; false when out of memory: then nothing has changed. */
static inline bool array_room(void **items, size_t *capacity, size_t count, size_t more, size_t size)
{
    if (more <= *capacity - count)
        return true;
    size_t wanted = *capacity ? 2 * *capacity : 16;
    if (wanted < count + more)
        wanted = count + more;
    if (wanted > SIZE_MAX / size)
        return false;
    void *grown = realloc(*items, wanted * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = wanted;
    return true;
}

#define ARRAY_ROOM(items, capacity, count, more)                                                                       \
    array_room((void **)&(items), &(capacity), (count), (more), sizeof(*(items)))

#endif
