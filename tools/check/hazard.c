/* hazard.c - see hazard.h. */
#include "tools/check/hazard.h"

#include <assert.h>
#include <string.h>

#include "tools/check/need.h"

/* More live accesses to one buffer than a program in order has; of a longer list the oldest are forgotten. */
enum { MOST_LIVE = 192, FEW_LIVE = 32, SCALAR_RANGES = 64 };

struct live {
    struct act *act;
    enum isa_access access;
    struct spans spans;
};

struct live_list {
    struct live items[MOST_LIVE]; /* oldest first */
    uint32_t count;
    uint32_t thin_at; /* so many of them are worth a look at which are over */
};

struct token {
    uint64_t serial;
    struct hazard_clock clock;
};

/* What the scalar unit knew when it put each entry into a queue. */
struct entered {
    struct hazard_clock *clocks;
    uint32_t first, count;
};

struct hazard {
    uint32_t depth;
    struct hazard_clock knows[ISA_PIPES];
    uint32_t issued[ISA_PIPES], started[ISA_PIPES];
    struct entered entered[ISA_PIPES];
    struct token *tokens; /* flags that nobody has waited for */
    uint32_t token_count, token_capacity;
    struct live_list *live[ISA_BUFFERS + 1];
};

/* ---- a core's ---- */

struct hazard *hazard_new(uint32_t depth)
{
    struct hazard *hazard = calloc(1, sizeof(*hazard));

    if (!hazard)
        return NULL;
    hazard->depth = depth;
    for (int pipe = 0; pipe < ISA_PIPES; pipe++) {
        hazard->entered[pipe].clocks = calloc(depth, sizeof(struct hazard_clock));
        if (!hazard->entered[pipe].clocks) {
            hazard_free(hazard);
            return NULL;
        }
    }
    hazard->issued[ISA_S] = 1;
    return hazard;
}

static void forget(struct live *live)
{
    act_drop(live->act);
    spans_clear(&live->spans);
}

static void forget_live(struct hazard *hazard)
{
    for (int space = 0; space <= ISA_BUFFERS; space++) {
        struct live_list *live = hazard->live[space];

        for (uint32_t i = 0; live && i < live->count; i++)
            forget(&live->items[i]);
        if (live)
            live->count = 0;
    }
}

void hazard_free(struct hazard *hazard)
{
    if (!hazard)
        return;
    forget_live(hazard);
    for (int space = 0; space <= ISA_BUFFERS; space++)
        free(hazard->live[space]);
    for (int pipe = 0; pipe < ISA_PIPES; pipe++)
        free(hazard->entered[pipe].clocks);
    free(hazard->tokens);
    free(hazard);
}

void hazard_reset(struct hazard *hazard)
{
    forget_live(hazard);
    hazard->token_count = 0;
    for (int pipe = 0; pipe < ISA_PIPES; pipe++) {
        hazard->entered[pipe].count = 0;
        hazard->started[pipe] = hazard->issued[pipe];
    }
}

/* ---- who knows what ---- */

static void merge(struct hazard_clock *into, const struct hazard_clock *from)
{
    for (int pipe = 0; pipe < ISA_PIPES; pipe++)
        if (into->done[pipe] < from->done[pipe])
            into->done[pipe] = from->done[pipe];
}

uint32_t hazard_enter(struct hazard *hazard, enum isa_pipe pipe, bool is_instr)
{
    struct entered *entered = &hazard->entered[pipe];

    assert(entered->count < hazard->depth);
    entered->clocks[(entered->first + entered->count++) % hazard->depth] = hazard->knows[ISA_S];
    return is_instr ? ++hazard->issued[pipe] : 0;
}

void hazard_head(struct hazard *hazard, enum isa_pipe pipe, bool is_instr)
{
    struct entered *entered = &hazard->entered[pipe];

    assert(entered->count);
    merge(&hazard->knows[pipe], &entered->clocks[entered->first]);
    entered->first = (entered->first + 1) % hazard->depth;
    entered->count--;
    hazard->started[pipe] += is_instr;
}

