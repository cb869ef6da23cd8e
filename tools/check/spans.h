/* spans.h - a set of bytes of one buffer, or of GM, as ranges: what an instruction reads or writes of it. */
#ifndef DAV_SPANS_H
#define DAV_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* [low, high) */
struct span {
    uint64_t low, high;
};

/* Most sets are one range: it stands in the structure itself. Between additions and questions stands spans_close. */
struct spans {
    uint64_t low, high; /* around all of them; equal: it is empty */
    uint32_t count, capacity;
    union {
        struct span one;
        struct span *many;
    };
};

/** spans_list - the ranges, `count` of them. */
static inline struct span *spans_list(const struct spans *spans)
{
    return spans->capacity ? spans->many : (struct span *)&spans->one;
}

/** spans_add - [@low, @high) is in it, too. */
void spans_add(struct spans *spans, uint64_t low, uint64_t high);

/** spans_close - put them in order, apart from each other. */
void spans_close(struct spans *spans);

/** spans_meet - whether two have bytes in common; @where: the first range of these. */
bool spans_meet(const struct spans *a, const struct spans *b, struct span *where);

/** spans_cover - whether all bytes of @b are in @a. */
bool spans_cover(const struct spans *a, const struct spans *b);

/** spans_clear - nothing is in it any more. */
void spans_clear(struct spans *spans);

#ifdef __cplusplus
}
#endif
#endif
