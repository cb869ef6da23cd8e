/* aicpu/performance_collector_aicpu.h - the AICPU's side of common/perf_profiling.h.
 *
 * Nobody collects here, so these do nothing: device code calls them only where a Runtime's enable_profiling is set, and
 * davsim never sets it.
 */
#ifndef DAV_AICPU_PERFORMANCE_COLLECTOR_AICPU_H
#define DAV_AICPU_PERFORMANCE_COLLECTOR_AICPU_H

#include "../common/perf_profiling.h"
#include "device_time.h"

static inline void perf_aicpu_init_profiling(void *runtime)
{
    (void)runtime;
}

static inline void perf_aicpu_record_dispatch_and_finish_time(PerfRecord *record, uint64_t dispatch_time,
                                                              uint64_t finish_time)
{
    record->dispatch_time = dispatch_time;
    record->finish_time = finish_time;
}

static inline void perf_aicpu_switch_buffer(void *runtime, int core_id, int thread)
{
    (void)runtime, (void)core_id, (void)thread;
}

static inline void perf_aicpu_flush_buffers(void *runtime, int thread, const int *cores, int core_count)
{
    (void)runtime, (void)thread, (void)cores, (void)core_count;
}

static inline void perf_aicpu_update_total_tasks(void *runtime, uint32_t tasks)
{
    (void)runtime, (void)tasks;
}

#endif