struct hazard_clock hazard_clock(struct hazard *hazard, enum isa_pipe pipe)
{
    struct hazard_clock clock = hazard->knows[pipe];

    clock.done[pipe] = pipe == ISA_S ? hazard->issued[pipe]++ : hazard->started[pipe];
    return clock;
}

void hazard_learn(struct hazard *hazard, enum isa_pipe pipe, const struct hazard_clock *clock)
{
    merge(&hazard->knows[pipe], clock);
}

void hazard_set(struct hazard *hazard, enum isa_pipe pipe, uint64_t serial)
{
    if (hazard->token_count == hazard->token_capacity) {
        hazard->token_capacity = hazard->token_capacity ? 2 * hazard->token_capacity : 32;
        hazard->tokens = need(realloc(hazard->tokens, hazard->token_capacity * sizeof(*hazard->tokens)));
    }
    hazard->tokens[hazard->token_count++] = (struct token){serial, hazard_clock(hazard, pipe)};
}

void hazard_wait(struct hazard *hazard, enum isa_pipe pipe, uint64_t serial)
{
    for (uint32_t i = 0; i < hazard->token_count; i++) {
        if (hazard->tokens[i].serial != serial)
            continue;
        merge(&hazard->knows[pipe], &hazard->tokens[i].clock);
        hazard->tokens[i] = hazard->tokens[--hazard->token_count];
        return;
    }
}

void hazard_barrier(struct hazard *hazard, enum isa_pipe pipe)
{
    struct hazard_clock *scalar = &hazard->knows[ISA_S];

    if (pipe != ISA_ALL) {
        hazard->knows[pipe].done[pipe] = hazard->started[pipe];
        return;
    }
    memcpy(scalar->done, hazard->started, sizeof(scalar->done));
    scalar->done[ISA_S] = hazard->issued[ISA_S]++;
    forget_live(hazard); /* whatever comes is issued after it */
}

uint32_t hazard_known(const struct hazard *hazard, enum isa_pipe pipe, enum isa_pipe of)
{
    return hazard->knows[pipe].done[of];
}

uint32_t hazard_number(const struct hazard *hazard)
{
    return hazard->issued[ISA_S];
}

/* ---- accesses ---- */

/* Is what @pipe begins now ordered behind @act? */
static bool is_behind(const struct hazard *hazard, enum isa_pipe pipe, const struct act *act)
{
    if (pipe == act->pipe && pipe != ISA_V)
        return true;
    return hazard->knows[pipe].done[act->pipe] >= act->number;
}

/* An instruction with a unit flag waits for one of the other pipe that has it. */
static bool handed_over(const struct act *a, const struct act *b, enum isa_space space)
{
    return space == ISA_L0C && a->unit_flag && b->unit_flag && a->pipe != b->pipe;
}

/* The pipes that reach a buffer. */
static uint32_t users_of(enum isa_space space)
{
    enum {
        S = 1 << ISA_S,
        V = 1 << ISA_V,
        M = 1 << ISA_M,
        MTE1 = 1 << ISA_MTE1,
        MTE2 = 1 << ISA_MTE2,
        MTE3 = 1 << ISA_MTE3,
        FIX = 1 << ISA_FIX
    };
    static const uint32_t users[ISA_BUFFERS + 1] = {
        [ISA_UB] = S | V | MTE2 | MTE3,
        [ISA_L1] = MTE1 | MTE2 | MTE3 | FIX,
        [ISA_L0A] = MTE1 | M,
        [ISA_L0B] = MTE1 | M,
        [ISA_L0C] = M | FIX,
        [ISA_BT] = MTE1 | M,
        [ISA_FB] = MTE1 | FIX,
        [ISA_GM] = MTE2 | MTE3 | FIX,
    };

    return users[space];
}

/* Whatever begins from now on is behind it: it can meet nobody any more. What is in a queue may know less than the
 * scalar unit does now. */
