/* reference.h - what every agent sees of memory, said with plain arrays: the specification that model/memory is held
 * to.
 *
 * GM is an array of bytes. A cache is a table with a place for each line of GM: held or not, dirty or not, and its 64
 * bytes. What is on its way is a list, oldest first. There is no time: whoever asks says what happens next. An *agent*
 * is an AICore or an AICPU thread, by its number; a *holder* has a cache: an AICore each, and the AICPU cluster.
 */
#ifndef DAV_REFERENCE_H
#define DAV_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    LINE_BYTES = 64,
    UNIT_BYTES = 512, /* what is allocated is a number of these; the first one never is */
    UNITS = 6,
    LINES = UNITS * UNIT_BYTES / LINE_BYTES,
    SIZE = LINES * LINE_BYTES,
    SETS = 2,
    WAYS = 2,
    AICORES = 3,
    THREADS = 2,
    AGENTS = AICORES + THREADS,
    CLUSTER = AICORES, /* the holder that all threads share */
    HOLDERS = AICORES + 1,
    NOBODY = -1,
    ON_THE_WAY = 64,
};

struct ref_line {
    bool held, dirty;
    uint64_t used;            /* when last, for who must make room */
    bool written[LINE_BYTES]; /* since the fill, by the holder */
    uint8_t bytes[LINE_BYTES];
};

/* Bytes that their sender has let go of and that are not in GM yet: a whole line, or a store within one. */
struct ref_parcel {
    uint32_t at, size;
    uint8_t bytes[LINE_BYTES];
};

struct ref_list {
    uint32_t count;
    struct ref_parcel parcels[ON_THE_WAY];
};

struct reference {
    bool dma_snooped;
    uint64_t now; /* counts uses */
    uint8_t gm[SIZE];
    uint8_t before[SIZE]; /* each line as it stood before GM's latest change of it */
    struct ref_line caches[HOLDERS][LINES];
    struct ref_list writebacks[AICORES], stores[THREADS];
    uint32_t owner[UNITS]; /* first unit of the allocation it belongs to, 0 if none */
};

/** reference_reset - memory is all @byte, caches and lists are empty, nothing is allocated. */
void reference_reset(struct reference *ref, bool dma_snooped, uint8_t byte);

/** reference_sees - @line as @agent sees it. Return which of its bytes, bit by bit: to see the others it would have to
 *  fetch the line first. */
uint64_t reference_sees(const struct reference *ref, int agent, uint32_t line, uint8_t *bytes);

/* ---- what an agent does to [@at, @at + @size), at most 64 bytes ---- */

void reference_load(struct reference *ref, int agent, uint32_t at, uint32_t size);
void reference_store(struct reference *ref, int agent, uint32_t at, uint32_t size, const uint8_t *bytes);

/** reference_fetch - the holder takes @line, without using it; @older: as it was before GM's latest change. */
void reference_fetch(struct reference *ref, int holder, uint32_t line, bool older);

/** reference_dcci - @core lets go of @line, or of all lines (NOBODY); @clean: dirty ones set out for GM. */
void reference_dcci(struct reference *ref, int core, int line, bool clean);

/** reference_rmw - an atomic addition by a thread, within one line. Return the old value. */
uint64_t reference_rmw(struct reference *ref, int thread, uint32_t at, uint32_t size, uint64_t operand);

/** reference_invalidate - dc civac of every line of the range; @keep: dc cvac. By any thread, for the cluster. */
void reference_invalidate(struct reference *ref, uint32_t at, uint32_t size, bool keep);

/** reference_fence - a thread's stores have arrived, or an AICore's write-backs. */
void reference_fence(struct reference *ref, int agent);

/* ---- what happens to them ---- */

/** reference_arrive - an agent's oldest store, or write-back, reaches GM. */
void reference_arrive(struct reference *ref, int agent);

/** reference_dma_write - the host copies into GM; any size. */
void reference_dma_write(struct reference *ref, uint32_t at, uint32_t size, const uint8_t *bytes);

/** reference_alloc - first fit. Return the offset, or 0 when no hole is large enough. It changes no byte. */
uint32_t reference_alloc(struct reference *ref, uint32_t size);

/** reference_free - give back what was allocated at @at. Return whether anything was. */
bool reference_free(struct reference *ref, uint32_t at);

static inline bool is_thread(int agent)
{
    return agent >= AICORES;
}

static inline int holder_of(int agent)
{
    return is_thread(agent) ? CLUSTER : agent;
}

static inline struct ref_list *sent_by(struct reference *ref, int agent)
{
    return is_thread(agent) ? &ref->stores[agent - AICORES] : &ref->writebacks[agent];
}

#endif
