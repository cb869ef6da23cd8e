/* flag.c - see flag.h. */
#include "model/core/flag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/chip_state.h"
#include "model/core/detail.h"
#include "model/core/program.h"
#include "model/watch.h"

/* A set on its way to those who wait. */
struct flag_arrival {
    struct effect effect;
    struct pipes *pipes;
    struct pipe_token token;
    int to;          /* pipe, of an event id */
    uint64_t config; /* of a cross-core sync */
};

bool flag_take(struct pipe_flag *flag, struct pipe_token *token)
{
    if (!flag->count)
        return false;
    *token = flag->tokens[flag->first];
    flag->first = flag->first + 1 < PIPE_COUNT_MAX ? flag->first + 1 : 0;
    flag->count--;
    return true;
}

static bool flag_add(struct pipe_flag *flag, const struct pipe_token *token)
{
    if (flag->count == PIPE_COUNT_MAX)
        return false;
    if (!flag->tokens && !(flag->tokens = malloc(PIPE_COUNT_MAX * sizeof(*flag->tokens))))
        abort();
    flag->tokens[(flag->first + flag->count++) % PIPE_COUNT_MAX] = *token;
    return true;
}

static void announce_waited(struct core *core, const struct pipe_entry *entry, const struct pipe_token *token,
                            uint64_t now)
{
    const struct event event = {.kind = EVENT_FLAG,
                                .time_ps = now,
                                .begin_ps = token->set_ps,
                                .core = core,
                                .pipe = token->from,
                                .to_pipe = entry->to,
                                .level = token->id,
                                .serial = entry->serial,
                                .set_serial = token->serial};

    chip_announce(core->chip, &event);
}

void flag_waited(struct pipes *pipes, const struct pipe_entry *entry, const struct pipe_token *token, uint64_t now)
{
    struct core *core = pipes->core;

    WATCH(core->chip, flag_waited, core, entry->to, token, entry->pc);
    if (core->chip->tell_pipes)
        announce_waited(core, entry, token, now);
}

/* ---- inside a core ---- */

static void set_arrives(struct effect *effect)
{
    struct flag_arrival *arrival = (struct flag_arrival *)effect;
    struct pipes *pipes = arrival->pipes;
    const struct pipe_token *token = &arrival->token;
    struct pipe_flag *flag = &pipes->flags[token->from][arrival->to][token->id];
    char why[120];

    if (!flag_add(flag, token)) {
        snprintf(why, sizeof(why), "set_flag(%s, %s, %d) for the 16th time without a wait_flag",
                 isa_pipe_name((enum isa_pipe)token->from), isa_pipe_name((enum isa_pipe)arrival->to), token->id);
        program_blame(pipes->core, token->pc, effect->at, why);
        return;
    }
    if (arrival->to != ISA_S) {
        pipe_kick(&pipes->pipe[arrival->to], effect->at);
        return;
    }
    if (pipes->wait == PIPES_FLAG && pipes->wait_from == token->from && pipes->wait_id == token->id)
        pipes_wake(pipes, effect->at + pipes->core->chip->file.pipe.sync_ps);
}

static void announce_set(const struct core *core, const struct pipe_entry *entry, uint64_t at, uint64_t behind_ps)
{
    const struct event event = {.kind = EVENT_SET,
                                .time_ps = behind_ps,
                                .core = core,
                                .pipe = entry->from,
                                .to_pipe = entry->to,
                                .level = entry->id,
                                .ended_ps = at,
                                .serial = entry->serial};

    chip_announce(core->chip, &event);
}

void flag_set_at(struct pipes *pipes, const struct pipe_entry *entry, uint64_t at, uint64_t behind_ps)
{
    struct core *core = pipes->core;
    struct flag_arrival *arrival = clock_effect(&core->chip->clock);

    *arrival = (struct flag_arrival){.effect.apply = set_arrives,
                                     .pipes = pipes,
                                     .to = entry->to,
                                     .token = {entry->serial, at, entry->pc, entry->from, entry->id, core}};
    WATCH(core->chip, flag_set, core, entry->to, &arrival->token);
    if (core->chip->tell_pipes)
        announce_set(core, entry, at, behind_ps);
    clock_schedule(&core->chip->clock, &core->agent, arrival, at + core->chip->file.pipe.flag_ps);
}

void flag_wait_scalar(struct core *core, int from, int id, uint64_t pc)
{
    struct pipes *pipes = pipes_make(core);
    struct pipe_flag *flag = &pipes->flags[from][ISA_S][id];
    const struct pipe_entry entry = {.kind = PIPE_WAIT, .from = from, .to = ISA_S, .id = id, .pc = pc};
    const uint64_t begin_ps = core->agent.now;
    struct pipe_token token;

    core_wait(core, core->agent.now);
    if (!flag->count) {
        pipes->wait = PIPES_FLAG;
        pipes->wait_from = from;
        pipes->wait_id = id;
        pipes->wait_pc = pc;
        core_block(core);
    }
    DETAIL_SCALAR(core, .text = "wait_flag", .begin_ps = begin_ps, .pipe = from, .level = id);
    if (flag_take(flag, &token))
        flag_waited(pipes, &entry, &token, core->agent.now);
}

