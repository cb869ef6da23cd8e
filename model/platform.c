/* platform.c - see platform.h. A launch is what the platform does on silicon: fill in what it owns, copy the Runtime to
 * GM, run, copy it back.
 */
#include "model/platform.h"

#include "model/chip_state.h"
#include "model/device_fail.h"
#include "model/orchestration.h"
#include "model/platform_members.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Where a Runtime lives in GM: the same place for all launches between its init and its finalize. */
struct binding {
    struct binding *next;
    uint8_t *host;
    void *device;
    int device_id;
};

struct dav_platform {
    struct dav_host_part part;
    struct runtime_layout layout;
    const struct link_map *map; /* of the library */
    struct binding *bindings;
};

struct dav_platform *dav_platform_open(const struct dav_host_part *part, const void *address)
{
    struct dav_platform *platform = calloc(1, sizeof(*platform));
    struct link_map *map = NULL;
    Dl_info where;

    if (!platform)
        abort();
    platform->part = *part;
    if (dladdr1(address, &where, (void **)&map, RTLD_DL_LINKMAP) && where.dli_fname)
        members_read(where.dli_fname, &platform->layout);
    platform->map = map;
    return platform;
}

static int check_layout(const struct dav_platform *platform, const char *call)
{
    if (platform->layout.size)
        return DAV_OK;
    return device_fail(
        DAV_BAD_INPUT,
        "%s: the runtime's host part has no debug information of a structure or class Runtime: define it "
        "in runtime.h and build with davcc, unstripped",
        call);
}

size_t dav_platform_size(const struct dav_platform *platform)
{
    return check_layout(platform, "get_runtime_size") == DAV_OK ? platform->layout.size : 0;
}

/* The caller's memory need not have the alignment of a cache line: on the host no line of it is ever shared. */
static int check_runtime(const struct dav_platform *platform, const char *call, const void *runtime)
{
    if (!runtime)
        return device_fail(DAV_BAD_INPUT, "%s: the runtime is NULL; give it get_runtime_size() bytes of memory", call);
    if ((uintptr_t)runtime % _Alignof(max_align_t) != 0)
        return device_fail(DAV_BAD_INPUT, "%s: the runtime at %p is not aligned as malloc aligns (%zu bytes)", call,
                           runtime, _Alignof(max_align_t));
    return check_layout(platform, call);
}

/* ---- bindings ---- */

static struct binding *binding_find(const struct dav_platform *platform, const void *runtime)
{
    struct binding *binding = platform->bindings;

    while (binding && binding->host != runtime)
        binding = binding->next;
    return binding;
}

static struct binding *binding_add(struct dav_platform *platform, void *runtime)
{
    struct binding *binding = calloc(1, sizeof(*binding));

    if (!binding)
        abort();
    *binding = (struct binding){.next = platform->bindings, .host = runtime};
    platform->bindings = binding;
    return binding;
}

/* Give the copy on the device back, from whichever device is the current one. */
static void release_copy(struct binding *binding)
{
    if (!binding->device)
        return;
    const int current = dav_chip->device_id;
    dav_set_device(binding->device_id);
    dav_free(binding->device);
    binding->device = NULL;
    dav_set_device(current);
}

static void binding_remove(struct dav_platform *platform, const void *runtime)
{
    struct binding **link = &platform->bindings;

    while (*link && (*link)->host != runtime)
        link = &(*link)->next;
    if (!*link)
        return;
    struct binding *binding = *link;
    *link = binding->next;
    release_copy(binding);
    free(binding);
}

/* ---- the host part's functions, whose C++ may throw ---- */

struct call {
    const struct dav_platform *platform;
    void *runtime;
    const struct dav_init *what;
};

