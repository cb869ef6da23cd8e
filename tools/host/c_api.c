/* c_api.c - the platform's C API on the simulated chip.
 *
 * Compiled into the host library of each runtime, with that runtime's own "runtime.h": the type Runtime, its sizes and
 * the names of its fields are known here and nowhere else in the simulator. A launch is what the platform does on
 * silicon: fill in what the platform owns, copy the Runtime to GM, run, copy it back.
 */
#include "pto_runtime_c_api.h"

#include "../../model/davsim.h"
#include "runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a Runtime lives in GM: the same place for all launches between its init and its finalize. */
struct binding {
    struct binding *next;
    Runtime *host;
    void *device;
};

static struct binding *bindings;

static struct binding *binding_find(const Runtime *host)
{
    struct binding *binding = bindings;
    while (binding && binding->host != host)
        binding = binding->next;
    return binding;
}

static struct binding *binding_add(Runtime *host)
{
    struct binding *binding = calloc(1, sizeof *binding);
    if (!binding)
        return NULL;
    *binding = (struct binding){.next = bindings, .host = host};
    bindings = binding;
    return binding;
}

/* Forget @host and give its device copy back. */
static void binding_remove(const Runtime *host)
{
    for (struct binding **link = &bindings; *link; link = &(*link)->next) {
        struct binding *binding = *link;
        if (binding->host != host)
            continue;
        *link = binding->next;
        if (binding->device)
            dav_free(binding->device);
        free(binding);
        return;
    }
}

/* One line on stderr; the status for the caller. */
#define REFUSE(...) (fprintf(stderr, "davsim: " __VA_ARGS__), fputc('\n', stderr), (int)DAV_BAD_INPUT)

/* The caller's memory need not have the alignment of a cache line: on the host no line of it is ever shared. */
static int check_runtime(const char *where, const void *runtime)
{
    if (!runtime)
        return REFUSE("%s: the runtime is NULL; give it get_runtime_size() bytes of memory", where);
    if ((uintptr_t)runtime % _Alignof(max_align_t) != 0)
        return REFUSE("%s: the runtime at %p is not aligned as malloc aligns (%zu bytes)", where, runtime,
                      _Alignof(max_align_t));
    return DAV_OK;
}

size_t get_runtime_size(void)
{
    return sizeof(Runtime);
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

int init_runtime(void *memory, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                 int arg_count)
{
    int status = check_runtime("init_runtime", memory);
    if (status != DAV_OK)
        return status;
    if (!orchestration || size == 0 || !function || arg_count < 0 || (arg_count > 0 && !args))
        return REFUSE("init_runtime: needs the orchestration's bytes, the name of its function and its arguments");

    Runtime *runtime = memory;
    binding_remove(runtime); /* memory that an unfinished runtime left */
    memset(runtime, 0, sizeof *runtime);
    runtime->host_api = (HostApi){
        .device_malloc = device_malloc,
        .device_free = device_free,
        .copy_to_device = copy_to_device,
        .copy_from_device = copy_from_device,
        .get_kernel_addr = dav_kernel_addr,
    };
    if (init_runtime_impl(runtime, orchestration, size, function, args, arg_count) != 0)
        return DAV_BAD_INPUT;
    if (!binding_add(runtime)) {
        validate_runtime_impl(runtime);
        fprintf(stderr, "davsim: init_runtime: out of host memory\n");
        return DAV_INTERNAL;
    }
    return DAV_OK;
}

/* What the platform sets before each launch. */
static void prepare(Runtime *runtime, int aicpu_threads, int block_dim, int cores)
{
    runtime->block_dim = block_dim;
    runtime->worker_count = cores;
    runtime->sche_cpu_num = aicpu_threads;
    for (int i = 0; i < cores; i++) {
        runtime->workers[i].aicpu_ready = 0;
        runtime->workers[i].aicore_done = 0;
        runtime->workers[i].control = 0;
        runtime->workers[i].task = NULL;
        runtime->workers[i].task_status = 0;
        runtime->workers[i].core_type = i < block_dim ? 0 : 1;
    }
}

/* Copy to GM, run, copy back. */
static int run(struct binding *binding, struct dav_launch *launch)
{
    if (!binding->device)
        binding->device = dav_malloc(sizeof(Runtime));
    if (!binding->device)
        return DAV_BAD_INPUT;
    launch->runtime = binding->device;
    launch->runtime_size = sizeof(Runtime);
    int status = dav_copy_to_device(binding->device, binding->host, sizeof(Runtime));
    if (status == DAV_OK)
        status = dav_launch(launch);
    if (status == DAV_OK)
        status = dav_copy_from_device(binding->host, binding->device, sizeof(Runtime));
    return status;
}

int launch_runtime(void *memory, int aicpu_threads, int block_dim, int device_id, const uint8_t *aicpu,
                   size_t aicpu_size, const uint8_t *aicore, size_t aicore_size)
{
    int status = check_runtime("launch_runtime", memory);
    if (status != DAV_OK)
        return status;
    struct binding *binding = binding_find(memory);
    if (!binding)
        return REFUSE("launch_runtime: the runtime at %p holds no graph; call init_runtime first", memory);
    if (!aicpu || aicpu_size == 0 || !aicore || aicore_size == 0)
        return REFUSE("launch_runtime: the %s binary is empty; pass what the runtime's build gave",
                      !aicpu || aicpu_size == 0 ? "AICPU" : "AICore");
    status = dav_set_device(device_id);
    if (status != DAV_OK)
        return status;
    int cores_per_block = dav_cores_per_block();
    int room = (int)(sizeof binding->host->workers / sizeof binding->host->workers[0]);
    if (cores_per_block < 1)
        return DAV_BAD_INPUT; /* the chip could not be built, and has said why */
    if (block_dim < 1 || block_dim > room / cores_per_block)
        return REFUSE("launch_runtime: block_dim is %d; this runtime takes 1 to %d clusters of %d cores", block_dim,
                      room / cores_per_block, cores_per_block);
    if (aicpu_threads < 1)
        return REFUSE("launch_runtime: aicpu_thread_num is %d; at least one AICPU thread has to schedule",
                      aicpu_threads);

    prepare(binding->host, aicpu_threads, block_dim, cores_per_block * block_dim);
    struct dav_launch launch = {
        .aicpu_threads = aicpu_threads,
        .block_dim = block_dim,
        .aicpu_binary = aicpu,
        .aicpu_size = aicpu_size,
        .aicore_binary = aicore,
        .aicore_size = aicore_size,
    };
    return run(binding, &launch);
}

int finalize_runtime(void *memory)
{
    int status = check_runtime("finalize_runtime", memory);
    if (status != DAV_OK)
        return status;
    if (!binding_find(memory))
        return REFUSE("finalize_runtime: the runtime at %p holds no graph; call init_runtime first", memory);
    status = validate_runtime_impl(memory) == 0 ? DAV_OK : DAV_BAD_INPUT;
    binding_remove(memory);
    return status;
}
