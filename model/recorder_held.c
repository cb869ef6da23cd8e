/* recorder_held.c - see recorder_held.h. */
#include "model/recorder_held.h"

#include <string.h>

void held_insert(struct thread *thread, uint32_t index, const struct item *item)
{
    if (thread->first + thread->count == HELD) {
        memmove(thread->items, held_at(thread, 0), thread->count * sizeof(*thread->items));
        thread->first = 0;
    }
    memmove(held_at(thread, index + 1), held_at(thread, index), (thread->count - index) * sizeof(*thread->items));
    *held_at(thread, index) = *item;
    thread->count++;
}

uint32_t held_border(const struct thread *thread, uint64_t *time_ps, bool late)
{
    uint32_t depth = thread->told_phases, outside = 0, i;
    uint64_t outside_ps = 0;

    for (i = 0; i < thread->count; i++) {
        const struct item *item = held_at(thread, i);
        bool past = item->begin_ps > *time_ps || (item->begin_ps == *time_ps && !(late && item->kind == ITEM_CLOSE));

        if (past && !(late && depth))
            break;
        if (item->user && item->kind == ITEM_OPEN && !depth++) {
            outside = i;
            outside_ps = item->begin_ps;
        } else if (item->user && item->kind == ITEM_CLOSE && depth && !--depth && late && item->begin_ps > *time_ps) {
            *time_ps = item->begin_ps;
            return i + 1;
        }
    }
    if (late || !depth)
        return i;
    *time_ps = outside_ps;
    return outside;
}

void held_change_phase(struct thread *thread, uint32_t index, uint64_t time_ps, const char *name)
{
    const struct item close = {.kind = ITEM_CLOSE, .begin_ps = time_ps, .end_ps = time_ps};
    const struct item open = {.kind = ITEM_OPEN, .begin_ps = time_ps, .end_ps = time_ps, .name = name};

    if (thread->phase_open)
        held_insert(thread, index++, &close);
    if (name)
        held_insert(thread, index, &open);
    thread->phase_open = name != NULL;
}

static void begin_schedule(struct thread *thread, uint64_t busy_ps)
{
    uint32_t index = held_border(thread, &busy_ps, false);

    held_change_phase(thread, index, busy_ps, "schedule");
}

void held_settle(struct thread *thread)
{
    uint64_t handed_ps = thread->handed_ps, busy_ps = thread->busy_ps;

    thread->settled = true;
    if (!handed_ps && !busy_ps)
        return;
    held_change_phase(thread, 0, thread->begin_ps, "init");
    if (busy_ps)
        held_border(thread, &busy_ps, false);
    if (handed_ps) {
        uint32_t index = held_border(thread, &handed_ps, false);

        if (!busy_ps || handed_ps < busy_ps)
            held_change_phase(thread, index, handed_ps, "handshake");
    }
    if (busy_ps)
        begin_schedule(thread, busy_ps);
}

void held_busy(struct thread *thread, const struct item *item)
{
    if (!thread->busy_ps && thread->settled && !thread->told_phases) /* it was busy with much else before */
        begin_schedule(thread, item->begin_ps);
    if (!thread->busy_ps || item->begin_ps < thread->busy_ps)
        thread->busy_ps = item->begin_ps;
    if (item->begin_ps < thread->last_ps)
        return;
    thread->last_ps = item->begin_ps;
    thread->last_end_ps = item->end_ps;
}
