/* aicore/performance_collector_aicore.h - an AICore notes a task in its buffer; see common/perf_profiling.h. */
#ifndef DAV_AICORE_PERFORMANCE_COLLECTOR_AICORE_H
#define DAV_AICORE_PERFORMANCE_COLLECTOR_AICORE_H

#include "../common/perf_profiling.h"
#include "aicore.h"

/** perf_aicore_record_task - append to @buffer, and write it back; a full buffer stays as it is. */
static inline void perf_aicore_record_task(__gm__ PerfBuffer *buffer, uint32_t task_id, uint32_t func_id,
                                           uint64_t start_time, uint64_t end_time, uint64_t kernel_ready_time,
                                           CoreType core_type)
{
    dcci(&buffer->count, SINGLE_CACHE_LINE);
    uint32_t count = buffer->count;
    if (count >= PLATFORM_PROF_BUFFER_SIZE)
        return;
    __gm__ PerfRecord *record = &buffer->records[count];
    record->start_time = start_time;
    record->end_time = end_time;
    record->kernel_ready_time = kernel_ready_time;
    record->task_id = task_id;
    record->func_id = func_id;
    record->core_type = core_type;
    buffer->count = count + 1;
    dcci(record, ENTIRE_DATA_CACHE, CACHELINE_OUT);
}

#endif
