/* explain.c - what a rule has found, put into a finding. There is one draft, since rules run on cores' small stacks. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/check/state.h"

static const char *name_of(const struct check *check, uint32_t agent)
{
    const struct core *core = check_core(check, agent);

    return core ? core->name : "host";
}

struct finding *explain_begin(struct check *check, enum finding_kind kind, uint64_t addr, uint32_t size)
{
    struct finding *draft = check->draft;

    memset(draft, 0, sizeof(*draft));
    draft->kind = kind;
    draft->addr = addr;
    draft->size = size;
    chip_where(check->chip, addr, draft->where, sizeof(draft->where));
    return draft;
}

static void set_task(const struct check *check, struct finding_side *side, bool has_task, int64_t task, uint64_t image)
{
    const struct kernel *kernel = kernels_of_image(check->kernels, image);

    side->has_task = has_task;
    side->task = task;
    if (kernel)
        snprintf(side->kernel, sizeof(side->kernel), "%s", kernel->name);
}

struct finding_side *explain_side(struct check *check, uint32_t agent, const char *role, uint64_t pc, uint64_t time_ps)
{
    struct finding *draft = check->draft;
    struct finding_side *side = &draft->sides[draft->side_count++];
    const struct core *core = check_core(check, agent);

    assert(draft->side_count <= FINDING_SIDES);
    check->side_agents[draft->side_count - 1] = agent;
    memset(side, 0, sizeof(*side));
    snprintf(side->role, sizeof(side->role), "%s", role);
    snprintf(side->agent, sizeof(side->agent), "%s", name_of(check, agent));
    side->pc = pc;
    side->time_ps = time_ps;
    side->cycle = core ? core_cycles(core, time_ps) : 0;
    return side;
}

void explain_agent(struct check *check, uint32_t agent, const char *role, uint64_t pc, uint64_t time_ps)
{
    struct finding_side *side = explain_side(check, agent, role, pc, time_ps);

    set_task(check, side, check->agent[agent].has_task, check->agent[agent].task, check->agent[agent].image);
}

void explain_reader(struct check *check, struct core *core, const char *role)
{
    explain_agent(check, agent_of(check, core), role, core ? core->pc : 0,
                  core ? core->agent.now : check->chip->clock.time);
}

void explain_origin(struct check *check, const struct origin *origin, const char *role)
{
    struct finding_side *side = explain_side(check, origin->agent, role, origin->pc, origin->time_ps);

    set_task(check, side, origin->has_task, origin->task, origin->image);
}

void explain_act(struct check *check, const struct act *act, const char *role)
{
    struct finding_side *side =
        explain_side(check, act->agent, role, act->pc, act->started ? act->start_ps : act->issued_ps);

    set_task(check, side, act->has_task, act->task, act->image);
}

void explain_bytes(struct check *check, enum isa_space space, uint64_t low, uint64_t high)
{
    struct finding *draft = check->draft;

    draft->size = high - low > UINT32_MAX ? UINT32_MAX : (uint32_t)(high - low);
    if (space == ISA_GM) {
        draft->addr = low;
        chip_where(check->chip, low, draft->where, sizeof(draft->where));
        return;
    }
    snprintf(draft->where, sizeof(draft->where), "%s bytes 0x%llx to 0x%llx", isa_space_name(space),
             (unsigned long long)low, (unsigned long long)high - 1);
}

void explain_values(struct check *check, const uint8_t *seen, const char *seen_label, const uint8_t *other,
                    const char *other_label)
{
    struct finding *draft = check->draft;
    uint32_t bytes = draft->size < FINDING_BYTES ? draft->size : FINDING_BYTES;

    draft->has_values = true;
    draft->value_bytes = bytes;
    memcpy(draft->seen, seen, bytes);
    snprintf(draft->seen_label, sizeof(draft->seen_label), "%s", seen_label);
    if (!other)
        return;
    memcpy(draft->in_gm, other, bytes);
    snprintf(draft->other_label, sizeof(draft->other_label), "%s", other_label);
}

static void describe_held(const struct check *check, int holder, uint32_t index, char *text, size_t size)
{
    const struct dcache_line *line = &check->chip->view.caches[holder]->lines[index];
    const char *name = holder == DIRECTORY_CLUSTER ? "AICPU cluster" : check->chip->cores[holder].name;
    char dirty[64] = "";

    if (line->dirty && holder != DIRECTORY_CLUSTER)
        snprintf(dirty, sizeof(dirty), ", %d bytes written at %llu ns", __builtin_popcountll(line->written),
                 (unsigned long long)(line->dirtied_ps / 1000));
    snprintf(text, size, "%s: %s, filled at %llu ns in launch %u%s", name,
             line->dirty       ? "dirty"
             : line->divergent ? "older than GM"
                               : "clean",
             (unsigned long long)(line->filled_ps / 1000), line->launch, dirty);
}

void explain_holders(struct check *check)
{
    struct finding *draft = check->draft;
    const struct view *view = &check->chip->view;
    uint64_t line = gm_line_of(&check->chip->gm, draft->addr);
    const struct directory_entry *entry = directory_get(&view->directory, line);

    for (int holder = entry ? directory_next(entry, 0) : DIRECTORY_NOBODY;
         holder != DIRECTORY_NOBODY && draft->holder_count < FINDING_HOLDERS;
         holder = directory_next(entry, holder + 1)) {
        uint32_t index = dcache_find(view->caches[holder], line);

        if (index != DCACHE_NONE)
            describe_held(check, holder, index, draft->holders[draft->holder_count++], sizeof(*draft->holders));
    }
}

void explain_resume(struct check *check, struct finding *finding)
{
    check->draft = finding;
}

void explain_restore(struct check *check)
{
    check->draft = check->own_draft;
}

/* The sides on cores in the order of time; what the host did it did before the launch. Return how many. */
static uint32_t sort_sides(const struct check *check, const struct finding *found, uint32_t order[FINDING_SIDES])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < found->side_count; i++) {
        uint32_t place = count;

        if (!check_core(check, check->side_agents[i]))
            continue;
        while (place && found->sides[order[place - 1]].time_ps > found->sides[i].time_ps) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = i;
        count++;
    }
    return count;
}