static bool is_over(const struct hazard *hazard, enum isa_space space, const struct act *act)
{
    const struct hazard_clock *scalar = &hazard->knows[ISA_S];

    for (int pipe = 0; pipe < ISA_PIPES; pipe++) {
        bool hears = pipe != ISA_S && !hazard->entered[pipe].count && scalar->done[act->pipe] >= act->number;

        if (users_of(space) >> pipe & 1 && !hears && !is_behind(hazard, (enum isa_pipe)pipe, act))
            return false;
    }
    return true;
}

/* Does the access @by of @spans, which is ordered behind @older or of the same pipe, stand for it from now on? */
static bool stands_for(const struct live *older, enum isa_access by, const struct spans *spans)
{
    return (by == ISA_WRITE || older->access == ISA_READ) && spans_cover(spans, &older->spans);
}

static void look(const struct hazard *hazard, const struct live *older, const struct hazard_meeting *meeting,
                 const struct spans *spans, hazard_fn *fn, void *ctx)
{
    struct hazard_meeting met = *meeting;
    const struct act *act = meeting->act[1];

    met.act[0] = older->act;
    met.access[0] = older->access;
    if ((older->access == ISA_READ && met.access[1] == ISA_READ) || older->act == act ||
        is_behind(hazard, act->pipe, older->act) || !spans_meet(&older->spans, spans, &met.where) ||
        handed_over(older->act, act, met.space) || (older->act->adds && act->adds && met.space == ISA_GM))
        return;
    fn(ctx, &met);
}

/* Take out what need not be remembered. */
static void thin_out(const struct hazard *hazard, struct live_list *list, enum isa_space space)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        if (is_over(hazard, space, list->items[i].act))
            forget(&list->items[i]);
        else
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
    list->thin_at = 2 * kept > MOST_LIVE ? MOST_LIVE : 2 * kept < FEW_LIVE ? FEW_LIVE : 2 * kept;
    if (list->count < MOST_LIVE)
        return;
    forget(&list->items[0]);
    memmove(list->items, list->items + 1, --list->count * sizeof(*list->items));
}

static struct live_list *list_of(struct hazard *hazard, enum isa_space space)
{
    struct live_list **list = &hazard->live[space];

    if (*list)
        return *list;
    *list = need(calloc(1, sizeof(**list)));
    (*list)->thin_at = FEW_LIVE;
    return *list;
}

/* The scalar unit touches more bytes at the same place of its program: one access, as far as that is told apart. */
static bool joins(struct live *older, struct spans *spans)
{
    bool covered = spans_cover(&older->spans, spans);

    if (!covered && older->spans.count >= SCALAR_RANGES)
        return false;
    for (uint32_t i = 0; !covered && i < spans->count; i++)
        spans_add(&older->spans, spans_list(spans)[i].low, spans_list(spans)[i].high);
    spans_close(&older->spans);
    spans_clear(spans);
    return true;
}

void hazard_access(struct hazard *hazard, struct act *act, enum isa_access access, enum isa_space space,
                   struct spans *spans, hazard_fn *fn, void *ctx)
{
    struct live_list *list = list_of(hazard, space);
    const struct hazard_meeting meeting = {.act = {NULL, act}, .access = {ISA_READ, access}, .space = space};
    struct live *same = NULL;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        struct live *older = &list->items[i];

        if (older->act == act) {
            same = older->access == access ? &list->items[kept] : same;
        } else if (older->spans.low < spans->high && spans->low < older->spans.high) {
            look(hazard, older, &meeting, spans, fn, ctx);
            if (stands_for(older, access, spans) &&
                (older->act->pipe == act->pipe || is_behind(hazard, act->pipe, older->act))) {
                forget(older);
                continue;
            }
        }
        if (kept != i)
            list->items[kept] = *older;
        kept++;
    }
    list->count = kept;
    if (same && joins(same, spans))
        return;
    if (list->count >= list->thin_at)
        thin_out(hazard, list, space);
    list->items[list->count++] = (struct live){act_keep(act), access, *spans};
    *spans = (struct spans){0};
}

uint32_t hazard_live(const struct hazard *hazard, enum isa_space space)
{
    return hazard->live[space] ? hazard->live[space]->count : 0;
}
