/* check.c - see check.h: makes the checker, and keeps what all its parts share. */
#include "tools/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "tools/check/need.h"
#include "tools/check/state.h"

struct shadow_line *check_line(struct check *check, uint64_t line)
{
    struct shadow_line *known = shadow_make(check->shadow, line);
    uint64_t at = check_line_addr(check, line);
    const struct block *block;

    if (known->measured)
        return known;
    known->measured = true;
    known->inside = 0;
    block = blocks_find(&check->blocks, at);
    if (block && !block->freed && at < block->start + block->size)
        known->inside = gm_line_mask(0, block->start + block->size - at < GM_LINE_BYTES
                                            ? (uint32_t)(block->start + block->size - at)
                                            : GM_LINE_BYTES);
    return known;
}

struct flight *flight_new(struct check *check)
{
    struct flight *flight = check->spare;

    if (flight)
        check->spare = flight->next;
    else
        flight = need(malloc(sizeof(*flight)));
    return flight;
}

void flight_free(struct check *check, struct flight *flight)
{
    segments_clear(&flight->own);
    segments_clear(&flight->passed);
    flight->next = check->spare;
    check->spare = flight;
}

static void keep(void *origin)
{
    origin_keep(origin);
}

/* ---- launches ---- */

/* What the caches held is lost when a launch is given up; so is what was on its way. */
static void forget_caches(struct check *check)
{
    const struct view *view = &check->chip->view;

    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++) {
        for (uint32_t i = 0; check->held[holder] && i < view->caches[holder]->count; i++) {
            segments_clear(&check->held[holder][i].own);
            segments_clear(&check->held[holder][i].passed);
            check->held[holder][i].stale = check->held[holder][i].overtaken = 0;
        }
    }
    for (uint32_t i = 0; i < check->chip->aicores; i++) {
        struct flights *flights = &check->flights[i];

        while (flights->first) {
            struct flight *flight = flights->first;

            flights->first = flight->next;
            check_line(check, flight->line)->in_flight--;
            flight_free(check, flight);
        }
        flights->end = &flights->first;
    }
}

static void ended(struct watch *watch)
{
    struct check *check = check_of(watch);

    pipes_end(check);
    for (uint32_t agent = 0; agent < check->host; agent++) {
        happens_join(check->happens, check->host, agent);
        check->agent[agent].has_task = false;
        check->agent[agent].image = 0;
    }
    if (check->chip->stop.status != DAV_OK)
        forget_caches(check);
}

/* ---- from beginning to end ---- */

static int make(struct check *check)
{
    struct chip_state *chip = check->chip;
    uint32_t cores = chip->aicores + chip->aicpus;

    check->host = cores;
    check->nobody = cores + 1;
    check->movers = cores + 2;
    check->happens = happens_new(check->movers, chip->aicores + chip->file.chip.clusters);
    check->shadow = shadow_new(&chip->gm);
    check->agent = calloc(check->movers, sizeof(*check->agent));
    check->pipes = calloc(chip->aicores, sizeof(*check->pipes));
    check->held = calloc(DIRECTORY_HOLDERS, sizeof(*check->held));
    check->flights = calloc(chip->aicores, sizeof(*check->flights));
    check->dispatch = calloc(chip->aicores, sizeof(*check->dispatch));
    check->signal = calloc(chip->aicores, sizeof(*check->signal));
    check->own_draft = check->draft = calloc(1, sizeof(*check->draft));
    if (!check->happens || !check->shadow || !check->agent || !check->held || !check->flights || !check->dispatch ||
        !check->signal || !check->draft || !check->pipes)
        return -1;
    for (uint32_t i = 0; i < chip->aicores; i++)
        check->flights[i].end = &check->flights[i].first;
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++) {
        if (!chip->view.caches[holder])
            continue;
        check->held[holder] = calloc(chip->view.caches[holder]->count, sizeof(**check->held));
        if (!check->held[holder])
            return -1;
    }
    check->unknown = happens_store(check->happens, check->host, STORE_PLAIN);
    return 0;
}

struct check *check_new(struct chip_state *chip, const struct kernels *kernels, struct findings *findings, bool notes)
{
    struct check *check = calloc(1, sizeof(*check));

    if (!check)
        return NULL;
    check->chip = chip;
    check->kernels = kernels;
    check->findings = findings;
    check->notes.wanted = notes;
    check->memory = (struct task_memory){.read = chip_read, .ctx = chip};
    if (make(check) != 0)
        return NULL; /* the process is about to end */
    check->watch.keep = keep;
    check->watch.ended = ended;
    order_watch(&check->watch);
    reads_watch(&check->watch);
    writes_watch(&check->watch);
    waits_watch(&check->watch);
    notes_watch(&check->watch);
    pipes_watch(&check->watch);
    cross_watch(&check->watch);
    chip->watch = &check->watch;
    findings_complete_with(findings, fields_complete, check);
    return check;
}

/* The caller's may be gone when findings are told. */
static void keep_module(struct check *check, const void *elf, size_t size)
{
    if (check->module && check->module_size == size && memcmp(check->module, elf, size) == 0)
        return;
    free(check->module);
    check->module = malloc(size);
    check->module_size = check->module ? size : 0;
    if (check->module)
        memcpy(check->module, elf, size);
}

void check_modules(struct check *check, const void *aicore, size_t aicore_size, const void *aicpu, size_t aicpu_size)
{
    check->a_task = 0;
    if (task_layout_find(aicore, aicore_size, &check->layout)) {
        keep_module(check, aicore, aicore_size);
    } else {
        task_layout_find(aicpu, aicpu_size, &check->layout);
        keep_module(check, aicpu, aicpu_size);
    }
}

void check_finish(struct check *check)
{
    check->chip->watch = NULL;
    notes_tell(check);
}

static void free_origins(struct origin **origins, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        origin_drop(origins[i]);
    free(origins);
}

void check_free(struct check *check)
{
    const struct chip_state *chip = check->chip;

    forget_caches(check);
    for (int holder = 0; holder < DIRECTORY_HOLDERS; holder++)
        free(check->held[holder]);
    free(check->held);
    free(check->flights);
    while (check->spare) {
        struct flight *next = check->spare->next;

        free(check->spare);
        check->spare = next;
    }
    free_origins(check->dispatch, chip->aicores);
    free_origins(check->signal, chip->aicores);
    pipes_free_all(check);
    for (uint32_t agent = 0; agent < check->movers; agent++)
        for (int i = 0; i < RECENT_ORIGINS; i++)
            origin_drop(check->agent[agent].recent[i]);
    free(check->agent);
    for (uint32_t i = 0; i < chip->aicores + chip->aicpus; i++)
        origin_drop(chip->cores[i].origin);
    for (uint32_t i = 0; i < check->object_capacity; i++)
        origin_drop(check->objects[i].origin);
    free(check->objects);
    origin_drop(check->unknown);
    blocks_fini(&check->blocks);
    shadow_free(check->shadow);
    happens_free(check->happens); /* last: it holds the origins that nobody needs */
    free(check->own_draft);
    free(check->module);
    free(check);
}
