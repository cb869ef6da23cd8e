/* pipe.c - see pipe.h: queues, and when what is in them starts and ends. */
#include "model/core/pipe.h"

#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/core/detail.h"
#include "model/core/flag.h"
#include "model/core/mte.h"
#include "model/core/pipe_bytes.h"
#include "model/core/program.h"
#include "model/watch.h"

struct step {
    struct effect effect;
    struct pipe *pipe;
};

struct end {
    struct effect effect;
    struct pipe_instr *instr;
};

uint64_t pipe_cycles_ps(const struct core *core, uint64_t millionths)
{
    uint64_t divisor = core->period_den * 1000000, product;

    if (!__builtin_mul_overflow(millionths, core->period_num, &product) && product <= UINT64_MAX - divisor)
        return (product + divisor / 2) / divisor;
    return (uint64_t)(((unsigned __int128)millionths * core->period_num + divisor / 2) / divisor);
}

bool pipe_exists(const struct core *core, int number, bool scalar)
{
    switch (number) {
    case ISA_S:
        return scalar;
    case ISA_V:
        return core->kind == CORE_AIV;
    case ISA_M:
    case ISA_MTE1:
    case ISA_FIX:
        return core->kind == CORE_AIC;
    case ISA_MTE2:
    case ISA_MTE3:
        return true;
    default:
        return false;
    }
}

/* ---- queues ---- */

static void run(struct pipe *pipe, uint64_t now);

static void step_arrives(struct effect *effect)
{
    struct pipe *pipe = ((struct step *)effect)->pipe;

    if (pipe->step_ps != effect->at)
        return; /* an earlier one took its place */
    pipe->step_ps = CLOCK_NEVER;
    run(pipe, effect->at);
}

static void step_at(struct pipe *pipe, uint64_t at)
{
    struct core *core = pipe->of->core;
    struct step *step;

    if (pipe->step_ps <= at)
        return;
    pipe->step_ps = at;
    step = clock_effect(&core->chip->clock);
    *step = (struct step){.effect.apply = step_arrives, .pipe = pipe};
    clock_schedule(&core->chip->clock, &core->agent, step, at);
}

void pipe_kick(struct pipe *pipe, uint64_t now)
{
    if (pipe->count && pipe->step_ps == CLOCK_NEVER)
        run(pipe, now);
}

bool pipes_busy(const struct core *core)
{
    for (int i = 0; core->pipes && i < ISA_PIPES; i++) {
        const struct pipe *pipe = &core->pipes->pipe[i];

        if (pipe->count || pipe->flying || pipe->moving)
            return true;
    }
    return false;
}

void pipes_wake(struct pipes *pipes, uint64_t at)
{
    pipes->wait = PIPES_GO;
    clock_wake(&pipes->core->chip->clock, &pipes->core->agent, at);
}

/* A pipe has become empty: it may have been the last that pipe_barrier(PIPE_ALL) waits for. */
static void notice_drained(struct pipes *pipes, uint64_t now)
{
    if (pipes->wait == PIPES_DRAIN && !pipes_busy(pipes->core))
        pipes_wake(pipes, now + pipes->core->chip->file.pipe.sync_ps);
}

static void pop(struct pipe *pipe, uint64_t now)
{
    struct pipes *pipes = pipe->of;

    pipe->first = pipe->first + 1 < pipe->depth ? pipe->first + 1 : 0;
    pipe->count--;
    if (pipes->wait == PIPES_QUEUE && pipes->wait_to == (int)pipe->number)
        pipes_wake(pipes, now);
}

void pipe_put(struct core *core, enum isa_pipe number, const struct pipe_entry *entry)
{
    struct pipes *pipes = pipes_make(core);
    struct pipe *pipe = &pipes->pipe[number];
    struct pipe_entry *place;

    if (pipe->count == pipe->depth)
        core_sync(core); /* what has left by now may not have been worked off */
    if (pipe->count == pipe->depth) {
        const uint64_t begin_ps = core->agent.now;

        pipes->wait = PIPES_QUEUE;
        pipes->wait_to = (int)number;
        pipes->wait_pc = entry->pc;
        core_block(core);
        DETAIL_SCALAR(core, .text = "queue is full", .begin_ps = begin_ps, .pipe = (int)number);
    }
    place = pipe_queued(pipe, pipe->count++);
    *place = *entry;
    place->issued_ps = core->agent.now;
    place->serial = ++pipes->serial;
    if (place->instr) {
        place->instr->serial = place->serial;
        place->instr->issued_ps = place->issued_ps;
    }
    WATCH(core->chip, entered, core, (int)number, place);
    if (pipe->count == 1)
        step_at(pipe, place->issued_ps);
}

