/* intern.h - a table of strings, each with a small number.
 *
 * A trace says a string once and its number afterwards. The table is bounded: a run that makes up names without end
 * (one a task, say) fills it and has its further strings written out each time, which gzip then sees to.
 */
#ifndef DAV_TRACES_INTERN_H
#define DAV_TRACES_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INTERN_RECENT = 64, /* a power of two */
    INTERN_SLOTS = 1 << 14,
    INTERN_MAX_ENTRIES = INTERN_SLOTS / 2,
    INTERN_MAX_LENGTH = 255
};

struct intern_slot {
    char *string; /* NULL: free */
    uint32_t hash;
    uint32_t id;
};

struct intern_recent {
    const char *from; /* where the caller had it; what stands there may have changed */
    const struct intern_slot *slot;
};

static inline size_t intern_place(const char *string)
{
    uintptr_t address = (uintptr_t)string;
    return (address ^ address >> 6) % INTERN_RECENT;
}

/* Starts zero-filled. */
struct intern {
    struct intern_slot *slots;
    uint32_t count;
    struct intern_recent recent[INTERN_RECENT]; /* by the caller's address: most are literals, or live long */
};

/**
 * intern_get - the number of @string, counted from 1 in order of first use.
 * @is_new: set when the number was given just now
 *
 * Returns 0 when the string is too long or the table is full: write the string itself.
 */
uint32_t intern_get(struct intern *table, const char *string, bool *is_new);

/** intern_at - the same of a string that has been where it is, and as it is, since intern_get or intern_forget was
 *  called last; 0: ask intern_get. */
static inline uint32_t intern_at(const struct intern *table, const char *string)
{
    const struct intern_recent *recent = &table->recent[intern_place(string)];
    return recent->from == string ? recent->slot->id : 0;
}

/** intern_forget - strings do not stand any more where they did. */
void intern_forget(struct intern *table);

/** intern_clear - free the table's memory; it is empty afterwards. */
void intern_clear(struct intern *table);

#endif
