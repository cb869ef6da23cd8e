/* ddmin.c - see ddmin.h. A round cuts the current set into parts and asks for each part, then for the set without each
 * part. A part that fails becomes the set; a complement that fails becomes the set, cut one part coarser; if nothing
 * fails the cut gets finer, until the parts are single items.
 */
#include "tools/explore/ddmin.h"

#include <stdlib.h>
#include <string.h>

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

void subset_free(struct subset *subset)
{
    free(subset->items);
    *subset = (struct subset){0};
}

/* Where part @index of @parts begins in a set of @count items. */
static size_t part_begin(size_t count, size_t parts, size_t index)
{
    return count / parts * index + (index < count % parts ? index : count % parts);
}

/* Part @index of @set, or with @complement the set without it. */
static struct subset cut(const struct subset *set, size_t parts, size_t index, bool complement)
{
    size_t from = part_begin(set->count, parts, index), to = part_begin(set->count, parts, index + 1);
    struct subset piece = {allocate(set->count, sizeof(*piece.items)), 0};
    for (size_t i = 0; i < set->count; i++)
        if ((i >= from && i < to) != complement)
            piece.items[piece.count++] = set->items[i];
    return piece;
}

/* Which of @count candidates fails first, within the limit of tests. */
static size_t ask(struct ddmin *ddmin, const struct subset *candidates, size_t count, bool *stopped)
{
    size_t allowed = ddmin->limit - ddmin->tests < count ? ddmin->limit - ddmin->tests : count;
    size_t hit = allowed ? ddmin->first_failing(ddmin->ctx, candidates, allowed) : 0;
    *stopped = hit == DDMIN_STOP || (hit == allowed && allowed < count);
    if (hit != DDMIN_STOP)
        ddmin->tests += hit < allowed ? hit + 1 : allowed;
    return hit < allowed ? hit : count;
}

/* One round with @parts parts. Return: the number of parts for the next one, 0 if there is none. */
static size_t round_with(struct ddmin *ddmin, struct subset *set, size_t parts)
{
    /* Of two parts each is the complement of the other. */
    size_t count = parts > 2 ? 2 * parts : parts, next = 0;
    bool stopped;
    struct subset *candidates = allocate(count, sizeof(*candidates));
    for (size_t i = 0; i < count; i++)
        candidates[i] = cut(set, parts, i % parts, i >= parts);
    size_t hit = ask(ddmin, candidates, count, &stopped);
    if (hit < count) {
        subset_free(set);
        *set = candidates[hit];
        candidates[hit] = (struct subset){0};
        next = hit < parts || parts == 2 ? 2 : parts - 1;
    } else if (!stopped && parts < set->count) {
        next = 2 * parts < set->count ? 2 * parts : set->count;
    } else {
        ddmin->minimal = !stopped;
    }
    for (size_t i = 0; i < count; i++)
        subset_free(&candidates[i]);
    free(candidates);
    return next;
}

struct subset ddmin_reduce(struct ddmin *ddmin, size_t items)
{
    struct subset set = {allocate(items, sizeof(*set.items)), items}, empty = {0};
    bool stopped;
    for (size_t i = 0; i < items; i++)
        set.items[i] = i;
    ddmin->tests = 0;
    ddmin->minimal = false;
    if (ask(ddmin, &empty, 1, &stopped) == 0) {
        set.count = 0;
        ddmin->minimal = true;
        return set;
    }
    if (stopped)
        return set;
    for (size_t parts = 2; parts && set.count > 1;)
        parts = round_with(ddmin, &set, parts < set.count ? parts : set.count);
    if (set.count <= 1)
        ddmin->minimal = true; /* without it nothing is left, and that was tested */
    return set;
}
