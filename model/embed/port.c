/* port.c - the load/store port: what the compiler's instrumentation calls, and the core_port.h calls of an AICore.
 *
 * A hook stands before its access. The fast path is a hit in the running core's data cache, or memory that is private
 * to it; all else goes through the simulator. The hooks are many and alike, so one macro makes each family.
 */
#include "isa/core_port.h"

#include <string.h>

#include "model/chip_state.h"
#include "model/core/aicore.h"
#include "model/core/aicpu.h"
#include "model/embed/port.h"
#include "model/watch.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define PORT_HOOK   __attribute__((visibility("default")))

static inline bool within_line(uint64_t addr, uint32_t size)
{
    return (addr & (GM_LINE_BYTES - 1)) + size <= GM_LINE_BYTES;
}

/* A hit in the core's cache that the fast path did not find. */
static bool hit(struct core *core, uint64_t addr, uint32_t size)
{
    uint64_t offset = addr - core->gm_base;
    uint32_t index;

    if (offset >= core->gm_size || core->agent.now >= core->limit || !within_line(addr, size))
        return false;
    index = dcache_find(core->cache, offset >> GM_LINE_SHIFT);
    if (index == DCACHE_NONE)
        return false;
    dcache_touch(core->cache, index);
    return true;
}

/* All loads but the fast path's. */
__attribute__((noinline)) static void load_other(uint64_t addr, uint32_t size)
{
    struct core *core = dav_running;

    if (hit(core, addr, size)) {
        core->agent.now += core->hit_ps;
        core->counters.hits++;
        return;
    }
    if (addr - core->private_base < core->private_size && addr - core->gm_base >= core->gm_size)
        return;
    port_load_slow(addr, size);
}

/* @aligned: the compiler vouches that the access does not cross lines. */
static inline void load(uint64_t addr, uint32_t size, bool aligned)
{
    struct core *core = dav_running;
    uint64_t line = (addr - core->gm_base) >> GM_LINE_SHIFT;
    const struct dcache_recent *recent = &core->recent[line & core->recent_mask];
    uint64_t now = core->agent.now;

    if (likely(recent->line == line && now < core->limit && (aligned || within_line(addr, size)))) {
        recent->held->stamp = ++core->cache->tick;
        core->agent.now = now + core->hit_ps;
        core->counters.hits++;
        return;
    }
    load_other(addr, size);
}

static void store_slow(uint64_t addr, uint32_t size)
{
    struct core *core = dav_running;

    core_enter(core);
    if (!core->coherent) {
        aicore_store(core, addr, size);
        core_leave(core);
        return;
    }
    aicpu_store(core, addr, size);
}

/* An AICore's store to a line that it holds and that is dirty already. */
static inline void store_again(struct core *core, struct dcache_line *held, uint64_t addr, uint32_t size)
{
    held->written |= gm_line_mask(addr & (GM_LINE_BYTES - 1), size);
    core->agent.now += core->hit_ps;
    core->counters.hits++;
    core->changes++;
}

__attribute__((noinline)) static void store_other(uint64_t addr, uint32_t size)
{
    struct core *core = dav_running;

    if (!core->coherent && hit(core, addr, size)) {
        struct dcache_line *held = core->recent[((addr - core->gm_base) >> GM_LINE_SHIFT) & core->recent_mask].held;

        if (held->dirty) {
            store_again(core, held, addr, size);
            return;
        }
    } else if (addr - core->private_base < core->private_size && addr - core->gm_base >= core->gm_size) {
        if (addr - core->stack_low >= core->stack_high - core->stack_low)
            core->changes++;
        return;
    }
    store_slow(addr, size);
}

static inline void store(uint64_t addr, uint32_t size, bool aligned)
{
    struct core *core = dav_running;
    uint64_t line = (addr - core->gm_base) >> GM_LINE_SHIFT;
    const struct dcache_recent *recent = &core->recent[line & core->recent_mask];

    if (likely(recent->line == line && !core->coherent && core->agent.now < core->limit &&
               (aligned || within_line(addr, size)) && recent->held->dirty)) {
        recent->held->stamp = ++core->cache->tick;
        store_again(core, recent->held, addr, size);
        return;
    }
    store_other(addr, size);
}

void port_load_slow_c(uint64_t addr, uint32_t size, const struct saved_registers *registers)
{
    struct core *core = dav_running;

    core_enter(core);
    if (core->coherent)
        aicpu_load(core, addr, size, registers);
    else
        aicore_load(core, addr, size, registers);
    core_leave(core);
}

/* Nobody runs while a module's constructors do. */
static inline struct watch *watching(const struct core *core)
{
    return unlikely(core->chip && core->chip->watch) ? core->chip->watch : NULL;
}

/* @access, @order: what a watcher is told. */
static inline void load_told(uint64_t addr, uint32_t size, enum access access, int order)
{
    struct core *core = dav_running;
    struct watch *watch = watching(core);

    load(addr, size, false);
    if (watch)
        watch->load(watch, core, addr, size, access, order);
}

