/* join.h - tell spans with neighbours joined: pieces that follow each other without a gap become one span. */
#ifndef DAV_ISA_JOIN_H
#define DAV_ISA_JOIN_H

#include "isa/isa.h"

struct isa_join {
    isa_span_fn *fn;
    void *ctx;
    enum isa_access access;
    enum isa_space space;
    uint64_t start, end; /* of what is not told yet */
};

/** isa_join_end - tell what is left. */
static inline void isa_join_end(struct isa_join *join)
{
    if (join->end > join->start)
        join->fn(join->ctx, join->access, join->space, join->start, join->end - join->start);
    join->start = join->end = 0;
}

/** isa_join_add - the next piece. */
static inline void isa_join_add(struct isa_join *join, uint64_t addr, uint64_t bytes)
{
    if (addr != join->end || join->end == join->start) {
        isa_join_end(join);
        join->start = addr;
    }
    join->end = addr + bytes;
}

/** isa_tell_each - tell @count pieces of @bytes each, @step apart from @addr on; as one span if they follow each other.
 */
static inline void isa_tell_each(enum isa_access access, enum isa_space space, uint64_t addr, uint64_t step,
                                 uint64_t count, uint64_t bytes, isa_span_fn *fn, void *ctx)
{
    if (step == bytes && count) {
        fn(ctx, access, space, addr, count * bytes);
        return;
    }
    for (uint64_t i = 0; i < count; i++)
        fn(ctx, access, space, addr + i * step, bytes);
}

#endif
