/* c_api.c - the platform's C API, exported from the host library of each runtime.
 *
 * It is compiled into that library because it has to meet the runtime's own functions there, under whichever names they
 * have (those that are not there are NULL), and to leave the names that the runtime has taken for itself. All else is
 * the platform's (model/platform.h).
 */
#include "pto_runtime_c_api.h"

#include "../../model/platform.h"

#include <stdbool.h>

typedef int init_function(void *runtime, const uint8_t *orchestration, size_t size, const char *function,
                          uint64_t *args, int arg_count, int *arg_types, uint64_t *arg_sizes, const int *kernel_ids,
                          const uint8_t *const *kernels, const size_t *kernel_sizes, int kernel_count);
typedef int validate_function(void *runtime);

/* What a runtime may export: the platform's generations in turn, the guide's last. */
#define OPTIONAL(name) __asm__(name) __attribute__((weak))
extern init_function init_snake OPTIONAL("init_runtime_impl");
extern init_function init_camel OPTIONAL("InitRuntimeImpl");
extern init_function init_guide OPTIONAL("InitRuntime");
extern validate_function validate_snake OPTIONAL("validate_runtime_impl");
extern validate_function validate_camel OPTIONAL("ValidateRuntimeImpl");
extern validate_function validate_guide OPTIONAL("FinalizeRuntime");

/* Of a runtime in C++: runtime.cpp. */
extern void construct(void *runtime) OPTIONAL("dav_runtime_construct");
extern void destroy(void *runtime) OPTIONAL("dav_runtime_destroy");
extern int guard(int (*call)(void *ctx), void *ctx, char *what, size_t size) OPTIONAL("dav_runtime_guard");

static struct dav_platform *platform;

/* A weak alias of ours is the runtime's own function if the runtime has one of that name. */
static bool is_ours(const void *function, const void *ours)
{
    return function == ours;
}

__attribute__((constructor)) static void open_platform(void)
{
    const bool guide = !init_snake && !init_camel && !is_ours((void *)init_guide, (void *)init_runtime);
    const struct dav_host_part part = {
        .construct = construct,
        .destroy = destroy,
        .guard = guard,
        .init = init_snake   ? init_snake
                : init_camel ? init_camel
                : guide      ? init_guide
                             : NULL,
        .validate = validate_snake                                              ? validate_snake
                    : validate_camel                                            ? validate_camel
                    : is_ours((void *)validate_guide, (void *)finalize_runtime) ? NULL
                                                                                : validate_guide,
        .trusts = guide,
    };
    platform = dav_platform_open(&part, (void *)open_platform);
}

size_t get_runtime_size(void)
{
    return dav_platform_size(platform);
}

int init_runtime(void *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                 int arg_count)
{
    const struct dav_init what = {
        .orchestration = orchestration, .size = size, .function = function, .args = args, .arg_count = arg_count};
    return dav_platform_init(platform, runtime, &what);
}

int init_runtime_from(void *runtime, const struct dav_init *what)
{
    return dav_platform_init(platform, runtime, what);
}

int launch_runtime(void *runtime, int aicpu_threads, int block_dim, int device_id, const uint8_t *aicpu,
                   size_t aicpu_size, const uint8_t *aicore, size_t aicore_size)
{
    const struct dav_launch launch = {
        .aicpu_threads = aicpu_threads,
        .block_dim = block_dim,
        .aicpu_binary = aicpu,
        .aicpu_size = aicpu_size,
        .aicore_binary = aicore,
        .aicore_size = aicore_size,
    };
    return dav_platform_launch(platform, runtime, device_id, &launch);
}

int finalize_runtime(void *runtime)
{
    return dav_platform_finalize(platform, runtime);
}

int set_device(int device_id)
{
    return dav_set_device(device_id);
}

int register_kernel(int func_id, const uint8_t *text, size_t size)
{
    return dav_register_kernel(func_id, text, size);
}

void *device_malloc(size_t size)
{
    return dav_malloc(size);
}

void device_free(void *dev_ptr)
{
    dav_free(dev_ptr);
}

int copy_to_device(void *dev_ptr, const void *host_ptr, size_t size)
{
    return dav_copy_to_device(dev_ptr, host_ptr, size);
}

int copy_from_device(void *host_ptr, const void *dev_ptr, size_t size)
{
    return dav_copy_from_device(host_ptr, dev_ptr, size);
}

int device_computes(void)
{
    return dav_computes();
}

int device_figures(struct dav_figures *figures)
{
    return dav_figures(figures);
}

/* The names of the generation before, as far as the runtime has not taken them. */
#define OLD_NAME(result, name, arguments, of) PTO_API __attribute__((weak, alias(#of))) result name arguments

OLD_NAME(size_t, GetRuntimeSize, (void), get_runtime_size);
OLD_NAME(int, InitRuntime, (void *, const uint8_t *, size_t, const char *, uint64_t *, int), init_runtime);
OLD_NAME(int, FinalizeRuntime, (void *), finalize_runtime);
OLD_NAME(int, RegisterKernel, (int, const uint8_t *, size_t), register_kernel);
OLD_NAME(void *, DeviceMalloc, (size_t), device_malloc);
OLD_NAME(void, DeviceFree, (void *), device_free);
OLD_NAME(int, CopyToDevice, (void *, const void *, size_t), copy_to_device);
OLD_NAME(int, CopyFromDevice, (void *, const void *, size_t), copy_from_device);
