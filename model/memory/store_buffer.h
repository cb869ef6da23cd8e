/* store_buffer.h - stores of one AICPU thread that other agents do not see yet.
 *
 * A pending store is a few bytes that stand in the memory its own thread sees, and only there. It is *laid* over memory
 * while its thread's code runs and taken up whenever the simulator works. A hook runs before its store: an entry is
 * made with the bytes that stand there, and *settled* (the new bytes captured) at the thread's next entry into the
 * simulator.
 *
 * Entries may drain in any order but for those of one line, which do not overtake one another: so bytes of entries that
 * overlap always lie in the order in which they were stored.
 */
#ifndef DAV_STORE_BUFFER_H
#define DAV_STORE_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/clock.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { STORE_BYTES = 64, STORE_BUFFER_ENTRIES = 64 };

struct core;

struct pending_store {
    struct effect effect; /* its drain */
    struct core *core;
    uint64_t addr;
    uint64_t issued_ps;
    void *origin; /* see watch.h */
    uint32_t size;
    uint8_t bytes[STORE_BYTES];   /* what the thread stored */
    uint8_t beneath[STORE_BYTES]; /* what stands there for all others */
};

struct store_buffer {
    struct pending_store *entries[STORE_BUFFER_ENTRIES]; /* a ring, oldest at `head` */
    uint32_t head, count;
    uint32_t unsettled; /* the bytes of so many youngest entries are not captured yet */
    bool laid;
    uint64_t last_drain_ps; /* when the last of all stores so far drains */
    uint64_t ordered_ps;    /* weak memory: no later store may drain before, a barrier or a lock stands between */
};

/** store_buffer_push - append @store, whose instruction is about to run; one that crosses lines is pushed in parts. The
 *  buffer must not be full, and laid. */
void store_buffer_push(struct store_buffer *buffer, struct pending_store *store);

/** store_buffer_settle - capture the youngest entries' bytes, if that is still to be done. */
void store_buffer_settle(struct store_buffer *buffer);

/** store_buffer_take_up / store_buffer_lay - hide and show the pending bytes. Idempotent. */
void store_buffer_take_up(struct store_buffer *buffer);
void store_buffer_lay(struct store_buffer *buffer);

/** store_buffer_remove - @store, an entry, drains now; the buffer must be settled and taken up. */
void store_buffer_remove(struct store_buffer *buffer, const struct pending_store *store);

/** store_buffer_line_drain - when the last pending store to the line of @addr drains, 0 if there is none. */
uint64_t store_buffer_line_drain(const struct store_buffer *buffer, uint64_t addr);

/** store_buffer_room - how many further stores need not wait for the oldest to drain. */
static inline uint32_t store_buffer_room(const struct store_buffer *buffer)
{
    return STORE_BUFFER_ENTRIES - buffer->count;
}

static inline struct pending_store *store_buffer_at(const struct store_buffer *buffer, uint32_t i)
{
    return buffer->entries[(buffer->head + i) % STORE_BUFFER_ENTRIES];
}

#ifdef __cplusplus
}
#endif
#endif