static uint64_t moment(const struct finding *found, const uint32_t order[FINDING_SIDES], uint32_t mark)
{
    return found->sides[order[mark]].time_ps / 1000;
}

/* A mark on the row of each core that has a part in it. An arrow leads to each from the latest one of a nanosecond
 * before: within one none can be drawn. */
static void mark(struct check *check, const struct finding *found)
{
    uint32_t order[FINDING_SIDES], count = sort_sides(check, found, order), first = 0; /* mark of this nanosecond */
    struct event event = {.kind = EVENT_FINDING};
    uint64_t to_here = 0; /* arrow to that */
    char text[256];

    event.text = text;
    for (uint32_t i = 0; i < count; i++) {
        const struct finding_side *side = &found->sides[order[i]];

        if (i && moment(found, order, i) > moment(found, order, i - 1)) {
            first = i;
            to_here = event.serial;
        }
        event.set_serial = to_here ? to_here + i - first : 0;
        event.serial = check->arrows + 1;
        event.bytes = 0;
        for (uint32_t next = i + 1; next < count && moment(found, order, i) < moment(found, order, i + 1) &&
                                    moment(found, order, next) == moment(found, order, i + 1);
             next++)
            event.bytes++;
        check->arrows += event.bytes;
        snprintf(text, sizeof(text), "%s: %s", findings_name(found->kind), side->role);
        event.core = check_core(check, check->side_agents[order[i]]);
        event.time_ps = side->time_ps;
        chip_announce(check->chip, &event);
    }
}

struct finding *explain_end(struct check *check, const char *remedy, ...)
{
    struct finding *draft = check->draft, *kept;
    va_list args;

    va_start(args, remedy);
    vsnprintf(draft->remedy, sizeof(draft->remedy), remedy, args);
    va_end(args);
    if (draft->side_count > 1 && !draft->distance_ps)
        draft->distance_ps = draft->sides[0].time_ps > draft->sides[1].time_ps
                                 ? draft->sides[0].time_ps - draft->sides[1].time_ps
                                 : draft->sides[1].time_ps - draft->sides[0].time_ps;
    kept = findings_add(check->findings, draft);
    if (kept)
        mark(check, kept);
    return kept;
}
