/* move.c - bursts between GM, UB and L1, and inside UB: see move.def.
 *
 * They all are one thing: so many bursts of so many bytes, each a step behind the one before it in the source and in
 * the destination. Only the units differ in which the operands say so, and the padding around a burst that comes into
 * UB. In the stage, GM's bursts stand without gaps.
 */
#include <string.h>

#include "isa/atomic.h"
#include "isa/join.h"
#include "isa/lanes.h"
#include "isa/layout.h"
#include "isa/refusal.h"
#include "isa/shapes.h"

struct bursts {
    uint64_t count, bytes;
    uint64_t from, from_step, to, to_step;
    uint64_t left, right; /* bytes of padding around each in the destination */
};

/* Moves in bytes may be of nothing, as the tile library's are for a tile without rows or columns. */
static uint64_t aligned_count(const struct isa_exec *x)
{
    return ISA_MOVE_LENGTH(x->w) ? ISA_MOVE_COUNT(x->w) : 0;
}

static struct bursts aligned_in(const struct isa_exec *x)
{
    uint32_t element = isa_bytes(x->entry->type);
    struct bursts b = {
        .count = aligned_count(x),
        .bytes = ISA_MOVE_LENGTH(x->w),
        .from = x->w[1],
        .to = x->w[0],
        .left = (uint64_t)ISA_MOVE_LEFT(x->w) * element,
        .right = (uint64_t)ISA_MOVE_RIGHT(x->w) * element,
    };

    b.from_step = b.bytes + ISA_MOVE_SRC_GAP(x->w);
    b.to_step =
        isa_round_up(b.left + b.bytes + b.right, ISA_BLOCK_BYTES) + (uint64_t)ISA_MOVE_DST_GAP(x->w) * ISA_BLOCK_BYTES;
    return b;
}

static struct bursts aligned_out(const struct isa_exec *x)
{
    struct bursts b = {.count = aligned_count(x), .bytes = ISA_MOVE_LENGTH(x->w), .from = x->w[1], .to = x->w[0]};

    b.from_step = isa_round_up(b.bytes, ISA_BLOCK_BYTES) + (uint64_t)ISA_MOVE_SRC_GAP(x->w) * ISA_BLOCK_BYTES;
    b.to_step = b.bytes + ISA_MOVE_DST_GAP(x->w);
    return b;
}

static struct bursts plain(const struct isa_exec *x)
{
    uint64_t bytes = (uint64_t)ISA_MOVE_LENGTH(x->w) * ISA_BLOCK_BYTES;

    return (struct bursts){
        .count = ISA_MOVE_COUNT(x->w),
        .bytes = bytes,
        .from = x->w[1],
        .from_step = bytes + (uint64_t)ISA_MOVE_SRC_GAP(x->w) * ISA_BLOCK_BYTES,
        .to = x->w[0],
        .to_step = bytes + (uint64_t)ISA_MOVE_DST_GAP(x->w) * ISA_BLOCK_BYTES,
    };
}

/* ---- spans ---- */

static void tell(const struct bursts *b, enum isa_space from, enum isa_space to, isa_span_fn *fn, void *ctx)
{
    isa_tell_each(ISA_READ, from, b->from, b->from_step, b->count, b->bytes, fn, ctx);
    isa_tell_each(ISA_WRITE, to, b->to, b->to_step, b->count, b->left + b->bytes + b->right, fn, ctx);
}

/* ---- bodies ---- */

static void carry(uint8_t *to, uint64_t to_step, const uint8_t *from, uint64_t from_step, uint64_t count,
                  uint64_t bytes)
{
    if (to_step == bytes && from_step == bytes) {
        memmove(to, from, count * bytes);
        return;
    }
    for (uint64_t i = 0; i < count; i++) /* only a copy inside UB can overlap */
        memmove(to + i * to_step, from + i * from_step, bytes);
}

static void pad(uint8_t *at, uint64_t bytes, uint64_t value, uint32_t element)
{
    for (uint64_t i = 0; i < bytes; i += element)
        memcpy(at + i, &value, element);
}

static void load_aligned(const struct isa_exec *x)
{
    struct bursts b = aligned_in(x);
    uint8_t *to = x->buffer[ISA_UB] + b.to;
    uint32_t element = isa_bytes(x->entry->type);

    carry(to + b.left, b.to_step, x->stage, b.bytes, b.count, b.bytes);
    for (uint64_t i = 0; b.left + b.right && i < b.count; i++) {
        uint8_t *burst = to + i * b.to_step;

        pad(burst, b.left, x->state.spr[ISA_SPR_MOV_PAD], element);
        pad(burst + b.left + b.bytes, b.right, x->state.spr[ISA_SPR_MOV_PAD], element);
    }
}

static void load(const struct bursts *b, uint8_t *buffer, const uint8_t *stage)
{
    carry(buffer + b->to, b->to_step, stage, b->bytes, b->count, b->bytes);
}

static void store(const struct bursts *b, const uint8_t *buffer, uint8_t *stage)
{
    carry(stage, b->bytes, buffer + b->from, b->from_step, b->count, b->bytes);
}

/* ---- what is refused ---- */

enum { BURSTS_MAX = 4095, ALIGNED_BYTES_MAX = (1 << 21) - 1, PLAIN_BLOCKS_MAX = 65535 };

static const char *refuse_padding(const char *name, uint64_t bytes, uint32_t element)
{
    if (bytes <= ISA_BLOCK_BYTES)
        return NULL;
    return isa_range(name, bytes / element, 0, ISA_BLOCK_BYTES / element);
}

