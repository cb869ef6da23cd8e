/* sort.c - vbitsort and vmrgsort4: see permute.def.
 *
 * Both work on structures of 8 bytes: a score (f32, or f16 and two bytes of nothing) and a 32-bit index. Descending by
 * score; of equal scores the one that came first stays first, and of lists the one with the lower number (Ascend C,
 * Sort32 and MrgSort). The order of scores is that of their sign and magnitude, so a NaN without sign is greater than
 * infinity and one with sign less than all else: the tile library fills up with the latter what shall come last
 * (TSORT32, pto-isa 3186c381). Both zeros are equal; no source says so. No mask.
 */
#include <inttypes.h>
#include <string.h>

#include "isa/lanes.h"
#include "isa/refusal.h"
#include "isa/shapes.h"

enum { GROUP = 32, PAIR_BYTES = 8, LISTS = 4, LIST_MAX = 4095 };

/* A number that orders scores as their floating-point values do; larger comes first. */
static int32_t rank(uint32_t bits, uint32_t bytes)
{
    uint32_t magnitude = bytes == 2 ? (bits & 0x7fff) << 16 : bits & 0x7fffffff;
    bool negative = bits >> (bytes * 8 - 1) & 1;

    return negative ? -(int32_t)magnitude : (int32_t)magnitude;
}

static int32_t rank_at(const uint8_t *score, uint32_t bytes)
{
    uint32_t bits = 0;

    memcpy(&bits, score, bytes);
    return rank(bits, bytes);
}

/* ---- vbitsort: groups of 32 ---- */

static void vbitsort_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    uint64_t scores = (uint64_t)ISA_V_REPEAT(x->w) * GROUP;

    if (!scores)
        return;
    fn(ctx, ISA_READ, ISA_UB, x->w[1], scores * isa_bytes(x->entry->type));
    fn(ctx, ISA_READ, ISA_UB, x->w[2], scores * 4);
    fn(ctx, ISA_WRITE, ISA_UB, x->w[0], scores * PAIR_BYTES);
}

static bool overlap(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
    return a < b + b_bytes && b < a + a_bytes;
}

static const char *vbitsort_refuse(const struct isa_exec *x)
{
    uint64_t scores = (uint64_t)ISA_V_REPEAT(x->w) * GROUP;

    if (overlap(x->w[0], scores * PAIR_BYTES, x->w[1], scores * isa_bytes(x->entry->type)))
        return "dst overlaps the scores";
    if (overlap(x->w[0], scores * PAIR_BYTES, x->w[2], scores * 4))
        return "dst overlaps the indices";
    return NULL;
}

static uint64_t vbitsort_units(const struct isa_exec *x)
{
    return ISA_V_REPEAT(x->w);
}

const struct isa_shape isa_shape_vbitsort = {
    .spans = vbitsort_spans, .refuse = vbitsort_refuse, .units = vbitsort_units, .align = {32, 32, 32}};

static void sort_group(uint8_t *to, const uint8_t *scores, const uint8_t *indices, uint32_t bytes)
{
    int32_t ranks[GROUP];
    uint8_t order[GROUP];

    for (int i = 0; i < GROUP; i++) { /* insertion: stable, and 32 are few */
        int32_t mine = rank_at(scores + i * bytes, bytes);
        int at = i;

        for (; at > 0 && ranks[at - 1] < mine; at--) {
            ranks[at] = ranks[at - 1];
            order[at] = order[at - 1];
        }
        ranks[at] = mine;
        order[at] = (uint8_t)i;
    }
    memset(to, 0, GROUP * PAIR_BYTES);
    for (int i = 0; i < GROUP; i++) {
        memcpy(to + i * PAIR_BYTES, scores + order[i] * bytes, bytes);
        memcpy(to + i * PAIR_BYTES + 4, indices + order[i] * 4, 4);
    }
}

static void vbitsort(const struct isa_exec *x)
{
    uint32_t bytes = isa_bytes(x->entry->type);
    uint8_t *ub = x->buffer[ISA_UB];

    for (uint64_t r = 0; r < ISA_V_REPEAT(x->w); r++)
        sort_group(ub + x->w[0] + r * GROUP * PAIR_BYTES, ub + x->w[1] + r * GROUP * bytes,
                   ub + x->w[2] + r * GROUP * 4, bytes);
}

void isa_body_vbitsort_F16(const struct isa_exec *x)
{
    vbitsort(x);
}

void isa_body_vbitsort_F32(const struct isa_exec *x)
{
    vbitsort(x);
}

/* ---- vmrgsort4: up to four sorted lists into one ---- */

struct merge {
    uint32_t bytes; /* of a score */
    uint64_t repeats, lists;
    bool suspends; /* when one list is at its end */
    uint64_t addr[LISTS], length[LISTS];
    uint64_t sum; /* of the lengths */
};

static struct merge merge_of(const struct isa_exec *x)
{
    uint64_t config = x->w[4];
    struct merge m = {.bytes = isa_bytes(x->entry->type), .repeats = config & 0xff, .suspends = config >> 12 & 1};

    m.lists = (uint64_t)__builtin_popcount(config >> 8 & 15);
    for (uint64_t i = 0; i < m.lists; i++) {
        m.addr[i] = i ? ISA_TAKE(x->w[2], (i - 1) * 21, 21) : x->w[1];
        m.length[i] = x->w[3] >> (i * 16) & 0xffff;
        m.sum += m.length[i];
    }
    return m;
}

static bool lists_in_ub(const struct isa_exec *x, const struct merge *m)
{
    for (uint64_t i = 0; i < m->lists; i++)
        if (m->addr[i] > x->bytes[ISA_UB] || m->length[i] * PAIR_BYTES > x->bytes[ISA_UB] - m->addr[i])
            return false;
    return true;
}

