/* look.h - a load under examination, for the rules that ask about it (reads.c, clobbers.c). */
#ifndef DAV_LOOK_H
#define DAV_LOOK_H

#include "tools/check/state.h"

/* A load within one line, and what stands there. */
struct look {
    struct core *core; /* NULL: the host */
    uint32_t agent;
    uint64_t addr, line;
    uint32_t size, first; /* bytes of this part, and where in the line they begin */
    enum access access;
    int order;
    struct shadow_line *known;
    uint64_t mask; /* the bytes that are read and that are not the reader's own */
    uint64_t own, stale;
    uint8_t seen[GM_LINE_BYTES], gm[GM_LINE_BYTES];
    bool quiet; /* so far: nothing about the line can become a finding for this agent */
};

/** look_for_clobbers - tell of bytes that the load finds replaced; they are taken out of the look. */
void look_for_clobbers(struct check *check, struct look *look);

#endif
