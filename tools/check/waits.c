/* waits.c - a launch that cannot go on, as a finding: who waits for what, and who was the last to store there.
 *
 * Who waits is told by the model (model/deadlock.c). What the checker adds is the other end: the latest store to what
 * is polled, or the latest word of a register. That is mostly where the one that is missing should have been.
 */
#include <stdio.h>

#include "tools/check/pipes.h"

static void add_side(struct check *check, const struct origin *origin, const char *role)
{
    if (origin && origin != check->unknown && check->draft->side_count < FINDING_SIDES)
        explain_origin(check, origin, role);
}

/* Who wrote last what @wait looks at. */
static void add_writer(struct check *check, const struct watch_wait *wait)
{
    const struct core *noticed = check->agent[agent_of(check, wait->core)].noticed;
    const struct shadow_line *known;

    if (wait->polls && wait->is_register) {
        add_side(check, check->dispatch[wait->core->number], "its DATA_MAIN_BASE last stored");
    } else if (wait->polls && check_in_gm(check, wait->addr)) {
        known = check_line(check, gm_line_of(&check->chip->gm, wait->addr));
        add_side(check, segments_at(&known->writers, wait->addr & (GM_LINE_BYTES - 1)), "last stored there");
    } else if (wait->runs && noticed) {
        add_side(check, check->signal[noticed->number], "the COND it polls last set");
    }
}

/* The wait for a flag, and what was set last between the same pipes: perhaps with another event id. */
static void add_flag(struct check *check, const struct watch_wait *wait, uint64_t now)
{
    const struct core_pipes *pipes = wait->core->coherent ? NULL : check->pipes[wait->core->number];
    uint32_t agent = agent_of(check, wait->core);
    const struct flag_use *set;
    char role[64];
    int id;

    if (wait->flag_pc != wait->pc && check->draft->side_count < FINDING_SIDES) {
        snprintf(role, sizeof(role), "waits in pipe %s", isa_pipe_name((enum isa_pipe)wait->to));
        explain_agent(check, agent, role, wait->flag_pc, now);
    }
    set = pipes && !wait->crosses ? flags_latest_set(pipes, wait->from, wait->to, &id) : NULL;
    if (!set || check->draft->side_count == FINDING_SIDES)
        return;
    snprintf(role, sizeof(role), "flag %s -> %s last set, event id %d,", isa_pipe_name((enum isa_pipe)wait->from),
             isa_pipe_name((enum isa_pipe)wait->to), id);
    explain_agent(check, agent, role, set->set_pc, set->set_ps);
}

static const char *remedy_for(const struct watch_wait *waits, uint32_t count)
{
    if (waits[0].stale)
        return "dcci the line before each load of the poll: GM holds the value already, the core's own cache does not";
    for (uint32_t i = 0; i < count; i++)
        if (waits[i].polls && waits[i].is_register)
            return "a register keeps one value, and the same value again is no news: number each dispatch on its core, "
                   "and count what a newer value implies";
    return "what is waited for never comes: look at who stored there last, and at the condition under which the next "
           "store is made";
}

static void stuck(struct watch *watch, bool expired, const struct watch_wait *waits, uint32_t count)
{
    struct check *check = check_of(watch);
    const struct watch_wait *worst = &waits[0];
    struct finding *draft = explain_begin(check, expired ? FINDING_LIVELOCK : FINDING_DEADLOCK,
                                          worst->polls && !worst->is_register ? worst->addr : 0, worst->size);

    for (uint32_t i = 0; i < count && draft->side_count < FINDING_SIDES; i++) {
        const struct watch_wait *wait = &waits[i];
        uint64_t now =
            wait->core->agent.now > check->chip->clock.time ? wait->core->agent.now : check->chip->clock.time;

        explain_side(check, agent_of(check, wait->core), wait->runs ? "runs in vain" : "waits in vain", wait->pc, now);
        if (wait->flag)
            add_flag(check, wait, now);
        else if (draft->side_count < FINDING_SIDES)
            add_writer(check, wait);
    }
    for (uint32_t i = 0; i < count && draft->chain_count < FINDING_CHAIN; i++)
        snprintf(draft->chain[draft->chain_count++], sizeof(*draft->chain), "%s", waits[i].text);
    if (worst->polls)
        explain_values(check, (const uint8_t *)&worst->seen, "value seen",
                       worst->stale ? (const uint8_t *)&worst->in_gm : NULL, "in GM");
    if (draft->addr)
        explain_holders(check);
    if (worst->flag && !worst->crosses)
        explain_end(check, "set_flag(PIPE_%s, PIPE_%s, EVENT_ID%d) once for each execution of the wait_flag at {%d}",
                    isa_pipe_name((enum isa_pipe)worst->from), isa_pipe_name((enum isa_pipe)worst->to), worst->id,
                    worst->flag_pc != worst->pc);
    else if (worst->flag)
        explain_end(check,
                    "ffts_cross_core_sync with flag %d, in a mode that reaches %s, on every core that it must wait "
                    "for, as often as it waits",
                    worst->id, worst->core->name);
    else
        explain_end(check, "%s", remedy_for(waits, count));
}

void waits_watch(struct watch *watch)
{
    watch->stuck = stuck;
}
