// my_example_orch.cpp - runs on the host, and says what is to be executed on the device: out = in + 1, a task a tile.
//
// A tile begins on a line of its own, so that no two cores write the same line.
#include "runtime.h"

#include <algorithm>

enum { TILE_FLOATS = 64, FUNC_ID = 0, AIV = 1 };

// Device memory that is freed after the run, and copied to @host before that.
static float *make_tensor(Runtime *runtime, void *host, size_t size)
{
    void *dev = runtime->host_api.DeviceMalloc(size);
    if (dev)
        runtime->RecordTensorPair(host, dev, size);
    return static_cast<float *>(dev);
}

// args: in and out on the host, bytes of each.
extern "C" int build_my_example(Runtime *runtime, uint64_t *args, int arg_count)
{
    if (arg_count != 3)
        return -1;
    void *host_in = reinterpret_cast<void *>(args[0]);
    void *host_out = reinterpret_cast<void *>(args[1]);
    size_t size = args[2], count = size / sizeof(float);

    float *in = make_tensor(runtime, host_in, size);
    float *out = make_tensor(runtime, host_out, size);
    if (!in || !out)
        return -1;
    runtime->host_api.CopyToDevice(in, host_in, size);

    for (size_t i = 0; i < count; i += TILE_FLOATS) {
        uint64_t floats = std::min<size_t>(TILE_FLOATS, count - i);
        uint64_t task_args[] = {reinterpret_cast<uint64_t>(in + i), reinterpret_cast<uint64_t>(out + i), floats};
        if (runtime->add_task(task_args, 3, FUNC_ID, AIV) < 0)
            return -1;
    }
    return 0;
}