static inline void store_told(uint64_t addr, uint32_t size, enum access access, int order)
{
    struct core *core = dav_running;
    struct watch *watch = watching(core);

    if (watch)
        watch->will_store(watch, core, addr, size, access, order);
    store(addr, size, false);
    if (watch)
        watch->stored(watch, core, addr, size);
}

void port_load(uint64_t addr, uint32_t size)
{
    load_told(addr, size, ACCESS_BLOCK, 0);
}

void port_load_atomic(uint64_t addr, uint32_t size, int order)
{
    load_told(addr, size, ACCESS_ATOMIC, order);
}

void port_store_atomic(uint64_t addr, uint32_t size, int order)
{
    store_told(addr, size, ACCESS_ATOMIC, order);
}

#define HOOKS(n)                                                                                                       \
    PORT_HOOK void __tsan_read##n(void *addr)                                                                          \
    {                                                                                                                  \
        load((uintptr_t)addr, n, true);                                                                                \
    }                                                                                                                  \
    PORT_HOOK void __tsan_write##n(void *addr)                                                                         \
    {                                                                                                                  \
        store((uintptr_t)addr, n, true);                                                                               \
    }                                                                                                                  \
    PORT_HOOK void __tsan_volatile_read##n(void *addr)                                                                 \
    {                                                                                                                  \
        load((uintptr_t)addr, n, true);                                                                                \
    }                                                                                                                  \
    PORT_HOOK void __tsan_volatile_write##n(void *addr)                                                                \
    {                                                                                                                  \
        store((uintptr_t)addr, n, true);                                                                               \
    }                                                                                                                  \
    PORT_HOOK void __tsan_unaligned_read##n(void *addr)                                                                \
    {                                                                                                                  \
        load((uintptr_t)addr, n, false);                                                                               \
    }                                                                                                                  \
    PORT_HOOK void __tsan_unaligned_write##n(void *addr)                                                               \
    {                                                                                                                  \
        store((uintptr_t)addr, n, false);                                                                              \
    }                                                                                                                  \
    PORT_HOOK void __tsan_unaligned_volatile_read##n(void *addr)                                                       \
    {                                                                                                                  \
        load((uintptr_t)addr, n, false);                                                                               \
    }                                                                                                                  \
    PORT_HOOK void __tsan_unaligned_volatile_write##n(void *addr)                                                      \
    {                                                                                                                  \
        store((uintptr_t)addr, n, false);                                                                              \
    }                                                                                                                  \
    PORT_HOOK void __tsan_read_write##n(void *addr)                                                                    \
    {                                                                                                                  \
        load((uintptr_t)addr, n, true);                                                                                \
        store((uintptr_t)addr, n, true);                                                                               \
    }

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

PORT_HOOK void __tsan_init(void) {}

PORT_HOOK void __tsan_vptr_read(void **vptr)
{
    load((uintptr_t)vptr, 8, true);
}

PORT_HOOK void __tsan_vptr_update(void **vptr, void *value)
{
    (void)value;
    store((uintptr_t)vptr, 8, true);
}

/* An AICPU thread may lose a line again while it fetches the next: a block of two lines is held as a whole. */
static bool lost_line(uint64_t addr)
{
    const struct core *core = dav_running;
    uint64_t offset = addr - core->gm_base;

    return core->coherent && offset < core->gm_size && dcache_find(core->cache, offset >> GM_LINE_SHIFT) == DCACHE_NONE;
}

/* One access a line: what a core's load/store unit makes of a block. */
void port_load_range(const void *start, size_t size)
{
    uint64_t addr = (uintptr_t)start, last = addr + size - 1;
    bool two_lines = size > 1 && size <= GM_LINE_BYTES && !within_line(addr, (uint32_t)size);

    while (size) {
        uint64_t part = GM_LINE_BYTES - (addr & (GM_LINE_BYTES - 1));

        if (part > size)
            part = size;
        load_told(addr, (uint32_t)part, ACCESS_BLOCK, 0);
        addr += part;
        size -= part;
    }
    while (two_lines && lost_line((uintptr_t)start)) {
        load((uintptr_t)start, 1, true);
        load(last, 1, true);
    }
}

PORT_HOOK void __tsan_read_range(void *addr, size_t size)
{
    port_load_range(addr, size);
}

PORT_HOOK void __tsan_write_range(void *addr, size_t size)
{
    uint64_t at = (uintptr_t)addr;

    while (size) {
        uint64_t part = GM_LINE_BYTES - (at & (GM_LINE_BYTES - 1));

        if (part > size)
            part = size;
        store_told(at, (uint32_t)part, ACCESS_BLOCK, 0);
        at += part;
        size -= part;
    }
}

/* A block is moved line by line, so that each store's bytes stand before the next hook captures them. With @loads the
 * source is read through the port as well, and taken aside while its lines are held. */
