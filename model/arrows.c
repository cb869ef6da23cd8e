/* arrows.c - see arrows.h. Task ids are small numbers that runtimes index arrays with, and so do we; what arrives is
 * used again, so the memory is that of the arrows under way. */
#include "model/arrows.h"

#include <stdlib.h>
#include <string.h>

/* 64 MiB for the array of ids; no runtime has that many tasks at a time. */
enum { MAX_TASK_ID = 1 << 24, FIRST_CAPACITY = 256 };

/* Make element @index of @array exist; new elements are 0. Return the array, which may have moved, or NULL. */
static void *reach(void *array, size_t element_bytes, size_t index, size_t *capacity)
{
    size_t larger = *capacity ? *capacity : FIRST_CAPACITY;
    void *grown;

    while (larger <= index)
        larger *= 2;
    if (larger == *capacity)
        return array;
    grown = realloc(array, larger * element_bytes);
    if (!grown)
        return NULL;
    memset((char *)grown + *capacity * element_bytes, 0, (larger - *capacity) * element_bytes);
    *capacity = larger;
    return grown;
}

/* Index of an arrow that is not under way, 0 without memory. */
static uint32_t fresh(struct arrows *arrows)
{
    uint32_t index = arrows->unused;
    void *grown;

    if (index) {
        arrows->unused = arrows->arrows[index].next;
        return index;
    }
    grown = reach(arrows->arrows, sizeof(*arrows->arrows), arrows->count + 1, &arrows->capacity);
    if (!grown)
        return 0;
    arrows->arrows = grown;
    return (uint32_t)++arrows->count;
}

bool arrows_add(struct arrows *arrows, uint64_t to, uint64_t flow, uint64_t left_ps)
{
    uint32_t index;
    void *grown;

    if (to >= MAX_TASK_ID)
        return false;
    grown = reach(arrows->first, sizeof(*arrows->first), to, &arrows->tasks);
    if (!grown)
        return false;
    arrows->first = grown;
    index = fresh(arrows);
    if (!index)
        return false;
    arrows->arrows[index] = (struct arrow){.flow = flow, .left_ps = left_ps, .next = arrows->first[to]};
    arrows->first[to] = index;
    arrows->under_way++;
    return true;
}

uint64_t arrows_take(struct arrows *arrows, uint64_t to, uint64_t *left_ps)
{
    uint32_t index = to < arrows->tasks ? arrows->first[to] : 0;
    struct arrow *arrow;

    if (!index)
        return 0;
    arrow = &arrows->arrows[index];
    arrows->first[to] = arrow->next;
    arrow->next = arrows->unused;
    arrows->unused = index;
    arrows->under_way--;
    *left_ps = arrow->left_ps;
    return arrow->flow;
}

bool arrows_any(const struct arrows *arrows, uint64_t *to)
{
    if (!arrows->under_way)
        return false;
    for (; !arrows->first[*to]; ++*to)
        ;
    return true;
}

void arrows_fini(struct arrows *arrows)
{
    free(arrows->first);
    free(arrows->arrows);
    *arrows = (struct arrows){0};
}
