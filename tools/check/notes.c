/* notes.c - operations that were never of any use: a dcci of what the cache does not hold, an invalidate of lines that
 * were neither dirty nor old. One that helps now and then is not needless, so a place in the code is judged when the
 * run is over, by all its executions on all cores.
 */
#include <stdlib.h>
#include <string.h>

#include "model/embed/symbol.h"
#include "tools/check/need.h"
#include "tools/check/state.h"

/* An instruction; each core has its own copy of a module, which are brought together in the end. */
struct note_site {
    uint64_t pc; /* 0: free */
    enum finding_kind kind;
    struct symbol_key key;
    uint64_t executions, useless;
    const struct core *core; /* the first time that it was useless */
    uint64_t addr, time_ps;
};

static struct note_site *slot(const struct notes *notes, uint64_t pc)
{
    uint32_t mask = notes->capacity - 1, place = (uint32_t)((pc * 0x9e3779b97f4a7c15ull) >> 32) & mask;

    while (notes->sites[place].pc && notes->sites[place].pc != pc)
        place = (place + 1) & mask;
    return &notes->sites[place];
}

static void grow(struct notes *notes)
{
    struct notes old = *notes;

    if (2 * notes->count < notes->capacity)
        return;
    notes->capacity = old.capacity ? 2 * old.capacity : 256;
    notes->sites = need(calloc(notes->capacity, sizeof(*notes->sites)));
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.sites[i].pc)
            *slot(notes, old.sites[i].pc) = old.sites[i];
    free(old.sites);
}

static void count(struct check *check, const struct core *core, enum finding_kind kind, uint64_t addr, bool useless)
{
    struct note_site *site;

    if (!check->notes.wanted)
        return;
    grow(&check->notes);
    site = slot(&check->notes, core->pc);
    if (!site->pc) {
        *site = (struct note_site){.pc = core->pc, .kind = kind, .key = symbol_key(core->pc)};
        check->notes.count++;
    }
    site->executions++;
    if (useless && !site->useless++) {
        site->core = core;
        site->addr = addr;
        site->time_ps = core->agent.now;
    }
}

static void dcci(struct watch *watch, struct core *core, uint64_t addr, bool entire, uint32_t found)
{
    count(check_of(watch), core, FINDING_REDUNDANT_DCCI, entire ? 0 : addr, !found);
}

static void invalidated(struct watch *watch, struct core *core, uint64_t addr, uint64_t size, uint32_t useful)
{
    (void)size;
    count(check_of(watch), core, FINDING_REDUNDANT_INVALIDATE, addr, !useful);
}

/* ---- in the end ---- */

static bool is_same(const struct note_site *a, const struct note_site *b)
{
    return a->kind == b->kind && a->key.file == b->key.file && a->key.offset == b->key.offset;
}

/* Bring the copies of @site's instruction together in it. */
static void gather(struct notes *notes, struct note_site *site)
{
    for (struct note_site *other = site + 1; other < notes->sites + notes->capacity; other++) {
        if (!other->pc || !is_same(site, other))
            continue;
        site->executions += other->executions;
        site->useless += other->useless;
        if (other->useless && (!site->core || other->time_ps < site->time_ps)) {
            site->core = other->core;
            site->addr = other->addr;
            site->time_ps = other->time_ps;
            site->pc = other->pc;
        }
        other->executions = other->useless = 0;
    }
}

static int by_time(const void *a, const void *b)
{
    const struct note_site *one = a, *other = b;

    if (one->time_ps != other->time_ps)
        return one->time_ps < other->time_ps ? -1 : 1;
    return one->key.offset < other->key.offset ? -1 : one->key.offset > other->key.offset;
}

static void tell(struct check *check, const struct note_site *site)
{
    bool dcci = site->kind == FINDING_REDUNDANT_DCCI;

    explain_begin(check, site->kind, site->addr, 0);
    explain_side(check, agent_of(check, site->core), dcci ? "dcci that found nothing" : "invalidate without effect",
                 site->pc, site->time_ps);
    explain_end(check,
                dcci ? "leave it out: in none of its %llu executions did the cache hold the line"
                     : "leave it out: in none of its %llu executions was a line of the range dirty or older than GM",
                (unsigned long long)site->executions);
}

void notes_tell(struct check *check)
{
    struct notes *notes = &check->notes;

    for (uint32_t i = 0; i < notes->capacity; i++)
        if (notes->sites[i].pc && notes->sites[i].executions)
            gather(notes, &notes->sites[i]);
    if (notes->capacity)
        qsort(notes->sites, notes->capacity, sizeof(*notes->sites), by_time);
    for (uint32_t i = 0; i < notes->capacity; i++)
        if (notes->sites[i].useless && notes->sites[i].useless == notes->sites[i].executions)
            tell(check, &notes->sites[i]);
    free(notes->sites);
    *notes = (struct notes){0};
}

void notes_watch(struct watch *watch)
{
    watch->dcci = dcci;
    watch->invalidated = invalidated;
}