/* ---- instructions ---- */

static void fill_detail(const struct pipe_instr *instr, struct pipe_detail *detail)
{
    const bool moves = instr->x.entry->unit == ISA_GMBYTE;

    *detail = (struct pipe_detail){.entry = instr->x.entry,
                                   .mask = {instr->x.state.mask[0], instr->x.state.mask[1]},
                                   .issued_ps = instr->issued_ps,
                                   .units = moves ? 0 : instr->units,
                                   .gm = {instr->gm[ISA_READ], instr->gm[ISA_WRITE]},
                                   .missed_bytes = moves ? instr->missed_bytes : 0,
                                   .hbm_bytes = moves ? instr->hbm_bytes : 0,
                                   .latency_ps = moves ? instr->latency_ps : 0};
    memcpy(detail->words, instr->x.w, sizeof(detail->words));
    memcpy(detail->boxes, instr->boxes, sizeof(detail->boxes));
}

static void announce(const struct pipe_instr *instr)
{
    struct pipe_detail detail;
    uint64_t gm_bytes = instr->gm_bytes[ISA_READ] + instr->gm_bytes[ISA_WRITE];
    struct event event = {.kind = EVENT_INSTR,
                          .time_ps = instr->slot_ps,
                          .begin_ps = instr->start_ps,
                          .core = instr->core,
                          .pipe = (int)instr->x.entry->pipe,
                          .bytes = gm_bytes ? gm_bytes : instr->bytes[ISA_WRITE],
                          .ended_ps = instr->end_ps,
                          .serial = instr->serial,
                          .text = instr->x.entry->name};

    if (instr->core->chip->tell_instr) {
        fill_detail(instr, &detail);
        event.detail = &detail;
    }
    chip_announce(instr->core->chip, &event);
}

static void unlink_flying(struct pipe *pipe, struct pipe_instr *instr)
{
    struct pipe_instr **at = &pipe->flying;

    while (*at != instr)
        at = &(*at)->next;
    *at = instr->next;
}

/* Nobody needs @instr any more: another may use its memory. */
static void drop(struct pipes *pipes, struct pipe_instr *instr)
{
    free(instr->early);
    free(instr->x.stage);
    instr->early = instr->x.stage = NULL;
    instr->early_done = instr->published = false;
    instr->next = pipes->free;
    pipes->free = instr;
}

static void end_arrives(struct effect *effect)
{
    struct pipe_instr *instr = ((struct end *)effect)->instr;
    struct pipes *pipes = instr->core->pipes;
    struct pipe *pipe = &pipes->pipe[instr->x.entry->pipe];

    unlink_flying(pipe, instr);
    pipe_execute(instr);
    WATCH(pipes->core->chip, instr_ends, instr);
    drop(pipes, instr);
    if (pipe->number == ISA_M)
        pipe_kick(&pipes->pipe[ISA_FIX], effect->at); /* a unit flag may have come */
    if (pipe->count)
        pipe_kick(pipe, effect->at); /* a barrier may wait for it */
    else
        notice_drained(pipes, effect->at);
}

/* All its times are known now. */
static void end_at(struct pipe *pipe, struct pipe_instr *instr)
{
    struct core *core = pipe->of->core;
    struct end *end = clock_effect(&core->chip->clock);

    if (instr->end_ps > pipe->complete_ps)
        pipe->complete_ps = instr->end_ps;
    *end = (struct end){.effect.apply = end_arrives, .instr = instr};
    clock_schedule(&core->chip->clock, &core->agent, end, instr->end_ps);
    if (core->chip->tell_pipes)
        announce(instr);
}

void pipe_moved(struct pipe *pipe, uint64_t now)
{
    struct pipe_instr *instr = pipe->moving;

    pipe->moving = NULL;
    pipe->slot_ps = now;
    pipe->busy_ps += now - instr->start_ps;
    instr->slot_ps = now;
    instr->end_ps = now + instr->latency_ps;
    end_at(pipe, instr);
    pipe_kick(pipe, now);
}

