/* platform_members.c - see platform_members.h. Members that are not there have size 0, and nothing is read or set. */
#include "model/platform_members.h"

#include "model/device_fail.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void members_read(const char *path, struct runtime_layout *layout)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *bytes = MAP_FAILED;

    if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0)
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes != MAP_FAILED) {
        runtime_layout_read(bytes, (size_t)status.st_size, layout);
        munmap(bytes, (size_t)status.st_size);
    }
    if (fd >= 0)
        close(fd);
}

/* Set the integer @member of element @index of an array whose elements are @stride apart. */
static void put(uint8_t *runtime, const struct type_member *member, uint64_t index, uint64_t stride, uint64_t value)
{
    memcpy(runtime + member->offset + index * stride, &value, member->size); /* little endian, as the chip */
}

static uint64_t get(const uint8_t *runtime, const struct type_member *member, uint64_t index, uint64_t stride)
{
    uint64_t value = 0;

    memcpy(&value, runtime + member->offset + index * stride, member->size);
    return value;
}

static uint64_t upload_kernel_binary(int func_id, const uint8_t *text, size_t size)
{
    return dav_register_kernel(func_id, text, size) == DAV_OK ? dav_kernel_addr(func_id) : 0;
}

void members_give_functions(const struct runtime_layout *layout, uint8_t *runtime)
{
    put(runtime, &layout->device_malloc, 0, 0, (uintptr_t)dav_malloc);
    put(runtime, &layout->device_free, 0, 0, (uintptr_t)dav_free);
    put(runtime, &layout->copy_to_device, 0, 0, (uintptr_t)dav_copy_to_device);
    put(runtime, &layout->copy_from_device, 0, 0, (uintptr_t)dav_copy_from_device);
    put(runtime, &layout->upload_kernel_binary, 0, 0, (uintptr_t)upload_kernel_binary);
    put(runtime, &layout->get_kernel_addr, 0, 0, (uintptr_t)dav_kernel_addr);
}

/* What a launch finds in the mailboxes. */
static void prepare_workers(const struct runtime_layout *layout, uint8_t *runtime, int aics, int cores)
{
    const uint64_t stride = layout->workers.element;

    for (int i = 0; i < cores && (uint64_t)i < layout->workers.elements; i++) {
        put(runtime, &layout->aicpu_ready, (uint64_t)i, stride, 0);
        put(runtime, &layout->aicore_done, (uint64_t)i, stride, 0);
        put(runtime, &layout->control, (uint64_t)i, stride, 0);
        put(runtime, &layout->task, (uint64_t)i, stride, 0);
        put(runtime, &layout->task_status, (uint64_t)i, stride, 0);
        put(runtime, &layout->core_type, (uint64_t)i, stride, i < aics ? 0 : 1);
    }
}

/* Each task's kernel has a place on the device, or its address stays 0, as a runtime may test. */
static int prepare_tasks(const struct runtime_layout *layout, uint8_t *runtime)
{
    const uint64_t stride = layout->tasks.element;
    uint64_t count = get(runtime, &layout->task_count, 0, 0);

    if (!layout->func_id.size || !layout->function_bin_addr.size)
        return DAV_OK;
    if (count > layout->tasks.elements)
        count = layout->tasks.elements;
    for (uint64_t i = 0; i < count; i++) {
        int func_id = (int)get(runtime, &layout->func_id, i, stride);
        uint64_t addr = dav_kernel_addr(func_id);

        if (!addr)
            return device_fail(DAV_BAD_INPUT,
                               "launch_runtime: task %llu wants kernel %d, which is not registered: register_kernel it",
                               (unsigned long long)i, func_id);
        put(runtime, &layout->function_bin_addr, i, stride, addr);
    }
    return DAV_OK;
}

/* The guide's Runtime knows no worker_count: block_dim is the number of its AICores, and its scheduler does not ask
 * which of them a task may run on. So they are of the kind that the tasks want. */
enum dav_only members_only(const struct runtime_layout *layout, const uint8_t *runtime)
{
    const uint64_t stride = layout->tasks.element;
    uint64_t count = get(runtime, &layout->task_count, 0, 0), aivs = 0;

    if (!layout->block_dim.size || layout->worker_count.size)
        return DAV_CLUSTERS;
    if (count > layout->tasks.elements)
        count = layout->tasks.elements;
    for (uint64_t i = 0; i < count; i++)
        aivs += get(runtime, &layout->task_core_type, i, stride) == 1;
    return count && aivs == count ? DAV_ONLY_AIV : DAV_ONLY_AIC;
}

int members_prepare(const struct runtime_layout *layout, uint8_t *runtime, const struct dav_launch *launch, int cores)
{
    int status = prepare_tasks(layout, runtime);

    if (status != DAV_OK)
        return status;
    put(runtime, &layout->block_dim, 0, 0, (uint64_t)launch->block_dim);
    put(runtime, &layout->worker_count, 0, 0, (uint64_t)cores);
    put(runtime, &layout->sche_cpu_num, 0, 0, (uint64_t)launch->aicpu_threads);
    prepare_workers(layout, runtime, launch->only == DAV_ONLY_AIV ? 0 : launch->block_dim, cores);
    return DAV_OK;
}
