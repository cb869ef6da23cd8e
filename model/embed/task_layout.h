/* task_layout.h - what a runtime's task looks like in memory, found without the runtime's help.
 *
 * Runtimes are not ours and announce nothing. But all that we know give a kernel a pointer to the `args` member of a
 * structure named `Task`, and davcc compiles with -g: the debug information of their modules tells where in it
 * `task_id`, `func_id`, `core_type` and the list of successors stand. From the pointer that a kernel was called with
 * follows the task. A runtime with other names has tasks without ids; nothing else is lost.
 */
#ifndef DAV_TASK_LAYOUT_H
#define DAV_TASK_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An integer member, or an array of integers. */
struct task_member {
    uint32_t offset;
    uint32_t bytes; /* of the integer, or of one element: 1, 2, 4 or 8; 0: there is no such member */
    uint32_t count; /* elements; 1 if it is no array */
    bool is_signed;
};

struct task_layout {
    uint32_t size; /* of the structure; 0: nothing is known */
    struct task_member task_id, func_id, args;
    struct task_member core_type, fanout_count, fanout; /* these may be missing; the fanouts only both */
};

/* Where tasks are read: GM. */
struct task_memory {
    bool (*read)(void *ctx, uint64_t addr, void *out, uint64_t size); /* false: not there */
    void *ctx;
};

struct task_info {
    uint64_t addr; /* of the task */
    int64_t task_id, func_id;
    int64_t core_type;     /* -1 if there is no such member */
    uint32_t fanout_count; /* 0 if there is no such member */
};

/** task_layout_find - look for the structure in the debug information of [@elf, @elf + @size).
 *  Return: whether it is there; @layout is all 0 if not. Any bytes are allowed. */
bool task_layout_find(const void *elf, size_t size, struct task_layout *layout);

/** task_layout_read - the task whose kernel was called with @args.
 *  Return: whether @args is indeed in a task: what stands there is readable and possible. */
bool task_layout_read(const struct task_layout *layout, const struct task_memory *memory, uint64_t args,
                      struct task_info *info);

/** task_layout_successor - the id of successor @index < info->fanout_count. Return false if it is not readable or not
 *  an id. */
bool task_layout_successor(const struct task_layout *layout, const struct task_memory *memory,
                           const struct task_info *info, uint32_t index, int64_t *task_id);

#ifdef __cplusplus
}
#endif
#endif