/* One inside the core: when it leaves the pipe free, and when it ends. */
static void time_instr(struct pipe *pipe, struct pipe_instr *instr, uint64_t now)
{
    const struct core *core = instr->core;
    const struct isa_linear *cost = &core->chip->file.isa[instr->x.entry->cost];
    uint64_t cycles;

    instr->units = instr->x.entry->shape->units(&instr->x);
    cycles = cost->slope * instr->units;
    if (now > pipe->slot_ps || !pipe->instructions)
        cycles += cost->head; /* the pipe was idle */
    if (instr->x.state.count_mode)
        cycles += cost->counted;
    instr->slot_ps = now + pipe_cycles_ps(core, cycles);
    instr->end_ps = now + pipe_cycles_ps(core, cycles + cost->tail);
    pipe->slot_ps = instr->slot_ps;
    pipe->busy_ps += instr->slot_ps - now;
}

/* Return false if the launch ends with it. */
static bool start(struct pipe *pipe, struct pipe_instr *instr, uint64_t now)
{
    struct pipe_instr **last = &pipe->flying;
    char why[300];

    instr->start_ps = now;
    if (!pipe_look(instr, why, sizeof(why))) {
        program_blame(instr->core, instr->pc, now, why);
        return false;
    }
    WATCH(instr->core->chip, instr_starts, instr);
    pipe_fetch(instr);
    while (*last)
        last = &(*last)->next;
    instr->next = NULL;
    *last = instr;
    if (instr->x.entry->unit == ISA_GMBYTE) {
        pipe->moving = instr;
        mte_start(instr, now);
    } else {
        time_instr(pipe, instr, now);
        end_at(pipe, instr);
    }
    pipe->instructions++;
    return true;
}

/* ---- what stands at the head ---- */

/* It has held the pipe up since that could have taken another instruction. */
static void announce_barrier(const struct pipe *pipe, const struct pipe_entry *entry, uint64_t now)
{
    const struct event event = {.kind = EVENT_BARRIER,
                                .time_ps = now,
                                .begin_ps = entry->issued_ps > pipe->slot_ps ? entry->issued_ps : pipe->slot_ps,
                                .core = pipe->of->core,
                                .pipe = (int)pipe->number};

    chip_announce(pipe->of->core->chip, &event);
}

/* Do what it says, or return false: the pipe stays at it until something happens. */
static bool take_head(struct pipe *pipe, struct pipe_entry *entry, uint64_t now)
{
    struct pipes *pipes = pipe->of;
    struct pipe_token token;
    uint64_t done = pipe->complete_ps > now ? pipe->complete_ps : now;

    if (pipe->moving && entry->kind != PIPE_WAIT)
        return false;
    switch (entry->kind) {
    case PIPE_INSTR:
        if (pipe->slot_ps > now) {
            step_at(pipe, pipe->slot_ps);
            return false;
        }
        if (flag_unit_holds(pipes, entry->instr))
            return false;
        return start(pipe, entry->instr, now);
    case PIPE_SET:
        flag_set_at(pipes, entry, done, pipe->slot_ps > now ? pipe->slot_ps : now);
        return true;
    case PIPE_CROSS:
        flag_cross_at(pipes, entry, done);
        return true;
    case PIPE_WAIT:
        if (!flag_take(&pipes->flags[entry->from][entry->to][entry->id], &token))
            return false;
        flag_waited(pipes, entry, &token, now);
        return true;
    case PIPE_BARRIER:
        if (pipe->flying)
            return false; /* until the last of their ends, of which several may come at this moment */
        WATCH(pipes->core->chip, pipe_barrier, pipes->core, (int)pipe->number);
        if (pipes->core->chip->tell_instr)
            announce_barrier(pipe, entry, now);
        return true;
    }
    return true;
}

static void run(struct pipe *pipe, uint64_t now)
{
    while (pipe->count) {
        struct pipe_entry *entry = &pipe->queue[pipe->first];

        if (entry->issued_ps > now) {
            step_at(pipe, entry->issued_ps);
            return;
        }
        if (!take_head(pipe, entry, now))
            return;
        pop(pipe, now);
        if (pipe->number == ISA_FIX)
            pipe_kick(&pipe->of->pipe[ISA_M], now); /* a unit flag may have gone */
    }
    if (!pipe->flying)
        notice_drained(pipe->of, now);
}

/* ---- a core's pipes ---- */

static void fill_with_noise(const struct chip_state *chip, const struct core *core, struct pipes *pipes)
{
    bool wanted = chip->gm.seed && chip->compute; /* zeros are indices into any table */

    for (int space = 0; wanted && space < ISA_BUFFERS; space++)
        for (uint32_t i = 0; i + 8 <= pipes->bytes[space]; i += 8) {
            uint64_t z =
                chip->gm.seed + ((uint64_t)core->slot << 40 | (uint64_t)space << 32 | i) * 0x9e3779b97f4a7c15ull;

            z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
            z ^= z >> 27;
            memcpy(pipes->buffer[space] + i, &z, 8);
        }
}

