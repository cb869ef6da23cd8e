/* fields.c - addresses as members of the program's own structures: "Runtime.workers[3].task_status".
 *
 * The Runtime stands where the launch says. Tasks stand in an array, in the Runtime or in an allocation; where one of
 * them is was seen when its kernel began, so the others are so many sizes away.
 */
#include <stdio.h>
#include <string.h>

#include "model/embed/type_path.h"
#include "tools/check/state.h"

static void name_in_runtime(const struct check *check, struct type_path *types, struct finding *found)
{
    char path[96];

    if (type_path_find(types, "Runtime", found->addr - (uintptr_t)check->chip->runtime, found->size, path,
                       sizeof(path)))
        snprintf(found->symbol, sizeof(found->symbol), "Runtime.%s", path);
}

static void name_in_task(const struct check *check, struct type_path *types, struct finding *found)
{
    const struct block *block = blocks_find(&check->blocks, check->a_task);
    uint64_t size = check->layout.size, start, first;
    struct task_info info;
    char path[96];

    if (!block || !size || found->addr < block->start || found->addr >= block->start + block->size)
        return;
    first = check->a_task - (check->a_task - block->start) / size * size;
    if (found->addr < first)
        return;
    start = found->addr - (found->addr - first) % size;
    if (!type_path_find(types, "Task", found->addr - start, found->size, path, sizeof(path)) ||
        !task_layout_read(&check->layout, &check->memory, start + check->layout.args.offset, &info))
        return;
    snprintf(found->symbol, sizeof(found->symbol), "task %lld: Task.%s", (long long)info.task_id, path);
}

void fields_complete(void *ctx, struct finding *found)
{
    const struct check *check = ctx;
    struct type_path *types;

    if (!found->addr || found->symbol[0] || !check->module)
        return;
    types = type_path_open(check->module, check->module_size);
    if (!types)
        return;
    if (check->chip->runtime && found->addr - (uintptr_t)check->chip->runtime < check->chip->runtime_size)
        name_in_runtime(check, types, found);
    else if (check->a_task)
        name_in_task(check, types, found);
    type_path_close(types);
}
