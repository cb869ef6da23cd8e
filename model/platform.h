/* platform.h - what the platform does with a runtime, whatever it is written in and however it names things.
 *
 * A runtime's structure, `Runtime`, is its own affair; the platform only knows some of its members by name, fills them
 * in, copies the whole to GM, launches, and copies it back. Names and places come from the debug information of the
 * runtime's host part, so that nothing has to be declared: each generation of the platform has names of its own, and a
 * member that is not there is not set.
 *
 *   what it means                 names
 *   the AICores' mailboxes        workers, handshakes: an array; of each, aicpu_ready, aicore_done, control, task and
 *                                 task_status become 0, core_type 0 (AIC) or 1 (AIV)
 *   clusters, AICores, threads    block_dim; worker_count; sche_cpu_num, scheCpuNum. In the guide block_dim is the
 * number of AICores: so it is where there is no worker_count; they are AIVs if all tasks ask for those, else AICs the
 * host's functions          host_api, with members device_malloc, device_free, copy_to_device, copy_from_device (or
 * DeviceMalloc, ...), upload_kernel_binary, get_kernel_addr tasks                         tasks, an array of
 * structures; of each of the first task_count (or next_task_id), function_bin_addr or functionBinAddr becomes the
 * address of the kernel func_id
 *
 * Sources: the guide; the public history of hw-native-sys/simpler, src/platform and src/a2a3/platform.
 *
 * This header is for tools/host/c_api.c, which is compiled into each host part and exports the platform's C API.
 */
#ifndef DAV_PLATFORM_H
#define DAV_PLATFORM_H

#include "davsim.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Everything that init_runtime can be given. */
struct dav_init {
    const uint8_t *orchestration; /* a shared library, and its size */
    size_t size;
    const char *function; /* its function that builds the graph */
    uint64_t *args;
    int arg_count;
    int *arg_types;        /* one an argument, or NULL */
    uint64_t *arg_sizes;   /* bytes behind each argument that is a pointer, or NULL */
    const int *kernel_ids; /* kernels that are registered with the runtime: func_ids, .text sections, sizes */
    const uint8_t *const *kernels;
    const size_t *kernel_sizes;
    int kernel_count;
};

/* What a runtime's host part has to say; NULL where it has nothing. */
struct dav_host_part {
    void (*construct)(void *runtime); /* C++: run the constructor. Else memory is set to 0. */
    void (*destroy)(void *runtime);
    /* Call @call(ctx); a C++ exception becomes -1 with its text in @what. */
    int (*guard)(int (*call)(void *ctx), void *ctx, char *what, size_t size);
    /* Build the graph. Older generations take the first six arguments and do not look at the others. */
    int (*init)(void *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                int arg_count, int *arg_types, uint64_t *arg_sizes, const int *kernel_ids,
                const uint8_t *const *kernels, const size_t *kernel_sizes, int kernel_count);
    int (*validate)(void *runtime); /* copy results back */
    bool trusts; /* init gives the orchestration to dlopen without a look, as the guide's text does */
};

struct dav_platform;

/** dav_platform_open - read the layout of the Runtime in the host part that holds @address.
 *  To be called while the file it was loaded from is there.
 *  Return: never NULL; what could not be read is told by the calls below. */
DAV_PUBLIC struct dav_platform *dav_platform_open(const struct dav_host_part *part, const void *address);

/** dav_platform_size - bytes of a Runtime, 0 after one line if they are not known. */
DAV_PUBLIC size_t dav_platform_size(const struct dav_platform *platform);

/** dav_platform_init - make a Runtime in @runtime and let the host part build its graph. */
DAV_PUBLIC int dav_platform_init(struct dav_platform *platform, void *runtime, const struct dav_init *what);

/** dav_platform_launch - run it: @launch says all but the runtime's place on the device. */
DAV_PUBLIC int dav_platform_launch(struct dav_platform *platform, void *runtime, int device_id,
                                   const struct dav_launch *launch);

/** dav_platform_finalize - let the host part take the results; the Runtime is gone afterwards. */
DAV_PUBLIC int dav_platform_finalize(struct dav_platform *platform, void *runtime);

#ifdef __cplusplus
}
#endif
#endif
