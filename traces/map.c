/* map.c - open addressing with linear probing, at most half full, entries never removed. */
#include "traces/map.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 16 };

/* Ids are often counted up: the multiplication spreads them, the shift takes its upper bits. */
static struct map_slot *find(const struct map *map, uint64_t key)
{
    size_t place = (size_t)((key * 0x9e3779b97f4a7c15ull) >> 20) & (map->capacity - 1);
    while (map->slots[place].value != MAP_NONE && map->slots[place].key != key)
        place = (place + 1) & (map->capacity - 1);
    return &map->slots[place];
}

static bool grow(struct map *map)
{
    struct map larger = {.capacity = map->capacity ? 2 * map->capacity : FIRST_CAPACITY};
    larger.slots = malloc(larger.capacity * sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < larger.capacity; i++)
        larger.slots[i].value = MAP_NONE;
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].value != MAP_NONE)
            *find(&larger, map->slots[i].key) = map->slots[i];
    larger.count = map->count;
    free(map->slots);
    *map = larger;
    return true;
}

uint32_t map_get(const struct map *map, uint64_t key)
{
    return map->capacity ? find(map, key)->value : MAP_NONE;
}

bool map_set(struct map *map, uint64_t key, uint32_t value)
{
    if (2 * (map->count + 1) > map->capacity && !grow(map))
        return false;
    struct map_slot *slot = find(map, key);
    map->count += slot->value == MAP_NONE;
    *slot = (struct map_slot){key, value};
    return true;
}

void map_clear(struct map *map)
{
    free(map->slots);
    *map = (struct map){0};
}
