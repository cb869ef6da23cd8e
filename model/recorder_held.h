/* recorder_held.h - what is held back of an AICPU thread's row: items in the order in which they begin, which are
 * slices with both ends and the begins and ends of phases, and where in it our own phases go. What is told first leaves
 * at the front.
 */
#ifndef DAV_RECORDER_HELD_H
#define DAV_RECORDER_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "model/recorder_threads.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RESERVE: room for the borders of phases. */
enum { HELD = 8192, RESERVE = 64 };

enum item_kind { ITEM_OPEN, ITEM_CLOSE, ITEM_DISPATCH, ITEM_COMPLETION, ITEM_WAIT };

struct item {
    enum item_kind kind;
    bool user;                 /* a phase of device code's own */
    uint64_t begin_ps, end_ps; /* of a begin or an end the same */
    const char *name, *on;     /* a phase's, a wait's */
    struct thread_task task;
};

struct thread {
    struct item *items; /* HELD of them, `count` from `first` on */
    uint32_t first, count;
    bool open, ended; /* there is a program, it is over */
    uint64_t begin_ps, ended_ps;
    bool settled;                  /* where `schedule` begins: until then nothing is told */
    uint64_t handed_ps;            /* first store that an AICore has read, 0: none */
    uint64_t told_ps, told_end_ps; /* nothing before it is told any more; where what is told ends */
    uint64_t busy_ps;              /* begin of the first dispatch or completion, 0: there is none */
    uint64_t last_ps, last_end_ps; /* of the last one */
    uint32_t phases;               /* of device code that are open, */
    uint32_t told_phases;          /* the same for what has been told */
    bool phase_open;               /* one of ours is */
};

static inline struct item *held_at(const struct thread *thread, uint32_t index)
{
    return &thread->items[thread->first + index];
}

/* The number of the first item that begins after @time_ps. */
static inline uint32_t held_after(const struct thread *thread, uint64_t time_ps)
{
    uint32_t index = thread->count;

    while (index && held_at(thread, index - 1)->begin_ps > time_ps)
        index--;
    return index;
}

/** held_insert - put @item before the item with number @index; there must be room. */
void held_insert(struct thread *thread, uint32_t index, const struct item *item);

/** held_border - where a border between phases at *@time_ps has its place: not within a phase of device code, so at
 * that one's begin or, with @late, at its end. *@time_ps becomes that. */
uint32_t held_border(const struct thread *thread, uint64_t *time_ps, bool late);

/** held_change_phase - one of our phases ends, the next one begins (@name NULL: none does). */
void held_change_phase(struct thread *thread, uint32_t index, uint64_t time_ps, const char *name);

/** held_settle - the thread's phases until its first dispatch or completion begin. It is known then, if there is one:
 * the first that is heard of need not be it, since its kernel may begin later than another one's. */
void held_settle(struct thread *thread);

/** held_busy - @item, which has been inserted, is a dispatch or a completion. If it is the first one of a thread that
 *  is settled, `schedule` begins with it, but not within a phase of device code that has been told. */
void held_busy(struct thread *thread, const struct item *item);

#ifdef __cplusplus
}
#endif
#endif
