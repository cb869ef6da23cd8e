/* directory.h - which caches hold a GM line, and whose copy of it the mapping shows just now.
 *
 * Holders are numbered: AICores by their physical number, the AICPU cluster last (DIRECTORY_CLUSTER).
 */
#ifndef DAV_DIRECTORY_H
#define DAV_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DIRECTORY_HOLDERS = 128, DIRECTORY_CLUSTER = 127, DIRECTORY_NOBODY = -1 };

struct directory_entry {
    uint64_t holders[DIRECTORY_HOLDERS / 64];
    int16_t shown;             /* holder whose divergent copy the mapping shows, or NOBODY: it shows GM */
    uint16_t watchers;         /* reads by parked cores, which want to know when GM changes here */
    uint64_t aicpu_stored_ps;  /* when the AICPU last issued a store to the line, 0 if never */
    uint64_t aicpu_drained_ps; /* and when that became visible */
    uint64_t aicpu_first_ps;   /* when it issued its first one of the launch */
    uint64_t done_ps;          /* an AICore's write-back waits to be seen by the AICPU since then, 0 if none */
    uint32_t done_number;      /* of the kernel of done_core that it tells of */
    uint32_t aicpu_launch;     /* in which the AICPU stored, */
    int16_t aicpu_thread;      /* and which thread */
    int16_t done_core;
};

struct directory {
    uint32_t *index; /* a GM line's entry number plus one, 0 for none; reserved sparsely */
    uint64_t lines;
    struct directory_entry *entries; /* reserved sparsely too, so that entries never move */
    uint32_t used, capacity;
    uint32_t *free;
    uint32_t free_count, free_capacity;
};

/** directory_init - a directory over @lines GM lines with room for @capacity entries. Return 0 or -1. */
int directory_init(struct directory *directory, uint64_t lines, uint32_t capacity);
void directory_fini(struct directory *directory);

/** directory_get - the entry of @line, NULL if it has none. */
static inline struct directory_entry *directory_get(const struct directory *directory, uint64_t line)
{
    uint32_t number = directory->index[line];

    return number ? &directory->entries[number - 1] : NULL;
}

/** directory_make - the entry of @line, made when it has none. NULL when the capacity is used up. */
struct directory_entry *directory_make(struct directory *directory, uint64_t line);

/** directory_release - forget the entry of @line if nobody holds or watches it and no completion waits in it. */
void directory_release(struct directory *directory, uint64_t line);

static inline bool directory_holds(const struct directory_entry *entry, int holder)
{
    return entry->holders[holder >> 6] >> (holder & 63) & 1;
}

static inline void directory_add(struct directory_entry *entry, int holder)
{
    entry->holders[holder >> 6] |= 1ull << (holder & 63);
}

static inline void directory_remove(struct directory_entry *entry, int holder)
{
    entry->holders[holder >> 6] &= ~(1ull << (holder & 63));
}

/** directory_next - the lowest holder numbered @from or more, or NOBODY. */
static inline int directory_next(const struct directory_entry *entry, int from)
{
    for (int word = from >> 6; word < DIRECTORY_HOLDERS / 64; word++) {
        uint64_t bits = entry->holders[word];

        if (word == from >> 6)
            bits &= ~0ull << (from & 63);
        if (bits)
            return word * 64 + __builtin_ctzll(bits);
    }
    return DIRECTORY_NOBODY;
}

#ifdef __cplusplus
}
#endif
#endif