static void move_block(uint8_t *to, const uint8_t *from, int byte, size_t size, bool loads)
{
    uint8_t part[GM_LINE_BYTES];

    while (size) {
        size_t length = GM_LINE_BYTES - ((uintptr_t)to & (GM_LINE_BYTES - 1));

        if (length > size)
            length = size;
        if (loads)
            port_load_range(from, length);
        dav_running->accessing = (uintptr_t)from;
        if (from)
            memcpy(part, from, length);
        else
            memset(part, byte, length);
        store_told((uintptr_t)to, (uint32_t)length, ACCESS_BLOCK, 0);
        dav_running->accessing = (uintptr_t)to;
        memcpy(to, part, length);
        dav_running->accessing = 0;
        to += length;
        from = from ? from + length : NULL;
        size -= length;
    }
}

void port_store_block(void *to, const void *from, int byte, size_t size)
{
    move_block(to, from, byte, size, false);
}

PORT_HOOK void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    move_block(to, from, 0, size, true);
    return to;
}

PORT_HOOK void *__tsan_memmove(void *to, const void *from, size_t size)
{
    uint8_t *copy;

    if ((uintptr_t)to - (uintptr_t)from >= size)
        return __tsan_memcpy(to, from, size); /* going upwards never overwrites what is still to be read */
    port_load_range(from, size);
    copy = port_scratch(size);
    memcpy(copy, from, size);
    port_store_block(to, copy, 0, size);
    port_scratch_free(copy);
    return to;
}

PORT_HOOK void *__tsan_memset(void *to, int byte, size_t size)
{
    port_store_block(to, NULL, byte, size);
    return to;
}

/* ---- time ---- */

PORT_HOOK void __sanitizer_cov_trace_pc_guard(uint32_t *guard)
{
    struct core *core = dav_running;
    uintptr_t sp = (uintptr_t)__builtin_dwarf_cfa();

    if (unlikely(sp < core->stack_deepest))
        core->stack_deepest = sp;
    core->agent.now += *guard;
    if (unlikely(core->agent.now >= core->bound))
        core_reach_bound(core);
}

/* ---- the AICore's calls ---- */

void port_dcci_c(const volatile void *addr, int lines, int form, const struct saved_registers *registers)
{
    struct core *core = dav_running;
    bool clean = form != 2 || core->chip->file.aicore.dcci_two_args_clean;

    core_enter(core);
    if (!core->coherent)
        aicore_dcci(core, (uintptr_t)addr, lines == DAV_DCCI_ENTIRE, clean, registers);
    core_leave(core);
}

PORT_HOOK void dav_dsb(int kind)
{
    struct core *core = dav_running;

    (void)kind;
    core_enter(core);
    if (core->coherent)
        aicpu_fence(core, DAV_FENCE_FULL);
    else
        aicore_dsb(core);
    core_leave(core);
}

uint64_t port_reg_read_c(uint32_t reg, const struct saved_registers *registers)
{
    struct core *core = dav_running;
    uint64_t value = 0;

    core_enter(core);
    if (core->coherent || !aicore_reg_read(core, reg, &value, registers))
        port_fail("%s cannot read register 0x%x: an AICore reads only its DATA_MAIN_BASE (0xa0)", core->name, reg);
    core_leave(core);
    return value;
}

PORT_HOOK void dav_reg_write(uint32_t reg, uint64_t value)
{
    struct core *core = dav_running;

    core->pc = (uintptr_t)__builtin_return_address(0);
    core_enter(core);
    if (core->coherent || !aicore_reg_write(core, reg, value))
        port_fail("%s cannot write register 0x%x: an AICore writes only its COND (0x4c8)", core->name, reg);
    core_leave(core);
}

PORT_HOOK uint32_t dav_core_id(void)
{
    return (uint32_t)dav_running->number;
}

PORT_HOOK uint32_t dav_block_idx(void)
{
    return (uint32_t)dav_running->block_idx;
}

PORT_HOOK uint32_t dav_block_dim(void)
{
    return (uint32_t)dav_running->block_dim;
}

PORT_HOOK uint32_t dav_subblock_id(void)
{
    return (uint32_t)dav_running->subblock_id;
}

PORT_HOOK uint32_t dav_subblock_dim(void)
{
    return dav_running->kind == CORE_AIV ? dav_running->chip->file.chip.aiv_per_cluster : 1;
}

PORT_HOOK void dav_port_kernel_begin(uint64_t args, uint64_t image)
{
    struct core *core = dav_running;

    core_enter(core);
    if (!core->coherent)
        aicore_kernel_begin(core, args, image);
    core_leave(core);
}

PORT_HOOK void dav_port_kernel_end(uint64_t image)
{
    struct core *core = dav_running;

    (void)image;
    core_enter(core);
    if (!core->coherent)
        aicore_kernel_end(core);
    core_leave(core);
}
