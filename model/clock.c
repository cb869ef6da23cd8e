/* clock.c - see clock.h. */
#include "model/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A binary heap of (time, order) keys. */
struct heap_item {
    uint64_t at;
    uint64_t order;
    void *payload;
};

struct clock_heap {
    struct heap_item *items;
    uint32_t count, capacity;
};

enum { POOL_CHUNK = 256 };

static bool before(const struct heap_item *a, const struct heap_item *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void heap_push(struct clock_heap *heap, struct heap_item item)
{
    uint32_t place = heap->count++;

    if (heap->count > heap->capacity) {
        heap->capacity = heap->capacity ? heap->capacity * 2 : 256;
        heap->items = realloc(heap->items, heap->capacity * sizeof(*heap->items));
        if (!heap->items)
            abort();
    }
    while (place && before(&item, &heap->items[(place - 1) / 2])) {
        heap->items[place] = heap->items[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap->items[place] = item;
}

/* @item goes down from @place, which is free. */
static void heap_sink(struct clock_heap *heap, uint32_t place, struct heap_item item)
{
    for (;;) {
        uint32_t child = place * 2 + 1;

        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && before(&heap->items[child + 1], &heap->items[child]))
            child++;
        if (!before(&heap->items[child], &item))
            break;
        heap->items[place] = heap->items[child];
        place = child;
    }
    heap->items[place] = item;
}

static void *heap_pop(struct clock_heap *heap)
{
    void *top = heap->items[0].payload;

    heap->count--;
    if (heap->count)
        heap_sink(heap, 0, heap->items[heap->count]);
    return top;
}

static void heap_remove(struct clock_heap *heap, const void *payload)
{
    uint32_t place = 0;

    while (heap->items[place].payload != payload)
        place++;
    for (; place; place = (place - 1) / 2) /* to the top, and off it */
        heap->items[place] = heap->items[(place - 1) / 2];
    heap_pop(heap);
}

static uint64_t heap_time(const struct clock_heap *heap)
{
    return heap->count ? heap->items[0].at : CLOCK_NEVER;
}

int clock_init(struct clock *clock, const uint64_t reach[AGENT_CLASSES],
               void (*switch_to)(void *, struct agent *, struct agent *), void *ctx)
{
    memset(clock, 0, sizeof(*clock));
    memcpy(clock->reach, reach, sizeof(clock->reach));
    clock->switch_to = switch_to;
    clock->ctx = ctx;
    clock->due = clock->deadline = clock->tick_ps = CLOCK_NEVER;
    clock->effects = calloc(1, sizeof(*clock->effects));
    for (int i = 0; i < AGENT_CLASSES; i++)
        clock->resumes[i] = calloc(1, sizeof(*clock->resumes[i]));
    for (int i = 0; i < AGENT_CLASSES; i++)
        if (!clock->effects || !clock->resumes[i])
            return -1;
    return 0;
}

static void heap_free(struct clock_heap *heap)
{
    if (heap)
        free(heap->items);
    free(heap);
}

void clock_fini(struct clock *clock)
{
    heap_free(clock->effects);
    for (int i = 0; i < AGENT_CLASSES; i++)
        heap_free(clock->resumes[i]);
    for (uint32_t i = 0; i < clock->chunk_count; i++)
        free(clock->chunks[i]);
    free(clock->chunks);
    memset(clock, 0, sizeof(*clock));
}

/* A free effect's first word links it to the next free one. */
static void pool_grow(struct clock *clock)
{
    uint8_t *chunk = malloc((size_t)POOL_CHUNK * EFFECT_BYTES);
    void **chunks = realloc(clock->chunks, (clock->chunk_count + 1) * sizeof(*chunks));

    if (chunks)
        clock->chunks = chunks;
    if (!chunk || !chunks) {
        free(chunk);
        return;
    }
    chunks[clock->chunk_count++] = chunk;
    for (int i = 0; i < POOL_CHUNK; i++)
        clock_effect_free(clock, chunk + (size_t)i * EFFECT_BYTES);
}

void *clock_effect(struct clock *clock)
{
    struct effect *effect;

    if (!clock->pool)
        pool_grow(clock);
    effect = clock->pool;
    if (effect)
        memcpy(&clock->pool, effect, sizeof(clock->pool));
    return effect;
}

void clock_effect_free(struct clock *clock, void *effect)
{
    memcpy(effect, &clock->pool, sizeof(clock->pool));
    clock->pool = effect;
}

void clock_schedule(struct clock *clock, struct agent *agent, void *payload, uint64_t at)
{
    struct effect *effect = payload;

    effect->at = at;
    effect->order = (uint64_t)agent->rank << 48 | (clock->sequence++ & 0xffffffffffffull);
    heap_push(clock->effects, (struct heap_item){at, effect->order, effect});
    if (agent->state == AGENT_RUNNING && at < agent->horizon)
        agent->horizon = at;
}

void clock_cancel(struct clock *clock, void *effect)
{
    heap_remove(clock->effects, effect);
    clock_effect_free(clock, effect);
}

static void set_horizon(struct clock *clock, struct agent *agent)
{
    uint64_t horizon = heap_time(clock->effects);

    for (int i = 0; i < AGENT_CLASSES; i++) {
        uint64_t resume = heap_time(clock->resumes[i]);

        if (resume != CLOCK_NEVER && resume + clock->reach[i] < horizon)
            horizon = resume + clock->reach[i];
    }
    agent->horizon = horizon;
}

static struct clock_heap *earliest_resume(const struct clock *clock)
{
    struct clock_heap *earliest = NULL;

    for (int i = 0; i < AGENT_CLASSES; i++) {
        struct clock_heap *heap = clock->resumes[i];

        if (heap->count && (!earliest || before(&heap->items[0], &earliest->items[0])))
            earliest = heap;
    }
    return earliest;
}

static void set_due(struct clock *clock)
{
    uint64_t before_tick = clock->tick_ps - (clock->tick_ps != CLOCK_NEVER);

    clock->due = before_tick < clock->deadline ? before_tick : clock->deadline;
}

void clock_set_deadline(struct clock *clock, uint64_t at)
{
    clock->deadline = at;
    set_due(clock);
}

void clock_set_tick(struct clock *clock, uint64_t at)
{
    clock->tick_ps = at;
    set_due(clock);
}

/* Time is about to come to @at. */
static bool past_deadline(struct clock *clock, uint64_t at)
{
    if (__builtin_expect(at <= clock->due, 1))
        return false;
    if (at > clock->deadline) {
        clock->expired = true;
        return true;
    }
    clock->tick(clock->tick_ctx, at);
    return false;
}

static void apply_next_effect(struct clock *clock)
{
    struct effect *effect = heap_pop(clock->effects);

    if (effect->at > clock->time)
        clock->time = effect->at;
    clock->effects_done++;
    clock->applying = effect;
    effect->apply(effect);
    clock->applying = NULL;
    clock_effect_free(clock, effect);
}

struct agent *clock_next(struct clock *clock)
{
    for (;;) {
        struct clock_heap *heap = earliest_resume(clock);
        uint64_t resume = heap ? heap->items[0].at : CLOCK_NEVER;
        uint64_t effect = heap_time(clock->effects);
        struct agent *agent;

        if (clock->stopped)
            return NULL;
        if (effect != CLOCK_NEVER && effect <= resume) {
            if (past_deadline(clock, effect))
                return NULL;
            apply_next_effect(clock);
            continue;
        }
        if (!heap || past_deadline(clock, resume))
            return NULL;
        agent = heap_pop(heap);
        if (resume > clock->time)
            clock->time = resume;
        agent->state = AGENT_RUNNING;
        clock->running = agent;
        return agent;
    }
}

/* Let the next agent run; if that is the caller itself, nothing moves. */
static void pass_on(struct clock *clock, struct agent *from)
{
    struct agent *next = clock_next(clock);

    if (next != from) {
        clock->switches++;
        clock->switch_to(clock->ctx, from, next);
    }
    set_horizon(clock, from);
}

static void enter(struct clock *clock, struct agent *agent, uint64_t at)
{
    struct agent *running = clock->running;

    agent->state = AGENT_READY;
    agent->resume = at;
    if (running && running->state == AGENT_RUNNING && at + clock->reach[agent->class_] < running->horizon)
        running->horizon = at + clock->reach[agent->class_];
    heap_push(clock->resumes[agent->class_], (struct heap_item){at, agent->rank, agent});
}

void clock_wait(struct clock *clock, struct agent *agent, uint64_t until)
{
    const struct clock_heap *heap = earliest_resume(clock);

    assert(until >= agent->now);
    agent->now = until;
    if (heap_time(clock->effects) > until && (!heap || heap->items[0].at > until) && until <= clock->due &&
        !clock->stopped) {
        if (until > clock->time)
            clock->time = until;
        set_horizon(clock, agent);
        return;
    }
    enter(clock, agent, until);
    pass_on(clock, agent);
}

void clock_block(struct clock *clock, struct agent *agent)
{
    agent->state = AGENT_BLOCKED;
    pass_on(clock, agent);
}

void clock_wake(struct clock *clock, struct agent *agent, uint64_t at)
{
    assert(agent->state == AGENT_BLOCKED || agent->state == AGENT_IDLE);
    agent->now = at;
    enter(clock, agent, at);
}

void clock_finish(struct clock *clock, struct agent *agent)
{
    agent->state = AGENT_IDLE;
    clock->switches++;
    clock->switch_to(clock->ctx, agent, clock_next(clock));
    set_horizon(clock, agent);
}

void clock_stop(struct clock *clock)
{
    clock->stopped = true;
}

void clock_reset(struct clock *clock)
{
    while (clock->effects->count)
        clock_effect_free(clock, heap_pop(clock->effects));
    for (int i = 0; i < AGENT_CLASSES; i++)
        clock->resumes[i]->count = 0;
    clock->running = NULL;
    clock->stopped = false;
    clock->expired = false;
}
