/* pipes.c - the pipes of the AICores, as the model tells of them (watch.h): the order of what they do in their buffers
 * (hazard.h), and what is handed on to the other parts from here.
 */
#include "tools/check/pipes.h"

#include <stdio.h>
#include <string.h>

#include "model/chip_state.h"
#include "tools/check/need.h"

/* ---- a core's ---- */

struct core_pipes *pipes_of(struct check *check, const struct core *core)
{
    struct core_pipes **place = &check->pipes[core->number];
    struct core_pipes *pipes = *place;

    if (pipes)
        return pipes;
    *place = pipes = need(calloc(1, sizeof(*pipes)));
    pipes->core = &check->chip->cores[core->slot];
    pipes->hazard = need(hazard_new(check->chip->file.pipe.depth));
    pipes_make(pipes->core);
    for (int space = 0; space < ISA_BUFFERS; space++)
        if (written_make(&pipes->written[space], pipes->core->pipes->bytes[space]) != 0)
            abort();
    pipes->under_way_end = &pipes->under_way;
    return pipes;
}

static void forget_acts(struct core_pipes *pipes)
{
    while (pipes->under_way) {
        struct act *act = pipes->under_way;

        pipes->under_way = act->sibling;
        act_drop(act);
    }
    pipes->under_way_end = &pipes->under_way;
    for (int i = 0; i < SCALAR_ACTS; i++) {
        act_drop(pipes->scalar[i]);
        pipes->scalar[i] = NULL;
    }
    for (uint32_t i = 0; i < pipes->early_count; i++)
        act_drop(pipes->early[i].act);
    pipes->early_count = 0;
}

void pipes_launch(struct check *check)
{
    for (uint32_t i = 0; i < check->chip->aicores; i++) {
        struct core_pipes *pipes = check->pipes[i];

        if (!pipes)
            continue;
        hazard_reset(pipes->hazard);
        for (int space = 0; space < ISA_BUFFERS; space++)
            written_forget(&pipes->written[space]);
        memset(pipes->flags, 0, sizeof(pipes->flags));
        crossing_forget(pipes);
    }
    crossing_forget_rounds(check);
}

void pipes_free_all(struct check *check)
{
    for (uint32_t i = 0; i < check->chip->aicores; i++) {
        struct core_pipes *pipes = check->pipes[i];

        if (!pipes)
            continue;
        forget_acts(pipes);
        crossing_forget(pipes);
        hazard_free(pipes->hazard);
        for (int space = 0; space < ISA_BUFFERS; space++)
            written_free(&pipes->written[space]);
        free(pipes);
    }
    free(check->pipes);
    crossing_forget_rounds(check);
}

static struct act *new_act(struct check *check, const struct core_pipes *pipes, enum isa_pipe pipe, uint64_t pc)
{
    struct act *act = need(calloc(1, sizeof(*act)));
    const struct check_agent *about;

    act->references = 1;
    act->pipe = pipe;
    act->pc = pc;
    act->agent = agent_of(check, pipes->core);
    about = &check->agent[act->agent];
    act->has_task = about->has_task;
    act->task = about->task;
    act->image = about->image;
    return act;
}

/* ---- hazards ---- */

/* "vadd (V)" */
static const char *name_of(const struct act *act, char *text, size_t size)
{
    snprintf(text, size, "%s (%s)", act->name ? act->name : "the scalar unit", isa_pipe_name(act->pipe));
    return text;
}

void pipes_side(struct check *check, const struct act *act, enum isa_access access)
{
    char role[64];

    if (act->name)
        snprintf(role, sizeof(role), "%s in pipe %s (%s)", access == ISA_READ ? "read" : "written",
                 isa_pipe_name(act->pipe), act->name);
    else
        snprintf(role, sizeof(role), "%s in pipe S", access == ISA_READ ? "read" : "written");
    explain_act(check, act, role);
}

/* Of two accesses in the order of the program: is it known that the second one came too early this time? Reads happen
 * when an instruction starts, writes when it ends. */
static bool has_gone_wrong(const struct act *first, enum isa_access first_does, const struct act *second,
                           enum isa_access second_does, bool second_was_first)
{
    if (first_does == ISA_READ)
        return second_was_first && second->ended;
    if (first->pipe == ISA_V && second->pipe == ISA_V)
        return false; /* V may have passed the result on in time: pipe_in_time */
    if (second_does == ISA_READ)
        return second_was_first || !first->ended;
    return second->ended && !first->ended;
}

