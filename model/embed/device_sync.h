/* device_sync.h - how AICPU threads wait for each other in simulated time.
 *
 * Every change of a lock's state is an effect. An operation that needs an answer (take a lock, join) blocks its thread
 * and happens one read-modify-write after the thread's earlier stores are visible; one that only lets go (unlock,
 * signal) is like a store: the thread goes on, and all its later stores and atomics are ordered behind it. The state
 * stands in the program's own object, which static initializers and memset therefore may prepare; who waits stands in
 * the waiting cores (struct sync_wait) and is served in the order of arrival.
 */
#ifndef DAV_DEVICE_SYNC_H
#define DAV_DEVICE_SYNC_H

#include <time.h>

#include "model/embed/device_libc.h"

/* An operation on the object at `addr`, by `core`. */
struct sync_op {
    struct effect effect;
    struct core *core;
    uint64_t addr;
    uint64_t mutex;    /* of a condition variable */
    uint64_t until_ps; /* when the wait is given up; CLOCK_NEVER: not at all */
    uint32_t serial;   /* of the wait that a timeout ends */
    int choice;        /* what else the operation must know */
    void *value;
    void *(*body)(void *);
};

/** sync_state / sync_change - @size bytes (1..8, within one line) at @addr, as the AICPU threads see them. To be called
 *  by effects; sync_state also by the running core, for what only it can have changed. */
uint64_t sync_state(struct chip_state *chip, uint64_t addr, uint32_t size);
void sync_change(struct chip_state *chip, uint64_t addr, uint64_t state, uint32_t size);

/** sync_ask - @apply happens to a copy of @op; the running core waits for the answer: its wait.result. */
int sync_ask(struct core *core, void (*apply)(struct effect *), const struct sync_op *op);

/** sync_waited - the running core was blocked since @begin_ps; SYNC_NOTHING: it slept. */
void sync_waited(struct core *core, enum sync_what what, uint64_t begin_ps);

/** sync_tell - the same, but the core goes on at once. */
void sync_tell(struct core *core, void (*apply)(struct effect *), const struct sync_op *op);

/** sync_answer - @core goes on at @at, with @result. */
void sync_answer(struct core *core, int result, uint64_t at);

/** sync_queue - @op's core waits for @what from now on, until @op's time is up (then: ETIMEDOUT). */
void sync_queue(const struct sync_op *op, enum sync_what what);

/** sync_first - who waits longest for @what (a set of 1 << what) at @addr; NULL when nobody does. */
struct core *sync_first(struct chip_state *chip, unsigned whats, uint64_t addr);

/** sync_handed_ps - when a waiter goes on that is given what it waits for at @at. */
uint64_t sync_handed_ps(const struct core *core, uint64_t at);

/** sync_until - simulated time at which the clock @clock_id shows @when. */
uint64_t sync_until(clockid_t clock_id, const struct timespec *when);

/** mutex_contend - @core takes the mutex at @addr or queues for it; its answer is the wait.result it has already. */
void mutex_contend(struct core *core, uint64_t addr, uint64_t at);

/** mutex_give_up - @core lets go of the mutex at @addr at time @at. Return whether it held it. */
bool mutex_give_up(struct core *core, uint64_t addr, uint64_t at);

#endif
