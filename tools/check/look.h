/* look.h - a load under examination, for the rules that ask about it (look.c, look_order.c, clobbers.c, stores.c). */
#ifndef DAV_LOOK_H
#define DAV_LOOK_H

#include "tools/check/state.h"

/* A load within one line, and what stands there. */
struct look {
    struct core *core; /* NULL: the host */
    struct act *act;   /* the instruction of a pipe that reads; NULL: the scalar unit */
    bool past;         /* the core's own cache has no part in it */
    uint32_t agent;    /* whose knowledge counts */
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

/** look_held - @line as @holder's cache has it, at @index; NULL if it has not. */
const struct held_line *look_held(const struct check *check, int holder, uint64_t line, uint32_t *index);

/** look_for_newer - is there a newer value than the one that is read? Here and in what follows, bytes that were told of
 *  are taken out of the look. look_for_unpublished - is there one in another core's cache? */
void look_for_newer(struct check *check, struct look *look);
void look_for_unpublished(struct check *check, struct look *look);

/** look_for_pending, look_for_unordered - did the reader rely on an order that nothing keeps: of a store that still
 *  stands in a store buffer, of one that has arrived? look_for_unwritten - has anybody written it? */
void look_for_pending(struct check *check, struct look *look);
void look_for_unordered(struct check *check, struct look *look);
void look_for_unwritten(struct check *check, struct look *look);

/** look_past_cache - the rules for a load that goes past its core's cache; what stands in GM is filled in here. */
void look_past_cache(struct check *check, struct look *look);

/** look_begin - of @core's (NULL: the host's) load of [@addr, +@size), which lies in one line. */
void look_begin(struct check *check, struct look *look, struct core *core, uint64_t addr, uint32_t size);

/** look_reader - the side of the one who looks. */
void look_reader(struct check *check, const struct look *look, const char *role);

/** look_narrow - the same load, of the bytes of @mask: what a transfer touches is more than what is wrong with it. */
struct look look_narrow(const struct check *check, const struct look *look, uint64_t mask);

/** look_has_told - an instruction touches many lines: has it given this finding about @origin just now? */
bool look_has_told(const struct look *look, enum finding_kind kind, const struct origin *origin);

/** look_verified - all has been asked: where nothing can be found, the next look of @agent's is spared. */
void look_verified(const struct look *look, uint32_t agent);

/** look_for_stores - tell of bytes that a pipe is about to store, and which the reader was told of already; or that it
 *  has stored (@origin), without the reader being told that. */
void look_for_stores(struct check *check, struct look *look);
void look_unwaited(struct check *check, const struct look *look, const struct origin *origin);

/** look_for_clobbers - tell of bytes that the load finds replaced; they are taken out of the look. */
void look_for_clobbers(struct check *check, struct look *look);

#endif
