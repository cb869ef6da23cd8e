/* vary.c - see vary.h. A number is a hash of (seed, kind, agent, how many before it), the finalizer of splitmix64. */
#include "model/vary.h"

#include "model/mix.h"

#include <stdio.h>
#include <string.h>

/* Whom a kind concerns: bits of these, or nobody in particular. */
enum { OF_THE_CHIP = 0, OF_AICORES = 1, OF_AICPUS = 2, OF_CORES = 3 };

static const struct {
    const char *name;
    int whom;
} kinds[VARY_KINDS] = {
    [VARY_DRAIN] = {"drain", OF_AICPUS},  [VARY_LOAD] = {"load", OF_AICPUS},
    [VARY_NOC] = {"noc", OF_CORES},       [VARY_DMA] = {"dma", OF_THE_CHIP},
    [VARY_EVICT] = {"evict", OF_AICORES}, [VARY_ARBITRATION] = {"arbitration", OF_THE_CHIP},
    [VARY_START] = {"start", OF_CORES},
};

#define KINDS_ALLOWED "all, " VARY_NAMES(", ") " (most also as kind:AGENT, such as drain:AICPU_0)"

/* ---- agents ---- */

static uint32_t slots(const struct vary *vary, enum vary_kind kind)
{
    return kinds[kind].whom == OF_THE_CHIP ? 1 : vary->aics + vary->aivs + vary->aicpus;
}

static bool exists(const struct vary *vary, enum vary_kind kind, uint32_t slot)
{
    int whom = slot < vary->aics + vary->aivs ? OF_AICORES : OF_AICPUS;

    return slot < slots(vary, kind) && (kinds[kind].whom == OF_THE_CHIP || kinds[kind].whom & whom);
}

/* The agent's family and its number in it, which are the same on chips of any size. */
static const char *family(const struct vary *vary, uint32_t slot, uint32_t *number)
{
    uint32_t aicores = vary->aics + vary->aivs;

    *number = slot < vary->aics ? slot : slot < aicores ? slot - vary->aics : slot - aicores;
    return slot < vary->aics ? "AIC" : slot < aicores ? "AIV" : "AICPU";
}

static void name_item(const struct vary *vary, enum vary_kind kind, uint32_t slot, char text[VARY_ITEM_BYTES])
{
    uint32_t number;
    const char *agent = family(vary, slot, &number);

    if (kinds[kind].whom == OF_THE_CHIP)
        snprintf(text, VARY_ITEM_BYTES, "%s", kinds[kind].name);
    else
        snprintf(text, VARY_ITEM_BYTES, "%s:%s_%u", kinds[kind].name, agent, number);
}

void vary_list(const struct vary *vary, enum vary_which which, void (*item)(void *ctx, const char *name), void *ctx)
{
    char name[VARY_ITEM_BYTES];

    for (int kind = 0; kind < VARY_KINDS; kind++) {
        for (uint32_t slot = 0; slot < slots(vary, (enum vary_kind)kind); slot++) {
            const struct vary_stream *stream = &vary->streams[kind][slot];

            if (!exists(vary, (enum vary_kind)kind, slot) || (which == VARY_ACTIVE && !stream->active) ||
                (which == VARY_DREW && !stream->drawn))
                continue;
            name_item(vary, (enum vary_kind)kind, slot, name);
            item(ctx, name);
        }
    }
}

/* ---- numbers ---- */

uint64_t vary_draw(struct vary *vary, enum vary_kind kind, uint32_t slot, uint64_t most)
{
    struct vary_stream *stream = &vary->streams[kind][slot];
    uint32_t number;
    uint64_t key, lot;

    if (!stream->active)
        return 0;
    key = strlen(family(vary, slot, &number)) << 40 | (uint64_t)(slot >= vary->aics) << 32;
    key |= (uint64_t)kind << 16 | number;
    lot = mix64(mix64(mix64(vary->seed + 0x9e3779b97f4a7c15ull) ^ key) + ++stream->drawn * 0x9e3779b97f4a7c15ull);
    return most == UINT64_MAX ? lot : (uint64_t)((unsigned __int128)lot * (most + 1) >> 64);
}

