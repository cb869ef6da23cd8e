/* cores.h - the AICores as an AICPU thread drives them: found by the place they report, offered one task while they
 * execute another, asked through COND.
 *
 * COND holds only its newest value. A core that answers anything for the second task has ended the first one, whose own
 * FIN may never have been seen.
 */
#ifndef CORES_H
#define CORES_H

#include <cstdint>

#include "aicpu/device_log.h"
#include "aicpu/platform_regs.h"
#include "common/memory_barrier.h"
#include "handshake.h"
#include "protocol.h"
#include "spin_hint.h"

struct Core {
    uint64_t window;
    CoreType type;
    int offered; /* no answer yet */
    int running; /* begun */

    bool busy() const { return offered != AICPU_TASK_INVALID || running != AICPU_TASK_INVALID; }
    bool takes() const { return offered == AICPU_TASK_INVALID; }

    void offer(int task)
    {
        offered = task;
        write_reg(window, RegId::DATA_MAIN_BASE, offer_of(task));
    }

    /* The tasks that have ended since the last look, at most two. */
    int look(int ended[2])
    {
        const uint64_t cond = read_reg(window, RegId::COND);
        const int id = EXTRACT_TASK_ID(cond);
        const bool finished = EXTRACT_TASK_STATE(cond) == TASK_FIN_STATE;
        int count = 0;

        if (offered != AICPU_TASK_INVALID && id == offered) {
            if (running != AICPU_TASK_INVALID)
                ended[count++] = running;
            running = offered;
            offered = AICPU_TASK_INVALID;
        }
        if (running != AICPU_TASK_INVALID && id == running && finished) {
            ended[count++] = running;
            running = AICPU_TASK_INVALID;
        }
        return count;
    }
};

/* Wait for core @i to report, and open its registers. Return: whether it is a core. */
inline bool find_core(Handshake *mailbox, int i, Core *core)
{
    const uint64_t *windows = reinterpret_cast<const uint64_t *>(get_platform_regs());

    while (mailbox->aicore_regs_ready == 0)
        SPIN_WAIT_HINT();
    rmb();
    if (mailbox->physical_core_id >= platform_get_physical_cores_count()) {
        DEV_ERROR("core %d is at place %u", i, mailbox->physical_core_id);
        return false;
    }
    *core = {windows[mailbox->physical_core_id], mailbox->core_type, AICPU_TASK_INVALID, AICPU_TASK_INVALID};
    platform_init_aicore_regs(core->window);
    wmb();
    mailbox->aicpu_regs_ready = 1;
    return true;
}

/* Greet @count cores and wait until all have answered. Return: whether all are there. */
inline bool find_cores(Handshake *mailboxes, int count, Core *cores)
{
    bool found = count > 0 && count <= PLATFORM_MAX_CORES;

    for (int i = 0; i < count; i++)
        mailboxes[i].aicpu_ready = 1;
    wmb();
    for (int i = 0; found && i < count; i++)
        found = find_core(&mailboxes[i], i, &cores[i]);
    for (int i = 0; found && i < count; i++)
        while (mailboxes[i].aicore_done == 0)
            SPIN_WAIT_HINT();
    return found;
}

#endif
