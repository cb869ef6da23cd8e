/* core.c - see core.h. */
#include "model/core/core.h"

#include <errno.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/core/early.h"
#include "model/core/mmio.h"
#include "model/core/pipe.h"

/* How far a core runs before the simulator has a look at it. An AICPU thread is looked at more often because it polls
 * without dcci. Neither shows in a result: at a bound nothing happens but bookkeeping. */
#define BOUND_AICPU_PS  200000ull
#define BOUND_AICORE_PS 5000000ull

struct core *dav_running;

void core_enter(struct core *core)
{
    core->in_simulator = true;
    if (!core->coherent)
        return;
    store_buffer_settle(&core->stores);
    mmio_settle(core);
    park_take_up(core);
    store_buffer_take_up(&core->stores);
    if (core->early)
        early_take_up(core);
}

void core_leave(struct core *core)
{
    if (core->coherent) {
        if (core->early)
            early_lay(core);
        store_buffer_lay(&core->stores);
        park_lay(core);
    }
    core->in_simulator = false;
}

void core_set_limits(struct core *core)
{
    if (core->park.probing)
        core->limit = 0;
    else if (!core->coherent)
        core->limit = core->evict_ps;
    else if (core->park.relive_until)
        core->limit = core->park.relive_until;
    else
        core->limit = core->agent.horizon;
    if (early_under_way(core) && !core->early->keeping && core->limit > core->early->until_ps)
        core->limit = core->early->until_ps;
}

/* Control is back with the core, maybe after others ran. */
static void go_on(struct core *core)
{
    if (core->unwind)
        siglongjmp(*core->leave, 1);
    if (dav_running != core) {
        dav_running = core;
        view_enter(&core->chip->view, core->holder);
    }
    core_set_limits(core);
}

/* Cores share the host's thread, and with it the C library's errno, which is each thread's own. */
void core_wait(struct core *core, uint64_t until)
{
    int error = errno;

    clock_wait(&core->chip->clock, &core->agent, until);
    errno = error;
    go_on(core);
}

void core_block(struct core *core)
{
    int error = errno;

    clock_block(&core->chip->clock, &core->agent);
    errno = error;
    go_on(core);
}

void core_reach_bound(struct core *core)
{
    core_enter(core);
    if (!core->park.relive_until) {
        if (!core->task_open)
            park_consider(core);
        if (core->agent.now >= core->agent.horizon || core->agent.now > core->chip->clock.deadline)
            core_wait(core, core->agent.now);
    }
    core->bound = core->agent.now + (core->coherent ? BOUND_AICPU_PS : BOUND_AICORE_PS);
    core_leave(core);
}

void core_forget_pending(struct core *core)
{
    park_take_up(core);
    store_buffer_take_up(&core->stores);
    if (core->early)
        early_drop(core);
    core->stores = (struct store_buffer){0};
    core->releasing = false;
    core->evict_alarm = NULL; /* the book is cleared with all that stands in it */
    core->posted = NULL;
    core->posted_ps = 0;
    core->writebacks = NULL;
    core->writebacks_end = &core->writebacks;
    core->writeback_done_ps = 0;
    core->ordered_ps = 0;
    pipes_forget(core);
}
