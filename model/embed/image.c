/* image.c - see image.h. An image comes from whoever built it: every number in the footer is checked before use. */
#include "model/embed/image.h"

#include "model/embed/block_cost.h"
#include "model/embed/port_table.h"
#include "model/embed/symbol.h"

#include <stdio.h>
#include <string.h>

static int refuse(char *error, size_t error_size, const char *what)
{
    snprintf(error, error_size, "%s", what);
    return -1;
}

/* Is [start, stop) inside the image, and whole items of @item bytes? */
static bool range_is_sane(uint64_t start, uint64_t stop, uint64_t item, uint64_t size)
{
    return start <= stop && stop <= size && (stop - start) % item == 0;
}

static const char *string_at(const void *text, const struct image_footer *footer, uint64_t offset)
{
    if (offset >= footer->size || !memchr((const char *)text + offset, 0, footer->size - offset))
        return NULL;
    return (const char *)text + offset;
}

int image_check(const void *text, size_t size, struct image_info *info, char *error, size_t error_size)
{
    struct image_footer footer;

    if (!text || size < sizeof(footer))
        return refuse(error, error_size,
                      "not a kernel image: too short to be one; compile it with davcc --target=aic|aiv");
    memcpy(&footer, (const char *)text + size - sizeof(footer), sizeof(footer));
    if (footer.magic != IMAGE_MAGIC)
        return refuse(error, error_size,
                      "not built by davcc: compile the kernel with davcc --target=aic|aiv and give its .text section");
    if (footer.version != IMAGE_VERSION || footer.footer_size != sizeof(footer)) {
        snprintf(error, error_size, "kernel image of version %u, this simulator reads version %u: compile it again",
                 footer.version, IMAGE_VERSION);
        return -1;
    }
    if (footer.size != size) {
        snprintf(error, error_size, "damaged kernel image: %zu bytes given, %llu linked; give the whole .text section",
                 size, (unsigned long long)footer.size);
        return -1;
    }
    uint64_t blocks = (footer.guards_stop - footer.guards_start) / sizeof(uint32_t);
    *info =
        (struct image_info){string_at(text, &footer, footer.name), string_at(text, &footer, footer.path), size, footer};
    if (footer.entry >= size || footer.core > IMAGE_AIV || !info->name || !info->path ||
        !range_is_sane(footer.guards_start, footer.guards_stop, sizeof(uint32_t), size) ||
        !range_is_sane(footer.pcs_start, footer.pcs_stop, sizeof(struct block_pc), size) ||
        footer.guards_start % sizeof(uint32_t) || footer.pcs_start % sizeof(uint64_t) ||
        (footer.pcs_stop - footer.pcs_start) / sizeof(struct block_pc) != blocks)
        return refuse(error, error_size, "damaged kernel image: its footer contradicts itself; compile it again");
    return 0;
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
    memcpy(at, bytes, size);
    return at + size;
}

/* call *slot, through the port table */
static uint8_t *put_port_call(uint8_t *at, enum port_slot slot)
{
    uint32_t addr = port_slot_addr(slot);
    at = put(at, (uint8_t[]){0xff, 0x14, 0x25}, 3);
    return put(at, &addr, sizeof(addr));
}

/* The thunk: keeps args in rbx (which also aligns the stack) around begin(args, id), body(args), end(id). */
static void put_thunk(uint8_t *start, uint64_t entry_distance, uint64_t id)
{
    uint8_t *at = start;

    at = put(at, (uint8_t[]){0x53}, 1);             /* push rbx */
    at = put(at, (uint8_t[]){0x48, 0x89, 0xfb}, 3); /* mov rbx, rdi */
    at = put(at, (uint8_t[]){0x48, 0xbe}, 2);       /* movabs rsi, id */
    at = put(at, &id, sizeof(id));
    at = put_port_call(at, PORT_SLOT_dav_port_kernel_begin);
    at = put(at, (uint8_t[]){0x48, 0x89, 0xdf}, 3); /* mov rdi, rbx */
    at = put(at, (uint8_t[]){0xe8}, 1);             /* call entry */
    int32_t distance = (int32_t)((int64_t)entry_distance - (at + 4 - start));
    at = put(at, &distance, sizeof(distance));
    at = put(at, (uint8_t[]){0x48, 0xbf}, 2); /* movabs rdi, id */
    at = put(at, &id, sizeof(id));
    at = put_port_call(at, PORT_SLOT_dav_port_kernel_end);
    put(at, (uint8_t[]){0x5b, 0xc3}, 2); /* pop rbx; ret */
}

int image_load(void *dst, const void *text, const struct image_info *info, uint64_t id,
               const struct instruction_costs *costs, char *error, size_t error_size)
{
    const struct image_footer *footer = &info->footer;
    uint8_t *image = (uint8_t *)dst + IMAGE_HEADER_BYTES;

    if ((uintptr_t)dst % IMAGE_HEADER_BYTES || info->size > INT32_MAX)
        return refuse(error, error_size, "kernel image: its place in GM is not aligned, or it exceeds 2 GiB");
    if (port_table_map(error, error_size) != 0)
        return -1;
    memset(dst, 0xcc, IMAGE_HEADER_BYTES); /* int3: nothing there is meant to run but the thunk */
    put_thunk(dst, IMAGE_HEADER_BYTES + footer->entry, id);
    memcpy(image, text, info->size);

    const struct block_table table = {
        .code = image,
        .code_size = footer->guards_start,
        .code_pc = 0,
        .pcs = (const struct block_pc *)(image + footer->pcs_start),
        .guards = (uint32_t *)(image + footer->guards_start),
        .count = (footer->guards_stop - footer->guards_start) / sizeof(uint32_t),
    };
    if (block_cost_fill(&table, costs, error, error_size) != 0)
        return -1;
    const struct symbol_place place = {
        .name = (const char *)image + footer->name,
        .low = (uintptr_t)dst,
        .high = (uintptr_t)image + info->size,
        .bias = (uintptr_t)image,
        .path = (const char *)image + footer->path,
        .stamp = footer->stamp,
    };
    symbol_add(&place);
    return 0;
}

void image_unload(void *dst)
{
    symbol_remove((uintptr_t)dst);
}
