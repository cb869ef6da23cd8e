/* runtime_maker.c - the host part: load an orchestration function from memory, let it build the graph, move the graph
 * to GM; after the run bring results back and free everything.
 *
 * Whatever fails prints one line on stderr, leaves no memory behind and returns nonzero.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include "runtime.h"

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
        perror("host_build_graph: init_runtime: cannot make a file in memory for the orchestration");
        return -1;
    }
    for (size_t done = 0; done < size;) {
        ssize_t written = write(fd, library + done, size - done);
        if (written < 0) {
            perror("host_build_graph: init_runtime: cannot write the orchestration to memory");
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
                "host_build_graph: init_runtime: the orchestration (%zu bytes) is not an ELF shared library; "
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
        fprintf(stderr, "host_build_graph: init_runtime: cannot load the orchestration: %s\n", dlerror());
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
                "host_build_graph: init_runtime: the orchestration has no function %s; is it spelled so, and "
                "neither static nor mangled?\n",
                function);
    } else {
        orchestration_fn build;
        memcpy(&build, &symbol, sizeof build);
        status = build(runtime, args, arg_count);
        if (status != 0)
            fprintf(stderr, "host_build_graph: init_runtime: %s returned %d\n", function, status);
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
                    "host_build_graph: init_runtime: task %d wants kernel %d, which is not registered; call "
                    "register_kernel(%d, ...) first\n",
                    i, task->func_id, task->func_id);
            return -1;
        }
    }
    return 0;
}

/* The successors that have no room in their tasks, those of one task side by side. Return: the list, with room for one
 * at least, or NULL. */
static int *sort_edges(Runtime *runtime)
{
    int *more = malloc(((size_t)runtime->edge_count + 1) * sizeof *more);
    if (!more) {
        fprintf(stderr, "host_build_graph: init_runtime: no host memory for %d successors\n", runtime->edge_count);
        return NULL;
    }
    int next = 0;
    for (int i = 0; i < runtime->task_count; i++) {
        next += runtime->staging[i].more_count;
        runtime->staging[i].more_first = next;
    }
    for (int i = runtime->edge_count - 1; i >= 0; i--)
        more[--runtime->staging[runtime->edges[i].from].more_first] = runtime->edges[i].to;
    return more;
}

/* One predecessor of each of these tasks is reached. Return: how many are in @order now. */
static int reach(const int *ids, int count, int *order, int reached, int *waiting)
{
    for (int i = 0; i < count; i++)
        if (--waiting[ids[i]] == 0)
            order[reached++] = ids[i];
    return reached;
}

/* Every task is reached from those without predecessors, or there is a cycle, which would never end. @order has room
 * for an id a task. */
static int check_acyclic(const Runtime *runtime, const int *more, int *order, int *waiting)
{
    int reached = 0;
    for (int i = 0; i < runtime->task_count; i++) {
        waiting[i] = runtime->staging[i].fanin_total;
        if (waiting[i] == 0)
            order[reached++] = i;
    }
    for (int next = 0; next < reached; next++) {
        const Task *task = &runtime->staging[order[next]];
        reached = reach(task->fanout, task->fanout_count, order, reached, waiting);
        reached = reach(more + task->more_first, task->more_count, order, reached, waiting);
    }
    if (reached == runtime->task_count)
        return 0;
    int stuck = 0;
    while (waiting[stuck] == 0)
        stuck++;
    fprintf(stderr,
            "host_build_graph: init_runtime: %d tasks can never start because they wait for each other in a "
            "cycle; one of them, or behind them, is task %d\n",
            runtime->task_count - reached, stuck);
    return -1;
}

/* @size bytes of GM with a copy of @data, or NULL. */
static void *to_device(const HostApi *api, const void *data, size_t size)
{
    void *device = api->device_malloc(size);
    if (!device) {
        fprintf(stderr, "host_build_graph: init_runtime: no device memory for %zu bytes of the graph\n", size);
        return NULL;
    }
    if (api->copy_to_device(device, data, size) != 0) {
        fprintf(stderr, "host_build_graph: init_runtime: cannot copy %zu bytes of the graph to the device\n", size);
        api->device_free(device);
        return NULL;
    }
    return device;
}