void pipes_end_hazard(struct check *check, const struct act *second, enum isa_access second_does,
                      const struct act *first, enum isa_access first_does, bool wrong)
{
    char *text = check->draft->headline, names[2][64];
    const char *now = name_of(second, names[0], sizeof(names[0])), *before = name_of(first, names[1], sizeof(names[1])),
               *from = isa_pipe_name(first->pipe), *to = isa_pipe_name(second->pipe);

    if (wrong)
        snprintf(text, sizeof(check->draft->headline), "%s %s %%p before %s had %s it", now,
                 second_does == ISA_READ ? "read" : "overwrote", before, first_does == ISA_READ ? "read" : "written");
    else
        snprintf(text, sizeof(check->draft->headline), "%s %s %%p with nothing that orders it behind %s, which %s it",
                 now, second_does == ISA_READ ? "reads" : "overwrites", before,
                 first_does == ISA_READ ? "reads" : "writes");
    if (first->pipe == second->pipe)
        explain_end(check, "pipe_barrier(PIPE_V) between {1} and {0}: instructions of this pipe overlap");
    else
        explain_end(check, "set_flag(PIPE_%s, PIPE_%s, id) behind {1}, and wait_flag(PIPE_%s, PIPE_%s, id) before {0}",
                    from, to, from, to);
}

void pipes_hazard(void *ctx, const struct hazard_meeting *meeting)
{
    struct check *check = ctx;
    bool swapped = act_before(meeting->act[1], meeting->act[0]);
    const struct act *first = meeting->act[swapped], *second = meeting->act[!swapped];
    enum isa_access first_does = meeting->access[swapped], second_does = meeting->access[!swapped];

    if (findings_again(check->findings, FINDING_PIPE_HAZARD, second->pc, first->pc,
                       check_core(check, first->agent)->name))
        return;
    explain_begin(check, FINDING_PIPE_HAZARD, 0, 0);
    pipes_side(check, second, second_does);
    pipes_side(check, first, first_does);
    explain_bytes(check, meeting->space, meeting->where.low, meeting->where.high);
    pipes_end_hazard(check, second, second_does, first, first_does,
                     has_gone_wrong(first, first_does, second, second_does, swapped));
}

/* ---- instructions ---- */

static void issue(struct check *check, struct core_pipes *pipes, const struct pipe_entry *entry)
{
    struct pipe_instr *instr = entry->instr;
    struct act *act = new_act(check, pipes, instr->x.entry->pipe, entry->pc);

    act->name = instr->x.entry->name;
    act->number = hazard_enter(pipes->hazard, act->pipe, true);
    act->serial = entry->serial;
    act->issued_ps = entry->issued_ps;
    act->unit_flag = (act->pipe == ISA_M || act->pipe == ISA_FIX) && isa_unit_flag(&instr->x);
    *pipes->under_way_end = act;
    pipes->under_way_end = &act->sibling;
    instr->note = act;
    if (instr->x.entry->unit == ISA_GMBYTE)
        moves_issue(check, pipes, act, instr);
}

static void entered(struct watch *watch, struct core *core, int pipe, struct pipe_entry *entry)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, core);

    if (entry->kind == PIPE_INSTR) {
        issue(check, pipes, entry);
        return;
    }
    hazard_enter(pipes->hazard, (enum isa_pipe)pipe, false);
    if (entry->kind == PIPE_SET)
        flags_set(pipes, entry->from, entry->to, entry->id, entry->pc);
    else if (entry->kind == PIPE_WAIT)
        flags_waited(pipes, entry->from, entry->to, entry->id, entry->pc);
    else if (entry->kind == PIPE_CROSS)
        crossing_enter(check, pipes, entry->serial);
}

struct touched {
    struct spans spans[2][ISA_BUFFERS + 1];
};

static void touch(void *ctx, enum isa_access access, enum isa_space space, uint64_t addr, uint64_t bytes)
{
    struct touched *touched = ctx;

    spans_add(&touched->spans[access][space], addr, addr + bytes);
}

static void instr_starts(struct watch *watch, struct pipe_instr *instr)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, instr->core);
    struct act *act = instr->note;
    struct touched touched = {0};

    hazard_head(pipes->hazard, act->pipe, true);
    act->started = true;
    act->start_ps = instr->start_ps;
    instr->x.entry->shape->spans(&instr->x, touch, &touched);
    for (int access = ISA_READ; access <= ISA_WRITE; access++) {
        for (int space = 0; space <= ISA_BUFFERS; space++) {
            struct spans *spans = &touched.spans[access][space];

            if (!spans->count)
                continue;
            spans_close(spans);
            if (space != ISA_GM && access == ISA_READ)
                unwritten_read(check, pipes, act, (enum isa_space)space, spans);
            else if (space != ISA_GM)
                unwritten_write(pipes, act, (enum isa_space)space, spans);
            hazard_access(pipes->hazard, act, (enum isa_access)access, (enum isa_space)space, spans, pipes_hazard,
                          check);
        }
    }
    moves_start(check, pipes, act);
}

