/* aicpu_port.c - the AICPU's calls of isa/core_port.h, and those that both kinds of core have. */
#include "isa/core_port.h"

#include "model/core/cluster.h"
#include "model/embed/device_libc.h"
#include "model/watch.h"

/* Part of each call, so that the return address is device code's. */
__attribute__((always_inline)) static inline struct core *enter_aicpu(const char *name)
{
    struct core *core = dav_running;

    if (libc_nobody())
        return NULL;
    if (!core->coherent)
        port_fail("%s calls %s, which only an AICPU has", core->name, name);
    core->pc = (uintptr_t)__builtin_return_address(0);
    core_enter(core);
    return core;
}

DEVICE_CALL void dav_fence(int kind)
{
    struct core *core = enter_aicpu("a memory barrier (rmb, wmb)");

    if (!core)
        return;
    aicpu_fence(core, kind);
    core_leave(core);
}

DEVICE_CALL void dav_cache_invalidate(const volatile void *addr, size_t size)
{
    struct core *core = enter_aicpu("cache_invalidate_range");

    if (!core)
        return;
    cluster_invalidate(core, (uintptr_t)addr, size, false);
    core_leave(core);
}

DEVICE_CALL void dav_cache_clean(const volatile void *addr, size_t size)
{
    struct core *core = enter_aicpu("cache_flush_range");

    if (!core)
        return;
    cluster_invalidate(core, (uintptr_t)addr, size, true);
    core_leave(core);
}

DEVICE_CALL uint64_t dav_window_table(void)
{
    if (libc_nobody())
        return 0;
    if (!dav_running->coherent)
        port_fail("%s asks for the register windows: an AICore reaches only its own registers", dav_running->name);
    return (uintptr_t)dav_running->chip->window_bases;
}

DEVICE_CALL uint32_t dav_aicore_count(void)
{
    return libc_nobody() ? 0 : dav_running->chip->aicores;
}

DEVICE_CALL void *dav_runtime_ptr(void)
{
    return libc_nobody() ? NULL : dav_running->chip->runtime;
}

DEVICE_CALL int dav_thread_idx(void)
{
    if (!libc_nobody() && !dav_running->coherent)
        port_fail("%s asks for its AICPU thread number", dav_running->name);
    return dav_running->number;
}

/* ---- GM that the AICPU allocates itself ---- */

struct gm_call {
    struct effect effect;
    struct core *core;
    uint64_t size;
    void **block; /* the answer, or what is given back */
    int *status;
};

static void gm_alloc_happens(struct effect *effect)
{
    struct gm_call *call = (struct gm_call *)effect;

    *call->block = gm_alloc(&call->core->chip->gm, call->size);
    if (*call->block)
        WATCH(call->core->chip, allocated, call->core, *call->block, call->size);
    clock_wake(&call->core->chip->clock, &call->core->agent, effect->at);
}

static void gm_free_happens(struct effect *effect)
{
    struct gm_call *call = (struct gm_call *)effect;

    *call->status = gm_free(&call->core->chip->gm, *call->block);
    if (*call->status == 0)
        WATCH(call->core->chip, freed, call->core, *call->block);
    clock_wake(&call->core->chip->clock, &call->core->agent, effect->at);
}

/* The allocator is shared with the other threads: a call takes its turn in simulated time. */
static int call_gm(struct core *core, void (*apply)(struct effect *), uint64_t size, void **block)
{
    struct gm_call *call;
    int status = 0;

    libc_charge(core);
    aicpu_after_stores(core);
    call = clock_effect(&core->chip->clock);
    *call = (struct gm_call){.effect.apply = apply, .core = core, .size = size, .block = block, .status = &status};
    clock_schedule(&core->chip->clock, &core->agent, call, core->agent.now + core->chip->file.aicpu.rmw_ps);
    core_block(core);
    return status;
}

DEVICE_CALL void *dav_device_malloc(size_t size)
{
    struct core *core = libc_enter_aicpu("aicpu_device_malloc");
    void *block = NULL;

    if (!core)
        return NULL;
    call_gm(core, gm_alloc_happens, size, &block);
    core_leave(core);
    return block;
}

DEVICE_CALL void dav_device_free(void *ptr)
{
    struct core *core = libc_enter_aicpu("aicpu_device_free");

    if (!core)
        return;
    core->pc = (uintptr_t)__builtin_return_address(0);
    if (ptr && call_gm(core, gm_free_happens, 0, &ptr) != 0)
        port_fail("%s calls aicpu_device_free(%p), which is not the start of an allocation in device memory",
                  core->name, ptr);
    core_leave(core);
}

/* ---- both kinds of core ---- */

DEVICE_CALL uint64_t dav_sys_cnt(void)
{
    struct core *core = libc_enter();
    const struct chip *file;

    if (!core)
        return 0;
    file = &core->chip->file;
    core->agent.now += core->coherent ? file->aicpu.sys_cnt_ps : file->aicore.sys_cnt_ps;
    core_leave(core);
    return (uint64_t)((unsigned __int128)core->agent.now * file->chip.sys_cnt_hz / 1000000000000ull);
}

DEVICE_CALL void dav_spin_hint(void)
{
    struct core *core = dav_running;

    if (libc_nobody())
        return;
    core->agent.now += core->coherent ? core->chip->file.aicpu.cost.simple_ps : core->chip->file.aicore.cost.simple_ps;
    if (core->park.probing)
        park_record(core, PARK_OTHER, 0, 0, 0);
}
