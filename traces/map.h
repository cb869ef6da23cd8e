/* map.h - from 64-bit numbers to indices: ids of tracks, sequences and strings in a trace that is read. */
#ifndef DAV_TRACES_MAP_H
#define DAV_TRACES_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX /* no value */

struct map_slot {
    uint64_t key;
    uint32_t value; /* MAP_NONE: free */
};

/* Starts zero-filled. */
struct map {
    struct map_slot *slots;
    size_t count, capacity; /* a power of two, or 0 */
};

/** map_get - the value of @key, MAP_NONE if it has none. */
uint32_t map_get(const struct map *map, uint64_t key);

/** map_set - @key has @value (not MAP_NONE) from now on. False when out of memory. */
bool map_set(struct map *map, uint64_t key, uint32_t value);

/** map_clear - free the map's memory; it is empty afterwards. */
void map_clear(struct map *map);

#endif