/* The ready queue of a core type: first the tasks without predecessors, then empty room for the others. */
static int make_ready_list(Runtime *runtime, int core_type, int *slots)
{
    ReadyList *list = &runtime->ready[core_type];
    for (int i = 0; i < runtime->task_count; i++) {
        if (runtime->staging[i].core_type != core_type)
            continue;
        slots[list->capacity++] = -1;
        if (runtime->staging[i].fanin_total == 0)
            slots[list->initial++] = i;
    }
    if (list->capacity == 0)
        return 0;
    list->slots = to_device(&runtime->host_api, slots, (size_t)list->capacity * sizeof *slots);
    return list->slots ? 0 : -1;
}

/* @more: successors beside the tasks. @scratch has room for two ids a task. */
static int move_graph(Runtime *runtime, const int *more, int *scratch)
{
    const HostApi *api = &runtime->host_api;
    size_t count = (size_t)runtime->task_count;
    if (check_acyclic(runtime, more, scratch, scratch + count) != 0 || resolve_kernels(runtime) != 0)
        return -1;
    runtime->tasks = to_device(api, runtime->staging, count * sizeof(Task));
    if (runtime->edge_count > 0)
        runtime->more = to_device(api, more, (size_t)runtime->edge_count * sizeof *more);
    if (!runtime->tasks || (runtime->edge_count > 0 && !runtime->more))
        return -1;
    return make_ready_list(runtime, RUNTIME_AIC, scratch) | make_ready_list(runtime, RUNTIME_AIV, scratch);
}

static int move_to_device(Runtime *runtime)
{
    if (runtime->task_count == 0)
        return 0;
    int *scratch = malloc(2 * (size_t)runtime->task_count * sizeof *scratch), *more = sort_edges(runtime);
    int status = -1;
    if (!scratch)
        fprintf(stderr, "host_build_graph: init_runtime: no host memory for %d tasks\n", runtime->task_count);
    else if (more)
        status = move_graph(runtime, more, scratch);
    free(scratch);
    free(more);
    return status;
}

/* What only the host needs, and only while the graph is built. */
static void free_staging(Runtime *runtime)
{
    free(runtime->staging);
    free(runtime->edges);
    runtime->staging = NULL;
    runtime->edges = NULL;
    runtime->edge_capacity = 0;
}

static void free_graph(Runtime *runtime)
{
    for (int i = 0; i < RUNTIME_CORE_TYPES; i++) {
        if (runtime->ready[i].slots)
            runtime->host_api.device_free(runtime->ready[i].slots);
        runtime->ready[i] = (ReadyList){0};
    }
    if (runtime->tasks)
        runtime->host_api.device_free(runtime->tasks);
    if (runtime->more)
        runtime->host_api.device_free(runtime->more);
    runtime->tasks = NULL;
    runtime->more = NULL;
    free_staging(runtime);
    runtime->edge_count = 0;
    runtime->task_count = 0;
    runtime->task_capacity = 0;
}

/* Results to the host if @copy_back; every recorded allocation is freed whether or not a copy fails. */
static int release_tensors(Runtime *runtime, int copy_back)
{
    int status = 0;
    for (int i = 0; i < runtime->tensor_pair_count; i++) {
        const TensorPair *pair = &runtime->tensor_pairs[i];
        if (copy_back && pair->host_ptr &&
            runtime->host_api.copy_from_device(pair->host_ptr, pair->dev_ptr, pair->size) != 0) {
            fprintf(stderr, "host_build_graph: finalize_runtime: cannot copy tensor pair %d (%zu bytes) back\n", i,
                    pair->size);
            status = -1;
        }
        runtime->host_api.device_free(pair->dev_ptr);
    }
    runtime->tensor_pair_count = 0;
    return status;
}

/** init_runtime_impl - build the graph with @function of the shared library @orchestration and move it to GM.
 *  @runtime: zeroed but for host_api. */
int init_runtime_impl(Runtime *runtime, const uint8_t *orchestration, size_t size, const char *function, uint64_t *args,
                      int arg_count)
{
    if (!runtime || !function || arg_count < 0 || (arg_count > 0 && !args)) {
        fprintf(stderr, "host_build_graph: init_runtime: needs a runtime, the name of a function and its arguments\n");
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
        fprintf(stderr, "host_build_graph: finalize_runtime: the runtime is NULL\n");
        return -1;
    }
    int status = release_tensors(runtime, 1);
    free_graph(runtime);
    return status;
}
