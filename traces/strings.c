/* strings.c - bytes in blocks that never move, found again through a hash table of indices. */
#include "traces/strings.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "traces/array.h"

enum { FIRST_SLOTS = 1024, BLOCK_BYTES = 1 << 16 };

struct strings_block {
    struct strings_block *next;
    size_t used, size;
    char bytes[];
};

static uint32_t hash_bytes(const char *text, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static uint32_t *find(const struct strings *strings, const char *text, size_t length, uint32_t hash)
{
    size_t place = hash & (strings->slot_count - 1);
    for (;; place = (place + 1) & (strings->slot_count - 1)) {
        uint32_t index = strings->slots[place];
        if (index == STRINGS_NONE ||
            (strings->hashes[index] == hash && strncmp(strings->texts[index], text, length) == 0 &&
             strings->texts[index][length] == '\0'))
            return &strings->slots[place];
    }
}

static bool grow_slots(struct strings *strings)
{
    size_t count = strings->slot_count ? 2 * strings->slot_count : FIRST_SLOTS;
    uint32_t *slots = malloc(count * sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xff, count * sizeof *slots); /* STRINGS_NONE */
    for (size_t i = 0; i < strings->count; i++) {
        size_t place = strings->hashes[i] & (count - 1);
        while (slots[place] != STRINGS_NONE)
            place = (place + 1) & (count - 1);
        slots[place] = (uint32_t)i;
    }
    free(strings->slots);
    strings->slots = slots;
    strings->slot_count = count;
    return true;
}

static char *keep(struct strings *strings, const char *text, size_t length)
{
    struct strings_block *block = strings->blocks;
    if (!block || length + 1 > block->size - block->used) {
        size_t size = length + 1 > BLOCK_BYTES ? length + 1 : BLOCK_BYTES;
        block = malloc(sizeof *block + size);
        if (!block)
            return NULL;
        *block = (struct strings_block){.next = strings->blocks, .size = size};
        strings->blocks = block;
    }
    char *kept = block->bytes + block->used;
    memcpy(kept, text, length);
    kept[length] = '\0';
    block->used += length + 1;
    return kept;
}

static bool room(struct strings *strings)
{
    size_t capacity = strings->capacity;
    return (2 * (strings->count + 1) <= strings->slot_count || grow_slots(strings)) &&
           ARRAY_ROOM(strings->hashes, capacity, strings->count, 1) &&
           ARRAY_ROOM(strings->texts, strings->capacity, strings->count, 1);
}

uint32_t strings_add(struct strings *strings, const char *text, size_t length)
{
    length = strnlen(text, length);
    uint32_t hash = hash_bytes(text, length);
    if (!room(strings))
        return STRINGS_NONE;
    uint32_t *slot = find(strings, text, length, hash);
    if (*slot != STRINGS_NONE)
        return *slot;
    char *kept = strings->count < STRINGS_NONE ? keep(strings, text, length) : NULL;
    if (!kept)
        return STRINGS_NONE;
    strings->texts[strings->count] = kept;
    strings->hashes[strings->count] = hash;
    return *slot = (uint32_t)strings->count++;
}

uint32_t strings_find(const struct strings *strings, const char *text)
{
    size_t length = strlen(text);
    return strings->slot_count ? *find(strings, text, length, hash_bytes(text, length)) : STRINGS_NONE;
}

void strings_clear(struct strings *strings)
{
    while (strings->blocks) {
        struct strings_block *next = strings->blocks->next;
        free(strings->blocks);
        strings->blocks = next;
    }
    free(strings->slots);
    free(strings->hashes);
    free(strings->texts);
    *strings = (struct strings){0};
}
