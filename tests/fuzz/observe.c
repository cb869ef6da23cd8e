/* observe.c - see observe.h. */
#include "tests/fuzz/observe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct observer {
    const struct machine *machine;
    const struct reference *ref;
    int step;
    bool agree;
    char *why;
    size_t room;
};

/* Only the first difference is told. */
__attribute__((format(printf, 3, 4))) static void check(struct observer *here, bool holds, const char *format, ...)
{
    char what[160];
    va_list args;

    if (holds || !here->agree)
        return;
    here->agree = false;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    snprintf(here->why, here->room, "after step %d, agent %d runs: %s", here->step, here->machine->running, what);
}

static void compare(struct observer *here, const char *what, int who, uint32_t line, const uint8_t *got,
                    const uint8_t *wanted)
{
    for (int i = 0; memcmp(got, wanted, LINE_BYTES) != 0 && i < LINE_BYTES; i++)
        if (got[i] != wanted[i])
            check(here, false, "%s of %d, line %u, byte %d: %c, and not %c", what, who, line, i, got[i], wanted[i]);
}

/* ---- what is seen ---- */

static void see_gm(struct observer *here)
{
    uint8_t bytes[SIZE];

    view_read(&here->machine->view, (uintptr_t)here->machine->gm.base, bytes, SIZE);
    for (uint32_t line = 0; line < LINES; line++)
        compare(here, "GM", NOBODY, line, bytes + line * LINE_BYTES, here->ref->gm + line * LINE_BYTES);
}

static void see_held_line(struct observer *here, int holder, uint32_t line, uint32_t index)
{
    const struct ref_line *wanted = &here->ref->caches[holder][line];
    const struct dcache_line *held = &here->machine->caches[holder].lines[index];
    uint8_t bytes[LINE_BYTES];
    uint64_t written = 0;

    for (int i = 0; i < LINE_BYTES; i++)
        written |= (uint64_t)wanted->written[i] << i;
    view_content(&here->machine->view, machine_numbers[holder], index, bytes);
    compare(here, "content", holder, line, bytes, wanted->bytes);
    check(here, held->dirty == wanted->dirty, "line %u of %d is %sdirty", line, holder, held->dirty ? "" : "not ");
    check(here, held->written == written, "line %u of %d: written bytes %llx, and not %llx", line, holder,
          (unsigned long long)held->written, (unsigned long long)written);
}

static void see_caches(struct observer *here)
{
    for (int holder = 0; holder < HOLDERS; holder++) {
        for (uint32_t line = 0; line < LINES; line++) {
            uint32_t index = dcache_find(&here->machine->caches[holder], line);
            bool wanted = here->ref->caches[holder][line].held;

            check(here, (index != DCACHE_NONE) == wanted, "holder %d holds line %u, or ought to", holder, line);
            if (wanted && here->agree)
                see_held_line(here, holder, line, index);
        }
    }
}

/* The running agent's loads go to the mapping. */
static void see_mapping(struct observer *here)
{
    for (uint32_t line = 0; here->machine->running != NOBODY && line < LINES; line++) {
        const uint8_t *mapping = machine_at(here->machine, line * LINE_BYTES);
        uint8_t bytes[LINE_BYTES];
        uint64_t seen = reference_sees(here->ref, here->machine->running, line, bytes);

        for (int i = 0; seen && memcmp(mapping, bytes, LINE_BYTES) != 0 && i < LINE_BYTES; i++)
            check(here, !(seen >> i & 1) || mapping[i] == bytes[i], "the mapping of line %u, byte %d is %c, and not %c",
                  line, i, mapping[i], bytes[i]);
    }
}

static void see_coherent_reads(struct observer *here)
{
    for (uint32_t line = 0; line < LINES; line++) {
        const struct ref_line *held = &here->ref->caches[CLUSTER][line];
        uint8_t bytes[LINE_BYTES];

        view_coherent_read(&here->machine->view, (uintptr_t)machine_at(here->machine, line * LINE_BYTES), bytes,
                           LINE_BYTES);
        compare(here, "coherent read", CLUSTER, line, bytes,
                held->held ? held->bytes : here->ref->gm + line * LINE_BYTES);
    }
}

/* ---- what is on its way ---- */

static void see_writebacks(struct observer *here, int core)
{
    const struct ref_list *wanted = &here->ref->writebacks[core];
    uint32_t count = 0;

    for (const struct parcel *each = here->machine->writebacks[core]; each; each = each->next, count++)
        if (count < wanted->count)
            compare(here, "write-back", core, each->line, each->bytes, wanted->parcels[count].bytes);
    check(here, count == wanted->count, "%u write-backs of %d, and not %u", count, core, wanted->count);
}