static const char *refuse_aligned_in(const struct isa_exec *x)
{
    struct bursts b = aligned_in(x);
    uint32_t element = isa_bytes(x->entry->type);
    const char *why = isa_range("nBurst", ISA_MOVE_COUNT(x->w), 0, BURSTS_MAX);

    if (!why)
        why = isa_range("lenBurst", b.bytes, 0, ALIGNED_BYTES_MAX);
    if (!why)
        why = refuse_padding("leftPaddingNum", b.left, element);
    if (!why)
        why = refuse_padding("rightPaddingNum", b.right, element);
    return why;
}

static const char *refuse_aligned_out(const struct isa_exec *x)
{
    struct bursts b = aligned_out(x);
    const char *why = isa_range("nBurst", ISA_MOVE_COUNT(x->w), 0, BURSTS_MAX);

    if (!why)
        why = isa_range("lenBurst", b.bytes, 0, ALIGNED_BYTES_MAX);
    if (!why)
        why = isa_range("leftPaddingNum", ISA_MOVE_LEFT(x->w), 0, 0);
    if (!why)
        why = isa_range("rightPaddingNum", ISA_MOVE_RIGHT(x->w), 0, 0);
    return why ? why : isa_atomic_refuse(x, b.to, b.bytes, b.to_step);
}

static const char *refuse_plain(const struct isa_exec *x)
{
    const char *why = isa_range("nBurst", ISA_MOVE_COUNT(x->w), 1, BURSTS_MAX);

    if (!why)
        why = isa_range("lenBurst", ISA_MOVE_LENGTH(x->w), 1, PLAIN_BLOCKS_MAX);
    /* Modes 1 to 8 take 1 to 128 bytes of each burst and fill the block up; no source known to us uses them. */
    return why ? why : isa_range("padMode", ISA_MOVE_PAD(x->w), 0, 0);
}

/* ---- shapes ---- */

static uint64_t aligned_units(const struct isa_exec *x)
{
    return (uint64_t)ISA_MOVE_COUNT(x->w) * ISA_MOVE_LENGTH(x->w);
}

static uint64_t plain_units(const struct isa_exec *x)
{
    return aligned_units(x) * ISA_BLOCK_BYTES;
}

/* The source's measurement: a block a cycle, five more a burst. */
static uint64_t inside_units(const struct isa_exec *x)
{
    return (uint64_t)ISA_MOVE_COUNT(x->w) * (ISA_MOVE_LENGTH(x->w) + 5);
}

#define SHAPE(shape, plan, from, to, refuse_, units_, dst_align, src_align)                                            \
    static void shape##_spans(const struct isa_exec *x, isa_span_fn *fn, void *ctx)                                    \
    {                                                                                                                  \
        struct bursts b = plan(x);                                                                                     \
                                                                                                                       \
        tell(&b, from, to, fn, ctx);                                                                                   \
    }                                                                                                                  \
    const struct isa_shape isa_shape_##shape = {                                                                       \
        .spans = shape##_spans, .refuse = refuse_, .units = units_, .align = {dst_align, src_align}};

SHAPE(gm_to_ub_align, aligned_in, ISA_GM, ISA_UB, refuse_aligned_in, aligned_units, 32, 1)
SHAPE(ub_to_gm_align, aligned_out, ISA_UB, ISA_GM, refuse_aligned_out, aligned_units, 1, 32)
SHAPE(gm_to_ub, plain, ISA_GM, ISA_UB, refuse_plain, plain_units, 32, 32)
SHAPE(ub_to_gm, plain, ISA_UB, ISA_GM, refuse_plain, plain_units, 32, 32)
SHAPE(ub_to_ub, plain, ISA_UB, ISA_UB, refuse_plain, inside_units, 32, 32)
SHAPE(gm_to_l1, plain, ISA_GM, ISA_L1, refuse_plain, plain_units, 32, 32)
SHAPE(l1_to_gm, plain, ISA_L1, ISA_GM, refuse_plain, plain_units, 32, 32)

/* ---- instructions ---- */

#define ALIGNED(bits, type)                                                                                            \
    void isa_body_copy_gm_to_ubuf_align_b##bits##_##type(const struct isa_exec *x)                                     \
    {                                                                                                                  \
        load_aligned(x);                                                                                               \
    }                                                                                                                  \
    void isa_body_copy_ubuf_to_gm_align_b##bits##_##type(const struct isa_exec *x)                                     \
    {                                                                                                                  \
        struct bursts b = aligned_out(x);                                                                              \
                                                                                                                       \
        store(&b, x->buffer[ISA_UB], x->stage);                                                                        \
    }
ALIGNED(8, U8)
ALIGNED(16, U16)
ALIGNED(32, U32)

void isa_body_copy_gm_to_ubuf_U8(const struct isa_exec *x)
{
    struct bursts b = plain(x);

    load(&b, x->buffer[ISA_UB], x->stage);
}

void isa_body_copy_ubuf_to_gm_U8(const struct isa_exec *x)
{
    struct bursts b = plain(x);

    store(&b, x->buffer[ISA_UB], x->stage);
}

void isa_body_copy_gm_to_cbuf_U8(const struct isa_exec *x)
{
    struct bursts b = plain(x);

    load(&b, x->buffer[ISA_L1], x->stage);
}

void isa_body_copy_cbuf_to_gm_U8(const struct isa_exec *x)
{
    struct bursts b = plain(x);

    store(&b, x->buffer[ISA_L1], x->stage);
}

void isa_body_copy_ubuf_to_ubuf_U8(const struct isa_exec *x)
{
    struct bursts b = plain(x);
    uint8_t *ub = x->buffer[ISA_UB];

    carry(ub + b.to, b.to_step, ub + b.from, b.from_step, b.count, b.bytes);
}
