/* store_buffer.h - stores of one AICPU thread that other agents do not see yet.
 *
 * A pending store is a few bytes that stand in the memory its own thread sees, and only there. It is *laid* over memory
 * while its thread's code runs and taken up whenever the simulator works. A hook runs before its store: an entry is
 * made with the bytes that stand there, and *settled* (the new bytes captured) at the thread's next entry into the
 * simulator.
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
    uint64_t last_drain_ps;
};

/** store_buffer_push - append @store, whose instruction is about to run; one that crosses lines is pushed in parts. The
 *  buffer must not be full, and laid. */
void store_buffer_push(struct store_buffer *buffer, struct pending_store *store);

/** store_buffer_settle - capture the youngest entries' bytes, if that is still to be done. */
void store_buffer_settle(struct store_buffer *buffer);

/** store_buffer_take_up / store_buffer_lay - hide and show the pending bytes. Idempotent. */
void store_buffer_take_up(struct store_buffer *buffer);
void store_buffer_lay(struct store_buffer *buffer);

/** store_buffer_pop - the oldest entry, which drains now; the buffer must be taken up. */
struct pending_store *store_buffer_pop(struct store_buffer *buffer);

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
