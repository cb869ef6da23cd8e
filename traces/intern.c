/* intern.c - open addressing with linear probing, at most half full, entries never removed. */
#include "traces/intern.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a: short strings, no need to resist an adversary, the same on every machine. */
static uint32_t hash_string(const char *string, size_t *length)
{
    uint32_t hash = 2166136261u;
    const char *c = string;
    for (; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    *length = (size_t)(c - string);
    return hash;
}

uint32_t intern_get(struct intern *table, const char *string, bool *is_new)
{
    struct intern_recent *recent = &table->recent[intern_place(string)];
    *is_new = false;
    if (recent->from == string && strcmp(recent->slot->string, string) == 0)
        return recent->slot->id;
    if (!table->slots && !(table->slots = calloc(INTERN_SLOTS, sizeof *table->slots)))
        return 0;
    size_t length;
    uint32_t hash = hash_string(string, &length);
    struct intern_slot *slot = &table->slots[hash % INTERN_SLOTS];
    while (slot->string) {
        if (slot->hash == hash && strcmp(slot->string, string) == 0) {
            *recent = (struct intern_recent){string, slot};
            return slot->id;
        }
        if (++slot == table->slots + INTERN_SLOTS)
            slot = table->slots;
    }
    if (length > INTERN_MAX_LENGTH || table->count == INTERN_MAX_ENTRIES || !(slot->string = strdup(string)))
        return 0;
    slot->hash = hash;
    slot->id = ++table->count;
    *is_new = true;
    return slot->id;
}

void intern_forget(struct intern *table)
{
    memset(table->recent, 0, sizeof table->recent);
}

void intern_clear(struct intern *table)
{
    for (uint32_t i = 0; table->slots && i < INTERN_SLOTS; i++)
        free(table->slots[i].string);
    free(table->slots);
    *table = (struct intern){0};
}
