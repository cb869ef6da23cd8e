/* runtime_layout.c - see runtime_layout.h: a table of names, newest first, and what each must be. */
#include "model/embed/runtime_layout.h"

#include <string.h>

enum kind { INTEGER, POINTER, STRUCTURES };

struct wanted {
    size_t slot; /* offset in struct runtime_layout */
    enum kind kind;
    const char *names[3];
};

#define SLOT(member) offsetof(struct runtime_layout, member)

static const struct wanted wanted[] = {
    {SLOT(block_dim), INTEGER, {"block_dim"}},
    {SLOT(worker_count), INTEGER, {"worker_count"}},
    {SLOT(sche_cpu_num), INTEGER, {"sche_cpu_num", "scheCpuNum"}},
    {SLOT(workers), STRUCTURES, {"workers", "handshakes"}},
    {SLOT(aicpu_ready), INTEGER, {"workers.aicpu_ready", "handshakes.aicpu_ready"}},
    {SLOT(aicore_done), INTEGER, {"workers.aicore_done", "handshakes.aicore_done"}},
    {SLOT(control), INTEGER, {"workers.control", "handshakes.control"}},
    {SLOT(task), INTEGER, {"workers.task", "handshakes.task"}},
    {SLOT(task_status), INTEGER, {"workers.task_status", "handshakes.task_status"}},
    {SLOT(core_type), INTEGER, {"workers.core_type", "handshakes.core_type"}},
    {SLOT(device_malloc), POINTER, {"host_api.device_malloc", "host_api.DeviceMalloc"}},
    {SLOT(device_free), POINTER, {"host_api.device_free", "host_api.DeviceFree"}},
    {SLOT(copy_to_device), POINTER, {"host_api.copy_to_device", "host_api.CopyToDevice"}},
    {SLOT(copy_from_device), POINTER, {"host_api.copy_from_device", "host_api.CopyFromDevice"}},
    {SLOT(upload_kernel_binary), POINTER, {"host_api.upload_kernel_binary"}},
    {SLOT(get_kernel_addr), POINTER, {"host_api.get_kernel_addr"}},
    {SLOT(tasks), STRUCTURES, {"tasks"}},
    {SLOT(task_count), INTEGER, {"task_count", "next_task_id"}},
    {SLOT(func_id), INTEGER, {"tasks.func_id"}},
    {SLOT(task_core_type), INTEGER, {"tasks.core_type"}},
    {SLOT(function_bin_addr), INTEGER, {"tasks.function_bin_addr", "tasks.functionBinAddr"}},
};

static bool suits(enum kind kind, const struct type_member *member)
{
    switch (kind) {
    case INTEGER:
        return !member->element && (member->size == 1 || member->size == 2 || member->size == 4 || member->size == 8);
    case POINTER:
        return !member->element && member->size == sizeof(void *);
    default:
        return member->element != 0;
    }
}

static void find(struct type_path *types, const struct wanted *want, struct type_member *member)
{
    for (size_t i = 0; i < 3 && want->names[i]; i++)
        if (type_path_member(types, "Runtime", want->names[i], member) && suits(want->kind, member))
            return;
    *member = (struct type_member){0};
}

bool runtime_layout_read(const void *elf, size_t size, struct runtime_layout *layout)
{
    struct type_path *types = type_path_open(elf, size);

    memset(layout, 0, sizeof(*layout));
    layout->size = type_path_size(types, "Runtime");
    for (size_t i = 0; layout->size && i < sizeof(wanted) / sizeof(*wanted); i++)
        find(types, &wanted[i], (struct type_member *)((char *)layout + wanted[i].slot));
    type_path_close(types);
    return layout->size != 0;
}
