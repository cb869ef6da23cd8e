/* profiling.cpp - see profiling.h. */
#include "profiling.h"

#include <memory>

/* What Python's Runtime.enable_profiling calls, between initialize and launch. */
extern "C" int enable_runtime_profiling(Runtime *runtime, int enabled)
{
    const uint32_t none = 0;

    runtime->enable_profiling = enabled != 0;
    for (int i = 0; enabled && i < PLATFORM_MAX_CORES; i++) {
        PerfBuffer *buffer = static_cast<PerfBuffer *>(runtime->host_api.device_malloc(sizeof(PerfBuffer)));
        if (!buffer ||
            runtime->host_api.copy_to_device(const_cast<uint32_t *>(&buffer->count), &none, sizeof none) != 0)
            return -1;
        runtime->workers[i].perf_records_addr = reinterpret_cast<uint64_t>(buffer);
    }
    return 0;
}

static int count_sound(const PerfBuffer *buffer, int count)
{
    int sound = 0;

    for (int i = 0; i < count; i++) {
        const PerfRecord &record = buffer->records[i];
        sound += record.kernel_ready_time <= record.start_time && record.start_time < record.end_time &&
                 record.duration == record.end_time - record.start_time;
    }
    return sound;
}

int take_records(Runtime *runtime)
{
    std::unique_ptr<PerfBuffer> buffer(new PerfBuffer);
    int sound = 0;

    for (int i = 0; i < PLATFORM_MAX_CORES; i++) {
        PerfBuffer *device = reinterpret_cast<PerfBuffer *>(runtime->workers[i].perf_records_addr);
        const size_t from = offsetof(PerfBuffer, count);
        uint32_t count = 0;
        if (runtime->host_api.copy_from_device(&count, reinterpret_cast<char *>(device) + from, sizeof count) != 0 ||
            runtime->host_api.copy_from_device(buffer->records, device->records, count * sizeof(PerfRecord)) != 0)
            return -1;
        buffer->count = count;
        sound += count_sound(buffer.get(), runtime->complete_perf_records(buffer.get()));
        runtime->host_api.device_free(device);
    }
    return sound;
}
