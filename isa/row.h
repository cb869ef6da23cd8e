/* row.h - one repeat of an operand as a dense row, lane by lane, taken out of UB and put back into it.
 *
 * Bodies that are more than one operation a lane work on rows: all sources of a repeat are taken before its result is
 * put back, whatever overlaps in UB, and the loops between are of constant length and know no stride or mask.
 */
#ifndef DAV_ISA_ROW_H
#define DAV_ISA_ROW_H

#include <string.h>

#include "isa/lanes.h"

union isa_row {
    uint8_t u8[ISA_REPEAT_BYTES];
    int8_t s8[ISA_REPEAT_BYTES];
    uint16_t u16[ISA_REPEAT_BYTES / 2];
    int16_t s16[ISA_REPEAT_BYTES / 2];
    uint32_t u32[ISA_REPEAT_BYTES / 4];
    int32_t s32[ISA_REPEAT_BYTES / 4];
    float f32[ISA_REPEAT_BYTES / 4];
    int64_t s64[ISA_REPEAT_BYTES / 8];
};

/* For functions of whole rows: one body for any host, and one for hosts with wider vectors. Both give the same bits:
 * every operation is exact or rounded as IEEE 754 says, and none are contracted (isa/CMakeLists.txt). */
#if defined(__x86_64__) && defined(__linux__)
#define ISA_ROWS __attribute__((target_clones("avx2", "default")))
#else
#define ISA_ROWS
#endif

static inline bool isa_none_acts(const struct isa_lanes *active)
{
    return !(active->bits[0] | active->bits[1]);
}

/** isa_all_lanes - every one of @lanes lanes. */
static inline struct isa_lanes isa_all_lanes(uint32_t lanes)
{
    return (struct isa_lanes){{lanes >= 64 ? ~0ull : (1ull << lanes) - 1, lanes >= 128 ? ~0ull : 0}};
}

static inline bool isa_all_lanes_act(const struct isa_lanes *active, uint32_t lanes)
{
    struct isa_lanes all = isa_all_lanes(lanes);

    return active->bits[0] == all.bits[0] && active->bits[1] == all.bits[1];
}

/* The bits of the @count lanes from @first on, which share a word. */
static inline uint32_t isa_lanes_at(const struct isa_lanes *active, uint32_t first, uint32_t count)
{
    return (uint32_t)(active->bits[first / 64] >> first % 64 & ((1ull << count) - 1));
}

/** isa_row_take - the active lanes of repeat @r; what other lanes hold is not read, their place in @row is 0. */
static inline void isa_row_take(union isa_row *row, const uint8_t *ub, const struct isa_operand *operand, uint64_t r,
                                const struct isa_lanes *active, uint32_t lanes)
{
    uint32_t bytes = operand->bytes, per_block = ISA_BLOCK_BYTES / bytes, full = (uint32_t)((1ull << per_block) - 1);
    const uint8_t *from = ub + operand->addr + r * operand->rpt * ISA_BLOCK_BYTES;
    uint8_t *to = row->u8;

    if (operand->blk == 1 && isa_all_lanes_act(active, lanes)) {
        memcpy(to, from, lanes * bytes);
        return;
    }
    for (uint32_t lane = 0; lane < lanes; lane += per_block) {
        uint32_t bits = isa_lanes_at(active, lane, per_block);

        if (bits == full) {
            memcpy(to, from, ISA_BLOCK_BYTES);
        } else {
            memset(to, 0, ISA_BLOCK_BYTES);
            for (; bits; bits &= bits - 1)
                memcpy(to + (uint32_t)__builtin_ctz(bits) * bytes, from + (uint32_t)__builtin_ctz(bits) * bytes, bytes);
        }
        to += ISA_BLOCK_BYTES;
        from += operand->blk * ISA_BLOCK_BYTES;
    }
}

/** isa_row_put - the active lanes of @row to repeat @r of an operand. */
static inline void isa_row_put(uint8_t *ub, const struct isa_operand *operand, uint64_t r,
                               const struct isa_lanes *active, uint32_t lanes, const union isa_row *row)
{
    uint32_t bytes = operand->bytes, per_block = ISA_BLOCK_BYTES / bytes, full = (uint32_t)((1ull << per_block) - 1);
    uint8_t *to = ub + operand->addr + r * operand->rpt * ISA_BLOCK_BYTES;
    const uint8_t *from = row->u8;

    if (operand->blk == 1 && isa_all_lanes_act(active, lanes)) {
        memcpy(to, from, lanes * bytes);
        return;
    }
    for (uint32_t lane = 0; lane < lanes; lane += per_block) {
        uint32_t bits = isa_lanes_at(active, lane, per_block);

        if (bits == full)
            memcpy(to, from, ISA_BLOCK_BYTES);
        else
            for (; bits; bits &= bits - 1)
                memcpy(to + (uint32_t)__builtin_ctz(bits) * bytes, from + (uint32_t)__builtin_ctz(bits) * bytes, bytes);
        to += operand->blk * ISA_BLOCK_BYTES;
        from += ISA_BLOCK_BYTES;
    }
}

#endif