static int call_init(void *ctx)
{
    const struct call *call = ctx;
    const struct dav_init *what = call->what;

    if (call->platform->part.construct)
        call->platform->part.construct(call->runtime);
    else
        memset(call->runtime, 0, call->platform->layout.size);
    members_give_functions(&call->platform->layout, call->runtime);
    return call->platform->part.init(call->runtime, what->orchestration, what->size, what->function, what->args,
                                     what->arg_count, what->arg_types, what->arg_sizes, what->kernel_ids, what->kernels,
                                     what->kernel_sizes, what->kernel_count);
}

static int call_validate(void *ctx)
{
    const struct call *call = ctx;

    return call->platform->part.validate(call->runtime);
}

static int call_destroy(void *ctx)
{
    const struct call *call = ctx;

    call->platform->part.destroy(call->runtime);
    return 0;
}

/* Return what @function returned; an exception is told, and is -1. */
static int guarded(const char *name, int (*function)(void *ctx), struct call *call)
{
    char text[256] = "";
    int result =
        call->platform->part.guard ? call->platform->part.guard(function, call, text, sizeof(text)) : function(call);

    if (text[0])
        device_fail(DAV_BAD_INPUT, "%s: the runtime's host part threw an exception: %s", name, text);
    return result;
}

static int check_init(const struct dav_platform *platform, const void *runtime, const struct dav_init *what)
{
    int status = check_runtime(platform, "init_runtime", runtime);

    if (status != DAV_OK)
        return status;
    if (!platform->part.init)
        return device_fail(DAV_BAD_INPUT, "init_runtime: the runtime's host part exports none of init_runtime_impl, "
                                          "InitRuntimeImpl and InitRuntime: define one with C linkage");
    if (!what->orchestration || what->size == 0 || !what->function || what->arg_count < 0 ||
        (what->arg_count > 0 && !what->args))
        return device_fail(DAV_BAD_INPUT, "init_runtime: needs the orchestration's bytes, the name of its function and "
                                          "its arguments");
    char error[512];
    const bool is_elf = what->size > SELFMAG && memcmp(what->orchestration, ELFMAG, SELFMAG) == 0;
    /* What is no library at all is the runtime's to refuse: it may leave that to the device. */
    if ((is_elf || platform->part.trusts) &&
        !orchestration_check(what->orchestration, what->size, what->function, error, sizeof(error)))
        return device_fail(DAV_BAD_INPUT, "init_runtime: %s", error);
    if (what->kernel_count > 0 && (!what->kernel_ids || !what->kernels || !what->kernel_sizes))
        return device_fail(DAV_BAD_INPUT, "init_runtime: %d kernels, but no list of them", what->kernel_count);
    return DAV_OK;
}

int dav_platform_init(struct dav_platform *platform, void *runtime, const struct dav_init *what)
{
    struct dav_init bound = *what;
    struct call call = {platform, runtime, &bound};
    int status = check_init(platform, runtime, what);

    /* A runtime that uploads kernels itself was given the means to. */
    for (int i = 0; status == DAV_OK && !platform->layout.upload_kernel_binary.size && i < what->kernel_count; i++)
        status = dav_register_kernel(what->kernel_ids[i], what->kernels[i], what->kernel_sizes[i]);
    if (status != DAV_OK)
        return status;
    binding_remove(platform, runtime); /* memory that an unfinished runtime left */
    uint8_t *orchestration = orchestration_bind(platform->map, what->orchestration, what->size);
    bound.orchestration = orchestration;
    status = guarded("init_runtime", call_init, &call);
    free(orchestration);
    if (status != 0) {
        if (platform->part.destroy)
            guarded("init_runtime", call_destroy, &call);
        return DAV_BAD_INPUT;
    }
    binding_add(platform, runtime);
    return DAV_OK;
}

