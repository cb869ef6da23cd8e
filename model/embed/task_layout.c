/* task_layout.c - see task_layout.h. Every `Task` in the debug information is tried until one has the members; that it
 * is a C structure, a typedef of an unnamed one, or a C++ class, derived or in a namespace, makes no difference. */
#include "model/embed/task_layout.h"

#include "model/embed/dwarf_type.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <libelf.h>
#include <string.h>

enum { MAX_NESTING = 16 };

/* ---- debug information ---- */

/* An integer or an array of integers. @any: an array of anything, counted in bytes. */
static void describe(Dwarf_Die *structure, const char *name, bool any, struct task_member *member)
{
    struct type_member found;

    if (!dwarf_type_member(structure, name, &found) || (any ? !found.element : !found.is_integer))
        return;
    member->offset = (uint32_t)found.offset;
    member->bytes = !found.is_integer ? 1 : (uint32_t)(found.element ? found.element : found.size);
    member->count = (uint32_t)(found.size / member->bytes);
    member->is_signed = found.is_signed;
}

/* Is the structure @die a task? */
static bool try_structure(Dwarf_Die *die, struct task_layout *layout)
{
    Dwarf_Word size;

    memset(layout, 0, sizeof(*layout));
    if (!dwarf_type_is_compound(die) || dwarf_hasattr(die, DW_AT_declaration) || dwarf_aggregate_size(die, &size) != 0)
        return false;
    describe(die, "task_id", false, &layout->task_id);
    describe(die, "func_id", false, &layout->func_id);
    describe(die, "args", true, &layout->args);
    describe(die, "core_type", false, &layout->core_type);
    describe(die, "fanout", false, &layout->fanout);
    describe(die, "fanout_count", false, &layout->fanout_count);
    if (!layout->task_id.bytes || !layout->func_id.bytes || !layout->args.bytes || layout->task_id.count != 1 ||
        layout->func_id.count != 1)
        return false;
    if (!layout->fanout.bytes || !layout->fanout_count.bytes || layout->fanout_count.count != 1)
        layout->fanout = layout->fanout_count = (struct task_member){0};
    if (layout->core_type.count != 1)
        layout->core_type = (struct task_member){0};
    layout->size = (uint32_t)size;
    return true;
}

/* Look among the children of a unit or a namespace. */
static bool search(Dwarf_Die *scope, int nesting, struct task_layout *layout)
{
    Dwarf_Die child, type;

    if (nesting > MAX_NESTING || dwarf_child(scope, &child) != 0)
        return false;
    do {
        const char *name = dwarf_diename(&child);
        bool is_task = name && strcmp(name, "Task") == 0;

        if (dwarf_tag(&child) == DW_TAG_namespace && search(&child, nesting + 1, layout))
            return true;
        if (is_task && try_structure(&child, layout))
            return true;
        if (is_task && dwarf_tag(&child) == DW_TAG_typedef && dwarf_peel_type(&child, &type) == 0 &&
            try_structure(&type, layout))
            return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static bool search_units(Dwarf *dwarf, struct task_layout *layout)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;

    while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        if (search(&die, 0, layout))
            return true;
    return false;
}

bool task_layout_find(const void *bytes, size_t size, struct task_layout *layout)
{
    bool found = false;
    Dwarf *dwarf;
    Elf *elf;

    if (!bytes || size == 0 || elf_version(EV_CURRENT) == EV_NONE) {
        memset(layout, 0, sizeof(*layout));
        return false;
    }
    elf = elf_memory((char *)(uintptr_t)bytes, size); /* opened so, it is only read */
    dwarf = elf && elf_kind(elf) == ELF_K_ELF ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    if (dwarf) {
        found = search_units(dwarf, layout);
        dwarf_end(dwarf);
    }
    if (elf)
        elf_end(elf);
    if (!found)
        memset(layout, 0, sizeof(*layout));
    return found;
}

/* ---- tasks ---- */

/* Element @index of @member of the task at @task. */
static bool read_member(const struct task_memory *memory, uint64_t task, const struct task_member *member,
                        uint32_t index, int64_t *value)
{
    uint8_t bytes[8] = {0};
    uint64_t raw;
    unsigned unused = 64 - 8 * member->bytes;

    if (!memory->read(memory->ctx, task + member->offset + (uint64_t)index * member->bytes, bytes, member->bytes))
        return false;
    memcpy(&raw, bytes, sizeof(raw));
    *value = (int64_t)(raw << unused);
    *value = member->is_signed ? *value >> unused : (int64_t)((uint64_t)*value >> unused);
    return true;
}

bool task_layout_read(const struct task_layout *layout, const struct task_memory *memory, uint64_t args,
                      struct task_info *info)
{
    int64_t fanouts = 0;

    if (layout->size == 0 || args < layout->args.offset)
        return false;
    *info = (struct task_info){.addr = args - layout->args.offset, .core_type = -1};
    if (!read_member(memory, info->addr, &layout->task_id, 0, &info->task_id) || info->task_id < 0 ||
        !read_member(memory, info->addr, &layout->func_id, 0, &info->func_id) || info->func_id < 0)
        return false;
    if (layout->core_type.bytes && !read_member(memory, info->addr, &layout->core_type, 0, &info->core_type))
        return false;
    if (layout->fanout.bytes && !read_member(memory, info->addr, &layout->fanout_count, 0, &fanouts))
        return false;
    if (fanouts < 0 || fanouts > layout->fanout.count)
        return false;
    info->fanout_count = (uint32_t)fanouts;
    return true;
}

bool task_layout_successor(const struct task_layout *layout, const struct task_memory *memory,
                           const struct task_info *info, uint32_t index, int64_t *task_id)
{
    return index < info->fanout_count && read_member(memory, info->addr, &layout->fanout, index, task_id) &&
           *task_id >= 0;
}
