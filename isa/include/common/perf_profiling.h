/* common/perf_profiling.h - records in which device code of the register era notes its own times.
 *
 * davsim never asks for them: a Runtime's enable_profiling stays false, and its traces say more. The types are here for
 * sources that speak of them; field names from the public tree hw-native-sys/simpler, src/a2a3/platform.
 */
#ifndef DAV_COMMON_PERF_PROFILING_H
#define DAV_COMMON_PERF_PROFILING_H

#include <stdint.h>

#include "core_type.h"
#include "platform_config.h"

#ifndef RUNTIME_MAX_FANOUT
#define RUNTIME_MAX_FANOUT 512
#endif

/* One task's times, in ticks of the system counter. */
typedef struct PerfRecord {
    uint64_t start_time, end_time, duration;
    uint64_t kernel_ready_time;          /* the core had entered its loop */
    uint64_t dispatch_time, finish_time; /* as the AICPU saw them */
    uint32_t task_id, func_id;
    CoreType core_type;
    int32_t fanout[RUNTIME_MAX_FANOUT];
    int32_t fanout_count;
} __attribute__((aligned(64))) PerfRecord;

typedef struct PerfBuffer {
    PerfRecord records[PLATFORM_PROF_BUFFER_SIZE];
    volatile uint32_t count;
} __attribute__((aligned(64))) PerfBuffer;

#endif
