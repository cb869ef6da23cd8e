/* order.c - the accesses by which agents synchronize, and what each says of the stores before it.
 *
 * Volatile accesses synchronize because runtimes of this kind use them so; on an AICPU they say nothing to the
 * hardware. An AICore's scalar unit works in order. Locks, threads and launches order everything.
 */
#include <stdlib.h>

#include "isa/core_port.h"
#include "tools/check/need.h"
#include "tools/check/state.h"

static bool releases(int order)
{
    return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static bool acquires(int order)
{
    return order == __ATOMIC_ACQUIRE || order == __ATOMIC_CONSUME || order == __ATOMIC_ACQ_REL ||
           order == __ATOMIC_SEQ_CST;
}

static enum store_order order_of(const struct core *core, enum access access, int order)
{
    if (access == ACCESS_PLAIN || access == ACCESS_BLOCK)
        return STORE_PLAIN;
    if (!core->coherent)
        return STORE_ORDERED;
    if (access == ACCESS_VOLATILE)
        return STORE_TEXT;
    return releases(order) ? STORE_ORDERED : STORE_TEXT;
}

void order_fill(const struct check *check, struct origin *origin, const struct core *core, uint64_t pc,
                uint64_t time_ps)
{
    const struct check_agent *about = &check->agent[agent_of(check, core)];

    origin->launch = check->chip->launch;
    origin->time_ps = time_ps;
    origin->pc = pc;
    origin->has_task = about->has_task;
    origin->task = about->task;
    origin->image = about->image;
}

static struct origin *make(struct check *check, const struct core *core, enum store_order order)
{
    struct origin *origin = happens_store(check->happens, agent_of(check, core), order);

    order_fill(check, origin, core, core->pc, core->agent.now);
    if (order == STORE_ORDERED && !core->coherent)
        pipes_signal(check, core, origin);
    return origin;
}

struct origin *order_store(struct check *check, struct core *core, enum access access, int order)
{
    enum store_order kind = order_of(core, access, order);
    uint32_t agent = agent_of(check, core);
    struct origin **recent = &check->agent[agent].recent[(core->pc >> 2) % RECENT_ORIGINS];
    struct origin *origin;

    if (kind == STORE_PLAIN) {
        if (*recent && (*recent)->pc == core->pc && (*recent)->epoch == happens_epoch(check->happens, agent))
            return origin_keep(*recent);
        origin_drop(*recent);
        *recent = make(check, core, kind);
        return origin_keep(*recent);
    }
    origin = make(check, core, kind);
    origin->is_atomic = access != ACCESS_VOLATILE;
    origin->is_rmw = access == ACCESS_RMW;
    return origin;
}

void order_read(struct check *check, struct core *core, struct origin *origin, enum access access, int order)
{
    uint32_t agent = agent_of(check, core);

    if (!origin->is_sync || access == ACCESS_PLAIN || access == ACCESS_BLOCK)
        return;
    happens_load(check->happens, agent, origin,
                 access == ACCESS_VOLATILE || acquires(order) ? LOAD_ORDERED : LOAD_RELAXED);
    if (access != ACCESS_VOLATILE && acquires(order))
        happens_load_fence(check->happens, agent);
}

/* ---- objects outside GM: open addressing, the address is the key; nothing is ever taken out ---- */

static struct sync_object *slot(const struct check *check, uint64_t addr)
{
    uint32_t mask = check->object_capacity - 1;
    uint32_t place = (uint32_t)((addr * 0x9e3779b97f4a7c15ull) >> 32) & mask;

    while (check->objects[place].origin && check->objects[place].addr != addr)
        place = (place + 1) & mask;
    return &check->objects[place];
}

static void grow(struct check *check)
{
    struct sync_object *old = check->objects;
    uint32_t capacity = check->object_capacity;

    if (2 * check->object_count < capacity)
        return;
    check->object_capacity = capacity ? 2 * capacity : 256;
    check->objects = need(calloc(check->object_capacity, sizeof(*check->objects)));
    for (uint32_t i = 0; i < capacity; i++)
        if (old[i].origin)
            *slot(check, old[i].addr) = old[i];
    free(old);
}

void order_store_object(struct check *check, uint64_t addr, struct origin *origin, bool same)
{
    struct sync_object *object;

    grow(check);
    object = slot(check, addr);
    if (object->origin && same)
        return; /* nobody who reads it can tell that it was made */
    if (!object->origin)
        check->object_count++;
    else if (origin->is_rmw)
        happens_chain(check->happens, origin, object->origin);
    origin_drop(object->origin);
    *object = (struct sync_object){addr, origin_keep(origin)};
}

void order_load_object(struct check *check, struct core *core, uint64_t addr, enum access access, int order)
{
    struct sync_object *object = check->object_capacity ? slot(check, addr) : NULL;

    if (object && object->origin)
        order_read(check, core, object->origin, access, order);
}

static void synchronizes(struct watch *watch, struct core *core, uint64_t object)
{
    struct check *check = check_of(watch);
    struct origin *origin = make(check, core, STORE_ORDERED);

    origin->is_rmw = true;
    order_store_object(check, object, origin, false);
    origin_drop(origin);
    happens_store_fence(check->happens, agent_of(check, core));
}

static void synchronized(struct watch *watch, struct core *core, uint64_t object)
{
    order_load_object(check_of(watch), core, object, ACCESS_ATOMIC, __ATOMIC_ACQUIRE);
}

static void spawned(struct watch *watch, struct core *thread)
{
    order_load_object(check_of(watch), thread, 0, ACCESS_ATOMIC, __ATOMIC_ACQUIRE);
}

static void fence(struct watch *watch, struct core *core, int kind)
{
    struct check *check = check_of(watch);
    uint32_t agent = agent_of(check, core);

    if (kind != DAV_FENCE_LOAD)
        happens_store_fence(check->happens, agent);
    if (kind != DAV_FENCE_STORE)
        happens_load_fence(check->happens, agent);
}

/* ---- registers ---- */

static void replace(struct origin **place, struct origin *origin)
{
    origin_drop(*place);
    *place = origin;
}

static void dispatched(struct watch *watch, struct core *owner, void *origin)
{
    replace(&check_of(watch)->dispatch[owner->number], origin);
}

static void looked(struct watch *watch, struct core *owner)
{
    struct check *check = check_of(watch);

    if (check->dispatch[owner->number])
        order_read(check, owner, check->dispatch[owner->number], ACCESS_VOLATILE, 0);
}

static void signals(struct watch *watch, struct core *owner)
{
    struct check *check = check_of(watch);

    origin_drop(owner->origin);
    owner->origin = make(check, owner, STORE_ORDERED);
}

static void signalled(struct watch *watch, struct core *owner, void *origin)
{
    replace(&check_of(watch)->signal[owner->number], origin);
}

static void noticed(struct watch *watch, struct core *core, struct core *owner)
{
    struct check *check = check_of(watch);
    struct origin *origin = check->signal[owner->number];

    check->agent[agent_of(check, core)].noticed = owner;
    if (origin)
        happens_load(check->happens, agent_of(check, core), origin, LOAD_DEVICE);
}

/* ---- launches and tasks ---- */

static void launched(struct watch *watch)
{
    struct check *check = check_of(watch);

    for (uint32_t agent = 0; agent < check->host; agent++) {
        happens_join(check->happens, agent, check->host);
        check->agent[agent].noticed = NULL;
    }
    for (uint32_t i = 0; i < check->chip->aicores; i++)
        replace(&check->dispatch[i], NULL);
    pipes_launch(check);
}

static void find_task(struct check *check, const struct core *core, struct check_agent *agent)
{
    struct task_info info;

    agent->image = core->task_image;
    agent->has_task = task_layout_read(&check->layout, &check->memory, core->task_args, &info) &&
                      info.func_id == (int64_t)core->task_image - 1;
    agent->task = agent->has_task ? info.task_id : 0;
    if (agent->has_task)
        check->a_task = core->task_args - check->layout.args.offset;
}

static void task(struct watch *watch, struct core *core, bool begins)
{
    struct check *check = check_of(watch);
    struct check_agent *agent = &check->agent[agent_of(check, core)];

    happens_step(check->happens, agent_of(check, core));
    if (begins)
        find_task(check, core, agent);
    pipes_task(check, core, begins);
    if (begins)
        return;
    agent->has_task = false;
    agent->image = 0;
}

void order_watch(struct watch *watch)
{
    watch->synchronizes = synchronizes;
    watch->synchronized = synchronized;
    watch->spawned = spawned;
    watch->fence = fence;
    watch->dispatched = dispatched;
    watch->looked = looked;
    watch->signals = signals;
    watch->signalled = signalled;
    watch->noticed = noticed;
    watch->launched = launched;
    watch->task = task;
}
