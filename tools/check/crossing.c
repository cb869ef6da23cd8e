/* crossing.c - flags between cores. A sync carries what its core's scalar unit knew when it issued it, and which stores
 * of its pipes are over when it is sent: those before it in its own pipe, and those that its pipe has waited for. Who
 * waits is a scalar unit.
 *
 * Where all cores of a group must have synced before anybody's wait is over (flag.h), the n-th sync of each belongs to
 * round n, and a wait learns what all of them carried.
 *
 * A core to which its own sync comes back, as an answer, knows what was over in it when it was sent.
 */
#include <string.h>

#include "tools/check/need.h"
#include "tools/check/pipes.h"

enum { ROUNDS = 512 };

/* Who meets: all cores of a kind, or a cluster. */
struct round {
    int mode, id;
    uint32_t group, number; /* number 0: none */
    struct origin *origin;  /* all that was carried so far */
};

struct cross_rounds {
    struct round rounds[ROUNDS]; /* the latest */
    uint32_t next;
};

static uint32_t group_of(const struct core *core, int mode)
{
    const struct chip *file = &core->chip->file;
    uint32_t number = (uint32_t)core->number;

    if (mode == 0)
        return core->kind == CORE_AIC;
    if (core->kind == CORE_AIC) /* alone */
        return file->chip.clusters + number;
    return (number - file->chip.clusters) / file->chip.aiv_per_cluster;
}

static struct round *find_round(struct check *check, const struct core *core, const struct crossing *crossing)
{
    uint32_t group = group_of(core, crossing->mode);

    for (uint32_t i = 0; check->rounds && i < ROUNDS; i++) {
        struct round *round = &check->rounds->rounds[i];

        if (round->number == crossing->round && round->mode == crossing->mode && round->id == crossing->id &&
            round->group == group)
            return round;
    }
    return NULL;
}

static void join_round(struct check *check, const struct core *core, const struct crossing *crossing)
{
    struct round *round = find_round(check, core, crossing);

    if (round) {
        happens_chain(check->happens, round->origin, crossing->origin);
        return;
    }
    if (!check->rounds)
        check->rounds = need(calloc(1, sizeof(*check->rounds)));
    round = &check->rounds->rounds[check->rounds->next++ % ROUNDS];
    origin_drop(round->origin);
    *round = (struct round){crossing->mode, crossing->id, group_of(core, crossing->mode), crossing->round,
                            origin_keep(crossing->origin)};
}

void crossing_forget_rounds(struct check *check)
{
    for (uint32_t i = 0; check->rounds && i < ROUNDS; i++)
        origin_drop(check->rounds->rounds[i].origin);
    free(check->rounds);
    check->rounds = NULL;
}

/* ---- a core's syncs ---- */

static struct crossing *find(struct core_pipes *pipes, uint64_t serial)
{
    for (int i = 0; i < CROSSINGS; i++)
        if (pipes->crossings[i].origin && pipes->crossings[i].serial == serial)
            return &pipes->crossings[i];
    return NULL;
}

void crossing_enter(struct check *check, struct core_pipes *pipes, uint64_t serial)
{
    struct crossing *crossing = &pipes->crossings[pipes->crossing_count++ % CROSSINGS];

    origin_drop(crossing->origin);
    *crossing = (struct crossing){.serial = serial,
                                  .origin = happens_store(check->happens, agent_of(check, pipes->core), STORE_ORDERED)};
    order_fill(check, crossing->origin, pipes->core, pipes->core->pc, pipes->core->agent.now);
    crossing->origin->is_rmw = true; /* it may carry more than a later store of the scalar unit */
}

void crossing_forget(struct core_pipes *pipes)
{
    for (int i = 0; i < CROSSINGS; i++)
        origin_drop(pipes->crossings[i].origin);
    memset(pipes->crossings, 0, sizeof(pipes->crossings));
    memset(pipes->synced, 0, sizeof(pipes->synced));
}

static void cross_set(struct watch *watch, struct core *core, uint64_t config, const struct pipe_token *token)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, core);
    enum isa_pipe pipe = (enum isa_pipe)token->from;
    struct crossing *crossing;

    if (pipe == ISA_S)
        crossing_enter(check, pipes, token->serial);
    else
        hazard_head(pipes->hazard, pipe, false);
    crossing = find(pipes, token->serial);
    if (!crossing)
        return;
    crossing->clock = hazard_clock(pipes->hazard, pipe);
    crossing->mode = (int)(config >> 4 & 3);
    crossing->id = token->id;
    crossing->round = ++pipes->synced[crossing->mode][crossing->id];
    happens_add(crossing->origin, check_mover(check, core, ISA_MTE3), crossing->clock.done[ISA_MTE3]);
    if (core->kind == CORE_AIC)
        happens_add(crossing->origin, check_mover(check, core, ISA_FIX), crossing->clock.done[ISA_FIX]);
    pipes_signal(check, core, crossing->origin);
    join_round(check, core, crossing);
}

/* Which of its own syncs has the one that it has waited for heard of? */
static void learn_own(struct core_pipes *pipes, const struct origin *heard, uint32_t agent)
{
    for (int i = 0; i < CROSSINGS; i++) {
        const struct crossing *own = &pipes->crossings[i];

        if (own->origin && own->round && happens_carries(heard, agent) >= own->origin->epoch)
            hazard_learn(pipes->hazard, ISA_S, &own->clock);
    }
}

static void cross_waited(struct watch *watch, struct core *core, const struct pipe_token *token)
{
    struct check *check = check_of(watch);
    struct core_pipes *pipes = pipes_of(check, core), *setter = pipes_of(check, token->core);
    const struct crossing *crossing = find(setter, token->serial);
    const struct round *round = crossing ? find_round(check, token->core, crossing) : NULL;
    uint32_t agent = agent_of(check, core);

    if (!round)
        return; /* so long ago that it is forgotten */
    happens_load(check->happens, agent, round->origin, LOAD_ORDERED);
    learn_own(pipes, round->origin, agent);
    moves_learn(check, pipes);
}

void cross_watch(struct watch *watch)
{
    watch->cross_set = cross_set;
    watch->cross_waited = cross_waited;
}
