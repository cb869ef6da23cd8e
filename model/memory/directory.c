/* directory.c - see directory.h. */
#include "model/memory/directory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *reserve(uint64_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    madvise(memory, bytes, MADV_DONTDUMP);
    return memory;
}

int directory_init(struct directory *directory, uint64_t lines, uint32_t capacity)
{
    memset(directory, 0, sizeof(*directory));
    directory->lines = lines;
    directory->capacity = capacity;
    directory->index = reserve(lines * sizeof(*directory->index));
    directory->entries = reserve(capacity * sizeof(*directory->entries));
    if (directory->index && directory->entries)
        return 0;
    directory_fini(directory);
    return -1;
}

void directory_fini(struct directory *directory)
{
    if (directory->index)
        munmap(directory->index, directory->lines * sizeof(*directory->index));
    if (directory->entries)
        munmap(directory->entries, directory->capacity * sizeof(*directory->entries));
    free(directory->free);
    memset(directory, 0, sizeof(*directory));
}

struct directory_entry *directory_make(struct directory *directory, uint64_t line)
{
    struct directory_entry *entry = directory_get(directory, line);
    uint32_t number;

    if (entry)
        return entry;
    if (directory->free_count)
        number = directory->free[--directory->free_count];
    else if (directory->used < directory->capacity)
        number = directory->used++;
    else
        return NULL;
    directory->index[line] = number + 1;
    entry = &directory->entries[number];
    *entry = (struct directory_entry){.shown = DIRECTORY_NOBODY, .done_core = DIRECTORY_NOBODY};
    return entry;
}

void directory_release(struct directory *directory, uint64_t line)
{
    struct directory_entry *entry = directory_get(directory, line);

    if (!entry || entry->watchers || entry->done_ps || directory_next(entry, 0) != DIRECTORY_NOBODY)
        return;
    if (directory->free_count == directory->free_capacity) {
        uint32_t capacity = directory->free_capacity ? directory->free_capacity * 2 : 1024;
        uint32_t *grown = realloc(directory->free, capacity * sizeof(*grown));

        if (!grown)
            return; /* the entry stays in use: harmless */
        directory->free = grown;
        directory->free_capacity = capacity;
    }
    directory->free[directory->free_count++] = directory->index[line] - 1;
    directory->index[line] = 0;
}
