/* runtime_maker.c - the host part: load an orchestration function from memory, let it build the graph, plan it, move
 * both to GM; after the run bring results back and free everything.
 *
 * Whatever fails prints one line on stderr, leaves no memory behind and returns nonzero.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include "plan.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef int (*orchestration_fn)(Runtime *runtime, uint64_t *args, int arg_count);

/* The bytes of a shared library as a file without a name; its descriptor, or -1. */
static int library_file(const uint8_t *library, size_t size)
{
    int fd = memfd_create("orchestration", MFD_CLOEXEC);
    if (fd < 0) {
        perror("static_schedule: init_runtime: cannot make a file in memory for the orchestration");
        return -1;
    }
    for (size_t done = 0; done < size;) {
        ssize_t written = write(fd, library + done, size - done);
        if (written < 0) {
            perror("static_schedule: init_runtime: cannot write the orchestration to memory");
            close(fd);
            return -1;
        }
        done += (size_t)written;
    }
    return fd;
}

/* The library as a dlopen handle, or NULL. */
static void *load_library(const uint8_t *library, size_t size)
{
    if (!library || size < 4 || memcmp(library, "\177ELF", 4) != 0) {
        fprintf(stderr,
                "static_schedule: init_runtime: the orchestration (%zu bytes) is not an ELF shared library; "
                "compile it with compile_orchestration\n",
                size);
        return NULL;
    }
    int fd = library_file(library, size);
    if (fd < 0)
        return NULL;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        fprintf(stderr, "static_schedule: init_runtime: cannot load the orchestration: %s\n", dlerror());
    close(fd);
    return handle;
}

/* Load the library, call the function that builds the graph, unload. */
static int build_graph(Runtime *runtime, const uint8_t *library, size_t size, const char *function, uint64_t *args,
                       int arg_count)
{
    void *handle = load_library(library, size);
    if (!handle)
        return -1;
    void *symbol = dlsym(handle, function);
    int status = -1;
    if (!symbol) {
        fprintf(stderr,
                "static_schedule: init_runtime: the orchestration has no function %s; is it spelled so, and "
                "neither static nor mangled?\n",
                function);
    } else {
        orchestration_fn build;
        memcpy(&build, &symbol, sizeof build);
        status = build(runtime, args, arg_count);
        if (status != 0)
            fprintf(stderr, "static_schedule: init_runtime: %s returned %d\n", function, status);
    }
    dlclose(handle);
    return status;
}

static int resolve_kernels(Runtime *runtime)
{
    for (int i = 0; i < runtime->task_count; i++) {
        Task *task = &runtime->staging[i];
        task->function_bin_addr = runtime->host_api.get_kernel_addr(task->func_id);
        if (task->function_bin_addr == 0) {
            fprintf(stderr,
                    "static_schedule: init_runtime: task %d wants kernel %d, which is not registered; call "
                    "register_kernel(%d, ...) first\n",
                    i, task->func_id, task->func_id);
            return -1;
        }
    }
    return 0;
}

/* @size bytes of GM with a copy of @data, or NULL. */
static void *to_device(const HostApi *api, const void *data, size_t size)
{
    void *device = api->device_malloc(size);
    if (!device) {
        fprintf(stderr, "static_schedule: init_runtime: no device memory for %zu bytes of the graph\n", size);
        return NULL;
    }
    if (api->copy_to_device(device, data, size) != 0) {
        fprintf(stderr, "static_schedule: init_runtime: cannot copy %zu bytes of the graph to the device\n", size);
        api->device_free(device);
        return NULL;
    }
    return device;
}

/* A plan for each number of clusters, until one leaves cores without work. */
static int make_plans(Runtime *runtime, const struct graph *graph, struct orders *orders, Plan *plans)
{
    int spare = 0;
    while (!spare && runtime->plan_count < RUNTIME_MAX_BLOCKS) {
        int blocks = runtime->plan_count + 1;
        if (plan_make(graph, blocks, orders, &plans[blocks - 1], &spare) != 0)
            return -1;
        runtime->plan_count = blocks;
    }
    return 0;
}

