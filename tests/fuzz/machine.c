/* machine.c - see machine.h. Each function has its counterpart in model/core: aicore.c, aicpu.c, cluster.c, core.c. */
#include "tests/fuzz/machine.h"

#include <stdlib.h>
#include <string.h>

const int machine_numbers[HOLDERS] = {0, 63, 64, DIRECTORY_CLUSTER};

bool machine_build(struct machine *machine, bool dma_snooped, uint8_t byte)
{
    static const struct cache_geometry geometry = {.size_bytes = SETS * WAYS * LINE_BYTES, .ways = WAYS};

    memset(machine, 0, sizeof(*machine));
    machine->running = NOBODY;
    if (gm_init(&machine->gm, SIZE, 0, false) != 0)
        return false;
    memset(machine->gm.base, byte, SIZE);
    if (view_init(&machine->view, &machine->gm, HOLDERS * SETS * WAYS, dma_snooped) != 0)
        return false;
    for (int holder = 0; holder < HOLDERS; holder++) {
        if (dcache_init(&machine->caches[holder], &geometry) != 0)
            return false;
        machine->view.caches[machine_numbers[holder]] = &machine->caches[holder];
    }
    return true;
}

static struct pending_store *take_oldest(struct store_buffer *stores)
{
    struct pending_store *oldest = store_buffer_at(stores, 0);

    store_buffer_remove(stores, oldest);
    return oldest;
}

void machine_take_down(struct machine *machine)
{
    for (int core = 0; core < AICORES; core++) {
        while (machine->writebacks[core]) {
            struct parcel *next = machine->writebacks[core]->next;

            free(machine->writebacks[core]);
            machine->writebacks[core] = next;
        }
    }
    for (int thread = 0; thread < THREADS; thread++) {
        store_buffer_settle(&machine->stores[thread]);
        store_buffer_take_up(&machine->stores[thread]);
        while (machine->stores[thread].count)
            free(take_oldest(&machine->stores[thread]));
    }
    for (int holder = 0; holder < HOLDERS; holder++)
        dcache_fini(&machine->caches[holder]);
    view_fini(&machine->view);
    gm_fini(&machine->gm);
}

static uint64_t address(const struct machine *machine, uint32_t at)
{
    return (uintptr_t)machine->gm.base + at;
}

const uint8_t *machine_at(const struct machine *machine, uint32_t at)
{
    return machine->gm.base + at;
}

static struct store_buffer *own_stores(struct machine *machine)
{
    return is_thread(machine->running) ? &machine->stores[machine->running - AICORES] : NULL;
}

void machine_enter(struct machine *machine)
{
    struct store_buffer *stores = own_stores(machine);

    if (!stores)
        return;
    store_buffer_settle(stores);
    store_buffer_take_up(stores);
}

void machine_leave(struct machine *machine)
{
    if (own_stores(machine))
        store_buffer_lay(own_stores(machine));
}

void machine_run(struct machine *machine, int agent)
{
    machine->running = agent;
    view_enter(&machine->view, agent == NOBODY ? DIRECTORY_NOBODY : machine_numbers[holder_of(agent)]);
}

/* ---- a cache takes a line and lets go of one ---- */

static void let_go(struct machine *machine, int holder, uint32_t index, bool clean)
{
    struct dcache *cache = &machine->caches[holder];
    struct parcel **end = &machine->writebacks[holder % AICORES], *parcel;
    uint32_t line = (uint32_t)dcache_line_no(cache, index);
    bool dirty = cache->lines[index].dirty && clean;
    uint8_t bytes[LINE_BYTES];

    view_content(&machine->view, machine_numbers[holder], index, bytes);
    if (holder == CLUSTER && clean)
        view_clean(&machine->view, DIRECTORY_CLUSTER, index);
    view_drop(&machine->view, machine_numbers[holder], index);
    if (!dirty || holder == CLUSTER)
        return;
    parcel = malloc(sizeof(*parcel));
    *parcel = (struct parcel){.line = line};
    memcpy(parcel->bytes, bytes, LINE_BYTES);
    while (*end)
        end = &(*end)->next;
    *end = parcel;
}

static void wait_for_own_writeback(struct machine *machine, int core, uint32_t line)
{
    uint32_t until = 0, i = 0;

    for (const struct parcel *each = machine->writebacks[core]; each; each = each->next, i++)
        if (each->line == line)
            until = i + 1;
    while (until--)
        machine_arrive(machine, core);
}

void machine_fetch(struct machine *machine, int holder, uint32_t line, const uint8_t *old)
{
    struct dcache *cache = &machine->caches[holder];
    uint32_t index;

    if (dcache_find(cache, line) != DCACHE_NONE)
        return;
    if (holder != CLUSTER)
        wait_for_own_writeback(machine, holder, line);
    index = dcache_victim(cache, line);
    if (dcache_valid(cache, index))
        let_go(machine, holder, index, true);
    dcache_put(cache, index, line, 0, 1);
    view_hold(&machine->view, machine_numbers[holder], index, old);
}

static uint32_t use(struct machine *machine, int holder, uint32_t line)
{
    uint32_t index;

    machine_fetch(machine, holder, line, NULL);
    index = dcache_find(&machine->caches[holder], line);
    dcache_touch(&machine->caches[holder], index);
    return index;
}