/* Merge one repeat, @skip bytes into each list, to @to (NULL: only count). @taken: of each list.
 * Return: structures merged. */
static uint64_t merge(const struct isa_exec *x, const struct merge *m, uint64_t skip, uint8_t *to,
                      uint64_t taken[LISTS])
{
    const uint8_t *at[LISTS];
    int32_t ranks[LISTS];
    uint64_t n = 0;

    memset(taken, 0, LISTS * sizeof(taken[0]));
    for (uint64_t i = 0; i < m->lists; i++) {
        at[i] = x->buffer[ISA_UB] + m->addr[i] + skip;
        if (m->length[i])
            ranks[i] = rank_at(at[i], m->bytes);
        else if (m->suspends)
            return 0;
    }
    for (; n < m->sum; n++) {
        uint64_t best = LISTS;

        for (uint64_t i = 0; i < m->lists; i++)
            if (taken[i] < m->length[i] && (best == LISTS || ranks[i] > ranks[best]))
                best = i;
        if (to)
            memcpy(to + n * PAIR_BYTES, at[best], PAIR_BYTES);
        at[best] += PAIR_BYTES;
        if (++taken[best] < m->length[best])
            ranks[best] = rank_at(at[best], m->bytes);
        else if (m->suspends)
            return n + 1;
    }
    return n;
}

/* What is taken of each list of a repeat, and how much that is. */
static uint64_t take(const struct isa_exec *x, const struct merge *m, uint64_t taken[LISTS])
{
    if (m->suspends && lists_in_ub(x, m))
        return merge(x, m, 0, NULL, taken);
    memcpy(taken, m->length, sizeof(m->length));
    return m->sum;
}

static void vmrgsort4_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)
{
    struct merge m = merge_of(x);
    uint64_t taken[LISTS], n = take(x, &m, taken);

    for (uint64_t i = 0; i < m.lists; i++) {
        uint64_t read = taken[i] < m.length[i] ? taken[i] + 1 : m.length[i]; /* the next one has been looked at */

        for (uint64_t r = 0; read && r < m.repeats; r++)
            fn(ctx, ISA_READ, ISA_UB, m.addr[i] + r * m.sum * PAIR_BYTES, read * PAIR_BYTES);
    }
    if (n && m.repeats)
        fn(ctx, ISA_WRITE, ISA_UB, x->w[0], m.repeats * n * PAIR_BYTES);
}

/* Repeats go on where four equal lists, one behind the other, end. */
static const char *refuse_repeats(const struct merge *m)
{
    if (m->lists != LISTS || m->suspends)
        return isa_refusal("repeat is %" PRIu64 "; allowed: 1, more only for four lists and without suspension",
                           m->repeats);
    for (uint64_t i = 1; i < LISTS; i++)
        if (m->length[i] != m->length[0] || m->addr[i] != m->addr[0] + i * m->length[0] * PAIR_BYTES)
            return isa_refusal("repeat is %" PRIu64 "; allowed: 1, more only for equal lists one behind the other",
                               m->repeats);
    return NULL;
}

static const char *vmrgsort4_refuse(const struct isa_exec *x)
{
    struct merge m = merge_of(x);
    uint64_t taken[LISTS], mask = x->w[4] >> 8 & 15;
    const char *why = isa_range("repeat", m.repeats, 1, 255);

    if (!why && mask != 3 && mask != 7 && mask != 15)
        why = isa_refusal("the mask of lists is %u; allowed: 3, 7, 15", (unsigned)mask);
    for (uint64_t i = 0; !why && i < m.lists; i++) {
        why = isa_range("the length of a list", m.length[i], 0, LIST_MAX);
        if (!why && m.addr[i] % PAIR_BYTES)
            why = isa_refusal("list %u is at 0x%" PRIx64 "; allowed: multiples of 8", (unsigned)i, m.addr[i]);
    }
    if (!why && m.repeats > 1)
        why = refuse_repeats(&m);
    if (why)
        return why;
    uint64_t bytes = m.repeats * take(x, &m, taken) * PAIR_BYTES;

    for (uint64_t i = 0; i < m.lists; i++)
        if (overlap(x->w[0], bytes, m.addr[i], ((m.repeats - 1) * m.sum + m.length[i]) * PAIR_BYTES))
            return isa_refusal("dst overlaps list %u", (unsigned)i);
    return NULL;
}

/* The cost was measured with four lists of 32: that many structures are a unit, so that longer lists take longer. */
static uint64_t vmrgsort4_units(const struct isa_exec *x)
{
    struct merge m = merge_of(x);
    uint64_t taken[LISTS], n = m.repeats * take(x, &m, taken);

    return n ? (n + LISTS * GROUP - 1) / (LISTS * GROUP) : 1;
}

const struct isa_shape isa_shape_vmrgsort4 = {
    .spans = vmrgsort4_spans, .refuse = vmrgsort4_refuse, .units = vmrgsort4_units, .align = {32, 8}};

static void vmrgsort4(const struct isa_exec *x)
{
    struct merge m = merge_of(x);
    uint64_t taken[LISTS];

    for (uint64_t r = 0; r < m.repeats; r++)
        merge(x, &m, r * m.sum * PAIR_BYTES, x->buffer[ISA_UB] + x->w[0] + r * m.sum * PAIR_BYTES, taken);
    x->v->vms4_sr = taken[0] | taken[1] << 16 | taken[2] << 32 | taken[3] << 48;
}

void isa_body_vmrgsort4_F16(const struct isa_exec *x)
{
    vmrgsort4(x);
}

void isa_body_vmrgsort4_F32(const struct isa_exec *x)
{
    vmrgsort4(x);
}
