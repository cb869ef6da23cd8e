/* isa_port.c - the port's calls for what is beside the scalar unit: instructions, flags, special registers, UB.
 *
 * An instruction that the core has not, or with a misaligned operand, is found here, where the program stands; what
 * else is wrong with it, when it starts (pipe_bytes.h), because that may depend on what stands in UB then.
 */
#include <stdlib.h>
#include <string.h>

#include "isa/atomic.h"
#include "isa/core_port.h"
#include "model/chip_state.h"
#include "model/core/detail.h"
#include "model/core/flag.h"
#include "model/core/past_cache.h"
#include "model/core/pipe.h"
#include "model/core/pipe_bytes.h"
#include "model/embed/port.h"
#include "model/watch.h"

#define PORT_HOOK __attribute__((visibility("default")))

/* A call of the running core's program; it does what no repeating poll does. */
static struct core *enter(void *return_address)
{
    struct core *core = dav_running;

    core->pc = (uintptr_t)return_address;
    core_enter(core);
    core->changes++;
    park_forget(core);
    return core;
}

#define ENTER() enter(__builtin_return_address(0))

static void need_aicore(const struct core *core, const char *what)
{
    if (core->coherent)
        port_fail("%s has no pipes: %s belongs to AICores", core->name, what);
}

/* ---- instructions ---- */

static struct pipe_instr *make_instr(struct pipes *pipes)
{
    struct pipe_instr *instr = calloc(1, sizeof(*instr));

    if (!instr)
        abort();
    instr->core = pipes->core;
    instr->x.v = &pipes->v;
    memcpy(instr->x.buffer, pipes->buffer, sizeof(pipes->buffer));
    memcpy(instr->x.bytes, pipes->bytes, sizeof(pipes->bytes));
    return instr;
}

/* One that has been used before keeps what belongs to the core; the times and boxes of its former use are not looked at
 * before they are set anew. */
static struct pipe_instr *take_instr(struct pipes *pipes)
{
    struct pipe_instr *instr = pipes->free;

    if (!instr)
        return make_instr(pipes);
    pipes->free = instr->next;
    instr->note = NULL;
    return instr;
}

static void check_operands(const struct core *core, const struct pipe_instr *instr)
{
    const struct isa_entry *entry = instr->x.entry;

    for (int i = 0; i < 3; i++) /* powers of two, or 0 */
        if (entry->shape->align[i] && instr->x.w[i] & (entry->shape->align[i] - 1u))
            port_fail("%s: %s needs its %s aligned to %u bytes, and it is 0x%llx", core->name, entry->name,
                      i == 0 ? "destination" : "source", entry->shape->align[i], (unsigned long long)instr->x.w[i]);
}

PORT_HOOK void dav_issue(uint32_t opcode, uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4)
{
    struct core *core = ENTER();
    const struct isa_entry *entry = isa_entry_of(opcode);
    struct pipes *pipes;
    struct pipe_instr *instr;

    if (!entry)
        port_fail("%s: instruction %u does not exist: compile the kernel again", core->name, opcode);
    need_aicore(core, entry->name);
    if (!(entry->cores & (core->kind == CORE_AIC ? ISA_AIC : ISA_AIV)))
        port_fail("%s has no %s: that is an instruction of the other kind of AICore", core->name, entry->name);
    pipes = pipes_make(core);
    instr = take_instr(pipes);
    instr->pc = core->pc;
    instr->x.entry = entry;
    instr->x.w[0] = w0;
    instr->x.w[1] = w1;
    instr->x.w[2] = w2;
    instr->x.w[3] = w3;
    instr->x.w[4] = w4;
    instr->x.state = pipes->state;
    check_operands(core, instr);
    pipe_put(core, entry->pipe, &(struct pipe_entry){.kind = PIPE_INSTR, .pc = core->pc, .instr = instr});
    core_leave(core);
}

/* ---- flags and barriers ---- */

static void check_event(const struct core *core, const char *what, int from, int to, int id)
{
    need_aicore(core, what);
    if (id < 0 || id >= PIPE_IDS)
        port_fail("%s: %s: event id %d does not exist: give 0 to %d", core->name, what, id, PIPE_IDS - 1);
    if (!pipe_exists(core, from, true) || !pipe_exists(core, to, true))
        port_fail("%s: %s from %s to %s: this core has no such pipe", core->name, what,
                  isa_pipe_name((enum isa_pipe)from), isa_pipe_name((enum isa_pipe)to));
}

PORT_HOOK void dav_set_flag(int from, int to, int id)
{
    struct core *core = ENTER();
    struct pipe_entry entry = {.kind = PIPE_SET, .from = from, .to = to, .id = id, .pc = core->pc};

    check_event(core, "set_flag", from, to, id);
    if (from == ISA_S) {
        struct pipes *pipes = pipes_make(core);

        entry.serial = ++pipes->serial;
        flag_set_at(pipes, &entry, core->agent.now, core->agent.now);
    } else {
        pipe_put(core, (enum isa_pipe)from, &entry);
    }
    core_leave(core);
}