/* ---- loads and stores ---- */

static uint32_t in_line(uint32_t at, uint32_t size)
{
    uint32_t left = LINE_BYTES - at % LINE_BYTES;

    return size < left ? size : left;
}

void machine_load(struct machine *machine, uint32_t at, uint32_t size)
{
    machine_enter(machine);
    for (uint32_t part; size; at += part, size -= part) {
        part = in_line(at, size);
        use(machine, holder_of(machine->running), at / LINE_BYTES);
    }
    machine_leave(machine);
}

static void aicore_store(struct machine *machine, uint32_t at, uint32_t size)
{
    uint32_t index = use(machine, machine->running, at / LINE_BYTES);
    struct dcache_line *held = &machine->caches[machine->running].lines[index];

    if (!held->dirty)
        view_dirty(&machine->view, machine_numbers[machine->running], index);
    held->written |= (size == LINE_BYTES ? ~0ull : (1ull << size) - 1) << at % LINE_BYTES;
}

static void thread_store(struct machine *machine, uint32_t at, uint32_t size)
{
    struct pending_store *store = calloc(1, sizeof(*store));

    store->addr = address(machine, at);
    store->size = size;
    store_buffer_push(own_stores(machine), store);
}

/* The hook, then the instruction, which changes all lines at once. */
void machine_store(struct machine *machine, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    uint8_t *to = machine->gm.base + at;
    uint32_t whole = size;

    machine_enter(machine);
    machine_leave(machine);
    for (uint32_t part; size; at += part, size -= part) {
        part = in_line(at, size);
        if (is_thread(machine->running))
            thread_store(machine, at, part);
        else
            aicore_store(machine, at, part);
    }
    memcpy(to, bytes, whole);
}

static void store_arrives(struct machine *machine, const struct pending_store *store)
{
    use(machine, CLUSTER, (uint32_t)gm_line_of(&machine->gm, store->addr));
    view_write(&machine->view, store->addr, store->bytes, store->size, GM_WRITER_AICPU, DIRECTORY_CLUSTER);
}

uint64_t machine_rmw(struct machine *machine, uint32_t at, uint32_t size, uint64_t operand)
{
    uint64_t old = 0, sum;

    machine_fence(machine, machine->running);
    use(machine, CLUSTER, at / LINE_BYTES);
    view_coherent_read(&machine->view, address(machine, at), &old, size);
    sum = old + operand;
    view_write(&machine->view, address(machine, at), &sum, size, GM_WRITER_AICPU, DIRECTORY_CLUSTER);
    return old;
}

/* ---- cache maintenance ---- */

void machine_dcci(struct machine *machine, int line, bool clean)
{
    struct dcache *cache = &machine->caches[machine->running];

    /* In the order of the lines, not of the ways, for write-backs are compared as they stand in their queue. */
    for (uint32_t each = 0; each < LINES; each++) {
        uint32_t index = dcache_find(cache, each);

        if (index != DCACHE_NONE && (line == NOBODY || each == (uint32_t)line))
            let_go(machine, machine->running, index, clean);
    }
}

void machine_invalidate(struct machine *machine, uint32_t at, uint32_t size, bool keep)
{
    struct dcache *cache = &machine->caches[CLUSTER];

    for (uint32_t line = at / LINE_BYTES; size && line <= (at + size - 1) / LINE_BYTES; line++) {
        uint32_t index = dcache_find(cache, line);

        if (index == DCACHE_NONE)
            continue;
        if (!keep)
            let_go(machine, CLUSTER, index, true);
        else
            view_clean(&machine->view, DIRECTORY_CLUSTER, index);
    }
}

/* ---- what was sent arrives, in order ---- */

void machine_arrive(struct machine *machine, int agent)
{
    if (is_thread(agent)) {
        struct store_buffer *stores = &machine->stores[agent - AICORES];
        struct pending_store *oldest = stores->count ? take_oldest(stores) : NULL;

        if (oldest)
            store_arrives(machine, oldest);
        free(oldest);
    } else if (machine->writebacks[agent]) {
        struct parcel *oldest = machine->writebacks[agent];

        machine->writebacks[agent] = oldest->next;
        view_write(&machine->view, address(machine, oldest->line * LINE_BYTES), oldest->bytes, LINE_BYTES,
                   GM_WRITER_AICORE, machine_numbers[agent]);
        free(oldest);
    }
}

void machine_fence(struct machine *machine, int agent)
{
    while (is_thread(agent) ? machine->stores[agent - AICORES].count != 0 : machine->writebacks[agent] != NULL)
        machine_arrive(machine, agent);
}

void machine_dma_write(struct machine *machine, uint32_t at, uint32_t size, const uint8_t *bytes)
{
    view_write(&machine->view, address(machine, at), bytes, size, GM_WRITER_DMA, DIRECTORY_NOBODY);
}

void machine_drop_all(struct machine *machine)
{
    for (int holder = 0; holder < HOLDERS; holder++)
        for (uint32_t index = 0; index < machine->caches[holder].count; index++)
            if (dcache_valid(&machine->caches[holder], index))
                view_drop(&machine->view, machine_numbers[holder], index);
}