bool flag_unit_holds(const struct pipes *pipes, const struct pipe_instr *instr)
{
    bool moves = instr->x.entry->pipe == ISA_FIX;
    const struct pipe *other = &pipes->pipe[moves ? ISA_M : ISA_FIX];

    if ((!moves && instr->x.entry->pipe != ISA_M) || !isa_unit_flag(&instr->x))
        return false;
    for (uint32_t i = 0; i < other->count; i++) {
        const struct pipe_entry *entry = pipe_queued(other, i);

        if (entry->kind == PIPE_INSTR && entry->serial < instr->serial && isa_unit_flag(&entry->instr->x))
            return true;
    }
    for (const struct pipe_instr *flying = other->flying; moves && flying; flying = flying->next)
        if (flying->serial < instr->serial && isa_unit_flag(&flying->x))
            return true;
    return false;
}

/* ---- between cores ---- */

static uint32_t cluster_of(const struct core *core)
{
    return chip_cluster(&core->chip->file, (uint32_t)core->number);
}

static void give(struct core *core, const struct pipe_token *token, uint64_t now)
{
    struct pipes *pipes = pipes_make(core);
    char why[120];

    if (!flag_add(&pipes->cross[token->id], token)) {
        snprintf(why, sizeof(why), "cross-core flag %d of %s is set for the 16th time without a wait_flag_dev",
                 token->id, core->name);
        program_blame(core, token->pc, now, why);
        return;
    }
    if (pipes->wait == PIPES_CROSS && pipes->wait_id == token->id)
        pipes_wake(pipes, now + core->chip->file.pipe.sync_ps);
}

/* The cores of this launch that @mode lets @core synchronise with. */
static bool in_group(const struct core *core, const struct core *other, int mode)
{
    if (other->worker < 0 || other->coherent)
        return false;
    if (mode == 0)
        return other->kind == core->kind;
    if (cluster_of(core) != cluster_of(other))
        return false;
    return mode == 1 ? other->kind == core->kind : other->kind != core->kind;
}

/* @core has synced: has everybody who must? Then all counters are taken back by one. */
static bool all_have_synced(struct core *core, int mode, int id)
{
    struct chip_state *chip = core->chip;
    int among = mode == 2 ? 1 : mode; /* AIVs of a cluster meet before their AIC hears of it */

    if (mode == 2 && core->kind == CORE_AIC)
        return true;
    core->synced[mode][id]++;
    for (uint32_t i = 0; i < chip->aicores; i++)
        if (in_group(core, &chip->cores[i], among) && !chip->cores[i].synced[mode][id])
            return false;
    for (uint32_t i = 0; i < chip->aicores; i++)
        if (in_group(core, &chip->cores[i], among))
            chip->cores[i].synced[mode][id]--;
    return true;
}

static void cross_arrives(struct effect *effect)
{
    struct flag_arrival *arrival = (struct flag_arrival *)effect;
    struct core *core = arrival->pipes->core;
    struct chip_state *chip = core->chip;
    int mode = (int)(arrival->config >> 4 & 3);

    if (!all_have_synced(core, mode, arrival->token.id))
        return;
    for (uint32_t i = 0; i < chip->aicores; i++)
        if (in_group(core, &chip->cores[i], mode))
            give(&chip->cores[i], &arrival->token, effect->at);
}

void flag_cross_at(struct pipes *pipes, const struct pipe_entry *entry, uint64_t at)
{
    struct core *core = pipes->core;
    struct flag_arrival *arrival = clock_effect(&core->chip->clock);

    *arrival = (struct flag_arrival){.effect.apply = cross_arrives,
                                     .pipes = pipes,
                                     .config = entry->config,
                                     .token = {entry->serial, at, entry->pc, entry->from, entry->id, core}};
    WATCH(core->chip, cross_set, core, entry->config, &arrival->token);
    clock_schedule(&core->chip->clock, &core->agent, arrival, at + core->chip->file.ffts.latency_ps);
}

static void cross_waited(struct core *core, const struct pipe_token *token)
{
    const struct event event = {.kind = EVENT_CROSS,
                                .time_ps = core->agent.now,
                                .begin_ps = token->set_ps,
                                .core = core,
                                .by = token->core,
                                .pipe = token->from,
                                .level = token->id};

    WATCH(core->chip, cross_waited, core, token);
    if (core->chip->tell_pipes)
        chip_announce(core->chip, &event);
}

void flag_wait_cross(struct core *core, int id, uint64_t pc)
{
    struct pipes *pipes = pipes_make(core);
    struct pipe_flag *flag = &pipes->cross[id];
    const uint64_t begin_ps = core->agent.now;
    struct pipe_token token;

    core_wait(core, core->agent.now);
    if (!flag->count) {
        pipes->wait = PIPES_CROSS;
        pipes->wait_id = id;
        pipes->wait_pc = pc;
        core_block(core);
    }
    DETAIL_SCALAR(core, .text = "wait_flag_dev", .begin_ps = begin_ps, .level = id);
    if (flag_take(flag, &token))
        cross_waited(core, &token);
}

void flag_forget_arrivals(struct chip_state *chip)
{
    for (uint32_t i = 0; i < chip->aicores; i++)
        memset(chip->cores[i].synced, 0, sizeof(chip->cores[i].synced));
}