/* ---- the list ---- */

static void activate(struct vary *vary, enum vary_kind kind)
{
    for (uint32_t slot = 0; slot < slots(vary, kind); slot++)
        vary->streams[kind][slot].active = exists(vary, kind, slot);
}

/* Return whether [@item, +@length) names an agent that @kind has. */
static bool activate_one(struct vary *vary, enum vary_kind kind, const char *item, size_t length)
{
    char name[VARY_ITEM_BYTES];

    for (uint32_t slot = 0; slot < slots(vary, kind); slot++) {
        if (!exists(vary, kind, slot))
            continue;
        name_item(vary, kind, slot, name);
        if (strlen(name) == length && memcmp(name, item, length) == 0) {
            vary->streams[kind][slot].active = true;
            return true;
        }
    }
    return false;
}

static int find_kind(const char *item, size_t length)
{
    for (int kind = 0; kind < VARY_KINDS; kind++)
        if (strlen(kinds[kind].name) == length && memcmp(kinds[kind].name, item, length) == 0)
            return kind;
    return -1;
}

static void say_agents(const struct vary *vary, enum vary_kind kind, char *text, size_t size)
{
    int whom = kinds[kind].whom;
    char aivs[32] = "";

    if (vary->aivs)
        snprintf(aivs, sizeof(aivs), ", AIV_0 to AIV_%u", vary->aivs - 1);
    snprintf(text, size, "%s", whom == OF_THE_CHIP ? "the chip, not for an agent" : "");
    if (whom & OF_AICORES)
        snprintf(text, size, "AIC_0 to AIC_%u%s", vary->aics - 1, aivs);
    if (whom & OF_AICPUS)
        snprintf(text + strlen(text), size - strlen(text), "%sAICPU_0 to AICPU_%u", whom == OF_CORES ? ", " : "",
                 vary->aicpus - 1);
}

static int read_item(struct vary *vary, const char *item, size_t length, char *error, size_t error_size)
{
    const char *colon = memchr(item, ':', length);
    int kind = find_kind(item, colon ? (size_t)(colon - item) : length);
    int shown = length < 64 ? (int)length : 64;
    char agents[96];

    if (length == 3 && memcmp(item, "all", 3) == 0) {
        for (int each = 0; each < VARY_KINDS; each++)
            activate(vary, (enum vary_kind)each);
        return 0;
    }
    if (kind < 0) {
        snprintf(error, error_size, "vary: \"%.*s\" is nothing that can be perturbed; allowed: " KINDS_ALLOWED, shown,
                 item);
        return -1;
    }
    if (!colon) {
        activate(vary, (enum vary_kind)kind);
        return 0;
    }
    if (kinds[kind].whom != OF_THE_CHIP && activate_one(vary, (enum vary_kind)kind, item, length))
        return 0;
    say_agents(vary, (enum vary_kind)kind, agents, sizeof(agents));
    snprintf(error, error_size, "vary: \"%.*s\": %s is for %s", shown, item, kinds[kind].name, agents);
    return -1;
}

int vary_init(struct vary *vary, const struct chip *file, uint32_t aicpus, uint64_t seed, const char *items,
              char *error, size_t error_size)
{
    memset(vary, 0, sizeof(*vary));
    vary->seed = seed;
    vary->aics = file->chip.clusters;
    vary->aivs = file->chip.clusters * file->chip.aiv_per_cluster;
    vary->aicpus = aicpus;
    while (items && *items) {
        size_t length = strcspn(items, ",");

        if (read_item(vary, items, length, error, error_size) != 0)
            return -1;
        items += length + (items[length] == ',');
    }
    return 0;
}
