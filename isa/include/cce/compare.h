/* compare.h - comparisons, which give one bit a lane, and selection by such bits. Strides are in 32 B blocks, `repeat`
 * counts repeats of 256 B. The bits of vcmpv and vcmpvs stand one repeat after the other, lowest bit first, whatever
 * the strides of their destination say. */
#ifndef DAV_CCE_COMPARE_H
#define DAV_CCE_COMPARE_H

#include "base.h"

/* dst bits = src0 op src1 */
#define COMPARE(name, type, ctype, op)                                                                                 \
    DAV_INTRINSIC void name(__ubuf__ uint8_t *dst, const __ubuf__ ctype *src0, const __ubuf__ ctype *src1,             \
                            uint8_t repeat, uint16_t dst_blk, uint16_t src0_blk, uint16_t src1_blk, uint16_t dst_rpt,  \
                            uint16_t src0_rpt, uint16_t src1_rpt)                                                      \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src0), DAV_ADDR(src1),                               \
                  ISA_V3(repeat, dst_blk, src0_blk, src1_blk), ISA_V4(dst_rpt, src0_rpt, src1_rpt, 0));                \
    }

/* dst bits = src op scalar */
#define COMPARE_SCALAR(name, type, ctype, op)                                                                          \
    DAV_INTRINSIC void name(__ubuf__ uint8_t *dst, const __ubuf__ ctype *src, ctype scalar, uint8_t repeat,            \
                            uint16_t dst_blk, uint16_t src_blk, uint16_t dst_rpt, uint16_t src_rpt)                    \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src), dav_bits(scalar),                              \
                  ISA_V3(repeat, dst_blk, src_blk, 0), ISA_V4(dst_rpt, src_rpt, 0, 0));                                \
    }

/* CMPMASK = src0 op src1 */
#define COMPARE_MASK(name, type, ctype, op)                                                                            \
    DAV_INTRINSIC void name(const __ubuf__ ctype *src0, const __ubuf__ ctype *src1, uint8_t repeat, uint16_t dst_blk,  \
                            uint16_t src0_blk, uint16_t src1_blk, uint16_t dst_rpt, uint16_t src0_rpt,                 \
                            uint16_t src1_rpt)                                                                         \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, 0, DAV_ADDR(src0), DAV_ADDR(src1),                                           \
                  ISA_V3(repeat, dst_blk, src0_blk, src1_blk), ISA_V4(dst_rpt, src0_rpt, src1_rpt, 0));                \
    }

/* dst = bit ? src0 : src1. Where the bits and src1 are, the mode says:
 *   0  bits in CMPMASK, the same for each repeat; src1 in UB
 *   1  bits in UB at src1, repeat after repeat; src1 is the element in the low bits of CMPMASK
 *   2  bits in UB at the address in the low 32 bits of CMPMASK, repeat after repeat; src1 in UB
 * C++ takes the mode from any enumeration. */
#ifdef __cplusplus
struct dav_select_mode {
    uint8_t value;
    template <typename mode_t> constexpr dav_select_mode(mode_t mode) : value(static_cast<uint8_t>(mode)) {}
};
#define SELECT_MODE          dav_select_mode
#define SELECT_MODE_OF(mode) ((mode).value)
#else
#define SELECT_MODE          uint8_t
#define SELECT_MODE_OF(mode) (mode)
#endif

#define SELECT(name, type, ctype)                                                                                      \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src0, const __ubuf__ void *src1,                \
                            uint8_t repeat, uint16_t dst_blk, uint16_t src0_blk, uint16_t src1_blk, uint16_t dst_rpt,  \
                            uint16_t src0_rpt, uint16_t src1_rpt, SELECT_MODE mode)                                    \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(dst), DAV_ADDR(src0), DAV_ADDR(src1),                               \
                  ISA_V3(repeat, dst_blk, src0_blk, src1_blk),                                                         \
                  ISA_V4(dst_rpt, src0_rpt, src1_rpt, SELECT_MODE_OF(mode)));                                          \
    }                                                                                                                  \
    DAV_INTRINSIC void name(__ubuf__ ctype *dst, const __ubuf__ ctype *src0, const __ubuf__ void *src1,                \
                            uint8_t repeat, uint16_t dst_blk, uint16_t src0_blk, uint16_t src1_blk, uint16_t dst_rpt,  \
                            uint16_t src0_rpt, uint16_t src1_rpt)                                                      \
    {                                                                                                                  \
        name(dst, src0, src1, repeat, dst_blk, src0_blk, src1_blk, dst_rpt, src0_rpt, src1_rpt, 0);                    \
    }

/* CMPMASK = the 16 bytes at a pointer, or these = CMPMASK. */
#define CMPMASK(name, type, qualifier)                                                                                 \
    DAV_INTRINSIC void name(qualifier __ubuf__ void *where)                                                            \
    {                                                                                                                  \
        dav_issue(ISA_OP_##name##_##type, DAV_ADDR(where), 0, 0, 0, 0);                                                \
    }

#include "../../compare.def"

#undef SELECT_MODE
#undef SELECT_MODE_OF

#endif
