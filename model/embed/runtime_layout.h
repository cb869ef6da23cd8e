/* runtime_layout.h - where in a runtime's own structure `Runtime` the members are that the platform fills in.
 *
 * Read from debug information, under the names that any generation of the platform has used; see platform.h.
 */
#ifndef DAV_RUNTIME_LAYOUT_H
#define DAV_RUNTIME_LAYOUT_H

#include "model/embed/type_path.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A member of size 0 is not there. Those of workers, tasks and host_api are places in the whole Runtime, of the first
 * element. */
struct runtime_layout {
    uint64_t size; /* of a Runtime; 0: there is none */
    struct type_member block_dim, worker_count, sche_cpu_num;
    struct type_member workers, aicpu_ready, aicore_done, control, task, task_status, core_type;
    struct type_member device_malloc, device_free, copy_to_device, copy_from_device;
    struct type_member upload_kernel_binary, get_kernel_addr;
    struct type_member tasks, task_count, func_id, function_bin_addr, task_core_type;
};

/** runtime_layout_read - from the ELF in [@elf, @elf + @size). Any bytes are allowed.
 *  Return: whether there is a Runtime; @layout is all 0 if not. */
bool runtime_layout_read(const void *elf, size_t size, struct runtime_layout *layout);

#ifdef __cplusplus
}
#endif
#endif
