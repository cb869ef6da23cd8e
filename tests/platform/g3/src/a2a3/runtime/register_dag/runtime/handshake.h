/* handshake.h - how AICPU and AICore meet: a line of GM each, which the two write in turn. Afterwards all is said
 * through registers.
 *
 *   AICPU    aicpu_ready
 *   AICore   physical_core_id, core_type, aicore_regs_ready (and aicore_done, where nothing comes between)
 *   AICPU    opens the core's registers, then aicpu_regs_ready
 *   AICore   aicore_done
 */
#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include <cstdint>

#include "common/core_type.h"

struct Handshake {
    volatile uint32_t aicpu_ready;
    volatile uint32_t aicore_done;
    volatile uint64_t task; /* the platform's, of no use here, and so are the next two */
    volatile int32_t task_status;
    volatile int32_t control;
    volatile CoreType core_type;
    volatile uint32_t physical_core_id;
    volatile uint32_t aicore_regs_ready;
    volatile uint32_t aicpu_regs_ready;
    uint64_t perf_records_addr; /* a PerfBuffer in GM, or 0 */
} __attribute__((aligned(64)));

static_assert(sizeof(Handshake) == 64, "a handshake is a line");

#endif
