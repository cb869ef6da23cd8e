/* flags.c - set_flag and wait_flag of each pair of pipes and each event id, as the scalar unit comes to them: in a task
 * there is one wait for each set. Which pipe comes to them when does not matter here. A flag that a task leaves set
 * lets the next one's first wait through, whatever it should have waited for.
 */
#include "tools/check/pipes.h"

#include <stdio.h>
#include <string.h>

static int place_of(int pipe)
{
    return pipe == ISA_FIX ? PIPE_PLACES - 1 : pipe;
}

static enum isa_pipe pipe_at(int place)
{
    return place == PIPE_PLACES - 1 ? ISA_FIX : (enum isa_pipe)place;
}

static int number_of(int from, int to, int id)
{
    return (place_of(from) * PIPE_PLACES + place_of(to)) * PIPE_IDS + id;
}

static struct flag_use *use_of(struct core_pipes *pipes, int from, int to, int id)
{
    pipes->flags_used = true;
    return &pipes->flags[number_of(from, to, id)];
}

void flags_set(struct core_pipes *pipes, int from, int to, int id, uint64_t pc)
{
    struct flag_use *use = use_of(pipes, from, to, id);

    use->open++;
    use->set_pc = pc;
    use->set_ps = pipes->core->agent.now;
}

void flags_waited(struct core_pipes *pipes, int from, int to, int id, uint64_t pc)
{
    struct flag_use *use = use_of(pipes, from, to, id);

    use->open--;
    use->wait_pc = pc;
    use->wait_ps = pipes->core->agent.now;
}

const struct flag_use *flags_latest_set(const struct core_pipes *pipes, int from, int to, int *id)
{
    const struct flag_use *latest = NULL;

    for (int i = 0; i < PIPE_IDS; i++) {
        const struct flag_use *use = &pipes->flags[number_of(from, to, i)];

        if (!use->set_pc || (latest && use->set_ps <= latest->set_ps))
            continue;
        latest = use;
        *id = i;
    }
    return latest;
}

/* ---- one for each ---- */

/* The flag with number @number is set once more than it is waited for (@set), or the reverse. */
static void tell(struct check *check, const struct core_pipes *pipes, int number, bool set)
{
    const struct flag_use *use = &pipes->flags[number];
    uint32_t agent = agent_of(check, pipes->core);
    const char *a = isa_pipe_name(pipe_at(number / PIPE_IDS / PIPE_PLACES)),
               *b = isa_pipe_name(pipe_at(number / PIPE_IDS % PIPE_PLACES));
    int id = number % PIPE_IDS;
    struct finding *draft = explain_begin(check, FINDING_UNPAIRED_FLAG, 0, 0);

    draft->where[0] = '\0';
    if (set) {
        explain_agent(check, agent, "set", use->set_pc, use->set_ps);
        snprintf(draft->headline, sizeof(draft->headline), "%s leaves flag %s -> %s, event id %d, set",
                 pipes->core->name, a, b, id);
        explain_end(check,
                    "wait_flag(PIPE_%s, PIPE_%s, EVENT_ID%d) for the set_flag at {0}: left set, it lets the next wait "
                    "for it through too early",
                    a, b, id);
        return;
    }
    explain_agent(check, agent, "waited for", use->wait_pc, use->wait_ps);
    if (use->set_pc)
        explain_agent(check, agent, "set last", use->set_pc, use->set_ps);
    snprintf(draft->headline, sizeof(draft->headline),
             "%s waits for flag %s -> %s, event id %d, once more than it sets it", pipes->core->name, a, b, id);
    explain_end(check,
                "set_flag(PIPE_%s, PIPE_%s, EVENT_ID%d) before the wait_flag at {0}: what let it through was left over",
                a, b, id);
}

void flags_begin(struct core_pipes *pipes)
{
    for (int i = 0; pipes->flags_used && i < FLAG_USES; i++)
        pipes->flags[i].base = pipes->flags[i].open;
    pipes->flags_used = false;
}

void flags_judge(struct check *check, struct core_pipes *pipes, bool all)
{
    for (int i = 0; (pipes->flags_used || all) && i < FLAG_USES; i++) {
        struct flag_use *use = &pipes->flags[i];
        int32_t over = all ? use->open && use->open != use->told ? use->open : 0 : use->open - use->base;

        if (!over)
            continue;
        tell(check, pipes, i, over > 0);
        use->told += over;
    }
    pipes->flags_used = false;
}