static void instr_ends(struct watch *watch, struct pipe_instr *instr)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, instr->core);
    struct act *act = instr->note, **link = &pipes->under_way;

    act->ended = true;
    moves_end(check, pipes, act);
    while (*link != act)
        link = &(*link)->sibling;
    *link = act->sibling;
    if (!*link)
        pipes->under_way_end = link;
    act_drop(act);
    instr->note = NULL;
}

/* ---- the scalar unit in UB ---- */

static struct act *scalar_act(struct check *check, struct core_pipes *pipes, const struct core *core)
{
    struct act **place = &pipes->scalar[(core->pc >> 2) % SCALAR_ACTS];
    uint32_t number = hazard_number(pipes->hazard);

    if (*place && (*place)->pc == core->pc && (*place)->number == number && (*place)->serial == core->pipes->serial)
        return *place;
    act_drop(*place);
    *place = new_act(check, pipes, ISA_S, core->pc);
    (*place)->number = number;
    (*place)->serial = core->pipes->serial;
    (*place)->started = (*place)->ended = true;
    (*place)->start_ps = core->agent.now;
    return *place;
}

static void ub(struct watch *watch, struct core *core, uint64_t offset, uint32_t size, bool store)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, core);
    struct act *act = scalar_act(check, pipes, core);
    struct spans spans = {0};

    spans_add(&spans, offset, offset + size);
    if (store)
        unwritten_write(pipes, act, ISA_UB, &spans);
    else
        unwritten_read(check, pipes, act, ISA_UB, &spans);
    hazard_access(pipes->hazard, act, store ? ISA_WRITE : ISA_READ, ISA_UB, &spans, pipes_hazard, check);
}

/* ---- flags and barriers ---- */

static void flag_set(struct watch *watch, struct core *core, int to, const struct pipe_token *token)
{
    struct core_pipes *pipes = pipes_of(check_of(watch), core);

    if (token->from == ISA_S)
        flags_set(pipes, token->from, to, token->id, token->pc);
    else
        hazard_head(pipes->hazard, (enum isa_pipe)token->from, false);
    hazard_set(pipes->hazard, (enum isa_pipe)token->from, token->serial);
}

static void flag_waited(struct watch *watch, struct core *core, int to, const struct pipe_token *token, uint64_t pc)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, core);

    if (to == ISA_S)
        flags_waited(pipes, token->from, to, token->id, pc);
    else
        hazard_head(pipes->hazard, (enum isa_pipe)to, false);
    hazard_wait(pipes->hazard, (enum isa_pipe)to, token->serial);
    if (to == ISA_S)
        moves_learn(check, pipes);
}

static void pipe_barrier(struct watch *watch, struct core *core, int pipe)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = check->pipes[core->number];

    if (!pipes)
        return; /* nothing was ever under way */
    if (pipe != ISA_ALL)
        hazard_head(pipes->hazard, (enum isa_pipe)pipe, false);
    hazard_barrier(pipes->hazard, (enum isa_pipe)pipe);
    if (pipe == ISA_ALL)
        moves_learn(check, pipes);
}

/* ---- tasks and launches ---- */

void pipes_task(struct check *check, struct core *core, bool begins)
{
    struct core_pipes *pipes = core->coherent ? NULL : check->pipes[core->number];

    if (!pipes)
        return;
    if (!pipes_busy(core))
        unwritten_tell(check, pipes);
    if (begins)
        flags_begin(pipes);
    else
        flags_judge(check, pipes, false);
}

void pipes_end(struct check *check)
{
    bool well = check->chip->stop.status == DAV_OK;

    for (uint32_t i = 0; i < check->chip->aicores; i++) {
        struct core_pipes *pipes = check->pipes[i];

        if (!pipes)
            continue;
        unwritten_tell(check, pipes);
        if (well)
            flags_judge(check, pipes, true);
        forget_acts(pipes);
        hazard_barrier(pipes->hazard, ISA_ALL);
        moves_learn(check, pipes);
    }
    moves_forget(check);
}

void pipes_signal(struct check *check, const struct core *core, const struct origin *origin)
{
    struct core_pipes *pipes = check->pipes[core->number];

    if (pipes)
        pipes->signals[pipes->signal_count++ % SIGNALS] = (struct signal){origin->epoch, origin->pc, origin->time_ps};
}

void pipes_watch(struct watch *watch)
{
    watch->entered = entered;
    watch->instr_starts = instr_starts;
    watch->instr_ends = instr_ends;
    watch->flag_set = flag_set;
    watch->flag_waited = flag_waited;
    watch->pipe_barrier = pipe_barrier;
    watch->ub = ub;
    watch->dev = moves_dev;
}