/* Does the Runtime have room for what is asked? The chip's own limits are the launch's to check. */
static int check_launch(const struct dav_platform *platform, const struct dav_launch *launch, int cores_per_block)
{
    if (cores_per_block < 1)
        return DAV_BAD_INPUT; /* the chip could not be built, and has said why */
    uint64_t room = platform->layout.workers.elements / (uint64_t)cores_per_block;
    if (!platform->layout.workers.element)
        room = (uint64_t)INT32_MAX;
    if (launch->block_dim < 1 || (uint64_t)launch->block_dim > room)
        return device_fail(DAV_BAD_INPUT, "launch_runtime: block_dim is %d; this runtime takes 1 to %llu %s",
                           launch->block_dim, (unsigned long long)room,
                           launch->only ? "AICores" : "clusters of AICores");
    if (launch->aicpu_threads < 1)
        return device_fail(DAV_BAD_INPUT,
                           "launch_runtime: aicpu_thread_num is %d; at least one AICPU thread has to schedule",
                           launch->aicpu_threads);
    return DAV_OK;
}

/* Copy to GM, run, copy back. */
static int run(const struct dav_platform *platform, struct binding *binding, struct dav_launch *launch, int device_id)
{
    const size_t size = platform->layout.size;

    if (binding->device_id != device_id)
        release_copy(binding);
    if (!binding->device)
        binding->device = dav_malloc(size);
    if (!binding->device)
        return DAV_BAD_INPUT;
    binding->device_id = device_id;
    launch->runtime = binding->device;
    launch->runtime_size = size;
    int status = dav_copy_to_device(binding->device, binding->host, size);
    if (status == DAV_OK)
        status = dav_launch(launch);
    if (status == DAV_OK)
        status = dav_copy_from_device(binding->host, binding->device, size);
    return status;
}

int dav_platform_launch(struct dav_platform *platform, void *runtime, int device_id, const struct dav_launch *asked)
{
    const struct runtime_layout *layout = &platform->layout;
    struct dav_launch launch = *asked;
    int status = check_runtime(platform, "launch_runtime", runtime);

    if (status != DAV_OK)
        return status;
    struct binding *binding = binding_find(platform, runtime);
    if (!binding)
        return device_fail(DAV_BAD_INPUT, "launch_runtime: the runtime at %p holds no graph; call init_runtime first",
                           runtime);
    if (!launch.aicpu_binary || launch.aicpu_size == 0 || !launch.aicore_binary || launch.aicore_size == 0)
        return device_fail(DAV_BAD_INPUT, "launch_runtime: the %s binary is empty; pass what the runtime's build gave",
                           !launch.aicpu_binary || launch.aicpu_size == 0 ? "AICPU" : "AICore");
    status = dav_set_device(device_id);
    if (status != DAV_OK)
        return status;
    launch.only = members_only(layout, binding->host);
    const int cores_per_block = launch.only ? 1 : dav_cores_per_block();
    status = check_launch(platform, &launch, cores_per_block);
    if (status == DAV_OK)
        status = members_prepare(layout, binding->host, &launch, launch.block_dim * cores_per_block);
    if (status != DAV_OK)
        return status;
    return run(platform, binding, &launch, device_id);
}

int dav_platform_finalize(struct dav_platform *platform, void *runtime)
{
    struct call call = {platform, runtime, NULL};
    int status = check_runtime(platform, "finalize_runtime", runtime);

    if (status != DAV_OK)
        return status;
    if (!binding_find(platform, runtime))
        return device_fail(DAV_BAD_INPUT, "finalize_runtime: the runtime at %p holds no graph; call init_runtime first",
                           runtime);
    if (!platform->part.validate)
        return device_fail(DAV_BAD_INPUT, "finalize_runtime: the runtime's host part exports none of "
                                          "validate_runtime_impl, ValidateRuntimeImpl and FinalizeRuntime");
    status = guarded("finalize_runtime", call_validate, &call) == 0 ? DAV_OK : DAV_BAD_INPUT;
    binding_remove(platform, runtime);
    if (platform->part.destroy)
        guarded("finalize_runtime", call_destroy, &call);
    return status;
}