static void see_stores(struct observer *here, int thread)
{
    const struct ref_list *wanted = &here->ref->stores[thread];
    const struct store_buffer *stores = &here->machine->stores[thread];
    check(here, stores->count == wanted->count, "%u stores of thread %d, and not %u", stores->count, thread,
          wanted->count);
    check(here, !stores->laid && !stores->unsettled, "thread %d left stores behind", thread);
    for (uint32_t i = 0; here->agree && i < stores->count; i++) {
        const struct pending_store *store = store_buffer_at(stores, i);

        check(here, memcmp(store->bytes, wanted->parcels[i].bytes, store->size) == 0, "store %u of thread %d: %.*s", i,
              thread, (int)store->size, (const char *)store->bytes);
    }
}

static void see_allocations(struct observer *here)
{
    uint64_t used = 0, start, size;

    for (uint32_t unit = 0; unit < UNITS; unit++) {
        uint32_t owner = here->ref->owner[unit];
        const uint8_t *at = machine_at(here->machine, unit * UNIT_BYTES + LINE_BYTES);

        used += owner ? UNIT_BYTES : 0;
        start = 0;
        check(here, gm_find(&here->machine->gm, at, &start, &size) == (owner != 0),
              "unit %u is allocated, or ought to be", unit);
        check(here, !owner || start == (uintptr_t)machine_at(here->machine, owner * UNIT_BYTES), "unit %u has no start",
              unit);
    }
    check(here, here->machine->gm.used_bytes == used, "%llu bytes are in use, and not %llu",
          (unsigned long long)here->machine->gm.used_bytes, (unsigned long long)used);
}

/* ---- the directory's own rules ---- */

static bool is_listed(const struct view_queue *queue, uint32_t line)
{
    for (uint32_t i = 0; i < queue->count; i++)
        if (queue->lines[i] == line)
            return true;
    return false;
}

/* The mapping shows a line right to a holder, or will before that one runs. */
static void check_showing(struct observer *here, int holder, uint32_t line, const struct directory_entry *entry)
{
    const struct view *view = &here->machine->view;
    int number = machine_numbers[holder];
    uint32_t index = dcache_find(view->caches[number], line);
    const struct dcache_line *held;

    check(here, (index != DCACHE_NONE) == directory_holds(entry, number), "line %u: the directory is wrong about %d",
          line, holder);
    if (index == DCACHE_NONE || !here->agree)
        return;
    held = &view->caches[number]->lines[index];
    check(here, !held->queued || is_listed(&view->queues[number], line), "line %u of %d is on no list", line, holder);
    check(here,
          entry->shown == (held->divergent ? number : DIRECTORY_NOBODY) || (held->queued && number != view->current),
          "line %u is shown wrong to %d, and nothing will put it right", line, holder);
    check(here, entry->shown != number || held->divergent, "line %u: a copy of %d is shown that it does not have", line,
          holder);
}

static void check_directory(struct observer *here)
{
    const struct directory *directory = &here->machine->view.directory;
    uint32_t live = 0;

    for (uint32_t line = 0; line < LINES; line++) {
        const struct directory_entry *entry = directory_get(directory, line);
        bool held = false;

        for (int holder = 0; holder < HOLDERS; holder++)
            held |= here->ref->caches[holder][line].held;
        check(here, (entry != NULL) == held, "line %u has an entry, or ought to", line);
        if (!entry)
            continue;
        live++;
        check(here, entry->shown == DIRECTORY_NOBODY || directory_holds(entry, entry->shown),
              "line %u shows the copy of one who does not hold it", line);
        for (int holder = 0; here->agree && holder < HOLDERS; holder++)
            check_showing(here, holder, line, entry);
    }
    check(here, live == directory->used - directory->free_count, "%u entries are live, but %u are used and %u free",
          live, directory->used, directory->free_count);
    check(here, here->machine->view.dropped_queue == 0, "a line was lost from a list");
}

/* The port's fast path trusts these. */
static void check_recent(struct observer *here)
{
    for (int holder = 0; holder < HOLDERS; holder++) {
        const struct dcache *cache = &here->machine->caches[holder];

        for (uint64_t i = 0; i <= cache->recent_mask; i++) {
            const struct dcache_recent *recent = &cache->recent[i];

            check(here, recent->line == DCACHE_NO_LINE || cache->tags[recent->held - cache->lines] == recent->line + 1,
                  "holder %d remembers line %llu where it is not", holder, (unsigned long long)recent->line);
        }
    }
}

bool observe(struct machine *machine, const struct reference *ref, int step, char *why, size_t room)
{
    struct observer here = {.machine = machine, .ref = ref, .step = step, .agree = true, .why = why, .room = room};

    see_mapping(&here);
    machine_enter(machine);
    see_gm(&here);
    see_caches(&here);
    see_coherent_reads(&here);
    for (int core = 0; core < AICORES; core++)
        see_writebacks(&here, core);
    for (int thread = 0; thread < THREADS; thread++)
        see_stores(&here, thread);
    see_allocations(&here);
    check_directory(&here);
    check_recent(&here);
    machine_leave(machine);
    see_mapping(&here);
    return here.agree;
}
