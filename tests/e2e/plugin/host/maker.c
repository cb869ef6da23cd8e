/* maker.c - the plugin goes to GM as it is; the last argument is the mode. */
#include "runtime.h"

#include <string.h>

int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count)
{
    runtime->kernel = runtime->host_api.get_kernel_addr(0);
    runtime->library = runtime->host_api.device_malloc(size);
    runtime->library_size = size;
    runtime->mode = (int)args[arg_count - 1];
    memcpy(runtime->args, args, sizeof(*args) * (size_t)(arg_count - 1));
    strncpy(runtime->function, function, sizeof runtime->function - 1);
    return runtime->library ? runtime->host_api.copy_to_device(runtime->library, orchestration, size) : -1;
}

int validate_runtime_impl(Runtime *runtime)
{
    runtime->host_api.device_free(runtime->library);
    return 0;
}