PORT_HOOK void dav_wait_flag(int from, int to, int id)
{
    struct core *core = ENTER();

    check_event(core, "wait_flag", from, to, id);
    if (to == ISA_S)
        flag_wait_scalar(core, from, id, core->pc);
    else
        pipe_put(core, (enum isa_pipe)to,
                 &(struct pipe_entry){.kind = PIPE_WAIT, .from = from, .to = to, .id = id, .pc = core->pc});
    core_leave(core);
}

/* The scalar unit waits until nothing is queued or under way. */
static void drain(struct core *core)
{
    struct pipes *pipes = core->pipes;
    const uint64_t begin_ps = core->agent.now;

    if (pipes && pipes_busy(core)) {
        core_wait(core, core->agent.now);
        if (pipes_busy(core)) {
            pipes->wait = PIPES_DRAIN;
            pipes->wait_pc = core->pc;
            core_block(core);
        }
    }
    WATCH(core->chip, pipe_barrier, core, ISA_ALL);
    DETAIL_SCALAR(core, .text = "pipe_barrier", .begin_ps = begin_ps, .pipe = ISA_ALL);
}

PORT_HOOK void dav_pipe_barrier(int pipe)
{
    struct core *core = ENTER();

    need_aicore(core, "pipe_barrier");
    if (pipe == ISA_ALL)
        drain(core);
    else if (!pipe_exists(core, pipe, true))
        port_fail("%s: pipe_barrier: this core has no pipe %s", core->name, isa_pipe_name((enum isa_pipe)pipe));
    else if (pipe != ISA_S)
        pipe_put(core, (enum isa_pipe)pipe, &(struct pipe_entry){.kind = PIPE_BARRIER, .pc = core->pc});
    core_leave(core);
}

static void cross_core_sync(struct core *core, int pipe, uint64_t config)
{
    struct pipe_entry entry = {
        .kind = PIPE_CROSS, .from = pipe, .id = (int)(config >> 8 & 15), .config = config, .pc = core->pc};

    need_aicore(core, "ffts_cross_core_sync");
    if (!pipe_exists(core, pipe, true))
        port_fail("%s: ffts_cross_core_sync: this core has no pipe %s", core->name, isa_pipe_name((enum isa_pipe)pipe));
    if ((config >> 4 & 3) > 2)
        port_fail("%s: ffts_cross_core_sync: mode %u does not exist: give 0 (all cores of a kind), 1 (the AIVs of a "
                  "cluster) or 2 (AIC and AIVs)",
                  core->name, (unsigned)(config >> 4 & 3));
    if (pipe == ISA_S) {
        struct pipes *pipes = pipes_make(core);

        entry.serial = ++pipes->serial;
        flag_cross_at(pipes, &entry, core->agent.now);
    } else {
        pipe_put(core, (enum isa_pipe)pipe, &entry);
    }
}

PORT_HOOK void dav_cross_core_sync(int pipe, uint64_t config)
{
    struct core *core = ENTER();

    cross_core_sync(core, pipe, config);
    core_leave(core);
}

PORT_HOOK void dav_cross_core_wait(int64_t id)
{
    struct core *core = ENTER();

    need_aicore(core, "wait_flag_dev");
    if (id < 0 || id >= PIPE_CROSS_IDS)
        port_fail("%s: wait_flag_dev: flag %lld does not exist: give 0 to %d", core->name, (long long)id,
                  PIPE_CROSS_IDS - 1);
    flag_wait_cross(core, (int)id, core->pc);
    core_leave(core);
}

/* ---- special registers ---- */

PORT_HOOK void dav_spr_write(uint32_t spr, uint64_t value)
{
    struct core *core = ENTER();
    struct isa_state *state;

    need_aicore(core, "a special register");
    state = &pipes_make(core)->state;
    if ((spr == ISA_SPR_ATOMIC || spr == ISA_SPR_ST_ATOMIC) && value > ISA_ATOMIC_S8)
        port_fail("%s: atomic type %llu does not exist", core->name, (unsigned long long)value);
    if (spr < ISA_SPRS)
        state->spr[spr] = value;
    else if (spr == ISA_SPR_MASK_COUNT)
        state->count_mode = value != 0;
    else if (spr == ISA_SPR_ATOMIC)
        state->atomic = (uint8_t)value;
    else
        port_fail("%s: special register %u cannot be written", core->name, spr);
    DETAIL_SCALAR(core, .text = "set special register", .begin_ps = core->agent.now, .level = (int)spr, .args = value);
    core_leave(core);
}

PORT_HOOK void dav_set_vector_mask(uint64_t high, uint64_t low)
{
    struct core *core = ENTER();
    struct isa_state *state;

    need_aicore(core, "set_vector_mask");
    state = &pipes_make(core)->state;
    state->mask[0] = low;
    state->mask[1] = high;
    DETAIL_SCALAR(core, .text = "set_vector_mask", .begin_ps = core->agent.now, .args = low, .image = high);
    core_leave(core);
}

