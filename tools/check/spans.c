/* spans.c - see spans.h. */
#include "tools/check/spans.h"

#include <stdlib.h>
#include <string.h>

#include "tools/check/need.h"

static void append(struct spans *spans, struct span span)
{
    uint32_t room = spans->capacity ? spans->capacity : 1;

    if (spans->count == room) {
        uint32_t capacity = room < 8 ? 8 : 2 * room;
        struct span *many = need(realloc(spans->capacity ? spans->many : NULL, capacity * sizeof(*many)));

        if (!spans->capacity)
            many[0] = spans->one;
        spans->many = many;
        spans->capacity = capacity;
    }
    spans_list(spans)[spans->count++] = span;
}

void spans_add(struct spans *spans, uint64_t low, uint64_t high)
{
    struct span *last = spans->count ? &spans_list(spans)[spans->count - 1] : NULL;

    if (low == high)
        return;
    if (!last || low < spans->low)
        spans->low = low;
    if (!last || high > spans->high)
        spans->high = high;
    if (last && low >= last->low && low <= last->high)
        last->high = high > last->high ? high : last->high;
    else
        append(spans, (struct span){low, high});
}

static int by_low(const void *a, const void *b)
{
    const struct span *one = a, *other = b;

    return one->low < other->low ? -1 : one->low > other->low;
}

static bool in_order(const struct span *list, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (list[i].low <= list[i - 1].high)
            return false;
    return true;
}

void spans_close(struct spans *spans)
{
    struct span *list = spans_list(spans);
    uint32_t kept = 0;

    if (in_order(list, spans->count))
        return;
    qsort(list, spans->count, sizeof(*list), by_low);
    for (uint32_t i = 1; i < spans->count; i++) {
        if (list[i].low > list[kept].high)
            list[++kept] = list[i];
        else if (list[i].high > list[kept].high)
            list[kept].high = list[i].high;
    }
    spans->count = kept + 1;
}

bool spans_meet(const struct spans *a, const struct spans *b, struct span *where)
{
    uint32_t i = 0, j = 0;

    if (a->high <= b->low || b->high <= a->low)
        return false;
    while (i < a->count && j < b->count) {
        const struct span *x = &spans_list(a)[i], *y = &spans_list(b)[j];

        if (x->high <= y->low) {
            i++;
        } else if (y->high <= x->low) {
            j++;
        } else {
            *where = (struct span){x->low > y->low ? x->low : y->low, x->high < y->high ? x->high : y->high};
            return true;
        }
    }
    return false;
}

bool spans_cover(const struct spans *a, const struct spans *b)
{
    uint32_t i = 0;

    if (a->low > b->low || a->high < b->high)
        return b->count == 0;
    for (uint32_t j = 0; j < b->count; j++) {
        const struct span *inner = &spans_list(b)[j];

        while (i < a->count && spans_list(a)[i].high < inner->high)
            i++;
        if (i == a->count || spans_list(a)[i].low > inner->low)
            return false;
    }
    return true;
}

void spans_clear(struct spans *spans)
{
    if (spans->capacity)
        free(spans->many);
    memset(spans, 0, sizeof(*spans));
}