static bool make_buffers(const struct core *core, struct pipes *pipes)
{
    const struct chip *file = &core->chip->file;
    const uint64_t aic[ISA_BUFFERS] = {
        [ISA_L1] = file->aicore.l1_bytes,   [ISA_L0A] = file->aicore.l0a_bytes, [ISA_L0B] = file->aicore.l0b_bytes,
        [ISA_L0C] = file->aicore.l0c_bytes, [ISA_BT] = file->aicore.bt_bytes,   [ISA_FB] = file->aicore.fb_bytes};
    const uint64_t aiv[ISA_BUFFERS] = {[ISA_UB] = file->aicore.ub_bytes};

    for (int space = 0; space < ISA_BUFFERS; space++) {
        pipes->bytes[space] = (uint32_t)(core->kind == CORE_AIC ? aic : aiv)[space];
        if (pipes->bytes[space] && !(pipes->buffer[space] = calloc(1, pipes->bytes[space])))
            return false;
    }
    fill_with_noise(core->chip, core, pipes);
    return true;
}

static bool make_queues(const struct core *core, struct pipes *pipes)
{
    for (int i = 0; i < ISA_PIPES; i++) {
        pipes->pipe[i].of = pipes;
        pipes->pipe[i].number = (enum isa_pipe)i;
        pipes->pipe[i].depth = core->chip->file.pipe.depth;
        if (pipe_exists(core, i, false) &&
            !(pipes->pipe[i].queue = calloc(pipes->pipe[i].depth, sizeof(struct pipe_entry))))
            return false;
    }
    return true;
}

struct pipes *pipes_make(struct core *core)
{
    if (core->pipes)
        return core->pipes;
    core->pipes = calloc(1, sizeof(*core->pipes));
    if (!core->pipes || !make_buffers(core, core->pipes) || !make_queues(core, core->pipes))
        abort();
    core->pipes->core = core;
    pipes_reset(core);
    return core->pipes;
}

static void each_flag(struct pipes *pipes, void (*what)(struct pipe_flag *flag))
{
    struct pipe_flag *flags = &pipes->flags[0][0][0];

    for (size_t i = 0; i < sizeof(pipes->flags) / sizeof(*flags); i++)
        what(&flags[i]);
    for (int i = 0; i < PIPE_CROSS_IDS; i++)
        what(&pipes->cross[i]);
}

static void empty_flag(struct pipe_flag *flag)
{
    flag->count = flag->first = 0;
}

static void free_flag(struct pipe_flag *flag)
{
    free(flag->tokens);
}

void pipes_reset(struct core *core)
{
    struct pipes *pipes = core->pipes;

    if (!pipes)
        return;
    memset(&pipes->state, 0, sizeof(pipes->state));
    memset(&pipes->v, 0, sizeof(pipes->v));
    each_flag(pipes, empty_flag);
    pipes->state.mask[0] = pipes->state.mask[1] = ~0ull;
    pipes->wait = PIPES_GO;
    for (int i = 0; i < ISA_PIPES; i++)
        pipes->pipe[i].step_ps = CLOCK_NEVER;
}

void pipes_forget(struct core *core)
{
    struct pipes *pipes = core->pipes;

    for (int i = 0; pipes && i < ISA_PIPES; i++) {
        struct pipe *pipe = &pipes->pipe[i];

        for (struct pipe_instr *instr = pipe->flying, *next; instr; instr = next) {
            next = instr->next;
            drop(pipes, instr);
        }
        for (uint32_t k = 0; k < pipe->count; k++)
            if (pipe_queued(pipe, k)->kind == PIPE_INSTR)
                drop(pipes, pipe_queued(pipe, k)->instr);
        pipe->first = pipe->count = 0;
        pipe->flying = pipe->moving = NULL;
        pipe->slot_ps = pipe->complete_ps = 0;
    }
    pipes_reset(core);
}

void pipes_free(struct core *core)
{
    struct pipes *pipes = core->pipes;

    if (!pipes)
        return;
    pipes_forget(core);
    each_flag(pipes, free_flag);
    for (int space = 0; space < ISA_BUFFERS; space++)
        free(pipes->buffer[space]);
    for (int i = 0; i < ISA_PIPES; i++)
        free(pipes->pipe[i].queue);
    while (pipes->free) {
        struct pipe_instr *next = pipes->free->next;

        free(pipes->free);
        pipes->free = next;
    }
    free(pipes);
    core->pipes = NULL;
}