PORT_HOOK uint64_t dav_spr_read(uint32_t spr)
{
    struct core *core = ENTER();
    struct pipes *pipes;
    uint64_t value;

    need_aicore(core, "a special register");
    pipes = pipes_make(core);
    if (pipes_busy(core))
        core_wait(core, core->agent.now); /* what the V pipe has left there by now */
    value = spr < ISA_SPRS              ? pipes->state.spr[spr]
            : spr == ISA_SPR_RSVD_CNT   ? pipes->v.rsvd_cnt
            : spr == ISA_SPR_VMS4_SR    ? pipes->v.vms4_sr
            : spr == ISA_SPR_MASK_COUNT ? pipes->state.count_mode
                                        : pipes->state.atomic;
    core_leave(core);
    return value;
}

/* ---- UB, as the scalar unit sees it ---- */

PORT_HOOK void *dav_ub(uint64_t offset, uint32_t size, int store)
{
    struct core *core = ENTER();
    struct pipes *pipes;

    need_aicore(core, "UB");
    pipes = pipes_make(core);
    if (offset > pipes->bytes[ISA_UB] || size > pipes->bytes[ISA_UB] - offset)
        port_fail("%s %s byte 0x%llx of UB, which has %u bytes", core->name, store ? "writes" : "reads",
                  (unsigned long long)offset, pipes->bytes[ISA_UB]);
    core->agent.now += core->chip->file.pipe.ub_ps;
    if (pipes_busy(core))
        core_wait(core, core->agent.now);
    if (store)
        pipe_save_readers(pipes, NULL, ISA_UB, (uint32_t)offset, size);
    WATCH(core->chip, ub, core, offset, size, store != 0);
    core_leave(core);
    return pipes->buffer[ISA_UB] + offset;
}

PORT_HOOK void dav_trap(void)
{
    struct core *core = ENTER();

    port_fail("%s: trap(): the kernel gives up", core->name);
}

/* ---- GM past the data cache ---- */

static void check_device_address(const struct core *core, const char *what, uint64_t addr, uint32_t size)
{
    need_aicore(core, what);
    if (!gm_contains(&core->chip->gm, (const void *)(uintptr_t)addr, size) || addr % size)
        port_fail("%s: %s at 0x%llx: that is no aligned address of device memory", core->name, what,
                  (unsigned long long)addr);
}

PORT_HOOK uint64_t dav_ld_dev(const volatile void *addr, uint32_t size)
{
    struct core *core = ENTER();
    uint64_t begin_ps = core->agent.now, value;

    check_device_address(core, "ld_dev", (uintptr_t)addr, size);
    value = past_cache_load(core, (uintptr_t)addr, size);
    WATCH(core->chip, dev, core, (uintptr_t)addr, size, PAST_LOAD);
    DETAIL_SCALAR(core, .text = "ld_dev", .begin_ps = begin_ps, .args = (uintptr_t)addr, .bytes = size);
    core_leave(core);
    return value;
}

/* Where set_ffts_base_addr says that the flags are: a store there is a sync by the scalar unit. */
static bool is_flag_address(const struct core *core, uint64_t addr)
{
    return core->pipes && addr && core->pipes->state.spr[ISA_SPR_FFTS_BASE] == addr;
}

PORT_HOOK void dav_st_dev(volatile void *addr, uint64_t value, uint32_t size)
{
    struct core *core = ENTER();

    if (is_flag_address(core, (uintptr_t)addr)) {
        cross_core_sync(core, ISA_S, value);
        core_leave(core);
        return;
    }
    check_device_address(core, "st_dev", (uintptr_t)addr, size);
    WATCH(core->chip, dev, core, (uintptr_t)addr, size, PAST_STORE);
    DETAIL_SCALAR(core, .text = "st_dev", .begin_ps = core->agent.now, .args = (uintptr_t)addr, .bytes = size);
    past_cache_store(core, (uintptr_t)addr, value, size, ISA_ATOMIC_NONE);
    core_leave(core);
}

/* The atomic that set_st_atomic_cfg has chosen: see encoding.h. */
PORT_HOOK void dav_st_atomic(volatile void *addr, uint64_t value, uint32_t size)
{
    struct core *core = ENTER();
    uint64_t config;

    check_device_address(core, "st_atomic", (uintptr_t)addr, size);
    config = pipes_make(core)->state.spr[ISA_SPR_ST_ATOMIC];
    if (size % isa_atomic_bytes((enum isa_atomic)config))
        port_fail("%s: st_atomic of %u bytes: the type that set_st_atomic_cfg has chosen has %u", core->name, size,
                  isa_atomic_bytes((enum isa_atomic)config));
    WATCH(core->chip, dev, core, (uintptr_t)addr, size, PAST_ATOMIC);
    DETAIL_SCALAR(core, .text = "st_atomic", .begin_ps = core->agent.now, .args = (uintptr_t)addr, .bytes = size);
    past_cache_store(core, (uintptr_t)addr, value, size, (int)config);
    core_leave(core);
}
