/* kernels.c - see kernels.h. A sorted array: it is searched at every task, and changed a few times a process. */
#include "model/kernels.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

void kernels_init(struct kernels *kernels)
{
    *kernels = (struct kernels){0};
}

void kernels_fini(struct kernels *kernels)
{
    for (size_t i = 0; i < kernels->count; i++)
        free(kernels->entries[i].name);
    free(kernels->entries);
    kernels_init(kernels);
}

/* Where @func_id stands, or would have to stand. */
static size_t place_of(const struct kernels *kernels, int func_id)
{
    size_t low = 0, high = kernels->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (kernels->entries[middle].func_id < func_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int make_room(struct kernels *kernels)
{
    size_t capacity = kernels->capacity ? 2 * kernels->capacity : 16;
    struct kernel *entries;

    if (kernels->count < kernels->capacity)
        return 0;
    entries = realloc(kernels->entries, capacity * sizeof(*entries));
    if (!entries)
        return -1;
    kernels->entries = entries;
    kernels->capacity = capacity;
    return 0;
}

int kernels_register(struct kernels *kernels, int func_id, const char *name, uint64_t addr)
{
    size_t place = place_of(kernels, func_id);
    struct kernel *kernel;
    char *copy = strdup(name);

    if (!copy || make_room(kernels) != 0) {
        free(copy);
        return -1;
    }
    kernel = &kernels->entries[place];
    if (place < kernels->count && kernel->func_id == func_id) {
        free(kernel->name);
    } else {
        memmove(kernel + 1, kernel, (kernels->count - place) * sizeof(*kernel));
        kernels->count++;
    }
    *kernel = (struct kernel){.func_id = func_id, .name = copy, .addr = addr};
    return 0;
}

const struct kernel *kernels_find(const struct kernels *kernels, int func_id)
{
    size_t place = place_of(kernels, func_id);

    return place < kernels->count && kernels->entries[place].func_id == func_id ? &kernels->entries[place] : NULL;
}

uint64_t kernels_addr(const struct kernels *kernels, int func_id)
{
    const struct kernel *kernel = kernels_find(kernels, func_id);

    return kernel ? kernel->addr : 0;
}

const struct kernel *kernels_of_image(const struct kernels *kernels, uint64_t image)
{
    return image == 0 || image > kernels_image(INT_MAX) ? NULL : kernels_find(kernels, (int)(image - 1));
}