static int move_plans(Runtime *runtime, const struct graph *graph)
{
    const HostApi *api = &runtime->host_api;
    Plan plans[RUNTIME_MAX_BLOCKS];
    struct orders orders = {0};
    int status = make_plans(runtime, graph, &orders, plans);
    if (status == 0) {
        runtime->plans = to_device(api, plans, (size_t)runtime->plan_count * sizeof(Plan));
        if (runtime->plans)
            runtime->orders = to_device(api, orders.all, (size_t)orders.count * sizeof(Order));
        status = runtime->orders ? 0 : -1;
    }
    free(orders.all);
    return status;
}

static int move_to_device(Runtime *runtime)
{
    if (runtime->task_count == 0)
        return 0;
    struct graph graph;
    if (graph_open(&graph, runtime) != 0)
        return -1;
    int status = resolve_kernels(runtime);
    if (status == 0)
        runtime->tasks = to_device(&runtime->host_api, runtime->staging, (size_t)runtime->task_count * sizeof(Task));
    status = runtime->tasks ? move_plans(runtime, &graph) : -1;
    graph_close(&graph);
    return status;
}

/* What only the host needs, and only while the graph is built. */
static void free_staging(Runtime *runtime)
{
    free(runtime->staging);
    free(runtime->costs);
    free(runtime->edges);
    runtime->staging = NULL;
    runtime->costs = NULL;
    runtime->edges = NULL;
    runtime->edge_count = 0;
    runtime->edge_capacity = 0;
}

static void free_graph(Runtime *runtime)
{
    const HostApi *api = &runtime->host_api;
    if (runtime->tasks)
        api->device_free(runtime->tasks);
    if (runtime->plans)
        api->device_free((void *)runtime->plans);
    if (runtime->orders)
        api->device_free((void *)runtime->orders);
    runtime->tasks = NULL;
    runtime->plans = NULL;
    runtime->orders = NULL;
    runtime->plan_count = 0;
    free_staging(runtime);
    runtime->task_count = 0;
    runtime->task_capacity = 0;
    runtime->core_types = 0;
}

/* Results to the host if @copy_back; every recorded allocation is freed whether or not a copy fails. */
static int release_tensors(Runtime *runtime, int copy_back)
{
    int status = 0;
    for (int i = 0; i < runtime->tensor_pair_count; i++) {
        const TensorPair *pair = &runtime->tensor_pairs[i];
        if (copy_back && pair->host_ptr &&
            runtime->host_api.copy_from_device(pair->host_ptr, pair->dev_ptr, pair->size) != 0) {
            fprintf(stderr, "static_schedule: finalize_runtime: cannot copy tensor pair %d (%zu bytes) back\n", i,
                    pair->size);
            status = -1;
        }
        runtime->host_api.device_free(pair->dev_ptr);
    }
    runtime->tensor_pair_count = 0;
    return status;
}

/** init_runtime_impl - build the graph with @function of the shared library @orchestration, plan it, move both to GM.
 *  @runtime: zeroed but for host_api. */
int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count)
{
    if (!runtime || !function || arg_count < 0 || (arg_count > 0 && !args)) {
        fprintf(stderr, "static_schedule: init_runtime: needs a runtime, the name of a function and its arguments\n");
        return -1;
    }
    int status = build_graph(runtime, orchestration, size, function, args, arg_count);
    if (status == 0)
        status = move_to_device(runtime);
    if (status != 0) {
        release_tensors(runtime, 0);
        free_graph(runtime);
        return status;
    }
    free_staging(runtime);
    return 0;
}

/** validate_runtime_impl - copy the results back, free the graph and everything recorded. */
int validate_runtime_impl(Runtime *runtime)
{
    if (!runtime) {
        fprintf(stderr, "static_schedule: finalize_runtime: the runtime is NULL\n");
        return -1;
    }
    int status = release_tensors(runtime, 1);
    free_graph(runtime);
    return status;
}
